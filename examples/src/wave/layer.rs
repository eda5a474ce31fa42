//! A perfectly matched layer for the second-order wave equation.
//!
//! The layer stretches lengths into the complex plane, `dx → (1 + ζ/iω)·dx`, so that waves decay
//! without reflection. With `ζ₁` along x, `ζ₂` along y and two additional fields `φ` (M. J. Grote
//! and I. Sim, 2010):
//!
//! ```text
//! ∂²u/∂t² + (ζ₁ + ζ₂)·∂u/∂t + ζ₁ζ₂·u = c²·(Δu + ∂φ₁/∂x + ∂φ₂/∂y)
//! ∂φ₁/∂t = -ζ₁φ₁ + (ζ₂ - ζ₁)·∂u/∂x        ∂φ₂/∂t = -ζ₂φ₂ + (ζ₁ - ζ₂)·∂u/∂y
//! ```
//!
//! `φ₁` is located half a cell before a point along x, and `φ₂` half a cell before the point along
//! y, both half a step after `u` in time. Each rank computes `φ₁` and `φ₂` at its own points and at
//! the neighbors of these points, so that `φ` is not exchanged between ranks.

use std::ops::Range;

use petsc_rs::dm::{Corners, GridRead};
use petsc_rs::prelude::*;

use super::absorb::Profile;

/// The layer on the grid points of this rank.
#[derive(Debug)]
pub(super) struct Layer {
    corners: Corners,
    points: (usize, usize),
    /// `ζ` at the points, and half a cell before each point and after the last.
    x: Damping,
    y: Damping,
    inside: (Range<usize>, Range<usize>),
    along_x: Flux,
    along_y: Flux,
    dt: f64,
    spacing: (f64, f64),
}

#[derive(Debug)]
struct Damping {
    at_points: Vec<f64>,
    between: Vec<f64>,
}

impl Damping {
    fn new(profile: &Profile, range: &Range<Int>) -> Self {
        let at_points = range.clone().map(|i| profile.at(i as f64)).collect();
        let between = (range.start..=range.end).map(|i| profile.at(i as f64 - 0.5));
        Self { at_points, between: between.collect() }
    }
}

/// `φ` between points, and the mean of its values before and after the current step.
#[derive(Debug)]
struct Flux {
    row: usize,
    now: Vec<Scalar>,
    mean: Vec<Scalar>,
}

impl Flux {
    fn new(row: usize, rows: usize) -> Self {
        let zero = vec![Scalar::default(); row * rows];
        Self { row, now: zero.clone(), mean: zero }
    }

    /// Computes `φ⁺ = ((1 - ζ·dt/2)·φ + dt·drive)/(1 + ζ·dt/2)`.
    fn step(&mut self, (p, q): (usize, usize), half: f64, drive: Scalar) {
        let at = q * self.row + p;
        let old = self.now[at];
        let new =
            (old * Scalar::from_real(1.0 - half) + drive) * Scalar::from_real(1.0 / (1.0 + half));
        self.now[at] = new;
        self.mean[at] = (old + new) * Scalar::from_real(0.5);
    }
}

impl Layer {
    pub(super) fn new(
        corners: Corners,
        points: (usize, usize),
        profiles: &(Profile, Profile),
        dt: f64,
        spacing: (f64, f64),
    ) -> Self {
        let [nx, ny, _] = corners.sizes();
        Self {
            corners,
            points,
            x: Damping::new(&profiles.0, &corners.x()),
            y: Damping::new(&profiles.1, &corners.y()),
            inside: (profiles.0.inside(), profiles.1.inside()),
            along_x: Flux::new(nx + 1, ny),
            along_y: Flux::new(nx, ny + 1),
            dt,
            spacing,
        }
    }

    /// Returns the points of a row outside the layer, as a range of this rank's part of the row.
    pub(super) fn plain(&self, j: Int) -> Range<usize> {
        let x = self.corners.x();
        let (first, end) = (x.start as usize, x.end as usize);
        if !self.inside.1.contains(&(j as usize)) {
            return 0..0;
        }
        let start = self.inside.0.start.clamp(first, end);
        let stop = self.inside.0.end.clamp(start, end);
        start - first..stop - first
    }

