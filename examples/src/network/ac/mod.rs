//! The AC power flow: voltage magnitudes and angles, active and reactive power, losses.
//!
//! The equations are solved with Newton's method in polar coordinates. A load bus has given active
//! and reactive power, a generator bus given active power and voltage magnitude, and the slack bus
//! given magnitude and angle. Limits of reactive power are not enforced.

mod admittance;
mod doubts;
mod newton;
mod start;

pub use admittance::{Admittance, BranchFlow};
pub use doubts::Doubts;
pub use newton::{AcSolution, solve};
pub use start::Start;

use crate::matpower::{BusKind, Case};

/// The given quantities of a bus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Given {
    /// The active and reactive power in p.u.
    Powers(f64, f64),
    /// The active power and the voltage magnitude in p.u.
    PowerAndMagnitude(f64, f64),
    /// The voltage magnitude in p.u. and the angle in radians.
    Voltage(f64, f64),
}

/// The nonlinear system of a network.
#[derive(Clone, Debug)]
pub struct AcModel {
    /// The given quantities of each bus.
    pub given: Vec<Given>,
    /// The admittance matrix.
    pub admittance: Admittance,
    /// The magnitudes in p.u. and angles in radians in the file.
    pub stored: Vec<(f64, f64)>,
    /// The base power in MVA.
    pub base_mva: f64,
}

impl AcModel {
    /// Creates the model of a case. A generator bus without a generator in service is a load bus.
    /// Direct-current lines transfer active power only.
    ///
    /// # Errors
    /// A message that names a bus whose voltage is not positive.
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
                        "bus {} has the prescribed voltage {v} p.u.: it must be positive",
                        bus.number
                    ));
                }
            }
        }
        Ok(Self {
            given,
            admittance: Admittance::new(case),
            stored: case.buses.iter().map(|b| (b.magnitude, b.angle.to_radians())).collect(),
            base_mva: case.base_mva,
        })
    }
}
