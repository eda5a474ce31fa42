//! Maps from local to global indices (`ISLocalToGlobalMapping` in C).

use petsc_macros::{getter, wraps};

use crate::comm::Comm;
use crate::error::Result;
use crate::ffi::range::count;
use crate::index_set::{IndexSet, IndexSetRef};
use crate::object::petsc_object;
use crate::{Int, call, create, ffi, get, runtime, sys};

petsc_object! {
    /// A map from the local indices of each rank to global indices.
    ///
    /// A program creates a map, and gives it to a vector or a matrix, which then accept local
    /// indices. A [`Dm`](crate::Dm) creates such a map itself. Dropping the handle destroys the
    /// map, unless another object has a reference to it.
    ///
    /// # Examples
    /// See [`LocalToGlobalMap::new`].
    ///
    /// # Options
    /// `-islocaltoglobalmapping_type`, with [`LocalToGlobalMapRef::set_from_options`].
    ///
    /// # See also
    /// [`MatrixRef::set_values_local`](crate::MatrixRef::set_values_local),
    /// [`VectorRef::set_local_to_global_map`](crate::VectorRef::set_local_to_global_map),
    /// [`Ordering`](crate::Ordering).
    #[wraps(ISLocalToGlobalMapping)]
    LocalToGlobalMap,
    /// A borrowed [`LocalToGlobalMap`].
    LocalToGlobalMapRef,
    ISLocalToGlobalMapping,
    ISLocalToGlobalMappingDestroy,
}

impl LocalToGlobalMap {
    /// Creates a map from block `i` of this rank to the global block `blocks[i]`, with blocks of
    /// `block_size` indices. Not collective, but all ranks should create it.
    ///
    /// If `blocks[i]` is negative, block `i` has no global block.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a block size of 0, or for a block outside the range of `PetscInt`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let map = petsc_rs::LocalToGlobalMap::new(comm, 2, &[4, 0])?;
    /// assert_eq!(map.apply(&[0, 1, 2])?, [8, 9, 0]);
    /// # Ok(()) })
    /// ```
    #[wraps(ISLocalToGlobalMappingCreate)]
    #[track_caller]
    pub fn new(comm: &Comm, block_size: usize, blocks: &[Int]) -> Result<Self> {
        crate::not_collective!();
        let size = count(block_size, "the block size")?;
        ffi::petsc_int(blocks.len().saturating_mul(block_size))?;
        ffi::check_indices(blocks, &(Int::MIN / size..Int::MAX / size))?;
        let n = ffi::petsc_int(blocks.len())?;
        // SAFETY: a live communicator, `n` blocks which PETSc copies; C creates an object.
        unsafe {
            create!(ISLocalToGlobalMappingCreate(
                comm.as_raw(),
                size,
                n,
                blocks.as_ptr(),
                sys::PETSC_COPY_VALUES,
                _
            ))
        }
    }

    /// Creates a map from local index `i` to the `i`-th index of `is` on this rank. Collective.
    #[wraps(ISLocalToGlobalMappingCreateIS)]
    #[track_caller]
    pub fn from_index_set(is: &IndexSetRef) -> Result<Self> {
        // SAFETY: a live index set; C creates an object.
        unsafe { create!(ISLocalToGlobalMappingCreateIS(is.as_ptr(), _)) }
    }
}

impl LocalToGlobalMap {
    /// Concatenates maps: the local indices of each map follow those of the previous map.
    /// Collective over `comm`.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if the number of indices does not fit into `PetscInt`.
    #[wraps(ISLocalToGlobalMappingConcatenate)]
    #[track_caller]
    pub fn concatenate(comm: &Comm, maps: &[&LocalToGlobalMapRef]) -> Result<Self> {
        let mut total = 0;
        for map in maps {
            total += map.local_len()?;
        }
        ffi::petsc_int(total)?;
        let (n, comm) = (ffi::petsc_int(maps.len())?, comm.as_raw());
        let list: Vec<_> = maps.iter().map(|map| map.as_ptr()).collect();
        // SAFETY: a live communicator, `n` live maps; C creates an object.
        unsafe { create!(ISLocalToGlobalMappingConcatenate(comm, n, list.as_ptr(), _)) }
    }
}

impl LocalToGlobalMapRef {
    /// Returns the number of local indices of this rank.
    #[getter(ISLocalToGlobalMappingGetSize)]
    pub fn local_len() -> usize;

    /// Returns the number of indices in a block.
    #[getter(ISLocalToGlobalMappingGetBlockSize)]
    pub fn block_size() -> usize;

