//! Creation of assembled matrices.

use std::ptr;

use petsc_macros::wraps;

use super::{Matrix, MatrixRef, MatrixType};
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::viewer::ViewerRef;
use crate::{Int, Object as _, call, ffi, sys};

/// What must be known to create a matrix, see [`Matrix::builder`].
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

/// Room for entries.
#[derive(Clone, Copy, Debug)]
enum Room<'a> {
    Default,
    PerRow(usize, usize),
    Counts(&'a [Int], &'a [Int]),
}

impl Matrix {
    /// A matrix of type `aij`, unless [`Builder::kind`] or `-mat_type` says otherwise.
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
    /// Global number of rows and columns.
    #[wraps(MatSetSizes)]
    pub fn global_size(mut self, rows: impl TryInto<usize>, columns: impl TryInto<usize>) -> Self {
        // A count that does not fit is caught by `build`, which sees the largest possible one.
        self.global = (
            Some(rows.try_into().unwrap_or(usize::MAX)),
            Some(columns.try_into().unwrap_or(usize::MAX)),
        );
        self
    }

    /// Number of rows and columns that this rank owns; may differ between ranks.
    #[wraps(MatSetSizes)]
    pub fn local_size(mut self, rows: usize, columns: usize) -> Self {
        self.local = (Some(rows), Some(columns));
        self
    }

    /// Rows distributed like `left` and columns like `right`, as for `left = A·right`.
    ///
    /// # Errors
    /// What asking the vectors for their lengths returns.
    pub fn layout_of(mut self, left: &VectorRef, right: &VectorRef) -> Result<Self> {
        self.local = (Some(left.local_len()?), Some(right.local_len()?));
        self.global = (Some(left.len()?), Some(right.len()?));
        Ok(self)
    }

    /// Type. Default: `aij`. Option: `-mat_type`.
    #[wraps(MatSetType)]
    pub fn kind(mut self, kind: MatrixType<'a>) -> Self {
        self.kind = kind;
        self
    }

    /// Number of rows and columns of a block. Option: `-mat_block_size`.
    #[wraps(MatSetBlockSize)]
    pub fn block_size(mut self, size: usize) -> Self {
        self.block_size = Some(size);
        self
    }

    /// Name of the object, under which HDF5 files keep it. As [`Object::set_name`](crate::Object::set_name).
    pub fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// Prefix of this matrix's options.
    #[wraps(MatSetOptionsPrefix)]
    pub fn options_prefix(mut self, prefix: &'a str) -> Self {
        self.prefix = Some(prefix);
        self
    }

