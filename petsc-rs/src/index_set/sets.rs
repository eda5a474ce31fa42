//! Set operations, each of which returns a new index set.

use std::ops::Range;

use petsc_macros::wraps;

use super::{IndexSet, IndexSetRef};
use crate::comm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::{Int, create, ffi, get, sys};

impl IndexSetRef {
    fn check_operand(&self, other: &Self) -> Result<()> {
        comm::check_same_ranks(self.object_ptr(), other.object_ptr())
    }

    /// Returns the indices of this rank that are not in the local part of `other`. Collective;
    /// negative indices are dropped.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the sets are on different communicators.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::IndexSet;
    /// let a = IndexSet::general(comm, &[1, 2, 3, 4])?;
    /// let b = IndexSet::general(comm, &[2, 4, 6])?;
    /// assert_eq!(&*a.difference(&b)?.indices()?, &[1, 3]);
    /// # Ok(()) })
    /// ```
    #[wraps(ISDifference)]
    #[track_caller]
    pub fn difference(&self, other: &Self) -> Result<IndexSet> {
        self.check_operand(other)?;
        // SAFETY: live index sets on the same ranks; C creates an object.
        unsafe { create!(ISDifference(self.as_ptr(), other.as_ptr(), _)) }
    }

    /// Returns the union of two sorted sets on one rank. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if a set is not sorted; `ARG_NOTSAMECOMM` if the sets are on different
    /// communicators.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// use petsc_rs::prelude::*;
    /// let a = IndexSet::general(petsc.self_comm(), &[1, 3, 5])?;
    /// let b = IndexSet::general(petsc.self_comm(), &[2, 3])?;
    /// assert_eq!(&*a.sum(&b)?.indices()?, &[1, 2, 3, 5]);
    /// # Ok(()) })
    /// ```
    #[wraps(ISSum)]
    #[track_caller]
    pub fn sum(&self, other: &Self) -> Result<IndexSet> {
        self.check_operand(other)?;
        if !self.has_sorted_indices()? || !other.has_sorted_indices()? {
            return Err(Error::argument("the union of index sets requires that both are sorted"));
        }
        // SAFETY: live sorted index sets on the same ranks; C creates an object.
        unsafe { create!(ISSum(self.as_ptr(), other.as_ptr(), _)) }
    }

    /// PETSc considers a set of blocks sorted if the block numbers are sorted. The indices are
    /// nevertheless not sorted if a block occurs twice.
    fn has_sorted_indices(&self) -> Result<bool> {
        Ok(self.is_sorted()? && self.indices()?.is_sorted())
    }

    /// Returns the indices of this rank, followed by the indices of `other` that this rank does not
    /// have yet. Collective; negative indices are dropped.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the sets are on different communicators.
    #[wraps(ISExpand)]
    #[track_caller]
    pub fn expand(&self, other: &Self) -> Result<IndexSet> {
        self.check_operand(other)?;
        // SAFETY: live index sets on the same ranks; C creates an object.
        unsafe { create!(ISExpand(self.as_ptr(), other.as_ptr(), _)) }
    }

    /// Returns the indices that this rank has in both sets, sorted. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the sets are on different communicators.
    #[wraps(ISIntersect)]
    #[track_caller]
    pub fn intersect(&self, other: &Self) -> Result<IndexSet> {
        self.check_operand(other)?;
        // SAFETY: live index sets on the same ranks; C creates an object.
        unsafe { create!(ISIntersect(self.as_ptr(), other.as_ptr(), _)) }
    }

    /// Returns the indices of `range` that this rank does not have. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if this set is not sorted; `ARG_OUTOFRANGE` for an index outside `range`.
    #[wraps(ISComplement)]
    #[track_caller]
    pub fn complement(&self, range: Range<Int>) -> Result<IndexSet> {
        if !self.has_sorted_indices()? {
            return Err(Error::argument("the complement requires that the index set is sorted"));
        }
        if range.start < 0 || range.end < range.start {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!("{}..{} is not a range of indices", range.start, range.end),
            ));
        }
        ffi::check_indices(&self.indices()?, &range)?;
        // SAFETY: a live sorted set inside of the range (above), which PETSc does not check; C
        // creates an object.
        unsafe { create!(ISComplement(self.as_ptr(), range.start, range.end, _)) }
    }

    /// Returns the inverse `q` of a permutation `p`: `q[p[i]] = i`, with the distribution of
    /// `self`. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the set is not a permutation of `0..len`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let p = petsc_rs::IndexSet::general(comm, &[2, 0, 1])?;
    /// assert_eq!(&*p.invert_permutation()?.indices()?, &[1, 2, 0]);
    /// # Ok(()) })
    /// ```
    #[wraps(ISInvertPermutation)]
    #[track_caller]
    pub fn invert_permutation(&self) -> Result<IndexSet> {
        if !self.is_permutation()? {
            return Err(Error::argument("the index set is not a permutation of 0..len"));
        }
        // SAFETY: a live permutation (above), the layout as it is; C creates an object.
        unsafe { create!(ISInvertPermutation(self.as_ptr(), ffi::DECIDE, _)) }
    }

    /// Returns, for each index of this rank, its position in the local part of `other`, as a
    /// sequential set. Indices that `other` does not have on this rank are dropped if `drop` is
    /// true; otherwise their position is -1. Collective over `other`.
    #[wraps(ISEmbed)]
    #[track_caller]
    pub fn embed(&self, other: &Self, drop: bool) -> Result<IndexSet> {
        let drop = ffi::raw_bool(drop);
        // SAFETY: live index sets; C creates an object.
        unsafe { create!(ISEmbed(self.as_ptr(), other.as_ptr(), drop, _)) }
    }

    /// Numbers the indices of all ranks consecutively from 0, in ascending order of the indices.
    /// Negative indices become -1. Returns the number of different indices, and the set of new
    /// numbers. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` on all ranks for the index `Int::MAX`.
    #[wraps(ISRenumber)]
    #[track_caller]
    pub fn renumber(&self) -> Result<(usize, IndexSet)> {
        let large = self.indices()?.contains(&Int::MAX);
        if comm::any_rank(self.object_ptr(), large)? {
            let text = "the largest index of PetscInt cannot be renumbered";
            return Err(Error::collective(ErrorCode::ARG_OUTOFRANGE, text));
        }
        let equal_weights = std::ptr::null_mut();
        // SAFETY: a live index set, whose range PetscInt can count (above).
        let (n, raw) = unsafe { get!(ISRenumber(self.as_ptr(), equal_weights, _, _)) }?;
        // SAFETY: just created; the reference is ours.
        Ok((n, unsafe { IndexSet::from_raw(raw) }))
    }
}
