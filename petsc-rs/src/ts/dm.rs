//! The DM of an integrator.

use petsc_macros::wraps;

use super::TsRef;
use crate::dm::{Dm, DmRef};
use crate::error::Result;
use crate::{call, runtime};

impl TsRef {
    /// Sets the DM. Logically collective. See [`KspRef::set_dm`](crate::KspRef::set_dm).
    ///
    /// Call this method before setting functions and Jacobians: functions and Jacobians that were
    /// set earlier stay on the previous DM.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` inside a callback of another integrator that has this DM.
    #[wraps(TSSetDM)]
    pub fn set_dm(&mut self, dm: &DmRef) -> Result<()> {
        // SAFETY: a live object.
        unsafe { runtime::check_dm(dm.as_ptr().cast()) }?;
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(TSSetDM(*self.busy()?, dm.as_ptr())) }
    }

    /// Returns the DM.
    ///
    /// # Examples
    /// See [`SnesRef::dm`](crate::SnesRef::dm).
    #[wraps(TSGetDM, not_collective)]
    #[track_caller]
    pub fn dm(&self) -> Result<Dm> {
        // SAFETY: a live DM.
        unsafe { Dm::retain(self.raw_dm()?) }
    }
}
