//! Wall times and instruction counts of one program.

use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::run;

/// Wall times in seconds.
#[derive(Debug, Default)]
pub(crate) struct Sample(Vec<f64>);

impl Sample {
    /// Adds a time.
    pub(crate) fn push(&mut self, seconds: f64) {
        self.0.push(seconds);
        self.0.sort_by(f64::total_cmp);
    }

    /// Returns the minimum; NaN if there are no times.
    pub(crate) fn least(&self) -> f64 {
        self.0.first().copied().unwrap_or(f64::NAN)
    }

    /// Returns the maximum; NaN if there are no times.
    pub(crate) fn most(&self) -> f64 {
        self.0.last().copied().unwrap_or(f64::NAN)
    }

    /// Returns the median; NaN if there are no times.
    pub(crate) fn median(&self) -> f64 {
        let middle = self.0.len() / 2;
        match self.0.len() {
            0 => f64::NAN,
            n if n % 2 == 1 => self.0[middle],
            _ => f64::midpoint(self.0[middle - 1], self.0[middle]),
        }
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "median {:.4} s  ({:.4} – {:.4})", self.median(), self.least(), self.most())
    }
}

/// Returns a command that starts a program without mpiexec, whose own time is not of interest.
fn prepare(command: &mut Command) -> &mut Command {
    command
        .env("OMPI_ALLOW_RUN_AS_ROOT", "1")
        .env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
        .env("OMP_NUM_THREADS", "1")
        .stdin(Stdio::null())
}

/// Runs a program and returns its wall time.
pub(crate) fn seconds(program: &Path, size: u32) -> Result<f64, String> {
    timed(Command::new(program).arg(size.to_string()))
}

/// Runs a command and returns its wall time; its output is discarded.
pub(crate) fn timed(command: &mut Command) -> Result<f64, String> {
    let line = run::line(command);
    prepare(command).stdout(Stdio::null());
    let begun = Instant::now();
    let status = command.status();
    let seconds = begun.elapsed().as_secs_f64();
    match status {
        Ok(status) if status.success() => Ok(seconds),
        Ok(status) => Err(format!("`{line}` failed ({status})")),
        Err(error) => Err(format!("`{line}` could not be run ({error})")),
    }
}

/// Returns the output of a program.
pub(crate) fn printed(command: &mut Command) -> Result<String, String> {
    let output = prepare(command).output();
    let name = command.get_program().to_string_lossy().into_owned();
    let output = output.map_err(|e| format!("`{name}` could not be run ({e})"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let last = text.lines().last().unwrap_or("no error message");
    Err(format!("`{name}` failed ({}): {last}", output.status))
}

/// Counts the instructions of a program with callgrind. The result is the minimum of three runs,
/// because the start of MPI polls for a varying time.
pub(crate) fn instructions(program: &Path, size: u32) -> Result<u64, String> {
    let mut least = u64::MAX;
    for _ in 0..3 {
        let mut command = callgrind(&[]);
        command.arg(program).arg(size.to_string());
        least = least.min(count(&mut command)?);
    }
    Ok(least)
}

/// Counts the instructions inside the functions that a pattern matches.
pub(crate) fn inside(
    program: &Path,
    call: &str,
    repeats: u32,
    pattern: &str,
) -> Result<u64, String> {
    let mut command = callgrind(&[format!("--toggle-collect={pattern}")]);
    command.arg(program).args([call, &repeats.to_string()]);
    count(&mut command)
}

fn callgrind(options: &[String]) -> Command {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    command.args(options);
    command
}

/// Runs a program with callgrind.
fn count(valgrind: &mut Command) -> Result<u64, String> {
    let line = run::line(valgrind);
    let output = prepare(valgrind)
        .output()
        .map_err(|e| format!("valgrind could not be run ({e}); `--no-callgrind` omits it"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let last = text.lines().last().unwrap_or("no error message");
        return Err(format!("`{line}` failed: {last}"));
    }
    collected(&text).ok_or_else(|| format!("callgrind counted nothing for `{line}`"))
}

/// Parses the number in callgrind's line `==1== Collected : 123`.
fn collected(text: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.contains("Collected :"))?;
    line.rsplit(':').next()?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        let mut sample = Sample::default();
        for seconds in [3.0, 1.0, 2.0] {
            sample.push(seconds);
        }
        assert!((sample.median() - 2.0).abs() < 1e-15);
        sample.push(10.0);
        assert!((sample.median() - 2.5).abs() < 1e-15);
        assert!(sample.to_string().contains("(1.0000 – 10.0000)"));
        assert!(Sample::default().median().is_nan());
    }

    #[test]
    fn callgrind_is_read() {
        let text = "==7== Events    : Ir\n==7== Collected : 1234567\n==7== \n";
        assert_eq!(collected(text), Some(1_234_567));
        assert_eq!(collected("nothing"), None);
    }
}
