//! Optimization and its result.

use std::fmt;

use petsc_macros::wraps;

use super::{ConvergedReason, Status, TaoRef};
use crate::error::Result;
use crate::solver::{Outcome, judge};
use crate::vector::VectorRef;
use crate::{Real, call};

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
        let Self { reason, iterations, objective, gradient_norm } = self;
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
    /// The optimizer copies `x` to its own solution vector before the solve, and copies the result
    /// back to `x`. The next solve may use another vector of the same layout.
    ///
    /// # Errors
    /// `NOT_CONVERGED` on all ranks, with the reason, the number of iterations and a hint (`x` is
    /// the last iterate); `ORDER` if the method needs a function that was not set; `ARG_SIZ` if the
    /// sizes of the vectors and matrices do not match, or differ from the sizes in the first solve;
    /// any error of a callback.
    ///
    /// # Examples
    /// See [`Tao`](crate::Tao).
    #[wraps(TaoSolve)]
    pub fn solve(&mut self, x: &mut VectorRef) -> Result<Converged> {
        let Status { iterations, objective, gradient_norm, reason, .. } =
            self.solve_unchecked(x)?;
        judge(Converged { reason, iterations, objective, gradient_norm })
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
        let flight = self.preflight(x)?;
        // SAFETY: a live optimizer with all functions that its method needs, which is set up; no
        // entries of any vector are mutably borrowed.
        unsafe { call!(TaoSolve(*self.busy()?)) }?;
        x.copy_from(flight.solution())?;
        drop(flight);
        self.status()
    }
}
