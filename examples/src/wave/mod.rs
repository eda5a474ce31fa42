//! Sound in the ground: `∂²u/∂t² = c²·Δu + s` on a rectangle, by second differences in space and time.
//!
//! The edge of the rectangle holds still (`u = 0` one cell beyond the grid); a sponge before it damps what
//! arrives. Everything is indexed by grid position, so any number of ranks computes the same numbers, bit by bit.

mod checkpoint;
mod medium;
mod source;

pub use medium::Medium;
pub use source::{Source, Wavelet};

use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives as _;
use petsc_rs::dm::{BoundaryType, StencilType};
use petsc_rs::prelude::*;

/// What is computed. Lengths in m, times in s.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Numbers of points.
    pub points: (usize, usize),
    /// Size of the rectangle, from the first point to the last.
    pub length: (f64, f64),
    /// Time step.
    pub dt: f64,
    /// Speed of sound.
    pub medium: Medium,
    /// Width in cells and strength of the sponge.
    pub sponge: (usize, f64),
    /// Where and how the ground is shaken.
    pub source: Option<Source>,
    /// Points whose motion is recorded.
    pub receivers: Vec<(usize, usize)>,
}

impl Settings {
    /// Distances of points.
    #[must_use]
    pub fn spacing(&self) -> (f64, f64) {
        let along = |length: f64, n: usize| length / (n - 1) as f64;
        (
            along(self.length.0, self.points.0),
            along(self.length.1, self.points.1),
        )
    }

    /// The Courant number, which must not exceed 1: `c·dt·√(1/dx² + 1/dy²)` for the largest `c`.
    #[must_use]
    pub fn courant(&self) -> f64 {
        self.medium.fastest() * self.dt * self.resolution()
    }

    /// The largest time step that is stable.
    #[must_use]
    pub fn largest_step(&self) -> f64 {
        1.0 / (self.medium.fastest() * self.resolution())
    }

    fn resolution(&self) -> f64 {
        let (dx, dy) = self.spacing();
        (1.0 / (dx * dx) + 1.0 / (dy * dy)).sqrt()
    }

    /// What is wrong with the settings, in one line.
    ///
    /// # Errors
    /// The line.
    pub fn check(&self) -> std::result::Result<(), String> {
        let (nx, ny) = self.points;
        if nx < 10 || ny < 10 {
            return Err(format!(
                "a grid of {nx} x {ny} points: at least 10 each way"
            ));
        }
        let positive = |what: &str, value: f64| {
            if value.is_finite() && value > 0.0 {
                Ok(())
            } else {
                Err(format!("{what} {value} must be positive"))
            }
        };
        positive("the length along x", self.length.0)?;
        positive("the length along y", self.length.1)?;
        positive("the time step", self.dt)?;
        positive("the largest wave speed", self.medium.fastest())?;
        if !(self.sponge.1.is_finite() && self.sponge.1 >= 0.0) {
            return Err(format!(
                "the strength {} of the sponge must not be negative",
                self.sponge.1
            ));
        }
        let places = self.source.iter().map(|s| ("source", s.at));
        for (what, (i, j)) in places.chain(self.receivers.iter().map(|&at| ("receiver", at))) {
            if i >= nx || j >= ny {
                return Err(format!(
                    "the {what} at ({i}, {j}) is outside of {nx} x {ny} points"
                ));
            }
        }
        if self.courant() > 1.0 {
            return Err(format!(
                "the time step {} s is unstable (CFL {:.3} > 1): at most {:.6} s on this grid",
                self.dt,
                self.courant(),
                self.largest_step()
            ));
        }
        Ok(())
    }
}

/// A wave field on its way.
#[derive(Debug)]
pub struct Wave {
    settings: Settings,
    grid: Dmda,
    /// With the ghost points around it, which beyond the edge stay zero.
    ghosted: Vector,
    current: Vector,
    previous: Vector,
    /// `(c·dt)²` at each point.
    stiffness: Vector,
    damping: Vector,
    step: usize,
    /// A row of values for each receiver; zero where the point is another rank's.
    traces: Vec<Vec<f64>>,
}

impl Wave {
    /// The ground at rest.
    ///
    /// # Errors
    /// Settings that are wrong; what the grid returns.
    pub fn new(comm: &Comm, settings: Settings) -> Result<Self> {
        settings.check().map_err(Error::input)?;
        let (nx, ny) = settings.points;
        let grid = Dmda::builder(comm)
            .sizes([nx, ny])
            .boundaries([BoundaryType::Ghosted, BoundaryType::Ghosted])
            .stencil(StencilType::Star, 1)
            .build()?;
        let mut current = grid.create_global_vector()?;
        current.set_name("displacement")?;
        let mut stiffness = current.duplicate()?;
        let mut damping = current.duplicate()?;
        {
            let mut k = grid.array_mut(&mut stiffness)?;
            let mut d = grid.array_mut(&mut damping)?;
            for (i, j) in grid.corners()?.points() {
                let at = (usize::try_from(i)?, usize::try_from(j)?);
                let c = settings.medium.speed(at, settings.points);
                k[(i, j)] = Scalar::from_real((c * settings.dt).powi(2));
                d[(i, j)] = Scalar::from_real(sponge(at, settings.points, settings.sponge));
            }
        }
        Ok(Self {
            ghosted: grid.create_local_vector()?,
            previous: current.duplicate()?,
            traces: vec![Vec::new(); settings.receivers.len()],
            settings,
            grid,
            current,
            stiffness,
            damping,
            step: 0,
        })
    }

