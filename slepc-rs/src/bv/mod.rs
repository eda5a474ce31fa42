//! Basis vectors (`BV` in C): vectors that form the columns of a tall, skinny matrix, with the
//! operations of projection methods.
//!
//! Most operations apply to the [active columns](BvRef::active_columns). The columns before the
//! active columns are the leading columns, which operations do not change.

mod columns;
mod dots;
mod inner;
mod krylov;
mod memory;
mod operators;
mod orthogonal;
mod products;
mod random;
mod split;
mod state;
mod types;
mod view;

use std::ops::Range;
use std::ptr;

use petsc_macros::wraps;
use petsc_rs::ffi::range::out_of_range;
use petsc_rs::matrix::{Matrix, MatrixRef};
use petsc_rs::vector::{Vector, VectorRef};
use petsc_rs::{
    Comm, Error, ErrorCode, Int, Object as _, Result, call, ffi, internal, petsc_object,
};

use crate::base::session;
use crate::sys;

pub use columns::{Column, ColumnMut};
pub use krylov::{Arnoldi, Lanczos};
pub use orthogonal::{Orthogonalization, Orthogonalized};
pub use split::Split;
pub use types::{BvType, MatMultMethod, OrthogBlock, OrthogRefine, OrthogType};
pub use view::{MatrixView, MatrixViewMut};

petsc_object! {
    /// Basis vectors.
    ///
    /// A program creates a basis, fills its columns, and computes with all active columns at once.
    /// Dropping the handle destroys the basis. A solver lends its basis, for example in
    /// [`EpsRef::bv`](crate::EpsRef::bv).
    ///
    /// # Examples
    /// See [`Bv::new`].
    ///
    /// # Options
    /// `-bv_type`, `-bv_orthog_type`, `-bv_orthog_refine`, `-bv_orthog_block`, with
    /// [`BvRef::set_from_options`].
    ///
    /// # See also
    /// [`BvType`], [`BvRef::column_mut`], [`BvRef::orthogonalize`], [`BvRef::mat_project`].
    #[wraps(BV)]
    Bv,
    /// A borrowed [`Bv`].
    BvRef,
    BV,
    BVDestroy,
}

crate::base::prefixed! {
    Bv, BvRef, "basis";
    #[wraps(BVSetOptionsPrefix)]
    BVSetOptionsPrefix,
    #[doc(alias = "BVAppendOptionsPrefix")]
    BVAppendOptionsPrefix
}

impl Bv {
    /// Creates a basis of `columns` vectors of global size `n`, filled with zeros and with PETSc's
    /// parallel layout. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `columns` is 0; `ARG_UNKNOWN_TYPE` if this build does not have the type.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use slepc_rs::bv::{Bv, BvType};
    /// let mut basis = Bv::new(comm, 20, 3, BvType::SVEC)?;
    /// basis.set_random()?;
    /// basis.orthogonalize()?;
    /// let gram = basis.dot(&basis)?; // the identity of order 3
    /// let gram = gram.dense()?;
    /// # let re = |i, j| petsc_rs::ScalarExt::real(gram.view()[(i, j)]);
    /// assert!((re(0, 0) - 1.0).abs() < 1e-12 && re(0, 2).abs() < 1e-12);
    /// # Ok(()) })
    /// ```
    #[wraps(BVCreate, BVSetSizes)]
    #[track_caller]
    pub fn new(comm: &Comm, n: usize, columns: usize, kind: BvType<'_>) -> Result<Self> {
        let (n, m) = (ffi::petsc_int(n)?, count(columns)?);
        let basis = Self::bare(comm, kind)?;
        // SAFETY: a new basis; PETSc determines the parallel layout.
        unsafe { call!(BVSetSizes(basis.as_ptr(), ffi::DECIDE, n, m)) }?;
        Ok(basis)
    }

