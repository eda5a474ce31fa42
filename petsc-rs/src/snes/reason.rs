//! Why a nonlinear solve stopped.

use crate::reason::converged_reasons;
use crate::sys;

converged_reasons! {
    /// Why a nonlinear solve stopped.
    #[doc(alias = "SNESConvergedReason")]
    ConvergedReason of SNESConvergedReason;
    /// `‖F‖` fell below the absolute tolerance.
    AbsoluteTolerance = 2, "absolute tolerance reached", "";
    /// `‖F‖` fell below the relative tolerance times its first value.
    RelativeTolerance = 3, "relative tolerance reached", "";
    /// The step became small relative to `‖x‖`.
    SmallStep = 4, "the step became small", "";
    /// The number of iterations that was asked for, where that counts as success.
    Iterations = 5, "requested iterations done", "";
    /// A custom test ended an inner loop.
    InnerBreakout = 6, "a custom test ended the inner loop", "";
    /// A custom test says so.
    User = 7, "a custom test says so", "";
    /// Not decided yet.
    Iterating = 0, "still iterating", "";
    /// The new iterate is outside the domain of `F`.
    FunctionDomain = -1, "the iterate left the domain of the function", "start closer to the solution, or limit the step with -snes_linesearch_maxstep";
    /// Too many evaluations of `F`.
    FunctionCount = -2, "too many function evaluations", "raise -snes_max_funcs";
    /// The linear solver failed.
    LinearSolve = -3, "the linear solver failed", "see why with -ksp_converged_reason, try -pc_type lu";
    /// `F` has a NaN or infinity.
    NanOrInf = -4, "a NaN or infinity appeared in the function", "check the function with -fp_trap";
    /// The limit of iterations was reached.
    IterationLimit = -5, "iteration limit reached", "raise -snes_max_it, and check the Jacobian with -snes_test_jacobian";
    /// The line search failed.
    LineSearch = -6, "the line search failed", "check the Jacobian with -snes_test_jacobian; see the search with -snes_linesearch_monitor";
    /// An inner solve failed.
    Inner = -7, "an inner solve failed", "";
    /// A local minimum of `‖F‖` that is no root.
    LocalMinimum = -8, "a local minimum of the residual norm that is no root", "start from another point";
    /// `‖F‖` grew beyond the divergence tolerance.
    Divergence = -9, "the residual norm grew beyond the divergence tolerance", "start closer to the solution, or try -snes_type newtontr";
    /// The iterate is outside the domain of the Jacobian.
    JacobianDomain = -10, "the iterate left the domain of the Jacobian", "";
    /// The trust region became too small.
    TrustRegion = -11, "the trust region became too small", "check the Jacobian with -snes_test_jacobian";
    /// A custom test says that it diverged.
    UserDivergence = -12, "a custom test says that it diverged", "";
    /// The iterate is outside the domain of the objective.
    ObjectiveDomain = -13, "the iterate left the domain of the objective", "";
    /// The objective is a NaN or infinity.
    ObjectiveNanOrInf = -14, "a NaN or infinity appeared in the objective", "";
}
