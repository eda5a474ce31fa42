//! Matrices (`Mat` in C).
//!
//! [`Matrix::builder`], [`Matrix::from_csr`], [`Matrix::from_dense`], [`Matrix::nest`] and the
//! module [`market`] create assembled matrices. [`Matrix::shell`] creates an operator from a
//! closure that computes its product with a vector.

mod arithmetic;
mod assembler;
mod assembly;
mod builder;
mod coloring;
mod composite;
mod convert;
mod coo;
mod create;
mod dense;
mod diagonal;
mod factor;
mod fft;
mod fingerprint;
mod info;
pub(crate) mod link;
mod lmvm;
mod load;
#[cfg(petsc_have_hdf5)]
mod load_hdf5;
mod local;
mod local_block;
pub mod market;
mod memory;
mod mumps;
mod nest;
mod null_space;
mod operator;
mod ops;
mod options;
#[doc(hidden)]
pub mod partitioning;
mod pattern;
mod product;
mod reduce;
mod rows;
mod schur;
mod shell;
mod shell_value;
mod storage;
mod stored;
mod submatrix;
mod types;
mod unassembled;
mod zero_rows;

use std::ops::Range;
use std::ptr;

use petsc_macros::{getter, wraps};

pub use arithmetic::Structure;
pub use assembler::Assembler;
pub use assembly::Assembly;
pub(crate) use assembly::assemble_other;
pub use builder::Builder;
pub use coloring::ColoringType;
pub use composite::CompositeKind;
pub(crate) use dense::restore_columns;
pub use dense::{DenseMut, DenseRead};
pub use factor::{Factor, FactorKind, FactorOptions, Inertia};
pub use fft::FftMatrix;
pub use info::{Info, Scope};
pub use local_block::LocalBlock;
pub use null_space::{NullSpace, NullSpaceRef};
pub use options::MatrixOption;
pub(crate) use pattern::Pattern;
pub use product::Product;
pub use rows::Row;
pub use schur::Blocks;
pub use shell::ShellBuilder;
pub use shell_value::ShellMatrix;
pub(crate) use stored::StoredRows;
pub use types::{MatrixType, OrderingType, SolverType};
pub use unassembled::Unassembled;

use crate::error::{Error, ErrorCode, Result};
use crate::object::{Object as _, petsc_object};
use crate::vector::{Vector, VectorRef};
use crate::{Int, call, ffi, get, sys};

petsc_object! {
    /// A distributed matrix or linear operator.
    ///
    /// Each rank owns a contiguous [range](MatrixRef::ownership_range) of rows. A program creates a
    /// matrix with [`Matrix::builder`], sets entries with [`set_values`](MatrixRef::set_values) or an
    /// [`assembler`](MatrixRef::assembler), calls [`assemble`](MatrixRef::assemble), and then computes
    /// products or passes the matrix to a solver. Entries may be changed and assembled again. Dropping
    /// the handle destroys the matrix, unless a solver has a reference to it.
    ///
    /// # Examples
    /// The second difference on three points, applied to `(1, 1, 1)`:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut a = Matrix::builder(comm).global_size(3, 3).preallocate(3, 2).build()?;
    /// for i in a.ownership_range()? {
    ///     let right = if i < 2 { i + 1 } else { -1 }; // negative columns are skipped
    ///     let values = [-1.0, 2.0, -1.0].map(Scalar::from_real);
    ///     a.set_values(&[i], &[i - 1, i, right], &values, InsertMode::Insert)?;
    /// }
    /// a.assemble()?;
    /// let (mut x, mut y) = a.vectors()?;
    /// x.set(1.0.into())?;
    /// a.mult(&x, &mut y)?;
    /// assert_eq!(y.norm(Norm::One)?, 2.0); // y = (1, 0, 1)
    /// # Ok(()) })
    /// ```
    ///
    /// # Options
    /// `-mat_type`, read by [`Matrix::builder`].
    ///
    /// # See also
    /// [`Matrix::shell`] (an operator without entries), [`Matrix::nest`] (blocks), [`Ksp`](crate::Ksp)
    /// (linear systems), [`MatrixRef::set_null_space`] (singular systems),
    /// [`MatrixRef::zero_rows_columns`] (boundary conditions),
    /// [`DmRef::create_matrix`](crate::DmRef::create_matrix) (the pattern of a stencil).
    #[wraps(Mat)]
    Matrix,
    /// A borrowed [`Matrix`].
    MatrixRef,
    Mat,
    MatDestroy,
    check_readable,
}

impl MatrixRef {
    /// Returns the global numbers of rows and columns.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let a = Matrix::builder(comm).global_size(6, 4).build()?;
    /// assert_eq!(a.size()?, (6, 4)); // rows, columns
    /// # Ok(()) })
    /// ```
    #[getter(MatGetSize)]
    #[inline]
    pub fn size() -> (usize, usize);

