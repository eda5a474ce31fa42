//! Topology of a mesh: points, cones, supports and closures.

use std::ops::Range;
use std::ptr;

use petsc_macros::{getter, setting, wraps};

use super::{CellType, DmPlexRef};
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::range::out_of_range;
use crate::{Int, Real, call, ffi, get, get_raw, sys};

c_enum! {
    /// Whether a mesh has all, some or no edges and faces. See [`DmPlexRef::interpolated`].
    #[doc(alias = "DMPlexInterpolatedFlag")]
    Interpolated of DMPlexInterpolatedFlag;
    /// None: only cells and vertices.
    None = DMPLEX_INTERPOLATED_NONE,
    /// Some edges and faces.
    Partial = DMPLEX_INTERPOLATED_PARTIAL,
    /// Not the same on all ranks.
    Mixed = DMPLEX_INTERPOLATED_MIXED,
    /// All edges and faces.
    Full = DMPLEX_INTERPOLATED_FULL,
}

/// A function of PETSc that finds points in common.
type Common = unsafe extern "C" fn(
    sys::DM,
    Int,
    *const Int,
    *mut Int,
    *mut *const Int,
) -> sys::PetscErrorCode;

impl DmPlexRef {
    /// Returns the range of the points of this rank.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::dm::DmPlex;
    /// let mesh = DmPlex::box_mesh(comm, [2, 2]).build()?;
    /// let points = mesh.points()?;
    /// assert!(mesh.cells()?.chain(mesh.vertices()?).all(|point| points.contains(&point)));
    /// # Ok(()) })
    /// ```
    #[wraps(DMPlexGetChart, not_collective)]
    pub fn points(&self) -> Result<Range<Int>> {
        // SAFETY: a live mesh.
        let (start, end) = unsafe { get_raw!(DMPlexGetChart(self.as_ptr(), _, _)) }?;
        Ok(start..end)
    }

    /// Returns the largest depth on this rank.
    ///
    /// The depth is the dimension of the cells if the mesh has edges and faces, 1 if it has only
    /// cells and vertices, and -1 on a rank without points.
    #[wraps(DMPlexGetDepth, not_collective)]
    pub fn depth(&self) -> Result<Int> {
        // SAFETY: a live mesh.
        unsafe { get_raw!(DMPlexGetDepth(self.as_ptr(), _)) }
    }

    /// Returns the points of a depth: 0 for vertices, 1 for edges, and so on. The range may be
    /// empty.
    #[wraps(DMPlexGetDepthStratum, not_collective)]
    pub fn points_of_depth(&self, depth: usize) -> Result<Range<Int>> {
        let depth = ffi::petsc_int(depth)?;
        if depth > self.depth()? {
            return Ok(0..0);
        }
        // SAFETY: a live mesh that is that deep (above).
        let (start, end) = unsafe { get_raw!(DMPlexGetDepthStratum(self.as_ptr(), depth, _, _)) }?;
        Ok(start..end)
    }

    /// Returns the points of a height: 0 for cells, 1 for the faces between them, and so on. The
    /// range may be empty.
    #[wraps(DMPlexGetHeightStratum, not_collective)]
    pub fn points_of_height(&self, height: usize) -> Result<Range<Int>> {
        let height = ffi::petsc_int(height)?;
        if height > self.depth()? {
            return Ok(0..0);
        }
        // SAFETY: a live mesh that is that high (above).
        let (start, end) =
            unsafe { get_raw!(DMPlexGetHeightStratum(self.as_ptr(), height, _, _)) }?;
        Ok(start..end)
    }

    /// Returns the cells of this rank, including those of the overlap. Not collective.
    ///
    /// # Errors
    /// See [`points_of_height`](Self::points_of_height).
    pub fn cells(&self) -> Result<Range<Int>> {
        crate::not_collective!();
        self.points_of_height(0)
    }

