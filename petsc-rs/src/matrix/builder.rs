//! Creation of assembled matrices.

use std::ptr;

use petsc_macros::wraps;

use super::{Matrix, MatrixRef, MatrixType};
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::viewer::ViewerRef;
use crate::{Int, Object as _, call, create, ffi, sys};

/// Parameters of a new matrix. See [`Matrix::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder<'a> {
    comm: &'a Comm,
    local: (Option<usize>, Option<usize>),
    global: (Option<usize>, Option<usize>),
    kind: MatrixType<'a>,
    block_size: Option<usize>,
    name: Option<&'a str>,
    prefix: Option<&'a str>,
    room: Room<'a>,
    from_options: bool,
}

/// Preallocation of entries.
#[derive(Clone, Copy, Debug)]
enum Room<'a> {
    Default,
    PerRow(usize, usize),
    Counts(&'a [Int], &'a [Int]),
}

impl Matrix {
    /// Returns a builder for an assembled matrix. The default type is `aij`; [`Builder::kind`] or
    /// the option `-mat_type` changes it.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::{Matrix, MatrixType};
    /// let a = Matrix::builder(comm).global_size(4, 4).kind(MatrixType::DENSE).build()?;
    /// assert_eq!(a.size()?, (4, 4));
    /// # Ok(()) })
    /// ```
    #[wraps(MatCreate)]
    pub fn builder(comm: &Comm) -> Builder<'_> {
        Builder {
            comm,
            local: (None, None),
            global: (None, None),
            kind: MatrixType::AIJ,
            block_size: None,
            name: None,
            prefix: None,
            room: Room::Default,
            from_options: true,
        }
    }
}

impl<'a> Builder<'a> {
    /// Sets the global number of rows and columns.
    ///
    /// # Examples
    /// See [`Matrix::builder`]; for the local sizes, [`MatrixRef::local_size`].
    #[wraps(MatSetSizes)]
    pub fn global_size(mut self, rows: impl TryInto<usize>, columns: impl TryInto<usize>) -> Self {
        // A count that does not fit is replaced with the largest one, which `build` refuses.
        self.global = (
            Some(rows.try_into().unwrap_or(usize::MAX)),
            Some(columns.try_into().unwrap_or(usize::MAX)),
        );
        self
    }

    /// Sets the numbers of rows and columns that this rank owns. They may differ between ranks.
    ///
    /// # Examples
    /// See [`MatrixRef::local_size`].
    #[wraps(MatSetSizes)]
    pub fn local_size(mut self, rows: usize, columns: usize) -> Self {
        self.local = (Some(rows), Some(columns));
        self
    }

    /// Distributes the rows like the vector `left` and the columns like the vector `right`, so that
    /// the matrix can compute `left = A·right`.
    ///
    /// # Errors
    /// The errors of `VecGetLocalSize` and `VecGetSize`.
    pub fn layout_of(mut self, left: &VectorRef, right: &VectorRef) -> Result<Self> {
        self.local = (Some(left.local_len()?), Some(right.local_len()?));
        self.global = (Some(left.len()?), Some(right.len()?));
        Ok(self)
    }

    /// Sets the type. Default: `aij`. Option: `-mat_type`.
    #[wraps(MatSetType)]
    pub fn kind(mut self, kind: MatrixType<'a>) -> Self {
        self.kind = kind;
        self
    }

    /// Sets the block size: the number of rows and columns of a block. Option: `-mat_block_size`.
    #[wraps(MatSetBlockSize)]
    pub fn block_size(mut self, size: usize) -> Self {
        self.block_size = Some(size);
        self
    }

    /// Sets the name of the object, which is also its name in an HDF5 file. See
    /// [`Object::set_name`](crate::Object::set_name).
    pub fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// Sets the options prefix of this matrix.
    #[wraps(MatSetOptionsPrefix)]
    pub fn options_prefix(mut self, prefix: &'a str) -> Self {
        self.prefix = Some(prefix);
        self
    }

