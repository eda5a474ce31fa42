//! Common methods of all objects of PETSc: references, names, options prefixes, composition.

mod busy;
mod compose;
mod held;
mod loan;
mod macros;
mod pending;
mod prefixes;
mod types;
mod value;

use std::fmt;

use petsc_macros::wraps;

use crate::comm::Comm;
pub(crate) use crate::comm::check_same_ranks as same_comm;
use crate::dm::paraview;
use crate::error::{Error, ErrorCode, Result};
use crate::options;
use crate::runtime::{self, DropMode};
use crate::viewer::{Viewer, ViewerFormat, ViewerRef};
use crate::{call, ffi, get, get_text, sys};

pub use busy::Busy;
pub use compose::Class;
pub(crate) use held::Held;
pub use loan::{Loan, LoanMut};
pub(crate) use macros::petsc_object;
pub(crate) use pending::Pending;
pub use types::{check_composed, type_among};
pub use value::Value;

/// Any object of PETSc.
///
/// # Safety
/// [`object_ptr`](Self::object_ptr) returns a live object for as long as `self` is borrowed.
pub unsafe trait Object {
    /// Returns the object as PETSc's base class.
    fn object_ptr(&self) -> sys::PetscObject;

    /// Checks that no guard for writing exists on the memory of the object. Classes whose values
    /// are stored in other objects check those objects.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if there is such a guard.
    #[doc(hidden)]
    fn check_lent(&self) -> Result<()> {
        ffi::check_readable(self.object_ptr())
    }

    /// Returns the name set with [`set_name`](Self::set_name), or a name that PETSc generates.
    #[wraps(PetscObjectGetName)]
    fn name(&self) -> Result<String> {
        // SAFETY: a live object; C writes a name that lives until it is changed.
        unsafe { get_text!(PetscObjectGetName(self.object_ptr(), _)) }
    }

    /// Sets the name that viewers print. Not collective; all ranks must set the same name.
    ///
    /// # Errors
    /// `ARG_WRONG` if the name contains a NUL character.
    #[wraps(PetscObjectSetName)]
    fn set_name(&mut self, name: &str) -> Result<()> {
        crate::not_collective!();
        let name = ffi::c_string(name)?;
        // SAFETY: a live object; PETSc copies the name.
        unsafe { call!(PetscObjectSetName(self.object_ptr(), name.as_ptr())) }
    }

    /// Returns the name of the class, such as `Vec` or `KSP`.
    #[wraps(PetscObjectGetClassName)]
    fn class_name(&self) -> Result<String> {
        // SAFETY: a live object; C writes a static string.
        unsafe { get_text!(PetscObjectGetClassName(self.object_ptr(), _)) }
    }

    /// Returns the type, such as `seqaij` or `gmres`; `None` before it is set.
    #[wraps(PetscObjectGetType)]
    fn type_name(&self) -> Result<Option<String>> {
        // SAFETY: a live object; C writes NULL, or a name that lives as long as the type is set.
        unsafe { get_text!(PetscObjectGetType(self.object_ptr(), _)) }
    }

    /// Returns the prefix of the options of this object, without the leading `-`.
    #[wraps(PetscObjectGetOptionsPrefix)]
    fn options_prefix(&self) -> Result<Option<String>> {
        // SAFETY: a live object; C writes NULL, or a string that lives as long as the prefix is
        // set.
        unsafe { get_text!(PetscObjectGetOptionsPrefix(self.object_ptr(), _)) }
    }

    /// Returns whether the type is `kind`, such as `seqaij` or `gmres`.
    #[wraps(PetscObjectTypeCompare)]
    fn is_type(&self, kind: &str) -> Result<bool> {
        let kind = ffi::c_string(kind)?;
        // SAFETY: a live object, a NUL-terminated name.
        unsafe { get!(PetscObjectTypeCompare(self.object_ptr(), kind.as_ptr(), _)) }
    }

    /// Returns the number of the class, which PETSc assigns at run time.
    #[wraps(PetscObjectGetClassId)]
    fn class_id(&self) -> Result<i32> {
        // SAFETY: a live object.
        unsafe { get!(PetscObjectGetClassId(self.object_ptr(), _)) }
    }

