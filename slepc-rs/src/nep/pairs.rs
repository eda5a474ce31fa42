//! Eigenvalues and eigenvectors of the last solve.

use petsc_rs::{Result, Scalar};

use super::{ErrorType, NepRef};
use crate::{solver, sys};

/// An eigenpair, or a conjugate pair of them, see [`NepRef::eigenpairs`].
pub type Eigenpair<'a> = solver::Eigenpair<'a, NepRef>;

/// The eigenpairs of the last solve, see [`NepRef::eigenpairs`].
pub type Eigenpairs<'a> = solver::Eigenpairs<'a, NepRef>;

solver::eigenpairs! {
    /// The eigenpairs that converged, in the order of [`set_which`](Self::set_which).
    ///
    /// Collective, also to go through.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if nothing was solved since the solver was changed.
    #[doc(alias = "NEPGetEigenpair")]
    NepRef, ErrorType, "Collective.";
    NEPGetEigenpair (2), NEPGetEigenpair, NEPGetErrorEstimate, NEPComputeError
}

solver::left_vectors! {
    /// The left eigenvector, `yᴴ·T(λ) = 0`. Collective.
    #[doc(alias = "NEPGetLeftEigenvector")]
    NepRef; NEPGetLeftEigenvector
}

impl NepRef {
    /// The values that monitors see are those of the problem.
    fn to_problem(&self, _re: &mut [Scalar], _im: &mut [Scalar]) -> Result<()> {
        Ok(())
    }
}
