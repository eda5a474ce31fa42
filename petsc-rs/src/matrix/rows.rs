//! Reading entries of matrices.

use std::fmt;
use std::ptr;

use petsc_macros::wraps;

use super::MatrixRef;
use crate::error::Result;
use crate::object::Object as _;
use crate::{Int, Scalar, ScalarExt as _, call, ffi, runtime, sys};

/// One row, lent for reading. See [`MatrixRef::row`].
pub struct Row<'a> {
    matrix: &'a MatrixRef,
    row: Int,
    count: Int,
    columns: *const Int,
    values: *const Scalar,
    borrow: ffi::Borrow,
    _buffer: Option<ffi::Borrow>,
    only: bool,
}

impl MatrixRef {
    /// Returns the entries at the given global indices, in row-major order. The rows must belong to
    /// this rank. Entries that are not stored are zero.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a row of another rank or a column outside the matrix; `ARG_WRONGSTATE`
    /// before assembly; `SUP` for a type that does not support this.
    #[wraps(MatGetValues, not_collective)]
    pub fn values(&self, rows: &[Int], columns: &[Int]) -> Result<Vec<Scalar>> {
        ffi::check_indices(rows, &self.ownership_range()?)?;
        ffi::check_indices(columns, &(0..self.raw_size()?.1))?;
        self.check_assembled()?;
        self.check_readable()?;
        let mut values = vec![Scalar::from_real(0.0); rows.len() * columns.len()];
        let (m, n) = (ffi::petsc_int(rows.len())?, ffi::petsc_int(columns.len())?);
        // SAFETY: `values` has room for m·n entries; indices are in range (above).
        unsafe {
            call!(MatGetValues(
                self.as_ptr(),
                m,
                rows.as_ptr(),
                n,
                columns.as_ptr(),
                values.as_mut_ptr()
            ))
        }?;
        Ok(values)
    }

    /// Returns one entry. See [`values`](Self::values).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut a = Matrix::builder(comm).global_size(4, 4).build()?;
    /// for i in a.ownership_range()? {
    ///     a.set_value(i, 3 - i, 7.0.into(), InsertMode::Insert)?;
    /// }
    /// a.assemble()?;
    /// for i in a.ownership_range()? {
    ///     assert_eq!(a.value(i, 3 - i)?.real(), 7.0);
    /// }
    /// # Ok(()) })
    /// ```
    #[wraps(MatGetValue, not_collective, errors = values)]
    pub fn value(&self, row: Int, column: Int) -> Result<Scalar> {
        Ok(self.values(&[row], &[column])?[0])
    }

