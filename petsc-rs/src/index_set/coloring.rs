//! Colourings: which columns of a Jacobian can be computed together.

use std::fmt;
use std::panic::Location;
use std::ptr;

use petsc_macros::wraps;

use super::IndexSet;
use crate::error::Result;
use crate::runtime::{self, DropMode};
use crate::{Int, call, ffi, sys};

/// Over which points a colouring runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[wraps(ISColoringType)]
pub enum ColoringKind {
    /// The unknowns that each rank owns.
    #[doc(alias = "IS_COLORING_GLOBAL")]
    Global,
    /// Also the ghost points.
    #[doc(alias = "IS_COLORING_LOCAL")]
    Local,
}

/// A colour for each unknown of this rank, so that no two unknowns of one colour meet in a row.
#[wraps(ISColoring)]
pub struct Coloring {
    raw: sys::ISColoring,
    entry: runtime::Entry,
}

impl Coloring {
    /// Takes over what a C function created. It keeps the session alive like any object.
    ///
    /// # Safety
    /// `raw` is a live colouring, and the caller gives its reference away.
    #[track_caller]
    pub(crate) unsafe fn created(raw: sys::ISColoring) -> Self {
        let created = Location::caller();
        let entry = runtime::register(raw.addr(), "Coloring", created);
        Self { raw, entry }
    }

    /// Number of colours, and the colour of each unknown of this rank. Not collective.
    ///
    /// # Errors
    /// What `ISColoringGetColors` returns.
    #[wraps(ISColoringGetColors)]
    pub fn colors(&self) -> Result<(usize, &[sys::ISColoringValue])> {
        crate::not_collective!();
        let (mut len, mut count, mut colors) = (0, 0, ptr::null());
        // SAFETY: a live colouring and valid out-pointers.
        unsafe {
            call!(ISColoringGetColors(
                self.raw,
                &raw mut len,
                &raw mut count,
                &raw mut colors
            ))
        }?;
        // SAFETY: PETSc keeps a colour for each unknown as long as the colouring.
        let colors = unsafe { ffi::slice(colors, ffi::size(len)?) };
        Ok((ffi::size(count)?, colors))
    }

    /// The unknowns of each colour. Collective.
    ///
    /// # Errors
    /// What `ISColoringGetIS` returns.
    #[wraps(ISColoringGetIS)]
    #[track_caller]
    pub fn index_sets(&self) -> Result<Vec<IndexSet>> {
        let (mut count, mut list): (Int, *mut sys::IS) = (0, ptr::null_mut());
        // Not `ISColoringGetIS` alone: sets that the colouring keeps, C gives to differences along it as well, which
        // destroy them.
        // SAFETY: a live colouring and valid out-pointers.
        unsafe {
            call!(PetscRsISColoringMakeIS(
                self.raw,
                &raw mut count,
                &raw mut list
            ))
        }?;
        // SAFETY: one set for each colour.
        let sets = unsafe { ffi::slice(list, ffi::size(count)?) };
        let sets = sets
            .iter()
            // SAFETY: just created; the reference is ours.
            .map(|&set| unsafe { IndexSet::from_raw(set) })
            .collect();
        // SAFETY: the list of the call above, which nobody uses any more.
        unsafe { call!(PetscRsFree(list.cast())) }?;
        Ok(sets)
    }

    /// The colouring in C, for calls that are not wrapped.
    #[must_use]
    pub fn as_ptr(&self) -> sys::ISColoring {
        self.raw
    }
}

impl fmt::Debug for Coloring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Coloring").finish_non_exhaustive()
    }
}

impl Drop for Coloring {
    fn drop(&mut self) {
        let address = self.raw.addr();
        // PETSc has no delayed destruction of colourings: on a rank that failed, it is leaked.
        if runtime::drop_mode() == DropMode::Now {
            // SAFETY: this handle owns one reference and gives it up here.
            let code = unsafe { sys::ISColoringDestroy(&raw mut self.raw) };
            runtime::record_drop("ISColoringDestroy", code);
        }
        runtime::unregister(address, self.entry);
    }
}
