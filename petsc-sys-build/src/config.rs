//! What is known about one PETSc installation.

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
    /// The oldest release that is supported.
    pub const OLDEST: Self = Self {
        major: 3,
        minor: 18,
        subminor: 0,
    };
    /// The newest minor release that is tested; a newer one warns.
    pub const NEWEST_TESTED: Self = Self {
        major: 3,
        minor: 26,
        subminor: 0,
    };

    /// Whether this release has a newer minor number than the newest that is tested.
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
    /// `real` or `complex`, as PETSc's own files say it.
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
    /// `double` or `single`.
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
    /// MPICH and its relatives with the same binary interface (Intel MPI, MVAPICH2, Cray MPICH).
    Mpich,
    /// PETSc's single-process stand-in.
    MpiUni,
    /// Another one.
    Other,
}

impl Mpi {
    /// Name in cfgs and metadata.
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
            Self::Mpich => "MPICH (or a relative)",
            Self::MpiUni => "MPIUNI (PETSc without MPI)",
            Self::Other => "an unknown MPI",
        })
    }
}

/// One PETSc installation: where it is and how it was configured.
#[derive(Clone, Debug)]
pub struct Config {
    /// How it was found, for messages: `PETSC_DIR`, `pkg-config PETSc`, …
    pub found_by: String,
    /// `PETSC_DIR`
    pub prefix: PathBuf,
    /// Folders with `petsc.h`, `petscconf.h` and what they include, without MPI's.
    pub include_dirs: Vec<PathBuf>,
    /// Folder of the library.
    pub lib_dir: PathBuf,
    /// Name of the library for the linker, without `lib`: `petsc`, `petsc64_complex`, …
    pub lib_name: String,
    /// Release.
    pub version: Version,
    /// Real or complex.
    pub scalar: ScalarKind,
    /// Double or single.
    pub precision: Precision,
    /// Width of `PetscInt` in bits, 32 or 64.
    pub int_bits: u32,
    /// Whether PETSc's own argument checks are compiled in.
    pub debug: bool,
    /// The MPI that PETSc was built with.
    pub mpi: Mpi,
    /// `X` for each `#define PETSC_HAVE_X 1`, in lower case.
    pub have: BTreeSet<String>,
}

impl Config {
    /// A configuration for building documentation where no PETSc is installed.
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
            have: ["hdf5", "hypre", "mumps", "superlu_dist"]
                .map(String::from)
                .into(),
        }
    }

    /// One line for people: version, scalar type, index width, place.
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
