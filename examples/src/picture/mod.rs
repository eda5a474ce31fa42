//! Figures.

mod animation;
mod association;
mod confusion;
mod field;
mod format;
mod grey;
mod layout;
mod lines;
mod network;
mod speedup;
mod style;
mod tick;
mod vtk;

pub use animation::{Animation, Frame};
pub use association::{Place, draw_manhattan, draw_quantiles};
pub use confusion::draw_confusion;
pub use field::{Colours, Field, Labels, draw_field};
pub use format::Format;
pub use grey::{Grey, draw_grey};
pub use layout::layout;
pub use lines::{Curve, draw_curves};
pub use network::{draw_loading, draw_network};
pub use speedup::{Speedup, draw_speedups};
pub use vtk::write_vtk;
