//! Tolerances.

use super::KspRef;
use crate::error::Result;
use crate::{Int, Real, call, ffi, sys};

/// One of several optional numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Setting<T> {
    /// Leave what is set.
    #[default]
    Keep,
    /// Set this.
    Value(T),
}

impl<T> From<T> for Setting<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// When a linear solver stops, see [`KspRef::set_tolerances`].
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

impl KspRef {
    /// Sets when to stop. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a negative number or `rtol ≥ 1`.
    #[doc(alias = "KSPSetTolerances")]
    pub fn set_tolerances(&mut self, tolerances: Tolerances) -> Result<()> {
        let real = |s: Setting<Real>| match s {
            Setting::Keep => ffi::DEFAULT_REAL,
            Setting::Value(v) => v,
        };
        let max: Int = match tolerances.max_iterations {
            Setting::Keep => ffi::DEFAULT,
            Setting::Value(n) => ffi::petsc_int(n)?,
        };
        let (rtol, atol, dtol) = (
            real(tolerances.rtol),
            real(tolerances.atol),
            real(tolerances.dtol),
        );
        // SAFETY: a live solver; PETSc checks the ranges in every build.
        unsafe { call!(KSPSetTolerances(self.as_ptr(), rtol, atol, dtol, max)) }
    }
}
