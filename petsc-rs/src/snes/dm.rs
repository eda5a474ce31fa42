//! The DM of a nonlinear solver.

use petsc_macros::wraps;

use super::SnesRef;
use crate::call;
use crate::dm::{Dm, DmRef};
use crate::error::Result;

impl SnesRef {
    /// Solves on a grid, as [`KspRef::set_dm`](crate::KspRef::set_dm). Functions and Jacobians set before belong to the grid
    /// before. Logically collective.
    ///
    /// # Errors
    /// What `SNESSetDM` returns.
    #[wraps(SNESSetDM)]
    pub fn set_dm(&mut self, dm: &DmRef) -> Result<()> {
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(SNESSetDM(*self.busy()?, dm.as_ptr())) }?;
        // PETSc moved what was set before to the grid, unless that has its own.
        self.share_closures(dm)
    }

    /// The grid. In a closure, that of the level it is called for. Not collective.
    ///
    /// # Errors
    /// What `SNESGetDM` returns.
    #[wraps(SNESGetDM)]
    #[track_caller]
    pub fn dm(&self) -> Result<Dm> {
        crate::not_collective!();
        // SAFETY: a live grid.
        unsafe { Dm::retain(self.raw_dm()?) }
    }
}
