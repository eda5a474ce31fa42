//! Solving, and the proof of convergence.

use std::fmt;

use petsc_rs::{ffi, internal};

use crate::sys;

/// Why a solver stopped: implemented by the enums of the classes, and what messages need of them.
pub trait Reason: fmt::Display + fmt::Debug + Copy {
    /// What the solver is.
    const SOLVER: &'static str;
    /// What it finds.
    const ITEMS: &'static str;

    /// What a user can try, empty if there is nothing to say.
    fn advice(self) -> &'static str;
}

/// Proof that a solver converged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "says how many results there are"]
pub struct Converged<R> {
    /// Why it stopped.
    pub reason: R,
    /// Number of results (eigenpairs, singular triplets) that converged: at least as many as were wanted, unless a
    /// test of the program was content with less, or fewer lie in the interval.
    pub pairs: usize,
    /// Number of iterations (restarts).
    pub iterations: usize,
}

impl<R: Reason> fmt::Display for Converged<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            reason,
            pairs,
            iterations,
        } = self;
        write!(
            f,
            "{pairs} {} after {iterations} iterations: {reason}",
            R::ITEMS
        )
    }
}

/// A solve that did not converge, as the source of the error of `solve`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotConverged<R> {
    /// Why it stopped.
    pub reason: R,
    /// Number of results that did converge, and can be asked for.
    pub pairs: usize,
    /// Number of results that were wanted.
    pub wanted: usize,
    /// Number of iterations.
    pub iterations: usize,
}

impl<R: Reason> fmt::Display for NotConverged<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            reason,
            pairs,
            wanted,
            iterations,
        } = self;
        write!(
            f,
            "the {} did not converge: {reason} after {iterations} iterations, {pairs} of {wanted} {} \
             found",
            R::SOLVER,
            R::ITEMS
        )?;
        match reason.advice() {
            "" => Ok(()),
            hint => write!(f, "; {hint}"),
        }
    }
}

impl<R: Reason> std::error::Error for NotConverged<R> {}

/// Dropped by an error or a panic: the solver was left in the middle of its work.
pub(crate) struct Failed<T: Copy> {
    raw: T,
    solving: bool,
    mark: unsafe extern "C" fn(T, sys::PetscBool) -> sys::PetscErrorCode,
}

