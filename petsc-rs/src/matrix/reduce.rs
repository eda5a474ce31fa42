//! Norms, sums, extrema, comparisons and orderings of matrices.

use std::ptr;

use petsc_macros::wraps;

use super::{Matrix, MatrixRef};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::{Norm, VectorRef};
use crate::{Int, Object as _, Real, Scalar, ScalarExt as _, call, create, ffi, get, sys};

impl MatrixRef {
    /// Computes a norm: [`Norm::One`] (largest column sum), [`Norm::Frobenius`] or
    /// [`Norm::Infinity`] (largest row sum). Collective.
    ///
    /// # Errors
    /// `SUP` for [`Norm::Two`], which sparse types do not support; `ARG_WRONGSTATE` before
    /// assembly.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut a = Matrix::builder(comm).global_size(2, 2).build()?;
    /// if comm.rank() == 0 {
    ///     let values = [3.0, 4.0, 0.0, 12.0].map(Scalar::from_real); // rows (3, 4) and (0, 12)
    ///     a.set_values(&[0, 1], &[0, 1], &values, InsertMode::Insert)?;
    /// }
    /// a.assemble()?;
    /// assert_eq!(a.norm(Norm::One)?, 16.0);
    /// assert_eq!(a.norm(Norm::Infinity)?, 12.0);
    /// assert_eq!(a.norm(Norm::Frobenius)?, 13.0);
    /// # Ok(()) })
    /// ```
    #[wraps(MatNorm)]
    pub fn norm(&self, norm: Norm) -> Result<Real> {
        self.check_reduce()?;
        let mut value = 0.0;
        // SAFETY: a live, assembled matrix; every `Norm` writes exactly one real.
        unsafe { call!(MatNorm(self.as_ptr(), norm.to_raw(), &raw mut value)) }?;
        Ok(value)
    }

    /// Computes the trace, the sum of the diagonal entries. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the matrix is not square; `ARG_WRONGSTATE` before assembly.
    #[wraps(MatGetTrace)]
    pub fn trace(&self) -> Result<Scalar> {
        self.check_square()?;
        self.check_reduce()?;
        let mut value = Scalar::from_real(0.0);
        // SAFETY: a live, assembled, square matrix and a valid out-pointer.
        unsafe { call!(MatGetTrace(self.as_ptr(), &raw mut value)) }?;
        Ok(value)
    }

    /// Computes the sum of each row. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if `sums` does not have one entry for each row; `ARG_WRONGSTATE` before assembly.
    #[wraps(MatGetRowSum)]
    pub fn row_sum(&self, sums: &mut VectorRef) -> Result<()> {
        self.check_rows(sums)?;
        // SAFETY: live objects that fit (above).
        unsafe { call!(MatGetRowSum(self.as_ptr(), sums.as_ptr())) }
    }

    /// Computes the largest real part in each row, and the column of this entry. Entries that are
    /// not stored count as zero. Collective.
    ///
    /// # Errors
    /// See [`row_sum`](Self::row_sum); `SUP` for a type that does not support this; `ARG_SIZ` if
    /// the matrix has no columns.
    #[wraps(MatGetRowMax)]
    pub fn row_max(&self, values: &mut VectorRef) -> Result<Vec<Int>> {
        let mut columns = self.room_for_columns(values)?;
        // SAFETY: live objects that fit; `columns` has room for each local row.
        unsafe { call!(MatGetRowMax(self.as_ptr(), values.as_ptr(), columns.as_mut_ptr())) }?;
        Ok(columns)
    }

    /// Computes the smallest real part in each row, and the column of this entry. See
    /// [`row_max`](Self::row_max).
    #[wraps(MatGetRowMin, errors = row_max)]
    pub fn row_min(&self, values: &mut VectorRef) -> Result<Vec<Int>> {
        let mut columns = self.room_for_columns(values)?;
        // SAFETY: live objects that fit; `columns` has room for each local row.
        unsafe { call!(MatGetRowMin(self.as_ptr(), values.as_ptr(), columns.as_mut_ptr())) }?;
        Ok(columns)
    }

