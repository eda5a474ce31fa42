//! Properties of an index set: order, permutation, blocks.

use std::ops::Range;

use petsc_macros::{getter, wraps};

use super::IndexSetRef;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::{Int, call, ffi, get, sys};

impl IndexSetRef {
    /// Returns whether the indices of this rank are in ascending order.
    ///
    /// # Errors
    /// The errors of `ISSorted`.
    #[wraps(ISSorted, ISGetInfo, not_collective)]
    pub fn is_sorted(&self) -> Result<bool> {
        // SAFETY: a live index set.
        unsafe { get!(ISSorted(self.as_ptr(), _)) }
    }

    /// Sorts the indices of this rank. Not collective, but all ranks should call it.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` while the indices are borrowed or another object uses the set.
    #[wraps(ISSort)]
    pub fn sort(&mut self) -> Result<()> {
        crate::not_collective!();
        self.check_unshared()?;
        // SAFETY: a live index set that nobody borrows or uses (above).
        unsafe { call!(ISSort(self.as_ptr())) }
    }

    /// Sorts the indices of this rank and removes duplicates. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` while the indices are borrowed or another object uses the set.
    #[wraps(ISSortRemoveDups)]
    pub fn sort_remove_duplicates(&mut self) -> Result<()> {
        self.check_unshared()?;
        // SAFETY: a live index set that nobody borrows or uses (above).
        unsafe { call!(ISSortRemoveDups(self.as_ptr())) }
    }

    /// Returns whether the indices of all ranks are a permutation of `0..len`. Collective.
    ///
    /// # Errors
    /// The errors of `ISGetInfo`.
    #[wraps(ISPermutation)]
    pub fn is_permutation(&self) -> Result<bool> {
        self.global_info(sys::IS_PERMUTATION)
    }

    /// Returns whether the indices of all ranks are `0..len` in this order. Collective.
    ///
    /// # Errors
    /// The errors of `ISGetInfo`.
    #[wraps(ISIdentity)]
    pub fn is_identity(&self) -> Result<bool> {
        self.global_info(sys::IS_IDENTITY)
    }

    fn global_info(&self, what: sys::ISInfo) -> Result<bool> {
        let (scope, compute) = (sys::IS_GLOBAL, ffi::raw_bool(true));
        // SAFETY: a live index set.
        unsafe { get!(ISGetInfo(self.as_ptr(), what, scope, compute, _)) }
    }

    /// Returns the smallest and the largest index on this rank, or `None` if this rank has no
    /// indices. Not collective.
    ///
    /// # Errors
    /// The errors of `ISGetIndices`.
    #[wraps(ISGetMinMax)]
    pub fn min_max(&self) -> Result<Option<(Int, Int)>> {
        crate::not_collective!();
        if self.local_len()? == 0 {
            return Ok(None);
        }
        // SAFETY: a live index set.
        unsafe { get!(ISGetMinMax(self.as_ptr(), _, _)) }.map(Some)
    }

    /// Returns whether both sets have the same indices on every rank, in any order. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the sets are on different communicators.
    #[wraps(ISEqual)]
    pub fn equal(&self, other: &Self) -> Result<bool> {
        crate::comm::check_same_ranks(self.object_ptr(), other.object_ptr())?;
        // SAFETY: live index sets on the same ranks.
        unsafe { get!(ISEqual(self.as_ptr(), other.as_ptr(), _)) }
    }

    /// Returns whether both sets have the same indices in the same order on every rank. Collective.
    #[wraps(ISEqualUnsorted, errors = equal)]
    pub fn equal_unsorted(&self, other: &Self) -> Result<bool> {
        crate::comm::check_same_ranks(self.object_ptr(), other.object_ptr())?;
        // SAFETY: live index sets on the same ranks.
        unsafe { get!(ISEqualUnsorted(self.as_ptr(), other.as_ptr(), _)) }
    }

    /// Returns the position of an index on this rank, or `None`.
    ///
    /// # Errors
    /// The errors of `ISGetIndices`.
    #[wraps(ISLocate, not_collective)]
    pub fn locate(&self, index: Int) -> Result<Option<usize>> {
        // `ISLocate` divides by a step of 0, and searches blocks of other ranks beyond the array.
        Ok(self.indices()?.iter().position(|&own| own == index))
    }

