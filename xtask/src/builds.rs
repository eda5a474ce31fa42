//! The builds of PETSc that the workspace is tested with, and their locations.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use petsc_sys_build::vendored::Request;
use petsc_sys_build::{Config, ScalarKind, locate};

/// A build of PETSc; its name is that on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    /// Real scalars, 32-bit indices.
    Real,
    /// Complex scalars, 32-bit indices.
    Complex,
    /// Real scalars, 64-bit indices.
    Real64,
    /// Complex scalars, 64-bit indices.
    Complex64,
    /// The newest release, built from source: real scalars, 32-bit indices.
    Newest,
}

impl Build {
    /// All builds, in the order of the tests.
    pub(crate) const ALL: [Self; 5] =
        [Self::Real, Self::Complex, Self::Real64, Self::Complex64, Self::Newest];

    /// Returns the name on the command line, which is also that of the directory in `target/`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Complex => "complex",
            Self::Real64 => "real64",
            Self::Complex64 => "complex64",
            Self::Newest => "3.26",
        }
    }

    /// Returns the corresponding build from source.
    pub(crate) fn request(self) -> Request {
        let scalar = match self {
            Self::Complex | Self::Complex64 => ScalarKind::Complex,
            _ => ScalarKind::Real,
        };
        let int_bits = if matches!(self, Self::Real64 | Self::Complex64) { 64 } else { 32 };
        Request { scalar, int_bits, ..Request::default() }
    }

    /// Returns the names of Debian's packages of PETSc and SLEPc, if Debian has them.
    pub(crate) fn debian_packages(self) -> &'static [&'static str] {
        match self {
            Self::Real => &["libpetsc-real-dev", "libslepc-real-dev"],
            Self::Complex => &["libpetsc-complex-dev", "libslepc-complex-dev"],
            Self::Real64 => &["libpetsc64-real-dev", "libslepc64-real-dev"],
            Self::Complex64 => &["libpetsc64-complex-dev", "libslepc64-complex-dev"],
            Self::Newest => &[],
        }
    }

    /// Returns possible locations: Debian's directory first, then the cache of builds from source.
    fn candidates(self) -> Vec<PathBuf> {
        let debian = match self {
            Self::Real => Some("petsc-real"),
            Self::Complex => Some("petsc-complex"),
            Self::Real64 => Some("petsc64-real"),
            Self::Complex64 => Some("petsc64-complex"),
            Self::Newest => None,
        };
        let debian = debian.map(|name| Path::new("/usr/lib/petscdir").join(name));
        let cached = self.request().installed().ok().flatten();
        debian.into_iter().chain(cached).collect()
    }

    /// Returns the installation, if there is one that corresponds to the name.
    pub(crate) fn find(self) -> Option<Config> {
        let wanted = self.request();
        self.candidates()
            .into_iter()
            .filter_map(|prefix| locate::inspect(&prefix, None, self.name()).ok())
            .find(|c| c.scalar == wanted.scalar && c.int_bits == wanted.int_bits)
    }
}

/// Parses `all`, or names separated by commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BuildList(pub(crate) Vec<Build>);

impl FromStr for BuildList {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self(Build::ALL.to_vec()));
        }
        text.split(',').map(named).collect::<Result<_, _>>().map(Self)
    }
}

fn named(name: &str) -> Result<Build, String> {
    Build::ALL.into_iter().find(|b| b.name() == name).ok_or_else(|| {
        let names: Vec<_> = Build::ALL.iter().map(|b| b.name()).collect();
        format!("unknown build `{name}`: use all, {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn build_lists_are_all_or_names() {
        assert_eq!("all".parse::<BuildList>().unwrap().0, Build::ALL);
        let two: BuildList = "complex64,3.26".parse().unwrap();
        assert_eq!(two.0, [Build::Complex64, Build::Newest]);
        assert!("real,fast".parse::<BuildList>().unwrap_err().contains("`fast`"));
    }

    #[test]
    fn requests_have_the_types_of_their_names() {
        let keys = Build::ALL.map(|b| b.request().key("3.26.1"));
        assert_eq!(
            keys,
            [
                "petsc-3.26.1-real-i32",
                "petsc-3.26.1-complex-i32",
                "petsc-3.26.1-real-i64",
                "petsc-3.26.1-complex-i64",
                "petsc-3.26.1-real-i32",
            ]
        );
    }
}
