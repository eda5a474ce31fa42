//! Geometry of the points of a mesh: volumes, centroids, normals, coordinates.

use std::ptr;

use petsc_macros::{getter, wraps};

use super::{CellType, DmPlexRef};
use crate::error::{Error, ErrorCode, Result};
use crate::scalar::ScalarExt as _;
use crate::vector::VectorRef;
use crate::{Int, Real, Scalar, call, ffi, get_raw};

/// Volume, centroid and normal of a cell or face. See [`DmPlexRef::geometry`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PointGeometry {
    /// Length, area or volume.
    pub volume: Real,
    /// Center of mass.
    pub centroid: [Real; 3],
    /// Unit normal of a point of codimension one, zero for other points. The order of the corners
    /// determines the direction of the normal. The
    /// [`cone_orientation`](DmPlexRef::cone_orientation) of a cell determines whether the normal
    /// points out of the cell.
    pub normal: [Real; 3],
}

/// Affine map from the reference cell, with corners at -1 and 1, to a cell:
/// `x = origin + jacobian·(ξ + 1)`. See [`DmPlexRef::affine_map`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AffineMap {
    /// Coordinates of the first corner.
    pub origin: [Real; 3],
    /// `∂xᵢ/∂ξⱼ` at `[i][j]`; zero beyond the dimension of the space.
    pub jacobian: [[Real; 3]; 3],
    /// `∂ξᵢ/∂xⱼ` at `[i][j]`; zero beyond the dimension of the space.
    pub inverse: [[Real; 3]; 3],
    /// Determinant of the Jacobian.
    pub determinant: Real,
}

impl DmPlexRef {
    /// Returns the number of coordinates of a vertex.
    #[getter(DMGetCoordinateDim)]
    pub fn coordinate_dimension() -> usize;

    /// Computes the volume and centroid of a cell or face, and the normal of a face.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point does not exist; `ARG_WRONGSTATE` if the mesh has no
    /// coordinates, or their array is borrowed mutably; `SUP` for cell types whose volume PETSc
    /// does not compute, for curved cells, and for the faces and edges of a periodic mesh.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::dm::DmPlex;
    /// let mesh = DmPlex::box_mesh(comm, [3, 2]).upper([3.0, 2.0]).build()?;
    /// for cell in mesh.cells()? {
    ///     assert!((mesh.geometry(cell)?.volume - 0.5).abs() < 1e-12);
    /// }
    /// # Ok(()) })
    /// ```
    #[wraps(DMPlexComputeCellGeometryFVM, not_collective)]
    pub fn geometry(&self, point: Int) -> Result<PointGeometry> {
        self.check_corners(point)?;
        let (mut volume, mut centroid, mut normal) = (0.0, [0.0; 3], [0.0; 3]);
        // Points of codimension one have a normal; that of a vertex is that of its segment.
        let dim = self.cell_type(point)?.dimension().unwrap_or_default();
        let face = self.coordinate_dimension()? == dim + 1
            && (dim > 0 || !self.support(point)?.is_empty());
        let out = if face { normal.as_mut_ptr() } else { ptr::null_mut() };
        // SAFETY: a live mesh with coordinates in at most three dimensions that has this point (above), room for
        // three numbers each.
        unsafe {
            call!(DMPlexComputeCellGeometryFVM(
                self.as_ptr(),
                point,
                &raw mut volume,
                centroid.as_mut_ptr(),
                out
            ))
        }?;
        Ok(PointGeometry { volume, centroid, normal })
    }

    /// Computes the affine map from the reference cell to a cell with straight sides: a segment,
    /// triangle or tetrahedron.
    ///
    /// For a quadrilateral or hexahedron, the first corner and the corners adjacent to it determine
    /// the map.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point does not exist; `ARG_WRONGSTATE` if the mesh has no
    /// coordinates; `SUP` for a point with fewer dimensions than the space, or for a cell type
    /// without such a map.
    #[wraps(DMPlexComputeCellGeometryAffineFEM, not_collective)]
    pub fn affine_map(&self, cell: Int) -> Result<AffineMap> {
        self.check_corners(cell)?;
        let dim = self.coordinate_dimension()?;
        let simple = matches!(
            self.cell_type(cell)?,
            CellType::Segment
                | CellType::Triangle
                | CellType::Quadrilateral
                | CellType::Tetrahedron
                | CellType::Hexahedron
        );
        if !simple || self.cell_type(cell)?.dimension() != Some(dim) {
            let text = format!("point {cell} is not a cell with an affine map to the whole space");
            return Err(Error::new(ErrorCode::SUP, text));
        }
        let (mut origin, mut determinant) = ([0.0; 3], 0.0);
        let (mut jacobian, mut inverse) = ([0.0; 9], [0.0; 9]);
        // SAFETY: a live mesh with coordinates in at most three dimensions that has this cell (above), room for three
        // or nine numbers each.
        unsafe {
            call!(DMPlexComputeCellGeometryAffineFEM(
                self.as_ptr(),
                cell,
                origin.as_mut_ptr(),
                jacobian.as_mut_ptr(),
                inverse.as_mut_ptr(),
                &raw mut determinant
            ))
        }?;
        Ok(AffineMap {
            origin,
            jacobian: square(&jacobian, dim),
            inverse: square(&inverse, dim),
            determinant,
        })
    }

