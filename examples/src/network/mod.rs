//! Power flow in a network: the DC approximation (voltages of 1 p.u., small angles, no losses), and
//! the AC power flow ([`ac`]).
//!
//! With susceptances `b = 1/(x·tap)` and phase shifts `φ`, the flow in a branch is `f = b (θ_from -
//! θ_to - φ)`. At each bus, the sum of the flows equals the injection: `B θ = p + Σ b φ` with a
//! weighted graph Laplacian `B`. The angle at the slack bus is prescribed.

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
