//! Checks before an integration, and the cleanup after it.

use std::ptr;

use super::TsRef;
use crate::error::Result;
use crate::vector::VectorRef;
use crate::{call, ffi, sys};

impl TsRef {
    /// Called before an integration from this state. The checks of the sensitivities are in
    /// [`carry_sensitivities`](Self::carry_sensitivities).
    pub(super) fn preflight(&mut self, u: &mut VectorRef) -> Result<()> {
        u.check_writable()?;
        self.check_missing()?;
        // `TSSolve` would do this later, but the checks below need the size.
        self.set_solution(u)?;
        self.check_state(u.as_ptr())
    }

    /// Called before an integration from a state that is set.
    pub(super) fn check_state(&mut self, u: sys::Vec) -> Result<()> {
        self.check_writable_state(u)?;
        self.check_time_span()?;
        self.clear_pending_reason()
    }

    /// Called directly before `TSSolve`. Locks of the state that an error leaves are removed on drop.
    pub(super) fn begin(&mut self, u: sys::Vec) -> Result<ffi::Locks<1>> {
        self.claim_grid()?;
        self.begin_recording()?;
        let locks = ffi::Locks::note([u])?;
        self.prepare_events()?;
        Ok(locks)
    }

    fn has_i_function(&self) -> Result<bool> {
        let mut function = None;
        // SAFETY: a live integrator and a valid out-pointer; the others may be NULL.
        unsafe {
            call!(TSGetIFunction(
                self.as_ptr(),
                ptr::null_mut(),
                &raw mut function,
                ptr::null_mut()
            ))
        }?;
        Ok(function.is_some())
    }

    /// Ends the search for an event that an earlier integration has not finished. Called with a
    /// state.
    fn prepare_events(&self) -> Result<()> {
        // SAFETY: a live integrator with a state, by the caller.
        unsafe { call!(PetscRsTSPrepareEvents(*self.busy()?)) }
    }

    /// Checks that the vectors of the nonlinear solver are not borrowed, since the integrator
    /// writes to them. They include the vector of the right-hand side or of the implicit function.
    /// With an implicit function, this vector and the state must be nested vectors with the same
    /// parts, or both not nested.
    pub(super) fn check_residual(&self, state: &VectorRef) -> Result<()> {
        let mut r = ptr::null_mut();
        // SAFETY: a live integrator and a valid out-pointer; the others may be NULL.
        unsafe {
            call!(TSGetRHSFunction(self.as_ptr(), &raw mut r, ptr::null_mut(), ptr::null_mut()))
        }?;
        self.snes()?.check_all_writable()?;
        // SAFETY: live objects.
        unsafe { call!(PetscRsTSRenewRHSVec(self.as_ptr(), state.as_ptr())) }?;
        if r.is_null() {
            return Ok(());
        }
        // SAFETY: the integrator keeps a reference.
        let r = unsafe { VectorRef::from_ptr(r) };
        if !(r.is_nest()? || state.is_nest()?) || !self.has_i_function()? {
            return Ok(());
        }
        r.check_same_kind(state)
    }
}
