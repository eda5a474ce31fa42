//! Vectors of a DM: new vectors, and work vectors from its pool.

use std::fmt;
use std::ops::{Deref, DerefMut};

use petsc_macros::wraps;

use super::{BoundaryType, DmRef};
use crate::error::Result;
use crate::runtime::{self, DropMode};
use crate::vector::{InsertMode, Vector, VectorRef};
use crate::{call, ffi, get, sys};

impl DmRef {
    /// Creates a vector of the points that each rank owns, filled with zeros. Collective.
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
        let raw = unsafe { get!(DMCreateGlobalVector(self.as_ptr(), _)) }?;
        // SAFETY: just created; the reference is ours.
        let mut x = unsafe { Vector::from_raw(raw) };
        x.set_zero()?;
        Ok(x)
    }

    /// Creates a sequential vector of the points that this rank owns and the ghost points around
    /// them, filled with zeros. Not collective.
    #[wraps(DMCreateLocalVector)]
    #[track_caller]
    pub fn create_local_vector(&self) -> Result<Vector> {
        crate::not_collective!();
        // SAFETY: a live DM.
        let raw = unsafe { get!(DMCreateLocalVector(self.as_ptr(), _)) }?;
        // SAFETY: just created; the reference is ours.
        let mut x = unsafe { Vector::from_raw(raw) };
        x.set_zero()?;
        Ok(x)
    }

    /// Lends a global vector from the DM's pool, to which it returns when dropped. Collective.
    ///
    /// The initial values are those of its last use.
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
        let raw = unsafe { get!(DMGetGlobalVector(self.as_ptr(), _)) }?;
        self.adopt(raw)?;
        Ok(WorkVector {
            dm: self,
            raw,
            local: false,
        })
    }

    /// Lends a local vector from the DM's pool. Not collective. See
    /// [`global_vector`](Self::global_vector).
    #[wraps(DMGetLocalVector, DMRestoreLocalVector)]
    pub fn local_vector(&self) -> Result<WorkVector<'_>> {
        crate::not_collective!();
        // SAFETY: a live DM.
        let raw = unsafe { get!(DMGetLocalVector(self.as_ptr(), _)) }?;
        self.adopt(raw)?;
        Ok(WorkVector {
            dm: self,
            raw,
            local: true,
        })
    }

    /// Lends a local vector from the pool with the values of the global vector `x`, including ghost
    /// points. Collective.
    ///
    /// Entries without a counterpart in `x` are zero: constrained unknowns of a mesh, and points
    /// beyond a boundary of type [`Ghosted`](super::BoundaryType::Ghosted). With a star stencil,
    /// the entries at corners are undefined.
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
    fn adopt(&self, raw: sys::Vec) -> Result<()> {
        // SAFETY: a live vector.
        let dm = unsafe { get!(VecGetDM(raw, _)) }?;
        if dm == self.as_ptr() {
            return Ok(());
        }
        // SAFETY: live objects; the reference ends when the pool takes the vector back.
        unsafe { call!(VecSetDM(raw, self.as_ptr())) }
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
        ffi::same_len("global vector", self.global_len()?, x.local_len()?)
    }

    pub(crate) fn is_ghosted(&self, x: &VectorRef) -> Result<bool> {
        Ok(self.ghosted_len()? == x.local_len()?)
    }

    pub(super) fn check_local(&self, x: &VectorRef) -> Result<()> {
        ffi::same_len("local vector", self.ghosted_len()?, x.local_len()?)
    }
}

/// A vector lent from the pool of a DM. See [`DmRef::global_vector`].
pub struct WorkVector<'a> {
    dm: &'a DmRef,
    raw: sys::Vec,
    local: bool,
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
            .field("local", &self.local)
            .finish_non_exhaustive()
    }
}

impl Drop for WorkVector<'_> {
    fn drop(&mut self) {
        if runtime::drop_mode() == DropMode::Skip {
            return;
        }
        // The vector returns to the pool without communication, even after an error on this rank.
        let dm = self.dm.as_ptr();
        if self.local {
            // SAFETY: a live DM, which lent this vector.
            let code = unsafe { sys::DMRestoreLocalVector(dm, &raw mut self.raw) };
            runtime::record_drop("DMRestoreLocalVector", code);
        } else {
            // SAFETY: a live DM, which lent this vector.
            let code = unsafe { sys::DMRestoreGlobalVector(dm, &raw mut self.raw) };
            runtime::record_drop("DMRestoreGlobalVector", code);
        }
    }
}