    /// Returns the communicator of the object: PETSc's inner duplicate, which is shared by all
    /// objects created on it. The returned value keeps it alive. Use a [duplicate](Comm::duplicate)
    /// for your own messages.
    ///
    /// # Errors
    /// The errors of `PetscCommDuplicate`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::{Object, Vector};
    /// let x = Vector::new(comm, 3)?;
    /// let y = Vector::new(&x.comm()?, 5)?;
    /// assert_eq!(y.comm()?.size(), comm.size());
    /// # Ok(()) })
    /// ```
    #[wraps(PetscObjectGetComm)]
    fn comm(&self) -> Result<Comm> {
        compose::comm(self.object_ptr())
    }

    /// Prints or saves the object. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the viewer lives on other processes; `ARG_WRONGSTATE` while an array of
    /// the object is borrowed mutably; the errors of the view function of the object. In a file for
    /// ParaView, `ARG_WRONGSTATE` for a mesh without coordinates, and `SUP` for a vector of a mesh
    /// whose number of unknowns differs between vertices, or between cells.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::Viewer;
    /// let mut x = Vector::new(comm, 4)?;
    /// x.set(2.5.into())?;
    /// x.view(&*Viewer::stdout(comm)?)?;
    /// let text = Viewer::capture(comm, |viewer| x.view(viewer))?;
    /// assert_eq!(text.matches("2.5").count(), 4);
    /// # Ok(()) })
    /// ```
    #[wraps(PetscObjectView, VecView, MatView, KSPView)]
    fn view(&self, viewer: &ViewerRef) -> Result<()> {
        self.check_lent()?;
        same_comm(self.object_ptr(), viewer.object_ptr())?;
        if viewer.is_type("vtk")? {
            paraview::check(self)?;
        }
        // SAFETY: live objects on the same processes (above).
        unsafe { call!(PetscObjectView(self.object_ptr(), viewer.as_ptr())) }
    }

    /// Returns the output of [`view`](Self::view) as a string, the same on all ranks. Collective.
    ///
    /// # Errors
    /// The errors of [`view`](Self::view).
    fn view_to_string(&self, format: ViewerFormat) -> Result<String> {
        Viewer::capture(&self.comm()?, |viewer| {
            viewer.with_format(format, |viewer| {
                self.check_lent()?;
                // SAFETY: live objects on the same processes.
                unsafe { call!(PetscObjectView(self.object_ptr(), viewer.as_ptr())) }
            })
        })
    }

    /// Views the object if the options request it: `-my_view`,
    /// `-my_view ascii:file.m:ascii_matlab`, `-my_view draw`, with the prefix of the object before
    /// `my_view`. Collective.
    ///
    /// # Errors
    /// An error of PETSc for an invalid description of a viewer; the errors of
    /// [`view`](Self::view).
    #[wraps(PetscObjectViewFromOptions)]
    fn view_from_options(&self, option: &str) -> Result<()> {
        self.check_lent()?;
        let option = ffi::c_string(&format!("-{}", option.trim_start_matches('-')))?;
        let way = options::of_object(self.options_prefix()?, &option)?;
        if way.is_some_and(|way| way.starts_with("vtk")) {
            paraview::check(self)?;
        }
        // SAFETY: a live object, NULL for its own prefix, a NUL-terminated name.
        unsafe {
            call!(PetscObjectViewFromOptions(
                self.object_ptr(),
                std::ptr::null_mut(),
                option.as_ptr()
            ))
        }
    }

    /// Composes another object with this one under a name. The other object lives as long as this
    /// one, unless the name is reused or [`uncompose`](Self::uncompose) removes it.
    ///
    /// Not collective; all ranks must make the same call. In C, the name has the prefix
    /// `petsc-rs.user.`, so that safe code cannot use names that PETSc reads itself.
    ///
    /// # Errors
    /// `ARG_INCOMP` if this object is composed with the other one, directly or indirectly, or if
    /// the other one is a part of a solver, from which its handle was obtained.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::{Object, Matrix, Vector};
    /// let mut x = Vector::new(comm, 3)?;
    /// x.compose("scaling", &Vector::new(comm, 4)?)?;
    /// let scaling: Vector = x.query("scaling")?.expect("just composed");
    /// assert_eq!(scaling.len()?, 4);
    /// # Ok(()) })
    /// ```
    #[wraps(PetscObjectCompose)]
    fn compose<O: Class>(&mut self, name: &str, other: &O) -> Result<()>
    where
        Self: Sized,
    {
        crate::not_collective!();
        compose::compose(self.object_ptr(), name, Some(other.object_ptr()))
    }

