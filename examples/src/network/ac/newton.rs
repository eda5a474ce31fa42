//! Newton's method for the voltages.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use num_complex::Complex;
use petsc_rs::prelude::*;
use petsc_rs::snes::{Converged, Tolerances};
use petsc_rs::{ErrorCode, MatrixRef, Snes, VectorRef};

use super::{AcModel, Given};

/// The voltages, on all ranks.
#[derive(Clone, Debug)]
pub struct AcSolution {
    /// The magnitudes in p.u. and angles in radians.
    pub voltages: Vec<(f64, f64)>,
    /// The largest power mismatch in p.u.
    pub mismatch: f64,
    /// The converged reason and the number of iterations.
    pub converged: Converged,
}

impl AcSolution {
    /// Returns the voltages as complex numbers.
    #[must_use]
    pub fn phasors(&self) -> Vec<Complex<f64>> {
        self.voltages.iter().map(|&(v, angle)| Complex::from_polar(v, angle)).collect()
    }
}

/// Solves for the voltages, starting from a magnitude in p.u. and an angle in radians at each bus.
/// The unknowns `2i` and `2i + 1` are angle and magnitude of bus `i`. By default, linear systems
/// are solved with a factorization; on several ranks, each rank factors the whole matrix
/// (`redundant`). `-ksp_*` and `-pc_*` select other solvers. Collective.
///
/// # Errors
/// `NOT_CONVERGED`: the network cannot carry its load, or the initial guess is too far from a
/// solution.
pub fn solve(comm: &Comm, model: &AcModel, start: &[(f64, f64)]) -> Result<AcSolution> {
    let (mine, _) = comm.split_ownership(None, Some(model.given.len()))?;
    let mut x = Vector::mpi(comm, Some(2 * mine), None)?;
    let first = usize::try_from(x.ownership_range()?.start)? / 2;
    let buses = first..first + mine;
    begin(model, start, buses.clone(), &mut x)?;

    let (scatter, whole) = Scatter::to_all(&x)?;
    let problem =
        Rc::new(Problem { model: model.clone(), buses, scatter, whole: RefCell::new(whole) });
    let residual = x.duplicate()?;
    let jacobian = problem.pattern(comm)?;
    let mut snes = Snes::new(comm)?;
    let (of_function, of_jacobian) = (Rc::clone(&problem), Rc::clone(&problem));
    snes.set_function(&residual, move |_, x, y| of_function.mismatch(x, y))?;
    snes.set_jacobian(&jacobian, &jacobian, move |_, x, _, p| of_jacobian.jacobian(x, p))?;
    snes.set_tolerances(Tolerances {
        atol: 1e-9.into(),
        rtol: 1e-14.into(),
        stol: 1e-14.into(),
        ..Default::default()
    })?;
    let mut ksp = snes.ksp()?;
    ksp.set_type(KspType::PREONLY)?;
    let serial = comm.size() == 1;
    ksp.pc()?.set_type(if serial { PcType::LU } else { PcType::REDUNDANT })?;
    snes.set_from_options()?;
    let reason = snes.solve_unchecked(None, &mut x)?;
    let converged = Converged {
        reason,
        iterations: snes.iterations()?,
        linear_iterations: snes.linear_iterations()?,
        residual: snes.function_norm()?,
    };
    if !reason.is_converged() {
        return Err(Error::collective(
            ErrorCode::NOT_CONVERGED,
            format!("Newton's method did not converge: {converged}"),
        ));
    }
    let voltages = problem.gather(&x)?;
    let mut y = residual.duplicate()?;
    problem.mismatch(&x, &mut y)?;
    Ok(AcSolution {
        voltages: voltages.into_iter().map(|(angle, v)| (v, angle)).collect(),
        mismatch: y.norm(Norm::Infinity)?,
        converged,
    })
}

/// Returns the initial guess with the given values.
fn begin(model: &AcModel, start: &[(f64, f64)], buses: Range<usize>, x: &mut Vector) -> Result<()> {
    let mut entries = x.array_mut()?;
    for (pair, bus) in entries.chunks_exact_mut(2).zip(buses) {
        let (v, angle) = match model.given[bus] {
            Given::Powers(..) => start[bus],
            Given::PowerAndMagnitude(_, v) => (v, start[bus].1),
            Given::Voltage(v, angle) => (v, angle),
        };
        pair[0] = Scalar::from_real(angle);
        pair[1] = Scalar::from_real(v);
    }
    Ok(())
}