    /// Lends the stored entries of one row of this rank, without a copy if the type supports it.
    ///
    /// Types other than `seqaij` lend only one row at a time.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a row of another rank; `ARG_WRONGSTATE` before assembly or while
    /// another row is lent; `SUP` for a type that cannot lend rows (`sbaij` lends the part in the
    /// upper triangle, if [`GetRowUpperTriangular`](super::MatrixOption::GetRowUpperTriangular) is
    /// set).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Matrix, Scalar, ScalarExt};
    /// let r = Scalar::from_real;
    /// let mut a = Matrix::builder(comm).global_size(3, 3).build()?;
    /// a.set_values(&[0], &[0, 2], &[r(1.0), r(5.0)], InsertMode::Insert)?;
    /// a.assemble()?;
    /// let row = a.row(0)?;
    /// assert_eq!(row.columns(), &[0, 2]);
    /// assert_eq!(row.values(), &[r(1.0), r(5.0)]);
    /// # drop(row); Ok(()) })
    /// ```
    #[wraps(MatGetRow, not_collective)]
    pub fn row(&self, row: Int) -> Result<Row<'_>> {
        ffi::check_index(row, &self.ownership_range()?)?;
        self.check_assembled()?;
        let kind = self.type_name()?.unwrap_or_default();
        // All functions of C that read rows of a type `sell` write them to the buffer of the lent
        // row.
        let sell = kind.ends_with("sell");
        let borrow = if sell {
            ffi::Borrow::exclusive(self)?.of_matrix()
        } else {
            ffi::Borrow::shared(self)?.of_matrix()
        };
        let buffer = self.borrow_row_buffer()?;
        let (mut count, mut columns, mut values) = (0, ptr::null(), ptr::null());
        // SAFETY: a live, assembled matrix, a row of this rank (above), and valid out-pointers; types without rows refuse.
        unsafe {
            call!(MatGetRow(self.as_ptr(), row, &raw mut count, &raw mut columns, &raw mut values))
        }?;
        let row = Row {
            matrix: self,
            row,
            count,
            columns,
            values,
            borrow,
            _buffer: buffer,
            only: sell || kind == "hypre",
        };
        if row.only {
            // Functions that read rows of a view, which consists of this matrix, find this mark.
            // SAFETY: a live matrix.
            unsafe { call!(PetscRsMatLendRow(self.as_ptr(), ffi::raw_bool(true))) }?;
        }
        row.borrow.cover(values, row.len())?;
        Ok(row)
    }

    /// Types other than `seqaij` copy each row to one buffer of the matrix, so they lend one row at
    /// a time. The address after that of the object represents the buffer in the borrow table.
    fn borrow_row_buffer(&self) -> Result<Option<ffi::Borrow>> {
        if self.is_type("seqaij")? {
            return Ok(None);
        }
        let borrow = ffi::Borrow::enter_region(self, self.row_buffer(), ffi::Access::Write)?;
        Ok(Some(borrow.as_part()))
    }

    fn row_buffer(&self) -> ffi::Region {
        ffi::Region::object(self.as_ptr().cast::<u8>().wrapping_add(1))
    }

    /// Checks that no row is borrowed, before a call in which C frees the memory of the row.
    pub(super) fn check_row_buffer(&self) -> Result<()> {
        ffi::check_region(self.row_buffer(), ffi::Access::Write)
    }
}

impl Row<'_> {
    /// Returns the global column indices of the stored entries, in ascending order.
    #[must_use]
    pub fn columns(&self) -> &[Int] {
        // SAFETY: MatGetRow gave `count` indices; the borrow table keeps writers out.
        unsafe { ffi::slice(self.columns, self.len()) }
    }

    /// Returns the values of the stored entries.
    #[must_use]
    pub fn values(&self) -> &[Scalar] {
        // SAFETY: MatGetRow gave `count` values; the borrow table keeps writers out.
        unsafe { ffi::slice(self.values, self.len()) }
    }

    /// Returns the number of stored entries.
    #[must_use]
    pub fn len(&self) -> usize {
        ffi::index_to_usize(self.count)
    }

    /// Returns whether the row has no stored entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns an iterator over pairs of column index and value.
    ///
    /// # Examples
    /// The sum of the absolute values of a row:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut a = Matrix::builder(comm).global_size(3, 3).build()?;
    /// for i in a.ownership_range()? {
    ///     a.set_values(&[i], &[0, 2], &[1.0.into(), (-5.0).into()], InsertMode::Insert)?;
    /// }
    /// a.assemble()?;
    /// for i in a.ownership_range()? {
    ///     let sum: Real = a.row(i)?.iter().map(|(_, value)| value.modulus()).sum();
    ///     assert_eq!(sum, 6.0);
    /// }
    /// # Ok(()) })
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (Int, Scalar)> + '_ {
        self.columns().iter().copied().zip(self.values().iter().copied())
    }
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Drop for Row<'_> {
    fn drop(&mut self) {
        if self.only {
            let (a, lent) = (self.matrix.as_ptr(), ffi::raw_bool(false));
            // SAFETY: a live matrix, which the guard borrows.
            let code = unsafe { sys::PetscRsMatLendRow(a, lent) };
            runtime::record_drop("PetscRsMatLendRow", code);
        }
        // SAFETY: lent by MatGetRow on this matrix, which the guard borrows.
        let code = unsafe {
            sys::MatRestoreRow(
                self.matrix.as_ptr(),
                self.row,
                &raw mut self.count,
                &raw mut self.columns,
                &raw mut self.values,
            )
        };
        runtime::record_drop("MatRestoreRow", code);
    }
}
