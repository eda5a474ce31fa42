//! Coordinates of the points of a DM.

use petsc_macros::wraps;

use super::{BoundaryType, Dm, DmRef, Dmda, DmdaRef};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::{Vector, VectorRef};
use crate::{Real, call, ffi, get_raw};

impl DmRef {
    /// Returns the coordinates of the owned points, or `None` if no coordinates are set. The result
    /// is the vector that the DM stores, not a copy. Its layout is that of a global vector of the
    /// [coordinate DM](Self::coordinate_dm). Collective.
    #[wraps(DMGetCoordinates)]
    #[track_caller]
    pub fn coordinates(&self) -> Result<Option<Vector>> {
        // SAFETY: a live DM.
        let raw = unsafe { get_raw!(DMGetCoordinates(self.as_ptr(), _)) }?;
        // SAFETY: NULL or a live vector.
        unsafe { Vector::retain_nullable(raw) }
    }

    /// Returns the coordinates of the owned points and ghost points. Collective. See
    /// [`coordinates`](Self::coordinates).
    #[wraps(DMGetCoordinatesLocal)]
    #[track_caller]
    pub fn local_coordinates(&self) -> Result<Option<Vector>> {
        // SAFETY: a live DM.
        let raw = unsafe { get_raw!(DMGetCoordinatesLocal(self.as_ptr(), _)) }?;
        // SAFETY: NULL or a live vector.
        unsafe { Vector::retain_nullable(raw) }
    }

    /// Returns the coordinate DM. It has the points of this DM, and its unknowns are the
    /// coordinates of each point. Collective.
    #[wraps(DMGetCoordinateDM)]
    #[track_caller]
    pub fn coordinate_dm(&self) -> Result<Dm> {
        // SAFETY: a live DM.
        let raw = unsafe { get_raw!(DMGetCoordinateDM(self.as_ptr(), _)) }?;
        // SAFETY: a live DM.
        unsafe { Dm::retain(raw) }
    }

    /// Sets the coordinates, given as a global vector of the [coordinate DM](Self::coordinate_dm).
    /// Collective.
    ///
    /// The DM holds a reference to the vector.
    ///
    /// # Errors
    /// `ARG_SIZ` if the length is not that of a vector of the coordinate DM; `SUP` for a periodic
    /// mesh.
    #[wraps(DMSetCoordinates)]
    pub fn set_coordinates(&mut self, coordinates: &VectorRef) -> Result<()> {
        self.coordinate_dm()?.check_global(coordinates)?;
        if self.is_kind(c"plex")? && self.as_plex()?.is_periodic()? {
            let text =
                "a periodic mesh also stores coordinates by cell: this method does not set them";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        // SAFETY: live objects; the vector has the length of the coordinate DM (above).
        unsafe { call!(DMSetCoordinates(*self.busy()?, coordinates.as_ptr())) }?;
        // SAFETY: a live DM with coordinates, whose local coordinates were dropped with the old
        // ones.
        unsafe { call!(DMGetCoordinatesLocalSetUp(self.as_ptr())) }
    }

    /// Returns the smallest and the largest `x`, `y` and `z` of all points of the DM. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if no coordinates are set.
    #[wraps(DMGetBoundingBox)]
    pub fn bounding_box(&self) -> Result<([Real; 3], [Real; 3])> {
        self.check_coordinates()?;
        let (mut low, mut high) = ([0.0; 3], [0.0; 3]);
        let (first, second) = (low.as_mut_ptr(), high.as_mut_ptr());
        // SAFETY: a live DM of at most three dimensions with coordinates, room for three numbers.
        unsafe { call!(DMGetBoundingBox(self.as_ptr(), first, second)) }?;
        Ok((low, high))
    }

    /// Returns the smallest and the largest `x`, `y` and `z` of the points of this rank.
    /// Collective.
    ///
    /// Ghost points are included; for a DMDA since PETSc 3.21, only those before the first owned
    /// point.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if no coordinates are set, or their array is borrowed mutably.
    #[wraps(DMGetLocalBoundingBox)]
    pub fn local_bounding_box(&self) -> Result<([Real; 3], [Real; 3])> {
        self.check_coordinates()?;
        let (mut low, mut high) = ([0.0; 3], [0.0; 3]);
        let (first, second) = (low.as_mut_ptr(), high.as_mut_ptr());
        // SAFETY: as for `bounding_box`.
        unsafe { call!(DMGetLocalBoundingBox(self.as_ptr(), first, second)) }?;
        Ok((low, high))
    }

    pub(super) fn check_coordinates(&self) -> Result<()> {
        match (self.coordinates()?, self.local_coordinates()?) {
            (Some(_), Some(local)) => local.check_readable(),
            _ => Err(Error::new(ErrorCode::ARG_WRONGSTATE, "the DM has no coordinates")),
        }
    }
}

impl DmdaRef {
    /// Sets uniform coordinates between a first and a last value in each direction. Collective.
    ///
    /// In a periodic direction, the last value is the coordinate of the first point plus one
    /// period.
    ///
    /// # Errors
    /// `ARG_SIZ` unless there is one pair for each dimension; `ARG_OUTOFRANGE` if the last value of
    /// a pair is less than the first.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, Scalar, ScalarExt};
    /// let mut grid = Dmda::builder(comm).sizes([5, 3]).build()?;
    /// grid.set_uniform_coordinates(&[(0.0, 1.0), (-1.0, 1.0)])?;
    /// let (xy, at) = (grid.coordinate_dmda()?, grid.coordinates()?.expect("just set"));
    /// let points = xy.array_as::<[Scalar; 2]>(&at)?;
    /// for (i, j) in grid.corners()?.points() {
    ///     assert_eq!(points[(i, j)][0].real(), 0.25 * f64::from(i as i32));
    /// }
    /// # Ok(()) })
    /// ```
    #[wraps(DMDASetUniformCoordinates)]
    pub fn set_uniform_coordinates(&mut self, ends: &[(Real, Real)]) -> Result<()> {
        ffi::same_len("number of coordinate pairs", self.layout()?.dimension, ends.len())?;
        let ordered = ends.iter().all(|(first, last)| first <= last);
        if !ordered {
            let text = "the last coordinate is less than the first";
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        let info = self.info()?;
        for (d, (first, last)) in ends.iter().enumerate() {
            // C divides their distance by the number of points minus one.
            if info.sizes[d] == 1 && info.boundaries[d] != BoundaryType::Periodic && first != last {
                let text = format!(
                    "a single point in direction {d} cannot have the coordinates {first} and {last}"
                );
                return Err(Error::collective(ErrorCode::ARG_OUTOFRANGE, text));
            }
        }
        let end = |d: usize| ends.get(d).copied().unwrap_or((0.0, 1.0));
        let ((x0, x1), (y0, y1), (z0, z1)) = (end(0), end(1), end(2));
        let dm = self.busy()?;
        // SAFETY: a live DMDA.
        unsafe { call!(DMDASetUniformCoordinates(*dm, x0, x1, y0, y1, z0, z1)) }
    }

    /// Returns the coordinate DM. See [`DmRef::coordinate_dm`].
    #[wraps(DMGetCoordinateDM, errors = DmRef::coordinate_dm)]
    #[track_caller]
    pub fn coordinate_dmda(&self) -> Result<Dmda> {
        self.coordinate_dm()?.into_dmda()
    }
}
