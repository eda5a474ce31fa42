//! Regression of a phenotype on one variant and covariates.

mod batch;
mod single;
mod student;

use super::scan::Genotypes;
use crate::lanes::{LANES, Lane};
use batch::{Data, UNKNOWN};

/// The result of a regression for the variant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The number of samples in the regression.
    pub samples: usize,
    /// The change of the phenotype, or of the log odds, for each copy of the reported allele.
    pub beta: f64,
    /// The standard error.
    pub error: f64,
    /// `beta / error`. With Firth's penalty, the statistic is instead the square root of the
    /// chi-square of the penalized likelihood ratio, with the sign of `beta`.
    pub statistic: f64,
    /// The p-value.
    pub p: f64,
    /// Whether the likelihood has Firth's penalty.
    pub firth: bool,
}

/// The reason why a variant has no estimate. If `plink2 --glm` has a code for the reason,
/// [`code`](Self::code) returns the same code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoEstimate {
    /// The number of samples does not exceed the number of coefficients.
    TooFewSamples,
    /// All samples have the same number of copies.
    Constant,
    /// The predictors are nearly linearly dependent.
    Collinear,
    /// Genotypes and covariates separate cases and controls: the likelihood has no maximum.
    Separated,
    /// The maximization of the likelihood does not converge.
    NotConverged,
    /// The residuals are zero, so there is no standard error.
    NoResidual,
    /// The chromosome is not diploid in all samples.
    Chromosome,
}

impl NoEstimate {
    /// All reasons.
    pub const ALL: [Self; 7] = [
        Self::TooFewSamples,
        Self::Constant,
        Self::Collinear,
        Self::Separated,
        Self::NotConverged,
        Self::NoResidual,
        Self::Chromosome,
    ];

    /// Returns the code that is printed in tables.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooFewSamples => "SAMPLE_CT<=PREDICTOR_CT",
            Self::Constant => "CONST_ALLELE",
            Self::Collinear => "VIF_TOO_HIGH",
            Self::Separated => "SEPARATION",
            Self::NotConverged => "CONVERGE_FAIL",
            Self::NoResidual => "ZERO_RESIDUAL",
            Self::Chromosome => "NOT_DIPLOID",
        }
    }
}

/// An estimate, or the reason why there is none.
pub type Fitted = Result<Estimate, NoEstimate>;

/// The type of regression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Linear regression for quantities.
    Linear,
    /// Logistic regression for cases (1) and controls (0).
    Logistic,
    /// Logistic regression, with Firth's penalty if the likelihood has no maximum.
    LogisticOrFirth,
    /// Logistic regression, with Firth's penalty for all variants.
    Firth,
}

/// The phenotype and covariates of the samples for which both are known.
#[derive(Clone, Debug)]
pub struct Regression {
    kind: Kind,
    /// The index of each sample among all samples.
    samples: Vec<usize>,
    /// In linear regression, the quantity minus its mean; in logistic regression, 0 or 1.
    phenotype: Vec<f64>,
    /// The covariates, sample by sample, each minus its mean and divided by its standard deviation.
    /// Up to rounding, the result for the variant does not depend on this scaling.
    covariates: Vec<f64>,
    width: usize,
}

impl Regression {
    /// Selects the samples with known phenotype and covariates.
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
            Kind::Logistic | Kind::LogisticOrFirth | Kind::Firth => of(phenotype),
        };
        Self { kind, phenotype, covariates: rows.collect(), width: covariates.len(), samples }
    }

    /// Returns the number of samples with known phenotype and covariates.
    #[must_use]
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// Returns whether there are no samples.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// Computes the regressions. `variants` contains the index of each variant, and whether the
    /// variant is swapped. The second allele of a swapped variant is reported.
    ///
    /// Eight variants are fitted at a time, one in each lane of a vector register, so that the
    /// phenotype and covariates of each sample are read once for all of them.
    pub fn estimates(
        &self,
        genotypes: &mut dyn Genotypes,
        variants: &[(usize, bool)],
    ) -> Vec<Fitted> {
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

    /// Stores the samples' copies of the reported allele in a lane.
    fn unpack(&self, packed: &[u8], swapped: bool, lane: usize, copies: &mut [Lane]) {
        let meaning = if swapped { [0.0, UNKNOWN, 1.0, 2.0] } else { [2.0, UNKNOWN, 1.0, 0.0] };
        for (&i, copies) in self.samples.iter().zip(copies) {
            copies[lane] = meaning[usize::from(packed[i / 4] >> (2 * (i % 4)) & 3)];
        }
    }
}

