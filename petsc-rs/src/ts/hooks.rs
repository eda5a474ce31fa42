//! Closures around steps and stages, which may change the integration that runs.

use std::ffi::{CStr, c_void};
use std::fmt;
use std::ops::Deref;
use std::ptr;

use super::{ConvergedReason, TsRef};
use crate::callback::{self, trampoline};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Int, Object, Real, call, ffi, sys};

const PRE_STEP: &CStr = c"petsc-rs.ts.pre-step";
const POST_STEP: &CStr = c"petsc-rs.ts.post-step";
const POST_EVALUATE: &CStr = c"petsc-rs.ts.post-evaluate";
const PRE_STAGE: &CStr = c"petsc-rs.ts.pre-stage";
const POST_STAGE: &CStr = c"petsc-rs.ts.post-stage";
const DOMAIN: &CStr = c"petsc-rs.ts.domain";

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
    /// As [`TsRef::set_max_time`].
    pub fn set_max_time(&mut self, time: Real) -> Result<()> {
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

impl TsRef {
    /// Sets what runs before each step: `f(ts)`. Replaces an earlier one. Logically collective.
    ///
    /// # Errors
    /// What `TSSetPreStep` returns.
    #[doc(alias = "TSSetPreStep")]
    pub fn set_pre_step<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&mut Running<'_>) -> Result<()> + 'static,
    {
        self.compose_hook(PRE_STEP, f)?;
        // SAFETY: a live integrator; the function finds the closure of its kind composed with it.
        unsafe { call!(TSSetPreStep(self.as_ptr(), Some(before_step::<F>))) }
    }

    /// Sets what runs after each step that was accepted: `f(ts)`. Replaces an earlier one. Logically collective.
    ///
    /// # Errors
    /// What `TSSetPostStep` returns.
    ///
    /// # Examples
    /// Stops when the state has grown enough:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Norm, Scalar, ScalarExt, Ts, TsType, Vector, ts::ConvergedReason};
    /// # let mut u = Vector::new(comm, 3)?;
    /// # u.set(Scalar::from_real(1.0))?;
    /// # let mut ts = Ts::new(comm)?;
    /// # ts.set_type(TsType::EULER)?;
    /// # ts.set_rhs_function(&*u.duplicate()?, |_, _, u, g| g.copy_from(u))?;
    /// # ts.set_time_step(0.5)?;
    /// # ts.set_max_steps(100)?;
    /// ts.set_post_step(|ts| {
    ///     if ts.solution()?.norm(Norm::Infinity)? > 5.0 {
    ///         ts.stop()?;
    ///     }
    ///     Ok(())
    /// })?;
    /// let end = ts.solve(&mut u)?;
    /// assert_eq!((end.reason, end.steps), (ConvergedReason::User, 4)); // 1.5⁴ = 5.06
    /// # Ok(()) })
    /// ```
    #[doc(alias = "TSSetPostStep")]
    pub fn set_post_step<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&mut Running<'_>) -> Result<()> + 'static,
    {
        self.compose_hook(POST_STEP, f)?;
        // SAFETY: as in `set_pre_step`.
        unsafe { call!(TSSetPostStep(self.as_ptr(), Some(after_step::<F>))) }
    }

    /// Sets what runs after each evaluation of a step, before events are looked for: `f(ts)`. Replaces an earlier
    /// one. Logically collective.
    ///
    /// # Errors
    /// What `TSSetPostEvaluate` returns.
    #[doc(alias = "TSSetPostEvaluate")]
    pub fn set_post_evaluate<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&mut Running<'_>) -> Result<()> + 'static,
    {
        self.compose_hook(POST_EVALUATE, f)?;
        // SAFETY: as in `set_pre_step`.
        unsafe {
            call!(TSSetPostEvaluate(
                self.as_ptr(),
                Some(after_evaluation::<F>)
            ))
        }
    }

    /// Sets what runs before each stage of a step: `f(ts, time of the stage)`. Replaces an earlier one. Logically
    /// collective.
    ///
    /// # Errors
    /// What `TSSetPreStage` returns.
    #[doc(alias = "TSSetPreStage")]
    pub fn set_pre_stage<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real) -> Result<()> + 'static,
    {
        self.compose_hook(PRE_STAGE, f)?;
        // SAFETY: as in `set_pre_step`.
        unsafe { call!(TSSetPreStage(self.as_ptr(), Some(before_stage::<F>))) }
    }

    /// Sets what runs after each stage of a step: `f(ts, time of the stage, its number, its state)`; it may
    /// change the state, as limiters do. Replaces an earlier one. Logically collective.
    ///
    /// # Errors
    /// What `TSSetPostStage` returns.
    #[doc(alias = "TSSetPostStage")]
    pub fn set_post_stage<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, usize, &mut VectorRef) -> Result<()> + 'static,
    {
        self.compose_hook(POST_STAGE, f)?;
        // SAFETY: as in `set_pre_step`.
        unsafe { call!(TSSetPostStage(self.as_ptr(), Some(after_stage::<F>))) }
    }

    /// Sets which states the problem is defined for: `f(ts, time of the stage, its state)` says whether this rank
    /// can go on from it. When any rank says no, all reject the stage and try a shorter step
    /// ([`set_scale_solve_failed`](super::TsAdaptRef::set_scale_solve_failed)). Replaces an earlier one.
    /// Logically collective.
    ///
    /// # Errors
    /// What `TSSetFunctionDomainError` returns.
    #[doc(alias = "TSSetFunctionDomainError")]
    pub fn set_domain<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef) -> Result<bool> + 'static,
    {
        self.compose_hook(DOMAIN, f)?;
        // SAFETY: as in `set_pre_step`.
        unsafe { call!(TSSetFunctionDomainError(self.as_ptr(), Some(inside::<F>))) }
    }

    /// Composes a closure with the integrator, for functions of C that take no context.
    pub(super) fn compose_hook<F>(&mut self, key: &CStr, f: F) -> Result<*mut c_void> {
        // SAFETY: a live object; the closure lives as long as the integrator, or until it is replaced.
        unsafe { callback::compose(self.object_ptr(), key, f) }
    }
}

