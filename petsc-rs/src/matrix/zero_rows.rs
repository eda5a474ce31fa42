//! Rows and columns of known unknowns.

use std::ptr;

use petsc_macros::wraps;

use super::MatrixRef;
use crate::error::Result;
use crate::vector::VectorRef;
use crate::{Int, Scalar, call, ffi, sys};

impl MatrixRef {
    /// Zeroes rows and puts `diagonal` on their diagonal; with `solution = (x, b)`, sets
    /// `bᵢ = diagonal·xᵢ` in these rows. Rows of any rank may be given. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a row outside the matrix, `ARG_WRONGSTATE` before assembly, `SUP` for a
    /// type without it; with `solution`, `ARG_SIZ` if rows and columns are not distributed alike.
    #[wraps(MatZeroRows)]
    pub fn zero_rows(
        &mut self,
        rows: &[Int],
        diagonal: Scalar,
        solution: Option<(&VectorRef, &mut VectorRef)>,
    ) -> Result<()> {
        let (x, b) = self.known_rows(rows, solution)?;
        let n = ffi::petsc_int(rows.len())?;
        // SAFETY: live objects that fit; `rows` holds `n` indices in range (above).
        unsafe {
            call!(PetscRsMatZeroRows(
                self.as_ptr(),
                n,
                rows.as_ptr(),
                &raw const diagonal,
                x,
                b
            ))
        }
    }

    /// Zeroes rows and columns and puts `diagonal` on their diagonal; with `solution = (x, b)`, moves
    /// the known values `x` of these unknowns to the right-hand side `b`, so that a symmetric system
    /// stays symmetric. Rows of any rank may be given. Collective.
    ///
    /// # Errors
    /// As [`zero_rows`](Self::zero_rows); `ARG_SIZ` if the matrix is not square.
    #[wraps(MatZeroRowsColumns)]
    pub fn zero_rows_columns(
        &mut self,
        rows: &[Int],
        diagonal: Scalar,
        solution: Option<(&VectorRef, &mut VectorRef)>,
    ) -> Result<()> {
        self.check_square()?;
        let (x, b) = self.known_rows(rows, solution)?;
        let n = ffi::petsc_int(rows.len())?;
        // SAFETY: live objects that fit; `rows` holds `n` indices in range (above).
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

    /// The checks that both share; optimised PETSc compares neither sizes nor indices.
    fn known_rows(
        &self,
        rows: &[Int],
        solution: Option<(&VectorRef, &mut VectorRef)>,
    ) -> Result<(sys::Vec, sys::Vec)> {
        ffi::check_indices(rows, &(0..self.raw_size()?.0))?;
        self.check_assembled()?;
        self.check_writable()?;
        let Some((x, b)) = solution else {
            return Ok((ptr::null_mut(), ptr::null_mut()));
        };
        // C takes the index of a row for an index into `x`.
        let (m, n) = self.local_size()?;
        ffi::same_len("local columns", m, n)?;
        self.check_right(x)?;
        self.check_left(b)?;
        x.check_readable()?;
        b.check_writable()?;
        Ok((x.as_ptr(), b.as_ptr()))
    }
}
