//! Why an integration stopped.

use crate::reason::converged_reasons;
use crate::sys;

converged_reasons! {
    /// Why an integration stopped.
    #[doc(alias = "TSConvergedReason")]
    ConvergedReason of TSConvergedReason;
    /// Not decided yet.
    Iterating = 0, "still iterating", "";
    /// The final time was reached.
    Time = 1, "final time reached", "";
    /// The largest number of steps was done.
    Steps = 2, "largest number of steps done", "";
    /// The user asked to stop.
    User = 3, "the user asked to stop", "";
    /// An event asked to stop.
    Event = 4, "an event asked to stop", "";
    /// Pseudo-transient continuation: absolute tolerance.
    PseudoAbsolute = 5, "absolute tolerance of the steady state reached", "";
    /// Pseudo-transient continuation: relative tolerance.
    PseudoRelative = 6, "relative tolerance of the steady state reached", "";
    /// A nonlinear solve failed.
    NonlinearSolve = -1, "a nonlinear solve failed", "see why with -snes_converged_reason, try a smaller -ts_dt";
    /// A step was rejected too often.
    StepRejected = -2, "a step was rejected too often", "see why with -ts_adapt_monitor, loosen -ts_rtol and -ts_atol";
}
