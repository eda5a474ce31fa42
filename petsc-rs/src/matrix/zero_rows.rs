//! Boundary conditions: set the rows and columns of unknowns with known values to zero.

use std::ptr;

use petsc_macros::wraps;

use super::MatrixRef;
use crate::error::Result;
use crate::vector::VectorRef;
use crate::{Int, Scalar, call, ffi, sys};

impl MatrixRef {
    /// Sets the entries of the given rows to zero, except the diagonal entries, which become
    /// `diagonal`. Collective.
    ///
    /// With `solution = (x, b)`, also sets `bᵢ = diagonal·xᵢ` in these rows. The rows may belong to
    /// any rank.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a row outside the matrix; `ARG_WRONGSTATE` before assembly; `SUP` for a
    /// type that does not support this; with `solution`, `ARG_SIZ` if the rows and columns have
    /// different distributions.
    ///
    /// # Examples
    /// See [`zero_rows_columns`](Self::zero_rows_columns), which keeps a symmetric matrix symmetric.
    #[doc(alias("boundary condition", "boundary conditions"))]
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
            call!(PetscRsMatZeroRows(self.as_ptr(), n, rows.as_ptr(), &raw const diagonal, x, b))
        }
    }

    /// Sets the entries of the given rows, and of the columns with the same numbers, to zero,
    /// except the diagonal entries, which become `diagonal`. Collective.
    ///
    /// With `solution = (x, b)`, `x` contains the known values of these unknowns, and their
    /// contribution is moved to the right-hand side `b`. A symmetric system thus remains symmetric.
    /// The rows may belong to any rank.
    ///
    /// # Errors
    /// See [`zero_rows`](Self::zero_rows); `ARG_SIZ` if the matrix is not square.
    ///
    /// # Examples
    /// The boundary condition `x₀ = 5` in the system with the matrix `((2, -1), (-1, 2))`:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut a = Matrix::builder(comm).global_size(2, 2).build()?;
    /// for i in a.ownership_range()? {
    ///     a.set_values(&[i], &[i, 1 - i], &[2.0.into(), (-1.0).into()], InsertMode::Insert)?;
    /// }
    /// a.assemble()?;
    /// let (mut x, mut b) = a.vectors()?;
    /// x.set_value(0, 5.0.into(), InsertMode::Insert)?;
    /// x.assemble()?;
    /// a.zero_rows_columns(&[0], 1.0.into(), Some((&x, &mut b)))?;
    /// // The equations are now x₀ = 5 and 2·x₁ = 5.
    /// assert_eq!((b.sum()?.real(), a.trace()?.real()), (10.0, 3.0));
    /// # Ok(()) })
    /// ```
    #[doc(alias("boundary condition", "boundary conditions", "Dirichlet"))]
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

    /// Checks for both functions; optimized PETSc compares neither sizes nor indices.
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
        // C uses the index of a row as an index into `x`.
        let (m, n) = self.local_size()?;
        ffi::same_len("number of local columns", m, n)?;
        self.check_right(x)?;
        self.check_left(b)?;
        x.check_readable()?;
        b.check_writable()?;
        Ok((x.as_ptr(), b.as_ptr()))
    }
}
