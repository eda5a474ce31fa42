//! Starts the program with the random operations, monitors its progress, and reports how it ended.

use std::fmt;
use std::fs::File;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::record::Place;
use crate::{job, run};

/// The exit code that valgrind returns for a memory error.
const MISUSE: i32 = 9;

/// The way in which a child failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The child ended with a signal.
    Signal(i32),
    /// The child ended with a nonzero exit code.
    Code(i32),
    /// The parent ended the child because a step took too long. If the arguments of a collective
    /// call are invalid on one rank, this rank has an error and the other ranks may hang. A hang
    /// without an error is a failure.
    Hang,
}

impl Failure {
    fn of(status: ExitStatus) -> Option<Self> {
        match (status.signal(), status.code()) {
            (Some(signal), _) => Some(Self::Signal(signal)),
            (None, Some(0)) => None,
            (None, code) => Some(Self::Code(code.unwrap_or(1))),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signal(signal) => write!(f, "signal {signal}"),
            Self::Code(MISUSE) => write!(f, "exit code {MISUSE}: memory error"),
            Self::Code(code) => write!(f, "exit code {code}"),
            Self::Hang => write!(f, "no progress"),
        }
    }
}

/// The result of a child.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The reason of a failure.
    pub(crate) failure: Option<Failure>,
    /// The last recorded position.
    pub(crate) place: Option<Place>,
    /// The counts of operations.
    pub(crate) counts: String,
    /// The standard error.
    pub(crate) errors: String,
    /// Whether a rank had an error and waited for the other ranks, which were in the collective
    /// call that had failed on it. This is not a failure, see [`Failure::Hang`].
    pub(crate) parted: bool,
}

impl Ended {
    /// Returns the last operation of a replay, according to its trace.
    pub(crate) fn last_operation(&self) -> &str {
        let mut trace = self.errors.lines().filter(|line| {
            let operation = line.starts_with("  ") && !line.starts_with("    Err: ");
            operation || line.starts_with("end: ")
        });
        let line = trace.next_back().map_or("", str::trim);
        // The random numbers follow the operation.
        line.split(": ").next().unwrap_or(line).trim_end_matches(':')
    }
}

/// The settings for starting children.
#[derive(Clone, Debug)]
pub(crate) struct Starter {
    /// The program.
    pub(crate) program: PathBuf,
    /// The class.
    pub(crate) class: String,
    /// The number of ranks.
    pub(crate) ranks: usize,
    /// Whether to run under valgrind.
    pub(crate) memcheck: bool,
    /// The time limit of a step.
    pub(crate) patience: Duration,
    /// The directory for files of children.
    pub(crate) folder: PathBuf,
}

impl Starter {
    /// Runs a child with these arguments. Its files are named after `name`.
    pub(crate) fn run(&self, name: &str, arguments: &[String]) -> Result<Ended, String> {
        let file = |end: &str| self.folder.join(format!("{name}.{end}"));
        let (progress, counts, errors) = (file("progress"), file("counts"), file("errors"));
        let places: Vec<_> = (0..self.ranks)
            .map(|rank| match rank {
                0 => progress.clone(),
                _ => file(&format!("progress-{rank}")),
            })
            .collect();
        for old in places.iter().chain([&counts]) {
            let _ = std::fs::remove_file(old);
        }
        let mut command = self.command();
        command.arg(&self.class).args(arguments);
        command.arg("--progress").arg(&progress);
        command.arg("--counts").arg(&counts);
        let log = File::create(&errors).map_err(|e| format!("{}: {e}", errors.display()))?;
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(log).process_group(0);
        let failure = watch(&mut command, &progress, self.patience)?;
        let text =
            |path: &Path| std::fs::read(path).map(|b| String::from_utf8_lossy(&b).into_owned());
        Ok(Ended {
            failure,
            place: text(&progress).ok().and_then(|t| Place::parse(&t)),
            counts: text(&counts).unwrap_or_default(),
            errors: text(&errors).unwrap_or_default(),
            parted: failure == Some(Failure::Hang)
                && places.iter().any(|p| text(p).is_ok_and(|t| t.contains("failed"))),
        })
    }

