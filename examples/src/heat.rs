//! The heat equation `∂u/∂t = κ·Δu` on the unit square with `u = 0` on the boundary and the initial
//! state `u = sin πx·sin πy`.
//!
//! The exact solution is the initial state times `exp(-2π²κt)`. The discretization is the
//! five-point stencil with explicit Euler, backward Euler, Crank–Nicolson, or the method in
//! `-ts_type`.

use std::f64::consts::PI;

use petsc_rs::dm::{GridMut, GridRead};
use petsc_rs::prelude::*;
use petsc_rs::ts::{Converged, ExactFinalTime};
use petsc_rs::{DmdaRef, ErrorCode, Ts, TsType};

use crate::app::divided;
use crate::stencil::{Cells, Side};

/// The settings of a computation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The numbers of points, including boundary points.
    pub points: (usize, usize),
    /// The conductivity divided by the heat capacity.
    pub kappa: f64,
    /// The time step.
    pub dt: f64,
    /// The number of steps.
    pub steps: usize,
}

impl Settings {
    fn spacing(&self) -> (f64, f64) {
        (1.0 / (self.points.0 - 1) as f64, 1.0 / (self.points.1 - 1) as f64)
    }

    /// Returns the largest step for which explicit Euler is stable: `1/(2κ·(1/dx² + 1/dy²))`.
    #[must_use]
    pub fn largest_explicit_step(&self) -> f64 {
        let (dx, dy) = self.spacing();
        0.5 / (self.kappa * (1.0 / (dx * dx) + 1.0 / (dy * dy)))
    }

    /// Returns κ times the eigenvalue of the five-point stencil for the initial state.
    #[must_use]
    pub fn discrete_rate(&self) -> f64 {
        let (dx, dy) = self.spacing();
        let along = |h: f64| (2.0 * (0.5 * PI * h).sin() / h).powi(2);
        self.kappa * (along(dx) + along(dy))
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// One line that describes the error.
    pub fn check(&self) -> std::result::Result<(), String> {
        let (nx, ny) = self.points;
        if nx < 3 || ny < 3 {
            return Err(format!("a grid of {nx} x {ny} points: use at least 3 in each direction"));
        }
        for (what, value) in [("kappa", self.kappa), ("the time step", self.dt)] {
            if !(value.is_finite() && value > 0.0) {
                return Err(format!("{what} is {value}: it must be positive"));
            }
        }
        Ok(())
    }
}

/// The final state.
#[derive(Debug)]
pub struct Solution {
    /// The DMDA.
    pub grid: Dmda,
    /// The temperature.
    pub u: Vector,
    /// The number of steps and the final time.
    pub finished: Converged,
    /// The maximum error with respect to the exact solution.
    pub error: f64,
    /// The time in seconds of each step.
    pub cost: f64,
}

/// Integrates with the method `kind`, unless `-ts_type` selects another method. Collective.
///
/// # Errors
/// Invalid settings, or steps that do not converge.
pub fn solve(comm: &Comm, settings: &Settings, kind: TsType<'_>) -> Result<Solution> {
    settings.check().map_err(Error::input)?;
    let (nx, ny) = settings.points;
    let kappa = settings.kappa;
    let grid =
        Dmda::builder(comm).sizes([nx, ny]).uniform_coordinates([(0.0, 1.0), (0.0, 1.0)]).build();
    let grid = divided(comm, &[nx, ny], grid)?;
    let mut u = grid.create_global_vector()?;
    u.set_name("temperature")?;
    let (dx, dy) = settings.spacing();
    let shape = move |i: Int, j: Int| (PI * i as f64 * dx).sin() * (PI * j as f64 * dy).sin();
    {
        let mut values = grid.array_mut(&mut u)?;
        for (i, j) in grid.corners()?.points() {
            values[(i, j)] = Scalar::from_real(shape(i, j));
        }
    }
    let mut ts = Ts::new(comm)?;
    ts.set_dm(&grid)?;
    ts.set_type(kind)?;
    ts.set_rhs_function_local(move |grid, _, u: &GridRead<'_>, g: &mut GridMut<'_>| {
        right_hand_side(grid, kappa, u, g)
    })?;
    let jacobian = grid.create_matrix()?;
    ts.set_rhs_jacobian(&jacobian, &jacobian, move |ts, _, _, a, _| {
        let grid = ts.dm()?.into_dmda()?;
        let cells = cells(&grid)?;
        let mut rows = grid.stencil_assembler(a, InsertMode::Insert)?;
        for (i, j) in grid.corners()?.points() {
            let at = [i, j, 0];
            if cells.is_unknown(at) {
                let scale = kappa / cells.volume(at);
                let around =
                    cells.neighbours(at).map(|([p, q, _], weight)| ((p, q), scale * weight));
                let own = ((i, j), -scale * cells.diagonal(at));
                rows.row((i, j), around.chain([own]))?;
            } else {
                rows.row((i, j), [((i, j), 0.0)])?;
            }
        }
        rows.finish()
    })?;
    ts.set_time_step(settings.dt)?;
    ts.set_max_steps(settings.steps)?;
    ts.set_max_time(settings.dt * settings.steps as f64)?;
    ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    ts.set_from_options()?;
    let started = std::time::Instant::now();
    let finished = ts.solve(&mut u)?;
    let cost = started.elapsed().as_secs_f64() / finished.steps.max(1) as f64;
    let decay = (-2.0 * PI * PI * kappa * finished.time).exp();
    let mut difference = u.duplicate()?;
    {
        let values = grid.array(&u)?;
        let mut distance = grid.array_mut(&mut difference)?;
        for (i, j) in grid.corners()?.points() {
            distance[(i, j)] = values[(i, j)] - Scalar::from_real(decay * shape(i, j));
        }
    }
    // A maximum may ignore NaN, a sum does not.
    if !u.norm(Norm::One)?.is_finite() {
        let text =
            format!("the temperature is not finite after {}: the steps are unstable", finished);
        return Err(Error::collective(ErrorCode::FP, text));
    }
    let error = difference.norm(Norm::Infinity)?;
    Ok(Solution { grid, u, finished, error, cost })
}

/// Computes the five-point stencil with zero boundary values.
fn cells(grid: &DmdaRef) -> Result<Cells> {
    Cells::new(grid, [1.0; 3], [[Side::Held; 2]; 3])
}

fn right_hand_side(
    grid: &DmdaRef,
    kappa: f64,
    u: &GridRead<'_>,
    g: &mut GridMut<'_>,
) -> Result<()> {
    let cells = cells(grid)?;
    for (i, j) in grid.corners()?.points() {
        let at = [i, j, 0];
        g[(i, j)] = if cells.is_unknown(at) {
            let scale = kappa / cells.volume(at);
            let own = u[(i, j)] * Scalar::from_real(-scale * cells.diagonal(at));
            cells.neighbours(at).fold(own, |sum, ([p, q, _], weight)| {
                sum + u[(p, q)] * Scalar::from_real(scale * weight)
            })
        } else {
            Scalar::from_real(0.0)
        };
    }
    Ok(())
}
