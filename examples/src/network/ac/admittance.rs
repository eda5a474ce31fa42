//! The admittance matrix, and what flows through branches.

use std::collections::BTreeMap;

use num_complex::Complex;

use crate::matpower::{BusKind, Case};

/// The two-port of a branch in service.
#[derive(Clone, Copy, Debug)]
struct TwoPort {
    branch: usize,
    from: usize,
    to: usize,
    /// Complex ratio of the ideal transformer at its beginning.
    tap: Complex<f64>,
    /// Currents are `y · (V_from, V_to)`.
    y: [[Complex<f64>; 2]; 2],
}

/// The admittance matrix of a network, row by row.
#[derive(Clone, Debug)]
pub struct Admittance {
    rows: Vec<Vec<(usize, Complex<f64>)>>,
    branches: Vec<TwoPort>,
}

/// What flows into a branch at its ends, in p.u.
#[derive(Clone, Copy, Debug)]
pub struct BranchFlow {
    /// Position in the case's branches.
    pub branch: usize,
    /// Into the branch where it begins.
    pub from: Complex<f64>,
    /// Into the branch where it ends.
    pub to: Complex<f64>,
}

impl Admittance {
    /// The matrix of a case: π-models with ideal transformers at their beginning, and shunts.
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
            let y = [
                [own / tap.norm_sqr(), -series / tap.conj()],
                [-series / tap, own],
            ];
            let ends = [b.from, b.to];
            for (i, row) in ends.iter().zip(y) {
                for (j, value) in ends.iter().zip(row) {
                    *rows[*i].entry(*j).or_default() += value;
                }
            }
            branches.push(TwoPort {
                branch,
                from: b.from,
                to: b.to,
                tap,
                y,
            });
        }
        Self {
            rows: rows
                .into_iter()
                .map(|row| row.into_iter().collect())
                .collect(),
            branches,
        }
    }

    /// The entries of the row of a bus.
    #[must_use]
    pub fn row(&self, bus: usize) -> &[(usize, Complex<f64>)] {
        &self.rows[bus]
    }

    /// Angle between the ends of each branch in service, from -π to π, behind the transformer.
    #[must_use]
    pub fn angles(&self, voltages: &[Complex<f64>]) -> Vec<(usize, f64)> {
        let angle = |b: &TwoPort| (voltages[b.from] / b.tap * voltages[b.to].conj()).arg();
        self.branches.iter().map(|b| (b.branch, angle(b))).collect()
    }

    /// What flows through each branch in service at the given voltages.
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
