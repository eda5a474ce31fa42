//! Adjoint integration: gradients of functions of the final state.

use std::ffi::CStr;
use std::ptr;

use petsc_macros::{getter, wraps};

use super::{ImplicitState, TsRef};
use crate::callback::{self, Context, trampoline};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{Int, Object, Real, call, ffi, runtime, sys};

const RHS_JACOBIAN_P: &CStr = c"petsc-rs.ts.rhs-jacobian-p";
const I_JACOBIAN_P: &CStr = c"petsc-rs.ts.i-jacobian-p";

impl TsRef {
    /// Sets the derivative of the right-hand side with respect to the parameters: `f(ts, t, u, a)`
    /// computes `∂G/∂p` into `a`. Replaces an earlier closure. Logically collective.
    ///
    /// `a` has a row for each entry of the state and a column for each parameter.
    #[wraps(TSSetRHSJacobianP)]
    pub fn set_rhs_jacobian_p<F>(&mut self, a: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        let shim = Some(rhs_jacobian_p_shim::<F> as _);
        let give = |ctx| {
            // SAFETY: live objects; `ctx` is what the shim expects.
            unsafe { call!(TSSetRHSJacobianP(*self.busy()?, a.as_ptr(), shim, ctx)) }
        };
        // SAFETY: a live object; C has one place for this.
        unsafe { callback::hand_over(self.object_ptr(), RHS_JACOBIAN_P, f, give) }
    }

