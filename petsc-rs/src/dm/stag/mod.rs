//! Staggered grids: unknowns on vertices, edges, faces and in cells (`DMStag` in C).

mod builder;

pub use builder::DmStagBuilder;

use petsc_macros::{getter, wraps};

use super::dmda::{Corners, Shape};
use super::slots::{SlotMut, SlotRead};
use super::types::dm_kind;
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Int, call, ffi, sys};

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
    #[wraps(DMSTAG)]
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

impl DmStagRef {
    /// The elements that this rank owns, without the extra ones at the upper ends. Not collective.
    ///
    /// # Errors
    /// What `DMStagGetCorners` returns.
    #[wraps(DMStagGetCorners)]
    pub fn corners(&self) -> Result<Corners> {
        crate::not_collective!();
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
    #[wraps(DMStagGetGhostCorners)]
    pub fn ghost_corners(&self) -> Result<Corners> {
        crate::not_collective!();
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
    #[wraps(DMStagGetGlobalSizes)]
    pub fn sizes(&self) -> Result<[usize; 3]> {
        crate::not_collective!();
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

    /// Number of unknowns that an element stores: its own and those of its lower sides.
    #[getter(DMStagGetEntriesPerElement)]
    pub fn entries_per_element() -> usize;

    /// Where in an element unknown `component` of a place is stored. For upper sides, such as
    /// [`Location::Right`], the slot is that of the neighbour's lower side, plus the number of
    /// [entries](Self::entries_per_element) between the two elements; ask for
    /// [`Location::Left`] of the next element instead. Not collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there is no such unknown, or the place is on an upper side.
    #[wraps(DMStagGetLocationSlot, DMStagGetLocationDOF)]
    pub fn slot(&self, at: Location, component: usize) -> Result<usize> {
        crate::not_collective!();
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
    #[wraps(DMStagVecGetArrayRead)]
    pub fn array<'a>(&self, x: &'a VectorRef) -> Result<SlotRead<'a>> {
        crate::not_collective!();
        let (shape, entries) = self.shape()?;
        let array = x.array()?;
        ffi::same_len("local vector", shape.len() * entries, array.len())?;
        Ok(SlotRead {
            array,
            shape,
            entries,
        })
    }

    /// The same for reading and writing. Not collective.
    ///
    /// # Errors
    /// As [`array`](Self::array); `ARG_WRONGSTATE` if the array is borrowed at all.
    #[wraps(DMStagVecGetArray)]
    pub fn array_mut<'a>(&self, x: &'a mut VectorRef) -> Result<SlotMut<'a>> {
        crate::not_collective!();
        let (shape, entries) = self.shape()?;
        let array = x.array_mut()?;
        ffi::same_len("local vector", shape.len() * entries, array.len())?;
        Ok(SlotMut {
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
