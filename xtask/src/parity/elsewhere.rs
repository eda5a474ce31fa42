//! Which ports run on the builds of PETSc other than the real one with 32-bit indices, where all do: those whose runs or
//! outputs depend on the scalars, on the width of the indices, or on the release.

use crate::builds::Build;

/// Ports by build; none stands for all.
pub(crate) fn ports(build: Build) -> Option<&'static [&'static str]> {
    match build {
        Build::Real => None,
        Build::Complex => Some(&COMPLEX),
        Build::Real64 => Some(&WIDE),
        Build::Complex64 => Some(&COMPLEX_WIDE),
        Build::Newest => Some(&RELEASE),
    }
}

/// Upstream has runs that require complex scalars, or prints complex numbers.
const COMPLEX: [&str; 13] = [
    "vec/ex1", "vec/ex9", "mat/ex4", "ksp/ex2", "ksp/ex18", "snes/ex1", "snes/ex5", "ts/ex1",
    "eps/ex2", "eps/ex9", "nep/ex20", "nep/ex22", "nep/ex27",
];

/// They pass arrays of indices, or print them.
const WIDE: [&str; 12] = [
    "is/ex1", "is/ex2", "is/ex3", "is/ex4", "is/ex5", "vec/ex2", "vec/ex6", "vec/ex9", "mat/ex3",
    "ksp/ex5", "dm/ex1", "snes/ex1",
];

/// Both of them.
const COMPLEX_WIDE: [&str; 6] = [
    "is/ex1", "is/ex5", "vec/ex9", "snes/ex5", "eps/ex9", "nep/ex22",
];

/// One of each class whose functions have changed since 3.18.
const RELEASE: [&str; 10] = [
    "is/ex1",
    "vec/ex1",
    "mat/ex3",
    "ksp/ex2",
    "snes/ex1",
    "ts/ex1",
    "dm/ex1",
    "tao/unconstrained/rosenbrock1",
    "tao/unconstrained/eptorsion2",
    "eps/ex2",
];
