//! The handle of a running session.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::ptr;

use petsc_macros::wraps;

use super::registry::{self, LeakedHandle};
use super::{Builder, launcher, session};
use crate::comm::Comm;
use crate::error::Result;
use crate::sys::mpi_sys as mpi_raw;
use crate::{call, ffi, sys};

thread_local! {
    /// Citations of this session.
    static CITED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// A running session: the only source of communicators, without which nothing can be created.
///
/// PETSc is finalized when this and every object are gone, whichever goes last.
#[derive(Debug)]
pub struct Petsc {
    world: Comm,
    self_comm: Comm,
    _hold: registry::Hold,
}

impl Petsc {
    /// The handle of the session whose world is `raw_world`. From here, the count of holders finalizes.
    pub(super) fn hold(raw_world: mpi_raw::MPI_Comm) -> Result<Self> {
        CITED.take();
        let hold = registry::Hold::new();
        let world = Comm::duplicate_of(raw_world)?;
        // SAFETY: PETSc is initialized.
        let self_comm = Comm::duplicate_of(unsafe { sys::PetscRsCommSelf() })?;
        Ok(Self {
            world,
            self_comm,
            _hold: hold,
        })
    }

    /// Options for the start of a session.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Starts a session with the process's arguments. Programs use [`run`](crate::run) instead.
    ///
    /// # Errors
    /// The errors of [`Builder::init`].
    pub fn init() -> Result<Self> {
        Self::builder().init()
    }

    /// All processes of the job: a duplicate of `PETSC_COMM_WORLD`.
    #[must_use]
    #[wraps(PETSC_COMM_WORLD)]
    pub fn world(&self) -> &Comm {
        &self.world
    }

    /// This process alone: a duplicate of `PETSC_COMM_SELF`.
    #[must_use]
    #[wraps(PETSC_COMM_SELF)]
    pub fn self_comm(&self) -> &Comm {
        &self.self_comm
    }

    /// Release of the PETSc loaded: major, minor, subminor. Not collective.
    ///
    /// # Errors
    /// The errors of `PetscGetVersionNumber`.
    #[wraps(PetscGetVersionNumber)]
    pub fn version(&self) -> Result<(usize, usize, usize)> {
        crate::not_collective!();
        let (mut major, mut minor, mut subminor) = (0, 0, 0);
        // SAFETY: valid out-pointers; the last one may be NULL.
        unsafe {
            call!(PetscGetVersionNumber(
                &raw mut major,
                &raw mut minor,
                &raw mut subminor,
                ptr::null_mut()
            ))
        }?;
        Ok((ffi::size(major)?, ffi::size(minor)?, ffi::size(subminor)?))
    }

    /// Name and version of the MPI library, as it describes itself.
    #[must_use]
    #[wraps(MPI_Get_library_version)]
    pub fn mpi_library(&self) -> String {
        launcher::mpi_library()
    }

    /// Name of the computer that this rank runs on. Not collective.
    ///
    /// # Errors
    /// The errors of `PetscGetHostName`.
    #[wraps(PetscGetHostName)]
    pub fn host_name(&self) -> Result<String> {
        crate::not_collective!();
        let mut name = [0; 256];
        // SAFETY: room for as many bytes as given; PETSc terminates the text.
        unsafe { call!(PetscGetHostName(name.as_mut_ptr(), name.len())) }?;
        // SAFETY: NUL-terminated by the call above.
        Ok(unsafe { ffi::str_from_ptr(name.as_ptr()) }.unwrap_or_default())
    }

    /// Adds a BibTeX entry to those that `-citations` prints at the end; the same text counts once.
    ///
    /// Not collective; what rank 0 adds is printed. Option: `-citations`.
    ///
    /// # Errors
    /// A text with a NUL; the errors of `PetscCitationsRegister`.
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

    /// The handles that are alive on this rank, with the source lines that created them.
    #[must_use]
    pub fn handles(&self) -> Vec<LeakedHandle> {
        registry::alive()
    }

    /// Prints on rank 0 through PETSc's own output stream, so that the text stays in order with what
    /// viewers and monitors print.
    ///
    /// Not collective; ranks other than 0 print nothing.
    ///
    /// # Errors
    /// What `PetscPrintf` returns; a text with a NUL.
    #[wraps(PetscPrintf)]
    pub fn print(&self, text: fmt::Arguments<'_>) -> Result<()> {
        crate::not_collective!();
        self.world.print(text)
    }

    /// Destroys what was queued since an error, and makes destruction collective again. Collective over all processes.
    ///
    /// Call it on all ranks, after a collective call has failed on some of them and the program goes on. What one rank has
    /// dropped by then, the others must have dropped too. Errors of local calls do not need it, nor do
    /// those that arise on all ranks alike ([`Error::is_collective`](crate::Error::is_collective)).
    ///
    /// A rank with an error waits 60 seconds for the others, or `PETSC_RS_ABORT_GRACE`, and then ends the job.
    ///
    /// # Errors
    /// The first error of a destructor since the last call.
    #[wraps(PetscGarbageCleanup)]
    pub fn recover(&self) -> Result<()> {
        session::recover();
        registry::take_drop_error()
    }
}
