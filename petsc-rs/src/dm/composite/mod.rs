//! Composites of several DMs (`DMComposite` in C). On each rank, the unknowns are ordered by DM.

mod indices;
mod parts;

use std::ptr;

use petsc_macros::{getter, wraps};

pub use parts::{Parts, PartsMut};

use super::types::dm_kind;
use super::{Dm, DmRef, WorkVector};
use crate::comm::{self, Comm};
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::vector::{InsertMode, VectorRef};
use crate::{call, ffi, get_raw, sys};

dm_kind! {
    /// A composite of several DMs, for coupled problems.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, Scalar, ScalarExt, dm::DmComposite};
    /// let air = Dmda::builder(comm).sizes([4, 4]).build()?;
    /// let wall = Dmda::builder(comm).sizes([4]).build()?;
    /// let both = DmComposite::new(comm, &[&air, &wall])?;
    /// let mut x = both.create_global_vector()?;
    /// assert_eq!(x.len()?, 20);
    /// both.parts_mut(&mut x)?.part_mut(1)?.set(Scalar::from_real(2.0))?;
    /// assert_eq!(x.sum()?.real(), 8.0);
    /// # Ok(()) })
    /// ```
    ///
    /// # See also
    /// [`DmRedundant`](super::DmRedundant), [`PcRef::add_field_set`](crate::PcRef::add_field_set)
    /// (a field for each part), [`MatrixRef::local_block`](crate::MatrixRef::local_block).
    #[wraps(DMComposite)]
    DmComposite,
    /// A borrowed [`DmComposite`].
    DmCompositeRef,
    c"composite",
    as_composite,
    into_composite,
}

impl DmComposite {
    /// Creates a composite that holds references to the DMs. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if a DM is on a different communicator; `ARG_SIZ` if the list of DMs is
    /// empty.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::dm::DmComposite;
    /// let air = Dmda::builder(comm).sizes([4, 4]).build()?;
    /// let wall = Dmda::builder(comm).sizes([4]).build()?;
    /// let both = DmComposite::new(comm, &[&air, &wall])?;
    /// assert_eq!((both.count()?, both.create_global_vector()?.len()?), (2, 20));
    /// # Ok(()) })
    /// ```
    #[wraps(DMCompositeCreate, DMCompositeAddDM)]
    #[track_caller]
    pub fn new(comm: &Comm, grids: &[&DmRef]) -> Result<Self> {
        if grids.is_empty() {
            let text = "a composite needs at least one DM";
            return Err(Error::new(ErrorCode::ARG_SIZ, text));
        }
        for grid in grids {
            comm::check_on(grid.object_ptr(), comm)?;
        }
        // SAFETY: a live communicator.
        let raw = unsafe { get_raw!(DMCompositeCreate(comm.as_raw(), _)) }?;
        // SAFETY: just created; the reference is ours.
        let composite = unsafe { Dm::created(raw) }?;
        for grid in grids {
            // SAFETY: live objects; PETSc takes a reference.
            unsafe { call!(DMCompositeAddDM(raw, grid.as_ptr())) }?;
        }
        // SAFETY: a live composite with all its DMs.
        unsafe { call!(DMSetUp(raw)) }?;
        composite.into_composite()
    }
}

impl DmCompositeRef {
    /// Returns the number of DMs.
    ///
    /// # Examples
    /// See [`DmComposite::new`].
    #[getter(DMCompositeGetNumberDM)]
    pub fn count() -> usize;

    /// Returns the DMs.
    #[wraps(DMCompositeGetEntries, DMCompositeGetEntriesArray, not_collective)]
    #[track_caller]
    pub fn grids(&self) -> Result<Vec<Dm>> {
        // SAFETY: live DMs.
        let part = |raw| unsafe { Dm::retain(raw) };
        self.raw_grids()?.into_iter().map(part).collect()
    }

    fn raw_grids(&self) -> Result<Vec<sys::DM>> {
        let mut list = vec![ptr::null_mut(); self.count()?];
        // SAFETY: a live composite, room for all its DMs.
        unsafe { call!(DMCompositeGetEntriesArray(self.as_ptr(), list.as_mut_ptr())) }?;
        Ok(list)
    }