/// The equations of the buses of this rank.
struct Problem {
    model: AcModel,
    buses: Range<usize>,
    scatter: Scatter,
    /// Storage for the unknowns of the whole network.
    whole: RefCell<Vector>,
}

/// Returns the powers that leave a bus.
struct Powers {
    active: f64,
    reactive: f64,
}

impl Problem {
    /// Returns the voltages of all buses.
    fn gather(&self, x: &VectorRef) -> Result<Vec<(f64, f64)>> {
        let mut whole = self.whole.borrow_mut();
        self.scatter.forward(x, &mut whole)?;
        let values = whole.array()?;
        Ok(values.chunks_exact(2).map(|pair| (pair[0].real(), pair[1].real())).collect())
    }

    fn powers(&self, voltages: &[(f64, f64)], bus: usize) -> Powers {
        let (angle, v) = voltages[bus];
        let (mut active, mut reactive) = (0.0, 0.0);
        for &(other, y) in self.model.admittance.row(bus) {
            let (other_angle, w) = voltages[other];
            let (sin, cos) = (angle - other_angle).sin_cos();
            active += v * w * (y.re * cos + y.im * sin);
            reactive += v * w * (y.re * sin - y.im * cos);
        }
        Powers { active, reactive }
    }

    fn mismatch(&self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        let voltages = self.gather(x)?;
        let mut rows = y.array_mut()?;
        for (pair, bus) in rows.chunks_exact_mut(2).zip(self.buses.clone()) {
            let (angle, v) = voltages[bus];
            let powers = self.powers(&voltages, bus);
            let (first, second) = match self.model.given[bus] {
                Given::Powers(p, q) => (powers.active - p, powers.reactive - q),
                Given::PowerAndMagnitude(p, held) => (powers.active - p, v - held),
                Given::Voltage(held, held_angle) => (angle - held_angle, v - held),
            };
            pair[0] = Scalar::from_real(first);
            pair[1] = Scalar::from_real(second);
        }
        Ok(())
    }

    /// Returns the matrix for the Jacobian. All entries are inserted once to set the nonzero
    /// pattern.
    fn pattern(&self, comm: &Comm) -> Result<Matrix> {
        let n = 2 * self.buses.len();
        let counts: Vec<Int> = self
            .buses
            .clone()
            .flat_map(|bus| [2 * self.model.admittance.row(bus).len(); 2])
            .map(|count| Int::try_from(count).unwrap_or(Int::MAX))
            .collect();
        Matrix::builder(comm).local_size(n, n).preallocate_rows(&counts, &counts).build()
    }

    fn jacobian(&self, x: &VectorRef, a: &mut MatrixRef) -> Result<()> {
        let voltages = self.gather(x)?;
        let r = Scalar::from_real;
        let place = |bus: usize| -> Result<[Int; 2]> {
            Ok([Int::try_from(2 * bus)?, Int::try_from(2 * bus + 1)?])
        };
        let mut entries = a.assembler(InsertMode::Insert)?;
        for bus in self.buses.clone() {
            let rows = place(bus)?;
            let (angle, v) = voltages[bus];
            let powers = self.powers(&voltages, bus);
            for &(other, y) in self.model.admittance.row(bus) {
                let (other_angle, w) = voltages[other];
                let (sin, cos) = (angle - other_angle).sin_cos();
                // Derivatives of active and reactive power with respect to angle and magnitude of
                // the other bus.
                let (along, across) = (y.re * cos + y.im * sin, y.re * sin - y.im * cos);
                let mut block = if other == bus {
                    [
                        [-powers.reactive - y.im * v * v, powers.active / v + y.re * v],
                        [powers.active - y.re * v * v, powers.reactive / v - y.im * v],
                    ]
                } else {
                    [[v * w * across, v * along], [-v * w * along, v * across]]
                };
                let own = if other == bus { 1.0 } else { 0.0 };
                match self.model.given[bus] {
                    Given::Powers(..) => {}
                    Given::PowerAndMagnitude(..) => block[1] = [0.0, own],
                    Given::Voltage(..) => block = [[own, 0.0], [0.0, own]],
                }
                let values = [block[0][0], block[0][1], block[1][0], block[1][1]].map(r);
                entries.block(&rows, &place(other)?, &values)?;
            }
        }
        entries.finish()
    }
}