    /// Lends the global index of each local index.
    #[wraps(ISLocalToGlobalMappingGetIndices, not_collective)]
    pub fn indices(&self) -> Result<MapIndices<'_>> {
        let len = self.local_len()?;
        // SAFETY: a live map.
        let data = unsafe { get!(ISLocalToGlobalMappingGetIndices(self.as_ptr(), _)) }?;
        Ok(MapIndices { map: self, data, len })
    }

    /// Converts local to global indices. Negative indices do not change.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for an index that is too large.
    #[wraps(ISLocalToGlobalMappingApply, not_collective)]
    pub fn apply(&self, local: &[Int]) -> Result<Vec<Int>> {
        let n = ffi::petsc_int(local.len())?;
        let mut global = vec![0; local.len()];
        // SAFETY: a live map, `n` indices in and room for `n` out; PETSc checks them in every build.
        unsafe {
            call!(ISLocalToGlobalMappingApply(
                self.as_ptr(),
                n,
                local.as_ptr(),
                global.as_mut_ptr()
            ))
        }?;
        Ok(global)
    }

    /// Converts local to global blocks. Negative blocks do not change.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a block that is too large.
    #[wraps(ISLocalToGlobalMappingApplyBlock, not_collective)]
    pub fn apply_block(&self, local: &[Int]) -> Result<Vec<Int>> {
        let n = ffi::petsc_int(local.len())?;
        let mut global = vec![0; local.len()];
        // SAFETY: a live map, `n` blocks in and room for `n` out; PETSc checks them in every build.
        unsafe {
            call!(ISLocalToGlobalMappingApplyBlock(
                self.as_ptr(),
                n,
                local.as_ptr(),
                global.as_mut_ptr()
            ))
        }?;
        Ok(global)
    }

    /// Converts a set of local indices to global indices. Collective over the set.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for an index outside the map.
    #[wraps(ISLocalToGlobalMappingApplyIS)]
    #[track_caller]
    pub fn apply_is(&self, local: &IndexSetRef) -> Result<IndexSet> {
        let end = ffi::petsc_int(self.local_len()?)?;
        ffi::check_indices(&local.indices()?, &(0..end))?;
        // SAFETY: live objects, indices in range (above); C creates an object.
        unsafe { create!(ISLocalToGlobalMappingApplyIS(self.as_ptr(), local.as_ptr(), _)) }
    }

    /// Returns the local indices of a set of global indices, as a sequential set. Global indices
    /// that this rank does not have are dropped.
    #[wraps(ISGlobalToLocalMappingApplyIS, not_collective)]
    #[track_caller]
    pub fn global_to_local_is(&self, global: &IndexSetRef) -> Result<IndexSet> {
        let (map, way) = (self.as_ptr(), sys::IS_GTOLM_DROP);
        // SAFETY: live objects; C creates an object.
        unsafe { create!(ISGlobalToLocalMappingApplyIS(map, way, global.as_ptr(), _)) }
    }

    /// Sets, from options, the method that converts global to local indices. Collective. Option:
    /// `-islocaltoglobalmapping_type` (`basic` or `hash`).
    ///
    /// # Errors
    /// An error of PETSc for an invalid value of the option.
    #[wraps(ISLocalToGlobalMappingSetFromOptions)]
    pub fn set_from_options(&mut self) -> Result<()> {
        // SAFETY: a live map.
        unsafe { call!(ISLocalToGlobalMappingSetFromOptions(self.as_ptr())) }
    }

    /// Returns the local block of each global block, or `None` for a global block that this rank
    /// does not have. Not collective.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let map = petsc_rs::LocalToGlobalMap::new(comm, 2, &[7, 5])?;
    /// assert_eq!(map.global_to_local_block(&[5, 6, 7])?, [Some(1), None, Some(0)]);
    /// # Ok(()) })
    /// ```
    #[wraps(ISGlobalToLocalMappingApplyBlock)]
    pub fn global_to_local_block(&self, global: &[Int]) -> Result<Vec<Option<Int>>> {
        crate::not_collective!();
        masked(global, |n, global, count, local| {
            let (map, mask) = (self.as_ptr(), sys::IS_GTOLM_MASK);
            // SAFETY: a live map, `n` blocks in; this mode returns as many (`masked`).
            unsafe { call!(ISGlobalToLocalMappingApplyBlock(map, mask, n, global, count, local)) }
        })
    }

    /// Returns the local index of each global index, or `None` for a global index that this rank
    /// does not have. Not collective.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let map = petsc_rs::LocalToGlobalMap::new(comm, 1, &[7, 5])?;
    /// assert_eq!(map.global_to_local(&[5, 6, 7])?, [Some(1), None, Some(0)]);
    /// # Ok(()) })
    /// ```
    #[wraps(ISGlobalToLocalMappingApply)]
    pub fn global_to_local(&self, global: &[Int]) -> Result<Vec<Option<Int>>> {
        crate::not_collective!();
        masked(global, |n, global, count, local| {
            let (map, mask) = (self.as_ptr(), sys::IS_GTOLM_MASK);
            // SAFETY: a live map, `n` indices in; this mode returns as many (`masked`).
            unsafe { call!(ISGlobalToLocalMappingApply(map, mask, n, global, count, local)) }
        })
    }
}

/// Passes `global` and as much space for local indices to `apply`, which writes -1 for an index that this rank does not
/// have.
fn masked(
    global: &[Int],
    apply: impl FnOnce(Int, *const Int, *mut Int, *mut Int) -> Result<()>,
) -> Result<Vec<Option<Int>>> {
    let n = ffi::petsc_int(global.len())?;
    let mut local = vec![-1; global.len()];
    let mut count = 0;
    apply(n, global.as_ptr(), &raw mut count, local.as_mut_ptr())?;
    Ok(local.into_iter().map(|i| (i >= 0).then_some(i)).collect())
}

/// Global indices lent for reading. See [`LocalToGlobalMapRef::indices`].
pub struct MapIndices<'a> {
    map: &'a LocalToGlobalMapRef,
    data: *const Int,
    len: usize,
}

ffi::lends! {
    MapIndices<'_> => [Int]: |this| {
        // SAFETY: PETSc gave `len` indices, and nothing here changes a map.
        unsafe { ffi::slice(this.data, this.len) }
    }
}

impl Drop for MapIndices<'_> {
    fn drop(&mut self) {
        let map = self.map.as_ptr();
        // SAFETY: `data` came from this map, which the guard borrows.
        let code = unsafe { sys::ISLocalToGlobalMappingRestoreIndices(map, &raw mut self.data) };
        runtime::record_drop("ISLocalToGlobalMappingRestoreIndices", code);
    }
}
