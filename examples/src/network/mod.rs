//! Flow of active power through a network in the DC approximation: voltages of 1 p.u., small angles, no losses; and
//! in full ([`ac`]).
//!
//! With susceptances `b = 1/(x·tap)` and phase shifts `φ`, the flow through a branch is
//! `f = b (θ_from - θ_to - φ)` and at each bus the flows add up to the injection: `B θ = p + Σ b φ`, a weighted
//! graph Laplacian. The angle at the slack is given.

pub mod ac;
mod bridges;
mod direct;
mod model;
mod screening;
mod solve;
mod synthetic;

pub use bridges::bridges;
pub use model::{DcModel, Line};
pub use screening::{Overload, Screening, screen};
pub use solve::{Solution, solve};
pub use synthetic::SyntheticCity;
