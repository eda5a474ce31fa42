//! Comparison of eigenvalue solvers: the tutorials of SLEPc are compared with slepc4py, and the
//! modes of structures with scipy's `eigsh` and slepc4py.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use petsc_sys_build::Config;
use petsc_sys_build::slepc::{self, Slepc};

use super::apps::{number, with_module};
use super::measure::{self, Sample};
use super::python::{Python, announce, script};
use super::twins::Twin;
use crate::run;

/// The name of the comparison with scipy.
pub(crate) const SHIFT_INVERT: &str = "shift_invert";

/// The stiffness and mass matrices.
const STRUCTURES: [(&str, Option<&str>); 4] = [
    ("lund_a", Some("lund_b")),
    ("bcsstk13", None),
    ("concrete_K", Some("concrete_M")),
    ("sandwich_beam_3360_Ke", Some("sandwich_beam_3360_M")),
];

/// Returns the slepc4py of this SLEPc, in the Python that has its petsc4py, or the reason why there
/// is none.
pub(crate) fn find_slepc4py(config: &Config, petsc4py: Option<&Python>) -> Option<Python> {
    let slepc: Slepc = slepc::locate(config).ok()?;
    announce(petsc4py?.with_slepc4py(&slepc.prefix), |reason| {
        format!(
            "slepc4py is omitted, because no Python has it for this SLEPc ({reason}); on Debian, run apt install \
             python3-slepc4py-real"
        )
    })
}

/// Measures the wall time of a tutorial in slepc4py, including the start of Python, interleaved
/// with Rust.
pub(crate) fn tutorial(
    twin: &Twin,
    rust: &Path,
    python: &Python,
    repeats: usize,
) -> Result<(), String> {
    let (mut of_rust, mut of_python) = (Sample::default(), Sample::default());
    for _ in 0..repeats.clamp(1, 5) {
        of_rust.push(measure::seconds(rust, twin.size)?);
        let mut command = python.twin("eps");
        command.args([twin.name, &twin.size.to_string()]);
        let begun = Instant::now();
        measure::printed(&mut command)?;
        of_python.push(begun.elapsed().as_secs_f64());
    }
    println!("    slepc4py  {of_python}, start of Python included");
    println!("    ratio of medians, slepc4py to Rust {:.2}", of_python.median() / of_rust.median());
    Ok(())
}

/// The measured parts of a program: the whole process, the first solve (in Rust, it registers the
/// types that the import of slepc4py registers), and the fastest later solve.
const TIMES: [&str; 3] = ["process", "first solve", "later solves"];

/// The times of a program, each of several runs.
type Samples = [Sample; TIMES.len()];

/// The times of a run, and the eigenvalues.
fn solved(mut command: Command) -> Result<([f64; TIMES.len()], Vec<f64>), String> {
    let begun = Instant::now();
    let text = measure::printed(&mut command)?;
    let process = begun.elapsed().as_secs_f64();
    let (first, later, values) = parse(&text)?;
    Ok(([process, first, later], values))
}

/// Parses `shift_invert <first> <later> <eigenvalues>`.
fn parse(text: &str) -> Result<(f64, f64, Vec<f64>), String> {
    let line = text.lines().find(|l| l.starts_with(SHIFT_INVERT));
    let words = line.map_or(0, |l| l.split_whitespace().count());
    let values = (3..words).map(|i| number(line, i));
    Ok((number(line, 1)?, number(line, 2)?, values.collect::<Result<_, _>>()?))
}

/// Prints the minimum of each time and its ratio to Rust.
fn print_times(rust: &Samples, others: &[(&str, Samples)]) {
    for (i, what) in TIMES.iter().enumerate() {
        let own = rust[i].least();
        print!("      {what:<14} Rust {own:.5}");
        for (way, samples) in others {
            let other = samples[i].least();
            print!("  {way} {other:.5} ({:.2} × Rust)", other / own);
        }
        println!();
    }
}

/// Returns whether two programs computed the same eigenvalues, to a millionth of the largest. The
/// lowest eigenvalues of a stiff structure are affected by rounding errors of its matrices.
fn same(a: &[f64], b: &[f64]) -> bool {
    let largest = a.iter().fold(0.0, |largest, a| a.abs().max(largest));
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-6 * largest)
}

