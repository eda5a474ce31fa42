//! Output of errors in the format of a C program.

use std::ffi::c_int;
use std::panic::Location;
use std::ptr;

use petsc_macros::wraps;

use super::{Error, Frame, Result};
use crate::{Comm, ffi, sys};

impl Error {
    /// Prints the error on the first rank of `comm` in the format that PETSc uses in a C program:
    /// description of the code, message, the functions through which the error was returned (ending
    /// with the caller), and the options.
    ///
    /// Not collective. Options: `-error_output_stdout`, `-error_output_none`.
    ///
    /// # Errors
    /// `ARG_WRONG` if a string contains a NUL character.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::{Error, ErrorCode};
    /// Error::collective(ErrorCode::ARG_SIZ, "too long").print_traceback(comm)
    /// # })
    /// ```
    #[wraps(PetscTraceBackErrorHandler)]
    #[track_caller]
    pub fn print_traceback(&self, comm: &Comm) -> Result<()> {
        crate::not_collective!();
        let caller = Location::caller();
        let program = Frame {
            function: "main".to_owned(),
            file: caller.file().to_owned(),
            line: i32::try_from(caller.line()).unwrap_or(0),
        };
        let message = ffi::c_string(self.message())?;
        let mut place = sys::PETSC_ERROR_INITIAL;
        for frame in self.frames().iter().chain([&program]) {
            let function = ffi::c_string(&frame.function)?;
            let file = ffi::c_string(&frame.file)?;
            // SAFETY: a live communicator and NUL-terminated strings. The returned code is that of
            // this error.
            let _ = unsafe {
                sys::PetscTraceBackErrorHandler(
                    comm.as_raw(),
                    c_int::from(frame.line),
                    function.as_ptr(),
                    file.as_ptr(),
                    self.code().to_raw(),
                    place,
                    message.as_ptr(),
                    ptr::null_mut(),
                )
            };
            place = sys::PETSC_ERROR_REPEAT;
        }
        Ok(())
    }
}
