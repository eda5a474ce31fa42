//! One more reference of an object that is lent or in use by communication.

use super::Object;
use crate::error::Result;
use crate::sys;

/// A counted reference without a class. While MPI may write to an object's memory, or a guard lends it,
/// this keeps it, also if the guard is forgotten.
#[derive(Debug)]
pub(crate) struct Held(sys::PetscObject);

impl Held {
    /// Takes a reference of a live object.
    #[inline]
    pub(crate) fn new<O: Object>(object: &O) -> Result<Self> {
        let object = object.object_ptr();
        // SAFETY: a live object, as its handle is borrowed.
        unsafe { super::reference(object) }?;
        Ok(Self(object))
    }

    /// The object, which lives at least as long as this.
    #[inline]
    pub(crate) fn object(&self) -> sys::PetscObject {
        self.0
    }

    /// Never gives the reference back.
    pub(crate) fn leak(self) {
        let _ = std::mem::ManuallyDrop::new(self);
    }
}

impl Drop for Held {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: gives up the reference of `new`.
        unsafe { super::release(self.0) };
    }
}
