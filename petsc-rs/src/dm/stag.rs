//! Staggered grids: unknowns on vertices, edges, faces and in cells (`DMStag` in C).

use std::fmt;
use std::ops::{Index, IndexMut};
use std::ptr;

use super::Dm;
use super::dmda::{BoundaryType, Corners, GridIndex, Shape};
use super::kind::dm_kind;
use crate::c_enum::c_enum;
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::vector::{ArrayMut, ArrayRead, VectorRef};
use crate::{Int, Real, Scalar, call, ffi, sys};

dm_kind! {
    /// A staggered grid of one to three dimensions. Indices count elements; each element has the
    /// unknowns of its own and of its lower sides, so that there is one more element at the upper end.
    ///
    /// # Examples
    /// Pressures in cells and velocities on the faces between them:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Scalar, ScalarExt, dm::{DmStag, Location}};
    /// let grid = DmStag::builder(comm).sizes([4, 3]).dof([0, 1, 1]).build()?;
    /// let x = grid.create_global_vector()?;
    /// assert_eq!(x.len()?, 4 * 3 + 5 * 3 + 4 * 4);
    /// let pressure = grid.slot(Location::Element, 0)?;
    /// let mut local = grid.create_local_vector()?;
    /// let mut u = grid.array_mut(&mut local)?;
    /// for at in grid.corners()?.points() {
    ///     u[(at, pressure)] = Scalar::from_real(1.0);
    /// }
    /// drop(u);
    /// let mut x = grid.create_global_vector()?;
    /// grid.local_to_global(&local, InsertMode::Insert, &mut x)?;
    /// assert_eq!(x.sum()?.real(), 12.0);
    /// # Ok(()) })
    /// ```
    #[doc(alias = "DMSTAG")]
    DmStag,
    /// A borrowed [`DmStag`].
    DmStagRef,
    c"stag",
    as_stag,
    into_stag,
}

c_enum! {
    /// A place of an element, by its sides. In one dimension there are only [`Left`](Self::Left),
    /// [`Element`](Self::Element) and [`Right`](Self::Right), in two no `Back` and `Front`.
    #[doc(alias = "DMStagStencilLocation")]
    Location of DMStagStencilLocation;
    /// Vertex.
    BackDownLeft = DMSTAG_BACK_DOWN_LEFT,
    /// Edge.
    BackDown = DMSTAG_BACK_DOWN,
    /// Vertex.
    BackDownRight = DMSTAG_BACK_DOWN_RIGHT,
    /// Edge.
    BackLeft = DMSTAG_BACK_LEFT,
    /// Face.
    Back = DMSTAG_BACK,
    /// Edge.
    BackRight = DMSTAG_BACK_RIGHT,
    /// Vertex.
    BackUpLeft = DMSTAG_BACK_UP_LEFT,
    /// Edge.
    BackUp = DMSTAG_BACK_UP,
    /// Vertex.
    BackUpRight = DMSTAG_BACK_UP_RIGHT,
    /// Vertex in two dimensions, edge in three.
    DownLeft = DMSTAG_DOWN_LEFT,
    /// Edge in two dimensions, face in three.
    Down = DMSTAG_DOWN,
    /// Vertex in two dimensions, edge in three.
    DownRight = DMSTAG_DOWN_RIGHT,
    /// Vertex in one dimension, edge in two, face in three.
    Left = DMSTAG_LEFT,
    /// The inside.
    Element = DMSTAG_ELEMENT,
    /// Vertex in one dimension, edge in two, face in three.
    Right = DMSTAG_RIGHT,
    /// Vertex in two dimensions, edge in three.
    UpLeft = DMSTAG_UP_LEFT,
    /// Edge in two dimensions, face in three.
    Up = DMSTAG_UP,
    /// Vertex in two dimensions, edge in three.
    UpRight = DMSTAG_UP_RIGHT,
    /// Vertex.
    FrontDownLeft = DMSTAG_FRONT_DOWN_LEFT,
    /// Edge.
    FrontDown = DMSTAG_FRONT_DOWN,
    /// Vertex.
    FrontDownRight = DMSTAG_FRONT_DOWN_RIGHT,
    /// Edge.
    FrontLeft = DMSTAG_FRONT_LEFT,
    /// Face.
    Front = DMSTAG_FRONT,
    /// Edge.
    FrontRight = DMSTAG_FRONT_RIGHT,
    /// Vertex.
    FrontUpLeft = DMSTAG_FRONT_UP_LEFT,
    /// Edge.
    FrontUp = DMSTAG_FRONT_UP,
    /// Vertex.
    FrontUpRight = DMSTAG_FRONT_UP_RIGHT,
}

