//! Adaptive control of the time step.

use std::ptr;

use petsc_macros::{getter, setting, wraps};

use super::TsRef;
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::range::not_negative;
use crate::ksp::Setting;
use crate::object::{Object as _, petsc_object};
use crate::type_names::type_names;
use crate::vector::VectorRef;
use crate::{Real, call, ffi, sys};

petsc_object! {
    /// An adaptive controller of the time step.
    ///
    /// It belongs to a [`Ts`](crate::Ts), which creates it and applies it after each step.
    /// [`TsRef::adapt`] returns it.
    ///
    /// # Examples
    /// See [`TsRef::adapt`].
    ///
    /// # Options
    /// `-ts_adapt_type`, `-ts_adapt_clip`, `-ts_adapt_safety`, `-ts_adapt_dt_min`,
    /// `-ts_adapt_dt_max`, `-ts_adapt_monitor`.
    ///
    /// # See also
    /// [`TsAdaptType`], [`TsRef::set_tolerances`].
    #[wraps(TSAdapt)]
    TsAdapt,
    /// A borrowed [`TsAdapt`] of an integrator.
    TsAdaptRef,
    TSAdapt,
    TSAdaptDestroy,
}

type_names! {
    /// Name of a step controller, for `-ts_adapt_type` and [`TsAdaptRef::set_type`].
    #[doc(alias = "TSAdaptType")]
    TsAdaptType;
    /// Constant time steps.
    NONE = c"none",
    /// Based on an estimate of the local error.
    BASIC = c"basic",
    /// Digital filter of the last error estimates.
    DSP = c"dsp",
    /// Based on the largest stable time step, which the user computes.
    CFL = c"cfl",
    /// Based on the global error estimate of general linear methods.
    GLEE = c"glee",
    /// Repeats the time steps of an earlier integration.
    HISTORY = c"history",
}

/// Shortest and longest step, see [`TsAdaptRef::set_step_limits`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepLimits {
    /// Shortest step.
    pub min: Real,
    /// Longest step.
    pub max: Real,
}

impl TsRef {
    /// Returns the step controller.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Ts, ts::TsAdaptType};
    /// let ts = Ts::new(comm)?;
    /// let mut adapt = ts.adapt()?;
    /// adapt.set_type(TsAdaptType::BASIC)?;
    /// adapt.set_clip(0.5, 2.0)?;
    /// assert_eq!(ts.adapt()?.clip()?, (0.5, 2.0));
    /// # Ok(()) })
    /// ```
    #[wraps(TSGetAdapt, not_collective)]
    #[track_caller]
    pub fn adapt(&self) -> Result<TsAdapt> {
        // SAFETY: a live object.
        unsafe { TsAdapt::part_of(self, self.raw_adapt()?) }
    }