    #[inline]
    pub(crate) fn raw_size(&self) -> Result<(Int, Int)> {
        // SAFETY: a live matrix and valid out-pointers.
        unsafe { get!(MatGetSize(self.as_ptr(), _, _)) }
    }

    /// Returns the numbers of rows and columns that this rank owns: the local lengths of `y` and
    /// `x` in `y = A·x`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let a = Matrix::builder(comm).local_size(3, 2).build()?;
    /// assert_eq!(a.local_size()?, (3, 2));
    /// let ranks = comm.size() as usize;
    /// assert_eq!(a.size()?, (3 * ranks, 2 * ranks));
    /// # Ok(()) })
    /// ```
    #[getter(MatGetLocalSize)]
    pub fn local_size() -> (usize, usize);

    /// Returns the range of global rows that this rank owns.
    ///
    /// # Examples
    /// Each rank sets the rows that it owns:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut a = Matrix::builder(comm).global_size(5, 5).build()?;
    /// for i in a.ownership_range()? {
    ///     a.set_value(i, i, Scalar::from_real(i as Real), InsertMode::Insert)?;
    /// }
    /// a.assemble()?;
    /// assert_eq!(a.trace()?.real(), 10.0);
    /// # Ok(()) })
    /// ```
    #[wraps(MatGetOwnershipRange, not_collective)]
    pub fn ownership_range(&self) -> Result<Range<Int>> {
        // SAFETY: a live matrix and valid out-pointers.
        let range = unsafe { get!(MatGetOwnershipRange(self.as_ptr(), _, _)) }?;
        Ok(range.0..range.1)
    }

    /// Returns the range of global columns that this rank owns: the ownership range of `x` in `y =
    /// A·x`.
    #[wraps(MatGetOwnershipRangeColumn, not_collective)]
    pub fn ownership_range_column(&self) -> Result<Range<Int>> {
        // SAFETY: a live matrix and valid out-pointers.
        let range = unsafe { get!(MatGetOwnershipRangeColumn(self.as_ptr(), _, _)) }?;
        Ok(range.0..range.1)
    }

    /// Returns the first row of each rank, followed by the number of rows.
    #[wraps(MatGetOwnershipRanges, not_collective)]
    pub fn ownership_ranges(&self) -> Result<Vec<Int>> {
        // SAFETY: a live matrix and a valid out-pointer.
        let starts = unsafe { get!(MatGetOwnershipRanges(self.as_ptr(), _)) }?;
        self.copy_starts(starts)
    }

    /// Returns the first column of each rank, followed by the number of columns. Not collective.
    #[wraps(MatGetOwnershipRangesColumn)]
    pub fn ownership_ranges_column(&self) -> Result<Vec<Int>> {
        crate::not_collective!();
        // SAFETY: a live matrix and a valid out-pointer.
        let starts = unsafe { get!(MatGetOwnershipRangesColumn(self.as_ptr(), _)) }?;
        self.copy_starts(starts)
    }

    /// Copies the array of a layout of this matrix.
    fn copy_starts(&self, starts: *const Int) -> Result<Vec<Int>> {
        let ranks = usize::try_from(self.comm()?.size())?;
        // SAFETY: a layout has a start for each rank, and its size.
        Ok(unsafe { ffi::slice(starts, ranks + 1) }.to_vec())
    }

    /// Returns the numbers of rows and columns of a block. Default: 1 and 1.
    #[getter(MatGetBlockSizes)]
    pub fn block_sizes() -> (usize, usize);

    /// Creates vectors `x` and `y` for the product `y = A·x`, filled with zeros. Collective.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let a = Matrix::constant_diagonal(comm, 4, 3.0.into())?;
    /// let (mut x, mut y) = a.vectors()?;
    /// x.set(2.0.into())?;
    /// a.mult(&x, &mut y)?;
    /// assert_eq!(y.norm(Norm::Infinity)?, 6.0);
    /// # Ok(()) })
    /// ```
    #[wraps(MatCreateVecs)]
    #[track_caller]
    pub fn vectors(&self) -> Result<(Vector, Vector)> {
        let (mut right, mut left) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live matrix and valid out-pointers.
        unsafe { call!(MatCreateVecs(self.as_ptr(), &raw mut right, &raw mut left)) }?;
        // SAFETY: just created; the reference is ours.
        let mut right = unsafe { Vector::from_raw(right) };
        // SAFETY: as above.
        let mut left = unsafe { Vector::from_raw(left) };
        right.set_zero()?;
        left.set_zero()?;
        Ok((right, left))
    }

