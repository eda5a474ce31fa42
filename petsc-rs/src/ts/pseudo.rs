//! Pseudo time: steps that grow towards a steady state.

use std::ffi::{CStr, c_void};

use petsc_macros::wraps;

use super::{TsRef, TsType};
use crate::callback::{self, trampoline};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Object, Real, call, sys};

const STEP: &CStr = c"petsc-rs.ts.pseudo-step";
const VERIFY: &CStr = c"petsc-rs.ts.pseudo-verify";

impl TsRef {
    /// Sets how long the steps of the method `pseudo` are: `f(ts, proposed)` gets the length that PETSc's own rule
    /// gives, which grows as the residual shrinks, and returns the one to take, the same on all ranks. Replaces an
    /// earlier one; a change of the method takes it away. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is another one.
    ///
    /// # Examples
    /// The steady state of `u' = 1 - u`, with steps of at most 100:
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

    /// Sets which steps of the method `pseudo` are kept: `f(ts, state, step)` says for the state after a step of that
    /// length whether this rank keeps it; when any rank does not, all do it again with the length that `f` left in
    /// `step`, the same on all ranks, which PETSc since 3.25 multiplies by the factor of
    /// [`set_scale_solve_failed`](super::TsAdaptRef::set_scale_solve_failed). Replaces an earlier one; a change of the
    /// method takes it away. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is another one. A length that is zero or not finite is an error (`ARG_OUTOFRANGE`)
    /// of the step.
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

    /// Sets by which factor more than the residual shrinks the steps of the method `pseudo` grow. Logically collective.
    /// Default: 1.1. Option: `-ts_pseudo_increment`.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is another one, `ARG_OUTOFRANGE` unless it is positive.
    #[wraps(TSPseudoSetTimeStepIncrement)]
    pub fn set_pseudo_increment(&mut self, factor: Real) -> Result<()> {
        self.check_method(&[TsType::PSEUDO])?;
        let factor = length("the factor", factor)?;
        // SAFETY: a live integrator of this type.
        unsafe { call!(TSPseudoSetTimeStepIncrement(*self.busy()?, factor)) }
    }

    /// Sets the longest step of the method `pseudo` by PETSc's own rule. Logically collective. Default: no limit.
    /// Option: `-ts_pseudo_max_dt`.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is another one, `ARG_OUTOFRANGE` unless it is positive.
    #[wraps(TSPseudoSetMaxTimeStep)]
    pub fn set_pseudo_max_time_step(&mut self, step: Real) -> Result<()> {
        self.check_method(&[TsType::PSEUDO])?;
        let step = length("the longest step", step)?;
        // SAFETY: a live integrator of this type.
        unsafe { call!(TSPseudoSetMaxTimeStep(*self.busy()?, step)) }
    }

    /// Lets the steps of the method `pseudo` grow as the residual has shrunk since the first step, not since the last
    /// one. Logically collective. Option: `-ts_pseudo_increment_dt_from_initial_dt`.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is another one.
    #[wraps(TSPseudoIncrementDtFromInitialDt)]
    pub fn set_pseudo_increment_from_first(&mut self) -> Result<()> {
        self.check_method(&[TsType::PSEUDO])?;
        // SAFETY: a live integrator of this type.
        unsafe { call!(TSPseudoIncrementDtFromInitialDt(*self.busy()?)) }
    }
}

fn length(what: &str, value: Real) -> Result<Real> {
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    let text = format!("{what} must be positive, got {value}");
    Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text))
}

trampoline! {
    fn step_shim[c"TS pseudo step"](ts: &TsRef; -> Real;)
    for FnMut(&TsRef, Real) -> Result<Real> as F = |f| {
        // PETSc's own rule notes the first residual, by which 3.18 ends the integration.
        let (mut proposed, none) = (0.0, std::ptr::null_mut());
        // SAFETY: the integrator that calls this, of this type, with work space, and a valid out-pointer.
        unsafe { call!(TSPseudoTimeStepDefault(ts.as_ptr(), &raw mut proposed, none)) }?;
        length("the step", f(ts, proposed)?)
    }
}

trampoline! {
    fn verify_shim[c"TS pseudo verification"](ts: &TsRef, update: &VectorRef; -> bool; step: *mut Real)
    for FnMut(&TsRef, &VectorRef, &mut Real) -> Result<bool> as F = |f| {
        // SAFETY: a valid pointer of PETSc to a length.
        let mut length_now = unsafe { *step };
        let bad = !f(ts, update, &mut length_now)?;
        let length_now = length("the step", length_now)?;
        // SAFETY: as above.
        unsafe { *step = length_now };
        // All ranks have to take the same decision.
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
