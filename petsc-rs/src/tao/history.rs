//! Status and convergence history of an optimization.

use std::ptr;

use petsc_macros::{getter, wraps};

use super::{ConvergedReason, TaoRef};
use crate::error::{Error, ErrorCode, Result};
use crate::{Int, Object as _, Real, call, ffi};

/// Status of an optimization, see [`TaoRef::status`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Status {
    /// Number of iterations.
    pub iterations: usize,
    /// Value of the function.
    pub objective: Real,
    /// Norm of the gradient, or of the method's substitute for it.
    pub gradient_norm: Real,
    /// Norm of the constraint violation.
    pub constraint_norm: Real,
    /// Length of the last step, or radius of the trust region.
    pub step: Real,
    /// Reason why the optimization stopped, [`ConvergedReason::Iterating`] if it has not stopped.
    pub reason: ConvergedReason,
}

/// Values of all stored iterations, see [`TaoRef::convergence_history`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct History {
    /// Values of the function.
    pub objectives: Vec<Real>,
    /// Norms of the gradient.
    pub gradient_norms: Vec<Real>,
    /// Norms of the constraint violation.
    pub constraint_norms: Vec<Real>,
}

impl TaoRef {
    /// Returns the status of the current or last optimization. Monitors and convergence tests can
    /// call this method during a solve.
    #[wraps(TaoGetSolutionStatus, not_collective)]
    pub fn status(&self) -> Result<Status> {
        let own = self.own_status()?;
        if own.reason != ConvergedReason::Iterating && self.is_type("brgn")? {
            // The method copies nothing but the solution from its inner solver.
            return self.brgn_subsolver()?.own_status();
        }
        Ok(own)
    }

    fn own_status(&self) -> Result<Status> {
        let (iterations, objective, gradient_norm, constraint_norm, step, reason) =
            self.raw_status()?;
        Ok(Status { iterations, objective, gradient_norm, constraint_norm, step, reason })
    }

    #[getter(TaoGetSolutionStatus)]
    fn raw_status() -> (usize, Real, Real, Real, Real, ConvergedReason);

    /// Returns the number of evaluations of the objective so far in this solve.
    #[getter(TaoGetCurrentFunctionEvaluations)]
    pub fn evaluations() -> usize;

    /// Returns the number of iterations of the linear solver so far in this solve.
    #[getter(TaoGetLinearSolveIterations)]
    pub fn linear_iterations() -> usize;

    /// Returns the total number of iterations of all solves with this optimizer.
    #[getter(TaoGetTotalIterationNumber)]
    pub fn total_iterations() -> usize;

    /// Stores the values of up to `capacity` iterations. Call this method at most once for each
    /// optimizer. Not collective. Default: none are stored.
    ///
    /// With `restart`, each solve starts a new history. Otherwise each solve appends its values.
    ///
    /// # Errors
    /// `ORDER` in a second call; `INT_OVERFLOW` if `capacity` does not fit into `PetscInt`.
    #[wraps(TaoSetConvergenceHistory)]
    pub fn set_convergence_history(&mut self, capacity: usize, restart: bool) -> Result<()> {
        crate::not_collective!();
        if !self.raw_history()?.0.is_null() {
            // PETSc would not free the first history.
            let text = "the optimizer has a convergence history already: set it once";
            return Err(Error::new(ErrorCode::ORDER, text));
        }
        let (n, restart) = (ffi::petsc_int(capacity.max(1))?, ffi::raw_bool(restart));
        let [f, g, c] = [ptr::null_mut(); 3];
        let i = ptr::null_mut();
        // SAFETY: a live optimizer; for NULL, PETSc allocates the memory and frees it.
        unsafe { call!(TaoSetConvergenceHistory(*self.busy()?, f, g, c, i, n, restart)) }
    }

    /// Returns the stored values, also after a solve that failed.
    #[wraps(TaoGetConvergenceHistory, not_collective)]
    pub fn convergence_history(&self) -> Result<History> {
        let (objectives, gradient_norms, constraint_norms, _, n) = self.raw_history()?;
        if objectives.is_null() {
            return Ok(History::default());
        }
        // SAFETY: PETSc wrote `n` numbers there; they are copied before it can write again.
        let copy = |data: *mut Real| unsafe { ffi::slice(data.cast_const(), n) }.to_vec();
        Ok(History {
            objectives: copy(objectives),
            gradient_norms: copy(gradient_norms),
            constraint_norms: copy(constraint_norms),
        })
    }

    #[getter(TaoGetConvergenceHistory)]
    fn raw_history() -> (*mut Real, *mut Real, *mut Real, *mut Int, usize);
}
