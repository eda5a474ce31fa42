//! Storage of the closures of a nonlinear solver.
//!
//! PETSc stores most callbacks on the solver's DM, shares or copies the pointers to coarser, finer
//! and inner DMs, wraps them again when it sets up a nonlinear preconditioner, and frees few of
//! them. The context passed to C is therefore a number ([`Key`]), and both the solver and its DM
//! own the closure.

use std::ffi::{CStr, c_void};
use std::ptr;
use std::rc::Rc;

use super::SnesRef;
use crate::callback::{self, Key};
use crate::error::{Error, ErrorCode, Result};
use crate::{Object, call, sys};

/// Names under which closures are attached, for [`SnesRef::share_closures`].
const SHARED: [&CStr; 5] = [
    super::callbacks::FUNCTION,
    super::callbacks::JACOBIAN,
    super::objective::OBJECTIVE,
    super::picard::PICARD,
    super::ngs::NGS,
];

impl SnesRef {
    /// Attaches a closure to this solver and its DM, and returns the context for C.
    pub(crate) fn put<F: 'static>(&mut self, name: &CStr, f: F) -> Result<*mut c_void> {
        self.hold(name, Key::new(f))
    }

    pub(super) fn hold(&mut self, name: &CStr, key: Key) -> Result<*mut c_void> {
        let dm = self.raw_dm()?;
        let key = Rc::new(key);
        let ctx = key.as_ctx();
        // SAFETY: the solver's DM lives.
        unsafe { callback::compose(dm.cast(), name, Rc::clone(&key)) }?;
        // SAFETY: a live object.
        unsafe { callback::compose(self.object_ptr(), name, key) }?;
        Ok(ctx)
    }

    /// Attaches a closure to this solver only, and returns the context for C.
    pub(super) fn put_alone<F: 'static>(&mut self, name: &CStr, f: F) -> Result<*mut c_void> {
        self.hold_alone(name, Key::new(f))
    }

    pub(super) fn hold_alone(&mut self, name: &CStr, key: Key) -> Result<*mut c_void> {
        let ctx = key.as_ctx();
        // SAFETY: a live object.
        unsafe { callback::compose(self.object_ptr(), name, (ctx.addr(), key)) }?;
        Ok(ctx)
    }

    /// Returns the number of a closure that is attached to this solver only, for C functions
    /// without a context.
    pub(super) fn held_alone(&self, name: &CStr) -> Result<*mut c_void> {
        let container = self.composed(name)?;
        if container.is_null() {
            let text = "PETSc called a closure with a solver to which it is not attached";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        let mut ctx = ptr::null_mut();
        // SAFETY: this name refers to a container of `put_alone`.
        unsafe { call!(PetscRsContainerGetPointer(container, &raw mut ctx)) }?;
        // SAFETY: its pointer is the context made there.
        unsafe {
            callback::Context::<(usize, Key)>::with(ctx, |(number, _)| {
                Ok(ptr::without_provenance_mut(*number))
            })
        }
    }

    /// Attaches the closures of this solver to a DM, unless the DM has closures already.
    pub(crate) fn share_closures(&self, dm: &crate::DmRef) -> Result<()> {
        for name in SHARED {
            let mine = self.composed(name)?;
            if mine.is_null() || !query(dm.object_ptr(), name)?.is_null() {
                continue;
            }
            // SAFETY: live objects; PETSc counts the container and copies the name.
            unsafe { call!(PetscObjectCompose(dm.object_ptr(), name.as_ptr(), mine)) }?;
        }
        Ok(())
    }

    pub(super) fn composed(&self, name: &CStr) -> Result<sys::PetscObject> {
        query(self.object_ptr(), name)
    }
}

fn query(object: sys::PetscObject, name: &CStr) -> Result<sys::PetscObject> {
    let mut found = ptr::null_mut();
    // SAFETY: a live object, a NUL-terminated name and a valid out-pointer.
    unsafe { call!(PetscObjectQuery(object, name.as_ptr(), &raw mut found)) }?;
    Ok(found)
}
