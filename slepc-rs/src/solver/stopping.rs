//! User-defined stopping tests.

use petsc_macros::wraps;
use petsc_rs::{Int, Result, ffi};

/// A class of solvers with a user-defined stopping test. Implemented by the borrowed handles of
/// this crate.
pub trait Stopping: std::fmt::Debug + Sized {
    /// Reason why a solver stopped.
    type Reason: Copy;

    #[doc(hidden)]
    fn basic_stopping_test(&self, numbers: [Int; 4]) -> Result<Self::Reason>;
}

/// Arguments of a user-defined stopping test, see
/// [`EpsRef::set_stopping_test_function`](crate::EpsRef::set_stopping_test_function).
#[derive(Debug)]
pub struct StoppingTest<'a, S> {
    pub(crate) solver: &'a S,
    /// Iteration, maximum number of iterations, converged results, requested results.
    pub(crate) numbers: [Int; 4],
}

impl<S: Stopping> StoppingTest<'_, S> {
    /// Returns the solver.
    #[must_use]
    pub fn solver(&self) -> &S {
        self.solver
    }

    /// Returns the number of iterations so far.
    #[must_use]
    pub fn iteration(&self) -> usize {
        ffi::index_to_usize(self.numbers[0])
    }

    /// Returns the maximum number of iterations.
    #[must_use]
    pub fn max_iterations(&self) -> usize {
        ffi::index_to_usize(self.numbers[1])
    }

    /// Returns the number of converged results.
    #[must_use]
    pub fn converged(&self) -> usize {
        ffi::index_to_usize(self.numbers[2])
    }

    /// Returns the number of requested results.
    #[must_use]
    pub fn wanted(&self) -> usize {
        ffi::index_to_usize(self.numbers[3])
    }

    /// Applies SLEPc's default test: enough results, or too many iterations. Not collective.
    ///
    /// # Errors
    /// The errors of the C function of the class (`EPSStoppingBasic` and so on).
    #[wraps(EPSStoppingBasic, SVDStoppingBasic, PEPStoppingBasic, NEPStoppingBasic)]
    pub fn default_test(&self) -> Result<S::Reason> {
        petsc_rs::not_collective!();
        self.solver.basic_stopping_test(self.numbers)
    }

    /// Applies only the iteration limit of the default test: a sufficient number of results does
    /// not end the solve. Not collective.
    ///
    /// # Errors
    /// The errors of [`default_test`](Self::default_test).
    pub fn default_test_of_iterations(&self) -> Result<S::Reason> {
        petsc_rs::not_collective!();
        let [iteration, max, converged, _] = self.numbers;
        self.solver.basic_stopping_test([iteration, max, converged, Int::MAX])
    }
}

/// Defines `set_stopping_test_function`.
macro_rules! stopping_tests {
    (
        $borrowed:ident, $reason:ident, $what:literal;
        $(#[$set_meta:meta])* $set:ident,
        $basic:ident; $doc:literal
    ) => {
        impl $borrowed {
            /// Sets a user-defined stopping test: a closure that returns
            /// `ConvergedReason::Iterating` to continue, or the reason to stop. The closure can
            /// call the default test. Replaces the previous test. Logically collective: the result
            /// must be the same on all ranks.
            ///
            /// # Errors
            #[doc = concat!("The errors of `", stringify!($set), "`.")]
            #[doc = $doc]
            $(#[$set_meta])*
            pub fn set_stopping_test_function<F>(&mut self, f: F) -> petsc_rs::Result<()>
            where
                F: FnMut(&$crate::solver::StoppingTest<'_, $borrowed>) -> petsc_rs::Result<$reason> + 'static,
            {
                let object = petsc_rs::Object::object_ptr(self);
                // SLEPc 3.18 does not call the destructor of this context when the solver is
                // destroyed.
                let shim = Some(stopping_shim::<F> as _);
                let give = |ctx| {
                    // SAFETY: a live solver; `ctx` has the type that the shim expects.
                    unsafe { petsc_rs::call!($set(*self.busy()?, shim, ctx, None)) }
                };
                // SAFETY: a live object; C has one stopping test per solver.
                unsafe { petsc_rs::callback::hand_over(object, c"petsc-rs.stopping", f, give) }
            }
        }

        impl $crate::solver::Stopping for $borrowed {
            type Reason = $reason;

            fn basic_stopping_test(&self, numbers: [petsc_rs::Int; 4]) -> petsc_rs::Result<$reason> {
                let [iteration, max, converged, wanted] = numbers;
                let (mut reason, none) = (0, ::std::ptr::null_mut());
                // SAFETY: a solver during a solve, its numbers, a valid out-pointer; the test has
                // no context.
                unsafe {
                    petsc_rs::call!($basic(
                        self.as_ptr(),
                        iteration,
                        max,
                        converged,
                        wanted,
                        &raw mut reason,
                        none
                    ))
                }?;
                Ok($reason::from_raw(reason))
            }
        }

        petsc_rs::trampoline! {
            fn stopping_shim[$what](
                solver: &$borrowed, iteration: petsc_rs::Int, max: petsc_rs::Int, converged: petsc_rs::Int,
                wanted: petsc_rs::Int; -> $reason;
            )
            for FnMut(&$crate::solver::StoppingTest<'_, $borrowed>) -> petsc_rs::Result<$reason> as F
            = |f| f(&$crate::solver::StoppingTest { solver, numbers: [iteration, max, converged, wanted] })
        }
    };
}

pub(crate) use stopping_tests;
