//! The configuration of a PETSc installation.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

/// A release of PETSc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// `PETSC_VERSION_MAJOR`
    pub major: u32,
    /// `PETSC_VERSION_MINOR`
    pub minor: u32,
    /// `PETSC_VERSION_SUBMINOR`
    pub subminor: u32,
}

impl Version {
    /// The oldest supported release.
    pub const OLDEST: Self = Self { major: 3, minor: 18, subminor: 0 };
    /// The newest minor release that is tested; a newer one causes a warning.
    pub const NEWEST_TESTED: Self = Self { major: 3, minor: 26, subminor: 0 };

    /// Returns whether the minor number of this release is larger than that of the newest tested
    /// release.
    #[must_use]
    pub fn is_untested(self) -> bool {
        (self.major, self.minor) > (Self::NEWEST_TESTED.major, Self::NEWEST_TESTED.minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.subminor)
    }
}

/// The type of `PetscScalar`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarKind {
    /// Real numbers.
    Real,
    /// Complex numbers.
    Complex,
}

impl ScalarKind {
    /// Returns `real` or `complex`, as in PETSc's files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Complex => "complex",
        }
    }
}

/// The precision of `PetscReal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// 8 bytes.
    Double,
    /// 4 bytes.
    Single,
}

impl Precision {
    /// Returns `double` or `single`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Double => "double",
            Self::Single => "single",
        }
    }
}

/// An implementation of MPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mpi {
    /// Open MPI.
    OpenMpi,
    /// MPICH and implementations with the same binary interface (Intel MPI, MVAPICH2, Cray MPICH).
    Mpich,
    /// MPIUNI, PETSc's replacement of MPI for a single process.
    MpiUni,
    /// Another implementation.
    Other,
}

impl Mpi {
    /// Returns the name in cfgs and metadata.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenMpi => "openmpi",
            Self::Mpich => "mpich",
            Self::MpiUni => "mpiuni",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for Mpi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OpenMpi => "Open MPI",
            Self::Mpich => "MPICH (or a compatible MPI)",
            Self::MpiUni => "MPIUNI (PETSc without MPI)",
            Self::Other => "an unknown MPI",
        })
    }
}

/// A PETSc installation: its location and its configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// How the installation was found, for messages: `PETSC_DIR`, `pkg-config PETSc`, …
    pub found_by: String,
    /// `PETSC_DIR`
    pub prefix: PathBuf,
    /// Folders with `petsc.h`, `petscconf.h` and the headers they include, without those of MPI.
    pub include_dirs: Vec<PathBuf>,
    /// Folder of the library.
    pub lib_dir: PathBuf,
    /// Name of the library for the linker, without `lib`: `petsc`, `petsc64_complex`, …
    pub lib_name: String,
    /// Release.
    pub version: Version,
    /// Type of `PetscScalar`.
    pub scalar: ScalarKind,
    /// Precision of `PetscReal`.
    pub precision: Precision,
    /// Width of `PetscInt` in bits, 32 or 64.
    pub int_bits: u32,
    /// Whether PETSc was built with its argument checks.
    pub debug: bool,
    /// The MPI that PETSc was built with.
    pub mpi: Mpi,
    /// The name `X`, in lower case, for each `#define PETSC_HAVE_X 1`.
    pub have: BTreeSet<String>,
}

impl Config {
    /// Returns a configuration for building the documentation without PETSc.
    #[must_use]
    pub fn for_docs() -> Self {
        Self {
            found_by: "DOCS_RS".into(),
            prefix: PathBuf::new(),
            include_dirs: Vec::new(),
            lib_dir: PathBuf::new(),
            lib_name: String::new(),
            version: Version::OLDEST,
            scalar: ScalarKind::Real,
            precision: Precision::Double,
            int_bits: 32,
            debug: false,
            mpi: Mpi::OpenMpi,
            have: ["hdf5", "hypre", "mumps", "superlu_dist"].map(String::from).into(),
        }
    }

    /// Returns a one-line summary: version, scalar type, index width, location.
    #[must_use]
    pub fn summary(&self) -> String {
        format!(
            "PETSc {} ({}, {}-bit indices, {}{}, {}) in {}",
            self.version,
            self.scalar.as_str(),
            self.int_bits,
            self.precision.as_str(),
            if self.debug { ", debug" } else { "" },
            self.mpi,
            self.prefix.display()
        )
    }
}
