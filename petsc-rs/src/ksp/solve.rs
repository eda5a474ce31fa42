//! Solves and their results.

use std::fmt;
use std::ptr;

use petsc_macros::{getter, wraps};

use super::{ConvergedReason, KspRef};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::{Matrix, MatrixRef, MatrixType, restore_columns};
use crate::solver::{Outcome, judge};
use crate::vector::{Norm, VectorRef};
use crate::{Real, Scalar, ScalarExt, call, ffi, get_raw, sys};

/// Result of a solve that converged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Converged {
    /// Reason why the solve stopped.
    pub reason: ConvergedReason,
    /// Number of iterations.
    pub iterations: usize,
    /// Residual norm, in the norm type of the solver (often the preconditioned norm).
    pub residual: Real,
}

impl fmt::Display for Converged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reason, iterations, residual } = self;
        write!(f, "{reason} after {iterations} iterations, residual norm {residual:.6e}")
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

/// A solve that did not converge: the source of the [`Error`] of [`KspRef::solve`].
pub type NotConverged = crate::solver::NotConverged<Converged>;

impl KspRef {
    /// Solves `A·x = b`. Collective.
    ///
    /// The initial guess is zero. With
    /// [`set_initial_guess_nonzero`](Self::set_initial_guess_nonzero), it is the value of `x`.
    ///
    /// # Errors
    /// `NOT_CONVERGED` on all ranks, with the reason, the number of iterations, the residual norm
    /// and a hint (the source of the error is [`NotConverged`]); `ARG_SIZ` if `b` or `x` do not fit
    /// the operator; `ARG_WRONGSTATE` if entries of `x` are borrowed, or entries of `b` if the solve
    /// changes them until it ends (diagonal scaling, preconditioners such as `eisenstat`); any error
    /// of the operators, the preconditioner or a callback.
    ///
    /// After `NOT_CONVERGED` you can use the solver again;
    /// [`residual_history`](Self::residual_history) returns the stored norms. After other errors,
    /// call [`reset`](Self::reset) and set the operators again: since 3.22, PETSc leaves its
    /// internal work vectors locked (`solve` unlocks `b` and `x`).
    ///
    /// # Examples
    /// See [`Ksp`](crate::Ksp).
    #[wraps(KSPSolve)]
    pub fn solve(&mut self, b: &VectorRef, x: &mut VectorRef) -> Result<Converged> {
        self.solve_into(b, x)?;
        self.judge()
    }

    /// Solves `A·x = b` and returns the reason why the solve stopped. Collective.
    ///
    /// # Errors
    /// The errors of [`solve`](Self::solve) except `NOT_CONVERGED`.
    ///
    /// # Examples
    /// A smoother stops after a fixed number of iterations; this is not an error:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::ksp::{ConvergedReason, NormType, Tolerances};
    /// # let mut a = Matrix::builder(comm).global_size(4, 4).build()?;
    /// # for i in a.ownership_range()? {
    /// #     a.set_value(i, i, 2.0.into(), InsertMode::Insert)?;
    /// # }
    /// # a.assemble()?; // 2·I
    /// # let (mut x, mut b) = a.vectors()?;
    /// # b.set(6.0.into())?;
    /// let mut ksp = Ksp::new(comm)?;
    /// ksp.set_type(KspType::RICHARDSON)?;
    /// ksp.set_norm_type(NormType::None)?;
    /// ksp.set_operators(&a, &a)?;
    /// ksp.set_tolerances(Tolerances { max_iterations: 3.into(), ..Default::default() })?;
    /// assert_eq!(ksp.solve_unchecked(&b, &mut x)?, ConvergedReason::Iterations);
    /// assert_eq!(ksp.iterations()?, 3);
    /// # Ok(()) })
    /// ```
    pub fn solve_unchecked(&mut self, b: &VectorRef, x: &mut VectorRef) -> Result<ConvergedReason> {
        self.solve_into(b, x)?;
        self.converged_reason()
    }

    #[inline]
    fn solve_into(&mut self, b: &VectorRef, x: &mut VectorRef) -> Result<()> {
        let _flight = self.preflight(b, x, false)?;
        // SAFETY: live objects; sizes fit, and no entries of `x`, and no entries of any vector
        // mutably, are borrowed (above).
        unsafe { call!(KSPSolve(*self.busy()?, b.as_ptr(), x.as_ptr())) }
    }

    /// Solves with the vectors that the solver has, or that its DM creates.
    pub(crate) fn solve_in_place_raw(&mut self) -> Result<ConvergedReason> {
        let _flight = self.preflight_in_place()?;
        let (b, x) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live solver; NULL stands for its own vectors. None of their entries, and no
        // entries of any vector mutably, are borrowed (above).
        unsafe { call!(KSPSolve(*self.busy()?, b, x)) }?;
        self.converged_reason()
    }

    /// Solves `Aᵀ·x = b` (without conjugation). Collective.
    ///
    /// # Errors
    /// The errors of [`solve`](Self::solve); `SUP` if the method or the preconditioner does not
    /// support transposed systems.
    #[wraps(KSPSolveTranspose)]
    pub fn solve_transpose(&mut self, b: &VectorRef, x: &mut VectorRef) -> Result<Converged> {
        let _flight = self.preflight(b, x, true)?;
        // SAFETY: as for `solve_unchecked`.
        unsafe { call!(KSPSolveTranspose(*self.busy()?, b.as_ptr(), x.as_ptr())) }?;
        self.judge()
    }

