//! Natural frequencies, by SLEPc.

use std::f64::consts::TAU;

use petsc_rs::KspRef;
use petsc_rs::prelude::*;
use slepc_rs::EpsRef;
use slepc_rs::eps::{Converged, Dimensions, Eigenvector, ErrorType, Tolerances};
use slepc_rs::prelude::*;

use super::Problem;
use crate::eigen;

/// One mode.
#[derive(Debug)]
pub struct Mode {
    /// Real part of `ω²` in 1/s².
    pub eigenvalue: f64,
    /// Imaginary part of `ω²`, 0 for symmetric matrices.
    pub imaginary: f64,
    /// Frequency in Hz: `Re √ω² / 2π`.
    pub frequency: f64,
    /// `‖K·u - ω²·M·u‖ / |ω²|·‖u‖`.
    pub error: f64,
    /// Shape, `uᵀ·M·u = 1` for symmetric matrices.
    pub shape: Eigenvector,
}

/// Modes, lowest first, and how they were found.
#[derive(Debug)]
pub struct Modes {
    /// As many as were wanted, or as there are.
    pub modes: Vec<Mode>,
    /// How the solver ended.
    pub converged: Converged,
    /// Types of solver, transformation, linear solver and preconditioner.
    pub method: [String; 4],
    /// Number of unknowns without mass.
    pub massless: usize,
    /// Whether the matrices are symmetric, as they should be.
    pub symmetric: bool,
}

/// Computes the `count` lowest modes, unless the options say otherwise by Krylov-Schur with shift-and-invert at
/// [`Problem::shift`].
///
/// Unknowns without mass make `M` singular: they follow the others without inertia, that is they vibrate with
/// infinite frequency, `ω² = ∞`. Shift-and-invert solves `K⁻¹·M·u = u/ω²`, in which these are the value 0, furthest from
/// what is looked for; the solver works in the inner product of `M` and removes what rounding brings in of them. No
/// system with `M` is ever solved, so nothing has to be condensed out.
///
/// # Errors
/// Fewer masses than modes that are wanted; a solver that does not converge, or a singular stiffness matrix.
pub fn solve(comm: &Comm, problem: &Problem, count: usize) -> Result<Modes> {
    let massless = problem.massless()?;
    let available = problem.unknowns()? - massless;
    if count == 0 || count > available {
        return Err(crate::app::input_error(format_args!(
            "{count} modes are wanted, but the structure has {available} unknowns with mass"
        )));
    }
    let mut eps = solver(comm, problem)?;
    eps.set_dimensions(Dimensions::nev(count))?;
    eps.set_which(EpsWhich::TargetMagnitude)?;
    eps.set_target(Scalar::from_real(problem.shift))?;
    eps.set_from_options()?;
    let converged = eps.solve()?;
    let st = eps.st()?;
    let method = names(&eps, st.ksp()?)?;
    Ok(Modes {
        modes: collect(&eps, count)?,
        converged,
        method,
        massless,
        symmetric: eps.is_hermitian()?,
    })
}

/// A solver with the matrices of a problem, by shift-and-invert. Collective.
pub(super) fn solver(comm: &Comm, problem: &Problem) -> Result<Eps> {
    let mut eps = Eps::new(comm)?;
    eps.set_operators(&problem.stiffness, problem.mass.as_deref())?;
    eps.set_problem_type(match (problem.is_symmetric()?, problem.mass.is_some()) {
        (true, true) => EpsProblemType::GeneralizedHermitian,
        (true, false) => EpsProblemType::Hermitian,
        (false, true) => EpsProblemType::GeneralizedNonHermitian,
        (false, false) => EpsProblemType::NonHermitian,
    })?;
    eigen::invert_directly(comm, eps.st_mut()?)?;
    eps.set_tolerances(Tolerances {
        tolerance: 1e-12.into(),
        ..Tolerances::default()
    })?;
    Ok(eps)
}

/// Types of solver, transformation, linear solver and preconditioner.
pub(super) fn names(eps: &EpsRef, ksp: &KspRef) -> Result<[String; 4]> {
    let names = [
        eps.type_name()?,
        eps.st()?.type_name()?,
        ksp.type_name()?,
        ksp.pc()?.type_name()?,
    ];
    Ok(names.map(Option::unwrap_or_default))
}

/// At most `count` of the modes that were found, lowest first. Collective.
pub(super) fn collect(eps: &EpsRef, count: usize) -> Result<Vec<Mode>> {
    let mut modes = Vec::new();
    for pair in eps.eigenpairs()?.take(count) {
        let pair = pair?;
        let value = pair.value();
        modes.push(Mode {
            eigenvalue: value.re,
            imaginary: value.im,
            frequency: value.sqrt().re / TAU,
            error: pair.error(ErrorType::Relative)?,
            shape: pair.vector()?,
        });
    }
    modes.sort_by(|a, b| a.eigenvalue.total_cmp(&b.eigenvalue));
    Ok(modes)
}
