//! Types, converged reasons and results of solvers for matrix functions.

use crate::sys;

petsc_rs::type_names! {
    /// Type of a solver for matrix functions.
    #[doc(alias = "MFNType")]
    MfnType;
    /// Restarted Krylov. The default.
    KRYLOV = c"krylov",
    /// Krylov method with time steps, for the exponential only.
    EXPOKIT = c"expokit",
}

petsc_rs::converged_reasons! {
    /// Reason why a solver for matrix functions stopped.
    #[doc(alias = "MFNConvergedReason")]
    ConvergedReason of MFNConvergedReason;
    /// The error estimate is within the tolerance.
    Tolerance = sys::MFN_CONVERGED_TOL, "the error estimate is within the tolerance", "";
    /// The method performs a fixed number of iterations, and all were performed.
    Iterations = sys::MFN_CONVERGED_ITS, "all iterations were performed", "";
    /// The maximum number of iterations was reached.
    IterationLimit = sys::MFN_DIVERGED_ITS, "iteration limit reached", "raise -mfn_max_it or -mfn_ncv, or increase -mfn_tol";
    /// The method broke down.
    Breakdown = sys::MFN_DIVERGED_BREAKDOWN, "the method broke down", "raise -mfn_ncv, or check the matrix for NaN";
    /// The solve has not finished.
    Iterating = sys::MFN_CONVERGED_ITERATING, "still iterating", "";
}

impl crate::solver::Reason for ConvergedReason {
    const SOLVER: &'static str = "matrix function";
    const ITEMS: &'static str = "products";
}

/// Result of a solve that converged.
pub type Converged = crate::solver::OneConverged<ConvergedReason>;

/// A solve that did not converge: the source of the error of
/// [`MfnRef::solve`](crate::MfnRef::solve).
pub type NotConverged = petsc_rs::solver::NotConverged<Converged>;
