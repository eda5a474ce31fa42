//! Submatrices.

use std::ptr;

use petsc_macros::wraps;

use super::{Matrix, MatrixRef};
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::IndexSetRef;
use crate::object::Loan;
use crate::{Int, Object as _, call, create, ffi, sys};

impl MatrixRef {
    /// Returns a new matrix that consists of selected rows and columns of this matrix. Collective.
    ///
    /// `rows` and `columns` contain global indices. The part of `rows` on this rank defines the
    /// local rows of the new matrix, and the part of `columns` its local columns.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for an index outside the matrix; `ARG_NOTSAMECOMM` if an index set is on a
    /// different communicator; `ARG_WRONGSTATE` before assembly; `SUP` for a type that does not
    /// support this, and for type `sbaij` if `rows` and `columns` differ.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{IndexSet, Matrix, Scalar, ScalarExt};
    /// # let r = Scalar::from_real;
    /// let a = Matrix::from_csr(comm, 2, &[0, 2, 3], &[0, 1, 1], &[r(1.0), r(2.0), r(3.0)])?;
    /// let (top, right) = (IndexSet::general(comm, &[0])?, IndexSet::general(comm, &[1])?);
    /// let b = a.submatrix(&top, &right)?;
    /// assert_eq!(b.value(0, 0)?, r(2.0));
    /// # Ok(()) })
    /// ```
    #[wraps(MatCreateSubMatrix)]
    #[track_caller]
    pub fn submatrix(&self, rows: &IndexSetRef, columns: &IndexSetRef) -> Result<Matrix> {
        let (m, n) = self.raw_size()?;
        for (set, limit) in [(rows, m), (columns, n)] {
            crate::comm::check_same_ranks(self.object_ptr(), set.object_ptr())?;
            check_set(set, limit)?;
        }
        self.check_symmetric_part(rows, columns)?;
        self.check_assembled()?;
        self.check_readable()?;
        // SAFETY: live objects; all indices are in range (above); C creates a matrix.
        unsafe {
            create!(MatCreateSubMatrix(
                self.as_ptr(),
                rows.as_ptr(),
                columns.as_ptr(),
                sys::MAT_INITIAL_MATRIX,
                _
            ))
        }
        .and_then(Matrix::complete)
    }

    /// Checks the sets for a type that stores the upper triangle. For different sets, C removes the
    /// operations that mirror it, but a duplicate has them again and reads beyond its vectors.
    fn check_symmetric_part(&self, rows: &IndexSetRef, columns: &IndexSetRef) -> Result<()> {
        let kind = self.type_name()?.unwrap_or_default();
        if !kind.ends_with("sbaij") {
            return Ok(());
        }
        let differ = *rows.indices()? != *columns.indices()?;
        if crate::comm::any_rank(self.object_ptr(), differ)? {
            let text =
                format!("for a submatrix of type {kind}, the rows and the columns must be equal");
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        Ok(())
    }

    /// Returns, on each rank, a sequential matrix that consists of selected rows and columns. The
    /// selected rows may belong to any rank. Collective.
    #[wraps(MatCreateSubMatrices, errors = submatrix)]
    #[track_caller]
    pub fn local_submatrix(&self, rows: &IndexSetRef, columns: &IndexSetRef) -> Result<Matrix> {
        let (m, n) = self.raw_size()?;
        check_set(rows, m)?;
        check_set(columns, n)?;
        self.check_symmetric_part(rows, columns)?;
        self.check_assembled()?;
        self.check_readable()?;
        if n == 0 && self.type_name()?.is_some_and(|kind| kind.starts_with("mpi")) {
            // C divides by the number of columns.
            let text = "PETSc cannot create a submatrix of a matrix without columns";
            return Err(Error::collective(ErrorCode::ARG_SIZ, text));
        }
        let (row, column) = (rows.as_ptr(), columns.as_ptr());
        let mut list = ptr::null_mut();
        // SAFETY: live objects; one set each, in range (above); a valid out-pointer.
        unsafe {
            call!(MatCreateSubMatrices(
                self.as_ptr(),
                1,
                &raw const row,
                &raw const column,
                sys::MAT_INITIAL_MATRIX,
                &raw mut list
            ))
        }?;
        // SAFETY: PETSc returned an array with one matrix.
        let part = unsafe { *list };
        // SAFETY: a live matrix, which lives until the array is destroyed below.
        let part = unsafe { MatrixRef::from_ptr(part) };
        // Its end needs what C adds to a part, and loses where the part gets other places of entries.
        let new = part.duplicate_with_values();
        // SAFETY: the array of one matrix from above, destroyed once.
        unsafe { call!(MatDestroySubMatrices(1, &raw mut list)) }?;
        new
    }

    /// Returns the diagonal block of this rank: a sequential matrix that shares the entries in its
    /// rows and columns.
    ///
    /// # Errors
    /// `SUP` for a type that does not support this; `ARG_WRONGSTATE` before assembly.
    #[wraps(MatGetDiagonalBlock, not_collective)]
    #[track_caller]
    pub fn diagonal_block(&self) -> Result<Loan<'_, Matrix>> {
        self.check_assembled()?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live, assembled matrix and a valid out-pointer.
        unsafe { call!(MatGetDiagonalBlock(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: a live matrix.
        Ok(Loan::new(unsafe { Matrix::retain(raw) }?))
    }

    /// Returns the rows of this rank as a sequential matrix with all columns of this matrix.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` for a matrix that is not `mpiaij` or `seqaij`.
    #[wraps(MatMPIAIJGetLocalMat)]
    #[track_caller]
    pub fn local_rows(&self) -> Result<Matrix> {
        self.check_assembled()?;
        self.check_readable()?;
        let kind = self.type_name()?.unwrap_or_default();
        if !matches!(kind.as_str(), "seqaij" | "mpiaij") {
            return Err(Error::new(
                ErrorCode::ARG_NOTSAMETYPE,
                format!("local_rows requires a matrix of type aij; this matrix is of type {kind}"),
            ));
        }
        if kind == "seqaij" {
            return self.duplicate_with_values();
        }
        // SAFETY: a live, assembled matrix of type mpiaij (above); C creates a matrix.
        let rows =
            unsafe { create!(MatMPIAIJGetLocalMat(self.as_ptr(), sys::MAT_INITIAL_MATRIX, _)) }
                .and_then(Matrix::complete)?;
        if self.comm()?.size() > 1 {
            return Ok(rows);
        }
        // On one rank, C returns the diagonal block itself, which has gaps while this matrix gets
        // new entries.
        rows.duplicate_with_values()
    }
}

/// Checks that all indices are nonnegative and less than `limit`; optimized PETSc checks neither.
pub(super) fn check_set(set: &IndexSetRef, limit: Int) -> Result<()> {
    match set.min_max()? {
        None => Ok(()),
        Some((min, max)) => {
            ffi::check_index(min, &(0..limit))?;
            ffi::check_index(max, &(0..limit))
        }
    }
}
