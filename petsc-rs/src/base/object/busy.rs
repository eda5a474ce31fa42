//! Calls during which the parts of an object must not be replaced.

use std::ops::Deref;

use super::{reference, release};
use crate::callback;
use crate::error::{Error, ErrorCode, Result};
use crate::{runtime, sys};

/// The C handle of an object during a call. The call holds an additional reference: methods that
/// are called inside a callback count references to detect that the object is in use.
#[derive(Debug)]
pub struct Busy<P>(P, sys::PetscObject);

impl<P> Busy<P> {
    /// Starts a call that changes parts of the object, or that uses its parts while callbacks can
    /// run.
    ///
    /// # Safety
    /// `object` is live, and `raw` is its handle in C.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` inside a callback if C holds references to the object: a running solver may
    /// be using it.
    #[inline]
    pub unsafe fn new(raw: P, object: sys::PetscObject) -> Result<Self> {
        if callback::is_inside() {
            // SAFETY: by contract.
            unsafe { check_idle(object) }?;
        }
        // SAFETY: by contract.
        unsafe { Self::hold(raw, object) }
    }

    /// Starts a call that changes no parts of the object, and during which callbacks can run.
    ///
    /// # Safety
    /// The conditions of [`new`](Self::new).
    ///
    /// # Errors
    /// The errors of `PetscObjectReference`.
    #[inline]
    pub unsafe fn hold(raw: P, object: sys::PetscObject) -> Result<Self> {
        // SAFETY: a live object (by contract).
        unsafe { reference(object) }?;
        runtime::begin(object);
        Ok(Self(raw, object))
    }
}

/// Checks, inside a callback, that no running solver uses the object or a part of it.
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
        "{whose} is in use by a running solver: inside a callback, only objects without other references can be configured. \
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
        // SAFETY: releases the reference of `hold`.
        unsafe { release(self.1) };
    }
}