/// Compares the modes of structures: Rust with scipy, and with slepc4py if it is installed.
pub(crate) fn shift_invert(
    scipy: Option<&OsStr>,
    slepc4py: Option<&Python>,
    repeats: usize,
) -> Result<(), String> {
    println!("\n{SHIFT_INVERT}");
    let Some(folder) = structures() else {
        println!("  omitted: PETSC_RS_DATA or ../shared/data contains no directory `structures`");
        return Ok(());
    };
    let scipy = with_module(scipy, "scipy.sparse.linalg");
    if let Err(reason) = &scipy {
        println!("  {reason}");
    }
    let mut ways = Vec::new();
    if let Ok(interpreter) = &scipy {
        ways.push(("scipy", Some(interpreter)));
    }
    if slepc4py.is_some() {
        ways.push(("slepc4py", None));
    }
    // A process makes the requested number of solves, and at least two.
    let (runs, solves) = (repeats.clamp(1, 5), repeats.max(2).to_string());
    println!(
        "  seconds for the ten eigenvalues closest to 0, minimum of {runs} runs of {solves} solves each, interleaved"
    );
    for (stiffness, mass) in STRUCTURES {
        let file = |name: &str| folder.join(format!("{name}.mtx")).into_os_string();
        let arguments =
            [file(stiffness), mass.map_or("-".into(), file), "10".into(), solves.clone().into()];
        let mut rust = Samples::default();
        let mut others: Vec<_> = ways.iter().map(|w| (w.0, Samples::default())).collect();
        for _ in 0..runs {
            let mut command = Command::new(run::target_dir().join("release").join(SHIFT_INVERT));
            command.args(&arguments);
            let (times, values) = solved(command)?;
            push(&mut rust, times);
            for ((way, interpreter), (_, samples)) in ways.iter().zip(&mut others) {
                let mut command = match (interpreter, slepc4py) {
                    (Some(interpreter), _) => {
                        let mut command = Command::new(interpreter);
                        command.arg(script(SHIFT_INVERT));
                        command
                    }
                    (None, Some(python)) => python.twin(SHIFT_INVERT),
                    (None, None) => continue,
                };
                command.args(&arguments).arg(way);
                let (times, others) = solved(command)?;
                if !same(&values, &others) {
                    return Err(format!(
                        "{stiffness}: the eigenvalues differ: Rust {values:?}, {way} {others:?}"
                    ));
                }
                push(samples, times);
            }
        }
        println!("    {stiffness}");
        print_times(&rust, &others);
    }
    Ok(())
}

fn push(samples: &mut Samples, times: [f64; TIMES.len()]) {
    for (sample, seconds) in samples.iter_mut().zip(times) {
        sample.push(seconds);
    }
}

/// Returns the directory with the structures, if the data are available.
fn structures() -> Option<PathBuf> {
    let named = std::env::var_os("PETSC_RS_DATA").map(PathBuf::from);
    let data = named.unwrap_or_else(|| run::workspace().join("../shared/data"));
    let folder = data.join("structures");
    folder.is_dir().then_some(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_values_are_read() {
        let text = "noise\nshift_invert 0.25 0.125 1.5e2 -3\n";
        assert_eq!(parse(text), Ok((0.25, 0.125, vec![150.0, -3.0])));
        let (first, later, values) = parse("shift_invert 0.25 NaN 1\n").unwrap();
        assert!(first < 1.0 && later.is_nan() && values.len() == 1);
        assert!(parse("shift_invert 0.25\n").is_err() && parse("nothing").is_err());
    }

    #[test]
    fn values_are_compared() {
        assert!(same(&[1.0, 2e9], &[1.0 + 1e-8, 2e9]));
        assert!(!same(&[1.0], &[1.0, 2.0]));
        assert!(!same(&[1.0], &[1.1]) && same(&[1.1, 1e7], &[1.0, 1e7]));
        assert!(!same(&[f64::NAN], &[1.0]));
    }
}
