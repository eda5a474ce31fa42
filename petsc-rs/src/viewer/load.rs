//! Objects from files.

use std::ptr;

use super::ViewerRef;
use crate::comm::Comm;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use crate::object::Object;
use crate::vector::{Vector, VectorRef};
use crate::{call, sys};

impl ViewerRef {
    /// Loading from any other type of viewer reads private data of the wrong type in places.
    pub(crate) fn check_loadable(&self) -> Result<()> {
        for kind in ["binary", "hdf5"] {
            if self.is_type(kind)? {
                return Ok(());
            }
        }
        Err(Error::argument(format!(
            "objects are loaded from binary and HDF5 files, not from a viewer of type {}",
            self.type_name()?.as_deref().unwrap_or("(none)")
        )))
    }
}

impl Vector {
    /// The next vector of a binary file, distributed evenly. (In an HDF5 file, vectors have names:
    /// see [`load_named`](Self::load_named).)
    ///
    /// Collective.
    ///
    /// # Errors
    /// `FILE_UNEXPECTED` if it is no vector, `FILE_READ` if the file ends too early.
    #[doc(alias = "VecLoad")]
    #[track_caller]
    pub fn load(comm: &Comm, viewer: &ViewerRef) -> Result<Self> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(VecCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let mut x = unsafe { Self::from_raw(raw) };
        // SAFETY: a live vector; the name is static.
        unsafe { call!(VecSetType(x.as_ptr(), c"standard".as_ptr())) }?;
        x.read(viewer)?;
        Ok(x)
    }

    /// The vector of this name in the current group of an HDF5 file. Collective.
    ///
    /// # Errors
    /// What HDF5 says if there is none.
    #[doc(alias = "VecLoad")]
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
        x.read(viewer)?;
        Ok(x)
    }
}

impl VectorRef {
    /// Reads the next vector of a binary file, or the one of this vector's name in an HDF5 file, into
    /// this vector's layout. Collective.
    ///
    /// # Errors
    /// `FILE_UNEXPECTED` if it is no vector or has another size; `FILE_READ` if the file ends too
    /// early; `ARG_WRONGSTATE` while an array of it is borrowed.
    #[doc(alias = "VecLoad")]
    pub fn read(&mut self, viewer: &ViewerRef) -> Result<()> {
        self.check_writable()?;
        viewer.check_loadable()?;
        // SAFETY: live objects; the viewer has a type that vectors load from (above).
        unsafe { call!(VecLoad(self.as_ptr(), viewer.as_ptr())) }
    }
}

impl Matrix {
    /// The next matrix of a binary file, as AIJ with its rows distributed evenly. (For another type,
    /// layout or an HDF5 file, see [`Builder::load`](crate::matrix::Builder::load).) Collective.
    ///
    /// # Errors
    /// `FILE_UNEXPECTED` if it is no matrix, `FILE_READ` if the file ends too early.
    #[doc(alias = "MatLoad")]
    #[track_caller]
    pub fn load(comm: &Comm, viewer: &ViewerRef) -> Result<Self> {
        Self::builder(comm).from_options(false).load(viewer)
    }
}