    /// Solves `A·X = B` for all columns of a dense matrix `B`. Collective.
    ///
    /// Block methods solve for all columns together. Other methods solve column by column and
    /// return the result of the last column. With
    /// [`set_error_if_not_converged`](Self::set_error_if_not_converged), a column that does not
    /// converge is an error.
    ///
    /// # Errors
    /// The errors of [`solve`](Self::solve); `ARG_WRONG` if a matrix is not dense, `ARG_IDN` if `b`
    /// and `x` are the same matrix.
    #[wraps(KSPMatSolve)]
    pub fn mat_solve(&mut self, b: &MatrixRef, x: &mut MatrixRef) -> Result<Converged> {
        self.check_blocks(b, x, false)?;
        // SAFETY: live objects; rows fit (above), PETSc checks types, columns and identity.
        let outcome = unsafe { call!(KSPMatSolve(*self.busy()?, b.as_ptr(), x.as_ptr())) };
        restore_columns(outcome, b, x)?;
        self.judge()
    }

    /// Solves `Aᵀ·X = B` for all columns of a dense matrix `B`, as [`mat_solve`](Self::mat_solve)
    /// does. Collective. Available since PETSc 3.19.
    #[cfg(petsc_ge_3_19)]
    #[wraps(KSPMatSolveTranspose, errors = mat_solve)]
    pub fn mat_solve_transpose(&mut self, b: &MatrixRef, x: &mut MatrixRef) -> Result<Converged> {
        self.check_blocks(b, x, true)?;
        // SAFETY: as for `mat_solve`.
        let outcome = unsafe { call!(KSPMatSolveTranspose(*self.busy()?, b.as_ptr(), x.as_ptr())) };
        restore_columns(outcome, b, x)?;
        self.judge()
    }

    /// Checks the blocks of vectors of a solve: PETSc does not compare the rows with the operator.
    fn check_blocks(&self, b: &MatrixRef, x: &MatrixRef, transpose: bool) -> Result<()> {
        let (a, _) = self.operators()?;
        let (rows, columns) = if transpose { (x, b) } else { (b, x) };
        let fits = (rows.local_size()?.0, columns.local_size()?.0) == a.local_size()?
            && (rows.size()?.0, columns.size()?.0) == a.size()?;
        if !fits {
            let text = "the right-hand sides or the solutions have a number of rows that does not fit the operator";
            return Err(Error::new(ErrorCode::ARG_SIZ, text));
        }
        ffi::ask_guards(|| b.check_memory(self.rhs_access()?))?;
        x.check_writable()?;
        ffi::check_solver()
    }

    /// Computes the preconditioned operator, column by column, and returns it as a matrix: `M⁻¹·A`
    /// for a preconditioner on the left side, `A·M⁻¹` on the right side. Collective.
    ///
    /// # Errors
    /// The errors of [`set_up`](Self::set_up); `ARG_SIZ` for an operator that is not square; `SUP`
    /// unless the type is `dense` or `aij`.
    #[wraps(KSPComputeOperator)]
    #[track_caller]
    pub fn compute_operator(&mut self, kind: MatrixType<'_>) -> Result<Matrix> {
        let (x, b) = self.operators()?.0.vectors()?;
        ffi::same_len("number of columns of the operator", b.len()?, x.len()?)?;
        ffi::same_len("number of local columns of the operator", b.local_len()?, x.local_len()?)?;
        if ![MatrixType::DENSE, MatrixType::AIJ].contains(&kind) {
            let text = "the type of an assembled operator must be dense or aij";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        self.set_up()?;
        ffi::check_solver()?;
        // SAFETY: a live solver that is set up with a square operator (above); the name is
        // NUL-terminated.
        let raw = unsafe { get_raw!(KSPComputeOperator(*self.busy()?, kind.as_ptr(), _)) }?;
        // SAFETY: just created; the reference is ours.
        unsafe { Matrix::created(raw) }
    }

    /// Returns the result of the last solve, or the error of a solve that did not converge.
    pub(crate) fn judge(&self) -> Result<Converged> {
        let mut reason = sys::KSP_CONVERGED_ITERATING;
        // SAFETY: a live solver.
        let (iterations, residual) =
            unsafe { get_raw!(PetscRsKSPOutcome(self.as_ptr(), &raw mut reason, _, _)) }?;
        judge(Converged {
            reason: ConvergedReason::from_raw(reason),
            iterations: ffi::size(iterations)?,
            residual,
        })
    }

    /// Returns the reason why the last solve stopped.
    #[getter(KSPGetConvergedReason)]
    pub fn converged_reason() -> ConvergedReason;

    /// Returns the reason as PETSc's string, such as `CONVERGED_RTOL`.
    #[wraps(KSPGetConvergedReasonString, not_collective)]
    pub fn converged_reason_word(&self) -> Result<String> {
        // SAFETY: a live solver.
        let raw = unsafe { get_raw!(KSPGetConvergedReasonString(self.as_ptr(), _)) }?;
        // SAFETY: NULL or a text of PETSc's that lives as long as the program.
        Ok(unsafe { ffi::str_from_ptr(raw) }.unwrap_or_default())
    }

    /// Returns the number of iterations of the last solve, or of the current solve so far.
    ///
    /// # Examples
    /// See [`solve_unchecked`](Self::solve_unchecked).
    #[getter(KSPGetIterationNumber)]
    pub fn iterations() -> usize;

    /// Returns the last residual norm that the solver computed.
    #[getter(KSPGetResidualNorm)]
    pub fn residual_norm() -> Real;

    /// Returns the total number of iterations of all solves since the solver was created.
    #[getter(KSPGetTotalIterations)]
    pub fn total_iterations() -> usize;

    /// Computes `‖b − A·x‖₂`, whatever the norm type of the solver. Collective.
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
