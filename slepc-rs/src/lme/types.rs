//! Types and converged reasons of solvers of matrix equations.

use crate::sys;

petsc_rs::type_names! {
    /// Type of a solver of matrix equations.
    #[doc(alias = "LMEType")]
    LmeType;
    /// Restarted Krylov. The default.
    KRYLOV = c"krylov",
}

petsc_rs::converged_reasons! {
    /// Reason why a solver of matrix equations stopped.
    #[doc(alias = "LMEConvergedReason")]
    ConvergedReason of LMEConvergedReason;
    /// The error estimate is within the tolerance.
    Tolerance = sys::LME_CONVERGED_TOL, "the error estimate is within the tolerance", "";
    /// The maximum number of iterations was reached.
    IterationLimit = sys::LME_DIVERGED_ITS, "iteration limit reached", "raise -lme_max_it or -lme_ncv";
    /// The method broke down.
    Breakdown = sys::LME_DIVERGED_BREAKDOWN, "the method broke down", "check that the eigenvalues of the matrix have negative real parts";
    /// The solve has not finished.
    Iterating = sys::LME_CONVERGED_ITERATING, "still iterating", "";
}

impl crate::solver::Reason for ConvergedReason {
    const SOLVER: &'static str = "matrix equation";
    const ITEMS: &'static str = "solutions";
}

/// Result of a solve that converged.
pub type Converged = crate::solver::OneConverged<ConvergedReason>;

/// A solve that did not converge: the source of the error of
/// [`LmeRef::solve`](crate::LmeRef::solve).
pub type NotConverged = petsc_rs::solver::NotConverged<Converged>;
