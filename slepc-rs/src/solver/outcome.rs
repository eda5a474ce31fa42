//! Solve and convergence.

use std::fmt;

use petsc_rs::solver::Outcome;
use petsc_rs::{ffi, internal};

use crate::sys;

/// Reason why a solver of SLEPc stopped, implemented by the `ConvergedReason` of each class.
pub trait Reason: petsc_rs::solver::Reason + Send + Sync + 'static {
    /// Name of the solver in error messages.
    const SOLVER: &'static str;
    /// Name of the computed items, such as eigenpairs, in messages.
    const ITEMS: &'static str;
}

/// Result of a solve of an eigensolver or a singular value solver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "contains the number of results"]
pub struct Converged<R> {
    /// Reason why the solver stopped.
    pub reason: R,
    /// Number of results (eigenpairs, singular triplets) that converged: at least as many as
    /// requested, unless a user-defined stopping test was satisfied earlier, or the interval
    /// contains fewer results.
    pub pairs: usize,
    /// Number of requested results.
    pub wanted: usize,
    /// Number of iterations (restarts).
    pub iterations: usize,
}

impl<R: Reason> fmt::Display for Converged<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reason, pairs, wanted, iterations } = self;
        if reason.is_converged() {
            write!(f, "{pairs} {} after {iterations} iterations: {reason}", R::ITEMS)
        } else {
            write!(
                f,
                "{reason} after {iterations} iterations, {pairs} of {wanted} {} converged",
                R::ITEMS
            )
        }
    }
}

impl<R: Reason> Outcome for Converged<R> {
    const SOLVER: &'static str = R::SOLVER;
    type Reason = R;

    fn reason(&self) -> R {
        self.reason
    }
}

/// A guard during a solve. If an error or a panic drops the guard, it marks the solver as failed,
/// because the solve was interrupted.
pub(crate) struct Failed<T: Copy> {
    raw: T,
    solving: bool,
    mark: unsafe extern "C" fn(T, sys::PetscBool) -> sys::PetscErrorCode,
}

impl<T: Copy> Failed<T> {
    /// # Safety
    /// `raw` is a live solver, and `mark` the function of the shim for its class.
    pub(crate) unsafe fn unless_ended(
        raw: T,
        solving: bool,
        mark: unsafe extern "C" fn(T, sys::PetscBool) -> sys::PetscErrorCode,
    ) -> Self {
        Self { raw, solving, mark }
    }

    pub(crate) fn not(self) {
        let _ = std::mem::ManuallyDrop::new(self);
    }
}

impl<T: Copy> Drop for Failed<T> {
    fn drop(&mut self) {
        // SAFETY: a live solver, by the contract of the constructor.
        let code = unsafe { (self.mark)(self.raw, ffi::raw_bool(self.solving)) };
        internal::record_drop("PetscObjectCompose", code);
    }
}

