//! Signs that a solution is not the operating point of a network.
//!
//! The equations of a power flow have several solutions. Those of no use have low voltages, or angle differences
//! beyond 90°, where a line carries less power the further its ends are apart.

use std::f64::consts::FRAC_PI_2;

use num_complex::Complex;

use super::AcModel;
use crate::matpower::{BusKind, Case};

/// By how much a voltage may lie outside its limits, in p.u.; solutions of real cases leave them by a little.
const MARGIN: f64 = 0.1;

/// What is implausible about a solution; the worst first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Doubts {
    /// Branches with the angle between their ends in radians, beyond 90°; the phase shift is subtracted.
    pub wide: Vec<(usize, f64)>,
    /// Buses with their voltage magnitude in p.u., outside their limits by more than 0.1 p.u.
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
            let excess = bus
                .limits
                .map_or(0.0, |(low, high)| (low - v).max(v - high));
            if bus.kind != BusKind::Isolated && excess > MARGIN {
                outside.push((i, v, excess));
            }
        }
        outside.sort_by(|a, b| b.2.total_cmp(&a.2));
        Self {
            wide,
            outside: outside.into_iter().map(|(bus, v, _)| (bus, v)).collect(),
        }
    }
}
