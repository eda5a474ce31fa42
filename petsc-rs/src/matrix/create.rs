//! Creation of matrices from data, and views of other matrices.

use std::ptr;

use petsc_macros::wraps;

use super::{Matrix, MatrixRef};
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Int, Scalar, call, create, ffi, sys};

impl Matrix {
    /// Creates an `aij` matrix with a copy of the rows of this rank, given in compressed sparse row
    /// (CSR) format. Collective; the sizes may differ between ranks.
    ///
    /// The entries of local row `i` are `offsets[i]..offsets[i + 1]` of `columns` (global indices)
    /// and `values`. `columns_here` is the number of columns that this rank owns.
    ///
    /// # Errors
    /// `ARG_SIZ` if the lengths of the slices do not agree; `ARG_OUTOFRANGE` if the first offset is
    /// not 0 or the offsets decrease, or for a column outside the matrix.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Norm, Scalar, ScalarExt};
    /// let r = Scalar::from_real;
    /// // 1 2
    /// // 0 3
    /// let a = Matrix::from_csr(comm, 2, &[0, 2, 3], &[0, 1, 1], &[r(1.0), r(2.0), r(3.0)])?;
    /// assert_eq!(a.norm(Norm::Infinity)?, 3.0);
    /// # Ok(()) })
    /// ```
    #[wraps(
        MatCreateMPIAIJWithArrays,
        MatCreateSeqAIJWithArrays,
        MatSeqAIJSetPreallocationCSR,
        MatMPIAIJSetPreallocationCSR
    )]
    #[track_caller]
    pub fn from_csr(
        comm: &Comm,
        columns_here: usize,
        offsets: &[Int],
        columns: &[Int],
        values: &[Scalar],
    ) -> Result<Self> {
        let Some((&last, &first)) = offsets.last().zip(offsets.first()) else {
            return Err(Error::new(
                ErrorCode::ARG_SIZ,
                "the list of row offsets is empty: its length must be the number of rows plus one",
            ));
        };
        if first != 0 || offsets.windows(2).any(|w| w[0] > w[1]) {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                "the row offsets must start at 0 and must not decrease",
            ));
        }
        ffi::same_len("number of column indices", ffi::size(last)?, columns.len())?;
        ffi::same_len("number of values", columns.len(), values.len())?;
        let a = Self::builder(comm).local_size(offsets.len() - 1, columns_here).unfinished()?;
        ffi::check_indices(columns, &(0..a.raw_size()?.1))?;
        // PETSc ignores the call for the type that the matrix does not have.
        // SAFETY: a live matrix with sizes; the arrays are consistent (above) and copied.
        unsafe {
            call!(MatSeqAIJSetPreallocationCSR(
                a.as_ptr(),
                offsets.as_ptr(),
                columns.as_ptr(),
                values.as_ptr()
            ))
        }?;
        // SAFETY: as above.
        unsafe {
            call!(MatMPIAIJSetPreallocationCSR(
                a.as_ptr(),
                offsets.as_ptr(),
                columns.as_ptr(),
                values.as_ptr()
            ))
        }?;
        if a.is_assembled()? {
            return Ok(a);
        }
        // Another type, set with `-mat_type`.
        let mut a = a;
        // SAFETY: a live matrix with type and sizes.
        unsafe { call!(MatSetUp(a.as_ptr())) }?;
        let start = a.ownership_range()?.start;
        for (row, w) in (start..).zip(offsets.windows(2)) {
            let range = ffi::index_to_usize(w[0])..ffi::index_to_usize(w[1]);
            a.set_values(
                &[row],
                &columns[range.clone()],
                &values[range],
                crate::InsertMode::Insert,
            )?;
        }
        a.assemble()?;
        Ok(a)
    }

    /// Creates a `dense` matrix with a copy of `values`, the rows of this rank in column-major
    /// order: entry `(i, j)` of these rows is `values[i + j·rows]`. Collective; `rows` may differ
    /// between ranks.
    ///
    /// `columns` is the global number of columns.
    ///
    /// # Errors
    /// `ARG_SIZ` if the number of values is not the product of `rows` and `columns`.
    #[wraps(MatCreateDense)]
    #[track_caller]
    pub fn from_dense(comm: &Comm, rows: usize, columns: usize, values: &[Scalar]) -> Result<Self> {
        ffi::same_len("number of values", rows * columns, values.len())?;
        let (m, n) = (ffi::petsc_int(rows)?, ffi::petsc_int(columns)?);
        // SAFETY: a live communicator; NULL lets PETSc own the entries; C creates a matrix.
        let mut a = unsafe {
            create!(MatCreateDense(
                comm.as_raw(),
                m,
                ffi::DECIDE,
                ffi::DECIDE,
                n,
                ptr::null_mut(),
                _
            ))
        }
        .and_then(Matrix::complete)?;
        {
            let mut entries = a.dense_mut()?;
            for (j, column) in values.chunks(rows.max(1)).enumerate() {
                entries.column_mut(j)?.copy_from_slice(column);
            }
        }
        a.assemble()?;
        Ok(a)
    }

    /// Creates the `n × n` matrix `value·I`. It stores only the number `value`. Collective.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if `n` does not fit into `PetscInt`.
    #[wraps(MatCreateConstantDiagonal)]
    #[track_caller]
    pub fn constant_diagonal(comm: &Comm, n: usize, value: Scalar) -> Result<Self> {
        let n = ffi::petsc_int(n)?;
        // SAFETY: a live communicator, a scalar that lives for the call; C creates a matrix.
        let mut a = unsafe {
            create!(PetscRsMatCreateConstantDiagonal(
                comm.as_raw(),
                ffi::DECIDE,
                ffi::DECIDE,
                n,
                n,
                &raw const value,
                _
            ))
        }
        .and_then(Matrix::complete)?;
        a.assemble()?;
        Ok(a)
    }

    /// Creates the matrix with a copy of `entries` on its diagonal. Collective.
    ///
    /// The type is `diagonal` since PETSc 3.20, `aij` before.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if entries of the vector are borrowed.
    #[wraps(MatCreateDiagonal)]
    #[track_caller]
    pub fn diagonal_of(comm: &Comm, entries: &VectorRef) -> Result<Self> {
        entries.check_on(comm)?;
        entries.check_readable()?;
        #[cfg(petsc_ge_3_20)]
        {
            let mut copy = entries.duplicate()?;
            copy.copy_from(entries)?;
            // SAFETY: a live vector, of which the matrix takes a reference; C creates a matrix.
            unsafe { create!(MatCreateDiagonal(copy.as_ptr(), _)) }.and_then(Matrix::complete)
        }
        #[cfg(not(petsc_ge_3_20))]
        {
            let n = entries.local_len()?;
            let mut a = Self::builder(comm)
                .local_size(n, n)
                .preallocate(1, 0)
                .from_options(false)
                .build()?;
            let start = a.ownership_range()?.start;
            let values = entries.array()?;
            for (i, &value) in (start..).zip(values.iter()) {
                a.set_value(i, i, value, crate::InsertMode::Insert)?;
            }
            drop(values);
            a.assemble()?;
            Ok(a)
        }
    }
}

