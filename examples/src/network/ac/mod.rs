//! The full power flow: voltages by magnitude and angle, active and reactive power, losses.
//!
//! Newton's method in polar coordinates. At a load bus both powers are given; at a generator bus active power and
//! magnitude; at the slack magnitude and angle. Limits of reactive power are not enforced.

mod admittance;
mod doubts;
mod newton;
mod start;

pub use admittance::{Admittance, BranchFlow};
pub use doubts::Doubts;
pub use newton::{AcSolution, solve};
pub use start::Start;

use crate::matpower::{BusKind, Case};

/// What is given at a bus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Given {
    /// Active and reactive power in p.u.
    Powers(f64, f64),
    /// Active power and voltage magnitude in p.u.
    PowerAndMagnitude(f64, f64),
    /// Voltage magnitude in p.u. and angle in radians.
    Voltage(f64, f64),
}

/// The nonlinear system of a network.
#[derive(Clone, Debug)]
pub struct AcModel {
    /// What is given at each bus.
    pub given: Vec<Given>,
    /// How buses are connected.
    pub admittance: Admittance,
    /// Magnitude in p.u. and angle in radians that the file has.
    pub stored: Vec<(f64, f64)>,
    /// Unit of power in MVA.
    pub base_mva: f64,
}

impl AcModel {
    /// The model of a case. A generator bus without a generator that runs is a load. Direct-current lines take and
    /// give active power only.
    ///
    /// # Errors
    /// A text that names a bus whose voltage is not positive.
    pub fn new(case: &Case) -> Result<Self, String> {
        let mut active: Vec<f64> = case.buses.iter().map(|b| -b.load).collect();
        let mut reactive: Vec<f64> = case.buses.iter().map(|b| -b.reactive_load).collect();
        let mut held: Vec<Option<f64>> = vec![None; case.buses.len()];
        for generator in case.generators.iter().filter(|g| g.in_service) {
            active[generator.bus] += generator.power;
            reactive[generator.bus] += generator.reactive_power;
            held[generator.bus] = Some(generator.voltage);
        }
        for line in &case.dc_lines {
            active[line.from] -= line.sent;
            active[line.to] += line.received;
        }
        let mut given = Vec::with_capacity(case.buses.len());
        for (i, bus) in case.buses.iter().enumerate() {
            let (p, q) = (active[i] / case.base_mva, reactive[i] / case.base_mva);
            given.push(match (bus.kind, held[i]) {
                (BusKind::Isolated, _) => Given::Voltage(1.0, 0.0),
                (BusKind::Slack, v) => {
                    Given::Voltage(v.unwrap_or(bus.magnitude), bus.angle.to_radians())
                }
                (BusKind::Generator, Some(v)) => Given::PowerAndMagnitude(p, v),
                (BusKind::Generator, None) | (BusKind::Load, _) => Given::Powers(p, q),
            });
            if let Some(Given::PowerAndMagnitude(_, v) | Given::Voltage(v, _)) = given.last() {
                if *v <= 0.0 {
                    return Err(format!(
                        "bus {} is held at a voltage of {v} p.u.",
                        bus.number
                    ));
                }
            }
        }
        Ok(Self {
            given,
            admittance: Admittance::new(case),
            stored: case
                .buses
                .iter()
                .map(|b| (b.magnitude, b.angle.to_radians()))
                .collect(),
            base_mva: case.base_mva,
        })
    }
}
