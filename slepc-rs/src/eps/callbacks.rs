//! Callbacks of the eigensolver: monitors, eigenvalue comparison, arbitrary selection, convergence
//! and stopping tests.

use std::ffi::c_void;

use num_complex::Complex;
use petsc_macros::wraps;
use petsc_rs::callback::{self, Context};
use petsc_rs::vector::VectorRef;
use petsc_rs::{Real, Result, Scalar, ScalarExt as _, call};

use super::{ConvergedReason, ConvergenceTest, EpsRef};
use crate::base::{read, scalars};
use crate::solver::{self};
use crate::sys;

/// State of a running solve, see [`EpsRef::add_monitor`].
pub type Progress<'a> = solver::Progress<'a, EpsRef>;

/// Arguments of a user-defined stopping test, see [`EpsRef::set_stopping_test_function`].
pub type StoppingTest<'a> = solver::StoppingTest<'a, EpsRef>;

solver::eigen_callbacks! {
    EpsRef, ConvergenceTest,
    [c"EPS monitor", c"EPS eigenvalue comparison", c"EPS convergence test"],
    "-eps_monitor", "-eps_conv";
    #[wraps(EPSMonitorSet)]
    EPSMonitorSet,
    #[wraps(EPSMonitorCancel)]
    EPSMonitorCancel,
    #[wraps(EPSSetEigenvalueComparison)]
    PetscRsEPSSetEigenvalueComparison,
    #[wraps(EPSSetConvergenceTest)]
    EPSSetConvergenceTest,
    #[doc(alias = "EPSSetConvergenceTestFunction")]
    PetscRsEPSSetConvergenceTestFunction;
    "
# Examples
```
# petsc_rs::doctest(|comm| {
let mut eps = slepc_rs::Eps::new(comm)?;
eps.add_monitor(|progress| {
    eprintln!(\"{} {} converged\", progress.iteration(), progress.converged());
    Ok(())
})
# })
```",
    "
With a spectral transformation, the function compares eigenvalues of the transformed problem.",
    "
With a transformation other than `shift`, the value and the residual belong to the transformed problem (for example
`1/(λ - σ)`), unless [`set_true_residual`](Self::set_true_residual) was called.

# Errors
The errors of `EPSSetConvergenceTestFunction`.

# Examples
Absolute for small eigenvalues, relative for large ones:
```
# petsc_rs::doctest(|comm| {
let mut eps = slepc_rs::Eps::new(comm)?;
eps.set_convergence_test_function(|_eps, value, residual| {
    Ok(residual / value.norm().max(1.0))
})
# })
```"
}

solver::stopping_tests! {
    EpsRef, ConvergedReason, c"EPS stopping test";
    #[wraps(EPSSetStoppingTestFunction)]
    EPSSetStoppingTestFunction,
    EPSStoppingBasic;
    "A solve with a filter returns `SUP`: since SLEPc 3.26 a filter sets its own test.

# Examples
Stops after one pair has converged, however many were requested:
```
# petsc_rs::doctest(|comm| {
use slepc_rs::eps::ConvergedReason;
let mut eps = slepc_rs::Eps::new(comm)?;
eps.set_stopping_test_function(|test| {
    if test.converged() > 0 { Ok(ConvergedReason::User) } else { test.default_test() }
})
# })
```"
}

impl EpsRef {
    /// Sets a function that computes a number from an approximate eigenvalue and its eigenvector.
    /// The solver sorts the eigenpairs by these numbers, instead of the eigenvalues, in the order
    /// of [`set_which`](Self::set_which). With real scalars and a complex eigenvalue, the function
    /// also receives the imaginary part of the eigenvector. Replaces the previous function.
    /// Logically collective: the result must be the same on all ranks.
    ///
    /// With real scalars, SLEPc's Krylov methods do not support this for conjugate pairs: the solve
    /// fails with an error of LAPACK's `trevc`.
    #[wraps(EPSSetArbitrarySelection)]
    pub fn set_arbitrary_selection<F>(&mut self, select: F) -> Result<()>
    where
        F: FnMut(Complex<Real>, &VectorRef, Option<&VectorRef>) -> Result<Complex<Real>> + 'static,
    {
        let ctx = Context::into_raw(select);
        // SAFETY: a live solver; the context is freed with it, or when another one is set.
        unsafe {
            call!(PetscRsEPSSetArbitrarySelection(
                *self.busy()?,
                Some(selection_shim::<F>),
                ctx,
                Some(Context::<F>::drop_indirect)
            ))
        }
    }
}

unsafe extern "C" fn selection_shim<F>(
    re: *const Scalar,
    im: *const Scalar,
    x_re: sys::Vec,
    x_im: sys::Vec,
    out_re: *mut Scalar,
    out_im: *mut Scalar,
    ctx: *mut c_void,
) -> sys::PetscErrorCode
where
    F: FnMut(Complex<Real>, &VectorRef, Option<&VectorRef>) -> Result<Complex<Real>> + 'static,
{
    callback::guard_with(
        c"EPS arbitrary selection",
        || {
            // SAFETY: the shim passes addresses of its arguments.
            let lambda = unsafe { read(re, im) };
            let paired = !Scalar::IS_COMPLEX && lambda.im != 0.0;
            // SAFETY: SLEPc passes live vectors, valid during this call.
            let x = unsafe { VectorRef::from_ptr(x_re) };
            let y = (paired && !x_im.is_null())
                // SAFETY: as above.
                .then(|| unsafe { VectorRef::from_ptr(x_im) });
            // SAFETY: `ctx` is the context given with this shim.
            unsafe { Context::<F>::with(ctx, |select| select(lambda, x, y)) }
        },
        |selected| {
            let (re, im) = scalars(selected);
            // SAFETY: a valid out-pointer of SLEPc.
            unsafe { *out_re = re };
            // SAFETY: as above.
            unsafe { *out_im = im };
        },
    )
}
