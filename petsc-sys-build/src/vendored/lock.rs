//! One build at a time: a lock file that its owner keeps fresh.
//!
//! The owner touches the file every second. A waiter that sees no touch for [`STALE`] takes the
//! owner for dead and the lock for free. That works across the nodes of a cluster that share a home
//! folder, where process numbers say nothing and clocks differ: only the waiter's own clock counts.
//! Should two processes build all the same (one was stopped and wakes up), no harm is done, because
//! each has its own scratch folder and the result is put in place by one rename.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use super::{Error, Progress};

const BEAT: Duration = Duration::from_secs(1);
const STALE: Duration = Duration::from_secs(10);
const SAY: Duration = Duration::from_secs(5);

/// A lock that is held; dropping it frees it.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    stop: Option<Sender<()>>,
    beat: Option<JoinHandle<()>>,
}

impl Lock {
    /// Takes the lock, waiting for its owner as long as that one lives.
    pub(super) fn take(path: &Path, report: &mut dyn FnMut(Progress)) -> Result<Self, Error> {
        let begin = Instant::now();
        let mut said: Option<Instant> = None;
        let mut seen: Option<(SystemTime, Instant)> = None;
        loop {
            match OpenOptions::new().write(true).create_new(true).open(path) {
                Ok(file) => return Self::keep(path, file),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(failure(path, &error)),
            }
            // The owner may free the lock at any moment: then there is nothing to read.
            if let Ok(touched) = fs::metadata(path).and_then(|m| m.modified()) {
                match seen {
                    Some((last, since)) if last == touched => {
                        if since.elapsed() > STALE {
                            break_stale(path, touched);
                            seen = None;
                        }
                    }
                    _ => seen = Some((touched, Instant::now())),
                }
            }
            if said.is_none_or(|at| at.elapsed() >= SAY) {
                said = Some(Instant::now());
                let holder = fs::read_to_string(path)
                    .unwrap_or_default()
                    .trim()
                    .to_owned();
                let holder = if holder.is_empty() {
                    "another process".into()
                } else {
                    holder
                };
                report(Progress::Waiting {
                    holder,
                    elapsed: begin.elapsed(),
                });
            }
            thread::sleep(Duration::from_millis(300));
        }
    }

    fn keep(path: &Path, mut file: File) -> Result<Self, Error> {
        let text = format!("process {}\n", std::process::id());
        file.write_all(text.as_bytes())
            .map_err(|error| failure(path, &error))?;
        let (stop, stopped) = mpsc::channel();
        let beat = thread::spawn(move || {
            while stopped.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                // A beat that fails is like one that comes late; the next may work.
                let _ = file.set_modified(SystemTime::now());
            }
        });
        Ok(Self {
            path: path.into(),
            stop: Some(stop),
            beat: Some(beat),
        })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(beat) = self.beat.take() {
            let _ = beat.join();
        }
        // Only a lock that still says our name: it may have been taken from a sleeper.
        let ours = format!("process {}\n", std::process::id());
        if fs::read_to_string(&self.path).is_ok_and(|text| text == ours) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Moves a dead owner's lock aside. Of several waiters one wins the rename; a lock that turns out
/// to be a living one, taken in between, is put back.
fn break_stale(path: &Path, touched: SystemTime) {
    let aside = path.with_extension(format!("stale-{}", std::process::id()));
    if fs::rename(path, &aside).is_err() {
        return;
    }
    if fs::metadata(&aside)
        .and_then(|m| m.modified())
        .is_ok_and(|t| t != touched)
    {
        let _ = fs::hard_link(&aside, path);
    }
    let _ = fs::remove_file(&aside);
}

fn failure(path: &Path, error: &std::io::Error) -> Error {
    Error::Write {
        path: path.into(),
        reason: error.to_string(),
    }
}