    /// Number of steps done.
    #[must_use]
    pub fn step(&self) -> usize {
        self.step
    }

    /// The grid.
    #[must_use]
    pub fn grid(&self) -> &Dmda {
        &self.grid
    }

    /// The displacement.
    #[must_use]
    pub fn displacement(&self) -> &Vector {
        &self.current
    }

    /// Sets the displacement now and one step before, by grid position.
    ///
    /// # Errors
    /// What the grid returns.
    pub fn set_state(
        &mut self,
        now: impl Fn(usize, usize) -> f64,
        before: impl Fn(usize, usize) -> f64,
    ) -> Result<()> {
        let mut current = self.grid.array_mut(&mut self.current)?;
        let mut previous = self.grid.array_mut(&mut self.previous)?;
        for (i, j) in self.grid.corners()?.points() {
            let (x, y) = (usize::try_from(i)?, usize::try_from(j)?);
            current[(i, j)] = Scalar::from_real(now(x, y));
            previous[(i, j)] = Scalar::from_real(before(x, y));
        }
        Ok(())
    }

    /// One time step: `u⁺ = d·(2u - u⁻ + (c·dt)²·Δu + dt²·s)`. Collective.
    ///
    /// # Errors
    /// What the grid returns.
    pub fn advance(&mut self) -> Result<()> {
        let (dx, dy) = self.settings.spacing();
        let along_x = Scalar::from_real(1.0 / (dx * dx));
        let along_y = Scalar::from_real(1.0 / (dy * dy));
        let two = Scalar::from_real(2.0);
        self.grid
            .global_to_local(&self.current, InsertMode::Insert, &mut self.ghosted)?;
        {
            let u = self.grid.array(&self.ghosted)?;
            let k = self.grid.array(&self.stiffness)?;
            let d = self.grid.array(&self.damping)?;
            // The new values take the place of the old ones.
            let mut next = self.grid.array_mut(&mut self.previous)?;
            let corners = self.grid.corners()?;
            let x = corners.x();
            let pulse = self.settings.source.as_ref().map(|source| {
                let time = self.step as f64 * self.settings.dt;
                (source.at, self.settings.dt.powi(2) * source.value(time))
            });
            for j in corners.y() {
                let here = u.span(x.start - 1..x.end + 1, j);
                let (below, above) = (u.span(x.clone(), j - 1), u.span(x.clone(), j + 1));
                let (k, d) = (k.row(j), d.row(j));
                let next = next.row_mut(j);
                let n = next.len();
                // Equal lengths, told to the compiler, so that it can compute several points at once.
                let (below, above, k, d) = (&below[..n], &above[..n], &k[..n], &d[..n]);
                let (left, own, right) = (&here[..n], &here[1..=n], &here[2..n + 2]);
                for i in 0..n {
                    let curvature = (left[i] - two * own[i] + right[i]) * along_x
                        + (below[i] - two * own[i] + above[i]) * along_y;
                    next[i] = d[i] * (two * own[i] - next[i] + k[i] * curvature);
                }
            }
            if let Some(((i, j), value)) = pulse {
                let at = (Int::try_from(i)?, Int::try_from(j)?);
                if corners.contains((at.0, at.1, 0)) {
                    next[at] += d[at] * Scalar::from_real(value);
                }
            }
        }
        std::mem::swap(&mut self.current, &mut self.previous);
        self.step += 1;
        self.record()
    }

    fn record(&mut self) -> Result<()> {
        let u = self.grid.array(&self.current)?;
        for (&(i, j), trace) in self.settings.receivers.iter().zip(&mut self.traces) {
            let at = (Int::try_from(i)?, Int::try_from(j)?);
            trace.push(u.get(at).map_or(0.0, |value| value.real()));
        }
        Ok(())
    }

    /// The motion of each receiver after every step, on all ranks. Collective.
    ///
    /// # Errors
    /// What the grid returns.
    pub fn traces(&self) -> Result<Vec<Vec<f64>>> {
        let comm = self.grid.comm()?;
        let sum = |mine: &Vec<f64>| {
            let mut all = vec![0.0; mine.len()];
            comm.mpi()
                .all_reduce_into(&mine[..], &mut all[..], SystemOperation::sum());
            all
        };
        Ok(self.traces.iter().map(sum).collect())
    }

    /// The displacement at all points, `x` running fastest, on all ranks. Collective.
    ///
    /// # Errors
    /// What the grid returns.
    pub fn gather(&self) -> Result<Vec<f64>> {
        let values = self.grid.gather_natural(&self.current)?;
        Ok(values.iter().map(|v| v.real()).collect())
    }
}

/// The factor of the sponge at a point: `exp(-strength·((width - distance)/width)²)`, 1 inside.
#[must_use]
pub fn sponge(at: (usize, usize), points: (usize, usize), (width, strength): (usize, f64)) -> f64 {
    let distance =
        at.0.min(points.0 - 1 - at.0)
            .min(at.1)
            .min(points.1 - 1 - at.1);
    if distance >= width {
        return 1.0;
    }
    let ratio = (width - distance) as f64 / width as f64;
    (-strength * ratio * ratio).exp()
}
