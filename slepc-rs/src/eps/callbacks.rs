//! Closures that the solver calls at every iteration, to compare eigenvalues, and to decide about convergence.

use std::ffi::c_void;

use num_complex::Complex;
use petsc_macros::wraps;
use petsc_rs::callback::{self, Context};
use petsc_rs::vector::VectorRef;
use petsc_rs::{Real, Result, Scalar, ScalarExt as _, call};

use super::{ConvergedReason, ConvergenceTest, EpsRef};
use crate::solver::{self, read, scalars};
use crate::sys;

/// How far a solve has come, see [`EpsRef::add_monitor`].
pub type Progress<'a> = solver::Progress<'a, EpsRef>;

/// One question to a stopping test, see [`EpsRef::set_stopping_test_function`].
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
With a transformation, the values compared are the transformed ones.",
    "
With a transformation other than `shift`, both are of the transformed problem (of `1/(λ - σ)`, say), unless
[`set_true_residual`](Self::set_true_residual) was called.

# Errors
What `EPSSetConvergenceTestFunction` returns.

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
    "A solve says `SUP` with a filter, which has a test of its own from SLEPc 3.26 on.

# Examples
Content with one pair, however many were wanted:
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
    /// Sets what is compared instead of the eigenvalue, by the order of
    /// [`set_which`](Self::set_which): a number computed from a value and its vector, of which the
    /// imaginary part is given where numbers are real and the value is not. Replaces an earlier one.
    /// Logically collective: all ranks must say the same.
    ///
    /// SLEPc's Krylov methods cannot do this with conjugate pairs of real matrices where numbers are
    /// real: their solve ends with an error of LAPACK's `trevc`.
    ///
    /// # Errors
    /// The errors of `EPSSetArbitrarySelection`.
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
            // SAFETY: SLEPc lends live vectors for this call.
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
