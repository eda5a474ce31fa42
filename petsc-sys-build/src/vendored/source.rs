//! The source of a package: the package index, an archive or a folder.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::failure::{Error, Step};
use super::{Package, Progress, VERSION, process};
use crate::header::Defines;

/// The source of a package.
#[derive(Debug)]
pub(super) enum Source {
    /// The Python package index, with pip.
    Index,
    /// A compressed tar file.
    Archive(PathBuf),
    /// An unpacked source folder.
    Folder(PathBuf),
}

impl Source {
    /// Returns the path in `PETSC_SRC` (`SLEPC_SRC`), otherwise the package index.
    pub(super) fn of(package: Package) -> Result<Self, Error> {
        let Some(path) = env::var_os(package.source_variable()).filter(|v| !v.is_empty()) else {
            return Ok(Self::Index);
        };
        let path = PathBuf::from(path);
        if path.is_dir() {
            Ok(Self::Folder(path))
        } else if path.is_file() {
            Ok(Self::Archive(path))
        } else {
            Err(wrong(package, &path, "no such file or folder"))
        }
    }

    /// Returns the release of this source.
    pub(super) fn version(&self, package: Package) -> Result<String, Error> {
        match self {
            Self::Index => Ok(VERSION.to_owned()),
            Self::Folder(path) => {
                let header = path.join(package.version_header());
                let text = fs::read_to_string(&header).map_err(|error| {
                    wrong(package, path, &format!("{}: {error}", header.display()))
                })?;
                version_in(package, &text)
                    .ok_or_else(|| wrong(package, path, "no version in its header"))
            }
            Self::Archive(path) => {
                let no_header = || wrong(package, path, "no version header in this archive");
                let ending = format!("/{}", package.version_header());
                let names = tar(&["-tf".as_ref(), path.as_ref()])
                    .map_err(|reason| wrong(package, path, &reason))?;
                let member = names
                    .lines()
                    .find(|n| n.strip_suffix(&ending).is_some_and(|root| !root.contains('/')))
                    .ok_or_else(no_header)?;
                let text = tar(&["-xOf".as_ref(), path.as_ref(), member.as_ref()])
                    .map_err(|reason| wrong(package, path, &reason))?;
                version_in(package, &text).ok_or_else(no_header)
            }
        }
    }

    /// Unpacks the source below `scratch` and returns its root.
    pub(super) fn unpack(
        &self,
        package: Package,
        version: &str,
        scratch: &Path,
        logs: &Path,
        report: &mut dyn FnMut(Progress),
    ) -> Result<PathBuf, Error> {
        let target = scratch.join("source");
        fs::create_dir_all(&target).map_err(|e| cannot_write(&target, &e))?;
        match self {
            Self::Folder(path) => {
                let what = format!("copying {}", path.display());
                report(Progress::Fetching { what, elapsed: std::time::Duration::ZERO });
                copy(path, &target)?;
                Ok(target)
            }
            Self::Archive(path) => extract(path, &target, logs, report),
            Self::Index => {
                let archive = download(package, version, scratch, logs, report)?;
                extract(&archive, &target, logs, report)
            }
        }
    }
}

