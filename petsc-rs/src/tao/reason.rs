//! Why an optimisation stopped.

use crate::reason::converged_reasons;
use crate::sys;

converged_reasons! {
    /// Why an optimisation stopped.
    #[doc(alias = "TaoConvergedReason")]
    ConvergedReason of TaoConvergedReason;
    /// `‖g(x)‖` fell below the absolute tolerance.
    GradientAbsolute = 3, "absolute tolerance of the gradient reached", "";
    /// `‖g(x)‖ / |f(x)|` fell below the relative tolerance.
    GradientRelative = 4, "relative tolerance of the gradient reached", "";
    /// `‖g(x)‖ / ‖g(x₀)‖` fell below its tolerance.
    GradientReduction = 5, "the gradient was reduced as asked", "";
    /// The step became small.
    SmallStep = 6, "the step became small", "";
    /// `f(x)` fell below the value asked for.
    Minimum = 7, "the function fell below the value asked for", "";
    /// A custom test says so.
    User = 8, "a custom test says so", "";
    /// Not decided yet.
    Iterating = 0, "still iterating", "";
    /// The limit of iterations was reached.
    IterationLimit = -2, "iteration limit reached", "raise -tao_max_it, and check the gradient with -tao_test_gradient";
    /// A NaN appeared.
    Nan = -4, "a NaN appeared", "check the function with -fp_trap";
    /// Too many evaluations of the function.
    FunctionCount = -5, "too many function evaluations", "raise -tao_max_funcs";
    /// The line search failed.
    LineSearch = -6, "the line search failed", "check the gradient with -tao_test_gradient";
    /// The trust region became too small.
    TrustRegion = -7, "the trust region became too small", "check the Hessian with -tao_test_hessian";
    /// A custom test says that it diverged.
    UserDivergence = -8, "a custom test says that it diverged", "";
}
