//! Regression of a phenotype on one variant and covariates.

use libm::lgamma;

use super::statistics::p_value;

/// What a regression says of the variant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Samples that took part.
    pub samples: usize,
    /// Change of the phenotype, or of the log odds, for each copy of the reported allele.
    pub beta: f64,
    /// Its standard error.
    pub error: f64,
    /// Probability of a larger ratio of both by chance.
    pub p: f64,
}

impl Estimate {
    /// Ratio of the change to its error.
    #[must_use]
    pub fn statistic(&self) -> f64 {
        self.beta / self.error
    }
}

/// Which regression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Least squares, for quantities.
    Linear,
    /// Log odds, for cases (1) and controls (0).
    Logistic,
}

/// Phenotype and covariates of the samples for which both are known.
#[derive(Clone, Debug)]
pub struct Regression {
    kind: Kind,
    /// Number of each of the samples among all.
    samples: Vec<usize>,
    phenotype: Vec<f64>,
    /// Sample by sample, the covariates.
    covariates: Vec<f64>,
    width: usize,
}

/// Factors of inflated variance above which predictors say the same, as PLINK has it.
const MOST_INFLATION: f64 = 50.0;
const NEWTON_STEPS: usize = 50;

impl Regression {
    /// Leaves out samples of which the phenotype, or a covariate, is not known.
    #[must_use]
    pub fn new(kind: Kind, phenotype: &[Option<f64>], covariates: &[Vec<Option<f64>>]) -> Self {
        let known =
            |&i: &usize| phenotype[i].is_some() && covariates.iter().all(|c| c[i].is_some());
        let samples: Vec<usize> = (0..phenotype.len()).filter(known).collect();
        let rows = samples
            .iter()
            .flat_map(|&i| covariates.iter().filter_map(move |c| c[i]));
        Self {
            kind,
            phenotype: samples.iter().filter_map(|&i| phenotype[i]).collect(),
            covariates: rows.collect(),
            width: covariates.len(),
            samples,
        }
    }

    /// Number of samples whose phenotype and covariates are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// The regression on a variant of packed genotypes, of which the second allele is reported if it is `swapped`. `None`
    /// where nothing can be said: one genotype only, predictors that say the same, perfect separation.
    #[must_use]
    pub fn estimate(&self, packed: &[u8], swapped: bool) -> Option<Estimate> {
        let width = self.width + 2;
        let mut rows = Vec::with_capacity(self.len() * width);
        let mut y = Vec::with_capacity(self.len());
        for (k, &i) in self.samples.iter().enumerate() {
            let copies = match packed[i / 4] >> (2 * (i % 4)) & 3 {
                0 => 2.0,
                2 => 1.0,
                3 => 0.0,
                _ => continue,
            };
            rows.push(1.0);
            rows.push(if swapped { 2.0 - copies } else { copies });
            rows.extend_from_slice(&self.covariates[k * self.width..(k + 1) * self.width]);
            y.push(self.phenotype[k]);
        }
        if y.len() <= width || !independent(&rows, width) {
            return None;
        }
        match self.kind {
            Kind::Linear => least_squares(&rows, &y, width),
            Kind::Logistic => newton(&rows, &y, width),
        }
    }
}

/// `Σ weight·row·rowᵀ`.
fn gram(rows: &[f64], width: usize, weight: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut sum = vec![0.0; width * width];
    for (k, row) in rows.chunks_exact(width).enumerate() {
        let w = weight(k);
        for (a, line) in row.iter().zip(sum.chunks_exact_mut(width)) {
            for (b, s) in row.iter().zip(line) {
                *s += w * a * b;
            }
        }
    }
    sum
}

