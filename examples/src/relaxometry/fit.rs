//! Fits of all voxels: initial guesses, engines, standard errors, flags.

use clap::ValueEnum;
use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use petsc_rs::prelude::*;

use super::batch::{fit_lanes, start_mono};
use super::model::{Bounds, MOST, Model};
use super::one::OneVoxel;
use crate::lanes::{LANES, Lane};

/// The fitting method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// The Levenberg-Marquardt method for eight voxels at once
    Batch,
    /// TAO, one voxel after another, with any -tao_type
    Tao,
}

/// The status of a voxel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Flag {
    /// Not fitted: outside the mask, or below the threshold.
    #[default]
    Masked = 0,
    /// Fitted.
    Fitted = 1,
    /// A signal is negative or not a number.
    BadSignal = 2,
    /// The amplitude is below three standard errors.
    Noise = 3,
    /// A T2 is at a bound.
    AtBound = 4,
    /// The fit did not converge.
    NotConverged = 5,
}

/// The settings of a fit.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The model.
    pub model: Model,
    /// The fitting method.
    pub engine: Engine,
    /// The bounds of T2.
    pub bounds: Bounds,
    /// The echo times.
    pub times: Vec<f64>,
}

/// Signals by echo and voxel.
pub trait Voxels {
    /// Returns the number of voxels.
    fn len(&self) -> usize;
    /// Returns whether there are no voxels.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Returns the signal of an echo of a voxel.
    fn signal(&self, echo: usize, voxel: usize) -> f64;
    /// Returns the signals of an echo of several voxels. If there are fewer voxels than lanes, the
    /// last one is repeated.
    fn lane(&self, echo: usize, voxels: &[usize]) -> Lane {
        std::array::from_fn(|i| self.signal(echo, voxels[i.min(voxels.len() - 1)]))
    }
}

/// The results, in the order of the list of voxels.
#[derive(Clone, Debug, Default)]
pub struct Maps {
    /// Amplitude and T2 of each exponential, and the offset, in the order of [`Model::names`].
    pub parameters: Vec<Vec<f64>>,
    /// Their standard errors.
    pub errors: Vec<Vec<f64>>,
    /// The fraction of the variance that the model explains.
    pub r_squared: Vec<f64>,
    /// The status. See [`Flag`].
    pub flags: Vec<u8>,
}

impl Maps {
    /// Creates empty maps for `n` voxels.
    #[must_use]
    pub fn new(model: Model, n: usize) -> Self {
        Self {
            parameters: vec![vec![0.0; n]; model.parameters()],
            errors: vec![vec![0.0; n]; model.parameters()],
            r_squared: vec![0.0; n],
            flags: vec![Flag::Masked as u8; n],
        }
    }

    /// Combines the results of the ranks, each of which has fitted different voxels. Collective.
    pub fn combine(&mut self, comm: &Comm) {
        for map in self
            .parameters
            .iter_mut()
            .chain(&mut self.errors)
            .chain(std::iter::once(&mut self.r_squared))
        {
            let own = map.clone();
            comm.mpi().all_reduce_into(&own[..], &mut map[..], SystemOperation::sum());
        }
        let own = self.flags.clone();
        comm.mpi().all_reduce_into(&own[..], &mut self.flags[..], SystemOperation::sum());
    }

    /// Returns the median of a map over the fitted voxels.
    #[must_use]
    pub fn median(&self, map: &[f64]) -> Option<f64> {
        let mut values: Vec<f64> = map
            .iter()
            .zip(&self.flags)
            .filter(|(_, flag)| **flag == Flag::Fitted as u8)
            .map(|(v, _)| *v)
            .collect();
        if values.is_empty() {
            return None;
        }
        let middle = values.len() / 2;
        Some(*values.select_nth_unstable_by(middle, f64::total_cmp).1)
    }

    /// Returns the number of voxels with a flag.
    #[must_use]
    pub fn count(&self, flag: Flag) -> usize {
        self.flags.iter().filter(|f| **f == flag as u8).count()
    }
}

