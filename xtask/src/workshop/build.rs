//! The applications of the workshop, compiled.

use std::path::PathBuf;

use petsc_sys_build::{Config, slepc};

use crate::run;

/// What was built.
#[derive(Debug)]
pub(crate) struct Built {
    /// Where the programs are.
    pub(crate) folder: PathBuf,
    /// Whether this PETSc has a SLEPc: without one, the programs with eigenvalues are not there.
    pub(crate) with_slepc: bool,
}

/// Builds `targets`, such as `--bins`, of the package `workshop` for a PETSc.
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
