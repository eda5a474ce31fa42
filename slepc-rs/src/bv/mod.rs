//! Basis vectors (`BV` in C): some vectors side by side, the columns of a tall matrix, and what methods of projection do
//! with them, at the speed of dense blocks.
//!
//! Most operations work on the [active columns](BvRef::active_columns): those before them, the leading ones, are taken
//! as done.

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
    /// `columns` vectors of `n` zeros, distributed evenly. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for no column; `ARG_UNKNOWN_TYPE` if this build has no such type.
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
        // SAFETY: a new basis; PETSc distributes the rows.
        unsafe { call!(BVSetSizes(basis.as_ptr(), ffi::DECIDE, n, m)) }?;
        Ok(basis)
    }

    /// `columns` vectors with the entries of `vector` on the same ranks, and of its type. Collective.
    ///
    /// # Errors
    /// As [`new`](Self::new); `SUP` if the type of storage has no place for vectors of that type.
    #[wraps(BVSetSizesFromVec)]
    #[track_caller]
    pub fn like(vector: &VectorRef, columns: usize, kind: BvType<'_>) -> Result<Self> {
        let m = count(columns)?;
        // A vector of its own: the caller's may be changed.
        let template = vector.duplicate()?;
        let basis = Self::bare(&vector.comm()?, kind)?;
        // SAFETY: a new basis and a live vector, of which SLEPc takes a reference.
        unsafe { call!(BVSetSizesFromVec(basis.as_ptr(), template.as_ptr(), m)) }?;
        Ok(basis)
    }

    /// The columns of a dense matrix, copied. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for a matrix that is not dense; as [`new`](Self::new).
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
            let text = "only the columns of a dense matrix make a basis";
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        if matrix.is_type("mpidense")? && matrix.comm()?.size() == 1 {
            // The basis has a matrix of the other type on one rank, to which C copies as to one of this type.
            let text = "a matrix of type mpidense on one rank: make it seqdense";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        count(matrix.size()?.1)?;
        matrix.check_readable()?;
        // SLEPc may copy one block of memory: a part of a larger matrix has gaps in it, as has a matrix of SLEPc's own on
        // the ranks whose columns it aligns (seen in 3.26). Copies are made by all ranks or by none.
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
        // SAFETY: a live basis that knows its sizes: the type takes the entries over.
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

/// The sizes of basis vectors, see [`BvRef::sizes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sizes {
    /// Entries of a vector on this rank.
    pub local: usize,
    /// Entries of a vector.
    pub global: usize,
    /// Number of vectors.
    pub columns: usize,
}

impl BvRef {
    /// Takes type, orthogonalisation and so on from the options (`-bv_type`, `-bv_orthog_type`, `-bv_orthog_refine`,
    /// `-bv_orthog_block`, `-bv_matmult`, …). Another type begins with zeros. Collective.
    ///
    /// # Errors
    /// A wrong value of an option; `ARG_WRONGSTATE` with constraints, or while a column is lent out.
    #[wraps(BVSetFromOptions)]
    pub fn set_from_options(&mut self) -> Result<()> {
        self.check_unconstrained()?;
        self.forget()?;
        // SAFETY: a live basis of which nothing is lent out (above).
        unsafe { call!(BVSetFromOptions(*self.busy()?)) }
    }

    /// How many entries and columns there are. Not collective.
    ///
    /// # Errors
    /// What `BVGetSizes` returns.
    #[wraps(BVGetSizes)]
    pub fn sizes(&self) -> Result<Sizes> {
        petsc_rs::not_collective!();
        let (n, total, m) = self.raw_sizes()?;
        Ok(Sizes {
            local: ffi::size(n)?,
            global: ffi::size(total)?,
            columns: ffi::size(m)?,
        })
    }

    /// Whether sizes are set: the basis of a solver has none before its set-up.
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

    /// Sets the columns that operations work on; those before them are the leading ones. Logically collective.
    /// Default: all.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for columns that there are not; `ARG_WRONGSTATE` while a matrix view of them is lent.
    #[wraps(BVSetActiveColumns)]
    pub fn set_active_columns(&mut self, columns: Range<usize>) -> Result<()> {
        let m = self.sizes()?.columns;
        if columns.start > columns.end || columns.end > m {
            let text = format!("columns {columns:?} of a basis that has {m}");
            return Err(out_of_range(text));
        }
        let (l, k) = (ffi::petsc_int(columns.start)?, ffi::petsc_int(columns.end)?);
        // SAFETY: a live basis.
        unsafe { call!(PetscRsBVCheckView(self.as_ptr())) }?;
        // SAFETY: a live basis that has these columns, which no matrix view takes for others (above).
        unsafe { call!(BVSetActiveColumns(*self.busy()?, l, k)) }
    }

    /// The columns that operations work on. Not collective.
    ///
    /// # Errors
    /// What `BVGetActiveColumns` returns.
    #[wraps(BVGetActiveColumns)]
    pub fn active_columns(&self) -> Result<Range<usize>> {
        petsc_rs::not_collective!();
        let (mut l, mut k) = (0, 0);
        // SAFETY: a live basis and valid out-pointers.
        unsafe { call!(BVGetActiveColumns(self.as_ptr(), &raw mut l, &raw mut k)) }?;
        Ok(ffi::size(l)?..ffi::size(k)?)
    }

