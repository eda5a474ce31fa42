//! Statistics of the allele and genotype counts of one variant.

use super::count::Alleles;
use super::statistics::p_value;

/// The allele counts of one variant in cases and controls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The counts in the cases.
    pub cases: Alleles,
    /// The counts in the controls.
    pub controls: Alleles,
    /// Whether the second allele is the minor allele. The minor allele is reported.
    pub swapped: bool,
}

impl Counts {
    /// Returns the counts of the reported and the other allele in cases, then in controls.
    fn table(&self) -> [f64; 4] {
        let pair = |alleles: Alleles| {
            let (first, second) = (alleles.first as f64, alleles.second as f64);
            if self.swapped { [second, first] } else { [first, second] }
        };
        let ([a, b], [c, d]) = (pair(self.cases), pair(self.controls));
        [a, b, c, d]
    }

    /// Returns Pearson's chi-square of the two by two table of alleles, with one degree of freedom.
    /// Returns `None` if only one allele occurs, or if there are no known genotypes in the cases or
    /// in the controls.
    #[must_use]
    pub fn chi_square(&self) -> Option<f64> {
        let [a, b, c, d] = self.table();
        let margins = (a + b) * (c + d) * (a + c) * (b + d);
        let determinant = a * d - b * c;
        (margins > 0.0).then(|| (a + b + c + d) * determinant * determinant / margins)
    }

    /// Returns the p-value of [`Counts::chi_square`].
    #[must_use]
    pub fn p_value(&self) -> Option<f64> {
        self.chi_square().map(p_value)
    }

    /// Returns the frequency of the reported allele in cases and in controls; `None` if no genotype
    /// is known.
    #[must_use]
    pub fn frequencies(&self) -> [Option<f64>; 2] {
        let [a, b, c, d] = self.table();
        [(a, a + b), (c, c + d)].map(|(part, all)| (all > 0.0).then(|| part / all))
    }

    /// Returns the odds ratio of the reported allele, cases over controls; `None` if the
    /// denominator is zero.
    #[must_use]
    pub fn odds_ratio(&self) -> Option<f64> {
        let [a, b, c, d] = self.table();
        (b * c > 0.0).then(|| a * d / (b * c))
    }
}

/// The genotype counts of one variant: samples with two, one and no copy of the reported allele.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GenotypeCounts {
    /// The counts in the cases.
    pub cases: [u64; 3],
    /// The counts in the controls.
    pub controls: [u64; 3],
}

impl GenotypeCounts {
    /// Returns the chi-square of the Cochran-Armitage trend test, with one degree of freedom.
    /// Returns `None` if all samples have the same number of copies, or if all are cases or all are
    /// controls.
    #[must_use]
    pub fn trend(&self) -> Option<f64> {
        let sum = |list: [u64; 3]| list.iter().sum::<u64>() as f64;
        let (r, s) = (sum(self.cases), sum(self.controls));
        let all = |i: usize| (self.cases[i] + self.controls[i]) as f64;
        let off = |i: usize| self.cases[i] as f64 * s - self.controls[i] as f64 * r;
        let t = 2.0 * off(0) + off(1);
        let n = r + s;
        let spread = n * (all(1) + 4.0 * all(0)) - (all(1) + 2.0 * all(0)).powi(2);
        let variance = r * s / n * spread;
        (variance > 0.0).then(|| t * t / variance)
    }
}

#[cfg(test)]
mod tests {
    use super::{Alleles, Counts, GenotypeCounts};

    /// Agresti, Categorical Data Analysis: for two genotypes, the trend test is Pearson's
    /// chi-square.
    #[test]
    fn two_genotypes_are_a_two_by_two_table() {
        let trend = |cases, controls| GenotypeCounts { cases, controls }.trend();
        let chi = trend([0, 30, 70], [0, 15, 85]).unwrap();
        assert!((chi - 6.451_612_903_225_807).abs() < 1e-12, "{chi}");
        assert_eq!(trend([0, 0, 3], [0, 0, 4]), None);
        assert_eq!(trend([1, 2, 3], [0, 0, 0]), None);
        // Computed with numpy: n·corr(side, copies)².
        let chi = trend([19, 29, 24], [497, 560, 269]).unwrap();
        assert!((chi - 7.192749583687757).abs() < 1e-10, "{chi}");
    }

    /// Computed with `scipy.stats.chi2_contingency([[30, 70], [15, 85]], correction=False)`.
    #[test]
    fn a_table_has_the_statistics_of_scipy() {
        let counts = Counts {
            cases: Alleles { first: 30, second: 70 },
            controls: Alleles { first: 15, second: 85 },
            swapped: false,
        };
        assert!((counts.chi_square().unwrap() - 6.451_612_903_225_807).abs() < 1e-12);
        assert!((counts.p_value().unwrap() - 0.011_085_166_380_602_708).abs() < 1e-12);
        assert!((counts.odds_ratio().unwrap() - 30.0 * 85.0 / (70.0 * 15.0)).abs() < 1e-14);
        let swapped = Counts { swapped: true, ..counts };
        assert_eq!(swapped.chi_square(), counts.chi_square());
        assert_eq!(swapped.frequencies(), [Some(0.7), Some(0.85)]);
    }

    #[test]
    fn undefined_statistics_are_absent() {
        let all = |first, second| Alleles { first, second };
        let counts = |cases, controls| Counts { cases, controls, swapped: false };
        assert_eq!(counts(all(0, 9), all(0, 8)).chi_square(), None);
        assert_eq!(counts(all(0, 0), all(3, 8)).chi_square(), None);
        assert_eq!(counts(all(0, 0), all(3, 8)).frequencies()[0], None);
        assert_eq!(counts(all(2, 3), all(0, 8)).odds_ratio(), None);
    }
}
