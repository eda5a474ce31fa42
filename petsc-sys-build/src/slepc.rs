//! Search for a SLEPc that was built with the PETSc in use.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::config::{Config, Version};
use crate::error::Error;
use crate::header::{self, Defines};
use crate::locate::{library, pkg_config, variable};

/// Environment variables that affect [`locate`].
pub const VARIABLES: &[&str] = &["SLEPC_DIR", "SLEPC_ARCH", "PKG_CONFIG_PATH", "VIRTUAL_ENV"];

/// A SLEPc installation.
#[derive(Clone, Debug)]
pub struct Slepc {
    /// How the installation was found, for messages.
    pub found_by: String,
    /// `SLEPC_DIR`
    pub prefix: PathBuf,
    /// Folders with `slepc.h` and `slepcconf.h`.
    pub include_dirs: Vec<PathBuf>,
    /// Folder of the library.
    pub lib_dir: PathBuf,
    /// Name of the library for the linker, without `lib`: `slepc`, `slepc64_complex`, …
    pub lib_name: String,
    /// Release. Its major and minor numbers equal those of PETSc.
    pub version: Version,
}

impl Slepc {
    /// Returns a one-line summary: version and location.
    #[must_use]
    pub fn summary(&self) -> String {
        format!("SLEPc {} in {}", self.version, self.prefix.display())
    }
}

/// Finds the SLEPc that was built with `petsc`. The locations are searched in this order:
/// `SLEPC_DIR` (with `SLEPC_ARCH`, or otherwise the arch of PETSc), the folder of PETSc
/// (`--download-slepc`, conda), pkg-config, the pip package, well-known prefixes. A location that
/// the user sets must be valid; the others are tried in turn, and skipped if they belong to another
/// PETSc.
///
/// # Errors
/// [`Error::NoSlepc`] with the list of reasons, [`Error::BadSlepc`] if `SLEPC_DIR` does not contain
/// a SLEPc of this PETSc.
pub fn locate(petsc: &Config) -> Result<Slepc, Error> {
    if let Some(dir) = variable("SLEPC_DIR") {
        let arch = variable("SLEPC_ARCH").or_else(|| petsc_arch(petsc));
        return inspect(Path::new(&dir), arch.as_deref(), petsc, "SLEPC_DIR")
            .map_err(|reason| Error::BadSlepc { dir, reason });
    }
    let mut tried = vec!["SLEPC_DIR: not set".to_owned()];
    for (name, prefix) in candidates(petsc) {
        match prefix.and_then(|p| inspect(&p, petsc_arch(petsc).as_deref(), petsc, &name)) {
            Ok(slepc) => return Ok(slepc),
            Err(reason) => tried.push(format!("{name}: {reason}")),
        }
    }
    Err(Error::NoSlepc { petsc: petsc.summary(), tried })
}

/// Returns `PETSC_ARCH` of a PETSc in its source folder.
fn petsc_arch(petsc: &Config) -> Option<String> {
    let first = petsc.include_dirs.first()?.parent()?;
    let arch = first.strip_prefix(&petsc.prefix).ok()?;
    let arch = arch.to_str()?;
    (!arch.is_empty()).then(|| arch.to_owned())
}

fn candidates(petsc: &Config) -> Vec<(String, Result<PathBuf, String>)> {
    let mut list = vec![("PETSc's own folder".to_owned(), Ok(petsc.prefix.clone()))];
    for package in ["SLEPc", "slepc"] {
        list.push((format!("pkg-config {package}"), pkg_config(package)));
    }
    list.push(("pip package `slepc`".into(), pip_package()));
    for prefix in well_known(petsc) {
        list.push((prefix.display().to_string(), Ok(prefix)));
    }
    list
}

fn pip_package() -> Result<PathBuf, String> {
    let output = Command::new("python3")
        .args(["-c", "import slepc; print(slepc.get_slepc_dir())"])
        .output()
        .map_err(|e| format!("python3 could not be run ({e})"))?;
    let prefix = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && !prefix.is_empty() {
        Ok(PathBuf::from(prefix))
    } else {
        Err("python3 has no module slepc".into())
    }
}

fn well_known(petsc: &Config) -> Vec<PathBuf> {
    let mut list = Vec::new();
    // A build of petsc-rs is in the folder next to that of PETSc, with a corresponding name.
    let name = petsc.prefix.file_name().and_then(|n| n.to_str());
    if let Some(rest) = name.and_then(|n| n.strip_prefix("petsc-")) {
        list.push(petsc.prefix.with_file_name(format!("slepc-{rest}")));
    }
    let mut debian: Vec<PathBuf> = fs::read_dir("/usr/lib/slepcdir")
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .collect();
    debian.sort();
    list.extend(debian);
    list.extend(
        [
            "/opt/homebrew/opt/slepc",
            "/usr/local/opt/slepc",
            "/usr/local/slepc",
            "/usr/local",
            "/usr",
        ]
        .map(PathBuf::from),
    );
    list.retain(|prefix| prefix.join("include/slepc.h").is_file());
    list
}

