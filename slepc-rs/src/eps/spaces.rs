//! Vectors that a solver begins with, or stays away from.

use std::ptr;

use petsc_rs::vector::VectorRef;
use petsc_rs::{Int, Result, call};

use super::EpsRef;
use crate::{solver, sys};

impl EpsRef {
    /// Sets the vectors from which the next solve begins, such as those of a similar problem. SLEPc
    /// orthogonalises copies when it solves, and forgets them afterwards. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without operators; `ARG_SIZ` if a vector does not fit them.
    #[doc(alias = "EPSSetInitialSpace")]
    pub fn set_initial_space(&mut self, vectors: &[&VectorRef]) -> Result<()> {
        let (n, mut raw) = self.check_space(vectors)?;
        // SAFETY: live vectors that fit the operators, of which SLEPc takes references.
        unsafe { call!(EPSSetInitialSpace(self.as_ptr(), n, raw.as_mut_ptr())) }
    }

    /// The same for the left vectors of a [two-sided](Self::set_two_sided) method.
    ///
    /// # Errors
    /// As [`set_initial_space`](Self::set_initial_space).
    #[doc(alias = "EPSSetLeftInitialSpace")]
    pub fn set_left_initial_space(&mut self, vectors: &[&VectorRef]) -> Result<()> {
        let (n, mut raw) = self.check_space(vectors)?;
        // SAFETY: as for `set_initial_space`.
        unsafe { call!(EPSSetLeftInitialSpace(self.as_ptr(), n, raw.as_mut_ptr())) }
    }

    /// Sets vectors that the next solve stays orthogonal to: an invariant subspace that is known, such as
    /// the constants of a graph's Laplacian. SLEPc forgets them afterwards. Collective.
    ///
    /// # Errors
    /// As [`set_initial_space`](Self::set_initial_space).
    #[doc(alias = "EPSSetDeflationSpace")]
    pub fn set_deflation_space(&mut self, vectors: &[&VectorRef]) -> Result<()> {
        let (n, mut raw) = self.check_space(vectors)?;
        // SAFETY: as for `set_initial_space`.
        unsafe { call!(EPSSetDeflationSpace(self.as_ptr(), n, raw.as_mut_ptr())) }
    }

    fn check_space(&self, vectors: &[&VectorRef]) -> Result<(Int, Vec<sys::Vec>)> {
        let (a, _) = self.operators()?;
        solver::check_fit(self, vectors, (a.local_size()?.0, a.size()?.0))
    }

    /// Forgets the vectors that were set for a problem of another size.
    pub(super) fn clear_spaces(&mut self) -> Result<()> {
        // SAFETY: a live solver; no vectors.
        unsafe { call!(EPSSetInitialSpace(self.as_ptr(), 0, ptr::null_mut())) }?;
        // SAFETY: as above.
        unsafe { call!(EPSSetLeftInitialSpace(self.as_ptr(), 0, ptr::null_mut())) }?;
        // SAFETY: as above.
        unsafe { call!(EPSSetDeflationSpace(self.as_ptr(), 0, ptr::null_mut())) }
    }
}
