//! Formatting of numbers with significant digits.

/// Formats a number with this number of significant digits, in scientific notation if the decimal
/// exponent is less than -4 or greater than 9.
#[must_use]
pub fn significant(value: f64, digits: usize) -> String {
    let places = digits.saturating_sub(1);
    let scientific = format!("{value:.places$e}");
    // Rounding comes first, so that 9.9996 with four digits is 10.00.
    let exponent = scientific.split_once('e').and_then(|(_, e)| e.parse().ok());
    match exponent {
        Some(exponent @ -4..=9) if value != 0.0 => {
            let decimals = usize::try_from(places as i32 - exponent).unwrap_or(0);
            format!("{value:.decimals$}")
        }
        _ if value == 0.0 => "0".into(),
        _ => scientific,
    }
}

/// Formats a number that has an error of this size with as many digits as are certain, up to one
/// unit in the last digit, but with no more than `most` digits.
#[must_use]
pub fn certain(value: f64, error: f64, most: usize) -> String {
    let known = (value.abs() / (2.0 * error.abs())).log10().floor();
    // Without an error, all digits are certain. If the error exceeds the value, one digit is
    // printed.
    significant(value, (known.max(1.0) as usize).min(most))
}

#[cfg(test)]
mod tests {
    use super::{certain, significant};

    #[test]
    fn numbers_keep_their_digits() {
        let numbers = [
            (1.234_567e-9, "1.235e-9"),
            (-0.000_123_449, "-0.0001234"),
            (9.999_6, "10.00"),
            (99_999.6, "100000"),
            (1.5e12, "1.500e12"),
            (-0.0, "0"),
        ];
        for (value, text) in numbers {
            assert_eq!(significant(value, 4), text);
        }
    }

    #[test]
    fn only_certain_digits_are_printed() {
        assert_eq!(certain(6.808_026_4, 3e-4, 7), "6.808");
        assert_eq!(certain(6.808_026_4, 0.0, 7), "6.808026");
        assert_eq!(certain(0.3, 2.0, 7), "0.3");
    }
}