    /// Sets the derivative of the implicit function with respect to the parameters:
    /// `f(ts, state, a)` computes `∂F/∂p` into `a`. Replaces an earlier closure. Logically
    /// collective.
    #[wraps(TSSetIJacobianP)]
    pub fn set_i_jacobian_p<F>(&mut self, a: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, &ImplicitState<'_>, &mut MatrixRef) -> Result<()> + 'static,
    {
        let shim = Some(i_jacobian_p_shim::<F> as _);
        let give = |ctx| {
            // SAFETY: as in `set_rhs_jacobian_p`.
            unsafe { call!(TSSetIJacobianP(*self.busy()?, a.as_ptr(), shim, ctx)) }
        };
        // SAFETY: as in `set_rhs_jacobian_p`.
        unsafe { callback::hand_over(self.object_ptr(), I_JACOBIAN_P, f, give) }
    }

    /// Returns whether closures compute derivatives with respect to the parameters.
    pub(super) fn has_parameter_derivatives(&self) -> Result<bool> {
        for name in [RHS_JACOBIAN_P, I_JACOBIAN_P] {
            // SAFETY: a live object.
            if !unsafe { callback::composed(self.object_ptr(), name) }?.is_null() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Computes gradients with an adjoint integration: backward through the steps of the last
    /// [`solve`](Self::solve), whose trajectory must be [saved](Self::save_trajectory). Collective.
    ///
    /// `lambda` has one vector for each cost function of the final state. `mu` has as many vectors
    /// as `lambda`, or none. On entry, `lambda` contains the gradients of the cost functions with
    /// respect to the final state, and `mu` their direct derivatives with respect to the
    /// parameters. On return, `lambda` contains the gradients with respect to the initial state,
    /// and `mu` the total gradients with respect to the parameters.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without a saved trajectory, `ARG_SIZ` if the number or a length of the
    /// vectors is wrong, `SUP` if the method has no adjoint, `USER` if the number of cost functions
    /// changes.
    ///
    /// # Examples
    /// Exponential decay `u' = -p u` with `u(0) = 1` up to time 1: `∂u(1)/∂u(0) = exp(-p)` and
    /// `∂u(1)/∂p = -exp(-p)`.
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # if comm.size() > 1 { return Ok(()) }
    /// # use petsc_rs::{InsertMode::Insert, Matrix, Scalar, ScalarExt, Ts, TsType};
    /// # use petsc_rs::ts::{ExactFinalTime, TrajectoryType};
    /// let (r, p) = (Scalar::from_real, 2.0);
    /// let a = Matrix::builder(comm).global_size(1, 1).preallocate(1, 0).build()?;
    /// let dp = Matrix::builder(comm).global_size(1, 1).preallocate(1, 0).build()?;
    /// let (mut u, g) = a.vectors()?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::RK)?;
    /// ts.set_rhs_function(&g, move |_, _, u, g| {
    ///     g.copy_from(u)?;
    ///     g.scale(r(-p))
    /// })?;
    /// ts.set_rhs_jacobian(&a, &a, move |_, _, _, a, _| {
    ///     a.set_value(0, 0, r(-p), Insert)?;
    ///     a.assemble()
    /// })?;
    /// ts.set_rhs_jacobian_p(&dp, move |_, _, u, dp| {
    ///     dp.set_value(0, 0, -u.array()?[0], Insert)?;
    ///     dp.assemble()
    /// })?;
    /// ts.set_time_step(0.01)?;
    /// ts.set_max_time(1.0)?;
    /// ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    /// ts.save_trajectory(TrajectoryType::MEMORY)?;
    /// u.set(r(1.0))?;
    /// let _ = ts.solve(&mut u)?;
    /// let (mut lambda, mut mu) = (u.duplicate()?, u.duplicate()?);
    /// lambda.set(r(1.0))?;
    /// ts.adjoint_solve(&mut [&mut lambda], &mut [&mut mu])?;
    /// assert!((lambda.array()?[0].real() - (-p).exp()).abs() < 1e-3);
    /// assert!((mu.array()?[0].real() + (-p).exp()).abs() < 1e-3);
    /// # Ok(()) })
    /// ```
    #[wraps(TSAdjointSolve, TSSetCostGradients)]
    pub fn adjoint_solve(
        &mut self,
        lambda: &mut [&mut VectorRef],
        mu: &mut [&mut VectorRef],
    ) -> Result<()> {
        if !self.trajectory_is_saved()? {
            let text = "the integrator has no saved trajectory: call save_trajectory before solve";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        if lambda.is_empty() {
            let text = "the number of cost functions must be at least 1, got 0";
            return Err(Error::new(ErrorCode::ARG_SIZ, text));
        }
        if !mu.is_empty() {
            ffi::same_len(
                "number of gradients with respect to the parameters",
                lambda.len(),
                mu.len(),
            )?;
        }
        let state = self.raw_solution()?;
        self.check_writable_state(state)?;
        for vector in lambda.iter_mut() {
            self.check_gradient(vector)?;
        }
        check_alike(mu)?;
        let parameters = mu.first().map(|first| first.local_len()).transpose()?;
        self.check_quadrature(lambda.len(), parameters)?;
        self.claim_grid()?;
        self.check_adjoint_derivative(!mu.is_empty())?;
        self.use_recording()?;
        let count = ffi::petsc_int(lambda.len())?;
        let mut lambda: Vec<sys::Vec> = lambda.iter().map(|v| v.as_ptr()).collect();
        let mut mu: Vec<sys::Vec> = mu.iter().map(|v| v.as_ptr()).collect();
        let by_parameters = if mu.is_empty() { ptr::null_mut() } else { mu.as_mut_ptr() };
        // Created first, so that it is dropped after the last call of C, also after an error.
        let _forget = Forget(self.as_ptr());
        // SAFETY: live objects; C stores the pointers to the arrays until `_forget` removes them.
        unsafe {
            call!(TSSetCostGradients(*self.busy()?, count, lambda.as_mut_ptr(), by_parameters))
        }?;
        // SAFETY: a live integrator with a trajectory (above). The gradients with respect to the
        // state have its type and size, those with respect to parameters have one type and size,
        // which C compares with the columns of the Jacobian; none of their entries are borrowed.
        unsafe { call!(TSAdjointSolve(*self.busy()?)) }
    }

    /// Checks the Jacobians: C multiplies with the transposed Jacobian, and calls its function,
    /// without checking that they exist.
    pub(super) fn check_adjoint_derivative(&self, by_parameters: bool) -> Result<()> {
        // C reads the trajectory before it looks, also that of a method that stores no states.
        if !self.has_adjoint()? {
            let method = self.type_name()?.unwrap_or_default();
            let text = format!("the method {method} has no adjoint: use rk, theta, cn or beuler");
            return Err(Error::new(ErrorCode::SUP, text));
        }
        if by_parameters && !self.has_jacobian_p()? {
            let text = "gradients with respect to parameters need set_rhs_jacobian_p or, except for rk, \
                        set_i_jacobian_p";
            return Err(Error::new(ErrorCode::ORDER, text));
        }
        let there = if self.is_type("rk")? {
            self.has_rhs_jacobian()?
        } else {
            self.snes()?.computes_jacobian()?
        };
        if there {
            return Ok(());
        }
        let text =
            "the adjoint integration needs the Jacobian: call set_rhs_jacobian or set_i_jacobian";
        Err(Error::new(ErrorCode::ORDER, text))
    }

    #[getter(PetscRsTSHasAdjoint)]
    fn has_adjoint() -> bool;

    #[getter(PetscRsTSHasJacobianP)]
    fn has_jacobian_p() -> bool;

    fn has_rhs_jacobian(&self) -> Result<bool> {
        let (mut a, mut p) = (ptr::null_mut(), ptr::null_mut());
        let mut function = None;
        // SAFETY: a live integrator and valid out-pointers; NULL for values that are not needed.
        unsafe {
            call!(TSGetRHSJacobian(
                self.as_ptr(),
                &raw mut a,
                &raw mut p,
                &raw mut function,
                ptr::null_mut()
            ))
        }?;
        Ok(!a.is_null() && !p.is_null() && function.is_some())
    }

    pub(super) fn check_gradient(&self, gradient: &mut VectorRef) -> Result<()> {
        let state = self.solution()?;
        gradient.check_writable()?;
        state.check_same_kind(gradient)?;
        ffi::same_len(
            "length of a gradient with respect to the state",
            state.local_len()?,
            gradient.local_len()?,
        )
    }

    /// Adds a monitor of [`adjoint_solve`](Self::adjoint_solve): `f(ts, step, t, u, lambda, mu)` is
    /// called at each step with the gradients at that step. Logically collective.
    ///
    /// # Errors
    /// The errors of `TSAdjointMonitorSet`, such as too many monitors.
    #[wraps(TSAdjointMonitorSet)]
    pub fn add_adjoint_monitor<F>(&mut self, monitor: F) -> Result<()>
    where
        F: FnMut(&TsRef, usize, Real, &VectorRef, &[&VectorRef], &[&VectorRef]) -> Result<()>
            + 'static,
    {
        let ctx = Context::into_raw(monitor);
        let (shim, free) =
            (Some(adjoint_monitor_shim::<F> as _), Some(Context::<F>::drop_indirect as _));
        // SAFETY: a live integrator; each monitor has a context of its own, which PETSc frees.
        unsafe { call!(TSAdjointMonitorSet(*self.busy()?, shim, ctx, free)) }
    }
}

/// Checks that all gradients have the same type and layout: C adds a duplicate of the first
/// gradient with respect to the parameters to each of them.
fn check_alike(gradients: &[&mut VectorRef]) -> Result<()> {
    let Some((first, others)) = gradients.split_first() else {
        return Ok(());
    };
    first.check_writable()?;
    for other in others {
        other.check_writable()?;
        first.check_same_kind(other)?;
        first.check_same_layout(other)?;
    }
    Ok(())
}

/// Removes the pointers to the gradients from the integrator.
pub(super) struct Forget(pub(super) sys::TS);

impl Drop for Forget {
    fn drop(&mut self) {
        // SAFETY: the integrator outlives this, which lives inside of one of its methods.
        let code = unsafe { sys::TSAdjointReset(self.0) };
        runtime::record_drop("TSAdjointReset", code);
    }
}

trampoline! {
    fn rhs_jacobian_p_shim[c"TS parameter Jacobian"](
        ts: &TsRef, time: Real, u: &VectorRef, a: &mut MatrixRef
    )
}

trampoline! {
    fn i_jacobian_p_shim[c"TS implicit parameter Jacobian"](
        ts: &TsRef, time: Real, u: &VectorRef, v: &VectorRef, shift: Real, a: &mut MatrixRef
    )
    for FnMut(&TsRef, &ImplicitState<'_>, &mut MatrixRef) -> Result<()> as F
    = |f| f(ts, &ImplicitState { time, u, v, shift }, a)
}

trampoline! {
    fn adjoint_monitor_shim[c"TS adjoint monitor"](
        ts: &TsRef, step: usize, time: Real, u: &VectorRef, count: Int, lambda: *mut sys::Vec, mu: *mut sys::Vec
    )
    for FnMut(&TsRef, usize, Real, &VectorRef, &[&VectorRef], &[&VectorRef]) -> Result<()> as F
    = |monitor| {
        // SAFETY: PETSc passes arrays of `count` live vectors, or NULL.
        let lambda = unsafe { vectors(lambda, count) }?;
        // SAFETY: as above.
        let mu = unsafe { vectors(mu, count) }?;
        monitor(ts, step, time, u, &lambda, &mu)
    }
}

/// # Safety
/// `raw` is NULL or an array of `count` live vectors.
unsafe fn vectors<'a>(raw: *mut sys::Vec, count: Int) -> Result<Vec<&'a VectorRef>> {
    let count = if raw.is_null() { 0 } else { ffi::size(count)? };
    // SAFETY: by contract.
    let raw = unsafe { ffi::slice(raw.cast_const(), count) };
    // SAFETY: by contract.
    Ok(raw.iter().map(|&v| unsafe { VectorRef::from_ptr(v) }).collect())
}
