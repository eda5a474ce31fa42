//! `cargo xtask parity`: runs the tests in the `/*TEST` blocks of PETSc's tutorials with their Rust
//! ports, and compares the output with PETSc's reference output files.
//!
//! A case passes if its output is
//! * the same text (`exact`),
//! * the same words and integers, with numbers equal within the tolerances (`numbers`), or
//! * the same words and integers (the criterion of PETSc's own harness), with numbers equal to
//!   those that the C program prints on this machine (`as C`). The reference file comes from
//!   another machine, and numbers close to rounding errors, such as the norm of an error, differ
//!   between machines. If the words of the C program differ from the file (because another release
//!   of a package partitions differently), a port whose output equals that of the C program passes
//!   and is counted separately. If the numbers of the C program vary between runs, only words are
//!   compared; such cases are counted separately too.
//!
//! A case whose C program crashes or hangs on this machine (because of a defective package) is
//! skipped with that reason.
//!
//! A case that prints nothing, as expected, is `silent`: the port ran to its end and no number was
//! compared. Such a case counts neither as passed nor as failed.
//!
//! `--c` runs the C programs instead of the ports, to check this runner. With `--c`, the third
//! criterion is only that of PETSc's harness, and is printed as `words`.

mod block;
mod case;
mod compare;
mod elsewhere;
mod execute;
mod expand;
pub(crate) mod program;
mod report;
mod requires;
mod tutorials;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use petsc_sys_build::{Config, locate};

use crate::Outcome;
use crate::builds::{Build, BuildList};
use case::{Setting, Verdict};
use program::Ports;
use report::Report;

/// Arguments of `cargo xtask parity`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only these tutorials (`ksp/ex2`), or all of an area (`ksp`).
    #[arg(long, value_name = "TUTORIAL", value_delimiter = ',')]
    only: Vec<String>,
    /// Only cases whose name contains this (`ex2_bjacobi`).
    #[arg(long, value_name = "TEXT")]
    case: Option<String>,
    /// Prefix of the PETSc to use; by default the one that a build finds.
    #[arg(long, value_name = "PREFIX", alias = "build")]
    prefix: Option<PathBuf>,
    /// Builds of PETSc: `all`, or some of real,complex,real64,complex64,3.26. All ports run on the
    /// build `real`, and the ports whose output can differ run on the others.
    #[arg(long, value_name = "LIST", conflicts_with_all = ["prefix", "examples"])]
    builds: Option<BuildList>,
    /// Directory of the tutorials; by default the directory of the PETSc in use.
    #[arg(long, value_name = "FOLDER")]
    examples: Option<PathBuf>,
    /// Run the C programs instead of the ports.
    #[arg(long)]
    c: bool,
    /// List the cases with their arguments, without running them.
    #[arg(long)]
    list: bool,
    /// Relative tolerance of numbers.
    #[arg(long, default_value_t = 1e-6)]
    rtol: f64,
    /// Absolute tolerance of numbers.
    #[arg(long, default_value_t = 1e-12)]
    atol: f64,
    /// Also compare the notation of numbers.
    #[arg(long)]
    format: bool,
    /// Time limit of a run in seconds, multiplied by PETSc's factor for long tests.
    #[arg(long, default_value_t = 120)]
    limit: u64,
    /// Print each case, not only those that fail.
    #[arg(long, short)]
    verbose: bool,
}

