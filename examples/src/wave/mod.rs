//! Acoustic waves in the ground: `∂²u/∂t² = c²·Δu + s` on a rectangle, with second differences in
//! space and time.
//!
//! The boundary condition is `u = 0` one cell beyond the grid. A layer at the boundary absorbs
//! waves. The computation at a grid point does not depend on the number of ranks, so the results
//! are identical to the last bit on any number of ranks.

mod absorb;
mod checkpoint;
mod layer;
mod medium;
mod pictures;
mod second_order;
mod settings;
mod source;
mod system;

pub use absorb::{Absorb, sponge};
pub use checkpoint::checkpoint_place;
pub use medium::Medium;
pub use pictures::{Pictures, Seismogram};

pub use crate::picture::Format;
pub use settings::Settings;
pub use source::{Signal, Source, Wavelet};
pub use system::{Integrated, integrate};

use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives as _;
use petsc_rs::dm::{BoundaryType, StencilType};
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, VectorRef};

use crate::app::divided;
use absorb::Profile;
use layer::Layer;

/// A wave field during a computation.
#[derive(Debug)]
pub struct Wave {
    settings: Settings,
    grid: Dmda,
    /// The local vector with ghost points, which are zero beyond the boundary.
    ghosted: Vector,
    current: Vector,
    previous: Vector,
    /// `(c·dt)²` at each point.
    stiffness: Vector,
    damping: Vector,
    layer: Option<Layer>,
    step: usize,
    /// A row of values for each receiver; zero on ranks that do not own the point.
    traces: Vec<Vec<f64>>,
}

