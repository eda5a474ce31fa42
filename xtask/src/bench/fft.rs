//! Distributed transforms: petsc-fft against FFTW's own MPI, in turns.

use std::path::Path;
use std::time::Duration;

use petsc_sys_build::Config;

use super::measure::Sample;
use crate::job::finish;
use crate::parity::program;
use crate::run;

const SHAPES: [[&str; 3]; 2] = [["256", "256", "256"], ["1000", "1000", "30"]];
const RANKS: [usize; 2] = [1, 2];
/// Transforms of one run, of which the median counts.
const REPEATS: &str = "5";
const LIMIT: Duration = Duration::from_secs(300);

/// Runs both and prints a line for each shape, number of ranks and direction.
///
/// # Errors
/// What does not compile (FFTW's MPI is Debian's `libfftw3-mpi-dev`), and what does not run.
pub(super) fn compare(config: &Config, repeats: usize) -> Result<(), String> {
    let mut cargo = run::cargo();
    cargo.args([
        "build",
        "--release",
        "--package",
        "workshop",
        "--bin",
        "fft",
    ]);
    cargo
        .env("PETSC_DIR", &config.prefix)
        .env_remove("PETSC_RS_PKG");
    run::loud(&mut cargo)?;
    let folder = program::target().join("bench/c");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let fftw = folder.join("fft");
    let mut mpicc = program::c_compiler(config, "-O2");
    mpicc
        .arg("-o")
        .arg(&fftw)
        .arg(run::workspace().join("benches/c/fft.c"));
    mpicc.args(["-lfftw3_mpi", "-lfftw3", "-lm"]);
    run::output(&mut mpicc)?;
    let own = program::target().join("release/fft");
    println!(
        "\nmedians of {repeats} runs each, interleaved, of the median of {REPEATS} transforms; FFTW plans by measuring"
    );
    for shape in SHAPES {
        for ranks in RANKS {
            one(&own, &fftw, shape, ranks, repeats)?;
        }
    }
    Ok(())
}

fn one(
    own: &Path,
    fftw: &Path,
    shape: [&str; 3],
    ranks: usize,
    repeats: usize,
) -> Result<(), String> {
    let mut samples: [[Sample; 2]; 2] = Default::default();
    let ours = [
        "--rows",
        "1",
        "32",
        "--check",
        "1",
        "--repeats",
        REPEATS,
        "--shape",
    ];
    for _ in 0..repeats.max(1) {
        let runs: [(&Path, Vec<&str>); 2] = [
            (own, [&ours[..], &shape].concat()),
            (fftw, [&shape[..], &[REPEATS]].concat()),
        ];
        for ((program, args), of_both) in runs.iter().zip(&mut samples) {
            let mut mpiexec = run::mpiexec(ranks);
            mpiexec.arg(program).args(args);
            let done = finish(&mut mpiexec, None, LIMIT)?;
            let line = run::line(&mpiexec);
            if let Some(failure) = done.failure {
                return Err(format!("`{line}`: {failure}"));
            }
            let times = times(&done.output).ok_or_else(|| format!("`{line}` printed no times"))?;
            for (sample, seconds) in of_both.iter_mut().zip(times) {
                sample.push(seconds);
            }
        }
    }
    let [ours, theirs] = &samples;
    for ((way, ours), theirs) in ["forward", "backward"].iter().zip(ours).zip(theirs) {
        println!(
            "  {:>12} {ranks} ranks  {way:<8}  petsc-fft {ours}  FFTW {theirs}  ratio {:.3}  (goal 1.1)",
            shape.join("x"),
            ours.median() / theirs.median()
        );
    }
    Ok(())
}

/// Seconds there and back, from `forward 1.5 ms, backward 2 ms`.
fn times(output: &str) -> Option<[f64; 2]> {
    let line = output
        .lines()
        .find(|line| line.contains("forward ") && line.contains("backward "))?;
    let after = |word: &str| -> Option<f64> {
        let (_, rest) = line.split_once(word)?;
        let milliseconds: f64 = rest.split_whitespace().next()?.parse().ok()?;
        Some(1e-3 * milliseconds)
    };
    Some([after("forward ")?, after("backward ")?])
}

#[cfg(test)]
mod tests {
    use super::times;

    #[test]
    fn both_ways_are_read() {
        let text = "All axes\n  forward 1.500 ms, backward 2.000 ms\n  round trip: 1e-16\n";
        let [there, back] = times(text).unwrap();
        assert!((there - 1.5e-3).abs() < 1e-15 && (back - 2e-3).abs() < 1e-15);
        assert_eq!(times("nothing"), None);
    }
}
