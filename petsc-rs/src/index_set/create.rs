//! Creation of index sets.

use petsc_macros::wraps;

use super::{IndexSet, IndexSetRef};
use crate::comm::{self, Comm};
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::range::count;
use crate::{Int, call, create, ffi, sys};

impl IndexSet {
    /// Creates an index set with a copy of `indices` on this rank, in any order. Collective.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if the number of indices does not fit into `PetscInt`.
    #[wraps(ISCreateGeneral)]
    #[track_caller]
    pub fn general(comm: &Comm, indices: &[Int]) -> Result<Self> {
        let n = ffi::petsc_int(indices.len())?;
        // SAFETY: a live communicator, `n` indices which PETSc copies; C creates an object.
        unsafe {
            create!(ISCreateGeneral(comm.as_raw(), n, indices.as_ptr(), sys::PETSC_COPY_VALUES, _))
        }
    }

    /// Creates an index set with the `n` indices `first, first + step, …` on this rank. The indices
    /// are not stored. Collective.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if the last index does not fit into `PetscInt`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let is = petsc_rs::IndexSet::strided(comm, 3, 10, -2)?;
    /// assert_eq!(&*is.indices()?, &[10, 8, 6]);
    /// # Ok(()) })
    /// ```
    #[wraps(ISCreateStride)]
    #[track_caller]
    pub fn strided(comm: &Comm, n: usize, first: Int, step: Int) -> Result<Self> {
        let n = ffi::petsc_int(n)?;
        // One step more than needed, because PETSc computes this index too.
        if step.checked_mul(n).and_then(|d| d.checked_add(first)).is_none() {
            return Err(Error::new(
                ErrorCode::INT_OVERFLOW,
                format!("{n} indices from {first} with step {step} exceed the range of PetscInt"),
            ));
        }
        // SAFETY: a live communicator, indices in range; C creates an object.
        unsafe { create!(ISCreateStride(comm.as_raw(), n, first, step, _)) }
    }

    /// Creates an index set that consists of blocks with `block_size` indices each: block `b`
    /// stands for the indices `b·block_size .. (b + 1)·block_size`. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a block size of 0, or for a block outside the range of `PetscInt`.
    #[wraps(ISCreateBlock)]
    #[track_caller]
    pub fn blocks(comm: &Comm, block_size: usize, blocks: &[Int]) -> Result<Self> {
        let size = check_blocks(block_size, blocks)?;
        ffi::petsc_int(blocks.len().saturating_mul(block_size))?;
        let n = ffi::petsc_int(blocks.len())?;
        // SAFETY: a live communicator, `n` block indices which PETSc copies; C creates an object.
        unsafe {
            create!(ISCreateBlock(
                comm.as_raw(),
                size,
                n,
                blocks.as_ptr(),
                sys::PETSC_COPY_VALUES,
                _
            ))
        }
    }

    /// Takes ownership of index sets and frees their list.
    ///
    /// # Safety
    /// C allocated the list of `n` live index sets, each with a reference, and the caller gives up
    /// both.
    #[track_caller]
    pub(crate) unsafe fn take_list(list: *mut sys::IS, n: usize) -> Result<Vec<Self>> {
        let mut all = Vec::with_capacity(n);
        // SAFETY: by contract.
        for &set in unsafe { ffi::slice(list, n) } {
            // SAFETY: by contract.
            all.push(unsafe { Self::from_raw(set) });
        }
        // SAFETY: the list is not used any more.
        unsafe { call!(PetscRsFree(list.cast())) }?;
        Ok(all)
    }

    /// Concatenates the indices of several sets on each rank. Collective over `comm`.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if a set is on a different communicator.
    #[wraps(ISConcatenate)]
    #[track_caller]
    pub fn concatenate(comm: &Comm, sets: &[&IndexSetRef]) -> Result<Self> {
        for set in sets {
            comm::check_on(set.as_ptr().cast(), comm)?;
        }
        let n = ffi::petsc_int(sets.len())?;
        let list: Vec<sys::IS> = sets.iter().map(|s| s.as_ptr()).collect();
        // SAFETY: a live communicator, `n` live index sets; C creates an object.
        unsafe { create!(ISConcatenate(comm.as_raw(), n, list.as_ptr(), _)) }
    }
}

/// Returns the block size as `PetscInt`, after checking that all indices of the blocks are
/// nonnegative and fit into `PetscInt`.
pub(crate) fn check_blocks(block_size: usize, blocks: &[Int]) -> Result<Int> {
    let size = count(block_size, "the block size")?;
    ffi::check_indices(blocks, &(0..Int::MAX / size))?;
    Ok(size)
}

impl IndexSetRef {
    /// Creates another set with the same indices. Collective.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let is = IndexSet::general(comm, &[3, 1, 4])?;
    /// let mut sorted = is.duplicate()?;
    /// sorted.sort()?;
    /// assert_eq!(&*sorted.indices()?, &[1, 3, 4]);
    /// assert_eq!(&*is.indices()?, &[3, 1, 4]);
    /// # Ok(()) })
    /// ```
    #[wraps(ISDuplicate)]
    #[track_caller]
    pub fn duplicate(&self) -> Result<IndexSet> {
        // SAFETY: a live index set; C creates an object.
        unsafe { create!(ISDuplicate(self.as_ptr(), _)) }
    }

    /// Returns a sequential set, on every rank, with the indices of all ranks. Collective.
    #[wraps(ISAllGather)]
    #[track_caller]
    pub fn all_gather(&self) -> Result<IndexSet> {
        // SAFETY: a live index set; C creates an object.
        unsafe { create!(ISAllGather(self.as_ptr(), _)) }
    }
}
