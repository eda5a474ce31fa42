//! Closures before and after steps and stages, which may change the running integration.

use std::ffi::c_void;
use std::ptr;

use petsc_macros::wraps;

use super::{Running, TsRef, running};
use crate::callback::{self, Attached, trampoline};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Int, Object, Real, call, ffi, sys};

/// A hook for one closure. C's functions have no context: they find the closure attached to the
/// integrator. All closures of a hook have the type `F`.
pub(super) struct Hook<F> {
    pub(super) closure: Attached<F>,
    /// Installs the C function, or removes it.
    pub(super) install: fn(sys::TS, bool) -> Result<()>,
}

pub(super) type AtStep<'a> = Box<dyn FnMut(&mut Running<'_>) -> Result<()> + 'a>;
pub(super) type BeforeStage<'a> = Box<dyn FnMut(&TsRef, Real) -> Result<()> + 'a>;
pub(super) type AfterStage<'a> =
    Box<dyn FnMut(&TsRef, Real, usize, &mut VectorRef) -> Result<()> + 'a>;
type Domain = Box<dyn FnMut(&TsRef, Real, &VectorRef) -> Result<bool>>;

crate::attached! {
    const PRE_STEP_CLOSURE: AtStep<'static> = c"petsc-rs.ts.pre-step";
    const POST_STEP_CLOSURE: AtStep<'static> = c"petsc-rs.ts.post-step";
    const POST_EVALUATE_CLOSURE: AtStep<'static> = c"petsc-rs.ts.post-evaluate";
    const PRE_STAGE_CLOSURE: BeforeStage<'static> = c"petsc-rs.ts.pre-stage";
    const POST_STAGE_CLOSURE: AfterStage<'static> = c"petsc-rs.ts.post-stage";
    const DOMAIN_CLOSURE: Domain = c"petsc-rs.ts.domain";
}

/// Defines hooks.
macro_rules! hooks {
    ($($place:ident of $type:ty = $key:ident by $set:ident($function:ident);)*) => {$(
        pub(super) const $place: Hook<$type> = Hook {
            closure: $key,
            install: |ts, on| {
                let function = if on { Some($function as _) } else { None };
                // SAFETY: a live integrator, by the callers; the function finds the closure of its type.
                unsafe { call!($set(ts, function)) }
            },
        };
    )*};
}

hooks! {
    PRE_STEP of AtStep<'static> = PRE_STEP_CLOSURE by TSSetPreStep(before_step);
    POST_STEP of AtStep<'static> = POST_STEP_CLOSURE by TSSetPostStep(after_step);
    POST_EVALUATE of AtStep<'static> = POST_EVALUATE_CLOSURE by TSSetPostEvaluate(after_evaluation);
    PRE_STAGE of BeforeStage<'static> = PRE_STAGE_CLOSURE by TSSetPreStage(before_stage);
    POST_STAGE of AfterStage<'static> = POST_STAGE_CLOSURE by TSSetPostStage(after_stage);
    DOMAIN of Domain = DOMAIN_CLOSURE by TSSetFunctionDomainError(inside);
}

impl TsRef {
    /// Sets the closure `f(ts)` that is called before each step. Replaces an earlier closure.
    /// Logically collective.
    #[wraps(TSSetPreStep)]
    pub fn set_pre_step<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&mut Running<'_>) -> Result<()> + 'static,
    {
        self.set_hook(&PRE_STEP, Box::new(f))
    }

    /// Sets the closure `f(ts)` that is called after each accepted step. Replaces an earlier
    /// closure. Logically collective.
    ///
    /// # Examples
    /// Stops when the state has exceeded a value:
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
    #[wraps(TSSetPostStep)]
    pub fn set_post_step<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&mut Running<'_>) -> Result<()> + 'static,
    {
        self.set_hook(&POST_STEP, Box::new(f))
    }

    /// Sets the closure `f(ts)` that is called after each evaluation of a step, before events are
    /// detected. Replaces an earlier closure. Logically collective.
    #[wraps(TSSetPostEvaluate)]
    pub fn set_post_evaluate<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&mut Running<'_>) -> Result<()> + 'static,
    {
        self.set_hook(&POST_EVALUATE, Box::new(f))
    }

