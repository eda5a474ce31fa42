//! Closures before and after steps and stages, which may change the running integration.

use std::ffi::{CStr, c_void};
use std::marker::PhantomData;
use std::ptr;

use petsc_macros::wraps;

use super::{Running, TsRef, running};
use crate::callback::{self, Context, trampoline};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Int, Object, Real, call, ffi, sys};

/// A hook for one closure. C's functions have no context: they find the closure attached to the
/// integrator. All closures of a hook have the type `F`.
pub(super) struct Hook<F> {
    pub(super) name: &'static CStr,
    /// Installs the C function, or removes it.
    pub(super) install: fn(sys::TS, bool) -> Result<()>,
    closure: PhantomData<fn() -> F>,
}

pub(super) type AtStep<'a> = Box<dyn FnMut(&mut Running<'_>) -> Result<()> + 'a>;
pub(super) type BeforeStage<'a> = Box<dyn FnMut(&TsRef, Real) -> Result<()> + 'a>;
pub(super) type AfterStage<'a> =
    Box<dyn FnMut(&TsRef, Real, usize, &mut VectorRef) -> Result<()> + 'a>;
type Domain = Box<dyn FnMut(&TsRef, Real, &VectorRef) -> Result<bool>>;

/// Defines hooks.
macro_rules! hooks {
    ($($place:ident of $closure:ty = $name:literal by $set:ident($function:ident);)*) => {$(
        pub(super) const $place: Hook<$closure> = Hook {
            name: $name,
            install: |ts, on| {
                let function = if on { Some($function as _) } else { None };
                // SAFETY: a live integrator, by the callers; the function finds the closure of its type.
                unsafe { call!($set(ts, function)) }
            },
            closure: PhantomData,
        };
    )*};
}

hooks! {
    PRE_STEP of AtStep<'static> = c"petsc-rs.ts.pre-step" by TSSetPreStep(before_step);
    POST_STEP of AtStep<'static> = c"petsc-rs.ts.post-step" by TSSetPostStep(after_step);
    POST_EVALUATE of AtStep<'static> = c"petsc-rs.ts.post-evaluate" by TSSetPostEvaluate(after_evaluation);
    PRE_STAGE of BeforeStage<'static> = c"petsc-rs.ts.pre-stage" by TSSetPreStage(before_stage);
    POST_STAGE of AfterStage<'static> = c"petsc-rs.ts.post-stage" by TSSetPostStage(after_stage);
    DOMAIN of Domain = c"petsc-rs.ts.domain" by TSSetFunctionDomainError(inside);
}

impl TsRef {
    /// Sets the closure `f(ts)` that is called before each step. Replaces an earlier closure.
    /// Logically collective.
    ///
    /// # Errors
    /// The errors of `TSSetPreStep`.
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
    /// # Errors
    /// The errors of `TSSetPostStep`.
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
    ///
    /// # Errors
    /// The errors of `TSSetPostEvaluate`.
    #[wraps(TSSetPostEvaluate)]
    pub fn set_post_evaluate<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&mut Running<'_>) -> Result<()> + 'static,
    {
        self.set_hook(&POST_EVALUATE, Box::new(f))
    }

    /// Sets the closure `f(ts, time)` that is called before each stage of a step, with the time of
    /// the stage. Replaces an earlier closure. Logically collective.
    ///
    /// # Errors
    /// The errors of `TSSetPreStage`.
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
    ///
    /// # Errors
    /// The errors of `TSSetPostStage`.
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
    ///
    /// # Errors
    /// The errors of `TSSetFunctionDomainError`.
    #[wraps(TSSetFunctionDomainError)]
    pub fn set_domain<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef) -> Result<bool> + 'static,
    {
        self.set_hook(&DOMAIN, Box::new(f))
    }

    fn set_hook<F>(&mut self, hook: &Hook<F>, f: F) -> Result<()> {
        // SAFETY: a live object; the closure lives as long as the integrator, or until it is
        // replaced. All closures under this name have one type, which the C function expects.
        unsafe { callback::compose(self.object_ptr(), hook.name, f) }?;
        (hook.install)(self.as_ptr(), true)
    }
}

/// Returns the object composed with a live integrator under a name, or NULL.
pub(super) fn composed(ts: sys::TS, name: &CStr) -> Result<sys::PetscObject> {
    let mut found = ptr::null_mut();
    // SAFETY: a live object, by the callers; a NUL-terminated name and a valid out-pointer.
    unsafe { call!(PetscObjectQuery(ts.cast(), name.as_ptr(), &raw mut found)) }?;
    Ok(found)
}

/// Returns the context of a closure that is composed with a live integrator under a name.
pub(super) fn context(ts: sys::TS, name: &CStr) -> Result<Option<*mut c_void>> {
    let container = composed(ts, name)?;
    if container.is_null() {
        return Ok(None);
    }
    let mut ctx = ptr::null_mut();
    // SAFETY: this name refers to a container of `compose`.
    unsafe { call!(PetscRsContainerGetPointer(container, &raw mut ctx)) }?;
    Ok(Some(ctx))
}

/// Accesses the value that [`callback::compose`] attached under a name.
///
/// # Safety
/// The value composed under this name has type `T`.
pub(super) unsafe fn held<T, R>(
    ts: &TsRef,
    name: &CStr,
    read: impl FnOnce(&mut T) -> R,
) -> Result<Option<R>> {
    let Some(ctx) = context(ts.as_ptr(), name)? else {
        return Ok(None);
    };
    // SAFETY: its pointer is a context of this type, by contract.
    unsafe { Context::<T>::with(ctx, |value| Ok(Some(read(value)))) }
}

/// Finds the closure composed under a name, and calls the C function with it.
pub(super) fn with_hook(
    ts: sys::TS,
    key: &CStr,
    run: impl FnOnce(*mut c_void) -> sys::PetscErrorCode,
) -> sys::PetscErrorCode {
    let mut ctx = ptr::null_mut();
    let found = callback::guard(c"TS hook", || {
        ctx = context(ts, key)?.ok_or_else(|| {
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
    // SAFETY: this name refers to a closure of this type.
    with_hook(ts, PRE_STEP.name, |ctx| unsafe {
        pre_step_shim::<AtStep<'_>>(ts, ctx)
    })
}

unsafe extern "C" fn after_step(ts: sys::TS) -> sys::PetscErrorCode {
    let mut alone = false;
    let code = callback::guard(c"TS step", || {
        // C also calls this without a closure of the user, to apply a pending reason to stop.
        alone = running::apply_pending_reason(ts)? && composed(ts, POST_STEP.name)?.is_null();
        Ok(())
    });
    if alone || code != sys::error_code(0) {
        return code;
    }
    // SAFETY: as in `before_step`.
    with_hook(ts, POST_STEP.name, |ctx| unsafe {
        step_shim::<AtStep<'_>>(ts, ctx)
    })
}

unsafe extern "C" fn after_evaluation(ts: sys::TS) -> sys::PetscErrorCode {
    // SAFETY: as in `before_step`.
    with_hook(ts, POST_EVALUATE.name, |ctx| unsafe {
        step_shim::<AtStep<'_>>(ts, ctx)
    })
}

unsafe extern "C" fn before_stage(ts: sys::TS, time: Real) -> sys::PetscErrorCode {
    // SAFETY: as in `before_step`.
    with_hook(ts, PRE_STAGE.name, |ctx| unsafe {
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
    with_hook(ts, POST_STAGE.name, |ctx| {
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
    with_hook(ts, DOMAIN.name, |ctx| unsafe {
        inside_shim::<Domain>(ts, time, u, accept, ctx)
    })
}
