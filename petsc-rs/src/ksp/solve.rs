//! Solving, and the proof of convergence.

use std::fmt;
use std::ptr;

use petsc_macros::{getter, wraps};

use super::{ConvergedReason, KspRef};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::solver::{Outcome, judge};
use crate::vector::{Norm, VectorRef};
use crate::{Real, Scalar, ScalarExt, call, ffi, sys};

/// Proof that a solve converged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Converged {
    /// Why it stopped.
    pub reason: ConvergedReason,
    /// Number of iterations.
    pub iterations: usize,
    /// Norm of the residual in the sense of the method (often preconditioned).
    pub residual: Real,
}

impl fmt::Display for Converged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            reason,
            iterations,
            residual,
        } = self;
        write!(
            f,
            "{reason} after {iterations} iterations, residual norm {residual:.6e}"
        )
    }
}

impl Outcome for Converged {
    const SOLVER: &'static str = "linear solver";
    type Reason = ConvergedReason;

    #[inline]
    fn reason(&self) -> ConvergedReason {
        self.reason
    }
}

/// A solve that did not converge, as the source of the [`Error`] of [`KspRef::solve`].
pub type NotConverged = crate::solver::NotConverged<Converged>;

impl KspRef {
    /// Solves `A·x = b`. Collective.
    ///
    /// The first guess is zero, unless [`set_initial_guess_nonzero`](Self::set_initial_guess_nonzero)
    /// says that it is in `x`.
    ///
    /// # Errors
    /// `NOT_CONVERGED`, on all ranks alike, with reason, iterations, residual and a hint
    /// ([`NotConverged`] as its source); `ARG_SIZ` if `b` or `x` do not fit the operator; any error
    /// of the operators, the preconditioner or a callback. A solver that did not converge can be used
    /// again as it is, and [`residual_history`](Self::residual_history) tells how far it came. After
    /// other errors, [`reset`](Self::reset) it and set the operators again: since 3.22 PETSc leaves vectors
    /// of its own locked that were being read (`b` and `x` are freed here).
    #[wraps(KSPSolve)]
    pub fn solve(&mut self, b: &VectorRef, x: &mut VectorRef) -> Result<Converged> {
        self.solve_into(b, x)?;
        self.judge()
    }

    /// Solves `A·x = b` and returns the reason why it stopped without judging it. Collective.
    ///
    /// # Errors
    /// As [`solve`](Self::solve), without `NOT_CONVERGED`.
    pub fn solve_unchecked(&mut self, b: &VectorRef, x: &mut VectorRef) -> Result<ConvergedReason> {
        self.solve_into(b, x)?;
        self.converged_reason()
    }

    #[inline]
    fn solve_into(&mut self, b: &VectorRef, x: &mut VectorRef) -> Result<()> {
        self.check_vectors(b, x, false)?;
        let _locks = ffi::Locks::note([b.as_ptr(), x.as_ptr()])?;
        // SAFETY: live objects; sizes fit, nobody holds a slice of `x` or a mutable one of any
        // vector (above).
        let outcome = unsafe { call!(KSPSolve(*self.busy()?, b.as_ptr(), x.as_ptr())) };
        self.renew_unfinished(outcome)
    }

    /// Solves with the vectors that the solver has or its grid makes.
    pub(crate) fn solve_in_place_raw(&mut self) -> Result<ConvergedReason> {
        // They may be the user's of an earlier solve.
        let own = [self.rhs()?, self.solution()?];
        for vector in own.iter().flatten() {
            vector.check_writable()?;
        }
        let raw = own.map(|v| v.map_or(ptr::null_mut(), |v| v.as_ptr()));
        let _locks = ffi::Locks::note(raw)?;
        ffi::check_solver()?;
        self.check_operators()?;
        let (b, x) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live solver; NULL stands for its own vectors, of which nobody holds a slice, nor a
        // mutable one of any vector (above).
        let outcome = unsafe { call!(KSPSolve(*self.busy()?, b, x)) };
        self.renew_unfinished(outcome)?;
        self.converged_reason()
    }

    /// Solves `Aᵀ·x = b` (without conjugation). Collective.
    ///
    /// # Errors
    /// As [`solve`](Self::solve); `SUP` if method or preconditioner cannot.
    #[wraps(KSPSolveTranspose)]
    pub fn solve_transpose(&mut self, b: &VectorRef, x: &mut VectorRef) -> Result<Converged> {
        self.check_vectors(b, x, true)?;
        let _locks = ffi::Locks::note([b.as_ptr(), x.as_ptr()])?;
        // SAFETY: as for `solve_unchecked`.
        let outcome = unsafe { call!(KSPSolveTranspose(*self.busy()?, b.as_ptr(), x.as_ptr())) };
        self.renew_unfinished(outcome)?;
        self.judge()
    }

    /// Solves `A·X = B` for all columns of a dense matrix `B`. Collective.
    ///
    /// Methods that know blocks of vectors use them; others solve column by column, and then the
    /// proof is that of the last column: ask for
    /// [`set_error_if_not_converged`](Self::set_error_if_not_converged) where all matter.
    ///
    /// # Errors
    /// As [`solve`](Self::solve); `ARG_WRONG` if a matrix is not dense, `ARG_IDN` if they are one.
    #[wraps(KSPMatSolve)]
    pub fn mat_solve(&mut self, b: &MatrixRef, x: &mut MatrixRef) -> Result<Converged> {
        let (a, _) = self.operators()?;
        let (rows, columns) = (a.local_size()?, a.size()?);
        let fits = (b.local_size()?.0, x.local_size()?.0) == (rows.0, rows.1)
            && (b.size()?.0, x.size()?.0) == (columns.0, columns.1);
        if !fits {
            return Err(Error::new(
                ErrorCode::ARG_SIZ,
                "the rows of the right-hand sides or of the solutions do not fit the operator",
            ));
        }
        b.check_readable()?;
        x.check_writable()?;
        ffi::check_solver()?;
        // SAFETY: live objects; rows fit (above), PETSc checks types, columns and identity.
        let outcome = unsafe { call!(KSPMatSolve(*self.busy()?, b.as_ptr(), x.as_ptr())) };
        self.renew_unfinished(outcome)?;
        self.judge()
    }

