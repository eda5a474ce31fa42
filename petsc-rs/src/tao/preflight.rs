//! Checks and preparations before an optimization, and the cleanup after it.

use std::ptr;

use super::admm::ParentLink;
use super::parts::Parts;
use super::{TaoRef, sizes};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{Object as _, call, comm, ffi, sys};

/// Exists during an optimization. On drop, removes references of the inner solvers and locks that
/// an error has left.
pub(super) struct Preflight {
    own: sys::Vec,
    _locks: ffi::Locks<1>,
    _within: Option<ParentLink>,
}

impl Preflight {
    /// Returns the solution vector of the optimizer.
    pub(super) fn solution(&self) -> &VectorRef {
        // SAFETY: the optimizer has a reference, and nothing replaces the vector during a solve.
        unsafe { VectorRef::from_ptr(self.own) }
    }
}

impl TaoRef {
    /// Called before an optimization from this initial guess, which is copied to the optimizer's own
    /// vector. Sets up the method.
    pub(super) fn preflight(&mut self, x: &VectorRef) -> Result<Preflight> {
        x.check_writable()?;
        ffi::check_solver()?;
        comm::check_same_ranks(self.object_ptr(), x.object_ptr())?;
        let (parts, _) = self.parts()?;
        let ready = self.check_parts(&parts, sizes::length(x)?)?;
        self.check_vectors_writable()?;
        self.make_bounds(x)?;
        self.guard_brgn(x)?;
        self.guard_pounders(&parts)?;
        self.guard_almm(x)?;
        self.drop_preconditioner()?;
        self.install_test()?;
        if self.raw_solution()?.is_null() {
            // Methods keep the vector of their setup, even if another one is set afterwards.
            let own = x.duplicate()?;
            // SAFETY: live objects; the optimizer takes a reference.
            unsafe { call!(TaoSetSolution(*self.busy()?, own.as_ptr())) }?;
        }
        self.size_differences(x)?;
        if ready.needs.states {
            self.check_division(x)?;
        }
        let within = self.guard_admm(x)?;
        let own = self.raw_solution()?;
        // SAFETY: the optimizer has a reference, and nothing below replaces it.
        let solution = unsafe { VectorRef::from_ptr_mut(own) };
        self.check_alike(solution)?;
        solution.copy_from(x)?;
        let locks = ffi::Locks::note([own])?;
        ready.begin(&parts);
        self.set_up(&parts)?;
        self.link_within()?;
        Ok(Preflight { own, _locks: locks, _within: within })
    }

    /// Checks that the solution and what C combines with it are nested, or none of them: it casts
    /// the private data of nested vectors.
    pub(super) fn check_alike(&self, solution: &VectorRef) -> Result<()> {
        let nested = solution.is_nest()?;
        let (lower, upper) = self.raw_bounds()?;
        for bound in [lower, upper].into_iter().filter(|bound| !bound.is_null()) {
            // SAFETY: a live vector, of which the optimizer has a reference.
            if unsafe { VectorRef::from_ptr(bound) }.is_nest()? != nested {
                let text = "the solution and its bounds must all be nested, or none of them";
                return Err(Error::new(ErrorCode::ARG_NOTSAMETYPE, text));
            }
        }
        let norm = self.raw_gradient_norm()?;
        let matrices = self.raw_matrices()?.into_iter().chain([norm]);
        for a in matrices.filter(|a| !a.is_null()) {
            // SAFETY: a live matrix, of which the optimizer has a reference.
            unsafe { MatrixRef::from_ptr(a) }.check_nested(solution)?;
        }
        Ok(())
    }

    /// Checks that no vector to which methods write outside of closures is borrowed: the vectors of
    /// the gradient, the step, the residuals, the constraints and the linear solver.
    fn check_vectors_writable(&self) -> Result<()> {
        let mut vectors = [ptr::null_mut(); 8];
        // SAFETY: a live optimizer, and space for eight vectors.
        unsafe { call!(PetscRsTaoGetVectors(self.as_ptr(), vectors.as_mut_ptr())) }?;
        for vector in vectors.into_iter().filter(|vector| !vector.is_null()) {
            // SAFETY: a live vector, of which the optimizer has a reference.
            unsafe { VectorRef::from_ptr(vector) }.check_writable()?;
        }
        Ok(())
    }

    /// Sets up the method separately from the solve: after a setup that failed, `pdipm` adds its
    /// number of bounds to the earlier number, and then writes outside its arrays.
    fn set_up(&self, parts: &Parts) -> Result<()> {
        let tao = self.busy()?;
        if parts.half_set_up.replace(true) && self.is_type("pdipm")? {
            return Err(Error::collective(
                ErrorCode::ORDER,
                "an earlier setup of the method pdipm has failed: create a new optimizer",
            ));
        }
        // SAFETY: a live optimizer with all functions that the method requires, by the caller,
        // which is about to solve.
        unsafe { call!(TaoSetUp(*tao)) }?;
        parts.half_set_up.set(false);
        Ok(())
    }
}
