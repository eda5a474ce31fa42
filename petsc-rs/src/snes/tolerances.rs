//! Tolerances.

use super::SnesRef;
use crate::error::Result;
use crate::setting::Setting;
use crate::{Real, call, sys};

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

impl SnesRef {
    /// Sets when to stop. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a negative number or `rtol ≥ 1`.
    #[doc(alias = "SNESSetTolerances")]
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
