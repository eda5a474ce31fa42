//! Pictures.

mod layout;
mod network;
mod style;

pub use layout::layout;
pub use network::{draw_loading, draw_network};
