//! Thermal runaway: the Bratu problem `-Δu = λ·eᵘ` on a box, and its Arrhenius form.
//!
//! `u` is the dimensionless temperature rise, and `λ` is the ratio of heat release to heat
//! conduction. Beyond the fold, λ = 6.8081 on the unit square with `u = 0` on the boundary, there
//! is no steady state: thermal runaway.
//!
//! [`Cells`] contains the discretization. Points on Dirichlet sides have rows in the Jacobian, but
//! no row of another point has an entry in their columns. The Jacobian is therefore symmetric, and
//! the conjugate gradient method is applicable.

mod cell;
mod continuation;

pub use cell::{Cell, Critical};
pub use continuation::{Branch, Fold, Point, follow, to_the_fold};

use petsc_rs::dm::{GridMut, GridRead, StencilAssembler};
use petsc_rs::prelude::*;
use petsc_rs::snes::Converged;
use petsc_rs::{DmdaRef, ErrorCode, Snes, VectorRef};

use crate::app::divided;
use crate::digits::certain;
use crate::stencil::{Cells, Place, Side, Sides};

/// The maximum number of printed digits of a fold. The folds of two grids with some hundred points
/// along a side agree in fewer digits.
pub const DIGITS: usize = 6;

/// For problems with at least this number of unknowns, the fold is not computed to explain an
/// error.
const LARGE: usize = 100_000;

/// The dependence of the heat release on temperature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rate {
    /// `eᵘ`: Frank-Kamenetskii's approximation for a temperature rise that is small relative to the
    /// temperature.
    Exponential,
    /// `exp(u/(1 + εu))`: Arrhenius' law. `ε` is `RT/E` at the temperature of `u = 0`.
    Arrhenius(Real),
}

impl Rate {
    fn value(self, u: Real) -> Real {
        match self {
            Self::Exponential => u.exp(),
            Self::Arrhenius(epsilon) => (u / (1.0 + epsilon * u)).exp(),
        }
    }

    fn slope(self, u: Real) -> Real {
        match self {
            Self::Exponential => u.exp(),
            Self::Arrhenius(epsilon) => self.value(u) / (1.0 + epsilon * u).powi(2),
        }
    }
}

/// The parameters of a Bratu problem.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Problem {
    /// The parameter `λ`.
    pub lambda: Real,
    /// The dependence of the heat release on temperature.
    pub rate: Rate,
    /// The size of the box.
    pub lengths: [Real; 3],
    /// The boundary conditions.
    pub sides: Sides,
}

impl Problem {
    /// Returns the problem of the workshop: the unit square or cube with zero boundary values.
    #[must_use]
    pub fn new(lambda: Real) -> Self {
        Self { lambda, rate: Rate::Exponential, lengths: [1.0; 3], sides: [[Side::Held; 2]; 3] }
    }

    /// Creates a DMDA with this number of points in two or three directions, which `-da_refine`
    /// refines.
    ///
    /// # Errors
    /// Errors of the DMDA.
    pub fn grid(&self, comm: &Comm, points: &[usize]) -> Result<Dmda> {
        let ends: Vec<(Real, Real)> =
            self.lengths[..points.len()].iter().map(|&length| (0.0, length)).collect();
        let grid =
            Dmda::builder(comm).sizes(points).uniform_coordinates(ends).from_options().build();
        divided(comm, points, grid)
    }

    fn cells(&self, grid: &DmdaRef) -> Result<Cells> {
        Cells::new(grid, self.lengths, self.sides)
    }

    /// Computes the Jacobian at `u`. Collective.
    ///
    /// # Errors
    /// Errors of the DMDA.
    pub fn jacobian(&self, grid: &DmdaRef, u: &VectorRef) -> Result<Matrix> {
        let mut matrix = grid.create_matrix()?;
        let mut ghosted = grid.local_vector()?;
        grid.global_to_local(u, InsertMode::Insert, &mut ghosted)?;
        let mut rows = grid.stencil_assembler(&mut matrix, InsertMode::Insert)?;
        jacobian(grid, self, &grid.array(&ghosted)?, &mut rows)?;
        rows.finish()?;
        Ok(matrix)
    }
}

/// A steady state.
#[derive(Debug)]
pub struct Solution {
    /// The DMDA of the solution, after any refinement.
    pub grid: Dmda,
    /// The temperature rise.
    pub u: Vector,
    /// Its maximum.
    pub largest: Real,
    /// The converged reason and the number of iterations.
    pub converged: Converged,
    /// `‖F(u)‖` before each Newton step and after the last step.
    pub norms: Vec<Real>,
}

