//! An integration as a sequence of steps.

use std::fmt;

use petsc_macros::wraps;

use super::{Converged, ConvergedReason, ExactFinalTime, TsRef};
use crate::error::{Error, ErrorCode, Result};
use crate::object::Loan;
use crate::vector::{Vector, VectorRef};
use crate::{Real, call, ffi};

impl TsRef {
    /// Integrates step by step, from the state in `u`, with the caller in charge: [`Steps::advance`]
    /// does one step and lends time and state. Monitors and hooks run as in [`solve`](Self::solve).
    /// Collective.
    ///
    /// # Errors
    /// `SUP` if the integrator has events, sensitivities or a time span, or saves its trajectory: these need `solve`.
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
            let text = "events and trajectories need `solve`, they cannot go step by step";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        if self.sensitivities().is_ok() {
            let text = "sensitivities need `solve`, they cannot go step by step";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        self.refuse_time_span()?;
        self.clear_pending_reason()?;
        u.check_writable()?;
        self.set_solution(u)?;
        self.set_up()?;
        let own = if self.exact_final_time()? == ExactFinalTime::Interpolate {
            // Interpolation writes to `u` from a state of its own.
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
        Ok(Steps {
            ts: self,
            u,
            own,
            finished: None,
        })
    }
}

/// An integration in progress, see [`TsRef::steps`].
pub struct Steps<'a> {
    ts: &'a mut TsRef,
    u: &'a mut VectorRef,
    own: Option<Vector>,
    finished: Option<Converged>,
}

/// What one step left, see [`Steps::advance`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Step<'a> {
    /// Number of steps done.
    pub number: usize,
    /// Time of the state.
    pub time: Real,
    /// The state.
    pub state: Loan<'a, Vector>,
}

impl Steps<'_> {
    /// Does one step. `None` when the end was reached before. Collective.
    ///
    /// # Errors
    /// `NOT_CONVERGED`, on all ranks alike, if the step failed; any error of a callback.
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
        // SAFETY: a live integrator with a solution, which the closure cannot take away: `busy`.
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

    /// Does the steps that are left, and leaves the result in the vector given to
    /// [`steps`](TsRef::steps). Collective.
    ///
    /// # Errors
    /// As [`TsRef::solve`].
    pub fn finish(mut self) -> Result<Converged> {
        loop {
            if let Some(finished) = self.finished {
                return Ok(finished);
            }
            let _ = self.advance()?;
        }
    }

    /// The integrator.
    #[must_use]
    pub fn ts(&self) -> &TsRef {
        self.ts
    }

    /// Whether limits end it before the next step.
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
        // SAFETY: live objects; a monitor cannot take away the others, which are called after it: `busy`.
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
        self.finished = Some(Converged {
            reason,
            steps: self.ts.step_number()?,
            time,
        });
        Ok(())
    }
}

impl fmt::Debug for Steps<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Steps")
            .field("ts", &self.ts)
            .finish_non_exhaustive()
    }
}
