//! Entries by global index, and assembly.

use super::MatrixRef;
use crate::error::Result;
use crate::vector::{InsertMode, VectorRef};
use crate::{Int, Scalar, call, ffi, sys};

impl MatrixRef {
    /// Sets a dense block of entries, `values` row by row: entry `(rows[i], columns[j])` gets
    /// `values[i·columns.len() + j]`. Not collective; [`assemble`](Self::assemble) sends entries
    /// where they belong.
    ///
    /// # Errors
    /// `ARG_SIZ` if the number of values is not the product, `ARG_OUTOFRANGE` for an index outside
    /// the matrix.
    #[doc(alias = "MatSetValues")]
    #[inline]
    pub fn set_values(
        &mut self,
        rows: &[Int],
        columns: &[Int],
        values: &[Scalar],
        mode: InsertMode,
    ) -> Result<()> {
        ffi::same_len("values", rows.len() * columns.len(), values.len())?;
        let (m, n) = self.size()?;
        ffi::check_indices(rows, &(0..ffi::petsc_int(m)?))?;
        ffi::check_indices(columns, &(0..ffi::petsc_int(n)?))?;
        ffi::check_writable(self.as_ptr())?;
        let (m, n) = (ffi::petsc_int(rows.len())?, ffi::petsc_int(columns.len())?);
        // SAFETY: `values` holds m·n entries and all indices are in range (above), which not every
        // type checks.
        unsafe {
            call!(MatSetValues(
                self.as_ptr(),
                m,
                rows.as_ptr(),
                n,
                columns.as_ptr(),
                values.as_ptr(),
                mode.to_raw()
            ))
        }
    }

    /// Sets one entry. As [`set_values`](Self::set_values).
    ///
    /// # Errors
    /// As [`set_values`](Self::set_values).
    #[doc(alias = "MatSetValue")]
    #[inline]
    pub fn set_value(
        &mut self,
        row: Int,
        column: Int,
        value: Scalar,
        mode: InsertMode,
    ) -> Result<()> {
        self.set_values(&[row], &[column], &[value], mode)
    }

    /// Completes the matrix: sends the entries set for other ranks and builds the storage.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if ranks mixed insertion and addition.
    #[doc(alias = "MatAssemblyBegin")]
    pub fn assemble(&mut self) -> Result<()> {
        // SAFETY: a live matrix.
        unsafe { call!(MatAssemblyBegin(self.as_ptr(), sys::MAT_FINAL_ASSEMBLY)) }?;
        // SAFETY: begun above.
        unsafe { call!(MatAssemblyEnd(self.as_ptr(), sys::MAT_FINAL_ASSEMBLY)) }
    }

    /// Zeroes rows and columns and puts `diagonal` on their diagonal; with `x` and `b`, moves the
    /// known values `x` of these unknowns to the right-hand side `b`, so that a symmetric system
    /// stays symmetric. Rows of any rank may be given. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a row outside the matrix; `SUP` for a type without it.
    #[doc(alias = "MatZeroRowsColumns")]
    pub fn zero_rows_columns(
        &mut self,
        rows: &[Int],
        diagonal: Scalar,
        solution: Option<(&VectorRef, &mut VectorRef)>,
    ) -> Result<()> {
        let (m, _) = self.size()?;
        ffi::check_indices(rows, &(0..ffi::petsc_int(m)?))?;
        let (x, b) = match solution {
            None => (std::ptr::null_mut(), std::ptr::null_mut()),
            Some((x, b)) => {
                x.check_readable()?;
                b.check_writable()?;
                (x.as_ptr(), b.as_ptr())
            }
        };
        let n = ffi::petsc_int(rows.len())?;
        // SAFETY: live objects; `rows` holds `n` indices in range (above).
        unsafe {
            call!(PetscRsMatZeroRowsColumns(
                self.as_ptr(),
                n,
                rows.as_ptr(),
                &raw const diagonal,
                x,
                b
            ))
        }
    }
}
