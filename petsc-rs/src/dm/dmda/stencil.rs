//! Setting matrix entries by grid point.

use std::fmt;

use petsc_macros::wraps;

use super::places::{Places, outside};
use super::{DmdaRef, StencilPoint};
use crate::error::Result;
use crate::matrix::{MatrixRef, StoredRows};
use crate::vector::{InsertMode, VectorRef};
use crate::{Int, Scalar, call, ffi, sys};

/// Sets matrix entries by grid point. See [`DmdaRef::stencil_assembler`].
#[must_use]
pub struct StencilAssembler<'a> {
    matrix: &'a mut MatrixRef,
    places: Places,
    mode: sys::InsertMode,
    // The current row: its columns as local and as global indices, and their values.
    columns: Vec<Int>,
    globals: Vec<Int>,
    values: Vec<Scalar>,
    stored: Option<StoredRows>,
    _borrow: ffi::Borrows,
}

impl fmt::Debug for StencilAssembler<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StencilAssembler")
            .field("corners", &self.places.shape.corners)
            .finish_non_exhaustive()
    }
}

impl DmdaRef {
    /// Returns an assembler that sets entries of a matrix of this DMDA by row, with columns given
    /// as grid points.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the matrix has no local-to-global map or its entries are borrowed;
    /// `ARG_SIZ` if the map is that of another DM.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, Int, InsertMode, Norm, Scalar, ScalarExt};
    /// let n: Int = 4;
    /// let grid = Dmda::builder(comm).sizes([4, 4]).build()?;
    /// let mut a = grid.create_matrix()?;
    /// let mut rows = grid.stencil_assembler(&mut a, InsertMode::Insert)?;
    /// for (i, j) in grid.corners()?.points() {
    ///     let around = [(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)]
    ///         .into_iter()
    ///         .filter(|&(i, j)| i >= 0 && i < n && j >= 0 && j < n)
    ///         .map(|at| (at, -1.0));
    ///     rows.row((i, j), around.chain([((i, j), 4.0)]))?;
    /// }
    /// rows.finish()?;
    /// assert_eq!(a.norm(Norm::One)?, 8.0);
    /// # Ok(()) })
    /// ```
    #[wraps(MatSetValuesStencil, not_collective)]
    pub fn stencil_assembler<'a>(
        &'a self,
        matrix: &'a mut MatrixRef,
        mode: InsertMode,
    ) -> Result<StencilAssembler<'a>> {
        let places = Places::new(self)?;
        let (rows, columns) = matrix.local_limits()?;
        let expected = places.map.local_len()?;
        ffi::same_len("number of local rows", expected, ffi::size(rows)?)?;
        ffi::same_len("number of local columns", expected, ffi::size(columns)?)?;
        let borrow = matrix.borrow(ffi::Access::Write)?;
        Ok(StencilAssembler {
            stored: StoredRows::of(matrix)?,
            matrix,
            places,
            mode: mode.to_raw(),
            columns: Vec::new(),
            globals: Vec::new(),
            values: Vec::new(),
            _borrow: borrow,
        })
    }

    /// Sets the rows and columns of points to zero, except the diagonal entries, which become
    /// `diagonal`. Collective.
    ///
    /// With `solution = (x, b)`, also moves the contribution of the known values `x` to the
    /// right-hand side `b`. `points` are points that this rank owns or has as ghost points.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a point that is not on this rank; see also
    /// [`MatrixRef::zero_rows_columns`].
    #[wraps(MatZeroRowsColumnsStencil)]
    pub fn zero_rows_columns<P: StencilPoint>(
        &self,
        matrix: &mut MatrixRef,
        points: &[P],
        diagonal: Scalar,
        solution: Option<(&VectorRef, &mut VectorRef)>,
    ) -> Result<()> {
        let rows = self.global_indices(points)?;
        matrix.zero_rows_columns(&rows, diagonal, solution)
    }

    /// Sets the rows of points to zero, except the diagonal entries, which become `diagonal`.
    /// Collective. See [`zero_rows_columns`](Self::zero_rows_columns).
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a point that is not on this rank; see also [`MatrixRef::zero_rows`].
    #[wraps(MatZeroRowsStencil)]
    pub fn zero_rows<P: StencilPoint>(
        &self,
        matrix: &mut MatrixRef,
        points: &[P],
        diagonal: Scalar,
        solution: Option<(&VectorRef, &mut VectorRef)>,
    ) -> Result<()> {
        let rows = self.global_indices(points)?;
        matrix.zero_rows(&rows, diagonal, solution)
    }

    /// Returns the global indices of points that this rank owns or has as ghost points.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a point that is not on this rank.
    #[wraps(DMDAMapMatStencilToGlobal, not_collective)]
    pub fn global_indices<P: StencilPoint>(&self, points: &[P]) -> Result<Vec<Int>> {
        let places = Places::new(self)?;
        points.iter().map(|&at| places.global(at)).collect()
    }
}

