//! The handle of a session.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::c_char;
use std::fmt;
use std::ptr;

use petsc_macros::wraps;

use super::registry::{self, LeakedHandle};
use super::{Builder, launcher, session};
use crate::comm::Comm;
use crate::error::Result;
use crate::sys::mpi_sys as mpi_raw;
use crate::{call, ffi, get, sys};

thread_local! {
    /// Citations of this session.
    static CITED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// A session. Communicators come only from a session, and every object is created on a
/// communicator.
///
/// PETSc is finalized after this handle and all objects are dropped.
#[derive(Debug)]
pub struct Petsc {
    world: Comm,
    self_comm: Comm,
    _hold: registry::Hold,
}

/// Returns the string that C writes to a buffer.
fn text(fill: impl FnOnce(*mut c_char, usize) -> Result<()>) -> Result<String> {
    let mut text = [0; 4096];
    fill(text.as_mut_ptr(), text.len() - 1)?;
    // SAFETY: the last byte is 0, because C does not write it.
    Ok(unsafe { ffi::str_from_ptr(text.as_ptr()) }.unwrap_or_default())
}

impl Petsc {
    /// Creates the handle of the session whose world communicator is `raw_world`. From now on, the
    /// last holder finalizes PETSc.
    pub(super) fn hold(raw_world: mpi_raw::MPI_Comm) -> Result<Self> {
        CITED.take();
        let hold = registry::Hold::new();
        let world = Comm::duplicate_of(raw_world)?;
        // SAFETY: PETSc is initialized.
        let self_comm = Comm::duplicate_of(unsafe { sys::PetscRsCommSelf() })?;
        Ok(Self { world, self_comm, _hold: hold })
    }

    /// Returns a builder with settings for the start of a session.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Starts a session with the arguments of the process. Programs usually call
    /// [`run`](crate::run) instead.
    ///
    /// # Errors
    /// The errors of [`Builder::init`].
    pub fn init() -> Result<Self> {
        Self::builder().init()
    }

    /// Returns the communicator of all processes of the job: a duplicate of `PETSC_COMM_WORLD`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// use petsc_rs::prelude::*;
    /// let x = Vector::new(petsc.world(), 10)?; // distributed over all ranks
    /// assert_eq!(x.len()?, 10);
    /// # Ok(()) })
    /// ```
    #[must_use]
    #[wraps(PETSC_COMM_WORLD)]
    pub fn world(&self) -> &Comm {
        &self.world
    }

    /// Returns the communicator of this process only: a duplicate of `PETSC_COMM_SELF`.
    ///
    /// # Examples
    /// Each rank has a vector of its own:
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// use petsc_rs::prelude::*;
    /// let x = Vector::seq(petsc.self_comm(), 3)?;
    /// assert_eq!((x.len()?, x.local_len()?), (3, 3));
    /// # Ok(()) })
    /// ```
    #[must_use]
    #[wraps(PETSC_COMM_SELF)]
    pub fn self_comm(&self) -> &Comm {
        &self.self_comm
    }

    /// Returns the release of the PETSc library loaded: major, minor and subminor number. Not
    /// collective.
    #[wraps(PetscGetVersionNumber)]
    pub fn version(&self) -> Result<(usize, usize, usize)> {
        crate::not_collective!();
        // SAFETY: the last argument may be NULL.
        let (major, minor, subminor) =
            unsafe { get!(PetscGetVersionNumber(_, _, _, ptr::null_mut())) }?;
        Ok((ffi::size(major)?, ffi::size(minor)?, ffi::size(subminor)?))
    }

    /// Returns the name and the version of the MPI library, as the library reports them.
    #[must_use]
    #[wraps(MPI_Get_library_version)]
    pub fn mpi_library(&self) -> String {
        launcher::mpi_library()
    }

    /// Returns the name of the computer on which this rank runs.
    #[wraps(PetscGetHostName, not_collective)]
    pub fn host_name(&self) -> Result<String> {
        // SAFETY: room for the given number of bytes (`text`).
        text(|name, len| unsafe { call!(PetscGetHostName(name, len)) })
    }

    /// Returns the name of the user who runs this process.
    #[wraps(PetscGetUserName, not_collective)]
    pub fn user_name(&self) -> Result<String> {
        // SAFETY: room for the given number of bytes (`text`).
        text(|name, len| unsafe { call!(PetscGetUserName(name, len)) })
    }

    /// Returns the current directory of this process.
    #[wraps(PetscGetWorkingDirectory, not_collective)]
    pub fn working_directory(&self) -> Result<String> {
        // SAFETY: room for the given number of bytes (`text`).
        text(|path, len| unsafe { call!(PetscGetWorkingDirectory(path, len)) })
    }

    /// Returns the path of this program from the command line.
    #[wraps(PetscGetProgramName, not_collective)]
    pub fn program_name(&self) -> Result<String> {
        // SAFETY: room for the given number of bytes (`text`).
        text(|name, len| unsafe { call!(PetscGetProgramName(name, len)) })
    }

    /// Returns whether PETSc was built with an external package, such as `mumps`.
    ///
    /// # Errors
    /// `ARG_WRONG` if the name contains a NUL character; `SUP` for a name of more than 125 bytes.
    #[wraps(PetscHasExternalPackage, not_collective)]
    pub fn has_external_package(&self, name: &str) -> Result<bool> {
        let name = ffi::c_string(name)?;
        // SAFETY: a NUL-terminated name.
        unsafe { get!(PetscHasExternalPackage(name.as_c_str().as_ptr(), _)) }
    }

    /// Sets whether PETSc prints information about its algorithms, as with the option `-info`. Not
    /// collective. Default: false.
    #[wraps(PetscInfoAllow)]
    pub fn allow_info(&self, allow: bool) -> Result<()> {
        crate::not_collective!();
        // SAFETY: PETSc is initialized.
        unsafe { call!(PetscInfoAllow(ffi::raw_bool(allow))) }
    }

    /// Adds a BibTeX entry to the list that `-citations` prints at the end of the session. An entry
    /// with the same text is added only once.
    ///
    /// Not collective; only entries of rank 0 are printed. Option: `-citations`.
    ///
    /// # Errors
    /// `ARG_WRONG` if the text contains a NUL character; the errors of `PetscCitationsRegister`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// petsc.cite("@article{me, title = {How I solved it}}\n")?;
    /// # Ok(()) })
    /// ```
    #[wraps(PetscCitationsRegister)]
    pub fn cite(&self, bibtex: &str) -> Result<()> {
        crate::not_collective!();
        let text = ffi::c_string(bibtex)?;
        if !CITED.with_borrow_mut(|cited| cited.insert(bibtex.to_owned())) {
            return Ok(());
        }
        // SAFETY: PETSc is initialized and copies the NUL-terminated text.
        unsafe { call!(PetscRsCitationsRegister(text.as_c_str().as_ptr())) }
    }

    /// Returns the live handles of this rank, with the source lines that created them.
    #[must_use]
    pub fn handles(&self) -> Vec<LeakedHandle> {
        registry::alive()
    }

    /// Prints on rank 0 to PETSc's output stream, so that the text is in order with the output of
    /// viewers and monitors.
    ///
    /// Not collective; ranks other than 0 print nothing.
    ///
    /// # Errors
    /// The errors of `PetscPrintf`; `ARG_WRONG` if the text contains a NUL character.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// use petsc_rs::prelude::*;
    /// let x = Vector::new(petsc.world(), 10)?;
    /// petsc.print(format_args!("norm {:.3}\n", x.norm(Norm::Two)?))?;
    /// # Ok(()) })
    /// ```
    #[wraps(PetscPrintf)]
    pub fn print(&self, text: fmt::Arguments<'_>) -> Result<()> {
        crate::not_collective!();
        self.world.print(text)
    }

    /// Destroys the objects that were queued after an error, and makes destruction collective
    /// again. Collective on all processes.
    ///
    /// Call this method on all ranks if a collective call has failed on some of them and the
    /// program continues. All ranks must have dropped the same objects before the call. The call is
    /// not needed after errors of local calls, nor after errors that are the same on all ranks
    /// ([`Error::is_collective`](crate::Error::is_collective)).
    ///
    /// A rank with an error waits 60 seconds for the others (or the number of seconds in
    /// `PETSC_RS_ABORT_GRACE`), and then aborts the job.
    ///
    /// # Errors
    /// The first error of a destructor since the last call.
    #[wraps(PetscGarbageCleanup)]
    pub fn recover(&self) -> Result<()> {
        session::recover();
        registry::take_drop_error()
    }
}
