//! Checks whether a solution is the operating point of a network.
//!
//! The power flow equations have several solutions. Solutions other than the operating point have
//! low voltages, or angle differences beyond 90°, where the power in a line decreases as the angle
//! increases.

use std::f64::consts::FRAC_PI_2;

use num_complex::Complex;

use super::AcModel;
use crate::matpower::{BusKind, Case};

/// The accepted violation of voltage limits in p.u.; solutions of real cases violate the limits
/// slightly.
const MARGIN: f64 = 0.1;

/// Implausible properties of a solution. In both lists, the largest violation is the first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Doubts {
    /// The branches whose voltage angles at both ends differ by more than 90° after the phase shift
    /// is subtracted, with this difference in radians.
    pub wide: Vec<(usize, f64)>,
    /// The buses whose voltage magnitude in p.u. is more than 0.1 p.u. outside the limits.
    pub outside: Vec<(usize, f64)>,
}

impl Doubts {
    /// Checks the voltages of all buses.
    #[must_use]
    pub fn new(case: &Case, model: &AcModel, voltages: &[Complex<f64>]) -> Self {
        let mut wide = model.admittance.angles(voltages);
        wide.retain(|(_, angle)| angle.abs() > FRAC_PI_2);
        wide.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        let mut outside = Vec::new();
        for (i, (bus, v)) in case.buses.iter().zip(voltages).enumerate() {
            let v = v.norm();
            let excess = bus.limits.map_or(0.0, |(low, high)| (low - v).max(v - high));
            if bus.kind != BusKind::Isolated && excess > MARGIN {
                outside.push((i, v, excess));
            }
        }
        outside.sort_by(|a, b| b.2.total_cmp(&a.2));
        Self { wide, outside: outside.into_iter().map(|(bus, v, _)| (bus, v)).collect() }
    }
}
