//! Integrals over time, along with the integration.

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

/// The integrals of an integrator, see [`TsRef::create_quadrature`].
pub struct Quadrature<'a>(LoanMut<'a, Ts>);

impl TsRef {
    /// Integrates `costs` functions of the state over time as well. `forward`: during [`solve`](Self::solve), which
    /// gives the values; else during [`adjoint_solve`](Self::adjoint_solve), which gives values and gradients. Drops
    /// earlier integrals. The method `rk` wants [`set_gradient`](Quadrature::set_gradient)
    /// in any case. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` for no function, `USER` if the number of cost functions changes, `ARG_WRONGSTATE` for the first integrals after a
    /// set-up or solve: [`reset`](Self::reset) first.
    ///
    /// # Examples
    /// `∫ u dt` of the decay `u' = -u` from 1:
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
            let text = "there must be at least one function to integrate";
            return Err(Error::new(ErrorCode::ARG_SIZ, text));
        }
        if !self.integrates(forward)? {
            // The method makes its work space for integrals when it is set up.
            self.check_before_set_up()?;
        }
        let count = ffi::petsc_int(costs)?;
        let mut none = ptr::null_mut();
        // The number of integrals is that of cost functions, which C takes along with their gradients.
        let forget = Forget(self.as_ptr());
        // SAFETY: a live integrator; `forget` takes the pointer away, also where C refuses the number.
        unsafe {
            call!(TSSetCostGradients(
                *self.busy()?,
                count,
                &raw mut none,
                ptr::null_mut()
            ))
        }?;
        drop(forget);
        let mut raw = ptr::null_mut();
        // SAFETY: a live integrator and a valid out-pointer.
        unsafe {
            call!(TSCreateQuadratureTS(
                *self.busy()?,
                ffi::raw_bool(forward),
                &raw mut raw
            ))
        }?;
        // SAFETY: a live integrator.
        Ok(Quadrature(LoanMut::new(unsafe { Ts::retain(raw) }?)))
    }

    /// The integrals so far, one for each function, the same on all ranks. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if there are none.
    #[wraps(TSGetCostIntegral)]
    #[track_caller]
    pub fn cost_integral(&self) -> Result<Loan<'_, Vector>> {
        crate::not_collective!();
        let raw = self.raw_quadrature()?;
        if raw.is_null() {
            let text = "nothing is integrated: create_quadrature first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        // SAFETY: the integrator keeps it while it is borrowed.
        unsafe { Self::from_ptr(raw) }.solution()
    }

    pub(super) fn has_quadrature(&self) -> Result<bool> {
        Ok(!self.raw_quadrature()?.is_null())
    }

    /// C takes columns out of the derivatives of what is integrated for vectors like the gradients, and compares nothing.
    pub(super) fn check_quadrature(&self, costs: usize, parameters: Option<usize>) -> Result<()> {
        let raw = self.raw_quadrature()?;
        if raw.is_null() {
            return Ok(());
        }
        let (mut by_state, mut function) = (ptr::null_mut(), None);
        let nothing = ptr::null_mut();
        // SAFETY: a live integrator and a valid out-pointer; NULL for what is not wanted.
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
            // SAFETY: as above; C makes no matrices, as there is one with the function.
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
        // SAFETY: NULL, or a matrix that the quadrature keeps.
        unsafe { check_columns(by_state, state, costs, "set_gradient") }?;
        let Some(parameters) = parameters else {
            return Ok(());
        };
        let mut by_parameters = ptr::null_mut();
        // SAFETY: a live integrator and a valid out-pointer; NULL for what is not wanted.
        unsafe {
            call!(TSGetRHSJacobianP(
                raw,
                &raw mut by_parameters,
                ptr::null_mut(),
                ptr::null_mut()
            ))
        }?;
        // SAFETY: NULL, or a matrix that the quadrature keeps.
        unsafe { check_columns(by_parameters, parameters, costs, "set_parameter_gradient") }
    }

    /// Whether there are integrals already, on the way forward too if wanted.
    fn integrates(&self, forward: bool) -> Result<bool> {
        let (mut raw, mut there) = (ptr::null_mut(), ffi::raw_bool(false));
        // SAFETY: a live integrator and valid out-pointers.
        unsafe {
            call!(TSGetQuadratureTS(
                self.as_ptr(),
                &raw mut there,
                &raw mut raw
            ))
        }?;
        Ok(!raw.is_null() && (ffi::to_bool(there) || !forward))
    }

    fn raw_quadrature(&self) -> Result<sys::TS> {
        let (mut raw, forward) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live integrator and a valid out-pointer; the first may be NULL.
        unsafe { call!(TSGetQuadratureTS(self.as_ptr(), forward, &raw mut raw)) }?;
        Ok(raw)
    }
}

/// Whether a derivative has a column like a gradient for each function.
///
/// # Safety
/// NULL, or live.
unsafe fn check_columns(a: sys::Mat, rows: usize, columns: usize, setter: &str) -> Result<()> {
    if a.is_null() {
        let text = format!("the derivative of what is integrated is missing: {setter}");
        return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
    }
    // SAFETY: by contract.
    let a = unsafe { MatrixRef::from_ptr::<'_>(a) };
    if !is_dense(a)? {
        let text = "the derivative of what is integrated must be a dense matrix";
        return Err(Error::new(ErrorCode::ARG_WRONG, text));
    }
    ffi::same_len(
        "rows of the derivative of what is integrated",
        rows,
        a.local_size()?.0,
    )?;
    ffi::same_len(
        "columns of the derivative of what is integrated",
        columns,
        a.size()?.1,
    )
}

impl Quadrature<'_> {
    /// Sets what is integrated: `f(ts, t, u, r)` computes one number for each function into `r`, the same on all ranks.
    /// Logically collective.
    ///
    /// # Errors
    /// As [`TsRef::set_rhs_function`].
    pub fn set_integrand<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let r = self.0.solution()?.duplicate()?;
        self.0.set_rhs_function(&r, f)
    }

    /// Sets its derivative by the state: `f(ts, t, u, a)` computes it into `a`, a dense matrix with a row for each
    /// entry of the state and a column for each function. Logically collective.
    ///
    /// # Errors
    /// As [`TsRef::set_rhs_jacobian`].
    pub fn set_gradient<F>(&mut self, a: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        let dm = self.0.raw_dm()?;
        let shim = Some(gradient_shim::<F> as _);
        let ctx = Context::into_raw(f);
        // SAFETY: live objects; `ctx` is what the shim expects. If this fails, the closure is leaked: PETSc may
        // have stored the pointer.
        unsafe {
            call!(TSSetRHSJacobian(
                *self.0.busy()?,
                a.as_ptr(),
                a.as_ptr(),
                shim,
                ctx
            ))
        }?;
        // SAFETY: `ctx` is the context just stored on this DM; from here PETSc frees the closure.
        unsafe { call!(DMTSSetRHSJacobianContextDestroy(dm, context_drop!(F))) }
    }

    /// Sets its derivative by parameters: `f(ts, t, u, a)` computes it into `a`, a dense matrix with a row for each
    /// parameter and a column for each function. Logically collective.
    ///
    /// # Errors
    /// As [`TsRef::set_rhs_jacobian_p`].
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