    /// Creates a basis of `columns` vectors with the parallel layout and the type of `vector`,
    /// filled with zeros. Collective.
    ///
    /// # Errors
    /// The errors of [`new`](Self::new); `SUP` if this [`BvType`] does not support the type of the
    /// vector.
    #[wraps(BVSetSizesFromVec)]
    #[track_caller]
    pub fn like(vector: &VectorRef, columns: usize, kind: BvType<'_>) -> Result<Self> {
        let m = count(columns)?;
        // A separate vector: the caller can change `vector`.
        let template = vector.duplicate()?;
        let basis = Self::bare(&vector.comm()?, kind)?;
        // SAFETY: a new basis and a live vector, of which SLEPc takes a reference.
        unsafe { call!(BVSetSizesFromVec(basis.as_ptr(), template.as_ptr(), m)) }?;
        Ok(basis)
    }

    /// Creates a basis with copies of the columns of a dense matrix. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the matrix is not dense; the errors of [`new`](Self::new).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt};
    /// use slepc_rs::bv::{Bv, BvType};
    /// let a = Matrix::from_dense(comm, 2, 1, &[3.0, 4.0].map(Scalar::from_real))?;
    /// let basis = Bv::from_matrix(&a, BvType::SVEC)?;
    /// assert_eq!(basis.norm_column(0, petsc_rs::Norm::Two)?, 5.0);
    /// # Ok(()) })
    /// ```
    #[wraps(BVCreateFromMat)]
    #[track_caller]
    pub fn from_matrix(matrix: &MatrixRef, kind: BvType<'_>) -> Result<Self> {
        session::ensure()?;
        if !matrix.is_type("seqdense")? && !matrix.is_type("mpidense")? {
            let text = "a basis is created from a dense matrix: convert the matrix first";
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        if matrix.is_type("mpidense")? && matrix.comm()?.size() == 1 {
            // The basis creates a matrix of the other type on one rank, and SLEPc copies to it as
            // if the types were equal.
            let text = "the matrix has type mpidense on one rank: convert it to seqdense";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        count(matrix.size()?.1)?;
        matrix.check_readable()?;
        // SLEPc may copy one contiguous block. A submatrix has gaps between its columns, and so has
        // a matrix that SLEPc created, on ranks where it aligns columns (observed in 3.26). All
        // ranks make copies, or none.
        let gaps = matrix.dense()?.lda() != matrix.local_size()?.0;
        let copy = internal::any_rank(matrix.object_ptr(), gaps)?
            .then(|| matrix.duplicate_with_values())
            .transpose()?;
        let matrix = copy.as_deref().unwrap_or(matrix);
        let mut raw = ptr::null_mut();
        // SAFETY: a live dense matrix with a column and without gaps (above), and a valid out-pointer.
        unsafe { call!(BVCreateFromMat(matrix.as_ptr(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let basis = unsafe { Self::from_raw(raw) };
        // SAFETY: a live basis with sizes: the type copies the entries.
        unsafe { call!(BVSetType(basis.as_ptr(), kind.as_ptr())) }?;
        Ok(basis)
    }

    fn bare(comm: &Comm, kind: BvType<'_>) -> Result<Self> {
        session::ensure()?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(BVCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let basis = unsafe { Self::from_raw(raw) };
        // SAFETY: a live basis and a NUL-terminated name.
        unsafe { call!(BVSetType(basis.as_ptr(), kind.as_ptr())) }?;
        Ok(basis)
    }
}

/// Sizes of basis vectors, see [`BvRef::sizes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sizes {
    /// Local size of the vectors.
    pub local: usize,
    /// Global size of the vectors.
    pub global: usize,
    /// Number of vectors.
    pub columns: usize,
}

impl BvRef {
    /// Sets type, orthogonalization and other settings from the options database (`-bv_type`,
    /// `-bv_orthog_type`, `-bv_orthog_refine`, `-bv_orthog_block`, `-bv_matmult`, …). If the type
    /// changes, all columns are set to zero. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the basis has constraints, or while a column is borrowed; an error of
    /// PETSc for an invalid value of an option.
    #[wraps(BVSetFromOptions)]
    pub fn set_from_options(&mut self) -> Result<()> {
        self.check_unconstrained()?;
        self.forget()?;
        // SAFETY: a live basis of which nothing is lent out (above).
        unsafe { call!(BVSetFromOptions(*self.busy()?)) }
    }

    /// Returns the local and global size of the vectors and the number of columns. Not collective.
    #[wraps(BVGetSizes)]
    pub fn sizes(&self) -> Result<Sizes> {
        petsc_rs::not_collective!();
        let (n, total, m) = self.raw_sizes()?;
        Ok(Sizes { local: ffi::size(n)?, global: ffi::size(total)?, columns: ffi::size(m)? })
    }

    /// Returns whether the sizes are set: the basis of a solver has no sizes before the setup.
    pub(crate) fn has_sizes(&self) -> Result<bool> {
        let (n, total, m) = self.raw_sizes()?;
        Ok(n >= 0 && total >= 0 && m > 0)
    }

    fn raw_sizes(&self) -> Result<(Int, Int, Int)> {
        let (mut n, mut total, mut m) = (0, 0, 0);
        let (a, b, c) = (&raw mut n, &raw mut total, &raw mut m);
        // SAFETY: a live basis and valid out-pointers.
        unsafe { call!(BVGetSizes(self.as_ptr(), a, b, c)) }?;
        Ok((n, total, m))
    }

    /// Sets the range of active columns. The columns before it are the leading columns. Logically
    /// collective. Default: all columns.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the columns do not exist; `ARG_WRONGSTATE` while a matrix view of the
    /// columns is borrowed.
    #[wraps(BVSetActiveColumns)]
    pub fn set_active_columns(&mut self, columns: Range<usize>) -> Result<()> {
        let m = self.sizes()?.columns;
        if columns.start > columns.end || columns.end > m {
            let text = format!("columns {columns:?} lie outside 0..{m}, the columns of the basis");
            return Err(out_of_range(text));
        }
        let (l, k) = (ffi::petsc_int(columns.start)?, ffi::petsc_int(columns.end)?);
        // SAFETY: a live basis.
        unsafe { call!(PetscRsBVCheckView(self.as_ptr())) }?;
        // SAFETY: a live basis that has these columns, of which no matrix view is borrowed (above).
        unsafe { call!(BVSetActiveColumns(*self.busy()?, l, k)) }
    }

    /// Returns the range of active columns. Not collective.
    #[wraps(BVGetActiveColumns)]
    pub fn active_columns(&self) -> Result<Range<usize>> {
        petsc_rs::not_collective!();
        let (mut l, mut k) = (0, 0);
        // SAFETY: a live basis and valid out-pointers.
        unsafe { call!(BVGetActiveColumns(self.as_ptr(), &raw mut l, &raw mut k)) }?;
        Ok(ffi::size(l)?..ffi::size(k)?)
    }

    /// Changes the number of columns. New columns are zero. Without `keep`, the previous contents
    /// are lost. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `columns` is 0; `ARG_WRONGSTATE` if the basis has constraints.
    #[wraps(BVResize)]
    pub fn resize(&mut self, columns: usize, keep: bool) -> Result<()> {
        self.check_writable()?;
        let m = count(columns)?;
        self.check_unconstrained()?;
        self.forget()?;
        // SAFETY: a live basis of which nothing is lent out (above).
        unsafe { call!(BVResize(*self.busy()?, m, ffi::raw_bool(keep))) }
    }

    /// Creates a basis of the same sizes, type, inner product and settings. The entries are not
    /// copied. Collective.
    #[wraps(BVDuplicate)]
    #[track_caller]
    pub fn duplicate(&self) -> Result<Bv> {
        self.duplicate_resized(self.sizes()?.columns)
    }

    /// Creates a basis like [`duplicate`](Self::duplicate), but with another number of columns.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `columns` is 0.
    #[wraps(BVDuplicateResize)]
    #[track_caller]
    pub fn duplicate_resized(&self, columns: usize) -> Result<Bv> {
        let (m, mut raw) = (count(columns)?, ptr::null_mut());
        // SAFETY: a live basis with sizes and a type, and a valid out-pointer.
        unsafe { call!(BVDuplicateResize(self.as_ptr(), m, &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Bv::from_raw(raw) })
    }

    /// Creates a vector with the type and parallel layout of the columns, filled with zeros.
    /// Collective.
    #[wraps(BVCreateVec)]
    #[track_caller]
    pub fn create_vector(&self) -> Result<Vector> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live basis with sizes, and a valid out-pointer.
        unsafe { call!(BVCreateVec(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Vector::from_raw(raw) })
    }

    /// Creates a dense matrix with copies of all columns. Collective.
    #[wraps(BVCreateMat)]
    #[track_caller]
    pub fn to_matrix(&self) -> Result<Matrix> {
        self.check_readable()?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live basis with sizes and a type, and a valid out-pointer.
        unsafe { call!(BVCreateMat(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Matrix::from_raw(raw) })
    }

    /// Checks that column `j` exists and converts its number for C.
    fn column_index(&self, j: usize) -> Result<Int> {
        let m = self.sizes()?.columns;
        if j >= m {
            let text = format!("column {j} lies outside 0..{m}, the columns of the basis");
            return Err(out_of_range(text));
        }
        ffi::petsc_int(j)
    }

    /// Checks a column that is combined with the columns from the first active one to `j - 1`.
    fn column_after_leading(&self, j: usize) -> Result<(Int, usize)> {
        let (raw, leading) = (self.column_index(j)?, self.active_columns()?.start);
        match j.checked_sub(leading) {
            Some(n) => Ok((raw, n)),
            None => {
                Err(out_of_range(format!("column {j} is one of the {leading} leading columns")))
            }
        }
    }

    /// Checks the sizes of vectors. Optimized SLEPc omits this check.
    fn check_fit(&self, vectors: &[&VectorRef]) -> Result<(Int, Vec<sys::Vec>)> {
        let Sizes { local, global, .. } = self.sizes()?;
        crate::base::check_fit(self, vectors, (local, global))
    }

    /// Checks type and sizes of another basis, whose private data SLEPc casts.
    fn check_partner(&self, other: &Self) -> Result<()> {
        internal::check_same_ranks(self.object_ptr(), other.object_ptr())?;
        let (a, b) = (self.type_name()?, other.type_name()?);
        if a != b {
            let [a, b] = [a, b].map(Option::unwrap_or_default);
            let text = format!("the bases have different types, {a} and {b}");
            return Err(Error::new(ErrorCode::ARG_NOTSAMETYPE, text));
        }
        let (a, b) = (self.sizes()?, other.sizes()?);
        if (a.local, a.global) != (b.local, b.global) {
            let text = format!(
                "the bases have vectors of different sizes: {} entries ({} on this rank) and {} ({})",
                a.global, a.local, b.global, b.local
            );
            return Err(Error::new(ErrorCode::ARG_INCOMP, text));
        }
        Ok(())
    }

    /// Discards cached data that become invalid when sizes, type or inner product change.
    fn forget(&mut self) -> Result<()> {
        // SAFETY: a live basis, borrowed mutably; the shim checks that nothing is lent out.
        unsafe { call!(PetscRsBVForget(self.as_ptr())) }
    }
}

/// Checks a number of columns and converts it for C.
fn count(columns: usize) -> Result<Int> {
    match columns {
        0 => Err(out_of_range("a basis must have at least one column")),
        n => ffi::petsc_int(n),
    }
}

/// Creates a sequential dense matrix of zeros.
fn small_matrix(rows: usize, columns: usize) -> Result<Matrix> {
    let (rows, columns, mut raw) =
        (ffi::petsc_int(rows)?, ffi::petsc_int(columns)?, ptr::null_mut());
    // SAFETY: sizes that are not negative and a valid out-pointer.
    unsafe { call!(PetscRsSeqDense(rows, columns, &raw mut raw)) }?;
    // SAFETY: just created; the reference is ours.
    Ok(unsafe { Matrix::from_raw(raw) })
}

/// Checks that a matrix of coefficients is dense and sequential. Optimized SLEPc omits this check.
fn check_small(matrix: &MatrixRef) -> Result<()> {
    matrix.check_readable()?;
    if matrix.is_type("seqdense")? {
        return Ok(());
    }
    let text = "the coefficients must be a sequential dense matrix, the same on all ranks";
    Err(Error::new(ErrorCode::ARG_WRONG, text))
}
