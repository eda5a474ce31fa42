//! Errors: code, message and stack of PETSc, the rank, and the user-defined error that caused them.

mod code;
pub(crate) mod handler;
mod traceback;

use std::error::Error as StdError;
use std::fmt;

use petsc_macros::wraps;

pub use code::ErrorCode;
pub use handler::Frame;

use crate::{runtime, sys};

/// Result of nearly every function of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn StdError + Send + Sync>;

/// The error of a call.
///
/// The text contains the message, the C function, the rank and PETSc's stack. If a user-defined
/// callback returned an error, [`source`](StdError::source) returns that error.
///
/// [`Error::user`] converts any error type. The common error types of the standard library,
/// `String` and `Box<dyn Error + Send + Sync>` convert with `?`. To use `?` with another type,
/// implement `From`:
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
    /// The C function that was called, if any.
    call: Option<&'static str>,
    message: String,
    frames: Vec<Frame>,
    rank: Option<i32>,
    source: Option<Source>,
    exit_code: u8,
    /// Whether the error is the same on all ranks. If so, objects are still destroyed collectively
    /// after the error.
    collective: bool,
    /// Whether the solver may shorten its step and try again.
    domain: bool,
}

impl Error {
    /// Creates an error with one of PETSc's codes.
    ///
    /// The error may exist on this rank only. Objects that this rank drops afterwards are queued
    /// until [`Petsc::recover`](crate::Petsc::recover).
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::build(code, None, message.into(), Vec::new(), None).noted()
    }

    /// Wraps a user-defined error, so that callbacks and the closure of [`run`](crate::run) can
    /// return it.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let count: Result<usize> = "many".parse().map_err(Error::user);
    /// assert_eq!(count.unwrap_err().message(), "invalid digit found in string");
    /// # Ok(()) })
    /// ```
    #[must_use]
    pub fn user(source: impl Into<Source>) -> Self {
        let source: Source = source.into();
        match source.downcast::<Self>() {
            Ok(error) => *error,
            Err(source) => {
                let message = source.to_string();
                Self::build(ErrorCode::USER, None, message, Vec::new(), Some(source)).noted()
            }
        }
    }

    /// Creates an error that is the same on all ranks. Objects are still destroyed collectively
    /// afterwards.
    ///
    /// The caller guarantees that all ranks have the error; otherwise the job may hang. An example
    /// is an error in an argument that must be the same on all ranks.
    #[must_use]
    pub fn collective(code: ErrorCode, message: impl Into<String>) -> Self {
        let mut error = Self::build(code, None, message.into(), Vec::new(), None);
        error.0.collective = true;
        error
    }

    /// Creates an error for invalid user input that every rank detects, because all ranks read the
    /// same file or command line. [`run`](crate::run) prints it on one line and exits with code 2.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// use petsc_rs::prelude::*;
    /// let points = petsc.options().int("-points")?.unwrap_or(1);
    /// let error = if points < 2 { Some(Error::input("-points must be at least 2")) } else { None };
    /// assert_eq!(error.map(|e| e.exit_code()), Some(2));
    /// # Ok(()) })
    /// ```
    #[must_use]
    pub fn input(message: impl Into<String>) -> Self {
        Self::collective(ErrorCode::USER, message).with_exit_code(2)
    }

    /// Creates a domain error: the point at which a function is evaluated is outside the domain of
    /// the function (a negative density, too long a step). A nonlinear solver then shortens its
    /// step on all ranks, even if only one rank returned the error. In callbacks of other solvers,
    /// a domain error is treated as any other error.
    #[wraps(SNESSetFunctionDomainError, SNESSetJacobianDomainError)]
    #[must_use]
    pub fn domain(message: impl Into<String>) -> Self {
        let mut error = Self::collective(ErrorCode::FP, message);
        error.0.domain = true;
        error
    }

    /// Returns whether this is a [`domain`](Self::domain) error.
    #[must_use]
    pub fn is_domain(&self) -> bool {
        self.0.domain
    }

    /// Adds the cause of this error.
    #[must_use]
    pub(crate) fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Creates an error with code `ARG_WRONG`.
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
        let message = if stack.message.is_empty() { code.text() } else { stack.message };
        Self::build(code, Some(call), message, stack.frames, None).noted()
    }

    pub(crate) fn from_callback(
        call: &'static str,
        code: sys::PetscErrorCode,
        stack: handler::Stack,
        source: Self,
    ) -> Self {
        // PETSc may have continued after the callback failed; the failure still counts.
        let code = if code == 0 { source.code() } else { ErrorCode::from_raw(code) };
        let exit_code = source.0.exit_code;
        let message = "a callback failed".to_owned();
        // The source is the user's error, without the wrapper.
        let source: Source = match source.0.source {
            Some(inner) if source.0.call.is_none() => inner,
            _ => Box::new(source),
        };
        Self::build(code, Some(call), message, stack.frames, Some(source))
            .noted()
            .with_exit_code(exit_code)
    }

    fn build(
        code: ErrorCode,
        call: Option<&'static str>,
        message: String,
        frames: Vec<Frame>,
        source: Option<Source>,
    ) -> Self {
        Self(Box::new(Inner {
            code,
            call,
            message,
            frames,
            rank: runtime::rank(),
            source,
            exit_code: 1,
            collective: false,
            domain: false,
        }))
    }

    /// Records that other ranks possibly do not have this error.
    pub(crate) fn note(&self) {
        runtime::note_failure(|| self.to_string());
    }

    fn noted(self) -> Self {
        self.note();
        self
    }

    /// Sets the exit code with which [`run`](crate::run) ends the process for this error. Default:
    /// 1.
    #[must_use]
    pub fn with_exit_code(mut self, exit_code: u8) -> Self {
        self.0.exit_code = exit_code;
        self
    }

    /// Returns the exit code, see [`with_exit_code`](Self::with_exit_code).
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.0.exit_code
    }

    /// Returns PETSc's error code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// Returns the name of the C function that failed, if one was called.
    #[must_use]
    pub fn call(&self) -> Option<&'static str> {
        self.0.call
    }

    /// Returns the message without function, rank and stack.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns PETSc's stack, innermost function first.
    #[must_use]
    pub fn frames(&self) -> &[Frame] {
        &self.0.frames
    }

    /// Returns the rank in the world communicator on which the error was created.
    #[must_use]
    pub fn rank(&self) -> Option<i32> {
        self.0.rank
    }

    /// Returns whether the error is the same on all ranks (for example, a solver that did not
    /// converge).
    #[must_use]
    pub fn is_collective(&self) -> bool {
        self.0.collective
    }

    /// Returns the user-defined error that caused this error, if it has type `E`.
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
        // If the error is the same on all ranks, the rank is omitted.
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
        self.0.source.as_deref().map(|e| e as &(dyn StdError + 'static))
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
