#![doc = include_str!("../README.md")]

mod child;
mod close;
mod diary;
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
#[doc(hidden)]
pub use inventory;
pub use launcher::{command, finish, launch};
pub use petsc_test_macros::test;
pub use process::Outcome;
pub use same::{Numbers, check_same_on_ranks, same_on_ranks};

/// A registered test. Written by [`macro@test`].
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Path of the function.
    pub name: &'static str,
    /// Numbers of ranks.
    pub ranks: &'static [usize],
    /// Seconds after which it counts as hanging.
    pub timeout: u64,
    /// Text that the job must fail with.
    pub expect: Option<&'static str>,
    /// The job must fail, whatever it prints.
    pub should_fail: bool,
    /// PETSc's command line.
    pub args: &'static [&'static str],
    /// A job of its own.
    pub isolated: bool,
    /// Says why it cannot run here.
    pub needs: Option<fn() -> std::result::Result<(), String>>,
    /// The test.
    pub body: fn(&Petsc) -> Result<()>,
}

impl Case {
    /// A test with the default settings.
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

    /// Whether the job is to end with an error.
    fn must_fail(&self) -> bool {
        self.should_fail || self.expect.is_some()
    }

    /// Name without the crate.
    fn short_name(&self) -> &'static str {
        self.name
            .split_once("::")
            .map_or(self.name, |(_, rest)| rest)
    }
}

inventory::collect!(Case);

/// What a test says that was compiled with the harness of rustc, which knows nothing of ranks.
#[doc(hidden)]
pub const WITHOUT_HARNESS: &str = "\
`#[petsc_test::test]` runs under mpiexec only in a test target with `harness = false`. In Cargo.toml:

    [[test]]
    name = \"NAME\"
    harness = false

and at the end of tests/NAME.rs:

    petsc_test::main!();

A test below src/ belongs in such a file.";

/// Runs the tests of this program, or, as a process of a job, its share of them.
#[doc(hidden)]
#[must_use]
pub fn run_main() -> ExitCode {
    match child::requested() {
        Some(request) => child::run(&request),
        None => parent::run(),
    }
}

/// The `main` of a test program.
#[macro_export]
macro_rules! main {
    () => {
        fn main() -> ::std::process::ExitCode {
            $crate::run_main()
        }
    };
}

/// Folder with the data of the project: `PETSC_RS_DATA`, or `shared/data` beside the checkout. For
/// `needs = petsc_test::data_available`.
///
/// # Errors
/// The reason for the report, if there is no such folder.
pub fn data_dir() -> std::result::Result<std::path::PathBuf, String> {
    let here = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let dir = match std::env::var_os("PETSC_RS_DATA") {
        Some(dir) => dir.into(),
        None => here.join("../../shared/data"),
    };
    if dir.is_dir() {
        Ok(dir)
    } else {
        Err(format!("no test data in {}", dir.display()))
    }
}

/// A folder of the project's data, or `None` where it is not there.
#[must_use]
pub fn data(name: &str) -> Option<std::path::PathBuf> {
    data_dir()
        .ok()
        .map(|dir| dir.join(name))
        .filter(|dir| dir.is_dir())
}

/// See [`data_dir`].
///
/// # Errors
/// The reason for the report, if there is no such folder.
pub fn data_available() -> std::result::Result<(), String> {
    data_dir().map(drop)
}
