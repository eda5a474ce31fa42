//! Closures that check steps before and after a line search.

use std::ffi::CStr;

use petsc_macros::wraps;

use super::LineSearchRef;
use crate::callback::{self, Key, trampoline};
use crate::error::Result;
use crate::vector::VectorRef;
use crate::{Object, call, ffi, sys};

const PRE: &CStr = c"petsc-rs.snes.pre-check";
const POST: &CStr = c"petsc-rs.snes.post-check";

/// Which vectors a closure of [`LineSearchRef::set_post_check`] changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// The step.
    pub step: bool,
    /// The new point.
    pub point: bool,
}

impl LineSearchRef {
    /// Sets a check of the step before the line search. Logically collective: all ranks must return
    /// the same value.
    ///
    /// `f(search, x, y)` gets the current iterate `x` and the step `y`, and returns whether it
    /// changed `y`. The closure is freed with the line search, or when it is replaced.
    #[wraps(SNESLineSearchSetPreCheck)]
    pub fn set_pre_check<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&LineSearchRef, &VectorRef, &mut VectorRef) -> Result<bool> + 'static,
    {
        let key = Key::new(f);
        let ctx = key.as_ctx();
        // SAFETY: a live object.
        unsafe { callback::compose(self.object_ptr(), PRE, key) }?;
        let shim = Some(pre_shim::<F> as _);
        // SAFETY: a live search; `ctx` is a key for what the shim expects.
        unsafe { call!(SNESLineSearchSetPreCheck(*self.busy()?, shim, ctx)) }
    }

    /// Sets a check of the step after the line search. Logically collective: all ranks must return
    /// the same value.
    ///
    /// `f(search, x, y, w)` gets the current iterate `x`, the step `y` and the new iterate `w`, and
    /// returns whether it changed `y` or `w` ([`Changed`]). If it changed only `y`, PETSc computes
    /// `w` again from the new `y`. After any change, PETSc computes the norm of the function again.
    /// The closure is stored in the same place as the closure of
    /// [`set_pre_check`](Self::set_pre_check).
    #[wraps(SNESLineSearchSetPostCheck)]
    pub fn set_post_check<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&LineSearchRef, &VectorRef, &mut VectorRef, &mut VectorRef) -> Result<Changed>
            + 'static,
    {
        let key = Key::new(f);
        let ctx = key.as_ctx();
        // SAFETY: a live object.
        unsafe { callback::compose(self.object_ptr(), POST, key) }?;
        let shim = Some(post_shim::<F> as _);
        // SAFETY: a live search; `ctx` is a key for what the shim expects.
        unsafe { call!(SNESLineSearchSetPostCheck(*self.busy()?, shim, ctx)) }
    }
}

trampoline! {
    keyed fn pre_shim[c"line search pre-check"](
        search: &LineSearchRef, x: &VectorRef, y: &mut VectorRef; -> bool;
    )
}

trampoline! {
    keyed fn post_shim[c"line search post-check"](
        search: &LineSearchRef, x: &VectorRef, y: &mut VectorRef, w: &mut VectorRef,
        step: *mut sys::PetscBool, point: *mut sys::PetscBool
    )
    for FnMut(&LineSearchRef, &VectorRef, &mut VectorRef, &mut VectorRef) -> Result<Changed> as F
    = |f| {
        let changed = f(search, x, y, w)?;
        // SAFETY: a valid out-pointer of PETSc.
        unsafe { *step = ffi::raw_bool(changed.step) };
        // SAFETY: as above.
        unsafe { *point = ffi::raw_bool(changed.point) };
        Ok(())
    }
}