/// What must be known when a staggered grid is created; see [`DmStag::builder`].
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
    /// Starts a staggered grid with a box stencil of width 1.
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
    /// Numbers of elements, one for each of the one to three dimensions.
    pub fn sizes(mut self, sizes: impl Into<Vec<usize>>) -> Self {
        self.sizes = sizes.into();
        self
    }

    /// Numbers of unknowns on vertices, then (in two dimensions and three) edges, then (in three)
    /// faces, and last in elements.
    pub fn dof(mut self, dof: impl Into<Vec<usize>>) -> Self {
        self.dof = dof.into();
        self
    }

    /// What lies beyond the ends of each direction: `None`, `Ghosted` or `Periodic`. Default: nothing.
    pub fn boundaries(mut self, boundaries: impl Into<Vec<BoundaryType>>) -> Self {
        self.boundaries = boundaries.into();
        self
    }

    /// To how many elements in each direction the stencil reaches. Default: 1.
    pub fn stencil_width(mut self, width: usize) -> Self {
        self.width = width;
        self
    }

    /// Evenly spaced coordinates: first and last in each direction. Default: no coordinates.
    pub fn uniform_coordinates(mut self, ends: impl Into<Vec<(Real, Real)>>) -> Self {
        self.coordinates = ends.into();
        self
    }

    /// Creates the grid. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a list has not one item for each dimension (unknowns: one more), `ARG_OUTOFRANGE`
    /// for a size of 0, `SUP` for other boundaries.
    #[doc(alias = "DMStagCreate1d")]
    #[doc(alias = "DMStagCreate2d")]
    #[doc(alias = "DMStagCreate3d")]
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
        let grid = grid.into_stag()?;
        if !self.coordinates.is_empty() {
            let end = |d: usize| self.coordinates.get(d).copied().unwrap_or((0.0, 1.0));
            let ((x0, x1), (y0, y1), (z0, z1)) = (end(0), end(1), end(2));
            // SAFETY: a live staggered grid that is set up.
            unsafe {
                call!(DMStagSetUniformCoordinatesExplicit(
                    raw, x0, x1, y0, y1, z0, z1
                ))
            }?;
        }
        Ok(grid)
    }

    fn check(&self, dim: usize) -> Result<()> {
        if !(1..=3).contains(&dim) {
            return Err(Error::new(
                ErrorCode::ARG_SIZ,
                format!("a grid has one to three dimensions, not {dim}"),
            ));
        }
        ffi::same_len("unknowns of vertices to elements", dim + 1, self.dof.len())?;
        if !self.boundaries.is_empty() {
            ffi::same_len("boundaries", dim, self.boundaries.len())?;
        }
        if !self.coordinates.is_empty() {
            ffi::same_len("coordinates", dim, self.coordinates.len())?;
        }
        if self.sizes.contains(&0) || self.dof.iter().all(|&n| n == 0) {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                "there must be elements and unknowns",
            ));
        }
        use BoundaryType::{Ghosted, None, Periodic};
        if let Some(other) = self
            .boundaries
            .iter()
            .find(|b| !matches!(b, None | Ghosted | Periodic))
        {
            return Err(Error::new(
                ErrorCode::SUP,
                format!("staggered grids have no boundary {other:?}"),
            ));
        }
        // With the extra elements of the upper ends, which PETSc does not look at.
        let mut unknowns = self.dof.iter().fold(0_usize, |n, &d| n.saturating_add(d));
        for &size in &self.sizes {
            unknowns = unknowns
                .saturating_mul(size.saturating_add(1))
                .saturating_mul(3);
        }
        ffi::petsc_int(unknowns).map(drop)
    }
}

