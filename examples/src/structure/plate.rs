//! Thin plates (Kirchhoff), with the 13-point stencil.
//!
//! The matrix is the second derivative of the discrete bending energy `D/2·Σ (w_xx² + w_yy² +
//! 2ν·w_xx·w_yy)·A + D/2·Σ 2(1-ν)·w_xy²·A`. The first sum is over the points, which have half a
//! cell at an edge, and the second over the cells between them. The matrix is symmetric and
//! positive semidefinite for all edge conditions. In the interior, its rows are those of the
//! biharmonic operator. The value beyond an edge equals the interior value if the edge is clamped,
//! and its negative if it is supported. Beyond a free edge, the value minimizes the energy, which
//! is equivalent to zero moment. If all edges are free, only the three rigid-body motions have zero
//! energy.

use std::f64::consts::PI;

use petsc_rs::prelude::*;

use super::{Edges, Exact, Material, Problem, Sheet};

/// A rectangular plate on a grid, in SI units: meters, pascals, kilograms, seconds.
#[derive(Clone, Copy, Debug)]
pub struct Plate {
    /// The number of points along the length between the edges.
    pub nx: usize,
    /// The number of points across the width between the edges.
    pub ny: usize,
    /// The length in m.
    pub length: f64,
    /// The width in m.
    pub width: f64,
    /// The thickness in m.
    pub thickness: f64,
    /// The material.
    pub material: Material,
    /// The edge conditions.
    pub edges: Edges,
}

/// The second difference in one direction at a point: weights of the value before, the central one,
/// and the one after.
type Bend = [f64; 3];

/// The weights of the values around a point, for offsets `-2..=2` along `y` and `x`.
type Row = [[f64; 5]; 5];

impl Plate {
    /// Returns the bending stiffness `E·h³/12(1-ν²)` in N·m.
    #[must_use]
    pub fn rigidity(&self) -> f64 {
        let material = &self.material;
        material.young * self.thickness.powi(3) / (12.0 * (1.0 - material.poisson.powi(2)))
    }

    /// Returns the mass per area in kg/m².
    #[must_use]
    pub fn area_mass(&self) -> f64 {
        self.material.density * self.thickness
    }

    /// Returns the frequency parameter `ω·a²·√(ρh/D)` of the literature for a frequency in Hz; `a`
    /// is the length.
    #[must_use]
    pub fn parameter(&self, frequency: f64) -> f64 {
        2.0 * PI * frequency * self.length.powi(2) * (self.area_mass() / self.rigidity()).sqrt()
    }

    fn cells(&self) -> [Int; 2] {
        // `sheet` has checked that the DMDA accepts this number of points.
        [self.nx, self.ny].map(|n| Int::try_from(n + 1).unwrap_or(Int::MAX))
    }

    fn spacing(&self) -> [f64; 2] {
        [self.length / (self.nx + 1) as f64, self.width / (self.ny + 1) as f64]
    }

    /// Creates the DMDA of the unknowns. Collective.
    ///
    /// # Errors
    /// Errors of the DMDA.
    pub fn sheet(&self, comm: &Comm) -> Result<Sheet> {
        let held = self.edges.0.map(|ends| ends.map(super::Edge::is_held));
        Sheet::new(comm, [self.nx, self.ny], [self.length, self.width], held, true)
    }

    /// Computes stiffness and lumped mass, in the ordering of the vectors of `sheet`. Collective.
    ///
    /// # Errors
    /// Errors of the assembly.
    pub fn problem(&self, sheet: &Sheet) -> Result<Problem> {
        let comm = sheet.grid().comm()?;
        let rigidity = self.rigidity();
        let local = sheet.grid().corners()?.len();
        let matrix = |own, other| {
            Matrix::builder(&comm).local_size(local, local).preallocate(own, other).build()
        };
        let (mut stiffness, mut mass) = (matrix(13, 12)?, matrix(1, 0)?);
        let rows: Vec<_> =
            sheet.own_points()?.into_iter().map(|at| (at, self.entries(sheet, at))).collect();
        let places: Vec<_> = rows.iter().flat_map(|(_, row)| row).map(|e| e.0).collect();
        let indices = sheet.indices(&places)?;
        let mut indices = indices.as_slice();
        let mut k = stiffness.assembler(InsertMode::Insert)?;
        let mut m = mass.assembler(InsertMode::Insert)?;
        for (at, row) in rows {
            let (columns, rest) = indices.split_at(row.len());
            indices = rest;
            let values: Vec<Scalar> =
                row.iter().map(|(_, value)| Scalar::from_real(rigidity * value)).collect();
            k.row(columns[0], columns, &values)?;
            let own = Scalar::from_real(self.area_mass() * self.area(at));
            m.set(columns[0], columns[0], own)?;
        }
        k.finish()?;
        m.finish()?;
        let mut problem = Problem::new(stiffness, Some(mass));
        if self.edges.leave_it_loose() {
            problem.shift = -self.scale();
        }
        Ok(problem)
    }

    /// Returns the entries of a row for the points that are unknowns.
    fn entries(&self, sheet: &Sheet, at: (Int, Int)) -> Vec<((Int, Int), f64)> {
        let row = self.row(at);
        let mut list = vec![(at, row[2][2])];
        for (dy, line) in (-2..).zip(row) {
            for (dx, value) in (-2..).zip(line) {
                let to = (at.0 + dx, at.1 + dy);
                if value != 0.0 && to != at && sheet.moves(to) {
                    list.push((to, value));
                }
            }
        }
        list
    }

