//! Runs one case with mpiexec, with a time limit, in a separate directory.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::expand::Case;
use super::program::Program;
use crate::job::finish;
use crate::run;

/// The directories of a run, to which its arguments may refer.
#[derive(Debug)]
pub(crate) struct Place {
    /// An empty directory.
    pub(crate) folder: PathBuf,
    /// The directory of the tutorial, for `localrunfiles`.
    pub(crate) sources: PathBuf,
    /// `SLEPC_DIR`
    pub(crate) slepc_dir: Option<PathBuf>,
    /// `PETSC_DIR`
    pub(crate) petsc_dir: PathBuf,
    /// `DATAFILESPATH`
    pub(crate) data: Option<PathBuf>,
    /// The time limit for a test of usual length.
    pub(crate) limit: Duration,
}

/// The output of a run.
#[derive(Debug)]
pub(crate) struct Printed {
    /// The standard output after PETSc's filter; includes the standard error if the test expects an
    /// error.
    pub(crate) output: String,
    /// The standard error.
    pub(crate) errors: String,
    /// The reason why the run failed.
    pub(crate) failure: Option<String>,
}

/// Runs a case.
pub(crate) fn execute(program: &Program, case: &Case, place: &Place) -> Result<Printed, String> {
    prepare(case, place).map_err(|e| format!("{}: {e}", place.folder.display()))?;
    // In a test of an error, both streams count, and the exit code does not.
    let filter = case.fields.get("filter");
    let (of_error, filter) = match filter.strip_prefix("Error:") {
        Some(rest) => (true, rest.trim()),
        None => (false, filter),
    };
    let redirect = if of_error { " 2>&1" } else { "" };
    // The shell expands variables and quotation marks in the arguments, as in PETSc's harness.
    let script = format!("exec \"$@\" -petsc_ci {}{redirect}", case.args);
    let mut mpiexec = run::mpiexec(case.ranks);
    run::quick_start(&mut mpiexec);
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, "sh"]).arg(mpiexec.get_program()).args(mpiexec.get_args());
    shell.args(program);
    for (key, value) in mpiexec.get_envs() {
        if let Some(value) = value {
            shell.env(key, value);
        }
    }
    environment(&mut shell, case, place);
    let factor = case.fields.get("timeoutfactor").parse().unwrap_or(1.0_f64).max(1.0);
    let done = finish(&mut shell, None, place.limit.mul_f64(factor))?;
    let mut failure = done.failure.filter(|_| !of_error || done.timed_out);
    let mut output = done.output;
    if failure.is_none() && !filter.is_empty() {
        output = apply(filter, &output, place)?;
    }
    if of_error && output.is_empty() && !done.timed_out {
        failure = None;
    }
    Ok(Printed { output, errors: done.errors, failure })
}

/// Sends a text through a shell pipeline.
pub(crate) fn apply(filter: &str, text: &str, place: &Place) -> Result<String, String> {
    let mut shell = Command::new("sh");
    shell.args(["-c", filter]).env("LC_ALL", "C").current_dir(&place.folder);
    let done = finish(&mut shell, Some(text.to_owned()), Duration::from_secs(60))?;
    // grep returns 1 if no line remains, so the exit code is not checked.
    Ok(done.output)
}

fn prepare(case: &Case, place: &Place) -> std::io::Result<()> {
    if place.folder.exists() {
        std::fs::remove_dir_all(&place.folder)?;
    }
    std::fs::create_dir_all(&place.folder)?;
    for file in case.fields.get("localrunfiles").split_whitespace() {
        copy(&place.sources.join(file), &place.folder.join(file))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    if from.is_dir() {
        std::fs::create_dir_all(to)?;
        for entry in std::fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    if let Some(parent) = to.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::copy(from, to).map(|_| ())
}

fn environment(shell: &mut Command, case: &Case, place: &Place) {
    shell.current_dir(&place.folder);
    shell.env("LC_ALL", "C").env("PETSC_DIR", &place.petsc_dir).env("wPETSC_DIR", &place.petsc_dir);
    // The options of PETSc's harness; without a display, drawing is disabled.
    let mut options = "-check_pointer_intensity 0 -error_output_stdout -malloc_dump".to_owned();
    if std::env::var_os("DISPLAY").is_none_or(|d| d.is_empty()) {
        options += " -nox -nox_warning";
    }
    shell.env("PETSC_OPTIONS", options);
    if let Some(slepc) = &place.slepc_dir {
        shell.env("SLEPC_DIR", slepc);
    }
    match &place.data {
        Some(data) => shell.env("DATAFILESPATH", data),
        None => shell.env_remove("DATAFILESPATH"),
    };
    for setting in case.fields.get("env").split_whitespace() {
        if let Some((key, value)) = setting.split_once('=') {
            shell.env(key, value.trim_matches(['"', '\'']));
        }
    }
}
