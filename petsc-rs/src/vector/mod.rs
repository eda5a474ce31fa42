//! Vectors: distributed arrays of scalars (`Vec` in C).

mod array;
mod create;
mod ops;
mod reduce;
mod values;

use std::ops::Range;

pub use array::{ArrayMut, ArrayRead};
pub use reduce::Norm;
pub use values::InsertMode;

use crate::error::{Error, ErrorCode, Result};
use crate::object::petsc_object;
use crate::{Int, call, ffi, sys};

petsc_object! {
    /// A distributed vector.
    #[doc(alias = "Vec")]
    Vector,
    /// A borrowed [`Vector`].
    VectorRef,
    Vec,
    VecDestroy,
}

impl VectorRef {
    /// Global number of entries. Not collective.
    ///
    /// # Errors
    /// What `VecGetSize` returns.
    #[doc(alias = "VecGetSize")]
    pub fn len(&self) -> Result<usize> {
        let mut n = 0;
        // SAFETY: a live vector and a valid out-pointer.
        unsafe { call!(VecGetSize(self.as_ptr(), &raw mut n)) }?;
        ffi::size(n)
    }

    /// Whether the vector has no entries at all. Not collective.
    ///
    /// # Errors
    /// As [`len`](Self::len).
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Number of entries that this rank owns. Not collective.
    ///
    /// # Errors
    /// What `VecGetLocalSize` returns.
    #[doc(alias = "VecGetLocalSize")]
    #[inline]
    pub fn local_len(&self) -> Result<usize> {
        let mut n = 0;
        // SAFETY: a live vector and a valid out-pointer.
        unsafe { call!(VecGetLocalSize(self.as_ptr(), &raw mut n)) }?;
        ffi::size(n)
    }

    /// Global indices that this rank owns. Not collective.
    ///
    /// # Errors
    /// What `VecGetOwnershipRange` returns.
    #[doc(alias = "VecGetOwnershipRange")]
    pub fn ownership_range(&self) -> Result<Range<Int>> {
        let (mut start, mut end) = (0, 0);
        // SAFETY: a live vector and valid out-pointers.
        unsafe {
            call!(VecGetOwnershipRange(
                self.as_ptr(),
                &raw mut start,
                &raw mut end
            ))
        }?;
        Ok(start..end)
    }

    /// All valid global indices.
    pub(crate) fn index_range(&self) -> Result<Range<Int>> {
        Ok(0..ffi::petsc_int(self.len()?)?)
    }

    /// Asks the borrow table before reading through C.
    #[inline]
    pub(crate) fn check_readable(&self) -> Result<()> {
        ffi::check_readable(self.as_ptr())
    }

    /// Asks the borrow table before writing through C.
    #[inline]
    pub(crate) fn check_writable(&self) -> Result<()> {
        ffi::check_writable(self.as_ptr())
    }

    /// For operations whose implementation reads the other vector's private data: optimised PETSc
    /// does not check that both have the same type.
    pub(crate) fn check_same_kind(&self, other: &Self) -> Result<()> {
        let (mut mine, mut others) = (std::ptr::null(), std::ptr::null());
        // SAFETY: a live vector and a valid out-pointer.
        unsafe { call!(VecGetType(self.as_ptr(), &raw mut mine)) }?;
        // SAFETY: as above.
        unsafe { call!(VecGetType(other.as_ptr(), &raw mut others)) }?;
        if mine == others {
            return Ok(());
        }
        // SAFETY: NULL or a string that lives as long as the vector's type.
        let mine = unsafe { ffi::str_from_ptr(mine) };
        // SAFETY: as above.
        let others = unsafe { ffi::str_from_ptr(others) };
        if mine.is_some() && mine == others {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_NOTSAMETYPE,
            format!(
                "the vectors have different types: {} and {}",
                mine.as_deref().unwrap_or("(none)"),
                others.as_deref().unwrap_or("(none)")
            ),
        ))
    }
}
