//! Closures that watch and steer an optimisation.

use std::ffi::c_void;
use std::ptr;

use petsc_macros::{setting, wraps};

use super::{ConvergedReason, TaoRef, shims};
use crate::callback::{self, Context, trampoline};
use crate::error::Result;
use crate::{call, sys};

impl TaoRef {
    /// Adds a monitor, called at every iteration: [`status`](Self::status) tells it where things stand.
    /// Logically collective. Option: `-tao_monitor`.
    ///
    /// # Errors
    /// Too many monitors.
    #[wraps(TaoMonitorSet, TaoSetMonitor)]
    pub fn add_monitor<F>(&mut self, monitor: F) -> Result<()>
    where
        F: FnMut(&TaoRef) -> Result<()> + 'static,
    {
        // Before 3.25, methods hand the monitors on to a solver within, and count the context as an object of PETSc.
        // SAFETY: a context of `F`, which was just made.
        let ctx = unsafe { callback::counted::<F>(Context::into_raw(monitor)) }?.cast();
        let (shim, free) = (Some(counted_monitor::<F> as _), Some(give_back as _));
        #[cfg(petsc_ge_3_21)]
        // SAFETY: a live optimiser; each monitor has a context of its own, of which PETSc gives back the count.
        unsafe { call!(TaoMonitorSet(self.as_ptr(), shim, ctx, free)) }?;
        #[cfg(not(petsc_ge_3_21))]
        // SAFETY: as above, under its name before 3.21.
        unsafe { call!(TaoSetMonitor(self.as_ptr(), shim, ctx, free)) }?;
        Ok(())
    }

    /// Removes all monitors, also those that options added, and frees their closures. Logically collective.
    ///
    /// # Errors
    /// What `TaoMonitorCancel` returns.
    #[wraps(TaoMonitorCancel, TaoCancelMonitors)]
    pub fn cancel_monitors(&mut self) -> Result<()> {
        #[cfg(petsc_ge_3_21)]
        // SAFETY: a live optimiser.
        unsafe { call!(TaoMonitorCancel(*self.busy()?)) }?;
        #[cfg(not(petsc_ge_3_21))]
        // SAFETY: as above, under its name before 3.21.
        unsafe { call!(TaoCancelMonitors(*self.busy()?)) }?;
        Ok(())
    }

    /// Sets the convergence test: a closure that says [`ConvergedReason::Iterating`] to go on, or why to stop;
    /// it can ask the [default test](Self::default_convergence_test). The limits of iterations and
    /// evaluations hold beside it. Replaces an earlier one, and stays when the method changes. Methods with a
    /// solver of their own inside, such as `brgn`, ask that solver's test. Logically collective: all ranks must
    /// say the same.
    ///
    /// # Errors
    /// What `TaoSetConvergenceTest` returns.
    #[wraps(TaoSetConvergenceTest)]
    pub fn set_convergence_test<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TaoRef) -> Result<ConvergedReason> + 'static,
    {
        self.parts()?.0.test.set(Box::new(f));
        self.install_test()
    }

    /// PETSc forgets the test when the method changes.
    pub(super) fn install_test(&mut self) -> Result<()> {
        let (parts, ctx) = self.parts()?;
        if !parts.test.is_set() {
            return Ok(());
        }
        let shim = Some(shims::test as _);
        // SAFETY: a live optimiser, which keeps the context.
        unsafe { call!(TaoSetConvergenceTest(*self.busy()?, shim, ctx)) }
    }

    /// What PETSc's own test says, by the tolerances: for a convergence test to ask. Collective.
    ///
    /// # Errors
    /// What `TaoDefaultConvergenceTest` returns.
    #[wraps(TaoDefaultConvergenceTest)]
    pub fn default_convergence_test(&self) -> Result<ConvergedReason> {
        // SAFETY: a live optimiser; the context is not used. The answer lands in the optimiser.
        unsafe { call!(TaoDefaultConvergenceTest(self.as_ptr(), ptr::null_mut())) }?;
        Ok(self.status()?.reason)
    }

    /// Sets what runs at the beginning of each iteration: `f(tao, iteration)`. Replaces an earlier one.
    /// Logically collective.
    ///
    /// # Errors
    /// What `TaoSetUpdate` returns.
    #[wraps(TaoSetUpdate)]
    pub fn set_update<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TaoRef, usize) -> Result<()> + 'static,
    {
        let (parts, ctx) = self.parts()?;
        parts.update.set(Box::new(f));
        let shim = Some(shims::update as _);
        // SAFETY: a live optimiser, which keeps the context.
        unsafe { call!(TaoSetUpdate(*self.busy()?, shim, ctx)) }
    }

    /// Sets the method itself, for the type `shell`: `f(tao)` moves [`solution`](Self::solution) and says why
    /// it stops by [`set_converged_reason`](Self::set_converged_reason). Replaces an earlier one. Logically
    /// collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the type is not `shell`.
    #[wraps(TaoShellSetSolve)]
    pub fn set_shell_solve<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&mut TaoRef) -> Result<()> + 'static,
    {
        self.expect_type("shell")?;
        self.parts()?.0.solve.set(Box::new(f));
        // SAFETY: a live optimiser of type shell; the function finds the closure by itself.
        unsafe { call!(TaoShellSetSolve(*self.busy()?, Some(shims::solve))) }
    }

    /// The reason for which the optimization stops.
    #[setting(TaoSetConvergedReason, running)]
    pub fn set_converged_reason(converged_reason: ConvergedReason);
}

trampoline! { fn monitor_shim[c"TAO monitor"](tao: &TaoRef) }

unsafe extern "C" fn counted_monitor<F>(tao: sys::Tao, ctx: *mut c_void) -> sys::PetscErrorCode
where
    F: FnMut(&TaoRef) -> Result<()>,
{
    let mut inner = ptr::null_mut();
    // SAFETY: the container that `add_monitor` gave to C, and a valid out-pointer.
    let code = unsafe { sys::PetscRsContainerGetPointer(ctx.cast(), &raw mut inner) };
    if code != sys::error_code(0) {
        return code;
    }
    // SAFETY: the arguments of C, with the context of `F` that lies in the container.
    unsafe { monitor_shim::<F>(tao, inner) }
}

/// Gives back the count that C has of a container. The type of what the argument points to is that of the release.
unsafe extern "C" fn give_back<P>(ctx: *mut P) -> sys::PetscErrorCode {
    // SAFETY: C points to the context that it was given, of which it has one count.
    unsafe { sys::PetscContainerDestroy(ctx.cast()) }
}
