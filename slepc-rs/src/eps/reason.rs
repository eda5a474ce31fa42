//! Why an eigensolver stopped.

use crate::sys;

petsc_rs::converged_reasons! {
    /// Why an eigensolver stopped: positive values of C are convergence, negative ones divergence.
    #[doc(alias = "EPSConvergedReason")]
    ConvergedReason of EPSConvergedReason;
    /// As many pairs as were wanted are within the tolerance.
    Tolerance = sys::EPS_CONVERGED_TOL, "all wanted pairs are within the tolerance", "";
    /// A stopping test of the program was content.
    User = sys::EPS_CONVERGED_USER, "the program's own test was content", "";
    /// The limit of iterations was reached.
    IterationLimit = sys::EPS_DIVERGED_ITS, "iteration limit reached", "raise -eps_max_it or -eps_ncv, or transform the spectrum (-st_type sinvert with -eps_target)";
    /// The method broke down.
    Breakdown = sys::EPS_DIVERGED_BREAKDOWN, "the method broke down", "try another -eps_type, a larger -eps_ncv, or check the operators for NaN";
    /// Symmetry was lost in an indefinite problem.
    SymmetryLost = sys::EPS_DIVERGED_SYMMETRY_LOST, "symmetry was lost", "solve it as a generalised non-Hermitian problem";
    /// Not decided yet.
    Iterating = sys::EPS_CONVERGED_ITERATING, "still iterating", "";
}

impl crate::solver::Reason for ConvergedReason {
    const SOLVER: &'static str = "eigensolver";
    const ITEMS: &'static str = "eigenpairs";
}
