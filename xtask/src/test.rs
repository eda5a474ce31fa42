//! `cargo xtask test`: the tests of the workspace, against one or several builds of PETSc.

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
    /// All tests on all of the builds, also where their results cannot differ. Without it, each build of `--builds`
    /// runs its share.
    #[arg(long)]
    everything: bool,
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
    let mut plan = Plan::everything();
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

/// Tells cargo and the harness what a plan says; the numbers of ranks on the command line go first. Returns a note.
fn follow(plan: &Plan, args: &Args, command: &mut Command) -> String {
    if !plan.doctests {
        command.args(["--lib", "--bins", "--tests"]);
    }
    for package in &plan.without {
        command.args(["--exclude", package]);
    }
    let wanted: Vec<usize> = args.ranks.iter().map(|n| n.get()).collect();
    let ranks = if wanted.is_empty() {
        plan.ranks
    } else {
        &wanted
    };
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
    if ranks.is_empty() {
        String::new()
    } else {
        format!(", on {} ranks", ranks.join(" and "))
    }
}

/// Takes in what needs SLEPc, or leaves it out where this PETSc has none, and says so.
fn packages_of_slepc(command: &mut Command, config: Option<&Config>, plan: &Plan) -> String {
    match config.map(slepc::locate) {
        Some(Err(error)) => {
            command.args(["--exclude", "slepc-sys", "--exclude", "slepc-rs"]);
            let text = "without slepc-sys, slepc-rs and `bridge`: no SLEPc of this PETSc";
            println!("{text}\n{error}");
            format!(", {text}")
        }
        _ => {
            // cargo refuses features of packages that are left out.
            for package in ["workshop", "petsc-parity"] {
                if !plan.without.contains(&package) {
                    command.arg("--features").arg(format!("{package}/slepc"));
                }
            }
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