    /// Computes the largest absolute value in each row, and the column of this entry. See
    /// [`row_max`](Self::row_max).
    #[wraps(MatGetRowMaxAbs, errors = row_max)]
    pub fn row_max_abs(&self, values: &mut VectorRef) -> Result<Vec<Int>> {
        let mut columns = self.room_for_columns(values)?;
        // SAFETY: live objects that fit; `columns` has room for each local row.
        unsafe { call!(MatGetRowMaxAbs(self.as_ptr(), values.as_ptr(), columns.as_mut_ptr())) }?;
        Ok(columns)
    }

    /// Computes a norm of each column: [`Norm::One`], [`Norm::Two`] or [`Norm::Infinity`].
    /// Collective; the result is the same on all ranks.
    ///
    /// # Errors
    /// `SUP` for [`Norm::Frobenius`], and for types without column norms; `ARG_WRONGSTATE` before
    /// assembly.
    #[wraps(MatGetColumnNorms)]
    pub fn column_norms(&self, norm: Norm) -> Result<Vec<Real>> {
        if norm == Norm::Frobenius {
            return Err(Error::new(
                ErrorCode::SUP,
                "columns have no Frobenius norm; use Norm::Two",
            ));
        }
        self.check_reduce()?;
        let mut norms = vec![0.0; self.size()?.1];
        // SAFETY: a live, assembled matrix; `norms` has room for each global column.
        unsafe { call!(MatGetColumnNorms(self.as_ptr(), norm.to_raw(), norms.as_mut_ptr())) }?;
        Ok(norms)
    }

    /// Computes the sum of each column. Collective; the result is the same on all ranks.
    #[wraps(MatGetColumnSums, errors = column_norms)]
    pub fn column_sums(&self) -> Result<Vec<Scalar>> {
        self.check_reduce()?;
        let mut sums = vec![Scalar::from_real(0.0); self.size()?.1];
        // SAFETY: a live, assembled matrix; `sums` has room for each global column.
        unsafe { call!(MatGetColumnSums(self.as_ptr(), sums.as_mut_ptr())) }?;
        Ok(sums)
    }

    /// Copies a column to `values`. Entries that are not stored become zero. Collective; `column`
    /// must be equal on all ranks.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a column outside the matrix; see also [`row_sum`](Self::row_sum).
    #[wraps(MatGetColumnVector)]
    pub fn column(&self, column: Int, values: &mut VectorRef) -> Result<()> {
        ffi::check_index(column, &(0..self.raw_size()?.1))?;
        self.check_rows(values)?;
        self.check_operation(sys::MATOP_GET_ROW, "MatGetColumnVector")?;
        // SAFETY: live objects that fit; the column is in range, and the type gives rows (above).
        unsafe { call!(MatGetColumnVector(self.as_ptr(), values.as_ptr(), column)) }
    }

    /// Returns whether `|Aᵢⱼ − Aⱼᵢ| ≤ tolerance` for all entries. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before assembly; `SUP` for a type that does not support this.
    #[wraps(MatIsSymmetric)]
    pub fn is_symmetric(&self, tolerance: Real) -> Result<bool> {
        self.check_reduce()?;
        // SAFETY: a live, assembled matrix and a valid out-pointer.
        unsafe { get!(MatIsSymmetric(self.as_ptr(), tolerance, _)) }
    }

    /// Returns whether `|Aᵢⱼ − conj(Aⱼᵢ)| ≤ tolerance` for all entries. Collective.
    ///
    /// # Errors
    /// See [`is_symmetric`](Self::is_symmetric); `SUP` for distributed `aij` with complex scalars.
    #[wraps(MatIsHermitian)]
    pub fn is_hermitian(&self, tolerance: Real) -> Result<bool> {
        self.check_reduce()?;
        // SAFETY: a live, assembled matrix and a valid out-pointer.
        unsafe { get!(MatIsHermitian(self.as_ptr(), tolerance, _)) }
    }

