//! Eigenvalues and eigenvectors of the last solve.

use petsc_rs::{Result, Scalar, call, ffi};

use super::{ErrorType, PepRef};
use crate::{solver, sys};

/// An eigenpair, or a conjugate pair of them, see [`PepRef::eigenpairs`].
pub type Eigenpair<'a> = solver::Eigenpair<'a, PepRef>;

/// The eigenpairs of the last solve, see [`PepRef::eigenpairs`].
pub type Eigenpairs<'a> = solver::Eigenpairs<'a, PepRef>;

solver::eigenpairs! {
    /// The eigenpairs that converged, in the order of [`set_which`](Self::set_which).
    ///
    /// Collective, also to go through.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if nothing was solved since the solver was changed.
    #[doc(alias = "PEPGetEigenpair")]
    PepRef, ErrorType, "Collective.";
    PEPGetEigenpair (2), PEPGetEigenpair, PEPGetErrorEstimate, PEPComputeError
}

impl PepRef {
    /// From values of the transformed problem to those of the problem; a scaling by a number is not undone.
    fn to_problem(&self, re: &mut [Scalar], im: &mut [Scalar]) -> Result<()> {
        let (n, st) = (ffi::petsc_int(re.len().min(im.len()))?, self.st()?.as_ptr());
        // SAFETY: the live transformation of a solver that is solving; both arrays have `n` entries.
        unsafe { call!(STBackTransform(st, n, re.as_mut_ptr(), im.as_mut_ptr())) }
    }
}
