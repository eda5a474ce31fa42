//! Monitors, convergence tests and other closures that an optimizer calls.

use std::ffi::c_void;
use std::ptr;

use petsc_macros::{setting, wraps};

use super::{ConvergedReason, TaoRef, shims};
use crate::callback::{self, Context, trampoline};
use crate::error::Result;
use crate::object::type_among;
use crate::{call, sys};

impl TaoRef {
    /// Adds a monitor, which is called in every iteration. [`status`](Self::status) returns the
    /// current values. Logically collective. Option: `-tao_monitor`.
    ///
    /// # Errors
    /// The errors of PETSc, such as too many monitors.
    #[wraps(TaoMonitorSet, TaoSetMonitor)]
    pub fn add_monitor<F>(&mut self, monitor: F) -> Result<()>
    where
        F: FnMut(&TaoRef) -> Result<()> + 'static,
    {
        // Before 3.25, methods pass the monitors to an inner solver and treat the context as a
        // PETSc object.
        // SAFETY: a context of `F`, which was just created.
        let ctx = unsafe { callback::counted::<F>(Context::into_raw(monitor)) }?.cast();
        let (shim, free) = (Some(counted_monitor::<F> as _), Some(give_back as _));
        #[cfg(petsc_ge_3_21)]
        // SAFETY: a live optimizer; each monitor has its own context, whose reference PETSc
        // releases.
        unsafe { call!(TaoMonitorSet(self.as_ptr(), shim, ctx, free)) }?;
        #[cfg(not(petsc_ge_3_21))]
        // SAFETY: as above, under its name before 3.21.
        unsafe { call!(TaoSetMonitor(self.as_ptr(), shim, ctx, free)) }?;
        Ok(())
    }

    /// Removes all monitors, including those added by options, and frees their closures. Logically
    /// collective.
    ///
    /// # Errors
    /// The errors of `TaoMonitorCancel`.
    #[wraps(TaoMonitorCancel, TaoCancelMonitors)]
    pub fn cancel_monitors(&mut self) -> Result<()> {
        #[cfg(petsc_ge_3_21)]
        // SAFETY: a live optimizer.
        unsafe { call!(TaoMonitorCancel(*self.busy()?)) }?;
        #[cfg(not(petsc_ge_3_21))]
        // SAFETY: as above, under its name before 3.21.
        unsafe { call!(TaoCancelMonitors(*self.busy()?)) }?;
        Ok(())
    }

    /// Sets the convergence test. Replaces an earlier test. Logically collective: all ranks must
    /// return the same reason.
    ///
    /// The closure returns [`ConvergedReason::Iterating`] to continue, or the reason to stop. It
    /// can call the [default test](Self::default_convergence_test). The limits of iterations and
    /// evaluations still apply. A change of the method keeps the test. Methods with an inner
    /// optimizer, such as `brgn`, use the convergence test of the inner optimizer instead.
    #[wraps(TaoSetConvergenceTest)]
    pub fn set_convergence_test<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TaoRef) -> Result<ConvergedReason> + 'static,
    {
        self.parts()?.0.test.set(Box::new(f));
        self.install_test()
    }

    /// PETSc removes the test when the method changes.
    pub(super) fn install_test(&mut self) -> Result<()> {
        let (parts, ctx) = self.parts()?;
        if !parts.test.is_set() {
            return Ok(());
        }
        let shim = Some(shims::test as _);
        // SAFETY: a live optimizer, which keeps the context.
        unsafe { call!(TaoSetConvergenceTest(*self.busy()?, shim, ctx)) }
    }

    /// Returns the result of PETSc's default test with the tolerances of the optimizer, for use in
    /// a convergence test. Collective.
    #[wraps(TaoDefaultConvergenceTest)]
    pub fn default_convergence_test(&self) -> Result<ConvergedReason> {
        // SAFETY: a live optimizer; the context is not used. C stores the result in the optimizer.
        unsafe { call!(TaoDefaultConvergenceTest(self.as_ptr(), ptr::null_mut())) }?;
        Ok(self.status()?.reason)
    }

    /// Sets the closure `f(tao, iteration)` that is called at the start of each iteration. Replaces
    /// an earlier closure. Logically collective.
    #[wraps(TaoSetUpdate)]
    pub fn set_update<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TaoRef, usize) -> Result<()> + 'static,
    {
        let (parts, ctx) = self.parts()?;
        parts.update.set(Box::new(f));
        let shim = Some(shims::update as _);
        // SAFETY: a live optimizer, which keeps the context.
        unsafe { call!(TaoSetUpdate(*self.busy()?, shim, ctx)) }
    }

    /// Sets the optimization method of the type `shell`. Replaces an earlier closure. Logically
    /// collective.
    ///
    /// The closure `f(tao)` updates [`solution`](Self::solution) and sets the reason to stop with
    /// [`set_converged_reason`](Self::set_converged_reason).
    ///
    /// # Errors
    /// `ARG_WRONG` if the type is not `shell`.
    #[wraps(TaoShellSetSolve)]
    pub fn set_shell_solve<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&mut TaoRef) -> Result<()> + 'static,
    {
        type_among(self, &["shell"], "set_shell_solve")?;
        self.parts()?.0.solve.set(Box::new(f));
        // SAFETY: a live optimizer of type shell; the function finds the closure by itself.
        unsafe { call!(TaoShellSetSolve(*self.busy()?, Some(shims::solve))) }
    }

    /// The reason why the optimization stops.
    #[setting(TaoSetConvergedReason, running)]
    pub fn set_converged_reason(converged_reason: ConvergedReason);
}

trampoline! { fn monitor_shim[c"TAO monitor"](tao: &TaoRef) }

unsafe extern "C" fn counted_monitor<F>(tao: sys::Tao, ctx: *mut c_void) -> sys::PetscErrorCode
where
    F: FnMut(&TaoRef) -> Result<()>,
{
    let mut inner = ptr::null_mut();
    // SAFETY: the container that `add_monitor` passed to C, and a valid out-pointer.
    let code = unsafe { sys::PetscRsContainerGetPointer(ctx.cast(), &raw mut inner) };
    if code != sys::error_code(0) {
        return code;
    }
    // SAFETY: the arguments of C, with the context of `F` in the container.
    unsafe { monitor_shim::<F>(tao, inner) }
}

/// Releases the reference of C to a container. The argument type depends on the release.
unsafe extern "C" fn give_back<P>(ctx: *mut P) -> sys::PetscErrorCode {
    // SAFETY: C points to the context that it got, of which it owns one reference.
    unsafe { sys::PetscContainerDestroy(ctx.cast()) }
}
