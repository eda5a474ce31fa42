//! Extracts a number from the output of a program and compares it.

use std::fmt;

/// The expected value of a number.
#[derive(Debug)]
pub(crate) enum Expected {
    /// The number has this value within a relative tolerance; the text is its source.
    Value(f64, f64, &'static str),
    /// The number is exactly this function of the number of ranks; the text is its formula.
    OfRanks(fn(f64) -> f64, &'static str),
    /// The number is an error that the program computes, and is at most this large.
    AtMost(f64, &'static str),
    /// The number is the same on all numbers of ranks, within a relative tolerance.
    Same(f64),
}

impl Expected {
    /// Returns whether a number is correct; `first` is that of the first run.
    fn accepts(&self, ranks: usize, number: f64, first: f64) -> bool {
        let close = |value: f64, tolerance: f64| (number - value).abs() <= tolerance * value.abs();
        match self {
            Self::Value(value, tolerance, _) => close(*value, *tolerance),
            #[expect(clippy::cast_precision_loss, reason = "a few ranks")]
            Self::OfRanks(value, _) => close(value(ranks as f64), 0.0),
            Self::AtMost(limit, _) => number.abs() <= *limit,
            Self::Same(tolerance) => close(first, *tolerance),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value, _, source) => write!(f, "{} {source}", shown(*value)),
            Self::OfRanks(_, formula) => write!(f, "{formula} of p ranks"),
            Self::AtMost(limit, source) => write!(f, "at most {limit:e} {source}"),
            Self::Same(_) => write!(f, "the same on all ranks"),
        }
    }
}

/// The result, with the text to print.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Right(String),
    Wrong(String),
}

/// Returns the number at a position (starting at 0) among those after a text, in the line that
/// contains it.
pub(super) fn number(output: &str, after: &str, place: usize) -> Option<f64> {
    let line = output.lines().find(|line| line.contains(after))?;
    let (_, rest) = line.split_once(after)?;
    rest.split_whitespace()
        .map(|word| word.trim_start_matches(|c: char| !(c.is_ascii_digit() || "-+.".contains(c))))
        .map(|word| word.trim_end_matches(|c: char| !c.is_ascii_digit()))
        .filter_map(|word| word.parse().ok())
        .nth(place)
}

/// Formats a number as short as possible without loss of accuracy.
fn shown(number: f64) -> String {
    if number == 0.0 || number.abs() >= 1e-3 { number.to_string() } else { format!("{number:e}") }
}

/// Compares the numbers, each with its number of ranks.
pub(super) fn judge(what: &str, expected: &Expected, found: &[(usize, f64)]) -> Verdict {
    let mut list: Vec<_> = found.iter().map(|(_, number)| shown(*number)).collect();
    list.dedup();
    let shown = list.join(", ");
    let first = found.first().map_or(f64::NAN, |(_, number)| *number);
    let accepted = |&(ranks, number): &(usize, f64)| expected.accepts(ranks, number, first);
    if !found.is_empty() && found.iter().all(accepted) {
        Verdict::Right(format!("{what} {shown}: {expected}"))
    } else {
        Verdict::Wrong(format!("{what} {shown}, expected {expected}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "grid 3 x 4\n  token: 1003, expected 1003\nloss 1.5e-1, last (2.5).\n";

    #[test]
    fn numbers_are_found_by_the_text_before_them() {
        assert_eq!(number(PRINTED, "token:", 0), Some(1003.0));
        assert_eq!(number(PRINTED, "token:", 1), Some(1003.0));
        assert_eq!(number(PRINTED, "loss", 0), Some(0.15));
        assert_eq!(number(PRINTED, "loss", 1), Some(2.5));
        assert_eq!(number(PRINTED, "loss", 2), None);
        assert_eq!(number(PRINTED, "energy", 0), None);
    }

    #[test]
    fn wrong_numbers_are_seen_on_any_rank_count() {
        let expected = Expected::Value(2.0, 1e-6, "by hand");
        let right = judge("sum", &expected, &[(1, 2.0), (2, 2.000_001)]);
        assert_eq!(right, Verdict::Right("sum 2, 2.000001: 2 by hand".into()));
        for found in [&[(1, 2.0), (2, 2.1)][..], &[(1, f64::NAN)], &[]] {
            assert!(matches!(judge("sum", &expected, found), Verdict::Wrong(_)), "{found:?}");
        }
        let ranks = Expected::OfRanks(|p| p * (p - 1.0) / 2.0, "p(p - 1)/2");
        assert!(matches!(judge("sum", &ranks, &[(1, 0.0), (3, 3.0)]), Verdict::Right(_)));
        assert!(matches!(judge("sum", &ranks, &[(1, 0.0), (3, 0.0)]), Verdict::Wrong(_)));
        let same = Expected::Same(1e-9);
        assert!(matches!(judge("loss", &same, &[(1, 3.0), (2, 3.0)]), Verdict::Right(_)));
        assert!(matches!(judge("loss", &same, &[(1, 3.0), (2, 3.1)]), Verdict::Wrong(_)));
        let small = Expected::AtMost(1e-12, "sums");
        assert!(matches!(judge("error", &small, &[(1, 1e-13)]), Verdict::Right(_)));
        assert!(matches!(judge("error", &small, &[(1, f64::NAN)]), Verdict::Wrong(_)));
    }
}
