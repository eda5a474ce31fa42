//! Colorings of a DM: the columns of a Jacobian that have the same color can be computed together.

use std::fmt;
use std::panic::Location;

use petsc_macros::wraps;

use super::IndexSet;
use crate::error::Result;
use crate::runtime::{self, DropMode};
use crate::{ffi, get, sys};

/// The points whose unknowns are colored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[wraps(ISColoringType)]
pub enum ColoringKind {
    /// The points that each rank owns.
    #[doc(alias = "IS_COLORING_GLOBAL")]
    Global,
    /// The points that each rank owns, and its ghost points.
    #[doc(alias = "IS_COLORING_LOCAL")]
    Local,
}

/// A color for each unknown of this rank. No two unknowns of one color have entries in the same
/// row.
#[wraps(ISColoring)]
pub struct Coloring {
    raw: sys::ISColoring,
    entry: runtime::Entry,
}

impl Coloring {
    /// Takes ownership of a coloring created in C. The coloring keeps PETSc initialized, as any
    /// object does.
    ///
    /// # Safety
    /// `raw` is a live coloring, and the caller gives up its reference.
    #[track_caller]
    pub(crate) unsafe fn created(raw: sys::ISColoring) -> Self {
        let created = Location::caller();
        let entry = runtime::register(raw.addr(), "Coloring", created);
        Self { raw, entry }
    }

    /// Returns the number of colors, and the color of each unknown of this rank.
    #[wraps(ISColoringGetColors, not_collective)]
    pub fn colors(&self) -> Result<(usize, &[sys::ISColoringValue])> {
        // SAFETY: a live coloring.
        let (len, count, colors): (usize, usize, _) =
            unsafe { get!(ISColoringGetColors(self.raw, _, _, _)) }?;
        // SAFETY: PETSc keeps a color for each unknown while the coloring exists.
        let colors = unsafe { ffi::slice(colors, len) };
        Ok((count, colors))
    }

    /// Returns the unknowns of each color. Collective.
    #[wraps(ISColoringGetIS)]
    #[track_caller]
    pub fn index_sets(&self) -> Result<Vec<IndexSet>> {
        // `ISColoringGetIS` alone would share index sets with finite differences along this
        // coloring, which destroy them.
        // SAFETY: a live coloring.
        let (count, list): (_, *mut sys::IS) =
            unsafe { get!(PetscRsISColoringMakeIS(self.raw, _, _)) }?;
        // SAFETY: a new set for each color, in a list that C allocated.
        unsafe { IndexSet::take_list(list, count) }
    }

    /// Returns the coloring in C, for C functions that this crate does not wrap.
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
        // PETSc cannot delay the destruction of colorings: after an error on this rank, the
        // coloring is leaked.
        if runtime::drop_mode() == DropMode::Now {
            // SAFETY: this handle owns one reference and gives it up here.
            let code = unsafe { sys::ISColoringDestroy(&raw mut self.raw) };
            runtime::record_drop("ISColoringDestroy", code);
        }
        runtime::unregister(address, self.entry);
    }
}
