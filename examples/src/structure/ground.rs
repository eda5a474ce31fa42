//! Ground motion.

use std::path::Path;

use petsc_rs::prelude::*;

use crate::app::{agree, input_error};
use crate::mpi_basics::broadcast_text;

/// An accelerogram: accelerations of the ground, interpolated linearly.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accelerogram {
    /// The times in s, increasing.
    pub times: Vec<f64>,
    /// The accelerations in m/s², one for each time.
    pub accelerations: Vec<f64>,
}

impl Accelerogram {
    /// Reads two columns of numbers, times in s and accelerations in m/s², separated by blanks or
    /// commas. Text after `#` is a comment. Collective: one rank reads.
    ///
    /// # Errors
    /// A file that cannot be read; a line without two numbers; times that do not increase; fewer
    /// than two times.
    pub fn read(comm: &Comm, path: &Path) -> Result<Self> {
        let text = if comm.rank() == 0 {
            crate::app::read_text(path).map_err(|e| format!("{}: {e}", path.display()))
        } else {
            Ok(String::new())
        };
        let text = broadcast_text(comm, 0, &agree(comm, text)?)?;
        Self::parse(&text).map_err(|e| input_error(format_args!("{}: {e}", path.display())))
    }

    /// Parses the text of a file in the format of [`read`](Self::read).
    ///
    /// # Errors
    /// See [`read`](Self::read); the message contains the number of the line.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        let mut all = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.split('#').next().unwrap_or_default();
            let words: Vec<&str> = line
                .split(|c: char| c == ',' || c.is_whitespace())
                .filter(|word| !word.is_empty())
                .collect();
            let numbers: Option<Vec<f64>> = words
                .iter()
                .map(|word| word.parse().ok().filter(|x: &f64| x.is_finite()))
                .collect();
            match numbers.as_deref() {
                Some([]) => {}
                Some(&[time, acceleration]) => {
                    if all.times.last().is_some_and(|&last| time <= last) {
                        return Err(format!("line {number}: the times do not increase"));
                    }
                    all.times.push(time);
                    all.accelerations.push(acceleration);
                }
                _ => {
                    return Err(format!(
                        "line {number}: expected two numbers, a time and an acceleration"
                    ));
                }
            }
        }
        if all.times.len() < 2 {
            return Err("the file contains fewer than two times".into());
        }
        Ok(all)
    }

    /// Returns the largest absolute value of the acceleration in m/s².
    #[must_use]
    pub fn peak(&self) -> f64 {
        self.accelerations.iter().fold(0.0, |m, a| m.max(a.abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::Accelerogram;

    #[test]
    fn two_columns_and_remarks_are_read() {
        let read = Accelerogram::parse("# t a\n0 0.5\n\n0.01, -2 # here\n0.03\t1e-1\n");
        let read = read.expect("three lines");
        assert_eq!(read.times, [0.0, 0.01, 0.03]);
        assert_eq!(read.accelerations, [0.5, -2.0, 0.1]);
        assert_eq!(read.peak(), 2.0);
    }

    #[test]
    fn bad_lines_are_named() {
        for (text, expected) in [
            ("0 1\n1 2 3", "line 2: expected two numbers"),
            ("0 1\n1", "line 2: expected two numbers"),
            ("0 1\nx 2", "line 2: expected two numbers"),
            ("0 1\n1 nan", "line 2: expected two numbers"),
            ("0 1\n0 2", "line 2: the times"),
            ("0 1", "the file contains fewer than two times"),
            ("", "the file contains fewer than two times"),
        ] {
            let error = Accelerogram::parse(text).expect_err(text);
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
