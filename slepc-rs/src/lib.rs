//! SLEPc for Rust: large sparse eigenvalue problems in parallel with MPI, on top of petsc-rs.
//!
//! A program is a closure given to [`run`], which initializes PETSc and SLEPc. Matrices are those
//! of petsc-rs, including [shell matrices](petsc_rs::Matrix::shell), whose product is a closure:
//!
//! ```
//! use slepc_rs::prelude::*;
//!
//! fn main() -> std::process::ExitCode {
//!     slepc_rs::run(|petsc| {
//!         // The one-dimensional Laplacian: 2 on the diagonal, -1 beside it.
//!         let n = 100;
//!         let mut a = Matrix::builder(petsc.world()).global_size(n, n).build()?;
//!         for i in a.ownership_range()? {
//!             a.set_value(i, i, Scalar::from_real(2.0), InsertMode::Insert)?;
//!             for j in [i - 1, i + 1].into_iter().filter(|j| (0..n).contains(j)) {
//!                 a.set_value(i, j, Scalar::from_real(-1.0), InsertMode::Insert)?;
//!             }
//!         }
//!         a.assemble()?;
//!         let mut eps = Eps::new(petsc.world())?;
//!         eps.set_operators(&a, None)?;
//!         eps.set_problem_type(EpsProblemType::Hermitian)?;
//!         eps.set_from_options()?; // -eps_nev 4 -eps_type lobpcg -st_type sinvert …
//!         let converged = eps.solve()?;
//!         for pair in eps.eigenpairs()? {
//!             let pair = pair?;
//!             petsc.print(format_args!("{} ± {:.1e}\n", pair.value(), pair.error_estimate()))?;
//!         }
//!         petsc.print(format_args!("{converged}\n"))
//!     })
//! }
//! ```
//!
//! # Sessions
//!
//! SLEPc is initialized in the session of PETSc: by [`run`], by [`init`], or by the first object
//! that needs it. It is finalized with PETSc, after the last handle is dropped. The rules of
//! petsc-rs on ownership, errors and ranks also apply to this crate.
//!
//! # Numbers
//!
//! Eigenvalues are [`Complex`](num_complex::Complex) numbers in every build, because real matrices
//! can have complex eigenvalues. [`Eigenpair`](eps::Eigenpair) describes how conjugate pairs are
//! returned.

mod base;
pub mod bv;
pub mod ds;
pub mod eps;
pub mod function;
pub mod lme;
pub mod mfn;
pub mod nep;
pub mod pep;
pub mod prelude;
pub mod region;
pub mod solver;
pub mod st;
pub mod svd;

/// The raw functions and types of SLEPc and PETSc. [`petsc_rs::sys`] lists what may change in a
/// minor release.
// This form lets every module resolve `sys`, which the macros of petsc-rs use.
pub extern crate slepc_sys as sys;

pub use base::session::{init, run, run_with_error, version};
pub use bv::{Bv, BvRef, BvType};
pub use ds::{Ds, DsRef, DsType};
pub use eps::{Eps, EpsRef, EpsType};
pub use function::{FnType, MathFunction, MathFunctionRef};
pub use lme::{Lme, LmeRef, LmeType};
pub use mfn::{Mfn, MfnRef, MfnType};
pub use nep::{Nep, NepRef, NepType};
pub use pep::{Pep, PepRef, PepType};
pub use region::{Region, RegionRef, RegionType};
pub use st::{St, StRef, StType};
pub use svd::{Svd, SvdRef, SvdType};

/// Chapters of the book: every Rust block is compiled and run as a test. They are not part of the
/// package.
#[cfg(all(doctest, in_repository))]
mod documentation {
    #[doc = include_str!("../../docs/src/bridge.md")]
    mod bridge {}
    #[doc = include_str!("../../docs/src/eigenvalues.md")]
    mod eigenvalues {}
}
