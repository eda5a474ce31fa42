//! Integrals over time, computed during the integration.

use std::fmt;
use std::ptr;

use petsc_macros::wraps;

use super::adjoint::Forget;
use super::forward::is_dense;
use super::{Ts, TsRef};
use crate::callback::{Context, context_drop, trampoline};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::object::{Loan, LoanMut};
use crate::vector::{Vector, VectorRef};
use crate::{Real, call, ffi, sys};

/// Integrals over time that an integrator computes, see [`TsRef::create_quadrature`].
pub struct Quadrature<'a>(LoanMut<'a, Ts>);

impl TsRef {
    /// Adds `costs` integrals over time of functions of the state. Replaces earlier integrals.
    /// Collective.
    ///
    /// With `forward`, [`solve`](Self::solve) computes the integrals. Otherwise
    /// [`adjoint_solve`](Self::adjoint_solve) computes both the integrals and their gradients. The
    /// method `rk` requires [`set_gradient`](Quadrature::set_gradient) in both cases.
    ///
    /// # Errors
    /// `ARG_SIZ` if `costs` is 0, `USER` if the number of cost functions changes, `ARG_WRONGSTATE`
    /// if the integrator was set up without integrals: call [`reset`](Self::reset) first.
    ///
    /// # Examples
    /// `∫ u dt` of the exponential decay `u' = -u` with `u(0) = 1`:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, MatrixType, Scalar, ScalarExt, Ts, TsType, ts::ExactFinalTime};
    /// let a = Matrix::constant_diagonal(comm, 1, Scalar::from_real(-1.0))?.convert(MatrixType::AIJ)?;
    /// let (mut u, _) = a.vectors()?;
    /// u.set(Scalar::from_real(1.0))?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::RK)?;
    /// ts.set_rhs_linear(&a)?;
    /// let mut integral = ts.create_quadrature(true, 1)?;
    /// integral.set_integrand(|_, _, u, r| {
    ///     let sum = u.sum()?;
    ///     r.set(sum)
    /// })?;
    /// let gradient = Matrix::from_dense(comm, 1, 1, &[Scalar::from_real(1.0)])?;
    /// integral.set_gradient(&gradient, |_, _, _, _| Ok(()))?;
    /// ts.set_time_step(0.01)?;
    /// ts.set_max_time(1.0)?;
    /// ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    /// let _ = ts.solve(&mut u)?;
    /// let integral = ts.cost_integral()?.array()?[0].real();
    /// assert!((integral - (1.0 - (-1f64).exp())).abs() < 1e-3, "{integral}");
    /// # Ok(()) })
    /// ```
    #[wraps(TSCreateQuadratureTS, TSGetQuadratureTS)]
    pub fn create_quadrature(&mut self, forward: bool, costs: usize) -> Result<Quadrature<'_>> {
        if costs == 0 {
            let text = "the number of functions to integrate must be at least 1, got 0";
            return Err(Error::new(ErrorCode::ARG_SIZ, text));
        }
        if !self.integrates(forward)? {
            // The method allocates its work vectors for integrals in the setup.
            self.check_before_set_up()?;
        }
        let count = ffi::petsc_int(costs)?;
        let mut none = ptr::null_mut();
        // The number of integrals equals that of cost functions, which C stores with their
        // gradients.
        let forget = Forget(self.as_ptr());
        // SAFETY: a live integrator; `forget` removes the pointer, also if C rejects the number.
        unsafe { call!(TSSetCostGradients(*self.busy()?, count, &raw mut none, ptr::null_mut())) }?;
        drop(forget);
        let mut raw = ptr::null_mut();
        // SAFETY: a live integrator and a valid out-pointer.
        unsafe {
            call!(TSCreateQuadratureTS(*self.busy()?, ffi::raw_bool(forward), &raw mut raw))
        }?;
        // SAFETY: a live integrator.
        Ok(Quadrature(LoanMut::new(unsafe { Ts::retain(raw) }?)))
    }

    /// Returns the integrals so far, one for each function, with the same values on all ranks. Not
    /// collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the integrator has no integrals.
    #[wraps(TSGetCostIntegral)]
    #[track_caller]
    pub fn cost_integral(&self) -> Result<Loan<'_, Vector>> {
        crate::not_collective!();
        let raw = self.raw_quadrature()?;
        if raw.is_null() {
            let text = "the integrator has no integrals: call create_quadrature first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        // SAFETY: the integrator keeps it while it is borrowed.
        unsafe { Self::from_ptr(raw) }.solution()
    }

    pub(super) fn has_quadrature(&self) -> Result<bool> {
        Ok(!self.raw_quadrature()?.is_null())
    }

    /// Checks the derivatives of the integrands: C uses their columns as vectors with the layout of
    /// the gradients, and does not compare the layouts.
    pub(super) fn check_quadrature(&self, costs: usize, parameters: Option<usize>) -> Result<()> {
        let raw = self.raw_quadrature()?;
        if raw.is_null() {
            return Ok(());
        }
        let (mut by_state, mut function) = (ptr::null_mut(), None);
        let nothing = ptr::null_mut();
        // SAFETY: a live integrator and a valid out-pointer; NULL for values that are not needed.
        unsafe {
            call!(TSGetRHSJacobian(
                raw,
                ptr::null_mut(),
                nothing,
                &raw mut function,
                ptr::null_mut()
            ))
        }?;
        if function.is_some() {
            // SAFETY: as above; C creates no matrices, because the function was set with one.
            unsafe {
                call!(TSGetRHSJacobian(
                    raw,
                    &raw mut by_state,
                    nothing,
                    ptr::null_mut(),
                    ptr::null_mut()
                ))
            }?;
        }
        let state = self.solution()?.local_len()?;
        // SAFETY: NULL, or a matrix of which the quadrature has a reference.
        unsafe { check_columns(by_state, state, costs, "set_gradient") }?;
        let Some(parameters) = parameters else {
            return Ok(());
        };
        let mut by_parameters = ptr::null_mut();
        // SAFETY: a live integrator and a valid out-pointer; NULL for what is not wanted.
        unsafe {
            call!(TSGetRHSJacobianP(raw, &raw mut by_parameters, ptr::null_mut(), ptr::null_mut()))
        }?;
        // SAFETY: NULL, or a matrix that the quadrature keeps.
        unsafe { check_columns(by_parameters, parameters, costs, "set_parameter_gradient") }
    }

    /// Returns whether there are integrals, and, if required, whether the forward integration
    /// computes them.
    fn integrates(&self, forward: bool) -> Result<bool> {
        let (mut raw, mut there) = (ptr::null_mut(), ffi::raw_bool(false));
        // SAFETY: a live integrator and valid out-pointers.
        unsafe { call!(TSGetQuadratureTS(self.as_ptr(), &raw mut there, &raw mut raw)) }?;
        Ok(!raw.is_null() && (ffi::to_bool(there) || !forward))
    }

    fn raw_quadrature(&self) -> Result<sys::TS> {
        let (mut raw, forward) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live integrator and a valid out-pointer; the first may be NULL.
        unsafe { call!(TSGetQuadratureTS(self.as_ptr(), forward, &raw mut raw)) }?;
        Ok(raw)
    }
}

