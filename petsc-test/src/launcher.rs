//! Starts a program on several ranks and ends it if it takes too long.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How a job ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Exit code; `None` if it was killed.
    pub code: Option<i32>,
    /// Whether it was killed because it took too long.
    pub timed_out: bool,
    /// What all ranks printed, on both streams.
    pub output: String,
    /// How long it took.
    pub elapsed: Duration,
}

/// Runs a program under mpiexec and waits for it, for as long as `timeout`.
///
/// The environment that launchers want (running as root, more ranks than cores) is set here.
///
/// # Errors
/// If the launcher cannot be started.
pub fn launch<S: AsRef<OsStr>>(
    ranks: usize,
    program: &Path,
    args: &[S],
    timeout: Duration,
) -> io::Result<Outcome> {
    let mut command = command(ranks, program);
    command.args(args);
    let deadline = Instant::now() + timeout;
    run(command, |_| Instant::now() < deadline)
}

/// Runs a command, asking `go_on` several times a second whether it may continue.
pub(crate) fn run(
    mut command: Command,
    mut go_on: impl FnMut(Duration) -> bool,
) -> io::Result<Outcome> {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("output");
    let file = File::create(&path)?;
    let started = Instant::now();
    let mut child = command
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
        if !go_on(started.elapsed()) {
            timed_out = true;
            kill(&mut child)?;
            break None;
        }
        thread::sleep(Duration::from_millis(10));
    };
    let output = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
    Ok(Outcome {
        code,
        timed_out,
        output,
        elapsed: started.elapsed(),
    })
}

/// Asks the launcher to end its ranks, which run in process groups of their own; then ends it.
fn kill(child: &mut Child) -> io::Result<()> {
    let pid = child.id();
    let signal = |name: &str, target: &str| {
        Command::new("kill")
            .args([name, "--", target])
            .stderr(Stdio::null())
            .status()
    };
    signal("-TERM", &pid.to_string())?;
    let deadline = Instant::now() + Duration::from_secs(5);
    while Instant::now() < deadline {
        if child.try_wait()?.is_some() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(20));
    }
    signal("-KILL", &format!("-{pid}"))?;
    child.wait()?;
    Ok(())
}

/// The command that starts `program` on `ranks` ranks. One rank needs no launcher.
pub(crate) fn command(ranks: usize, program: &Path) -> Command {
    let mut command = if ranks == 1 && env::var_os("PETSC_TEST_MPIEXEC").is_none() {
        Command::new(program)
    } else {
        let launcher = env::var("PETSC_TEST_MPIEXEC").unwrap_or_else(|_| "mpiexec".into());
        let mut words = launcher.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or("mpiexec"));
        command.args(words).arg("-n").arg(ranks.to_string());
        if is_open_mpi() {
            command.args(["--oversubscribe", "--tag-output"]);
        }
        command.arg(program);
        command
    };
    // A test that is itself an MPI process has variables of its own job, which would confuse another launcher.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if OF_THE_JOB.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    command.envs([
        ("OMPI_ALLOW_RUN_AS_ROOT", "1"),
        ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"),
        ("OMPI_MCA_rmaps_base_oversubscribe", "1"),
        ("OMPI_MCA_mpi_yield_when_idle", "1"),
        ("OMP_NUM_THREADS", "1"),
    ]);
    command
}

/// Variables that MPI sets for the processes of a job, by their beginnings.
const OF_THE_JOB: &[&str] = &[
    "PMIX_",
    "PMI_",
    "OMPI_COMM_WORLD_",
    "OMPI_UNIVERSE_SIZE",
    "OMPI_APP_CTX",
    "OMPI_ARGV",
    "OMPI_COMMAND",
    "OMPI_FILE_LOCATION",
    "OMPI_FIRST_RANKS",
    "OMPI_MCA_ess",
    "OMPI_MCA_initial_wdir",
    "OMPI_MCA_orte",
    "OMPI_MCA_pmix",
    "OMPI_NUM_APP_CTX",
];

fn is_open_mpi() -> bool {
    static ANSWER: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *ANSWER.get_or_init(|| {
        let launcher = env::var("PETSC_TEST_MPIEXEC").unwrap_or_else(|_| "mpiexec".into());
        let program = launcher
            .split_whitespace()
            .next()
            .unwrap_or("mpiexec")
            .to_owned();
        let output = Command::new(program).arg("--version").output();
        output.is_ok_and(|o| {
            let text = String::from_utf8_lossy(&o.stdout).into_owned();
            text.contains("Open MPI") || text.contains("OpenRTE")
        })
    })
}
