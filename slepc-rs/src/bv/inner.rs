//! The inner product.

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::matrix::{Matrix, MatrixRef};
use petsc_rs::vector::VectorRef;
use petsc_rs::{Error, ErrorCode, Object as _, Result, call, ffi, internal};

use super::BvRef;
use crate::sys;

impl BvRef {
    /// Sets the matrix `B` of the inner product `⟨x, y⟩ = yᴴBx`, which later orthogonalizations and
    /// norms use. `None` restores the standard inner product. Logically collective. Default: none.
    ///
    /// `B` must be Hermitian, and positive (semi-)definite unless `indefinite` is true; SLEPc does
    /// not check this. The basis keeps a reference to `B` and caches products with it: call this
    /// method again after the values of `B` have changed.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the matrix lives on other processes; `ARG_SIZ` if the sizes of the
    /// matrix do not match.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Norm, Scalar, ScalarExt};
    /// use slepc_rs::bv::{Bv, BvType};
    /// let mut basis = Bv::new(comm, 4, 1, BvType::SVEC)?;
    /// basis.column_mut(0)?.set(Scalar::from_real(1.0))?;
    /// let b = Matrix::constant_diagonal(comm, 4, Scalar::from_real(9.0))?;
    /// basis.set_matrix(Some(&b), false)?;
    /// assert!((basis.norm_column(0, Norm::Two)? - 6.0).abs() < 1e-12); // √(4·9)
    /// # Ok(()) })
    /// ```
    #[wraps(BVSetMatrix)]
    pub fn set_matrix(&mut self, b: Option<&MatrixRef>, indefinite: bool) -> Result<()> {
        if let Some(b) = b {
            internal::check_same_ranks(self.object_ptr(), b.object_ptr())?;
            let sizes = self.sizes()?;
            let (local, global) = ((sizes.local, sizes.local), (sizes.global, sizes.global));
            if (b.local_size()?, b.size()?) != (local, global) {
                let text = format!(
                    "the matrix of the inner product must have the order of the vectors, {} ({} on this rank), got \
                     {:?} ({:?})",
                    sizes.global,
                    sizes.local,
                    b.size()?,
                    b.local_size()?
                );
                return Err(Error::new(ErrorCode::ARG_SIZ, text));
            }
        }
        self.forget()?;
        let basis = self.as_ptr();
        // SLEPc does nothing where it is the same matrix, whose values may have changed.
        // SAFETY: a live basis; NULL for no matrix.
        unsafe { call!(BVSetMatrix(basis, ptr::null_mut(), ffi::raw_bool(false))) }?;
        let Some(b) = b else {
            return Ok(());
        };
        // SAFETY: live objects that fit (above), of which SLEPc takes a reference.
        unsafe { call!(BVSetMatrix(basis, b.as_ptr(), ffi::raw_bool(indefinite))) }
    }

    /// Returns the matrix of the inner product, and whether it was set as indefinite. Not
    /// collective.
    #[wraps(BVGetMatrix)]
    #[track_caller]
    pub fn matrix(&self) -> Result<Option<(Matrix, bool)>> {
        petsc_rs::not_collective!();
        let (mut raw, mut indefinite) = (ptr::null_mut(), ffi::raw_bool(false));
        // SAFETY: a live basis and valid out-pointers.
        unsafe { call!(BVGetMatrix(self.as_ptr(), &raw mut raw, &raw mut indefinite)) }?;
        if raw.is_null() {
            return Ok(None);
        }
        // SAFETY: a live matrix.
        let matrix = unsafe { Matrix::operator_of(self, raw) }?;
        Ok(Some((matrix, ffi::to_bool(indefinite))))
    }

    /// Computes `y ← B·x`; without an inner product, copies `x` to `y`. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the sizes of a vector and the basis differ; the errors of the product.
    #[wraps(BVApplyMatrix)]
    pub fn apply_matrix(&self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        self.check_fit(&[x, y])?;
        x.check_readable()?;
        y.check_writable()?;
        let _locks = ffi::Locks::note([x.as_ptr(), y.as_ptr()])?;
        // SAFETY: live objects that fit (above).
        unsafe { call!(BVApplyMatrix(self.as_ptr(), x.as_ptr(), y.as_ptr())) }
    }
}
