//! User-defined convergence tests.

use std::ptr;

use petsc_macros::wraps;

use super::{ConvergedReason, SnesRef};
use crate::callback::{Context, trampoline};
use crate::error::Result;
use crate::{Int, Real, call, ffi, sys};

/// Arguments of one call of a convergence test, see [`SnesRef::set_convergence_test`].
#[derive(Debug)]
pub struct ConvergenceTest<'a> {
    snes: &'a SnesRef,
    iteration: Int,
    norms: [Real; 3],
}

impl ConvergenceTest<'_> {
    /// Returns the solver.
    #[must_use]
    pub fn snes(&self) -> &SnesRef {
        self.snes
    }

    /// Returns the number of iterations so far.
    #[must_use]
    pub fn iteration(&self) -> usize {
        ffi::index_to_usize(self.iteration)
    }

    /// Returns `‖x‖`.
    #[must_use]
    pub fn solution_norm(&self) -> Real {
        self.norms[0]
    }

    /// Returns the norm of the last step.
    #[must_use]
    pub fn step_norm(&self) -> Real {
        self.norms[1]
    }

    /// Returns `‖F(x)‖`.
    #[must_use]
    pub fn function_norm(&self) -> Real {
        self.norms[2]
    }

    /// Returns the result of PETSc's default test with the tolerances of the solver. Collective.
    ///
    /// The default test stores the norm of the first iteration for later iterations. Call this
    /// method in every iteration, or never.
    #[wraps(SNESConvergedDefault)]
    pub fn default_test(&self) -> Result<ConvergedReason> {
        let mut reason = 0;
        let [x, y, f] = self.norms;
        // SAFETY: a solver during a solve and its own numbers; this test has no context.
        unsafe {
            call!(SNESConvergedDefault(
                self.snes.as_ptr(),
                self.iteration,
                x,
                y,
                f,
                &raw mut reason,
                ptr::null_mut()
            ))
        }?;
        Ok(ConvergedReason::from_raw(reason))
    }
}

impl SnesRef {
    /// Sets the convergence test. Replaces an earlier test. Logically collective: all ranks must
    /// return the same reason.
    ///
    /// The closure returns [`ConvergedReason::Iterating`] to continue, or the reason to stop. It
    /// can call the default test.
    ///
    /// # Examples
    /// The default test, with at least three iterations:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::snes::ConvergedReason;
    /// let mut snes = petsc_rs::Snes::new(comm)?;
    /// snes.set_convergence_test(|test| {
    ///     let reason = test.default_test()?;
    ///     Ok(if test.iteration() < 3 { ConvergedReason::Iterating } else { reason })
    /// })
    /// # })
    /// ```
    #[wraps(SNESSetConvergenceTest)]
    pub fn set_convergence_test<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&ConvergenceTest<'_>) -> Result<ConvergedReason> + 'static,
    {
        let ctx = Context::into_raw(f);
        #[cfg(petsc_ge_3_24)]
        let free = Some(Context::<F>::drop_indirect as _);
        #[cfg(not(petsc_ge_3_24))]
        let free = Some(Context::<F>::drop_direct as _);
        let shim = Some(test_shim::<F> as _);
        // SAFETY: a live solver; `ctx` is what shim and destructor expect, and PETSc frees it.
        unsafe { call!(SNESSetConvergenceTest(*self.busy()?, shim, ctx, free)) }
    }

    /// Restores PETSc's default convergence test and frees the closure. Logically collective.
    ///
    /// # Errors
    /// The errors of `SNESSetConvergenceTest`.
    pub fn reset_convergence_test(&mut self) -> Result<()> {
        // SAFETY: a live solver; PETSc's own test has no context.
        unsafe {
            call!(SNESSetConvergenceTest(
                *self.busy()?,
                Some(sys::SNESConvergedDefault),
                ptr::null_mut(),
                None
            ))
        }
    }
}

trampoline! {
    fn test_shim[c"SNES convergence test"](
        snes: &SnesRef, iteration: Int, x: Real, y: Real, f: Real; -> ConvergedReason;
    )
    for FnMut(&ConvergenceTest<'_>) -> Result<ConvergedReason> as F
    = |test| test(&ConvergenceTest { snes, iteration, norms: [x, y, f] })
}
