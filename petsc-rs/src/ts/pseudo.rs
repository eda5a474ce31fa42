//! Pseudo-transient continuation: time steps that grow towards a steady state.

use std::ffi::{CStr, c_void};

use petsc_macros::{setting, wraps};

use super::{TsRef, TsType};
use crate::callback::{self, trampoline};
use crate::error::Result;
use crate::ffi::range::finite_positive;
use crate::vector::VectorRef;
use crate::{Object, Real, call, sys};

const STEP: &CStr = c"petsc-rs.ts.pseudo-step";
const VERIFY: &CStr = c"petsc-rs.ts.pseudo-verify";

impl TsRef {
    /// Sets the rule for the time steps of the method `pseudo`: `f(ts, proposed)` returns the
    /// length of the step, with the same value on all ranks. Replaces an earlier rule. Logically
    /// collective.
    ///
    /// `proposed` is the step length of PETSc's default rule, which grows as the residual
    /// decreases. Changing the type removes the closure.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method.
    ///
    /// # Examples
    /// The steady state of `u' = 1 - u`, with steps not longer than 100:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Matrix, Norm, Scalar, ScalarExt, Ts, TsType};
    /// let r = Scalar::from_real;
    /// let a = Matrix::builder(comm).global_size(3, 3).preallocate(1, 0).build()?;
    /// let (mut u, g) = a.vectors()?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::PSEUDO)?;
    /// ts.set_rhs_function(&g, move |_, _, u, g| {
    ///     g.copy_from(u)?;
    ///     g.scale(r(-1.0))?;
    ///     g.shift(r(1.0))
    /// })?;
    /// ts.set_rhs_jacobian(&a, &a, move |_, _, _, a, _| {
    ///     for i in a.ownership_range()? {
    ///         a.set_value(i, i, r(-1.0), InsertMode::Insert)?;
    ///     }
    ///     a.assemble()
    /// })?;
    /// ts.set_pseudo_time_step(|_, proposed| Ok(proposed.min(100.0)))?;
    /// ts.set_time_step(0.1)?;
    /// ts.set_max_steps(100)?;
    /// let end = ts.solve(&mut u)?;
    /// assert!((u.norm(Norm::Infinity)? - 1.0).abs() < 1e-8, "{end}");
    /// # Ok(()) })
    /// ```
    #[wraps(TSPseudoSetTimeStep, TSPseudoTimeStepDefault)]
    pub fn set_pseudo_time_step<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real) -> Result<Real> + 'static,
    {
        self.check_method(&[TsType::PSEUDO])?;
        let shim = Some(step_shim::<F> as _);
        let give = |ctx| {
            // SAFETY: a live integrator of this type; `ctx` is what the shim expects.
            unsafe { call!(TSPseudoSetTimeStep(*self.busy()?, shim, ctx)) }
        };
        // SAFETY: a live object; C has one place for this.
        unsafe { callback::hand_over(self.object_ptr(), STEP, f, give) }
    }

    /// Sets a check of the steps of the method `pseudo`: `f(ts, state, step)` returns whether this
    /// rank accepts the state after a step of length `step`. Replaces an earlier check. Logically
    /// collective.
    ///
    /// If any rank rejects the step, all ranks repeat it. The new length is the value that `f`
    /// wrote to `step`; it must be equal on all ranks. Since 3.25, PETSc multiplies this length
    /// with the factor of [`set_scale_solve_failed`](super::TsAdaptRef::set_scale_solve_failed).
    /// Changing the type removes the closure.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method. If `f` writes a length that is zero or not finite, the
    /// integration returns `ARG_OUTOFRANGE`.
    #[wraps(TSPseudoSetVerifyTimeStep)]
    pub fn set_pseudo_verify_time_step<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, &VectorRef, &mut Real) -> Result<bool> + 'static,
    {
        self.check_method(&[TsType::PSEUDO])?;
        let shim = Some(verify::<F> as _);
        let give = |ctx| {
            // SAFETY: as in `set_pseudo_time_step`.
            unsafe { call!(TSPseudoSetVerifyTimeStep(*self.busy()?, shim, ctx)) }
        };
        // SAFETY: as in `set_pseudo_time_step`.
        unsafe { callback::hand_over(self.object_ptr(), VERIFY, f, give) }
    }

    /// The growth factor of the time steps of the type `pseudo`. The next step is the current step
    /// times this factor times the ratio of the previous residual norm to the current one.
    #[setting(TSPseudoSetTimeStepIncrement, check = finite_positive)]
    #[types("pseudo")]
    #[option("-ts_pseudo_increment", default = "1.1")]
    pub fn set_pseudo_increment(factor: Real);

    /// The longest time step that PETSc's default rule computes in the type `pseudo`.
    #[setting(TSPseudoSetMaxTimeStep, check = finite_positive)]
    #[types("pseudo")]
    #[option("-ts_pseudo_max_dt", default = "no limit")]
    pub fn set_pseudo_max_time_step(longest_step: Real);

    /// Makes the method `pseudo` compute each time step from the initial time step and the decrease
    /// of the residual since the first step, instead of from the current time step and the decrease
    /// since the last step. Logically collective. Option:
    /// `-ts_pseudo_increment_dt_from_initial_dt`.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method.
    #[wraps(TSPseudoIncrementDtFromInitialDt)]
    pub fn set_pseudo_increment_from_first(&mut self) -> Result<()> {
        self.check_method(&[TsType::PSEUDO])?;
        // SAFETY: a live integrator of this type.
        unsafe { call!(TSPseudoIncrementDtFromInitialDt(*self.busy()?)) }
    }
}

trampoline! {
    fn step_shim[c"TS pseudo step"](ts: &TsRef; -> Real;)
    for FnMut(&TsRef, Real) -> Result<Real> as F = |f| {
        // PETSc's own rule also stores the initial residual, with which 3.18 ends the integration.
        let (mut proposed, none) = (0.0, std::ptr::null_mut());
        // SAFETY: the integrator that calls this, of this type, with work space, and a valid out-pointer.
        unsafe { call!(TSPseudoTimeStepDefault(ts.as_ptr(), &raw mut proposed, none)) }?;
        let step = f(ts, proposed)?;
        finite_positive(step, "the step").map(|()| step)
    }
}

trampoline! {
    fn verify_shim[c"TS pseudo verification"](ts: &TsRef, update: &VectorRef; -> bool; step: *mut Real)
    for FnMut(&TsRef, &VectorRef, &mut Real) -> Result<bool> as F = |f| {
        // SAFETY: a valid pointer of PETSc to a length.
        let mut length_now = unsafe { *step };
        let bad = !f(ts, update, &mut length_now)?;
        finite_positive(length_now, "the step")?;
        // SAFETY: as above.
        unsafe { *step = length_now };
        // All ranks have to make the same decision.
        Ok(!crate::comm::any_rank(ts.object_ptr(), bad)?)
    }
}

unsafe extern "C" fn verify<F>(
    ts: sys::TS,
    update: sys::Vec,
    ctx: *mut c_void,
    step: *mut Real,
    keep: *mut sys::PetscBool,
) -> sys::PetscErrorCode
where
    F: FnMut(&TsRef, &VectorRef, &mut Real) -> Result<bool>,
{
    // SAFETY: the arguments of C, in the order of the shim.
    unsafe { verify_shim::<F>(ts, update, keep, step, ctx) }
}