/// Downloads the source archive with pip in a separate virtual environment, because Python's
/// packaging tools are needed to read name and version of the package.
fn download(
    package: Package,
    version: &str,
    scratch: &Path,
    logs: &Path,
    report: &mut dyn FnMut(Progress),
) -> Result<PathBuf, Error> {
    let (venv, folder) = (scratch.join("venv"), scratch.join("download"));
    let python = venv.join("bin/python");
    let requirement = format!("{}=={version}", package.name());
    let begin = Instant::now();
    let what = format!("downloading {requirement} from the Python package index");
    report(Progress::Fetching { what: what.clone(), elapsed: begin.elapsed() });
    let mut create = Command::new("python3");
    create.args(["-m", "venv"]).arg(&venv);
    let mut tools = Command::new(&python);
    tools.args(["-m", "pip", "install", "--quiet", "setuptools", "wheel"]);
    let mut fetch = Command::new(&python);
    fetch
        .args(["-m", "pip", "download", "--no-deps", "--no-binary", ":all:"])
        .args(["--no-build-isolation", "--dest"])
        .arg(&folder)
        .arg(&requirement);
    for (name, command) in [("venv", &mut create), ("pip", &mut tools), ("fetch", &mut fetch)] {
        // Only use the modules of the virtual environment.
        command.env_remove("PYTHONPATH").env_remove("PYTHONHOME");
        let log = logs.join(format!("{name}.log"));
        process::run(Step::Fetch, command, &log, &mut |line| {
            if line.is_none() {
                report(Progress::Fetching { what: what.clone(), elapsed: begin.elapsed() });
            }
        })?;
    }
    only_entry(&folder).ok_or_else(|| {
        Step::Fetch.failed("error: pip downloaded no source archive", &logs.join("fetch.log"))
    })
}

fn extract(
    archive: &Path,
    target: &Path,
    logs: &Path,
    report: &mut dyn FnMut(Progress),
) -> Result<PathBuf, Error> {
    let begin = Instant::now();
    let what = format!("unpacking {}", archive.file_name().unwrap_or_default().to_string_lossy());
    report(Progress::Fetching { what: what.clone(), elapsed: begin.elapsed() });
    let log = logs.join("unpack.log");
    let mut command = Command::new("tar");
    command.arg("-xf").arg(archive).arg("--no-same-owner").arg("-C").arg(target);
    process::run(Step::Unpack, &mut command, &log, &mut |line| {
        if line.is_none() {
            report(Progress::Fetching { what: what.clone(), elapsed: begin.elapsed() });
        }
    })?;
    only_entry(target).ok_or_else(|| {
        Step::Unpack.failed("error: the archive does not have a single root folder", &log)
    })
}

/// Copies a source folder without its history and without builds inside it.
fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    fs::create_dir_all(to).map_err(|e| cannot_write(to, &e))?;
    for entry in fs::read_dir(from).map_err(|e| cannot_write(from, &e))? {
        let entry = entry.map_err(|e| cannot_write(from, &e))?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(|e| cannot_write(from, &e))?);
        let target = to.join(entry.file_name());
        let is_build = path.join("lib/petsc/conf/petscvariables").exists();
        if entry.file_name() == ".git" || is_build {
            continue;
        }
        if kind.is_dir() {
            copy(&path, &target)?;
        } else if path.is_file() {
            // Follows symbolic links; links without a target (logs of a build) are skipped.
            fs::copy(&path, &target).map_err(|e| cannot_write(&target, &e))?;
        }
    }
    Ok(())
}

fn only_entry(folder: &Path) -> Option<PathBuf> {
    let mut entries = fs::read_dir(folder).ok()?.flatten();
    let first = entries.next()?.path();
    entries.next().is_none().then_some(first)
}

/// Returns `major.minor.subminor` from a version header.
fn version_in(package: Package, text: &str) -> Option<String> {
    let defines = Defines::parse(text);
    let number = |part: &str| {
        let value = defines.get(&package.version_macro(part))?;
        value.split_whitespace().next()?.parse::<u32>().ok()
    };
    Some(format!("{}.{}.{}", number("MAJOR")?, number("MINOR")?, number("SUBMINOR")?))
}

fn tar(args: &[&std::ffi::OsStr]) -> Result<String, String> {
    let output = Command::new("tar")
        .args(args)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("tar could not be run ({error})"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let stderr = String::from_utf8_lossy(&output.stderr);
        Err(stderr.lines().next().unwrap_or("tar cannot read it").to_owned())
    }
}

fn wrong(package: Package, path: &Path, reason: &str) -> Error {
    Error::Source { variable: package.source_variable(), path: path.into(), reason: reason.into() }
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Error {
    Error::Write { path: path.into(), reason: error.to_string() }
}
