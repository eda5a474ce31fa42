//! Handling of closures that fail. The first failure is stored, and the callback returns an error
//! code, so that each PETSc function on the call stack returns to its caller. Until the failure is
//! taken, further callbacks return an error immediately.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ffi::CStr;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, ErrorCode, Result};
use crate::sys;

/// The failure of a callback.
#[derive(Debug)]
pub enum Failure {
    /// A panic; it is resumed in the caller of the PETSc function.
    Panic(Box<dyn Any + Send>),
    /// An error.
    Error(Error),
}

thread_local! {
    static PENDING: Cell<bool> = const { Cell::new(false) };
    /// Number of nested callbacks that are running.
    static INSIDE: Cell<usize> = const { Cell::new(0) };
    static FAILURE: RefCell<Option<Failure>> = const { RefCell::new(None) };
}

/// Returns whether a callback is running.
#[inline]
#[must_use]
pub fn is_inside() -> bool {
    INSIDE.get() != 0
}

/// Guard for a running callback, or for the destructor of a closure that C calls.
pub(super) struct Inside(());

impl Inside {
    #[inline]
    pub(super) fn enter() -> Self {
        INSIDE.set(INSIDE.get() + 1);
        Self(())
    }
}

impl Drop for Inside {
    #[inline]
    fn drop(&mut self) {
        INSIDE.set(INSIDE.get() - 1);
    }
}

/// Returns whether a callback has failed and the failure has not been taken yet.
#[inline]
#[must_use]
pub fn failure_pending() -> bool {
    PENDING.get()
}

/// Takes the failure of a callback.
#[must_use]
pub fn take_failure() -> Option<Failure> {
    PENDING.set(false);
    FAILURE.take()
}

/// Drops the payload of a panic. If its destructor panics too, the second payload is leaked.
pub(crate) fn discard(payload: Box<dyn Any + Send>) {
    if let Err(next) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        Box::leak(next);
    }
}

fn store(failure: Failure) {
    FAILURE.set(Some(failure));
    PENDING.set(true);
}

/// Runs the body of a callback. A panic is caught, and an error is converted to PETSc's error code.
#[inline]
pub fn guard(name: &CStr, body: impl FnOnce() -> Result<()>) -> sys::PetscErrorCode {
    guard_with(name, body, |()| {})
}

/// Runs the body of a callback with a result, which `deliver` writes to PETSc's out-pointer.
#[inline]
pub fn guard_with<T>(
    name: &CStr,
    body: impl FnOnce() -> Result<T>,
    deliver: impl FnOnce(T),
) -> sys::PetscErrorCode {
    if failure_pending() {
        return raise(name, ErrorCode::USER, c"an earlier callback failed");
    }
    let inside = Inside::enter();
    let outcome = catch_unwind(AssertUnwindSafe(body));
    drop(inside);
    match outcome {
        Ok(Ok(value)) => {
            deliver(value);
            sys::error_code(0)
        }
        Ok(Err(error)) => failed(name, error),
        Err(payload) => {
            store(Failure::Panic(payload));
            raise(name, ErrorCode::USER, c"a Rust callback panicked")
        }
    }
}

#[cold]
fn failed(name: &CStr, error: Error) -> sys::PetscErrorCode {
    let code = error.code();
    store(Failure::Error(error));
    raise(name, code, c"a Rust callback returned an error")
}

/// Raises an error in PETSc with constant strings: PETSc expects a printf format, and aborts the
/// job if the name of the function begins with "main".
fn raise(name: &CStr, code: ErrorCode, text: &CStr) -> sys::PetscErrorCode {
    // SAFETY: all strings are NUL-terminated and live for the call; the shim's format is "%s".
    unsafe { sys::PetscRsError(name.as_ptr(), c"petsc-rs".as_ptr(), code.to_i32(), text.as_ptr()) }
}
