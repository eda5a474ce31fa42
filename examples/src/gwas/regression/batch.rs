//! Regressions of several variants at once, one in each lane.

use super::student::student;
use super::{Estimate, Fitted, Kind, NoEstimate, single};
use crate::gwas::statistics::p_value;
use crate::lanes::{LANES, Lane, exp, for_processors, multiply_add};

/// Replaces the number of copies.
pub(super) const UNKNOWN: f64 = -1.0;
/// The variance inflation factor above which predictors count as dependent, as in PLINK.
const MOST_INFLATION: f64 = 50.0;
const NEWTON_STEPS: usize = 50;

/// The data of the samples.
pub(super) struct Data<'a> {
    /// The copies of the reported allele of each variant.
    pub(super) copies: &'a [Lane],
    /// The covariates, `width` for each sample.
    pub(super) covariates: &'a [f64],
    pub(super) width: usize,
    pub(super) phenotype: &'a [f64],
}

/// A sum over the samples with known genotypes.
#[derive(Clone, Copy, PartialEq)]
enum Pass {
    /// `Σ x·xᵀ` and `Σ y·x`.
    Moments,
    /// `Σ (y - x·β)²`, stored in place of `Σ x·xᵀ`.
    Squares,
    /// `Σ p(1 - p)·x·xᵀ` and `Σ (y - p)·x`, where `p` is the probability of a case at the log odds
    /// `x·β`.
    Odds,
}

/// Sums for each variant. The predictors `x` are the constant 1, the number of copies, and the
/// covariates.
struct Sums {
    /// The upper triangle of the matrix, row by row.
    matrix: Vec<Lane>,
    vector: Vec<Lane>,
    /// Adds one sample.
    row: Vec<Lane>,
}

impl Sums {
    fn new(width: usize) -> Self {
        Self {
            matrix: vec![[0.0; LANES]; width * (width + 1) / 2],
            vector: vec![[0.0; LANES]; width],
            row: vec![[1.0; LANES]; width],
        }
    }

    /// Returns the matrix of one lane.
    fn matrix(&self, lane: usize) -> Vec<f64> {
        let width = self.vector.len();
        let mut whole = vec![0.0; width * width];
        let mut sums = self.matrix.iter();
        for a in 0..width {
            for (b, sum) in (a..width).zip(&mut sums) {
                whole[a * width + b] = sum[lane];
                whole[b * width + a] = sum[lane];
            }
        }
        whole
    }

    fn vector(&self, lane: usize) -> Vec<f64> {
        self.vector.iter().map(|sum| sum[lane]).collect()
    }
}

