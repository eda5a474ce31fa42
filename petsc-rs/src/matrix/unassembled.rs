//! Unassembled matrices: each rank stores the part that it set (`MATIS` in C).

use std::ptr;

use petsc_macros::wraps;

use super::{Matrix, MatrixRef};
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::local_to_global::LocalToGlobalMapRef;
use crate::object::Loan;
use crate::{Int, Object as _, call, create, ffi, sys};

/// The largest number of rows or columns in one block of entries: PETSc stores their local indices
/// on the stack, and 3.18 checks the size only in debug builds.
const LARGEST_BLOCK: usize = 2048;

/// Parameters of a matrix of type `is`. See [`Matrix::unassembled`].
#[derive(Clone, Copy, Debug)]
pub struct Unassembled<'a> {
    /// Global numbers of rows and columns.
    pub size: (usize, usize),
    /// Map from the rows of the local matrix of this rank to global rows.
    pub rows: &'a LocalToGlobalMapRef,
    /// Map from the columns of the local matrix of this rank to global columns.
    pub columns: &'a LocalToGlobalMapRef,
    /// Number of entries preallocated in each local row. `None` uses PETSc's default.
    pub entries_per_row: Option<usize>,
}

impl Matrix {
    /// Creates a matrix of type `is`: the sum of `Rᵢᵀ·Aᵢ·Cᵢ` over the ranks. Rank `i` stores `Aᵢ`;
    /// its maps define `Rᵢ` and `Cᵢ`. Collective.
    ///
    /// Domain decomposition methods (`bddc`, `feti`) use this type. Vectors for this matrix are
    /// distributed evenly over the ranks.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if a map contains an index outside the matrix or a negative index;
    /// `INT_OVERFLOW` for a size that does not fit into `PetscInt`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{LocalToGlobalMap, Matrix, Scalar, ScalarExt, InsertMode, matrix::Unassembled};
    /// # let r = Scalar::from_real;
    /// let map = LocalToGlobalMap::new(comm, 1, &[0, 1])?;
    /// let parts = Unassembled { size: (2, 2), rows: &map, columns: &map, entries_per_row: Some(2) };
    /// let mut a = Matrix::unassembled(comm, &parts)?;
    /// a.set_values(&[0, 1], &[0, 1], &[r(1.0), r(-1.0), r(-1.0), r(1.0)], InsertMode::Add)?;
    /// a.assemble()?;
    /// assert_eq!(a.convert(petsc_rs::MatrixType::AIJ)?.trace()?, r(2.0 * f64::from(comm.size())));
    /// # Ok(()) })
    /// ```
    #[wraps(MatCreateIS, MatISSetPreallocation)]
    #[track_caller]
    pub fn unassembled(comm: &Comm, parts: &Unassembled<'_>) -> Result<Self> {
        let (m, n) = (ffi::petsc_int(parts.size.0)?, ffi::petsc_int(parts.size.1)?);
        for (map, limit) in [(parts.rows, m), (parts.columns, n)] {
            crate::comm::check_on(map.object_ptr(), comm)?;
            ffi::check_indices(&map.indices()?, &(0..limit))?;
        }
        let block = ffi::petsc_int(parts.rows.block_size()?)?;
        // SAFETY: a live communicator, maps whose images are in the matrix (above); C creates a matrix.
        let a = unsafe {
            create!(MatCreateIS(
                comm.as_raw(),
                block,
                ffi::DECIDE,
                ffi::DECIDE,
                m,
                n,
                parts.rows.as_ptr(),
                parts.columns.as_ptr(),
                _
            ))
        }
        .and_then(Matrix::complete)?;
        if let Some(room) = parts.entries_per_row {
            let room = ffi::petsc_int(room)?;
            // SAFETY: a live matrix of this type; NULL for equal room in all rows.
            unsafe {
                call!(MatISSetPreallocation(a.as_ptr(), room, ptr::null(), room, ptr::null()))
            }?;
        }
        // SAFETY: a live matrix with type, sizes and maps.
        unsafe { call!(MatSetUp(a.as_ptr())) }?;
        a.set_up_part()?;
        Ok(a)
    }
}

impl MatrixRef {
    /// Returns the local matrix that this rank stores as its part of a matrix of type `is`.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` if the matrix is not of type `is`.
    #[wraps(MatISGetLocalMat, not_collective)]
    #[track_caller]
    pub fn local_part(&self) -> Result<Loan<'_, Matrix>> {
        if !self.is_type("is")? {
            return Err(Error::new(ErrorCode::ARG_NOTSAMETYPE, "the matrix is not of type `is`"));
        }
        let mut raw = ptr::null_mut();
        // SAFETY: a live matrix of type `is` (above) and a valid out-pointer.
        unsafe { call!(MatISGetLocalMat(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: a live matrix.
        Ok(Loan::new(unsafe { Matrix::retain(raw) }?))
    }

    /// C leaves the local part of a matrix of type `is` without storage, also after new maps
    /// created a new part.
    pub(super) fn set_up_part(&self) -> Result<()> {
        let part = self.local_part()?.as_ptr();
        // SAFETY: the local part of a live matrix, which has its sizes.
        unsafe { call!(MatSetUp(part)) }
    }

    /// Checks the numbers of rows and columns for all functions that set a block.
    #[inline]
    pub(crate) fn check_block(&self, rows: &[Int], columns: &[Int]) -> Result<()> {
        if rows.len().max(columns.len()) <= LARGEST_BLOCK {
            return Ok(());
        }
        self.check_large_block()
    }

    #[cold]
    fn check_large_block(&self) -> Result<()> {
        if !self.is_type("is")? {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_OUTOFRANGE,
            format!(
                "a matrix of type `is` accepts at most {LARGEST_BLOCK} rows and columns in one call"
            ),
        ))
    }
}
