//! The integrator as closures see it that may change the integration.

use std::fmt;
use std::ops::Deref;

use super::{ConvergedReason, TsRef};
use crate::Real;
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;

/// An integrator inside of [`TsRef::solve`], lent to monitors and hooks: it dereferences to the integrator,
/// for all that only asks, and has what may be changed meanwhile.
pub struct Running<'a> {
    ts: &'a TsRef,
    interpolated: bool,
}

impl<'a> Running<'a> {
    pub(super) fn new(ts: &'a TsRef) -> Self {
        Self {
            ts,
            interpolated: false,
        }
    }

    pub(super) fn interpolated(ts: &'a TsRef, interpolated: bool) -> Self {
        Self { ts, interpolated }
    }

    /// Whether a monitor is called with the state that was interpolated to the final time, after the last step.
    #[must_use]
    pub fn is_interpolated(&self) -> bool {
        self.interpolated
    }

    /// The state at a time within the last step, see [`TsRef::interpolate`].
    ///
    /// # Errors
    /// As [`TsRef::interpolate`].
    pub fn interpolate(&mut self, time: Real, u: &mut VectorRef) -> Result<()> {
        self.ts().interpolate(time, u)
    }

    fn ts(&mut self) -> &mut TsRef {
        // What is called through it below neither frees nor replaces anything.
        // SAFETY: a live integrator; the handle claims no memory.
        unsafe { TsRef::from_ptr_mut(self.ts.as_ptr()) }
    }

    /// The state, to change it; after a step, methods with a memory start anew by themselves. Not collective.
    ///
    /// # Errors
    /// As [`TsRef::solution`].
    pub fn solution_mut(&mut self) -> Result<&mut VectorRef> {
        self.ts().solution_mut()
    }

    /// Sets the length of the next step, see [`TsRef::set_time_step`].
    ///
    /// # Errors
    /// As [`TsRef::set_time_step`].
    pub fn set_time_step(&mut self, step: Real) -> Result<()> {
        self.ts().set_time_step(step)
    }

    /// Sets the final time, see [`TsRef::set_max_time`].
    ///
    /// # Errors
    /// As [`TsRef::set_max_time`]; `ARG_OUTOFRANGE` for a time after the last one of a time span.
    pub fn set_max_time(&mut self, time: Real) -> Result<()> {
        if self.time_span()?.last().is_some_and(|&last| time > last) {
            let text = format!("the time {time} is after the last one of the time span");
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        self.ts().set_max_time(time)
    }

    /// Ends the integration after this step: it counts as converged, with [`ConvergedReason::User`]. Logically
    /// collective.
    ///
    /// # Errors
    /// What `TSSetConvergedReason` returns.
    pub fn stop(&mut self) -> Result<()> {
        self.ts().set_converged_reason(ConvergedReason::User)
    }

    /// Tells methods with a memory that the state or the problem was changed, see [`TsRef::restart_step`].
    ///
    /// # Errors
    /// As [`TsRef::restart_step`].
    pub fn restart_step(&mut self) -> Result<()> {
        self.ts().restart_step()
    }
}

impl Deref for Running<'_> {
    type Target = TsRef;

    fn deref(&self) -> &TsRef {
        self.ts
    }
}

impl fmt::Debug for Running<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Running").field(&self.ts).finish()
    }
}
