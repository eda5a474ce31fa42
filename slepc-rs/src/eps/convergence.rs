//! Closures that decide when a pair has converged, and when a solve ends.

use std::ffi::CStr;

use num_complex::Complex;
use petsc_rs::callback::{self, Context};
use petsc_rs::{Int, Object as _, Real, Result, Scalar, call, ffi, trampoline};

use super::callbacks::read;
use super::{ConvergedReason, ConvergenceTest, EpsRef};
use crate::sys;

const STOPPING: &CStr = c"petsc-rs.eps.stopping";

/// One question to a stopping test, see [`EpsRef::set_stopping_test_function`].
#[derive(Debug)]
pub struct StoppingTest<'a> {
    eps: &'a EpsRef,
    iteration: Int,
    max_iterations: Int,
    converged: Int,
    wanted: Int,
}

impl StoppingTest<'_> {
    /// The solver.
    #[must_use]
    pub fn eps(&self) -> &EpsRef {
        self.eps
    }

    /// Number of iterations so far.
    #[must_use]
    pub fn iteration(&self) -> usize {
        ffi::index_to_usize(self.iteration)
    }

    /// Largest number of iterations.
    #[must_use]
    pub fn max_iterations(&self) -> usize {
        ffi::index_to_usize(self.max_iterations)
    }

    /// Number of pairs that have converged.
    #[must_use]
    pub fn converged(&self) -> usize {
        ffi::index_to_usize(self.converged)
    }

    /// Number of pairs that are wanted.
    #[must_use]
    pub fn wanted(&self) -> usize {
        ffi::index_to_usize(self.wanted)
    }

    /// What SLEPc's own test says: enough pairs, or too many iterations. Not collective.
    ///
    /// # Errors
    /// What `EPSStoppingBasic` returns.
    #[doc(alias = "EPSStoppingBasic")]
    pub fn default_test(&self) -> Result<ConvergedReason> {
        let mut reason = sys::EPS_CONVERGED_ITERATING;
        // SAFETY: a solver in the middle of a solve, its own numbers, a valid out-pointer; the test
        // has no context.
        unsafe {
            call!(EPSStoppingBasic(
                self.eps.as_ptr(),
                self.iteration,
                self.max_iterations,
                self.converged,
                self.wanted,
                &raw mut reason,
                std::ptr::null_mut()
            ))
        }?;
        Ok(ConvergedReason::from_raw(reason))
    }
}

impl EpsRef {
    /// Sets what a solve compares with its tolerance. Logically collective. Default: relative to the
    /// eigenvalue. Options: `-eps_conv_abs`, `-eps_conv_rel`, `-eps_conv_norm`.
    ///
    /// # Errors
    /// What `EPSSetConvergenceTest` returns, such as [`ConvergenceTest::User`] without a closure.
    #[doc(alias = "EPSSetConvergenceTest")]
    pub fn set_convergence_test(&mut self, test: ConvergenceTest) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(EPSSetConvergenceTest(self.as_ptr(), test.to_raw())) }
    }

    /// Sets a closure that computes what is compared with the tolerance: `f(eps, value,
    /// residual_norm)`. Replaces an earlier one. Logically collective: all ranks must say the same.
    ///
    /// With a transformation other than `shift`, both are of the transformed problem (of
    /// `1/(λ - σ)`, say), unless [`set_true_residual`](Self::set_true_residual) was called.
    ///
    /// # Errors
    /// What `EPSSetConvergenceTestFunction` returns.
    ///
    /// # Examples
    /// Absolute for small eigenvalues, relative for large ones:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let mut eps = slepc_rs::Eps::new(comm)?;
    /// eps.set_convergence_test_function(|_eps, value, residual| {
    ///     Ok(residual / value.norm().max(1.0))
    /// })
    /// # })
    /// ```
    #[doc(alias = "EPSSetConvergenceTestFunction")]
    pub fn set_convergence_test_function<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&EpsRef, Complex<Real>, Real) -> Result<Real> + 'static,
    {
        let ctx = Context::into_raw(f);
        // SAFETY: a live solver; the context is freed with it, or when another one is set.
        unsafe {
            call!(PetscRsEPSSetConvergenceTestFunction(
                self.as_ptr(),
                Some(convergence_shim::<F>),
                ctx,
                Some(Context::<F>::drop_indirect)
            ))
        }
    }

    /// Sets the test that ends a solve: a closure that says [`ConvergedReason::Iterating`] to go on,
    /// or why to stop. It can ask for the default test. Replaces an earlier one. Logically
    /// collective: all ranks must say the same.
    ///
    /// # Errors
    /// What `EPSSetStoppingTestFunction` returns.
    ///
    /// # Examples
    /// Content with one pair, however many were wanted:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use slepc_rs::eps::ConvergedReason;
    /// let mut eps = slepc_rs::Eps::new(comm)?;
    /// eps.set_stopping_test_function(|test| {
    ///     if test.converged() > 0 { Ok(ConvergedReason::User) } else { test.default_test() }
    /// })
    /// # })
    /// ```
    #[doc(alias = "EPSSetStoppingTestFunction")]
    pub fn set_stopping_test_function<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&StoppingTest<'_>) -> Result<ConvergedReason> + 'static,
    {
        // SLEPc 3.18 forgets the destructor of this context when the solver is destroyed.
        // SAFETY: a live object; the closure lives as long as the solver, or until it is replaced.
        let ctx = unsafe { callback::compose(self.object_ptr(), STOPPING, f) }?;
        let shim = Some(stopping_shim::<F> as _);
        // SAFETY: a live solver; `ctx` is what the shim expects.
        unsafe { call!(EPSSetStoppingTestFunction(self.as_ptr(), shim, ctx, None)) }
    }
}

trampoline! {
    fn convergence_shim[c"EPS convergence test"](
        eps: &EpsRef, re: *const Scalar, im: *const Scalar, residual: Real; -> Real;
    )
    for FnMut(&EpsRef, Complex<Real>, Real) -> Result<Real> as F
    = |f| {
        // SAFETY: the C shim passes addresses of its arguments.
        let value = unsafe { read(re, im) };
        f(eps, value, residual)
    }
}

trampoline! {
    fn stopping_shim[c"EPS stopping test"](
        eps: &EpsRef, iteration: Int, max_iterations: Int, converged: Int, wanted: Int; -> ConvergedReason;
    )
    for FnMut(&StoppingTest<'_>) -> Result<ConvergedReason> as F
    = |f| f(&StoppingTest { eps, iteration, max_iterations, converged, wanted })
}
