//! Common parts of all solvers: results of solves, reasons for stopping, and optional settings.

pub(crate) mod method;
mod outcome;
pub(crate) mod reason;
pub(crate) mod setting;

#[doc(hidden)]
pub use outcome::judge;
pub use outcome::{NotConverged, Outcome, Reason};
