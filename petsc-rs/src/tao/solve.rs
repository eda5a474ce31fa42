//! Optimising, and the proof of convergence.

use std::fmt;

use super::{ConvergedReason, TaoRef};
use crate::error::Result;
use crate::reason::not_converged;
use crate::vector::VectorRef;
use crate::{Real, call, ffi, sys};

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

impl TaoRef {
    /// Minimises from the first guess in `x`, which becomes the minimiser. Collective.
    ///
    /// # Errors
    /// `NOT_CONVERGED`, on all ranks alike, with reason, iterations and a hint; any error of a
    /// callback.
    #[doc(alias = "TaoSolve")]
    pub fn solve(&mut self, x: &mut VectorRef) -> Result<Converged> {
        x.check_writable()?;
        ffi::check_no_writer()?;
        // SAFETY: live objects; the optimiser takes a reference.
        unsafe { call!(TaoSetSolution(self.as_ptr(), x.as_ptr())) }?;
        let _locks = ffi::Locks::note([x.as_ptr()])?;
        // SAFETY: a live optimiser; nobody holds a slice of `x`, nor a mutable one of any vector.
        unsafe { call!(TaoSolve(self.as_ptr())) }?;
        let (mut iterations, mut raw) = (0, 0);
        let (mut objective, mut gradient_norm, mut infeasibility, mut step) = (0.0, 0.0, 0.0, 0.0);
        // SAFETY: a live optimiser and valid out-pointers.
        unsafe {
            call!(TaoGetSolutionStatus(
                self.as_ptr(),
                &raw mut iterations,
                &raw mut objective,
                &raw mut gradient_norm,
                &raw mut infeasibility,
                &raw mut step,
                &raw mut raw
            ))
        }?;
        let reason = ConvergedReason::from_raw(raw);
        let iterations = ffi::size(iterations)?;
        if reason.is_converged() {
            return Ok(Converged {
                reason,
                iterations,
                objective,
                gradient_norm,
            });
        }
        let details = format!(
            " after {iterations} iterations, f = {objective:e}, gradient norm {gradient_norm:e}"
        );
        Err(not_converged("optimiser", reason, &details, reason.hint()))
    }
}
