//! Closures that the solver calls.

use std::ffi::CStr;

use petsc_macros::wraps;
use petsc_rs::callback::{self, Context};
use petsc_rs::{Object as _, Real, Result, call, ffi, trampoline};

use super::{ConvergedReason, ConvergenceTest, SvdRef};
use crate::{solver, sys};

const CONVERGENCE: &CStr = c"petsc-rs.convergence";

/// How far a solve has come, see [`SvdRef::add_monitor`].
#[derive(Debug)]
pub struct Progress<'a> {
    svd: &'a SvdRef,
    iteration: usize,
    converged: usize,
    values: &'a [Real],
    estimates: &'a [Real],
}

/// One question to a stopping test, see [`SvdRef::set_stopping_test_function`].
pub type StoppingTest<'a> = solver::StoppingTest<'a, SvdRef>;

solver::stopping_tests! {
    SvdRef, ConvergedReason, c"SVD stopping test";
    #[wraps(SVDSetStoppingTestFunction)]
    SVDSetStoppingTestFunction,
    SVDStoppingBasic;
    ""
}

impl Progress<'_> {
    /// The solver.
    #[must_use]
    pub fn solver(&self) -> &SvdRef {
        self.svd
    }

    /// Number of iterations so far.
    #[must_use]
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// Number of triplets that have converged.
    #[must_use]
    pub fn converged(&self) -> usize {
        self.converged
    }

    /// The singular values in sight: those that have converged come first.
    #[must_use]
    pub fn values(&self) -> &[Real] {
        self.values
    }

    /// The error estimates of the same triplets.
    #[must_use]
    pub fn error_estimates(&self) -> &[Real] {
        self.estimates
    }
}

impl SvdRef {
    /// Adds a monitor, called at every iteration, after those that are there already. Logically collective. Options:
    /// `-svd_monitor`, `-svd_monitor_all`, `-svd_monitor_conv`.
    ///
    /// # Errors
    /// Too many monitors.
    #[wraps(SVDMonitorSet)]
    pub fn add_monitor<F>(&mut self, monitor: F) -> Result<()>
    where
        F: FnMut(&Progress<'_>) -> Result<()> + 'static,
    {
        let ctx = Context::into_raw(monitor);
        let free = Some(Context::<F>::drop_indirect as _);
        // SAFETY: a live solver; each monitor has a context of its own, which SLEPc frees.
        unsafe {
            call!(SVDMonitorSet(
                self.as_ptr(),
                Some(monitor_shim::<F>),
                ctx,
                free
            ))
        }
    }

    /// Removes all monitors, also those that options added, and frees their closures. Logically collective. Option:
    /// `-svd_monitor_cancel`.
    ///
    /// # Errors
    /// The errors of `SVDMonitorCancel`.
    #[wraps(SVDMonitorCancel)]
    pub fn cancel_monitors(&mut self) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(SVDMonitorCancel(*self.busy()?)) }
    }

    /// Sets what a solve compares with its tolerance. Logically collective. Default: relative to the singular value.
    /// Options: `-svd_conv_abs`, `-svd_conv_rel`, `-svd_conv_norm`, `-svd_conv_maxit`.
    ///
    /// # Errors
    /// A closure that was not set.
    #[wraps(SVDSetConvergenceTest)]
    pub fn set_convergence_test(&mut self, test: ConvergenceTest) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(SVDSetConvergenceTest(*self.busy()?, test.to_raw())) }
    }

    /// Sets a closure that computes what is compared with the tolerance: `f(svd, value, residual_norm)`. Replaces an
    /// earlier one. Logically collective: all ranks must say the same.
    ///
    /// # Errors
    /// The errors of `SVDSetConvergenceTestFunction`.
    #[wraps(SVDSetConvergenceTestFunction)]
    pub fn set_convergence_test_function<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&SvdRef, Real, Real) -> Result<Real> + 'static,
    {
        let shim = Some(convergence_shim::<F> as _);
        let give = |ctx| {
            // SAFETY: a live solver; `ctx` is what the shim expects.
            unsafe {
                call!(SVDSetConvergenceTestFunction(
                    *self.busy()?,
                    shim,
                    ctx,
                    None
                ))
            }
        };
        // SAFETY: a live object; C has one place for this.
        unsafe { callback::hand_over(self.object_ptr(), CONVERGENCE, f, give) }
    }
}

trampoline! {
    fn monitor_shim[c"SVD monitor"](
        svd: &SvdRef, iteration: usize, converged: usize, values: *mut Real, estimates: *mut Real, n: usize
    )
    for FnMut(&Progress<'_>) -> Result<()> as F
    = |monitor| {
        // There are none where the eigensolver inside is solved by a handle of its own, before a set-up.
        let n = if values.is_null() || estimates.is_null() { 0 } else { n };
        // SAFETY: SLEPc lends `n` entries for this call.
        let values = unsafe { ffi::slice(values, n) };
        // SAFETY: as above.
        let estimates = unsafe { ffi::slice(estimates, n) };
        monitor(&Progress { svd, iteration, converged, values, estimates })
    }
}

trampoline! {
    fn convergence_shim[c"SVD convergence test"](svd: &SvdRef, value: Real, residual: Real; -> Real;)
}