    /// What the last solve came to.
    pub(crate) fn judge(&self) -> Result<Converged> {
        let (mut reason, mut iterations, mut residual) = (sys::KSP_CONVERGED_ITERATING, 0, 0.0);
        // SAFETY: a live solver and valid out-pointers.
        unsafe {
            call!(PetscRsKSPOutcome(
                self.as_ptr(),
                &raw mut reason,
                &raw mut iterations,
                &raw mut residual
            ))
        }?;
        judge(Converged {
            reason: ConvergedReason::from_raw(reason),
            iterations: ffi::size(iterations)?,
            residual,
        })
    }

    /// What optimised PETSc does not check before its preconditioners touch memory: sizes.
    #[inline]
    fn check_vectors(&self, b: &VectorRef, x: &VectorRef, transpose: bool) -> Result<()> {
        b.check_readable()?;
        x.check_writable()?;
        ffi::check_solver()?;
        let (rows, columns) = if transpose { (x, b) } else { (b, x) };
        // SAFETY: live objects.
        if unsafe { sys::PetscRsKSPFits(self.as_ptr(), rows.as_ptr(), columns.as_ptr()) } != 0 {
            return Ok(());
        }
        self.check_sizes(b, x, transpose)
    }

    #[cold]
    fn check_sizes(&self, b: &VectorRef, x: &VectorRef, transpose: bool) -> Result<()> {
        self.check_operators()?;
        if !self.operators_set()?.0 {
            // Made and computed during set-up, with the sizes of the grid.
            self.dm()?.check_global(b)?;
            return self.dm()?.check_global(x);
        }
        let (a, p) = self.operators()?;
        if b.is_nest()? || x.is_nest()? {
            self.check_nested(&a, &p, b, x)?;
        }
        let (mut local, mut global) = (a.local_size()?, a.size()?);
        if transpose {
            local = (local.1, local.0);
            global = (global.1, global.0);
        }
        let found = ((b.local_len()?, x.local_len()?), (b.len()?, x.len()?));
        if found == (local, global) {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_SIZ,
            format!(
                "the operator wants a right-hand side of {} entries ({} on this rank) and a solution \
                 of {} ({}), got {} ({}) and {} ({})",
                global.0, local.0, global.1, local.1, found.1.0, found.0.0, found.1.1, found.0.1
            ),
        ))
    }

    /// Methods combine the two vectors, and those of null spaces, with one another.
    #[cold]
    fn check_nested(
        &self,
        a: &MatrixRef,
        p: &MatrixRef,
        b: &VectorRef,
        x: &VectorRef,
    ) -> Result<()> {
        a.check_nested(x)?;
        self.pc()?.check_nested(p, b, x)?;
        let spaces = [a.null_space()?, a.transpose_null_space()?];
        for space in spaces.iter().flatten() {
            for vector in space.vectors()? {
                vector.check_same_kind(x)?;
            }
        }
        Ok(())
    }

    /// Why the last solve stopped. Not collective.
    ///
    /// # Errors
    /// What `KSPGetConvergedReason` returns.
    #[wraps(KSPGetConvergedReason)]
    pub fn converged_reason(&self) -> Result<ConvergedReason> {
        crate::not_collective!();
        let mut raw = sys::KSP_CONVERGED_ITERATING;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(KSPGetConvergedReason(self.as_ptr(), &raw mut raw)) }?;
        Ok(ConvergedReason::from_raw(raw))
    }

    /// The same in the word that PETSc prints, such as `CONVERGED_RTOL`. Not collective.
    ///
    /// # Errors
    /// What `KSPGetConvergedReasonString` returns.
    #[wraps(KSPGetConvergedReasonString)]
    pub fn converged_reason_word(&self) -> Result<String> {
        crate::not_collective!();
        let mut raw = ptr::null();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(KSPGetConvergedReasonString(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: NULL or a text of PETSc's that lives as long as the program.
        Ok(unsafe { ffi::str_from_ptr(raw) }.unwrap_or_default())
    }

    /// Number of iterations of the last solve, or so far.
    #[getter(KSPGetIterationNumber)]
    pub fn iterations() -> usize;

    /// The last residual norm that the solver computed.
    #[getter(KSPGetResidualNorm)]
    pub fn residual_norm() -> Real;

    /// Number of iterations of all solves since the solver was created.
    #[getter(KSPGetTotalIterations)]
    pub fn total_iterations() -> usize;

    /// Computes `‖b − A·x‖₂`, whatever norm the method watches. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without operators; `ARG_SIZ` if `b` or `x` do not fit.
    pub fn true_residual_norm(&self, b: &VectorRef, x: &VectorRef) -> Result<Real> {
        let (a, _) = self.operators()?;
        let mut r = b.duplicate()?;
        a.mult(x, &mut r)?;
        r.axpy(Scalar::from_real(-1.0), b)?;
        r.norm(Norm::Two)
    }
}
