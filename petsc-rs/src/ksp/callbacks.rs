//! Closures that the solver calls: monitors, and closures before and after a solve.

use std::ffi::CStr;

use petsc_macros::wraps;

use super::KspRef;
use super::vectors::Iterating;
use crate::callback::{self, Context, trampoline};
use crate::error::Result;
use crate::vector::VectorRef;
use crate::{Object, Real, call, sys};

const PRE_SOLVE: &CStr = c"petsc-rs.ksp.pre-solve";
const POST_SOLVE: &CStr = c"petsc-rs.ksp.post-solve";

impl KspRef {
    /// Adds a monitor. PETSc calls the closure with the iteration number and the residual norm at
    /// every iteration, after the monitors added earlier. Logically collective.
    ///
    /// # Errors
    /// The errors of `KSPMonitorSet`, such as too many monitors (the limit is five or ten,
    /// depending on the release).
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
    #[wraps(KSPMonitorSet)]
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

    /// Removes all monitors, including those added by options, and frees their closures. Logically
    /// collective. Option: `-ksp_monitor_cancel`.
    #[wraps(KSPMonitorCancel)]
    pub fn cancel_monitors(&mut self) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(KSPMonitorCancel(*self.busy()?)) }
    }

    /// Sets the closure `f(ksp, b, x)` that is called before each solve. Replaces an earlier
    /// closure. Logically collective.
    #[wraps(KSPSetPreSolve)]
    pub fn set_pre_solve<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&KspRef, &mut VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let give = |ctx| {
            // SAFETY: a live solver; `ctx` is what the shim expects.
            unsafe { call!(KSPSetPreSolve(*self.busy()?, Some(solve_shim::<F>), ctx)) }
        };
        // SAFETY: a live object; C has one place for this.
        unsafe { callback::hand_over(self.object_ptr(), PRE_SOLVE, f, give) }
    }

    /// Sets the closure `f(ksp, b, x)` that is called after each solve. Replaces an earlier
    /// closure. Logically collective.
    #[wraps(KSPSetPostSolve)]
    pub fn set_post_solve<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&KspRef, &mut VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let give = |ctx| {
            // SAFETY: as in `set_pre_solve`.
            unsafe { call!(KSPSetPostSolve(*self.busy()?, Some(solve_shim::<F>), ctx)) }
        };
        // SAFETY: as in `set_pre_solve`.
        unsafe { callback::hand_over(self.object_ptr(), POST_SOLVE, f, give) }
    }
}

trampoline! {
    fn monitor_shim[c"KSP monitor"](ksp: &KspRef, iteration: usize, norm: Real)
    for FnMut(&KspRef, usize, Real) -> Result<()> as F
    = |monitor| {
        let _here = Iterating::enter(ksp);
        monitor(ksp, iteration, norm)
    }
}

trampoline! {
    fn solve_shim[c"KSP pre- or post-solve"](ksp: &KspRef, b: &mut VectorRef, x: &mut VectorRef)
}
