//! An additional reference to an object that is borrowed or in use by communication.

use super::Object;
use crate::error::Result;
use crate::sys;

/// A reference to an object of any class. It keeps the object alive while MPI may write to its
/// memory, or while a guard borrows it, even if the guard is leaked.
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

    /// Returns the object, which lives at least as long as this reference.
    #[inline]
    pub(crate) fn object(&self) -> sys::PetscObject {
        self.0
    }

    /// Keeps the reference forever.
    pub(crate) fn leak(self) {
        let _ = std::mem::ManuallyDrop::new(self);
    }
}

impl Drop for Held {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: releases the reference of `new`.
        unsafe { super::release(self.0) };
    }
}
