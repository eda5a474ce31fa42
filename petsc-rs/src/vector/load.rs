//! Vectors from files.

use petsc_macros::wraps;

use super::{Vector, VectorRef};
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::file::binary::Binary;
use crate::object::Object as _;
use crate::viewer::ViewerRef;
use crate::{call, create};

impl Vector {
    /// Loads the next vector of a binary file, with PETSc's parallel layout. For an HDF5 file, in
    /// which vectors have names, see [`load_named`](Self::load_named).
    ///
    /// Collective.
    ///
    /// # Errors
    /// `FILE_UNEXPECTED`, on all ranks, if the file contains no vector at this position or a
    /// damaged one. The message contains the byte offset.
    ///
    /// # Examples
    /// See [`Viewer::binary`](crate::Viewer::binary), which writes and loads a vector.
    #[wraps(VecLoad)]
    #[track_caller]
    pub fn load(comm: &Comm, viewer: &ViewerRef) -> Result<Self> {
        // SAFETY: a live communicator; C creates an object.
        let mut x: Self = unsafe { create!(VecCreate(comm.as_raw(), _)) }?;
        // SAFETY: a live vector; the name is static.
        unsafe { call!(VecSetType(x.as_ptr(), c"standard".as_ptr())) }?;
        x.fill(viewer, None)?;
        Ok(x)
    }

    /// Loads the vector with this name in the current group of an HDF5 file. Collective.
    ///
    /// # Errors
    /// An error of HDF5 if there is no such vector.
    #[wraps(VecLoad)]
    #[track_caller]
    pub fn load_named(comm: &Comm, viewer: &ViewerRef, name: &str) -> Result<Self> {
        // SAFETY: a live communicator; C creates an object.
        let mut x: Self = unsafe { create!(VecCreate(comm.as_raw(), _)) }?;
        x.set_name(name)?;
        // SAFETY: a live vector; the name is static.
        unsafe { call!(VecSetType(x.as_ptr(), c"standard".as_ptr())) }?;
        x.fill(viewer, None)?;
        Ok(x)
    }
}

impl VectorRef {
    /// Loads the entries of this vector and keeps its parallel layout. Reads the next vector of a
    /// binary file; in an HDF5 file, reads the vector with the name of this vector. Collective.
    ///
    /// # Errors
    /// `FILE_UNEXPECTED`, on all ranks, if the file contains no vector at this position, a damaged
    /// one, or one of another size (the message contains the byte offset); `ARG_WRONGSTATE` while
    /// an array of this vector is borrowed.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::{FileMode, Viewer};
    /// # let dir = tempfile::tempdir()?;
    /// # let path = dir.path().join("x.dat");
    /// let mut x = Vector::new(comm, 4)?;
    /// x.set(2.0.into())?;
    /// let file = Viewer::binary(comm, &path, FileMode::Write)?;
    /// x.view(&file)?;
    /// file.close()?;
    /// let mut y = x.duplicate()?;
    /// y.read(&*Viewer::binary(comm, &path, FileMode::Read)?)?;
    /// assert_eq!(y.sum()?.real(), 8.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecLoad)]
    pub fn read(&mut self, viewer: &ViewerRef) -> Result<()> {
        self.check_writable()?;
        let len = self.len()? as u64;
        if !viewer.is_type("hdf5")? {
            return self.fill(viewer, Some(len));
        }
        // C replaces the array of the vector (`VecReplaceArray`), but not that of the local form of a
        // ghosted vector, nor the pointer of the owner of the memory.
        let mut read = self.duplicate()?;
        read.set_name(&self.name()?)?;
        read.fill(viewer, Some(len))?;
        self.copy_from(&read)
    }

    /// Loads a vector whose size may be set.
    fn fill(&mut self, viewer: &ViewerRef, len: Option<u64>) -> Result<()> {
        viewer.check_loadable()?;
        viewer.check_vector(len)?;
        // SAFETY: live objects; the type of the viewer supports loading of vectors, and a binary
        // file contains as many values as its header states (above).
        unsafe { call!(VecLoad(self.as_ptr(), viewer.as_ptr())) }
    }
}

impl ViewerRef {
    /// Checks whether a vector of `len` entries can be loaded. Collective.
    fn check_vector(&self, len: Option<u64>) -> Result<()> {
        let headless = self.is_type("binary")? && self.skips_headers()?;
        match len {
            None if headless => Err(Error::collective(
                ErrorCode::FILE_UNEXPECTED,
                "a file without headers does not contain the length of a vector: use VectorRef::read on an existing vector",
            )),
            Some(len) if headless => self.check_contents(|file| file.check_values(len)),
            _ => self.check_contents(Binary::check_vector),
        }
    }
}
