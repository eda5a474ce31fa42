//! Reasons why an optimization stopped.

use crate::reason::converged_reasons;
use crate::sys;

converged_reasons! {
    /// Reason why an optimization stopped.
    #[doc(alias = "TaoConvergedReason")]
    ConvergedReason of TaoConvergedReason;
    /// `‖g(x)‖` fell below the absolute tolerance.
    GradientAbsolute = 3, "absolute tolerance of the gradient reached", "";
    /// `‖g(x)‖ / |f(x)|` fell below the relative tolerance.
    GradientRelative = 4, "relative tolerance of the gradient reached", "";
    /// `‖g(x)‖ / ‖g(x₀)‖` fell below its tolerance.
    GradientReduction = 5, "the requested reduction of the gradient was reached", "";
    /// The step became small.
    SmallStep = 6, "the step became small", "";
    /// `f(x)` fell below the requested value.
    Minimum = 7, "the function fell below the requested value", "";
    /// The user-defined convergence test was satisfied.
    User = 8, "the user-defined convergence test was satisfied", "";
    /// The optimization has not ended.
    Iterating = 0, "still iterating", "";
    /// The maximum number of iterations was reached.
    IterationLimit = -2, "iteration limit reached", "raise -tao_max_it, and check the gradient with -tao_test_gradient";
    /// A NaN appeared.
    Nan = -4, "a NaN appeared", "check the function with -fp_trap";
    /// Too many evaluations of the function.
    FunctionCount = -5, "too many function evaluations", "raise -tao_max_funcs";
    /// The line search failed.
    LineSearch = -6, "the line search failed", "check the gradient with -tao_test_gradient";
    /// The trust region became too small.
    TrustRegion = -7, "the trust region became too small", "check the Hessian with -tao_test_hessian";
    /// The user-defined convergence test reported divergence.
    UserDivergence = -8, "the user-defined convergence test reported divergence", "";
}
