//! Errors: PETSc's code, message and stack, the rank, and the user's own error behind it.

mod code;
pub(crate) mod handler;
mod traceback;

use std::error::Error as StdError;
use std::fmt;

use petsc_macros::wraps;

pub use code::ErrorCode;
pub use handler::Frame;

use crate::{runtime, sys};

/// Result of nearly every function here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn StdError + Send + Sync>;

/// Why a call failed.
///
/// The text has the message, the C function, the rank and PETSc's stack; [`source`](StdError::source)
/// is the error that a callback of the user returned, if that was the reason.
///
/// Any error type gets in by [`Error::user`]; the common ones of the standard library, `String` and
/// `Box<dyn Error + Send + Sync>` convert by `?`. A type of yours does so with
///
/// ```
/// # #[derive(Debug)]
/// # struct MyError;
/// # impl std::fmt::Display for MyError {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
/// #         f.write_str("mine")
/// #     }
/// # }
/// # impl std::error::Error for MyError {}
/// impl From<MyError> for petsc_rs::Error {
///     fn from(error: MyError) -> Self {
///         Self::user(error)
///     }
/// }
/// # let error = petsc_rs::Error::from(MyError);
/// # assert_eq!(error.message(), "mine");
/// # assert!(error.downcast_ref::<MyError>().is_some());
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    code: ErrorCode,
    /// The C function that was called, if one was.
    call: Option<&'static str>,
    message: String,
    frames: Vec<Frame>,
    rank: Option<i32>,
    source: Option<Source>,
    exit_code: u8,
    /// Made equally on all ranks, so that destroying objects stays collective.
    collective: bool,
    /// The solver may shorten its step and try again.
    domain: bool,
}

