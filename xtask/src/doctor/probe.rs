//! Small C programs that check MPI, PETSc and SLEPc without Rust.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use petsc_sys_build::{Config, mpi};

use super::petscs::Slepc;
use crate::run;

/// The time limit of a program.
const LIMIT: Duration = Duration::from_secs(60);

/// Returns the sorted output of the ranks of a minimal MPI program.
pub(super) fn hello(ranks: usize) -> Result<Vec<String>, String> {
    let folder = Folder::new("hello")?;
    let program = folder.compile("hello", include_str!("hello.c"), &[])?;
    launch(&program, ranks)
}

/// Returns the sorted output of a program with this PETSc (and its SLEPc) on four ranks.
pub(super) fn petsc(config: &Config, slepc: Option<&Slepc>) -> Result<Vec<String>, String> {
    let folder = Folder::new("petsc")?;
    let mut flags: Vec<String> =
        config.include_dirs.iter().map(|d| format!("-I{}", d.display())).collect();
    let mut library = |dir: &Path, name: &str| {
        flags.push(format!("-L{}", dir.display()));
        flags.push(format!("-Wl,-rpath,{}", dir.display()));
        flags.push(format!("-l{name}"));
    };
    if let Some(slepc) = slepc {
        library(&slepc.lib_dir, &slepc.lib_name);
    }
    library(&config.lib_dir, &config.lib_name);
    if let Some(slepc) = slepc {
        flags.push(format!("-I{}", slepc.prefix.join("include").display()));
        flags.push("-DWITH_SLEPC".into());
    }
    flags.push("-lm".into());
    let program = folder.compile("petsc", include_str!("petsc.c"), &flags)?;
    launch(&program, 4)
}

/// A directory for one program, which is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Result<Self, String> {
        let dir = env::temp_dir().join(format!("petsc-rs-doctor-{name}-{}", std::process::id()));
        fs::create_dir_all(&dir).map_err(|e| format!("cannot create {}: {e}", dir.display()))?;
        Ok(Self(dir))
    }

    fn compile(&self, name: &str, text: &str, flags: &[String]) -> Result<PathBuf, String> {
        let (source, program) = (self.0.join(format!("{name}.c")), self.0.join(name));
        fs::write(&source, text).map_err(|e| format!("cannot write {}: {e}", source.display()))?;
        let mut command = Command::new(mpi::mpicc());
        command.arg(&source).arg("-o").arg(&program).args(flags);
        run::output(&mut command)?;
        Ok(program)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // An error is ignored, because a remaining temporary directory does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs a program on several ranks with a time limit.
fn launch(program: &Path, ranks: usize) -> Result<Vec<String>, String> {
    let (output, messages) = (program.with_extension("out"), program.with_extension("err"));
    let failed = |e: std::io::Error| format!("mpiexec -n {ranks} could not be run ({e})");
    let file = fs::File::create(&output).map_err(failed)?;
    let errors = fs::File::create(&messages).map_err(failed)?;
    let mut command = run::mpiexec(ranks);
    command.arg(program).stdin(std::process::Stdio::null()).stdout(file).stderr(errors);
    let mut child = command.spawn().map_err(failed)?;
    let begin = Instant::now();
    let status = loop {
        match child.try_wait().map_err(failed)? {
            Some(status) => break status,
            None if begin.elapsed() > LIMIT => {
                child.kill().map_err(failed)?;
                child.wait().map_err(failed)?;
                return Err(format!("mpiexec -n {ranks} did not end within {} s", LIMIT.as_secs()));
            }
            None => thread::sleep(Duration::from_millis(20)),
        }
    };
    if status.success() {
        let mut lines = lines_of(&output).map_err(failed)?;
        lines.sort();
        return Ok(lines);
    }
    let lines = lines_of(&messages).map_err(failed)?;
    let word =
        lines.iter().find(|l| !l.starts_with('-')).map_or("no error message", String::as_str);
    Err(format!("mpiexec -n {ranks} failed ({status}): {word}"))
}

fn lines_of(file: &Path) -> std::io::Result<Vec<String>> {
    let text = fs::read_to_string(file)?;
    Ok(text.lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect())
}
