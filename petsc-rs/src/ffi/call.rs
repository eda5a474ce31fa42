//! One C call, one check.

use crate::callback::{self, Failure};
use crate::error::{Error, Result, handler};
use crate::sys;

/// Calls a function of PETSc and turns its error code into a [`Result`].
///
/// `sys` is looked up where the macro is used, so slepc-rs can use it with its own bindings. The
/// macro adds the name and the check, never the `unsafe`.
#[doc(hidden)]
#[macro_export]
macro_rules! call {
    ($function:ident ( $($argument:expr),* $(,)? )) => {
        $crate::ffi::check(stringify!($function), sys::$function($($argument),*))
    };
}

/// Checks the error code of a function of [`sys`](crate::sys), for calls that have no method: `call` is its name, for
/// the message.
///
/// Returns `Ok` if the code is 0 and no callback failed during the call. If a callback panicked, the panic continues
/// here. If it returned an error, that error is the source of the one returned.
///
/// # Errors
/// PETSc's error with its stack.
///
/// # Examples
/// ```
/// # petsc_rs::doctest(|comm| {
/// use petsc_rs::{Vector, check, sys};
///
/// let x = Vector::new(comm, 7)?;
/// let mut size = 0;
/// // SAFETY: a live vector and a valid out-pointer.
/// check("VecGetSize", unsafe { sys::VecGetSize(x.as_ptr(), &raw mut size) })?;
/// assert_eq!(size, 7);
/// # Ok(()) })
/// ```
#[inline]
pub fn check(call: &'static str, code: sys::PetscErrorCode) -> Result<()> {
    if code == 0 && !callback::failure_pending() {
        return Ok(());
    }
    Err(failure(call, code))
}

#[cold]
fn failure(call: &'static str, code: sys::PetscErrorCode) -> Error {
    let call = call.strip_prefix("PetscRs").unwrap_or(call);
    let stack = handler::take();
    match callback::take_failure() {
        Some(Failure::Panic(payload)) => std::panic::resume_unwind(payload),
        Some(Failure::Error(source)) => Error::from_callback(call, code, stack, source),
        None => Error::from_petsc(call, code, stack),
    }
}
