//! History of residual norms.

use std::ptr;

use petsc_macros::wraps;

use super::KspRef;
use crate::error::Result;
use crate::{Real, call, ffi, get_raw, sys};

impl KspRef {
    /// Stores the residual norms of up to `capacity` iterations. By default, none are stored.
    ///
    /// With `restart`, each solve starts a new history. Otherwise, each solve appends its norms to
    /// the history.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if `capacity` does not fit into `PetscInt`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let mut ksp = petsc_rs::Ksp::new(comm)?;
    /// ksp.set_residual_history(100, true)?;
    /// assert!(ksp.residual_history()?.is_empty());
    /// # Ok(()) })
    /// ```
    #[wraps(KSPSetResidualHistory, not_collective)]
    pub fn set_residual_history(&mut self, capacity: usize, restart: bool) -> Result<()> {
        let n = ffi::petsc_int(capacity.max(1))?;
        let restart = ffi::raw_bool(restart);
        // SAFETY: a live solver; PETSc allocates the memory, and frees the memory that it allocated
        // earlier.
        unsafe { call!(PetscRsKSPSetResidualHistory(*self.busy()?, n, restart)) }
    }

    /// Returns the convergence rate (the average factor between the residual norms of successive
    /// iterations) and its coefficient of determination R². Both are computed from the stored
    /// history by linear regression of the logarithm of the norm. Returns `None` if the history has
    /// fewer than two norms.
    #[wraps(KSPComputeConvergenceRate, not_collective)]
    pub fn convergence_rate(&self) -> Result<Option<(Real, Real)>> {
        if self.residual_history()?.len() < 2 {
            return Ok(None);
        }
        let (none, nothing) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live solver; NULL for the rate of the error, which is not stored.
        unsafe { get_raw!(KSPComputeConvergenceRate(self.as_ptr(), _, _, none, nothing)) }.map(Some)
    }

    /// Returns the stored residual norms, including those of a solve that failed.
    #[wraps(KSPGetResidualHistory, not_collective)]
    pub fn residual_history(&self) -> Result<Vec<Real>> {
        // SAFETY: a live solver.
        let (data, n) = unsafe { get_raw!(KSPGetResidualHistory(self.as_ptr(), _, _)) }?;
        if data.is_null() {
            return Ok(Vec::new());
        }
        // SAFETY: PETSc wrote `n` norms there; they are copied before it can write again.
        Ok(unsafe { ffi::slice(data, ffi::size(n)?) }.to_vec())
    }
}