    /// Returns `D/(ρh·a⁴)` in 1/s² for the longer side `a`, the unit of `ω²`.
    fn scale(&self) -> f64 {
        self.rigidity() / (self.area_mass() * self.length.max(self.width).powi(4))
    }

    /// Returns the area that belongs to a point.
    fn area(&self, at: (Int, Int)) -> f64 {
        let half = |d: usize, k: Int| {
            let end = k == 0 || k == self.cells()[d];
            self.spacing()[d] * if end { 0.5 } else { 1.0 }
        };
        half(0, at.0) * half(1, at.1)
    }

    /// Returns the second difference in a direction at a point; `None` if bending is free there.
    fn bend(&self, d: usize, k: Int) -> Option<Bend> {
        let h = self.spacing()[d];
        let weights = match k {
            0 => self.bend_at_edge(d, 0)?,
            _ if k == self.cells()[d] => {
                let [after, own, before] = self.bend_at_edge(d, 1)?;
                [before, own, after]
            }
            _ => [1.0, -2.0, 1.0],
        };
        Some(weights.map(|weight| weight / (h * h)))
    }

    fn bend_at_edge(&self, d: usize, end: usize) -> Option<Bend> {
        match self.edges.0[d][end] {
            super::Edge::Clamped => Some([0.0, 0.0, 2.0]),
            super::Edge::Supported => Some([0.0; 3]),
            super::Edge::Free => None,
        }
    }

    /// Returns the derivative of the energy with respect to the value at a point, divided by the
    /// bending stiffness.
    fn row(&self, at: (Int, Int)) -> Row {
        let mut row = [[0.0; 5]; 5];
        for (dx, dy) in [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)] {
            self.add_bending(&mut row, at, (dx, dy));
        }
        for (dx, dy) in [(-1, -1), (0, -1), (-1, 0), (0, 0)] {
            self.add_twist(&mut row, at, (dx, dy));
        }
        row
    }

    /// Adds the contribution of the bending at the point at the offset `step`.
    fn add_bending(&self, row: &mut Row, at: (Int, Int), step: (Int, Int)) {
        let [cx, cy] = self.cells();
        let (i, j) = (at.0 + step.0, at.1 + step.1);
        if !(0..=cx).contains(&i) || !(0..=cy).contains(&j) {
            return;
        }
        let nu = self.material.poisson;
        let alone = 1.0 - nu * nu;
        let (x, y) = (self.bend(0, i), self.bend(1, j));
        // The contribution of a unit of each second difference to both moments.
        let (xx, yy, xy) = match (x, y) {
            (Some(_), Some(_)) => (1.0, 1.0, nu),
            (Some(_), None) => (alone, 0.0, 0.0),
            (None, Some(_)) => (0.0, alone, 0.0),
            (None, None) => return,
        };
        let (x, y) = (x.unwrap_or_default(), y.unwrap_or_default());
        let own = |bend: &Bend, along: Int, across: Int| match across {
            // The central point is at `-along` from the bending point.
            0 => bend[(1 - along) as usize],
            _ => 0.0,
        };
        let (own_x, own_y) = (own(&x, step.0, step.1), own(&y, step.1, step.0));
        let area = self.area((i, j));
        let moment_x = area * (xx * own_x + xy * own_y);
        let moment_y = area * (yy * own_y + xy * own_x);
        let (a, b) = ((step.0 + 2) as usize, (step.1 + 2) as usize);
        for k in 0..3 {
            row[b][a + k - 1] += moment_x * x[k];
            row[b + k - 1][a] += moment_y * y[k];
        }
    }

    /// Adds the contribution of the twist of the cell whose lowest corner is at the offset `step`.
    fn add_twist(&self, row: &mut Row, at: (Int, Int), step: (Int, Int)) {
        let [cx, cy] = self.cells();
        let (i, j) = (at.0 + step.0, at.1 + step.1);
        if !(0..cx).contains(&i) || !(0..cy).contains(&j) {
            return;
        }
        let [hx, hy] = self.spacing();
        let weight = 2.0 * (1.0 - self.material.poisson) / (hx * hy);
        let sign = |dx: Int, dy: Int| if dx == dy { 1.0 } else { -1.0 };
        let own = sign(-step.0, -step.1);
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let (a, b) = ((step.0 + dx + 2) as usize, (step.1 + dy + 2) as usize);
            row[b][a] += weight * own * sign(dx, dy);
        }
    }

    /// Returns the `count` lowest modes in closed form for supported edges: products of sines with
    /// `ω² = D/ρh·(s_x + s_y)²`, where `s = (2/h·sin(pπh/2a))²` for the discrete problem and
    /// `(pπ/a)²` for the plate.
    #[must_use]
    pub fn exact(&self, count: usize) -> Option<Vec<Exact>> {
        if self.edges != Edges::all(super::Edge::Supported) {
            return None;
        }
        let [hx, hy] = self.spacing();
        let factor = self.rigidity() / self.area_mass();
        let discrete = |p: usize, n: usize, h: f64| {
            (2.0 / h * (p as f64 * PI / (2.0 * (n + 1) as f64)).sin()).powi(2)
        };
        let wave = |p: usize, l: f64| (p as f64 * PI / l).powi(2);
        let omega2 = |x: f64, y: f64| factor * (x + y).powi(2);
        Some(Exact::lowest([self.nx, self.ny], count, |p, q| {
            (
                omega2(discrete(p, self.nx, hx), discrete(q, self.ny, hy)),
                omega2(wave(p, self.length), wave(q, self.width)),
            )
        }))
    }
}
