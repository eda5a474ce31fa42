//! Natural frequencies, computed with SLEPc.

use std::f64::consts::TAU;

use petsc_rs::KspRef;
use petsc_rs::prelude::*;
use slepc_rs::EpsRef;
use slepc_rs::eps::{Converged, Dimensions, Eigenvector, ErrorType, Tolerances};
use slepc_rs::prelude::*;

use super::Problem;
use crate::eigen;

/// The tolerance of the eigensolver, relative to the eigenvalue of the transformed problem.
const TOLERANCE: Real = 1e-12;

/// One mode.
#[derive(Debug)]
pub struct Mode {
    /// The real part of `ω²` in 1/s².
    pub eigenvalue: f64,
    /// The imaginary part of `ω²`, which is 0 for symmetric matrices.
    pub imaginary: f64,
    /// The frequency in Hz: `Re √ω² / 2π`.
    pub frequency: f64,
    /// `‖K·u - ω²·M·u‖ / ‖ω²·M·u‖`: the residual force relative to the inertia force. It bounds the
    /// relative error of `ω²` if the matrices are symmetric and all masses are equal.
    pub error: f64,
    /// Whether the inertia force `ω²·M·u` is not larger than the rounding errors of `K·u`. If so,
    /// `ω²` is numerically zero, and the mode is a rigid-body motion.
    pub rigid: bool,
    /// The mode shape, with `uᵀ·M·u = 1` for symmetric matrices.
    pub shape: Eigenvector,
}

impl Mode {
    /// Returns whether `ω²` is negative beyond rounding errors: the stiffness matrix is indefinite,
    /// and the structure buckles in this shape.
    #[must_use]
    pub fn buckles(&self) -> bool {
        self.eigenvalue < 0.0 && !self.rigid
    }
}

/// Modes in ascending order, and information about the solve.
#[derive(Debug)]
pub struct Modes {
    /// The requested modes, or all modes if there are fewer.
    pub modes: Vec<Mode>,
    /// The converged reason.
    pub converged: Converged,
    /// The types of solver, transformation, linear solver and preconditioner.
    pub method: [String; 4],
    /// The number of unknowns without mass.
    pub massless: usize,
    /// Whether the matrices are symmetric.
    pub symmetric: bool,
}

/// Computes the `count` lowest modes. The default method is Krylov-Schur with shift-and-invert at
/// [`Problem::shift`].
///
/// Unknowns without mass make `M` singular and correspond to infinite frequency, `ω² = ∞`.
/// Shift-and-invert solves `K⁻¹·M·u = u/ω²`. In this transformed problem, infinite frequencies have
/// the eigenvalue `1/ω² = 0`, and the required eigenvalues are the largest ones. The solver uses
/// the inner product of `M`, and removes the components of the eigenvectors of infinite frequency,
/// which rounding errors introduce. No system with `M` is solved, so condensation is not necessary.
///
/// # Errors
/// Fewer masses than requested modes; a solver that does not converge, or a singular stiffness
/// matrix.
pub fn solve(comm: &Comm, problem: &Problem, count: usize) -> Result<Modes> {
    let massless = problem.massless()?;
    let available = problem.unknowns()? - massless;
    if count == 0 || count > available {
        return Err(crate::app::input_error(format_args!(
            "{count} modes were requested, but the structure has {available} unknowns with mass"
        )));
    }
    let mut eps = solver(comm, problem)?;
    eps.set_dimensions(Dimensions::nev(count))?;
    eps.set_which(EpsWhich::TargetMagnitude)?;
    eps.set_target(Scalar::from_real(problem.shift))?;
    eps.set_from_options()?;
    let converged = eps.solve()?;
    let st = eps.st()?;
    let method = names(&eps, &*st.ksp()?)?;
    Ok(Modes {
        modes: collect(&eps, problem, count)?,
        converged,
        method,
        massless,
        symmetric: eps.is_hermitian()?,
    })
}

/// Creates a solver with the matrices of a problem and shift-and-invert. Collective.
pub(super) fn solver(comm: &Comm, problem: &Problem) -> Result<Eps> {
    let mut eps = Eps::new(comm)?;
    eps.set_operators(&problem.stiffness, problem.mass.as_deref())?;
    eps.set_problem_type(match (problem.is_symmetric()?, problem.mass.is_some()) {
        (true, true) => EpsProblemType::GeneralizedHermitian,
        (true, false) => EpsProblemType::Hermitian,
        (false, true) => EpsProblemType::GeneralizedNonHermitian,
        (false, false) => EpsProblemType::NonHermitian,
    })?;
    eigen::invert_directly(comm, &mut *eps.st()?)?;
    eps.set_tolerances(Tolerances { tolerance: TOLERANCE.into(), ..Tolerances::default() })?;
    Ok(eps)
}

/// Returns the types of solver, transformation, linear solver and preconditioner.
pub(super) fn names(eps: &EpsRef, ksp: &KspRef) -> Result<[String; 4]> {
    let names =
        [eps.type_name()?, eps.st()?.type_name()?, ksp.type_name()?, ksp.pc()?.type_name()?];
    Ok(names.map(Option::unwrap_or_default))
}

/// Returns at most `count` of the computed modes, in ascending order. Collective.
pub(super) fn collect(eps: &EpsRef, problem: &Problem, count: usize) -> Result<Vec<Mode>> {
    let stiffest = problem.stiffness.norm(Norm::Infinity)?;
    let mut modes = Vec::new();
    for pair in eps.eigenpairs()?.take(count) {
        let pair = pair?;
        let (value, shape) = (pair.value(), pair.vector()?);
        let (moved, inertia) = sizes(problem, &shape)?;
        let noise =
            10.0 * Real::EPSILON * stiffest * moved + TOLERANCE * problem.shift.abs() * inertia;
        let force = value.norm() * inertia;
        modes.push(Mode {
            eigenvalue: value.re,
            imaginary: value.im,
            frequency: value.sqrt().re / TAU,
            // The error of SLEPc is relative to `|ω²|·‖u‖`, so it depends on the unit of mass.
            error: pair.error(ErrorType::Relative)? * moved / inertia,
            rigid: force <= noise,
            shape,
        });
    }
    modes.sort_by(|a, b| a.eigenvalue.total_cmp(&b.eigenvalue));
    Ok(modes)
}

/// Returns `‖u‖` and `‖M·u‖`. Collective.
fn sizes(problem: &Problem, shape: &Eigenvector) -> Result<(Real, Real)> {
    let mut forces = shape.main().duplicate()?;
    let (mut moved, mut inertia): (Real, Real) = (0.0, 0.0);
    for part in [Some(shape.main()), shape.imaginary()].into_iter().flatten() {
        problem.times_mass(part, &mut forces)?;
        moved = moved.hypot(part.norm(Norm::Two)?);
        inertia = inertia.hypot(forces.norm(Norm::Two)?);
    }
    Ok((moved, inertia))
}