    /// Returns whether the nonzero pattern is symmetric. Collective.
    #[wraps(MatIsStructurallySymmetric, errors = is_symmetric)]
    pub fn is_structurally_symmetric(&self) -> Result<bool> {
        self.check_reduce()?;
        // SAFETY: a live, assembled matrix and a valid out-pointer.
        unsafe { get!(MatIsStructurallySymmetric(self.as_ptr(), _)) }
    }

    /// Returns whether both matrices have equal nonzero patterns and values. For types that PETSc
    /// cannot compare directly, it compares products with random vectors. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the sizes differ; `ARG_WRONGSTATE` before assembly.
    #[wraps(MatEqual)]
    pub fn equal(&self, other: &Self) -> Result<bool> {
        self.check_compares(other)?;
        // SAFETY: live, assembled matrices of one layout and a valid out-pointer.
        unsafe { get!(MatEqual(self.as_ptr(), other.as_ptr(), _)) }
    }

    fn check_compares(&self, other: &Self) -> Result<()> {
        self.check_same_layout(other)?;
        self.check_reduce()?;
        other.check_reduce()
    }

    fn check_reduce(&self) -> Result<()> {
        self.check_assembled()?;
        self.check_readable()
    }

    fn check_rows(&self, values: &VectorRef) -> Result<()> {
        self.check_left(values)?;
        self.check_reduce()?;
        values.check_writable()
    }

    fn room_for_columns(&self, values: &VectorRef) -> Result<Vec<Int>> {
        self.check_rows(values)?;
        if self.raw_size()?.1 == 0 {
            let text = "the rows of a matrix without columns have no largest entry";
            return Err(Error::collective(ErrorCode::ARG_SIZ, text));
        }
        Ok(vec![0; self.local_size()?.0])
    }
}

