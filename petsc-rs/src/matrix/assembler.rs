//! Setting many entries: the assembler reads the sizes of the matrix once.

use petsc_macros::wraps;

use super::MatrixRef;
use crate::error::{Error, ErrorCode, Result};
use crate::vector::InsertMode;
use crate::{Int, Scalar, call, ffi, sys};

/// Sets entries of a matrix. Each method makes the checks that C omits, then calls C once. See
/// [`MatrixRef::assembler`].
#[derive(Debug)]
#[must_use]
pub struct Assembler<'a> {
    matrix: &'a mut MatrixRef,
    rows: Int,
    columns: Int,
    mode: sys::InsertMode,
    // Sizes cannot change while this entry is in the borrow table: in-place operations check the
    // table.
    _borrow: ffi::Borrows,
}

impl MatrixRef {
    /// Returns an assembler that sets many entries in one insert mode. Not collective.
    ///
    /// The sizes of the matrix are read once. Each method of the assembler then costs one C call
    /// and a check of the indices.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if entries of the matrix are borrowed through another handle.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Matrix, Scalar, ScalarExt};
    /// let mut a = Matrix::builder(comm).global_size(10, 10).build()?;
    /// let rows = a.ownership_range()?;
    /// let mut entries = a.assembler(InsertMode::Insert)?;
    /// for i in rows {
    ///     entries.set(i, i, Scalar::from_real(2.0))?;
    /// }
    /// entries.finish()?;
    /// assert_eq!(a.trace()?.real(), 20.0);
    /// # Ok(()) })
    /// ```
    pub fn assembler(&mut self, mode: InsertMode) -> Result<Assembler<'_>> {
        crate::not_collective!();
        let (rows, columns) = self.raw_size()?;
        let borrow = self.borrow(ffi::Access::Write)?;
        Ok(Assembler { matrix: self, rows, columns, mode: mode.to_raw(), _borrow: borrow })
    }
}

impl Assembler<'_> {
    /// Sets or adds to one entry. A negative index is skipped.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for an index outside the matrix; `ARG_WRONGSTATE` if entries were set in
    /// the other mode since the last assembly.
    ///
    /// # Examples
    /// See [`MatrixRef::assembler`].
    #[inline]
    #[wraps(MatSetValue, not_collective)]
    pub fn set(&mut self, row: Int, column: Int, value: Scalar) -> Result<()> {
        if row >= self.rows || column >= self.columns {
            return Err(entry_beyond(row, column, self.rows, self.columns));
        }
        // SAFETY: one index each below the sizes (above) and one value.
        let code = unsafe {
            sys::MatSetValues(
                self.matrix.as_ptr(),
                1,
                &raw const row,
                1,
                &raw const column,
                &raw const value,
                self.mode,
            )
        };
        // No closure runs during the call, so no error of a closure needs to be checked.
        if code == 0 { Ok(()) } else { ffi::check("MatSetValues", code) }
    }

    /// Sets or adds to entries of one row. Negative indices are skipped.
    ///
    /// # Errors
    /// See [`set`](Self::set); `ARG_SIZ` if the slices differ in length.
    #[inline]
    #[wraps(MatSetValues, not_collective)]
    pub fn row(&mut self, row: Int, columns: &[Int], values: &[Scalar]) -> Result<()> {
        self.block(&[row], columns, values)
    }

    /// Sets or adds to a dense block in row-major order: `values[i·columns.len() + j]` is the value
    /// of entry `(rows[i], columns[j])`. Negative indices are skipped.
    #[inline]
    #[wraps(MatSetValues, not_collective, errors = row)]
    pub fn block(&mut self, rows: &[Int], columns: &[Int], values: &[Scalar]) -> Result<()> {
        if below(rows, self.rows) && below(columns, self.columns) {
            ffi::same_len("number of values", rows.len() * columns.len(), values.len())?;
            self.matrix.check_block(rows, columns)?;
            let (m, n) = (ffi::petsc_int(rows.len())?, ffi::petsc_int(columns.len())?);
            // SAFETY: `values` holds m·n entries and all indices are below the sizes (above).
            return unsafe {
                call!(MatSetValues(
                    self.matrix.as_ptr(),
                    m,
                    rows.as_ptr(),
                    n,
                    columns.as_ptr(),
                    values.as_ptr(),
                    self.mode
                ))
            };
        }
        Err(beyond(rows, columns, self.rows, self.columns))
    }

    /// Assembles the matrix. Collective.
    ///
    /// Without this call, the entries remain set and the matrix must be assembled later. See
    /// [`MatrixRef::assemble`].
    ///
    /// # Errors
    /// See [`MatrixRef::assemble`].
    ///
    /// # Examples
    /// See [`MatrixRef::assembler`].
    pub fn finish(self) -> Result<()> {
        let Self { matrix, _borrow, .. } = self;
        drop(_borrow);
        matrix.assemble()
    }
}

/// Returns whether all indices are less than `limit`. C skips negative indices in every type.
#[inline]
pub(super) fn below(indices: &[Int], limit: Int) -> bool {
    indices.iter().all(|&i| i < limit)
}

/// Not inlined, so that the check of one entry stays short.
#[cold]
#[inline(never)]
pub(super) fn entry_beyond(row: Int, column: Int, m: Int, n: Int) -> Error {
    beyond(&[row], &[column], m, n)
}

#[cold]
pub(super) fn beyond(rows: &[Int], columns: &[Int], m: Int, n: Int) -> Error {
    let text = match rows.iter().find(|&&i| i >= m) {
        Some(row) => format!("row {row} is outside the {m} rows of the matrix"),
        None => match columns.iter().find(|&&j| j >= n) {
            Some(column) => format!("column {column} is outside the {n} columns of the matrix"),
            None => "an index is outside the matrix".to_owned(),
        },
    };
    Error::new(ErrorCode::ARG_OUTOFRANGE, text)
}
