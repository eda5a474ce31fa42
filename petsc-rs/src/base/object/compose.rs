//! Composition of objects with other objects, and the communicator of an object.

use std::ffi::{CStr, CString};
use std::ptr;

use super::Object;
use crate::comm::{self, Comm};
use crate::error::{Error, ErrorCode, Result};
use crate::{call, callback, ffi, get_text, runtime, sys};

/// An owned handle of one class, for [`Object::query`].
///
/// # Safety
/// [`CLASS`](Self::CLASS) is the name that PETSc gives to the objects of this handle and to no
/// others, and `adopt` takes ownership of one reference.
pub unsafe trait Class: Object + Sized {
    /// The type in C.
    type Raw;

    /// Name of the class in C.
    const CLASS: &'static str;

    /// Takes ownership of one reference.
    ///
    /// # Safety
    /// `raw` is a live object of this class, and the caller loses one reference to it.
    #[track_caller]
    unsafe fn adopt(raw: sys::PetscObject) -> Self;
}

/// Returns the name in C for a name of the user. PETSc reads some names itself and casts the
/// objects without a check, and petsc-rs stores closures under others; the prefix avoids these
/// names.
fn key(name: &str) -> Result<CString> {
    ffi::c_string(&format!("petsc-rs.user.{name}"))
}

pub(super) fn compose(
    object: sys::PetscObject,
    name: &str,
    other: Option<sys::PetscObject>,
) -> Result<()> {
    let name = key(name)?;
    let other = other.unwrap_or(ptr::null_mut());
    if !other.is_null() && runtime::is_part(other) {
        let text = "a part of a solver cannot be composed: it may call the solver, and the composition does not keep the solver alive";
        return Err(Error::new(ErrorCode::ARG_INCOMP, text));
    }
    // SAFETY: live objects, or NULL.
    unsafe { runtime::compose(object, &name, other) }?;
    // The destructor of the replaced object may read this field.
    let before = found(object, &name)?;
    if !before.is_null() {
        // SAFETY: composed, so it is live.
        unsafe { super::reference(before) }?;
    }
    // SAFETY: live objects, or NULL, which removes the object; PETSc references `other` and copies
    // the name.
    let outcome = unsafe { call!(PetscObjectCompose(object, name.as_ptr(), other)) };
    if !before.is_null() {
        // SAFETY: the reference taken above.
        unsafe { super::release(before) };
    }
    outcome
}

/// Returns the object composed under a name in C, or NULL.
fn found(object: sys::PetscObject, key: &CStr) -> Result<sys::PetscObject> {
    // SAFETY: a live object.
    unsafe { callback::composed(object, key) }
}

#[track_caller]
pub(super) fn query<C: Class>(object: sys::PetscObject, name: &str) -> Result<Option<C>> {
    let key = key(name)?;
    let found = found(object, &key)?;
    if found.is_null() {
        return Ok(None);
    }
    // SAFETY: `object` keeps a reference to `found`; C writes a static string.
    let class: String = unsafe { get_text!(PetscObjectGetClassName(found, _)) }?;
    if class != C::CLASS {
        return Err(Error::new(
            ErrorCode::ARG_WRONG,
            format!("the object composed as {name:?} is a {class}, not a {}", C::CLASS),
        ));
    }
    // SAFETY: a live object.
    unsafe { super::reference(found) }?;
    // SAFETY: of this class (above); the reference just taken is the handle's.
    Ok(Some(unsafe { C::adopt(found) }))
}

/// Returns PETSc's inner communicator of an object.
pub(super) fn comm(object: sys::PetscObject) -> Result<Comm> {
    Comm::share(comm::of_object(object))
}
