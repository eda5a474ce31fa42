//! Sources.

use std::f64::consts::PI;
use std::path::Path;

/// The shape of a pulse in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Wavelet {
    /// A sine in a Gaussian window, as in the workshop.
    Sine,
    /// The second derivative of a Gaussian.
    Ricker,
}

/// A point source.
#[derive(Clone, Debug)]
pub struct Source {
    /// The grid point.
    pub at: (usize, usize),
    /// The signal.
    pub signal: Signal,
    /// The amplitude.
    pub amplitude: f64,
}

/// The signal of a source.
#[derive(Clone, Debug)]
pub enum Signal {
    /// A pulse with its center at 1.5 periods.
    Pulse {
        /// The shape.
        wavelet: Wavelet,
        /// The dominant frequency in Hz.
        frequency: f64,
    },
    /// A recorded signal: increasing times in s, and values.
    Record(Vec<(f64, f64)>),
}

impl Source {
    /// Returns the value at a time in s.
    #[must_use]
    pub fn value(&self, time: f64) -> f64 {
        self.amplitude * self.signal.value(time)
    }
}

impl Signal {
    /// Reads a recorded signal: two columns with time in s and value, separated by commas or
    /// blanks. Lines that begin with `#` and a first line with column names are ignored.
    ///
    /// # Errors
    /// One line that describes the error, with the name of the file.
    pub fn read(path: &Path) -> Result<Self, String> {
        let fail = |what: String| format!("{}: {what}", path.display());
        let text = crate::app::read_text(path).map_err(fail)?;
        let mut record: Vec<(f64, f64)> = Vec::new();
        let lines = text.lines().enumerate().filter(|(_, line)| {
            let line = line.trim();
            !line.is_empty() && !line.starts_with('#')
        });
        for (place, (number, line)) in lines.enumerate() {
            let numbers: Vec<Option<f64>> = line
                .split(|c: char| c == ',' || c.is_whitespace())
                .filter(|word| !word.is_empty())
                .map(|word| word.parse().ok().filter(|v: &f64| v.is_finite()))
                .collect();
            match numbers[..] {
                [Some(time), Some(value), ..] => {
                    if record.last().is_some_and(|last| last.0 >= time) {
                        let text = format!(
                            "line {}: time {time} s is not later than the time before it",
                            number + 1
                        );
                        return Err(fail(text));
                    }
                    record.push((time, value));
                }
                [None, ..] if place == 0 => {}
                _ => {
                    let text =
                        format!("line {}: expected a time and a value, found {line:?}", number + 1);
                    return Err(fail(text));
                }
            }
        }
        if record.len() < 2 {
            return Err(fail("the file has fewer than two values".into()));
        }
        Ok(Self::Record(record))
    }

    fn value(&self, time: f64) -> f64 {
        match self {
            Self::Pulse { wavelet, frequency } => wavelet.value(time, *frequency),
            Self::Record(record) => between(record, time),
        }
    }
}

/// Interpolates linearly between two entries; zero before the first and after the last one.
fn between(record: &[(f64, f64)], time: f64) -> f64 {
    let next = record.partition_point(|entry| entry.0 <= time);
    match (next.checked_sub(1).and_then(|i| record.get(i)), record.get(next)) {
        (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (time - a.0) / (b.0 - a.0),
        (Some(a), None) if a.0 == time => a.1,
        _ => 0.0,
    }
}

impl Wavelet {
    fn value(self, time: f64, frequency: f64) -> f64 {
        let centre = 1.5 / frequency;
        let late = time - centre;
        match self {
            Self::Sine => {
                let width = centre / 3.0;
                (-late * late / (2.0 * width * width)).exp() * (2.0 * PI * frequency * time).sin()
            }
            Self::Ricker => {
                let square = (PI * frequency * late).powi(2);
                (1.0 - 2.0 * square) * (-square).exp()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Signal;

    fn read(text: &str) -> Result<Signal, String> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), text).expect("written");
        Signal::read(file.path())
    }

    #[test]
    fn recordings_are_linear_between_their_lines() {
        let signal =
            read("# station 7\ntime,u_1_2,u_3_4\n0.5,2,9\n1.0,4\n\n3,-4\n").expect("a recording");
        let values = [0.4, 0.5, 0.75, 1.0, 2.0, 3.0, 3.1].map(|t| signal.value(t));
        assert_eq!(values, [0.0, 2.0, 3.0, 4.0, 0.0, -4.0, 0.0]);
    }

    #[test]
    fn mistakes_in_a_recording_have_their_line() {
        let wrong = |text| read(text).expect_err("refused");
        assert!(
            wrong("0 1\n0 2\n").ends_with("line 2: time 0 s is not later than the time before it")
        );
        assert!(
            wrong("0 1\nx 2\n").ends_with("line 2: expected a time and a value, found \"x 2\"")
        );
        assert!(
            wrong("t u\n1 nan\n").ends_with("line 2: expected a time and a value, found \"1 nan\"")
        );
        assert!(wrong("0 1\n").ends_with("fewer than two values"));
        assert!(wrong("0\n1\n").contains("line 1"));
    }
}