/// Returns the value of the first echo below which a voxel is background: `share` times the 99th
/// percentile of the first echo.
#[must_use]
pub fn noise_threshold(voxels: &dyn Voxels, share: f64) -> f64 {
    let mut first: Vec<f64> =
        (0..voxels.len()).map(|v| voxels.signal(0, v)).filter(|s| s.is_finite()).collect();
    if first.is_empty() {
        return 0.0;
    }
    let rank = (0.99 * (first.len() - 1) as f64) as usize;
    share * *first.select_nth_unstable_by(rank, f64::total_cmp).1
}

/// Fits the voxels with the numbers in `list`, and stores the results in the entries of `maps` with
/// these numbers.
///
/// # Errors
/// Errors of the `Tao`.
pub fn fit(
    comm: &Comm,
    voxels: &dyn Voxels,
    list: &[usize],
    settings: &Settings,
    maps: &mut Maps,
    mut progress: impl FnMut(usize),
) -> Result<()> {
    let mut good = Vec::with_capacity(list.len());
    for group in list.chunks(LANES) {
        let mut bad = [false; LANES];
        for e in 0..settings.times.len() {
            for (bad, s) in bad.iter_mut().zip(voxels.lane(e, group)) {
                *bad |= !(0.0..f64::INFINITY).contains(&s);
            }
        }
        for (&v, bad) in group.iter().zip(bad) {
            if bad {
                maps.flags[v] = Flag::BadSignal as u8;
            } else {
                good.push(v);
            }
        }
    }
    match settings.engine {
        Engine::Batch => {
            let mut y = vec![[0.0; LANES]; settings.times.len()];
            for group in good.chunks(LANES) {
                batch(voxels, group, settings, &mut y, maps);
                progress(group.len());
            }
            Ok(())
        }
        Engine::Tao => {
            let mut one = OneVoxel::new(comm, settings.model, &settings.times, &settings.bounds)?;
            let mut signal = vec![0.0; settings.times.len()];
            for &v in &good {
                for (e, s) in signal.iter_mut().enumerate() {
                    *s = voxels.signal(e, v);
                }
                let start = settings.model.start(&settings.times, &signal, &settings.bounds);
                let (p, converged) = one.fit(&signal, &start)?;
                record(&signal, &p, converged, settings, maps, v);
                progress(1);
            }
            Ok(())
        }
    }
}

/// Fits up to [`LANES`] voxels; `y` is storage for their signals.
fn batch(
    voxels: &dyn Voxels,
    group: &[usize],
    settings: &Settings,
    y: &mut [Lane],
    maps: &mut Maps,
) {
    let (times, model) = (&settings.times, settings.model);
    let (mut sum, mut squares) = ([0.0; LANES], [0.0; LANES]);
    for (e, y) in y.iter_mut().enumerate() {
        *y = voxels.lane(e, group);
        for i in 0..LANES {
            sum[i] += y[i];
            squares[i] += y[i] * y[i];
        }
    }
    let (lower, upper) = settings.bounds.of(model);
    let start = if model == Model::Mono {
        start_mono(times, y, (&lower, &upper))
    } else {
        let mut start = [[0.0; LANES]; MOST];
        for lane in 0..LANES {
            let signal: Vec<f64> = y.iter().map(|y| y[lane]).collect();
            let p = model.start(times, &signal, &settings.bounds);
            for (start, p) in start.iter_mut().zip(p) {
                start[lane] = p;
            }
        }
        start
    };
    let outcome = fit_lanes(model, times, y, &start, (&lower, &upper));
    for (lane, &v) in group.iter().enumerate() {
        let p: [f64; MOST] = std::array::from_fn(|j| outcome.parameters[j][lane]);
        let quality = Quality {
            sum_of_squares: 2.0 * outcome.cost[lane],
            total: squares[lane] - sum[lane] * sum[lane] / times.len() as f64,
            variance: std::array::from_fn(|j| outcome.variance[j][lane]),
            converged: outcome.done[lane],
        };
        quality.write(&p, settings, maps, v);
    }
}

