//! Views as strings.
//!
//! PETSc's string viewer has a buffer of fixed size, and most parallel objects do not support it.
//! An ASCII viewer that writes to a stream in the memory of rank 0 has neither limitation.

use mpi::collective::Root;
use mpi::topology::Communicator;
use petsc_macros::wraps;

use super::{Viewer, ViewerFormat, ViewerRef};
use crate::callback;
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object;
use crate::{create, ffi, sys};

/// A stream in memory. Not a `Box`, because C keeps a pointer to its fields.
struct Memory(*mut sys::PetscRsMemory);

impl Memory {
    fn open() -> Result<Self> {
        // SAFETY: returns NULL or an open stream.
        let raw = unsafe { sys::PetscRsMemoryOpen() };
        if raw.is_null() {
            return Err(Error::new(
                ErrorCode::MEM,
                "out of memory: cannot open a stream in memory",
            ));
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
    /// Returns the text that `body` prints on the ASCII viewer passed to it, the same on all ranks.
    ///
    /// Collective.
    ///
    /// # Errors
    /// `MEM` if memory is exhausted; the errors of `body`.
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
        // SAFETY: a live communicator, an open stream; C creates an object.
        let viewer: Self = unsafe { create!(PetscRsViewerMemory(comm.as_raw(), stream, _)) }?;
        // The stream lives as long as the viewer; `body` may have created further references to the
        // viewer.
        // SAFETY: a live object.
        unsafe { callback::compose(viewer.object_ptr(), c"petsc-rs.memory", memory) }?;
        body(&viewer)?;
        viewer.flush()?;
        let mut length = 0;
        // SAFETY: the stream is open, because the viewer is alive; a valid out-pointer.
        let text = unsafe { sys::PetscRsMemoryText(stream, &raw mut length) };
        let mut bytes = Vec::new();
        if comm.rank() == 0 {
            // SAFETY: the stream holds `length` bytes at `text`, which are not written on this
            // line.
            bytes.extend_from_slice(unsafe { ffi::slice(text.cast::<u8>(), length) });
        }
        let mut length = bytes.len() as u64;
        let root = comm.mpi().process_at_rank(0);
        root.broadcast_into(&mut length);
        bytes.resize(usize::try_from(length)?, 0);
        root.broadcast_into(&mut bytes[..]);
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Returns a short description of an object in the format of a string viewer, separately for
    /// each rank: the type of the object and the types of its parts.
    ///
    /// Collective.
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
    #[wraps(PetscViewerStringOpen, errors = Object::view)]
    pub fn summary<O: Object>(object: &O) -> Result<String> {
        // C writes beyond a buffer that is full. One call writes fewer bytes than this, and each
        // part of an object, which needs one line of text or more, uses one call.
        const CALL: usize = 4096;
        let lines = object.view_to_string(ViewerFormat::Default)?.lines().count();
        let room = CALL * (lines + 2);
        let mut buffer = vec![0u8; room].into_boxed_slice();
        let start = buffer.as_mut_ptr();
        let (comm, text) = (object.comm()?, start.cast());
        // SAFETY: a live communicator, a buffer of the given size; C creates an object.
        let viewer: Self = unsafe { create!(PetscViewerStringOpen(comm.as_raw(), text, room, _)) }?;
        // The memory lives as long as the viewer, to which other references may exist.
        // SAFETY: a live object.
        unsafe { callback::compose(viewer.object_ptr(), c"petsc-rs.memory", buffer) }?;
        object.view(&viewer)?;
        // SAFETY: the memory is live, because the viewer is, and PETSc keeps a NUL at its end.
        Ok(unsafe { ffi::str_from_ptr(text) }.unwrap_or_default())
    }
}
