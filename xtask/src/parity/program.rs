//! Builds the Rust ports or the C programs.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use petsc_sys_build::{Config, slepc};

use super::tutorials;
use crate::run;

/// The command that starts a tutorial, without `mpiexec` and arguments.
pub(crate) type Program = Vec<OsString>;

/// The program that contains all Rust ports.
#[derive(Debug)]
pub(crate) struct Ports {
    executable: PathBuf,
    names: BTreeSet<String>,
}

impl Ports {
    /// Builds the ports with the PETSc of `config`, and lists them.
    pub(crate) fn build(config: &Config) -> Result<Self, String> {
        let mut cargo = run::cargo();
        cargo.args(["build", "--package", "petsc-parity", "--bin", "parity"]);
        if slepc::locate(config).is_ok() {
            cargo.args(["--features", "petsc-parity/slepc"]);
        }
        cargo.env("PETSC_DIR", &config.prefix).env_remove("PETSC_RS_PKG");
        run::loud(&mut cargo)?;
        let executable = run::target_dir().join("debug/parity");
        let list = run::output(Command::new(&executable).arg("--list"))?;
        Ok(Self { executable, names: list.lines().map(str::to_owned).collect() })
    }

    /// Returns the names of the ports.
    pub(crate) fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// Returns the command that starts a port.
    pub(crate) fn program(&self, name: &str) -> Program {
        vec![self.executable.clone().into(), name.into()]
    }
}

/// Compiles a C tutorial (with the sources it depends on), unless it is compiled already.
pub(crate) fn compile(
    config: &Config,
    name: &str,
    source: &Path,
    depends: &str,
) -> Result<Program, String> {
    let build: String = config
        .prefix
        .to_string_lossy()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' })
        .collect();
    let executable = run::target_dir().join("parity/c").join(build.trim_matches('-')).join(name);
    let folder = source.parent().unwrap_or(Path::new("."));
    if newer(&executable, source) {
        return Ok(vec![executable.into()]);
    }
    if let Some(parent) = executable.parent() {
        std::fs::create_dir_all(parent).map_err(|e| e.to_string())?;
    }
    let mut mpicc = c_compiler(config, "-O1");
    mpicc.arg("-o").arg(&executable).arg(source);
    mpicc.args(depends.split_whitespace().map(|file| folder.join(file)));
    if tutorials::needs_slepc(name) {
        with_slepc(&mut mpicc, config)?;
    }
    link(&mut mpicc, config);
    run::output(&mut mpicc)?;
    Ok(vec![executable.into()])
}

/// Adds the headers and the library of SLEPc, after the sources.
pub(crate) fn with_slepc(mpicc: &mut Command, config: &Config) -> Result<(), String> {
    let slepc = slepc::locate(config).map_err(|e| e.to_string())?;
    for dir in &slepc.include_dirs {
        mpicc.arg(format!("-I{}", dir.display()));
    }
    let dir = slepc.lib_dir.display();
    mpicc.args([format!("-L{dir}"), format!("-Wl,-rpath,{dir}"), format!("-l{}", slepc.lib_name)]);
    Ok(())
}

/// Returns `mpicc` with the headers of PETSc and of the packages that they include.
pub(crate) fn c_compiler(config: &Config, optimise: &str) -> Command {
    let mut mpicc = Command::new(petsc_sys_build::mpi::mpicc());
    mpicc.arg(optimise);
    for dir in &config.include_dirs {
        mpicc.arg(format!("-I{}", dir.display()));
    }
    let variables = config.lib_dir.join("petsc/conf/petscvariables");
    let variables = std::fs::read_to_string(variables).unwrap_or_default();
    let flags = variables.lines().find_map(|line| line.strip_prefix("PETSC_CC_INCLUDES ="));
    mpicc.args(flags.unwrap_or("").split_whitespace().filter(|flag| flag.starts_with("-I")));
    mpicc
}

/// Adds PETSc's library, with its directory in the run-time path.
pub(crate) fn link(mpicc: &mut Command, config: &Config) {
    let dir = config.lib_dir.display();
    mpicc.args([format!("-L{dir}"), format!("-Wl,-rpath,{dir}"), format!("-l{}", config.lib_name)]);
    mpicc.arg("-lm");
}

fn newer(product: &Path, source: &Path) -> bool {
    let time = |path: &Path| path.metadata().and_then(|m| m.modified()).ok();
    matches!((time(product), time(source)), (Some(p), Some(s)) if p > s)
}
