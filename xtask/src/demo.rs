//! `cargo xtask demo`: installs missing software and solves the European power network.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::{Outcome, doctor, run, setup};

const CASE: &str = "case2869pegase.m";

/// Arguments of `cargo xtask demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Directory for tables and figures.
    #[arg(long, default_value = "out", value_name = "FOLDER")]
    out: PathBuf,
    /// Number of ranks.
    #[arg(long, default_value = "2", value_name = "N")]
    ranks: NonZeroUsize,
}

/// Runs the task.
pub(crate) fn run(args: &Args) -> Outcome {
    let mut petsc_dir = None;
    if doctor::problems(&[]).is_empty() {
        println!("All required software is installed.");
    } else {
        petsc_dir = setup::install(&setup::Args::default())?;
    }
    let mut build = run::cargo();
    build.args(["build", "--release", "--package", "workshop", "--bin", "powergrid"]);
    if let Some(dir) = &petsc_dir {
        build.env("PETSC_DIR", dir);
    }
    run::loud(&mut build)?;
    let data = run::workspace().join("examples/data");
    let case =
        find(&data, CASE).ok_or_else(|| format!("{CASE} was not found in {}", data.display()))?;
    let out = std::path::absolute(&args.out)?;
    fs::create_dir_all(&out)?;
    let mut solve = run::mpiexec(args.ranks.get());
    solve.arg(run::target_dir().join("release/powergrid"));
    solve.arg("--case").arg(&case).arg("--out").arg(&out);
    run::loud(&mut solve)?;
    let mut files: Vec<_> = fs::read_dir(&out)?.flatten().map(|e| e.path()).collect();
    files.sort();
    println!("\nFigures and tables:");
    for file in files.iter().filter(|f| f.is_file()) {
        println!("  {}", file.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns a file with this name in a directory or its subdirectories.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let entries: Vec<_> = fs::read_dir(folder).ok()?.flatten().map(|e| e.path()).collect();
    let here = entries.iter().find(|p| p.is_file() && p.file_name().is_some_and(|n| n == name));
    here.cloned().or_else(|| entries.iter().filter(|p| p.is_dir()).find_map(|p| find(p, name)))
}