/// Reads the installation in `prefix`, or returns the reason why it cannot be used with `petsc`.
fn inspect(
    prefix: &Path,
    arch: Option<&str>,
    petsc: &Config,
    found_by: &str,
) -> Result<Slepc, String> {
    let mut roots = vec![prefix.to_owned()];
    if let Some(arch) = arch.filter(|a| !a.is_empty()) {
        roots.insert(0, prefix.join(arch));
    }
    let include_dirs: Vec<_> =
        roots.iter().map(|r| r.join("include")).filter(|d| d.is_dir()).collect();
    let missing = |name: &str| format!("{} has no {name}", prefix.join("include").display());
    header::find("slepc.h", &include_dirs).map_err(|_| missing("slepc.h"))?;
    let path =
        header::find("slepcversion.h", &include_dirs).map_err(|_| missing("slepcversion.h"))?;
    let version =
        header::read_version(&Defines::read(&path).map_err(|e| e.to_string())?, &path, "SLEPC")
            .map_err(|e| e.to_string())?;
    if (version.major, version.minor) != (petsc.version.major, petsc.version.minor) {
        return Err(format!(
            "SLEPc {version} is not of the same release as PETSc {}",
            petsc.version
        ));
    }
    let path = header::find("slepcconf.h", &include_dirs).map_err(|_| missing("slepcconf.h"))?;
    let conf = Defines::read(&path).map_err(|e| e.to_string())?;
    belongs_to(&conf, prefix, petsc)?;
    let (lib_dir, lib_name) = library(&roots, "slepc").map_err(|e| e.to_string())?;
    Ok(Slepc {
        found_by: found_by.into(),
        prefix: prefix.into(),
        include_dirs,
        lib_dir,
        lib_name,
        version,
    })
}

/// `slepcconf.h` contains the path of the PETSc that SLEPc was built with. If the path does not
/// exist on this machine (the installation was moved), a SLEPc in the folder of PETSc is accepted.
fn belongs_to(conf: &Defines, prefix: &Path, petsc: &Config) -> Result<(), String> {
    let text = |name: &str| conf.get(name).unwrap_or("").trim_matches('"').to_owned();
    let (dir, arch) = (text("SLEPC_PETSC_DIR"), text("SLEPC_PETSC_ARCH"));
    let same = |a: &Path, b: &Path| match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    };
    let ours = petsc_arch(petsc).unwrap_or_default();
    if same(Path::new(&dir), &petsc.prefix) && (arch.is_empty() || arch == ours) {
        return Ok(());
    }
    if !Path::new(&dir).exists() && same(prefix, &petsc.prefix) {
        return Ok(());
    }
    let between = if arch.is_empty() { "" } else { " with PETSC_ARCH=" };
    Err(format!("it was built with the PETSc in {dir}{between}{arch}"))
}

/// Publishes the configuration of `slepc-sys`, for [`crate::emit`].
pub fn emit_metadata(slepc: &Slepc) {
    for (key, value) in [
        ("slepc_dir", slepc.prefix.display().to_string()),
        ("slepc_lib_dir", slepc.lib_dir.display().to_string()),
        ("slepc_version", slepc.version.to_string()),
    ] {
        println!("cargo::metadata={key}={value}");
    }
}

/// Passes on what [`emit_metadata`] published, with the run-time library path.
pub(crate) fn emit_from_metadata() {
    for key in ["SLEPC_DIR", "SLEPC_LIB_DIR", "SLEPC_VERSION"] {
        let value =
            ["DEP_SLEPC_", "DEP_SLEPC_RS_"].iter().find_map(|p| env::var(format!("{p}{key}")).ok());
        let Some(value) = value.filter(|v| !v.is_empty()) else {
            continue;
        };
        if env::var_os("CARGO_MANIFEST_LINKS").is_some() {
            println!("cargo::metadata={}={value}", key.to_lowercase());
        }
        if key == "SLEPC_LIB_DIR" {
            println!("cargo::rustc-link-arg=-Wl,-rpath,{value}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Creates a SLEPc of `version` whose headers name the PETSc in `petsc`.
    fn install(prefix: &Path, version: [u32; 2], petsc: &Path) {
        let include = prefix.join("include");
        fs::create_dir_all(&include).unwrap();
        fs::create_dir_all(prefix.join("lib")).unwrap();
        fs::write(prefix.join("lib/libslepc_real.so"), "").unwrap();
        fs::write(include.join("slepc.h"), "").unwrap();
        let [major, minor] = version;
        let text = format!(
            "#define SLEPC_VERSION_MAJOR {major}\n#define SLEPC_VERSION_MINOR {minor}\n\
             #define SLEPC_VERSION_SUBMINOR 2\n"
        );
        fs::write(include.join("slepcversion.h"), text).unwrap();
        let text = format!("#define SLEPC_PETSC_DIR \"{}\"\n", petsc.display());
        fs::write(include.join("slepcconf.h"), text).unwrap();
    }

    #[test]
    fn slepc_must_belong_to_the_petsc_in_use() {
        let root = env::temp_dir().join(format!("petsc-rs-slepc-{}", std::process::id()));
        let (prefix, ours, other) = (root.join("slepc"), root.join("ours"), root.join("other"));
        for dir in [&ours, &other] {
            fs::create_dir_all(dir).unwrap();
        }
        let petsc = Config {
            prefix: ours.clone(),
            include_dirs: vec![ours.join("include")],
            ..Config::for_docs()
        };
        let look = || inspect(&prefix, None, &petsc, "test");
        assert!(look().unwrap_err().contains("no slepc.h"));
        install(&prefix, [3, 18], &ours);
        let found = look().unwrap();
        assert_eq!(found.lib_name, "slepc_real");
        assert_eq!(found.version.to_string(), "3.18.2");
        install(&prefix, [3, 18], &other);
        let reason = look().unwrap_err();
        assert!(reason.contains("built with the PETSc in") && reason.contains("other"));
        install(&prefix, [3, 19], &ours);
        assert!(look().unwrap_err().contains("not of the same release"));
        fs::remove_dir_all(&root).unwrap();
    }
}
