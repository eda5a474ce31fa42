//! Port of SLEPc's `src/eps/tutorials/ex31.c`: the stability of a small power network. The
//! equations of generators and network are linearized, and the algebraic equations eliminated.

use std::f64::consts::{FRAC_PI_2, PI};

use petsc_rs::prelude::*;
use petsc_rs::{FileMode, Viewer};
use slepc_rs::eps::ErrorType;
use slepc_rs::prelude::*;

use crate::models::eigen::{load, number};

const BUSES: Int = 9;
/// The synchronous speed at 60 Hz.
const SPEED: Real = 120.0 * PI;

/// A generator of fourth order, with its power from the load flow; in p.u.
struct Generator {
    bus: Int,
    power: [Real; 2],
    inertia: Real,
    /// For the direct axis (`xd`) and the quadrature axis (`xq`), the reactance and the transient
    /// reactance.
    xd: [Real; 2],
    xq: [Real; 2],
    /// The transient time constants of both axes.
    open: [Real; 2],
}

const GENERATORS: [Generator; 3] = [
    Generator {
        bus: 0,
        power: [0.716_786_142_395_021, 0.270_702_180_178_785],
        inertia: 23.64,
        xd: [0.146, 0.0608],
        xq: [0.0969, 0.0969],
        open: [8.96, 0.31],
    },
    Generator {
        bus: 1,
        power: [1.63, 0.066_120_127_797_275],
        inertia: 6.4,
        xd: [0.8958, 0.1198],
        xq: [0.8645, 0.1969],
        open: [6.0, 0.535],
    },
    Generator {
        bus: 2,
        power: [0.85, -0.108_402_221_791_588],
        inertia: 3.01,
        xd: [1.3125, 0.1813],
        xq: [1.2578, 0.25],
        open: [5.89, 0.6],
    },
];
const UNKNOWNS: Int = 9;
/// The first unknown of the network.
const NETWORK: Int = UNKNOWNS * 3;

/// The exciter: gains and time constants of regulator, exciter and stabilizer.
const KA: Real = 20.0;
const TA: Real = 0.2;
const KE: Real = 1.0;
const TE: Real = 0.314;
const KF: Real = 0.063;
const TF: Real = 0.35;
/// The saturation of the exciter, `K1·exp(K2·E)`.
const K1: Real = 0.0039;
const K2: Real = 1.555;

/// A bus and its load, which does not depend on the voltage.
const LOADS: [(Int, [Real; 2]); 3] = [(4, [1.25, 0.5]), (5, [0.9, 0.3]), (7, [1.0, 0.35])];

/// The unknowns of a generator in equilibrium that the derivatives need.
struct Steady {
    eq: Real,
    ed: Real,
    angle: Real,
    id: Real,
    iq: Real,
    field: Real,
}

impl Generator {
    fn steady(&self, [vr, vi]: [Real; 2]) -> Steady {
        let ([p, q], square) = (self.power, vr * vr + vi * vi);
        let (ir, ii) = ((vr * p + vi * q) / square, (vi * p - vr * q) / square);
        let angle = (vi + self.xq[0] * ir).atan2(vr - self.xq[0] * ii);
        let (sin, cos) = (FRAC_PI_2 - angle).sin_cos();
        let (id, iq) = (ir * cos - ii * sin, ir * sin + ii * cos);
        let (vd, vq) = (vr * cos - vi * sin, vr * sin + vi * cos);
        let eq = vq + self.xd[1] * id;
        Steady {
            eq,
            ed: vd - self.xq[1] * iq,
            angle,
            id,
            iq,
            field: eq + (self.xd[0] - self.xd[1]) * id,
        }
    }

    /// Returns the rows of the Jacobian of the generator, starting at `at`, and of its bus.
    fn rows(
        &self,
        at: Int,
        [vr, vi]: [Real; 2],
        mut add: impl FnMut(Int, Int, Real) -> Result<()>,
    ) -> Result<()> {
        let s = self.steady([vr, vi]);
        let ([xd, xdp], [xq, xqp], [td, tq]) = (self.xd, self.xq, self.open);
        let m = 2.0 * self.inertia / SPEED;
        let (sin, cos) = s.angle.sin_cos();
        let bus = NETWORK + 2 * self.bus;
        // Voltages in the axes of the machine, and their derivatives.
        let (vd, vq) = (vr * sin - vi * cos, vr * cos + vi * sin);
        let volt = vd.hypot(vq);
        let mut row =
            |i: Int, entries: &[(Int, Real)]| entries.iter().try_for_each(|&(j, x)| add(i, j, x));
        row(at, &[(at, 1.0 / td), (at + 4, (xd - xdp) / td), (at + 6, -1.0 / td)])?;
        row(at + 1, &[(at + 1, 1.0 / tq), (at + 5, -(xq - xqp) / tq)])?;
        row(at + 2, &[(at + 2, 0.0), (at + 3, -1.0)])?;
        row(
            at + 3,
            &[
                (at, s.iq / m),
                (at + 1, s.id / m),
                (at + 3, 0.0),
                (at + 4, (s.ed + (xqp - xdp) * s.iq) / m),
                (at + 5, (s.eq + (xqp - xdp) * s.id) / m),
            ],
        )?;
        let turned = (vr * cos + vi * sin, -vr * sin + vi * cos);
        row(
            at + 4,
            &[
                (at, -1.0 / xdp),
                (at + 2, turned.1 / xdp),
                (at + 4, 1.0),
                (bus, cos / xdp),
                (bus + 1, sin / xdp),
            ],
        )?;
        row(
            at + 5,
            &[
                (at + 1, 1.0 / xqp),
                (at + 2, -turned.0 / xqp),
                (at + 5, 1.0),
                (bus, -sin / xqp),
                (bus + 1, cos / xqp),
            ],
        )?;
        // The current that flows into the network, with the imaginary part first.
        row(bus, &[(at + 2, -(s.id * sin + s.iq * cos)), (at + 4, cos), (at + 5, -sin)])?;
        row(bus + 1, &[(at + 2, -(s.id * cos - s.iq * sin)), (at + 4, -sin), (at + 5, -cos)])?;
        let saturation = K1 * K2 * (K2 * s.field).exp();
        row(at + 6, &[(at + 6, (KE + saturation) / TE), (at + 8, -1.0 / TE)])?;
        row(at + 7, &[(at + 6, -KF / TF / TF), (at + 7, 1.0 / TF)])?;
        row(
            at + 8,
            &[
                (at + 6, KA * KF / TF / TA),
                (at + 7, -KA / TA),
                (at + 8, 1.0 / TA),
                (bus, KA * (vd * sin + vq * cos) / volt / TA),
                (bus + 1, KA * (vq * sin - vd * cos) / volt / TA),
            ],
        )
    }
}

