//! The installations of PETSc and SLEPc on this machine.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use petsc_sys_build::header::Defines;
use petsc_sys_build::{Config, locate, mpi, vendored};

use super::{Finding, probe};

/// Packages that are listed: those that examples and options use.
const PACKAGES: &[&str] = &[
    "mumps",
    "hypre",
    "superlu_dist",
    "superlu",
    "ptscotch",
    "parmetis",
    "metis",
    "scalapack",
    "suitesparse",
    "hdf5",
    "fftw",
    "ml",
    "pastix",
    "strumpack",
    "cuda",
];

/// An installation of SLEPc.
#[derive(Debug)]
pub(super) struct Slepc {
    pub(super) prefix: PathBuf,
    pub(super) lib_dir: PathBuf,
    pub(super) lib_name: String,
    version: String,
}

/// Reports the PETSc that a build would use.
pub(super) fn located() -> Result<Config, Finding> {
    locate().map_err(|error| {
        // The first line describes the problem, and the last one its solution. The lines between
        // list the searched locations.
        let text = error.to_string();
        let (what, fix) = text.rsplit_once('\n').unwrap_or((&text, "cargo xtask setup"));
        Finding::bad(what.replace('\n', "\n       "), fix)
    })
}

/// Reports the PETSc in use, its MPI, and the results of the check programs.
pub(super) fn in_use() -> Vec<Finding> {
    let config = match located() {
        Ok(config) => config,
        Err(finding) => return vec![finding],
    };
    let mut findings = vec![
        Finding::good(format!("{}, found by {}", config.summary(), config.found_by)),
        packages(&config),
    ];
    if config.version.is_untested() {
        findings.push(Finding::note("this release is newer than the newest tested release"));
    }
    if let Err(error) = mpi::check(&config) {
        let text = error.to_string();
        let (what, fix) = text.split_once('\n').unwrap_or((&text, "cargo xtask setup"));
        findings.push(Finding::bad(what, fix.replace('\n', " ")));
        return findings;
    }
    let slepc = slepc_of(&config);
    if slepc.is_none() {
        findings.push(Finding::note("there is no SLEPc for this PETSc (only slepc-rs needs it)"));
    }
    match probe::petsc(&config, slepc.as_ref()) {
        Ok(lines) => findings.extend(judge(lines)),
        Err(reason) => findings.push(Finding::bad(reason, "cargo xtask setup")),
    }
    findings
}

/// Reports every line of the program, and whether all four ranks computed the correct sum.
fn judge(lines: Vec<String>) -> Vec<Finding> {
    let right = (0..4).all(|rank| lines.contains(&format!("Rank {rank} sum = 8.0")));
    let mut findings: Vec<_> = lines.into_iter().map(Finding::good).collect();
    if !right {
        findings.push(Finding::bad(
            "the sum of two ones on each of four ranks is not 8 on every rank",
            "use the mpiexec of the MPI that PETSc was built with",
        ));
    }
    findings
}

/// Reports all installations, used or not.
pub(super) fn all() -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for prefix in prefixes() {
        let real = fs::canonicalize(&prefix).unwrap_or_else(|_| prefix.clone());
        if !seen.insert(real) {
            continue;
        }
        let Ok(config) = locate::inspect(&prefix, None, "search") else {
            continue;
        };
        let slepc = slepc_of(&config).map_or_else(String::new, |s| {
            format!("; SLEPc {} in {}", s.version, s.prefix.display())
        });
        findings.push(Finding::good(format!("{}{slepc}", config.summary())));
    }
    if findings.is_empty() {
        findings.push(Finding::note("no installation in the usual directories"));
    }
    findings
}

fn prefixes() -> Vec<PathBuf> {
    let mut list: Vec<PathBuf> = locate().into_iter().map(|c| c.prefix).collect();
    let mut folders = vec![PathBuf::from("/usr/lib/petscdir")];
    folders.extend(vendored::cache_dir());
    for folder in folders {
        let mut found: Vec<_> =
            fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
        found.retain(|p| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with("petsc")));
        found.sort();
        list.extend(found);
    }
    list
}

fn packages(config: &Config) -> Finding {
    let (with, without): (Vec<&str>, Vec<&str>) =
        PACKAGES.iter().partition(|p| config.have.contains(**p));
    let with = if with.is_empty() { "none".to_owned() } else { with.join(" ") };
    Finding::good(format!("packages: {with} (without {})", without.join(" ")))
}

/// Returns the SLEPc for this PETSc: `SLEPC_DIR`, Debian's directory of the same variant, or one in
/// PETSc's directory.
fn slepc_of(config: &Config) -> Option<Slepc> {
    let named = env::var_os("SLEPC_DIR").filter(|v| !v.is_empty()).map(PathBuf::from);
    // Examples: /usr/lib/petscdir/petsc-real and /usr/lib/slepcdir/slepc-real. Names in the cache
    // are similar.
    let prefix = config.prefix.to_string_lossy();
    let everywhere = PathBuf::from(prefix.replace("petsc", "slepc"));
    let last = prefix.rfind("/petsc").map(|at| {
        let (folder, name) = prefix.split_at(at);
        PathBuf::from(format!("{folder}{}", name.replacen("petsc", "slepc", 1)))
    });
    named
        .into_iter()
        .chain([everywhere])
        .chain(last)
        .chain([config.prefix.clone()])
        .find_map(|prefix| slepc_in(&prefix, config))
}

fn slepc_in(prefix: &Path, config: &Config) -> Option<Slepc> {
    let defines = Defines::read(&prefix.join("include/slepcversion.h")).ok()?;
    let part = |name: &str| Some(defines.get(name)?.split_whitespace().next()?.to_owned());
    let (major, minor) = (part("SLEPC_VERSION_MAJOR")?, part("SLEPC_VERSION_MINOR")?);
    let version = format!("{major}.{minor}.{}", part("SLEPC_VERSION_SUBMINOR")?);
    // The release numbers of SLEPc are those of PETSc: another minor number belongs to another
    // PETSc.
    if format!("{major}.{minor}") != format!("{}.{}", config.version.major, config.version.minor) {
        return None;
    }
    let lib_dir = prefix.join("lib");
    let lib_name = config.lib_name.replacen("petsc", "slepc", 1);
    let exists = ["so", "dylib", "a"]
        .iter()
        .any(|ending| lib_dir.join(format!("lib{lib_name}.{ending}")).is_file());
    exists.then(|| Slepc { prefix: prefix.into(), lib_dir, lib_name, version })
}