    /// Preallocates each row (for block types: each block row): `diagonal` is the number of entries
    /// (blocks) in columns that this rank owns, `off_diagonal` the number in other columns. Setting
    /// more entries is an error, as in C.
    ///
    /// Without preallocation, the matrix accepts any entries. Since PETSc 3.19, it collects them in
    /// a hash table. In earlier releases, each row has room for 5 entries, and an insertion into a
    /// full row moves all later entries, so the cost of assembly is quadratic in the worst case.
    /// With these releases, preallocate large matrices, or use
    /// [`set_preallocation_coo`](MatrixRef::set_preallocation_coo).
    ///
    /// # Examples
    /// A tridiagonal matrix: a row has at most three entries, at most two of them in columns of
    /// other ranks.
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let n = 8;
    /// let mut a = Matrix::builder(comm).global_size(n, n).preallocate(3, 2).build()?;
    /// for i in a.ownership_range()? {
    ///     for (j, value) in [(i - 1, -1.0), (i, 2.0), (i + 1, -1.0)] {
    ///         if (0..n).contains(&j) {
    ///             a.set_value(i, j, value.into(), InsertMode::Insert)?;
    ///         }
    ///     }
    /// }
    /// a.assemble()?;
    /// assert_eq!(a.norm(Norm::Infinity)?, 4.0);
    /// # Ok(()) })
    /// ```
    #[doc(alias = "preallocation")]
    #[wraps(MatXAIJSetPreallocation, MatSeqAIJSetPreallocation, MatMPIAIJSetPreallocation)]
    pub fn preallocate(mut self, diagonal: usize, off_diagonal: usize) -> Self {
        self.room = Room::PerRow(diagonal, off_diagonal);
        self
    }

    /// Preallocates local row `i` (for block types: local block row `i`): `diagonal[i]` is the
    /// number of entries (blocks) in columns that this rank owns, `off_diagonal[i]` the number in
    /// other columns.
    #[wraps(MatXAIJSetPreallocation)]
    pub fn preallocate_rows(mut self, diagonal: &'a [Int], off_diagonal: &'a [Int]) -> Self {
        self.room = Room::Counts(diagonal, off_diagonal);
        self
    }

    /// Sets whether the options database may change the type and other settings. Default: true.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// use petsc_rs::prelude::*;
    /// petsc.options().insert_str("-mat_type dense")?;
    /// let a = Matrix::builder(petsc.world()).global_size(4, 4).build()?;
    /// assert!(a.is_type("seqdense")? || a.is_type("mpidense")?);
    /// # Ok(()) })
    /// ```
    #[wraps(MatSetFromOptions)]
    pub fn from_options(mut self, yes: bool) -> Self {
        self.from_options = yes;
        self
    }

    /// Creates the matrix. Collective.
    ///
    /// # Errors
    /// `INT_OVERFLOW` for a size that does not fit into `PetscInt`; `ARG_UNKNOWN_TYPE` for an
    /// unknown type; `ARG_INCOMP`/`ARG_SIZ` if the local and global sizes contradict each other, or
    /// the counts of [`preallocate_rows`](Self::preallocate_rows) do not match the local size;
    /// `ARG_OUTOFRANGE` for a negative count or a block size of 0.
    ///
    /// # Examples
    /// See [`Matrix::builder`].
    #[wraps(MatSetUp)]
    #[track_caller]
    pub fn build(self) -> Result<Matrix> {
        let mut a = self.unfinished()?;
        match self.room {
            Room::Default => {}
            Room::PerRow(diagonal, off_diagonal) => {
                let rows = a.block_rows()?;
                let d = vec![ffi::petsc_int(diagonal)?; rows];
                let o = vec![ffi::petsc_int(off_diagonal)?; rows];
                a.make_room(&d, &o)?;
            }
            Room::Counts(d, o) => a.make_room(d, o)?,
        }
        // SAFETY: a live matrix with type and sizes.
        unsafe { call!(MatSetUp(a.as_ptr())) }?;
        #[cfg(not(petsc_ge_3_19))]
        if matches!(self.room, Room::Default) {
            // The default estimate is not a limit set by the program: exceeding it is not an error.
            a.set_option(super::MatrixOption::NewNonzeroAllocationErr, false)?;
        }
        Ok(a)
    }

