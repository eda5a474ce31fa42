//! Nested matrices: matrices whose blocks are matrices (`MATNEST`).

use std::ptr;

use petsc_macros::wraps;

use super::{Matrix, MatrixRef};
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::IndexSet;
use crate::object::Loan;
use crate::object::LoanMut;
use crate::{Object as _, call, create, ffi, sys};

impl Matrix {
    /// Creates a nested matrix from a list of block rows; `None` is a zero block. Collective.
    ///
    /// The matrix holds references to the blocks, not copies: the handles of the blocks remain
    /// valid.
    ///
    /// # Errors
    /// `ARG_SIZ` if the block rows differ in length, if a block row or column has no block, or if
    /// the blocks of a block row (column) have different numbers of rows (columns);
    /// `ARG_NOTSAMECOMM` if a block is on a different communicator.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt};
    /// let a = Matrix::constant_diagonal(comm, 2, Scalar::from_real(3.0))?;
    /// let nest = Matrix::nest(comm, &[&[Some(&a), None], &[None, Some(&a)]])?;
    /// assert_eq!(nest.size()?, (4, 4));
    /// # Ok(()) })
    /// ```
    #[wraps(MatCreateNest)]
    #[track_caller]
    pub fn nest(comm: &Comm, blocks: &[&[Option<&MatrixRef>]]) -> Result<Self> {
        let columns = blocks.first().map_or(0, |row| row.len());
        if columns == 0 || blocks.iter().any(|row| row.len() != columns) {
            return Err(Error::new(
                ErrorCode::ARG_SIZ,
                "the block rows must have the same length, which must not be 0",
            ));
        }
        for (i, row) in blocks.iter().enumerate() {
            for block in row.iter().flatten() {
                crate::comm::check_on(block.object_ptr(), comm)?;
            }
            check_line("row", i, row.iter().flatten(), |b| Ok((b.local_size()?.0, b.size()?.0)))?;
        }
        for j in 0..columns {
            let column = blocks.iter().filter_map(|row| row[j].as_ref());
            check_line("column", j, column, |b| Ok((b.local_size()?.1, b.size()?.1)))?;
        }
        let list: Vec<sys::Mat> = blocks
            .iter()
            .flat_map(|row| row.iter())
            .map(|b| b.map_or(ptr::null_mut(), MatrixRef::as_ptr))
            .collect();
        let (m, n) = (ffi::petsc_int(blocks.len())?, ffi::petsc_int(columns)?);
        // SAFETY: a live communicator, m·n live matrices of fitting sizes or NULL (above), NULL for
        // index sets of PETSc's choice; C creates a matrix.
        unsafe {
            create!(MatCreateNest(comm.as_raw(), m, ptr::null(), n, ptr::null(), list.as_ptr(), _))
        }
        .and_then(Matrix::complete)
    }
}

/// Checks that a row or column has a block, and that the local and global sizes of its blocks equal
/// `size`. Global sizes come first: their error occurs on all ranks.
fn check_line<'a>(
    what: &str,
    index: usize,
    mut blocks: impl Iterator<Item = &'a &'a MatrixRef>,
    size: impl Fn(&MatrixRef) -> Result<(usize, usize)>,
) -> Result<()> {
    let Some(first) = blocks.next() else {
        return Err(Error::new(
            ErrorCode::ARG_SIZ,
            format!(
                "block {what} {index} of the nested matrix contains no block, so its size is unknown"
            ),
        ));
    };
    let expected = size(first)?;
    for block in blocks {
        let (local, global) = size(block)?;
        ffi::same_len(&format!("size of block {what} {index}"), expected.1, global)?;
        let what = format!("local size of block {what} {index}");
        ffi::same_len(&what, expected.0, local)?;
    }
    Ok(())
}

impl MatrixRef {
    /// Returns the numbers of block rows and block columns of a nested matrix.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` if the matrix is not nested.
    #[wraps(MatNestGetSize, not_collective)]
    pub fn nest_size(&self) -> Result<(usize, usize)> {
        if self.type_name()?.as_deref() != Some("nest") {
            return Err(Error::new(ErrorCode::ARG_NOTSAMETYPE, "the matrix is not nested"));
        }
        let (mut m, mut n) = (0, 0);
        // SAFETY: a live nested matrix (above) and valid out-pointers.
        unsafe { call!(MatNestGetSize(self.as_ptr(), &raw mut m, &raw mut n)) }?;
        Ok((ffi::size(m)?, ffi::size(n)?))
    }

    /// Returns two lists of index sets: the global rows of each block row, and the global columns
    /// of each block column.
    #[wraps(MatNestGetISs, not_collective, errors = nest_size)]
    #[track_caller]
    pub fn nest_index_sets(&self) -> Result<(Vec<IndexSet>, Vec<IndexSet>)> {
        let (m, n) = self.nest_size()?;
        let (mut rows, mut columns) = (vec![ptr::null_mut(); m], vec![ptr::null_mut(); n]);
        let (r, c) = (rows.as_mut_ptr(), columns.as_mut_ptr());
        // SAFETY: a live nested matrix (above), and room for all its sets.
        unsafe { call!(MatNestGetISs(self.as_ptr(), r, c)) }?;
        // SAFETY: live index sets, which the matrix created with its blocks.
        let keep = |set| unsafe { IndexSet::retain(set) };
        let rows = rows.into_iter().map(keep).collect::<Result<_>>()?;
        Ok((rows, columns.into_iter().map(keep).collect::<Result<_>>()?))
    }

    /// Returns a block of a nested matrix, or `None` for a zero block.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there is no such block; see also [`nest_size`](Self::nest_size).
    #[wraps(MatNestGetSubMat, not_collective)]
    #[track_caller]
    pub fn nest_block(&self, row: usize, column: usize) -> Result<Option<Loan<'_, Matrix>>> {
        let raw = self.raw_block(row, column)?;
        // SAFETY: NULL, or a live matrix.
        Ok(unsafe { Matrix::retain_nullable(raw) }?.map(Loan::new))
    }

    /// Returns a block of a nested matrix, which the program may change. Assemble the nested matrix
    /// afterwards.
    ///
    /// # Errors
    /// See [`nest_block`](Self::nest_block).
    #[track_caller]
    pub fn nest_block_mut(
        &mut self,
        row: usize,
        column: usize,
    ) -> Result<Option<LoanMut<'_, Matrix>>> {
        let raw = self.raw_block(row, column)?;
        // SAFETY: NULL, or a live matrix.
        Ok(unsafe { Matrix::retain_nullable(raw) }?.map(LoanMut::new))
    }

    fn raw_block(&self, row: usize, column: usize) -> Result<sys::Mat> {
        let (m, n) = self.nest_size()?;
        let (i, j) = (ffi::petsc_int(row)?, ffi::petsc_int(column)?);
        ffi::check_index(i, &(0..ffi::petsc_int(m)?))?;
        ffi::check_index(j, &(0..ffi::petsc_int(n)?))?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live nested matrix, indices in range (above), a valid out-pointer.
        unsafe { call!(MatNestGetSubMat(self.as_ptr(), i, j, &raw mut raw)) }?;
        Ok(raw)
    }
}
