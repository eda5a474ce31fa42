//! One more reference of an object that is lent or in use by communication.

use super::Object;
use crate::error::Result;
use crate::runtime::{self, DropMode};
use crate::{call, sys};

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
        unsafe { call!(PetscObjectReference(object)) }?;
        Ok(Self(object))
    }

    /// The object, which lives at least as long as this.
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
        let mut count = 0;
        // SAFETY: this holds a reference, so the object lives; a valid out-pointer.
        let code = unsafe { sys::PetscObjectGetReference(self.0, &raw mut count) };
        if code != 0 || count <= 1 {
            self.give_up_last();
            return;
        }
        // SAFETY: gives up the reference of `new`. It is not the last, so only the count changes.
        let code = unsafe { sys::PetscObjectDereference(self.0) };
        runtime::record_drop("PetscObjectDereference", code);
    }
}

impl Held {
    /// Where another handle replaced the object under its guard.
    #[cold]
    fn give_up_last(&self) {
        match runtime::drop_mode() {
            DropMode::Skip => {}
            DropMode::Now => {
                // SAFETY: gives up the reference of `new`.
                let code = unsafe { sys::PetscObjectDereference(self.0) };
                runtime::record_drop("PetscObjectDereference", code);
            }
            // SAFETY: gives up the reference of `new`.
            DropMode::Later => unsafe { super::destroy_alone(self.0) },
        }
    }
}
