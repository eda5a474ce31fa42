//! Eigenvalues and eigenvectors of the last solve.

use petsc_rs::{Result, Scalar, call, ffi};

use super::{ErrorType, PepRef};
use crate::{solver, sys};

/// An eigenpair, or a complex conjugate pair of eigenpairs, see [`PepRef::eigenpairs`].
pub type Eigenpair<'a> = solver::Eigenpair<'a, PepRef>;

/// The eigenpairs of the last solve, see [`PepRef::eigenpairs`].
pub type Eigenpairs<'a> = solver::Eigenpairs<'a, PepRef>;

solver::eigenpairs! {
    /// Returns an iterator over the converged eigenpairs, in the order of
    /// [`set_which`](Self::set_which).
    ///
    /// Each step of the iterator is also collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before the first solve, or if the solver was changed after the last one.
    #[doc(alias = "PEPGetEigenpair")]
    PepRef, ErrorType, "Collective.";
    PEPGetEigenpair (2), PEPGetEigenpair, PEPGetErrorEstimate, PEPComputeError
}

impl PepRef {
    /// Maps eigenvalues of the transformed problem to those of the original problem, without
    /// reversing a scalar scaling.
    fn to_problem(&self, re: &mut [Scalar], im: &mut [Scalar]) -> Result<()> {
        let (n, st) = (ffi::petsc_int(re.len().min(im.len()))?, self.st()?.as_ptr());
        // SAFETY: the live transformation of a solver that is solving; both arrays have `n` entries.
        unsafe { call!(STBackTransform(st, n, re.as_mut_ptr(), im.as_mut_ptr())) }
    }
}
