//! A lock file for builds: only one build runs at a time.
//!
//! The owner touches the file every second. If a waiting process sees no change for [`STALE`], it
//! considers the lock stale and takes it. This also works on the nodes of a cluster that share a
//! home folder, where process ids are not comparable and clocks differ: the lock depends only on
//! the clock of the waiting process. If two processes build at the same time anyway (because one
//! was suspended and resumes), the result is still correct: each builds in a separate temporary
//! folder, and one rename moves the installation to its place.

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

/// A lock; dropping it releases it.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    stop: Option<Sender<()>>,
    beat: Option<JoinHandle<()>>,
}

impl Lock {
    /// Waits while the owner of the lock is alive, then takes the lock.
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
            // The owner may release the lock at any moment: the file may not exist.
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
                let holder = fs::read_to_string(path).unwrap_or_default().trim().to_owned();
                let holder = if holder.is_empty() { "another process".into() } else { holder };
                report(Progress::Waiting { holder, elapsed: begin.elapsed() });
            }
            thread::sleep(Duration::from_millis(300));
        }
    }

    fn keep(path: &Path, mut file: File) -> Result<Self, Error> {
        let text = format!("process {}\n", std::process::id());
        file.write_all(text.as_bytes()).map_err(|error| failure(path, &error))?;
        let (stop, stopped) = mpsc::channel();
        let beat = thread::spawn(move || {
            while stopped.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                // A failed touch is like a late one; the next may succeed.
                let _ = file.set_modified(SystemTime::now());
            }
        });
        Ok(Self { path: path.into(), stop: Some(stop), beat: Some(beat) })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(beat) = self.beat.take() {
            let _ = beat.join();
        }
        // Only a lock that still contains this process id: a suspended process may have lost its
        // lock.
        let ours = format!("process {}\n", std::process::id());
        if fs::read_to_string(&self.path).is_ok_and(|text| text == ours) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Renames the lock of a dead owner. Only one of several waiting processes succeeds; if the renamed
/// lock is a new one that was taken in between, it is restored.
fn break_stale(path: &Path, touched: SystemTime) {
    let aside = path.with_extension(format!("stale-{}", std::process::id()));
    if fs::rename(path, &aside).is_err() {
        return;
    }
    if fs::metadata(&aside).and_then(|m| m.modified()).is_ok_and(|t| t != touched) {
        let _ = fs::hard_link(&aside, path);
    }
    let _ = fs::remove_file(&aside);
}

fn failure(path: &Path, error: &std::io::Error) -> Error {
    Error::Write { path: path.into(), reason: error.to_string() }
}
