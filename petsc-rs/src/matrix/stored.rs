//! Direct access to the stored entries of an assembled AIJ matrix.

use std::ops::Range;
use std::ptr;

use super::MatrixRef;
use crate::error::Result;
use crate::object::Object;
use crate::{Int, Scalar, call, ffi, runtime, sys};

/// The rows that this rank owns of an assembled AIJ matrix. Entries in the nonzero pattern are
/// written directly, without a search in `MatSetValues`.
///
/// The owner of this value has an exclusive entry for the matrix and its blocks in the borrow table
/// (`MatrixRef::borrow`), so no closure makes C move the entries. Drop it before calling
/// `MatSetValues` for a row of this rank.
pub(crate) struct StoredRows {
    rows: Range<Int>,
    columns: Range<Int>,
    own: Block,
    others: Option<Others>,
    /// Addresses of the entries of the current row.
    places: Vec<*mut Scalar>,
}

/// The columns of other ranks in which this rank has entries.
struct Others {
    block: Block,
    /// Global numbers of the columns of the block, in ascending order.
    numbers: *const Int,
    len: usize,
}

impl StoredRows {
    /// Returns `None` for a matrix that is of another type or not assembled. Not collective.
    pub(crate) fn of(matrix: &MatrixRef) -> Result<Option<Self>> {
        crate::not_collective!();
        let raw = matrix.as_ptr();
        let mut factor = sys::MAT_FACTOR_NONE;
        // SAFETY: a live matrix and a valid out-pointer.
        unsafe { call!(MatGetFactorType(raw, &raw mut factor)) }?;
        if !matrix.is_assembled()? || factor != sys::MAT_FACTOR_NONE {
            return Ok(None);
        }
        let parts = if matrix.is_type("seqaij")? {
            Block::new(raw)?.map(|own| (own, None))
        } else if matrix.is_type("mpiaij")? {
            Self::parts(raw)?
        } else {
            None
        };
        let (rows, columns) = (matrix.ownership_range()?, matrix.ownership_range_column()?);
        Ok(parts.map(|(own, others)| Self { rows, columns, own, others, places: Vec::new() }))
    }

    fn parts(raw: sys::Mat) -> Result<Option<(Block, Option<Others>)>> {
        let (mut own, mut other) = (ptr::null_mut(), ptr::null_mut());
        let mut numbers = ptr::null();
        // SAFETY: an assembled matrix of this type (`of`) and valid out-pointers.
        unsafe { call!(MatMPIAIJGetSeqAIJ(raw, &raw mut own, &raw mut other, &raw mut numbers)) }?;
        let mut len = 0;
        // SAFETY: the block of the line above and a valid out-pointer.
        unsafe { call!(MatGetLocalSize(other, ptr::null_mut(), &raw mut len)) }?;
        let len = ffi::size(len)?;
        let Some(own) = Block::new(own)? else {
            return Ok(None);
        };
        Ok(Block::new(other)?.map(|block| {
            let others = Others { block, numbers, len };
            (own, Some(others))
        }))
    }

    /// Returns whether this rank owns a row.
    #[inline]
    pub(crate) fn owns(&self, row: Int) -> bool {
        self.rows.contains(&row)
    }

    /// Sets or adds to entries of a row, by global indices. Returns `false` without a change if an
    /// entry is not in the nonzero pattern.
    #[inline]
    pub(crate) fn put(
        &mut self,
        row: Int,
        columns: &[Int],
        values: &[Scalar],
        mode: sys::InsertMode,
    ) -> bool {
        if !self.owns(row) {
            return false;
        }
        let local = ffi::index_to_usize(row - self.rows.start);
        self.places.clear();
        let mut own = self.own.row(local);
        let mut others = self.others.as_ref().map(|o| (o, o.block.row(local)));
        for column in columns {
            let place = if self.columns.contains(column) {
                self.own.place(&mut own, column - self.columns.start)
            } else {
                others
                    .as_mut()
                    .and_then(|(others, row)| others.block.place(row, others.column(*column)?))
            };
            let Some(place) = place else { return false };
            self.places.push(place);
        }
        let add = mode == sys::ADD_VALUES;
        for (&place, &value) in self.places.iter().zip(values) {
            // SAFETY: a place in the values of a block, which nobody else looks at (`Block::new`).
            let entry = unsafe { &mut *place };
            *entry = if add { *entry + value } else { value };
        }
        true
    }
}