/// Solves with Newton's method and initial guess zero; `-snes_*`, `-ksp_*` and `-pc_*` select the
/// solvers. Collective.
///
/// # Errors
/// `NOT_CONVERGED` if the solve does not converge; the message contains the fold if `λ` is beyond
/// the fold of this grid.
pub fn solve(grid: Dmda, problem: &Problem) -> Result<Solution> {
    let problem = *problem;
    let mut snes = Snes::new(&grid.comm()?)?;
    snes.set_dm(&grid)?;
    snes.set_function_local(move |grid, u: &GridRead<'_>, f: &mut GridMut<'_>| {
        residual(grid, &problem, u, f)
    })?;
    snes.set_jacobian_local(move |grid, u: &GridRead<'_>, rows| jacobian(grid, &problem, u, rows))?;
    let norms = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let seen = std::rc::Rc::clone(&norms);
    snes.add_monitor(move |_, _, norm| {
        seen.borrow_mut().push(norm);
        Ok(())
    })?;
    snes.set_from_options()?;
    let mut u = grid.create_global_vector()?;
    u.set_name("temperature")?;
    let converged = match snes.solve(None, &mut u) {
        Err(error) if error.code() == ErrorCode::NOT_CONVERGED => {
            return Err(beyond_the_fold(&grid, &problem, u.len()?).unwrap_or(error));
        }
        outcome => outcome?,
    };
    let largest = u.max()?.map_or(0.0, |(_, value)| value);
    Ok(Solution { grid, u, largest, converged, norms: norms.take() })
}

/// Returns the error for a missing steady state, if `λ` is above the fold. Returns `None` if it is
/// not, if the fold cannot be computed, and for large grids, on which its computation takes long.
/// Collective.
fn beyond_the_fold(grid: &Dmda, problem: &Problem, unknowns: usize) -> Option<Error> {
    if unknowns > LARGE {
        return None;
    }
    let fold = to_the_fold(grid, problem, 0.5).ok()?;
    (problem.lambda > fold.lambda).then(|| {
        let text = format!(
            "lambda {}: no steady state beyond {}, where the branch of steady states folds back on this grid",
            problem.lambda,
            certain(fold.lambda, fold.errors.0, DIGITS)
        );
        Error::collective(ErrorCode::NOT_CONVERGED, text)
    })
}

/// A discretization that is evaluated point by point, in two and in three dimensions.
trait Formula {
    fn at<P: Place>(&mut self, cells: &Cells, u: &GridRead<'_>, at: [Int; 3]) -> Result<()>;
}

/// Evaluates a discretization at all points of this rank.
fn evaluate<F: Formula>(
    grid: &DmdaRef,
    problem: &Problem,
    u: &GridRead<'_>,
    mut formula: F,
) -> Result<()> {
    let (cells, own) = (problem.cells(grid)?, grid.corners()?);
    let mut points = own.points3().map(|(i, j, k)| [i, j, k]);
    match grid.dimension()? {
        2 => points.try_for_each(|at| formula.at::<(Int, Int)>(&cells, u, at)),
        _ => points.try_for_each(|at| formula.at::<(Int, Int, Int)>(&cells, u, at)),
    }
}

/// Computes `f = -Δu - λ·rate(u)`, times the volume of a cell.
fn residual(
    grid: &DmdaRef,
    problem: &Problem,
    u: &GridRead<'_>,
    f: &mut GridMut<'_>,
) -> Result<()> {
    evaluate(grid, problem, u, Residual { problem, f })
}

struct Residual<'a, 'b> {
    problem: &'a Problem,
    f: &'a mut GridMut<'b>,
}

impl Formula for Residual<'_, '_> {
    fn at<P: Place>(&mut self, cells: &Cells, u: &GridRead<'_>, at: [Int; 3]) -> Result<()> {
        let here = u[P::new(at)].real();
        let mut sum = cells.diagonal(at) * here;
        if cells.is_unknown(at) {
            for (to, weight) in cells.neighbours(at) {
                sum -= weight * u[P::new(to)].real();
            }
            sum -= cells.volume(at) * self.problem.lambda * self.problem.rate.value(here);
        }
        self.f[P::new(at)] = Scalar::from_real(sum);
        Ok(())
    }
}

/// Computes the derivative of [`residual`] with respect to `λ`.
fn by_lambda(
    grid: &DmdaRef,
    problem: &Problem,
    u: &GridRead<'_>,
    f: &mut GridMut<'_>,
) -> Result<()> {
    evaluate(grid, problem, u, ByLambda { problem, f })
}

struct ByLambda<'a, 'b> {
    problem: &'a Problem,
    f: &'a mut GridMut<'b>,
}

impl Formula for ByLambda<'_, '_> {
    fn at<P: Place>(&mut self, cells: &Cells, u: &GridRead<'_>, at: [Int; 3]) -> Result<()> {
        let value = if cells.is_unknown(at) {
            -cells.volume(at) * self.problem.rate.value(u[P::new(at)].real())
        } else {
            0.0
        };
        self.f[P::new(at)] = Scalar::from_real(value);
        Ok(())
    }
}

/// Computes the derivative of [`residual`] with respect to `u`.
fn jacobian(
    grid: &DmdaRef,
    problem: &Problem,
    u: &GridRead<'_>,
    rows: &mut StencilAssembler<'_>,
) -> Result<()> {
    evaluate(grid, problem, u, Jacobian { problem, rows })
}

struct Jacobian<'a, 'b> {
    problem: &'a Problem,
    rows: &'a mut StencilAssembler<'b>,
}

impl Formula for Jacobian<'_, '_> {
    fn at<P: Place>(&mut self, cells: &Cells, u: &GridRead<'_>, at: [Int; 3]) -> Result<()> {
        let place = P::new(at);
        if !cells.is_unknown(at) {
            return self.rows.row(place, [(place, cells.diagonal(at))]);
        }
        let slope = self.problem.rate.slope(u[place].real());
        let own = cells.diagonal(at) - cells.volume(at) * self.problem.lambda * slope;
        let others = cells.neighbours(at).map(|(to, weight)| (P::new(to), -weight));
        self.rows.row(place, others.chain([(place, own)]))
    }
}
