//! The error handler, which PETSc calls for each function through which an error is returned.

use std::cell::RefCell;
use std::ffi::{c_char, c_int, c_void};
use std::fmt;

use super::ErrorCode;
use crate::{ffi, sys};

/// A C function through which an error was returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Function.
    pub function: String,
    /// Source file, with the path that it had when PETSc was compiled.
    pub file: String,
    /// Line.
    pub line: i32,
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.function, self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        f.write_str(")")
    }
}

/// Message and frames of an error that is being returned.
#[derive(Debug, Default)]
pub(crate) struct Stack {
    pub(crate) message: String,
    pub(crate) frames: Vec<Frame>,
}

thread_local! {
    static STACK: RefCell<Stack> = RefCell::default();
}

/// Takes the message and frames collected since the last error.
pub(crate) fn take() -> Stack {
    STACK
        .try_with(|stack| stack.try_borrow_mut().map(|mut s| std::mem::take(&mut *s)).ok())
        .ok()
        .flatten()
        .unwrap_or_default()
}

/// The handler of `PetscPushErrorHandler`: collects frames, prints nothing, and returns the code.
pub(crate) unsafe extern "C" fn collect(
    _comm: sys::mpi_sys::MPI_Comm,
    line: c_int,
    function: *const c_char,
    file: *const c_char,
    code: sys::PetscErrorCode,
    kind: sys::PetscErrorType,
    message: *const c_char,
    _ctx: *mut c_void,
) -> sys::PetscErrorCode {
    // SAFETY: PETSc passes NULL or NUL-terminated strings.
    let function = unsafe { ffi::str_from_ptr(function) }.unwrap_or_default();
    // SAFETY: as above.
    let file = unsafe { ffi::str_from_ptr(file) }.unwrap_or_default();
    // SAFETY: as above.
    let message = unsafe { ffi::str_from_ptr(message) }.unwrap_or_default();
    let _ = STACK.try_with(|stack| {
        let Ok(mut stack) = stack.try_borrow_mut() else {
            return;
        };
        if kind == sys::PETSC_ERROR_INITIAL {
            stack.frames.clear();
            stack.message = message.trim_end().to_owned();
        }
        stack.frames.push(Frame { function, file, line });
    });
    if code == ErrorCode::LIB.to_raw() {
        // SAFETY: has no arguments.
        unsafe { sys::PetscRsForgetLibraryError() };
    }
    code
}
