//! Finds PETSc, reads how it was configured and tells Rust about it.
//!
//! Three kinds of build script use this crate:
//!
//! * `petsc-sys` calls [`locate()`], generates bindings and publishes what it found as `links`
//!   metadata with [`Config::emit_metadata`];
//! * crates on top of `petsc-sys` (petsc-rs itself, and any solver crate that wants
//!   `#[cfg(petsc_have_mumps)]`) call [`emit`] in their build script;
//! * the workspace's tasks use [`locate()`] and [`vendored`] to look at or build PETSc.
//!
//! The facts become `cfg`s, never cargo features: features are additive, builds of PETSc are not.
//!
//! | cfg | meaning |
//! |---|---|
//! | `petsc_ge_3_19` … | PETSc is at least that release |
//! | `petsc_scalar = "real"` or `"complex"` | type of `PetscScalar` |
//! | `petsc_int = "i32"` or `"i64"` | type of `PetscInt` |
//! | `petsc_precision = "double"` or `"single"` | type of `PetscReal` |
//! | `petsc_debug` | PETSc was configured with `--with-debugging=1` |
//! | `petsc_mpi = "openmpi"`, `"mpich"`, … | the MPI that PETSc was built with |
//! | `petsc_have_mumps` … | every `PETSC_HAVE_*` of `petscconf.h`, in lower case |

use std::path::Path;
use std::process::ExitCode;

#[cfg(feature = "bindgen")]
pub mod bindings;
pub mod cfgs;
pub mod config;
pub mod error;
pub mod header;
pub mod locate;
pub mod mpi;
pub mod slepc;
pub mod vendored;

pub use config::{Config, Mpi, Precision, ScalarKind, Version};
pub use error::Error;
pub use locate::locate;

/// Re-emits what `petsc-sys` found as `cfg`s of the crate whose build script calls this, with the
/// run-time library path of PETSc (and SLEPc) for its binaries and tests.
///
/// The crate needs a direct dependency on `petsc-sys`, `petsc-rs` or `slepc-rs`, because cargo hands metadata
/// to direct dependents only.
///
/// # Errors
/// [`Error::NoMetadata`] if none of these crates is a direct dependency.
pub fn emit() -> Result<(), Error> {
    cfgs::emit_from_metadata()
}

/// Links a library, with its folder in the run-time path of what cargo builds.
pub fn emit_link(folder: &Path, library: &str) {
    println!("cargo::rustc-link-search=native={}", folder.display());
    println!("cargo::rustc-link-lib={library}");
    println!("cargo::rustc-link-arg=-Wl,-rpath,{}", folder.display());
}

/// Runs a build script: an error becomes one of cargo's, line by line.
#[must_use]
pub fn run(script: impl FnOnce() -> Result<(), Error>) -> ExitCode {
    match script() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}
