//! Builds PETSc, and SLEPc on top of it, from source archives, once per user, in a cache that all
//! projects share.
//!
//! The feature `vendored` of `petsc-sys` and `cargo xtask setup` both use this module. A build is
//! stored in `$PETSC_RS_CACHE`, otherwise in `$XDG_CACHE_HOME/petsc-rs`, otherwise in
//! `~/.cache/petsc-rs`. The name of the folder contains the release, the scalar type and the index
//! width: `petsc-3.26.1-real-i32`.
//!
//! The source is the package `petsc` (`slepc`) of the Python package index, downloaded with pip, or
//! the path in `PETSC_SRC` (`SLEPC_SRC`): an archive, or an unpacked folder, which is copied and
//! not modified. The folder in the cache is created in one step when the installation is complete.
//! An interrupted build leaves at most a temporary folder, which the next build removes.

mod compile;
mod failure;
mod lock;
mod process;
mod source;

use std::env;
use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::ScalarKind;
use crate::header;
pub use failure::Error;
use lock::Lock;
use source::Source;

/// The release that is built, unless `PETSC_SRC` or `SLEPC_SRC` contains another release.
pub const VERSION: &str = "3.26.1";

/// The last file that is written to a complete installation.
const STAMP: &str = ".petsc-rs-complete";

/// Environment variables that affect [`Request::ensure`].
pub const VARIABLES: &[&str] =
    &["PETSC_SRC", "SLEPC_SRC", "PETSC_RS_CACHE", "XDG_CACHE_HOME", "HOME", "MPICC", "PATH"];

/// A package that can be built from source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Package {
    /// PETSc.
    #[default]
    Petsc,
    /// SLEPc, which is built with the PETSc of the same request.
    Slepc,
}

impl Package {
    /// Returns the name in the package index and in the cache.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Petsc => "petsc",
            Self::Slepc => "slepc",
        }
    }

    /// Returns the environment variable that replaces the package index as the source.
    #[must_use]
    pub fn source_variable(self) -> &'static str {
        match self {
            Self::Petsc => "PETSC_SRC",
            Self::Slepc => "SLEPC_SRC",
        }
    }

    /// Returns the path of the header with the release number, relative to the root of the source.
    fn version_header(self) -> String {
        format!("include/{}version.h", self.name())
    }

    /// Returns the macro in that header for a part of the number: `MAJOR`, `MINOR` or `SUBMINOR`.
    fn version_macro(self, part: &str) -> String {
        format!("{}_VERSION_{part}", self.name().to_uppercase())
    }
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Petsc => "PETSc",
            Self::Slepc => "SLEPc",
        })
    }
}

/// A build: the package, its scalar type and its index width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The package to build.
    pub package: Package,
    /// Type of `PetscScalar`.
    pub scalar: ScalarKind,
    /// Width of `PetscInt` in bits: 32 or 64.
    pub int_bits: u32,
    /// Whether to build PETSc with its argument checks.
    pub debug: bool,
}

impl Default for Request {
    /// Returns a request for optimized PETSc with real scalars and 32-bit indices.
    fn default() -> Self {
        Self { package: Package::Petsc, scalar: ScalarKind::Real, int_bits: 32, debug: false }
    }
}

impl Request {
    /// Returns the name of the folder in the cache: `petsc-3.26.1-real-i32`, with the suffix
    /// `-debug` for a debug build.
    #[must_use]
    pub fn key(&self, version: &str) -> String {
        format!(
            "{}-{version}-{}-i{}{}",
            self.package.name(),
            self.scalar.as_str(),
            self.int_bits,
            if self.debug { "-debug" } else { "" }
        )
    }

    /// Returns a request for another package, with the same scalar type and index width.
    #[must_use]
    pub fn of(self, package: Package) -> Self {
        Self { package, ..self }
    }

    /// Returns the folder of this build, which may not exist.
    ///
    /// # Errors
    /// [`Error::NoCache`] without a home folder, [`Error::Source`] if `PETSC_SRC` is invalid.
    pub fn prefix(&self) -> Result<PathBuf, Error> {
        let version = Source::of(self.package)?.version(self.package)?;
        Ok(cache_dir()?.join(self.key(&version)))
    }

    /// Returns the folder of this build if it is complete.
    ///
    /// # Errors
    /// The errors of [`Request::prefix`].
    pub fn installed(&self) -> Result<Option<PathBuf>, Error> {
        let prefix = self.prefix()?;
        Ok(is_complete(&prefix).then_some(prefix))
    }

