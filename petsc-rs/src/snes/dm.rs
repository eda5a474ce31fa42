//! The DM of a nonlinear solver.

use petsc_macros::wraps;

use super::SnesRef;
use crate::call;
use crate::dm::{Dm, DmRef};
use crate::error::Result;

impl SnesRef {
    /// Sets the DM. Logically collective. See [`KspRef::set_dm`](crate::KspRef::set_dm).
    ///
    /// Functions and Jacobians that were set before are moved to the new DM, unless the new DM has
    /// its own.
    #[wraps(SNESSetDM)]
    pub fn set_dm(&mut self, dm: &DmRef) -> Result<()> {
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(SNESSetDM(*self.busy()?, dm.as_ptr())) }?;
        // PETSc moved the functions to the DM, unless it has its own.
        self.share_closures(dm)
    }

    /// Returns the DM. In a closure, this is the DM of the current level.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::Snes;
    /// let grid = Dmda::builder(comm).sizes([8]).build()?;
    /// let mut snes = Snes::new(comm)?;
    /// snes.set_dm(&grid)?;
    /// assert_eq!(snes.dm()?.into_dmda()?.info()?.sizes, [8, 1, 1]);
    /// # Ok(()) })
    /// ```
    #[wraps(SNESGetDM, not_collective)]
    #[track_caller]
    pub fn dm(&self) -> Result<Dm> {
        // SAFETY: a live DM.
        unsafe { Dm::retain(self.raw_dm()?) }
    }
}
