//! Creation of assembled matrices.

use std::ptr;

use super::{Matrix, MatrixType};
use crate::comm::Comm;
use crate::error::Result;
use crate::{call, ffi, sys};

/// What must be known to create a matrix, see [`Matrix::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder<'a> {
    comm: &'a Comm,
    local: (Option<usize>, Option<usize>),
    global: (Option<usize>, Option<usize>),
    kind: MatrixType<'a>,
    block_size: Option<usize>,
    prefix: Option<&'a str>,
    per_row: Option<(usize, usize)>,
    from_options: bool,
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
    #[doc(alias = "MatCreate")]
    pub fn builder(comm: &Comm) -> Builder<'_> {
        Builder {
            comm,
            local: (None, None),
            global: (None, None),
            kind: MatrixType::AIJ,
            block_size: None,
            prefix: None,
            per_row: None,
            from_options: true,
        }
    }
}

impl<'a> Builder<'a> {
    /// Global number of rows and columns.
    pub fn global_size(mut self, rows: impl TryInto<usize>, columns: impl TryInto<usize>) -> Self {
        // A count that does not fit is caught by `build`, which sees the largest possible one.
        self.global = (
            Some(rows.try_into().unwrap_or(usize::MAX)),
            Some(columns.try_into().unwrap_or(usize::MAX)),
        );
        self
    }

    /// Number of rows and columns that this rank owns; may differ between ranks.
    pub fn local_size(mut self, rows: usize, columns: usize) -> Self {
        self.local = (Some(rows), Some(columns));
        self
    }

    /// Type. Default: `aij`. Option: `-mat_type`.
    pub fn kind(mut self, kind: MatrixType<'a>) -> Self {
        self.kind = kind;
        self
    }

    /// Number of rows and columns of a block.
    pub fn block_size(mut self, size: usize) -> Self {
        self.block_size = Some(size);
        self
    }

    /// Prefix of this matrix's options.
    pub fn options_prefix(mut self, prefix: &'a str) -> Self {
        self.prefix = Some(prefix);
        self
    }

    /// Room for this many entries in each row, in the columns that the rank owns and in the others.
    /// Without it the matrix grows as values come (PETSc 3.19), or gets a default estimate.
    #[doc(alias = "MatXAIJSetPreallocation")]
    pub fn preallocate(mut self, diagonal: usize, off_diagonal: usize) -> Self {
        self.per_row = Some((diagonal, off_diagonal));
        self
    }

    /// Creates the matrix. Collective.
    ///
    /// # Errors
    /// `INT_OVERFLOW` for a size that does not fit into `PetscInt`, `ARG_UNKNOWN_TYPE` for an
    /// unknown type, `ARG_INCOMP`/`ARG_SIZ` if local and global sizes contradict each other.
    #[track_caller]
    pub fn build(self) -> Result<Matrix> {
        let int = |n: Option<usize>| n.map_or(Ok(ffi::DECIDE), ffi::petsc_int);
        let (m, n) = (int(self.local.0)?, int(self.local.1)?);
        let (rows, columns) = (int(self.global.0)?, int(self.global.1)?);
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(MatCreate(self.comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let a = unsafe { Matrix::from_raw(raw) };
        // SAFETY: a live matrix without sizes.
        unsafe { call!(MatSetSizes(a.as_ptr(), m, n, rows, columns)) }?;
        if let Some(size) = self.block_size {
            // SAFETY: a live matrix that is not set up.
            unsafe { call!(MatSetBlockSize(a.as_ptr(), ffi::petsc_int(size)?)) }?;
        }
        if let Some(prefix) = self.prefix {
            let prefix = ffi::c_string(prefix)?;
            // SAFETY: a live matrix; PETSc copies the prefix.
            unsafe { call!(MatSetOptionsPrefix(a.as_ptr(), prefix.as_ptr())) }?;
        }
        // SAFETY: a live matrix; the name is NUL-terminated.
        unsafe { call!(MatSetType(a.as_ptr(), self.kind.0.as_ptr())) }?;
        if self.from_options {
            // SAFETY: a live matrix with a type.
            unsafe { call!(MatSetFromOptions(a.as_ptr())) }?;
        }
        if let Some((diagonal, off_diagonal)) = self.per_row {
            let (d, o) = (ffi::petsc_int(diagonal)?, ffi::petsc_int(off_diagonal)?);
            // SAFETY: a live matrix with a type; NULL means the same number in each row.
            unsafe { call!(MatSeqAIJSetPreallocation(a.as_ptr(), d, ptr::null())) }?;
            // SAFETY: as above; does nothing for another type.
            unsafe {
                call!(MatMPIAIJSetPreallocation(
                    a.as_ptr(),
                    d,
                    ptr::null(),
                    o,
                    ptr::null()
                ))
            }?;
        }
        // SAFETY: a live matrix with type and sizes.
        unsafe { call!(MatSetUp(a.as_ptr())) }?;
        Ok(a)
    }
}
