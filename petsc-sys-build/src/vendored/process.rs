//! Runs a step of a build. Every line of output is written to a log and passed to a closure of the
//! caller. If there is no output for some time, the closure is called without a line.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use super::failure::{Error, Step};

/// Time without output after which the closure is called without a line.
const PAUSE: Duration = Duration::from_secs(2);

/// Environment variables that the user may have set for other purposes, or that cargo sets for
/// build scripts. PETSc's configure and makefiles would use them.
const FOREIGN: &[&str] = &[
    "PETSC_DIR",
    "PETSC_ARCH",
    "SLEPC_DIR",
    "DESTDIR",
    "MAKEFLAGS",
    "MFLAGS",
    "CC",
    "CXX",
    "FC",
    "F77",
    "F90",
    "CFLAGS",
    "CXXFLAGS",
    "CPPFLAGS",
    "FFLAGS",
    "LDFLAGS",
    "DEBUG",
    "TARGET",
    "HOST",
    "OPT_LEVEL",
    "PROFILE",
    "VERBOSE",
    "V",
];

/// Runs `command` without the variables that affect the makefiles, unless the command sets them.
/// `hear` receives each line, and `None` in every pause.
pub(super) fn run(
    step: Step,
    command: &mut Command,
    log: &Path,
    hear: &mut dyn FnMut(Option<&str>),
) -> Result<(), Error> {
    let write_failed =
        |error: std::io::Error| Error::Write { path: log.into(), reason: error.to_string() };
    let mut file = File::create(log).map_err(write_failed)?;
    let own: Vec<_> = command.get_envs().map(|(n, _)| n.to_owned()).collect();
    for name in FOREIGN.iter().filter(|n| own.iter().all(|o| o != *n)) {
        command.env_remove(name);
    }
    // English messages and unbuffered Python, because the lines are parsed.
    command.env("LC_ALL", "C").env("PYTHONUNBUFFERED", "1");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command.spawn().map_err(|error| {
        step.failed(&format!("error: {program} could not be run ({error})"), log)
    })?;
    let (sender, lines) = mpsc::channel();
    let readers = [
        child.stdout.take().map(|pipe| read_lines(pipe, sender.clone())),
        child.stderr.take().map(|pipe| read_lines(pipe, sender)),
    ];
    loop {
        match lines.recv_timeout(PAUSE) {
            Ok(line) => {
                writeln!(file, "{line}").map_err(write_failed)?;
                hear(Some(&line));
            }
            Err(RecvTimeoutError::Timeout) => hear(None),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    for reader in readers.into_iter().flatten() {
        // A reader ends with its pipe; it cannot panic.
        let _ = reader.join();
    }
    let status = child.wait().map_err(write_failed)?;
    if status.success() {
        return Ok(());
    }
    drop(file);
    let text = fs::read(log).map_err(write_failed)?;
    Err(step.failed(&String::from_utf8_lossy(&text), log))
}

fn read_lines(pipe: impl Read + Send + 'static, sender: Sender<String>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|n| n > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            bytes.clear();
            if sender.send(line).is_err() {
                return;
            }
        }
    })
}
