//! Closures for implicit methods: Jacobians and implicit functions. The closures are stored on the
//! integrator's DM.

use std::ffi::c_void;

use petsc_macros::wraps;

use super::TsRef;
use crate::callback::{Context, context_drop, trampoline};
use crate::error::Result;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{Real, call, sys};

impl TsRef {
    /// Sets the Jacobian of the right-hand side: `f(ts, t, u, a, p)` computes `∂G/∂u` into `a`, and
    /// into `p` the matrix from which the preconditioner is built. `a` and `p` may be the same
    /// matrix. Logically collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a matrix is not square.
    ///
    /// # Examples
    /// Exponential decay, `u' = -u`, with Crank–Nicolson:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Matrix, Scalar, ScalarExt, Ts, TsType, ts::ExactFinalTime};
    /// let r = Scalar::from_real;
    /// let j = Matrix::builder(comm).global_size(3, 3).preallocate(1, 0).build()?;
    /// let (mut u, g) = j.vectors()?;
    /// u.set(r(1.0))?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::CN)?;
    /// ts.set_rhs_function(&g, |_, _, u, g| {
    ///     g.copy_from(u)?;
    ///     g.scale(Scalar::from_real(-1.0))
    /// })?;
    /// ts.set_rhs_jacobian(&j, &j, |_, _, _, a, _| {
    ///     for i in a.ownership_range()? {
    ///         a.set_value(i, i, Scalar::from_real(-1.0), InsertMode::Insert)?;
    ///     }
    ///     a.assemble()
    /// })?;
    /// ts.set_time_step(0.01)?;
    /// ts.set_max_time(1.0)?;
    /// ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    /// let _ = ts.solve(&mut u)?;
    /// assert!((u.norm(petsc_rs::Norm::Infinity)? - (-1f64).exp()).abs() < 1e-5);
    /// # Ok(()) })
    /// ```
    #[wraps(TSSetRHSJacobian)]
    pub fn set_rhs_jacobian<F>(&mut self, a: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        a.check_square()?;
        p.check_square()?;
        // SAFETY: a context of `F`.
        unsafe { self.install_rhs_jacobian::<F>(a, p, Context::into_raw(f)) }
    }

    /// # Safety
    /// `ctx` is a context of `F`. C takes over one reference.
    pub(super) unsafe fn install_rhs_jacobian<F>(
        &mut self,
        a: &MatrixRef,
        p: &MatrixRef,
        ctx: *mut c_void,
    ) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()>,
    {
        let dm = self.raw_dm()?;
        let shim = Some(rhs_jacobian_shim::<F> as _);
        // SAFETY: live objects; `ctx` is what the shim expects. If this fails, the closure is leaked: PETSc may
        // have stored the pointer.
        unsafe { call!(TSSetRHSJacobian(*self.busy()?, a.as_ptr(), p.as_ptr(), shim, ctx)) }?;
        // SAFETY: `ctx` is the context just stored on this DM; from here PETSc frees the closure.
        unsafe { call!(DMTSSetRHSJacobianContextDestroy(dm, context_drop!(F))) }
    }

    /// Sets the implicit function of the problem `F(t, u, u') = G(t, u)`: `f(ts, t, u, v, y)`
    /// computes `y ← F(t, u, v)`, where `v` stands for `u'`. Logically collective.
    ///
    /// PETSc uses the vector passed here as `y`.
    #[wraps(TSSetIFunction)]
    pub fn set_i_function<F>(&mut self, y: &VectorRef, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        // SAFETY: a context of `F`.
        unsafe { self.install_i_function::<F>(y, Context::into_raw(f)) }
    }

    /// # Safety
    /// The same as for [`install_rhs_jacobian`](Self::install_rhs_jacobian).
    pub(super) unsafe fn install_i_function<F>(
        &mut self,
        y: &VectorRef,
        ctx: *mut c_void,
    ) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &VectorRef, &mut VectorRef) -> Result<()>,
    {
        let dm = self.raw_dm()?;
        let shim = Some(i_function_shim::<F> as _);
        // SAFETY: as in `install_rhs_jacobian`.
        unsafe { call!(TSSetIFunction(*self.busy()?, y.as_ptr(), shim, ctx)) }?;
        // SAFETY: as in `install_rhs_jacobian`.
        unsafe { call!(DMTSSetIFunctionContextDestroy(dm, context_drop!(F))) }
    }

    /// Sets the Jacobian of the implicit function: `f(ts, state, a, p)` computes
    /// `∂F/∂u + shift·∂F/∂v` into `a`, and the matrix of the preconditioner into `p`. Logically
    /// collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a matrix is not square.
    #[wraps(TSSetIJacobian)]
    pub fn set_i_jacobian<F>(&mut self, a: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, &ImplicitState<'_>, &mut MatrixRef, &mut MatrixRef) -> Result<()>
            + 'static,
    {
        a.check_square()?;
        p.check_square()?;
        // SAFETY: a context of `F`.
        unsafe { self.install_i_jacobian::<F>(a, p, Context::into_raw(f)) }
    }

    /// # Safety
    /// The same as for [`install_rhs_jacobian`](Self::install_rhs_jacobian).
    pub(super) unsafe fn install_i_jacobian<F>(
        &mut self,
        a: &MatrixRef,
        p: &MatrixRef,
        ctx: *mut c_void,
    ) -> Result<()>
    where
        F: FnMut(&TsRef, &ImplicitState<'_>, &mut MatrixRef, &mut MatrixRef) -> Result<()>,
    {
        let dm = self.raw_dm()?;
        let shim = Some(i_jacobian_shim::<F> as _);
        // SAFETY: as in `install_rhs_jacobian`.
        unsafe { call!(TSSetIJacobian(*self.busy()?, a.as_ptr(), p.as_ptr(), shim, ctx)) }?;
        // SAFETY: as in `install_rhs_jacobian`.
        unsafe { call!(DMTSSetIJacobianContextDestroy(dm, context_drop!(F))) }
    }
}

/// Point at which the Jacobian of an implicit function is evaluated, see [`TsRef::set_i_jacobian`].
#[derive(Clone, Copy, Debug)]
pub struct ImplicitState<'a> {
    /// Time.
    pub time: Real,
    /// State.
    pub u: &'a VectorRef,
    /// Time derivative of the state.
    pub v: &'a VectorRef,
    /// Factor of `∂F/∂v`.
    pub shift: Real,
}

trampoline! {
    fn rhs_jacobian_shim[c"TS right-hand side Jacobian"](
        ts: &TsRef, time: Real, u: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef
    )
}

trampoline! {
    fn i_function_shim[c"TS implicit function"](
        ts: &TsRef, time: Real, u: &VectorRef, v: &VectorRef, y: &mut VectorRef
    )
}

trampoline! {
    fn i_jacobian_shim[c"TS implicit Jacobian"](
        ts: &TsRef, time: Real, u: &VectorRef, v: &VectorRef, shift: Real, a: &mut MatrixRef, p: &mut MatrixRef
    )
    for FnMut(&TsRef, &ImplicitState<'_>, &mut MatrixRef, &mut MatrixRef) -> Result<()> as F
    = |f| f(ts, &ImplicitState { time, u, v, shift }, a, p)
}
