//! Vibrating structures: stiffness and mass, natural frequencies and mode shapes.

mod damping;
mod membrane;
mod modes;
mod problem;

pub use damping::{DampedMode, solve_damped};
pub use membrane::{Exact, Membrane};
pub use modes::{Mode, Modes, solve};
pub use problem::Problem;