    /// Changes the number of columns; new ones are zero. Without `keep`, all are to be filled anew. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for none; `ARG_WRONGSTATE` with constraints.
    #[wraps(BVResize)]
    pub fn resize(&mut self, columns: usize, keep: bool) -> Result<()> {
        self.check_writable()?;
        let m = count(columns)?;
        self.check_unconstrained()?;
        self.forget()?;
        // SAFETY: a live basis of which nothing is lent out (above).
        unsafe { call!(BVResize(*self.busy()?, m, ffi::raw_bool(keep))) }
    }

    /// A basis of the same sizes, type, inner product and settings; the entries are not copied. Collective.
    ///
    /// # Errors
    /// What `BVDuplicate` returns.
    #[wraps(BVDuplicate)]
    #[track_caller]
    pub fn duplicate(&self) -> Result<Bv> {
        self.duplicate_resized(self.sizes()?.columns)
    }

    /// The same with another number of columns. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for none.
    #[wraps(BVDuplicateResize)]
    #[track_caller]
    pub fn duplicate_resized(&self, columns: usize) -> Result<Bv> {
        let (m, mut raw) = (count(columns)?, ptr::null_mut());
        // SAFETY: a live basis with sizes and a type, and a valid out-pointer.
        unsafe { call!(BVDuplicateResize(self.as_ptr(), m, &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Bv::from_raw(raw) })
    }

    /// A vector that fits, of zeros. Collective.
    ///
    /// # Errors
    /// What `BVCreateVec` returns.
    #[wraps(BVCreateVec)]
    #[track_caller]
    pub fn create_vector(&self) -> Result<Vector> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live basis with sizes, and a valid out-pointer.
        unsafe { call!(BVCreateVec(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Vector::from_raw(raw) })
    }

    /// A dense matrix with copies of all columns. Collective.
    ///
    /// # Errors
    /// What `BVCreateMat` returns.
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

    /// Column `j` as a number for C.
    fn column_index(&self, j: usize) -> Result<Int> {
        let m = self.sizes()?.columns;
        if j >= m {
            let text = format!("column {j} of a basis that has {m}");
            return Err(out_of_range(text));
        }
        ffi::petsc_int(j)
    }

    /// A column that is combined with those from the first active one up to it.
    fn column_after_leading(&self, j: usize) -> Result<(Int, usize)> {
        let (raw, leading) = (self.column_index(j)?, self.active_columns()?.start);
        match j.checked_sub(leading) {
            Some(n) => Ok((raw, n)),
            None => Err(out_of_range(format!(
                "column {j} is one of the {leading} leading ones"
            ))),
        }
    }

    /// Optimised SLEPc believes that vectors fit.
    fn check_fit(&self, vectors: &[&VectorRef]) -> Result<(Int, Vec<sys::Vec>)> {
        let Sizes { local, global, .. } = self.sizes()?;
        crate::base::check_fit(self, vectors, (local, global))
    }

    /// The same of another basis, whose private data it casts.
    fn check_partner(&self, other: &Self) -> Result<()> {
        internal::check_same_ranks(self.object_ptr(), other.object_ptr())?;
        let (a, b) = (self.type_name()?, other.type_name()?);
        if a != b {
            let [a, b] = [a, b].map(Option::unwrap_or_default);
            let text = format!("bases of types {a} and {b} do not work together");
            return Err(Error::new(ErrorCode::ARG_NOTSAMETYPE, text));
        }
        let (a, b) = (self.sizes()?, other.sizes()?);
        if (a.local, a.global) != (b.local, b.global) {
            let text = format!(
                "a basis of {} entries ({} on this rank) and one of {} ({})",
                a.global, a.local, b.global, b.local
            );
            return Err(Error::new(ErrorCode::ARG_INCOMP, text));
        }
        Ok(())
    }

    /// SLEPc keeps what no longer fits where sizes, type or inner product change.
    fn forget(&mut self) -> Result<()> {
        // SAFETY: a live basis, borrowed mutably; the shim checks that nothing is lent out.
        unsafe { call!(PetscRsBVForget(self.as_ptr())) }
    }
}

/// A number of columns for C.
fn count(columns: usize) -> Result<Int> {
    match columns {
        0 => Err(out_of_range("a basis has at least one column")),
        n => ffi::petsc_int(n),
    }
}

/// Zeros on this rank.
fn small_matrix(rows: usize, columns: usize) -> Result<Matrix> {
    let (rows, columns, mut raw) = (
        ffi::petsc_int(rows)?,
        ffi::petsc_int(columns)?,
        ptr::null_mut(),
    );
    // SAFETY: sizes that are not negative and a valid out-pointer.
    unsafe { call!(PetscRsSeqDense(rows, columns, &raw mut raw)) }?;
    // SAFETY: just created; the reference is ours.
    Ok(unsafe { Matrix::from_raw(raw) })
}

/// Optimised SLEPc believes that a matrix of coefficients is dense and on this rank.
fn check_small(matrix: &MatrixRef) -> Result<()> {
    matrix.check_readable()?;
    if matrix.is_type("seqdense")? {
        return Ok(());
    }
    let text = "the coefficients are a sequential dense matrix, the same on all ranks";
    Err(Error::new(ErrorCode::ARG_WRONG, text))
}
