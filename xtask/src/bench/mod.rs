//! `cargo xtask bench`: the same program in C and in Rust, side by side.
//!
//! Wall times come from interleaved runs (C, Rust, C, Rust, …), so that what else the machine does
//! falls on both. Instructions are counted by callgrind, which repeats to a few parts in a thousand
//! and is the figure to judge by; the twin `empty`, which only starts and ends PETSc, is subtracted to
//! leave the work itself. Nothing fails for being slow.

mod measure;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use petsc_sys_build::Config;

use crate::parity::{find, program};
use crate::{Outcome, run};
use measure::Sample;

/// Twins: name, size for wall time, size under callgrind, goal for the ratio of instructions.
const TWINS: &[(&str, u32, u32, f64)] = &[
    ("ksp_ex2", 160, 120, 1.01),
    ("vector_assembly", 500, 400, 1.02),
    ("matrix_assembly", 250, 200, 1.02),
];

/// The twin whose instructions are the overhead of starting and ending.
const EMPTY: &str = "empty";

/// Arguments of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this twin.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Runs of each program for the wall time.
    #[arg(long, default_value_t = 11)]
    repeats: usize,
    /// Leave out callgrind.
    #[arg(long)]
    no_callgrind: bool,
    /// Time a clean debug build of petsc-rs with all its dependencies instead.
    #[arg(long)]
    build: bool,
    /// Prefix of the PETSc to use. Default: the one that a build finds.
    #[arg(long, value_name = "PREFIX")]
    prefix: Option<PathBuf>,
}

/// Runs the task.
pub(crate) fn run(args: &Args) -> Outcome {
    let config = find(args.prefix.as_deref())?;
    println!("{}", config.summary());
    if args.build {
        return clean_build(&config);
    }
    let mut cargo = run::cargo();
    cargo.args(["build", "--release", "--package", "petsc-benches", "--bins"]);
    cargo
        .env("PETSC_DIR", &config.prefix)
        .env_remove("PETSC_RS_PKG");
    run::loud(&mut cargo)?;
    let chosen = |name: &str| args.only.as_ref().is_none_or(|only| only == name);
    let base = if args.no_callgrind {
        None
    } else {
        let (c, rust) = twin(&config, EMPTY)?;
        Some((
            measure::instructions(&c, 0)?,
            measure::instructions(&rust, 0)?,
        ))
    };
    if let Some((c, rust)) = base {
        println!("\nstart and end of PETSc: {c} instructions in C, {rust} in Rust");
    }
    for &(name, size, small, goal) in TWINS.iter().filter(|t| chosen(t.0)) {
        let (c, rust) = twin(&config, name)?;
        println!("\n{name}");
        let (wall_c, wall_rust) = walls(&c, &rust, size, args.repeats)?;
        println!(
            "  wall time, n = {size}, {} runs each, interleaved",
            args.repeats
        );
        println!("    C     {wall_c}");
        println!("    Rust  {wall_rust}");
        println!(
            "    ratio of medians {:.3}",
            wall_rust.median() / wall_c.median()
        );
        if let Some((base_c, base_rust)) = base {
            let (c, rust) = (
                measure::instructions(&c, small)?,
                measure::instructions(&rust, small)?,
            );
            let (net_c, net_rust) = (c.saturating_sub(base_c), rust.saturating_sub(base_rust));
            println!("  instructions, n = {small}");
            println!(
                "    all          C {c:>12}  Rust {rust:>12}  ratio {:.4}",
                ratio(rust, c)
            );
            println!(
                "    work only    C {net_c:>12}  Rust {net_rust:>12}  ratio {:.4}  (goal {goal})",
                ratio(net_rust, net_c)
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The C and the Rust program of a twin; C is compiled here.
fn twin(config: &Config, name: &str) -> Result<(PathBuf, PathBuf), String> {
    let folder = program::target().join("bench/c");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let executable = folder.join(name);
    let mut mpicc = program::c_compiler(config, "-O2");
    mpicc.arg("-o").arg(&executable);
    mpicc.arg(run::workspace().join("benches/c").join(format!("{name}.c")));
    program::link(&mut mpicc, config);
    run::output(&mut mpicc)?;
    Ok((executable, program::target().join("release").join(name)))
}

fn walls(c: &Path, rust: &Path, size: u32, repeats: usize) -> Result<(Sample, Sample), String> {
    let (mut of_c, mut of_rust) = (Sample::default(), Sample::default());
    // One run each that does not count: caches, page tables.
    measure::seconds(c, size)?;
    measure::seconds(rust, size)?;
    for _ in 0..repeats.max(1) {
        of_c.push(measure::seconds(c, size)?);
        of_rust.push(measure::seconds(rust, size)?);
    }
    Ok((of_c, of_rust))
}

#[expect(clippy::cast_precision_loss, reason = "a ratio of counts below 2^53")]
fn ratio(a: u64, b: u64) -> f64 {
    a as f64 / b as f64
}

/// Builds petsc-rs into an empty target folder and says how long it took.
fn clean_build(config: &Config) -> Outcome {
    let folder = std::env::temp_dir().join(format!("petsc-rs-clean-build-{}", std::process::id()));
    let mut cargo = Command::new(run::cargo().get_program());
    cargo
        .current_dir(run::workspace())
        .args(["build", "--package", "petsc-rs"]);
    cargo
        .env("CARGO_TARGET_DIR", &folder)
        .env("PETSC_DIR", &config.prefix);
    cargo.env_remove("PETSC_RS_PKG");
    let begun = Instant::now();
    let outcome = run::loud(&mut cargo);
    let seconds = begun.elapsed().as_secs_f64();
    std::fs::remove_dir_all(&folder)
        .map_err(|e| format!("{} could not be removed ({e})", folder.display()))?;
    outcome?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!(
        "clean debug build of petsc-rs with its dependencies: {seconds:.1} s on {cores} cores"
    );
    Ok(ExitCode::SUCCESS)
}
