//! Colorings of the unknowns of a DM.

use petsc_macros::wraps;

use super::DmRef;
use crate::error::Result;
pub use crate::index_set::{Coloring, ColoringKind};
use crate::{get_raw, sys};

impl DmRef {
    /// Creates a coloring of the DM's unknowns, for finite-difference Jacobians. Collective.
    ///
    /// # Errors
    /// `SUP` if the DM does not support colorings; `SUP` or `ARG_OUTOFRANGE` for a periodic grid
    /// whose size is not a multiple of the width of the stencil.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, dm::{ColoringKind, StencilType}};
    /// let grid = Dmda::builder(comm)
    ///     .sizes([6, 6])
    ///     .stencil(StencilType::Box, 1)
    ///     .build()?;
    /// assert_eq!(grid.create_coloring(ColoringKind::Global)?.colors()?.0, 9);
    /// # Ok(()) })
    /// ```
    #[wraps(DMCreateColoring)]
    #[track_caller]
    pub fn create_coloring(&self, kind: ColoringKind) -> Result<Coloring> {
        let kind = match kind {
            ColoringKind::Global => sys::IS_COLORING_GLOBAL,
            ColoringKind::Local => sys::IS_COLORING_LOCAL,
        };
        // SAFETY: a live DM.
        let raw = unsafe { get_raw!(DMCreateColoring(self.as_ptr(), kind, _)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Coloring::created(raw) })
    }
}
