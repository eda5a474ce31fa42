//! Closures that the solver calls at every iteration, or to compare eigenvalues.

use std::cmp::Ordering;
use std::ffi::c_void;

use num_complex::Complex;
use petsc_rs::callback::{self, Context};
use petsc_rs::vector::VectorRef;
use petsc_rs::{Int, Real, Result, Scalar, ScalarExt as _, call, ffi, trampoline};

use super::EpsRef;
use super::pairs::value;
use crate::sys;

/// How far a solve has come, see [`EpsRef::add_monitor`].
#[derive(Debug)]
pub struct Progress<'a> {
    eps: &'a EpsRef,
    iteration: usize,
    converged: usize,
    re: &'a [Scalar],
    im: &'a [Scalar],
    estimates: &'a [Real],
}

impl Progress<'_> {
    /// The solver.
    #[must_use]
    pub fn eps(&self) -> &EpsRef {
        self.eps
    }

    /// Number of iterations so far.
    #[must_use]
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// Number of pairs that have converged.
    #[must_use]
    pub fn converged(&self) -> usize {
        self.converged
    }

    /// The error estimates of the pairs in sight: those that have converged come first.
    #[must_use]
    pub fn error_estimates(&self) -> &[Real] {
        self.estimates
    }

    /// The values of the same pairs, of the problem itself (not of the transformed one).
    ///
    /// # Errors
    /// What `STBackTransform` returns.
    #[doc(alias = "STBackTransform")]
    pub fn values(&self) -> Result<Vec<Complex<Real>>> {
        let (mut re, mut im) = (self.re.to_vec(), self.im.to_vec());
        let n = ffi::petsc_int(re.len())?;
        let st = self.eps.st()?.as_ptr();
        // SAFETY: the live transformation of a solver that is solving; both arrays have `n` entries.
        unsafe { call!(STBackTransform(st, n, re.as_mut_ptr(), im.as_mut_ptr())) }?;
        Ok(re
            .into_iter()
            .zip(im)
            .map(|(re, im)| value(re, im))
            .collect())
    }
}

impl EpsRef {
    /// Adds a monitor, called at every iteration, after those that are there already. Logically
    /// collective. Options: `-eps_monitor`, `-eps_monitor_all`, `-eps_monitor_conv`.
    ///
    /// # Errors
    /// What `EPSMonitorSet` returns, such as too many monitors.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let mut eps = slepc_rs::Eps::new(comm)?;
    /// eps.add_monitor(|progress| {
    ///     eprintln!("{} {} converged", progress.iteration(), progress.converged());
    ///     Ok(())
    /// })
    /// # })
    /// ```
    #[doc(alias = "EPSMonitorSet")]
    pub fn add_monitor<F>(&mut self, monitor: F) -> Result<()>
    where
        F: FnMut(&Progress<'_>) -> Result<()> + 'static,
    {
        let ctx = Context::into_raw(monitor);
        // SAFETY: a live solver; each monitor has a context of its own, which SLEPc frees.
        unsafe {
            call!(EPSMonitorSet(
                self.as_ptr(),
                Some(monitor_shim::<F>),
                ctx,
                Some(Context::<F>::drop_indirect)
            ))
        }
    }

    /// Removes all monitors, also those that options added, and frees their closures. Logically
    /// collective. Option: `-eps_monitor_cancel`.
    ///
    /// # Errors
    /// What `EPSMonitorCancel` returns.
    #[doc(alias = "EPSMonitorCancel")]
    pub fn cancel_monitors(&mut self) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(EPSMonitorCancel(self.as_ptr())) }
    }

    /// Sets the order in which eigenvalues are wanted, for [`Which::User`](super::Which::User):
    /// `Less` if the first comes before the second. Replaces an earlier one. Logically collective: all
    /// ranks must say the same.
    ///
    /// With a transformation, the values compared are the transformed ones.
    ///
    /// # Errors
    /// What `EPSSetEigenvalueComparison` returns.
    #[doc(alias = "EPSSetEigenvalueComparison")]
    pub fn set_eigenvalue_comparison<F>(&mut self, compare: F) -> Result<()>
    where
        F: FnMut(Complex<Real>, Complex<Real>) -> Result<Ordering> + 'static,
    {
        let ctx = Context::into_raw(compare);
        // SAFETY: a live solver; the context is freed with it, or when another one is set.
        unsafe {
            call!(PetscRsEPSSetEigenvalueComparison(
                self.as_ptr(),
                Some(comparison_shim::<F>),
                ctx,
                Some(Context::<F>::drop_indirect)
            ))
        }
    }

    /// Sets what is compared instead of the eigenvalue, by the order of
    /// [`set_which`](Self::set_which): a number computed from a value and its vector, of which the
    /// imaginary part is given where numbers are real and the value is not. Replaces an earlier one.
    /// Logically collective: all ranks must say the same.
    ///
    /// SLEPc's Krylov methods cannot do this with conjugate pairs of real matrices where numbers are
    /// real: their solve ends with an error of LAPACK's `trevc`.
    ///
    /// # Errors
    /// What `EPSSetArbitrarySelection` returns.
    #[doc(alias = "EPSSetArbitrarySelection")]
    pub fn set_arbitrary_selection<F>(&mut self, select: F) -> Result<()>
    where
        F: FnMut(Complex<Real>, &VectorRef, Option<&VectorRef>) -> Result<Complex<Real>> + 'static,
    {
        let ctx = Context::into_raw(select);
        // SAFETY: a live solver; the context is freed with it, or when another one is set.
        unsafe {
            call!(PetscRsEPSSetArbitrarySelection(
                self.as_ptr(),
                Some(selection_shim::<F>),
                ctx,
                Some(Context::<F>::drop_indirect)
            ))
        }
    }
}

