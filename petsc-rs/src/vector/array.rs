//! Guards that lend the entries of this rank as a slice.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::ptr;

use super::VectorRef;
use crate::error::Result;
use crate::{Scalar, call, ffi, runtime, sys};

impl VectorRef {
    /// The entries of this rank, for reading. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if they are borrowed mutably through another handle.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt};
    /// let x = petsc_rs::Vector::from_slice(comm, &[Scalar::from_real(1.5)])?;
    /// assert_eq!(x.array()?[0].real(), 1.5);
    /// # Ok(()) })
    /// ```
    #[doc(alias = "VecGetArrayRead")]
    #[inline]
    pub fn array(&self) -> Result<ArrayRead<'_>> {
        let len = self.local_len()?;
        let borrow = ffi::Borrow::shared(self.as_ptr())?;
        let mut data = ptr::null();
        // SAFETY: a live vector and a valid out-pointer.
        unsafe { call!(VecGetArrayRead(self.as_ptr(), &raw mut data)) }?;
        Ok(ArrayRead {
            vector: self,
            data,
            len,
            _borrow: borrow,
        })
    }

    /// The entries of this rank, for reading and writing. Not collective, but tells PETSc that the
    /// content changed, so use it on all ranks.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if they are borrowed through another handle, or the vector is read-only.
    #[doc(alias = "VecGetArray")]
    #[inline]
    pub fn array_mut(&mut self) -> Result<ArrayMut<'_>> {
        let len = self.local_len()?;
        let borrow = ffi::Borrow::exclusive(self.as_ptr())?;
        let mut data = ptr::null_mut();
        // SAFETY: a live vector and a valid out-pointer.
        unsafe { call!(VecGetArray(self.as_ptr(), &raw mut data)) }?;
        Ok(ArrayMut {
            vector: self,
            data,
            len,
            _borrow: borrow,
        })
    }
}

/// Entries lent for reading, see [`VectorRef::array`].
pub struct ArrayRead<'a> {
    vector: &'a VectorRef,
    data: *const Scalar,
    len: usize,
    _borrow: ffi::Borrow,
}

impl Deref for ArrayRead<'_> {
    type Target = [Scalar];

    #[inline]
    fn deref(&self) -> &[Scalar] {
        // SAFETY: VecGetArrayRead gave `len` entries; the borrow table keeps writers out.
        unsafe { ffi::slice(self.data, self.len) }
    }
}

impl fmt::Debug for ArrayRead<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Drop for ArrayRead<'_> {
    fn drop(&mut self) {
        // SAFETY: `data` came from VecGetArrayRead on this vector, which the guard borrows.
        let code = unsafe { sys::VecRestoreArrayRead(self.vector.as_ptr(), &raw mut self.data) };
        runtime::record_drop("VecRestoreArrayRead", code);
    }
}

/// Entries lent for writing, see [`VectorRef::array_mut`].
pub struct ArrayMut<'a> {
    vector: &'a mut VectorRef,
    data: *mut Scalar,
    len: usize,
    _borrow: ffi::Borrow,
}

impl Deref for ArrayMut<'_> {
    type Target = [Scalar];

    #[inline]
    fn deref(&self) -> &[Scalar] {
        // SAFETY: VecGetArray gave `len` entries; the borrow table keeps everybody else out.
        unsafe { ffi::slice(self.data, self.len) }
    }
}

impl DerefMut for ArrayMut<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [Scalar] {
        // SAFETY: VecGetArray gave `len` entries; the borrow table keeps everybody else out.
        unsafe { ffi::slice_mut(self.data, self.len) }
    }
}

impl fmt::Debug for ArrayMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Drop for ArrayMut<'_> {
    fn drop(&mut self) {
        // SAFETY: `data` came from VecGetArray on this vector, which the guard borrows.
        let code = unsafe { sys::VecRestoreArray(self.vector.as_ptr(), &raw mut self.data) };
        runtime::record_drop("VecRestoreArray", code);
    }
}
