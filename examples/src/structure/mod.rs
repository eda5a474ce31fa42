//! Vibrating structures: stiffness and mass, natural frequencies and mode shapes.

mod membrane;
mod modes;
mod problem;

pub use membrane::{Exact, Membrane};
pub use modes::{Mode, Modes, solve};
pub use problem::Problem;
