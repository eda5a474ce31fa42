//! The DC model of a case.

use crate::matpower::{BusKind, Case};

/// A branch in service.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The position in the branches of the case.
    pub branch: usize,
    /// The position of the first bus.
    pub from: usize,
    /// The position of the second bus.
    pub to: usize,
    /// `1/(x·tap)` in p.u.
    pub susceptance: f64,
    /// The phase shift in radians.
    pub shift: f64,
    /// The rating in MW; `None` is unlimited.
    pub rating: Option<f64>,
}

impl Line {
    /// Returns the flow in p.u. for the angles `theta` in radians.
    #[must_use]
    pub fn flow(&self, theta: &[f64]) -> f64 {
        self.susceptance * (theta[self.from] - theta[self.to] - self.shift)
    }
}

/// The linear system of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct DcModel {
    /// The number of buses.
    pub buses: usize,
    /// The branches in service between buses in service.
    pub lines: Vec<Line>,
    /// The right-hand side `p + Σ b φ` in p.u.
    pub injection: Vec<f64>,
    /// The prescribed angles in radians: slack buses, and isolated buses (angle 0).
    pub fixed: Vec<(usize, f64)>,
    /// The base power in MW.
    pub base_mva: f64,
}

impl DcModel {
    /// Creates the model of a case.
    ///
    /// # Errors
    /// A message that names a bus without a connection to a slack bus.
    pub fn new(case: &Case) -> Result<Self, String> {
        let mut power: Vec<f64> = case.buses.iter().map(|b| -(b.load + b.shunt)).collect();
        for generator in case.generators.iter().filter(|g| g.in_service) {
            power[generator.bus] += generator.power;
        }
        for line in &case.dc_lines {
            power[line.from] -= line.sent;
            power[line.to] += line.received;
        }
        let mut injection: Vec<f64> = power.iter().map(|p| p / case.base_mva).collect();

        let live = |bus: usize| case.buses[bus].kind != BusKind::Isolated;
        let mut lines = Vec::new();
        for (branch, b) in case.branches.iter().enumerate() {
            if !b.in_service || !live(b.from) || !live(b.to) {
                continue;
            }
            let susceptance = 1.0 / (b.reactance * b.tap);
            let shift = b.shift.to_radians();
            injection[b.from] += susceptance * shift;
            injection[b.to] -= susceptance * shift;
            let (from, to, rating) = (b.from, b.to, b.rating);
            lines.push(Line { branch, from, to, susceptance, shift, rating });
        }

        let mut fixed = Vec::new();
        for (i, bus) in case.buses.iter().enumerate() {
            match bus.kind {
                BusKind::Slack => fixed.push((i, bus.angle.to_radians())),
                BusKind::Isolated => fixed.push((i, 0.0)),
                BusKind::Load | BusKind::Generator => {}
            }
        }
        let model =
            Self { buses: case.buses.len(), lines, injection, fixed, base_mva: case.base_mva };
        match model.unreached() {
            None => Ok(model),
            Some(bus) => Err(format!(
                "bus {} is in service, but no path of branches in service connects it to a slack bus",
                case.buses[bus].number
            )),
        }
    }

    /// Returns the lines at each bus: the position of the line, and the bus at its other end.
    #[must_use]
    pub fn neighbours(&self) -> Vec<Vec<(usize, usize)>> {
        let mut neighbours = vec![Vec::new(); self.buses];
        for (i, line) in self.lines.iter().enumerate() {
            neighbours[line.from].push((i, line.to));
            neighbours[line.to].push((i, line.from));
        }
        neighbours
    }

    /// Returns a bus that no path connects to a bus with a prescribed angle.
    fn unreached(&self) -> Option<usize> {
        let neighbours = self.neighbours();
        let mut reached = vec![false; self.buses];
        let mut stack: Vec<usize> = self.fixed.iter().map(|&(bus, _)| bus).collect();
        while let Some(bus) = stack.pop() {
            if !std::mem::replace(&mut reached[bus], true) {
                stack.extend(neighbours[bus].iter().map(|&(_, other)| other));
            }
        }
        reached.iter().position(|&r| !r)
    }

    /// Returns the model without one of its lines.
    #[must_use]
    pub fn without(&self, line: usize) -> Self {
        let mut model = self.clone();
        let Line { from, to, susceptance, shift, .. } = model.lines.remove(line);
        model.injection[from] -= susceptance * shift;
        model.injection[to] += susceptance * shift;
        model
    }

    /// Returns the network with each susceptance `b` replaced by `|b|`, for which the matrix is
    /// positive definite.
    #[must_use]
    pub fn with_positive_susceptances(&self) -> Self {
        let mut model = self.clone();
        for line in &mut model.lines {
            line.susceptance = line.susceptance.abs();
        }
        model
    }

    /// Returns the flows in MW for the angles `theta` in radians.
    #[must_use]
    pub fn flows(&self, theta: &[f64]) -> Vec<f64> {
        self.lines.iter().map(|line| line.flow(theta) * self.base_mva).collect()
    }
}
