//! Array access: guards that lend the entries of this rank as a slice.

use std::marker::PhantomData;

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2};
use petsc_macros::wraps;

use super::VectorRef;
use super::lent::{Lent, Way};
use crate::error::{Error, ErrorCode, Result};
use crate::{Scalar, ffi};

impl VectorRef {
    /// Lends the entries of this rank for reading.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the entries are borrowed mutably through another handle.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt};
    /// let x = petsc_rs::Vector::from_slice(comm, &[Scalar::from_real(1.5)])?;
    /// assert_eq!(x.array()?[0].real(), 1.5);
    /// # Ok(()) })
    /// ```
    #[wraps(VecGetArrayRead, not_collective)]
    #[inline]
    pub fn array(&self) -> Result<ArrayRead<'_>> {
        let lent = Lent::get(self, Way::Read)?;
        Ok(ArrayRead { lent })
    }

    /// Lends the entries of this rank for reading and writing.
    ///
    /// This call marks the vector as changed, so all ranks must call it.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the entries are borrowed through another handle, or if the vector is
    /// read-only.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut x = Vector::new(comm, 10)?;
    /// let first = x.ownership_range()?.start;
    /// for (entry, i) in x.array_mut()?.iter_mut().zip(first..) {
    ///     *entry = Scalar::from_real(i as Real);
    /// }
    /// assert_eq!(x.sum()?.real(), 45.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecGetArray, not_collective)]
    #[inline]
    pub fn array_mut(&mut self) -> Result<ArrayMut<'_>> {
        ArrayMut::get(self, Way::ReadWrite)
    }

    /// Lends the entries of this rank for overwriting.
    ///
    /// The initial content of the slice is unspecified: write every entry. PETSc can therefore omit
    /// a copy of the old entries, for example from a GPU. See [`array_mut`](Self::array_mut).
    #[wraps(VecGetArrayWrite, not_collective, errors = array_mut)]
    #[inline]
    pub fn array_write(&mut self) -> Result<ArrayMut<'_>> {
        ArrayMut::get(self, Way::Overwrite)
    }
}

/// Returns the numbers of rows and columns, if rows of `columns` entries fill the slice.
fn shape(len: usize, columns: usize) -> Result<(usize, usize)> {
    if columns == 0 || len % columns != 0 {
        return Err(Error::new(
            ErrorCode::ARG_SIZ,
            format!("the number of entries, {len}, is not a multiple of the row length {columns}"),
        ));
    }
    Ok((len / columns, columns))
}

/// Entries lent for reading. See [`VectorRef::array`].
pub struct ArrayRead<'a> {
    lent: Lent<'a>,
}

impl ArrayRead<'_> {
    /// Returns the entries as a one-dimensional array.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let x = Vector::from_slice(comm, &[1.0.into(), 2.0.into(), 3.0.into()])?;
    /// let array = x.array()?;
    /// assert_eq!(array.view().sum().real(), 6.0); // the sum on this rank
    /// # Ok(()) })
    /// ```
    #[must_use]
    pub fn view(&self) -> ArrayView1<'_, Scalar> {
        ArrayView1::from(&**self)
    }

    /// Returns the entries as rows of `columns` entries each, in row-major order. Not collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the number of entries is not a multiple of `columns`.
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
        Ok(ArrayView2::from_shape(shape(self.len(), columns)?, self)?)
    }
}

ffi::lends! {
    ArrayRead<'_> => [Scalar]: |this| {
        // SAFETY: C lends `len` entries; the borrow table keeps writers out.
        unsafe { ffi::slice(this.lent.data, this.lent.len) }
    }
}

/// Entries lent for writing. See [`VectorRef::array_mut`].
pub struct ArrayMut<'a> {
    lent: Lent<'a>,
    _vector: PhantomData<&'a mut VectorRef>,
}

ffi::lends! {
    ArrayMut<'_> => [Scalar]: |this| {
        // SAFETY: C lends `len` entries; the borrow table keeps everybody else out.
        unsafe { ffi::slice(this.lent.data, this.lent.len) }
    }, |this| {
        // SAFETY: as above.
        unsafe { ffi::slice_mut(this.lent.data, this.lent.len) }
    }
}

impl<'a> ArrayMut<'a> {
    #[inline]
    fn get(vector: &'a mut VectorRef, way: Way) -> Result<Self> {
        Ok(Self { lent: Lent::get(vector, way)?, _vector: PhantomData })
    }
}

impl ArrayMut<'_> {
    /// Returns the entries as a one-dimensional array.
    #[must_use]
    pub fn view_mut(&mut self) -> ArrayViewMut1<'_, Scalar> {
        ArrayViewMut1::from(&mut **self)
    }

    /// Returns the entries as rows of `columns` entries each, in row-major order. Not collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the number of entries is not a multiple of `columns`.
    pub fn view2_mut(&mut self, columns: usize) -> Result<ArrayViewMut2<'_, Scalar>> {
        crate::not_collective!();
        let shape = shape(self.len(), columns)?;
        Ok(ArrayViewMut2::from_shape(shape, self)?)
    }
}