    /// Returns the program, with launcher and valgrind.
    fn command(&self) -> Command {
        let mut words = Vec::new();
        if self.memcheck {
            let code = format!("--error-exitcode={MISUSE}");
            words.extend(["valgrind", "--quiet", "--exit-on-first-error=yes"].map(String::from));
            words.push(code);
            for file in ["ci/valgrind.supp", "/usr/share/openmpi/openmpi-valgrind.supp"] {
                let file = run::workspace().join(file);
                if file.is_file() {
                    words.push(format!("--suppressions={}", file.display()));
                }
            }
        }
        words.push(self.program.display().to_string());
        let mut command = if self.ranks > 1 {
            let mut command = run::mpiexec(self.ranks);
            run::quick_start(&mut command);
            command.args(&words);
            command
        } else {
            let mut command = Command::new(&words[0]);
            command.args(&words[1..]);
            run::allow_many_ranks(&mut command);
            run::quick_start_alone(&mut command);
            command
        };
        command.current_dir(&self.folder);
        command
    }

    /// Returns settings with a shorter time limit for a step, for single cases, which run often.
    pub(crate) fn for_replays(&self) -> Self {
        Self { patience: (self.patience / 5).max(Duration::from_secs(3)), ..self.clone() }
    }

    /// Returns the functions in which a case crashes, innermost first, according to gdb. Empty
    /// without gdb.
    pub(crate) fn functions(&self, seed: u64, steps: &[u64]) -> Vec<String> {
        if self.ranks > 1 || !run::in_path("gdb") {
            return Vec::new();
        }
        let mut command = Command::new("gdb");
        command.args(["-q", "-batch", "-ex", "run", "-ex", "bt 60", "--args"]);
        command.arg(&self.program).arg(&self.class);
        command.args(replay(seed, steps));
        run::allow_many_ranks(&mut command);
        run::quick_start_alone(&mut command);
        command.current_dir(&self.folder);
        match job::finish(&mut command, None, Duration::from_secs(60)) {
            Ok(done) => frames(&done.output),
            Err(_) => Vec::new(),
        }
    }
}

/// Returns the library addresses of a crash, innermost first, as printed by Open MPI's signal
/// handler. Empty with other MPI implementations, and for stacks without library frames (overflowed
/// or overwritten).
pub(crate) fn stack(errors: &str, program: &Path) -> Vec<String> {
    let own = program.file_name().unwrap_or_default().to_string_lossy();
    let frames = errors.lines().filter_map(|line| {
        // [host:pid] [ 1] /lib/libpetsc.so(VecNorm+0x10)[0x7f00]
        let (_, frame) = line.strip_prefix('[')?.split_once("] [")?;
        let (_, place) = frame.split_once("] ")?;
        let place = place.rsplit_once('[').map_or(place, |(place, _)| place);
        place.rsplit('/').next()
    });
    let in_libraries = frames.take_while(|place| !place.starts_with(&format!("{own}(")));
    in_libraries.map(str::to_owned).collect()
}

/// Returns the arguments that replay a case.
pub(crate) fn replay(seed: u64, steps: &[u64]) -> Vec<String> {
    let steps: Vec<_> = steps.iter().map(u64::to_string).collect();
    vec!["--replay".into(), format!("{seed:016x}"), "--steps".into(), steps.join(",")]
}

/// Prefixes of the names of functions in which the C library ends a process. They do not identify
/// the cause.
const IN_ABORT: &[&str] =
    &["__pthread_kill", "__GI_raise", "__GI_abort", "__libc_message", "malloc_printerr"];

/// Returns the named functions of a gdb backtrace, down to the first one of petsc-rs or slepc-rs.
fn frames(output: &str) -> Vec<String> {
    let mut names = Vec::new();
    for line in output.lines().filter(|line| line.starts_with('#')) {
        let mut words = line.split_whitespace().skip(1).peekable();
        if words.peek().is_some_and(|word| word.starts_with("0x")) {
            words.next();
            words.next();
        }
        let Some(name) = words.next().filter(|&name| name != "??") else {
            continue;
        };
        let name =
            line.find(name).map_or(name, |start| line[start..].split(" (").next().unwrap_or(name));
        if IN_ABORT.iter().any(|part| name.starts_with(part)) {
            continue;
        }
        // The hash at the end of a Rust name is removed.
        let name = name.rsplit_once("::h").map_or(name, |(name, _)| name);
        names.push(name.to_owned());
        if name.contains("petsc_rs::") || name.contains("slepc_rs::") {
            break;
        }
    }
    names
}

