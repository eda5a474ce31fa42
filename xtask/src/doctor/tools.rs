//! Compilers, libclang, MPI.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use petsc_sys_build::{Mpi, mpi};

use super::{Finding, probe};
use crate::run;

const SETUP: &str = "cargo xtask setup";

/// Checks rustc, the C compiler, make and libclang.
pub(super) fn look() -> Vec<Finding> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut findings = vec![
        version(Command::new(rustc).arg("--version"), "install Rust 1.85 or newer"),
        version(Command::new("cc").arg("--version"), SETUP),
    ];
    findings.push(match libclang() {
        Some(path) => Finding::good(format!("libclang: {}", path.display())),
        None => Finding::bad(
            "libclang was not found; bindgen needs it to read petsc.h",
            format!("{SETUP} (or `apt install libclang-dev`), or set LIBCLANG_PATH"),
        ),
    });
    findings
}

/// Checks `mpicc` and `mpiexec`, and whether both belong to the same MPI.
pub(super) fn look_at_mpi() -> Vec<Finding> {
    let mpicc = mpi::mpicc();
    let compiler = mpi::flavour(&mpicc);
    let launcher = launcher();
    let mut findings = vec![
        match &compiler {
            Ok(found) => Finding::good(format!("{mpicc}: {found}")),
            Err(error) => Finding::bad(first_line(&error.to_string()), SETUP),
        },
        match &launcher {
            Ok((found, line)) => Finding::good(format!("mpiexec: {found} ({line})")),
            Err(error) => Finding::bad(error.clone(), SETUP),
        },
    ];
    let (Ok(compiler), Ok((launcher, _))) = (compiler, launcher) else {
        return findings;
    };
    if compiler != launcher {
        findings.push(Finding::bad(
            format!("mpiexec belongs to {launcher}, but {mpicc} belongs to {compiler}: each process would have rank 0 of 1"),
            format!("put the mpiexec of {compiler} first in PATH, or set MPIEXEC and MPICC"),
        ));
        return findings;
    }
    findings.push(match probe::hello(2) {
        Ok(lines) if hello_is_right(&lines, 2) => {
            Finding::good(format!("mpiexec -n 2: {}", lines.join(", ")))
        }
        Ok(lines) => Finding::bad(
            format!("mpiexec -n 2 did not start two ranks of one job: {}", lines.join(", ")),
            "use the mpiexec of the MPI that mpicc belongs to",
        ),
        Err(reason) => Finding::bad(reason, SETUP),
    });
    findings
}

fn hello_is_right(lines: &[String], ranks: usize) -> bool {
    let expected: Vec<_> =
        (0..ranks).map(|rank| format!("Hello from rank {rank} / {ranks}")).collect();
    lines == expected
}

fn version(command: &mut Command, fix: &str) -> Finding {
    match run::output(command) {
        Ok(text) => Finding::good(first_line(&text)),
        Err(error) => Finding::bad(error, fix),
    }
}

/// Returns the MPI implementation of `mpiexec`, and the line of its output that names it.
fn launcher() -> Result<(Mpi, String), String> {
    let mut command = run::mpiexec_program();
    let text = run::output(command.arg("--version"))?;
    let line = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default().trim().to_owned();
    Ok((launcher_of(&text), line))
}

fn launcher_of(version: &str) -> Mpi {
    let is_any = |names: &[&str]| names.iter().any(|n| version.contains(n));
    if is_any(&["Open MPI", "OpenRTE", "PRRTE", "prterun"]) {
        Mpi::OpenMpi
    } else if is_any(&["HYDRA", "MPICH", "Intel(R) MPI", "MVAPICH"]) {
        Mpi::Mpich
    } else {
        Mpi::Other
    }
}

/// Returns the library that bindgen would load.
fn libclang() -> Option<PathBuf> {
    let mut dirs: Vec<PathBuf> =
        env::var_os("LIBCLANG_PATH").map(PathBuf::from).into_iter().collect();
    if let Ok(dir) = run::output(Command::new("llvm-config").arg("--libdir")) {
        dirs.push(dir.trim().into());
    }
    // Debian has one directory for each LLVM release; the newest comes first.
    let mut llvms: Vec<_> = entries(Path::new("/usr/lib"))
        .filter(|p| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with("llvm")))
        .map(|p| p.join("lib"))
        .collect();
    llvms.sort();
    dirs.extend(llvms.into_iter().rev());
    dirs.extend(
        [
            "/usr/lib64",
            "/usr/lib",
            "/usr/local/lib",
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu",
            "/opt/homebrew/opt/llvm/lib",
            "/usr/local/opt/llvm/lib",
            "/Library/Developer/CommandLineTools/usr/lib",
        ]
        .map(PathBuf::from),
    );
    dirs.into_iter().find_map(|dir| {
        if dir.is_file() {
            return Some(dir);
        }
        entries(&dir).find(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            (name.starts_with("libclang.so")
                || name.starts_with("libclang-") && name.contains(".so"))
                || name == "libclang.dylib"
        })
    })
}

fn entries(dir: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path())
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn launchers_are_told_apart() {
        assert_eq!(launcher_of("mpiexec (OpenRTE) 4.1.4\n"), Mpi::OpenMpi);
        assert_eq!(launcher_of("mpiexec (Open MPI) 5.0.3\n"), Mpi::OpenMpi);
        assert_eq!(launcher_of("HYDRA build details:\n    Version: 4.0.2\n"), Mpi::Mpich);
        assert_eq!(launcher_of("Intel(R) MPI Library for Linux* OS\n"), Mpi::Mpich);
        assert_eq!(launcher_of("srun 23.02\n"), Mpi::Other);
    }

    #[test]
    fn two_singletons_are_not_a_job_of_two() {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        assert!(hello_is_right(&lines("Hello from rank 0 / 2\nHello from rank 1 / 2"), 2));
        assert!(!hello_is_right(&lines("Hello from rank 0 / 1\nHello from rank 0 / 1"), 2));
    }
}