    /// Returns the faces between the cells: vertices in one dimension, edges in two. In a mesh with
    /// only cells and vertices, returns the vertices. Not collective.
    ///
    /// # Errors
    /// See [`points_of_height`](Self::points_of_height).
    pub fn faces(&self) -> Result<Range<Int>> {
        crate::not_collective!();
        self.points_of_height(1)
    }

    /// Returns the vertices. Not collective.
    ///
    /// # Errors
    /// See [`points_of_depth`](Self::points_of_depth).
    pub fn vertices(&self) -> Result<Range<Int>> {
        crate::not_collective!();
        self.points_of_depth(0)
    }

    /// Returns the cone of a point: the points that bound it. Their order defines the orientation
    /// of the point.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point does not exist.
    #[wraps(DMPlexGetCone, DMPlexGetConeSize, not_collective)]
    pub fn cone(&self, point: Int) -> Result<&[Int]> {
        self.check_point(point)?;
        // SAFETY: a live mesh that has this point (above).
        let size = unsafe { get_raw!(DMPlexGetConeSize(self.as_ptr(), point, _)) }?;
        // SAFETY: as above.
        let list = unsafe { get_raw!(DMPlexGetCone(self.as_ptr(), point, _)) }?;
        // SAFETY: `size` points that the mesh keeps and no safe code changes: its points are set at creation.
        Ok(unsafe { ffi::slice(list, ffi::size(size)?) })
    }

    /// Returns the orientations of the points of the [cone](Self::cone) relative to this point. A
    /// negative orientation means that a face is reversed: its
    /// [normal](super::PointGeometry::normal) points into the cell.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point does not exist.
    #[wraps(DMPlexGetConeOrientation, not_collective)]
    pub fn cone_orientation(&self, point: Int) -> Result<&[Int]> {
        let size = self.cone(point)?.len();
        // SAFETY: a live mesh that has this point (`cone`).
        let list = unsafe { get_raw!(DMPlexGetConeOrientation(self.as_ptr(), point, _)) }?;
        // SAFETY: a number for each point of the cone, as there.
        Ok(unsafe { ffi::slice(list, size) })
    }

    /// Returns the support of a point: the points that it bounds.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point does not exist.
    #[wraps(DMPlexGetSupport, DMPlexGetSupportSize, not_collective)]
    pub fn support(&self, point: Int) -> Result<&[Int]> {
        self.check_point(point)?;
        // SAFETY: a live mesh that has this point (above).
        let size = unsafe { get_raw!(DMPlexGetSupportSize(self.as_ptr(), point, _)) }?;
        // SAFETY: as above.
        let list = unsafe { get_raw!(DMPlexGetSupport(self.as_ptr(), point, _)) }?;
        // SAFETY: as for the cone.
        Ok(unsafe { ffi::slice(list, ffi::size(size)?) })
    }

    /// Returns the transitive closure of a point: the point itself first, then the points that
    /// bound it, down to the vertices, in the order of the cell.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point does not exist.
    ///
    /// # Examples
    /// A triangle, its three edges and three corners:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::dm::DmPlex;
    /// let mesh = DmPlex::box_mesh(comm, [2, 2]).build()?;
    /// for cell in mesh.cells()? {
    ///     let around = mesh.closure(cell)?;
    ///     assert_eq!((around[0], around.len()), (cell, 7));
    ///     assert!(around[4..].iter().all(|p| mesh.vertices().is_ok_and(|all| all.contains(p))));
    /// }
    /// # Ok(()) })
    /// ```
    #[wraps(DMPlexGetTransitiveClosure, not_collective)]
    pub fn closure(&self, point: Int) -> Result<Vec<Int>> {
        self.transitive(point, true)
    }

    /// Returns the star of a point: the point and all points that it bounds, up to the cells.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point does not exist.
    #[wraps(DMPlexGetTransitiveClosure, not_collective)]
    pub fn star(&self, point: Int) -> Result<Vec<Int>> {
        self.transitive(point, false)
    }

