//! Student's t distribution.

use libm::lgamma;

/// Returns the probability of a larger |t| with this number of degrees of freedom.
pub(super) fn student(t: f64, freedom: f64) -> f64 {
    let x = freedom / (freedom + t * t);
    incomplete_beta(0.5 * freedom, 0.5, x)
}

/// Computes the regularized incomplete beta function with Lentz's continued fraction.
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

    /// Computed with `2*scipy.stats.t.sf(t, df)`.
    #[test]
    fn tails_are_those_of_scipy() {
        for (t, df, p) in
            [(0.0, 5.0, 1.0), (1.521, 182.0, 0.129_991_0), (2.0, 10.0, 0.073_388_034_770_740_37)]
        {
            assert!((student(t, df) / p - 1.0).abs() < 1e-4, "{t} {df}: {}", student(t, df));
        }
        assert!((student(2.0, 10.0) - 0.073_388_034_770_740_37).abs() < 1e-12);
    }
}