/// Waits for the end. A child that writes nothing new within the time limit is ended.
fn watch(
    command: &mut Command,
    progress: &Path,
    patience: Duration,
) -> Result<Option<Failure>, String> {
    let line = run::line(command);
    let mut child = command.spawn().map_err(|e| format!("`{line}` could not be run ({e})"))?;
    let mut last = (Instant::now(), Vec::new());
    loop {
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            return Ok(Failure::of(status));
        }
        thread::sleep(Duration::from_millis(5));
        let now = std::fs::read(progress).unwrap_or_default();
        if now != last.1 {
            last = (Instant::now(), now);
        } else if last.0.elapsed() > patience {
            job::end(&mut child)?;
            return Ok(Some(Failure::Hang));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_read_from_a_backtrace() {
        let output = "Program received signal SIGSEGV, Segmentation fault.\n\
            #0  0x0000000000000000 in ?? ()\n\
            #1  0x00007ffff5032792 in ?? () from /usr/lib/libpetsc_real.so.3.18\n\
            #2  0x00007ffff5032d61 in VecPointwiseMaxAbs () from /usr/lib/libpetsc_real.so.3.18\n\
            #3  0x0000555555704113 in petsc_rs::vector::pointwise::<impl petsc_rs::vector::VectorRef>::pointwise_max_abs::h8827c6941e65494c ()\n\
            #4  0x1 in petsc_attack::vector::pointwise ()\n";
        let expected = [
            "VecPointwiseMaxAbs",
            "petsc_rs::vector::pointwise::<impl petsc_rs::vector::VectorRef>::pointwise_max_abs",
        ];
        assert_eq!(frames(output), expected);
    }

    #[test]
    fn a_stack_ends_with_the_libraries() {
        let errors = "free(): invalid pointer\n[vm:1] *** Process received signal ***\n[vm:1] Signal: Aborted (6)\n\
            [vm:1] [ 0] /lib/libc.so.6(+0x3c050)[0x7f90]\n[vm:1] [ 1] /usr/lib/libpetsc.so.3(MatConvert+0xe4)[0x7f91]\n\
            [vm:1] [ 2] target/debug/petsc-attack(+0x37cd74)[0x55]\n[vm:1] [ 3] /lib/libc.so.6(+0x1)[0x7f92]\n";
        let program = Path::new("/x/petsc-attack");
        let expected = ["libc.so.6(+0x3c050)", "libpetsc.so.3(MatConvert+0xe4)"];
        assert_eq!(stack(errors, program), expected);
        assert!(stack("error: no\n  Vector::set: [1] [2]\n", program).is_empty());
    }

    #[test]
    fn a_trace_names_the_operation_that_ran_last() {
        let errors = "step 0\n  Vector::set: 1/2\n    Err: no\nstep 1\n  Vector::array: 1/3\n    Vector::axpy: 2/5 1/7\n    Err: no\n";
        let ended = |errors: &str| Ended {
            failure: None,
            place: None,
            counts: String::new(),
            errors: errors.into(),
            parted: false,
        };
        assert_eq!(ended(errors).last_operation(), "Vector::axpy");
        let end = format!("{errors}end: everything is dropped\n");
        assert_eq!(ended(&end).last_operation(), "end");
    }

    #[test]
    fn a_child_that_stands_still_is_ended() {
        let mut command = Command::new("sleep");
        command.arg("60").process_group(0);
        let begun = Instant::now();
        let failure = watch(&mut command, Path::new("/nonexistent"), Duration::from_millis(100));
        assert_eq!(failure, Ok(Some(Failure::Hang)));
        assert!(begun.elapsed() < Duration::from_secs(20));
    }
}