    fn transitive(&self, point: Int, down: bool) -> Result<Vec<Int>> {
        self.check_point(point)?;
        let down = ffi::raw_bool(down);
        // SAFETY: a live mesh that has this point (above); a NULL array is made by PETSc.
        let (mut size, mut points) =
            unsafe { get_raw!(DMPlexGetTransitiveClosure(self.as_ptr(), point, down, _, _)) }?;
        // Pairs of a point and its orientation.
        // SAFETY: `size` pairs that PETSc lends until they are given back below.
        let pairs: &[[Int; 2]] = unsafe { ffi::slice(points.cast(), ffi::size(size)?) };
        let found = pairs.iter().map(|&[point, _]| point).collect();
        // SAFETY: the array of the call above, which nobody uses any more.
        unsafe {
            call!(DMPlexRestoreTransitiveClosure(
                self.as_ptr(),
                point,
                down,
                &raw mut size,
                &raw mut points
            ))
        }?;
        Ok(found)
    }

    /// Returns the points that lie in the [support](Self::support) of each of the given points.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if a point does not exist, or if the list is empty.
    ///
    /// # Examples
    /// The edge between two vertices of a triangle:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::dm::DmPlex;
    /// let mesh = DmPlex::box_mesh(comm, [2, 2]).build()?;
    /// for edge in mesh.faces()? {
    ///     assert_eq!(mesh.join(mesh.cone(edge)?)?, [edge]);
    /// }
    /// # Ok(()) })
    /// ```
    #[wraps(DMPlexGetJoin, DMPlexRestoreJoin, not_collective)]
    pub fn join(&self, points: &[Int]) -> Result<Vec<Int>> {
        self.common(points, "DMPlexGetJoin", sys::DMPlexGetJoin)
    }

    /// Of the points that lie in the [star](Self::star) of each of the given points, returns those
    /// with the smallest depth. If the given points are all the vertices of one cell, the result is
    /// that cell.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if a point does not exist, or if the list is empty.
    #[wraps(DMPlexGetFullJoin, not_collective)]
    pub fn full_join(&self, points: &[Int]) -> Result<Vec<Int>> {
        self.common(points, "DMPlexGetFullJoin", sys::DMPlexGetFullJoin)
    }

    /// Returns the points that lie in the [cone](Self::cone) of each of the given points. If
    /// these are two adjacent cells, the result is the face between them.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if a point does not exist, or if the list is empty.
    #[wraps(DMPlexGetMeet, DMPlexRestoreMeet, not_collective)]
    pub fn meet(&self, points: &[Int]) -> Result<Vec<Int>> {
        self.common(points, "DMPlexGetMeet", sys::DMPlexGetMeet)
    }

    /// Calls a function for points in common, whose result is a work array of the mesh.
    fn common(&self, points: &[Int], name: &'static str, find: Common) -> Result<Vec<Int>> {
        if points.is_empty() {
            return Err(out_of_range("a join or meet needs at least one point"));
        }
        points.iter().try_for_each(|&point| self.check_point(point))?;
        let (n, list) = (ffi::petsc_int(points.len())?, points.as_ptr());
        let (mut size, mut found) = (0, ptr::null());
        // SAFETY: a live mesh with `n` points (above), and valid out-pointers.
        let code = unsafe { find(self.as_ptr(), n, list, &raw mut size, &raw mut found) };
        ffi::check_of(self, name, code)?;
        // SAFETY: `size` points, which the mesh lends until they are restored below.
        let copy = unsafe { ffi::slice(found, ffi::size(size)?) }.to_vec();
        let (dm, none) = (self.as_ptr(), ptr::null_mut());
        // SAFETY: the array of the call above, which nobody uses any more. Both kinds are restored
        // alike.
        unsafe { call!(DMPlexRestoreJoin(dm, n, list, none, &raw mut found)) }?;
        Ok(copy)
    }

    /// Returns the depth of a point, 0 for a vertex.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point does not exist.
    #[wraps(DMPlexGetPointDepth, not_collective)]
    pub fn point_depth(&self, point: Int) -> Result<usize> {
        self.check_point(point)?;
        // SAFETY: a live mesh that has this point (above).
        ffi::size(unsafe { get_raw!(DMPlexGetPointDepth(self.as_ptr(), point, _)) }?)
    }

