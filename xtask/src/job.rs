//! Runs a program with a time limit and captures its output.

use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::run;

/// The result of a program.
#[derive(Debug)]
pub(crate) struct Done {
    /// The standard output.
    pub(crate) output: String,
    /// The standard error.
    pub(crate) errors: String,
    /// The reason of a failure.
    pub(crate) failure: Option<String>,
    /// Whether the time limit was exceeded.
    pub(crate) timed_out: bool,
}

/// Runs a command, or stops it and its children at the time limit.
pub(crate) fn finish(
    command: &mut Command,
    input: Option<String>,
    limit: Duration,
) -> Result<Done, String> {
    let line = run::line(command);
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn().map_err(|e| format!("`{line}` could not be run ({e})"))?;
    let feeder = child.stdin.take().zip(input).map(|(mut pipe, text)| {
        // A filter such as `head -n 2` stops reading early, which is not an error.
        thread::spawn(move || pipe.write_all(text.as_bytes()).unwrap_or_default())
    });
    let output = child.stdout.take().map(drain);
    let errors = child.stderr.take().map(drain);
    let deadline = Instant::now() + limit;
    let mut timed_out = false;
    let status = loop {
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            break status;
        }
        if Instant::now() > deadline {
            timed_out = true;
            break end(&mut child)?;
        }
        thread::sleep(Duration::from_millis(5));
    };
    if let Some(feeder) = feeder {
        feeder.join().unwrap_or_default();
    }
    let text = |reader: Option<thread::JoinHandle<Vec<u8>>>| {
        let bytes = reader.and_then(|r| r.join().ok()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let failure = if timed_out {
        Some(format!("did not end within {} s", limit.as_secs()))
    } else {
        (!status.success()).then(|| status.to_string())
    };
    Ok(Done { output: text(output), errors: text(errors), failure, timed_out })
}

fn drain(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // Output before a broken pipe is still shown.
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}

/// Sends a termination signal to the process group (mpiexec then stops its ranks), and kills it if
/// it does not end.
pub(crate) fn end(child: &mut Child) -> Result<std::process::ExitStatus, String> {
    let group = format!("-{}", child.id());
    let signal = |name: &str| Command::new("kill").args([name, "--", &group]).status();
    signal("-TERM").map_err(|e| format!("kill could not be run ({e})"))?;
    for _ in 0..60 {
        if child.try_wait().map_err(|e| e.to_string())?.is_some() {
            break;
        }
        thread::sleep(Duration::from_millis(50));
    }
    signal("-KILL").map_err(|e| format!("kill could not be run ({e})"))?;
    child.wait().map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn output_and_exit_code_come_back() {
        let done = finish(
            &mut shell("cat; echo e >&2; exit 3"),
            Some("in".into()),
            Duration::from_secs(9),
        );
        let done = done.unwrap();
        assert_eq!((&*done.output, &*done.errors), ("in", "e\n"));
        assert!(done.failure.unwrap().contains('3') && !done.timed_out);
    }

    #[test]
    fn a_hang_ends_with_its_children() {
        let begun = Instant::now();
        let done =
            finish(&mut shell("sleep 60 | sleep 60"), None, Duration::from_millis(200)).unwrap();
        assert!(done.timed_out && begun.elapsed() < Duration::from_secs(20));
    }
}
