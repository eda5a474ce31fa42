//! Guards that lend the entries of this rank as a slice.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::ptr;

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2};

use super::VectorRef;
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::{Access, Borrow, Borrows};
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
        let (lent, len, borrows) = if let Some((held, len)) = self.hold_alone() {
            let lent = LentRead::get(self)?;
            let borrow = Borrow::enter_array(held, lent.data, len, Access::Read)?;
            (lent, len, borrow.into())
        } else {
            self.lend_beside()?
        };
        Ok(ArrayRead {
            lent,
            len,
            _borrows: borrows,
        })
    }

    /// The same beside other guards, or with parts.
    #[cold]
    fn lend_beside(&self) -> Result<(LentRead<'_>, usize, Borrows)> {
        let len = self.local_len()?;
        let borrows = self.borrow_array(Access::Read)?;
        let lent = LentRead::get(self)?;
        borrows.own.cover(lent.data, len)?;
        Ok((lent, len, borrows))
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
        self.lend_mut(false)
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
        self.lend_mut(true)
    }

    #[inline]
    fn lend_mut(&mut self, overwrite: bool) -> Result<ArrayMut<'_>> {
        let (lent, len, borrows) = if let Some((held, len)) = self.hold_alone() {
            let lent = LentMut::get(self, overwrite)?;
            let borrow = Borrow::enter_array(held, lent.data, len, Access::Write)?;
            (lent, len, borrow.into())
        } else {
            self.lend_mut_beside(overwrite)?
        };
        Ok(ArrayMut {
            lent,
            len,
            _borrows: borrows,
        })
    }

    /// The same beside other guards, or with parts.
    #[cold]
    fn lend_mut_beside(&mut self, overwrite: bool) -> Result<(LentMut<'_>, usize, Borrows)> {
        let len = self.local_len()?;
        let borrows = self.borrow_array(Access::Write)?;
        // Of a nested vector, PETSc would lend memory that nobody has initialised.
        let overwrite = overwrite && !self.is_nest()?;
        let lent = LentMut::get(self, overwrite)?;
        borrows.own.cover(lent.data, len)?;
        Ok((lent, len, borrows))
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
    lent: LentRead<'a>,
    len: usize,
    // After the line above: C has the array back before others may ask for it.
    _borrows: Borrows,
}

/// What C lent, to be given back.
struct LentRead<'a> {
    vector: &'a VectorRef,
    data: *const Scalar,
}

impl<'a> LentRead<'a> {
    #[inline]
    fn get(vector: &'a VectorRef) -> Result<Self> {
        let mut data = ptr::null();
        // SAFETY: a live vector and a valid out-pointer.
        unsafe { call!(VecGetArrayRead(vector.as_ptr(), &raw mut data)) }?;
        Ok(Self { vector, data })
    }
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
        unsafe { ffi::slice(self.lent.data, self.len) }
    }
}

impl fmt::Debug for ArrayRead<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Drop for LentRead<'_> {
    #[inline]
    fn drop(&mut self) {
        let mut data = self.data;
        // SAFETY: `data` came from VecGetArrayRead on this vector, which the guard borrows.
        let code = unsafe { sys::VecRestoreArrayRead(self.vector.as_ptr(), &raw mut data) };
        runtime::record_drop("VecRestoreArrayRead", code);
    }
}

/// Entries lent for writing, see [`VectorRef::array_mut`].
pub struct ArrayMut<'a> {
    lent: LentMut<'a>,
    len: usize,
    // As for `ArrayRead`.
    _borrows: Borrows,
}

/// What C lent, to be given back.
struct LentMut<'a> {
    vector: &'a mut VectorRef,
    data: *mut Scalar,
    overwrite: bool,
}

impl<'a> LentMut<'a> {
    #[inline]
    fn get(vector: &'a mut VectorRef, overwrite: bool) -> Result<Self> {
        let mut data = ptr::null_mut();
        if overwrite {
            // SAFETY: a live vector and a valid out-pointer.
            unsafe { call!(VecGetArrayWrite(vector.as_ptr(), &raw mut data)) }?;
        } else {
            // SAFETY: a live vector and a valid out-pointer.
            unsafe { call!(VecGetArray(vector.as_ptr(), &raw mut data)) }?;
        }
        Ok(Self {
            vector,
            data,
            overwrite,
        })
    }
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
        unsafe { ffi::slice(self.lent.data, self.len) }
    }
}

impl DerefMut for ArrayMut<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [Scalar] {
        // SAFETY: VecGetArray gave `len` entries; the borrow table keeps everybody else out.
        unsafe { ffi::slice_mut(self.lent.data, self.len) }
    }
}

impl fmt::Debug for ArrayMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Drop for LentMut<'_> {
    #[inline]
    fn drop(&mut self) {
        let mut data = self.data;
        if self.overwrite {
            // SAFETY: `data` came from VecGetArrayWrite on this vector, which the guard borrows.
            let code = unsafe { sys::VecRestoreArrayWrite(self.vector.as_ptr(), &raw mut data) };
            runtime::record_drop("VecRestoreArrayWrite", code);
        } else {
            // SAFETY: `data` came from VecGetArray on this vector, which the guard borrows.
            let code = unsafe { sys::VecRestoreArray(self.vector.as_ptr(), &raw mut data) };
            runtime::record_drop("VecRestoreArray", code);
        }
    }
}
