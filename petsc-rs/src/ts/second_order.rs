//! Second-order problems: `F(t, u, u', u'') = 0`.

use std::ffi::c_void;
use std::ptr;

use petsc_macros::wraps;

use super::{Converged, TsRef, TsType};
use crate::callback::{Context, context_drop, trampoline};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::object::Loan;
use crate::vector::{Vector, VectorRef};
use crate::{Object, Real, call, ffi, sys};

/// Point at which the function of a second-order problem or its Jacobian is evaluated, see
/// [`TsRef::set_i2_function`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SecondOrderState<'a> {
    /// Time.
    pub time: Real,
    /// State.
    pub u: &'a VectorRef,
    /// First time derivative of the state.
    pub v: &'a VectorRef,
    /// Second time derivative of the state.
    pub a: &'a VectorRef,
    /// Factor of `∂F/∂v` in the Jacobian; 0 when the function is evaluated.
    pub shift_v: Real,
    /// Factor of `∂F/∂a` in the Jacobian; 0 when the function is evaluated.
    pub shift_a: Real,
}

impl TsRef {
    /// Sets the function of a second-order problem: `f(ts, state, y)` computes `y ← F(t, u, v, a)`.
    /// Logically collective.
    ///
    /// The method [`TsType::ALPHA2`] uses this function. PETSc uses the vector passed here as `y`.
    ///
    /// # Examples
    /// A harmonic oscillator, `u'' + u = 0`:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Matrix, Scalar, ScalarExt, Ts, TsType, ts::ExactFinalTime};
    /// let one = Scalar::from_real(1.0);
    /// let j = Matrix::builder(comm).global_size(1, 1).preallocate(1, 0).build()?;
    /// let (mut u, mut v) = j.vectors()?;
    /// u.set(one)?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::ALPHA2)?;
    /// ts.set_i2_function(&*u.duplicate()?, move |_, s, y| {
    ///     y.copy_from(s.a)?;
    ///     y.axpy(one, s.u)
    /// })?;
    /// ts.set_i2_jacobian(&j, &j, |_, s, _, p| {
    ///     for i in p.ownership_range()? {
    ///         p.set_value(i, i, Scalar::from_real(1.0 + s.shift_a), InsertMode::Insert)?;
    ///     }
    ///     p.assemble()
    /// })?;
    /// ts.set_time_step(0.01)?;
    /// ts.set_max_time(std::f64::consts::PI)?;
    /// ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    /// let _ = ts.solve_second_order(&mut u, &mut v)?;
    /// for x in u.array()?.iter() {
    ///     assert!((x.real() + 1.0).abs() < 1e-3, "{x}");
    /// }
    /// # Ok(()) })
    /// ```
    #[wraps(TSSetI2Function)]
    pub fn set_i2_function<F>(&mut self, y: &VectorRef, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, &SecondOrderState<'_>, &mut VectorRef) -> Result<()> + 'static,
    {
        // SAFETY: a context of `F`.
        unsafe { self.install_i2_function::<F>(y, Context::into_raw(f)) }
    }

    /// Sets the Jacobian of the function: `f(ts, state, a, p)` computes
    /// `∂F/∂u + shift_v·∂F/∂v + shift_a·∂F/∂a` into `a`, and the matrix of the preconditioner into
    /// `p`. Logically collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a matrix is not square.
    #[wraps(TSSetI2Jacobian)]
    pub fn set_i2_jacobian<F>(&mut self, a: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, &SecondOrderState<'_>, &mut MatrixRef, &mut MatrixRef) -> Result<()>
            + 'static,
    {
        a.check_square()?;
        p.check_square()?;
        // SAFETY: a context of `F`.
        unsafe { self.install_i2_jacobian::<F>(a, p, Context::into_raw(f)) }
    }

    /// # Safety
    /// `ctx` is a context of `F`. C takes over one reference.
    unsafe fn install_i2_function<F>(&mut self, y: &VectorRef, ctx: *mut c_void) -> Result<()>
    where
        F: FnMut(&TsRef, &SecondOrderState<'_>, &mut VectorRef) -> Result<()>,
    {
        let dm = self.raw_dm()?;
        let shim = Some(i2_function_shim::<F> as _);
        // SAFETY: live objects; `ctx` is what the shim expects. If this fails, the closure is leaked: PETSc may have
        // stored the pointer.
        unsafe { call!(TSSetI2Function(*self.busy()?, y.as_ptr(), shim, ctx)) }?;
        // SAFETY: `ctx` is the context just stored on this DM; from here PETSc frees the closure.
        unsafe { call!(DMTSSetI2FunctionContextDestroy(dm, context_drop!(F))) }
    }

    /// # Safety
    /// The same as for [`install_i2_function`](Self::install_i2_function).
    unsafe fn install_i2_jacobian<F>(
        &mut self,
        a: &MatrixRef,
        p: &MatrixRef,
        ctx: *mut c_void,
    ) -> Result<()>
    where
        F: FnMut(&TsRef, &SecondOrderState<'_>, &mut MatrixRef, &mut MatrixRef) -> Result<()>,
    {
        let dm = self.raw_dm()?;
        let (a, p, shim) = (a.as_ptr(), p.as_ptr(), Some(i2_jacobian_shim::<F> as _));
        // SAFETY: as in `install_i2_function`.
        unsafe { call!(TSSetI2Jacobian(*self.busy()?, a, p, shim, ctx)) }?;
        // SAFETY: as in `install_i2_function`.
        unsafe { call!(DMTSSetI2JacobianContextDestroy(dm, context_drop!(F))) }
    }

    /// Sets the vectors of state and velocity, which [`step`](Self::step) advances. Logically
    /// collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if their lengths differ, `ARG_NOTSAMETYPE` if their types differ.
    #[wraps(TS2SetSolution)]
    pub fn set_solution2(&mut self, u: &mut VectorRef, v: &mut VectorRef) -> Result<()> {
        u.check_same_kind(v)?;
        u.check_same_layout(v)?;
        // SAFETY: live objects of one kind and size; PETSc takes references.
        unsafe { call!(TS2SetSolution(*self.busy()?, u.as_ptr(), v.as_ptr())) }
    }

    /// Returns the velocity of a second-order problem.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if no velocity is set.
    #[wraps(TS2GetSolution, not_collective)]
    #[track_caller]
    pub fn velocity(&self) -> Result<Loan<'_, Vector>> {
        let raw = self.raw_velocity()?;
        if raw.is_null() {
            return Err(no_velocity());
        }
        // SAFETY: a live vector.
        Ok(Loan::new(unsafe { Vector::retain(raw) }?))
    }

    fn raw_velocity(&self) -> Result<sys::Vec> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live integrator and a valid out-pointer; the other may be NULL.
        unsafe { call!(TS2GetSolution(self.as_ptr(), ptr::null_mut(), &raw mut raw)) }?;
        Ok(raw)
    }

    /// Integrates a second-order problem from the state in `u` and the velocity in `v`, and stores
    /// the final state and velocity in these vectors. Collective.
    ///
    /// # Errors
    /// The errors of [`solve`](Self::solve) and [`set_solution2`](Self::set_solution2).
    pub fn solve_second_order(
        &mut self,
        u: &mut VectorRef,
        v: &mut VectorRef,
    ) -> Result<Converged> {
        v.check_writable()?;
        self.set_solution2(u, v)?;
        let _locks = ffi::Locks::note([v.as_ptr()])?;
        self.solve(u)
    }

    /// Checks the nonlinear solver of the α methods. They take velocity and acceleration from the
    /// last evaluation of the residual. A solver with one linear step does not evaluate the
    /// residual at its result, and the state would not change.
    pub(super) fn check_alpha(&self) -> Result<()> {
        if !(self.is_type("alpha")? || self.is_type("alpha2")?) {
            return Ok(());
        }
        if self.snes()?.is_type("ksponly")? {
            let text = "the methods alpha and alpha2 need a nonlinear solver also for linear problems: \
                        set ProblemType::Nonlinear or -snes_type newtonls";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        Ok(())
    }

    /// Checks the velocity: the method for second-order problems dereferences it without a check.
    pub(super) fn check_velocity(&self, u: sys::Vec) -> Result<()> {
        if !self.is_type(&TsType::ALPHA2.name().to_string_lossy())? {
            return Ok(());
        }
        let raw = self.raw_velocity()?;
        if raw.is_null() {
            return Err(no_velocity());
        }
        // SAFETY: the integrator keeps a reference.
        unsafe { VectorRef::from_ptr(raw) }.check_writable()?;
        // SAFETY: a live vector, by the caller.
        let u = unsafe { VectorRef::from_ptr(u) };
        // SAFETY: the integrator keeps a reference.
        let v = unsafe { VectorRef::from_ptr(raw) };
        u.check_same_kind(v)?;
        u.check_same_layout(v)
    }
}

fn no_velocity() -> Error {
    Error::new(
        ErrorCode::ARG_WRONGSTATE,
        "a second-order problem needs a velocity: call solve_second_order or set_solution2",
    )
}

trampoline! {
    fn i2_function_shim[c"TS second-order function"](
        ts: &TsRef, time: Real, u: &VectorRef, v: &VectorRef, a: &VectorRef, y: &mut VectorRef
    )
    for FnMut(&TsRef, &SecondOrderState<'_>, &mut VectorRef) -> Result<()> as F
    = |f| f(ts, &SecondOrderState { time, u, v, a, shift_v: 0.0, shift_a: 0.0 }, y)
}

trampoline! {
    fn i2_jacobian_shim[c"TS second-order Jacobian"](
        ts: &TsRef, time: Real, u: &VectorRef, v: &VectorRef, a: &VectorRef, shift_v: Real, shift_a: Real,
        j: &mut MatrixRef, p: &mut MatrixRef
    )
    for FnMut(&TsRef, &SecondOrderState<'_>, &mut MatrixRef, &mut MatrixRef) -> Result<()> as F
    = |f| f(ts, &SecondOrderState { time, u, v, a, shift_v, shift_a }, j, p)
}
