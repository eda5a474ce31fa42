//! Natural ordering: the points of the whole grid row by row, independent of the number of ranks.

use petsc_macros::wraps;

use super::DmdaRef;
use crate::dm::transfer::route;
use crate::error::Result;
use crate::ordering::Ordering;
use crate::vector::{InsertMode, Vector, VectorRef};
use crate::{Scalar, get_raw, sys};

impl DmdaRef {
    /// Creates a vector in the natural ordering, filled with zeros. Collective.
    ///
    /// Unknown `c` of point `(i, j, k)` has the index `((k·ny + j)·nx + i)·dof + c` on any number
    /// of ranks.
    #[wraps(DMDACreateNaturalVector)]
    #[track_caller]
    pub fn create_natural_vector(&self) -> Result<Vector> {
        // SAFETY: a live DMDA.
        let raw = unsafe { get_raw!(DMDACreateNaturalVector(self.as_ptr(), _)) }?;
        // SAFETY: the caller's reference of a vector that nobody else uses.
        let mut x = unsafe { Vector::from_raw(raw) };
        x.set_zero()?;
        Ok(x)
    }

    /// Copies a global vector to a vector in the natural ordering. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a vector does not have the length of a vector of this DMDA; `ARG_WRONGSTATE` if
    /// an array is borrowed.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, InsertMode, Scalar, ScalarExt};
    /// let grid = Dmda::builder(comm).sizes([4, 3]).build()?;
    /// let mut x = grid.create_global_vector()?;
    /// for (i, j) in grid.corners()?.points() {
    ///     grid.array_mut(&mut x)?[(i, j)] = Scalar::from_real((4 * j + i) as f64);
    /// }
    /// let mut natural = grid.create_natural_vector()?;
    /// grid.global_to_natural(&x, InsertMode::Insert, &mut natural)?;
    /// for (index, value) in natural.ownership_range()?.zip(natural.array()?.iter()) {
    ///     assert_eq!(value.real(), index as f64);
    /// }
    /// # Ok(()) })
    /// ```
    #[wraps(DMDAGlobalToNaturalBegin, DMDAGlobalToNaturalEnd)]
    pub fn global_to_natural(
        &self,
        global: &VectorRef,
        mode: InsertMode,
        natural: &mut VectorRef,
    ) -> Result<()> {
        self.check_global(global)?;
        self.check_global(natural)?;
        let route = route!(DMDAGlobalToNaturalBegin, DMDAGlobalToNaturalEnd);
        // SAFETY: both vectors have as many entries as a global vector of this grid (above).
        unsafe { self.begin(&route, global, mode, natural) }?.finish()
    }

    /// Copies a vector in the natural ordering to a global vector. Collective.
    #[wraps(DMDANaturalToGlobalBegin, DMDANaturalToGlobalEnd, errors = global_to_natural)]
    pub fn natural_to_global(
        &self,
        natural: &VectorRef,
        mode: InsertMode,
        global: &mut VectorRef,
    ) -> Result<()> {
        self.check_global(natural)?;
        self.check_global(global)?;
        let route = route!(DMDANaturalToGlobalBegin, DMDANaturalToGlobalEnd);
        // SAFETY: both vectors have as many entries as a global vector of this grid (above).
        unsafe { self.begin(&route, natural, mode, global) }?.finish()
    }

    /// Returns the map between the natural ("application") ordering and PETSc's ordering. The first
    /// call is collective.
    #[wraps(DMDAGetAO)]
    #[track_caller]
    pub fn ordering(&self) -> Result<Ordering> {
        // SAFETY: a live DMDA.
        let raw = unsafe { get_raw!(DMDAGetAO(self.as_ptr(), _)) }?;
        // SAFETY: a live ordering, which the grid keeps.
        unsafe { Ordering::retain(raw) }
    }

    /// Returns the whole vector in the natural ordering on every rank. Collective.
    #[wraps(DMDAGlobalToNaturalAllCreate, errors = global_to_natural)]
    pub fn gather_natural(&self, global: &VectorRef) -> Result<Vec<Scalar>> {
        let mut natural = self.create_natural_vector()?;
        self.global_to_natural(global, InsertMode::Insert, &mut natural)?;
        natural.gather_to_all()
    }
}
