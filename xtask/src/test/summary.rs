//! Parsing of the summary lines of test programs.

use std::fmt;

/// The numbers of tests by result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

impl Counts {
    pub(super) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// Parses a line `test result: ok. 8 passed; 0 failed; 1 ignored; …`. Tests that a filter excluded
/// do not count as skipped.
pub(super) fn of_line(line: &str) -> Option<Counts> {
    let (_, results) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
    let mut counts = Counts::default();
    for part in results.split(';') {
        let mut words = part.split_whitespace();
        let (Some(Ok(number)), Some(kind)) = (words.next().map(str::parse), words.next()) else {
            continue;
        };
        match kind {
            "passed" => counts.passed = number,
            "failed" => counts.failed = number,
            "ignored" => counts.skipped = number,
            _ => {}
        }
    }
    Some(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_of_cargo_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 2 ignored; 0 measured; 7 filtered out; \
                    finished in 0.51s";
        let counts = of_line(line).unwrap();
        assert_eq!(counts, Counts { passed: 12, failed: 3, skipped: 2 });
        assert_eq!(counts.to_string(), "12 passed, 3 failed, 2 skipped");
    }

    #[test]
    fn other_lines_are_not_summaries() {
        assert_eq!(of_line("test vector::axpy ... ok"), None);
        assert_eq!(of_line("running 3 tests"), None);
        assert_eq!(of_line("test result: "), None);
    }
}