    /// Returns the coordinates of the corners of a point, in the order of its
    /// [closure](Self::closure).
    ///
    /// For higher-order meshes, the result also contains the points between the corners. For a cell
    /// across a periodic boundary, the coordinates do not jump by a period.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point does not exist; `ARG_WRONGSTATE` if the mesh has no
    /// coordinates, or their array is borrowed mutably; `SUP` for the faces and edges of a periodic
    /// mesh.
    #[wraps(DMPlexGetCellCoordinates, DMPlexRestoreCellCoordinates, not_collective)]
    pub fn cell_coordinates(&self, point: Int) -> Result<Vec<[Real; 3]>> {
        self.check_coordinates_of(point)?;
        let dim = self.coordinate_dimension()?;
        let mut own = ffi::raw_bool(false);
        // SAFETY: a live mesh with coordinates that nobody writes and that has this point (above),
        // With NULL, PETSc allocates the arrays.
        let (mut n, mut array, mut values) = unsafe {
            get_raw!(DMPlexGetCellCoordinates(self.as_ptr(), point, &raw mut own, _, _, _))
        }?;
        // SAFETY: `n` numbers that PETSc lends until they are given back below.
        let numbers: &[Scalar] = unsafe { ffi::slice(values, ffi::size(n)?) };
        let corners = numbers.chunks_exact(dim).map(|corner| {
            let mut place = [0.0; 3];
            for (to, from) in place.iter_mut().zip(corner) {
                *to = from.real();
            }
            place
        });
        let corners = corners.collect();
        // SAFETY: the arrays of the call above, which nobody uses any more.
        unsafe {
            call!(DMPlexRestoreCellCoordinates(
                self.as_ptr(),
                point,
                &raw mut own,
                &raw mut n,
                &raw mut array,
                &raw mut values
            ))
        }?;
        Ok(corners)
    }

    /// Optimized PETSc reads the number of corners of the cell type without a check. There are
    /// fewer coordinates if corners coincide, and more if there are points between them.
    fn check_corners(&self, point: Int) -> Result<()> {
        let corners = self.cell_coordinates(point)?.len();
        if self.cell_type(point)?.corners() == Some(corners) {
            return Ok(());
        }
        let text = format!("point {point} has no geometry: its corners have {corners} coordinates");
        Err(Error::new(ErrorCode::SUP, text))
    }

    /// Returns whether the mesh is periodic in any direction.
    #[wraps(DMGetPeriodicity, not_collective)]
    pub fn is_periodic(&self) -> Result<bool> {
        // SAFETY: a live mesh.
        let (_, _, length) = unsafe { get_raw!(DMGetPeriodicity(self.as_ptr(), _, _, _)) }?;
        Ok(!length.is_null())
    }

    /// Optimized PETSc reads coordinates without checking that they exist.
    fn check_coordinates_of(&self, point: Int) -> Result<()> {
        self.check_point(point)?;
        // SAFETY: a live mesh.
        let local = unsafe { get_raw!(DMGetCoordinatesLocalNoncollective(self.as_ptr(), _)) }?;
        if local.is_null() {
            let text = "the mesh has no coordinates";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        // SAFETY: the vector of coordinates, which the mesh keeps.
        unsafe { VectorRef::from_ptr(local) }.check_readable()?;
        if self.is_periodic()?
            && !self.cells()?.contains(&point)
            && !self.vertices()?.contains(&point)
        {
            return Err(Error::new(
                ErrorCode::SUP,
                "in a periodic mesh, only cells and vertices have geometry: a face may cross the periodic boundary",
            ));
        }
        let dim = self.coordinate_dimension()?;
        if (1..=3).contains(&dim) {
            return Ok(());
        }
        let text = format!("vertices with {dim} coordinates are not supported");
        Err(Error::new(ErrorCode::SUP, text))
    }
}

/// Returns the first `dim`² numbers, row by row.
fn square(numbers: &[Real; 9], dim: usize) -> [[Real; 3]; 3] {
    let mut rows = [[0.0; 3]; 3];
    for i in 0..dim {
        rows[i][..dim].copy_from_slice(&numbers[i * dim..(i + 1) * dim]);
    }
    rows
}
