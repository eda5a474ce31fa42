//! The steps configure, make, make install.

use std::env;
use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::failure::{Error, Step};
use super::{Progress, Request, process};
use crate::config::ScalarKind;
use crate::mpi;

/// Name of the build folder inside PETSc's source.
const ARCH: &str = "arch-rs";

/// Seconds between two reports of a step.
const SAY_SECONDS: u64 = 3;

/// The build of an unpacked source.
#[derive(Debug)]
pub(super) struct Job<'a> {
    pub(super) request: &'a Request,
    pub(super) source: &'a Path,
    /// The final folder of the installation.
    pub(super) prefix: &'a Path,
    pub(super) logs: &'a Path,
    /// The installed PETSc with which SLEPc is built.
    pub(super) petsc: Option<&'a Path>,
}

impl Job<'_> {
    /// Runs the three steps. The installation for `prefix` is then below `stage`, at the returned
    /// path.
    pub(super) fn run(
        &self,
        stage: &Path,
        report: &mut dyn FnMut(Progress),
    ) -> Result<PathBuf, Error> {
        self.configure(report)?;
        self.compile(report)?;
        report(Progress::Installing);
        let mut command = self.make("install");
        command.arg(format!("DESTDIR={}", stage.display()));
        process::run(Step::Install, &mut command, &self.logs.join("install.log"), &mut |_| {})?;
        let relative = self.prefix.strip_prefix("/").unwrap_or(self.prefix);
        Ok(stage.join(relative))
    }

    fn configure(&self, report: &mut dyn FnMut(Progress)) -> Result<(), Error> {
        let mut command = Command::new("python3");
        command.current_dir(self.source).arg("./configure").args(self.options());
        if let Some(petsc) = self.petsc {
            command.env("PETSC_DIR", petsc).env("SLEPC_DIR", self.source);
        }
        let mut ticker = Ticker::new();
        let log = self.logs.join("configure.out");
        let result = process::run(Step::Configure, &mut command, &log, &mut |_| {
            ticker.tick(|elapsed| {
                let what = self.full_log().and_then(|log| last_test(&log)).unwrap_or_default();
                report(Progress::Configuring { what, elapsed });
            });
        });
        result.map_err(|error| self.with_full_log(error))
    }

    /// Copies configure's log out of the temporary folder, and puts its path into the error instead
    /// of that of the short log.
    fn with_full_log(&self, error: Error) -> Error {
        let kept = self.logs.join("configure.log");
        match (error, self.full_log()) {
            (Error::Step { step, line, hint, .. }, Some(full))
                if fs::copy(&full, &kept).is_ok() =>
            {
                Error::Step { step, line, log: kept, hint }
            }
            (error, _) => error,
        }
    }

    /// Returns the log that configure writes while it runs, or the path to which it moves the log
    /// at the end.
    fn full_log(&self) -> Option<PathBuf> {
        ["configure.log", "arch-rs/lib/petsc/conf/configure.log"]
            .map(|name| self.source.join(name))
            .into_iter()
            .find(|path| path.is_file())
    }

    fn options(&self) -> Vec<String> {
        if self.petsc.is_some() {
            // SLEPc takes the other settings from PETSc.
            return vec![format!("--prefix={}", self.prefix.display())];
        }
        let Request { scalar, int_bits, debug, .. } = *self.request;
        let mut options = vec![
            format!("PETSC_ARCH={ARCH}"),
            format!("--prefix={}", self.prefix.display()),
            format!("--with-debugging={}", u8::from(debug)),
            format!("--with-64-bit-indices={}", u8::from(int_bits == 64)),
            "--with-fc=0".into(),
            "--with-x=0".into(),
            "--with-shared-libraries=1".into(),
            format!("--COPTFLAGS={}", if debug { "-g -O0" } else { "-O2" }),
            format!("--with-make-np={}", jobs()),
        ];
        if scalar == ScalarKind::Complex {
            options.push("--with-scalar-type=complex".into());
        }
        // The `mpi` crate links the MPI of this compiler, so PETSc must use the same.
        if env::var_os("MPICC").is_some() {
            options.push(format!("--with-cc={}", mpi::mpicc()));
            options.push("--with-cxx=0".into());
        }
        options
    }

    fn compile(&self, report: &mut dyn FnMut(Progress)) -> Result<(), Error> {
        let mut command = self.make("all");
        command.arg(format!("MAKE_NP={}", jobs()));
        let list = self.source.join(ARCH).join("lib/petsc/conf/files");
        let (mut ticker, mut done, mut total) = (Ticker::new(), 0, 0);
        let log = self.logs.join("make.log");
        process::run(Step::Compile, &mut command, &log, &mut |line| {
            let compiles = |l: &str| ["CC ", "CXX "].iter().any(|c| l.trim_start().starts_with(c));
            done += usize::from(line.is_some_and(compiles));
            if total == 0 {
                total = count_sources(&list);
            }
            ticker.tick(|elapsed| {
                report(Progress::Compiling { done, total, elapsed });
            });
        })
    }

    fn make(&self, target: &str) -> Command {
        let mut command = Command::new("make");
        command.current_dir(self.source).arg(target);
        match self.petsc {
            None => command
                .arg(format!("PETSC_DIR={}", self.source.display()))
                .arg(format!("PETSC_ARCH={ARCH}")),
            Some(petsc) => command
                .arg(format!("PETSC_DIR={}", petsc.display()))
                .arg(format!("SLEPC_DIR={}", self.source.display())),
        };
        command
    }
}

/// Limits the frequency of reports.
struct Ticker {
    begin: Instant,
    next: u64,
}

impl Ticker {
    fn new() -> Self {
        Self { begin: Instant::now(), next: 0 }
    }

    fn tick(&mut self, say: impl FnOnce(std::time::Duration)) {
        let elapsed = self.begin.elapsed();
        if elapsed.as_secs() >= self.next {
            self.next = elapsed.as_secs() + SAY_SECONDS;
            say(elapsed);
        }
    }
}

/// Returns the test that configure started last, from the end of its log.
fn last_test(log: &Path) -> Option<String> {
    const TAIL: u64 = 64 * 1024;
    let mut file = fs::File::open(log).ok()?;
    let len = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(len.saturating_sub(TAIL))).ok()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().rev().find_map(|l| l.trim().strip_prefix("TESTING: "))?;
    Some(line.split('(').next().unwrap_or(line).trim().to_owned())
}

/// Returns the number of C and C++ sources in the list that the makefile writes before it compiles.
fn count_sources(list: &Path) -> usize {
    let text = fs::read_to_string(list).unwrap_or_default();
    text.split_whitespace().filter(|w| w.ends_with(".c") || w.ends_with(".cxx")).count()
}

/// Returns the number of parallel compilers: the limit that cargo sets for a build script,
/// otherwise the number of cores.
fn jobs() -> usize {
    let granted = env::var("NUM_JOBS").ok().and_then(|n| n.parse().ok()).filter(|&n| n > 0);
    granted.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// Checks that the programs for a build are installed.
pub(super) fn check_tools() -> Result<(), Error> {
    let missing: Vec<String> = ["python3".to_owned(), "make".into(), "tar".into(), mpi::mpicc()]
        .into_iter()
        .filter(|name| !in_path(name))
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(Error::Tools { missing }) }
}

fn in_path(name: &str) -> bool {
    if name.contains('/') {
        return Path::new(name).is_file();
    }
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|dir| dir.join(name).is_file())
}