    /// Returns the height of a point, 0 for a cell.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point does not exist.
    #[wraps(DMPlexGetPointHeight, not_collective)]
    pub fn point_height(&self, point: Int) -> Result<usize> {
        self.check_point(point)?;
        // SAFETY: a live mesh that has this point (above).
        ffi::size(unsafe { get_raw!(DMPlexGetPointHeight(self.as_ptr(), point, _)) }?)
    }

    /// Returns whether both meshes have the same points, cones and orientations on this rank.
    #[wraps(DMPlexEqual, not_collective)]
    pub fn has_same_topology(&self, other: &Self) -> Result<bool> {
        // SAFETY: live meshes.
        unsafe { get!(DMPlexEqual(self.as_ptr(), other.as_ptr(), _)) }
    }

    /// Returns whether more than one rank has points. Collective.
    #[wraps(DMPlexIsDistributed)]
    pub fn is_distributed(&self) -> Result<bool> {
        // SAFETY: a live mesh.
        unsafe { get!(DMPlexIsDistributed(self.as_ptr(), _)) }
    }

    /// Returns whether the local mesh has all, some or no edges and faces.
    #[getter(DMPlexIsInterpolated)]
    pub fn interpolated() -> Interpolated;

    /// The volume above which mesh generators refine a cell; negative for no limit.
    #[setting(DMPlexSetRefinementLimit, DMPlexGetRefinementLimit)]
    #[option("-dm_refine_volume_limit", default = "-1")]
    pub fn set_refinement_limit(refinement_limit: Real);

    /// The smallest distance between the centroid of a cell and one of its faces, for finite
    /// volumes.
    #[setting(DMPlexSetMinRadius, DMPlexGetMinRadius)]
    pub fn set_min_radius(min_radius: Real);

    /// Returns the type of a point.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point does not exist; `SUP` for a type of a newer release of PETSc.
    #[wraps(DMPlexGetCellType, not_collective)]
    pub fn cell_type(&self, point: Int) -> Result<CellType> {
        self.check_point(point)?;
        let mut kind: sys::DMPolytopeType = sys::DM_POLYTOPE_UNKNOWN;
        // SAFETY: a live mesh that has this point (above) and a valid out-pointer.
        unsafe { call!(DMPlexGetCellType(self.as_ptr(), point, &raw mut kind)) }?;
        kind.try_into()
    }

    /// Returns the overlap: the number of layers of cells of other ranks that a rank has around its
    /// own cells.
    #[getter(DMPlexGetOverlap)]
    pub fn overlap() -> usize;

    /// Returns whether the cells are simplices, according to the first cell of this rank.
    #[getter(DMPlexIsSimplex)]
    pub fn is_simplex() -> bool;

    /// Whether the distribution balances the ownership of shared points among the ranks.
    #[setting(DMPlexSetPartitionBalance, DMPlexGetPartitionBalance)]
    #[option("-dm_plex_partition_balance", default = "false")]
    pub fn set_partition_balance(partition_balance: bool);

    /// Checks the mesh: consistency of cones and supports, faces with more than two cells, inverted
    /// cells. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the mesh has no coordinates (before PETSc 3.19); the errors of
    /// `DMPlexCheck`, possibly on some ranks only.
    #[wraps(DMPlexCheck)]
    pub fn check(&self) -> Result<()> {
        if cfg!(not(petsc_ge_3_19)) {
            self.check_coordinates()?;
        }
        // SAFETY: a live mesh, which has coordinates (above) where C does not check this.
        unsafe { call!(DMPlexCheck(self.as_ptr())) }
    }

    /// For a point that does not exist, optimized PETSc reads outside its tables.
    pub(super) fn check_point(&self, point: Int) -> Result<()> {
        let points = self.points()?;
        if points.contains(&point) {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_OUTOFRANGE,
            format!(
                "point {point} does not exist on this rank, which has {}..{}",
                points.start, points.end
            ),
        ))
    }
}