    /// Checks the step controller: `tspseudo` reads the data of an integrator of type `pseudo`.
    pub(super) fn check_controller(&self) -> Result<()> {
        if self.adapt()?.is_type("tspseudo")? && !self.is_type("pseudo")? {
            let text = "the step controller tspseudo requires an integrator of type pseudo: set another controller";
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        Ok(())
    }

    /// Removes the check of stages that the controller `tspseudo` sets, after the type was changed:
    /// PETSc keeps it, and it reads the data of an integrator of type `pseudo`.
    pub(super) fn leave_pseudo(&self, was_pseudo: bool) -> Result<()> {
        if was_pseudo && !self.is_type("pseudo")? {
            return self.adapt()?.forget_stage_check();
        }
        Ok(())
    }

    #[getter(TSGetAdapt)]
    fn raw_adapt() -> sys::TSAdapt;

    /// Sets the absolute and the relative tolerance of the local error. Logically collective.
    /// Default: 1e-4 each. Options: `-ts_atol`, `-ts_rtol`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a negative number.
    #[wraps(TSSetTolerances)]
    pub fn set_tolerances(
        &mut self,
        atol: impl Into<Setting<Real>>,
        rtol: impl Into<Setting<Real>>,
    ) -> Result<()> {
        let (atol, rtol) = (atol.into().tolerance()?, rtol.into().tolerance()?);
        let none = ptr::null_mut();
        // SAFETY: a live integrator; NULL keeps the vectors that are set.
        unsafe { call!(TSSetTolerances(self.as_ptr(), atol, none, rtol, none)) }
    }

    /// Sets a tolerance for each entry of the state. `None` keeps the current tolerance. Logically
    /// collective.
    ///
    /// PETSc reads the vectors in every step.
    ///
    /// # Errors
    /// The errors of `TSSetTolerances`. If the length of a vector differs from that of the state,
    /// each step returns `ARG_SIZ`.
    #[wraps(TSSetTolerances)]
    pub fn set_vector_tolerances(
        &mut self,
        atol: Option<&VectorRef>,
        rtol: Option<&VectorRef>,
    ) -> Result<()> {
        let raw = |v: Option<&VectorRef>| v.map_or(ptr::null_mut(), VectorRef::as_ptr);
        let (atol, rtol, same) = (raw(atol), raw(rtol), ffi::DEFAULT_REAL);
        // SAFETY: live objects; PETSc takes references; sizes are compared before a step.
        unsafe { call!(TSSetTolerances(*self.busy()?, same, atol, same, rtol)) }
    }

    /// Returns the absolute and the relative tolerance of all entries.
    #[wraps(TSGetTolerances, not_collective)]
    pub fn tolerances(&self) -> Result<(Real, Real)> {
        let (mut atol, mut rtol) = (0.0, 0.0);
        let none = ptr::null_mut();
        let (a, r) = (&raw mut atol, &raw mut rtol);
        // SAFETY: a live integrator, valid out-pointers, NULL for values that are not needed.
        unsafe { call!(TSGetTolerances(self.as_ptr(), a, none, r, none)) }?;
        Ok((atol, rtol))
    }

    /// Checks the lengths of the tolerance vectors: PETSc indexes them with the length of the
    /// state.
    pub(super) fn check_tolerances(&self, u: sys::Vec) -> Result<()> {
        let (mut atol, mut rtol) = (ptr::null_mut(), ptr::null_mut());
        let none = ptr::null_mut();
        let (a, r) = (&raw mut atol, &raw mut rtol);
        // SAFETY: a live integrator, valid out-pointers, NULL for values that are not needed.
        unsafe { call!(TSGetTolerances(self.as_ptr(), none, a, none, r)) }?;
        // SAFETY: a live vector, by the caller.
        let len = unsafe { VectorRef::from_ptr(u) }.local_len()?;
        for vector in [atol, rtol].into_iter().filter(|v| !v.is_null()) {
            // SAFETY: the integrator keeps a reference.
            let found = unsafe { VectorRef::from_ptr(vector) }.local_len()?;
            ffi::same_len("length of the vector of tolerances", len, found)?;
        }
        Ok(())
    }
}

impl TsAdaptRef {
    /// The minimum factor (0 to 1) and the maximum factor (1 or more) by which the step is
    /// multiplied from one step to the next.
    #[setting(TSAdaptSetClip, TSAdaptGetClip, get = clip, check = not_negative, running)]
    #[option("-ts_adapt_clip", default = "0.1 and 10")]
    pub fn set_clip(shrink: Real, grow: Real);

    /// The safety factor of the allowed error, and the additional factor after a rejected step,
    /// both between 0 and 1.
    #[setting(
        TSAdaptSetSafety, TSAdaptGetSafety,
        get = safety, check = not_negative, running
    )]
    #[option("-ts_adapt_safety", "-ts_adapt_reject_safety", default = "0.9 and 0.5")]
    pub fn set_safety(safety: Real, after_rejection: Real);
}

