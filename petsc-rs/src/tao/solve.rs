//! Optimising, and the proof of convergence.

use std::fmt;

use petsc_macros::wraps;

use super::parts::Parts;
use super::{ConvergedReason, Status, TaoRef, sizes};
use crate::error::{Error, ErrorCode, Result};
use crate::solver::{Outcome, judge};
use crate::vector::VectorRef;
use crate::{Object as _, Real, call, comm, ffi};

/// Proof that an optimisation converged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Converged {
    /// Why it stopped.
    pub reason: ConvergedReason,
    /// Number of iterations.
    pub iterations: usize,
    /// Value of the function.
    pub objective: Real,
    /// Norm of the gradient, or of what the method takes for it.
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
    /// Minimises from the first guess in `x`, which becomes the minimiser. Collective.
    ///
    /// The optimiser works on a vector of its own and copies: any vector of the same layout will do for the
    /// next solve.
    ///
    /// # Errors
    /// `NOT_CONVERGED`, on all ranks alike, with reason, iterations and a hint, `x` being the last iterate;
    /// `ORDER` if the method needs a function that was not set; `ARG_SIZ` if sizes do not fit, or are not those
    /// of the first solve; any error of a callback.
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

    /// The same without judging why it stopped. Collective.
    ///
    /// # Errors
    /// As [`solve`](Self::solve), but for `NOT_CONVERGED`.
    #[wraps(TaoSetSolution)]
    pub fn solve_unchecked(&mut self, x: &mut VectorRef) -> Result<Status> {
        x.check_writable()?;
        ffi::check_solver()?;
        comm::check_same_ranks(self.object_ptr(), x.object_ptr())?;
        let (parts, _) = self.parts()?;
        let ready = self.check_parts(&parts, sizes::length(x)?)?;
        if let Some(gradient) = self.gradient()? {
            gradient.check_writable()?;
        }
        self.make_bounds(x)?;
        self.guard_brgn(x)?;
        self.guard_pounders(&parts)?;
        self.guard_almm(x)?;
        self.drop_preconditioner()?;
        self.install_test()?;
        if self.raw_solution()?.is_null() {
            // Methods keep the vector that they were set up with, whatever is set afterwards.
            let own = x.duplicate()?;
            // SAFETY: live objects; the optimiser takes a reference.
            unsafe { call!(TaoSetSolution(*self.busy()?, own.as_ptr())) }?;
        }
        self.size_differences(x)?;
        if ready.needs.states {
            self.check_division(x)?;
        }
        let _within = self.guard_admm(x)?;
        let raw = self.raw_solution()?;
        // SAFETY: the optimiser keeps a reference, and nothing below replaces it.
        let own = unsafe { VectorRef::from_ptr_mut(raw) };
        own.copy_from(x)?;
        {
            let _locks = ffi::Locks::note([raw])?;
            ready.begin(&parts);
            self.set_up(&parts)?;
            self.link_within()?;
            // SAFETY: a live optimiser with everything it needs (above); nobody holds a mutable slice of any
            // vector.
            unsafe { call!(TaoSolve(*self.busy()?)) }?;
        }
        x.copy_from(own)?;
        self.status()
    }

    /// What a solve begins with, on its own: `pdipm` counts its bounds on top of those that a set-up counted before it
    /// failed, and writes beyond its arrays.
    fn set_up(&self, parts: &Parts) -> Result<()> {
        let tao = self.busy()?;
        if parts.half_set_up.replace(true) && self.is_type("pdipm")? {
            return Err(Error::collective(
                ErrorCode::ORDER,
                "the set-up of the method pdipm has failed before: make a new optimiser",
            ));
        }
        // SAFETY: a live optimiser with everything that the method needs, by the caller, who is about to solve.
        unsafe { call!(TaoSetUp(*tao)) }?;
        parts.half_set_up.set(false);
        Ok(())
    }
}
