//! Integrating, and the proof that it got to the end.

use std::fmt;
use std::ptr;

use petsc_macros::wraps;

use super::{ConvergedReason, ExactFinalTime, TsRef};
use crate::error::{Error, ErrorCode, Result};
use crate::solver::{Outcome, judge};
use crate::vector::VectorRef;
use crate::{Real, call, ffi};

/// Proof that an integration ended as it should.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Converged {
    /// Why it stopped.
    pub reason: ConvergedReason,
    /// Number of steps.
    pub steps: usize,
    /// Time at which the solution is.
    pub time: Real,
}

impl fmt::Display for Converged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            reason,
            steps,
            time,
        } = self;
        write!(f, "{reason} after {steps} steps at time {time}")
    }
}

impl Outcome for Converged {
    const SOLVER: &'static str = "time integrator";
    type Reason = ConvergedReason;

    fn reason(&self) -> ConvergedReason {
        self.reason
    }
}

/// An integration that failed, as the source of the error of [`TsRef::solve`].
pub type NotConverged = crate::solver::NotConverged<Converged>;

impl TsRef {
    /// Integrates from the current time and the state in `u`, which becomes the last state.
    /// Collective.
    ///
    /// # Errors
    /// `NOT_CONVERGED`, on all ranks alike, with reason, steps and a hint; `SUP` for the methods `mimex` and
    /// `discgrad`, whose parts are not wrapped; any error of a callback.
    #[wraps(TSSolve)]
    pub fn solve(&mut self, u: &mut VectorRef) -> Result<Converged> {
        self.prepare(u)?;
        let _carried = self.carry_sensitivities(u)?;
        self.run(u)
    }

    /// All that is to be checked before an integration but what it carries along.
    pub(super) fn prepare(&mut self, u: &mut VectorRef) -> Result<()> {
        u.check_writable()?;
        self.check_missing()?;
        // `TSSolve` would do this later; what is asked before needs to know the size.
        self.set_solution(u)?;
        self.check_writable_state(u.as_ptr())?;
        self.check_time_span()?;
        self.clear_pending_reason()
    }

    /// Integrates, after [`prepare`](Self::prepare).
    pub(super) fn run(&mut self, u: &mut VectorRef) -> Result<Converged> {
        self.claim_grid()?;
        self.begin_recording()?;
        let _locks = ffi::Locks::note([u.as_ptr()])?;
        // SAFETY: live objects; nobody holds a slice of `u` or of the vector of the right-hand side,
        // nor a mutable one of any vector; vectors of tolerances are as long as `u` (above).
        unsafe { call!(TSSolve(*self.busy()?, u.as_ptr())) }?;
        self.end_recording()?;
        self.judge()
    }

    /// Integrates the state that [`set_solution`](Self::set_solution) gave. Collective.
    ///
    /// # Errors
    /// As [`solve`](Self::solve); `SUP` with [`ExactFinalTime::Interpolate`], which needs a second vector.
    #[wraps(TSSolve)]
    pub fn solve_in_place(&mut self) -> Result<Converged> {
        self.set_up()?;
        if self.exact_final_time()? == ExactFinalTime::Interpolate {
            let text = "interpolating to the final time needs a vector for the result: use solve";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        let u = self.raw_solution()?;
        self.check_writable_state(u)?;
        self.check_time_span()?;
        self.clear_pending_reason()?;
        // SAFETY: a live vector, which the integrator keeps.
        let state = unsafe { VectorRef::from_ptr(u) };
        let _carried = self.carry_sensitivities(state)?;
        self.begin_recording()?;
        let _locks = ffi::Locks::note([u])?;
        // SAFETY: a live integrator with a state; as in `solve`; PETSc needs no vector but to interpolate (above).
        unsafe { call!(TSSolve(*self.busy()?, ptr::null_mut())) }?;
        self.end_recording()?;
        self.judge()
    }

    /// The proof, or the error of an integration that failed.
    pub(super) fn judge(&self) -> Result<Converged> {
        let (mut reason, steps) = (self.converged_reason()?, self.step_number()?);
        // `glle` ends without a reason.
        if reason == ConvergedReason::Iterating && self.time()? >= self.max_time()? {
            reason = ConvergedReason::Time;
            // SAFETY: a live integrator.
            unsafe { call!(TSSetConvergedReason(self.as_ptr(), reason.to_raw())) }?;
        }
        let time = if reason.is_converged() {
            self.solve_time()?
        } else {
            self.time()?
        };
        judge(Converged {
            reason,
            steps,
            time,
        })
    }

    /// The integrator writes to the vector that the user gave for the right-hand side.
    pub(super) fn check_residual_writable(&self) -> Result<()> {
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
            // SAFETY: the integrator keeps a reference.
            unsafe { VectorRef::from_ptr(r) }.check_writable()
        }
    }
}
