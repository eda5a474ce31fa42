//! Logistic regression of one variant with a damped Newton method. It is used for variants for
//! which the iteration for eight variants does not converge, and for Firth's penalty.
//!
//! Firth (1993) adds `½ log |I(β)|` to the log-likelihood, with the information `I = Σ p(1 -
//! p)·x·xᵀ`. The penalized likelihood has a maximum also for separated data (Heinze and Schemper,
//! 2002).

use super::batch::{Data, dot, inverse};
use super::{Estimate, Fitted, NoEstimate};
use crate::gwas::statistics::p_value;

const STEPS: usize = 100;
/// The maximum change of a coefficient in one step, as in the R package logistf.
const LONGEST: f64 = 5.0;
const HALVINGS: usize = 30;
/// The relative step size for convergence, as for eight variants at once.
const TOLERANCE: f64 = 1e-10;

/// The function that is maximized.
#[derive(Clone, Copy, PartialEq)]
enum Likelihood {
    Plain,
    Penalised,
}

/// The predictors and the status of the samples with known genotypes.
struct Rows {
    predictors: Vec<f64>,
    sides: Vec<f64>,
    width: usize,
}

impl Rows {
    fn of(data: &Data<'_>, lane: usize) -> Self {
        let width = data.width + 2;
        let (mut predictors, mut sides) = (Vec::new(), Vec::new());
        for (k, (copies, &side)) in data.copies.iter().zip(data.phenotype).enumerate() {
            if copies[lane] >= 0.0 {
                predictors.extend([1.0, copies[lane]]);
                predictors.extend(&data.covariates[k * data.width..(k + 1) * data.width]);
                sides.push(side);
            }
        }
        Self { predictors, sides, width }
    }

    fn iter(&self) -> impl Iterator<Item = (&[f64], f64)> {
        let rows = self.predictors.chunks_exact(self.width);
        rows.zip(self.sides.iter().copied())
    }
}

/// The likelihood for given coefficients.
struct Point {
    beta: Vec<f64>,
    logarithm: f64,
    slope: Vec<f64>,
    /// The matrix of Newton's method.
    curvature: Vec<f64>,
    /// The inverse of the information.
    inverse: Vec<f64>,
}

impl Point {
    /// Evaluates the likelihood. Returns `None` if the information is numerically singular.
    fn at(rows: &Rows, beta: Vec<f64>, likelihood: Likelihood) -> Option<Self> {
        let n = rows.width;
        let (mut logarithm, mut information) = (0.0, vec![0.0; n * n]);
        // The probability of a case, and its variance.
        let mut chances = Vec::with_capacity(rows.sides.len());
        for (x, side) in rows.iter() {
            let sum = dot(x, &beta);
            let small = (-sum.abs()).exp();
            let (more, less) = (1.0 / (1.0 + small), small / (1.0 + small));
            let weight = more * less;
            chances.push((if sum < 0.0 { less } else { more }, weight));
            let margin = if side > 0.5 { sum } else { -sum };
            logarithm += margin.min(0.0) - small.ln_1p();
            add(&mut information, weight, x);
        }
        let (inverse, determinant) = inverse(information.clone(), n)?;
        let (mut slope, mut curvature) = (vec![0.0; n], information);
        for ((x, side), (chance, weight)) in rows.iter().zip(chances) {
            let mut rest = side - chance;
            if likelihood == Likelihood::Penalised {
                // The diagonal of the hat matrix.
                let lines = inverse.chunks_exact(n).map(|line| dot(line, x));
                let leverage: f64 = weight * lines.zip(x).map(|(a, x)| a * x).sum::<f64>();
                rest += leverage * (0.5 - chance);
                // The penalty acts like additional samples in both groups, and this is its
                // contribution to the curvature; the derivative of the leverage is omitted. With
                // the information alone, the steps are too long if few samples have a copy.
                add(&mut curvature, leverage * weight, x);
            }
            for (slope, x) in slope.iter_mut().zip(x) {
                *slope += rest * x;
            }
        }
        if likelihood == Likelihood::Penalised {
            logarithm += 0.5 * determinant;
        }
        logarithm.is_finite().then_some(Self { beta, logarithm, slope, curvature, inverse })
    }

