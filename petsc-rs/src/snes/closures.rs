//! Storage of the closures of a nonlinear solver.
//!
//! PETSc stores most callbacks on the solver's DM. Coarser, finer and inner DMs get the same
//! pointers or copies of them, and the setup of a nonlinear preconditioner wraps the callbacks
//! again. PETSc frees the contexts of only a few callbacks. The context passed to C is therefore a
//! number ([`Key`]), and both the solver and its DM own the closure.

use std::ffi::{CStr, c_void};
use std::ptr;
use std::rc::Rc;

use super::SnesRef;
use crate::callback::{self, Attached, Key};
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
    /// Attaches a closure to this solver and its DM, and returns the context for C. The solver that
    /// solves a variational inequality exchanges the functions of its DM until its solve ends.
    pub(crate) fn put<F: 'static>(&mut self, name: &CStr, f: F) -> Result<*mut c_void> {
        self.hold(name, Key::new(f))
    }

    pub(super) fn hold(&mut self, name: &CStr, key: Key) -> Result<*mut c_void> {
        // SAFETY: a live solver.
        unsafe { call!(PetscRsSNESCheckExchanged(*self.busy()?)) }?;
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
    pub(super) fn held_alone(&self, name: &'static CStr) -> Result<*mut c_void> {
        // SAFETY: this name refers to a value of `put_alone`.
        let key: Attached<(usize, Key)> = unsafe { Attached::new(name) };
        let number = key.with(self, |(number, _)| Ok(*number))?;
        number.map(ptr::without_provenance_mut).ok_or_else(|| {
            let text = "PETSc called a closure with a solver to which it is not attached";
            Error::new(ErrorCode::ARG_WRONGSTATE, text)
        })
    }

    /// Attaches the closures of this solver to a DM, unless the DM has closures already.
    pub(crate) fn share_closures(&self, dm: &crate::DmRef) -> Result<()> {
        for name in SHARED {
            // SAFETY: a live object.
            let composed = |dm: &crate::DmRef| unsafe { callback::composed(dm.object_ptr(), name) };
            let mine = self.composed(name)?;
            if mine.is_null() || !composed(dm)?.is_null() {
                continue;
            }
            // SAFETY: live objects; PETSc counts the container and copies the name.
            unsafe { call!(PetscObjectCompose(dm.object_ptr(), name.as_ptr(), mine)) }?;
        }
        Ok(())
    }

    pub(super) fn composed(&self, name: &CStr) -> Result<sys::PetscObject> {
        // SAFETY: a live object.
        unsafe { callback::composed(self.object_ptr(), name) }
    }
}
