//! Viewers described by options.

use std::ptr;

use petsc_macros::wraps;

use super::{Viewer, ViewerFormat};
use crate::comm::Comm;
use crate::error::Result;
use crate::options::Options;
use crate::{get, sys};

impl Options {
    /// Creates the viewer that an option describes, such as `-out binary:x.dat`,
    /// `-out ascii:x.m:ascii_matlab` or `-out draw`. Returns the viewer and its format, or `None`
    /// if the option is not set. Collective.
    ///
    /// # Errors
    /// An error of PETSc if the type of viewer or the format does not exist, or if a file cannot be
    /// opened.
    #[wraps(PetscOptionsGetViewer, PetscOptionsCreateViewer)]
    #[track_caller]
    pub fn viewer(&self, comm: &Comm, name: &str) -> Result<Option<(Viewer, ViewerFormat)>> {
        if !self.has(name)? {
            return Ok(None);
        }
        let name = self.full_name(name)?;
        let (comm, options, prefix, name) = (comm.as_raw(), self.raw(), ptr::null(), name.as_ptr());
        #[cfg(petsc_ge_3_22)]
        let (raw, format, set): (sys::PetscViewer, _, bool) =
            // SAFETY: a live communicator and database, a NUL-terminated name.
            unsafe { get!(PetscOptionsCreateViewer(comm, options, prefix, name, _, _, _)) }?;
        #[cfg(not(petsc_ge_3_22))]
        let (raw, format, set): (sys::PetscViewer, _, bool) =
            // SAFETY: a live communicator and database, a NUL-terminated name.
            unsafe { get!(PetscOptionsGetViewer(comm, options, prefix, name, _, _, _)) }?;
        if !set || raw.is_null() {
            return Ok(None);
        }
        // SAFETY: PETSc returns a reference.
        Ok(Some((unsafe { Viewer::from_raw(raw) }, format)))
    }
}