impl TsAdaptRef {
    /// Sets the type of the step controller. Logically collective. Option: `-ts_adapt_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if no controller has that name.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::{Ts, ts::TsAdaptType};
    /// let mut adapt = Ts::new(comm)?.adapt()?;
    /// adapt.set_type(TsAdaptType::NONE)?; // constant time steps
    /// assert_eq!(adapt.type_name()?.as_deref(), Some("none"));
    /// # Ok(()) })
    /// ```
    #[wraps(TSAdaptSetType)]
    pub fn set_type(&mut self, kind: TsAdaptType<'_>) -> Result<()> {
        if self.is_type("tspseudo")? {
            self.forget_stage_check()?;
        }
        // SAFETY: a live controller; the name is NUL-terminated.
        unsafe { call!(TSAdaptSetType(*self.busy()?, kind.as_ptr())) }
    }

    fn forget_stage_check(&self) -> Result<()> {
        // SAFETY: a live controller.
        unsafe { call!(TSAdaptSetCheckStage(self.as_ptr(), None)) }
    }

    /// Sets the shortest and the longest step. Logically collective. Default: 1e-20 and 1e50.
    /// Options: `-ts_adapt_dt_min`, `-ts_adapt_dt_max`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` unless `0 ≤ min < max`.
    #[wraps(TSAdaptSetStepLimits)]
    pub fn set_step_limits(&mut self, limits: StepLimits) -> Result<()> {
        not_negative(limits.min, "the minimum step")?;
        not_negative(limits.max, "the maximum step")?;
        let (min, max) = (limits.min, limits.max);
        // SAFETY: a live controller; PETSc checks the order in every build.
        unsafe { call!(TSAdaptSetStepLimits(*self.busy()?, min, max)) }
    }

    /// Returns the shortest and the longest step.
    #[wraps(TSAdaptGetStepLimits, not_collective)]
    pub fn step_limits(&self) -> Result<StepLimits> {
        let (min, max) = self.raw_step_limits()?;
        Ok(StepLimits { min, max })
    }

    #[getter(TSAdaptGetStepLimits)]
    fn raw_step_limits() -> (Real, Real);

    /// Whether every step is accepted, even if its error is too large.
    #[setting(TSAdaptSetAlwaysAccept)]
    #[option("-ts_adapt_always_accept", default = "false")]
    pub fn set_always_accept(always_accept: bool);

    /// Sets the factor, between 0 and 1, by which the step is multiplied after a stage has failed:
    /// its nonlinear solve did not converge, or its state lies outside the domain. Logically
    /// collective. Default: 0.25. Option: `-ts_adapt_scale_solve_failed`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for other values.
    #[wraps(TSAdaptSetScaleSolveFailed)]
    pub fn set_scale_solve_failed(&mut self, scale: Real) -> Result<()> {
        if !(scale > 0.0 && scale < 1.0) {
            let text = format!("the factor must lie between 0 and 1, got {scale}");
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        // SAFETY: a live controller.
        unsafe { call!(TSAdaptSetScaleSolveFailed(*self.busy()?, scale)) }
    }

    /// The threshold below which entries of the state are ignored in the error norm, compared in
    /// absolute value.
    #[setting(TSAdaptSetMaxIgnore, TSAdaptGetMaxIgnore)]
    #[option("-ts_adapt_max_ignore", default = "-1: none are ignored")]
    pub fn set_max_ignore(max_ignore: Real);

    /// The gains of the controller `dsp`: integral, proportional, derivative.
    #[setting(TSAdaptDSPSetPID, composed)]
    #[option("-ts_adapt_dsp_pid", default = "0.7, -0.4, 0")]
    pub fn set_dsp_gains(integral: Real, proportional: Real, derivative: Real);

    /// Returns the factor of [`set_scale_solve_failed`](Self::set_scale_solve_failed).
    #[getter(TSAdaptGetScaleSolveFailed)]
    pub fn scale_solve_failed() -> Real;

    /// The number of steps after a decrease of the step length during which the controller does not
    /// increase it.
    #[setting(TSAdaptSetTimeStepIncreaseDelay)]
    #[option("-ts_adapt_time_step_increase_delay", default = "0")]
    pub fn set_step_increase_delay(step_increase_delay: usize);

    /// Whether the controller prints its decisions.
    #[setting(TSAdaptSetMonitor)]
    #[option("-ts_adapt_monitor", default = "false")]
    pub fn set_monitor(monitor: bool);
}
