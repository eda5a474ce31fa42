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

/// `Ok` if the call succeeded and no callback failed meanwhile. A panic that a callback caught is
/// resumed here, its error becomes the source of the error returned.
///
/// # Errors
/// PETSc's error with its stack.
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
