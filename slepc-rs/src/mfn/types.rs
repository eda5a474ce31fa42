//! Names, reasons, and the outcome of a solve.

use crate::sys;

petsc_rs::type_names! {
    /// Method of a solver for matrix functions.
    #[doc(alias = "MFNType")]
    MfnType;
    /// Restarted Krylov. The default.
    KRYLOV = c"krylov",
    /// Krylov with steps in time, for the exponential alone.
    EXPOKIT = c"expokit",
}

petsc_rs::converged_reasons! {
    /// Why a solver for matrix functions stopped.
    #[doc(alias = "MFNConvergedReason")]
    ConvergedReason of MFNConvergedReason;
    /// The error estimate is within the tolerance.
    Tolerance = sys::MFN_CONVERGED_TOL, "the error estimate is within the tolerance", "";
    /// All iterations were done, which is what the method wants.
    Iterations = sys::MFN_CONVERGED_ITS, "all iterations were done", "";
    /// The limit of iterations was reached.
    IterationLimit = sys::MFN_DIVERGED_ITS, "iteration limit reached", "raise -mfn_max_it or -mfn_ncv, or lower -mfn_tol's demand";
    /// The method broke down.
    Breakdown = sys::MFN_DIVERGED_BREAKDOWN, "the method broke down", "raise -mfn_ncv, or check the matrix for NaN";
    /// Not decided yet.
    Iterating = sys::MFN_CONVERGED_ITERATING, "still iterating", "";
}

impl crate::solver::Reason for ConvergedReason {
    const SOLVER: &'static str = "matrix function";
    const ITEMS: &'static str = "products";
}

/// Proof that a product converged.
pub type Converged = crate::solver::OneConverged<ConvergedReason>;

/// A solve that did not converge, as the source of the error of [`MfnRef::solve`](crate::MfnRef::solve).
pub type NotConverged = petsc_rs::solver::NotConverged<Converged>;