impl<T: Copy> Failed<T> {
    /// # Safety
    /// `raw` is a live solver, and `mark` the shim's function for its class.
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

/// Writes `solve`, `solve_unchecked`, `set_up`, `reset`, and the questions after a solve.
///
/// The class has `check_problem(&self)`, and `give_operators(&mut self)`, which gives SLEPc the operators that are
/// held, and returns whether there are any.
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
            #[doc = concat!("Computes the ", $items, " that are wanted (`", stringify!($solve), "`). Collective.")]
            ///
            /// Solving again begins anew, with the values that the operators have then.
            ///
            /// # Errors
            /// `NOT_CONVERGED`, on all ranks alike, with reason, number of results and a hint
            /// ([`NotConverged`](crate::solver::NotConverged) as its source): what converged can be asked for.
            /// `ARG_OUTOFRANGE` if more are wanted than the problem has; `ARG_INCOMP` if the problem type does not fit
            /// the operators (in their number, or because they are not Hermitian); any error of the operators, a linear solver or a callback. The next solve after one
            /// [resets](Self::reset) the solver first.
            $(#[$solve_meta])*
            pub fn solve(&mut self) -> petsc_rs::Result<$crate::solver::Converged<$reason>> {
                let reason = self.solve_unchecked()?;
                let (pairs, iterations) = (self.converged()?, self.iterations()?);
                if reason.is_converged() {
                    return Ok($crate::solver::Converged {
                        reason,
                        pairs,
                        iterations,
                    });
                }
                let failure = $crate::solver::NotConverged {
                    reason,
                    pairs,
                    wanted: self.dimensions()?.nev,
                    iterations,
                };
                Err(petsc_rs::internal::collective_error(
                    petsc_rs::ErrorCode::NOT_CONVERGED,
                    failure,
                ))
            }

            #[doc = concat!("Computes the ", $items,
                " and returns the reason why it stopped without judging it. Collective.")]
            ///
            /// # Errors
            /// As [`solve`](Self::solve), without `NOT_CONVERGED`.
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

            #[doc = concat!("Prepares the method, which a solve would do otherwise (`", stringify!($set_up),
                "`). Collective.")]
            ///
            /// # Errors
            /// As [`solve`](Self::solve), without `NOT_CONVERGED`.
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
                // A solver that has solved, or whose transformation is another one since its set-up, does nothing until it
                // is given operators.
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

            #[doc = concat!("Forgets subspaces and what was built from the operators (`", stringify!($reset),
                "`); keeps these, type, tolerances and callbacks. Collective.")]
            ///
            /// # Errors
            #[doc = concat!("What `", stringify!($reset), "` returns.")]
            $(#[$reset_meta])*
            pub fn reset(&mut self) -> petsc_rs::Result<()> {
                let solver = self.busy()?;
                petsc_rs::internal::cut_operators(self)?;
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($reset(*solver)) }?;
                drop(solver);
                // SAFETY: a live solver, whose subspaces are gone (above).
                unsafe { petsc_rs::call!($renew(*self.busy()?)) }?;
                // C has forgotten the operators.
                self.give_operators()
            }

            /// Whether the last solve ended and nothing was changed since.
            pub(super) fn is_solved(&self) -> petsc_rs::Result<bool> {
                let mut flag = petsc_rs::ffi::raw_bool(false);
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($is_solved(self.as_ptr(), &raw mut flag)) }?;
                Ok(petsc_rs::ffi::to_bool(flag))
            }

            /// Number of results of a solver that has solved; optimised SLEPc does not ask.
            pub(super) fn solved(&self) -> petsc_rs::Result<petsc_rs::Int> {
                if !self.is_solved()? {
                    return Err(petsc_rs::Error::new(
                        petsc_rs::ErrorCode::ARG_WRONGSTATE,
                        "nothing was solved since the solver was created or changed",
                    ));
                }
                petsc_rs::ffi::petsc_int(self.converged()?)
            }

            /// Result number `i`, which another handle may have taken away since it was asked for.
            pub(super) fn check_result(&self, i: petsc_rs::Int) -> petsc_rs::Result<()> {
                petsc_rs::ffi::check_index(i, &(0..self.solved()?))
            }

            /// Before a call that computes the vectors of results: no column of the basis is lent out.
            pub(super) fn check_vectors(&self) -> petsc_rs::Result<()> {
                let results = petsc_rs::ffi::raw_bool(true);
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($check_basis(self.as_ptr(), results)) }
            }

            #[doc = concat!("Why the last solve stopped (`", stringify!($get_reason), "`). Not collective.")]
            ///
            /// # Errors
            #[doc = concat!("What `", stringify!($get_reason), "` returns.")]
            $(#[$get_reason_meta])*
            pub fn converged_reason(&self) -> petsc_rs::Result<$reason> {
                petsc_rs::not_collective!();
                let mut raw = 0;
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($get_reason(self.as_ptr(), &raw mut raw)) }?;
                Ok($reason::from_raw(raw))
            }

            #[doc = concat!("Number of iterations of the last solve, or so far (`", stringify!($get_iterations),
                "`). Not collective.")]
            ///
            /// # Errors
            #[doc = concat!("What `", stringify!($get_iterations), "` returns.")]
            $(#[$get_iterations_meta])*
            pub fn iterations(&self) -> petsc_rs::Result<usize> {
                petsc_rs::not_collective!();
                let mut n = 0;
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($get_iterations(self.as_ptr(), &raw mut n)) }?;
                petsc_rs::ffi::size(n)
            }

            #[doc = concat!("Number of ", $items, " that have converged, each of a conjugate pair for itself (`",
                stringify!($get_converged), "`); 0 before a solve. Not collective.")]
            ///
            /// # Errors
            #[doc = concat!("What `", stringify!($get_converged), "` returns.")]
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

/// Whether the last solve ended by an error.
pub(crate) fn has_failed<S: petsc_rs::Object>(solver: &S) -> petsc_rs::Result<bool> {
    let mut failed = ffi::raw_bool(false);
    // SAFETY: a live object and a valid out-pointer.
    unsafe { petsc_rs::call!(PetscRsSolverHasFailed(solver.object_ptr(), &raw mut failed)) }?;
    Ok(ffi::to_bool(failed))
}