impl MatrixRef {
    /// Returns an operator that applies the transpose of this matrix. Collective.
    ///
    /// The transpose is not computed. The operator holds a reference to this matrix and uses its
    /// current entries.
    #[wraps(MatCreateTranspose)]
    #[track_caller]
    pub fn transpose_view(&self) -> Result<Matrix> {
        // SAFETY: a live matrix, of which the view takes a reference; C creates a matrix.
        unsafe { create!(MatCreateTranspose(self.as_ptr(), _)) }.and_then(Matrix::complete)
    }

    /// Returns an operator that applies the conjugate transpose of this matrix. See
    /// [`transpose_view`](Self::transpose_view).
    #[wraps(MatCreateHermitianTranspose)]
    #[track_caller]
    pub fn hermitian_transpose_view(&self) -> Result<Matrix> {
        // SAFETY: a live matrix, of which the view takes a reference; C creates a matrix.
        unsafe { create!(MatCreateHermitianTranspose(self.as_ptr(), _)) }.and_then(Matrix::complete)
    }

    /// Returns the operator `Aᴴ·A` of the normal equations. Collective.
    ///
    /// The product is not computed. The operator holds a reference to this matrix and uses its
    /// current entries.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before assembly.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt};
    /// let a = Matrix::constant_diagonal(comm, 2, Scalar::from_real(3.0))?;
    /// let n = a.normal_view()?;
    /// let (mut x, mut y) = n.vectors()?;
    /// x.set(Scalar::from_real(1.0))?;
    /// n.mult(&x, &mut y)?;
    /// assert_eq!(y.max()?.map(|(_, v)| v), Some(9.0));
    /// # Ok(()) })
    /// ```
    #[wraps(MatCreateNormalHermitian)]
    #[track_caller]
    pub fn normal_view(&self) -> Result<Matrix> {
        self.check_assembled()?;
        // SAFETY: a live, assembled matrix, of which the view takes a reference; C creates a matrix.
        let view = unsafe { create!(MatCreateNormalHermitian(self.as_ptr(), _)) }
            .and_then(Matrix::complete)?;
        if self.check_operation(sys::MATOP_GET_ROW, "").is_err() {
            // SAFETY: a live matrix. Its diagonal would be computed from rows of this one.
            unsafe { call!(MatSetOperation(view.as_ptr(), sys::MATOP_GET_DIAGONAL, None)) }?;
        }
        Ok(view)
    }

