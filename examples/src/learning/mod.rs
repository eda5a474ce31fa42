//! Learning from tables: networks and logistic regression as problems of optimisation.

mod network;
mod problem;
mod stochastic;
mod table;
mod train;

pub use network::{Network, Output};
pub use problem::{PARTS, Problem, Samples};
pub use stochastic::{Stochastic, Update};
pub use table::{Scaling, Table, made_up, read_table};
pub use train::{Step, Trained, optimise};