    /// Computes a Newton step for all coefficients, or for all except `fixed`.
    fn step(&self, fixed: Option<usize>) -> Option<Vec<f64>> {
        let n = self.beta.len();
        let (mut matrix, mut slope) = (self.curvature.clone(), self.slope.clone());
        if let Some(fixed) = fixed {
            for k in 0..n {
                matrix[fixed * n + k] = 0.0;
                matrix[k * n + fixed] = 0.0;
            }
            matrix[fixed * (n + 1)] = 1.0;
            slope[fixed] = 0.0;
        }
        let (inverse, _) = inverse(matrix, n)?;
        let lines = inverse.chunks_exact(n);
        Some(lines.map(|line| dot(line, &slope)).collect())
    }

    /// Makes a step, which is shortened until the likelihood does not decrease.
    fn after(&self, step: &[f64], rows: &Rows, likelihood: Likelihood) -> Option<Self> {
        let longest = step.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
        let mut factor = (LONGEST / longest).min(1.0);
        // The tolerance for rounding errors of the sum over samples.
        let least = self.logarithm - 1e-12 * (1.0 + self.logarithm.abs());
        for _ in 0..HALVINGS {
            let moved = self.beta.iter().zip(step).map(|(b, s)| b + factor * s);
            let there = Self::at(rows, moved.collect(), likelihood);
            if let Some(there) = there.filter(|there| there.logarithm >= least) {
                return Some(there);
            }
            factor *= 0.5;
        }
        None
    }

    fn converged(&self, step: &[f64]) -> bool {
        let relative = |(s, b): (&f64, &f64)| s.abs() / (1.0 + b.abs());
        step.iter().zip(&self.beta).map(relative).all(|r| r < TOLERANCE)
    }
}

/// Computes standard errors from the inverse of the information, and the p-value from Wald's
/// statistic.
pub(super) fn plain(data: &Data<'_>, lane: usize) -> Fitted {
    let rows = Rows::of(data, lane);
    let found = maximise(&rows, Likelihood::Plain, None)?;
    let error = found.inverse[rows.width + 1].sqrt();
    let statistic = found.beta[1] / error;
    Ok(Estimate {
        samples: rows.sides.len(),
        beta: found.beta[1],
        error,
        statistic,
        p: p_value(statistic * statistic),
        firth: false,
    })
}

/// Computes standard errors from the inverse of the information at the maximum of the penalized
/// likelihood, and the p-value from the penalized likelihood ratio for the variant's coefficient.
/// For few copies, it differs considerably from Wald's.
pub(super) fn firth(data: &Data<'_>, lane: usize) -> Fitted {
    let rows = Rows::of(data, lane);
    let found = maximise(&rows, Likelihood::Penalised, None)?;
    let without = maximise(&rows, Likelihood::Penalised, Some(1))?;
    let ratio = (2.0 * (found.logarithm - without.logarithm)).max(0.0);
    Ok(Estimate {
        samples: rows.sides.len(),
        beta: found.beta[1],
        error: found.inverse[rows.width + 1].sqrt(),
        statistic: ratio.sqrt().copysign(found.beta[1]),
        p: p_value(ratio),
        firth: true,
    })
}

fn maximise(
    rows: &Rows,
    likelihood: Likelihood,
    fixed: Option<usize>,
) -> Result<Point, NoEstimate> {
    let failed = NoEstimate::NotConverged;
    let mut here = Point::at(rows, vec![0.0; rows.width], likelihood).ok_or(failed)?;
    for _ in 0..STEPS {
        let step = here.step(fixed).ok_or(failed)?;
        if here.converged(&step) {
            return Ok(here);
        }
        if likelihood == Likelihood::Plain && separates(rows, &step) {
            return Err(NoEstimate::Separated);
        }
        here = here.after(&step, rows, likelihood).ok_or(failed)?;
    }
    Err(failed)
}

/// Returns whether the likelihood increases without bound in a direction: no sample is on the wrong
/// side, and some samples are on the right side (Albert and Anderson, 1984). If there is such a
/// direction, Newton's steps tend to it.
fn separates(rows: &Rows, direction: &[f64]) -> bool {
    let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
    for (x, side) in rows.iter() {
        let sum = dot(x, direction);
        let margin = if side > 0.5 { sum } else { -sum };
        (least, most) = (least.min(margin), most.max(margin));
    }
    most > 0.0 && least >= -1e-7 * most
}

/// Adds `weight·x·xᵀ`.
fn add(matrix: &mut [f64], weight: f64, x: &[f64]) {
    for (line, a) in matrix.chunks_exact_mut(x.len()).zip(x) {
        for (entry, b) in line.iter_mut().zip(x) {
            *entry += weight * a * b;
        }
    }
}
