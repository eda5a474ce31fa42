//! Creation.

use std::ptr;

use petsc_macros::wraps;

use super::{IndexSet, IndexSetRef};
use crate::comm::{self, Comm};
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::range::count;
use crate::{Int, call, ffi, sys};

impl IndexSet {
    /// An index set with `indices` on this rank (copied), in any order. Collective.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if there are too many.
    #[wraps(ISCreateGeneral)]
    #[track_caller]
    pub fn general(comm: &Comm, indices: &[Int]) -> Result<Self> {
        let n = ffi::petsc_int(indices.len())?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator, `n` indices which PETSc copies, a valid out-pointer.
        unsafe {
            call!(ISCreateGeneral(
                comm.as_raw(),
                n,
                indices.as_ptr(),
                sys::PETSC_COPY_VALUES,
                &raw mut raw
            ))
        }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Self::from_raw(raw) })
    }

    /// The `n` indices `first, first + step, …` on this rank, which take no memory. Collective.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if the last one does not fit into `PetscInt`.
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
        // One step more than needed, because PETSc computes it too.
        if step
            .checked_mul(n)
            .and_then(|d| d.checked_add(first))
            .is_none()
        {
            return Err(Error::new(
                ErrorCode::INT_OVERFLOW,
                format!("{n} indices from {first} by {step} leave the range of PetscInt"),
            ));
        }
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator, indices in range, a valid out-pointer.
        unsafe { call!(ISCreateStride(comm.as_raw(), n, first, step, &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Self::from_raw(raw) })
    }

    /// Blocks of `block_size` indices: block `b` stands for `b·block_size .. (b + 1)·block_size`.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a block size of 0 or a block that leaves the range of `PetscInt`.
    #[wraps(ISCreateBlock)]
    #[track_caller]
    pub fn blocks(comm: &Comm, block_size: usize, blocks: &[Int]) -> Result<Self> {
        let size = check_blocks(block_size, blocks)?;
        ffi::petsc_int(blocks.len().saturating_mul(block_size))?;
        let n = ffi::petsc_int(blocks.len())?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator, `n` block indices which PETSc copies, a valid out-pointer.
        unsafe {
            call!(ISCreateBlock(
                comm.as_raw(),
                size,
                n,
                blocks.as_ptr(),
                sys::PETSC_COPY_VALUES,
                &raw mut raw
            ))
        }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Self::from_raw(raw) })
    }

    /// The indices of several sets one after the other, on each rank. Collective over `comm`.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if a set lives on other ranks.
    #[wraps(ISConcatenate)]
    #[track_caller]
    pub fn concatenate(comm: &Comm, sets: &[&IndexSetRef]) -> Result<Self> {
        for set in sets {
            comm::check_on(set.as_ptr().cast(), comm)?;
        }
        let n = ffi::petsc_int(sets.len())?;
        let list: Vec<sys::IS> = sets.iter().map(|s| s.as_ptr()).collect();
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator, `n` live index sets, a valid out-pointer.
        unsafe { call!(ISConcatenate(comm.as_raw(), n, list.as_ptr(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Self::from_raw(raw) })
    }
}

/// The block size as `PetscInt`, if all indices of the blocks are in its range and not negative.
pub(crate) fn check_blocks(block_size: usize, blocks: &[Int]) -> Result<Int> {
    let size = count(block_size, "the block size")?;
    ffi::check_indices(blocks, &(0..Int::MAX / size))?;
    Ok(size)
}

impl IndexSetRef {
    /// A new set of the same indices. Collective.
    ///
    /// # Errors
    /// What `ISDuplicate` returns.
    #[wraps(ISDuplicate)]
    #[track_caller]
    pub fn duplicate(&self) -> Result<IndexSet> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live index set and a valid out-pointer.
        unsafe { call!(ISDuplicate(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { IndexSet::from_raw(raw) })
    }

    /// The indices of all ranks on every rank, as a sequential set. Collective.
    ///
    /// # Errors
    /// What `ISAllGather` returns.
    #[wraps(ISAllGather)]
    #[track_caller]
    pub fn all_gather(&self) -> Result<IndexSet> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live index set and a valid out-pointer.
        unsafe { call!(ISAllGather(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { IndexSet::from_raw(raw) })
    }
}
