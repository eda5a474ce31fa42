//! Ends a process of a job when no process waits for the job any more.
//!
//! The launcher and the test program have different process groups, so Ctrl-C and the end of a
//! killed test program do not reach the ranks. A killed launcher cannot end its ranks either.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, getpid, kill_process, test_kill_process};

/// Watches from a separate thread: the folder of the job is removed when the job is over, and
/// `parent` is the process that waits for it.
pub(crate) fn watch(folder: PathBuf, parent: Option<i32>) {
    let dead = |pid: Pid| test_kill_process(pid) == Err(Errno::SRCH);
    // The process is not visible from here, for instance from inside a container: only the folder
    // is checked.
    let parent = parent.and_then(Pid::from_raw).filter(|&pid| !dead(pid));
    let watcher = move || {
        while folder.exists() && !parent.is_some_and(dead) {
            thread::sleep(Duration::from_millis(500));
        }
        // No destructors and no signal handlers: no process waits for the result.
        let _ = kill_process(getpid(), Signal::KILL);
    };
    let thread = thread::Builder::new().name("lifeline".into());
    if let Err(error) = thread.spawn(watcher) {
        eprintln!("petsc-test: a hanging rank may outlive its job: {error}");
    }
}
