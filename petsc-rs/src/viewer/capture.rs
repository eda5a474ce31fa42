//! Views as text in memory.
//!
//! PETSc's own string viewer has a fixed buffer, and most parallel objects do not know it. An ASCII
//! viewer whose stream is in rank 0's memory takes every view and any length.

use std::ptr;

use mpi::collective::Root;
use mpi::topology::Communicator;
use petsc_macros::wraps;

use super::{Viewer, ViewerFormat, ViewerRef};
use crate::callback;
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object;
use crate::{call, ffi, sys};

/// A stream in memory. Not a `Box`, because C keeps a pointer to its fields.
struct Memory(*mut sys::PetscRsMemory);

impl Memory {
    fn open() -> Result<Self> {
        // SAFETY: returns NULL or an open stream.
        let raw = unsafe { sys::PetscRsMemoryOpen() };
        if raw.is_null() {
            return Err(Error::new(ErrorCode::MEM, "no memory for a stream"));
        }
        Ok(Self(raw))
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: opened by `PetscRsMemoryOpen`, closed once.
        unsafe { sys::PetscRsMemoryClose(self.0) };
    }
}

impl Viewer {
    /// What `body` prints on the ASCII viewer that it is given, as text, the same on all ranks.
    ///
    /// Collective.
    ///
    /// # Errors
    /// `MEM` if there is no memory; the errors of `body`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::{Object, Vector, Viewer};
    /// let mut x = Vector::from_slice(comm, &[1.0.into(), 2.0.into()])?;
    /// x.set_name("x")?;
    /// let text = Viewer::capture(comm, |viewer| x.view(viewer))?;
    /// assert!(text.starts_with("Vec Object: x"));
    /// # Ok(()) })
    /// ```
    pub fn capture(comm: &Comm, body: impl FnOnce(&ViewerRef) -> Result<()>) -> Result<String> {
        let memory = Memory::open()?;
        let stream = memory.0;
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator, an open stream, a valid out-pointer.
        unsafe { call!(PetscRsViewerMemory(comm.as_raw(), stream, &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let viewer = unsafe { Self::from_raw(raw) };
        // The stream lives as long as the viewer, to which `body` may have given further references.
        // SAFETY: a live object.
        unsafe { callback::compose(viewer.object_ptr(), c"petsc-rs.memory", memory) }?;
        body(&viewer)?;
        viewer.flush()?;
        let mut length = 0;
        // SAFETY: the stream is open, because the viewer is alive; a valid out-pointer.
        let text = unsafe { sys::PetscRsMemoryText(stream, &raw mut length) };
        let mut bytes = Vec::new();
        if comm.rank() == 0 {
            // SAFETY: the stream holds `length` bytes at `text`, and nobody writes in this line.
            bytes.extend_from_slice(unsafe { ffi::slice(text.cast::<u8>(), length) });
        }
        let mut length = bytes.len() as u64;
        let root = comm.mpi().process_at_rank(0);
        root.broadcast_into(&mut length);
        bytes.resize(usize::try_from(length)?, 0);
        root.broadcast_into(&mut bytes[..]);
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// An object in the few words of a string viewer, of each rank for itself: type and types of the parts.
    ///
    /// Collective.
    ///
    /// # Errors
    /// The errors of [`Object::view`].
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::{Ksp, KspType, Viewer};
    /// let mut ksp = Ksp::new(comm)?;
    /// ksp.set_type(KspType::CG)?;
    /// let text = Viewer::summary(&ksp)?;
    /// assert!(text.contains("KSPType: cg"), "{text}");
    /// # Ok(()) })
    /// ```
    #[wraps(PetscViewerStringOpen)]
    pub fn summary<O: Object>(object: &O) -> Result<String> {
        // C writes beyond a buffer that is full. One call writes less than this, and each part of an object takes one call
        // here, where it takes a line of text or more.
        const CALL: usize = 4096;
        let lines = object
            .view_to_string(ViewerFormat::Default)?
            .lines()
            .count();
        let room = CALL * (lines + 2);
        let mut buffer = vec![0u8; room].into_boxed_slice();
        let start = buffer.as_mut_ptr();
        let (comm, mut raw) = (object.comm()?, ptr::null_mut());
        // SAFETY: a live communicator, as much memory as is said, a valid out-pointer.
        unsafe {
            call!(PetscViewerStringOpen(
                comm.as_raw(),
                start.cast(),
                room,
                &raw mut raw
            ))
        }?;
        // SAFETY: just created; the reference is ours.
        let viewer = unsafe { Self::from_raw(raw) };
        // The memory lives as long as the viewer, to which others may have references.
        // SAFETY: a live object.
        unsafe { callback::compose(viewer.object_ptr(), c"petsc-rs.memory", buffer) }?;
        object.view(&viewer)?;
        // SAFETY: the memory is alive, because the viewer is, and PETSc keeps a NUL at its end.
        Ok(unsafe { ffi::str_from_ptr(start.cast()) }.unwrap_or_default())
    }
}
