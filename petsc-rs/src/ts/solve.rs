//! Integrating, and the proof that it got to the end.

use std::fmt;
use std::ptr;

use super::{ConvergedReason, TsRef};
use crate::error::Result;
use crate::reason::not_converged;
use crate::vector::VectorRef;
use crate::{Real, call, ffi, sys};

/// Proof that an integration ended as it should.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finished {
    /// Why it stopped.
    pub reason: ConvergedReason,
    /// Number of steps.
    pub steps: usize,
    /// Time at which the solution is.
    pub time: Real,
}

impl fmt::Display for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            reason,
            steps,
            time,
        } = self;
        write!(f, "{reason} after {steps} steps at time {time}")
    }
}

impl TsRef {
    /// Integrates from the current time and the state in `u`, which becomes the last state.
    /// Collective.
    ///
    /// # Errors
    /// `NOT_CONVERGED`, on all ranks alike, with reason, steps and a hint; any error of a callback.
    #[doc(alias = "TSSolve")]
    pub fn solve(&mut self, u: &mut VectorRef) -> Result<Finished> {
        u.check_writable()?;
        self.check_residual_writable()?;
        ffi::check_no_writer()?;
        let _locks = ffi::Locks::note([u.as_ptr()])?;
        // SAFETY: live objects; nobody holds a slice of `u` or of the vector of the right-hand side,
        // nor a mutable one of any vector (above).
        unsafe { call!(TSSolve(self.as_ptr(), u.as_ptr())) }?;
        let mut raw = 0;
        // SAFETY: a live integrator and a valid out-pointer.
        unsafe { call!(TSGetConvergedReason(self.as_ptr(), &raw mut raw)) }?;
        let reason = ConvergedReason::from_raw(raw);
        let mut time = 0.0;
        // SAFETY: as above.
        unsafe { call!(TSGetSolveTime(self.as_ptr(), &raw mut time)) }?;
        let steps = self.steps()?;
        if reason.is_converged() {
            return Ok(Finished {
                reason,
                steps,
                time,
            });
        }
        let details = format!(" after {steps} steps at time {time}");
        Err(not_converged(
            "time integrator",
            reason,
            &details,
            reason.hint(),
        ))
    }

    /// The integrator writes to the vector that the user gave for the right-hand side.
    fn check_residual_writable(&self) -> Result<()> {
        let mut r = ptr::null_mut();
        // SAFETY: a live integrator and a valid out-pointer; the others may be NULL.
        unsafe {
            call!(TSGetRHSFunction(
                self.as_ptr(),
                &raw mut r,
                ptr::null_mut(),
                ptr::null_mut()
            ))
        }?;
        if r.is_null() {
            Ok(())
        } else {
            ffi::check_writable(r)
        }
    }

    /// Number of steps done. Not collective.
    ///
    /// # Errors
    /// What `TSGetStepNumber` returns.
    #[doc(alias = "TSGetStepNumber")]
    pub fn steps(&self) -> Result<usize> {
        let mut n = 0;
        // SAFETY: a live integrator and a valid out-pointer.
        unsafe { call!(TSGetStepNumber(self.as_ptr(), &raw mut n)) }?;
        ffi::size(n)
    }
}
