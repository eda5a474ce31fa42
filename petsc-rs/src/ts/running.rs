//! The integrator in closures that may change the running integration.

use std::fmt;
use std::ops::Deref;

use petsc_macros::wraps;

use super::hooks::POST_STEP;
use super::{ConvergedReason, TsRef};
use crate::error::{Error, ErrorCode, Result};
use crate::object::LoanMut;
use crate::vector::{Vector, VectorRef};
use crate::{Real, ffi, get_raw};

/// An integrator inside [`TsRef::solve`], passed to monitors and hooks. It dereferences to the
/// integrator for reading, and has methods for the settings that may change during an integration.
pub struct Running<'a> {
    ts: &'a TsRef,
    interpolated: bool,
    /// Whether a step follows this call. PETSc discards a reason to stop that is set before a step.
    before_step: bool,
}

crate::attached! {
    /// Pending reason to stop, set before a step; `None` after it was applied.
    const PENDING_REASON: Option<ConvergedReason> = c"petsc-rs.ts.pending-reason";
}

impl<'a> Running<'a> {
    pub(super) fn after_step(ts: &'a TsRef) -> Self {
        Self { ts, interpolated: false, before_step: false }
    }

    pub(super) fn before_step(ts: &'a TsRef) -> Self {
        Self { before_step: true, ..Self::after_step(ts) }
    }

    /// PETSc calls monitors before the next step, if there is one.
    pub(super) fn monitored(ts: &'a TsRef, interpolated: bool) -> Self {
        Self { interpolated, ..Self::before_step(ts) }
    }

    /// Returns whether a monitor is called after the last step with the state interpolated to the
    /// final time.
    #[must_use]
    pub fn is_interpolated(&self) -> bool {
        self.interpolated
    }

    /// Computes the state at a time within the last step, see [`TsRef::interpolate`].
    ///
    /// # Errors
    /// The errors of [`TsRef::interpolate`].
    pub fn interpolate(&mut self, time: Real, u: &mut VectorRef) -> Result<()> {
        self.ts().interpolate(time, u)
    }

    fn ts(&mut self) -> &mut TsRef {
        // The methods below neither free nor replace anything through it.
        // SAFETY: a live integrator; the handle claims no memory.
        unsafe { TsRef::from_ptr_mut(self.ts.as_ptr()) }
    }

    /// Returns the state for modification. Not collective.
    ///
    /// If the state is modified after a step, multistep methods restart automatically.
    ///
    /// # Errors
    /// The errors of [`TsRef::solution`].
    pub fn solution_mut(&mut self) -> Result<LoanMut<'_, Vector>> {
        crate::not_collective!();
        self.ts().solution_mut()
    }

    /// Sets the length of the next step, see [`TsRef::set_time_step`].
    ///
    /// # Errors
    /// The errors of [`TsRef::set_time_step`]; `ARG_WRONGSTATE` while an [event](TsRef::set_events)
    /// is being located, because the search for the event chooses the steps, and would not
    /// terminate with others.
    ///
    /// # Examples
    /// The steps 1, 2, 4, 8 from time 0 to 15:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::{Ts, TsType};
    /// # let mut u = Vector::new(comm, 3)?;
    /// # let mut ts = Ts::new(comm)?;
    /// # ts.set_type(TsType::EULER)?;
    /// # ts.set_rhs_function(&*u.duplicate()?, |_, _, _, g| g.set_zero())?;
    /// ts.set_time_step(1.0)?;
    /// ts.set_max_time(15.0)?;
    /// ts.set_post_step(|ts| {
    ///     let step = ts.time_step()?;
    ///     ts.set_time_step(2.0 * step)
    /// })?;
    /// let end = ts.solve(&mut u)?;
    /// assert_eq!((end.steps, end.time), (4, 15.0));
    /// # Ok(()) })
    /// ```
    pub fn set_time_step(&mut self, step: Real) -> Result<()> {
        // SAFETY: a live integrator.
        if ffi::to_bool(unsafe { get_raw!(PetscRsTSLocatesEvent(self.ts.as_ptr(), _)) }?) {
            let text =
                "an event is being located, which determines the steps: no other step can be set";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        self.ts().set_time_step(step)
    }

    /// Sets the final time, see [`TsRef::set_max_time`].
    ///
    /// # Errors
    /// The errors of [`TsRef::set_max_time`]; `ARG_OUTOFRANGE` for a time after the end of a time
    /// span.
    ///
    /// # Examples
    /// See [`set_time_step`](Self::set_time_step).
    pub fn set_max_time(&mut self, time: Real) -> Result<()> {
        if self.time_span()?.last().is_some_and(|&last| time > last) {
            let text = format!("the time {time} lies after the last time of the time span");
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        self.ts().set_max_time(time)
    }

    /// Ends the integration after this step, with the reason [`ConvergedReason::User`], which
    /// counts as converged. Logically collective.
    ///
    /// # Errors
    /// The errors of [`set_converged_reason`](Self::set_converged_reason).
    pub fn stop(&mut self) -> Result<()> {
        self.set_converged_reason(ConvergedReason::User)
    }

    /// Ends the integration with a reason, which must be equal on all ranks. Logically collective.
    ///
    /// The integration ends
    ///
    /// - after this step, if called in a hook after a step or in an event;
    /// - after the next step, unless that step fails, if called in a monitor or in a hook before a
    ///   step.
    ///
    /// In the last call of a monitor, the integration has ended already, and this method changes
    /// the reason why it ended. If the new reason means a failure, [`solve`](TsRef::solve) returns
    /// an error.
    ///
    /// # Errors
    /// `ARG_WRONG` for [`ConvergedReason::Iterating`], which is not a reason to stop, and for
    /// reasons without a name.
    ///
    /// # Examples
    /// A monitor that ends the integration when the state has grown too much:
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
    /// assert_eq!(ts.step_number()?, 5); // 1.5⁴ = 5.06, and one more step
    /// # Ok(()) })
    /// ```
    #[wraps(TSSetConvergedReason)]
    pub fn set_converged_reason(&mut self, reason: ConvergedReason) -> Result<()> {
        if matches!(reason, ConvergedReason::Iterating | ConvergedReason::Other(_)) {
            let text = format!("{reason} is not a reason to stop an integration");
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        let decided = self.converged_reason()? != ConvergedReason::Iterating;
        if decided || !self.before_step {
            return self.ts().set_converged_reason(reason);
        }
        PENDING_REASON.set(self.ts, Some(reason))?;
        (POST_STEP.install)(self.ts.as_ptr(), true)
    }

    /// Informs multistep methods that the state or the problem was changed, see
    /// [`TsRef::restart_step`].
    ///
    /// # Errors
    /// The errors of [`TsRef::restart_step`].
    pub fn restart_step(&mut self) -> Result<()> {
        self.ts().restart_step()
    }
}

impl TsRef {
    /// Called before an integration: removes the pending reason of an earlier one that failed.
    pub(super) fn clear_pending_reason(&self) -> Result<()> {
        let take = |reason: &mut Option<_>| Ok(reason.take());
        PENDING_REASON.with(self, take).map(drop)
    }
}

/// Called after a step: stops with the pending reason if the step succeeded. Returns whether a
/// pending reason was ever set.
pub(super) fn apply_pending_reason(ts: &mut TsRef) -> Result<bool> {
    let Some(pending) = PENDING_REASON.with(ts, |reason| Ok(reason.take()))? else {
        return Ok(false);
    };
    if let Some(reason) = pending {
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
