//! `cargo xtask bench`: compares the same programs in C and in Rust.
//!
//! Wall times come from interleaved runs (C, Rust, C, Rust, …), so that other load on the machine
//! affects both. callgrind counts instructions, which are reproducible to a few parts in a
//! thousand; this is the main criterion. The instructions of the benchmark `empty`, which only
//! starts and ends PETSc, are subtracted. If a benchmark has callbacks, the time of a call is
//! compared too. If petsc4py is installed for the PETSc in use, it is compared too; its programs
//! have a version that loops over points in Python, and one that uses whole arrays. The application
//! `t2fit` is compared with the workshop's script and scipy, `classifier` with PyTorch, `gwas` with
//! PLINK, and `powergrid` and the modes of structures with scipy and slepc4py. No time is checked.
//! Reproducible quantities are checked: `--calls` counts the instructions that single calls execute
//! in addition to those of C, and `--messages` counts the messages and reductions of setup and
//! solve.

mod apps;
mod calls;
mod eigen;
mod fft;
mod gwas;
pub(crate) mod measure;
mod messages;
mod overhead;
mod python;
mod twins;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use petsc_sys_build::Config;

use crate::parity::{find, program};
use crate::{Outcome, run};
use measure::Sample;
use python::Python;
use twins::{EMPTY, SLEPC_EMPTY, SLEPC_TWINS, TWINS, Twin, needs_slepc};