/// Defines `solve`, `solve_unchecked`, `set_up`, `reset`, and the results of a solve.
///
/// The class has `check_problem(&self)`, and `give_operators(&mut self)`, which passes the composed
/// operators to SLEPc and returns whether there are any.
macro_rules! solving {
    (
        $borrowed:ident, $reason:ident, $items:literal;
        $(#[$solve_meta:meta])* $solve:ident,
        $(#[$set_up_meta:meta])* $set_up:ident,
        $(#[$reset_meta:meta])* $reset:ident,
        $(#[$get_reason_meta:meta])* $get_reason:ident,
        $(#[$get_iterations_meta:meta])* $get_iterations:ident,
        $(#[$get_converged_meta:meta])* $get_converged:ident;
        $failed:ident, $renew:ident, $is_solved:ident, $check_basis:ident, $is_stale:ident
    ) => {
        impl $borrowed {
            #[doc = concat!("Computes the requested ", $items, " (`", stringify!($solve), "`). Collective.")]
            ///
            /// A solve does not continue the previous solve; it uses the current values of the
            /// operators.
            ///
            /// # Errors
            /// `NOT_CONVERGED`, the same on all ranks, with reason, number of results and advice
            /// ([`NotConverged`](petsc_rs::solver::NotConverged) is the source of the error); the
            /// converged results can be retrieved. `ARG_OUTOFRANGE` if the requested number exceeds
            /// the order of the problem; `ARG_INCOMP` if the problem type does not match the number
            /// of operators, or requires Hermitian operators and one is not Hermitian; any error of
            /// the operators, a linear solver or a callback. After a failed solve, the next solve
            /// first [resets](Self::reset) the solver.
            $(#[$solve_meta])*
            pub fn solve(&mut self) -> petsc_rs::Result<$crate::solver::Converged<$reason>> {
                let reason = self.solve_unchecked()?;
                petsc_rs::solver::judge($crate::solver::Converged {
                    reason,
                    pairs: self.converged()?,
                    wanted: self.dimensions()?.nev,
                    iterations: self.iterations()?,
                })
            }

            #[doc = concat!("Computes the ", $items,
                " and returns the reason why the solver stopped, also if it did not converge. Collective.")]
            ///
            /// # Errors
            /// The errors of [`solve`](Self::solve), without `NOT_CONVERGED`.
            pub fn solve_unchecked(&mut self) -> petsc_rs::Result<$reason> {
                self.set_up()?;
                // One that runs already is refused, and has not failed by that.
                let solver = self.busy()?;
                // SAFETY: a live solver, and the function of its class.
                let failed = unsafe { $crate::solver::Failed::unless_ended(*solver, true, sys::$failed) };
                // SAFETY: a live solver with operators; no slice is lent mutably (`set_up`).
                unsafe { petsc_rs::call!($solve(*solver)) }?;
                failed.not();
                drop(solver);
                self.converged_reason()
            }

            #[doc = concat!("Sets up the solver; a solve does this if necessary (`", stringify!($set_up),
                "`). Collective.")]
            ///
            /// # Errors
            /// The errors of [`solve`](Self::solve), without `NOT_CONVERGED`.
            $(#[$set_up_meta])*
            pub fn set_up(&mut self) -> petsc_rs::Result<()> {
                self.check_problem()?;
                if $crate::solver::has_failed(self)? {
                    self.reset()?;
                }
                let results = petsc_rs::ffi::raw_bool(false);
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($check_basis(self.as_ptr(), results)) }?;
                let mut stale = petsc_rs::ffi::raw_bool(false);
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($is_stale(self.as_ptr(), &raw mut stale)) }?;
                // A solver that has solved, or whose transformation was replaced since its setup,
                // skips the setup until the operators are set again.
                if self.is_solved()? || petsc_rs::ffi::to_bool(stale) {
                    self.give_operators()?;
                }
                let solver = self.busy()?;
                // SAFETY: a live solver, and the function of its class.
                let failed = unsafe { $crate::solver::Failed::unless_ended(*solver, false, sys::$failed) };
                // SAFETY: a live solver with operators; no slice is lent mutably (`check_problem`).
                unsafe { petsc_rs::call!($set_up(*solver)) }?;
                failed.not();
                Ok(())
            }

            #[doc = concat!("Discards subspaces and data built from the operators; keeps operators, type, tolerances and callbacks (`",
                stringify!($reset), "`). Collective.")]
            ///
            /// # Errors
            #[doc = concat!("The errors of `", stringify!($reset), "`.")]
            $(#[$reset_meta])*
            pub fn reset(&mut self) -> petsc_rs::Result<()> {
                let solver = self.busy()?;
                petsc_rs::internal::cut_operators(self)?;
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($reset(*solver)) }?;
                drop(solver);
                // SAFETY: a live solver without subspaces (above).
                unsafe { petsc_rs::call!($renew(*self.busy()?)) }?;
                // SLEPc has dropped the operators.
                self.give_operators()
            }

            /// Returns whether the last solve finished and the solver was not changed afterwards.
            pub(super) fn is_solved(&self) -> petsc_rs::Result<bool> {
                let mut flag = petsc_rs::ffi::raw_bool(false);
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($is_solved(self.as_ptr(), &raw mut flag)) }?;
                Ok(petsc_rs::ffi::to_bool(flag))
            }

            /// Returns the number of results of a solver that has solved; optimized SLEPc omits the
            /// check.
            pub(super) fn solved(&self) -> petsc_rs::Result<petsc_rs::Int> {
                if !self.is_solved()? {
                    return Err(petsc_rs::Error::new(
                        petsc_rs::ErrorCode::ARG_WRONGSTATE,
                        "no solve since the solver was created or changed: call solve first",
                    ));
                }
                petsc_rs::ffi::petsc_int(self.converged()?)
            }

            /// Checks result number `i`: another handle may have invalidated it in the meantime.
            pub(super) fn check_result(&self, i: petsc_rs::Int) -> petsc_rs::Result<()> {
                petsc_rs::ffi::check_index(i, &(0..self.solved()?))
            }

            /// Checks that no column of the basis is borrowed, before a call that computes the
            /// vectors of results.
            pub(super) fn check_vectors(&self) -> petsc_rs::Result<()> {
                let results = petsc_rs::ffi::raw_bool(true);
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($check_basis(self.as_ptr(), results)) }
            }

            #[doc = concat!("Returns the reason why the last solve stopped (`", stringify!($get_reason), "`). Not collective.")]
            ///
            /// # Errors
            #[doc = concat!("The errors of `", stringify!($get_reason), "`.")]
            $(#[$get_reason_meta])*
            pub fn converged_reason(&self) -> petsc_rs::Result<$reason> {
                petsc_rs::not_collective!();
                let mut raw = 0;
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($get_reason(self.as_ptr(), &raw mut raw)) }?;
                Ok($reason::from_raw(raw))
            }

            #[doc = concat!("Returns the number of iterations of the last solve, or of the running solve so far (`", stringify!($get_iterations),
                "`). Not collective.")]
            ///
            /// # Errors
            #[doc = concat!("The errors of `", stringify!($get_iterations), "`.")]
            $(#[$get_iterations_meta])*
            pub fn iterations(&self) -> petsc_rs::Result<usize> {
                petsc_rs::not_collective!();
                let mut n = 0;
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($get_iterations(self.as_ptr(), &raw mut n)) }?;
                petsc_rs::ffi::size(n)
            }

            #[doc = concat!("Returns the number of converged ", $items, "; a conjugate pair counts as two (`",
                stringify!($get_converged), "`). The number is 0 before a solve. Not collective.")]
            ///
            /// # Errors
            #[doc = concat!("The errors of `", stringify!($get_converged), "`.")]
            $(#[$get_converged_meta])*
            pub fn converged(&self) -> petsc_rs::Result<usize> {
                petsc_rs::not_collective!();
                if !self.is_solved()? {
                    return Ok(0);
                }
                let mut n = 0;
                // SAFETY: a solver that has solved, and a valid out-pointer.
                unsafe { petsc_rs::call!($get_converged(self.as_ptr(), &raw mut n)) }?;
                petsc_rs::ffi::size(n)
            }
        }
    };
}

pub(crate) use solving;

/// Returns whether the last solve ended with an error.
pub(crate) fn has_failed<S: petsc_rs::Object>(solver: &S) -> petsc_rs::Result<bool> {
    let mut failed = ffi::raw_bool(false);
    // SAFETY: a live object and a valid out-pointer.
    unsafe { petsc_rs::call!(PetscRsSolverHasFailed(solver.object_ptr(), &raw mut failed)) }?;
    Ok(ffi::to_bool(failed))
}
