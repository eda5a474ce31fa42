//! User-defined convergence tests.

use std::ffi::c_void;

use petsc_macros::wraps;

use super::vectors::Iterating;
use super::{ConvergedReason, KspRef};
use crate::callback::{Context, trampoline};
use crate::error::Result;
use crate::{Int, Real, call, ffi, get_raw, sys};

/// Arguments of one call of a convergence test, see [`KspRef::set_convergence_test`].
#[derive(Debug)]
pub struct ConvergenceTest<'a> {
    ksp: &'a KspRef,
    iteration: Int,
    norm: Real,
    default: *mut c_void,
}

impl ConvergenceTest<'_> {
    /// Returns the solver.
    #[must_use]
    pub fn ksp(&self) -> &KspRef {
        self.ksp
    }

    /// Returns the number of iterations so far.
    #[must_use]
    pub fn iteration(&self) -> usize {
        ffi::index_to_usize(self.iteration)
    }

    /// Returns the residual norm; the norm type of the solver determines which norm this is.
    #[must_use]
    pub fn residual_norm(&self) -> Real {
        self.norm
    }

    /// Returns the result of PETSc's default test with the tolerances of the solver. Collective.
    ///
    /// Call this method in every iteration or in none, because it stores the norm of the first
    /// iteration.
    #[wraps(KSPConvergedDefault)]
    pub fn default_test(&self) -> Result<ConvergedReason> {
        let mut reason = sys::KSP_CONVERGED_ITERATING;
        // SAFETY: a solver during a solve, its own numbers, and a context of
        // `KSPConvergedDefaultCreate` that lives as long as the closure that is being called.
        unsafe {
            call!(KSPConvergedDefault(
                self.ksp.as_ptr(),
                self.iteration,
                self.norm,
                &raw mut reason,
                self.default
            ))
        }?;
        Ok(ConvergedReason::from_raw(reason))
    }
}

/// The closure, and the context of the default test.
pub(super) struct Test<F> {
    f: F,
    default: DefaultContext,
}

struct DefaultContext(*mut c_void);

impl DefaultContext {
    fn new() -> Result<Self> {
        // SAFETY: a valid out-pointer.
        let raw = unsafe { get_raw!(KSPConvergedDefaultCreate(_)) }?;
        Ok(Self(raw))
    }
}

impl Drop for DefaultContext {
    fn drop(&mut self) {
        #[cfg(petsc_ge_3_24)]
        let argument = (&raw mut self.0).cast();
        #[cfg(not(petsc_ge_3_24))]
        let argument = self.0;
        // SAFETY: the context created by `new`, in the form that this release requires.
        let code = unsafe { sys::KSPConvergedDefaultDestroy(argument) };
        crate::runtime::record_drop("KSPConvergedDefaultDestroy", code);
    }
}

impl<F> Test<F> {
    pub(super) fn new(f: F) -> Result<Self> {
        let default = DefaultContext::new()?;
        Ok(Self { f, default })
    }
}

impl KspRef {
    /// Sets the convergence test. Replaces an earlier test. Logically collective: the closure must
    /// return the same reason on all ranks.
    ///
    /// The closure returns [`ConvergedReason::Iterating`] to continue, or the reason to stop. The
    /// closure can call the default test.
    ///
    /// # Examples
    /// The default test, with at least three iterations:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::ConvergedReason;
    /// let mut ksp = petsc_rs::Ksp::new(comm)?;
    /// ksp.set_convergence_test(|test| {
    ///     let reason = test.default_test()?;
    ///     Ok(if test.iteration() < 3 { ConvergedReason::Iterating } else { reason })
    /// })
    /// # })
    /// ```
    #[wraps(KSPSetConvergenceTest)]
    pub fn set_convergence_test<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&ConvergenceTest<'_>) -> Result<ConvergedReason> + 'static,
    {
        let ctx = Context::into_raw(Test::new(f)?);
        // SAFETY: a live solver; `ctx` is what shim and destructor expect, and PETSc frees it.
        unsafe { self.install_test::<F>(ctx) }
    }

    /// Restores PETSc's default convergence test and frees the closure. Logically collective.
    ///
    /// # Errors
    /// The errors of `KSPSetConvergenceTest`.
    pub fn reset_convergence_test(&mut self) -> Result<()> {
        // SAFETY: a live solver; the shim creates the context and passes it with its destructor.
        unsafe { call!(PetscRsKSPSetConvergenceTestDefault(*self.busy()?)) }
    }

    /// # Safety
    /// `ctx` is a `Context` of `Test<F>`, whose count C takes over.
    pub(super) unsafe fn install_test<F>(&mut self, ctx: *mut c_void) -> Result<()>
    where
        F: FnMut(&ConvergenceTest<'_>) -> Result<ConvergedReason>,
    {
        #[cfg(petsc_ge_3_24)]
        let free = Some(Context::<Test<F>>::drop_indirect as _);
        #[cfg(not(petsc_ge_3_24))]
        let free = Some(Context::<Test<F>>::drop_direct as _);
        let shim = Some(test_shim::<F> as _);
        // SAFETY: a live solver; shim and destructor are those of `ctx` by contract.
        unsafe { call!(KSPSetConvergenceTest(*self.busy()?, shim, ctx, free)) }
    }
}

trampoline! {
    fn test_shim[c"KSP convergence test"](ksp: &KspRef, iteration: Int, norm: Real; -> ConvergedReason;)
    for FnMut(&ConvergenceTest<'_>) -> Result<ConvergedReason> as Test<F>
    = |test| {
        let _here = Iterating::enter(ksp);
        let default = test.default.0;
        (test.f)(&ConvergenceTest { ksp, iteration, norm, default })
    }
}
