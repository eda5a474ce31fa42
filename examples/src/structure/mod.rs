//! Vibrating structures: stiffness and mass matrices, natural frequencies and mode shapes.

mod damping;
mod edges;
mod ground;
mod interval;
mod material;
mod membrane;
mod modes;
mod oscillator;
mod participation;
mod plate;
mod problem;
mod response;
mod shapes;
mod sheet;

pub use damping::{DampedMode, solve_damped};
pub use edges::{Edge, Edges};
pub use ground::Accelerogram;
pub use interval::{Slice, solve_interval};
pub use material::Material;
pub use membrane::{Exact, Membrane};
pub use modes::{Mode, Modes, solve};
pub use oscillator::{Oscillator, State};
pub use participation::{Direction, Participation, Share, participation};
pub use plate::Plate;
pub use problem::Problem;
pub use response::{Ratio, Response, most_moved, peak, respond};
pub use shapes::write_shapes;
pub use sheet::Sheet;
