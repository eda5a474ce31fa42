//! Nonlinear solves and their results.

use std::fmt;
use std::ptr;

use petsc_macros::{getter, wraps};

use super::{ConvergedReason, SnesRef};
use crate::error::Result;
use crate::solver::{Outcome, judge};
use crate::vector::VectorRef;
use crate::{Real, call, ffi, get_raw, sys};

/// Result of a nonlinear solve that converged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Converged {
    /// Reason why the solve stopped.
    pub reason: ConvergedReason,
    /// Number of nonlinear iterations.
    pub iterations: usize,
    /// Total number of linear iterations.
    pub linear_iterations: usize,
    /// Norm of the residual `F(x) - b` that the method computed last.
    pub residual: Real,
}

impl fmt::Display for Converged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reason, iterations, linear_iterations, residual } = self;
        write!(
            f,
            "{reason} after {iterations} nonlinear and {linear_iterations} linear iterations, residual norm \
             {residual:.6e}"
        )
    }
}

impl Outcome for Converged {
    const SOLVER: &'static str = "nonlinear solver";
    type Reason = ConvergedReason;

    fn reason(&self) -> ConvergedReason {
        self.reason
    }
}

/// A solve that did not converge, as the source of the error of [`SnesRef::solve`].
pub type NotConverged = crate::solver::NotConverged<Converged>;

impl SnesRef {
    /// Solves `F(x) = b`, or `F(x) = 0` if `b` is `None`, from the initial guess in `x`.
    /// Collective.
    ///
    /// # Errors
    /// `NOT_CONVERGED` on all ranks, with the reason, the number of iterations and a hint; any
    /// error of a callback.
    ///
    /// # Examples
    /// See [`Snes`](crate::Snes).
    #[wraps(SNESSolve)]
    pub fn solve(&mut self, b: Option<&VectorRef>, x: &mut VectorRef) -> Result<Converged> {
        let reason = self.solve_unchecked(b, x)?;
        self.judge(reason)
    }

    /// Solves `F(x) = b` in the solver's own vector, see [`solution`](Self::solution). Collective.
    ///
    /// The solver uses the vector of [`set_solution`](Self::set_solution), or otherwise the vector
    /// of the last solve. If there is neither, the DM creates a vector. The closure of
    /// [`set_initial_guess`](Self::set_initial_guess), if set, computes the initial guess.
    #[wraps(SNESSolve, errors = solve)]
    pub fn solve_in_place(&mut self, b: Option<&VectorRef>) -> Result<Converged> {
        let reason = self.solve_in_place_unchecked(b)?;
        self.judge(reason)
    }

    /// Solves like [`solve_in_place`](Self::solve_in_place) and returns the reason why the solve stopped.
    ///
    /// # Errors
    /// Any error of a callback.
    pub fn solve_in_place_unchecked(&mut self, b: Option<&VectorRef>) -> Result<ConvergedReason> {
        let x = match self.solution()? {
            Some(x) => {
                x.check_writable()?;
                self.check_layout(&x)?;
                x.as_ptr()
            }
            None => ptr::null_mut(),
        };
        self.solve_raw(b, x)
    }

    fn judge(&self, reason: ConvergedReason) -> Result<Converged> {
        judge(Converged {
            reason,
            iterations: self.iterations()?,
            linear_iterations: self.linear_iterations()?,
            residual: self.function_norm()?,
        })
    }

    /// Solves like [`solve`](Self::solve) and returns the reason why the solve stopped. Collective.
    ///
    /// # Errors
    /// Any error of a callback.
    ///
    /// # Examples
    /// `x² + 1 = 0` has no real solution:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::Snes;
    /// # let mut a = Matrix::builder(comm).global_size(1, 1).build()?;
    /// # a.set_value(0, 0, Scalar::from_real(0.0), InsertMode::Add)?;
    /// # a.assemble()?;
    /// let (mut x, residual) = a.vectors()?;
    /// x.set(1.5.into())?;
    /// let mut snes = Snes::new(comm)?;
    /// snes.set_function(&residual, |_, x, f| {
    ///     f.pointwise_mult(x, x)?;
    ///     f.shift(1.0.into())
    /// })?;
    /// snes.set_jacobian_fd(&a, &a)?;
    /// let reason = snes.solve_unchecked(None, &mut x)?;
    /// assert!(!reason.is_converged(), "{reason}");
    /// # Ok(()) })
    /// ```
    pub fn solve_unchecked(
        &mut self,
        b: Option<&VectorRef>,
        x: &mut VectorRef,
    ) -> Result<ConvergedReason> {
        x.check_writable()?;
        self.check_layout(x)?;
        self.solve_raw(b, x.as_ptr())
    }

    /// `x` may be NULL. If it is not, its entries must not be borrowed.
    fn solve_raw(&mut self, b: Option<&VectorRef>, x: sys::Vec) -> Result<ConvergedReason> {
        let flight = self.preflight(b, x)?;
        let b = b.map_or(ptr::null_mut(), VectorRef::as_ptr);
        // SAFETY: live objects, `b` and `x` may be NULL; no entries of `x` or of the residual, and
        // no entries of any vector mutably, are borrowed, and the functions are those of a closure
        // (above).
        let outcome = unsafe { call!(SNESSolve(*self.busy()?, b, x)) };
        flight.end(outcome)?;
        self.converged_reason()
    }

    /// Returns the reason why the last solve stopped.
    #[getter(SNESGetConvergedReason)]
    pub fn converged_reason() -> ConvergedReason;

    /// Returns the reason as PETSc's string, such as `CONVERGED_FNORM_RELATIVE`.
    #[wraps(SNESGetConvergedReasonString, not_collective)]
    pub fn converged_reason_word(&self) -> Result<String> {
        // SAFETY: a live solver.
        let raw = unsafe { get_raw!(SNESGetConvergedReasonString(self.as_ptr(), _)) }?;
        // SAFETY: NULL or a text of PETSc's that lives as long as the program.
        Ok(unsafe { ffi::str_from_ptr(raw) }.unwrap_or_default())
    }

    /// Returns the number of nonlinear iterations of the last solve, or of the current solve so
    /// far.
    ///
    /// # Examples
    /// See [`Snes`](crate::Snes).
    #[getter(SNESGetIterationNumber)]
    pub fn iterations() -> usize;

    /// Returns the number of linear iterations of the last solve.
    #[getter(SNESGetLinearSolveIterations)]
    pub fn linear_iterations() -> usize;

    /// Returns `‖F(x)‖` at the last iterate.
    #[getter(SNESGetFunctionNorm)]
    pub fn function_norm() -> Real;
}