    /// Builds the package unless it is in the cache, and returns its folder (a `PETSC_DIR` or
    /// `SLEPC_DIR`). For SLEPc, PETSc is built first.
    ///
    /// A build takes some minutes; `report` is called with the progress every few seconds. Several
    /// processes may call this method at the same time: one of them builds, while the others wait
    /// and report that they wait.
    ///
    /// # Errors
    /// A missing requirement of the build, or the line of the log that contains the error.
    pub fn ensure(&self, report: &mut dyn FnMut(Progress)) -> Result<PathBuf, Error> {
        let source = Source::of(self.package)?;
        let version = source.version(self.package)?;
        let cache = cache_dir()?;
        let key = self.key(&version);
        let prefix = cache.join(&key);
        if is_complete(&prefix) {
            return Ok(prefix);
        }
        compile::check_tools()?;
        let petsc = match self.package {
            Package::Petsc => None,
            Package::Slepc => Some(self.of(Package::Petsc).ensure(report)?),
        };
        create_dir(&cache)?;
        let _lock = Lock::take(&cache.join(format!("{key}.lock")), report)?;
        if is_complete(&prefix) {
            return Ok(prefix);
        }
        remove_empty(&prefix);
        if prefix.exists() {
            return Err(Error::Unfinished { prefix });
        }
        remove_scratch(&cache, &key)?;
        let _leftover = Leftover(prefix.clone());
        let scratch = Scratch(cache.join(format!(".build-{key}-{}", std::process::id())));
        let logs = cache.join("logs").join(&key);
        for dir in [&scratch.0, &logs] {
            create_dir(dir)?;
        }
        let folder = source.unpack(self.package, &version, &scratch.0, &logs, report)?;
        let staged = compile::Job {
            request: self,
            source: &folder,
            prefix: &prefix,
            logs: &logs,
            petsc: petsc.as_deref(),
        }
        .run(&scratch.0.join("stage"), report)?;
        self.verify(&staged, petsc.as_deref().unwrap_or(&staged), &version)?;
        write(&staged.join(STAMP), &format!("{key}\n"))?;
        publish(&staged, &prefix)?;
        report(Progress::Ready { prefix: prefix.clone() });
        Ok(prefix)
    }

    /// Checks that the installed headers match the request. The scalar type and the index width are
    /// those of `petsc`.
    fn verify(&self, staged: &Path, petsc: &Path, version: &str) -> Result<(), Error> {
        let wrong = |reason: String| Error::Wrong { reason };
        let facts = header::read(&[petsc.join("include")], petsc)
            .map_err(|error| wrong(error.to_string()))?;
        let own = Source::Folder(staged.to_owned()).version(self.package)?;
        let found = Self {
            package: self.package,
            scalar: facts.scalar,
            int_bits: facts.int_bits,
            debug: facts.debug,
        };
        let (found, wanted) = (found.key(&own), self.key(version));
        if found == wanted {
            Ok(())
        } else {
            Err(wrong(format!("requested {wanted}, but the headers contain {found}")))
        }
    }
}

/// Progress of a build; printed as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// Another process builds the same package.
    Waiting {
        /// Description of that process, from its lock file.
        holder: String,
        /// Time so far.
        elapsed: Duration,
    },
    /// The source is being downloaded or unpacked.
    Fetching {
        /// Description of the step.
        what: String,
        /// Time so far.
        elapsed: Duration,
    },
    /// configure is running.
    Configuring {
        /// The current test.
        what: String,
        /// Time so far.
        elapsed: Duration,
    },
    /// The compiler is running.
    Compiling {
        /// Number of object files whose compilation has started.
        done: usize,
        /// Number of all object files; 0 if it is not known yet.
        total: usize,
        /// Time so far.
        elapsed: Duration,
    },
    /// The package is being installed.
    Installing,
    /// Complete.
    Ready {
        /// The folder of the installation.
        prefix: PathBuf,
    },
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting { holder, elapsed } => {
                write!(
                    f,
                    "waiting for {holder}, which builds the same package ({})",
                    seconds(elapsed)
                )
            }
            Self::Fetching { what, elapsed } => write!(f, "{what} ({})", seconds(elapsed)),
            Self::Configuring { what, elapsed } => {
                write!(f, "configuring ({}) {what}", seconds(elapsed))
            }
            Self::Compiling { done, total: 0, elapsed } => {
                write!(f, "compiling ({}) {done} objects", seconds(elapsed))
            }
            Self::Compiling { done, total, elapsed } => {
                write!(f, "compiling ({}) {done} of {total} objects", seconds(elapsed))
            }
            Self::Installing => f.write_str("installing"),
            Self::Ready { prefix } => write!(f, "ready in {}", prefix.display()),
        }
    }
}