impl DmStagRef {
    /// The elements that this rank owns, without the extra ones at the upper ends. Not collective.
    ///
    /// # Errors
    /// What `DMStagGetCorners` returns.
    #[doc(alias = "DMStagGetCorners")]
    pub fn corners(&self) -> Result<Corners> {
        let (mut start, mut count, mut extra) = ([0; 3], [0; 3], [0; 3]);
        let [x, y, z] = &mut start;
        let [m, n, p] = &mut count;
        let [ex, ey, ez] = &mut extra;
        // SAFETY: a live staggered grid and valid out-pointers.
        unsafe {
            call!(DMStagGetCorners(
                self.as_ptr(),
                x,
                y,
                z,
                m,
                n,
                p,
                ex,
                ey,
                ez
            ))
        }?;
        self.fill(start, count)
    }

    /// The elements of this rank and the ghost elements around them, the extra ones at the upper ends
    /// included. Not collective.
    ///
    /// # Errors
    /// What `DMStagGetGhostCorners` returns.
    #[doc(alias = "DMStagGetGhostCorners")]
    pub fn ghost_corners(&self) -> Result<Corners> {
        let (mut start, mut count) = ([0; 3], [0; 3]);
        let [x, y, z] = &mut start;
        let [m, n, p] = &mut count;
        // SAFETY: a live staggered grid and valid out-pointers.
        unsafe { call!(DMStagGetGhostCorners(self.as_ptr(), x, y, z, m, n, p)) }?;
        self.fill(start, count)
    }

    /// One layer in the directions that the grid has not.
    fn fill(&self, start: [Int; 3], count: [Int; 3]) -> Result<Corners> {
        let dim = self.dimension()?;
        let mut corners = Corners {
            start: [0; 3],
            end: [1; 3],
        };
        for d in 0..dim.min(3) {
            corners.start[d] = start[d];
            corners.end[d] = start[d] + count[d];
        }
        Ok(corners)
    }

    /// Numbers of elements of the whole grid; 1 beyond the last dimension. Not collective.
    ///
    /// # Errors
    /// What `DMStagGetGlobalSizes` returns.
    #[doc(alias = "DMStagGetGlobalSizes")]
    pub fn sizes(&self) -> Result<[usize; 3]> {
        let mut sizes = [1; 3];
        let [m, n, p] = &mut sizes;
        // SAFETY: a live staggered grid and valid out-pointers.
        unsafe { call!(DMStagGetGlobalSizes(self.as_ptr(), m, n, p)) }?;
        let mut all = [1; 3];
        for d in 0..self.dimension()?.min(3) {
            all[d] = ffi::size(sizes[d])?;
        }
        Ok(all)
    }

    /// Number of unknowns that an element stores: its own and those of its lower sides. Not
    /// collective.
    ///
    /// # Errors
    /// What `DMStagGetEntriesPerElement` returns.
    #[doc(alias = "DMStagGetEntriesPerElement")]
    pub fn entries_per_element(&self) -> Result<usize> {
        let mut n = 0;
        // SAFETY: a live staggered grid and a valid out-pointer.
        unsafe { call!(DMStagGetEntriesPerElement(self.as_ptr(), &raw mut n)) }?;
        ffi::size(n)
    }

    /// Where in an element unknown `component` of a place is stored. For upper sides, such as
    /// [`Location::Right`], the slot is that of the neighbour's lower side, plus the number of
    /// [entries](Self::entries_per_element) between the two elements; ask for
    /// [`Location::Left`] of the next element instead. Not collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there is no such unknown, or the place is on an upper side.
    #[doc(alias = "DMStagGetLocationSlot")]
    pub fn slot(&self, at: Location, component: usize) -> Result<usize> {
        let mut dof = 0;
        // SAFETY: a live staggered grid that is set up and a valid out-pointer.
        unsafe {
            call!(DMStagGetLocationDOF(
                self.as_ptr(),
                at.to_raw(),
                &raw mut dof
            ))
        }?;
        let component = ffi::petsc_int(component)?;
        if component >= dof {
            return Err(no_unknown(at, component, dof));
        }
        let mut slot = 0;
        // SAFETY: a place with that many unknowns (above), a valid out-pointer.
        unsafe {
            call!(DMStagGetLocationSlot(
                self.as_ptr(),
                at.to_raw(),
                component,
                &raw mut slot
            ))
        }?;
        let slot = ffi::size(slot)?;
        if slot < self.entries_per_element()? {
            return Ok(slot);
        }
        Err(Error::new(
            ErrorCode::ARG_OUTOFRANGE,
            format!("{at:?} belongs to the next element: take its lower side"),
        ))
    }