impl Others {
    /// Converts a global column to a column of the block.
    fn column(&self, column: Int) -> Option<Int> {
        // SAFETY: the block has as many columns as it has numbers, which live as long.
        let numbers = unsafe { ffi::slice(self.numbers, self.len) };
        let place = numbers.binary_search(&column).ok()?;
        Int::try_from(place).ok()
    }
}

/// The arrays of a `seqaij` matrix.
struct Block {
    matrix: sys::Mat,
    rows: Int,
    starts: *const Int,
    columns: *const Int,
    values: *mut Scalar,
    /// Number of entries.
    len: usize,
}

/// A row of a block, and the expected position of its next entry: callers mostly set columns in the
/// order of storage.
struct BlockRow {
    entries: Range<usize>,
    next: usize,
}

impl Block {
    /// Returns `None` if the matrix has no values. The caller prevents access through other
    /// handles.
    fn new(matrix: sys::Mat) -> Result<Option<Self>> {
        let mut block = Self {
            matrix,
            rows: 0,
            starts: ptr::null(),
            columns: ptr::null(),
            values: ptr::null_mut(),
            len: 0,
        };
        // SAFETY: an assembled matrix of type `seqaij` and a valid out-pointer.
        unsafe { call!(MatSeqAIJGetArray(matrix, &raw mut block.values)) }?;
        let (no, mut done) = (ffi::raw_bool(false), ffi::raw_bool(false));
        // SAFETY: the same matrix; this type lends its own arrays for a start of 0.
        unsafe {
            call!(MatGetRowIJ(
                matrix,
                0,
                no,
                no,
                &raw mut block.rows,
                &raw mut block.starts,
                &raw mut block.columns,
                &raw mut done
            ))
        }?;
        if !ffi::to_bool(done) || block.starts.is_null() || block.values.is_null() {
            return Ok(None);
        }
        let rows = ffi::size(block.rows)?;
        // SAFETY: there is one more start than there are rows.
        let starts = unsafe { ffi::slice(block.starts, rows + 1) };
        block.len = starts.last().map_or(Ok(0), |&end| ffi::size(end))?;
        Ok(Some(block))
    }

    #[inline]
    fn row(&self, row: usize) -> BlockRow {
        // SAFETY: one more start than rows (`new`).
        let starts = unsafe { ffi::slice(self.starts, ffi::index_to_usize(self.rows) + 1) };
        let start = ffi::index_to_usize(starts[row]);
        BlockRow { entries: start..ffi::index_to_usize(starts[row + 1]), next: start }
    }

    /// Returns the address of the entry in a column.
    #[inline]
    fn place(&self, row: &mut BlockRow, column: Int) -> Option<*mut Scalar> {
        // SAFETY: as many columns as entries, by the last start (`new`).
        let columns = unsafe { ffi::slice(self.columns, self.len) };
        let place = if row.next < row.entries.end && columns[row.next] == column {
            row.next
        } else {
            let within = columns[row.entries.clone()].binary_search(&column).ok()?;
            row.entries.start + within
        };
        row.next = place + 1;
        // SAFETY: there are as many values as columns, and the slice above has this place.
        Some(unsafe { self.values.add(place) })
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        let (no, mut done) = (ffi::raw_bool(false), ffi::raw_bool(false));
        if !self.starts.is_null() {
            // SAFETY: the arrays that `MatGetRowIJ` lent, with its arguments.
            let code = unsafe {
                sys::MatRestoreRowIJ(
                    self.matrix,
                    0,
                    no,
                    no,
                    &raw mut self.rows,
                    &raw mut self.starts,
                    &raw mut self.columns,
                    &raw mut done,
                )
            };
            runtime::record_drop("MatRestoreRowIJ", code);
        }
        // SAFETY: the array that `MatSeqAIJGetArray` lent; tells that the values changed.
        let code = unsafe { sys::MatSeqAIJRestoreArray(self.matrix, &raw mut self.values) };
        runtime::record_drop("MatSeqAIJRestoreArray", code);
    }
}
