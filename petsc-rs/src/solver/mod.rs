//! What all solvers share: optional settings, reasons for stopping, outcomes.

pub(crate) mod method;
pub(crate) mod reason;
pub(crate) mod setting;
