//! Calls during which an object must not be rebuilt.

use std::ops::Deref;

use super::{reference, release};
use crate::callback;
use crate::error::{Error, ErrorCode, Result};
use crate::{runtime, sys};

/// An object that C works with: for the length of a call, it has a reference more than its handles. Inside of a
/// callback this is how others see that it is in use.
#[derive(Debug)]
pub struct Busy<P>(P, sys::PetscObject);

impl<P> Busy<P> {
    /// For a call that changes the object's parts, or uses them while it leads to callbacks.
    ///
    /// # Safety
    /// `object` is live, and `raw` leads to it.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` inside of a callback, if anybody but its handles has a reference of the object: a solver that
    /// runs may be using it.
    #[inline]
    pub unsafe fn new(raw: P, object: sys::PetscObject) -> Result<Self> {
        if callback::is_inside() {
            // SAFETY: by contract.
            unsafe { check_idle(object) }?;
        }
        // SAFETY: by contract.
        unsafe { Self::hold(raw, object) }
    }

    /// For a call that leads to callbacks and changes no parts.
    ///
    /// # Safety
    /// As [`new`](Self::new).
    ///
    /// # Errors
    /// What `PetscObjectReference` returns.
    #[inline]
    pub unsafe fn hold(raw: P, object: sys::PetscObject) -> Result<Self> {
        // SAFETY: a live object (by contract).
        unsafe { reference(object) }?;
        runtime::begin(object);
        Ok(Self(raw, object))
    }
}

/// Inside of a callback, nothing of the object may be in use by a solver that runs.
///
/// # Safety
/// `object` is live.
#[cold]
unsafe fn check_idle(object: sys::PetscObject) -> Result<()> {
    // SAFETY: by contract.
    let whose = if !unsafe { runtime::is_idle(object) }? {
        "the object"
    // SAFETY: as above.
    } else if unsafe { runtime::reaches_what_runs(object) }? {
        "a part of the object"
    } else {
        // SAFETY: as above.
        return unsafe { runtime::check_dm(object) };
    };
    let text = format!(
        "{whose} is in use by a solver that runs: inside of a callback, only what nobody else has can be configured. \
         Configure it before the outer solve"
    );
    Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
}

impl<P> Deref for Busy<P> {
    type Target = P;

    #[inline]
    fn deref(&self) -> &P {
        &self.0
    }
}

impl<P> Drop for Busy<P> {
    #[inline]
    fn drop(&mut self) {
        runtime::end(self.1);
        // SAFETY: gives up the reference of `hold`.
        unsafe { release(self.1) };
    }
}
