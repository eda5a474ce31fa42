//! The DM of an integrator.

use petsc_macros::wraps;

use super::TsRef;
use crate::call;
use crate::dm::{Dm, DmRef};
use crate::error::Result;

impl TsRef {
    /// Integrates on a grid, as [`KspRef::set_dm`](crate::KspRef::set_dm). Functions and Jacobians set before belong to the
    /// grid before. Logically collective.
    ///
    /// # Errors
    /// What `TSSetDM` returns.
    #[wraps(TSSetDM)]
    pub fn set_dm(&mut self, dm: &DmRef) -> Result<()> {
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(TSSetDM(*self.busy()?, dm.as_ptr())) }
    }

    /// The grid. Not collective.
    ///
    /// # Errors
    /// What `TSGetDM` returns.
    #[wraps(TSGetDM)]
    #[track_caller]
    pub fn dm(&self) -> Result<Dm> {
        crate::not_collective!();
        // SAFETY: a live grid.
        unsafe { Dm::retain(self.raw_dm()?) }
    }
}
