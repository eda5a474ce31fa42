//! Time integration and its result.

use std::fmt;
use std::ptr;

use petsc_macros::wraps;

use super::{ConvergedReason, ExactFinalTime, TsRef};
use crate::error::{Error, ErrorCode, Result};
use crate::solver::{Outcome, judge};
use crate::vector::VectorRef;
use crate::{Real, call};

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
        let Self { reason, steps, time } = self;
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
        self.preflight(u)?;
        let _carried = self.carry_sensitivities(u)?;
        self.run(u)
    }

    /// Integrates, after [`preflight`](Self::preflight).
    pub(super) fn run(&mut self, u: &mut VectorRef) -> Result<Converged> {
        let _locks = self.begin(u.as_ptr())?;
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
        self.check_state(u)?;
        // SAFETY: a live vector, of which the integrator has a reference.
        let state = unsafe { VectorRef::from_ptr(u) };
        let _carried = self.carry_sensitivities(state)?;
        let _locks = self.begin(u)?;
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
        let time = if reason.is_converged() { self.solve_time()? } else { self.time()? };
        judge(Converged { reason, steps, time })
    }
}