for_processors! {
    fn add_up(data: &Data<'_>, pass: Pass, beta: &[Lane], sums: &mut Sums) = add_up_with;
}

#[inline(always)]
fn add_up_with<const FUSED: bool>(data: &Data<'_>, pass: Pass, beta: &[Lane], sums: &mut Sums) {
    sums.matrix.fill([0.0; LANES]);
    sums.vector.fill([0.0; LANES]);
    let width = data.width + 2;
    let (row, vector) = (&mut sums.row[..width], &mut sums.vector[..width]);
    let beta = &beta[..width];
    for (k, (copies, &y)) in data.copies.iter().zip(data.phenotype).enumerate() {
        let known: Lane = std::array::from_fn(|i| if copies[i] < 0.0 { 0.0 } else { 1.0 });
        row[1] = std::array::from_fn(|i| copies[i].max(0.0));
        let covariates = &data.covariates[k * data.width..(k + 1) * data.width];
        for (x, &c) in row[2..].iter_mut().zip(covariates) {
            *x = [c; LANES];
        }
        let (mut weight, mut rest) = (known, [y; LANES]);
        if pass != Pass::Moments {
            let mut sum = beta[0];
            for (b, x) in beta[1..].iter().zip(&row[1..]) {
                for i in 0..LANES {
                    sum[i] = multiply_add::<FUSED>(b[i], x[i], sum[i]);
                }
            }
            if pass == Pass::Odds {
                let below: Lane = std::array::from_fn(|i| -sum[i].abs());
                let small = exp::<FUSED>(&below);
                for i in 0..LANES {
                    let (more, less) = (1.0 / (1.0 + small[i]), small[i] / (1.0 + small[i]));
                    weight[i] *= more * less;
                    rest[i] -= if sum[i] < 0.0 { less } else { more };
                }
            } else {
                for i in 0..LANES {
                    let distance = y - sum[i];
                    sums.matrix[0][i] += known[i] * distance * distance;
                }
                continue;
            }
        }
        let mut place = 0;
        for a in 0..width {
            let x = row[a];
            for i in 0..LANES {
                vector[a][i] = multiply_add::<FUSED>(known[i] * rest[i], x[i], vector[a][i]);
            }
            let weighted: Lane = std::array::from_fn(|i| weight[i] * x[i]);
            for (sum, x) in sums.matrix[place..].iter_mut().zip(&row[a..]) {
                for i in 0..LANES {
                    sum[i] = multiply_add::<FUSED>(weighted[i], x[i], sum[i]);
                }
            }
            place += width - a;
        }
    }
}

/// The result in each lane.
type Lanes = [Fitted; LANES];

/// Computes the regressions of all lanes.
pub(super) fn fit(data: &Data<'_>, kind: Kind) -> Lanes {
    let width = data.width + 2;
    let mut sums = Sums::new(width);
    let beta = vec![[0.0; LANES]; width];
    add_up(data, Pass::Moments, &beta, &mut sums);
    let samples: [usize; LANES] = std::array::from_fn(|lane| sums.matrix[0][lane] as usize);
    let possible: [Result<(), NoEstimate>; LANES] = std::array::from_fn(|lane| {
        if samples[lane] > width {
            independent(&sums.matrix(lane), width)
        } else {
            Err(NoEstimate::TooFewSamples)
        }
    });
    let open = possible.map(|possible| possible.is_ok());
    let found = match kind {
        Kind::Linear => least_squares(data, sums, beta, samples, open),
        Kind::Logistic | Kind::LogisticOrFirth => newton(data, sums, beta, samples, open),
        Kind::Firth => [None; LANES],
    };
    std::array::from_fn(|lane| {
        possible[lane]?;
        found[lane].map_or_else(|| alone(data, kind, lane), Ok)
    })
}

/// Computes the regression of a lane for which the joint iteration has no result.
fn alone(data: &Data<'_>, kind: Kind, lane: usize) -> Fitted {
    match kind {
        Kind::Linear => Err(NoEstimate::NoResidual),
        Kind::Logistic => single::plain(data, lane),
        Kind::LogisticOrFirth => single::plain(data, lane).or_else(|_| single::firth(data, lane)),
        Kind::Firth => single::firth(data, lane),
    }
}

fn least_squares(
    data: &Data<'_>,
    mut sums: Sums,
    mut beta: Vec<Lane>,
    samples: [usize; LANES],
    open: [bool; LANES],
) -> [Option<Estimate>; LANES] {
    let width = beta.len();
    let mut spreads = [None; LANES];
    for lane in (0..LANES).filter(|&lane| open[lane]) {
        let inverse = inverse(sums.matrix(lane), width);
        spreads[lane] = inverse.map(|(inverse, _)| {
            let right = sums.vector(lane);
            for (b, line) in beta.iter_mut().zip(inverse.chunks_exact(width)) {
                b[lane] = dot(line, &right);
            }
            inverse[width + 1]
        });
    }
    add_up(data, Pass::Squares, &beta, &mut sums);
    std::array::from_fn(|lane| {
        let freedom = samples[lane].checked_sub(width)? as f64;
        let error = (sums.matrix[0][lane] / freedom * spreads[lane]?).sqrt();
        let statistic = beta[1][lane] / error;
        (error > 0.0).then(|| Estimate {
            samples: samples[lane],
            beta: beta[1][lane],
            error,
            statistic,
            p: student(statistic, freedom),
            firth: false,
        })
    })
}

/// Applies Newton's method to all lanes, until the last has converged. The result of a lane is
/// `None` if it does not converge, in most cases because the odds of some sample tend to infinity.
/// some sample go to infinity.
fn newton(
    data: &Data<'_>,
    mut sums: Sums,
    mut beta: Vec<Lane>,
    samples: [usize; LANES],
    mut open: [bool; LANES],
) -> [Option<Estimate>; LANES] {
    let width = beta.len();
    let mut found = [None; LANES];
    for _ in 0..NEWTON_STEPS {
        if open == [false; LANES] {
            break;
        }
        add_up(data, Pass::Odds, &beta, &mut sums);
        for lane in 0..LANES {
            if !open[lane] {
                continue;
            }
            let Some((inverse, _)) = inverse(sums.matrix(lane), width) else {
                open[lane] = false;
                continue;
            };
            let slope = sums.vector(lane);
            let mut largest = 0.0_f64;
            for (b, line) in beta.iter_mut().zip(inverse.chunks_exact(width)) {
                let step = dot(line, &slope);
                b[lane] += step;
                largest = largest.max(step.abs() / (1.0 + b[lane].abs()));
            }
            if largest < 1e-10 {
                open[lane] = false;
                let error = inverse[width + 1].sqrt();
                let statistic = beta[1][lane] / error;
                found[lane] = Some(Estimate {
                    samples: samples[lane],
                    beta: beta[1][lane],
                    error,
                    statistic,
                    p: p_value(statistic * statistic),
                    firth: false,
                });
            }
        }
    }
    found
}

/// Returns whether all predictors except the constant vary and are linearly independent, computed
/// from `Σ x·xᵀ`.
fn independent(moments: &[f64], width: usize) -> Result<(), NoEstimate> {
    let (count, n) = (moments[0], width - 1);
    let centred = |a: usize, b: usize| moments[a * width + b] - moments[a] * moments[b] / count;
    let roots: Vec<f64> = (1..width).map(|a| centred(a, a).max(0.0).sqrt()).collect();
    let varies = |(a, root): (usize, &f64)| *root > 1e-6 * moments[(a + 1) * (width + 1)].sqrt();
    if !varies((0, &roots[0])) {
        return Err(NoEstimate::Constant);
    }
    if !roots.iter().enumerate().all(varies) {
        return Err(NoEstimate::Collinear);
    }
    let correlations = (0..n * n).map(|k| {
        let (a, b) = (k / n, k % n);
        centred(a + 1, b + 1) / (roots[a] * roots[b])
    });
    match inverse(correlations.collect(), n) {
        Some((v, _)) if (0..n).all(|i| v[i * n + i] <= MOST_INFLATION) => Ok(()),
        _ => Err(NoEstimate::Collinear),
    }
}

/// Returns the inverse of a symmetric positive definite matrix, computed by elimination, and the
/// logarithm of the determinant.
pub(super) fn inverse(mut a: Vec<f64>, n: usize) -> Option<(Vec<f64>, f64)> {
    let scale = a.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let (mut b, mut determinant) = (vec![0.0; n * n], 0.0);
    (0..n).for_each(|i| b[i * n + i] = 1.0);
    for i in 0..n {
        let pivot = a[i * n + i];
        if pivot.is_nan() || pivot <= 1e-14 * scale {
            return None;
        }
        determinant += pivot.ln();
        for j in 0..n {
            a[i * n + j] /= pivot;
            b[i * n + j] /= pivot;
        }
        for k in (0..n).filter(|&k| k != i) {
            let factor = a[k * n + i];
            for j in 0..n {
                a[k * n + j] -= factor * a[i * n + j];
                b[k * n + j] -= factor * b[i * n + j];
            }
        }
    }
    Some((b, determinant))
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
