//! Rust values that C objects own, each under a name.

use std::ffi::{CStr, c_void};
use std::marker::PhantomData;
use std::ptr;

use super::{Context, compose, hand_over, hold};
use crate::error::Result;
use crate::object::Object;
use crate::{call, get, sys};

/// The key of a value of type `T` that a C object owns. The value is dropped with the object, or
/// when another value replaces it.
#[derive(Debug)]
pub struct Attached<T> {
    name: &'static CStr,
    value: PhantomData<fn() -> T>,
}

/// Defines keys: `attached! { const KEY: Type = c"petsc-rs.name"; }`.
#[doc(hidden)]
#[macro_export]
macro_rules! attached {
    ($($(#[$meta:meta])* $visibility:vis const $key:ident: $value:ty = $name:literal;)*) => {$(
        $(#[$meta])*
        $visibility const $key: $crate::callback::Attached<$value> =
            // SAFETY: no other key has this name: a test of xtask compares the names of all keys.
            unsafe { $crate::callback::Attached::new($name) };
    )*};
}

impl<T> Attached<T> {
    /// # Safety
    /// Every value that is composed with an object under this name has type `T`.
    #[must_use]
    pub const unsafe fn new(name: &'static CStr) -> Self {
        Self { name, value: PhantomData }
    }

    /// The name under which the container of the value is composed.
    #[must_use]
    pub const fn name(&self) -> &'static CStr {
        self.name
    }

    /// Attaches a value, and returns its context pointer (`void *`) for C. The previous value is
    /// dropped.
    ///
    /// # Errors
    /// The errors of `PetscObjectCompose`.
    pub fn set<O: Object + ?Sized>(&self, object: &O, value: T) -> Result<*mut c_void> {
        // SAFETY: a live object, because its handle is borrowed.
        unsafe { self.set_raw(object.object_ptr(), value) }
    }

    /// See [`set`](Self::set).
    ///
    /// # Safety
    /// `object` is live.
    ///
    /// # Errors
    /// The errors of `PetscObjectCompose`.
    pub unsafe fn set_raw(&self, object: sys::PetscObject, value: T) -> Result<*mut c_void> {
        // SAFETY: by contract.
        unsafe { compose(object, self.name, value) }
    }

    /// Passes a value to C with `give`, then attaches it. The previous value is dropped only after
    /// `give` has succeeded. If `give` fails, the value is leaked.
    ///
    /// # Safety
    /// If `give` succeeds, C no longer uses the context of the previous value.
    ///
    /// # Errors
    /// The errors of `give` and of `PetscObjectCompose`.
    pub unsafe fn hand_over<O: Object + ?Sized>(
        &self,
        object: &O,
        value: T,
        give: impl FnOnce(*mut c_void) -> Result<()>,
    ) -> Result<()> {
        // SAFETY: a live object, because its handle is borrowed; C by contract.
        unsafe { hand_over(object.object_ptr(), self.name, value, give) }
    }

    /// Attaches a value by its context, for a closure of a [`Scope`](super::Scope).
    ///
    /// # Safety
    /// `context` is a context of `T`, except for lifetimes. The scope empties it, and the object
    /// takes over its reference.
    pub(crate) unsafe fn set_context<O>(&self, object: &O, context: *mut c_void) -> Result<()>
    where
        O: Object + ?Sized,
    {
        // SAFETY: a live object; the context by contract.
        unsafe { hold::<T>(object.object_ptr(), self.name, context) }
    }

    /// Removes and drops the value.
    ///
    /// # Errors
    /// The errors of `PetscObjectCompose`.
    pub fn clear<O: Object + ?Sized>(&self, object: &O) -> Result<()> {
        let (object, none) = (object.object_ptr(), ptr::null_mut());
        // SAFETY: a live object; NULL removes what is composed under the name.
        unsafe { call!(PetscObjectCompose(object, self.name.as_ptr(), none)) }
    }

    /// Returns whether the object has a value under this key.
    ///
    /// # Errors
    /// The errors of `PetscObjectQuery`.
    pub fn is_set<O: Object + ?Sized>(&self, object: &O) -> Result<bool> {
        Ok(!self.container(object)?.is_null())
    }

    /// Returns the container of the value, or NULL.
    pub(crate) fn container<O: Object + ?Sized>(&self, object: &O) -> Result<sys::PetscObject> {
        // SAFETY: a live object, because its handle is borrowed.
        unsafe { composed(object.object_ptr(), self.name) }
    }

    /// Runs `body` with the value. Returns `None` if the object has no value.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` while another call uses the value; the errors of `body`.
    pub fn with<O, R>(
        &self,
        object: &O,
        body: impl FnOnce(&mut T) -> Result<R>,
    ) -> Result<Option<R>>
    where
        O: Object + ?Sized,
    {
        // SAFETY: a live object, because its handle is borrowed.
        let Some(context) = (unsafe { self.context(object.object_ptr()) })? else {
            return Ok(None);
        };
        // SAFETY: a context of `T`, because only such values have this name (`new`).
        unsafe { Context::<T>::with(context, body) }.map(Some)
    }

    /// Returns a copy of the value, or `None`.
    ///
    /// # Errors
    /// Like [`with`](Self::with).
    pub fn get<O: Object + ?Sized>(&self, object: &O) -> Result<Option<T>>
    where
        T: Clone,
    {
        self.with(object, |value| Ok(value.clone()))
    }

    /// Returns the context of the value for C.
    ///
    /// # Safety
    /// `object` is live.
    ///
    /// # Errors
    /// The errors of `PetscObjectQuery`.
    pub unsafe fn context(&self, object: sys::PetscObject) -> Result<Option<*mut c_void>> {
        // SAFETY: by contract.
        let container = unsafe { composed(object, self.name) }?;
        if container.is_null() {
            return Ok(None);
        }
        // SAFETY: a container of `compose`, because nothing else has this name.
        let context = unsafe { get!(PetscRsContainerGetPointer(container, _)) }?;
        Ok(Some(context))
    }
}

/// Returns the object that is composed with another one under a name, or NULL.
///
/// # Safety
/// `object` is live.
///
/// # Errors
/// The errors of `PetscObjectQuery`.
pub unsafe fn composed(object: sys::PetscObject, name: &CStr) -> Result<sys::PetscObject> {
    // SAFETY: a live object by contract, a NUL-terminated name.
    unsafe { get!(PetscObjectQuery(object, name.as_ptr(), _)) }
}
