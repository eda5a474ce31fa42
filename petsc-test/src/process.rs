//! Starts a command, collects its output, and ends it after a time limit.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// Result of a job.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Exit code; `None` if the job was killed.
    pub code: Option<i32>,
    /// Whether the job was killed because of the time limit.
    pub timed_out: bool,
    /// Output of all ranks, on both streams.
    pub output: String,
    /// Duration of the job.
    pub elapsed: Duration,
}

/// Time for the launcher to end its ranks after it was signaled.
const GRACE: Duration = Duration::from_secs(3);

/// Runs a command, and calls `go_on` many times per second to check whether it may continue.
pub(crate) fn run(mut command: Command, mut go_on: impl FnMut() -> bool) -> io::Result<Outcome> {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("output");
    let file = File::create(&path)?;
    let started = Instant::now();
    let mut child = command
        // Jobs with a common folder fail if one creates it while another removes it.
        .env("OMPI_MCA_orte_tmpdir_base", dir.path())
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .process_group(0)
        .spawn()?;
    let mut timed_out = false;
    let code = loop {
        if let Some(status) = child.try_wait()? {
            break status.code();
        }
        if !go_on() {
            timed_out = true;
            kill(&mut child)?;
            break None;
        }
        thread::sleep(Duration::from_millis(10));
    };
    let output = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
    Ok(Outcome { code, timed_out, output, elapsed: started.elapsed() })
}

/// Signals the launcher to end its ranks, which Open MPI puts into separate process groups; then
/// ends the launcher's group.
fn kill(child: &mut Child) -> io::Result<()> {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    // The child has not been waited for, so its process id is still valid. It may have ended
    // already.
    if let Some(pid) = pid {
        let _ = kill_process(pid, Signal::TERM);
    }
    let deadline = Instant::now() + GRACE;
    while Instant::now() < deadline && child.try_wait()?.is_none() {
        thread::sleep(Duration::from_millis(20));
    }
    // Even if the launcher has ended: processes left in its group ignored the signal.
    if let Some(pid) = pid {
        let _ = kill_process_group(pid, Signal::KILL);
    }
    child.wait()?;
    Ok(())
}
