//! Index sets and maps of the parts of a composite.

use petsc_macros::wraps;

use super::DmCompositeRef;
use crate::error::Result;
use crate::index_set::IndexSet;
use crate::local_to_global::LocalToGlobalMap;
use crate::{call, ffi, get_raw};

impl DmCompositeRef {
    /// Returns, for each DM, the global indices of its unknowns in vectors of the composite. A
    /// field-split preconditioner can use these index sets. Collective.
    #[wraps(DMCompositeGetGlobalISs)]
    #[track_caller]
    pub fn global_index_sets(&self) -> Result<Vec<IndexSet>> {
        // SAFETY: a live composite.
        let list = unsafe { get_raw!(DMCompositeGetGlobalISs(self.as_ptr(), _)) }?;
        // SAFETY: PETSc created a set for each DM, in a list of its memory.
        let sets = unsafe { self.take(list) }?.into_iter();
        // SAFETY: just created; the reference is ours.
        Ok(sets.map(|set| unsafe { IndexSet::from_raw(set) }).collect())
    }

    /// Returns, for each DM, the local indices of its unknowns, including ghost points.
    /// [`local_block`](crate::MatrixRef::local_block) accepts them. Collective.
    #[wraps(DMCompositeGetLocalISs)]
    #[track_caller]
    pub fn local_index_sets(&self) -> Result<Vec<IndexSet>> {
        // SAFETY: a live composite.
        let list = unsafe { get_raw!(DMCompositeGetLocalISs(self.as_ptr(), _)) }?;
        // SAFETY: PETSc created a set for each DM, in a list of its memory.
        let sets = unsafe { self.take(list) }?.into_iter();
        // SAFETY: just created; the reference is ours.
        Ok(sets.map(|set| unsafe { IndexSet::from_raw(set) }).collect())
    }

    /// Returns, for each DM, the map from its local (ghosted) indices to global indices of the
    /// composite. Collective.
    ///
    /// # Errors
    /// The errors of `DMCompositeGetISLocalToGlobalMappings`, such as `SUP` if a DM has no map.
    #[wraps(DMCompositeGetISLocalToGlobalMappings)]
    #[track_caller]
    pub fn local_to_global_maps(&self) -> Result<Vec<LocalToGlobalMap>> {
        // SAFETY: a live composite.
        let list = unsafe { get_raw!(DMCompositeGetISLocalToGlobalMappings(self.as_ptr(), _)) }?;
        // SAFETY: PETSc created a map for each DM, in a list of its memory.
        let maps = unsafe { self.take(list) }?.into_iter();
        // SAFETY: just created; the reference is ours.
        let owned = |map| unsafe { LocalToGlobalMap::from_raw(map) };
        Ok(maps.map(owned).collect())
    }

    /// Returns the entries of a list with one entry for each DM, and frees the list.
    ///
    /// # Safety
    /// The list has one entry for each DM of the composite, was allocated by PETSc, and is not used
    /// afterwards.
    unsafe fn take<P: Copy>(&self, list: *mut P) -> Result<Vec<P>> {
        // SAFETY: by contract.
        let entries = unsafe { ffi::slice(list, self.count()?) }.to_vec();
        // SAFETY: the caller of C frees the list.
        unsafe { call!(PetscRsFree(list.cast())) }?;
        Ok(entries)
    }
}
