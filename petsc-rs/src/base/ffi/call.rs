//! Calls of C functions with a check of the error code.

use crate::callback::{self, Failure};
use crate::error::{Error, Result, handler};
use crate::object::Object;
use crate::runtime::NotCollective;
use crate::{comm, sys};

/// Calls a function of PETSc and converts its error code to a [`Result`].
///
/// `sys` is resolved where the macro is used, so slepc-rs can use it with its own bindings. The
/// macro adds the name and the check, but not `unsafe`. If the first argument is `object.as_ptr()`,
/// an error of an object on one rank does not affect other ranks.
#[doc(hidden)]
#[macro_export]
macro_rules! call {
    ($function:ident ( $object:ident . as_ptr ( ) $(, $argument:expr)* $(,)? )) => {
        $crate::ffi::check_of(
            &*$object,
            stringify!($function),
            sys::$function($object.as_ptr() $(, $argument)*),
        )
    };
    ($function:ident ( $($argument:expr),* $(,)? )) => {
        $crate::ffi::check(stringify!($function), sys::$function($($argument),*))
    };
}

/// Checks the error code of a C function of [`sys`](crate::sys) for which this crate has no method.
/// `call` is the name of the function, for the message.
///
/// Returns `Ok` if the code is 0 and no callback failed during the call. If a callback panicked,
/// the panic is resumed here. If a callback returned an error, that error is the source of the
/// returned error.
///
/// # Errors
/// The error of PETSc with its stack.
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

/// Checks the error code of a call on `object` as [`check`] does. If `object` belongs to a single
/// rank, handles that are dropped after an error are not queued.
///
/// # Errors
/// The errors of [`check`].
#[inline]
pub fn check_of<O>(object: &O, call: &'static str, code: sys::PetscErrorCode) -> Result<()>
where
    O: Object + ?Sized,
{
    if code == 0 && !callback::failure_pending() {
        return Ok(());
    }
    Err(failure_of(object.object_ptr(), call, code))
}

#[cold]
fn failure_of(object: sys::PetscObject, call: &'static str, code: sys::PetscErrorCode) -> Error {
    let alone = NotCollective::new();
    let error = failure(call, code);
    if !comm::size_of_object(object).is_ok_and(|ranks| ranks == 1) {
        drop(alone);
        error.note();
    }
    error
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