    /// Returns the distance of the first index of this rank from the start of `range`, if the
    /// indices of this rank are consecutive and lie in `range`, otherwise `None`. Returns 0 if this
    /// rank has no indices.
    ///
    /// # Errors
    /// The errors of `ISGetIndices`.
    #[wraps(ISContiguousLocal, not_collective)]
    pub fn contiguous_local(&self, range: Range<Int>) -> Result<Option<Int>> {
        // `ISContiguousLocal` does not support sets of blocks.
        let indices = self.indices()?;
        let (Some(first), Some(last)) = (indices.first(), indices.last()) else {
            return Ok(Some(0));
        };
        let inside = range.contains(first) && range.contains(last);
        let one_by_one = indices.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1]));
        Ok((inside && one_by_one).then(|| first - range.start))
    }

    /// Removes the indices outside `range` from a general set. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` while the indices are borrowed or another object uses the set; `SUP` if the
    /// set is not general.
    #[wraps(ISGeneralFilter)]
    pub fn filter(&mut self, range: Range<Int>) -> Result<()> {
        self.check_unshared()?;
        // SAFETY: a live index set that nobody borrows or uses (above).
        unsafe { call!(ISGeneralFilter(self.as_ptr(), range.start, range.end)) }
    }

    /// Returns the global number of blocks of a block set.
    #[getter(ISBlockGetSize, composed)]
    pub fn block_count() -> usize;

    /// Returns the first index and the step of a set created with
    /// [`IndexSet::strided`](super::IndexSet::strided), or `None` for another set.
    #[wraps(ISStrideGetInfo, not_collective)]
    pub fn stride(&self) -> Result<Option<(Int, Int)>> {
        if self.type_name()?.as_deref() != Some("stride") {
            return Ok(None);
        }
        // SAFETY: a live index set of this type.
        unsafe { get!(ISStrideGetInfo(self.as_ptr(), _, _)) }.map(Some)
    }

    /// Converts a stride or block set to a general set. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` while the indices are borrowed.
    #[wraps(ISToGeneral)]
    pub fn to_general(&mut self) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live index set that nobody borrows (above).
        unsafe { call!(ISToGeneral(self.as_ptr())) }
    }

    /// Returns the number of indices in a block.
    #[getter(ISGetBlockSize)]
    pub fn block_size() -> usize;

    /// Sets the number of indices in a block of a general or stride set. Logically collective.
    /// Default: 1.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for 0; `ARG_SIZ` if the local length is not a multiple of `size`.
    #[wraps(ISSetBlockSize)]
    pub fn set_block_size(&mut self, size: usize) -> Result<()> {
        ffi::range::check_block_size(size, self.local_len()?)?;
        self.check_writable()?;
        let size = ffi::petsc_int(size)?;
        // SAFETY: a live index set that nobody borrows; the size divides the local length.
        unsafe { call!(ISSetBlockSize(self.as_ptr(), size)) }
    }

    /// Returns the block indices of a set created with
    /// [`IndexSet::blocks`](super::IndexSet::blocks).
    ///
    /// # Errors
    /// `SUP` for other sets.
    #[wraps(ISBlockGetIndices, ISBlockGetLocalSize, not_collective)]
    pub fn block_indices(&self) -> Result<Vec<Int>> {
        if self.type_name()?.as_deref() != Some("block") {
            return Err(Error::new(
                ErrorCode::SUP,
                "only sets created with IndexSet::blocks have block indices",
            ));
        }
        // SAFETY: a live index set of this type.
        let n = unsafe { get!(ISBlockGetLocalSize(self.as_ptr(), _)) }?;
        // SAFETY: a live index set of this type.
        let mut data = unsafe { get!(ISBlockGetIndices(self.as_ptr(), _)) }?;
        // SAFETY: PETSc lends `n` block indices until they are restored.
        let copy = unsafe { ffi::slice(data, ffi::size(n)?) }.to_vec();
        // SAFETY: `data` is from ISBlockGetIndices on this set.
        unsafe { call!(ISBlockRestoreIndices(self.as_ptr(), &raw mut data)) }?;
        Ok(copy)
    }
}