    /// Creates the matrix and loads its entries from a file. Collective.
    ///
    /// Reads the next matrix of a binary file, or the matrix of this [name](Self::name) in the
    /// current group of an HDF5 file. Sizes that are not set are read from the file, and rows are
    /// distributed evenly.
    ///
    /// # Errors
    /// `FILE_UNEXPECTED` on all ranks, with the position in bytes, if the binary file contains no
    /// matrix, is damaged (a row length or column outside the matrix, columns of a row that do not
    /// ascend, too few values) or contains a matrix of another size; also if the row offsets of a
    /// sparse matrix in an HDF5 file are not consecutive.
    ///
    /// # Examples
    /// See [`Matrix::load`]. Loads a dense matrix:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::{FileMode, Viewer};
    /// # let dir = tempfile::tempdir()?;
    /// # let path = dir.path().join("a.dat");
    /// # let file = Viewer::binary(comm, &path, FileMode::Write)?;
    /// # Matrix::from_dense(comm, 1, 1, &[5.0.into()])?.view(&file)?;
    /// # file.close()?;
    /// let file = Viewer::binary(comm, &path, FileMode::Read)?;
    /// let a = Matrix::builder(comm).kind(MatrixType::DENSE).load(&file)?;
    /// assert_eq!(a.norm(Norm::Infinity)?, 5.0);
    /// # Ok(()) })
    /// ```
    #[wraps(MatLoad)]
    #[track_caller]
    pub fn load(self, viewer: &ViewerRef) -> Result<Matrix> {
        viewer.check_loadable()?;
        let a = self.typed()?;
        a.check_has_storage()?;
        viewer.check_matrix(&a)?;
        // SAFETY: live objects; the viewer has a type that matrices load from, and rows and columns of a binary file
        // and the rows of an HDF5 file are within the matrix (above).
        unsafe { call!(MatLoad(a.as_ptr(), viewer.as_ptr())) }?;
        Ok(a)
    }

    /// Returns the matrix with sizes and type, before setup.
    #[track_caller]
    pub(super) fn unfinished(&self) -> Result<Matrix> {
        if (self.local.0.is_none() && self.global.0.is_none())
            || (self.local.1.is_none() && self.global.1.is_none())
        {
            return Err(Error::new(
                ErrorCode::ARG_SIZ,
                "a matrix needs its global or its local size",
            ));
        }
        let a = self.typed()?;
        a.check_has_storage()?;
        a.set_up_layouts()?;
        Ok(a)
    }

