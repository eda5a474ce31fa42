//! Guards that lend the entries of this rank as a slice.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::ptr;

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2};

use super::VectorRef;
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::{Access, Borrows};
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
        crate::not_collective!();
        let len = self.local_len()?;
        let borrow = self.borrow_first(Access::Read)?;
        let mut data = ptr::null();
        // SAFETY: a live vector and a valid out-pointer.
        unsafe { call!(VecGetArrayRead(self.as_ptr(), &raw mut data)) }?;
        let mut guard = ArrayRead {
            vector: self,
            data,
            len,
            borrow: None,
        };
        let lent = guard.vector.lent(borrow, Access::Read, data, len)?;
        guard.borrow = Some(lent);
        Ok(guard)
    }

    /// The entries of this rank, for reading and writing. Not collective, but tells PETSc that the
    /// content changed, so use it on all ranks.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if they are borrowed through another handle, or the vector is read-only.
    #[doc(alias = "VecGetArray")]
    #[inline]
    pub fn array_mut(&mut self) -> Result<ArrayMut<'_>> {
        crate::not_collective!();
        let len = self.local_len()?;
        let borrow = self.borrow_first(Access::Write)?;
        let mut data = ptr::null_mut();
        // SAFETY: a live vector and a valid out-pointer.
        unsafe { call!(VecGetArray(self.as_ptr(), &raw mut data)) }?;
        let mut guard = ArrayMut {
            vector: self,
            data,
            len,
            overwrite: false,
            borrow: None,
        };
        let lent = guard.vector.lent(borrow, Access::Write, data, len)?;
        guard.borrow = Some(lent);
        Ok(guard)
    }

    /// As [`array_mut`](Self::array_mut) for a caller that writes every entry: what the slice holds
    /// at first is unspecified, which saves a copy where the entries live elsewhere. Not collective.
    ///
    /// # Errors
    /// As [`array_mut`](Self::array_mut).
    #[doc(alias = "VecGetArrayWrite")]
    #[inline]
    pub fn array_write(&mut self) -> Result<ArrayMut<'_>> {
        crate::not_collective!();
        if self.is_nest()? {
            // PETSc would lend memory that nobody has initialised.
            return self.array_mut();
        }
        let len = self.local_len()?;
        let borrow = self.borrow_first(Access::Write)?;
        let mut data = ptr::null_mut();
        // SAFETY: a live vector and a valid out-pointer.
        unsafe { call!(VecGetArrayWrite(self.as_ptr(), &raw mut data)) }?;
        let mut guard = ArrayMut {
            vector: self,
            data,
            len,
            overwrite: true,
            borrow: None,
        };
        let lent = guard.vector.lent(borrow, Access::Write, data, len)?;
        guard.borrow = Some(lent);
        Ok(guard)
    }
}

/// Rows of `columns` entries, which must fill the slice.
fn shape(len: usize, columns: usize) -> Result<(usize, usize)> {
    if columns == 0 || len % columns != 0 {
        return Err(Error::new(
            ErrorCode::ARG_SIZ,
            format!("{len} entries are no whole number of rows of {columns}"),
        ));
    }
    Ok((len / columns, columns))
}

/// Entries lent for reading, see [`VectorRef::array`].
pub struct ArrayRead<'a> {
    vector: &'a VectorRef,
    data: *const Scalar,
    len: usize,
    borrow: Option<Borrows>,
}

impl ArrayRead<'_> {
    /// The entries as a one-dimensional array.
    #[must_use]
    pub fn view(&self) -> ArrayView1<'_, Scalar> {
        ArrayView1::from(&**self)
    }

    /// The entries as rows of `columns` each, the last index running fastest. Not collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the entries do not fill whole rows.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt, Vector};
    /// let x = Vector::from_slice(comm, &[1.0, 2.0, 3.0, 4.0].map(Scalar::from_real))?;
    /// assert_eq!(x.array()?.view2(2)?[(1, 0)].real(), 3.0);
    /// # Ok(()) })
    /// ```
    pub fn view2(&self, columns: usize) -> Result<ArrayView2<'_, Scalar>> {
        crate::not_collective!();
        Ok(ArrayView2::from_shape(shape(self.len, columns)?, self)?)
    }
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
    overwrite: bool,
    borrow: Option<Borrows>,
}

impl ArrayMut<'_> {
    /// The entries as a one-dimensional array.
    #[must_use]
    pub fn view_mut(&mut self) -> ArrayViewMut1<'_, Scalar> {
        ArrayViewMut1::from(&mut **self)
    }

    /// The entries as rows of `columns` each, the last index running fastest. Not collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the entries do not fill whole rows.
    pub fn view2_mut(&mut self, columns: usize) -> Result<ArrayViewMut2<'_, Scalar>> {
        crate::not_collective!();
        let shape = shape(self.len, columns)?;
        Ok(ArrayViewMut2::from_shape(shape, self)?)
    }
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
        if self.overwrite {
            // SAFETY: `data` came from VecGetArrayWrite on this vector, which the guard borrows.
            let code =
                unsafe { sys::VecRestoreArrayWrite(self.vector.as_ptr(), &raw mut self.data) };
            runtime::record_drop("VecRestoreArrayWrite", code);
        } else {
            // SAFETY: `data` came from VecGetArray on this vector, which the guard borrows.
            let code = unsafe { sys::VecRestoreArray(self.vector.as_ptr(), &raw mut self.data) };
            runtime::record_drop("VecRestoreArray", code);
        }
    }
}
