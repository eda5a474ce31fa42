//! Array access to dense matrices: guards that lend the local entries.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::ptr;

use ndarray::{ArrayView2, ArrayViewMut2, ShapeBuilder as _};
use petsc_macros::wraps;

use super::MatrixRef;
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::{Access, Borrows, Region};
use crate::{Object as _, Scalar, call, ffi, runtime, sys};

/// Layout of the array: column `j` begins at `j·lda`.
#[derive(Clone, Copy, Debug)]
struct Shape {
    rows: usize,
    columns: usize,
    lda: usize,
}

impl Shape {
    /// Returns the number of entries from the first to the last.
    fn len(self) -> usize {
        if self.rows == 0 || self.columns == 0 {
            0
        } else {
            self.lda * (self.columns - 1) + self.rows
        }
    }

    fn column(self, j: usize) -> Result<std::ops::Range<usize>> {
        if j >= self.columns {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!("column {j} is outside the {} columns", self.columns),
            ));
        }
        if self.rows == 0 {
            return Ok(0..0);
        }
        Ok(j * self.lda..j * self.lda + self.rows)
    }
}

/// Local entries lent for reading. See [`MatrixRef::dense`].
///
/// Dereferences to the array in column-major order; [`lda`](Self::lda) is the distance between the
/// starts of columns.
pub struct DenseRead<'a> {
    matrix: &'a MatrixRef,
    data: *const Scalar,
    shape: Shape,
    _borrow: Borrows,
}

/// Local entries lent for writing. See [`MatrixRef::dense_mut`].
pub struct DenseMut<'a> {
    matrix: &'a mut MatrixRef,
    data: *mut Scalar,
    shape: Shape,
    _borrow: Borrows,
}

impl MatrixRef {
    /// Lends the rows of this rank of a dense matrix for reading.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` for a matrix that is not dense; `ARG_WRONGSTATE` if the entries are
    /// borrowed mutably through another handle.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt};
    /// let r = Scalar::from_real;
    /// let a = Matrix::from_dense(comm, 1, 3, &[r(1.0), r(2.0), r(3.0)])?;
    /// assert_eq!(a.dense()?.view()[(0, 2)], r(3.0));
    /// # Ok(()) })
    /// ```
    #[wraps(MatDenseGetArrayRead, not_collective)]
    pub fn dense(&self) -> Result<DenseRead<'_>> {
        let shape = self.dense_shape()?;
        let borrow = self.borrow(Access::Read)?;
        let mut data = ptr::null();
        // SAFETY: a live dense matrix (above) and a valid out-pointer.
        unsafe { call!(MatDenseGetArrayRead(self.as_ptr(), &raw mut data)) }?;
        Ok(DenseRead { matrix: self, data, shape, _borrow: borrow })
    }

    /// Lends the rows of this rank of a dense matrix for reading and writing.
    ///
    /// All ranks must make this call, because it marks the matrix as changed.
    #[wraps(MatDenseGetArray, not_collective, errors = dense)]
    pub fn dense_mut(&mut self) -> Result<DenseMut<'_>> {
        let shape = self.dense_shape()?;
        let borrow = self.borrow(Access::Write)?;
        let mut data = ptr::null_mut();
        // SAFETY: a live dense matrix (above) and a valid out-pointer.
        unsafe { call!(MatDenseGetArray(self.as_ptr(), &raw mut data)) }?;
        Ok(DenseMut { matrix: self, data, shape, _borrow: borrow })
    }

    /// Returns the array of this rank of a dense matrix.
    pub(super) fn dense_region(&self) -> Result<Region> {
        let len = self.dense_shape()?.len();
        let mut data = ptr::null();
        // SAFETY: a live dense matrix (above) and a valid out-pointer; nothing is read.
        unsafe { call!(MatDenseGetArrayRead(self.as_ptr(), &raw mut data)) }?;
        let region = Region::object(self.as_ptr()).with_array(data, len);
        // SAFETY: the array of the line above.
        unsafe { call!(MatDenseRestoreArrayRead(self.as_ptr(), &raw mut data)) }?;
        Ok(region)
    }

    fn dense_shape(&self) -> Result<Shape> {
        let kind = self.type_name()?.unwrap_or_default();
        if !matches!(kind.as_str(), "seqdense" | "mpidense") {
            return Err(Error::new(
                ErrorCode::ARG_NOTSAMETYPE,
                format!("only a dense matrix can lend its array; this matrix has type {kind}"),
            ));
        }
        let mut lda = 0;
        // SAFETY: a live dense matrix (above) and a valid out-pointer.
        unsafe { call!(MatDenseGetLDA(self.as_ptr(), &raw mut lda)) }?;
        Ok(Shape { rows: self.local_size()?.0, columns: self.size()?.1, lda: ffi::size(lda)? })
    }
}