    /// Removes the object that is composed under a name. Not collective; all ranks must make the
    /// same call.
    ///
    /// # Errors
    /// `ARG_WRONG` if the name contains a NUL character.
    #[wraps(PetscObjectCompose)]
    fn uncompose(&mut self, name: &str) -> Result<()> {
        crate::not_collective!();
        compose::compose(self.object_ptr(), name, None)
    }

    /// Returns the object that is composed under a name, with an additional reference.
    ///
    /// # Errors
    /// `ARG_WRONG` if the object has another class.
    #[wraps(PetscObjectQuery)]
    #[track_caller]
    fn query<C: Class>(&self, name: &str) -> Result<Option<C>>
    where
        Self: Sized,
    {
        compose::query(self.object_ptr(), name)
    }

    /// Returns the number of references to the C object.
    #[wraps(PetscObjectGetReference)]
    fn reference_count(&self) -> Result<i64> {
        // SAFETY: a live object.
        let count: usize = unsafe { get!(PetscObjectGetReference(self.object_ptr(), _)) }?;
        Ok(i64::try_from(count)?)
    }

    /// Returns the object state, a number that increases whenever the contents change.
    #[wraps(PetscObjectStateGet)]
    fn state(&self) -> Result<i64> {
        // SAFETY: a live object.
        unsafe { get!(PetscObjectStateGet(self.object_ptr(), _)) }
    }

    /// Returns whether both handles refer to the same C object.
    fn same_object<O: Object + ?Sized>(&self, other: &O) -> bool
    where
        Self: Sized,
    {
        self.object_ptr() == other.object_ptr()
    }
}

/// Releases a reference that does not belong to a handle. In most cases others hold references too,
/// and only the count changes.
///
/// # Safety
/// The reference belongs to the caller, so the object is live.
#[inline]
pub(crate) unsafe fn release(object: sys::PetscObject) {
    // SAFETY: a live object (by contract).
    if unsafe { sys::PetscRsRelease(object) } == 0 {
        // SAFETY: by contract.
        unsafe { release_last(object) };
    }
}

/// # Safety
/// The conditions of [`release`].
#[cold]
unsafe fn release_last(mut object: sys::PetscObject) {
    match runtime::drop_mode() {
        DropMode::Skip => {}
        // SAFETY: by contract.
        _ if unsafe { runtime::put_off(object) } => {}
        DropMode::Now => {
            // SAFETY: by contract, and PETSc is initialized.
            let code = unsafe { sys::PetscObjectDestroy(&raw mut object) };
            runtime::record_drop("PetscObjectDestroy", code);
        }
        // SAFETY: by contract.
        DropMode::Later => unsafe { destroy_alone(object) },
    }
}

/// Releases a reference on this rank, although other ranks possibly do not release theirs. An
/// object that lives only on this rank is destroyed immediately; any other object is queued until
/// [`Petsc::recover`](crate::Petsc::recover).
///
/// # Safety
/// `object` is live, and the reference belongs to the caller.
pub unsafe fn destroy_alone(mut object: sys::PetscObject) {
    if crate::comm::size_of_object(object).is_ok_and(|ranks| ranks == 1) {
        // SAFETY: by contract.
        let code = unsafe { sys::PetscObjectDestroy(&raw mut object) };
        runtime::record_drop("PetscObjectDestroy", code);
    } else {
        runtime::leave(object);
    }
}

/// Adds a reference.
///
/// # Safety
/// `object` is live.
///
/// # Errors
/// `ARG_WRONGSTATE` if the object is being destroyed, which can happen in the destructor of a
/// closure.
#[inline]
pub unsafe fn reference(object: sys::PetscObject) -> Result<()> {
    // SAFETY: by contract.
    if unsafe { sys::PetscRsReference(object) } == 0 {
        return Err(dying());
    }
    Ok(())
}

#[cold]
fn dying() -> Error {
    let text = "the object is being destroyed";
    Error::new(ErrorCode::ARG_WRONGSTATE, text)
}

/// Formats a handle for `Debug`: class, type and name, if they are available.
///
/// # Errors
/// The errors of the formatter.
pub fn debug<O: Object>(
    handle: &'static str,
    object: &O,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut text = f.debug_struct(handle);
    if runtime::drop_mode() != DropMode::Skip {
        text.field("type", &object.type_name().ok().flatten());
    }
    text.finish_non_exhaustive()
}
