//! Selects which tests run on which build of PETSc.
//!
//! A test runs on the builds on which its result can differ. A build differs from `real` in its
//! scalars, its indices, its release, or two of these. None of these differences affects parallel
//! execution, so most builds use fewer numbers of ranks:
//!
//! | build | difference | packages | ranks | doctests |
//! |---|---|---|---|---|
//! | `real` | | all | all | yes |
//! | `complex` | scalar | the libraries | 1, 2 | no |
//! | `real64` | index width | the libraries | 1, 2 | no |
//! | `complex64` | scalar, index width | all that use PETSc | 1, 3 | no |
//! | `3.26` | release | all that use PETSc | all | yes |
//!
//! Tests of failing callbacks (`fault::`, six jobs of each kind) run on `real`; on `3.26`, only
//! those in which the last rank fails run.

use crate::builds::Build;

/// The tests of one build.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// The packages whose tests do not run.
    pub(super) without: Vec<&'static str>,
    /// Tests whose names contain one of these strings do not run.
    pub(super) skip: &'static [&'static str],
    /// The numbers of ranks, if not all.
    pub(super) ranks: &'static [usize],
    /// Whether doctests run. They are the same programs on every build, and linking them takes the
    /// longest time.
    pub(super) doctests: bool,
}

/// Packages that do not depend on PETSc.
const NO_PETSC: [&str; 2] = ["petsc-sys-build", "xtask"];
/// The tests of the harness itself take half a minute.
const HARNESS: &str = "petsc-test";
/// Programs; the libraries that they use are tested on every build.
const PROGRAMS: [&str; 3] = ["workshop", "petsc-parity", "petsc-benches"];

impl Plan {
    pub(super) fn of(build: Build) -> Self {
        let mut without = Vec::new();
        if build != Build::Real {
            without.extend(NO_PETSC);
        }
        if !matches!(build, Build::Real | Build::Newest) {
            without.push(HARNESS);
        }
        if matches!(build, Build::Complex | Build::Real64) {
            without.extend(PROGRAMS);
        }
        Self {
            without,
            skip: match build {
                Build::Real => &[],
                Build::Newest => &["fails_on_the_first", "fails_on_all"],
                _ => &["fault::"],
            },
            ranks: match build {
                Build::Real | Build::Newest => &[],
                Build::Complex | Build::Real64 => &[1, 2],
                Build::Complex64 => &[1, 3],
            },
            doctests: matches!(build, Build::Real | Build::Newest),
        }
    }

    /// Returns a plan with all tests, for any build.
    pub(super) fn everything() -> Self {
        Self { doctests: true, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_package_runs_with_each_difference() {
        for package in PROGRAMS.iter().chain(&["petsc-rs", "slepc-rs"]) {
            let runs = |build| !Plan::of(build).without.contains(package);
            assert!(runs(Build::Real), "{package}");
            // Other scalars and indices, and the newest release.
            assert!(runs(Build::Complex64), "{package}");
            assert!(runs(Build::Newest), "{package}");
        }
        assert_eq!(Plan::of(Build::Real).without, [] as [&str; 0]);
    }

    #[test]
    fn each_number_of_ranks_meets_each_difference() {
        for ranks in [1, 2, 3] {
            let on = |build| {
                let list = Plan::of(build).ranks;
                list.is_empty() || list.contains(&ranks)
            };
            assert!(on(Build::Real) && on(Build::Newest));
            assert!(on(Build::Complex) || on(Build::Complex64), "{ranks}");
            assert!(on(Build::Real64) || on(Build::Complex64), "{ranks}");
        }
    }
}