    /// Advances `φ` by one step, from `u` with its ghost points.
    pub(super) fn advance(&mut self, u: &GridRead<'_>) {
        let (x, y) = (self.corners.x(), self.corners.y());
        let (nx, ny) = (self.points.0 as Int, self.points.1 as Int);
        let by_x = self.dt / self.spacing.0;
        let by_y = self.dt / self.spacing.1;
        for (q, j) in y.clone().enumerate() {
            let across = self.y.at_points[q];
            for (p, i) in (x.start..=x.end).enumerate() {
                let along = self.x.between[p];
                // Beyond the first and the last point there is no field.
                if (across == 0.0 && along == 0.0) || i == 0 || i == nx {
                    continue;
                }
                let slope = u[(i, j)] - u[(i - 1, j)];
                let drive = slope * Scalar::from_real(by_x * (across - along));
                self.along_x.step((p, q), 0.5 * self.dt * along, drive);
            }
        }
        for (q, j) in (y.start..=y.end).enumerate() {
            let along = self.y.between[q];
            for (p, i) in x.clone().enumerate() {
                let across = self.x.at_points[p];
                if (across == 0.0 && along == 0.0) || j == 0 || j == ny {
                    continue;
                }
                let slope = u[(i, j)] - u[(i, j - 1)];
                let drive = slope * Scalar::from_real(by_y * (across - along));
                self.along_y.step((p, q), 0.5 * self.dt * along, drive);
            }
        }
    }

    /// Returns the next value at a point. The arguments are the value `own`, the previous value,
    /// the `stiffness` `(c·dt)²` and `Δu`.
    #[inline]
    pub(super) fn next(
        &self,
        (p, q): (usize, usize),
        own: Scalar,
        before: Scalar,
        stiffness: Scalar,
        curvature: Scalar,
    ) -> Scalar {
        let (a, b) = (self.x.at_points[p], self.y.at_points[q]);
        let half = 0.5 * self.dt * (a + b);
        let (along_x, along_y) = (&self.along_x, &self.along_y);
        let (left, below) = (q * along_x.row + p, q * along_y.row + p);
        let flux = (along_x.mean[left + 1] - along_x.mean[left])
            * Scalar::from_real(1.0 / self.spacing.0)
            + (along_y.mean[below + along_y.row] - along_y.mean[below])
                * Scalar::from_real(1.0 / self.spacing.1);
        // ζ₁ζ₂·u is the mean of the values before and after, which does not reduce the stable step.
        let stiff = 0.5 * a * b * self.dt * self.dt;
        (own + own - before * Scalar::from_real(1.0 - half + stiff)
            + stiffness * (curvature + flux))
            * Scalar::from_real(1.0 / (1.0 + half + stiff))
    }

    /// Returns `φ` as a vector of a DMDA with two unknowns at each point.
    pub(super) fn save(&self, pairs: &Dmda) -> Result<Vector> {
        let mut all = pairs.create_global_vector()?;
        let mut values = pairs.array_as_mut::<[Scalar; 2]>(&mut all)?;
        let [nx, ..] = self.corners.sizes();
        for (place, at) in self.corners.points().enumerate() {
            let (p, q) = (place % nx, place / nx);
            values[at] = [
                self.along_x.now[q * self.along_x.row + p],
                self.along_y.now[q * self.along_y.row + p],
            ];
        }
        drop(values);
        Ok(all)
    }

    /// Restores the fields that [`save`](Self::save) returned, on any number of ranks.
    pub(super) fn restore(&mut self, pairs: &Dmda, all: &Vector) -> Result<()> {
        let mut ghosted = pairs.local_vector()?;
        pairs.global_to_local(all, InsertMode::Insert, &mut ghosted)?;
        let values = pairs.array_as::<[Scalar; 2]>(&ghosted)?;
        let (x, y) = (self.corners.x(), self.corners.y());
        // Ghost points beyond the grid are zero.
        for (q, j) in y.clone().enumerate() {
            for (p, i) in (x.start..=x.end).enumerate() {
                self.along_x.now[q * self.along_x.row + p] = values[(i, j)][0];
            }
        }
        for (q, j) in (y.start..=y.end).enumerate() {
            for (p, i) in x.clone().enumerate() {
                self.along_y.now[q * self.along_y.row + p] = values[(i, j)][1];
            }
        }
        Ok(())
    }
}
