//! What all solvers share: how a solve ended, reasons for stopping, optional settings.

pub(crate) mod method;
mod outcome;
pub(crate) mod reason;
pub(crate) mod setting;

#[doc(hidden)]
pub use outcome::judge;
pub use outcome::{NotConverged, Outcome, Reason};
