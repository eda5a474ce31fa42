//! Machine learning with tables: networks and logistic regression as optimization problems.

mod data;
mod layers;
mod network;
mod problem;
mod roc;
mod stochastic;
mod table;
mod train;

pub use data::{Constant, Data};
pub use network::{Network, Output, Workspace};
pub use problem::{PARTS, Problem, Samples};
pub use roc::area_under_roc;
pub use stochastic::{Stochastic, Update};
pub use table::{Scaling, Table, made_up, read_table};
pub use train::{Limits, Step, Trained, l1_term, optimise};
