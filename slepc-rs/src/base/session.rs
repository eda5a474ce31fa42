//! Initialization of SLEPc in a session.

use std::process::ExitCode;

use petsc_macros::wraps;
use petsc_rs::{Error, ErrorCode, Petsc, Result, call, ffi};

use crate::sys;

/// Runs a program as [`petsc_rs::run`] does, with SLEPc initialized. For a session with options set
/// in the program, call [`init`] in the closure of [`Builder::run`](petsc_rs::Builder::run).
pub fn run<F: FnOnce(&Petsc) -> Result<()>>(body: F) -> ExitCode {
    petsc_rs::run(|petsc| {
        init(petsc)?;
        body(petsc)
    })
}

/// Runs a program as [`run`] does; `body` can have any error type that converts to [`Error`]. See
/// [`petsc_rs::run_with_error`].
pub fn run_with_error<E: Into<Error>>(body: impl FnOnce(&Petsc) -> Result<(), E>) -> ExitCode {
    run(|petsc| body(petsc).map_err(Into::into))
}

/// Initializes SLEPc in a session of PETSc; SLEPc is finalized together with PETSc. Not collective;
/// has no effect if SLEPc is initialized already.
///
/// Constructors of this crate also initialize SLEPc. Call this function to get SLEPc's part of
/// `-help` and `-version`, and errors of the installation, at the start of the program.
///
/// # Errors
/// `LIB` if the SLEPc library loaded is of another release than the one compiled for; the errors of
/// `SlepcInitialize`.
#[wraps(SlepcInitialize, SlepcFinalize)]
pub fn init(_session: &Petsc) -> Result<()> {
    petsc_rs::not_collective!();
    ensure()
}

/// Returns the release of the SLEPc library loaded: major, minor and subminor number. Not
/// collective.
#[wraps(SlepcGetVersionNumber)]
pub fn version() -> Result<(usize, usize, usize)> {
    petsc_rs::not_collective!();
    let (mut major, mut minor, mut subminor) = (0, 0, 0);
    // SAFETY: valid out-pointers; the last one may be NULL.
    unsafe {
        call!(SlepcGetVersionNumber(
            &raw mut major,
            &raw mut minor,
            &raw mut subminor,
            std::ptr::null_mut()
        ))
    }?;
    Ok((ffi::size(major)?, ffi::size(minor)?, ffi::size(subminor)?))
}

/// Initializes SLEPc if necessary. The caller holds a handle of the session, so PETSc is
/// initialized.
pub(crate) fn ensure() -> Result<()> {
    let mut started = ffi::raw_bool(false);
    // SAFETY: may be called at any time; a valid out-pointer.
    unsafe { call!(SlepcInitialized(&raw mut started)) }?;
    if ffi::to_bool(started) {
        return Ok(());
    }
    check_release()?;
    let none = std::ptr::null_mut();
    // SAFETY: PETSc is initialized, so SLEPc asks for no arguments and takes NULL for the texts.
    unsafe {
        call!(SlepcInitialize(std::ptr::null_mut(), none, std::ptr::null(), std::ptr::null()))
    }?;
    // SAFETY: SLEPc is initialized.
    unsafe { call!(PetscRsSlepcGuard()) }?;
    // SAFETY: PETSc calls this once, when it is finalized, and forgets it.
    unsafe { call!(PetscRegisterFinalize(Some(finalize))) }
}

unsafe extern "C" fn finalize() -> sys::PetscErrorCode {
    // SAFETY: SLEPc was initialized by `ensure`; PETSc, which it did not start, is being finalized.
    unsafe { sys::SlepcFinalize() }
}

/// Compares the releases: the C interface changes with the minor number.
fn check_release() -> Result<()> {
    let (mut major, mut minor, mut subminor) = (0, 0, 0);
    // SAFETY: valid out-pointers.
    unsafe { sys::PetscRsSlepcVersion(&raw mut major, &raw mut minor, &raw mut subminor) };
    let loaded = version()?;
    if (usize::try_from(major)?, usize::try_from(minor)?) == (loaded.0, loaded.1) {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::LIB,
        format!(
            "compiled for SLEPc {major}.{minor}.{subminor}, but the library loaded is {}.{}.{}: \
             check LD_LIBRARY_PATH",
            loaded.0, loaded.1, loaded.2
        ),
    ))
}
