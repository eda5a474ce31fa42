//! Vectors of a DM: new vectors, and work vectors from its pool.

use std::ffi::CString;
use std::fmt;
use std::ops::{Deref, DerefMut};

use petsc_macros::wraps;

use super::{BoundaryType, DmRef};
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::runtime::{self, DropMode};
use crate::vector::{InsertMode, Vector, VectorRef};
use crate::{call, ffi, get, get_raw, sys};

impl DmRef {
    /// Creates a global vector: the unknowns at the points that each rank owns, filled with zeros.
    /// Collective.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let grid = Dmda::builder(comm).sizes([4, 3]).dof(2).build()?;
    /// let x = grid.create_global_vector()?;
    /// assert_eq!(x.len()?, 4 * 3 * 2);
    /// assert_eq!(x.local_len()?, grid.corners()?.len() * 2);
    /// # Ok(()) })
    /// ```
    #[wraps(DMCreateGlobalVector)]
    #[track_caller]
    pub fn create_global_vector(&self) -> Result<Vector> {
        // SAFETY: a live DM.
        let raw = unsafe { get_raw!(DMCreateGlobalVector(self.as_ptr(), _)) }?;
        // SAFETY: just created; the reference is ours.
        let mut x = unsafe { Vector::from_raw(raw) };
        x.set_zero()?;
        Ok(x)
    }

    /// Creates a local vector: a sequential vector of the unknowns at the points that this rank
    /// owns and at its ghost points, filled with zeros.
    #[wraps(DMCreateLocalVector, not_collective)]
    #[track_caller]
    pub fn create_local_vector(&self) -> Result<Vector> {
        // SAFETY: a live DM.
        let raw = unsafe { get_raw!(DMCreateLocalVector(self.as_ptr(), _)) }?;
        // SAFETY: just created; the reference is ours.
        let mut x = unsafe { Vector::from_raw(raw) };
        x.set_zero()?;
        Ok(x)
    }

    /// Lends a global vector from the DM's pool. Dropping the vector returns it to the pool.
    /// Collective.
    ///
    /// The vector contains the values from its last use.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::Dmda;
    /// let grid = Dmda::builder(comm).sizes([4, 3]).build()?;
    /// let mut work = grid.global_vector()?;
    /// work.set_zero()?;
    /// assert_eq!(work.len()?, 12);
    /// # Ok(()) })
    /// ```
    #[wraps(DMGetGlobalVector, DMRestoreGlobalVector)]
    pub fn global_vector(&self) -> Result<WorkVector<'_>> {
        // SAFETY: a live DM.
        let raw = unsafe { get_raw!(DMGetGlobalVector(self.as_ptr(), _)) }?;
        self.lend(raw, Pool::Global)
    }

    /// Lends a local vector from the DM's pool. See [`global_vector`](Self::global_vector).
    #[wraps(DMGetLocalVector, DMRestoreLocalVector, not_collective)]
    pub fn local_vector(&self) -> Result<WorkVector<'_>> {
        // SAFETY: a live DM.
        let raw = unsafe { get_raw!(DMGetLocalVector(self.as_ptr(), _)) }?;
        self.lend(raw, Pool::Local)
    }

    /// Lends the global vector with this name, which keeps its values between uses. Creates the
    /// vector if it does not exist. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the vector is lent already.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::Dmda;
    /// let grid = Dmda::builder(comm).sizes([4]).build()?;
    /// grid.named_global_vector("load")?.set(2.0.into())?;
    /// assert_eq!(grid.named_global_vector("load")?.sum()?, 8.0.into());
    /// # Ok(()) })
    /// ```
    #[wraps(DMGetNamedGlobalVector, DMRestoreNamedGlobalVector)]
    pub fn named_global_vector(&self, name: &str) -> Result<WorkVector<'_>> {
        let name = ffi::c_string(name)?;
        // SAFETY: a live DM and a NUL-terminated name, which PETSc copies.
        let raw = unsafe { get_raw!(DMGetNamedGlobalVector(self.as_ptr(), name.as_ptr(), _)) }?;
        self.lend(raw, Pool::NamedGlobal(name))
    }

    /// Lends the local vector with this name. See
    /// [`named_global_vector`](Self::named_global_vector).
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the vector is lent already.
    #[wraps(DMGetNamedLocalVector, DMRestoreNamedLocalVector, not_collective)]
    pub fn named_local_vector(&self, name: &str) -> Result<WorkVector<'_>> {
        let name = ffi::c_string(name)?;
        // SAFETY: a live DM and a NUL-terminated name, which PETSc copies.
        let raw = unsafe { get_raw!(DMGetNamedLocalVector(self.as_ptr(), name.as_ptr(), _)) }?;
        self.lend(raw, Pool::NamedLocal(name))
    }

    /// Returns whether the DM has a global vector with this name.
    #[wraps(DMHasNamedGlobalVector, not_collective)]
    pub fn has_named_global_vector(&self, name: &str) -> Result<bool> {
        let name = ffi::c_string(name)?;
        // SAFETY: a live DM and a NUL-terminated name.
        unsafe { get!(DMHasNamedGlobalVector(self.as_ptr(), name.as_ptr(), _)) }
    }

    /// Returns whether the DM has a local vector with this name.
    #[wraps(DMHasNamedLocalVector, not_collective)]
    pub fn has_named_local_vector(&self, name: &str) -> Result<bool> {
        let name = ffi::c_string(name)?;
        // SAFETY: a live DM and a NUL-terminated name.
        unsafe { get!(DMHasNamedLocalVector(self.as_ptr(), name.as_ptr(), _)) }
    }

    /// Lends a local vector from the pool with the values of the global vector `x`, including ghost
    /// points. Collective.
    ///
    /// Entries without a counterpart in `x` are zero: those of constrained unknowns of a mesh, and
    /// of points beyond a boundary of type [`Ghosted`](super::BoundaryType::Ghosted). With a star
    /// stencil, the entries at corners are undefined.
    ///
    /// # Errors
    /// See [`global_to_local`](Self::global_to_local).
    pub fn ghosted(&self, x: &VectorRef) -> Result<WorkVector<'_>> {
        let mut local = self.local_vector()?;
        if !self.fills_local_vectors()? {
            local.set_zero()?;
        }
        self.global_to_local(x, InsertMode::Insert, &mut local)?;
        Ok(local)
    }

    /// Returns whether `DMGlobalToLocal` writes every entry of a local vector that a stencil
    /// reaches.
    fn fills_local_vectors(&self) -> Result<bool> {
        if !self.is_dmda()? {
            return Ok(false);
        }
        let boundaries = self.as_dmda()?.info()?.boundaries;
        Ok(!boundaries.contains(&BoundaryType::Ghosted))
    }

    /// Vectors return to the pool only if they refer to their DM; those of shell DMs may not.
    fn lend(&self, raw: sys::Vec, pool: Pool) -> Result<WorkVector<'_>> {
        // SAFETY: a live vector.
        let dm = unsafe { get_raw!(VecGetDM(raw, _)) }?;
        if dm != self.as_ptr() {
            // SAFETY: live objects; the reference ends when the pool takes the vector back.
            unsafe { call!(VecSetDM(raw, self.as_ptr())) }?;
        }
        Ok(WorkVector { dm: self, raw, pool })
    }

    /// Returns the number of entries of this rank in a global vector. Optimized PETSc passes
    /// vectors of any length to its scatters. Collective unless the DM is a DMDA.
    fn global_len(&self) -> Result<usize> {
        if self.is_dmda()? {
            let layout = self.as_dmda()?.layout()?;
            return Ok(layout.owned.len() * layout.dof);
        }
        self.global_vector()?.local_len()
    }

    /// Returns the number of entries in a local vector.
    fn ghosted_len(&self) -> Result<usize> {
        if self.is_dmda()? {
            let layout = self.as_dmda()?.layout()?;
            return Ok(layout.ghosted.len() * layout.dof);
        }
        self.local_vector()?.local_len()
    }

    pub(crate) fn check_global(&self, x: &VectorRef) -> Result<()> {
        self.check_not_nested(x)?;
        ffi::same_len("length of the global vector", self.global_len()?, x.local_len()?)
    }

    pub(crate) fn is_ghosted(&self, x: &VectorRef) -> Result<bool> {
        Ok(self.ghosted_len()? == x.local_len()?)
    }

    pub(super) fn check_local(&self, x: &VectorRef) -> Result<()> {
        self.check_not_nested(x)?;
        ffi::same_len("length of the local vector", self.ghosted_len()?, x.local_len()?)
    }

    /// A composite releases arrays without their address, which nested vectors read.
    fn check_not_nested(&self, x: &VectorRef) -> Result<()> {
        if self.is_kind(c"composite")? && x.is_type("nest")? {
            let text = "vectors of a composite cannot be nested";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        Ok(())
    }
}

