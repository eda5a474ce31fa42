//! Solving, and the proof of convergence.

use std::fmt;
use std::ptr;

use super::{ConvergedReason, SnesRef};
use crate::error::Result;
use crate::reason::not_converged;
use crate::vector::VectorRef;
use crate::{Real, call, ffi, sys};

/// Proof that a nonlinear solve converged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Converged {
    /// Why it stopped.
    pub reason: ConvergedReason,
    /// Number of nonlinear iterations.
    pub iterations: usize,
    /// Number of linear iterations in all.
    pub linear_iterations: usize,
}

impl fmt::Display for Converged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            reason,
            iterations,
            linear_iterations,
        } = self;
        write!(
            f,
            "{reason} after {iterations} nonlinear and {linear_iterations} linear iterations"
        )
    }
}

impl SnesRef {
    /// Solves `F(x) = b` (`F(x) = 0` for `None`) from the first guess in `x`. Collective.
    ///
    /// # Errors
    /// `NOT_CONVERGED`, on all ranks alike, with reason, iterations and a hint; any error of a
    /// callback.
    #[doc(alias = "SNESSolve")]
    pub fn solve(&mut self, b: Option<&VectorRef>, x: &mut VectorRef) -> Result<Converged> {
        let reason = self.solve_unchecked(b, x)?;
        let iterations = self.iterations()?;
        if reason.is_converged() {
            let linear_iterations = self.linear_iterations()?;
            return Ok(Converged {
                reason,
                iterations,
                linear_iterations,
            });
        }
        let details = format!(" after {iterations} iterations");
        Err(not_converged(
            "nonlinear solver",
            reason,
            &details,
            reason.hint(),
        ))
    }

    /// Solves and returns the reason why it stopped without judging it. Collective.
    ///
    /// # Errors
    /// Any error of a callback.
    pub fn solve_unchecked(
        &mut self,
        b: Option<&VectorRef>,
        x: &mut VectorRef,
    ) -> Result<ConvergedReason> {
        if let Some(b) = b {
            b.check_readable()?;
        }
        x.check_writable()?;
        self.check_residual_writable()?;
        ffi::check_no_writer()?;
        let b = b.map_or(ptr::null_mut(), VectorRef::as_ptr);
        let _locks = ffi::Locks::note([b, x.as_ptr()])?;
        // SAFETY: live objects; nobody holds a slice of `x` or of the residual, nor a mutable one of
        // any vector (above).
        unsafe { call!(SNESSolve(self.as_ptr(), b, x.as_ptr())) }?;
        self.converged_reason()
    }

    /// The solver writes to the residual vector that the user gave and may hold slices of.
    fn check_residual_writable(&self) -> Result<()> {
        let mut residual = ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer; the others may be NULL.
        unsafe {
            call!(SNESGetFunction(
                self.as_ptr(),
                &raw mut residual,
                ptr::null_mut(),
                ptr::null_mut()
            ))
        }?;
        if residual.is_null() {
            Ok(())
        } else {
            ffi::check_writable(residual)
        }
    }

    /// Why the last solve stopped. Not collective.
    ///
    /// # Errors
    /// What `SNESGetConvergedReason` returns.
    #[doc(alias = "SNESGetConvergedReason")]
    pub fn converged_reason(&self) -> Result<ConvergedReason> {
        let mut raw = 0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(SNESGetConvergedReason(self.as_ptr(), &raw mut raw)) }?;
        Ok(ConvergedReason::from_raw(raw))
    }

    /// Number of nonlinear iterations of the last solve, or so far. Not collective.
    ///
    /// # Errors
    /// What `SNESGetIterationNumber` returns.
    #[doc(alias = "SNESGetIterationNumber")]
    pub fn iterations(&self) -> Result<usize> {
        let mut n = 0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(SNESGetIterationNumber(self.as_ptr(), &raw mut n)) }?;
        ffi::size(n)
    }

    /// Number of linear iterations of the last solve. Not collective.
    ///
    /// # Errors
    /// What `SNESGetLinearSolveIterations` returns.
    #[doc(alias = "SNESGetLinearSolveIterations")]
    pub fn linear_iterations(&self) -> Result<usize> {
        let mut n = 0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(SNESGetLinearSolveIterations(self.as_ptr(), &raw mut n)) }?;
        ffi::size(n)
    }

    /// `‖F(x)‖` at the last iterate. Not collective.
    ///
    /// # Errors
    /// What `SNESGetFunctionNorm` returns.
    #[doc(alias = "SNESGetFunctionNorm")]
    pub fn function_norm(&self) -> Result<Real> {
        let mut norm = 0.0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(SNESGetFunctionNorm(self.as_ptr(), &raw mut norm)) }?;
        Ok(norm)
    }
}
