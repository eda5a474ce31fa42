//! Matrices (`Mat` in C).

mod assembly;
mod builder;
mod kind;
mod ops;

use std::ops::Range;
use std::ptr;

pub use builder::Builder;
pub use kind::MatrixType;

use crate::error::Result;
use crate::object::petsc_object;
use crate::vector::Vector;
use crate::{Int, call, ffi, sys};

petsc_object! {
    /// A distributed matrix or linear operator.
    #[doc(alias = "Mat")]
    Matrix,
    /// A borrowed [`Matrix`].
    MatrixRef,
    Mat,
    MatDestroy,
}

impl MatrixRef {
    /// Global number of rows and columns. Not collective.
    ///
    /// # Errors
    /// What `MatGetSize` returns.
    #[doc(alias = "MatGetSize")]
    #[inline]
    pub fn size(&self) -> Result<(usize, usize)> {
        let (mut m, mut n) = (0, 0);
        // SAFETY: a live matrix and valid out-pointers.
        unsafe { call!(MatGetSize(self.as_ptr(), &raw mut m, &raw mut n)) }?;
        Ok((ffi::size(m)?, ffi::size(n)?))
    }

    /// Number of rows that this rank owns, and of the entries it owns of a vector that the matrix
    /// multiplies. Not collective.
    ///
    /// # Errors
    /// What `MatGetLocalSize` returns.
    #[doc(alias = "MatGetLocalSize")]
    pub fn local_size(&self) -> Result<(usize, usize)> {
        let (mut m, mut n) = (0, 0);
        // SAFETY: a live matrix and valid out-pointers.
        unsafe { call!(MatGetLocalSize(self.as_ptr(), &raw mut m, &raw mut n)) }?;
        Ok((ffi::size(m)?, ffi::size(n)?))
    }

    /// Global indices of the rows that this rank owns. Not collective.
    ///
    /// # Errors
    /// What `MatGetOwnershipRange` returns.
    #[doc(alias = "MatGetOwnershipRange")]
    pub fn ownership_range(&self) -> Result<Range<Int>> {
        let (mut start, mut end) = (0, 0);
        // SAFETY: a live matrix and valid out-pointers.
        unsafe {
            call!(MatGetOwnershipRange(
                self.as_ptr(),
                &raw mut start,
                &raw mut end
            ))
        }?;
        Ok(start..end)
    }

    /// A vector `x` that the matrix can multiply and a vector `y` for the product `y = A·x`, filled
    /// with zeros. Collective.
    ///
    /// # Errors
    /// What `MatCreateVecs` returns.
    #[doc(alias = "MatCreateVecs")]
    #[track_caller]
    pub fn vectors(&self) -> Result<(Vector, Vector)> {
        let (mut right, mut left) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live matrix and valid out-pointers.
        unsafe { call!(MatCreateVecs(self.as_ptr(), &raw mut right, &raw mut left)) }?;
        // SAFETY: just created; the reference is ours.
        let mut right = unsafe { Vector::from_raw(right) };
        // SAFETY: as above.
        let mut left = unsafe { Vector::from_raw(left) };
        right.set_zero()?;
        left.set_zero()?;
        Ok((right, left))
    }
}