trampoline! {
    fn monitor_shim[c"EPS monitor"](
        eps: &EpsRef, iteration: usize, converged: usize,
        re: *mut Scalar, im: *mut Scalar, estimates: *mut Real, n: usize
    )
    for FnMut(&Progress<'_>) -> Result<()> as F
    = |monitor| {
        // SAFETY: SLEPc lends `n` entries for this call.
        let re = unsafe { ffi::slice(re, n) };
        // SAFETY: as above.
        let im = unsafe { ffi::slice(im, n) };
        // SAFETY: as above.
        let estimates = unsafe { ffi::slice(estimates, n) };
        monitor(&Progress { eps, iteration, converged, re, im, estimates })
    }
}

unsafe extern "C" fn comparison_shim<F>(
    a_re: *const Scalar,
    a_im: *const Scalar,
    b_re: *const Scalar,
    b_im: *const Scalar,
    result: *mut Int,
    ctx: *mut c_void,
) -> sys::PetscErrorCode
where
    F: FnMut(Complex<Real>, Complex<Real>) -> Result<Ordering> + 'static,
{
    callback::guard_with(
        c"EPS eigenvalue comparison",
        || {
            // SAFETY: the shim passes addresses of its arguments.
            let a = unsafe { read(a_re, a_im) };
            // SAFETY: as above.
            let b = unsafe { read(b_re, b_im) };
            // SAFETY: `ctx` is the context given with this shim.
            unsafe { Context::<F>::with(ctx, |compare| compare(a, b)) }
        },
        |order| {
            let order = match order {
                Ordering::Less => -1,
                Ordering::Equal => 0,
                Ordering::Greater => 1,
            };
            // SAFETY: a valid out-pointer of SLEPc.
            unsafe { *result = order };
        },
    )
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

/// # Safety
/// Both point to a number.
pub(super) unsafe fn read(re: *const Scalar, im: *const Scalar) -> Complex<Real> {
    // SAFETY: by contract.
    let re = unsafe { *re };
    // SAFETY: by contract.
    let im = unsafe { *im };
    value(re, im)
}

/// The inverse of [`value`].
fn scalars(value: Complex<Real>) -> (Scalar, Scalar) {
    let second = if Scalar::IS_COMPLEX { 0.0 } else { value.im };
    (
        Scalar::from_parts(value.re, value.im),
        Scalar::from_real(second),
    )
}