impl StencilAssembler<'_> {
    /// Sets or adds to entries in the row of a point. Each entry is a pair of the column's point
    /// and a value. Not collective.
    ///
    /// The point of the row may be a ghost point: assembly sends the entries of the row to the
    /// owner of the point. Columns at ghost points outside the grid
    /// ([`BoundaryType::Ghosted`](super::BoundaryType::Ghosted)) are skipped.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a point that is neither owned by this rank nor one of its ghost points,
    /// or for an entry outside the stencil; `ARG_WRONGSTATE` if entries were set in the other mode
    /// since the last assembly.
    #[inline]
    pub fn row<P: StencilPoint, V: Into<Scalar>>(
        &mut self,
        row: P,
        entries: impl IntoIterator<Item = (P, V)>,
    ) -> Result<()> {
        crate::not_collective!();
        let Some(index) = self.places.unknown(row)? else {
            return Err(outside(&row, &self.places.shape.corners));
        };
        self.clear();
        for (at, value) in entries {
            if let Some([local, global]) = self.places.unknown(at)? {
                self.columns.push(local);
                self.globals.push(global);
                self.values.push(value.into());
            }
        }
        self.put(index)
    }

    #[inline]
    fn clear(&mut self) {
        self.columns.clear();
        self.globals.clear();
        self.values.clear();
    }

    /// Sets or adds to the current entries, in the row with this local and global index.
    #[inline]
    fn put(&mut self, [local, global]: [Int; 2]) -> Result<()> {
        if let Some(stored) = &mut self.stored {
            if stored.put(global, &self.globals, &self.values, self.mode) {
                return Ok(());
            }
            if stored.owns(global) {
                // New entries may make C move the others.
                self.stored = None;
            }
        }
        self.matrix.check_block(&[local], &self.columns)?;
        let n = ffi::petsc_int(self.columns.len())?;
        // SAFETY: `n` columns and values; row and columns are in the maps of the matrix, which are as
        // long as the grid's (`stencil_assembler`, `unknown`).
        unsafe {
            call!(MatSetValuesLocal(
                self.matrix.as_ptr(),
                1,
                &raw const local,
                n,
                self.columns.as_ptr(),
                self.values.as_ptr(),
                self.mode
            ))
        }
    }

    /// Sets or adds to one entry. Not collective. See [`row`](Self::row).
    ///
    /// # Errors
    /// See [`row`](Self::row).
    ///
    /// # Examples
    /// A diagonal matrix:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let grid = Dmda::builder(comm).sizes([4, 3]).build()?;
    /// let mut a = grid.create_matrix()?;
    /// let mut rows = grid.stencil_assembler(&mut a, InsertMode::Insert)?;
    /// for at in grid.corners()?.points() {
    ///     rows.set(at, at, 2.0)?;
    /// }
    /// rows.finish()?;
    /// assert_eq!(a.trace()?.real(), 24.0);
    /// # Ok(()) })
    /// ```
    #[inline]
    pub fn set<P: StencilPoint, V: Into<Scalar>>(
        &mut self,
        row: P,
        column: P,
        value: V,
    ) -> Result<()> {
        crate::not_collective!();
        self.row(row, [(column, value)])
    }

    /// Sets or adds to blocks in the rows of a point with `N` unknowns: `block[r][c]` is the entry
    /// in the row of unknown `r` and the column of unknown `c`. See [`row`](Self::row).
    ///
    /// # Errors
    /// See [`row`](Self::row); `ARG_SIZ` if a point does not have `N` unknowns, or the matrix has
    /// another block size.
    #[wraps(MatSetValuesBlockedStencil, not_collective)]
    pub fn blocks<P: StencilPoint, const N: usize>(
        &mut self,
        row: P,
        entries: &[(P, [[Scalar; N]; N])],
    ) -> Result<()> {
        let dof = ffi::size(self.places.dof)?;
        ffi::same_len("size of the blocks", dof, N)?;
        let Some(index) = self.places.block(row)? else {
            return Err(outside(&row, &self.places.shape.corners));
        };
        if self.stored.is_some() || self.matrix.block_sizes()? != (N, N) {
            return self.blocks_as_entries(index, entries);
        }
        self.clear();
        for (at, _) in entries {
            // Negative blocks are skipped.
            self.columns.push(self.places.block(*at)?.map_or(-1, |[local, _]| local));
        }
        self.matrix.check_block(&[], &self.columns)?;
        for r in 0..N {
            for (_, block) in entries {
                self.values.extend_from_slice(&block[r]);
            }
        }
        let ([index, _], n) = (index, ffi::petsc_int(entries.len())?);
        // SAFETY: `n` blocks of N·N values; all blocks are in the maps of the matrix, which are as
        // long as the grid's, or negative.
        unsafe {
            call!(MatSetValuesBlockedLocal(
                self.matrix.as_ptr(),
                1,
                &raw const index,
                n,
                self.columns.as_ptr(),
                self.values.as_ptr(),
                self.mode
            ))
        }
    }

    /// Sets the entries row by row, for a matrix whose nonzero pattern exists or that does not
    /// support blocks.
    fn blocks_as_entries<P: StencilPoint, const N: usize>(
        &mut self,
        row: [Int; 2],
        entries: &[(P, [[Scalar; N]; N])],
    ) -> Result<()> {
        let dof = self.places.dof;
        for r in 0..N {
            self.clear();
            for (at, block) in entries {
                if let Some([local, global]) = self.places.block(*at)? {
                    self.columns.extend((0..dof).map(|c| local * dof + c));
                    self.globals.extend((0..dof).map(|c| global * dof + c));
                    self.values.extend_from_slice(&block[r]);
                }
            }
            let r = ffi::petsc_int(r)?;
            self.put(row.map(|block| block * dof + r))?;
        }
        Ok(())
    }

    /// Assembles the matrix. Collective.
    ///
    /// Without this call, the entries remain set and the matrix must be assembled later. See
    /// [`MatrixRef::assemble`].
    ///
    /// # Errors
    /// See [`MatrixRef::assemble`].
    pub fn finish(self) -> Result<()> {
        let Self { matrix, stored, _borrow, .. } = self;
        drop((stored, _borrow));
        matrix.assemble()
    }
}
