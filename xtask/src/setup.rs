//! `cargo xtask setup`: installs or builds missing software, and checks again.

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
    /// Where to get PETSc and the tools; by default, from the package manager of this machine.
    #[arg(long, value_enum)]
    from: Option<From>,
    /// Builds of PETSc to install: `all`, or some of real,complex,real64,complex64,3.26.
    #[arg(long, value_name = "LIST")]
    builds: Option<BuildList>,
}

/// A source of software.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum From {
    /// Debian, Ubuntu
    Apt,
    /// Fedora and related distributions; PETSc is built from source
    Dnf,
    /// Homebrew
    Brew,
    /// No package manager; PETSc is built from source with the installed tools
    Source,
}

/// Runs the task.
pub(crate) fn run(args: &Args) -> Outcome {
    install(args)?;
    println!("\nChecking again:");
    let problems = doctor::problems(args.builds.as_ref().map_or(&[], |b| &b.0));
    for problem in &problems {
        println!("  {problem}");
    }
    if problems.is_empty() {
        println!("  all required software is installed");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

/// Installs packages, and builds the remaining software from source. Returns the prefix of the
/// PETSc to use, if it can be selected with `PETSC_DIR` only.
pub(crate) fn install(args: &Args) -> Result<Option<PathBuf>, Box<dyn std::error::Error>> {
    let manager = Manager::of(args.from);
    let builds = args.builds.as_ref().map(|b| b.0.as_slice());
    match &manager {
        Some(manager) => manager.install(&manager.wanted(builds))?,
        None => println!("No package manager is used, only the installed tools."),
    }
    let from_source: Vec<Build> = match builds {
        Some(builds) => builds.iter().copied().filter(|b| b.find().is_none()).collect(),
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
    // A PETSc that was built from source, now or earlier, needs a SLEPc that is built with it.
    for build in builds.unwrap_or_default() {
        let lacks = |config: Config| slepc::locate(&config).is_err();
        if build.debian_packages().is_empty() && build.find().is_some_and(lacks) {
            from_source_archive(*build, Package::Slepc)?;
        }
    }
    if vendored::cache_dir().is_err() {
        println!(
            "note: there is no cache directory for builds from source, because HOME is not set"
        );
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