/// A vector lent from the pool of a DM. See [`DmRef::global_vector`].
pub struct WorkVector<'a> {
    dm: &'a DmRef,
    raw: sys::Vec,
    pool: Pool,
}

/// Where a work vector returns.
#[derive(Debug)]
enum Pool {
    Global,
    Local,
    NamedGlobal(CString),
    NamedLocal(CString),
}

impl Deref for WorkVector<'_> {
    type Target = VectorRef;

    #[inline]
    fn deref(&self) -> &VectorRef {
        // SAFETY: lent by the DM until this guard is dropped.
        unsafe { VectorRef::from_ptr(self.raw) }
    }
}

impl DerefMut for WorkVector<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut VectorRef {
        // SAFETY: lent by the DM until this guard is dropped.
        unsafe { VectorRef::from_ptr_mut(self.raw) }
    }
}

impl fmt::Debug for WorkVector<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkVector")
            .field("vector", &**self)
            .field("pool", &self.pool)
            .finish_non_exhaustive()
    }
}

impl Drop for WorkVector<'_> {
    fn drop(&mut self) {
        if runtime::drop_mode() == DropMode::Skip {
            return;
        }
        // The vector returns to the pool without communication, even after an error on this rank.
        let (dm, x) = (self.dm.as_ptr(), &raw mut self.raw);
        let (call, code) = match &self.pool {
            // SAFETY: a live DM, which lent this vector.
            Pool::Global => ("DMRestoreGlobalVector", unsafe { sys::DMRestoreGlobalVector(dm, x) }),
            // SAFETY: as above.
            Pool::Local => ("DMRestoreLocalVector", unsafe { sys::DMRestoreLocalVector(dm, x) }),
            // SAFETY: as above, under this name.
            Pool::NamedGlobal(name) => ("DMRestoreNamedGlobalVector", unsafe {
                sys::DMRestoreNamedGlobalVector(dm, name.as_ptr(), x)
            }),
            // SAFETY: as above, under this name.
            Pool::NamedLocal(name) => ("DMRestoreNamedLocalVector", unsafe {
                sys::DMRestoreNamedLocalVector(dm, name.as_ptr(), x)
            }),
        };
        runtime::record_drop(call, code);
    }
}