    /// Returns whether the matrix was assembled after the last change of entries. See
    /// [`assemble`](Self::assemble).
    #[getter(MatAssembled)]
    pub fn is_assembled() -> bool;

    /// Returns the nonzero state: a number that changes whenever the nonzero pattern changes.
    #[getter(MatGetNonzeroState)]
    pub fn nonzero_state() -> i64;

    /// For operations that read private data: not all of them check this in optimized PETSc, and
    /// none checks this for the parts of a matrix that consists of others.
    pub(crate) fn check_assembled(&self) -> Result<()> {
        let mut flag = ffi::raw_bool(false);
        // SAFETY: a live matrix and a valid out-pointer.
        unsafe { call!(PetscRsMatIsAssembled(self.as_ptr(), &raw mut flag)) }?;
        if ffi::to_bool(flag) {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_WRONGSTATE,
            "the matrix is not assembled: call assemble first",
        ))
    }

    /// Checks that `vector` has one entry for each row.
    pub(crate) fn check_left(&self, vector: &VectorRef) -> Result<()> {
        self.check_fits(vector, false)
    }

    /// Checks that `vector` has one entry for each column.
    #[inline]
    pub(crate) fn check_right(&self, vector: &VectorRef) -> Result<()> {
        self.check_fits(vector, true)
    }

    #[inline]
    fn check_fits(&self, vector: &VectorRef, columns: bool) -> Result<()> {
        self.check_nested(vector)?;
        // SAFETY: a live matrix and a live vector, of which C compares the layouts.
        let fits = unsafe { sys::PetscRsMatFits(self.as_ptr(), columns.into(), vector.as_ptr()) };
        if fits > 0 { Ok(()) } else { self.refuse_vector(vector, columns, fits == 0) }
    }

    #[cold]
    fn refuse_vector(&self, vector: &VectorRef, columns: bool, on_all_ranks: bool) -> Result<()> {
        let (global, local) = (self.size()?, self.local_size()?);
        let (what, expected) = match columns {
            true => ("length of the vector for the columns", (local.1, global.1)),
            false => ("length of the vector for the rows", (local.0, global.0)),
        };
        vector.refuse_layout(what, expected, on_all_ranks)
    }

    /// Nested matrices and closures accept nested vectors. Other types combine such a vector with
    /// one that is not nested, whose private data `VecAXPBY_Nest` and similar functions would cast.
    #[inline]
    pub(crate) fn check_nested(&self, vector: &VectorRef) -> Result<()> {
        if vector.is_nest()? { self.check_takes_nested() } else { Ok(()) }
    }

    #[cold]
    fn check_takes_nested(&self) -> Result<()> {
        if self.is_type("nest")? || self.is_type("shell")? {
            return Ok(());
        }
        let kind = self.type_name()?.unwrap_or_default();
        Err(Error::new(
            ErrorCode::ARG_NOTSAMETYPE,
            format!("the vector is nested, but the matrix is of type {kind}"),
        ))
    }

    /// Checks that rows and columns have the same distribution.
    pub(crate) fn check_square(&self) -> Result<()> {
        let (m, n) = self.local_size()?;
        let (rows, columns) = self.size()?;
        if m == n && rows == columns {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_SIZ,
            format!(
                "the matrix must be square: it is {rows} by {columns} ({m} by {n} on this rank)"
            ),
        ))
    }

    /// Checks that both matrices have the same sizes and distribution.
    pub(crate) fn check_same_layout(&self, other: &Self) -> Result<()> {
        let (mine, others) = (self.local_size()?, other.local_size()?);
        let (global, others_global) = (self.size()?, other.size()?);
        if mine == others && global == others_global {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_SIZ,
            format!(
                "the matrices differ in size: {} by {} and {} by {} (on this rank, {} by {} and {} by {})",
                global.0,
                global.1,
                others_global.0,
                others_global.1,
                mine.0,
                mine.1,
                others.0,
                others.1
            ),
        ))
    }
}

impl Matrix {
    /// Takes ownership of a matrix that a C function returned through an out-pointer.
    ///
    /// # Safety
    /// As `from_raw`.
    #[track_caller]
    pub(crate) unsafe fn created(raw: sys::Mat) -> Result<Self> {
        if raw.is_null() {
            return Err(Error::new(ErrorCode::PLIB, "PETSc created no matrix"));
        }
        // SAFETY: by contract.
        unsafe { Self::from_raw(raw) }.complete()
    }

    /// Completes a matrix that a C function created: if its type has no rows, requests for them are
    /// errors.
    pub(crate) fn complete(self) -> Result<Self> {
        // SAFETY: a live matrix.
        unsafe { call!(PetscRsMatRefuseRows(self.as_ptr())) }?;
        Ok(self)
    }
}
