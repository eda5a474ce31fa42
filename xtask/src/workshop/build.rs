//! Compilation of the applications of the workshop.

use std::path::PathBuf;

use petsc_sys_build::{Config, slepc};

use crate::run;

/// The result of a build.
#[derive(Debug)]
pub(crate) struct Built {
    /// The directory of the programs.
    pub(crate) folder: PathBuf,
    /// Whether there is a SLEPc for this PETSc; without it, the programs with eigenvalues are not
    /// built.
    pub(crate) with_slepc: bool,
}

/// Builds `targets`, such as `--bins`, of the package `workshop` with a PETSc.
pub(crate) fn build(config: &Config, release: bool, targets: &[&str]) -> Result<Built, String> {
    let with_slepc = slepc::locate(config).is_ok();
    let mut cargo = run::cargo();
    cargo
        .args(["build", "--package", "workshop"])
        .args(targets)
        .env("PETSC_DIR", &config.prefix)
        .env_remove("PETSC_RS_PKG");
    if release {
        cargo.arg("--release");
    }
    if with_slepc {
        cargo.args(["--features", "workshop/slepc"]);
    }
    run::loud(&mut cargo)?;
    Ok(Built {
        folder: run::target_dir().join(if release { "release" } else { "debug" }),
        with_slepc,
    })
}
