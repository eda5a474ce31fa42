//! Finds PETSc, reads its configuration and passes it to Rust.
//!
//! Three kinds of programs use this crate:
//!
//! * the build script of `petsc-sys` calls [`locate()`], generates bindings and publishes the
//!   configuration as `links` metadata with [`Config::emit_metadata`];
//! * the build scripts of crates on top of `petsc-sys` (petsc-rs, and any solver crate that needs
//!   `#[cfg(petsc_have_mumps)]`) call [`emit`];
//! * the tasks of the workspace use [`locate()`] and [`vendored`] to inspect or build PETSc.
//!
//! The configuration is passed as `cfg`s and not as cargo features: features are additive, but
//! configurations of PETSc are not.
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

/// Emits the configuration that `petsc-sys` found, as `cfg`s of the crate whose build script calls
/// this function. Also emits the run-time library path of PETSc (and SLEPc) for the binaries and
/// tests of the crate.
///
/// The crate must depend directly on `petsc-sys`, `petsc-rs` or `slepc-rs`, because cargo passes
/// metadata to direct dependents only.
///
/// # Errors
/// [`Error::NoMetadata`] if none of these crates is a direct dependency.
pub fn emit() -> Result<(), Error> {
    cfgs::emit_from_metadata()
}

/// Links a library, and adds its folder to the run-time library path.
pub fn emit_link(folder: &Path, library: &str) {
    println!("cargo::rustc-link-search=native={}", folder.display());
    println!("cargo::rustc-link-lib={library}");
    println!("cargo::rustc-link-arg=-Wl,-rpath,{}", folder.display());
}

/// Runs a build script. An error is printed line by line as cargo errors.
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
