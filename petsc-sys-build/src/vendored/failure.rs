//! Reasons why a build from source failed, and how to solve the problem.

use std::path::{Path, PathBuf};

/// Reason why a build from source failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no folder for the cache.
    #[error("no folder for builds from source: {reason}\nSet PETSC_RS_CACHE to a folder.")]
    NoCache {
        /// The reason.
        reason: String,
    },
    /// Programs that a build requires are not installed.
    #[error(
        "a build from source requires {}, not found in PATH.\n\
         `cargo xtask setup` installs what is missing; by hand: `apt install make python3-venv \
         libopenmpi-dev libopenblas-dev`.",
        .missing.join(", ")
    )]
    Tools {
        /// Names of the programs.
        missing: Vec<String>,
    },
    /// `PETSC_SRC` or `SLEPC_SRC` does not contain a source.
    #[error(
        "{variable}={} is not a source: {reason}\n\
         Set it to a source archive or its unpacked folder, or unset it.", .path.display()
    )]
    Source {
        /// The variable.
        variable: &'static str,
        /// Value of the variable.
        path: PathBuf,
        /// The error.
        reason: String,
    },
    /// The cache contains a folder with the name of the build that is not a complete installation
    /// and was not created by petsc-rs.
    #[error(
        "{} exists, but is not a complete installation.\nRemove it, then try again.",
        .prefix.display()
    )]
    Unfinished {
        /// The folder.
        prefix: PathBuf,
    },
    /// A step of the build failed.
    #[error("{step} failed: {line}\n  in {}\n{hint}", .log.display())]
    Step {
        /// The step.
        step: &'static str,
        /// The first line of the log with an error.
        line: String,
        /// The log.
        log: PathBuf,
        /// How to solve the problem.
        hint: &'static str,
    },
    /// The build succeeded, but does not match the request.
    #[error("the build does not match the request: {reason}")]
    Wrong {
        /// The difference.
        reason: String,
    },
    /// A file could not be written or read.
    #[error("cannot write {}: {reason}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The message of the operating system.
        reason: String,
    },
}

/// The steps of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Fetch,
    Unpack,
    Configure,
    Compile,
    Install,
}

impl Step {
    fn title(self) -> &'static str {
        match self {
            Self::Fetch => "fetching the source",
            Self::Unpack => "unpacking the source",
            Self::Configure => "configure",
            Self::Compile => "compiling",
            Self::Install => "installing",
        }
    }

    /// Returns the error of this step, from the text of its log.
    pub(super) fn failed(self, text: &str, log: &Path) -> Error {
        let line = match self {
            Self::Configure => configure_message(text).or_else(|| error_line(text)),
            _ => error_line(text),
        };
        let line =
            line.or_else(|| last_line(text)).unwrap_or_else(|| "it printed no message".into());
        let hint = self.hint(&line, text);
        Error::Step { step: self.title(), line, log: log.into(), hint }
    }

    fn hint(self, line: &str, text: &str) -> &'static str {
        if text.contains("No space left on device") {
            return "The disk is full: free some space, or set PETSC_RS_CACHE to a folder on another disk.";
        }
        match self {
            Self::Fetch if text.contains("ensurepip") || text.contains("No module named") => {
                "Install Python's venv and pip (`apt install python3-venv`)."
            }
            Self::Fetch => {
                "Check the network connection, or download the source archive on another machine and set PETSC_SRC or \
                 SLEPC_SRC to it."
            }
            Self::Configure if line.contains("BLAS") || line.contains("LAPACK") => {
                "Install BLAS and LAPACK (`apt install libopenblas-dev`, `dnf install \
                 openblas-devel`, `brew install openblas`)."
            }
            Self::Configure if line.contains("MPI") || line.contains("mpicc") => {
                "Install an MPI (`apt install libopenmpi-dev`, `dnf install openmpi-devel`, `brew \
                 install open-mpi`), or set MPICC to its compiler."
            }
            Self::Configure if line.contains("ompiler") => {
                "Install a C compiler (`apt install gcc libc6-dev`), or set MPICC."
            }
            Self::Compile if text.contains("Killed") || text.contains("memory exhausted") => {
                "The compiler ran out of memory: set NUM_JOBS=1 and try again."
            }
            _ => "See the log for details; `cargo xtask doctor` checks the tools.",
        }
    }
}

/// Returns the message of configure between its banner and the next rule, in one line.
fn configure_message(text: &str) -> Option<String> {
    const BANNERS: [&str; 4] =
        ["UNABLE to", "ERROR in COMMAND LINE", "CONFIGURATION CRASH", "CONFIGURATION FAILURE"];
    let is_rule = |l: &str| l.len() > 10 && l.chars().all(|c| "*-=".contains(c));
    let mut lines = text.lines().map(str::trim);
    lines.find(|l| BANNERS.iter().any(|b| l.contains(b)))?;
    let message: Vec<_> = lines
        .skip_while(|l| is_rule(l) || l.is_empty())
        .take_while(|l| !is_rule(l))
        .filter(|l| !l.is_empty())
        .take(3)
        .collect();
    (!message.is_empty()).then(|| message.join(" "))
}

/// Returns the first line that a compiler, make, pip or tar marks as an error.
fn error_line(text: &str) -> Option<String> {
    // With the colon, because make.log starts with PETSc's macros, such as `PETSC_HAVE_DLERROR 1`.
    let is_error = |l: &&str| {
        let l = l.to_ascii_lowercase();
        l.contains("error:") || l.starts_with("tar:") || l.contains("*** [")
    };
    text.lines().map(str::trim).find(is_error).map(str::to_owned)
}

fn last_line(text: &str) -> Option<String> {
    text.lines().map(str::trim).rfind(|l| !l.is_empty()).map(str::to_owned)
}