    /// The values of a local vector by element and [slot](Self::slot), for reading:
    /// `u[((i, j), slot)]`. Not collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the vector is no local vector of this grid, `ARG_WRONGSTATE` if the array is
    /// borrowed mutably.
    #[doc(alias = "DMStagVecGetArrayRead")]
    pub fn array<'a>(&self, x: &'a VectorRef) -> Result<StagRead<'a>> {
        let (shape, entries) = self.shape()?;
        let array = x.array()?;
        ffi::same_len("local vector", shape.len() * entries, array.len())?;
        Ok(StagRead {
            array,
            shape,
            entries,
        })
    }

    /// The same for reading and writing.
    ///
    /// # Errors
    /// As [`array`](Self::array); `ARG_WRONGSTATE` if the array is borrowed at all.
    #[doc(alias = "DMStagVecGetArray")]
    pub fn array_mut<'a>(&self, x: &'a mut VectorRef) -> Result<StagMut<'a>> {
        let (shape, entries) = self.shape()?;
        let array = x.array_mut()?;
        ffi::same_len("local vector", shape.len() * entries, array.len())?;
        Ok(StagMut {
            array,
            shape,
            entries,
        })
    }

    fn shape(&self) -> Result<(Shape, usize)> {
        let shape = Shape::new(self.ghost_corners()?, self.dimension()?);
        Ok((shape, self.entries_per_element()?))
    }
}

#[cold]
fn no_unknown(at: Location, component: Int, dof: Int) -> Error {
    Error::new(
        ErrorCode::ARG_OUTOFRANGE,
        format!("there is no unknown {component} at {at:?}, which has {dof}"),
    )
}

#[cold]
#[inline(never)]
#[expect(clippy::panic, reason = "an index out of bounds, as of slices")]
fn outside<P: fmt::Debug>(at: P, slot: usize, entries: usize, corners: Corners) -> ! {
    panic!(
        "slot {slot} of {entries} at {at:?} is outside the elements of this rank: x {:?}, y {:?}, \
         z {:?}",
        corners.x(),
        corners.y(),
        corners.z()
    )
}

/// Values by element and slot, lent for reading; see [`DmStagRef::array`].
pub struct StagRead<'a> {
    array: ArrayRead<'a>,
    shape: Shape,
    entries: usize,
}

/// Values by element and slot, lent for writing; see [`DmStagRef::array_mut`].
pub struct StagMut<'a> {
    array: ArrayMut<'a>,
    shape: Shape,
    entries: usize,
}

/// Place of a value in the array. Panics if it is not there.
#[inline]
fn place<I: GridIndex>(shape: &Shape, entries: usize, at: I, slot: usize) -> usize {
    match at.place(shape) {
        Some(element) if slot < entries => element * entries + slot,
        _ => outside(at, slot, entries, shape.corners),
    }
}

impl<I: GridIndex> Index<(I, usize)> for StagRead<'_> {
    type Output = Scalar;

    #[inline]
    fn index(&self, (at, slot): (I, usize)) -> &Scalar {
        &self.array[place(&self.shape, self.entries, at, slot)]
    }
}

impl<I: GridIndex> Index<(I, usize)> for StagMut<'_> {
    type Output = Scalar;

    #[inline]
    fn index(&self, (at, slot): (I, usize)) -> &Scalar {
        &self.array[place(&self.shape, self.entries, at, slot)]
    }
}

impl<I: GridIndex> IndexMut<(I, usize)> for StagMut<'_> {
    #[inline]
    fn index_mut(&mut self, (at, slot): (I, usize)) -> &mut Scalar {
        let place = place(&self.shape, self.entries, at, slot);
        &mut self.array[place]
    }
}

impl fmt::Debug for StagRead<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StagRead")
            .field("corners", &self.shape.corners)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for StagMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StagMut")
            .field("corners", &self.shape.corners)
            .finish_non_exhaustive()
    }
}
