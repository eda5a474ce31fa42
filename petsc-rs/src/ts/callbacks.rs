//! Closures for the right-hand side and monitors. PETSc stores the right-hand side on the
//! integrator's DM.

use std::ffi::c_void;

use petsc_macros::wraps;

use super::{Running, TsRef};
use crate::callback::{Context, context_drop, trampoline};
use crate::error::Result;
use crate::vector::VectorRef;
use crate::{Int, Real, call, ffi, sys};

impl TsRef {
    /// Sets the right-hand side: `f(ts, t, u, g)` computes `g ← G(t, u)`. PETSc uses the vector
    /// passed here as `g`. Logically collective.
    ///
    /// # Examples
    /// Exponential decay, `u' = -u`:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt, Ts, TsType, Vector, ts::ExactFinalTime};
    /// let mut u = Vector::new(comm, 3)?;
    /// u.set(Scalar::from_real(1.0))?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::RK)?;
    /// let g = u.duplicate()?;
    /// ts.set_rhs_function(&g, |_, _, u, g| {
    ///     g.copy_from(u)?;
    ///     g.array_mut()?.iter_mut().for_each(|g| *g = -*g);
    ///     Ok(())
    /// })?;
    /// ts.set_time_step(0.01)?;
    /// ts.set_max_time(1.0)?;
    /// ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    /// let end = ts.solve(&mut u)?;
    /// assert!((u.norm(petsc_rs::Norm::Infinity)? - (-1f64).exp()).abs() < 1e-3, "{end}");
    /// # Ok(()) })
    /// ```
    #[wraps(TSSetRHSFunction)]
    pub fn set_rhs_function<F>(&mut self, g: &VectorRef, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        // SAFETY: a context of `F`.
        unsafe { self.install_rhs::<F>(g, Context::into_raw(f)) }
    }

    /// # Safety
    /// `ctx` is a context of `F`. C takes over one reference.
    pub(super) unsafe fn install_rhs<F>(&mut self, g: &VectorRef, ctx: *mut c_void) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &mut VectorRef) -> Result<()>,
    {
        let dm = self.raw_dm()?;
        let shim = Some(rhs_shim::<F> as _);
        // SAFETY: live objects; `ctx` is what the shim expects. If this fails, the closure is leaked:
        // PETSc may have stored the pointer.
        unsafe { call!(TSSetRHSFunction(*self.busy()?, g.as_ptr(), shim, ctx)) }?;
        // SAFETY: `ctx` is the context just stored on this DM; from here PETSc frees the closure.
        unsafe { call!(DMTSSetRHSFunctionContextDestroy(dm, context_drop!(F))) }
    }

    /// Adds a monitor. PETSc calls it with the step number, the time and the state after every
    /// step. Logically collective.
    ///
    /// # Errors
    /// The errors of `TSMonitorSet`, such as too many monitors.
    #[wraps(TSMonitorSet)]
    pub fn add_monitor<F>(&mut self, monitor: F) -> Result<()>
    where
        F: FnMut(&mut Running<'_>, usize, Real, &VectorRef) -> Result<()> + 'static,
    {
        let ctx = Context::into_raw(monitor);
        let (shim, free) = (Some(monitor_shim::<F> as _), Some(Context::<F>::drop_indirect as _));
        // SAFETY: a live integrator; each monitor has a context of its own, which PETSc frees.
        unsafe { call!(TSMonitorSet(self.as_ptr(), shim, ctx, free)) }
    }

    /// Removes all monitors, including those added by options, and frees their closures. Logically
    /// collective. Option: `-ts_monitor_cancel`.
    #[wraps(TSMonitorCancel)]
    pub fn cancel_monitors(&mut self) -> Result<()> {
        // SAFETY: a live integrator.
        unsafe { call!(TSMonitorCancel(*self.busy()?)) }
    }
}

trampoline! {
    fn rhs_shim[c"TS right-hand side"](ts: &TsRef, time: Real, u: &VectorRef, g: &mut VectorRef)
}

trampoline! {
    fn monitor_shim[c"TS monitor"](ts: &TsRef, step: Int, time: Real, u: &VectorRef)
    for FnMut(&mut Running<'_>, usize, Real, &VectorRef) -> Result<()> as F
    = |monitor| {
        // PETSc passes step -1 for a state that it interpolated at the end.
        let interpolated = step < 0;
        let step = if interpolated { ts.step_number()? } else { ffi::size(step)? };
        monitor(&mut Running::monitored(ts, interpolated), step, time, u)
    }
}
