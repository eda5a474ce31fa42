//! Tolerances.

use petsc_macros::wraps;

use super::SnesRef;
use crate::error::{Error, ErrorCode, Result};
use crate::setting::Setting;
use crate::{Real, call, ffi, get_raw, sys};

/// Stopping criteria of a nonlinear solver, see [`SnesRef::set_tolerances`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tolerances {
    /// Absolute norm of the function. Default: 1e-50. Option: `-snes_atol`.
    pub atol: Setting<Real>,
    /// Relative decrease of the norm of the function. Default: 1e-8. Option: `-snes_rtol`.
    pub rtol: Setting<Real>,
    /// Norm of the step relative to that of the solution. Default: 1e-8. Option: `-snes_stol`.
    pub stol: Setting<Real>,
    /// Maximum number of iterations. Default: 50. Option: `-snes_max_it`.
    pub max_iterations: Setting<usize>,
    /// Maximum number of function evaluations. Default: 10000. Option: `-snes_max_funcs`.
    pub max_evaluations: Setting<usize>,
}

/// The current tolerances, see [`SnesRef::tolerances`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CurrentTolerances {
    /// Absolute norm of the function.
    pub atol: Real,
    /// Relative decrease of the norm of the function.
    pub rtol: Real,
    /// Norm of the step relative to that of the solution.
    pub stol: Real,
    /// Maximum number of iterations.
    pub max_iterations: usize,
    /// Maximum number of function evaluations, `None` if unlimited.
    pub max_evaluations: Option<usize>,
}

/// `PETSC_UNLIMITED`. Before 3.22, -1 has this meaning.
#[cfg(petsc_ge_3_22)]
const UNLIMITED: Real = -3.0;
#[cfg(not(petsc_ge_3_22))]
const UNLIMITED: Real = -1.0;

impl SnesRef {
    /// Returns the current tolerances.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let snes = petsc_rs::Snes::new(comm)?;
    /// assert_eq!(snes.tolerances()?.max_iterations, 50);
    /// # Ok(()) })
    /// ```
    #[wraps(SNESGetTolerances, not_collective)]
    pub fn tolerances(&self) -> Result<CurrentTolerances> {
        // SAFETY: a live solver.
        let (atol, rtol, stol, iterations, evaluations) =
            unsafe { get_raw!(SNESGetTolerances(self.as_ptr(), _, _, _, _, _)) }?;
        Ok(CurrentTolerances {
            atol,
            rtol,
            stol,
            max_iterations: ffi::size(iterations)?,
            max_evaluations: usize::try_from(evaluations).ok(),
        })
    }

    /// Sets the divergence tolerance: the solve has diverged when `‖F‖` exceeds this factor times
    /// its initial value. `None` allows any growth. Logically collective. Default: 1e4. Option:
    /// `-snes_divergence_tolerance`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a factor below 1.
    #[wraps(SNESSetDivergenceTolerance)]
    pub fn set_divergence_tolerance(&mut self, factor: Option<Real>) -> Result<()> {
        if factor.is_some_and(|f| f.is_nan() || f < 1.0) {
            let text = "the divergence tolerance must be at least 1";
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        let factor = factor.unwrap_or(UNLIMITED);
        // SAFETY: a live solver.
        unsafe { call!(SNESSetDivergenceTolerance(*self.busy()?, factor)) }
    }

    /// Returns the divergence tolerance, see
    /// [`set_divergence_tolerance`](Self::set_divergence_tolerance).
    #[wraps(SNESGetDivergenceTolerance, not_collective)]
    pub fn divergence_tolerance(&self) -> Result<Option<Real>> {
        // SAFETY: a live solver.
        let factor = unsafe { get_raw!(SNESGetDivergenceTolerance(self.as_ptr(), _)) }?;
        Ok(Some(factor).filter(|f| *f >= 0.0))
    }

    /// Sets the stopping criteria. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a negative number or `rtol ≥ 1`.
    #[wraps(SNESSetTolerances)]
    pub fn set_tolerances(&mut self, tolerances: Tolerances) -> Result<()> {
        let Tolerances { atol, rtol, stol, .. } = tolerances;
        let (atol, rtol, stol) = (atol.tolerance()?, rtol.tolerance()?, stol.tolerance()?);
        let n = tolerances.max_iterations.limit()?;
        let calls = tolerances.max_evaluations.limit()?;
        // SAFETY: a live solver; PETSc checks the ranges in every build.
        unsafe { call!(SNESSetTolerances(self.as_ptr(), atol, rtol, stol, n, calls)) }
    }
}
