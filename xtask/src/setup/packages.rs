//! Package managers: the required packages, the missing ones, and the command that installs them.

use std::process::Command;

use super::From;
use crate::builds::Build;
use crate::run;

/// A package manager of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manager {
    Apt,
    Dnf,
    Brew,
}

impl Manager {
    /// Returns the requested package manager, or the first one of this machine.
    pub(super) fn of(from: Option<From>) -> Option<Self> {
        match from {
            Some(From::Apt) => Some(Self::Apt),
            Some(From::Dnf) => Some(Self::Dnf),
            Some(From::Brew) => Some(Self::Brew),
            Some(From::Source) => None,
            None => {
                [Self::Apt, Self::Dnf, Self::Brew].into_iter().find(|m| run::in_path(m.program()))
            }
        }
    }

    fn program(self) -> &'static str {
        match self {
            Self::Apt => "apt-get",
            Self::Dnf => "dnf",
            Self::Brew => "brew",
        }
    }

    /// Returns the packages for building the workspace with one PETSc, or with `builds`.
    pub(super) fn wanted(self, builds: Option<&[Build]>) -> Vec<String> {
        let mut list: Vec<&str> = match self {
            Self::Apt => vec![
                "gcc",
                "libc6-dev",
                "make",
                "pkg-config",
                "libclang-dev",
                "mpi-default-dev",
                "mpi-default-bin",
            ],
            Self::Dnf => vec![
                "gcc",
                "make",
                "pkgconf-pkg-config",
                "clang-devel",
                "openmpi-devel",
                "openblas-devel",
                "python3",
                "tar",
            ],
            Self::Brew => vec!["open-mpi", "llvm", "pkg-config"],
        };
        match (self, builds) {
            (Self::Apt, None) => list.extend(["petsc-dev", "slepc-dev"]),
            (Self::Apt, Some(builds)) => {
                list.extend(builds.iter().flat_map(|b| b.debian_packages()));
                if builds.contains(&Build::Newest) {
                    list.extend(["python3", "python3-venv", "libopenblas-dev", "tar"]);
                }
            }
            (Self::Brew, None) => list.extend(["petsc", "slepc"]),
            (Self::Brew, Some(_)) => list.push("openblas"),
            (Self::Dnf, _) => {}
        }
        list.into_iter().map(str::to_owned).collect()
    }

    /// Installs the missing packages of `packages`. If PETSc comes from apt, the sources of the
    /// tutorials of PETSc and SLEPc are installed too. The names of their packages contain the
    /// release.
    pub(super) fn install(self, packages: &[String]) -> Result<(), String> {
        let mut missing: Vec<String> = packages.iter().filter(|p| !self.has(p)).cloned().collect();
        let wants_tutorials =
            self == Self::Apt && packages.iter().any(|p| p.starts_with("libpetsc"));
        if missing.is_empty() && (!wants_tutorials || has_tutorials()) {
            println!("All packages are installed: {}", packages.join(" "));
            return Ok(());
        }
        println!(
            "Missing packages, to be installed with {}: {}",
            self.program(),
            missing.join(" ")
        );
        match self {
            Self::Apt => {
                run::loud(&mut as_root(&["apt-get", "update"]))?;
                if wants_tutorials && !has_tutorials() {
                    missing.extend(tutorials());
                }
                let mut install = vec!["apt-get", "install", "-y", "--no-install-recommends"];
                install.extend(missing.iter().map(String::as_str));
                run::loud(&mut as_root(&install))
            }
            Self::Dnf => {
                let mut install = vec!["dnf", "install", "-y"];
                install.extend(missing.iter().map(String::as_str));
                run::loud(&mut as_root(&install))?;
                if run::in_path("mpicc") {
                    return Ok(());
                }
                Err("Open MPI is installed, but not in PATH.\nRun `module load \
                     mpi/openmpi-$(uname -m)`, then `cargo xtask setup` again."
                    .into())
            }
            Self::Brew => run::loud(Command::new("brew").arg("install").args(&missing)),
        }
    }

    fn has(self, package: &str) -> bool {
        match self {
            Self::Apt => run::output(Command::new("dpkg-query").args([
                "--show",
                "--showformat=${db:Status-Status}",
                package,
            ]))
            .is_ok_and(|status| status == "installed"),
            Self::Dnf => run::output(Command::new("rpm").args(["-q", package])).is_ok(),
            Self::Brew => run::output(Command::new("brew").args(["list", package])).is_ok(),
        }
    }
}

/// Returns the apt packages with the tutorials of the available releases of PETSc and SLEPc.
fn tutorials() -> Vec<String> {
    ["petsc", "slepc"].into_iter().filter_map(newest).collect()
}

fn newest(library: &str) -> Option<String> {
    let name = format!("^lib{library}[0-9.]+-dev-examples$");
    let list = run::output(Command::new("apt-cache").args(["search", "--names-only", &name]));
    let list = list.ok()?;
    list.lines().filter_map(|l| l.split_whitespace().next()).max().map(str::to_owned)
}

fn has_tutorials() -> bool {
    let examples = [("petsc", "ksp/ksp/tutorials/ex2.c"), ("slepc", "eps/tutorials/ex2.c")];
    examples.into_iter().all(|(library, source)| {
        std::fs::read_dir(format!("/usr/share/{library}")).into_iter().flatten().flatten().any(
            |release| {
                let examples = release.path().join("share").join(library);
                examples.join("examples/src").join(source).is_file()
            },
        )
    })
}

/// Returns a command that runs as root, with sudo if necessary. Only sudo itself may ask for a
/// password.
fn as_root(line: &[&str]) -> Command {
    let is_root = run::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let settings = "DEBIAN_FRONTEND=noninteractive";
    let mut command = Command::new(if is_root { "env" } else { "sudo" });
    if !is_root {
        command.arg("env");
    }
    command.arg(settings).args(line);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_builds_need_the_tools_for_a_build_from_source() {
        let list = Manager::Apt.wanted(Some(&Build::ALL));
        for library in ["libpetsc", "libslepc"] {
            assert_eq!(list.iter().filter(|p| p.starts_with(library)).count(), 4);
        }
        assert!(list.iter().any(|p| p == "python3-venv"));
        assert!(!list.iter().any(|p| p == "petsc-dev"));
        let real = Manager::Apt.wanted(Some(&[Build::Real]));
        assert!(!real.iter().any(|p| p == "python3-venv"));
    }
}
