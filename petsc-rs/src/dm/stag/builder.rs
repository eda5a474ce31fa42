//! Builder of staggered grids.

use std::ptr;

use petsc_macros::wraps;

use super::DmStag;
use crate::comm::Comm;
use crate::dm::Dm;
use crate::dm::dmda::BoundaryType;
use crate::error::{Error, ErrorCode, Result};
use crate::{Real, call, ffi, sys};

/// Parameters of a new staggered grid. See [`DmStag::builder`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct DmStagBuilder<'a> {
    comm: &'a Comm,
    sizes: Vec<usize>,
    dof: Vec<usize>,
    boundaries: Vec<BoundaryType>,
    width: usize,
    coordinates: Vec<(Real, Real)>,
}

impl DmStag {
    /// Returns a builder for a staggered grid with a box stencil of width 1.
    pub fn builder(comm: &Comm) -> DmStagBuilder<'_> {
        DmStagBuilder {
            comm,
            sizes: Vec::new(),
            dof: Vec::new(),
            boundaries: Vec::new(),
            width: 1,
            coordinates: Vec::new(),
        }
    }
}

impl DmStagBuilder<'_> {
    /// Sets the numbers of elements, one for each of the one to three dimensions.
    pub fn sizes(mut self, sizes: impl Into<Vec<usize>>) -> Self {
        self.sizes = sizes.into();
        self
    }

    /// Sets the numbers of unknowns on vertices, edges (in two and three dimensions), faces (in
    /// three dimensions) and elements, in this order.
    pub fn dof(mut self, dof: impl Into<Vec<usize>>) -> Self {
        self.dof = dof.into();
        self
    }

    /// Sets the boundary type of each direction: `None`, `Ghosted` or `Periodic`. Default: `None`.
    pub fn boundaries(mut self, boundaries: impl Into<Vec<BoundaryType>>) -> Self {
        self.boundaries = boundaries.into();
        self
    }

    /// Sets the width of the stencil in elements. Default: 1.
    pub fn stencil_width(mut self, width: usize) -> Self {
        self.width = width;
        self
    }

    /// Sets uniform coordinates: the first and last value in each direction. Default: no
    /// coordinates.
    pub fn uniform_coordinates(mut self, ends: impl Into<Vec<(Real, Real)>>) -> Self {
        self.coordinates = ends.into();
        self
    }

    /// Creates the staggered grid. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a list does not have one item for each dimension (the list of unknowns: one
    /// item more); `ARG_OUTOFRANGE` for a size of 0; `SUP` for other boundary types.
    #[wraps(DMStagCreate1d, DMStagCreate2d, DMStagCreate3d, DMStagSetUniformCoordinatesExplicit)]
    #[track_caller]
    pub fn build(self) -> Result<DmStag> {
        let dim = self.sizes.len();
        self.check(dim)?;
        let size = |d: usize| self.sizes.get(d).map_or(Ok(1), |&n| ffi::petsc_int(n));
        let dof = |stratum: usize| self.dof.get(stratum).map_or(Ok(0), |&n| ffi::petsc_int(n));
        let bound = |d: usize| {
            let kind = self.boundaries.get(d).copied();
            kind.unwrap_or(BoundaryType::None).to_raw()
        };
        let width = ffi::petsc_int(self.width)?;
        let comm = self.comm.as_raw();
        let (auto, even) = (ffi::DECIDE, ptr::null());
        let stencil = sys::DMSTAG_STENCIL_BOX;
        let mut raw = ptr::null_mut();
        if dim == 1 {
            let (m, vertex, element) = (size(0)?, dof(0)?, dof(1)?);
            // SAFETY: a live communicator, sizes of at least 1, a valid out-pointer.
            unsafe {
                call!(DMStagCreate1d(
                    comm,
                    bound(0),
                    m,
                    vertex,
                    element,
                    stencil,
                    width,
                    even,
                    &raw mut raw
                ))
            }?;
        } else if dim == 2 {
            let (m, n) = (size(0)?, size(1)?);
            let (vertex, edge, element) = (dof(0)?, dof(1)?, dof(2)?);
            // SAFETY: as above.
            unsafe {
                call!(DMStagCreate2d(
                    comm,
                    bound(0),
                    bound(1),
                    m,
                    n,
                    auto,
                    auto,
                    vertex,
                    edge,
                    element,
                    stencil,
                    width,
                    even,
                    even,
                    &raw mut raw
                ))
            }?;
        } else {
            let (m, n, p) = (size(0)?, size(1)?, size(2)?);
            let (vertex, edge, face, element) = (dof(0)?, dof(1)?, dof(2)?, dof(3)?);
            // SAFETY: as above.
            unsafe {
                call!(DMStagCreate3d(
                    comm,
                    bound(0),
                    bound(1),
                    bound(2),
                    m,
                    n,
                    p,
                    auto,
                    auto,
                    auto,
                    vertex,
                    edge,
                    face,
                    element,
                    stencil,
                    width,
                    even,
                    even,
                    even,
                    &raw mut raw
                ))
            }?;
        }
        // SAFETY: just created; the reference is ours.
        let grid = unsafe { Dm::created(raw) }?;
        // SAFETY: a live grid with sizes.
        unsafe { call!(DMSetUp(raw)) }?;
        // SAFETY: a live staggered grid.
        unsafe { call!(PetscRsDMStagGuard(raw)) }?;
        let grid = grid.into_stag()?;
        if !self.coordinates.is_empty() {
            let end = |d: usize| self.coordinates.get(d).copied().unwrap_or((0.0, 1.0));
            let ((x0, x1), (y0, y1), (z0, z1)) = (end(0), end(1), end(2));
            // SAFETY: a live staggered grid that is set up.
            unsafe { call!(DMStagSetUniformCoordinatesExplicit(raw, x0, x1, y0, y1, z0, z1)) }?;
        }
        Ok(grid)
    }

    fn check(&self, dim: usize) -> Result<()> {
        if !(1..=3).contains(&dim) {
            let text = format!("a staggered grid has one to three dimensions, not {dim}");
            return Err(Error::new(ErrorCode::ARG_SIZ, text));
        }
        ffi::same_len("numbers of unknowns (vertices to elements)", dim + 1, self.dof.len())?;
        if !self.boundaries.is_empty() {
            ffi::same_len("number of boundary types", dim, self.boundaries.len())?;
        }
        if !self.coordinates.is_empty() {
            ffi::same_len("number of coordinate pairs", dim, self.coordinates.len())?;
        }
        if self.sizes.contains(&0) || self.dof.iter().all(|&n| n == 0) {
            let text = "a staggered grid needs at least one element and one unknown";
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        use BoundaryType::{Ghosted, None, Periodic};
        if let Some(other) =
            self.boundaries.iter().find(|b| !matches!(b, None | Ghosted | Periodic))
        {
            let text = format!("staggered grids do not support the boundary type {other:?}");
            return Err(Error::new(ErrorCode::SUP, text));
        }
        // This includes the extra elements at the upper ends, which PETSc does not count.
        let mut unknowns = self.dof.iter().fold(0_usize, |n, &d| n.saturating_add(d));
        for &size in &self.sizes {
            unknowns = unknowns.saturating_mul(size.saturating_add(1)).saturating_mul(3);
        }
        ffi::petsc_int(unknowns).map(drop)
    }
}