    /// Room for this many entries in each row (blocks in each row of blocks), in the columns that the
    /// rank owns and in the others. An entry beyond it is an error, as in C.
    ///
    /// Without it the matrix takes whatever comes: since PETSc 3.19 through a hash table; before, from
    /// 5 entries a row on, each full row moves all entries behind it, so that filling without a count
    /// is quadratic in the worst case. Give counts for large matrices there, or use [`set_preallocation_coo`](MatrixRef::set_preallocation_coo).
    #[wraps(
        MatXAIJSetPreallocation,
        MatSeqAIJSetPreallocation,
        MatMPIAIJSetPreallocation
    )]
    pub fn preallocate(mut self, diagonal: usize, off_diagonal: usize) -> Self {
        self.room = Room::PerRow(diagonal, off_diagonal);
        self
    }

    /// Room for `diagonal[i]` and `off_diagonal[i]` entries in local row `i` (blocks in local row of
    /// blocks `i`), in the columns that the rank owns and in the others.
    #[wraps(MatXAIJSetPreallocation)]
    pub fn preallocate_rows(mut self, diagonal: &'a [Int], off_diagonal: &'a [Int]) -> Self {
        self.room = Room::Counts(diagonal, off_diagonal);
        self
    }

    /// Whether the options database may change type and other settings. Default: true.
    #[wraps(MatSetFromOptions)]
    pub fn from_options(mut self, yes: bool) -> Self {
        self.from_options = yes;
        self
    }

    /// Creates the matrix. Collective.
    ///
    /// # Errors
    /// `INT_OVERFLOW` for a size that does not fit into `PetscInt`, `ARG_UNKNOWN_TYPE` for an
    /// unknown type, `ARG_INCOMP`/`ARG_SIZ` if local and global sizes contradict each other or the
    /// counts do not fit, `ARG_OUTOFRANGE` for a negative count or a block size of 0.
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
            // The default estimate is no promise of the program: growing is no error.
            a.set_option(super::MatrixOption::NewNonzeroAllocationErr, false)?;
        }
        Ok(a)
    }

    /// Creates the matrix with the entries of a file: the next matrix of a binary file, or the one of
    /// this [name](Self::name) in the current group of an HDF5 file. Sizes that are not given are those
    /// of the file, distributed evenly. Collective.
    ///
    /// # Errors
    /// `FILE_UNEXPECTED` on all ranks, with the byte, if there is no matrix in a binary file, it is damaged (a row
    /// length or column that is not within the matrix, columns of a row that do not ascend, too few values) or has
    /// another size; also if the rows of a sparse matrix in an HDF5 file do not begin one after the other.
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

    /// The matrix with sizes and type, not set up.
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

    /// The matrix with its type and those sizes that are given.
    #[track_caller]
    fn typed(&self) -> Result<Matrix> {
        let int = |n: Option<usize>| n.map_or(Ok(ffi::DECIDE), ffi::petsc_int);
        let (m, n) = (int(self.local.0)?, int(self.local.1)?);
        let (rows, columns) = (int(self.global.0)?, int(self.global.1)?);
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(MatCreate(self.comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let mut a = unsafe { Matrix::created(raw) }?;
        if [m, n, rows, columns]
            .iter()
            .any(|&size| size != ffi::DECIDE)
        {
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

/// Types that a name, sizes and room for entries do not describe: C then follows pointers that nobody set.
const INCOMPLETE: [&str; 5] = ["mpiadj", "blockmat", "is", "seqaijcrl", "mpiaijcrl"];

impl MatrixRef {
    fn check_has_storage(&self) -> Result<()> {
        let kind = self.type_name()?.unwrap_or_default();
        if !INCOMPLETE.contains(&kind.as_str()) {
            return Ok(());
        }
        let text = format!("a matrix of type {kind} needs more than sizes and room for entries");
        Err(Error::collective(ErrorCode::SUP, text))
    }

    /// Number of local rows of blocks.
    fn block_rows(&self) -> Result<usize> {
        let (block, _) = self.block_sizes()?;
        Ok(self.local_size()?.0 / block.max(1))
    }

    /// Gives the layouts their distribution, so that sizes can be asked for before set-up.
    fn set_up_layouts(&self) -> Result<()> {
        let (mut rows, mut columns) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live matrix and valid out-pointers.
        unsafe {
            call!(MatGetLayouts(
                self.as_ptr(),
                &raw mut rows,
                &raw mut columns
            ))
        }?;
        // SAFETY: the layout belongs to the matrix, and its sizes are set.
        unsafe { call!(PetscLayoutSetUp(rows)) }?;
        // SAFETY: as above.
        unsafe { call!(PetscLayoutSetUp(columns)) }
    }

    fn make_room(&mut self, diagonal: &[Int], off_diagonal: &[Int]) -> Result<()> {
        let rows = self.block_rows()?;
        ffi::same_len("entries in the diagonal part", rows, diagonal.len())?;
        ffi::same_len("entries in the off-diagonal part", rows, off_diagonal.len())?;
        ffi::check_indices(diagonal, &(0..Int::MAX))?;
        ffi::check_indices(off_diagonal, &(0..Int::MAX))?;
        let block: sys::PetscInt = ffi::petsc_int(self.block_sizes()?.0)?;
        // An estimate may exceed what a narrow part can hold, which PETSc refuses.
        let here = ffi::petsc_int(self.local_size()?.1)?;
        let elsewhere = self.raw_size()?.1 - here;
        let cap = |counts: &[Int], n: Int| -> Vec<Int> {
            counts.iter().map(|&c| c.min(n / block.max(1))).collect()
        };
        let (diagonal, off_diagonal) = (cap(diagonal, here), cap(off_diagonal, elsewhere));
        // Symmetric storage holds the upper triangle only: the counts of whole rows are enough for it.
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
