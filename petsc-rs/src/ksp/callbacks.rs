//! Closures that the solver calls.

use std::ffi::c_void;

use super::KspRef;
use crate::callback::{self, Context};
use crate::error::Result;
use crate::{Int, Real, call, ffi, sys};

impl KspRef {
    /// Adds a monitor, called with the iteration number and the residual norm at every iteration,
    /// after those that are there already. Logically collective.
    ///
    /// # Errors
    /// What `KSPMonitorSet` returns, such as too many monitors.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let mut ksp = petsc_rs::Ksp::new(comm)?;
    /// ksp.add_monitor(|_ksp, iteration, norm| {
    ///     eprintln!("{iteration} {norm:e}");
    ///     Ok(())
    /// })
    /// # })
    /// ```
    #[doc(alias = "KSPMonitorSet")]
    pub fn add_monitor<F>(&mut self, monitor: F) -> Result<()>
    where
        F: FnMut(&KspRef, usize, Real) -> Result<()> + 'static,
    {
        let ctx = Context::into_raw(monitor);
        // SAFETY: a live solver; each monitor has a context of its own, which PETSc frees.
        unsafe {
            call!(KSPMonitorSet(
                self.as_ptr(),
                Some(monitor_shim::<F>),
                ctx,
                Some(Context::<F>::drop_indirect)
            ))
        }
    }
}

unsafe extern "C" fn monitor_shim<F>(
    ksp: sys::KSP,
    iteration: Int,
    norm: Real,
    ctx: *mut c_void,
) -> sys::PetscErrorCode
where
    F: FnMut(&KspRef, usize, Real) -> Result<()> + 'static,
{
    callback::guard(c"KSP monitor", || {
        // SAFETY: PETSc lends a live solver for this call.
        let ksp = unsafe { KspRef::from_ptr(ksp) };
        let iteration = ffi::size(iteration)?;
        // SAFETY: `ctx` is the context given with this shim.
        unsafe { Context::<F>::with(ctx, |monitor| monitor(ksp, iteration, norm)) }
    })
}
