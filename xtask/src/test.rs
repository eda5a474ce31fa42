//! `cargo xtask test`: runs the tests of the workspace with one or several builds of PETSc.

mod plan;
mod summary;

use std::io::{BufRead as _, BufReader};
use std::num::NonZeroUsize;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use petsc_sys_build::{Config, locate, slepc};

use crate::builds::{Build, BuildList};
use crate::{Outcome, run};
use plan::Plan;
use summary::Counts;

/// Arguments of `cargo xtask test`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Builds of PETSc: `all`, or some of real,complex,real64,complex64,3.26. By default, the build
    /// that PETSC_DIR or pkg-config selects.
    #[arg(long, value_name = "LIST")]
    builds: Option<BuildList>,
    /// Run the tests on these numbers of ranks only; by default, on all numbers of each test.
    #[arg(long, value_delimiter = ',', value_name = "N,N")]
    ranks: Vec<NonZeroUsize>,
    /// Compile all builds in the directory `target/all`, one after the other. Registry crates are
    /// compiled once, and the workspace crates for each build. Useful on a machine without earlier
    /// builds.
    #[arg(long)]
    one_folder: bool,
    /// Run all tests on all builds. By default, each build runs the tests whose results can differ
    /// on it.
    #[arg(long)]
    everything: bool,
    /// Run only tests whose name contains this.
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
        let name = build.map_or("the selected build", Build::name);
        let begin = Instant::now();
        let (counts, word) = match command(args, build) {
            Ok((mut command, note)) => {
                println!("== {name}: {}", run::line(&command));
                let (counts, word) = test(&mut command)?;
                (counts, format!("{word}{note}"))
            }
            Err(reason) => (Counts { failed: 1, ..Counts::default() }, reason),
        };
        total.add(counts);
        lines.push(format!("{name}: {counts}{word} ({} s)", begin.elapsed().as_secs()));
    }
    println!("\nTests by build of PETSc:");
    for line in lines {
        println!("  {line}");
    }
    println!("{total}");
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns `cargo test` for one build with a note on omitted tests, or the reason why it cannot
/// run.
fn command(args: &Args, build: Option<Build>) -> Result<(Command, String), String> {
    let mut command = run::cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]);
    let config = match build {
        Some(build) => Some(build.find().ok_or_else(|| {
            let name = build.name();
            format!(" - this PETSc is not installed: run `cargo xtask setup --builds {name}`")
        })?),
        // Without a PETSc, cargo reports this.
        None => locate().ok(),
    };
    let mut plan = Plan::everything();
    if let (Some(build), Some(config)) = (build, &config) {
        let folder = if args.one_folder { "all" } else { build.name() };
        command
            .env("PETSC_DIR", &config.prefix)
            .env_remove("PETSC_ARCH")
            .env_remove("PETSC_RS_PKG")
            .env("CARGO_TARGET_DIR", run::workspace().join("target").join(folder));
        if args.filter.is_none() && !args.everything {
            plan = Plan::of(build);
        }
    }
    let mut note = packages_of_slepc(&mut command, config.as_ref(), &plan);
    note += &follow(&plan, args, &mut command);
    run::allow_many_ranks(&mut command);
    run::quick_start_alone(&mut command);
    Ok((command, note))
}

/// Sets the options of cargo and the harness for a plan. Numbers of ranks on the command line take
/// precedence. Returns a note.
fn follow(plan: &Plan, args: &Args, command: &mut Command) -> String {
    if !plan.doctests {
        command.args(["--lib", "--bins", "--tests"]);
    }
    for package in &plan.without {
        command.args(["--exclude", package]);
    }
    let wanted: Vec<usize> = args.ranks.iter().map(|n| n.get()).collect();
    let ranks = if wanted.is_empty() { plan.ranks } else { &wanted };
    let ranks: Vec<_> = ranks.iter().map(usize::to_string).collect();
    if !ranks.is_empty() {
        command.env("PETSC_TEST_RANKS", ranks.join(","));
    }
    command.args(&args.filter);
    if !plan.skip.is_empty() {
        command.arg("--");
        for name in plan.skip {
            command.args(["--skip", name]);
        }
    }
    if ranks.is_empty() { String::new() } else { format!(", on {} ranks", ranks.join(" and ")) }
}

/// Includes the packages that need SLEPc, or excludes them if there is no SLEPc for this PETSc, and
/// returns a note.
fn packages_of_slepc(command: &mut Command, config: Option<&Config>, plan: &Plan) -> String {
    match config.map(slepc::locate) {
        Some(Err(error)) => {
            command.args(["--exclude", "slepc-sys", "--exclude", "slepc-rs"]);
            let text = "without slepc-sys, slepc-rs and `bridge`, because there is no SLEPc for this PETSc";
            println!("{text}\n{error}");
            format!(", {text}")
        }
        _ => {
            // cargo refuses features of excluded packages.
            for package in ["workshop", "petsc-parity"] {
                if !plan.without.contains(&package) {
                    command.arg("--features").arg(format!("{package}/slepc"));
                }
            }
            String::new()
        }
    }
}

/// Runs cargo, shows its output, and counts the results. If cargo fails without a failed test (a
/// compile error, or a crash of a test program), this counts as one failure.
fn test(command: &mut Command) -> Result<(Counts, String), Box<dyn std::error::Error>> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
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
