//! Closures that are called at the start of each iteration.

use std::ffi::CStr;

use petsc_macros::wraps;

use super::SnesRef;
use crate::callback::{guard, trampoline};
use crate::error::Result;
use crate::{Int, call, sys};

const UPDATE: &CStr = c"petsc-rs.snes.update";

impl SnesRef {
    /// Sets the closure `f(snes, iteration)` that is called at the start of each iteration, before
    /// the function is computed. The closure is freed with the solver, or when it is replaced.
    /// Logically collective.
    #[wraps(SNESSetUpdate)]
    pub fn set_update<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, usize) -> Result<()> + 'static,
    {
        self.put_alone(UPDATE, f)?;
        // SAFETY: a live solver, to which a closure of this type is attached under the name that the
        // function uses.
        unsafe { call!(SNESSetUpdate(*self.busy()?, Some(update::<F>))) }
    }
}

/// C has no context for this callback: the closure is the one attached to the solver.
unsafe extern "C" fn update<F>(snes: sys::SNES, iteration: Int) -> sys::PetscErrorCode
where
    F: FnMut(&SnesRef, usize) -> Result<()>,
{
    let mut ctx = std::ptr::null_mut();
    let found = guard(c"SNES update", || {
        // SAFETY: PETSc passes a live solver for this call.
        ctx = unsafe { SnesRef::from_ptr(snes) }.held_alone(UPDATE)?;
        Ok(())
    });
    if found != 0 {
        return found;
    }
    // SAFETY: the arguments of this callback, and a key for a closure that was set with this function.
    unsafe { update_shim::<F>(snes, iteration, ctx) }
}

trampoline! { keyed fn update_shim[c"SNES update"](snes: &SnesRef, iteration: usize) }
