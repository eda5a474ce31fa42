//! Ports of PETSc's tutorials, with the same names and the same output.
//!
//! `src/<area>/exN.rs` is a module with `pub fn main(petsc: &Petsc) -> Result<()>`, listed in the
//! table below. The program `parity` contains all of them (`parity ksp/ex2 -m 5`). `cargo xtask
//! parity` runs each port with the arguments and rank counts in PETSc's `/*TEST` blocks, and
//! compares the output with the expected output.

use petsc_rs::{Petsc, Result};

pub mod models;

/// The main function of a port.
pub type Port = fn(&Petsc) -> Result<()>;

/// Declares the modules of ports and a table of them.
macro_rules! ports {
    ($table:ident in $within:literal; $($area:ident: [$($(#[$attribute:meta])* $example:ident),* $(,)?]),* $(,)?) => {
        $(
            #[doc = concat!("Ports of the tutorials of `", stringify!($area), "`.")]
            pub mod $area {
                $($(#[$attribute])* pub mod $example;)*
            }
        )*

        /// The ports with their names.
        pub const $table: &[(&str, Port)] = &[
            $($((concat!($within, stringify!($area), "/", stringify!($example)), $area::$example::main),)*)*
        ];
    };
}

ports! {
    PETSC_PORTS in "";
    dm: [ex1, ex2, ex3, ex5, ex6, ex9, ex15],
    is: [ex1, ex2, ex3, ex4, ex5],
    ksp: [ex1, ex2, ex3, ex5, ex6, ex7, ex9, ex10, ex15, ex16, ex18, ex23, ex25, ex27, ex28, ex29, ex32, ex34, ex45, ex46, ex50, ex65, ex66],
    mat: [ex2, ex3, ex4, ex9, ex15, ex17],
    snes: [ex1, ex2, ex3, ex5, ex9, ex14, ex15, ex18, ex19, ex21, ex28, ex46, ex58],
    sys: [ex1, ex2, ex3, ex4],
    ts: [ex1, ex2, ex3, ex4, ex5, ex6, ex7, ex8, ex9, ex10, ex13, ex15, ex16, ex17, ex20, ex20opt_ic, ex20opt_p, ex22, ex31, ex40, ex43],
    vec: [ex1, ex2, ex3, ex5, ex6, ex8, ex9, ex10, ex11, ex16, ex18],
}

/// The ports of TAO's tutorials. The areas of TAO are subdirectories of `src/tao`.
pub mod tao {
    use super::Port;

    ports! {
        PORTS in "tao/";
        bound: [jbearing2, plate2],
        complementarity: [blackscholes, minsurf1],
        constrained: [
            ex1,
            maros,
            #[expect(non_snake_case, reason = "upstream's name")]
            tomographyADMM,
        ],
        leastsquares: [chwirut1, chwirut2, cs1, tomography],
        tutorials: [ex4],
        unconstrained: [eptorsion1, eptorsion2, eptorsion3, minsurf1, minsurf2, rosenbrock1, rosenbrock2, rosenbrock3],
    }
}

/// The ports of SLEPc's tutorials.
#[cfg(feature = "slepc")]
pub mod slepc {
    use super::Port;

    ports! {
        PORTS in "";
        eps: [ex1, ex2, ex3, ex4, ex5, ex7, ex9, ex11, ex12, ex13, ex18, ex19, ex24, ex25, ex29, ex30, ex31, ex34, ex35, ex36, ex47],
        lme: [ex32],
        mfn: [ex23, ex26],
        nep: [ex20, ex21, ex22, ex27],
        pep: [ex16, ex17],
        svd: [ex8, ex14, ex15],
    }
}

#[cfg(feature = "slepc")]
use slepc::PORTS as SLEPC_PORTS;

/// The ports that need SLEPc, in a build without it.
#[cfg(not(feature = "slepc"))]
const SLEPC_PORTS: &[(&str, Port)] = &[];

/// Returns every port with its name.
pub fn all() -> impl Iterator<Item = &'static (&'static str, Port)> {
    let tables = [PETSC_PORTS, tao::PORTS, SLEPC_PORTS];
    tables.into_iter().flatten()
}

/// Returns the port with a name such as `ksp/ex2`.
#[must_use]
pub fn port(name: &str) -> Option<Port> {
    all().find(|(n, _)| *n == name).map(|(_, port)| *port)
}
