//! `cargo xtask test`: the tests of the workspace, against one or several builds of PETSc.

mod summary;

use std::io::{BufRead as _, BufReader};
use std::num::NonZeroUsize;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use petsc_sys_build::{Config, locate, slepc};

use crate::builds::{Build, BuildList};
use crate::{Outcome, run};
use summary::Counts;

/// Arguments of `cargo xtask test`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Builds of PETSc: `all`, or some of real,complex,real64,complex64,3.26. Without it, the build
    /// that PETSC_DIR or pkg-config leads to.
    #[arg(long, value_name = "LIST")]
    builds: Option<BuildList>,
    /// Only the tests on these numbers of ranks. Without it, each on all that it names.
    #[arg(long, value_delimiter = ',', value_name = "N,N")]
    ranks: Vec<NonZeroUsize>,
    /// Compile all builds in the folder `target/all`, one after the other: crates from the registry are compiled
    /// once, those of the workspace anew for each build. For a machine that starts from nothing.
    #[arg(long)]
    one_folder: bool,
    /// Only tests whose name contains this.
    filter: Option<String>,
}

/// Runs the task.
pub(crate) fn run(args: &Args) -> Outcome {
    let builds: Vec<Option<Build>> = match &args.builds {
        None => vec![None],
        Some(list) => list.0.iter().copied().map(Some).collect(),
    };
    let mut lines = Vec::new();
    let mut total = Counts::default();
    for build in builds {
        let name = build.map_or("the build at hand", Build::name);
        let begin = Instant::now();
        let (counts, word) = match command(args, build) {
            Ok((mut command, note)) => {
                println!("== {name}: {}", run::line(&command));
                let (counts, word) = test(&mut command)?;
                (counts, format!("{word}{note}"))
            }
            Err(reason) => (
                Counts {
                    failed: 1,
                    ..Counts::default()
                },
                reason,
            ),
        };
        total.add(counts);
        lines.push(format!(
            "{name}: {counts}{word} ({} s)",
            begin.elapsed().as_secs()
        ));
    }
    println!("\nTests by build of PETSc:");
    for line in lines {
        println!("  {line}");
    }
    println!("{total}");
    Ok(if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// `cargo test` for one build, with a note on what is left out, or why it cannot be run.
fn command(args: &Args, build: Option<Build>) -> Result<(Command, String), String> {
    let mut command = run::cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]);
    let config = match build {
        Some(build) => Some(build.find().ok_or_else(|| {
            let name = build.name();
            format!(" - no such PETSc on this machine: `cargo xtask setup --builds {name}`")
        })?),
        // Without one, cargo says so itself.
        None => locate().ok(),
    };
    let note = packages_of_slepc(&mut command, config.as_ref());
    let mut left_out: &[&str] = &[];
    if let (Some(build), Some(config)) = (build, &config) {
        let folder = if args.one_folder { "all" } else { build.name() };
        command
            .env("PETSC_DIR", &config.prefix)
            .env_remove("PETSC_ARCH")
            .env_remove("PETSC_RS_PKG")
            .env(
                "CARGO_TARGET_DIR",
                run::workspace().join("target").join(folder),
            );
        if args.filter.is_none() {
            left_out = slow_ones_elsewhere(build);
            // The documentation's examples are the same programs on every build, and linking each of them takes
            // longest: they run on the first and on the last.
            if !matches!(build, Build::Real | Build::Newest) {
                command.args(["--lib", "--bins", "--tests"]);
                // Nor do scalars and indices change the harness, which fails in every way for half a minute.
                command.args(["--exclude", "petsc-test"]);
            }
            // These know no PETSc: once is enough.
            if build != Build::Real {
                for package in ["petsc-sys-build", "xtask"] {
                    command.args(["--exclude", package]);
                }
            }
        }
    }
    if !args.ranks.is_empty() {
        let ranks: Vec<_> = args.ranks.iter().map(NonZeroUsize::to_string).collect();
        command.env("PETSC_TEST_RANKS", ranks.join(","));
    }
    command.args(&args.filter);
    if !left_out.is_empty() {
        command.arg("--");
        for name in left_out {
            command.args(["--skip", name]);
        }
    }
    run::allow_many_ranks(&mut command);
    run::quick_start_alone(&mut command);
    Ok((command, note))
}

/// Names of the tests that a build leaves to the first one: callbacks that fail, each kind in six jobs.
fn slow_ones_elsewhere(build: Build) -> &'static [&'static str] {
    match build {
        Build::Real => &[],
        // One place is enough to see how another version of PETSc ends; the last rank is the one that hangs first.
        Build::Newest => &["fails_on_the_first", "fails_on_all"],
        _ => &["fault::"],
    }
}

/// Takes in what needs SLEPc, or leaves it out where this PETSc has none, and says so.
fn packages_of_slepc(command: &mut Command, config: Option<&Config>) -> String {
    match config.map(slepc::locate) {
        Some(Err(error)) => {
            command.args(["--exclude", "slepc-sys", "--exclude", "slepc-rs"]);
            let text = "without slepc-sys, slepc-rs and `bridge`: no SLEPc of this PETSc";
            println!("{text}\n{error}");
            format!(", {text}")
        }
        _ => {
            command.args(["--features", "workshop/slepc,petsc-parity/slepc"]);
            String::new()
        }
    }
}

/// Runs cargo, shows what it prints, and counts the results. A run that fails without a failed
/// test (it does not compile, or a test program dies) counts as one failure.
fn test(command: &mut Command) -> Result<(Counts, String), Box<dyn std::error::Error>> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut counts = Counts::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            println!("{line}");
            counts.add(summary::of_line(&line).unwrap_or_default());
        }
    }
    let status = child.wait()?;
    if !status.success() && counts.failed == 0 {
        counts.failed = 1;
        return Ok((counts, format!(" - cargo failed ({status})")));
    }
    Ok((counts, String::new()))
}
