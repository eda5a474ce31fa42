//! Callbacks of an eigensolver: monitors, eigenvalue comparison and convergence test.

use num_complex::Complex;
use petsc_macros::wraps;
use petsc_rs::{ErrorCode, Object, Real, Result, Scalar, internal};

use super::Eigensolver;
use crate::base::value;

/// State of a running solve, see [`EpsRef::add_monitor`](crate::EpsRef::add_monitor).
#[derive(Debug)]
pub struct Progress<'a, S> {
    pub(crate) solver: &'a S,
    pub(crate) iteration: usize,
    pub(crate) converged: usize,
    pub(crate) re: &'a [Scalar],
    pub(crate) im: &'a [Scalar],
    pub(crate) estimates: &'a [Real],
}

impl<S: Eigensolver> Progress<'_, S> {
    /// Returns the solver.
    #[must_use]
    pub fn solver(&self) -> &S {
        self.solver
    }

    /// Returns the number of iterations so far.
    #[must_use]
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// Returns the number of pairs that have converged.
    #[must_use]
    pub fn converged(&self) -> usize {
        self.converged
    }

    /// Returns the error estimates of the current pairs; converged pairs come first.
    #[must_use]
    pub fn error_estimates(&self) -> &[Real] {
        self.estimates
    }

    /// Returns the eigenvalues of the current pairs, back-transformed to the original problem.
    #[wraps(STBackTransform)]
    pub fn values(&self) -> Result<Vec<Complex<Real>>> {
        let (mut re, mut im) = (self.re.to_vec(), self.im.to_vec());
        self.solver.back_transform(&mut re, &mut im)?;
        let both = re.into_iter().zip(im);
        Ok(both.map(|(re, im)| value(re, im)).collect())
    }
}

/// Checks that a user-defined order of eigenvalues is set.
///
/// # Errors
/// `ARG_WRONGSTATE` if the user-defined order is selected and no function is set: SLEPc would call
/// NULL.
pub(crate) fn check_order<S: Object>(solver: &S, wanted: bool) -> Result<()> {
    // SAFETY: a live object.
    let closure =
        unsafe { petsc_rs::callback::composed(solver.object_ptr(), c"petsc-rs.comparison") }?;
    if wanted && closure.is_null() {
        let text = "a user-defined order is selected, but not set: call set_eigenvalue_comparison";
        return Err(internal::collective(ErrorCode::ARG_WRONGSTATE, text));
    }
    Ok(())
}