/// Runs the task.
pub(crate) fn run(args: &Args) -> Outcome {
    let (mut passed, mut failed) = (0, 0);
    for build in builds(args) {
        match run_on(args, build) {
            Ok(report) => {
                if !args.list {
                    report.print();
                }
                let (good, bad) = report.counts();
                (passed, failed) = (passed + good, failed + bad);
            }
            // An error with one build does not prevent the tests with the others.
            Err(error) if build.is_some() => {
                println!("error: {error}");
                failed += 1;
            }
            Err(error) => return Err(error),
        }
    }
    if !args.list {
        println!("{passed} passed, {failed} failed");
    }
    Ok(if failed == 0 || args.list { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns the requested builds; `None` is the selected build.
fn builds(args: &Args) -> Vec<Option<Build>> {
    match &args.builds {
        None => vec![None],
        Some(list) => list.0.iter().copied().map(Some).collect(),
    }
}

/// Returns the installation to use.
fn installation(args: &Args, build: Option<Build>) -> Result<Config, Box<dyn std::error::Error>> {
    let Some(build) = build else {
        return Ok(find(args.prefix.as_deref())?);
    };
    let name = build.name();
    let missing =
        || format!("{name}: this PETSc is not installed: run `cargo xtask setup --builds {name}`");
    Ok(build.find().ok_or_else(missing)?)
}

fn run_on(args: &Args, build: Option<Build>) -> Result<Report, Box<dyn std::error::Error>> {
    let setting = setting(args, installation(args, build)?)?;
    println!("{}", setting.config.summary());
    println!("tutorials: {}", setting.examples.display());
    let ports = if args.c || args.list { None } else { Some(Ports::build(&setting.config)?) };
    let mut report = Report::default();
    for name in wanted(args, build, ports.as_ref(), setting.slepc_examples.is_some()) {
        let tutorial = match case::Tutorial::read(&setting, &name) {
            Ok(tutorial) => tutorial,
            Err(error) => {
                report.missing(&name, &error);
                continue;
            }
        };
        let program = match &ports {
            Some(ports) if !ports.names().contains(&name) => {
                report.missing(&name, "has no port");
                continue;
            }
            Some(ports) => Some(ports.program(&name)),
            None => None,
        };
        report.begin(&name, tutorial.cases.len());
        for case in &tutorial.cases {
            if args.case.as_ref().is_some_and(|text| !case.name.contains(text)) {
                continue;
            }
            if args.list {
                println!("{}", case::describe(&name, case, &setting));
                continue;
            }
            let verdict = match &program {
                Some(program) => case::judge(&setting, &tutorial, case, program),
                None => case::judge_c(&setting, &tutorial, case),
            };
            report.add(case, verdict.unwrap_or_else(Verdict::Failed), args.verbose);
        }
    }
    Ok(report)
}

/// The settings of all cases for this installation.
fn setting(args: &Args, config: Config) -> Result<Setting, String> {
    let rule = if args.format {
        compare::Rule::Text
    } else {
        compare::Rule::Close { rtol: args.rtol, atol: args.atol }
    };
    let slepc = petsc_sys_build::slepc::locate(&config).ok();
    let slepc_examples = slepc.as_ref().and_then(tutorials::slepc_examples);
    Ok(Setting {
        // The data are next to the examples: <SLEPC_DIR>/share/slepc/examples/src.
        slepc_dir: slepc_examples
            .as_ref()
            .and_then(|path| path.ancestors().nth(4))
            .map(PathBuf::from),
        slepc_examples,
        conf: requires::Conf::read(&config)?,
        data: tutorials::data_folders(&config),
        examples: tutorials::examples(&config, args.examples.as_deref())?,
        config,
        rule,
        limit: Duration::from_secs(args.limit),
    })
}

/// Returns the PETSc in `prefix`, or the one that a build finds.
pub(crate) fn find(prefix: Option<&std::path::Path>) -> Result<Config, petsc_sys_build::Error> {
    match prefix {
        Some(prefix) => locate::inspect(prefix, None, "--prefix"),
        None => locate(),
    }
}

/// Returns the tutorials to run: the requested tutorials; without a request, those of the build;
/// and for the real build, all listed tutorials and all other ports.
fn wanted(
    args: &Args,
    build: Option<Build>,
    ports: Option<&Ports>,
    with_slepc: bool,
) -> Vec<String> {
    let mut names = tutorials::listed(with_slepc);
    for name in ports.into_iter().flat_map(Ports::names) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    if args.only.is_empty() {
        let own = build.and_then(elsewhere::ports);
        return own.map_or(names, |own| own.iter().map(|&name| name.into()).collect());
    }
    let mut chosen = Vec::new();
    for only in &args.only {
        let area = format!("{}/", only.trim_end_matches('/'));
        let matching: Vec<_> =
            names.iter().filter(|n| *n == only || n.starts_with(&area)).cloned().collect();
        if matching.is_empty() {
            chosen.push(only.clone());
        }
        chosen.extend(matching);
    }
    chosen
}
