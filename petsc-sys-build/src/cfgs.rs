//! The table of cfgs, and their transfer to dependents in cargo's `links` metadata.

use std::collections::BTreeSet;
use std::env;

use crate::config::{Config, Mpi, Precision, ScalarKind, Version};
use crate::error::Error;

/// `PETSC_HAVE_*` names that Rust code in this workspace tests. They are declared to rustc even if
/// this PETSc does not define them, so that `unexpected_cfgs` remains useful.
const KNOWN_PACKAGES: &[&str] = &[
    "cgns",
    "elemental",
    "exodusii",
    "fftw",
    "hdf5",
    "hypre",
    "metis",
    "ml",
    "mpiuni",
    "mumps",
    "openmp",
    "parmetis",
    "pastix",
    "ptscotch",
    "scalapack",
    "slepc",
    "strumpack",
    "suitesparse",
    "superlu",
    "superlu_dist",
    "triangle",
    "ctetgen",
    "x",
    "yaml",
    "zlib",
];

impl Config {
    /// Returns all cfgs that describe this installation.
    #[must_use]
    pub fn cfgs(&self) -> Vec<String> {
        let mut cfgs = vec![
            format!("petsc_scalar=\"{}\"", self.scalar.as_str()),
            format!("petsc_int=\"i{}\"", self.int_bits),
            format!("petsc_precision=\"{}\"", self.precision.as_str()),
            format!("petsc_mpi=\"{}\"", self.mpi.as_str()),
        ];
        if self.debug {
            cfgs.push("petsc_debug".into());
        }
        let newest = self.version.minor.min(Version::NEWEST_TESTED.minor);
        for minor in Version::OLDEST.minor + 1..=newest {
            cfgs.push(format!("petsc_ge_3_{minor}"));
        }
        cfgs.extend(self.have.iter().map(|name| format!("petsc_have_{name}")));
        cfgs
    }

    /// Publishes the configuration for dependents, as `DEP_PETSC_*` (in general `DEP_<LINKS>_*`,
    /// with the `links` key of the crate whose build script calls this function). The configuration
    /// includes the list of cfgs that [`crate::emit`] emits.
    pub fn emit_metadata(&self) {
        let cfgs = self.cfgs();
        for (key, value) in [
            ("dir", self.prefix.display().to_string()),
            ("include", join(self.include_dirs.iter().map(|d| d.display().to_string()))),
            ("lib_dir", self.lib_dir.display().to_string()),
            ("lib_name", self.lib_name.clone()),
            ("version", self.version.to_string()),
            ("scalar", self.scalar.as_str().into()),
            ("precision", self.precision.as_str().into()),
            ("int_bits", self.int_bits.to_string()),
            ("debug", self.debug.to_string()),
            ("mpi", self.mpi.as_str().into()),
            ("have", join(self.have.iter().cloned())),
            ("cfgs", join(cfgs.iter().cloned())),
        ] {
            println!("cargo::metadata={key}={value}");
        }
    }
}

impl Config {
    /// Returns the configuration that `petsc-sys` published. For build scripts of crates that
    /// depend on `petsc-sys`.
    ///
    /// # Errors
    /// [`Error::NoMetadata`] if the crate does not depend on `petsc-sys` or `petsc-rs` directly.
    pub fn from_metadata() -> Result<Self, Error> {
        let get = |key: &str| metadata(key).ok_or(Error::NoMetadata);
        let list = |key: &str| -> Result<Vec<String>, Error> {
            let text = get(key)?;
            let items = text.split(',').filter(|item| !item.is_empty());
            Ok(items.map(str::to_owned).collect())
        };
        let version = get("VERSION")?;
        let mut numbers = version.split('.').map(|n| n.parse().unwrap_or(0));
        let mut number = || numbers.next().unwrap_or(0);
        Ok(Self {
            found_by: "petsc-sys".into(),
            prefix: get("DIR")?.into(),
            include_dirs: list("INCLUDE")?.into_iter().map(Into::into).collect(),
            lib_dir: get("LIB_DIR")?.into(),
            lib_name: get("LIB_NAME")?,
            version: Version { major: number(), minor: number(), subminor: number() },
            scalar: match get("SCALAR")?.as_str() {
                "complex" => ScalarKind::Complex,
                _ => ScalarKind::Real,
            },
            precision: match get("PRECISION")?.as_str() {
                "single" => Precision::Single,
                _ => Precision::Double,
            },
            int_bits: get("INT_BITS")?.parse().unwrap_or(32),
            debug: get("DEBUG")? == "true",
            mpi: match get("MPI")?.as_str() {
                "openmpi" => Mpi::OpenMpi,
                "mpich" => Mpi::Mpich,
                "mpiuni" => Mpi::MpiUni,
                _ => Mpi::Other,
            },
            have: list("HAVE")?.into_iter().collect(),
        })
    }
}

/// Emits cfgs for the crate being built.
pub fn emit(cfgs: &[String]) {
    let mut names: BTreeSet<String> =
        KNOWN_PACKAGES.iter().map(|p| format!("petsc_have_{p}")).collect();
    names.insert("petsc_debug".into());
    for minor in Version::OLDEST.minor + 1..=Version::NEWEST_TESTED.minor {
        names.insert(format!("petsc_ge_3_{minor}"));
    }
    for cfg in cfgs {
        println!("cargo::rustc-cfg={cfg}");
        if !cfg.contains('=') {
            names.insert(cfg.clone());
        }
    }
    println!("cargo::rustc-check-cfg=cfg({})", join(names.into_iter()).replace(',', ", "));
    for (name, values) in [
        ("petsc_scalar", r#""real", "complex""#),
        ("petsc_int", r#""i32", "i64""#),
        ("petsc_precision", r#""double", "single""#),
        ("petsc_mpi", r#""openmpi", "mpich", "mpiuni", "other""#),
    ] {
        println!("cargo::rustc-check-cfg=cfg({name}, values({values}))");
    }
}

/// See [`crate::emit`].
pub(crate) fn emit_from_metadata() -> Result<(), Error> {
    let cfgs = metadata("CFGS").ok_or(Error::NoMetadata)?;
    let cfgs: Vec<String> = cfgs.split(',').map(str::to_owned).collect();
    emit(&cfgs);
    // Pass the configuration on to the dependents of this crate, if it has a `links` key.
    for key in [
        "DIR",
        "INCLUDE",
        "LIB_DIR",
        "LIB_NAME",
        "VERSION",
        "SCALAR",
        "PRECISION",
        "INT_BITS",
        "DEBUG",
        "MPI",
        "HAVE",
        "CFGS",
    ] {
        if let (Some(value), true) = (metadata(key), env::var_os("CARGO_MANIFEST_LINKS").is_some())
        {
            println!("cargo::metadata={}={value}", key.to_lowercase());
        }
    }
    if let Some(dir) = metadata("LIB_DIR").filter(|d| !d.is_empty()) {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{dir}");
    }
    crate::slepc::emit_from_metadata();
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

fn metadata(key: &str) -> Option<String> {
    ["DEP_PETSC_", "DEP_PETSC_RS_", "DEP_SLEPC_RS_"]
        .iter()
        .find_map(|p| env::var(format!("{p}{key}")).ok())
}

fn join(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(",")
}