/// Computes the derived results from the parameters alone.
fn record(
    signal: &[f64],
    p: &[f64; MOST],
    converged: bool,
    settings: &Settings,
    maps: &mut Maps,
    voxel: usize,
) {
    let (model, n) = (settings.model, settings.model.parameters());
    let (mut squares, mut h, mut d) = (0.0, [[0.0; MOST]; MOST], [0.0; MOST]);
    for (&t, s) in settings.times.iter().zip(signal) {
        squares += (model.value(p, t) - s).powi(2);
        model.gradient(p, t, &mut d);
        for i in 0..n {
            for j in 0..n {
                h[i][j] += d[i] * d[j];
            }
        }
    }
    let mean = signal.iter().sum::<f64>() / signal.len() as f64;
    let quality = Quality {
        sum_of_squares: squares,
        total: signal.iter().map(|s| (s - mean).powi(2)).sum(),
        variance: inverse_diagonal(h, n),
        converged,
    };
    quality.write(p, settings, maps, voxel);
}

struct Quality {
    sum_of_squares: f64,
    total: f64,
    variance: [f64; MOST],
    converged: bool,
}

impl Quality {
    fn write(&self, p: &[f64; MOST], settings: &Settings, maps: &mut Maps, v: usize) {
        let (model, n) = (settings.model, settings.model.parameters());
        let freedom = (settings.times.len() - n).max(1) as f64;
        let noise = self.sum_of_squares / freedom;
        let mut flag = if self.converged { Flag::Fitted } else { Flag::NotConverged };
        // The slower component is first.
        let swap = model == Model::Bi && p[1] > p[3];
        for to in 0..n {
            let from = if swap { (to + 2) % n } else { to };
            let error = (noise * self.variance[from]).max(0.0).sqrt();
            let (value, error) = if model.is_rate(from) {
                let t2 = 1.0 / p[from];
                let (low, high) = settings.bounds.t2;
                if self.converged && (t2 <= low * (1.0 + 1e-9) || t2 >= high * (1.0 - 1e-9)) {
                    flag = Flag::AtBound;
                }
                (t2, error * t2 * t2)
            } else {
                (p[from], error)
            };
            maps.parameters[to][v] = finite(value);
            maps.errors[to][v] = finite(error);
        }
        if self.converged && maps.parameters[0][v] < 3.0 * maps.errors[0][v] {
            flag = Flag::Noise;
        }
        maps.r_squared[v] =
            if self.total > 0.0 { finite(1.0 - self.sum_of_squares / self.total) } else { 0.0 };
        maps.flags[v] = flag as u8;
    }
}

/// Maps never contain NaN; undefined values are very large.
fn finite(value: f64) -> f64 {
    if value.is_nan() {
        f64::from(f32::MAX)
    } else {
        value.clamp(f64::from(f32::MIN), f64::from(f32::MAX))
    }
}

/// Returns the diagonal of the inverse of a positive definite matrix with `n` rows (Gauss-Jordan
/// elimination).
fn inverse_diagonal(mut a: [[f64; MOST]; MOST], n: usize) -> [f64; MOST] {
    let mut inverse = [[0.0; MOST]; MOST];
    for (i, row) in inverse.iter_mut().enumerate() {
        row[i] = 1.0;
    }
    for k in 0..n {
        let pivot = a[k][k];
        for j in 0..n {
            a[k][j] /= pivot;
            inverse[k][j] /= pivot;
        }
        for i in (0..n).filter(|&i| i != k) {
            let factor = a[i][k];
            for j in 0..n {
                a[i][j] -= factor * a[k][j];
                inverse[i][j] -= factor * inverse[k][j];
            }
        }
    }
    std::array::from_fn(|i| inverse[i][i])
}
