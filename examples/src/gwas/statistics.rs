//! The chi-square distribution with one degree of freedom.

use std::f64::consts::{LN_10, PI};

/// The median.
pub const MEDIAN_CHI_SQUARE: f64 = 0.454_936_423_119_572_8;

/// Returns the probability of a value larger than `chi_square`.
#[must_use]
pub fn p_value(chi_square: f64) -> f64 {
    libm::erfc((0.5 * chi_square).sqrt())
}

/// Returns `-log₁₀` of [`p_value`], also if the p-value underflows.
#[must_use]
pub fn minus_log10_p(chi_square: f64) -> f64 {
    if chi_square < 1000.0 {
        return (-p_value(chi_square).log10()).max(0.0);
    }
    // erfc(z) = exp(-z²)/(z√π)·(1 - 1/2z² + 3/4z⁴ - …)
    let square = 0.5 * chi_square;
    let series = 1.0 - 0.5 / square + 0.75 / (square * square);
    (square + 0.5 * (PI * square).ln() - series.ln()) / LN_10
}

/// Returns [`p_value`] in scientific notation, also if it underflows.
#[must_use]
pub fn p_text(chi_square: f64, decimals: usize) -> String {
    let p = p_value(chi_square);
    if p >= f64::MIN_POSITIVE {
        return format!("{p:.decimals$e}");
    }
    let logarithm = -minus_log10_p(chi_square);
    let exponent = logarithm.floor();
    let mantissa = 10_f64.powf(logarithm - exponent);
    format!("{mantissa:.decimals$}e{exponent}")
}

/// Returns the chi-square that has this p-value, or the square of `statistic` if the p-value is so
/// small that it may underflow.
#[must_use]
pub fn chi_square_of(p: f64, statistic: f64) -> f64 {
    if p < 1e-300 {
        return statistic * statistic;
    }
    let (mut low, mut high) = (0.0, 1400.0);
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if p_value(middle) > p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::{MEDIAN_CHI_SQUARE, chi_square_of, minus_log10_p, p_text, p_value};

    /// Computed with scipy's `chi2(1).sf` and `logsf`.
    #[test]
    fn probabilities_are_those_of_scipy() {
        for (chi_square, p) in [
            (0.0, 1.0),
            (3.841_458_820_694_124, 0.05),
            (29.716_785_257_561, 5.000_000_598_904_077e-8),
            (147.7, 5.517_090_726_930_095e-34),
        ] {
            let ratio = p_value(chi_square) / p;
            assert!((ratio - 1.0).abs() < 1e-9, "{chi_square}: {ratio}");
        }
        assert!((p_value(MEDIAN_CHI_SQUARE) - 0.5).abs() < 1e-15);
        assert!((chi_square_of(0.05, 0.0) - 3.841_458_820_694_124).abs() < 1e-12);
        assert_eq!(chi_square_of(0.0, 50.0), 2500.0);
    }

    #[test]
    fn logarithms_of_tiny_probabilities_are_finite() {
        let (before, after) = (minus_log10_p(1000.0 - 1e-9), minus_log10_p(1000.0));
        assert!((before - after).abs() < 1e-6, "{before} {after}");
        assert!((minus_log10_p(4000.0) - 870.488_162_246_5).abs() < 1e-9);
    }

    #[test]
    fn small_probabilities_are_not_zero() {
        assert_eq!(p_text(147.7, 3), "5.517e-34");
        // 10^-870.488_162_246_5
        assert_eq!(p_text(4000.0, 3), "3.250e-871");
    }
}