    /// Returns the matrix with its type and the sizes that are set.
    #[track_caller]
    fn typed(&self) -> Result<Matrix> {
        let int = |n: Option<usize>| n.map_or(Ok(ffi::DECIDE), ffi::petsc_int);
        let (m, n) = (int(self.local.0)?, int(self.local.1)?);
        let (rows, columns) = (int(self.global.0)?, int(self.global.1)?);
        // SAFETY: a live communicator; C creates a matrix.
        let mut a =
            unsafe { create!(MatCreate(self.comm.as_raw(), _)) }.and_then(Matrix::complete)?;
        if [m, n, rows, columns].iter().any(|&size| size != ffi::DECIDE) {
            // SAFETY: a live matrix without sizes.
            unsafe { call!(MatSetSizes(a.as_ptr(), m, n, rows, columns)) }?;
        }
        if let Some(name) = self.name {
            a.set_name(name)?;
        }
        if let Some(size) = self.block_size {
            if size == 0 {
                return Err(Error::new(
                    ErrorCode::ARG_OUTOFRANGE,
                    "the block size must be positive",
                ));
            }
            // SAFETY: a live matrix that is not set up.
            unsafe { call!(MatSetBlockSize(a.as_ptr(), ffi::petsc_int(size)?)) }?;
        }
        if let Some(prefix) = self.prefix {
            let prefix = ffi::c_string(prefix)?;
            // SAFETY: a live matrix; PETSc copies the prefix.
            unsafe { call!(MatSetOptionsPrefix(a.as_ptr(), prefix.as_ptr())) }?;
        }
        // SAFETY: a live matrix; the name is NUL-terminated.
        unsafe { call!(MatSetType(a.as_ptr(), self.kind.as_ptr())) }?;
        if self.from_options {
            // SAFETY: a live matrix with a type.
            unsafe { call!(MatSetFromOptions(a.as_ptr())) }?;
        }
        Ok(a)
    }
}

/// Types that need more than a name, sizes and preallocation: C would follow uninitialized
/// pointers.
const INCOMPLETE: [&str; 5] = ["mpiadj", "blockmat", "is", "seqaijcrl", "mpiaijcrl"];

impl MatrixRef {
    fn check_has_storage(&self) -> Result<()> {
        let kind = self.type_name()?.unwrap_or_default();
        if !INCOMPLETE.contains(&kind.as_str()) {
            return Ok(());
        }
        let text =
            format!("a matrix of type {kind} cannot be created from sizes and preallocation only");
        Err(Error::collective(ErrorCode::SUP, text))
    }

    /// Returns the number of local block rows.
    fn block_rows(&self) -> Result<usize> {
        let (block, _) = self.block_sizes()?;
        Ok(self.local_size()?.0 / block.max(1))
    }

    /// Sets up the layouts, so that sizes are available before the matrix is set up.
    fn set_up_layouts(&self) -> Result<()> {
        let (mut rows, mut columns) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live matrix and valid out-pointers.
        unsafe { call!(MatGetLayouts(self.as_ptr(), &raw mut rows, &raw mut columns)) }?;
        // SAFETY: the layout belongs to the matrix, and its sizes are set.
        unsafe { call!(PetscLayoutSetUp(rows)) }?;
        // SAFETY: as above.
        unsafe { call!(PetscLayoutSetUp(columns)) }
    }

    fn make_room(&mut self, diagonal: &[Int], off_diagonal: &[Int]) -> Result<()> {
        let rows = self.block_rows()?;
        ffi::same_len("length of `diagonal`", rows, diagonal.len())?;
        ffi::same_len("length of `off_diagonal`", rows, off_diagonal.len())?;
        ffi::check_indices(diagonal, &(0..Int::MAX))?;
        ffi::check_indices(off_diagonal, &(0..Int::MAX))?;
        let block: sys::PetscInt = ffi::petsc_int(self.block_sizes()?.0)?;
        // An estimate may exceed the number of columns of a narrow part, which PETSc refuses.
        let here = ffi::petsc_int(self.local_size()?.1)?;
        let elsewhere = self.raw_size()?.1 - here;
        let cap = |counts: &[Int], n: Int| -> Vec<Int> {
            counts.iter().map(|&c| c.min(n / block.max(1))).collect()
        };
        let (diagonal, off_diagonal) = (cap(diagonal, here), cap(off_diagonal, elsewhere));
        // Symmetric storage holds the upper triangle only; the counts of whole rows are sufficient.
        // SAFETY: a live matrix with type and layout; each array has a count for each row of blocks.
        unsafe {
            call!(MatXAIJSetPreallocation(
                self.as_ptr(),
                block,
                diagonal.as_ptr(),
                off_diagonal.as_ptr(),
                diagonal.as_ptr(),
                off_diagonal.as_ptr()
            ))
        }
    }
}