impl Error {
    /// An error with one of PETSc's codes.
    ///
    /// The other ranks may not have this error: objects that are dropped on this rank are queued from here on, until
    /// [`Petsc::recover`](crate::Petsc::recover).
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::build(code, None, message.into(), Vec::new(), None)
    }

    /// Wraps an error of the program, so that it can be returned from callbacks and from
    /// [`run`](crate::run).
    #[must_use]
    pub fn user(source: impl Into<Source>) -> Self {
        let source: Source = source.into();
        match source.downcast::<Self>() {
            Ok(error) => *error,
            Err(source) => {
                let message = source.to_string();
                Self::build(ErrorCode::USER, None, message, Vec::new(), Some(source))
            }
        }
    }

    /// An error that arises equally on all ranks, after which destroying objects stays collective.
    ///
    /// The caller answers for that: if one rank has it and another has not, the job may hang. What was found in
    /// arguments that must be the same everywhere is such an error.
    #[must_use]
    pub fn collective(code: ErrorCode, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            code,
            call: None,
            message: message.into(),
            frames: Vec::new(),
            rank: runtime::rank(),
            source: None,
            exit_code: 1,
            collective: true,
            domain: false,
        }))
    }

    /// A mistake in the user's input, which every rank finds alike (each has read the same file or command
    /// line): [`run`](crate::run) prints it on one line and exits with code 2.
    #[must_use]
    pub fn input(message: impl Into<String>) -> Self {
        Self::collective(ErrorCode::USER, message).with_exit_code(2)
    }

    /// The point at which a function was to be computed is outside its domain (a negative density, a
    /// step too long). A nonlinear solver takes this as a signal to shorten its step, on all ranks,
    /// whichever rank says so; elsewhere it is an error like others.
    #[wraps(SNESSetFunctionDomainError, SNESSetJacobianDomainError)]
    #[must_use]
    pub fn domain(message: impl Into<String>) -> Self {
        let mut error = Self::collective(ErrorCode::FP, message);
        error.0.domain = true;
        error
    }

    /// Whether this is a [`domain`](Self::domain) error.
    #[must_use]
    pub fn is_domain(&self) -> bool {
        self.0.domain
    }

    /// Adds what lies behind this error.
    #[must_use]
    pub(crate) fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// `ARG_WRONG` with a message.
    #[must_use]
    pub(crate) fn argument(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::ARG_WRONG, message)
    }

    pub(crate) fn from_petsc(
        call: &'static str,
        code: sys::PetscErrorCode,
        stack: handler::Stack,
    ) -> Self {
        let code = ErrorCode::from_raw(code);
        let message = if stack.message.is_empty() {
            code.text()
        } else {
            stack.message
        };
        Self::build(code, Some(call), message, stack.frames, None)
    }

    pub(crate) fn from_callback(
        call: &'static str,
        code: sys::PetscErrorCode,
        stack: handler::Stack,
        source: Self,
    ) -> Self {
        // PETSc may have carried on after the callback failed; the failure still counts.
        let code = if code == 0 {
            source.code()
        } else {
            ErrorCode::from_raw(code)
        };
        let exit_code = source.0.exit_code;
        let message = "a callback failed".to_owned();
        // The user sees their own error as the source, not our wrapper around it.
        let source: Source = match source.0.source {
            Some(inner) if source.0.call.is_none() => inner,
            _ => Box::new(source),
        };
        Self::build(code, Some(call), message, stack.frames, Some(source)).with_exit_code(exit_code)
    }

    fn build(
        code: ErrorCode,
        call: Option<&'static str>,
        message: String,
        frames: Vec<Frame>,
        source: Option<Source>,
    ) -> Self {
        let error = Self(Box::new(Inner {
            code,
            call,
            message,
            frames,
            rank: runtime::rank(),
            source,
            exit_code: 1,
            collective: false,
            domain: false,
        }));
        error.note();
        error
    }

    /// The other ranks may not have this error.
    pub(crate) fn note(&self) {
        runtime::note_failure(|| self.to_string());
    }

    /// The exit code that [`run`](crate::run) gives the process for this error. Default: 1.
    #[must_use]
    pub fn with_exit_code(mut self, exit_code: u8) -> Self {
        self.0.exit_code = exit_code;
        self
    }

    /// See [`with_exit_code`](Self::with_exit_code).
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.0.exit_code
    }

    /// PETSc's error code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The C function whose call failed, if one was called.
    #[must_use]
    pub fn call(&self) -> Option<&'static str> {
        self.0.call
    }

    /// The message alone, without function, rank and stack.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// PETSc's stack, innermost function first.
    #[must_use]
    pub fn frames(&self) -> &[Frame] {
        &self.0.frames
    }

    /// Rank in the world communicator on which the error was made.
    #[must_use]
    pub fn rank(&self) -> Option<i32> {
        self.0.rank
    }

    /// Whether the error arises equally on all ranks (a solver that did not converge, say).
    #[must_use]
    pub fn is_collective(&self) -> bool {
        self.0.collective
    }

    /// The user's error behind this one, as its own type.
    #[must_use]
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        let mut next = self.source();
        while let Some(error) = next {
            if let Some(found) = error.downcast_ref::<E>() {
                return Some(found);
            }
            next = error.source();
        }
        None
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(call) = inner.call {
            write!(f, "{call}: ")?;
        }
        f.write_str(inner.message.trim_end())?;
        if inner.code != ErrorCode::USER {
            write!(f, " [{}]", inner.code)?;
        }
        // Where it arises on all ranks alike, the rank says nothing.
        if let Some(rank) = inner.rank.filter(|_| !inner.collective) {
            write!(f, " (rank {rank})")?;
        }
        for frame in &inner.frames {
            write!(f, "\n    at {frame}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)?;
        let mut next = self.source();
        while let Some(error) = next {
            write!(f, "\n  caused by: {error}")?;
            next = error.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|e| e as &(dyn StdError + 'static))
    }
}

macro_rules! convert {
    ($($source:ty),* $(,)?) => {$(
        impl From<$source> for Error {
            fn from(source: $source) -> Self {
                Self::user(source)
            }
        }
    )*};
}

convert!(
    Source,
    String,
    &'static str,
    std::io::Error,
    fmt::Error,
    std::num::ParseIntError,
    std::num::ParseFloatError,
    std::num::TryFromIntError,
    std::convert::Infallible,
    std::str::Utf8Error,
    std::string::FromUtf8Error,
    std::ffi::NulError,
    ndarray::ShapeError,
);
