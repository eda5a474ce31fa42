//! Eigenvalues and eigenvectors of the last solve.

use petsc_rs::{Result, Scalar};

use super::{ErrorType, NepRef};
use crate::{solver, sys};

/// An eigenpair, or a complex conjugate pair of eigenpairs, see [`NepRef::eigenpairs`].
pub type Eigenpair<'a> = solver::Eigenpair<'a, NepRef>;

/// The eigenpairs of the last solve, see [`NepRef::eigenpairs`].
pub type Eigenpairs<'a> = solver::Eigenpairs<'a, NepRef>;

solver::eigenpairs! {
    /// Returns an iterator over the converged eigenpairs, in the order of
    /// [`set_which`](Self::set_which).
    ///
    /// Each step of the iterator is also collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before the first solve, or if the solver was changed after the last one.
    #[doc(alias = "NEPGetEigenpair")]
    NepRef, ErrorType, "Collective.";
    NEPGetEigenpair (2), NEPGetEigenpair, NEPGetErrorEstimate, NEPComputeError
}

solver::left_vectors! {
    /// Returns the left eigenvector `y`, with `yᴴ·T(λ) = 0`. Collective.
    #[doc(alias = "NEPGetLeftEigenvector")]
    NepRef; NEPGetLeftEigenvector
}

impl NepRef {
    /// Monitors already receive eigenvalues of the original problem.
    fn to_problem(&self, _re: &mut [Scalar], _im: &mut [Scalar]) -> Result<()> {
        Ok(())
    }
}
