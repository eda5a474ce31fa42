//! The inner product.

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::matrix::{Matrix, MatrixRef};
use petsc_rs::vector::VectorRef;
use petsc_rs::{Error, ErrorCode, Object as _, Result, call, ffi, internal};

use super::BvRef;
use crate::sys;

impl BvRef {
    /// Sets the matrix `B` of the inner product `⟨x, y⟩ = yᴴBx`, in which everything is orthogonal from then on; `None`
    /// takes it away. `B` is Hermitian, and positive (semi-)definite unless it is said to be `indefinite`: SLEPc
    /// believes this. The basis counts a reference, and keeps products with `B`: set it again after its values have
    /// changed. Logically collective. Default: none.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the matrix lives on other processes; `ARG_SIZ` if it does not fit.
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
                    "the inner product of vectors of {} entries ({} on this rank) is a matrix of that order, got \
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

    /// The matrix of the inner product, and whether it is said to be indefinite. Not collective.
    ///
    /// # Errors
    /// What `BVGetMatrix` returns.
    #[wraps(BVGetMatrix)]
    #[track_caller]
    pub fn matrix(&self) -> Result<Option<(Matrix, bool)>> {
        petsc_rs::not_collective!();
        let (mut raw, mut indefinite) = (ptr::null_mut(), ffi::raw_bool(false));
        // SAFETY: a live basis and valid out-pointers.
        unsafe {
            call!(BVGetMatrix(
                self.as_ptr(),
                &raw mut raw,
                &raw mut indefinite
            ))
        }?;
        if raw.is_null() {
            return Ok(None);
        }
        // SAFETY: a live matrix.
        let matrix = unsafe { Matrix::operator_of(self, raw) }?;
        Ok(Some((matrix, ffi::to_bool(indefinite))))
    }

    /// Computes `y ← B·x`, or copies `x` without an inner product. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a vector does not fit; what the product returns.
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
