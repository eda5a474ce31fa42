//! Search for PETSc: the order of the locations, and the reasons for the error message.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::config::Config;
use crate::error::Error;
use crate::header;
use crate::vendored;

/// Environment variables that affect [`locate`].
pub const VARIABLES: &[&str] = &[
    "PETSC_DIR",
    "PETSC_ARCH",
    "PETSC_RS_PKG",
    "PKG_CONFIG_PATH",
    "CONDA_PREFIX",
    "VIRTUAL_ENV",
    "MPICC",
    "DOCS_RS",
];

/// Finds PETSc. The locations are searched in this order: `PETSC_DIR` (with `PETSC_ARCH`),
/// `PETSC_RS_PKG`, pkg-config, the pip package, well-known prefixes, the cache of builds from
/// source. A location that the user sets must be valid; the others are tried in turn.
///
/// # Errors
/// [`Error::NotFound`] with the list of reasons, [`Error::BadRequest`] if the location in a
/// variable is invalid, or the error in the headers that were found.
pub fn locate() -> Result<Config, Error> {
    if let Some(dir) = variable("PETSC_DIR") {
        let arch = variable("PETSC_ARCH");
        let source_of = match &arch {
            Some(arch) => format!("PETSC_DIR={dir} with PETSC_ARCH={arch}"),
            None => format!("PETSC_DIR={dir}"),
        };
        return inspect(Path::new(&dir), arch.as_deref(), "PETSC_DIR")
            .map_err(|e| bad_request(source_of, e));
    }
    if let Some(package) = variable("PETSC_RS_PKG") {
        return by_package(&package).map_err(|e| bad_request(format!("PETSC_RS_PKG={package}"), e));
    }
    let mut tried = vec!["PETSC_DIR: not set".to_owned(), "PETSC_RS_PKG: not set".to_owned()];
    for candidate in candidates() {
        match candidate.prefix.and_then(|p| {
            inspect(&p, None, &candidate.name).map_err(|e| match e {
                // A PETSc that exists but cannot be used has a separate message.
                Error::Header { path, reason } => format!("{}: {reason}", path.display()),
                other => other.to_string().lines().next().unwrap_or_default().to_owned(),
            })
        }) {
            Ok(config) => return Ok(config),
            Err(reason) => tried.push(format!("{}: {reason}", candidate.name)),
        }
    }
    Err(Error::NotFound { tried })
}

/// Reads the installation in `prefix` (with `arch` for an in-place build).
///
/// # Errors
/// The missing file or macro.
pub fn inspect(prefix: &Path, arch: Option<&str>, found_by: &str) -> Result<Config, Error> {
    let mut roots = vec![prefix.to_owned()];
    if let Some(arch) = arch.filter(|a| !a.is_empty()) {
        roots.insert(0, prefix.join(arch));
    }
    let include_dirs: Vec<_> =
        roots.iter().map(|r| r.join("include")).filter(|d| d.is_dir()).collect();
    header::find("petsc.h", &include_dirs).map_err(|_| Error::Header {
        path: prefix.join("include/petsc.h"),
        reason: "no such file".into(),
    })?;
    let facts = header::read(&include_dirs, prefix)?;
    let (lib_dir, lib_name) = library(&roots, "petsc")?;
    Ok(Config {
        found_by: found_by.into(),
        prefix: prefix.into(),
        include_dirs,
        lib_dir,
        lib_name,
        version: facts.version,
        scalar: facts.scalar,
        precision: facts.precision,
        int_bits: facts.int_bits,
        debug: facts.debug,
        mpi: facts.mpi,
        have: facts.have,
    })
}

struct Candidate {
    name: String,
    prefix: Result<PathBuf, String>,
}

fn candidates() -> Vec<Candidate> {
    let mut list = Vec::new();
    for package in ["PETSc", "petsc"] {
        list.push(Candidate { name: format!("pkg-config {package}"), prefix: pkg_config(package) });
    }
    list.push(Candidate { name: "pip package `petsc`".into(), prefix: pip_package() });
    for prefix in well_known() {
        let name = prefix.display().to_string();
        list.push(Candidate { name, prefix: Ok(prefix) });
    }
    list.push(Candidate {
        name: "built from source by `cargo xtask setup` or the feature `vendored`".into(),
        prefix: match vendored::Request::default().installed() {
            Ok(Some(prefix)) => Ok(prefix),
            Ok(None) => Err("not built".into()),
            Err(error) => Err(error.to_string()),
        },
    });
    list
}

