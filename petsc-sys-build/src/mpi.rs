//! The MPI that the `mpi` crate links, and the check that it is the MPI of PETSc.

use std::env;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::config::{Config, Mpi};
use crate::error::Error;

/// Returns the MPI compiler wrapper in use: `MPICC` or `mpicc` (the rule of the `mpi` crate).
#[must_use]
pub fn mpicc() -> String {
    env::var("MPICC").unwrap_or_else(|_| "mpicc".into())
}

/// Returns the MPI of the compiler wrapper, from the macros in its `mpi.h`.
///
/// # Errors
/// [`Error::NoMpi`] if the wrapper cannot be run or does not find `mpi.h`.
pub fn flavour(mpicc: &str) -> Result<Mpi, Error> {
    let text = "#include <mpi.h>\nopen=OMPI_MAJOR_VERSION\nmpich=MPICH_NUMVERSION\n";
    let expanded = preprocess(mpicc, text)?;
    let value = |key: &str| expanded.lines().find_map(|l| l.trim().strip_prefix(key));
    Ok(if value("open=").is_some_and(|v| v != "OMPI_MAJOR_VERSION") {
        Mpi::OpenMpi
    } else if value("mpich=").is_some_and(|v| v != "MPICH_NUMVERSION") {
        Mpi::Mpich
    } else {
        Mpi::Other
    })
}

fn preprocess(mpicc: &str, text: &str) -> Result<String, Error> {
    let fail = |reason: String| Error::NoMpi { mpicc: mpicc.into(), reason };
    let mut child = Command::new(mpicc)
        .args(["-E", "-x", "c", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| fail(e.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(text.as_bytes()).map_err(|e| fail(e.to_string()))?;
    }
    let output = child.wait_with_output().map_err(|e| fail(e.to_string()))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let stderr = String::from_utf8_lossy(&output.stderr);
        Err(fail(stderr.lines().next().unwrap_or("it failed without a message").to_owned()))
    }
}

/// Returns the include folders that the compiler wrapper adds, for libclang.
///
/// # Errors
/// [`Error::NoMpi`] if the wrapper cannot be run.
pub fn include_dirs(mpicc: &str) -> Result<Vec<PathBuf>, Error> {
    let output = Command::new(mpicc)
        .arg("-show")
        .output()
        .map_err(|e| Error::NoMpi { mpicc: mpicc.into(), reason: e.to_string() })?;
    let line = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(line.split_whitespace().filter_map(|w| w.strip_prefix("-I")).map(PathBuf::from).collect())
}

/// Checks that PETSc and the `mpi` crate use the same MPI library.
///
/// # Errors
/// [`Error::MpiMismatch`], or [`Error::NoMpi`] without a compiler wrapper.
pub fn check(config: &Config) -> Result<(), Error> {
    let mpicc = mpicc();
    let found = flavour(&mpicc)?;
    if config.mpi == found || (config.mpi == Mpi::Other && found == Mpi::Other) {
        return Ok(());
    }
    Err(Error::MpiMismatch {
        petsc: config.mpi.to_string(),
        found: found.to_string(),
        mpicc,
        prefix: config.prefix.clone(),
    })
}
