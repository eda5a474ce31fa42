//! Why a solve ended.

use std::fmt;

use crate::sys;

/// A reason that this version of petsc-rs has no name for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownReason(pub i32);

impl fmt::Display for UnknownReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown KSPConvergedReason {}", self.0)
    }
}

impl std::error::Error for UnknownReason {}

macro_rules! reasons {
    ($($(#[$meta:meta])* $name:ident = $raw:ident, $text:literal, $hint:literal;)*) => {
        /// Why a solve ended: positive values of C are convergence, negative ones divergence.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        #[doc(alias = "KSPConvergedReason")]
        pub enum ConvergedReason {
            $($(#[$meta])* $name,)*
        }

        impl TryFrom<sys::KSPConvergedReason> for ConvergedReason {
            type Error = UnknownReason;

            fn try_from(raw: sys::KSPConvergedReason) -> Result<Self, UnknownReason> {
                $(if raw == sys::$raw { return Ok(Self::$name); })*
                Err(UnknownReason(raw))
            }
        }

        impl ConvergedReason {
            /// The value in C.
            #[must_use]
            pub fn to_raw(self) -> sys::KSPConvergedReason {
                match self { $(Self::$name => sys::$raw,)* }
            }

            fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What a user can try, empty for convergence.
            #[must_use]
            pub fn hint(self) -> &'static str {
                match self { $(Self::$name => $hint,)* }
            }
        }
    };
}

reasons! {
    /// The residual fell below `rtol` times the norm of the right-hand side.
    RelativeTolerance = KSP_CONVERGED_RTOL, "relative tolerance reached", "";
    /// The residual fell below `atol`.
    AbsoluteTolerance = KSP_CONVERGED_ATOL, "absolute tolerance reached", "";
    /// The number of iterations that was asked for, where that counts as success (`preonly`).
    Iterations = KSP_CONVERGED_ITS, "requested iterations done", "";
    /// The iterate reached the boundary of a trust region, or the step length asked for.
    StepLength = KSP_CONVERGED_STEP_LENGTH, "step length reached", "";
    /// The subspace is invariant: the solution is exact.
    HappyBreakdown = KSP_CONVERGED_HAPPY_BREAKDOWN, "exact solution found", "";
    /// Relative tolerance of the normal equations (LSQR).
    RelativeToleranceNormal = KSP_CONVERGED_RTOL_NORMAL, "relative tolerance of the normal equations reached", "";
    /// Absolute tolerance of the normal equations (LSQR).
    AbsoluteToleranceNormal = KSP_CONVERGED_ATOL_NORMAL, "absolute tolerance of the normal equations reached", "";
    /// Not decided yet.
    Iterating = KSP_CONVERGED_ITERATING, "still iterating", "";
    /// The operator or preconditioner is NULL or singular in a way the method noticed.
    Null = KSP_DIVERGED_NULL, "breakdown: the operator or preconditioner is zero", "check the matrix and the null space";
    /// The limit of iterations was reached.
    IterationLimit = KSP_DIVERGED_ITS, "iteration limit reached", "raise -ksp_max_it or try a stronger preconditioner (-pc_type gamg, hypre, lu)";
    /// The residual grew beyond `dtol`.
    Divergence = KSP_DIVERGED_DTOL, "the residual grew beyond the divergence tolerance", "try another method or preconditioner, and check the matrix with -ksp_monitor_true_residual";
    /// The method broke down.
    Breakdown = KSP_DIVERGED_BREAKDOWN, "the method broke down", "try -ksp_type gmres or another preconditioner";
    /// Biconjugate gradients broke down.
    BicgBreakdown = KSP_DIVERGED_BREAKDOWN_BICG, "biconjugate gradients broke down", "try -ksp_type gmres or bcgs";
    /// The operator is not symmetric, but the method needs it.
    NonSymmetric = KSP_DIVERGED_NONSYMMETRIC, "the operator is not symmetric", "try -ksp_type gmres or bcgs";
    /// The preconditioner is not positive definite.
    IndefinitePreconditioner = KSP_DIVERGED_INDEFINITE_PC, "the preconditioner is indefinite", "try -pc_factor_shift_type positive_definite, another -pc_type, or -ksp_type minres or gmres";
    /// A NaN or infinity appeared.
    NanOrInf = KSP_DIVERGED_NANORINF, "a NaN or infinity appeared", "check the matrix, the right-hand side and the preconditioner for NaN, and run with -fp_trap";
    /// The operator is not positive definite.
    IndefiniteOperator = KSP_DIVERGED_INDEFINITE_MAT, "the operator is indefinite", "use -ksp_type minres or gmres";
    /// The preconditioner could not be built or applied.
    PreconditionerFailed = KSP_DIVERGED_PC_FAILED, "the preconditioner failed", "a zero pivot in a factorisation is the usual cause: try -pc_factor_shift_type nonzero or another -pc_type";
}

impl ConvergedReason {
    /// Whether the solver converged.
    #[must_use]
    pub fn is_converged(self) -> bool {
        self.to_raw() > 0
    }
}

impl fmt::Display for ConvergedReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
