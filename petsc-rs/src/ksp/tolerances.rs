//! Tolerances.

use petsc_macros::wraps;

use super::KspRef;
use crate::error::Result;
pub use crate::setting::Setting;
use crate::{Real, call, ffi, get_raw, sys};

/// Stopping criteria of a linear solver, see [`KspRef::set_tolerances`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tolerances {
    /// Relative decrease of the residual norm. Default: 1e-5. Option: `-ksp_rtol`.
    pub rtol: Setting<Real>,
    /// Absolute residual norm. Default: 1e-50. Option: `-ksp_atol`.
    pub atol: Setting<Real>,
    /// Relative increase of the residual norm that counts as divergence. Default: 1e5. Option:
    /// `-ksp_divtol`.
    pub dtol: Setting<Real>,
    /// Largest number of iterations. Default: 10000. Option: `-ksp_max_it`.
    pub max_iterations: Setting<usize>,
}

/// The current tolerances, see [`KspRef::tolerances`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CurrentTolerances {
    /// Relative decrease of the residual norm.
    pub rtol: Real,
    /// Absolute residual norm.
    pub atol: Real,
    /// Relative increase of the residual norm that counts as divergence.
    pub dtol: Real,
    /// Largest number of iterations.
    pub max_iterations: usize,
}

impl KspRef {
    /// Returns the current tolerances.
    #[wraps(KSPGetTolerances, not_collective)]
    pub fn tolerances(&self) -> Result<CurrentTolerances> {
        // SAFETY: a live solver.
        let (rtol, atol, dtol, max) =
            unsafe { get_raw!(KSPGetTolerances(self.as_ptr(), _, _, _, _)) }?;
        Ok(CurrentTolerances { rtol, atol, dtol, max_iterations: ffi::size(max)? })
    }

    /// Sets the stopping criteria. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a negative number or `rtol ≥ 1`.
    #[wraps(KSPSetTolerances)]
    pub fn set_tolerances(&mut self, tolerances: Tolerances) -> Result<()> {
        let max = tolerances.max_iterations.limit()?;
        let (rtol, atol, dtol) = (
            tolerances.rtol.tolerance()?,
            tolerances.atol.tolerance()?,
            tolerances.dtol.tolerance()?,
        );
        // SAFETY: a live solver; PETSc checks the ranges in every build.
        unsafe { call!(KSPSetTolerances(self.as_ptr(), rtol, atol, dtol, max)) }
    }
}
