//! Dense matrices with memory that Rust allocated.

use std::ptr;

use petsc_macros::wraps;

use super::{Matrix, MatrixType};
use crate::callback;
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::{Scalar, call, ffi, sys};

impl Matrix {
    /// Creates a `dense` matrix with `values` as its rows on this rank, without a copy. Collective.
    ///
    /// `values` is in column-major order. `lda` is the number of entries from the start of one
    /// column to the start of the next. `rows` is the number of rows on this rank, `columns` the
    /// global number of columns.
    ///
    /// # Errors
    /// `ARG_SIZ` if `lda` is less than `rows`, or if there are too few values for the columns.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt};
    /// # let r = Scalar::from_real;
    /// // The third entry of each column is not part of the matrix.
    /// let values = [1.0, 2.0, 0.0, 3.0, 4.0, 0.0].map(r).to_vec();
    /// let a = Matrix::dense_from_vec(comm, 2, 2, 3, values)?;
    /// assert_eq!(a.dense()?.view()[(1, 1)], r(4.0));
    /// # Ok(()) })
    /// ```
    #[wraps(MatDenseSetLDA, MatSeqDenseSetPreallocation, MatMPIDenseSetPreallocation)]
    #[track_caller]
    pub fn dense_from_vec(
        comm: &Comm,
        rows: usize,
        columns: usize,
        lda: usize,
        mut values: Vec<Scalar>,
    ) -> Result<Self> {
        let needed = match columns.checked_sub(1) {
            Some(before) if rows > 0 => lda.saturating_mul(before).saturating_add(rows),
            _ => 0,
        };
        if lda < rows || values.len() < needed {
            return Err(Error::new(
                ErrorCode::ARG_SIZ,
                format!(
                    "{rows} rows and {columns} columns at a distance of {lda} need {needed} values and a \
                     distance of at least {rows}, got {} values",
                    values.len()
                ),
            ));
        }
        let (here, _) = comm.split_ownership(None, Some(columns))?;
        let mut a = Self::builder(comm)
            .local_size(rows, here)
            .kind(MatrixType::DENSE)
            .from_options(false)
            .unfinished()?;
        if values.is_empty() {
            // With NULL, PETSc would allocate memory itself.
            values.reserve(1);
        }
        let data = values.as_mut_ptr();
        // PETSc ignores the call for the type that the matrix does not have.
        // SAFETY: a live matrix with sizes; the memory holds what they need (above).
        unsafe { call!(MatSeqDenseSetPreallocation(a.as_ptr(), data)) }?;
        // SAFETY: as above.
        unsafe { call!(MatMPIDenseSetPreallocation(a.as_ptr(), data)) }?;
        let mut part = ptr::null_mut();
        // SAFETY: a live dense matrix and a valid out-pointer.
        unsafe { call!(MatDenseGetLocalMatrix(a.as_ptr(), &raw mut part)) }?;
        // The part of this rank uses the memory, so the memory is composed with it.
        // SAFETY: a live object.
        unsafe { callback::compose(part.cast(), c"petsc-rs.array", values) }?;
        let lda = ffi::petsc_int(lda.max(1))?;
        // SAFETY: a live dense matrix over memory of the program; `lda` is at least the rows (above).
        unsafe { call!(MatDenseSetLDA(a.as_ptr(), lda)) }?;
        a.assemble()?;
        Ok(a)
    }
}