/// The inverse of a symmetric positive definite matrix, by elimination.
fn inverse(mut a: Vec<f64>, n: usize) -> Option<Vec<f64>> {
    let scale = a.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let mut b = vec![0.0; n * n];
    (0..n).for_each(|i| b[i * n + i] = 1.0);
    for i in 0..n {
        let pivot = a[i * n + i];
        if pivot.is_nan() || pivot <= 1e-14 * scale {
            return None;
        }
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
    Some(b)
}

/// Whether every predictor but the first, which is one, varies, and not as the others do.
fn independent(rows: &[f64], width: usize) -> bool {
    let count = (rows.len() / width) as f64;
    let n = width - 1;
    let mean = |c: usize| rows.iter().skip(c).step_by(width).sum::<f64>() / count;
    let means: Vec<f64> = (1..width).map(mean).collect();
    let centred: Vec<f64> = rows
        .chunks_exact(width)
        .flat_map(|row| row[1..].iter().zip(&means).map(|(v, m)| v - m))
        .collect();
    let mut sums = gram(&centred, n, |_| 1.0);
    let roots: Vec<f64> = (0..n).map(|i| sums[i * n + i].sqrt()).collect();
    if roots
        .iter()
        .zip(&means)
        .any(|(r, m)| *r <= 1e-10 * (1.0 + m.abs()))
    {
        return false;
    }
    for (k, s) in sums.iter_mut().enumerate() {
        *s /= roots[k / n] * roots[k % n];
    }
    inverse(sums, n).is_some_and(|v| (0..n).all(|i| v[i * n + i] <= MOST_INFLATION))
}

fn times(rows: &[f64], width: usize, values: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut sum = vec![0.0; width];
    for (k, row) in rows.chunks_exact(width).enumerate() {
        let value = values(k);
        sum.iter_mut().zip(row).for_each(|(s, r)| *s += value * r);
    }
    sum
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn least_squares(rows: &[f64], y: &[f64], width: usize) -> Option<Estimate> {
    let inverse = inverse(gram(rows, width, |_| 1.0), width)?;
    let right = times(rows, width, |k| y[k]);
    let beta: Vec<f64> = inverse
        .chunks_exact(width)
        .map(|line| dot(line, &right))
        .collect();
    let squares = rows.chunks_exact(width).zip(y);
    let squares: f64 = squares.map(|(row, y)| (y - dot(row, &beta)).powi(2)).sum();
    let freedom = (y.len() - width) as f64;
    let error = (squares / freedom * inverse[width + 1]).sqrt();
    (error > 0.0).then(|| Estimate {
        samples: y.len(),
        beta: beta[1],
        error,
        p: student(beta[1] / error, freedom),
    })
}

fn newton(rows: &[f64], y: &[f64], width: usize) -> Option<Estimate> {
    let mut beta = vec![0.0; width];
    for _ in 0..NEWTON_STEPS {
        let odds: Vec<f64> = rows
            .chunks_exact(width)
            .map(|row| 1.0 / (1.0 + (-dot(row, &beta)).exp()))
            .collect();
        let inverse = inverse(gram(rows, width, |k| odds[k] * (1.0 - odds[k])), width)?;
        let slope = times(rows, width, |k| y[k] - odds[k]);
        let mut largest = 0.0_f64;
        for (b, line) in beta.iter_mut().zip(inverse.chunks_exact(width)) {
            let step = dot(line, &slope);
            *b += step;
            largest = largest.max(step.abs() / (1.0 + b.abs()));
        }
        if largest < 1e-10 {
            let error = inverse[width + 1].sqrt();
            return Some(Estimate {
                samples: y.len(),
                beta: beta[1],
                error,
                p: p_value((beta[1] / error).powi(2)),
            });
        }
    }
    // The odds of some sample go to infinity: the genotypes tell cases and controls apart.
    None
}

/// Probability of a larger |t| with so many degrees of freedom.
fn student(t: f64, freedom: f64) -> f64 {
    let x = freedom / (freedom + t * t);
    incomplete_beta(0.5 * freedom, 0.5, x)
}

/// The regularised incomplete beta function, by Lentz's continued fraction.
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let front = a * x.ln() + b * (-x).ln_1p() + lgamma(a + b) - lgamma(a) - lgamma(b) - a.ln();
    let (mut f, mut c, mut d) = (1.0, 1.0, 0.0);
    for i in 0..2000 {
        let m = f64::from(i / 2);
        let numerator = match i {
            0 => 1.0,
            _ if i % 2 == 0 => m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            _ => -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        };
        let keep = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
        d = 1.0 / keep(1.0 + numerator * d);
        c = keep(1.0 + numerator / c);
        f *= c * d;
        if (c * d - 1.0).abs() < 1e-15 {
            break;
        }
    }
    front.exp() * (f - 1.0)
}

#[cfg(test)]
mod tests {
    use super::student;

    /// `2*scipy.stats.t.sf(t, df)`
    #[test]
    fn known_tails() {
        for (t, df, p) in [
            (0.0, 5.0, 1.0),
            (1.521, 182.0, 0.129_991_0),
            (2.0, 10.0, 0.073_388_034_770_740_37),
        ] {
            assert!(
                (student(t, df) / p - 1.0).abs() < 1e-4,
                "{t} {df}: {}",
                student(t, df)
            );
        }
        assert!((student(2.0, 10.0) - 0.073_388_034_770_740_37).abs() < 1e-12);
    }
}
