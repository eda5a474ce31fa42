//! Layout: ownership ranges, block size, options prefix, local-to-global map.

use std::ops::Range;

use petsc_macros::wraps;

use super::VectorRef;
use crate::comm;
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::range::check_block_size;
use crate::local_to_global::{LocalToGlobalMap, LocalToGlobalMapRef};
use crate::object::Object as _;
use crate::prefixes;
use crate::{Int, call, create, ffi, get, sys};

prefixes! {
    VectorRef, "vector";
    #[wraps(VecSetOptionsPrefix)]
    VecSetOptionsPrefix,
    #[doc(alias = "VecAppendOptionsPrefix")]
    VecAppendOptionsPrefix
}

impl VectorRef {
    /// Returns the range of global indices that each rank owns, in the order of ranks. Not
    /// collective.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let x = petsc_rs::Vector::new(comm, 10)?;
    /// assert_eq!(x.ownership_ranges()?.iter().map(|r| r.clone().count()).sum::<usize>(), 10);
    /// # Ok(()) })
    /// ```
    #[wraps(VecGetOwnershipRanges)]
    pub fn ownership_ranges(&self) -> Result<Vec<Range<Int>>> {
        crate::not_collective!();
        // SAFETY: a live vector.
        let starts = unsafe { get!(VecGetOwnershipRanges(self.as_ptr(), _)) }?;
        let ranks = comm::size_of_object(self.object_ptr())?;
        // SAFETY: PETSc keeps one start a rank and the end of the last one.
        let starts = unsafe { ffi::slice(starts, ranks + 1) };
        Ok(starts.windows(2).map(|w| w[0]..w[1]).collect())
    }

    /// Returns the number of entries in a block. Default: 1.
    #[wraps(VecGetBlockSize, not_collective)]
    pub fn block_size(&self) -> Result<usize> {
        // SAFETY: a live vector.
        let size: Int = unsafe { get!(VecGetBlockSize(self.as_ptr(), _)) }?;
        ffi::size(size.max(1))
    }

    /// Sets the number of entries in a block, for blocked and strided access. Logically collective.
    ///
    /// Vectors that are duplicated from this vector later inherit the block size. Existing vectors
    /// and matrices keep their block size. Default: 1.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for 0; `ARG_SIZ` if the local length is not a multiple of `size`;
    /// `ARG_WRONGSTATE` or `ARG_INCOMP` if another block size was set before.
    #[wraps(VecSetBlockSize)]
    pub fn set_block_size(&mut self, size: usize) -> Result<()> {
        check_block_size(size, self.local_len()?)?;
        let size = ffi::petsc_int(size)?;
        self.own_layout()?;
        // SAFETY: a live vector; the size divides the local length (above).
        unsafe { call!(VecSetBlockSize(self.as_ptr(), size)) }
    }

    /// Replaces the layout and its local-to-global map with copies: a matrix may share the old
    /// layout, and must keep its block size. Not collective.
    fn own_layout(&mut self) -> Result<()> {
        crate::not_collective!();
        // SAFETY: a live vector.
        let shared = unsafe { get!(VecGetLayout(self.as_ptr(), _)) }?;
        let kept = self.local_to_global_map()?;
        let map = kept.as_ref().map(|map| map.as_ptr());
        if let Some(map) = map {
            // The copy holds the map without a reference.
            // SAFETY: a live map.
            unsafe { call!(PetscObjectReference(map.cast())) }?;
        }
        // SAFETY: a live layout; NULL, which stands for none.
        let mut own = unsafe { get!(PetscLayoutDuplicate(shared, _)) }?;
        // SAFETY: live objects; the layout has the sizes of the vector, which counts it.
        unsafe { call!(VecSetLayout(self.as_ptr(), own)) }?;
        // SAFETY: gives up the reference of PetscLayoutDuplicate.
        unsafe { call!(PetscLayoutDestroy(&raw mut own)) }?;
        let Some(map) = map else { return Ok(()) };
        // SAFETY: a live map, which the vector's layout counts.
        let copy: LocalToGlobalMap = unsafe { create!(ISLocalToGlobalMappingDuplicate(map, _)) }?;
        // SAFETY: live objects; PETSc counts the copy.
        unsafe { call!(VecSetLocalToGlobalMapping(self.as_ptr(), copy.as_ptr())) }
    }

    /// Returns the range of global indices of whole blocks.
    pub(super) fn block_range(&self) -> Result<Range<Int>> {
        Ok(0..ffi::petsc_int(self.len()? / self.block_size()?)?)
    }

    /// Sets the map from local to global indices, for
    /// [`set_values_local`](Self::set_values_local). Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the map contains an index outside the vector.
    #[wraps(VecSetLocalToGlobalMapping)]
    pub fn set_local_to_global_map(&mut self, map: &LocalToGlobalMapRef) -> Result<()> {
        let range = self.index_range()?;
        let indices = map.indices()?;
        // Negative entries mark local indices without a global index; setting them is refused
        // later.
        if let Some(index) = indices.iter().find(|&&i| i >= range.end) {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!("the map contains index {index}, outside 0..{}", range.end),
            ));
        }
        drop(indices);
        self.own_layout()?;
        // SAFETY: live objects; PETSc counts the map.
        unsafe { call!(VecSetLocalToGlobalMapping(self.as_ptr(), map.as_ptr())) }
    }

    /// Returns the map from local to global indices, or `None` if none was set.
    #[wraps(VecGetLocalToGlobalMapping, not_collective)]
    #[track_caller]
    pub fn local_to_global_map(&self) -> Result<Option<LocalToGlobalMap>> {
        // SAFETY: a live vector.
        let map = unsafe { get!(VecGetLocalToGlobalMapping(self.as_ptr(), _)) }?;
        // SAFETY: NULL, or a live map.
        unsafe { LocalToGlobalMap::retain_nullable(map) }
    }
}
