//! Build errors: a few lines that say what was tried and which command mends it.

use std::path::PathBuf;

/// Why PETSc cannot be used for this build.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No place that was searched holds a PETSc.
    #[error(
        "PETSc was not found. Tried:\n{}\nInstall it (`cargo xtask setup`, `apt install petsc-dev`), \
         set PETSC_DIR to its folder, or build with the feature `vendored`.",
        list(.tried)
    )]
    NotFound {
        /// One line for each place, with the reason why it was passed over.
        tried: Vec<String>,
    },
    /// A folder that the user named is not a usable PETSc.
    #[error("{source_of} does not lead to PETSc: {reason}\n{fix}")]
    BadRequest {
        /// Which variable named the folder, with its value.
        source_of: String,
        /// What is wrong with it.
        reason: String,
        /// How to mend it.
        fix: String,
    },
    /// A header of PETSc is missing or unreadable.
    #[error("cannot read {}: {reason}\nInstall PETSc's development package, or set PETSC_DIR.", .path.display())]
    Header {
        /// The header.
        path: PathBuf,
        /// The operating system's words or the missing macro.
        reason: String,
    },
    /// PETSc is older than the oldest supported release.
    #[error(
        "PETSc {found} in {} is not supported: petsc-rs needs 3.18 or newer.\n\
         Install a newer PETSc, or build with the feature `vendored`.", .prefix.display()
    )]
    Unsupported {
        /// The version found.
        found: String,
        /// Where.
        prefix: PathBuf,
    },
    /// PETSc was configured for a precision that the bindings do not cover.
    #[error(
        "PETSc in {} was built with precision `{precision}`: petsc-rs supports double and single.\n\
         Point PETSC_DIR to another build.", .prefix.display()
    )]
    Precision {
        /// What petscconf.h says.
        precision: String,
        /// Where.
        prefix: PathBuf,
    },
    /// PETSc and the `mpi` crate would link different MPI libraries.
    #[error(
        "PETSc in {} was built with {petsc}, but the MPI compiler `{mpicc}` (which the `mpi` crate \
         links) is {found}.\nSet MPICC to the mpicc of {petsc}, or point PETSC_DIR to a PETSc built \
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
        /// What failed, with the line of the log.
        reason: String,
    },
    /// No SLEPc of the PETSc in use was found.
    #[error(
        "SLEPc was not found for {petsc}. Tried:\n{}\nInstall the SLEPc of this PETSc (`cargo xtask \
         setup`, `apt install slepc-dev`) or set SLEPC_DIR to its folder; or choose with PETSC_DIR a \
         PETSc that has one; or leave out slepc-rs.",
        list(.tried)
    )]
    NoSlepc {
        /// The PETSc in use.
        petsc: String,
        /// One line for each place, with the reason why it was passed over.
        tried: Vec<String>,
    },
    /// `SLEPC_DIR` does not lead to a SLEPc of the PETSc in use.
    #[error(
        "SLEPC_DIR={dir} cannot be used: {reason}\nSet SLEPC_DIR to the folder that holds \
         include/slepc.h and lib/libslepc*.so of a SLEPc built with the PETSc in use (and SLEPC_ARCH \
         for a build in its source folder), or unset it to search."
    )]
    BadSlepc {
        /// The value of `SLEPC_DIR`.
        dir: String,
        /// What is wrong with it.
        reason: String,
    },
    /// There is no MPI compiler wrapper.
    #[error(
        "no MPI compiler: `{mpicc}` could not be run ({reason}).\n\
         Install the development package of the MPI that PETSc uses (`apt install libopenmpi-dev`), \
         or set MPICC."
    )]
    NoMpi {
        /// The compiler wrapper that was tried.
        mpicc: String,
        /// The operating system's words.
        reason: String,
    },
    /// libclang is missing.
    #[error(
        "libclang was not found, which bindgen needs to read petsc.h: {reason}\n\
         Install it (`apt install libclang-dev`, `dnf install clang-devel`, `brew install llvm`), \
         or set LIBCLANG_PATH to the folder of libclang.so."
    )]
    NoLibclang {
        /// What the loader said.
        reason: String,
    },
    /// bindgen could not read the headers.
    #[error("bindgen could not read PETSc's headers: {reason}")]
    Bindgen {
        /// bindgen's words.
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
        /// The operating system's words.
        reason: String,
    },
}

fn list(tried: &[String]) -> String {
    tried
        .iter()
        .map(|line| format!("  - {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}