impl Wave {
    /// Creates a wave field at rest.
    ///
    /// # Errors
    /// Invalid settings; errors of the DMDA.
    pub fn new(comm: &Comm, settings: Settings) -> Result<Self> {
        settings.check().map_err(Error::input)?;
        let grid = grid(comm, &settings, 1)?;
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
                let factor = match settings.absorb {
                    Absorb::Sponge { width, strength } => {
                        sponge(at, settings.points, (width, strength))
                    }
                    _ => 1.0,
                };
                d[(i, j)] = Scalar::from_real(factor);
            }
        }
        let layer = profiles(&settings).map(|profiles| {
            let spacing = settings.spacing();
            grid.corners()
                .map(|box_| Layer::new(box_, settings.points, &profiles, settings.dt, spacing))
        });
        Ok(Self {
            ghosted: grid.create_local_vector()?,
            previous: current.duplicate()?,
            traces: vec![Vec::new(); settings.receivers.len()],
            settings,
            grid,
            current,
            stiffness,
            damping,
            layer: layer.transpose()?,
            step: 0,
        })
    }

    /// Returns the number of completed steps.
    #[must_use]
    pub fn step(&self) -> usize {
        self.step
    }

    /// Returns the DMDA.
    #[must_use]
    pub fn grid(&self) -> &Dmda {
        &self.grid
    }

    /// Returns the displacement.
    #[must_use]
    pub fn displacement(&self) -> &Vector {
        &self.current
    }

    /// Sets the current and the previous displacement, by grid index.
    ///
    /// # Errors
    /// Errors of the DMDA.
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

    /// Makes one time step: `u⁺ = d·(2u - u⁻ + (c·dt)²·Δu + dt²·s)`. Collective.
    ///
    /// # Errors
    /// Errors of the DMDA.
    pub fn advance(&mut self) -> Result<()> {
        let (dx, dy) = self.settings.spacing();
        let along_x = Scalar::from_real(1.0 / (dx * dx));
        let along_y = Scalar::from_real(1.0 / (dy * dy));
        let two = Scalar::from_real(2.0);
        self.grid.global_to_local(&self.current, InsertMode::Insert, &mut self.ghosted)?;
        {
            let u = self.grid.array(&self.ghosted)?;
            let k = self.grid.array(&self.stiffness)?;
            let d = self.grid.array(&self.damping)?;
            if let Some(layer) = &mut self.layer {
                layer.advance(&u);
            }
            // The new values overwrite the old ones.
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
                // Slices of equal length let the compiler vectorize the loop.
                let (below, above, k, d) = (&below[..n], &above[..n], &k[..n], &d[..n]);
                let (left, own, right) = (&here[..n], &here[1..=n], &here[2..n + 2]);
                let curvature = |i: usize| {
                    (left[i] - two * own[i] + right[i]) * along_x
                        + (below[i] - two * own[i] + above[i]) * along_y
                };
                let plain = self.layer.as_ref().map_or(0..n, |layer| layer.plain(j));
                if let Some(layer) = &self.layer {
                    let row = (j - corners.y().start) as usize;
                    for i in (0..plain.start).chain(plain.end..n) {
                        next[i] = layer.next((i, row), own[i], next[i], k[i], curvature(i));
                    }
                }
                for i in plain {
                    next[i] = d[i] * (two * own[i] - next[i] + k[i] * curvature(i));
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

    /// Returns an error if the displacement is not finite, for example after an overflow.
    /// Collective.
    ///
    /// # Errors
    /// `FP` on all ranks.
    pub fn check(&self) -> Result<()> {
        check_motion(&self.current, self.step)
    }

    /// Returns the displacement at each receiver after every step, on all ranks. Collective.
    ///
    /// # Errors
    /// See [`check`](Self::check).
    pub fn seismogram(&self) -> Result<Seismogram> {
        self.check()?;
        let dt = self.settings.dt;
        Ok(Seismogram {
            times: (1..=self.step).map(|step| step as f64 * dt).collect(),
            traces: add_up(&self.grid.comm()?, &self.traces),
        })
    }

    /// Returns the displacement at all points, with `x` running fastest, on all ranks. Collective.
    ///
    /// # Errors
    /// Errors of the DMDA.
    pub fn gather(&self) -> Result<Vec<f64>> {
        let values = self.grid.gather_natural(&self.current)?;
        Ok(values.iter().map(|v| v.real()).collect())
    }
}

/// Creates the DMDA with `dof` unknowns at each point and a ghost point beyond each edge.
fn grid(comm: &Comm, settings: &Settings, dof: usize) -> Result<Dmda> {
    let (nx, ny) = settings.points;
    let grid = Dmda::builder(comm)
        .sizes([nx, ny])
        .boundaries([BoundaryType::Ghosted, BoundaryType::Ghosted])
        .stencil(StencilType::Star, 1)
        .dof(dof)
        .uniform_coordinates([(0.0, settings.length.0), (0.0, settings.length.1)])
        .build();
    divided(comm, &[nx, ny], grid)
}

/// Returns an error if a displacement is not finite. Collective.
fn check_motion(u: &VectorRef, step: usize) -> Result<()> {
    // A maximum may ignore NaN, a sum does not.
    if u.norm(Norm::One)?.is_finite() {
        return Ok(());
    }
    let text = format!("the displacement is not finite after step {step}");
    Err(Error::collective(ErrorCode::FP, text))
}

/// Returns the damping of a matched layer along x and y, or `None` without a layer.
fn profiles(settings: &Settings) -> Option<(Profile, Profile)> {
    let Absorb::Pml { width, reflection } = settings.absorb else {
        return None;
    };
    let ((nx, ny), (dx, dy)) = (settings.points, settings.spacing());
    let profile =
        |n, spacing| Profile::new(n, width, reflection, spacing, settings.medium.fastest());
    Some((profile(nx, dx), profile(ny, dy)))
}

/// Returns the sums over the ranks. At most one rank has each value.
fn add_up(comm: &Comm, traces: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let sum = |mine: &Vec<f64>| {
        let mut all = vec![0.0; mine.len()];
        comm.mpi().all_reduce_into(&mine[..], &mut all[..], SystemOperation::sum());
        all
    };
    traces.iter().map(sum).collect()
}