/// Checks that a derivative has one column for each function, with the layout of a gradient.
///
/// # Safety
/// `a` is NULL or a live matrix.
unsafe fn check_columns(a: sys::Mat, rows: usize, columns: usize, setter: &str) -> Result<()> {
    if a.is_null() {
        let text = format!("the derivative of the integrand is missing: call {setter}");
        return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
    }
    // SAFETY: by contract.
    let a = unsafe { MatrixRef::from_ptr::<'_>(a) };
    if !is_dense(a)? {
        let text = "the derivative of the integrand must be a dense matrix";
        return Err(Error::new(ErrorCode::ARG_WRONG, text));
    }
    ffi::same_len(
        "number of local rows of the derivative of the integrand",
        rows,
        a.local_size()?.0,
    )?;
    ffi::same_len("number of columns of the derivative of the integrand", columns, a.size()?.1)
}

impl Quadrature<'_> {
    /// Sets the integrands: `f(ts, t, u, r)` computes one value for each function into `r`, the
    /// same on all ranks. Logically collective.
    ///
    /// # Errors
    /// The errors of [`TsRef::set_rhs_function`].
    pub fn set_integrand<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let r = self.0.solution()?.duplicate()?;
        self.0.set_rhs_function(&r, f)
    }

    /// Sets the derivative of the integrands with respect to the state: `f(ts, t, u, a)` computes
    /// it into `a`. Logically collective.
    ///
    /// `a` is a dense matrix with a row for each entry of the state and a column for each function.
    ///
    /// # Errors
    /// The errors of [`TsRef::set_rhs_jacobian`].
    pub fn set_gradient<F>(&mut self, a: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        let dm = self.0.raw_dm()?;
        let shim = Some(gradient_shim::<F> as _);
        let ctx = Context::into_raw(f);
        // SAFETY: live objects; `ctx` is what the shim expects. If this fails, the closure is leaked: PETSc may
        // have stored the pointer.
        unsafe { call!(TSSetRHSJacobian(*self.0.busy()?, a.as_ptr(), a.as_ptr(), shim, ctx)) }?;
        // SAFETY: `ctx` is the context just stored on this DM; from here PETSc frees the closure.
        unsafe { call!(DMTSSetRHSJacobianContextDestroy(dm, context_drop!(F))) }
    }

    /// Sets the derivative of the integrands with respect to the parameters: `f(ts, t, u, a)`
    /// computes it into `a`. Logically collective.
    ///
    /// `a` is a dense matrix with a row for each parameter and a column for each function.
    ///
    /// # Errors
    /// The errors of [`TsRef::set_rhs_jacobian_p`].
    pub fn set_parameter_gradient<F>(&mut self, a: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        self.0.set_rhs_jacobian_p(a, f)
    }
}

impl fmt::Debug for Quadrature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Quadrature").field(&self.0).finish()
    }
}

// `theta` passes no second matrix.
trampoline! {
    fn gradient_shim[c"TS derivative of an integrand"](
        ts: &TsRef, time: Real, u: &VectorRef, a: &mut MatrixRef, _p: Option<&mut MatrixRef>
    )
    for FnMut(&TsRef, Real, &VectorRef, &mut MatrixRef) -> Result<()> as F
    = |f| f(ts, time, u, a)
}