/// Defines the callbacks of an eigensolver: monitors, order of eigenvalues, convergence test.
macro_rules! eigen_callbacks {
    (
        $borrowed:ident, $test:ident, [$m:literal, $c:literal, $t:literal], $monitor_option:literal, $conv_option:literal;
        $(#[$monitor_set_meta:meta])* $monitor_set:ident,
        $(#[$monitor_cancel_meta:meta])* $monitor_cancel:ident,
        $(#[$set_comparison_meta:meta])* $set_comparison:ident,
        $(#[$set_test_meta:meta])* $set_test:ident,
        $(#[$set_test_function_meta:meta])* $set_test_function:ident;
        $monitor_doc:literal, $comparison_doc:literal, $convergence_doc:literal
    ) => {
        impl $borrowed {
            #[doc = concat!("Adds a monitor, which is called at every iteration, after the existing monitors (`",
                stringify!($monitor_set), "`). Logically collective. Options: `", $monitor_option, "`, `",
                $monitor_option, "_all`, `", $monitor_option, "_conv`.")]
            ///
            /// # Errors
            /// An error of SLEPc if there are too many monitors.
            #[doc = $monitor_doc]
            $(#[$monitor_set_meta])*
            pub fn add_monitor<F>(&mut self, monitor: F) -> petsc_rs::Result<()>
            where
                F: FnMut(&$crate::solver::Progress<'_, $borrowed>) -> petsc_rs::Result<()> + 'static,
            {
                let ctx = petsc_rs::callback::Context::into_raw(monitor);
                // SAFETY: a live solver; each monitor has a separate context, which SLEPc frees.
                unsafe {
                    petsc_rs::call!($monitor_set(
                        self.as_ptr(),
                        Some(monitor_shim::<F>),
                        ctx,
                        Some(petsc_rs::callback::Context::<F>::drop_indirect)
                    ))
                }
            }

            #[doc = concat!("Removes all monitors, including those set with options, and frees their closures (`",
                stringify!($monitor_cancel), "`). Logically collective. Option: `", $monitor_option, "_cancel`.")]
            ///
            /// # Errors
            #[doc = concat!("The errors of `", stringify!($monitor_cancel), "`.")]
            $(#[$monitor_cancel_meta])*
            pub fn cancel_monitors(&mut self) -> petsc_rs::Result<()> {
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($monitor_cancel(*self.busy()?)) }
            }

            /// Sets the order of eigenvalues for [`Which::User`](super::Which::User): `compare`
            /// returns `Less` if the first eigenvalue comes before the second. Replaces the
            /// previous function. Logically collective: the result must be the same on all ranks.
            #[doc = $comparison_doc]
            ///
            /// # Errors
            /// The errors of the C function.
            $(#[$set_comparison_meta])*
            pub fn set_eigenvalue_comparison<F>(&mut self, compare: F) -> petsc_rs::Result<()>
            where
                F: FnMut(
                        num_complex::Complex<petsc_rs::Real>,
                        num_complex::Complex<petsc_rs::Real>,
                    ) -> petsc_rs::Result<::std::cmp::Ordering>
                    + 'static,
            {
                let ctx = petsc_rs::callback::Context::into_raw(compare);
                // SAFETY: a live solver; the context is freed with it, or when another one is set.
                unsafe {
                    petsc_rs::call!($set_comparison(
                        *self.busy()?,
                        Some(comparison_shim::<F>),
                        ctx,
                        Some(petsc_rs::callback::Context::<F>::drop_indirect)
                    ))
                }?;
                // The dense problem has the comparison of an earlier setup.
                self.give_operators()
            }

            #[doc = concat!("Sets the convergence test: the quantity that is compared with the tolerance (`", stringify!($set_test),
                "`). Logically collective. Default: relative to the eigenvalue. Options: `", $conv_option, "_abs`, `",
                $conv_option, "_rel`, `", $conv_option, "_norm`.")]
            ///
            /// # Errors
            /// `ORDER` if the user-defined test is selected, and no function is set.
            $(#[$set_test_meta])*
            pub fn set_convergence_test(&mut self, test: $test) -> petsc_rs::Result<()> {
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($set_test(*self.busy()?, test.to_raw())) }
            }

            /// Sets a convergence test: `f(solver, value, residual_norm)` computes the error
            /// estimate that is compared with the tolerance. Replaces the previous test. Logically
            /// collective: the result must be the same on all ranks.
            #[doc = $convergence_doc]
            $(#[$set_test_function_meta])*
            pub fn set_convergence_test_function<F>(&mut self, f: F) -> petsc_rs::Result<()>
            where
                F: FnMut(
                        &$borrowed,
                        num_complex::Complex<petsc_rs::Real>,
                        petsc_rs::Real,
                    ) -> petsc_rs::Result<petsc_rs::Real>
                    + 'static,
            {
                let ctx = petsc_rs::callback::Context::into_raw(f);
                // SAFETY: a live solver; the context is freed with it, or when another one is set.
                unsafe {
                    petsc_rs::call!($set_test_function(
                        *self.busy()?,
                        Some(convergence_shim::<F>),
                        ctx,
                        Some(petsc_rs::callback::Context::<F>::drop_indirect)
                    ))
                }
            }
        }

        petsc_rs::trampoline! {
            fn monitor_shim[$m](
                solver: &$borrowed, iteration: usize, converged: usize,
                re: *mut petsc_rs::Scalar, im: *mut petsc_rs::Scalar, estimates: *mut petsc_rs::Real, n: usize
            )
            for FnMut(&$crate::solver::Progress<'_, $borrowed>) -> petsc_rs::Result<()> as F
            = |monitor| {
                // SAFETY: SLEPc passes arrays of `n` entries, valid during this call.
                let re = unsafe { petsc_rs::ffi::slice(re, n) };
                // SAFETY: as above.
                let im = unsafe { petsc_rs::ffi::slice(im, n) };
                // SAFETY: as above.
                let estimates = unsafe { petsc_rs::ffi::slice(estimates, n) };
                monitor(&$crate::solver::Progress { solver, iteration, converged, re, im, estimates })
            }
        }

        $crate::base::comparison!(comparison_shim[$c]);

        petsc_rs::trampoline! {
            fn convergence_shim[$t](
                solver: &$borrowed, re: *const petsc_rs::Scalar, im: *const petsc_rs::Scalar, residual: petsc_rs::Real;
                -> petsc_rs::Real;
            )
            for FnMut(
                &$borrowed,
                num_complex::Complex<petsc_rs::Real>,
                petsc_rs::Real,
            ) -> petsc_rs::Result<petsc_rs::Real> as F
            = |f| {
                // SAFETY: the C shim passes addresses of its arguments.
                let value = unsafe { $crate::base::read(re, im) };
                f(solver, value, residual)
            }
        }
    };
}

pub(crate) use eigen_callbacks;
