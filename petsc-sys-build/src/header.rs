//! Reads `petscconf.h` and `petscversion.h`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::config::{Mpi, Precision, ScalarKind, Version};
use crate::error::Error;

/// The `#define`s of a header: a map from names to values. The value is empty for a macro without a
/// value.
#[derive(Debug, Default)]
pub struct Defines(BTreeMap<String, String>);

impl Defines {
    /// Reads the object-like macros of a header. Conditions are not evaluated.
    ///
    /// # Errors
    /// [`Error::Header`] if the file cannot be read.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path)
            .map_err(|e| Error::Header { path: path.into(), reason: e.to_string() })?;
        Ok(Self::parse(&text))
    }

    /// Reads the object-like macros of a text.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut defines = BTreeMap::new();
        for line in text.lines() {
            let Some(rest) = line.trim_start().strip_prefix('#') else {
                continue;
            };
            let Some(rest) = rest.trim_start().strip_prefix("define") else {
                continue;
            };
            let mut parts = rest.trim().splitn(2, char::is_whitespace);
            let Some(name) = parts.next().filter(|n| !n.is_empty() && !n.contains('(')) else {
                continue;
            };
            defines.insert(name.to_owned(), parts.next().unwrap_or("").trim().to_owned());
        }
        Self(defines)
    }

    /// Returns the value of a macro.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Returns whether the macro is defined.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.split_whitespace().next()?.parse().ok()
    }

    fn names_after(&self, prefix: &str) -> BTreeSet<String> {
        self.0.keys().filter_map(|k| k.strip_prefix(prefix)).map(str::to_ascii_lowercase).collect()
    }
}

/// The configuration that `petscconf.h` and `petscversion.h` contain.
#[derive(Debug)]
pub struct Headers {
    /// Release.
    pub version: Version,
    /// Type of `PetscScalar`.
    pub scalar: ScalarKind,
    /// Precision of `PetscReal`.
    pub precision: Precision,
    /// Width of `PetscInt` in bits: 32 or 64.
    pub int_bits: u32,
    /// Whether PETSc was built with its argument checks.
    pub debug: bool,
    /// MPI implementation.
    pub mpi: Mpi,
    /// Names after `PETSC_HAVE_`, in lower case.
    pub have: BTreeSet<String>,
}

/// Finds a header in the first folder that contains it.
///
/// # Errors
/// [`Error::Header`] if no folder contains it.
pub fn find(name: &str, dirs: &[PathBuf]) -> Result<PathBuf, Error> {
    dirs.iter().map(|d| d.join(name)).find(|p| p.is_file()).ok_or_else(|| Error::Header {
        path: dirs.first().cloned().unwrap_or_default().join(name),
        reason: "no such file in the include folders".into(),
    })
}

/// Reads version and configuration from the include folders of one installation.
///
/// # Errors
/// [`Error::Header`] for a missing header or macro, [`Error::Unsupported`] for a release before
/// 3.18, [`Error::Precision`] for half or quadruple precision.
pub fn read(include_dirs: &[PathBuf], prefix: &Path) -> Result<Headers, Error> {
    let version_path = find("petscversion.h", include_dirs)?;
    let version = read_version(&Defines::read(&version_path)?, &version_path, "PETSC")?;
    if version < Version::OLDEST {
        return Err(Error::Unsupported { found: version.to_string(), prefix: prefix.into() });
    }
    let conf = Defines::read(&find("petscconf.h", include_dirs)?)?;
    let precision = if conf.has("PETSC_USE_REAL_DOUBLE") {
        Precision::Double
    } else if conf.has("PETSC_USE_REAL_SINGLE") {
        Precision::Single
    } else {
        let precision = if conf.has("PETSC_USE_REAL___FLOAT128") { "__float128" } else { "__fp16" };
        return Err(Error::Precision { precision: precision.into(), prefix: prefix.into() });
    };
    Ok(Headers {
        version,
        scalar: if conf.has("PETSC_USE_COMPLEX") { ScalarKind::Complex } else { ScalarKind::Real },
        precision,
        int_bits: if conf.has("PETSC_USE_64BIT_INDICES") { 64 } else { 32 },
        debug: conf.has("PETSC_USE_DEBUG"),
        mpi: read_mpi(&conf),
        have: conf.names_after("PETSC_HAVE_"),
    })
}

/// Reads `PETSC_VERSION_MAJOR` and so on, or `SLEPC_VERSION_MAJOR`.
pub(crate) fn read_version(
    defines: &Defines,
    path: &Path,
    library: &str,
) -> Result<Version, Error> {
    let number = |part: &str| {
        let name = format!("{library}_VERSION_{part}");
        defines.number(&name).ok_or_else(|| Error::Header {
            path: path.into(),
            reason: format!("{name} is not defined as a number"),
        })
    };
    Ok(Version { major: number("MAJOR")?, minor: number("MINOR")?, subminor: number("SUBMINOR")? })
}

/// Returns the MPI of PETSc. The macros that name it changed several times between PETSc 3.18 and
/// 3.26.
fn read_mpi(conf: &Defines) -> Mpi {
    let any = |names: &[&str]| names.iter().any(|n| conf.has(n));
    if any(&["PETSC_HAVE_MPIUNI"]) {
        Mpi::MpiUni
    } else if any(&["PETSC_HAVE_OPENMPI", "PETSC_HAVE_OMPI_MAJOR_VERSION"]) {
        Mpi::OpenMpi
    } else if any(&[
        "PETSC_HAVE_MPICH",
        "PETSC_HAVE_MPICH_NUMVERSION",
        "PETSC_HAVE_I_MPI",
        "PETSC_HAVE_I_MPI_NUMVERSION",
        "PETSC_HAVE_MVAPICH2",
        "PETSC_HAVE_MVAPICH2_NUMVERSION",
    ]) {
        Mpi::Mpich
    } else {
        Mpi::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defines_skip_function_like_macros_and_other_lines() {
        let d = Defines::parse(
            "#define PETSC_HAVE_MUMPS 1\n# define A  2 /* c */\n#define F(x) x\nint x;\n#define B\n",
        );
        assert_eq!(d.get("PETSC_HAVE_MUMPS"), Some("1"));
        assert_eq!(d.number("A"), Some(2));
        assert!(d.has("B"));
        assert!(!d.has("F") && !d.has("F(x)"));
        assert_eq!(d.names_after("PETSC_HAVE_").into_iter().collect::<Vec<_>>(), ["mumps"]);
    }

    #[test]
    fn mpi_is_recognized_in_the_spellings_of_3_18_and_3_26() {
        assert_eq!(read_mpi(&Defines::parse("#define PETSC_HAVE_OPENMPI 1")), Mpi::OpenMpi);
        assert_eq!(
            read_mpi(&Defines::parse("#define PETSC_HAVE_OMPI_MAJOR_VERSION 4")),
            Mpi::OpenMpi
        );
        assert_eq!(read_mpi(&Defines::parse("#define PETSC_HAVE_MPICH 1")), Mpi::Mpich);
        assert_eq!(read_mpi(&Defines::parse("#define PETSC_HAVE_MPIUNI 1")), Mpi::MpiUni);
        assert_eq!(read_mpi(&Defines::default()), Mpi::Other);
    }
}
