//! Distributed Fourier transforms: comparison of petsc-fft with FFTW's MPI interface, PETSc's
//! MATFFTW and mpi4py-fft.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use petsc_sys_build::Config;
use petsc_sys_build::ScalarKind;

use super::apps::with_module;
use super::measure::Sample;
use super::python::script;
use crate::job::finish;
use crate::parity::program;
use crate::run;

const SHAPES: [Shape; 2] = [Shape([256; 3]), Shape([1000, 1000, 30])];
const RANKS: [usize; 2] = [1, 2];
/// The number of transforms in a run, whose median is used.
const REPEATS: &str = "5";
const LIMIT: Duration = Duration::from_secs(300);

/// The sizes of an array along its three axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape([usize; 3]);

impl FromStr for Shape {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sizes: Result<Vec<usize>, _> = text.split('x').map(str::parse).collect();
        let sizes = sizes.ok().and_then(|sizes| sizes.try_into().ok());
        let sizes = sizes.filter(|sizes: &[usize; 3]| !sizes.contains(&0));
        sizes.map(Self).ok_or_else(|| "use three sizes, such as 1000x1000x30".into())
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.map(|n| n.to_string()).join("x"))
    }
}

/// A program with its arguments before and after the shape.
struct Player {
    name: &'static str,
    program: OsString,
    before: Vec<OsString>,
    after: Vec<&'static str>,
}

/// Runs all programs and prints a line for each shape, number of ranks and direction. By default,
/// the shapes are 256x256x256 and 1000x1000x30.
///
/// # Errors
/// Errors of compilation (FFTW's MPI interface is Debian's `libfftw3-mpi-dev`) and of running the
/// programs.
pub(super) fn compare(
    config: &Config,
    mpi4py_fft: Option<&OsStr>,
    shapes: &[Shape],
    ranks: &[NonZeroUsize],
    repeats: usize,
) -> Result<(), String> {
    let shapes = if shapes.is_empty() { &SHAPES } else { shapes };
    let mut numbers: Vec<usize> = ranks.iter().map(|n| n.get()).collect();
    if numbers.is_empty() {
        numbers.extend(RANKS);
    }
    let mut cargo = run::cargo();
    cargo.args(["build", "--release", "--package", "workshop"]);
    cargo.args(["--bin", "fft"]);
    cargo.env("PETSC_DIR", &config.prefix).env_remove("PETSC_RS_PKG");
    run::loud(&mut cargo)?;
    let own = OsString::from(run::target_dir().join("release/fft"));
    let before = ["--rows", "1", "32", "--repeats", REPEATS];
    let before: Vec<OsString> = before.map(Into::into).to_vec();
    let mut players = vec![
        Player {
            name: "petsc-fft",
            program: own.clone(),
            before: [&before[..], &["--shape".into()]].concat(),
            after: vec![],
        },
        Player {
            name: "FFTW",
            program: fftw(config)?.into(),
            before: vec![],
            after: vec![REPEATS],
        },
    ];
    if config.scalar == ScalarKind::Complex && config.have.contains("fftw") {
        players.push(Player {
            name: "MATFFTW",
            program: own,
            before: [&before[..], &["--shape".into()]].concat(),
            after: vec!["--fftw", "--in-order"],
        });
    } else {
        println!("  omitted: MATFFTW, which needs a complex build of PETSc with FFTW");
    }
    match with_module(mpi4py_fft, "mpi4py_fft") {
        Ok(interpreter) => players.push(Player {
            name: "mpi4py-fft",
            program: interpreter,
            before: vec![script("fft").into()],
            after: vec![REPEATS],
        }),
        Err(reason) => println!("  {reason}"),
    }
    println!(
        "\nmedian time of {REPEATS} transforms in a run; median of {repeats} runs each, interleaved; FFTW uses FFTW_MEASURE"
    );
    let mut errors = Vec::new();
    for &shape in shapes {
        for &ranks in &numbers {
            let name = format!("{shape:>12} {ranks} ranks");
            errors.push((name.clone(), one(&players, &name, shape, ranks, repeats)?));
        }
    }
    println!("\nmaximum error after a forward and a backward transform, relative to the maximum");
    for (name, errors) in errors {
        let columns = players.iter().zip(errors);
        let columns: Vec<_> =
            columns.map(|(player, e)| format!("{} {e:.1e}", player.name)).collect();
        println!("  {name}  {}", columns.join("  "));
    }
    Ok(())
}

