#![doc = include_str!("../README.md")]

mod child;
mod close;
mod diary;
mod failure;
pub mod golden;
mod job;
mod launcher;
mod lifeline;
mod parent;
mod process;
mod same;
mod schedule;
mod streams;

use std::process::ExitCode;

use petsc_rs::{Petsc, Result};

pub use close::{Close, check_close};
pub use failure::{assert_code, assert_error, assert_panics};
#[doc(hidden)]
pub use inventory;
pub use launcher::{command, finish, launch};
pub use petsc_test_macros::test;
pub use process::Outcome;
pub use same::{Numbers, check_same_on_ranks, same_on_ranks};

/// A registered test, defined by [`macro@test`].
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Path of the function.
    pub name: &'static str,
    /// Numbers of ranks.
    pub ranks: &'static [usize],
    /// Seconds after which the test counts as hanging.
    pub timeout: u64,
    /// Text with which the job must fail.
    pub expect: Option<&'static str>,
    /// Whether the job must fail, with any output.
    pub should_fail: bool,
    /// PETSc's command line.
    pub args: &'static [&'static str],
    /// Whether the test runs in a separate job.
    pub isolated: bool,
    /// Returns the reason why the test cannot run here.
    pub needs: Option<fn() -> std::result::Result<(), String>>,
    /// The test.
    pub body: fn(&Petsc) -> Result<()>,
}

impl Case {
    /// Creates a test with the default settings.
    #[must_use]
    pub const fn new(name: &'static str, body: fn(&Petsc) -> Result<()>) -> Self {
        Self {
            name,
            ranks: &[1, 2, 3],
            timeout: 60,
            expect: None,
            should_fail: false,
            args: &[],
            isolated: false,
            needs: None,
            body,
        }
    }

    /// Returns whether the job must end with an error.
    fn must_fail(&self) -> bool {
        self.should_fail || self.expect.is_some()
    }

    /// Returns the name without the crate.
    fn short_name(&self) -> &'static str {
        self.name.split_once("::").map_or(self.name, |(_, rest)| rest)
    }
}

inventory::collect!(Case);

/// The message of a test that was compiled with the harness of rustc, which does not support ranks.
#[doc(hidden)]
pub const WITHOUT_HARNESS: &str = "\
`#[petsc_test::test]` runs under mpiexec only in a test target with `harness = false`. In Cargo.toml:

    [[test]]
    name = \"NAME\"
    harness = false

and at the end of tests/NAME.rs:

    petsc_test::main!();

Move a test in src/ to such a file.";

/// Runs the tests of this program or, in a process of a job, the tests of that job.
#[doc(hidden)]
#[must_use]
pub fn run_main() -> ExitCode {
    match child::requested() {
        Some(request) => child::run(&request),
        None => parent::run(),
    }
}

/// Defines the `main` function of a test program.
#[macro_export]
macro_rules! main {
    () => {
        fn main() -> ::std::process::ExitCode {
            $crate::run_main()
        }
    };
}

/// Returns the folder with the data of the project: `PETSC_RS_DATA`, or `shared/data` in the
/// checkout. For `needs = petsc_test::data_available`.
///
/// # Errors
/// A message for the test report, if the folder does not exist.
pub fn data_dir() -> std::result::Result<std::path::PathBuf, String> {
    let here = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let dir = match std::env::var_os("PETSC_RS_DATA") {
        Some(dir) => dir.into(),
        None => here.join("../../shared/data"),
    };
    if dir.is_dir() { Ok(dir) } else { Err(format!("no test data in {}", dir.display())) }
}

/// Returns a folder of the project's data, or `None` if it does not exist.
#[must_use]
pub fn data(name: &str) -> Option<std::path::PathBuf> {
    data_dir().ok().map(|dir| dir.join(name)).filter(|dir| dir.is_dir())
}

/// See [`data_dir`].
///
/// # Errors
/// A message for the test report, if the folder does not exist.
pub fn data_available() -> std::result::Result<(), String> {
    data_dir().map(drop)
}