/// Computes the negative derivative of the residuals at the voltages of the load flow.
fn jacobian(admittance: &Matrix, voltages: &[Real]) -> Result<Matrix> {
    let n = NETWORK + 2 * BUSES;
    let mut jacobian = Matrix::builder(&admittance.comm()?).global_size(n, n).build()?;
    let at_bus = |bus: Int| -> Result<[Real; 2]> {
        let i = usize::try_from(2 * bus)?;
        Ok([voltages[i], voltages[i + 1]])
    };
    let mut add = |i, j, x: Real| jacobian.set_value(i, j, Scalar::from_real(-x), InsertMode::Add);
    for (first, generator) in (0..).step_by(9).zip(&GENERATORS) {
        generator.rows(first, at_bus(generator.bus)?, &mut add)?;
    }
    for i in 0..2 * BUSES {
        for (j, y) in admittance.row(i)?.iter() {
            add(NETWORK + i, NETWORK + j, y.real())?;
        }
    }
    for (bus, [p, q]) in LOADS {
        let ([vr, vi], i) = (at_bus(bus)?, NETWORK + 2 * bus);
        let square = vr * vr + vi * vi;
        let (real, imaginary) = ((p * vr + q * vi) / square, (p * vi - q * vr) / square);
        let slope = |direct: Real, current: Real, v: Real| (direct - 2.0 * current * v) / square;
        add(i, i, slope(-q, imaginary, vr))?;
        add(i, i + 1, slope(p, imaginary, vi))?;
        add(i + 1, i, slope(p, real, vr))?;
        add(i + 1, i + 1, slope(q, real, vi))?;
    }
    jacobian.assemble()?;
    Ok(jacobian)
}

/// Returns the unknowns with time derivatives; the others are eliminated with the diagonal of their
/// block.
fn eliminate(jacobian: &Matrix) -> Result<Matrix> {
    let comm = jacobian.comm()?;
    let (differential, algebraic): (Vec<Int>, Vec<Int>) =
        (0..NETWORK + 2 * BUSES).partition(|&i| i < NETWORK && ![4, 5].contains(&(i % UNKNOWNS)));
    let keep = IndexSet::general(&comm, &differential)?;
    let drop = IndexSet::general(&comm, &algebraic)?;
    let mut inverse = jacobian.submatrix(&drop, &drop)?.vectors()?.0;
    jacobian.submatrix(&drop, &drop)?.diagonal(&mut inverse)?;
    inverse.reciprocal()?;
    let mut right = jacobian.submatrix(&drop, &keep)?;
    right.diagonal_scale(Some(&inverse), None)?;
    let mut reduced = jacobian.submatrix(&keep, &keep)?;
    let product = jacobian.submatrix(&keep, &drop)?.mat_mult(&right)?;
    reduced.axpy(Scalar::from_real(-1.0), &product, petsc_rs::matrix::Structure::Different)?;
    Ok(reduced)
}

/// Runs the port.
///
/// # Errors
/// More than one rank; errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    if world.size() != 1 {
        return Err("Only for sequential runs".into());
    }
    let n = GENERATORS.len();
    petsc.print(format_args!(
        "\nStability analysis in a network with {BUSES} buses and {n} generators\n\n"
    ))?;
    let voltages = Vector::load(world, &*Viewer::binary(world, "X.bin", FileMode::Read)?)?;
    let voltages: Vec<Real> = voltages.array()?.iter().map(|v| v.real()).collect();
    let reduced = eliminate(&jacobian(&load(petsc, "Ybus.bin")?, &voltages)?)?;
    let terse = petsc.options().has("-terse")?;
    if !terse {
        reduced.view(&*Viewer::stdout(world)?)?;
    }
    let mut eps = Eps::new(world)?;
    eps.set_operators(&reduced, None)?;
    eps.set_problem_type(EpsProblemType::NonHermitian)?;
    eps.set_from_options()?;
    let _ = eps.solve_unchecked()?;
    let its = eps.iterations()?;
    petsc.print(format_args!(" Number of iterations of the eigensolver: {its}\n"))?;
    crate::models::eigen::requested(petsc, &eps)?;
    if terse {
        return eps.error_view(ErrorType::Relative, &*Viewer::stdout(world)?);
    }
    let found = eps.converged()?;
    petsc.print(format_args!(
        " Number of converged eigenpairs: {found}\n\n           k          ||Ax-kx||/||kx||\n   \
         ----------------- ------------------\n"
    ))?;
    for pair in eps.eigenpairs()? {
        let pair = pair?;
        let error = pair.error(ErrorType::Relative)?;
        petsc.print(format_args!("{} {error:12.6}\n", number(pair.value())))?;
    }
    petsc.print(format_args!("\n"))
}
