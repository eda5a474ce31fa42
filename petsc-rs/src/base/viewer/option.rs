//! Viewers described by options.

use std::ptr;

use petsc_macros::wraps;

use super::{Viewer, ViewerFormat};
use crate::comm::Comm;
use crate::error::Result;
use crate::options::Options;
use crate::{call, ffi, sys};

impl Options {
    /// Creates the viewer that an option describes, such as `-out binary:x.dat`,
    /// `-out ascii:x.m:ascii_matlab` or `-out draw`. Returns the viewer and its format, or `None`
    /// without the option. Collective.
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
        let (mut raw, mut format) = (ptr::null_mut(), sys::PETSC_VIEWER_DEFAULT);
        let mut set = ffi::raw_bool(false);
        #[cfg(petsc_ge_3_22)]
        // SAFETY: a live communicator and database, a NUL-terminated name, valid out-pointers.
        unsafe {
            call!(PetscOptionsCreateViewer(
                comm.as_raw(),
                self.raw(),
                ptr::null(),
                name.as_ptr(),
                &raw mut raw,
                &raw mut format,
                &raw mut set
            ))
        }?;
        #[cfg(not(petsc_ge_3_22))]
        // SAFETY: a live communicator and database, a NUL-terminated name, valid out-pointers.
        unsafe {
            call!(PetscOptionsGetViewer(
                comm.as_raw(),
                self.raw(),
                ptr::null(),
                name.as_ptr(),
                &raw mut raw,
                &raw mut format,
                &raw mut set
            ))
        }?;
        if !ffi::to_bool(set) || raw.is_null() {
            return Ok(None);
        }
        // SAFETY: PETSc returns a reference.
        let viewer = unsafe { Viewer::from_raw(raw) };
        Ok(Some((viewer, ViewerFormat::try_from(format)?)))
    }
}