/// Finds the closure that is composed under a name, and calls C's function with it.
pub(super) fn with_hook(
    ts: sys::TS,
    key: &CStr,
    run: impl FnOnce(*mut c_void) -> sys::PetscErrorCode,
) -> sys::PetscErrorCode {
    let mut ctx = ptr::null_mut();
    let found = callback::guard(c"TS hook", || {
        let mut container: sys::PetscObject = ptr::null_mut();
        // SAFETY: PETSc lends a live object; a NUL-terminated name and a valid out-pointer.
        unsafe {
            call!(PetscObjectQuery(
                ts.cast(),
                key.as_ptr(),
                &raw mut container
            ))
        }?;
        if container.is_null() {
            let text = "this integrator has no such closure; it was set on another one";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        // SAFETY: under this name lies a container of `compose_hook`.
        unsafe { call!(PetscRsContainerGetPointer(container, &raw mut ctx)) }
    });
    if ctx.is_null() { found } else { run(ctx) }
}

trampoline! {
    fn step_shim[c"TS step"](ts: &TsRef)
    for FnMut(&mut Running<'_>) -> Result<()> as F = |f| f(&mut Running::new(ts))
}

trampoline! {
    fn pre_stage_shim[c"TS pre-stage"](ts: &TsRef, time: Real)
}

trampoline! {
    fn post_stage_shim[c"TS post-stage"](ts: &TsRef, time: Real, index: usize, u: &mut VectorRef)
}

trampoline! {
    fn inside_shim[c"TS domain"](ts: &TsRef, time: Real, u: &VectorRef; -> bool;)
    for FnMut(&TsRef, Real, &VectorRef) -> Result<bool> as F = |f| {
        let outside = !f(ts, time, u)?;
        // All ranks have to take the same decision.
        Ok(!crate::comm::any_rank(ts.object_ptr(), outside)?)
    }
}

/// Writes the functions of C that take no context.
macro_rules! step_functions {
    ($($name:ident($key:ident);)*) => {$(
        unsafe extern "C" fn $name<F>(ts: sys::TS) -> sys::PetscErrorCode
        where
            F: FnMut(&mut Running<'_>) -> Result<()>,
        {
            // SAFETY: under this key lies a closure of the kind whose setter named this function.
            with_hook(ts, $key, |ctx| unsafe { step_shim::<F>(ts, ctx) })
        }
    )*};
}

step_functions! {
    before_step(PRE_STEP);
    after_step(POST_STEP);
    after_evaluation(POST_EVALUATE);
}

unsafe extern "C" fn before_stage<F>(ts: sys::TS, time: Real) -> sys::PetscErrorCode
where
    F: FnMut(&TsRef, Real) -> Result<()>,
{
    // SAFETY: as in `step_functions`.
    with_hook(ts, PRE_STAGE, |ctx| unsafe {
        pre_stage_shim::<F>(ts, time, ctx)
    })
}

unsafe extern "C" fn after_stage<F>(
    ts: sys::TS,
    time: Real,
    index: Int,
    stages: *mut sys::Vec,
) -> sys::PetscErrorCode
where
    F: FnMut(&TsRef, Real, usize, &mut VectorRef) -> Result<()>,
{
    // SAFETY: PETSc passes the array of stages up to this one.
    let stages = unsafe { ffi::slice(stages.cast_const(), ffi::index_to_usize(index) + 1) };
    let stage = stages[ffi::index_to_usize(index)];
    with_hook(ts, POST_STAGE, |ctx| {
        // SAFETY: as in `step_functions`.
        unsafe { post_stage_shim::<F>(ts, time, index, stage, ctx) }
    })
}

unsafe extern "C" fn inside<F>(
    ts: sys::TS,
    time: Real,
    u: sys::Vec,
    accept: *mut sys::PetscBool,
) -> sys::PetscErrorCode
where
    F: FnMut(&TsRef, Real, &VectorRef) -> Result<bool>,
{
    // SAFETY: as in `step_functions`.
    with_hook(ts, DOMAIN, |ctx| unsafe {
        inside_shim::<F>(ts, time, u, accept, ctx)
    })
}
