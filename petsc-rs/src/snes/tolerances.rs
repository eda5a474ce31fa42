//! Tolerances.

use petsc_macros::wraps;

use super::SnesRef;
use crate::error::{Error, ErrorCode, Result};
use crate::setting::Setting;
use crate::{Real, call, ffi, sys};

/// When a nonlinear solver stops, see [`SnesRef::set_tolerances`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tolerances {
    /// Absolute norm of the function. Default: 1e-50. Option: `-snes_atol`.
    pub atol: Setting<Real>,
    /// Relative decrease of the norm of the function. Default: 1e-8. Option: `-snes_rtol`.
    pub rtol: Setting<Real>,
    /// Norm of the step relative to that of the solution. Default: 1e-8. Option: `-snes_stol`.
    pub stol: Setting<Real>,
    /// Largest number of iterations. Default: 50. Option: `-snes_max_it`.
    pub max_iterations: Setting<usize>,
    /// Largest number of evaluations of the function. Default: 10000. Option: `-snes_max_funcs`.
    pub max_evaluations: Setting<usize>,
}

/// The tolerances in force, see [`SnesRef::tolerances`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CurrentTolerances {
    /// Absolute norm of the function.
    pub atol: Real,
    /// Relative decrease of the norm of the function.
    pub rtol: Real,
    /// Norm of the step relative to that of the solution.
    pub stol: Real,
    /// Largest number of iterations.
    pub max_iterations: usize,
    /// Largest number of evaluations of the function, `None` for any number.
    pub max_evaluations: Option<usize>,
}

/// `PETSC_UNLIMITED`, which -1 was before 3.22 where it meant something.
#[cfg(petsc_ge_3_22)]
const UNLIMITED: Real = -3.0;
#[cfg(not(petsc_ge_3_22))]
const UNLIMITED: Real = -1.0;

impl SnesRef {
    /// The tolerances in force. Not collective.
    ///
    /// # Errors
    /// What `SNESGetTolerances` returns.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let snes = petsc_rs::Snes::new(comm)?;
    /// assert_eq!(snes.tolerances()?.max_iterations, 50);
    /// # Ok(()) })
    /// ```
    #[wraps(SNESGetTolerances)]
    pub fn tolerances(&self) -> Result<CurrentTolerances> {
        crate::not_collective!();
        let (mut atol, mut rtol, mut stol) = (0.0, 0.0, 0.0);
        let (mut iterations, mut evaluations) = (0, 0);
        // SAFETY: a live solver and valid out-pointers.
        unsafe {
            call!(SNESGetTolerances(
                self.as_ptr(),
                &raw mut atol,
                &raw mut rtol,
                &raw mut stol,
                &raw mut iterations,
                &raw mut evaluations
            ))
        }?;
        Ok(CurrentTolerances {
            atol,
            rtol,
            stol,
            max_iterations: ffi::size(iterations)?,
            max_evaluations: usize::try_from(evaluations).ok(),
        })
    }

    /// Sets by how much `‖F‖` may grow from its first value before the solve counts as diverged; `None`
    /// for any growth. Logically collective. Default: 1e4. Option: `-snes_divergence_tolerance`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a factor below 1.
    #[wraps(SNESSetDivergenceTolerance)]
    pub fn set_divergence_tolerance(&mut self, factor: Option<Real>) -> Result<()> {
        if factor.is_some_and(|f| f.is_nan() || f < 1.0) {
            let text = "a divergence tolerance below 1 would stop every solve";
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        let factor = factor.unwrap_or(UNLIMITED);
        // SAFETY: a live solver.
        unsafe { call!(SNESSetDivergenceTolerance(*self.busy()?, factor)) }
    }

    /// See [`set_divergence_tolerance`](Self::set_divergence_tolerance). Not collective.
    ///
    /// # Errors
    /// What `SNESGetDivergenceTolerance` returns.
    #[wraps(SNESGetDivergenceTolerance)]
    pub fn divergence_tolerance(&self) -> Result<Option<Real>> {
        crate::not_collective!();
        let mut factor = 0.0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(SNESGetDivergenceTolerance(self.as_ptr(), &raw mut factor)) }?;
        Ok(Some(factor).filter(|f| *f >= 0.0))
    }

    /// Sets when to stop. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a negative number or `rtol ≥ 1`.
    #[wraps(SNESSetTolerances)]
    pub fn set_tolerances(&mut self, tolerances: Tolerances) -> Result<()> {
        let (atol, rtol, stol) = (
            tolerances.atol.tolerance()?,
            tolerances.rtol.tolerance()?,
            tolerances.stol.tolerance()?,
        );
        let (iterations, evaluations) = (
            tolerances.max_iterations.limit()?,
            tolerances.max_evaluations.limit()?,
        );
        // SAFETY: a live solver; PETSc checks the ranges in every build.
        unsafe {
            call!(SNESSetTolerances(
                self.as_ptr(),
                atol,
                rtol,
                stol,
                iterations,
                evaluations
            ))
        }
    }
}
