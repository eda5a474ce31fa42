//! Closures for nonlinear Gauss–Seidel sweeps.

use std::ffi::CStr;
use std::ptr;

use petsc_macros::wraps;

use super::SnesRef;
use crate::callback::trampoline;
use crate::error::Result;
use crate::vector::VectorRef;
use crate::{call, ffi, sys};

pub(super) const NGS: &CStr = c"petsc-rs.snes.ngs";

impl SnesRef {
    /// Sets the iteration of `ngs`: `f(snes, x, b)` improves `x` towards the solution of
    /// `F(x) = b`, or of `F(x) = 0` if `b` is `None`. Logically collective.
    ///
    /// `snes` is the solver of type `ngs`. [`ngs_sweeps`](Self::ngs_sweeps) and
    /// [`ngs_tolerances`](Self::ngs_tolerances) of `snes` tell the closure how accurately to solve.
    /// The closure is stored in the same place as the closure of
    /// [`set_function`](Self::set_function).
    #[wraps(SNESSetNGS)]
    pub fn set_ngs<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &mut VectorRef, Option<&VectorRef>) -> Result<()> + 'static,
    {
        let ctx = self.put(NGS, f)?;
        let shim = Some(ngs_shim::<F> as _);
        // SAFETY: a live solver; `ctx` is a key for what the shim expects.
        unsafe { call!(SNESSetNGS(*self.busy()?, shim, ctx)) }
    }

    /// Calls the closure of [`set_ngs`](Self::set_ngs) once. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without such a closure; any error of the closure.
    #[wraps(SNESComputeNGS)]
    pub fn compute_ngs(&self, b: Option<&VectorRef>, x: &mut VectorRef) -> Result<()> {
        if let Some(b) = b {
            b.check_readable()?;
        }
        x.check_writable()?;
        ffi::check_no_writer()?;
        let b = b.map_or(ptr::null_mut(), VectorRef::as_ptr);
        let _locks = ffi::Locks::note([b, x.as_ptr()])?;
        // SAFETY: a live solver.
        unsafe { call!(PetscRsSNESCheckNGS(self.as_ptr())) }?;
        // SAFETY: live objects, `b` may be NULL; PETSc checks for the closure in every build.
        unsafe { call!(SNESComputeNGS(*self.held()?, b, x.as_ptr())) }
    }
}

trampoline! {
    keyed fn ngs_shim[c"SNES Gauss-Seidel sweep"](
        snes: &SnesRef, x: &mut VectorRef, b: Option<&VectorRef>
    )
}
