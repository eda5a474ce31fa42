//! Vectors from files.

use std::ptr;

use petsc_macros::wraps;

use super::{Vector, VectorRef};
use crate::call;
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::file::binary::Binary;
use crate::object::Object as _;
use crate::viewer::ViewerRef;

impl Vector {
    /// The next vector of a binary file, distributed evenly. (In an HDF5 file, vectors have names:
    /// see [`load_named`](Self::load_named).)
    ///
    /// Collective.
    ///
    /// # Errors
    /// `FILE_UNEXPECTED` on all ranks, with the byte, if there is no vector or it is damaged.
    #[wraps(VecLoad)]
    #[track_caller]
    pub fn load(comm: &Comm, viewer: &ViewerRef) -> Result<Self> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(VecCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let mut x = unsafe { Self::from_raw(raw) };
        // SAFETY: a live vector; the name is static.
        unsafe { call!(VecSetType(x.as_ptr(), c"standard".as_ptr())) }?;
        x.fill(viewer, None)?;
        Ok(x)
    }

    /// The vector of this name in the current group of an HDF5 file. Collective.
    ///
    /// # Errors
    /// What HDF5 says if there is none.
    #[wraps(VecLoad)]
    #[track_caller]
    pub fn load_named(comm: &Comm, viewer: &ViewerRef, name: &str) -> Result<Self> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(VecCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let mut x = unsafe { Self::from_raw(raw) };
        x.set_name(name)?;
        // SAFETY: a live vector; the name is static.
        unsafe { call!(VecSetType(x.as_ptr(), c"standard".as_ptr())) }?;
        x.fill(viewer, None)?;
        Ok(x)
    }
}

impl VectorRef {
    /// Reads the next vector of a binary file, or the one of this vector's name in an HDF5 file, into
    /// this vector's layout. Collective.
    ///
    /// # Errors
    /// `FILE_UNEXPECTED` on all ranks, with the byte, if there is no vector, it is damaged or has another size;
    /// `ARG_WRONGSTATE` while an array of it is borrowed.
    #[wraps(VecLoad)]
    pub fn read(&mut self, viewer: &ViewerRef) -> Result<()> {
        self.check_writable()?;
        let len = self.len()? as u64;
        if !viewer.is_type("hdf5")? {
            return self.fill(viewer, Some(len));
        }
        // C gives the vector another array, which the local form of a ghosted vector, or the owner of its memory, does
        // not know: `VecReplaceArray`.
        let mut read = self.duplicate()?;
        read.set_name(&self.name()?)?;
        read.fill(viewer, Some(len))?;
        self.copy_from(&read)
    }

    /// Loads a vector that has a length, or has none yet.
    fn fill(&mut self, viewer: &ViewerRef, len: Option<u64>) -> Result<()> {
        viewer.check_loadable()?;
        viewer.check_vector(len)?;
        // SAFETY: live objects; the viewer has a type that vectors load from, and a binary file holds as many values as
        // its header says (above).
        unsafe { call!(VecLoad(self.as_ptr(), viewer.as_ptr())) }
    }
}

impl ViewerRef {
    /// Whether a vector of `len` entries can be loaded here. Collective.
    fn check_vector(&self, len: Option<u64>) -> Result<()> {
        let headless = self.is_type("binary")? && self.skips_headers()?;
        match len {
            None if headless => Err(Error::collective(
                ErrorCode::FILE_UNEXPECTED,
                "a file without headers does not say how long a vector is: read it into one that exists",
            )),
            Some(len) if headless => self.check_contents(|file| file.check_values(len)),
            _ => self.check_contents(Binary::check_vector),
        }
    }
}
