//! Reasons why an integration stopped.

use crate::reason::converged_reasons;
use crate::sys;

converged_reasons! {
    /// Reason why an integration stopped.
    #[doc(alias = "TSConvergedReason")]
    ConvergedReason of TSConvergedReason;
    /// The integration has not ended.
    Iterating = 0, "still iterating", "";
    /// The final time was reached.
    Time = 1, "final time reached", "";
    /// The maximum number of steps was reached.
    Steps = 2, "maximum number of steps reached", "";
    /// The application requested the stop.
    User = 3, "stopped by the application", "";
    /// An event requested the stop.
    Event = 4, "stopped by an event", "";
    /// Pseudo-transient continuation reached the absolute tolerance.
    PseudoAbsolute = 5, "absolute tolerance of the steady state reached", "";
    /// Pseudo-transient continuation reached the relative tolerance.
    PseudoRelative = 6, "relative tolerance of the steady state reached", "";
    /// A nonlinear solve failed.
    NonlinearSolve = -1, "a nonlinear solve failed", "print the reason with -snes_converged_reason, or try a smaller -ts_dt";
    /// A step was rejected too often.
    StepRejected = -2, "a step was rejected too often", "print the steps with -ts_adapt_monitor, or increase -ts_rtol and -ts_atol";
}