    /// Creates a matrix of the same type, layout and nonzero pattern, filled with zeros.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before assembly; `SUP` for a type that cannot be duplicated.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut a = Matrix::builder(comm).global_size(3, 3).build()?;
    /// for i in a.ownership_range()? {
    ///     a.set_value(i, i, 2.0.into(), InsertMode::Insert)?;
    /// }
    /// a.assemble()?;
    /// let (pattern, copy) = (a.duplicate()?, a.duplicate_with_values()?);
    /// assert_eq!(pattern.norm(Norm::One)?, 0.0);
    /// assert_eq!(copy.norm(Norm::One)?, 2.0);
    /// # Ok(()) })
    /// ```
    #[wraps(MatDuplicate)]
    #[track_caller]
    pub fn duplicate(&self) -> Result<Matrix> {
        self.duplicate_as(sys::MAT_DO_NOT_COPY_VALUES)
    }

    /// Creates a matrix of the same type and layout with the same entries. Collective.
    #[wraps(MatDuplicate, errors = duplicate)]
    #[track_caller]
    pub fn duplicate_with_values(&self) -> Result<Matrix> {
        self.duplicate_as(sys::MAT_COPY_VALUES)
    }

    #[track_caller]
    fn duplicate_as(&self, option: sys::MatDuplicateOption) -> Result<Matrix> {
        self.check_assembled()?;
        self.check_readable()?;
        // SAFETY: a live, assembled matrix; C creates a matrix.
        let new = unsafe { create!(MatDuplicate(self.as_ptr(), option, _)) }
            .and_then(Matrix::complete)?;
        self.pass_on_grid(&new)?;
        Ok(new)
    }

    /// Sets the stored entries to random numbers. Collective.
    ///
    /// # Errors
    /// `SUP` for a type that does not support this.
    #[wraps(MatSetRandom)]
    pub fn set_random(&mut self, random: &mut crate::RandomRef) -> Result<()> {
        self.check_assembled()?;
        self.check_writable()?;
        // SAFETY: live objects; nobody borrows the entries (above).
        unsafe { call!(MatSetRandom(self.as_ptr(), random.as_ptr())) }
    }
}
