//! Closures for the initial guess.

use std::ffi::CStr;

use petsc_macros::wraps;

use super::SnesRef;
use crate::callback::trampoline;
use crate::error::Result;
use crate::vector::VectorRef;
use crate::{call, sys};

const GUESS: &CStr = c"petsc-rs.snes.initial-guess";

impl SnesRef {
    /// Sets the closure `f(snes, x)` that computes the initial guess of each solve. The closure is
    /// freed with the solver, or when it is replaced. Logically collective.
    #[wraps(SNESSetComputeInitialGuess)]
    pub fn set_initial_guess<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let ctx = self.put_alone(GUESS, f)?;
        let shim = Some(guess_shim::<F> as _);
        // SAFETY: a live solver; `ctx` is a key for what the shim expects.
        unsafe { call!(SNESSetComputeInitialGuess(*self.busy()?, shim, ctx)) }
    }
}

trampoline! { keyed fn guess_shim[c"SNES initial guess"](snes: &SnesRef, x: &mut VectorRef) }
