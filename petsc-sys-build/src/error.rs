//! Build errors. Each message describes the cause and how to solve the problem.

use std::path::PathBuf;

/// Reason why PETSc cannot be used for this build.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// PETSc was not found in any location.
    #[error(
        "PETSc was not found. Tried:\n{}\nInstall it (`cargo xtask setup`, `apt install petsc-dev`), \
         set PETSC_DIR to its folder, or build with the feature `vendored`.",
        list(.tried)
    )]
    NotFound {
        /// One line for each location, with the reason why it was rejected.
        tried: Vec<String>,
    },
    /// A folder that the user set does not contain a usable PETSc.
    #[error("{source_of} does not lead to PETSc: {reason}\n{fix}")]
    BadRequest {
        /// The variable that contains the folder, with its value.
        source_of: String,
        /// The error.
        reason: String,
        /// How to solve the problem.
        fix: String,
    },
    /// A header of PETSc is missing or unreadable.
    #[error("cannot read {}: {reason}\nInstall PETSc's development package, or set PETSC_DIR.", .path.display())]
    Header {
        /// The header.
        path: PathBuf,
        /// The message of the operating system, or the missing macro.
        reason: String,
    },
    /// PETSc is older than the oldest supported release.
    #[error(
        "PETSc {found} in {} is not supported: petsc-rs requires 3.18 or newer.\n\
         Install a newer PETSc, or build with the feature `vendored`.", .prefix.display()
    )]
    Unsupported {
        /// The version found.
        found: String,
        /// The folder of this PETSc.
        prefix: PathBuf,
    },
    /// PETSc was configured for a precision that the bindings do not support.
    #[error(
        "PETSc in {} was built with precision `{precision}`: petsc-rs supports double and single.\n\
         Set PETSC_DIR to another build.", .prefix.display()
    )]
    Precision {
        /// The precision in petscconf.h.
        precision: String,
        /// The folder of PETSc.
        prefix: PathBuf,
    },
    /// PETSc and the `mpi` crate use different MPI libraries.
    #[error(
        "PETSc in {} was built with {petsc}, but the MPI compiler `{mpicc}` (which the `mpi` crate \
         links) belongs to {found}.\nSet MPICC to the mpicc of {petsc}, or set PETSC_DIR to a PETSc built \
         with {found}.", .prefix.display()
    )]
    MpiMismatch {
        /// MPI of PETSc.
        petsc: String,
        /// MPI of the compiler wrapper.
        found: String,
        /// The compiler wrapper.
        mpicc: String,
        /// PETSc's folder.
        prefix: PathBuf,
    },
    /// PETSc could not be built from source.
    #[error("PETSc could not be built from source (feature `vendored`): {reason}")]
    Vendored {
        /// The step that failed, with the line of the log that contains the error.
        reason: String,
    },
    /// SLEPc was not found for the PETSc in use.
    #[error(
        "SLEPc was not found for {petsc}. Tried:\n{}\nInstall a SLEPc that was built with this PETSc (`cargo xtask \
         setup`, `apt install slepc-dev`) or set SLEPC_DIR to its folder; or set PETSC_DIR to a \
         PETSc with SLEPc; or do not use slepc-rs.",
        list(.tried)
    )]
    NoSlepc {
        /// The PETSc in use.
        petsc: String,
        /// One line for each location, with the reason why it was rejected.
        tried: Vec<String>,
    },
    /// `SLEPC_DIR` does not contain a SLEPc built with the PETSc in use.
    #[error(
        "SLEPC_DIR={dir} cannot be used: {reason}\nSet SLEPC_DIR to the folder that contains \
         include/slepc.h and lib/libslepc*.so of a SLEPc built with the PETSc in use (and SLEPC_ARCH \
         for a build in its source folder), or unset it to search."
    )]
    BadSlepc {
        /// The value of `SLEPC_DIR`.
        dir: String,
        /// The error.
        reason: String,
    },
    /// The MPI compiler wrapper was not found.
    #[error(
        "no MPI compiler: `{mpicc}` could not be run ({reason}).\n\
         Install the development package of the MPI that PETSc uses (`apt install libopenmpi-dev`), \
         or set MPICC."
    )]
    NoMpi {
        /// The compiler wrapper that was tried.
        mpicc: String,
        /// The message of the operating system.
        reason: String,
    },
    /// libclang was not found.
    #[error(
        "libclang was not found, which bindgen needs to read petsc.h: {reason}\n\
         Install it (`apt install libclang-dev`, `dnf install clang-devel`, `brew install llvm`), \
         or set LIBCLANG_PATH to the folder of libclang.so."
    )]
    NoLibclang {
        /// The message of the loader.
        reason: String,
    },
    /// bindgen could not read the headers.
    #[error("bindgen could not read PETSc's headers: {reason}")]
    Bindgen {
        /// The message of bindgen.
        reason: String,
    },
    /// The build script's crate does not depend on `petsc-sys` or `petsc-rs` directly.
    #[error(
        "no metadata of PETSc: add `petsc-rs` (or `petsc-sys`) to [dependencies] of this crate; \
         cargo passes DEP_PETSC_* to direct dependents only"
    )]
    NoMetadata,
    /// A file could not be written.
    #[error("cannot write {}: {reason}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The message of the operating system.
        reason: String,
    },
}

fn list(tried: &[String]) -> String {
    tried.iter().map(|line| format!("  - {line}")).collect::<Vec<_>>().join("\n")
}
