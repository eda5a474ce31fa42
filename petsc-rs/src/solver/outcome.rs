//! Results of solves, and the error of a solve that did not converge.

use std::fmt;
use std::ops::Deref;

use crate::error::{Error, ErrorCode, Result};

/// Reason why a solver stopped, implemented by the `ConvergedReason` of each class.
pub trait Reason: fmt::Display + fmt::Debug + Copy {
    /// Returns whether the solver converged.
    fn is_converged(self) -> bool;

    /// Returns advice on a solve that did not converge, or an empty string.
    fn hint(self) -> &'static str;
}

/// Result of `solve` for one class of solvers: the reason why the solver stopped, and values such
/// as the number of iterations and the residual.
pub trait Outcome: fmt::Display + fmt::Debug + Copy + Send + Sync + 'static {
    /// Name of the solver in error messages.
    const SOLVER: &'static str;
    /// Type of the reason why the solver stopped.
    type Reason: Reason;

    /// Returns the reason why the solver stopped.
    fn reason(&self) -> Self::Reason;
}

/// The outcome of a solve that did not converge: the source of an error `NOT_CONVERGED`.
///
/// It dereferences to the outcome, so that the fields of the outcome can be read:
/// `failure.iterations`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NotConverged<O>(O);

impl<O> Deref for NotConverged<O> {
    type Target = O;

    fn deref(&self) -> &O {
        &self.0
    }
}

impl<O: Outcome> fmt::Display for NotConverged<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} did not converge: {}", O::SOLVER, self.0)?;
        match self.0.reason().hint() {
            "" => Ok(()),
            hint => write!(f, "; {hint}"),
        }
    }
}

impl<O: Outcome> std::error::Error for NotConverged<O> {}

/// Returns `outcome` if the solver converged.
///
/// # Errors
/// `NOT_CONVERGED`, on all ranks, with [`NotConverged`] as its source.
#[doc(hidden)]
#[inline]
pub fn judge<O: Outcome>(outcome: O) -> Result<O> {
    if outcome.reason().is_converged() {
        return Ok(outcome);
    }
    Err(not_converged(outcome))
}

#[cold]
fn not_converged<O: Outcome>(outcome: O) -> Error {
    let failure = NotConverged(outcome);
    Error::collective(ErrorCode::NOT_CONVERGED, failure.to_string()).with_source(failure)
}
