//! `cargo xtask setup`: installs or builds what is missing, and looks again.

mod packages;

use std::path::PathBuf;
use std::process::ExitCode;

use petsc_sys_build::vendored::{self, Package};
use petsc_sys_build::{Config, locate, slepc};

use crate::builds::{Build, BuildList};
use crate::{Outcome, doctor};
use packages::Manager;

/// Arguments of `cargo xtask setup`.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Args {
    /// Where PETSc and the tools come from; without it, the package manager that is there.
    #[arg(long, value_enum)]
    from: Option<From>,
    /// Builds of PETSc to have: `all`, or some of real,complex,real64,complex64,3.26.
    #[arg(long, value_name = "LIST")]
    builds: Option<BuildList>,
}

/// A source of software.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum From {
    /// Debian, Ubuntu.
    Apt,
    /// Fedora and relatives; PETSc itself is built from source there.
    Dnf,
    /// Homebrew.
    Brew,
    /// No package manager: PETSc is built from source with the tools that are there.
    Source,
}

/// Runs the task.
pub(crate) fn run(args: &Args) -> Outcome {
    install(args)?;
    println!("\nLooking again:");
    let problems = doctor::problems(args.builds.as_ref().map_or(&[], |b| &b.0));
    for problem in &problems {
        println!("  {problem}");
    }
    if problems.is_empty() {
        println!("  nothing is missing");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

/// Installs packages, then builds from source what no package provides. Gives back the folder of
/// the PETSc to use, where it is one that only `PETSC_DIR` leads to.
pub(crate) fn install(args: &Args) -> Result<Option<PathBuf>, Box<dyn std::error::Error>> {
    let manager = Manager::of(args.from);
    let builds = args.builds.as_ref().map(|b| b.0.as_slice());
    match &manager {
        Some(manager) => manager.install(&manager.wanted(builds))?,
        None => println!("No package manager is used; the tools that are there have to do."),
    }
    let from_source: Vec<Build> = match builds {
        Some(builds) => builds
            .iter()
            .copied()
            .filter(|b| b.find().is_none())
            .collect(),
        None if args.from == Some(From::Source) || locate().is_err() => vec![Build::Real],
        None => Vec::new(),
    };
    let mut only = None;
    for build in from_source {
        let prefix = from_source_archive(build, Package::Petsc)?;
        if builds.is_none() {
            println!("To use it: export PETSC_DIR={}", prefix.display());
            only = Some(prefix);
        }
    }
    // A PETSc from source, of this run or an earlier one, gets the SLEPc that belongs to it.
    for build in builds.unwrap_or_default() {
        let lacks = |config: Config| slepc::locate(&config).is_err();
        if build.debian_packages().is_empty() && build.find().is_some_and(lacks) {
            from_source_archive(*build, Package::Slepc)?;
        }
    }
    if vendored::cache_dir().is_err() {
        println!("note: no cache folder for builds from source (HOME is not set)");
    }
    Ok(only)
}

fn from_source_archive(build: Build, package: Package) -> Result<PathBuf, vendored::Error> {
    let request = build.request().of(package);
    println!(
        "\nBuilding {package} from source (`{}`) in {}; this takes some minutes the first time.",
        build.name(),
        request.prefix()?.display()
    );
    request.ensure(&mut |progress| println!("  {progress}"))
}
