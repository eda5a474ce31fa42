//! The records of children: their position, and the attempts of each operation.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The step number of the end of a case, at which all objects are dropped.
const END: u64 = u64::MAX;

/// In long runs, operations with fewer successes than this are listed.
const ENOUGH: u64 = 20;

/// The position of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The number of the case.
    pub(crate) case: u64,
    /// The seed.
    pub(crate) seed: u64,
    /// The step, or the end of the case.
    pub(crate) step: u64,
}

impl Place {
    /// Parses a progress file.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        Some(Self {
            case: words.next()?.parse().ok()?,
            seed: u64::from_str_radix(words.next()?, 16).ok()?,
            step: words.next()?.parse().ok()?,
        })
    }

    /// Returns the executed steps of the case. If it reached the end, these are all step numbers;
    /// nonexistent steps have no effect in a replay.
    pub(crate) fn steps(&self, most: u64) -> Vec<u64> {
        let last = if self.step == END { most } else { self.step };
        (0..=last).collect()
    }
}

/// The attempts and successes of each operation.
#[derive(Debug, Default)]
pub(crate) struct Counts(BTreeMap<String, (u64, u64)>);

impl Counts {
    /// Adds the lines `name, attempts, successes` of a child, separated by tabs.
    pub(crate) fn add(&mut self, text: &str) {
        for line in text.lines() {
            let mut words = line.split('\t');
            let (Some(name), Some(Ok(attempts)), Some(Ok(ok))) = (
                words.next(),
                words.next().map(str::parse::<u64>),
                words.next().map(str::parse::<u64>),
            ) else {
                continue;
            };
            let count = self.0.entry(name.to_owned()).or_default();
            count.0 += attempts;
            count.1 += ok;
        }
    }

    /// Returns the percentage of successes; 0 without attempts.
    pub(crate) fn share(&self) -> f64 {
        let (all, ok) = self.0.values().fold((0, 0), |sum, n| (sum.0 + n.0, sum.1 + n.1));
        #[expect(clippy::cast_precision_loss, reason = "printed with one digit")]
        let share = if all == 0 { 0.0 } else { 100.0 * ok as f64 / all as f64 };
        share
    }

    /// Returns the operations with few successes.
    pub(crate) fn seldom(&self) -> Vec<&str> {
        let seldom = self.0.iter().filter(|(_, n)| n.1 < ENOUGH);
        seldom.map(|(name, _)| &**name).collect()
    }

    /// Returns a table with the columns operation, attempts, successes.
    pub(crate) fn table(&self) -> String {
        let width = self.0.keys().map(String::len).max().unwrap_or(0).max(9);
        let mut text = format!("{:width$} {:>9} {:>9}\n", "operation", "attempts", "ok");
        for (name, (attempts, ok)) in &self.0 {
            let _ = writeln!(text, "{name:width$} {attempts:9} {ok:9}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, Place};

    #[test]
    fn progress_is_read() {
        let place =
            Place::parse("                 102 ca96bd18e453df07                    7\n").unwrap();
        assert_eq!(place, Place { case: 102, seed: 0xca96_bd18_e453_df07, step: 7 });
        assert_eq!(place.steps(99), [0, 1, 2, 3, 4, 5, 6, 7]);
        let end = Place::parse(&format!("3 0a {}", u64::MAX)).unwrap();
        assert_eq!(end.steps(2), [0, 1, 2]);
        assert_eq!(Place::parse(""), None);
        assert_eq!(Place::parse("1 x 2"), None);
    }

    #[test]
    fn counts_of_children_add_up() {
        let mut counts = Counts::default();
        counts.add("Vector::axpy\t30\t25\nVector::set\t10\t5\n");
        counts.add("Vector::axpy\t10\t5\ncut of");
        assert!((counts.share() - 70.0).abs() < 1e-12);
        assert_eq!(counts.seldom(), ["Vector::set"]);
        let table = counts.table();
        assert!(table.contains("Vector::axpy        40        30"), "{table}");
    }
}
