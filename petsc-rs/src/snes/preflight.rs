//! Checks before a solve, and the cleanup after it.

use std::ptr;

use super::SnesRef;
use crate::error::Result;
use crate::vector::VectorRef;
use crate::{call, ffi, get_raw, sys};

/// Exists during a solve. On drop, removes locks of the vectors that an error has left.
pub(super) struct Preflight<'a> {
    snes: &'a SnesRef,
    _locks: ffi::Locks<2>,
}

impl Preflight<'_> {
    /// Called with the result of the solve.
    pub(super) fn end(self, outcome: Result<()>) -> Result<()> {
        let remembered = self.snes.remember_own_colors();
        outcome.and(remembered)
    }
}

impl SnesRef {
    /// Called before a solve. `x` may be NULL; if it is not, its entries are not borrowed.
    pub(super) fn preflight(&self, b: Option<&VectorRef>, x: sys::Vec) -> Result<Preflight<'_>> {
        // Before anything changes what a solver that runs may use.
        drop(self.busy()?);
        self.check_own_functions()?;
        // Inner solvers may read their options later.
        super::check_version_option()?;
        if let Some(b) = b {
            b.check_readable()?;
        }
        self.check_own_writable()?;
        ffi::check_solver()?;
        let b = b.map_or(ptr::null_mut(), VectorRef::as_ptr);
        let locks = ffi::Locks::note([b, x])?;
        self.prepare_own_colors()?;
        Ok(Preflight { snes: self, _locks: locks })
    }

    /// Checks that the function and the bounds have the layout of the solution: C indexes one
    /// vector with the length of another.
    pub(super) fn check_layout(&self, x: &VectorRef) -> Result<()> {
        self.check_bounds(x)
    }

    /// Checks that no vector to which the solver writes has borrowed entries: its steps, the
    /// residual vector of the user, and the vectors of its linear solver and its nonlinear
    /// preconditioner.
    fn check_own_writable(&self) -> Result<()> {
        let [own @ .., _] = self.vectors()?;
        check_writable(&own)?;
        self.check_preconditioner_writable()
    }

    /// Checks these vectors and the solution vector, for solvers that call this one.
    pub(crate) fn check_all_writable(&self) -> Result<()> {
        check_writable(&self.vectors()?)?;
        self.check_preconditioner_writable()
    }

    fn check_preconditioner_writable(&self) -> Result<()> {
        // SAFETY: a live solver.
        let npc = unsafe { get_raw!(PetscRsSNESPreconditioner(self.as_ptr(), _)) }?;
        if npc.is_null() {
            return Ok(());
        }
        // SAFETY: a live solver, of which this one has a reference. It does not contain this one
        // (`runtime::give`).
        unsafe { SnesRef::from_ptr(npc) }.check_all_writable()
    }

    /// Returns the vectors of the solver, which may be NULL. The last one is the solution.
    fn vectors(&self) -> Result<[sys::Vec; 5]> {
        let mut vectors = [ptr::null_mut(); 5];
        // SAFETY: a live solver, and space for five vectors.
        unsafe { call!(PetscRsSNESGetVectors(self.as_ptr(), vectors.as_mut_ptr())) }?;
        Ok(vectors)
    }
}

fn check_writable(vectors: &[sys::Vec]) -> Result<()> {
    for &vector in vectors.iter().filter(|vector| !vector.is_null()) {
        // SAFETY: a live vector, of which the solver has a reference.
        unsafe { VectorRef::from_ptr(vector) }.check_writable()?;
    }
    Ok(())
}
