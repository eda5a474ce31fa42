//! What all objects of PETSc have in common: ownership, names, prefixes, composition.

mod held;
mod macros;

use std::fmt;

use crate::error::Result;
use crate::{call, ffi, sys};

pub(crate) use held::Held;
pub(crate) use macros::petsc_object;

/// Any object of PETSc.
///
/// # Safety
/// [`object_ptr`](Self::object_ptr) returns a live object for as long as `self` is borrowed.
pub unsafe trait Object {
    /// The object as PETSc's base class.
    fn object_ptr(&self) -> sys::PetscObject;

    /// Name given by [`set_name`](Self::set_name), or one that PETSc makes up.
    ///
    /// # Errors
    /// What `PetscObjectGetName` returns.
    #[doc(alias = "PetscObjectGetName")]
    fn name(&self) -> Result<String> {
        let mut name = std::ptr::null();
        // SAFETY: a live object and a valid out-pointer.
        unsafe { call!(PetscObjectGetName(self.object_ptr(), &raw mut name)) }?;
        // SAFETY: PETSc keeps the name while the object lives.
        Ok(unsafe { ffi::str_from_ptr(name) }.unwrap_or_default())
    }

    /// Sets the name that viewers print. Not collective, but use the same on all ranks.
    ///
    /// # Errors
    /// A name with a NUL.
    #[doc(alias = "PetscObjectSetName")]
    fn set_name(&mut self, name: &str) -> Result<()> {
        let name = ffi::c_string(name)?;
        // SAFETY: a live object; PETSc copies the name.
        unsafe { call!(PetscObjectSetName(self.object_ptr(), name.as_ptr())) }
    }

    /// Name of the class, such as `Vec` or `KSP`.
    ///
    /// # Errors
    /// What `PetscObjectGetClassName` returns.
    #[doc(alias = "PetscObjectGetClassName")]
    fn class_name(&self) -> Result<String> {
        let mut name = std::ptr::null();
        // SAFETY: a live object and a valid out-pointer.
        unsafe { call!(PetscObjectGetClassName(self.object_ptr(), &raw mut name)) }?;
        // SAFETY: a static string.
        Ok(unsafe { ffi::str_from_ptr(name) }.unwrap_or_default())
    }

    /// Name of the implementation, such as `seqaij` or `gmres`; `None` before the type is set.
    ///
    /// # Errors
    /// What `PetscObjectGetType` returns.
    #[doc(alias = "PetscObjectGetType")]
    fn type_name(&self) -> Result<Option<String>> {
        let mut name = std::ptr::null();
        // SAFETY: a live object and a valid out-pointer.
        unsafe { call!(PetscObjectGetType(self.object_ptr(), &raw mut name)) }?;
        // SAFETY: NULL, or a name that lives as long as the type is set.
        Ok(unsafe { ffi::str_from_ptr(name) })
    }

    /// Prefix of this object's options, without the leading `-`.
    ///
    /// # Errors
    /// What `PetscObjectGetOptionsPrefix` returns.
    #[doc(alias = "PetscObjectGetOptionsPrefix")]
    fn options_prefix(&self) -> Result<Option<String>> {
        let mut prefix = std::ptr::null();
        // SAFETY: a live object and a valid out-pointer.
        unsafe {
            call!(PetscObjectGetOptionsPrefix(
                self.object_ptr(),
                &raw mut prefix
            ))
        }?;
        // SAFETY: NULL, or a string that lives as long as the prefix is set.
        Ok(unsafe { ffi::str_from_ptr(prefix) })
    }

    /// Number of references to the object in C.
    ///
    /// # Errors
    /// What `PetscObjectGetReference` returns.
    #[doc(alias = "PetscObjectGetReference")]
    fn reference_count(&self) -> Result<i64> {
        let mut count = 0;
        // SAFETY: a live object and a valid out-pointer.
        unsafe { call!(PetscObjectGetReference(self.object_ptr(), &raw mut count)) }?;
        Ok(i64::from(count))
    }

    /// Number that changes whenever the content does.
    ///
    /// # Errors
    /// What `PetscObjectStateGet` returns.
    #[doc(alias = "PetscObjectStateGet")]
    fn state(&self) -> Result<i64> {
        let mut state = 0;
        // SAFETY: a live object and a valid out-pointer.
        unsafe { call!(PetscObjectStateGet(self.object_ptr(), &raw mut state)) }?;
        Ok(state)
    }

    /// Whether both handles lead to the same object in C.
    fn same_object<O: Object + ?Sized>(&self, other: &O) -> bool
    where
        Self: Sized,
    {
        self.object_ptr() == other.object_ptr()
    }
}

/// `Debug` of every handle: class, type and name, as far as they can be asked for.
pub(crate) fn debug<O: Object>(
    handle: &'static str,
    object: &O,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut text = f.debug_struct(handle);
    if crate::runtime::drop_mode() != crate::runtime::DropMode::Skip {
        text.field("type", &object.type_name().ok().flatten());
    }
    text.finish_non_exhaustive()
}
