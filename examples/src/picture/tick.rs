//! Labels of an axis.

/// Formats a label with `format` on an axis of length `span`. Rounding errors such as 1e-17 are
/// printed as zero, without a sign.
pub(super) fn tick(value: f64, span: f64, format: impl Fn(f64) -> String) -> String {
    let text = format(if value.abs() < 1e-9 * span { 0.0 } else { value });
    match text.strip_prefix('-') {
        Some(rest) if !rest.contains(|c: char| matches!(c, '1'..='9')) => rest.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::tick;

    #[test]
    fn zero_has_no_sign_and_no_rounding_error() {
        let two = |v: f64| format!("{v:.2}");
        let short = |v: f64| format!("{v:.1e}");
        assert_eq!(tick(-0.0, 1.0, two), "0.00");
        assert_eq!(tick(-0.004, 1.0, two), "0.00");
        assert_eq!(tick(-2.8e-17, 0.3, short), "0.0e0");
        assert_eq!(tick(2.8e-17, 0.3, short), "0.0e0");
    }

    #[test]
    fn other_numbers_are_not_changed() {
        assert_eq!(tick(-0.05, 1.0, |v| format!("{v:.2}")), "-0.05");
        assert_eq!(tick(-2e-17, 1e-16, |v| format!("{v:.1e}")), "-2.0e-17");
        assert_eq!(tick(-10.0, 40.0, |v| format!("{v:.3}")), "-10.000");
    }
}
