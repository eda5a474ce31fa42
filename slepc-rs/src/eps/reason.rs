//! Reasons why an eigensolver stopped.

use crate::sys;

petsc_rs::converged_reasons! {
    /// Reason why an eigensolver stopped: positive values of the C enumeration mean convergence,
    /// negative ones divergence.
    #[doc(alias = "EPSConvergedReason")]
    ConvergedReason of EPSConvergedReason;
    /// The requested number of eigenpairs converged within the tolerance.
    Tolerance = sys::EPS_CONVERGED_TOL, "all requested eigenpairs converged within the tolerance", "";
    /// The user-defined stopping test was satisfied.
    User = sys::EPS_CONVERGED_USER, "the user-defined stopping test was satisfied", "";
    /// The maximum number of iterations was reached.
    IterationLimit = sys::EPS_DIVERGED_ITS, "iteration limit reached", "raise -eps_max_it or -eps_ncv, or transform the spectrum (-st_type sinvert with -eps_target)";
    /// The method broke down.
    Breakdown = sys::EPS_DIVERGED_BREAKDOWN, "the method broke down", "try another -eps_type, a larger -eps_ncv, or check the operators for NaN";
    /// Symmetry was lost in an indefinite problem.
    SymmetryLost = sys::EPS_DIVERGED_SYMMETRY_LOST, "symmetry was lost", "solve it as a generalized non-Hermitian problem";
    /// The solve has not finished.
    Iterating = sys::EPS_CONVERGED_ITERATING, "still iterating", "";
}

impl crate::solver::Reason for ConvergedReason {
    const SOLVER: &'static str = "eigensolver";
    const ITEMS: &'static str = "eigenpairs";
}
