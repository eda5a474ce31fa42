//! The integrator as closures see it that may change the integration.

use std::cell::Cell;
use std::ffi::CStr;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use petsc_macros::wraps;

use super::hooks::{self, POST_STEP};
use super::{ConvergedReason, TsRef};
use crate::error::{Error, ErrorCode, Result};
use crate::object::LoanMut;
use crate::vector::{Vector, VectorRef};
use crate::{Object as _, Real, callback, sys};

/// An integrator inside of [`TsRef::solve`], lent to monitors and hooks: it dereferences to the integrator,
/// for all that only asks, and has what may be changed meanwhile.
pub struct Running<'a> {
    ts: &'a TsRef,
    interpolated: bool,
    /// Whether a step follows, which forgets a reason to stop that is set before it.
    before_step: bool,
}

/// The reason to stop that was set before a step.
type PendingReason = Rc<Cell<Option<ConvergedReason>>>;

const PENDING_REASON: &CStr = c"petsc-rs.ts.pending-reason";

impl<'a> Running<'a> {
    pub(super) fn after_step(ts: &'a TsRef) -> Self {
        Self {
            ts,
            interpolated: false,
            before_step: false,
        }
    }

    pub(super) fn before_step(ts: &'a TsRef) -> Self {
        Self {
            before_step: true,
            ..Self::after_step(ts)
        }
    }

    /// Monitors run before the next step, if there is one.
    pub(super) fn monitored(ts: &'a TsRef, interpolated: bool) -> Self {
        Self {
            interpolated,
            ..Self::before_step(ts)
        }
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
    pub fn solution_mut(&mut self) -> Result<LoanMut<'_, Vector>> {
        crate::not_collective!();
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
    /// As [`set_converged_reason`](Self::set_converged_reason).
    pub fn stop(&mut self) -> Result<()> {
        self.set_converged_reason(ConvergedReason::User)
    }

    /// Ends the integration, for a reason that is equal on all ranks: from hooks after a step and from events, after
    /// this step; from a monitor or a hook before a step, after the step that follows, unless that one fails; from
    /// the last call of a monitor, it becomes the reason of an integration that has ended. A reason that is no
    /// convergence makes [`solve`](TsRef::solve) return an error. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for a reason not to stop, [`ConvergedReason::Iterating`], and for numbers without a name.
    ///
    /// # Examples
    /// A monitor that gives up when the state has grown too much:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{ErrorCode, Norm, Scalar, ScalarExt, Ts, TsType, Vector, ts::ConvergedReason};
    /// # let mut u = Vector::new(comm, 3)?;
    /// # u.set(Scalar::from_real(1.0))?;
    /// # let mut ts = Ts::new(comm)?;
    /// # ts.set_type(TsType::EULER)?;
    /// # ts.set_rhs_function(&*u.duplicate()?, |_, _, u, g| g.copy_from(u))?;
    /// # ts.set_time_step(0.5)?;
    /// # ts.set_max_steps(100)?;
    /// ts.add_monitor(|ts, _, _, u| {
    ///     if u.norm(Norm::Infinity)? > 5.0 {
    ///         ts.set_converged_reason(ConvergedReason::StepRejected)?;
    ///     }
    ///     Ok(())
    /// })?;
    /// let error = ts.solve(&mut u).unwrap_err();
    /// assert_eq!(error.code(), ErrorCode::NOT_CONVERGED);
    /// assert_eq!(ts.step_number()?, 5); // 1.5⁴ = 5.06, and the step that followed
    /// # Ok(()) })
    /// ```
    #[wraps(TSSetConvergedReason)]
    pub fn set_converged_reason(&mut self, reason: ConvergedReason) -> Result<()> {
        if matches!(
            reason,
            ConvergedReason::Iterating | ConvergedReason::Other(_)
        ) {
            let text = format!("not a reason to stop: {reason}");
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        let decided = self.converged_reason()? != ConvergedReason::Iterating;
        if decided || !self.before_step {
            return self.ts().set_converged_reason(reason);
        }
        self.ts.pending_reason()?.set(Some(reason));
        (POST_STEP.install)(self.ts.as_ptr(), true)
    }

    /// Tells methods with a memory that the state or the problem was changed, see [`TsRef::restart_step`].
    ///
    /// # Errors
    /// As [`TsRef::restart_step`].
    pub fn restart_step(&mut self) -> Result<()> {
        self.ts().restart_step()
    }
}

impl TsRef {
    /// Where a reason to stop waits for the end of the step.
    fn pending_reason(&self) -> Result<PendingReason> {
        if let Some(pending_reason) = self.held_pending_reason()? {
            return Ok(pending_reason);
        }
        let pending_reason = PendingReason::default();
        // SAFETY: a live object.
        unsafe {
            callback::compose(
                self.object_ptr(),
                PENDING_REASON,
                Rc::clone(&pending_reason),
            )
        }?;
        Ok(pending_reason)
    }

    fn held_pending_reason(&self) -> Result<Option<PendingReason>> {
        // SAFETY: under this name lies what `pending_reason` put there.
        unsafe {
            hooks::held(
                self,
                PENDING_REASON,
                |pending_reason: &mut PendingReason| Rc::clone(pending_reason),
            )
        }
    }

    /// Before an integration: what an earlier one that failed left.
    pub(super) fn clear_pending_reason(&self) -> Result<()> {
        if let Some(pending_reason) = self.held_pending_reason()? {
            pending_reason.set(None);
        }
        Ok(())
    }
}

/// After a step: stops for the reason that was set before it, if the step went well. Whether there was ever one.
pub(super) fn apply_pending_reason(ts: sys::TS) -> Result<bool> {
    // SAFETY: a live integrator, by the caller; the handle claims no memory.
    let ts = unsafe { TsRef::from_ptr_mut::<'_>(ts) };
    let Some(pending_reason) = ts.held_pending_reason()? else {
        return Ok(false);
    };
    if let Some(reason) = pending_reason.take() {
        if ts.converged_reason()?.to_raw() >= 0 {
            ts.set_converged_reason(reason)?;
        }
    }
    Ok(true)
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
