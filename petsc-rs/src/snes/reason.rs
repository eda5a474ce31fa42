//! Reasons why a nonlinear solve stopped.

use crate::reason::converged_reasons;
use crate::sys;

converged_reasons! {
    /// Reason why a nonlinear solve stopped.
    #[doc(alias = "SNESConvergedReason")]
    ConvergedReason of SNESConvergedReason;
    /// `‖F‖` fell below the absolute tolerance.
    AbsoluteTolerance = 2, "absolute tolerance reached", "";
    /// `‖F‖` fell below the relative tolerance times its initial value.
    RelativeTolerance = 3, "relative tolerance reached", "";
    /// The step became small relative to `‖x‖`.
    SmallStep = 4, "the step became small", "";
    /// The requested number of iterations is done, in a method that counts this as success.
    Iterations = 5, "requested iterations done", "";
    /// A user-defined convergence test ended an inner loop.
    InnerBreakout = 6, "a user-defined convergence test ended the inner loop", "";
    /// The user-defined convergence test was satisfied.
    User = 7, "the user-defined convergence test was satisfied", "";
    /// The solve has not ended.
    Iterating = 0, "still iterating", "";
    /// The new iterate lies outside the domain of `F`.
    FunctionDomain = -1, "the iterate left the domain of the function", "start closer to the solution, or limit the step with -snes_linesearch_maxstep";
    /// Too many evaluations of `F`.
    FunctionCount = -2, "too many function evaluations", "raise -snes_max_funcs";
    /// The linear solver failed.
    LinearSolve = -3, "the linear solver failed", "print the reason with -ksp_converged_reason, or try -pc_type lu";
    /// The function returned a NaN or infinity.
    NanOrInf = -4, "a NaN or infinity appeared in the function", "check the function with -fp_trap";
    /// The maximum number of iterations was reached.
    IterationLimit = -5, "iteration limit reached", "raise -snes_max_it, and check the Jacobian with -snes_test_jacobian";
    /// The line search failed.
    LineSearch = -6, "the line search failed", "check the Jacobian with -snes_test_jacobian, and print the line search with -snes_linesearch_monitor";
    /// An inner solve failed.
    Inner = -7, "an inner solve failed", "";
    /// The iterate is a local minimum of `‖F‖` but not a root.
    LocalMinimum = -8, "the iterate is a local minimum of the residual norm, but not a root", "start from another point";
    /// `‖F‖` grew beyond the divergence tolerance.
    Divergence = -9, "the residual norm grew beyond the divergence tolerance", "start closer to the solution, or try -snes_type newtontr";
    /// The iterate lies outside the domain of the Jacobian.
    JacobianDomain = -10, "the iterate left the domain of the Jacobian", "";
    /// The trust region became too small.
    TrustRegion = -11, "the trust region became too small", "check the Jacobian with -snes_test_jacobian";
    /// The user-defined convergence test reported divergence.
    UserDivergence = -12, "the user-defined convergence test reported divergence", "";
    /// The iterate lies outside the domain of the objective.
    ObjectiveDomain = -13, "the iterate left the domain of the objective", "";
    /// The objective is a NaN or infinity.
    ObjectiveNanOrInf = -14, "a NaN or infinity appeared in the objective", "";
}
