//! `run`: initialization, the program, finalization, exit code.

use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::error::Error as StdError;
use std::fmt::Write as _;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use super::agreement::{Outcome, Place, Verdict};
use super::queue;
use super::registry::{self, Phase};
use super::{Builder, Petsc, session};
use crate::comm::Comm;
use crate::error::{Error, Result};

/// Exit code of a program that panicked, as of any Rust program.
const EXIT_PANIC: u8 = 101;
/// Exit code of a program that ended while objects were alive.
const EXIT_LEAK: u8 = 70;

/// Runs a program: initializes MPI and PETSc, calls `body`, finalizes, and converts the result to
/// an exit code.
///
/// If `body` returns an error or panics, the lowest rank that failed prints the message once, with
/// rank and stack. If the other ranks fail too, all ranks finalize. Otherwise the job is aborted,
/// because the other ranks may be waiting for the failed rank. A failed rank waits one second for
/// the others to fail too, or the number of seconds in `PETSC_RS_ABORT_GRACE`.
///
/// If a collective call failed on some ranks only, and these ranks handled the error, all ranks
/// must call [`Petsc::recover`]. Otherwise the job ends with that error.
///
/// | exit code | meaning |
/// |---|---|
/// | 0 | success |
/// | 1, or [`Error::with_exit_code`] | `body` returned an error |
/// | 70 | `body` succeeded, but handles are still alive: each is listed with the line that created it, and PETSc is not finalized |
/// | 101 | `body` panicked |
///
/// On several ranks, the message of a panic is printed at the end of `run`, not when the panic
/// occurs.
///
/// # User-defined error types
///
/// In `body`, `?` converts errors if there is an `impl From<MyError> for petsc_rs::Error`;
/// `map_err(Error::user)` converts the error of a single call. [`run_with_error`] accepts a `body`
/// that returns `Result<(), MyError>`.
///
/// # Examples
/// ```
/// use petsc_rs::prelude::*;
///
/// fn main() -> std::process::ExitCode {
///     petsc_rs::run(|petsc| {
///         let mut x = Vector::new(petsc.world(), 10)?;
///         x.set(2.0.into())?;
///         assert_eq!(x.sum()?.real(), 20.0);
///         Ok(())
///     })
/// }
/// ```
pub fn run<F: FnOnce(&Petsc) -> Result<()>>(body: F) -> ExitCode {
    Petsc::builder().run(body)
}

/// Runs a program as [`run`] does; `body` can have any error type that converts to [`Error`].
///
/// The caller must name the error type, because a closure that ends with `Ok(())` does not
/// determine it. [`run`] has a fixed error type for this reason.
///
/// # Examples
/// ```
/// use petsc_rs::prelude::*;
///
/// enum MyError {
///     TooSmall(usize),
///     Petsc(Error),
/// }
///
/// impl From<Error> for MyError {
///     fn from(error: Error) -> Self {
///         Self::Petsc(error)
///     }
/// }
///
/// impl From<MyError> for Error {
///     fn from(error: MyError) -> Self {
///         match error {
///             MyError::TooSmall(n) => Error::user(format!("{n} points are too few")).with_exit_code(3),
///             MyError::Petsc(error) => error,
///         }
///     }
/// }
///
/// fn main() -> std::process::ExitCode {
///     # let code =
///     petsc_rs::run_with_error::<MyError>(|petsc| {
///         let x = Vector::new(petsc.world(), 2)?;
///         match x.len()? {
///             n if n < 3 => Err(MyError::TooSmall(n)),
///             _ => Ok(()),
///         }
///     })
///     # ;
///     # assert_eq!(code, std::process::ExitCode::from(3));
///     # std::process::ExitCode::SUCCESS
/// }
/// ```
pub fn run_with_error<E: Into<Error>>(body: impl FnOnce(&Petsc) -> Result<(), E>) -> ExitCode {
    Petsc::builder().run_with_error(body)
}

impl Builder {
    /// Runs a program as [`run_with_error`] does, with the settings of this builder.
    pub fn run_with_error<E: Into<Error>>(
        self,
        body: impl FnOnce(&Petsc) -> Result<(), E>,
    ) -> ExitCode {
        self.run(|petsc| body(petsc).map_err(Into::into))
    }

    /// Runs a program as [`run`](crate::run) does, with the settings of this builder.
    pub fn run<F: FnOnce(&Petsc) -> Result<()>>(self, body: F) -> ExitCode {
        let petsc = match self.init() {
            Ok(petsc) => petsc,
            Err(error) => {
                eprintln!("{}", report(&error));
                return ExitCode::from(error.exit_code());
            }
        };
        let outcome = {
            let _hook = (petsc.world().size() > 1).then(QuietPanics::install);
            panic::catch_unwind(AssertUnwindSafe(|| body(&petsc)))
        };
        let (exit_code, message) = match &outcome {
            Ok(Ok(())) => (0, None),
            Ok(Err(error)) => (error.exit_code(), Some(report(error))),
            Err(payload) => (EXIT_PANIC, Some(panic_report(&**payload, petsc.world().size()))),
        };
        match outcome {
            Err(payload) => crate::callback::discard(payload),
            returned => drop(returned),
        }
        ExitCode::from(conclude(petsc, exit_code, message))
    }
}

