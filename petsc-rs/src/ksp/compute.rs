//! Closures that compute operators, right-hand side and initial guess when the solver needs them.
//!
//! PETSc stores these callbacks on the solver's DM, copies the pointers to coarser DMs, and has no
//! destructor for them. The context passed to C is therefore a number ([`Key`]). It identifies the
//! closure as long as the DM exists.

use std::ffi::{CStr, c_void};

use petsc_macros::wraps;

use super::KspRef;
use crate::callback::{self, Key, trampoline};
use crate::error::Result;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{call, get_raw, sys};

const OPERATORS: &CStr = c"petsc-rs.ksp.compute-operators";
const RHS: &CStr = c"petsc-rs.ksp.compute-rhs";
const GUESS: &CStr = c"petsc-rs.ksp.compute-initial-guess";

impl KspRef {
    /// Attaches a DM of type `shell` that creates matrices and vectors like `a`. Collective.
    ///
    /// [`set_compute_operators`](Self::set_compute_operators) and the related methods then work
    /// without a mesh: the solver creates its own operator with the nonzero pattern of `a`, and the
    /// closures fill it.
    ///
    /// # Errors
    /// The errors of `DMShellCreate` and `KSPSetDM`.
    #[wraps(DMShellCreate)]
    pub fn set_template(&mut self, a: &MatrixRef) -> Result<()> {
        // SAFETY: live objects, of which PETSc takes references.
        unsafe { call!(PetscRsKSPSetTemplate(*self.busy()?, a.as_ptr())) }
    }

    /// Sets the closure `f(ksp, a, p)` that fills the operator `a` and the preconditioning matrix
    /// `p`. `a` and `p` may be the same matrix. Collective.
    ///
    /// The solver needs a DM that creates the matrices, see [`set_template`](Self::set_template).
    /// The closure is stored on the DM, and every solver with this DM calls it. PETSc frees the
    /// closure when it destroys the DM or the closure is replaced.
    #[wraps(KSPSetComputeOperators)]
    pub fn set_compute_operators<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&KspRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        let ctx = self.put_on_dm(OPERATORS, f)?;
        let shim = Some(operators_shim::<F> as _);
        // SAFETY: a live solver; `ctx` is a key for the closure.
        unsafe { call!(KSPSetComputeOperators(*self.busy()?, shim, ctx)) }
    }

    /// Sets the closure `f(ksp, b)` that computes the right-hand side. The closure is stored on the
    /// DM, see [`set_compute_operators`](Self::set_compute_operators). Collective.
    #[wraps(KSPSetComputeRHS)]
    pub fn set_compute_rhs<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&KspRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let ctx = self.put_on_dm(RHS, f)?;
        let shim = Some(vector_shim::<F> as _);
        // SAFETY: a live solver; `ctx` is a key for the closure.
        unsafe { call!(KSPSetComputeRHS(*self.busy()?, shim, ctx)) }
    }

    /// Sets the closure `f(ksp, x)` that computes the initial guess. The solver calls the closure
    /// in its setup. The closure is stored on the DM, see
    /// [`set_compute_operators`](Self::set_compute_operators). Collective.
    #[wraps(KSPSetComputeInitialGuess)]
    pub fn set_compute_initial_guess<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&KspRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let ctx = self.put_on_dm(GUESS, f)?;
        let shim = Some(vector_shim::<F> as _);
        // SAFETY: a live solver; `ctx` is a key for the closure.
        unsafe { call!(KSPSetComputeInitialGuess(*self.busy()?, shim, ctx)) }
    }

    /// Uses the DM of another solver, including the closures stored on it. Collective.
    #[wraps(KSPSetDM)]
    pub fn share_dm(&mut self, other: &KspRef) -> Result<()> {
        let dm = other.raw_dm()?;
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(KSPSetDM(*self.busy()?, dm)) }
    }

    fn raw_dm(&self) -> Result<sys::DM> {
        // SAFETY: a live solver; PETSc creates a DM if there is none.
        unsafe { get_raw!(KSPGetDM(self.as_ptr(), _)) }
    }

    fn put_on_dm<F: 'static>(&mut self, name: &CStr, f: F) -> Result<*mut c_void> {
        let dm = self.raw_dm()?;
        let key = Key::new(f);
        let ctx = key.as_ctx();
        // SAFETY: the solver's DM lives; the key lives as long as it, or until it is replaced.
        unsafe { callback::compose(dm.cast(), name, key) }?;
        Ok(ctx)
    }
}

trampoline! {
    keyed fn operators_shim[c"KSP operators"](ksp: &KspRef, a: &mut MatrixRef, p: &mut MatrixRef)
}

trampoline! {
    @of Keyed fn vector_shim[c"KSP right-hand side or guess"](ksp: &KspRef, x: &mut VectorRef)
    for FnMut(&KspRef, &mut VectorRef) -> Result<()> as F
    = |f| {
        // `KSPMatSolve` leaves columns of its matrices in the solver, without their arrays.
        x.check_array()?;
        f(ksp, x)
    }
}
