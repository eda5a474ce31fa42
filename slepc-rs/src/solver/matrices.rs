//! Common parts of the solvers of matrix equations and matrix functions: one subspace, a tolerance,
//! monitors, and one result.

use std::fmt;

use petsc_rs::solver::Outcome;

use super::Reason;

/// Result of a solve that computes one vector or one matrix, such as `f(A)·b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "contains the reason for convergence"]
pub struct OneConverged<R> {
    /// Reason why the solver stopped.
    pub reason: R,
    /// Number of iterations (restarts).
    pub iterations: usize,
}

impl<R: Reason> fmt::Display for OneConverged<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} after {} iterations", self.reason, self.iterations)
    }
}

impl<R: Reason> Outcome for OneConverged<R> {
    const SOLVER: &'static str = R::SOLVER;
    type Reason = R;

    fn reason(&self) -> R {
        self.reason
    }
}

/// Defines the dimension of the subspace, the tolerances, the monitors, and the result of a solve.
macro_rules! matrices {
    (
        $borrowed:ident, $reason:ident, $options:literal, $monitor:literal;
        $(#[$set_dimensions_meta:meta])* $set_dimensions:ident,
        $(#[$get_dimensions_meta:meta])* $get_dimensions:ident,
        $(#[$set_tolerances_meta:meta])* $set_tolerances:ident,
        $(#[$get_tolerances_meta:meta])* $get_tolerances:ident,
        $(#[$monitor_set_meta:meta])* $monitor_set:ident,
        $(#[$monitor_cancel_meta:meta])* $monitor_cancel:ident,
        $get_reason:ident, $get_iterations:ident, $failed:ident
    ) => {
        impl $borrowed {
            #[doc = concat!("Sets the largest dimension of the subspace (`", stringify!($set_dimensions),
                "`). Logically collective. Default: chosen by SLEPc. Option: `", $options, "_ncv`.")]
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` if `ncv` is 0.
            $(#[$set_dimensions_meta])*
            pub fn set_dimension(&mut self, ncv: usize) -> petsc_rs::Result<()> {
                let ncv = $crate::solver::choose(ncv.into(), 0, "the dimension of the subspace")?;
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($set_dimensions(*self.busy()?, ncv)) }
            }

            #[doc = concat!("Returns the largest dimension of the subspace, `None` before SLEPc has chosen it (`",
                stringify!($get_dimensions), "`). Not collective.")]
            ///
            /// # Errors
            #[doc = concat!("The errors of `", stringify!($get_dimensions), "`.")]
            $(#[$get_dimensions_meta])*
            pub fn dimension(&self) -> petsc_rs::Result<Option<usize>> {
                petsc_rs::not_collective!();
                let mut ncv = 0;
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($get_dimensions(self.as_ptr(), &raw mut ncv)) }?;
                Ok(usize::try_from(ncv).ok().filter(|n| *n > 0))
            }

            #[doc = concat!("Sets the tolerances (`", stringify!($set_tolerances),
                "`). Logically collective. Options: `", $options, "_tol`, `", $options, "_max_it`.")]
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` for a tolerance that is not positive, or a maximum of 0 iterations.
            $(#[$set_tolerances_meta])*
            pub fn set_tolerances(&mut self, tolerances: $crate::solver::Tolerances) -> petsc_rs::Result<()> {
                let (tol, max) = self.raw_tolerances()?;
                let tol = $crate::solver::tolerance(tolerances.tolerance, tol)?;
                let what = "the number of iterations";
                let max = $crate::solver::choose(tolerances.max_iterations, max, what)?;
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($set_tolerances(self.as_ptr(), tol, max)) }
            }

            #[doc = concat!("Returns the tolerances in use (`", stringify!($get_tolerances), "`). Not collective.")]
            ///
            /// # Errors
            #[doc = concat!("The errors of `", stringify!($get_tolerances), "`.")]
            $(#[$get_tolerances_meta])*
            pub fn tolerances(&self) -> petsc_rs::Result<$crate::solver::CurrentTolerances> {
                petsc_rs::not_collective!();
                let (tol, max) = self.raw_tolerances()?;
                Ok($crate::solver::CurrentTolerances::from_raw(tol, max))
            }

            fn raw_tolerances(&self) -> petsc_rs::Result<(petsc_rs::Real, petsc_rs::Int)> {
                let (mut tol, mut max) = (0.0, 0);
                // SAFETY: a live solver and valid out-pointers.
                unsafe { petsc_rs::call!($get_tolerances(self.as_ptr(), &raw mut tol, &raw mut max)) }?;
                Ok((tol, max))
            }

            #[doc = concat!("Adds a monitor, `f(solver, iteration, error_estimate)`, which is called at every iteration (`",
                stringify!($monitor_set), "`). Logically collective. Option: `", $options, "_monitor`.")]
            ///
            /// # Errors
            /// An error of SLEPc if there are too many monitors.
            $(#[$monitor_set_meta])*
            pub fn add_monitor<F>(&mut self, monitor: F) -> petsc_rs::Result<()>
            where
                F: FnMut(&$borrowed, usize, petsc_rs::Real) -> petsc_rs::Result<()> + 'static,
            {
                let ctx = petsc_rs::callback::Context::into_raw(monitor);
                let free = Some(petsc_rs::callback::Context::<F>::drop_indirect as _);
                // SAFETY: a live solver; each monitor has a separate context, which SLEPc frees.
                unsafe { petsc_rs::call!($monitor_set(self.as_ptr(), Some(monitor_shim::<F>), ctx, free)) }
            }

            #[doc = concat!("Removes all monitors and frees their closures (`", stringify!($monitor_cancel),
                "`). Logically collective. Option: `", $options, "_monitor_cancel`.")]
            ///
            /// # Errors
            #[doc = concat!("The errors of `", stringify!($monitor_cancel), "`.")]
            $(#[$monitor_cancel_meta])*
            pub fn cancel_monitors(&mut self) -> petsc_rs::Result<()> {
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($monitor_cancel(*self.busy()?)) }
            }

            fn unless_ended(&self) -> $crate::solver::Failed<<&'static Self as petsc_rs::callback::Lent>::Raw> {
                // SAFETY: a live solver, and the function of its class.
                unsafe { $crate::solver::Failed::unless_ended(self.as_ptr(), true, sys::$failed) }
            }

            fn outcome(&self) -> petsc_rs::Result<$crate::solver::OneConverged<$reason>> {
                let mut raw = 0;
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($get_reason(self.as_ptr(), &raw mut raw)) }?;
                let mut n = 0;
                // SAFETY: as above.
                unsafe { petsc_rs::call!($get_iterations(self.as_ptr(), &raw mut n)) }?;
                let (mut reason, iterations) = ($reason::from_raw(raw), petsc_rs::ffi::size(n)?);
                if reason == $reason::Iterating {
                    // The shim ended the solve.
                    reason = $reason::IterationLimit;
                }
                petsc_rs::solver::judge($crate::solver::OneConverged { reason, iterations })
            }
        }

        petsc_rs::trampoline! {
            fn monitor_shim[$monitor](solver: &$borrowed, iteration: usize, estimate: petsc_rs::Real)
        }
    };
}

pub(crate) use matrices;
