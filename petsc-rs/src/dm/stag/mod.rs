//! Staggered grids: unknowns on vertices, edges, faces and elements (`DMStag` in C).

mod builder;

pub use builder::DmStagBuilder;

use petsc_macros::{getter, wraps};

use super::BoundaryType;
use super::dmda::{Corners, Shape};
use super::slots::{SlotMut, SlotRead};
use super::types::dm_kind;
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Int, ffi, get_raw, sys};

dm_kind! {
    /// A staggered grid of one to three dimensions. Each element stores its own unknowns and those
    /// of its lower sides, so each direction that is not periodic has an extra element at its upper
    /// end. All indices are indices of elements.
    ///
    /// # Examples
    /// Pressures in elements and velocities on the faces between them:
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
    ///
    /// # See also
    /// [`Dmda`](crate::Dmda) (all unknowns at the same points),
    /// [`DmComposite`](super::DmComposite).
    #[wraps(DMSTAG)]
    DmStag,
    /// A borrowed [`DmStag`].
    DmStagRef,
    c"stag",
    as_stag,
    into_stag,
}

c_enum! {
    /// A location in an element: its interior, or one of its vertices, edges and faces. In one
    /// dimension, only [`Left`](Self::Left), [`Element`](Self::Element) and [`Right`](Self::Right)
    /// exist; in two dimensions, the locations whose names contain `Back` or `Front` do not exist.
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
    /// The interior of the element.
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
    /// Returns the elements that this rank owns, without the extra elements at the upper ends.
    ///
    /// # Examples
    /// See [`DmStag`].
    #[wraps(DMStagGetCorners, not_collective)]
    pub fn corners(&self) -> Result<Corners> {
        let dm = self.as_ptr();
        // SAFETY: a live staggered grid.
        let (x, y, z, m, n, p, ..) =
            unsafe { get_raw!(DMStagGetCorners(dm, _, _, _, _, _, _, _, _, _)) }?;
        self.fill([x, y, z], [m, n, p])
    }

    /// Returns the elements of this rank and the ghost elements around them, including the extra
    /// elements at the upper ends.
    #[wraps(DMStagGetGhostCorners, not_collective)]
    pub fn ghost_corners(&self) -> Result<Corners> {
        let dm = self.as_ptr();
        // SAFETY: a live staggered grid.
        let (x, y, z, m, n, p) = unsafe { get_raw!(DMStagGetGhostCorners(dm, _, _, _, _, _, _)) }?;
        self.fill([x, y, z], [m, n, p])
    }

    /// Uses one layer of elements in unused dimensions.
    fn fill(&self, start: [Int; 3], count: [Int; 3]) -> Result<Corners> {
        let dim = self.dimension()?;
        let mut corners = Corners { start: [0; 3], end: [1; 3] };
        for d in 0..dim.min(3) {
            corners.start[d] = start[d];
            corners.end[d] = start[d] + count[d];
        }
        Ok(corners)
    }

    /// Returns the global numbers of elements; 1 in unused dimensions.
    #[wraps(DMStagGetGlobalSizes, not_collective)]
    pub fn sizes(&self) -> Result<[usize; 3]> {
        // SAFETY: a live staggered grid.
        self.used(unsafe { get_raw!(DMStagGetGlobalSizes(self.as_ptr(), _, _, _)) }?)
    }

    /// Returns the numbers of elements of this rank, without the extra elements at the upper ends;
    /// 1 in unused dimensions.
    #[wraps(DMStagGetLocalSizes, not_collective)]
    pub fn local_sizes(&self) -> Result<[usize; 3]> {
        // SAFETY: a live staggered grid.
        self.used(unsafe { get_raw!(DMStagGetLocalSizes(self.as_ptr(), _, _, _)) }?)
    }

    /// Returns the numbers of ranks in each direction; 1 in unused dimensions.
    #[wraps(DMStagGetNumRanks, not_collective)]
    pub fn rank_counts(&self) -> Result<[usize; 3]> {
        // SAFETY: a live staggered grid.
        self.used(unsafe { get_raw!(DMStagGetNumRanks(self.as_ptr(), _, _, _)) }?)
    }

    /// Replaces the numbers of unused dimensions by 1.
    fn used(&self, (m, n, p): (Int, Int, Int)) -> Result<[usize; 3]> {
        let mut all = [1; 3];
        for (to, from) in all.iter_mut().zip([m, n, p]).take(self.dimension()?) {
            *to = ffi::size(from)?;
        }
        Ok(all)
    }

    /// Returns, for each direction, the numbers of elements of the ranks in this direction; an
    /// empty list in unused dimensions.
    #[wraps(DMStagGetOwnershipRanges, not_collective)]
    pub fn ownership_ranges(&self) -> Result<[Vec<usize>; 3]> {
        // SAFETY: a live staggered grid.
        let (x, y, z) = unsafe { get_raw!(DMStagGetOwnershipRanges(self.as_ptr(), _, _, _)) }?;
        let mut ranges = [const { Vec::new() }; 3];
        let lists = [x, y, z].into_iter().zip(self.rank_counts()?);
        for (to, (list, n)) in ranges.iter_mut().zip(lists).take(self.dimension()?) {
            // SAFETY: PETSc stores a number for each rank of this direction.
            let list: &[Int] = unsafe { ffi::slice(list, n) };
            *to = list.iter().map(|&n| ffi::size(n)).collect::<Result<_>>()?;
        }
        Ok(ranges)
    }

    /// Returns the numbers of unknowns on each vertex, edge, face and element in three dimensions;
    /// vertex, edge and element in two; vertex and element in one. The remaining numbers are 0.
    #[getter(DMStagGetDOF)]
    pub fn dofs() -> (usize, usize, usize, usize);

    /// Returns the boundary type of each direction.
    #[getter(DMStagGetBoundaryTypes)]
    pub fn boundaries() -> (BoundaryType, BoundaryType, BoundaryType);

    /// Returns, for each direction, whether this rank has the first elements.
    #[getter(DMStagGetIsFirstRank)]
    pub fn is_first_rank() -> (bool, bool, bool);

    /// Returns, for each direction, whether this rank has the last elements.
    #[getter(DMStagGetIsLastRank)]
    pub fn is_last_rank() -> (bool, bool, bool);

    /// Returns the number of unknowns that an element stores: its own and those of its lower sides.
    #[getter(DMStagGetEntriesPerElement)]
    pub fn entries_per_element() -> usize;

    /// Returns the number of unknowns of this rank.
    #[getter(DMStagGetEntries)]
    pub fn entries() -> usize;

    /// Returns the number of unknowns of this rank, including those of ghost elements.
    #[getter(DMStagGetEntriesLocal)]
    pub fn local_entries() -> usize;

    /// Returns the width of the stencil in elements.
    #[getter(DMStagGetStencilWidth)]
    pub fn stencil_width() -> usize;

    /// Returns the slot of unknown `component` of a location: its position among the entries of an
    /// element.
    ///
    /// An upper side, such as [`Location::Right`], belongs to the next element: use the
    /// corresponding lower side ([`Location::Left`]) of that element.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there is no such unknown, or the location is on an upper side.
    #[wraps(DMStagGetLocationSlot, DMStagGetLocationDOF, not_collective)]
    pub fn slot(&self, at: Location, component: usize) -> Result<usize> {
        // SAFETY: a live staggered grid that is set up.
        let dof = unsafe { get_raw!(DMStagGetLocationDOF(self.as_ptr(), at.to_raw(), _)) }?;
        let component = ffi::petsc_int(component)?;
        if component >= dof {
            return Err(no_unknown(at, component, dof));
        }
        let (dm, place) = (self.as_ptr(), at.to_raw());
        // SAFETY: a place with that many unknowns (above).
        let slot = unsafe { get_raw!(DMStagGetLocationSlot(dm, place, component, _)) }?;
        let slot = ffi::size(slot)?;
        if slot < self.entries_per_element()? {
            return Ok(slot);
        }
        let text = format!("{at:?} belongs to the next element: use its lower side");
        Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text))
    }

    /// Lends the values of a local vector for reading, by element and [slot](Self::slot):
    /// `u[((i, j), slot)]`.
    ///
    /// # Errors
    /// `ARG_SIZ` if the vector does not have the length of a local vector of this DM;
    /// `ARG_WRONGSTATE` if the array is borrowed mutably.
    #[wraps(DMStagVecGetArrayRead, not_collective)]
    pub fn array<'a>(&self, x: &'a VectorRef) -> Result<SlotRead<'a>> {
        let (shape, entries) = self.shape()?;
        let array = x.array()?;
        ffi::same_len("length of the local vector", shape.len() * entries, array.len())?;
        Ok(SlotRead { array, shape, entries })
    }

    /// Lends the values of a local vector for reading and writing. See [`array`](Self::array).
    ///
    /// # Errors
    /// See [`array`](Self::array); `ARG_WRONGSTATE` if the array is borrowed.
    ///
    /// # Examples
    /// See [`DmStag`].
    #[wraps(DMStagVecGetArray, not_collective)]
    pub fn array_mut<'a>(&self, x: &'a mut VectorRef) -> Result<SlotMut<'a>> {
        let (shape, entries) = self.shape()?;
        let array = x.array_mut()?;
        ffi::same_len("length of the local vector", shape.len() * entries, array.len())?;
        Ok(SlotMut { array, shape, entries })
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
        format!("unknown {component} does not exist at {at:?}, which has {dof} unknowns"),
    )
}
