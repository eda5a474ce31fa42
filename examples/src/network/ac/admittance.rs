//! The admittance matrix, and the power flow in branches.

use std::collections::BTreeMap;

use num_complex::Complex;

use crate::matpower::{BusKind, Case};

/// The two-port of a branch in service.
#[derive(Clone, Copy, Debug)]
struct TwoPort {
    branch: usize,
    from: usize,
    to: usize,
    /// The complex ratio of the ideal transformer at the first bus of the branch.
    tap: Complex<f64>,
    /// The admittances: the currents at both ends are `y · (V_from, V_to)`.
    y: [[Complex<f64>; 2]; 2],
}

/// The admittance matrix of a network, stored by rows.
#[derive(Clone, Debug)]
pub struct Admittance {
    rows: Vec<Vec<(usize, Complex<f64>)>>,
    branches: Vec<TwoPort>,
}

/// The complex power that enters a branch at its ends, in p.u.
#[derive(Clone, Copy, Debug)]
pub struct BranchFlow {
    /// The position in the branches of the case.
    pub branch: usize,
    /// The power that enters at the first bus.
    pub from: Complex<f64>,
    /// The power that enters at the second bus.
    pub to: Complex<f64>,
}

impl Admittance {
    /// Creates the matrix of a case: π-models with ideal transformers at the first bus, and shunts.
    #[must_use]
    pub fn new(case: &Case) -> Self {
        let live = |bus: usize| case.buses[bus].kind != BusKind::Isolated;
        let mut rows: Vec<BTreeMap<usize, Complex<f64>>> = case
            .buses
            .iter()
            .enumerate()
            .map(|(i, b)| {
                BTreeMap::from([(i, Complex::new(b.shunt, b.reactive_shunt) / case.base_mva)])
            })
            .collect();
        let mut branches = Vec::new();
        for (branch, b) in case.branches.iter().enumerate() {
            if !b.in_service || !live(b.from) || !live(b.to) {
                continue;
            }
            let series = Complex::new(b.resistance, b.reactance).inv();
            let tap = Complex::from_polar(b.tap, b.shift.to_radians());
            let own = series + Complex::new(0.0, 0.5 * b.charging);
            let y = [[own / tap.norm_sqr(), -series / tap.conj()], [-series / tap, own]];
            let ends = [b.from, b.to];
            for (i, row) in ends.iter().zip(y) {
                for (j, value) in ends.iter().zip(row) {
                    *rows[*i].entry(*j).or_default() += value;
                }
            }
            branches.push(TwoPort { branch, from: b.from, to: b.to, tap, y });
        }
        Self { rows: rows.into_iter().map(|row| row.into_iter().collect()).collect(), branches }
    }

    /// Returns the entries in the row of a bus.
    #[must_use]
    pub fn row(&self, bus: usize) -> &[(usize, Complex<f64>)] {
        &self.rows[bus]
    }

    /// Returns for each branch in service the difference of the voltage angles at its ends, from -π
    /// to π; the first angle is the one behind the transformer.
    #[must_use]
    pub fn angles(&self, voltages: &[Complex<f64>]) -> Vec<(usize, f64)> {
        let angle = |b: &TwoPort| (voltages[b.from] / b.tap * voltages[b.to].conj()).arg();
        self.branches.iter().map(|b| (b.branch, angle(b))).collect()
    }

    /// Returns the flow in each branch in service for these voltages.
    #[must_use]
    pub fn flows(&self, voltages: &[Complex<f64>]) -> Vec<BranchFlow> {
        self.branches
            .iter()
            .map(|b| {
                let (v, w) = (voltages[b.from], voltages[b.to]);
                let current = |row: [Complex<f64>; 2]| row[0] * v + row[1] * w;
                BranchFlow {
                    branch: b.branch,
                    from: v * current(b.y[0]).conj(),
                    to: w * current(b.y[1]).conj(),
                }
            })
            .collect()
    }
}
