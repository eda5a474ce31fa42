//! Callbacks of the singular value solver: monitors, convergence and stopping tests.

use std::ffi::CStr;

use petsc_macros::{setting, wraps};
use petsc_rs::callback::{self, Context};
use petsc_rs::{Object as _, Real, Result, call, ffi, trampoline};

use super::{ConvergedReason, ConvergenceTest, SvdRef};
use crate::{solver, sys};

const CONVERGENCE: &CStr = c"petsc-rs.convergence";

/// State of a running solve, see [`SvdRef::add_monitor`].
#[derive(Debug)]
pub struct Progress<'a> {
    svd: &'a SvdRef,
    iteration: usize,
    converged: usize,
    values: &'a [Real],
    estimates: &'a [Real],
}

/// Arguments of a user-defined stopping test, see [`SvdRef::set_stopping_test_function`].
pub type StoppingTest<'a> = solver::StoppingTest<'a, SvdRef>;

solver::stopping_tests! {
    SvdRef, ConvergedReason, c"SVD stopping test";
    #[wraps(SVDSetStoppingTestFunction)]
    SVDSetStoppingTestFunction,
    SVDStoppingBasic;
    ""
}

impl Progress<'_> {
    /// Returns the solver.
    #[must_use]
    pub fn solver(&self) -> &SvdRef {
        self.svd
    }

    /// Returns the number of iterations so far.
    #[must_use]
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// Returns the number of triplets that have converged.
    #[must_use]
    pub fn converged(&self) -> usize {
        self.converged
    }

    /// Returns the current approximate singular values; converged values come first.
    #[must_use]
    pub fn values(&self) -> &[Real] {
        self.values
    }

    /// Returns the error estimates, in the order of [`values`](Self::values).
    #[must_use]
    pub fn error_estimates(&self) -> &[Real] {
        self.estimates
    }
}

impl SvdRef {
    /// Adds a monitor, which is called at every iteration, after the existing monitors. Logically
    /// collective. Options: `-svd_monitor`, `-svd_monitor_all`, `-svd_monitor_conv`.
    ///
    /// # Errors
    /// An error of SLEPc if there are too many monitors.
    #[wraps(SVDMonitorSet)]
    pub fn add_monitor<F>(&mut self, monitor: F) -> Result<()>
    where
        F: FnMut(&Progress<'_>) -> Result<()> + 'static,
    {
        let ctx = Context::into_raw(monitor);
        let free = Some(Context::<F>::drop_indirect as _);
        // SAFETY: a live solver; each monitor has a separate context, which SLEPc frees.
        unsafe { call!(SVDMonitorSet(self.as_ptr(), Some(monitor_shim::<F>), ctx, free)) }
    }

    /// Removes all monitors, including those set with options, and frees their closures. Logically
    /// collective. Option: `-svd_monitor_cancel`.
    #[wraps(SVDMonitorCancel)]
    pub fn cancel_monitors(&mut self) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(SVDMonitorCancel(*self.busy()?)) }
    }

    /// The convergence test: the quantity that is compared with the tolerance.
    #[setting(
        SVDSetConvergenceTest,
        errors = "`ORDER` if the user-defined test is selected, and no function is set"
    )]
    #[option(
        "-svd_conv_abs",
        "-svd_conv_rel",
        "-svd_conv_norm",
        "-svd_conv_maxit",
        default = "relative to the singular value"
    )]
    pub fn set_convergence_test(convergence_test: ConvergenceTest);

    /// Sets a convergence test: `f(svd, value, residual_norm)` computes the error estimate that is
    /// compared with the tolerance. Replaces the previous test. Logically collective: the result
    /// must be the same on all ranks.
    #[wraps(SVDSetConvergenceTestFunction)]
    pub fn set_convergence_test_function<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&SvdRef, Real, Real) -> Result<Real> + 'static,
    {
        let shim = Some(convergence_shim::<F> as _);
        let give = |ctx| {
            // SAFETY: a live solver; `ctx` has the type that the shim expects.
            unsafe { call!(SVDSetConvergenceTestFunction(*self.busy()?, shim, ctx, None)) }
        };
        // SAFETY: a live object; C has one convergence test per solver.
        unsafe { callback::hand_over(self.object_ptr(), CONVERGENCE, f, give) }
    }
}

trampoline! {
    fn monitor_shim[c"SVD monitor"](
        svd: &SvdRef, iteration: usize, converged: usize, values: *mut Real, estimates: *mut Real, n: usize
    )
    for FnMut(&Progress<'_>) -> Result<()> as F
    = |monitor| {
        // The arrays are NULL if the eigensolver inside is solved through its own handle before a
        // setup.
        let n = if values.is_null() || estimates.is_null() { 0 } else { n };
        // SAFETY: SLEPc passes arrays of `n` entries, valid during this call.
        let values = unsafe { ffi::slice(values, n) };
        // SAFETY: as above.
        let estimates = unsafe { ffi::slice(estimates, n) };
        monitor(&Progress { svd, iteration, converged, values, estimates })
    }
}

trampoline! {
    fn convergence_shim[c"SVD convergence test"](svd: &SvdRef, value: Real, residual: Real; -> Real;)
}
