//! Numbers with as many digits as are meant.

/// A number with so many digits, as a decimal fraction where that is not longer.
#[must_use]
pub fn significant(value: f64, digits: usize) -> String {
    let places = digits.saturating_sub(1);
    let scientific = format!("{value:.places$e}");
    // After rounding, so that 9.9996 with four digits is 10.00.
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

#[cfg(test)]
mod tests {
    use super::significant;

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
}
