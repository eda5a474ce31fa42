//! Products with vectors.

use petsc_macros::wraps;

use super::MatrixRef;
use crate::error::Result;
use crate::vector::VectorRef;
use crate::{call, ffi, sys};

impl MatrixRef {
    /// Computes `y ← A·x`. Collective.
    ///
    /// # Errors
    /// `ARG_IDN` or `ARG_WRONGSTATE` if `x` and `y` are the same vector; `ARG_SIZ` if a size does
    /// not match; `ARG_WRONGSTATE` before assembly.
    #[wraps(MatMult)]
    #[inline]
    pub fn mult(&self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        self.check_readable()?;
        x.check_readable()?;
        y.check_writable()?;
        self.check_nested(x)?;
        self.check_nested(y)?;
        let _locks = ffi::Locks::note([x.as_ptr()])?;
        // SAFETY: live objects, nested only with a matrix that is (above); MatMult checks state, identity and sizes in every
        // build.
        unsafe { call!(MatMult(self.as_ptr(), x.as_ptr(), y.as_ptr())) }
    }

    /// Computes `z ← y + A·x`. Collective.
    #[wraps(MatMultAdd, errors = mult)]
    pub fn mult_add(&self, x: &VectorRef, y: &VectorRef, z: &mut VectorRef) -> Result<()> {
        self.check_vectors(x, z, false)?;
        self.check_left(y)?;
        y.check_readable()?;
        let _locks = ffi::Locks::note([x.as_ptr()])?;
        // SAFETY: live objects that fit (above).
        unsafe { call!(MatMultAdd(self.as_ptr(), x.as_ptr(), y.as_ptr(), z.as_ptr())) }
    }

    /// Computes `z ← z + A·x`. Collective.
    #[wraps(MatMultAdd, errors = mult)]
    pub fn mult_add_to(&self, x: &VectorRef, z: &mut VectorRef) -> Result<()> {
        self.check_vectors(x, z, false)?;
        let _locks = ffi::Locks::note([x.as_ptr()])?;
        // SAFETY: live objects that fit (above); MatMultAdd may get one vector as second and third.
        unsafe { call!(MatMultAdd(self.as_ptr(), x.as_ptr(), z.as_ptr(), z.as_ptr())) }
    }

    /// Computes `y ← Aᵀ·x`. Collective.
    #[wraps(MatMultTranspose, errors = mult)]
    pub fn mult_transpose(&self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        self.check_vectors(x, y, true)?;
        let _locks = ffi::Locks::note([x.as_ptr()])?;
        // SAFETY: live objects that fit (above).
        unsafe { call!(MatMultTranspose(self.as_ptr(), x.as_ptr(), y.as_ptr())) }
    }

    /// Computes `z ← y + Aᵀ·x`. Collective.
    #[wraps(MatMultTransposeAdd, errors = mult)]
    pub fn mult_transpose_add(
        &self,
        x: &VectorRef,
        y: &VectorRef,
        z: &mut VectorRef,
    ) -> Result<()> {
        self.check_vectors(x, z, true)?;
        self.check_right(y)?;
        y.check_readable()?;
        let _locks = ffi::Locks::note([x.as_ptr()])?;
        // SAFETY: live objects that fit (above).
        unsafe { call!(MatMultTransposeAdd(self.as_ptr(), x.as_ptr(), y.as_ptr(), z.as_ptr())) }
    }

    /// Computes `y ← Aᴴ·x`, the product with the conjugate transpose. Collective.
    #[wraps(MatMultHermitianTranspose, errors = mult)]
    pub fn mult_hermitian_transpose(&self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        self.check_vectors(x, y, true)?;
        let _locks = ffi::Locks::note([x.as_ptr()])?;
        // SAFETY: live objects that fit (above).
        unsafe { call!(MatMultHermitianTranspose(self.as_ptr(), x.as_ptr(), y.as_ptr())) }
    }

    /// Computes `z ← y + Aᴴ·x`. Collective.
    #[wraps(MatMultHermitianTransposeAdd, errors = mult)]
    pub fn mult_hermitian_transpose_add(
        &self,
        x: &VectorRef,
        y: &VectorRef,
        z: &mut VectorRef,
    ) -> Result<()> {
        self.check_vectors(x, z, true)?;
        self.check_right(y)?;
        y.check_readable()?;
        let _locks = ffi::Locks::note([x.as_ptr()])?;
        // SAFETY: live objects that fit (above).
        unsafe {
            call!(MatMultHermitianTransposeAdd(self.as_ptr(), x.as_ptr(), y.as_ptr(), z.as_ptr()))
        }
    }

    /// Checks of a product: some of the C functions check neither sizes nor the state.
    fn check_vectors(&self, x: &VectorRef, y: &VectorRef, transposed: bool) -> Result<()> {
        if transposed {
            self.check_left(x)?;
            self.check_right(y)?;
        } else {
            self.check_right(x)?;
            self.check_left(y)?;
        }
        self.check_assembled()?;
        x.check_distinct(y)?;
        self.check_readable()?;
        x.check_readable()?;
        y.check_writable()
    }
}
