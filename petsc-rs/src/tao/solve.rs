//! Optimization and its result.

use std::fmt;
use std::ptr;

use petsc_macros::wraps;

use super::parts::Parts;
use super::{ConvergedReason, Status, TaoRef, sizes};
use crate::error::{Error, ErrorCode, Result};
use crate::solver::{Outcome, judge};
use crate::vector::VectorRef;
use crate::{Object as _, Real, call, comm, ffi};

/// Result of an optimization that converged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Converged {
    /// Reason why the optimization stopped.
    pub reason: ConvergedReason,
    /// Number of iterations.
    pub iterations: usize,
    /// Value of the objective.
    pub objective: Real,
    /// Norm of the gradient, or of the method's substitute for it.
    pub gradient_norm: Real,
}

impl fmt::Display for Converged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            reason,
            iterations,
            objective,
            gradient_norm,
        } = self;
        write!(
            f,
            "{reason} after {iterations} iterations, f = {objective:e}, gradient norm \
             {gradient_norm:e}"
        )
    }
}

impl Outcome for Converged {
    const SOLVER: &'static str = "optimizer";
    type Reason = ConvergedReason;

    fn reason(&self) -> ConvergedReason {
        self.reason
    }
}

/// An optimization that did not converge, as the source of the error of [`TaoRef::solve`].
pub type NotConverged = crate::solver::NotConverged<Converged>;

impl TaoRef {
    /// Minimizes from the initial guess in `x`, and stores the minimizer in `x`. Collective.
    ///
    /// The optimizer uses its own solution vector and copies. The next solve may use any vector of
    /// the same layout.
    ///
    /// # Errors
    /// `NOT_CONVERGED` on all ranks, with the reason, the number of iterations and a hint (`x` is
    /// the last iterate); `ORDER` if the method needs a function that was not set; `ARG_SIZ` if
    /// sizes do not fit, or differ from those of the first solve; any error of a callback.
    ///
    /// # Examples
    /// See [`Tao`](crate::Tao).
    #[wraps(TaoSolve)]
    pub fn solve(&mut self, x: &mut VectorRef) -> Result<Converged> {
        let Status {
            iterations,
            objective,
            gradient_norm,
            reason,
            ..
        } = self.solve_unchecked(x)?;
        judge(Converged {
            reason,
            iterations,
            objective,
            gradient_norm,
        })
    }

    /// Solves like [`solve`](Self::solve), and returns the status, also if the optimization did not
    /// converge. Collective.
    ///
    /// # Errors
    /// The errors of [`solve`](Self::solve) except `NOT_CONVERGED`.
    ///
    /// # Examples
    /// A limit of iterations that is too low for the tolerances:
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::{Tao, TaoType, tao::Tolerances};
    /// let mut x = Vector::from_fn(comm, 4, |i| Ok(i as Real))?;
    /// let mut tao = Tao::new(comm)?;
    /// tao.set_type(TaoType::NM)?;
    /// tao.set_objective(|_, x| Ok(x.dot(x)?))?;
    /// tao.set_tolerances(Tolerances { max_iterations: 2.into(), ..Default::default() })?;
    /// let status = tao.solve_unchecked(&mut x)?;
    /// assert!(!status.reason.is_converged());
    /// assert_eq!(status.iterations, 2);
    /// # Ok(()) })
    /// ```
    #[wraps(TaoSetSolution)]
    pub fn solve_unchecked(&mut self, x: &mut VectorRef) -> Result<Status> {
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
        let _within = self.guard_admm(x)?;
        let raw = self.raw_solution()?;
        // SAFETY: the optimizer has a reference, and nothing below replaces it.
        let own = unsafe { VectorRef::from_ptr_mut(raw) };
        own.copy_from(x)?;
        {
            let _locks = ffi::Locks::note([raw])?;
            ready.begin(&parts);
            self.set_up(&parts)?;
            self.link_within()?;
            // SAFETY: a live optimizer with all required functions (above); no entries of any
            // vector are mutably borrowed.
            unsafe { call!(TaoSolve(*self.busy()?)) }?;
        }
        x.copy_from(own)?;
        self.status()
    }

    /// Checks that the vectors are not borrowed to which methods write outside of closures: those
    /// of the gradient, the step, the residuals and the constraints, and those of the linear solver.
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

    /// Sets up the method separately from the solve: `pdipm` adds its number of bounds to that of a
    /// setup that failed, and then writes outside its arrays.
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
