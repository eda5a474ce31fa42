//! Vibrating structures: stiffness and mass, natural frequencies and mode shapes.

mod damping;
mod edges;
mod interval;
mod material;
mod membrane;
mod modes;
mod plate;
mod problem;
mod sheet;

pub use damping::{DampedMode, solve_damped};
pub use edges::{Edge, Edges};
pub use interval::{Slice, solve_interval};
pub use material::Material;
pub use membrane::{Exact, Membrane};
pub use modes::{Mode, Modes, solve};
pub use plate::Plate;
pub use problem::Problem;
pub use sheet::Sheet;
