//! Solving, and the proof of convergence.

use std::fmt;
use std::ptr;

use petsc_macros::{getter, wraps};

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
    #[wraps(SNESSolve)]
    pub fn solve(&mut self, b: Option<&VectorRef>, x: &mut VectorRef) -> Result<Converged> {
        let reason = self.solve_unchecked(b, x)?;
        self.judge(reason)
    }

    /// Solves `F(x) = b` in a vector of the solver's own, [`solution`](Self::solution): the one of
    /// [`set_solution`](Self::set_solution) or of the last solve, else one that the grid makes. With
    /// [`set_initial_guess`](Self::set_initial_guess), the closure computes where to start. Collective.
    ///
    /// # Errors
    /// As [`solve`](Self::solve).
    #[wraps(SNESSolve)]
    pub fn solve_own(&mut self, b: Option<&VectorRef>) -> Result<Converged> {
        let reason = self.solve_own_unchecked(b)?;
        self.judge(reason)
    }

    /// As [`solve_own`](Self::solve_own), and returns the reason why it stopped without judging it.
    ///
    /// # Errors
    /// Any error of a callback.
    pub fn solve_own_unchecked(&mut self, b: Option<&VectorRef>) -> Result<ConvergedReason> {
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
        x.check_writable()?;
        self.check_layout(x)?;
        self.solve_raw(b, x.as_ptr())
    }

    /// `x` may be NULL; else nobody holds a slice of it.
    fn solve_raw(&mut self, b: Option<&VectorRef>, x: sys::Vec) -> Result<ConvergedReason> {
        // Before anything changes what a solver that runs may use.
        drop(self.busy()?);
        self.check_own_functions()?;
        // Solvers within this one may read their options yet.
        super::check_version_option()?;
        if let Some(b) = b {
            b.check_readable()?;
        }
        self.check_own_writable()?;
        ffi::check_solver()?;
        let b = b.map_or(ptr::null_mut(), VectorRef::as_ptr);
        let _locks = ffi::Locks::note([b, x])?;
        self.prepare_own_colors()?;
        self.prepare_line_search()?;
        // SAFETY: live objects, `b` and `x` may be NULL; nobody holds a slice of `x` or of the residual, nor
        // a mutable one of any vector, and the functions are those of a closure (above).
        let outcome = unsafe { call!(SNESSolve(*self.busy()?, b, x)) };
        let remembered = self.remember_own_colors();
        outcome.and(remembered)?;
        self.converged_reason()
    }

    /// Function and bounds are distributed like the solution: C reads one by the length of another.
    pub(super) fn check_layout(&self, x: &VectorRef) -> Result<()> {
        self.check_bounds(x)
    }

    /// The solver writes to its steps and to the residual vector that the user gave, and somebody may hold slices of them.
    fn check_own_writable(&self) -> Result<()> {
        if let Some(step) = self.solution_update()? {
            step.check_writable()?;
        }
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
            // SAFETY: the solver keeps a reference.
            unsafe { VectorRef::from_ptr(residual) }.check_writable()
        }
    }

    /// Why the last solve stopped. Not collective.
    ///
    /// # Errors
    /// What `SNESGetConvergedReason` returns.
    #[wraps(SNESGetConvergedReason)]
    pub fn converged_reason(&self) -> Result<ConvergedReason> {
        crate::not_collective!();
        let mut raw = 0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(SNESGetConvergedReason(self.as_ptr(), &raw mut raw)) }?;
        Ok(ConvergedReason::from_raw(raw))
    }

    /// The same in the word that PETSc prints, such as `CONVERGED_FNORM_RELATIVE`. Not collective.
    ///
    /// # Errors
    /// What `SNESGetConvergedReasonString` returns.
    #[wraps(SNESGetConvergedReasonString)]
    pub fn converged_reason_word(&self) -> Result<String> {
        crate::not_collective!();
        let mut raw = ptr::null();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(SNESGetConvergedReasonString(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: NULL or a text of PETSc's that lives as long as the program.
        Ok(unsafe { ffi::str_from_ptr(raw) }.unwrap_or_default())
    }

    /// Number of nonlinear iterations of the last solve, or so far.
    #[getter(SNESGetIterationNumber)]
    pub fn iterations() -> usize;

    /// Number of linear iterations of the last solve.
    #[getter(SNESGetLinearSolveIterations)]
    pub fn linear_iterations() -> usize;

    /// `‖F(x)‖` at the last iterate.
    #[getter(SNESGetFunctionNorm)]
    pub fn function_norm() -> Real;
}
