//! Finds the petsc4py that belongs to the PETSc in use.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use petsc_sys_build::Config;

use crate::run;

/// A Python with petsc4py.
#[derive(Debug)]
pub(crate) struct Python {
    interpreter: OsString,
    /// The directory with the Python modules of this PETSc.
    path: OsString,
    /// Its name and version.
    pub(crate) version: String,
}

/// Prints the Python that was found, or the consequence of its absence.
pub(super) fn announce(
    found: Result<Python, String>,
    absent: impl FnOnce(&str) -> String,
) -> Option<Python> {
    match found {
        Ok(python) => {
            println!("{}", python.version);
            Some(python)
        }
        Err(reason) => {
            println!("{}", absent(&reason));
            None
        }
    }
}

impl Python {
    /// Searches the interpreter in `PYTHON`, the system's, and the first one in PATH, in this
    /// order.
    ///
    /// # Errors
    /// One line with the reason why none has petsc4py.
    pub(crate) fn find(config: &Config) -> Result<Self, String> {
        let named = env::var_os("PYTHON").filter(|p| !p.is_empty());
        let candidates: Vec<OsString> = match named {
            Some(one) => vec![one],
            None => vec!["/usr/bin/python3".into(), "python3".into()],
        };
        let path = config.prefix.join("lib/python3/dist-packages");
        let mut reason = String::new();
        for interpreter in candidates {
            let mut python =
                Self { interpreter, path: path.clone().into_os_string(), version: String::new() };
            match python.ask() {
                Ok(version) => {
                    python.version = version;
                    return Ok(python);
                }
                Err(error) => reason = error,
            }
        }
        Err(reason)
    }

    /// Returns the same interpreter with the slepc4py of a SLEPc.
    ///
    /// # Errors
    /// One line with the reason why it has none.
    pub(crate) fn with_slepc4py(&self, slepc: &Path) -> Result<Self, String> {
        let path = [slepc.join("lib/python3/dist-packages"), PathBuf::from(&self.path)];
        let path = env::join_paths(path).map_err(|e| e.to_string())?;
        let mut python =
            Self { interpreter: self.interpreter.clone(), path, version: String::new() };
        python.version = python.say(
            "import slepc4py.SLEPc as s; print('slepc4py', '.'.join(map(str, s.Sys.getVersion())))",
        )?;
        Ok(python)
    }

    fn ask(&self) -> Result<String, String> {
        self.say(
            "import numpy, petsc4py.PETSc as p; print('petsc4py', p.__package__ and \
             '.'.join(map(str, p.Sys.getVersion())), p.ScalarType.__name__)",
        )
    }

    /// Returns the output of a line of Python.
    fn say(&self, line: &str) -> Result<String, String> {
        let mut command = self.command();
        command.args(["-c", line]);
        let output = command.output().map_err(|e| e.to_string())?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        let text = String::from_utf8_lossy(&output.stderr);
        Err(text.lines().last().unwrap_or("no error message").to_owned())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.interpreter);
        command.env("PYTHONPATH", &self.path);
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    /// Returns the benchmark with this name.
    pub(crate) fn twin(&self, name: &str) -> Command {
        let mut command = self.command();
        command.arg(script(name));
        command
    }
}

/// Returns the Python version of a benchmark.
pub(crate) fn script(name: &str) -> PathBuf {
    let folder: &Path = &run::workspace().join("benches/python");
    folder.join(format!("{name}.py"))
}
