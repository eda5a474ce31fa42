//! Forward sensitivities of the state.

use std::ptr;

use petsc_macros::wraps;

use super::{TsRef, TsType};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::{Matrix, MatrixRef};
use crate::object::Loan;
use crate::vector::VectorRef;
use crate::{Int, Object, call, ffi, runtime, sys};

impl TsRef {
    /// Computes the derivatives of the state with respect to parameters and initial values during
    /// [`solve`](Self::solve). Replaces an earlier matrix. Logically collective.
    ///
    /// Before the solve, `s` contains the derivatives of the initial state. After the solve, it
    /// contains the derivatives of the final state. `s` is a dense matrix with the row layout of
    /// the state and a column for each parameter. If a parameter is the initial value of an entry
    /// of the state, its column before the solve is the unit vector of this entry.
    ///
    /// [`set_rhs_jacobian_p`](Self::set_rhs_jacobian_p) or
    /// [`set_i_jacobian_p`](Self::set_i_jacobian_p) set the derivative of the equation with respect
    /// to the parameters. The matrix of this derivative has the same columns as `s`.
    ///
    /// The methods `rk`, `theta`, `cn` and `beuler` support sensitivities. `rk` requires a Jacobian
    /// of the right-hand side, constant time steps, and a right-hand side that does not depend on
    /// the time.
    ///
    /// # Errors
    /// `ARG_WRONG` unless the matrix is dense. `solve` returns `ARG_SIZ` if the row layout of the
    /// matrix is not that of the state, `SUP` for other methods and for `rk` with a step
    /// controller, and `ARG_WRONGSTATE` for `rk` without a Jacobian.
    ///
    /// # Examples
    /// Exponential decay `u' = -p u` with `u(0) = 1` up to time 1: `∂u(1)/∂u(0) = exp(-p)` and
    /// `∂u(1)/∂p = -exp(-p)`.
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # if comm.size() > 1 { return Ok(()) }
    /// # use petsc_rs::{InsertMode::Insert, Matrix, Scalar, ScalarExt, Ts, TsType, ts::ExactFinalTime};
    /// let (r, p) = (Scalar::from_real, 2.0);
    /// let a = Matrix::builder(comm).global_size(1, 1).preallocate(1, 0).build()?;
    /// let mut dp = Matrix::builder(comm).global_size(1, 2).preallocate(2, 0).build()?;
    /// dp.set_value(0, 0, r(0.0), Insert)?;
    /// dp.assemble()?;
    /// let (mut u, g) = a.vectors()?;
    /// u.set(r(1.0))?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::CN)?;
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
    /// // Columns: derivatives with respect to p and to the initial value.
    /// let s = Matrix::from_dense(comm, 1, 2, &[r(0.0), r(1.0)])?;
    /// ts.set_sensitivities(&s)?;
    /// ts.set_time_step(0.01)?;
    /// ts.set_max_time(1.0)?;
    /// ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    /// let _ = ts.solve(&mut u)?;
    /// assert!((s.value(0, 0)?.real() + (-p).exp()).abs() < 1e-4);
    /// assert!((s.value(0, 1)?.real() - (-p).exp()).abs() < 1e-4);
    /// # Ok(()) })
    /// ```
    #[wraps(TSForwardSetSensitivities)]
    pub fn set_sensitivities(&mut self, s: &MatrixRef) -> Result<()> {
        if !is_dense(s)? {
            let text = "the sensitivities must be a dense matrix";
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        // SAFETY: live objects; PETSc takes a reference, and releases that of an earlier matrix.
        // There are no work vectors of its size: `solve` frees them.
        unsafe { call!(TSForwardSetSensitivities(*self.busy()?, columns(s)?, s.as_ptr())) }
    }

    /// Returns the derivatives of the current state, which is the final state after
    /// [`solve`](Self::solve).
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if no sensitivities were set.
    #[wraps(TSForwardGetSensitivities, not_collective)]
    #[track_caller]
    pub fn sensitivities(&self) -> Result<Loan<'_, Matrix>> {
        let raw = self.raw_sensitivities()?;
        if raw.is_null() {
            let text = "the integrator has no sensitivities: call set_sensitivities first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        // SAFETY: a live matrix.
        Ok(Loan::new(unsafe { Matrix::retain(raw) }?))
    }

    /// Removes the sensitivities. Logically collective.
    #[wraps(TSForwardReset)]
    pub fn remove_sensitivities(&mut self) -> Result<()> {
        // SAFETY: a live integrator, which no callback resets while it runs (`busy`).
        unsafe { call!(PetscRsTSForwardReset(*self.busy()?)) }
    }

    pub(super) fn raw_sensitivities(&self) -> Result<sys::Mat> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live integrator and a valid out-pointer; the other may be NULL.
        unsafe { call!(TSForwardGetSensitivities(self.as_ptr(), ptr::null_mut(), &raw mut raw)) }?;
        Ok(raw)
    }

