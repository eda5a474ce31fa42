//! PETSc for Rust: vectors, matrices and solvers in parallel with MPI.
//!
//! A program is a closure given to [`run`]. It receives the session and creates objects on a
//! communicator. All objects are destroyed in the right order on every rank:
//!
//! ```
//! use petsc_rs::prelude::*;
//!
//! fn main() -> std::process::ExitCode {
//!     petsc_rs::run(|petsc| {
//!         // The one-dimensional Laplacian: 2 on the diagonal, -1 beside it.
//!         let n = 100;
//!         let mut a = Matrix::builder(petsc.world()).global_size(n, n).build()?;
//!         for i in a.ownership_range()? {
//!             a.set_value(i, i, 2.0.into(), InsertMode::Insert)?;
//!             for j in [i - 1, i + 1].into_iter().filter(|j| (0..n).contains(j)) {
//!                 a.set_value(i, j, (-1.0).into(), InsertMode::Insert)?;
//!             }
//!         }
//!         a.assemble()?;
//!         let (mut x, mut b) = a.vectors()?;
//!         b.set(1.0.into())?;
//!         let mut ksp = Ksp::new(petsc.world())?;
//!         ksp.set_operators(&a, &a)?;
//!         ksp.set_from_options()?; // -ksp_type gmres -pc_type gamg …
//!         let converged = ksp.solve(&b, &mut x)?;
//!         petsc.print(format_args!("{converged}\n"))
//!     })
//! }
//! ```
//!
//! # Ownership
//!
//! An owned handle ([`Vector`], [`Matrix`], [`Ksp`], …) holds one reference of the C object and has
//! no lifetime parameter. It dereferences to its borrowed form ([`VectorRef`], …), which has the
//! methods. Getters of other objects return this form, and callbacks receive it. Owned handles keep
//! the session alive; PETSc is finalized after the last owned handle is dropped.
//!
//! # Errors and ranks
//!
//! Errors are not collective: one rank may fail while the others wait for it. After a collective
//! call has failed on a rank, objects that this rank drops are queued instead of destroyed, because
//! destruction is collective. If the closure returns the error, [`run`] aborts the job on all
//! ranks. A program that handles such an error calls [`Petsc::recover`] on all ranks. Errors of
//! calls that are not collective have no such effect.
//!
//! # Calls without a method
//!
//! [`sys`] contains the raw functions and types of PETSc. bindgen generates them from the headers
//! of the installed PETSc. Pass handles with `as_ptr`, and check the error code with [`check`].
//!
//! Semantic versioning of this crate covers the name `sys` and the types in it that signatures of
//! this crate use (`sys::Vec`, `sys::Mat`, … as opaque pointers, and `PetscErrorCode`). Everything
//! else in it may change in a minor release: bindgen may generate a declaration differently, and
//! names that begin with `PetscRs` belong to the shim of this crate. The functions are those of the
//! installed PETSc; a release of PETSc may rename or remove some of them.
//!
//! [`mpi`], [`ndarray`], [`num_complex`] and [`bytemuck`] are re-exported in the versions whose
//! types appear in signatures of this crate. A new incompatible version of one of them requires a
//! new incompatible version of this crate.

#[cfg(feature = "autodiff")]
pub mod autodiff;
mod base;
pub mod dm;
pub mod index_set;
#[doc(hidden)]
pub mod internal;
pub mod ksp;
pub mod matrix;
pub mod pc;
pub mod prelude;
pub mod section;
pub mod snes;
pub mod solver;
pub mod star_forest;
pub mod tao;
pub mod ts;
pub mod vector;

#[doc(hidden)]
pub use base::ffi;
pub use base::{callback, log, object, options, random, viewer};
#[doc(inline)]
pub use index_set::{local_to_global, ordering};
#[doc(inline)]
pub use matrix::partitioning;
#[doc(inline)]
pub use vector::scatter;

use base::{c_enum, comm, error, file, runtime, scalar, type_names};
use solver::{reason, setting};

// Crates whose types appear in signatures of this crate, in matching versions.
pub use {bytemuck, mpi, ndarray, num_complex};

/// The raw functions and types of PETSc. The page of the crate lists what may change in a minor
/// release.
// This form lets every module resolve `sys`, which macros use.
pub extern crate petsc_sys as sys;

// The attribute macros refer to this crate by name, both here and in slepc-rs.
extern crate self as petsc_rs;

pub use comm::Comm;
pub use dm::{Dm, DmRef, Dmda, DmdaRef};
pub use error::{Error, ErrorCode, Frame, Result};
pub use ffi::check;
pub use index_set::{IndexSet, IndexSetRef};
pub use ksp::{Converged, ConvergedReason, Ksp, KspRef, KspType};
pub use local_to_global::{LocalToGlobalMap, LocalToGlobalMapRef};
pub use log::Log;
pub use matrix::{Matrix, MatrixRef, MatrixType};
pub use object::{Loan, LoanMut, Object};
pub use options::Options;
pub use ordering::{Ordering, OrderingRef};
pub use partitioning::{Partitioning, PartitioningRef, PartitioningType};
pub use pc::{Pc, PcRef, PcType};
pub use random::{Random, RandomRef};
pub use runtime::{Builder, LeakedHandle, Petsc, doctest, doctest_session, run, run_with_error};
pub use scalar::{Int, Real, Scalar, ScalarExt};
pub use scatter::{Combine, Direction, Scatter, ScatterRef};
pub use section::{Section, SectionRef};
pub use setting::Setting;
pub use snes::{Snes, SnesRef, SnesType};
pub use star_forest::{StarForest, StarForestRef};
pub use tao::{Tao, TaoRef, TaoType};
pub use ts::{Ts, TsRef, TsType};
pub use vector::{InsertMode, Norm, Vector, VectorRef, VectorType};
pub use viewer::{BinaryOptions, FileMode, Viewer, ViewerFormat, ViewerRef};

/// The README and the book: every Rust block is compiled and run as a test. They are not part of
/// the package.
#[cfg(all(doctest, in_repository))]
mod documentation {
    #[doc = include_str!("../../README.md")]
    mod readme {}
    #[doc = include_str!("../../docs/src/first-solve.md")]
    mod first_solve {}
    #[doc = include_str!("../../docs/src/ownership.md")]
    mod ownership {}
    #[doc = include_str!("../../docs/src/errors.md")]
    mod errors {}
    #[doc = include_str!("../../docs/src/options.md")]
    mod options {}
    #[doc = include_str!("../../docs/src/grids.md")]
    mod grids {}
    #[doc = include_str!("../../docs/src/nonlinear.md")]
    mod nonlinear {}
    #[doc = include_str!("../../docs/src/time.md")]
    mod time {}
    #[doc = include_str!("../../docs/src/optimisation.md")]
    mod optimisation {}
    #[doc = include_str!("../../docs/src/autodiff.md")]
    mod autodiff {}
    #[doc = include_str!("../../docs/src/mpi-basics.md")]
    mod mpi_basics {}
    #[doc = include_str!("../../docs/src/powergrid.md")]
    mod powergrid {}
    #[doc = include_str!("../../docs/src/from-petsc4py.md")]
    mod from_petsc4py {}
    #[doc = include_str!("../../docs/src/from-c.md")]
    mod from_c {}
}