    /// Lends the DMs, which remain in the composite as long as it exists.
    fn lent_grids(&self) -> Result<impl Iterator<Item = &DmRef>> {
        let grids = self.raw_grids()?.into_iter();
        // SAFETY: live DMs, as long as the composite is borrowed.
        Ok(grids.map(|raw| unsafe { DmRef::from_ptr(raw) }))
    }

    /// Lends one local vector of each DM, from the pool of that DM. Dropping a vector returns it to
    /// its pool.
    ///
    /// The vectors contain the values from their last use.
    ///
    /// # Errors
    /// The errors of `DMGetLocalVector`.
    #[wraps(DMCompositeGetLocalVectors, DMCompositeRestoreLocalVectors, not_collective)]
    pub fn local_vectors(&self) -> Result<Vec<WorkVector<'_>>> {
        self.lent_grids()?.map(DmRef::local_vector).collect()
    }

    /// Lends local vectors with the values of the global vector `x`, including ghost points.
    /// Collective. See [`local_vectors`](Self::local_vectors).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, Scalar, ScalarExt, dm::{DmComposite, DmRedundant}};
    /// let line = Dmda::builder(comm).sizes([4]).build()?;
    /// let load = DmRedundant::new(comm, 0, 1)?;
    /// let both = DmComposite::new(comm, &[&line, &load])?;
    /// let mut x = both.create_global_vector()?;
    /// x.set(Scalar::from_real(3.0))?;
    /// let locals = both.ghosted_parts(&x)?;
    /// let (u, w) = (line.array(&locals[0])?, locals[1].array()?);
    /// assert_eq!((u[2] * w[0]).real(), 9.0);
    /// # Ok(()) })
    /// ```
    #[wraps(DMCompositeScatter, errors = scatter)]
    pub fn ghosted_parts(&self, x: &VectorRef) -> Result<Vec<WorkVector<'_>>> {
        let parts = self.parts(x)?;
        let grids = self.lent_grids()?.enumerate();
        grids.map(|(i, grid)| grid.ghosted(parts.part(i)?)).collect()
    }

    /// Copies the parts of a global vector to local vectors, one for each DM, including ghost
    /// points. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a vector does not have the length of a vector of its DM; `ARG_WRONGSTATE` if an
    /// array is borrowed.
    #[wraps(DMCompositeScatter, DMCompositeScatterArray)]
    pub fn scatter(&self, x: &VectorRef, locals: &mut [&mut VectorRef]) -> Result<()> {
        let parts = self.parts(x)?;
        let grids = self.grids()?;
        ffi::same_len("number of local vectors", grids.len(), locals.len())?;
        for ((i, grid), local) in grids.into_iter().enumerate().zip(locals) {
            grid.global_to_local(parts.part(i)?, InsertMode::Insert, local)?;
        }
        Ok(())
    }

    /// Copies or adds local vectors, one for each DM, to a global vector. Collective.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::dm::DmComposite;
    /// let air = Dmda::builder(comm).sizes([4, 4]).build()?;
    /// let wall = Dmda::builder(comm).sizes([4]).build()?;
    /// let both = DmComposite::new(comm, &[&air, &wall])?;
    /// let mut x = both.create_global_vector()?;
    /// let (mut u, mut v) = (air.create_local_vector()?, wall.create_local_vector()?);
    /// u.set(1.0.into())?;
    /// v.set(5.0.into())?;
    /// both.gather(&[&u, &v], InsertMode::Insert, &mut x)?;
    /// assert_eq!(x.sum()?.real(), 16.0 + 20.0);
    /// # Ok(()) })
    /// ```
    #[wraps(DMCompositeGather, DMCompositeGatherArray, errors = scatter)]
    pub fn gather(&self, locals: &[&VectorRef], mode: InsertMode, x: &mut VectorRef) -> Result<()> {
        let mut parts = self.parts_mut(x)?;
        let grids = self.grids()?;
        ffi::same_len("number of local vectors", grids.len(), locals.len())?;
        for ((i, grid), local) in grids.into_iter().enumerate().zip(locals) {
            grid.local_to_global(local, mode, parts.part_mut(i)?)?;
        }
        Ok(())
    }
}
