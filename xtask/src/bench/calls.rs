//! Compares the time of a callback in each language. The programs log the time, and this module
//! compares the minima over the runs, because other load on the machine can only increase such short
//! times.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use super::measure::{self, Sample};
use super::python::Python;
use super::twins::{Calls, Twin};

/// The seconds of a call, by event and language.
type Table = BTreeMap<String, Vec<(String, Sample)>>;

/// Runs C, Rust and Python interleaved, and prints a line for each event and language.
pub(crate) fn compare(
    twin: &Twin,
    calls: &Calls,
    (c, rust): (&Path, &Path),
    python: Option<&Python>,
    repeats: usize,
) -> Result<(), String> {
    // Python takes seconds, the others milliseconds.
    let repeats = repeats.clamp(1, 5);
    let mut table = Table::new();
    for _ in 0..repeats {
        for (language, program) in [("C", c), ("Rust", rust)] {
            let mut command = Command::new(program);
            command.args([calls.size.to_string().as_str(), "times"]);
            collect(&mut table, language, &mut command)?;
        }
        for (way, size) in python.iter().flat_map(|_| calls.python) {
            let Some(python) = python else { continue };
            let mut command = python.twin(twin.name);
            command.args([size.to_string().as_str(), "times", way]);
            collect(&mut table, &format!("petsc4py, {way}"), &mut command)?;
        }
    }
    println!(
        "  seconds for a call, n = {}, minimum of {repeats} runs each, interleaved",
        calls.size
    );
    print!("{}", lines(&table, calls.goal));
    Ok(())
}

fn collect(table: &mut Table, language: &str, command: &mut Command) -> Result<(), String> {
    let text = measure::printed(command)?;
    let events = parse(&text);
    if events.is_empty() {
        return Err(format!("the {language} program logged no call"));
    }
    for (event, seconds) in events {
        let languages = table.entry(event).or_default();
        match languages.iter_mut().find(|(l, _)| l == language) {
            Some((_, sample)) => sample.push(seconds),
            None => {
                let mut sample = Sample::default();
                sample.push(seconds);
                languages.push((language.to_owned(), sample));
            }
        }
    }
    Ok(())
}

/// Parses lines `call <event> <count> <total seconds>`, and returns the seconds of a call.
fn parse(text: &str) -> Vec<(String, f64)> {
    let line = |line: &str| {
        let mut words = line.strip_prefix("call ")?.split_whitespace();
        let event = words.next()?.to_owned();
        let (count, seconds): (f64, f64) =
            (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        (count > 0.0).then_some((event, seconds / count))
    };
    text.lines().filter_map(line).collect()
}

fn lines(table: &Table, goal: Option<f64>) -> String {
    let mut text = String::new();
    for (event, languages) in table {
        let of = |name: &str| languages.iter().find(|(l, _)| l == name);
        let rust = of("Rust").map_or(f64::NAN, |(_, sample)| sample.least());
        let _ = writeln!(text, "    {event}");
        for (language, sample) in languages {
            let _ = write!(text, "      {language:<16} {:.3e}", sample.least());
            if language != "Rust" {
                let _ = write!(text, "  {:>8.2} × Rust", sample.least() / rust);
            }
            match goal {
                Some(goal) if language.ends_with("loop") => {
                    let _ = writeln!(text, "  (goal {goal})");
                }
                _ => text.push('\n'),
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_read_and_shown() {
        let text = "noise\ncall A 4 2.0e-3\ncall B 0 1.0\ncall C x 1\n";
        assert_eq!(parse(text), [("A".to_owned(), 5e-4)]);
        let mut table = Table::new();
        for (language, seconds) in [("C", 1.0), ("Rust", 2.0), ("petsc4py, loop", 300.0)] {
            let mut sample = Sample::default();
            sample.push(seconds);
            let row = table.entry("A".to_owned()).or_default();
            row.push((language.to_owned(), sample));
        }
        let shown = lines(&table, Some(100.0));
        assert!(shown.contains("0.50 × Rust"), "{shown}");
        assert!(shown.contains("150.00 × Rust  (goal 100)"), "{shown}");
    }
}