/// Compiles the program that calls FFTW.
fn fftw(config: &Config) -> Result<PathBuf, String> {
    let folder = run::target_dir().join("bench/c");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let fftw = folder.join("fft");
    let mut mpicc = program::c_compiler(config, "-O2");
    mpicc.arg("-o").arg(&fftw).arg(run::workspace().join("benches/c/fft.c"));
    mpicc.args(["-lfftw3_mpi", "-lfftw3", "-lm"]);
    run::output(&mut mpicc)?;
    Ok(fftw)
}

/// Prints the times, and returns the maximum error of each program.
fn one(
    players: &[Player],
    name: &str,
    shape: Shape,
    ranks: usize,
    repeats: usize,
) -> Result<Vec<f64>, String> {
    let mut samples: Vec<[Sample; 2]> = players.iter().map(|_| Default::default()).collect();
    let mut errors = vec![0.0_f64; players.len()];
    for _ in 0..repeats.max(1) {
        for (k, player) in players.iter().enumerate() {
            let mut mpiexec = run::mpiexec(ranks);
            mpiexec.arg(&player.program).args(&player.before);
            mpiexec.args(shape.0.map(|n| n.to_string()));
            mpiexec.args(&player.after);
            let done = finish(&mut mpiexec, None, LIMIT)?;
            let line = run::line(&mpiexec);
            if let Some(failure) = done.failure {
                return Err(format!("`{line}`: {failure}\n{}", done.output));
            }
            let (times, error) =
                numbers(&done.output).ok_or_else(|| format!("`{line}` printed no times"))?;
            for (sample, seconds) in samples[k].iter_mut().zip(times) {
                sample.push(seconds);
            }
            errors[k] = errors[k].max(error);
        }
    }
    for (way, direction) in ["forward", "backward"].iter().enumerate() {
        let ours = &samples[0][way];
        println!("  {name}  {direction:<8}  {:<10} {ours}", players[0].name);
        for (player, sample) in players.iter().zip(&samples).skip(1) {
            println!(
                "  {:>20}  {:<8}  {:<10} {}  ratio {:.3}  (goal 1.1)",
                "",
                "",
                player.name,
                sample[way],
                ours.median() / sample[way].median()
            );
        }
    }
    Ok(errors)
}

/// Parses the seconds of both directions and the error from `forward 1.5 ms, backward 2 ms` and
/// `round trip: relative error 1e-16`.
fn numbers(output: &str) -> Option<([f64; 2], f64)> {
    let line =
        output.lines().find(|line| line.contains("forward ") && line.contains("backward "))?;
    let after = |line: &str, word: &str| -> Option<f64> {
        let (_, rest) = line.split_once(word)?;
        rest.split_whitespace().next()?.parse().ok()
    };
    let times = [after(line, "forward ")?, after(line, "backward ")?];
    let error = after(output, "round trip: relative error ")?;
    Some((times.map(|milliseconds| 1e-3 * milliseconds), error))
}

#[cfg(test)]
mod tests {
    use super::{Shape, numbers};

    #[test]
    fn shapes_are_three_sizes() {
        assert_eq!("1000x1000x30".parse(), Ok(Shape([1000, 1000, 30])));
        assert_eq!(format!("{:>8}", Shape([2, 3, 4])), "   2x3x4");
        for wrong in ["", "4", "4x4", "4x0x4", "4x4x4x4", "axbxc"] {
            assert!(wrong.parse::<Shape>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn both_ways_and_the_error_are_read() {
        let text = "All axes\n  forward 1.500 ms, backward 2.000 ms\n  round trip: relative error 1.5e-16\n";
        let ([there, back], error) = numbers(text).unwrap();
        assert!((there - 1.5e-3).abs() < 1e-15 && (back - 2e-3).abs() < 1e-15);
        assert!((error - 1.5e-16).abs() < 1e-30);
        assert_eq!(numbers("nothing"), None);
    }
}
