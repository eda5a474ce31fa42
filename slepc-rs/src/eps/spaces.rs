//! Initial vectors and deflation space.

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::matrix::MatrixRef;
use petsc_rs::vector::{Vector, VectorRef};
use petsc_rs::{ErrorCode, Int, Result, call, ffi, internal};

use super::{EpsRef, Which};
use crate::bv::BvRef;
use crate::sys;

impl EpsRef {
    /// Sets the initial vectors of the next solve, such as eigenvectors of a similar problem. The
    /// solve orthogonalizes copies of the vectors. After the solve, SLEPc discards the initial
    /// vectors. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without operators; `ARG_SIZ` if the sizes of a vector do not match the
    /// operators.
    #[wraps(EPSSetInitialSpace)]
    pub fn set_initial_space(&mut self, vectors: &[&VectorRef]) -> Result<()> {
        let (n, mut raw) = self.check_space(vectors)?;
        // SAFETY: live vectors of the sizes of the operators, of which SLEPc takes references.
        unsafe { call!(EPSSetInitialSpace(*self.busy()?, n, raw.as_mut_ptr())) }
    }

    /// Sets the initial left vectors of the next solve with a [two-sided](Self::set_two_sided)
    /// method. See [`set_initial_space`](Self::set_initial_space).
    #[wraps(EPSSetLeftInitialSpace, errors = set_initial_space)]
    pub fn set_left_initial_space(&mut self, vectors: &[&VectorRef]) -> Result<()> {
        let (n, mut raw) = self.check_space(vectors)?;
        // SAFETY: as for `set_initial_space`.
        unsafe { call!(EPSSetLeftInitialSpace(*self.busy()?, n, raw.as_mut_ptr())) }
    }

    /// Sets vectors against which the next solve orthogonalizes: a known invariant subspace, such
    /// as the constant vectors for the Laplacian of a graph. SLEPc discards the vectors after the
    /// solve. Collective.
    #[wraps(EPSSetDeflationSpace, errors = set_initial_space)]
    pub fn set_deflation_space(&mut self, vectors: &[&VectorRef]) -> Result<()> {
        let (n, mut raw) = self.check_space(vectors)?;
        // SAFETY: as for `set_initial_space`.
        unsafe { call!(EPSSetDeflationSpace(*self.busy()?, n, raw.as_mut_ptr())) }
    }

    /// Returns an orthonormal basis of the invariant subspace of the converged eigenvalues, an
    /// alternative to the individual eigenvectors. Collective.
    ///
    /// Call this method after a solve, before any eigenvector or error of an eigenpair is computed.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before a solve, or, for a non-Hermitian problem, after eigenvectors were
    /// computed; `SUP` if all eigenvalues of an interval were computed.
    #[wraps(EPSGetInvariantSubspace)]
    #[track_caller]
    pub fn invariant_subspace(&self) -> Result<Vec<Vector>> {
        ffi::check_no_writer()?;
        let n = self.solved()?;
        self.check_vectors()?;
        if self.which()? == Some(Which::All) {
            let text = "spectrum slicing computes subintervals separately and has no common basis";
            return Err(internal::collective(ErrorCode::SUP, text));
        }
        let basis = (0..n).map(|_| Ok(self.first_operator()?.vectors()?.0));
        let basis = basis.collect::<Result<Vec<_>>>()?;
        let mut raw: Vec<_> = basis.iter().map(|v| v.as_ptr()).collect();
        if raw.is_empty() {
            return Ok(basis);
        }
        // SAFETY: a solver that has solved, and one vector of the sizes of the operators per
        // converged eigenvalue.
        unsafe { call!(EPSGetInvariantSubspace(self.as_ptr(), raw.as_mut_ptr())) }?;
        Ok(basis)
    }

    /// Sets the inner product `⟨x, y⟩ = yᴴBx` of the subspace for the next solve. If an operator is
    /// not Hermitian but self-adjoint in this inner product (such as `A⁻¹B` with Hermitian `A` and
    /// `B`), the problem can then be solved as a Hermitian problem. Collective.
    ///
    /// This method sets up the solver with the settings made so far; a later setup discards the
    /// inner product.
    ///
    /// # Errors
    /// The errors of [`set_up`](Self::set_up); `ARG_SIZ` if the sizes of the matrix do not match
    /// the operators.
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
        crate::base::check_fit(self, vectors, (a.local_size()?.0, a.size()?.0))
    }

    /// Discards vectors that were set for a problem of another size.
    pub(super) fn clear_spaces(&mut self) -> Result<()> {
        // SAFETY: a live solver; no vectors.
        unsafe { call!(EPSSetInitialSpace(*self.busy()?, 0, ptr::null_mut())) }?;
        // SAFETY: as above.
        unsafe { call!(EPSSetLeftInitialSpace(*self.busy()?, 0, ptr::null_mut())) }?;
        // SAFETY: as above.
        unsafe { call!(EPSSetDeflationSpace(*self.busy()?, 0, ptr::null_mut())) }
    }
}