/// Subtracts the mean.
fn centred(mut values: Vec<f64>) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    values.iter_mut().for_each(|v| *v -= mean);
    values
}

/// Subtracts the mean and divides by the standard deviation. A constant column becomes zero.
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
    use super::{Fitted, Genotypes, Kind, NoEstimate, Regression};

    struct Packed(Vec<u8>);

    impl Genotypes for Packed {
        fn variant(&mut self, _: usize) -> &[u8] {
            &self.0
        }
    }

    /// Copies 0, 1, 2 repeatedly, and a covariate that is the number of copies plus or minus
    /// `little`: its variance inflation factor is `1 + (2/3)/little²`.
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
                assert_eq!(found[0].is_ok(), expected, "{kind:?} {inflation}");
                assert!(expected || found[0] == Err(NoEstimate::Collinear));
            }
        }
    }

    /// A table of cases with and without a copy, and controls with and without a copy, in this
    /// order.
    fn of_table(kind: Kind, table: [u32; 4]) -> Fitted {
        // Whether the sample is a case, and the code of its genotype.
        let cells = [(1.0, 2), (1.0, 3), (0.0, 2), (0.0, 3)];
        let people = cells.iter().zip(table);
        let people: Vec<_> = people.flat_map(|(c, n)| (0..n).map(move |_| *c)).collect();
        let packed = people.chunks(4).map(|four| {
            let codes = four.iter().enumerate().map(|(i, (_, code))| code << (2 * i));
            codes.sum()
        });
        let phenotype: Vec<_> = people.iter().map(|(side, _)| Some(*side)).collect();
        let regression = Regression::new(kind, &phenotype, &[]);
        regression.estimates(&mut Packed(packed.collect()), &[(0, false)])[0]
    }

    fn close(found: f64, expected: f64, table: [u32; 4]) {
        let error = (found - expected).abs() / (1.0 + expected.abs());
        assert!(error < 1e-8, "{table:?}: {found} instead of {expected}");
    }

    const TABLES: [[u32; 4]; 5] =
        [[12, 31, 7, 40], [6, 25, 0, 33], [9, 0, 0, 14], [40, 1, 200, 3000], [1, 50, 0, 49]];

    /// The model of a two by two table has as many coefficients as groups: Firth's penalty adds one
    /// half to each cell.
    #[test]
    fn firths_penalty_adds_a_half_to_each_cell() {
        for table in TABLES {
            let [a, b, c, d] = table.map(|n| f64::from(n) + 0.5);
            for kind in [Kind::Firth, Kind::LogisticOrFirth] {
                let found = of_table(kind, table).unwrap();
                if !found.firth {
                    assert!(kind != Kind::Firth && table.iter().all(|&n| n > 0));
                    continue;
                }
                close(found.beta, (a * d / (b * c)).ln(), table);
                // n·p·(1 - p) of the groups with and without a copy.
                let information = |x: f64, y: f64| (x + y - 1.0) * x * y / (x + y).powi(2);
                let variance = 1.0 / information(a, c) + 1.0 / information(b, d);
                close(found.error, variance.sqrt(), table);
                // With one probability for all samples, the information of each group has its
                // variance: 1 is added.
                let group = |x: f64, y: f64| x * (x / (x + y)).ln() + y * (y / (x + y)).ln();
                let ratio = 2.0 * (group(a, c) + group(b, d) - group(a + b, c + d));
                close(found.statistic.powi(2), ratio, table);
                close(found.p, crate::gwas::p_value(ratio), table);
                assert_eq!(found.statistic > 0.0, found.beta > 0.0);
                assert_eq!(found.samples as u32, table.iter().sum::<u32>());
            }
        }
    }

    /// Without a penalty, the log odds ratio is that of the cells. It is infinite if one of them is
    /// empty.
    #[test]
    fn a_table_with_an_empty_cell_is_separated() {
        for table in TABLES.into_iter().chain([[30, 1, 1, 5000], [2, 1, 1, 2]]) {
            let [a, b, c, d] = table.map(f64::from);
            let found = of_table(Kind::Logistic, table);
            if table.contains(&0) {
                assert_eq!(found, Err(NoEstimate::Separated), "{table:?}");
                continue;
            }
            let found = found.unwrap();
            close(found.beta, (a * d / (b * c)).ln(), table);
            let variance = 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d;
            close(found.error, variance.sqrt(), table);
        }
        let constant = of_table(Kind::Logistic, [0, 9, 0, 8]);
        assert_eq!(constant, Err(NoEstimate::Constant));
        let few = of_table(Kind::LogisticOrFirth, [1, 0, 0, 1]);
        assert_eq!(few, Err(NoEstimate::TooFewSamples));
    }
}
