//! Regression of a phenotype on one variant and covariates.

mod batch;
mod student;

use super::scan::Genotypes;
use crate::lanes::{LANES, Lane};
use batch::{Data, UNKNOWN};

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
    /// A quantity less its mean.
    phenotype: Vec<f64>,
    /// Sample by sample, the covariates: each less its mean, over its spread. What is said of the variant does not depend on
    /// that, but for rounding.
    covariates: Vec<f64>,
    width: usize,
}

impl Regression {
    /// Leaves out samples of which the phenotype, or a covariate, is not known.
    #[must_use]
    pub fn new(kind: Kind, phenotype: &[Option<f64>], covariates: &[Vec<Option<f64>>]) -> Self {
        let known =
            |&i: &usize| phenotype[i].is_some() && covariates.iter().all(|c| c[i].is_some());
        let samples: Vec<usize> = (0..phenotype.len()).filter(known).collect();
        let of = |column: &[Option<f64>]| -> Vec<f64> {
            samples.iter().filter_map(|&i| column[i]).collect()
        };
        let columns: Vec<Vec<f64>> = covariates.iter().map(|c| standard(of(c))).collect();
        let rows = (0..samples.len()).flat_map(|k| columns.iter().map(move |c| c[k]));
        let phenotype = match kind {
            Kind::Linear => centred(of(phenotype)),
            Kind::Logistic => of(phenotype),
        };
        Self {
            kind,
            phenotype,
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

    /// The regressions on variants given by their numbers; the second allele of a variant is reported if it is `swapped`.
    /// `None` where nothing can be said: one genotype only, predictors that say the same, perfect separation.
    ///
    /// Eight variants are fitted at a time, one in each lane of the vector registers, so that each sample's phenotype and
    /// covariates are read once for all of them.
    pub fn estimates(
        &self,
        genotypes: &mut dyn Genotypes,
        variants: &[(usize, bool)],
    ) -> Vec<Option<Estimate>> {
        let mut copies = vec![[UNKNOWN; LANES]; self.len()];
        let mut found = Vec::with_capacity(variants.len());
        for some in variants.chunks(LANES) {
            for (lane, &(index, swapped)) in some.iter().enumerate() {
                self.unpack(genotypes.variant(index), swapped, lane, &mut copies);
            }
            let data = Data {
                copies: &copies,
                covariates: &self.covariates,
                width: self.width,
                phenotype: &self.phenotype,
            };
            let all = batch::fit(&data, self.kind);
            found.extend_from_slice(&all[..some.len()]);
        }
        found
    }

    /// Copies of the reported allele that the samples have, into a lane.
    fn unpack(&self, packed: &[u8], swapped: bool, lane: usize, copies: &mut [Lane]) {
        let meaning = if swapped {
            [0.0, UNKNOWN, 1.0, 2.0]
        } else {
            [2.0, UNKNOWN, 1.0, 0.0]
        };
        for (&i, copies) in self.samples.iter().zip(copies) {
            copies[lane] = meaning[usize::from(packed[i / 4] >> (2 * (i % 4)) & 3)];
        }
    }
}

/// Less the mean.
fn centred(mut values: Vec<f64>) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    values.iter_mut().for_each(|v| *v -= mean);
    values
}

/// Less the mean, over the spread; zeros where there is none.
fn standard(values: Vec<f64>) -> Vec<f64> {
    let size = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let mut values = centred(values);
    let spread = (values.iter().map(|v| v * v).sum::<f64>() / values.len().max(1) as f64).sqrt();
    let varies = spread > 1e-12 * size;
    let scale = if varies { 1.0 / spread } else { 0.0 };
    values.iter_mut().for_each(|v| *v *= scale);
    values
}

#[cfg(test)]
mod tests {
    use super::{Genotypes, Kind, Regression};

    struct Packed(Vec<u8>);

    impl Genotypes for Packed {
        fn variant(&mut self, _: usize) -> &[u8] {
            &self.0
        }
    }

    /// Copies 0, 1, 2 in turns, and a covariate that is the copies and, half of the time each, a little more or less: its variance
    /// is inflated `1 + (2/3)/little²` times.
    #[test]
    fn predictors_that_say_the_same_are_found_as_plink_does() {
        let copies = |i: usize| i % 3;
        let code = |i: usize| [3, 2, 0][copies(i)] << (2 * (i % 4));
        let packed = (0..15).map(|byte| (4 * byte..4 * byte + 4).map(code).sum());
        let mut genotypes = Packed(packed.collect());
        for (inflation, expected) in [(49.0, true), (51.0, false)] {
            let little = (2.0 / 3.0 / (inflation - 1.0_f64)).sqrt();
            let covariate = |i: usize| {
                let sign = if i / 3 % 2 == 0 { 1.0 } else { -1.0 };
                Some(1e3 + 20.0 * (copies(i) as f64 + sign * little))
            };
            let covariates = [(0..60).map(covariate).collect()];
            for kind in [Kind::Linear, Kind::Logistic] {
                let phenotype: Vec<_> = (0..60).map(|i| Some((i * 7 % 11 % 2) as f64)).collect();
                let regression = Regression::new(kind, &phenotype, &covariates);
                let found = regression.estimates(&mut genotypes, &[(0, false)]);
                assert_eq!(found[0].is_some(), expected, "{kind:?} {inflation}");
            }
        }
    }
}
