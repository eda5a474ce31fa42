//! Integration step by step.

use std::fmt;

use petsc_macros::wraps;

use super::{Converged, ConvergedReason, ExactFinalTime, TsRef};
use crate::error::{Error, ErrorCode, Result};
use crate::object::Loan;
use crate::vector::{Vector, VectorRef};
use crate::{Real, call, ffi};

impl TsRef {
    /// Starts an integration from the state in `u`, in which the caller takes each step explicitly.
    /// Collective.
    ///
    /// [`Steps::advance`] takes one step and returns its time and state. Monitors and hooks are
    /// called as in [`solve`](Self::solve).
    ///
    /// # Errors
    /// `SUP` if the integrator has events, sensitivities or a time span, or saves its trajectory:
    /// these require [`solve`](Self::solve).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Norm, Scalar, ScalarExt, Ts, TsType, Vector, ts::ExactFinalTime};
    /// let mut u = Vector::new(comm, 3)?;
    /// u.set(Scalar::from_real(1.0))?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::RK)?;
    /// ts.set_rhs_function(&*u.duplicate()?, |_, _, u, g| {
    ///     g.copy_from(u)?;
    ///     g.scale(Scalar::from_real(-1.0))
    /// })?;
    /// ts.set_time_step(0.01)?;
    /// ts.set_max_time(1.0)?;
    /// ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    /// let mut steps = ts.steps(&mut u)?;
    /// while let Some(step) = steps.advance()? {
    ///     let exact = (-step.time).exp();
    ///     assert!((step.state.norm(Norm::Infinity)? - exact).abs() < 1e-3);
    /// }
    /// assert_eq!(steps.finish()?.time, 1.0);
    /// # Ok(()) })
    /// ```
    pub fn steps<'a>(&'a mut self, u: &'a mut VectorRef) -> Result<Steps<'a>> {
        if self.has_events()? || self.trajectory_is_saved()? {
            let text = "single steps do not support events and trajectories: call solve instead";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        if self.sensitivities().is_ok() {
            let text = "single steps do not support sensitivities: call solve instead";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        self.refuse_time_span()?;
        self.clear_pending_reason()?;
        u.check_writable()?;
        self.set_solution(u)?;
        self.set_up()?;
        let own = if self.exact_final_time()? == ExactFinalTime::Interpolate {
            // Interpolation writes to `u`, from a separate vector of the state.
            let mut own = u.duplicate()?;
            own.copy_from(u)?;
            self.set_solution(&mut own)?;
            Some(own)
        } else {
            None
        };
        self.set_converged_reason(ConvergedReason::Iterating)?;
        self.restart_step()?;
        self.shorten_first_step()?;
        Ok(Steps { ts: self, u, own, finished: None })
    }
}

/// An integration in progress, see [`TsRef::steps`].
pub struct Steps<'a> {
    ts: &'a mut TsRef,
    u: &'a mut VectorRef,
    own: Option<Vector>,
    finished: Option<Converged>,
}

/// Result of one step, see [`Steps::advance`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Step<'a> {
    /// Number of completed steps.
    pub number: usize,
    /// Time of the state.
    pub time: Real,
    /// The state.
    pub state: Loan<'a, Vector>,
}

impl Steps<'_> {
    /// Takes one step. Returns `None` if the integration has ended already. Collective.
    ///
    /// # Errors
    /// `NOT_CONVERGED` on all ranks if the step failed; any error of a callback.
    #[wraps(TSMonitor, TSPreStep, TSPostEvaluate, TSPostStep)]
    pub fn advance(&mut self) -> Result<Option<Step<'_>>> {
        if self.finished.is_some() {
            return Ok(None);
        }
        let mut reason = self.ts.converged_reason()?;
        if reason == ConvergedReason::Iterating {
            reason = self.ended()?;
        }
        if reason != ConvergedReason::Iterating {
            self.end(reason)?;
            return Ok(None);
        }
        self.monitor()?;
        // SAFETY: a live integrator with a solution, which the closure cannot remove: `busy`.
        unsafe { call!(TSPreStep(*self.ts.busy()?)) }?;
        self.ts.step()?;
        // SAFETY: as above.
        unsafe { call!(TSPostEvaluate(*self.ts.busy()?)) }?;
        // SAFETY: as above.
        unsafe { call!(TSPostStep(*self.ts.busy()?)) }?;
        Ok(Some(Step {
            number: self.ts.step_number()?,
            time: self.ts.time()?,
            state: self.ts.solution()?,
        }))
    }

    /// Takes the remaining steps. The result is in the vector passed to [`steps`](TsRef::steps).
    /// Collective.
    ///
    /// # Errors
    /// The errors of [`TsRef::solve`].
    ///
    /// # Examples
    /// See [`TsRef::steps`].
    pub fn finish(mut self) -> Result<Converged> {
        loop {
            if let Some(finished) = self.finished {
                return Ok(finished);
            }
            let _ = self.advance()?;
        }
    }

    /// Returns the integrator.
    #[must_use]
    pub fn ts(&self) -> &TsRef {
        self.ts
    }

    /// Returns the reason if a limit ends the integration before the next step.
    fn ended(&self) -> Result<ConvergedReason> {
        Ok(if self.ts.step_number()? >= self.ts.max_steps()? {
            ConvergedReason::Steps
        } else if self.ts.time()? >= self.ts.max_time()? {
            ConvergedReason::Time
        } else {
            ConvergedReason::Iterating
        })
    }

    fn monitor(&self) -> Result<()> {
        let (step, time) = (ffi::petsc_int(self.ts.step_number()?)?, self.ts.time()?);
        let state = self.ts.solution()?;
        state.check_readable()?;
        // SAFETY: live objects; a monitor cannot remove the monitors that are called after it:
        // `busy`.
        unsafe { call!(TSMonitor(*self.ts.busy()?, step, time, state.as_ptr())) }
    }

    fn end(&mut self, reason: ConvergedReason) -> Result<()> {
        self.ts.set_converged_reason(reason)?;
        self.monitor()?;
        let (mut time, end) = (self.ts.time()?, self.ts.max_time()?);
        if let Some(own) = &self.own {
            if time > end {
                self.ts.interpolate(end, self.u)?;
                time = end;
            } else {
                self.u.copy_from(own)?;
            }
        }
        if !reason.is_converged() {
            self.ts.judge()?;
        }
        self.finished = Some(Converged { reason, steps: self.ts.step_number()?, time });
        Ok(())
    }
}

impl fmt::Debug for Steps<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Steps").field("ts", &self.ts).finish_non_exhaustive()
    }
}