/// Returns the configuration of a pkg-config module, the path of a `.pc` file, or the name of one
/// of Debian's variants.
fn by_package(package: &str) -> Result<Config, Error> {
    let found_by = format!("PETSC_RS_PKG={package}");
    let flavour = Path::new("/usr/lib/petscdir").join(package);
    if flavour.is_dir() {
        return inspect(&flavour, None, &found_by);
    }
    let prefix = pkg_config(package)
        .map_err(|reason| Error::Header { path: PathBuf::from(package), reason })?;
    inspect(&prefix, None, &found_by)
}

pub(crate) fn pkg_config(package: &str) -> Result<PathBuf, String> {
    let output = Command::new("pkg-config")
        .args(["--variable=prefix", package])
        .output()
        .map_err(|e| format!("pkg-config could not be run ({e})"))?;
    let prefix = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && !prefix.is_empty() {
        Ok(PathBuf::from(prefix))
    } else {
        Err("no such package".into())
    }
}

fn pip_package() -> Result<PathBuf, String> {
    let output = Command::new("python3")
        .args(["-c", "import petsc; print(petsc.get_petsc_dir())"])
        .output()
        .map_err(|e| format!("python3 could not be run ({e})"))?;
    let prefix = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && !prefix.is_empty() {
        Ok(PathBuf::from(prefix))
    } else {
        Err("python3 has no module petsc".into())
    }
}

fn well_known() -> Vec<PathBuf> {
    let mut list = Vec::new();
    if let Some(conda) = variable("CONDA_PREFIX") {
        list.push(PathBuf::from(conda));
    }
    if let Ok(entries) = fs::read_dir("/usr/lib/petscdir") {
        let mut flavours: Vec<_> = entries.flatten().map(|e| e.path()).collect();
        // Real scalars with 32-bit indices first, even if other variants are installed.
        flavours.sort_by_key(|p| {
            let name = p.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name != "petsc-real", name)
        });
        list.extend(flavours);
    }
    list.extend(
        [
            "/opt/homebrew/opt/petsc",
            "/usr/local/opt/petsc",
            "/usr/local/petsc",
            "/usr/local",
            "/usr",
        ]
        .map(PathBuf::from),
    );
    list
}

/// Returns folder and linker name of the library, from the files that exist.
pub(crate) fn library(roots: &[PathBuf], base: &str) -> Result<(PathBuf, String), Error> {
    for dir in roots.iter().map(|r| r.join("lib")).filter(|d| d.is_dir()) {
        let mut names: Vec<String> = fs::read_dir(&dir)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|e| e.file_name().into_string().ok())
            .filter_map(|f| {
                let stem = f.strip_suffix(".so").or_else(|| f.strip_suffix(".dylib"));
                let name = stem.or_else(|| f.strip_suffix(".a"))?.strip_prefix("lib")?;
                let rest = name.strip_prefix(base)?;
                (rest.is_empty() || rest.starts_with('_') || rest.starts_with("64"))
                    .then(|| name.to_owned())
            })
            .collect();
        names.sort_by_key(|n| (n.len(), n.clone()));
        if let Some(name) = names.into_iter().next() {
            return Ok((dir, name));
        }
    }
    Err(Error::Header {
        path: roots.first().cloned().unwrap_or_default().join("lib"),
        reason: format!("no lib{base} in it"),
    })
}

fn bad_request(source_of: String, error: Error) -> Error {
    match error {
        Error::Header { path, reason } => Error::BadRequest {
            source_of,
            reason: format!("{}: {reason}", path.display()),
            fix:
                "Set PETSC_DIR to the folder that contains include/petsc.h and lib/libpetsc*.so (and \
                  PETSC_ARCH for a build in its source folder), or unset it to search."
                    .into(),
        },
        other => other,
    }
}

pub(crate) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|v| !v.is_empty())
}
