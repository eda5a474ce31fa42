//! Vectors that a solver begins with, or stays away from.

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::matrix::MatrixRef;
use petsc_rs::vector::{Vector, VectorRef};
use petsc_rs::{ErrorCode, Int, Result, call, ffi, internal};

use super::{EpsRef, Which};
use crate::bv::BvRef;
use crate::{solver, sys};

impl EpsRef {
    /// Sets the vectors from which the next solve begins, such as those of a similar problem. SLEPc
    /// orthogonalizes copies when it solves, and forgets them afterwards. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without operators; `ARG_SIZ` if a vector does not fit them.
    #[wraps(EPSSetInitialSpace)]
    pub fn set_initial_space(&mut self, vectors: &[&VectorRef]) -> Result<()> {
        let (n, mut raw) = self.check_space(vectors)?;
        // SAFETY: live vectors that fit the operators, of which SLEPc takes references.
        unsafe { call!(EPSSetInitialSpace(*self.busy()?, n, raw.as_mut_ptr())) }
    }

    /// The same for the left vectors of a [two-sided](Self::set_two_sided) method.
    ///
    /// # Errors
    /// The errors of [`set_initial_space`](Self::set_initial_space).
    #[wraps(EPSSetLeftInitialSpace)]
    pub fn set_left_initial_space(&mut self, vectors: &[&VectorRef]) -> Result<()> {
        let (n, mut raw) = self.check_space(vectors)?;
        // SAFETY: as for `set_initial_space`.
        unsafe { call!(EPSSetLeftInitialSpace(*self.busy()?, n, raw.as_mut_ptr())) }
    }

    /// Sets vectors that the next solve stays orthogonal to: an invariant subspace that is known, such as
    /// the constants of a graph's Laplacian. SLEPc forgets them afterwards. Collective.
    ///
    /// # Errors
    /// The errors of [`set_initial_space`](Self::set_initial_space).
    #[wraps(EPSSetDeflationSpace)]
    pub fn set_deflation_space(&mut self, vectors: &[&VectorRef]) -> Result<()> {
        let (n, mut raw) = self.check_space(vectors)?;
        // SAFETY: as for `set_initial_space`.
        unsafe { call!(EPSSetDeflationSpace(*self.busy()?, n, raw.as_mut_ptr())) }
    }

    /// An orthonormal basis of the invariant subspace that belongs to the eigenvalues which converged, for a study that
    /// needs no single vectors. Collective; after a solve, before any vector or error of a pair is asked for.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` unless solved, or, of a problem that is not Hermitian, after eigenvectors were computed; `SUP` for
    /// all eigenvalues of an interval.
    #[wraps(EPSGetInvariantSubspace)]
    #[track_caller]
    pub fn invariant_subspace(&self) -> Result<Vec<Vector>> {
        ffi::check_no_writer()?;
        let n = self.solved()?;
        self.check_vectors()?;
        if self.which()? == Some(Which::All) {
            let text = "an interval is solved in parts, which have no basis in common";
            return Err(internal::collective(ErrorCode::SUP, text));
        }
        let basis = (0..n).map(|_| Ok(self.first_operator()?.vectors()?.0));
        let basis = basis.collect::<Result<Vec<_>>>()?;
        let mut raw: Vec<_> = basis.iter().map(|v| v.as_ptr()).collect();
        if raw.is_empty() {
            return Ok(basis);
        }
        // SAFETY: a solver that has solved, and as many vectors that fit its operators as have converged.
        unsafe { call!(EPSGetInvariantSubspace(self.as_ptr(), raw.as_mut_ptr())) }?;
        Ok(basis)
    }

    /// Sets the inner product `⟨x, y⟩ = yᴴBx` of the next solve's subspace: an operator that is no Hermitian matrix, and
    /// self-adjoint in it (such as `A⁻¹B` of Hermitian `A` and `B`), is solved as a Hermitian problem. Sets the solver
    /// up, with everything that was said before; another set-up forgets it. Collective.
    ///
    /// # Errors
    /// The errors of [`set_up`](Self::set_up); `ARG_SIZ` if the matrix does not fit the operators.
    #[wraps(BVSetMatrix)]
    pub fn set_inner_product(&mut self, b: &MatrixRef) -> Result<()> {
        self.set_up()?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSGetBV(*self.busy()?, &raw mut raw)) }?;
        // SAFETY: the solver, which is borrowed mutably, keeps its basis.
        let basis = unsafe { BvRef::from_ptr_mut(raw) };
        basis.set_matrix(Some(b), false)
    }

    fn check_space(&self, vectors: &[&VectorRef]) -> Result<(Int, Vec<sys::Vec>)> {
        let (a, _) = self.operators()?;
        solver::check_fit(self, vectors, (a.local_size()?.0, a.size()?.0))
    }

    /// Forgets the vectors that were set for a problem of another size.
    pub(super) fn clear_spaces(&mut self) -> Result<()> {
        // SAFETY: a live solver; no vectors.
        unsafe { call!(EPSSetInitialSpace(*self.busy()?, 0, ptr::null_mut())) }?;
        // SAFETY: as above.
        unsafe { call!(EPSSetLeftInitialSpace(*self.busy()?, 0, ptr::null_mut())) }?;
        // SAFETY: as above.
        unsafe { call!(EPSSetDeflationSpace(*self.busy()?, 0, ptr::null_mut())) }
    }
}