fn seconds(elapsed: &Duration) -> String {
    format!("{} s", elapsed.as_secs())
}

/// Returns a reporter for build scripts. Cargo shows the output of a build script only when the
/// script has ended, and a build takes minutes. The lines are therefore written to the terminal, if
/// there is one, and otherwise to the standard error of the script.
pub fn report_from_build_script() -> impl FnMut(Progress) {
    let mut terminal = fs::OpenOptions::new().append(true).open("/dev/tty").ok();
    move |progress| {
        let shown = terminal.as_mut().is_some_and(|tty| writeln!(tty, "    {progress}").is_ok());
        if !shown {
            eprintln!("{progress}");
        }
    }
}

/// Returns the folder of all builds: `$PETSC_RS_CACHE`, `$XDG_CACHE_HOME/petsc-rs` or
/// `~/.cache/petsc-rs`.
///
/// # Errors
/// [`Error::NoCache`] if none of the variables is set, or if the path contains a space, which
/// PETSc's configure does not support.
pub fn cache_dir() -> Result<PathBuf, Error> {
    let variable = |name: &str| env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let dir = variable("PETSC_RS_CACHE")
        .or_else(|| variable("XDG_CACHE_HOME").map(|d| d.join("petsc-rs")))
        .or_else(|| variable("HOME").map(|d| d.join(".cache/petsc-rs")))
        .ok_or_else(|| Error::NoCache { reason: "HOME is not set".into() })?;
    let dir = std::path::absolute(&dir)
        .map_err(|error| Error::NoCache { reason: format!("{}: {error}", dir.display()) })?;
    if dir.to_string_lossy().contains(char::is_whitespace) {
        let reason = format!("PETSc cannot be built in a path with spaces: {}", dir.display());
        return Err(Error::NoCache { reason });
    }
    Ok(dir)
}

/// Returns whether `prefix` contains a complete installation: with the last file of a build of this
/// module, or with the script that PETSc's installer writes last.
fn is_complete(prefix: &Path) -> bool {
    prefix.join(STAMP).is_file()
        || (prefix.join("lib/petsc/conf/uninstall.py").is_file()
            && prefix.join("include/petscconf.h").is_file())
}

/// Moves the complete installation to its folder, in one step.
fn publish(staged: &Path, prefix: &Path) -> Result<(), Error> {
    match fs::rename(staged, prefix) {
        Ok(()) => Ok(()),
        // A process that considered this lock stale may have been faster.
        Err(_) if is_complete(prefix) => Ok(()),
        Err(error) => Err(Error::Write { path: prefix.into(), reason: error.to_string() }),
    }
}

/// A temporary folder of a build, removed on drop.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // A failure is ignored: the next build tries again.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The folder that PETSc's configure creates to check for write access, and leaves empty. It is
/// removed if a build fails; after a successful build it is not empty.
struct Leftover(PathBuf);

impl Drop for Leftover {
    fn drop(&mut self) {
        remove_empty(&self.0);
    }
}

/// Removes a folder if it is empty.
fn remove_empty(folder: &Path) {
    // Fails, as intended, if the folder is not empty or does not exist.
    let _ = fs::remove_dir(folder);
}

/// Removes the temporary folders of builds that were killed; this process holds the lock, so no
/// build is running.
fn remove_scratch(cache: &Path, key: &str) -> Result<(), Error> {
    let begin = format!(".build-{key}-");
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|n| n.strip_prefix(&begin));
        if pid.is_some_and(|p| p.bytes().all(|b| b.is_ascii_digit())) {
            let path = entry.path();
            fs::remove_dir_all(&path)
                .map_err(|error| Error::Write { path, reason: error.to_string() })?;
        }
    }
    Ok(())
}

fn create_dir(dir: &Path) -> Result<(), Error> {
    fs::create_dir_all(dir)
        .map_err(|error| Error::Write { path: dir.into(), reason: error.to_string() })
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    fs::write(path, text)
        .map_err(|error| Error::Write { path: path.into(), reason: error.to_string() })
}

#[cfg(test)]
mod tests;