macro_rules! common {
    ($guard:ident) => {
        impl $guard<'_> {
            /// Returns the number of entries from the start of one column to the next (the leading
            /// dimension).
            #[must_use]
            pub fn lda(&self) -> usize {
                self.shape.lda
            }

            /// Returns the local rows of column `j`. Not collective.
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` for a column outside the matrix.
            pub fn column(&self, j: usize) -> Result<&[Scalar]> {
                crate::not_collective!();
                let range = self.shape.column(j)?;
                Ok(&self[range])
            }

            /// Returns the local rows as a view of `ndarray`: `view[(i, j)]`.
            ///
            /// # Examples
            /// See [`MatrixRef::dense`].
            #[must_use]
            pub fn view(&self) -> ArrayView2<'_, Scalar> {
                let Shape { rows, columns, lda } = self.shape;
                let shape = (rows, columns).strides((1, lda.max(1)));
                // SAFETY: PETSc gave an array of this shape, which lives as long as the guard.
                unsafe { ArrayView2::from_shape_ptr(shape, self.as_ptr()) }
            }
        }

        impl Deref for $guard<'_> {
            type Target = [Scalar];

            fn deref(&self) -> &[Scalar] {
                // SAFETY: PETSc gave an array of this shape; the borrow table keeps writers out.
                unsafe { ffi::slice(self.data, self.shape.len()) }
            }
        }

        impl fmt::Debug for $guard<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.view(), f)
            }
        }
    };
}

common!(DenseRead);
common!(DenseMut);

impl DenseMut<'_> {
    /// Returns the local rows of column `j` for writing. Not collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a column outside the matrix.
    pub fn column_mut(&mut self, j: usize) -> Result<&mut [Scalar]> {
        crate::not_collective!();
        let range = self.shape.column(j)?;
        Ok(&mut self[range])
    }

    /// Returns the local rows as a view of `ndarray` for writing.
    #[must_use]
    pub fn view_mut(&mut self) -> ArrayViewMut2<'_, Scalar> {
        let Shape { rows, columns, lda } = self.shape;
        let shape = (rows, columns).strides((1, lda.max(1)));
        let data = self.as_mut_ptr();
        // SAFETY: PETSc gave an array of this shape; the borrow table keeps everybody else out.
        unsafe { ArrayViewMut2::from_shape_ptr(shape, data) }
    }
}

impl DerefMut for DenseMut<'_> {
    fn deref_mut(&mut self) -> &mut [Scalar] {
        // SAFETY: PETSc gave an array of this shape; the borrow table keeps everybody else out.
        unsafe { ffi::slice_mut(self.data, self.shape.len()) }
    }
}

impl Drop for DenseRead<'_> {
    fn drop(&mut self) {
        // SAFETY: `data` came from MatDenseGetArrayRead on this matrix, which the guard borrows.
        let code =
            unsafe { sys::MatDenseRestoreArrayRead(self.matrix.as_ptr(), &raw mut self.data) };
        runtime::record_drop("MatDenseRestoreArrayRead", code);
    }
}

impl Drop for DenseMut<'_> {
    fn drop(&mut self) {
        // SAFETY: `data` came from MatDenseGetArray on this matrix, which the guard borrows.
        let code = unsafe { sys::MatDenseRestoreArray(self.matrix.as_ptr(), &raw mut self.data) };
        runtime::record_drop("MatDenseRestoreArray", code);
    }
}

/// After an error, takes back the columns that C lent to a solver: the solver keeps the vectors,
/// whose arrays are freed with the matrices. See the workaround `ksp_matsolve_columns`.
pub(crate) fn restore_columns<T>(outcome: Result<T>, b: &MatrixRef, x: &MatrixRef) -> Result<T> {
    if outcome.is_err() {
        for (matrix, reads) in [(b, true), (x, false)] {
            let reads = ffi::raw_bool(reads);
            // SAFETY: a live matrix.
            unsafe { call!(PetscRsMatDenseRestoreColumn(matrix.as_ptr(), reads)) }?;
        }
    }
    outcome
}
