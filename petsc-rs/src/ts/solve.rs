//! Time integration and its result.

use std::fmt;
use std::ptr;

use petsc_macros::wraps;

use super::{ConvergedReason, ExactFinalTime, TsRef};
use crate::error::{Error, ErrorCode, Result};
use crate::solver::{Outcome, judge};
use crate::vector::VectorRef;
use crate::{Real, call, ffi};

/// Result of an integration that ended without a failure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Converged {
    /// Reason why the integration stopped.
    pub reason: ConvergedReason,
    /// Number of steps.
    pub steps: usize,
    /// Time of the solution.
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
    /// Integrates from the current time and the initial state in `u`, and stores the final state in
    /// `u`. Collective.
    ///
    /// # Errors
    /// `NOT_CONVERGED` on all ranks, with the reason, the number of steps and a hint; `SUP` for the
    /// methods `mimex` and `discgrad`, whose settings are not wrapped; any error of a callback.
    ///
    /// # Examples
    /// See [`Ts`](crate::Ts).
    #[wraps(TSSolve)]
    pub fn solve(&mut self, u: &mut VectorRef) -> Result<Converged> {
        self.prepare(u)?;
        let _carried = self.carry_sensitivities(u)?;
        self.run(u)
    }

    /// Makes all checks before an integration, except those of the sensitivities.
    pub(super) fn prepare(&mut self, u: &mut VectorRef) -> Result<()> {
        u.check_writable()?;
        self.check_missing()?;
        // `TSSolve` would do this later, but the checks below need the size.
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
        self.prepare_events()?;
        // SAFETY: live objects; no entries of `u` or of the vector of the right-hand side, and no
        // entries of any vector mutably, are borrowed; vectors of tolerances have the length of `u`
        // (above).
        unsafe { call!(TSSolve(*self.busy()?, u.as_ptr())) }?;
        self.end_recording()?;
        self.judge()
    }

    /// Integrates from the state of [`set_solution`](Self::set_solution). Collective.
    ///
    /// # Errors
    /// The errors of [`solve`](Self::solve); `SUP` with [`ExactFinalTime::Interpolate`], which
    /// needs a second vector.
    #[wraps(TSSolve)]
    pub fn solve_in_place(&mut self) -> Result<Converged> {
        self.set_up()?;
        if self.exact_final_time()? == ExactFinalTime::Interpolate {
            let text =
                "interpolation to the final time needs a vector for the result: call solve instead";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        let u = self.raw_solution()?;
        self.check_writable_state(u)?;
        self.check_time_span()?;
        self.clear_pending_reason()?;
        // SAFETY: a live vector, of which the integrator has a reference.
        let state = unsafe { VectorRef::from_ptr(u) };
        let _carried = self.carry_sensitivities(state)?;
        self.begin_recording()?;
        let _locks = ffi::Locks::note([u])?;
        self.prepare_events()?;
        // SAFETY: a live integrator with a state; as in `solve`; PETSc needs no vector but to interpolate (above).
        unsafe { call!(TSSolve(*self.busy()?, ptr::null_mut())) }?;
        self.end_recording()?;
        self.judge()
    }

    /// Returns the result, or the error of an integration that failed.
    pub(super) fn judge(&self) -> Result<Converged> {
        let (mut reason, steps) = (self.converged_reason()?, self.step_number()?);
        // `glle` ends without setting a reason.
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

    /// Checks that the vectors of the nonlinear solver are not borrowed, among them that of the
    /// right-hand side or of the implicit function: the integrator writes to them. With an implicit function, this vector must be of the kind of
    /// the state, which is not nested or consists of the same parts.
    pub(super) fn check_residual(&self, state: &VectorRef) -> Result<()> {
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