    /// Sets the closure `f(ts, time)` that is called before each stage of a step, with the time of
    /// the stage. Replaces an earlier closure. Logically collective.
    #[wraps(TSSetPreStage)]
    pub fn set_pre_stage<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real) -> Result<()> + 'static,
    {
        self.set_hook(&PRE_STAGE, Box::new(f))
    }

    /// Sets the closure `f(ts, time, index, state)` that is called after each stage of a step, with
    /// the time, the index and the state of the stage. Replaces an earlier closure. Logically
    /// collective.
    ///
    /// The closure may change the state, for example with a limiter.
    #[wraps(TSSetPostStage)]
    pub fn set_post_stage<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, usize, &mut VectorRef) -> Result<()> + 'static,
    {
        self.set_hook(&POST_STAGE, Box::new(f))
    }

    /// Sets the domain of the problem: `f(ts, time, state)` returns whether the state of a stage
    /// lies in the domain on this rank. Replaces an earlier closure. Logically collective.
    ///
    /// If it returns `false` on any rank, all ranks reject the stage and retry with a shorter step,
    /// see [`set_scale_solve_failed`](super::TsAdaptRef::set_scale_solve_failed).
    #[wraps(TSSetFunctionDomainError)]
    pub fn set_domain<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef) -> Result<bool> + 'static,
    {
        self.set_hook(&DOMAIN, Box::new(f))
    }

    fn set_hook<F>(&mut self, hook: &Hook<F>, f: F) -> Result<()> {
        hook.closure.set(self, f)?;
        (hook.install)(self.as_ptr(), true)
    }
}

/// Finds the closure of a live integrator, and calls the C function with its context.
pub(super) fn with_closure<F>(
    ts: sys::TS,
    key: &Attached<F>,
    run: impl FnOnce(*mut c_void) -> sys::PetscErrorCode,
) -> sys::PetscErrorCode {
    let mut ctx = ptr::null_mut();
    let found = callback::guard(c"TS hook", || {
        // SAFETY: a live integrator, by the callers.
        ctx = unsafe { key.context(ts.cast()) }?.ok_or_else(|| {
            let text =
                "the integrator does not have this closure: it was set on another integrator";
            Error::new(ErrorCode::ARG_WRONGSTATE, text)
        })?;
        Ok(())
    });
    if ctx.is_null() { found } else { run(ctx) }
}

trampoline! {
    fn pre_step_shim[c"TS pre-step"](ts: &TsRef)
    for FnMut(&mut Running<'_>) -> Result<()> as F = |f| f(&mut Running::before_step(ts))
}

trampoline! {
    fn step_shim[c"TS step"](ts: &TsRef)
    for FnMut(&mut Running<'_>) -> Result<()> as F = |f| f(&mut Running::after_step(ts))
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
        // All ranks have to make the same decision.
        Ok(!crate::comm::any_rank(ts.object_ptr(), outside)?)
    }
}

unsafe extern "C" fn before_step(ts: sys::TS) -> sys::PetscErrorCode {
    // SAFETY: the context of a closure of this type, up to lifetimes.
    with_closure(ts, &PRE_STEP.closure, |ctx| unsafe { pre_step_shim::<AtStep<'_>>(ts, ctx) })
}

unsafe extern "C" fn after_step(ts: sys::TS) -> sys::PetscErrorCode {
    let mut alone = false;
    let code = callback::guard(c"TS step", || {
        // C also calls this without a closure of the user, to apply a pending reason to stop.
        // SAFETY: PETSc passes a live integrator; the handle does not claim exclusive access.
        let ts = unsafe { TsRef::from_ptr_mut(ts) };
        alone = running::apply_pending_reason(ts)? && !POST_STEP.closure.is_set(ts)?;
        Ok(())
    });
    if alone || code != sys::error_code(0) {
        return code;
    }
    // SAFETY: as in `before_step`.
    with_closure(ts, &POST_STEP.closure, |ctx| unsafe { step_shim::<AtStep<'_>>(ts, ctx) })
}

unsafe extern "C" fn after_evaluation(ts: sys::TS) -> sys::PetscErrorCode {
    // SAFETY: as in `before_step`.
    with_closure(ts, &POST_EVALUATE.closure, |ctx| unsafe { step_shim::<AtStep<'_>>(ts, ctx) })
}

unsafe extern "C" fn before_stage(ts: sys::TS, time: Real) -> sys::PetscErrorCode {
    // SAFETY: as in `before_step`.
    with_closure(ts, &PRE_STAGE.closure, |ctx| unsafe {
        pre_stage_shim::<BeforeStage<'_>>(ts, time, ctx)
    })
}

unsafe extern "C" fn after_stage(
    ts: sys::TS,
    time: Real,
    index: Int,
    stages: *mut sys::Vec,
) -> sys::PetscErrorCode {
    // SAFETY: PETSc passes the array of stages up to this one.
    let stages = unsafe { ffi::slice(stages.cast_const(), ffi::index_to_usize(index) + 1) };
    let stage = stages[ffi::index_to_usize(index)];
    with_closure(ts, &POST_STAGE.closure, |ctx| {
        // SAFETY: as in `before_step`.
        unsafe { post_stage_shim::<AfterStage<'_>>(ts, time, index, stage, ctx) }
    })
}

unsafe extern "C" fn inside(
    ts: sys::TS,
    time: Real,
    u: sys::Vec,
    accept: *mut sys::PetscBool,
) -> sys::PetscErrorCode {
    // SAFETY: as in `before_step`.
    with_closure(ts, &DOMAIN.closure, |ctx| unsafe {
        inside_shim::<Domain>(ts, time, u, accept, ctx)
    })
}