fn conclude(petsc: Petsc, exit_code: u8, message: Option<String>) -> u8 {
    let rank = registry::rank().unwrap_or(0);
    let (verdict, message) = match message {
        Some(_) => (Verdict::Failed, message),
        None if queue::failed() => (Verdict::Unrecovered, Some(unrecovered(rank))),
        None => (Verdict::Success, None),
    };
    let say = |message: &Option<String>| {
        if let Some(text) = message.as_deref().filter(|t| !t.is_empty()) {
            eprintln!("{text}");
        }
    };
    let abort = || session::abort(exit_code.max(1));
    match session::agree(verdict, Place::End) {
        Outcome::Success => {}
        Outcome::AllUnrecovered => queue::empty(),
        Outcome::AllFailed { speaker } => {
            if rank == speaker {
                say(&message);
            }
            // All ranks take part, so destroying the queued objects is collective again.
            queue::empty();
        }
        Outcome::SomeFailed { speaker } if rank == speaker => {
            say(&message);
            abort();
        }
        Outcome::Alone => {
            say(&message);
            abort();
        }
        Outcome::Apart => {
            let apart = || format!("error: rank {rank} ends, but {}", session::APART);
            say(&message.or_else(|| Some(apart())));
            abort();
        }
        Outcome::SomeFailed { .. } | Outcome::Silent => {
            // The speaker aborts the job; if it died before, this rank does.
            std::thread::sleep(Duration::from_secs(10));
            say(&message);
            abort();
        }
    }
    if exit_code != 0 {
        // A program that stopped early has not used all of its options.
        session::report_unused_options(false);
    }
    drop(petsc);
    let leaked = registry::alive();
    if registry::holders() > 0 {
        registry::set_phase(Phase::Abandoned);
        eprint!("{}", leak_report(rank, registry::holders(), &leaked));
        return if exit_code == 0 { EXIT_LEAK } else { exit_code };
    }
    match registry::take_drop_error() {
        Err(error) if exit_code == 0 => {
            eprintln!("{}", report(&error));
            error.exit_code()
        }
        _ => exit_code,
    }
}

/// Returns the message for a missing call of [`Petsc::recover`].
fn unrecovered(rank: i32) -> String {
    format!(
        "error: rank {rank} handled an error that other ranks may not have, and did not call `Petsc::recover` \
         afterwards\n  caused by: {}",
        queue::reason()
    )
}

fn leak_report(rank: i32, holders: usize, leaked: &[registry::LeakedHandle]) -> String {
    let mut text = format!(
        "petsc-rs: rank {rank}: {holders} handle(s) still alive at the end of run; PETSc is not \
         finalized\n"
    );
    for handle in leaked {
        let _ = writeln!(text, "    {handle}");
    }
    text
}

/// Formats an error and its sources, as `run` prints them.
fn report(error: &Error) -> String {
    let mut text = format!("error: {error}");
    let mut next = error.source();
    // The message of `Error::user` repeats its source, so the source is skipped.
    if let Some(source) = next.filter(|s| s.to_string() == error.message()) {
        next = source.source();
    }
    while let Some(source) = next {
        let _ = write!(text, "\n  caused by: {source}");
        next = source.source();
    }
    text
}

/// Returns the text of a panic; empty if the default hook has printed it.
fn panic_report(payload: &(dyn Any + Send), world_size: i32) -> String {
    if world_size == 1 {
        return String::new();
    }
    QuietPanics::take().unwrap_or_else(|| {
        let text = payload
            .downcast_ref::<&str>()
            .map(|s| (*s).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned());
        format!("panic: {}", text.unwrap_or_else(|| "(no message)".into()))
    })
}

type Hook = Box<dyn Fn(&panic::PanicHookInfo<'_>) + Sync + Send + 'static>;

thread_local! {
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// While this guard is alive, a panic on this thread is stored instead of printed, so that N ranks
/// do not print it N times.
struct QuietPanics {
    previous: Arc<Hook>,
}

impl QuietPanics {
    fn install() -> Self {
        let previous: Arc<Hook> = Arc::new(panic::take_hook());
        let fallback = Arc::clone(&previous);
        let here = std::thread::current().id();
        panic::set_hook(Box::new(move |info| {
            if std::thread::current().id() != here {
                return fallback(info);
            }
            let rank = registry::rank().unwrap_or(0);
            let mut text = format!("rank {rank} {info}");
            let trace = Backtrace::capture();
            if trace.status() == std::backtrace::BacktraceStatus::Captured {
                let _ = write!(text, "\n{trace}");
            }
            LAST_PANIC.set(Some(text));
        }));
        Self { previous }
    }

    fn take() -> Option<String> {
        LAST_PANIC.take()
    }
}

impl Drop for QuietPanics {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let previous = Arc::clone(&self.previous);
            panic::set_hook(Box::new(move |info| previous(info)));
        }
    }
}

/// Runs `body` on the world communicator and panics if it fails, for the examples in this
/// documentation.
///
/// # Panics
/// If `body` returns an error.
#[doc(hidden)]
pub fn doctest<F: FnOnce(&Comm) -> Result<()>>(body: F) {
    doctest_session(|petsc| body(petsc.world()));
}

/// Runs `body` as [`doctest`] does, with the session.
///
/// # Panics
/// If `body` returns an error.
#[doc(hidden)]
pub fn doctest_session<F: FnOnce(&Petsc) -> Result<()>>(body: F) {
    let petsc = Petsc::builder().args(["doctest"]).init();
    let outcome = petsc.and_then(|petsc| body(&petsc));
    #[expect(clippy::panic, reason = "a doctest fails by panicking")]
    if let Err(error) = outcome {
        panic!("{}", report(&error));
    }
}
