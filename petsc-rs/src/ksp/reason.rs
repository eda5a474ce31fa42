//! Reason why a solve ended. The numeric values of the reasons differ between releases of PETSc, so
//! this module uses the names of the C header.

use crate::reason::converged_reasons;
use crate::sys;

#[cfg(petsc_ge_3_24)]
mod names {
    pub(super) use crate::sys::{
        KSP_CONVERGED_ATOL_NORMAL_EQUATIONS as ATOL_NORMAL, KSP_CONVERGED_NEG_CURVE as NEG_CURVE,
        KSP_CONVERGED_RTOL_NORMAL_EQUATIONS as RTOL_NORMAL,
        KSP_CONVERGED_STEP_LENGTH as CONSTRAINED, KSP_CONVERGED_USER as USER,
        KSP_DIVERGED_USER as USER_DIVERGENCE,
    };
}
#[cfg(not(petsc_ge_3_24))]
mod names {
    #[cfg(not(petsc_ge_3_19))]
    pub(super) use crate::sys::KSP_CONVERGED_CG_CONSTRAINED as CONSTRAINED;
    #[cfg(not(petsc_ge_3_19))]
    pub(super) use crate::sys::KSP_CONVERGED_CG_NEG_CURVE as NEG_CURVE;
    #[cfg(petsc_ge_3_19)]
    pub(super) use crate::sys::KSP_CONVERGED_NEG_CURVE as NEG_CURVE;
    #[cfg(petsc_ge_3_19)]
    pub(super) use crate::sys::KSP_CONVERGED_STEP_LENGTH as CONSTRAINED;
    pub(super) use crate::sys::{
        KSP_CONVERGED_ATOL_NORMAL as ATOL_NORMAL, KSP_CONVERGED_ITS as USER,
        KSP_CONVERGED_RTOL_NORMAL as RTOL_NORMAL, KSP_DIVERGED_BREAKDOWN as USER_DIVERGENCE,
    };
}
use names::{ATOL_NORMAL, CONSTRAINED, NEG_CURVE, RTOL_NORMAL, USER, USER_DIVERGENCE};

converged_reasons! {
    /// Reason why a solve ended. Positive C values mean convergence, negative ones divergence.
    #[doc(alias = "KSPConvergedReason")]
    ConvergedReason of KSPConvergedReason;
    /// The residual fell below `rtol` times the norm of the right-hand side.
    RelativeTolerance = sys::KSP_CONVERGED_RTOL, "relative tolerance reached", "";
    /// The residual fell below `atol`.
    AbsoluteTolerance = sys::KSP_CONVERGED_ATOL, "absolute tolerance reached", "";
    /// The requested number of iterations is done, and the method counts this as success
    /// (`preonly`).
    Iterations = sys::KSP_CONVERGED_ITS, "requested iterations done", "";
    /// The iterate reached the boundary of the trust region, or the step reached the requested
    /// length.
    StepLength [also CONSTRAINED] = sys::KSP_CONVERGED_STEP_LENGTH, "step length reached", "";
    /// The subspace is invariant: the solution is exact.
    HappyBreakdown = sys::KSP_CONVERGED_HAPPY_BREAKDOWN, "exact solution found", "";
    /// The relative tolerance of the normal equations is reached (LSQR).
    RelativeToleranceNormal = RTOL_NORMAL, "relative tolerance of the normal equations reached", "";
    /// The absolute tolerance of the normal equations is reached (LSQR).
    AbsoluteToleranceNormal = ATOL_NORMAL, "absolute tolerance of the normal equations reached", "";
    /// A search direction had negative curvature (trust-region methods).
    NegativeCurvature = NEG_CURVE, "direction of negative curvature", "";
    /// The user-defined convergence test was satisfied. PETSc has this reason since 3.24; earlier
    /// releases return [`Iterations`](Self::Iterations) instead.
    User = USER, "the user-defined convergence test was satisfied", "";
    /// The solve has not ended.
    Iterating = sys::KSP_CONVERGED_ITERATING, "still iterating", "";
    /// The method detected that the operator or the preconditioner is zero or singular.
    Null = sys::KSP_DIVERGED_NULL, "breakdown: the operator or preconditioner is zero", "check the matrix and the null space";
    /// The maximum number of iterations was reached.
    IterationLimit = sys::KSP_DIVERGED_ITS, "iteration limit reached", "raise -ksp_max_it or try a stronger preconditioner (-pc_type gamg, hypre, lu)";
    /// The residual grew beyond `dtol`.
    Divergence = sys::KSP_DIVERGED_DTOL, "the residual grew beyond the divergence tolerance", "try another method or preconditioner, and check the matrix with -ksp_monitor_true_residual";
    /// The method broke down.
    Breakdown = sys::KSP_DIVERGED_BREAKDOWN, "the method broke down", "try -ksp_type gmres or another preconditioner";
    /// Biconjugate gradients broke down.
    BicgBreakdown = sys::KSP_DIVERGED_BREAKDOWN_BICG, "biconjugate gradients broke down", "try -ksp_type gmres or bcgs";
    /// The operator is not symmetric, but the method needs it.
    NonSymmetric = sys::KSP_DIVERGED_NONSYMMETRIC, "the operator is not symmetric", "try -ksp_type gmres or bcgs";
    /// The preconditioner is not positive definite.
    IndefinitePreconditioner = sys::KSP_DIVERGED_INDEFINITE_PC, "the preconditioner is indefinite", "try -pc_factor_shift_type positive_definite, another -pc_type, or -ksp_type minres or gmres";
    /// A NaN or infinity appeared.
    NanOrInf = sys::KSP_DIVERGED_NANORINF, "a NaN or infinity appeared", "check the matrix, the right-hand side and the preconditioner for NaN, and run with -fp_trap";
    /// The operator is not positive definite.
    IndefiniteOperator = sys::KSP_DIVERGED_INDEFINITE_MAT, "the operator is indefinite", "use -ksp_type minres or gmres";
    /// The preconditioner could not be built or applied.
    PreconditionerFailed = sys::KSP_DIVERGED_PC_FAILED, "the preconditioner failed", "a zero pivot in a factorization is the usual cause: try -pc_factor_shift_type nonzero or another -pc_type";
    /// The user-defined convergence test reported divergence. PETSc has this reason since 3.24;
    /// earlier releases return [`Breakdown`](Self::Breakdown) instead.
    UserDivergence = USER_DIVERGENCE, "the user-defined convergence test reported divergence", "";
}