    /// Called before an integration: checks what PETSc does not check. The work matrices depend on
    /// the method, the scheme and the matrix; they are freed when the result is dropped.
    pub(super) fn carry_sensitivities(&self, u: &VectorRef) -> Result<Option<Carried>> {
        let raw = self.raw_sensitivities()?;
        if raw.is_null() {
            return Ok(None);
        }
        // SAFETY: the integrator keeps a reference.
        let s = unsafe { MatrixRef::from_ptr::<'_>(raw) };
        s.check_writable()?;
        let rows = s.local_size()?.0;
        ffi::same_len("number of local rows of the sensitivities", u.local_len()?, rows)?;
        self.check_carrier()?;
        self.check_derivative_fits(u)?;
        let s = s.as_ptr();
        // SAFETY: a live object; this takes a reference.
        unsafe { call!(PetscObjectReference(s.cast())) }?;
        let carried = Carried { ts: self.as_ptr(), s };
        // The work matrices of an existing tangent are those of the method for which they were
        // created.
        carried.renew();
        Ok(Some(carried))
    }

    /// Checks that the Jacobian of the right-hand side has the sizes of the state: the method `rk`
    /// multiplies it with the sensitivities.
    pub(super) fn check_derivative_fits(&self, u: &VectorRef) -> Result<()> {
        if !self.is_type(&TsType::RK.name().to_string_lossy())? {
            return Ok(());
        }
        let (mut a, none) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live integrator, a valid out-pointer, NULL for values that are not needed.
        unsafe {
            call!(TSGetRHSJacobian(
                self.as_ptr(),
                &raw mut a,
                ptr::null_mut(),
                ptr::null_mut(),
                none
            ))
        }?;
        if a.is_null() {
            return Ok(());
        }
        // SAFETY: the integrator keeps a reference.
        let (rows, columns) = unsafe { MatrixRef::from_ptr::<'_>(a) }.local_size()?;
        ffi::same_len("number of local rows of the Jacobian", u.local_len()?, rows)?;
        ffi::same_len("number of local columns of the Jacobian", u.local_len()?, columns)
    }

    pub(super) fn check_carrier(&self) -> Result<()> {
        let kind = self.type_name()?.unwrap_or_default();
        if [TsType::THETA, TsType::CN, TsType::BEULER]
            .iter()
            .any(|k| k.name().to_bytes() == kind.as_bytes())
        {
            if self.theta_endpoint()? && self.theta()? == 1.0 {
                let text = "the method theta with θ = 1 and endpoints does not support sensitivities: use beuler";
                return Err(Error::new(ErrorCode::SUP, text));
            }
            return Ok(());
        }
        if kind.as_bytes() != TsType::RK.name().to_bytes() {
            let text = format!(
                "the method {kind} does not support sensitivities: use rk, theta, cn or beuler"
            );
            return Err(Error::new(ErrorCode::SUP, text));
        }
        let adapt = self.adapt()?.type_name()?;
        if adapt.as_deref().is_some_and(|adapt| adapt != "none") {
            let text = "the method rk supports sensitivities only with constant time steps: \
                        set TsAdaptType::NONE";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        let (mut function, none) = (None, ptr::null_mut());
        // SAFETY: a live integrator, a valid out-pointer, NULL for values that are not needed.
        unsafe {
            call!(TSGetRHSJacobian(
                self.as_ptr(),
                ptr::null_mut(),
                ptr::null_mut(),
                &raw mut function,
                none
            ))
        }?;
        // PETSc would treat it as zero.
        if function.is_none() {
            let text =
                "sensitivities need the Jacobian of the right-hand side: call set_rhs_jacobian";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        Ok(())
    }
}

/// Sensitivities during an integration.
pub(super) struct Carried {
    ts: sys::TS,
    /// A counted reference.
    s: sys::Mat,
}

impl Carried {
    /// Frees the work matrices, and keeps the sensitivities.
    fn renew(&self) {
        // SAFETY: the integrator outlives this, which lives inside of one of its methods.
        let code = unsafe { sys::PetscRsTSForwardReset(self.ts) };
        runtime::record_drop("TSForwardReset", code);
        // SAFETY: this owns a reference.
        let columns = unsafe { columns(MatrixRef::from_ptr::<'_>(self.s)) }.unwrap_or_default();
        // SAFETY: live objects; PETSc takes a reference.
        let code = unsafe { sys::TSForwardSetSensitivities(self.ts, columns, self.s) };
        runtime::record_drop("TSForwardSetSensitivities", code);
    }
}

impl Drop for Carried {
    fn drop(&mut self) {
        self.renew();
        // SAFETY: releases the reference.
        let code = unsafe { sys::MatDestroy(&raw mut self.s) };
        runtime::record_drop("MatDestroy", code);
    }
}

pub(super) fn columns(s: &MatrixRef) -> Result<Int> {
    ffi::petsc_int(s.size()?.1)
}

pub(super) fn is_dense(s: &MatrixRef) -> Result<bool> {
    Ok(s.is_type("seqdense")? || s.is_type("mpidense")?)
}
