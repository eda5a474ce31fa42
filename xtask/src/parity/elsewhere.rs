//! All ports run on the build with real scalars and 32-bit indices. The ports in this list run on
//! other builds too: whether they run, or what they print, depends on the scalar type, the index
//! width or the release of PETSc.

use crate::builds::Build;

/// Returns the ports by build; `None` stands for all.
pub(crate) fn ports(build: Build) -> Option<&'static [&'static str]> {
    match build {
        Build::Real => None,
        Build::Complex => Some(&COMPLEX),
        Build::Real64 => Some(&WIDE),
        Build::Complex64 => Some(&COMPLEX_WIDE),
        Build::Newest => Some(&RELEASE),
    }
}

/// The tutorials have runs that require complex scalars, or print complex numbers.
const COMPLEX: [&str; 13] = [
    "vec/ex1", "vec/ex9", "mat/ex4", "ksp/ex2", "ksp/ex18", "snes/ex1", "snes/ex5", "ts/ex1",
    "eps/ex2", "eps/ex9", "nep/ex20", "nep/ex22", "nep/ex27",
];

/// The tutorials pass arrays of indices, or print them.
const WIDE: [&str; 12] = [
    "is/ex1", "is/ex2", "is/ex3", "is/ex4", "is/ex5", "vec/ex2", "vec/ex6", "vec/ex9", "mat/ex3",
    "ksp/ex5", "dm/ex1", "snes/ex1",
];

/// The tutorials of both kinds.
const COMPLEX_WIDE: [&str; 6] = ["is/ex1", "is/ex5", "vec/ex9", "snes/ex5", "eps/ex9", "nep/ex22"];

/// Tutorials that are the same in 3.18 and 3.26, of each class. The ports follow 3.18; the others
/// have new options and print other lines in 3.26.
const RELEASE: [&str; 20] = [
    "is/ex1",
    "vec/ex1",
    "vec/ex2",
    "mat/ex4",
    "ksp/ex5",
    "ksp/ex16",
    "ksp/ex23",
    "ksp/ex50",
    "dm/ex3",
    "dm/ex6",
    "snes/ex1",
    "snes/ex2",
    "snes/ex3",
    "ts/ex1",
    "ts/ex2",
    "ts/ex3",
    "tao/unconstrained/eptorsion2",
    "eps/ex3",
    "svd/ex8",
    "pep/ex16",
];