impl MatrixRef {
    /// Returns permutations of rows and columns that reduce fill in a factorization, computed with
    /// a method such as [`RCM`](super::OrderingType::RCM). Requires one rank.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` for an unknown method; `SUP` for a type that does not support this.
    #[wraps(MatGetOrdering)]
    #[track_caller]
    pub fn ordering(
        &self,
        kind: super::OrderingType<'_>,
    ) -> Result<(crate::IndexSet, crate::IndexSet)> {
        self.check_square()?;
        self.check_reduce()?;
        if self.is_type("mpiadj")? {
            // MatRestoreRowIJ dereferences NULL.
            let text = "PETSc cannot compute an ordering of a matrix of type mpiadj: order the original matrix";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        if self.is_type("scalapack")? || self.is_type("elemental")? {
            // C reads uninitialized memory.
            let text = "PETSc cannot compute an ordering of a matrix with a two-dimensional block distribution";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        // SAFETY: a live matrix; the pattern stays.
        unsafe { call!(PetscRsMatFindInodes(self.as_ptr())) }?;
        let (mut rows, mut columns) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live, assembled, square matrix, a NUL-terminated name, valid out-pointers.
        unsafe {
            call!(MatGetOrdering(self.as_ptr(), kind.as_ptr(), &raw mut rows, &raw mut columns))
        }?;
        // SAFETY: just created; the reference is ours.
        let rows = unsafe { crate::IndexSet::from_raw(rows) };
        // SAFETY: as above.
        Ok((rows, unsafe { crate::IndexSet::from_raw(columns) }))
    }

    /// Returns a new matrix `B` whose entry `Bᵢⱼ` is the entry of `A` in row `rows[i]` and column
    /// `columns[j]`. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if an index set is not a permutation; `ARG_SIZ` if its length does not match;
    /// `SUP` for a type that does not support this.
    #[wraps(MatPermute)]
    #[track_caller]
    pub fn permute(
        &self,
        rows: &crate::IndexSetRef,
        columns: &crate::IndexSetRef,
    ) -> Result<Matrix> {
        self.check_reduce()?;
        let (m, n) = self.size()?;
        let (local_m, local_n) = self.local_size()?;
        for (set, global, local) in [(rows, m, local_m), (columns, n, local_n)] {
            ffi::same_len("length of the permutation", global, set.len()?)?;
            ffi::same_len("length of the permutation on this rank", local, set.local_len()?)?;
            if !set.is_permutation()? {
                return Err(Error::argument("the index set is not a permutation"));
            }
        }
        // SAFETY: live objects; both sets are permutations that fit (above); C creates a matrix.
        unsafe { create!(MatPermute(self.as_ptr(), rows.as_ptr(), columns.as_ptr(), _)) }
            .and_then(Matrix::complete)
    }
}

macro_rules! comparisons {
    ($(#[$wraps:meta] $what:literal $name:ident = $function:ident;)*) => {
        impl MatrixRef {
            $(
                #[doc = concat!("Returns whether both matrices have the same ", $what, " for `n` random vectors, up to rounding errors. Collective.")]
                ///
                /// # Errors
                /// See [`equal`](Self::equal).
                #[$wraps]
                pub fn $name(&self, other: &Self, n: usize) -> Result<bool> {
                    self.check_compares(other)?;
                    let (b, n) = (other.as_ptr(), ffi::petsc_int(n)?);
                    // SAFETY: live, assembled matrices of one layout and a valid out-pointer.
                    unsafe { get!($function(self.as_ptr(), b, n, _)) }
                }
            )*
        }
    };
}

comparisons! {
    #[wraps(MatMultEqual)]
    "products `A·x`" mult_equal = MatMultEqual;
    #[wraps(MatMultAddEqual)]
    "sums `y + A·x`" mult_add_equal = MatMultAddEqual;
    #[wraps(MatMultTransposeEqual)]
    "products `Aᵀ·x`" mult_transpose_equal = MatMultTransposeEqual;
    #[wraps(MatMultTransposeAddEqual)]
    "sums `y + Aᵀ·x`" mult_transpose_add_equal = MatMultTransposeAddEqual;
    #[wraps(MatMultHermitianTransposeEqual)]
    "products `Aᴴ·x`" mult_hermitian_transpose_equal = MatMultHermitianTransposeEqual;
    #[wraps(MatMultHermitianTransposeAddEqual)]
    "sums `y + Aᴴ·x`" mult_hermitian_transpose_add_equal = MatMultHermitianTransposeAddEqual;
}

macro_rules! known {
    ($(#[$wraps:meta] $what:literal $name:ident = $function:ident;)*) => {
        impl MatrixRef {
            $(
                #[doc = concat!("Returns whether the matrix is known to be ", $what, ", because of an option or an earlier test; `None` if unknown. Not collective.")]
                ///
                /// # Errors
                #[doc = concat!("The errors of `", stringify!($function), "`.")]
                #[$wraps]
                pub fn $name(&self) -> Result<Option<bool>> {
                    crate::not_collective!();
                    // SAFETY: a live matrix and valid out-pointers.
                    let found = unsafe { get!($function(self.as_ptr(), _, _)) };
                    let (known, yes): (bool, bool) = found?;
                    Ok(known.then_some(yes))
                }
            )*
        }
    };
}

known! {
    #[wraps(MatIsSymmetricKnown)]
    "symmetric" symmetric_known = MatIsSymmetricKnown;
    #[wraps(MatIsHermitianKnown)]
    "Hermitian" hermitian_known = MatIsHermitianKnown;
    #[wraps(MatIsStructurallySymmetricKnown)]
    "structurally symmetric" structurally_symmetric_known = MatIsStructurallySymmetricKnown;
    #[wraps(MatIsSPDKnown)]
    "symmetric (Hermitian) positive definite" spd_known = MatIsSPDKnown;
}