/// Arguments of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Run this benchmark only.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Number of runs of each program for the wall time; for shift_invert, number of solves in each
    /// process.
    #[arg(long, default_value_t = 11)]
    repeats: usize,
    /// Do not use callgrind.
    #[arg(long)]
    no_callgrind: bool,
    /// Do not use petsc4py.
    #[arg(long)]
    no_python: bool,
    #[command(flatten)]
    interpreters: apps::Interpreters,
    /// Instead, measure a clean debug build of petsc-rs with all its dependencies.
    #[arg(long)]
    build: bool,
    /// Instead, count with callgrind the instructions that single calls execute in addition to
    /// those of C. Fails if a limit is exceeded; --only names one call.
    #[arg(long, conflicts_with = "build")]
    calls: bool,
    /// Instead, compare messages and reductions of setup and solve with C, on 1, 2 and 4 ranks.
    /// Fails if they differ; --only names one benchmark.
    #[arg(long, conflicts_with = "calls")]
    messages: bool,
    /// Instead, compare distributed Fourier transforms with FFTW (libfftw3-mpi-dev) and mpi4py-fft.
    #[arg(long, conflicts_with = "build")]
    fft: bool,
    /// With --fft: shapes of three axes; by default 256x256x256 and 1000x1000x30.
    #[arg(long, requires = "fft", value_name = "N0xN1xN2", value_delimiter = ',')]
    shape: Vec<fft::Shape>,
    /// With --fft: numbers of ranks; by default 1 and 2.
    #[arg(long, requires = "fft", value_name = "RANKS", value_delimiter = ',')]
    ranks: Vec<std::num::NonZeroUsize>,
    /// Prefix of the PETSc to use; by default the one that a build finds.
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
    if args.fft {
        let python = args.interpreters.mpi4py_fft.as_deref();
        fft::compare(&config, python, &args.shape, &args.ranks, args.repeats)?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.calls {
        let met = overhead::compare(&config, args.only.as_deref())?;
        return Ok(ExitCode::from(u8::from(!met)));
    }
    if args.messages {
        let same = messages::compare(&config, args.only.as_deref())?;
        return Ok(ExitCode::from(u8::from(!same)));
    }
    let chosen = |name: &str| args.only.as_ref().is_none_or(|only| only == name);
    let python = find_python(&config, args.no_python);
    if apps::NAMES.iter().any(|name| chosen(name)) {
        apps::compare(&config, chosen, python.as_ref(), &args.interpreters, args.repeats)?;
    }
    let twins = TWINS.iter().chain(SLEPC_TWINS).map(|t| t.name);
    if !twins.chain([eigen::SHIFT_INVERT]).any(&chosen) {
        return Ok(ExitCode::SUCCESS);
    }
    let with_slepc = petsc_sys_build::slepc::locate(&config).is_ok();
    let slepc: &[&str] = &["--features", "petsc-benches/slepc"];
    build_twins(&config, if with_slepc { slepc } else { &[] })?;
    if TWINS.iter().any(|t| chosen(t.name)) {
        let base = base(&config, EMPTY, args.no_callgrind)?;
        for twin in TWINS.iter().filter(|t| chosen(t.name)) {
            one(&config, twin, base, python.as_ref(), args.repeats)?;
        }
    }
    if with_slepc {
        eigenvalues(&config, chosen, python.as_ref(), args)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds the benchmarks in Rust.
fn build_twins(config: &Config, features: &[&str]) -> Result<(), String> {
    let mut cargo = run::cargo();
    cargo.args(["build", "--release", "--package", "petsc-benches", "--bins"]);
    cargo.args(features).env("PETSC_DIR", &config.prefix).env_remove("PETSC_RS_PKG");
    run::loud(&mut cargo)
}

/// The benchmarks with SLEPc.
fn eigenvalues(
    config: &Config,
    chosen: impl Fn(&str) -> bool,
    petsc4py: Option<&Python>,
    args: &Args,
) -> Result<(), String> {
    let slepc4py = eigen::find_slepc4py(config, petsc4py);
    if SLEPC_TWINS.iter().any(|t| chosen(t.name)) {
        let base = base(config, SLEPC_EMPTY, args.no_callgrind)?;
        for twin in SLEPC_TWINS.iter().filter(|t| chosen(t.name)) {
            one(config, twin, base, None, args.repeats)?;
            if let Some(python) = &slepc4py {
                let rust = run::target_dir().join("release").join(twin.name);
                eigen::tutorial(twin, &rust, python, args.repeats)?;
            }
        }
    }
    if chosen(eigen::SHIFT_INVERT) {
        let scipy = args.interpreters.scipy.as_deref();
        eigen::shift_invert(scipy, slepc4py.as_ref(), args.repeats)?;
    }
    Ok(())
}

/// Counts the instructions of start and end, in C and in Rust.
fn base(config: &Config, empty: &str, without: bool) -> Result<Option<(u64, u64)>, String> {
    if without {
        return Ok(None);
    }
    let (c, rust) = programs(config, empty)?;
    let (c, rust) = (measure::instructions(&c, 0)?, measure::instructions(&rust, 0)?);
    println!("\nstart and end ({empty}): {c} instructions in C, {rust} in Rust");
    Ok(Some((c, rust)))
}

/// Prints the contents of the petsc4py column.
fn find_python(config: &Config, without: bool) -> Option<Python> {
    if without {
        return None;
    }
    python::announce(Python::find(config), |reason| {
        format!(
            "petsc4py is omitted, because no Python has it for this PETSc ({reason}); on Debian, run apt install \
             python3-petsc4py-real; PYTHON=<interpreter> selects another Python"
        )
    })
}

fn one(
    config: &Config,
    twin: &Twin,
    base: Option<(u64, u64)>,
    python: Option<&Python>,
    repeats: usize,
) -> Result<(), String> {
    let (c, rust) = programs(config, twin.name)?;
    println!("\n{}", twin.name);
    let (wall_c, wall_rust) = walls(&c, &rust, twin.size, repeats)?;
    println!("  wall time, n = {}, {repeats} runs each, interleaved", twin.size);
    println!("    C     {wall_c}");
    println!("    Rust  {wall_rust}");
    println!("    ratio of medians {:.3}", wall_rust.median() / wall_c.median());
    if let Some(calls) = &twin.calls {
        calls::compare(twin, calls, (&c, &rust), python, repeats)?;
    }
    let Some((base_c, base_rust)) = base else {
        return Ok(());
    };
    let (c, rust) =
        (measure::instructions(&c, twin.small)?, measure::instructions(&rust, twin.small)?);
    let (net_c, net_rust) = (c.saturating_sub(base_c), rust.saturating_sub(base_rust));
    println!("  instructions, n = {}", twin.small);
    println!("    all          C {c:>12}  Rust {rust:>12}  ratio {:.4}", ratio(rust, c));
    println!(
        "    work only    C {net_c:>12}  Rust {net_rust:>12}  ratio {:.4}  (goal {})",
        ratio(net_rust, net_c),
        twin.goal
    );
    Ok(())
}

/// Returns the C and the Rust program of a benchmark; the C program is compiled here.
fn programs(config: &Config, name: &str) -> Result<(PathBuf, PathBuf), String> {
    let folder = run::target_dir().join("bench/c");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let executable = folder.join(name);
    let mut mpicc = program::c_compiler(config, "-O2");
    mpicc.arg("-o").arg(&executable);
    mpicc.arg(run::workspace().join("benches/c").join(format!("{name}.c")));
    if needs_slepc(name) {
        program::with_slepc(&mut mpicc, config)?;
    }
    program::link(&mut mpicc, config);
    run::output(&mut mpicc)?;
    Ok((executable, run::target_dir().join("release").join(name)))
}

fn walls(c: &Path, rust: &Path, size: u32, repeats: usize) -> Result<(Sample, Sample), String> {
    let (mut of_c, mut of_rust) = (Sample::default(), Sample::default());
    // One warm-up run of each fills caches and page tables.
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

/// Builds petsc-rs into an empty target directory and prints the time.
fn clean_build(config: &Config) -> Outcome {
    let folder = std::env::temp_dir().join(format!("petsc-rs-clean-build-{}", std::process::id()));
    let mut cargo = Command::new(run::cargo().get_program());
    cargo.current_dir(run::workspace()).args(["build", "--package", "petsc-rs"]);
    cargo.env("CARGO_TARGET_DIR", &folder).env("PETSC_DIR", &config.prefix);
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
