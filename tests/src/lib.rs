//! Ports of PETSc's tutorials: the same program under the same name, printing the same.
//!
//! `src/<area>/exN.rs` is a module with `pub fn main(petsc: &Petsc) -> Result<()>`, listed in the
//! table below. The program `parity` holds them all (`parity ksp/ex2 -m 5`), and
//! `cargo xtask parity` runs each with the arguments, rank counts and expected outputs that upstream's
//! `/*TEST` blocks give.

use petsc_rs::{Petsc, Result};

pub mod models;

/// What a port does between initialise and finalise.
pub type Port = fn(&Petsc) -> Result<()>;

/// Declares the modules of the ports and the table [`PORTS`].
macro_rules! ports {
    ($($area:ident: [$($example:ident),* $(,)?]),* $(,)?) => {
        $(
            #[doc = concat!("Ports of the tutorials of `", stringify!($area), "`.")]
            pub mod $area {
                $(pub mod $example;)*
            }
        )*

        /// Every port with its name.
        pub const PORTS: &[(&str, Port)] = &[
            $($((concat!(stringify!($area), "/", stringify!($example)), $area::$example::main),)*)*
        ];
    };
}

ports! {
    dm: [ex1, ex2, ex3, ex5, ex6, ex9, ex15],
    is: [ex1, ex2, ex3, ex4, ex5],
    ksp: [ex1, ex2, ex3, ex5, ex6, ex7, ex9, ex10, ex15, ex16, ex18, ex23, ex25, ex27, ex28, ex29, ex32, ex34, ex45, ex46, ex50, ex65, ex66],
    mat: [ex2, ex3, ex4, ex9, ex15, ex17],
    snes: [ex1, ex2, ex3, ex5, ex9, ex14, ex15, ex18, ex19, ex46, ex58],
    sys: [ex1, ex2, ex3, ex4],
    ts: [ex1, ex2, ex3, ex4, ex5, ex6, ex7, ex8, ex9, ex13, ex15, ex16, ex17, ex20, ex22, ex31, ex40, ex43],
    vec: [ex1, ex2, ex3, ex5, ex6, ex8, ex9, ex10, ex11, ex16, ex18],
}

/// Ports of the tutorials of `tao/leastsquares`.
pub mod tao_leastsquares {
    pub mod chwirut1;
}

/// Ports of the tutorials of `tao/unconstrained`.
pub mod tao_unconstrained {
    pub mod rosenbrock1;
}

/// Ports of areas within areas.
pub const NESTED: &[(&str, Port)] = &[
    (
        "tao/leastsquares/chwirut1",
        tao_leastsquares::chwirut1::main,
    ),
    (
        "tao/unconstrained/rosenbrock1",
        tao_unconstrained::rosenbrock1::main,
    ),
];

/// The port of a name such as `ksp/ex2`.
#[must_use]
pub fn port(name: &str) -> Option<Port> {
    PORTS
        .iter()
        .chain(NESTED)
        .find(|(n, _)| *n == name)
        .map(|(_, port)| *port)
}
