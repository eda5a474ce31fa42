//! Linear matrix equations (`LME` in C): the Lyapunov equation `A·X + X·Aᴴ = -C₁·C₁ᴴ`, which arises
//! in model reduction of linear control systems. The solution is approximated by `X₁·X₁ᴴ`, where
//! `X₁` has few columns.

mod types;

use std::ffi::CStr;
use std::ptr;

use petsc_macros::{getter, wraps};
use petsc_rs::Loan;
use petsc_rs::ffi::range::out_of_range;
use petsc_rs::matrix::{Matrix, MatrixRef, MatrixType};
use petsc_rs::{Error, ErrorCode, Object as _, Real, Result, call, ffi, internal, petsc_object};

use crate::{solver, sys};

pub use crate::solver::{CurrentTolerances, Tolerances};
pub use petsc_rs::Setting;
pub use types::{Converged, ConvergedReason, LmeType, NotConverged};

/// Names under which objects that SLEPc drops in a reset are composed with the solver.
const RHS: &CStr = c"petsc-rs.lme.rhs";
const SOLUTION: &CStr = c"petsc-rs.lme.solution";

petsc_object! {
    /// A solver of linear matrix equations.
    ///
    /// A program creates a solver, sets the coefficient and the factor of the right-hand side,
    /// reads the options, solves, and reads the factor of the solution. Dropping the handle
    /// destroys the solver.
    ///
    /// # Examples
    /// See [`LmeRef::set_coefficient`].
    ///
    /// # Options
    /// `-lme_type`, `-lme_ncv`, `-lme_tol`, `-lme_max_it`, `-lme_monitor`, `-lme_view`.
    ///
    /// # See also
    /// [`LmeRef::solution_factor`], [`LmeRef::set_solution_rank`], [`LmeRef::residual_norm`].
    #[wraps(LME)]
    Lme,
    /// A borrowed [`Lme`].
    LmeRef,
    LME,
    LMEDestroy,
}

crate::base::basics! {
    Lme, LmeRef, LmeType, "solver of matrix equations", "`krylov`", "-lme_type";
    #[wraps(LMECreate)]
    LMECreate,
    #[wraps(LMESetType)]
    LMESetType,
    #[wraps(LMESetFromOptions)]
    LMESetFromOptions,
    #[wraps(LMESetOptionsPrefix)]
    LMESetOptionsPrefix,
    #[doc(alias = "LMEAppendOptionsPrefix")]
    LMEAppendOptionsPrefix
}

solver::matrices! {
    LmeRef, ConvergedReason, "-lme", c"LME monitor";
    #[wraps(LMESetDimensions)]
    LMESetDimensions,
    #[wraps(LMEGetDimensions)]
    LMEGetDimensions,
    #[wraps(LMESetTolerances)]
    LMESetTolerances,
    #[wraps(LMEGetTolerances)]
    LMEGetTolerances,
    #[wraps(LMEMonitorSet)]
    LMEMonitorSet,
    #[wraps(LMEMonitorCancel)]
    PetscRsLMEMonitorCancel,
    LMEGetConvergedReason, LMEGetIterationNumber, PetscRsLMEFailed
}

impl LmeRef {
    /// Sets the coefficient `A` of the Lyapunov equation `A·X + X·Aᴴ = -C`. The eigenvalues of `A`
    /// must have negative real parts. The solver keeps a reference; the values may be changed
    /// between solves. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the matrix lives on other processes; `ARG_WRONG` if it is not square.
    ///
    /// # Examples
    /// With `A = -I`, the solution is `X = C/2`:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::matrix::{Matrix, MatrixType};
    /// # use petsc_rs::{InsertMode, Scalar, ScalarExt};
    /// use slepc_rs::Lme;
    /// let a = Matrix::constant_diagonal(comm, 4, Scalar::from_real(-1.0))?;
    /// let dense = Matrix::builder(comm).global_size(4, 1).kind(MatrixType::DENSE);
    /// let mut c1 = dense.build()?;
    /// for i in c1.ownership_range()? {
    ///     c1.set_value(i, 0, Scalar::from_real(1.0), InsertMode::Insert)?;
    /// }
    /// c1.assemble()?;
    /// let mut lme = Lme::new(comm)?;
    /// lme.set_coefficient(&a)?;
    /// lme.set_rhs_factor(&c1)?;
    /// lme.set_dimension(2)?;
    /// let _ = lme.solve()?;
    /// assert!(lme.residual_norm()? < 1e-8);
    /// # Ok(()) })
    /// ```
    #[wraps(LMESetCoefficients)]
    pub fn set_coefficient(&mut self, a: &MatrixRef) -> Result<()> {
        internal::check_same_ranks(self.object_ptr(), a.object_ptr())?;
        if let Some(old) = crate::base::held(self, 0)? {
            if (old.size()?, old.local_size()?) != (a.size()?, a.local_size()?) {
                // SAFETY: a live solver.
                unsafe { call!(LMEReset(*self.busy()?)) }?;
                self.keep(RHS, ptr::null_mut())?;
                self.keep(SOLUTION, ptr::null_mut())?;
            }
        }
        self.give(a)?;
        crate::base::hold(self.object_ptr(), &[Some(a)])?;
        // SLEPc resets a solver that was set up.
        self.give_rhs()
    }

    fn give_rhs(&self) -> Result<()> {
        let rhs = self.kept(RHS)?;
        if rhs.is_null() {
            return Ok(());
        }
        // SAFETY: a live matrix, composed with the solver, whose size matches the coefficient.
        unsafe { call!(LMESetRHS(*self.busy()?, rhs)) }
    }

    fn give(&self, a: &MatrixRef) -> Result<()> {
        let (lme, none) = (self.busy()?, ptr::null_mut());
        // SAFETY: live objects on the same processes, of which SLEPc takes a reference; it checks
        // that the matrix is square.
        unsafe { call!(LMESetCoefficients(*lme, a.as_ptr(), none, none, none)) }
    }

    /// Returns the coefficient `A`. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if it was not set.
    #[wraps(LMEGetCoefficients)]
    #[track_caller]
    pub fn coefficient(&self) -> Result<Matrix> {
        petsc_rs::not_collective!();
        crate::base::held(self, 0)?.ok_or_else(|| {
            let text = "the solver has no matrix yet: call set_coefficient first";
            Error::new(ErrorCode::ARG_WRONGSTATE, text)
        })
    }

    /// Sets the factor `C₁` of the right-hand side `C = C₁·C₁ᴴ`: a dense matrix with few columns.
    /// The solver holds a reference to it. Call [`set_coefficient`](Self::set_coefficient) first.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the matrix is not dense; `ARG_SIZ` if its number of rows differs from that of
    /// `A`.
    #[wraps(LMESetRHS)]
    pub fn set_rhs_factor(&mut self, c1: &MatrixRef) -> Result<()> {
        internal::check_same_ranks(self.object_ptr(), c1.object_ptr())?;
        if !["seqdense", "mpidense"].contains(&c1.type_name()?.unwrap_or_default().as_str()) {
            let text = "the factor of the right-hand side must be a dense matrix";
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        let a = self.coefficient()?;
        let (wanted, found) =
            ((a.size()?.0, a.local_size()?.0), (c1.size()?.0, c1.local_size()?.0));
        if wanted != found {
            let text = format!(
                "A and the factor differ in the global or local number of rows (global: {} and {})",
                wanted.0, found.0
            );
            return Err(Error::new(ErrorCode::ARG_SIZ, text));
        }
        let product = low_rank(c1)?;
        // SAFETY: a live solver and matrix, of which SLEPc takes a reference.
        unsafe { call!(LMESetRHS(*self.busy()?, product.as_ptr())) }?;
        self.keep(RHS, product.as_ptr().cast())
    }

    /// Sets the number of columns of the solution; with `None`, the tolerance determines it. Call
    /// [`set_coefficient`](Self::set_coefficient) first. Collective. Default: determined by the
    /// tolerance.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the number is 0, or exceeds the number of columns of `A`.
    #[wraps(LMESetSolution)]
    pub fn set_solution_rank(&mut self, rank: Option<usize>) -> Result<()> {
        let Some(rank) = rank else {
            return self.keep(SOLUTION, ptr::null_mut());
        };
        let a = self.coefficient()?;
        let (local, n) = (a.local_size()?.0, a.size()?.0);
        if rank == 0 || rank > n {
            let text = format!("the solution must have between 1 and {n} columns, got {rank}");
            return Err(out_of_range(text));
        }
        let comm = self.comm()?;
        let ranks = usize::try_from(comm.size())?;
        let columns = rank / ranks + usize::from(rank % ranks > usize::try_from(comm.rank())?);
        let builder = Matrix::builder(&comm).kind(MatrixType::DENSE);
        let mut factor = builder.local_size(local, columns).build()?;
        factor.assemble()?;
        let product = low_rank(&factor)?;
        self.keep(SOLUTION, product.as_ptr().cast())
    }

    fn keep(&self, name: &CStr, object: sys::PetscObject) -> Result<()> {
        // SAFETY: live objects, or NULL to remove the previous one.
        unsafe { call!(PetscObjectCompose(self.object_ptr(), name.as_ptr(), object)) }
    }

    fn kept(&self, name: &CStr) -> Result<sys::Mat> {
        // SAFETY: a live object.
        Ok(unsafe { petsc_rs::callback::composed(self.object_ptr(), name) }?.cast())
    }

    /// Solves the equation. Collective.
    ///
    /// # Errors
    /// `NOT_CONVERGED`, the same on all ranks, with advice; `ARG_WRONGSTATE` without a matrix or a
    /// right-hand side; any error of the matrix or a callback.
    #[wraps(LMESolve, LMEGetConvergedReason, LMEGetIterationNumber)]
    pub fn solve(&mut self) -> Result<Converged> {
        ffi::check_solver()?;
        self.coefficient()?.check_readable()?;
        if self.kept(RHS)?.is_null() {
            let text = "the equation has no right-hand side yet: call set_rhs_factor first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        if solver::has_failed(self)? {
            self.reset()?;
        }
        // The solution of an earlier solve would prescribe the rank of this one.
        let solution = self.kept(SOLUTION)?;
        // SAFETY: a live solver; a matrix composed with it, or NULL.
        unsafe { call!(LMESetSolution(*self.busy()?, solution)) }?;
        let solver = self.busy()?;
        let failed = self.unless_ended();
        // SAFETY: a live solver with a matrix and a right-hand side of matching sizes; no slice is
        // borrowed mutably (above).
        unsafe { call!(PetscRsLMESolve(*solver)) }?;
        // Without convergence the solver was interrupted.
        let converged = self.outcome()?;
        failed.not();
        Ok(converged)
    }

    /// Discards subspaces and the solution; keeps matrix, right-hand side, type, tolerances and
    /// callbacks. Collective.
    #[wraps(LMEReset)]
    pub fn reset(&mut self) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(LMEReset(*self.busy()?)) }?;
        // SAFETY: as above.
        unsafe { call!(PetscRsLMERenew(*self.busy()?)) }?;
        if let Some(a) = crate::base::held(self, 0)? {
            self.give(&a)?;
        }
        self.give_rhs()
    }

    /// Returns the factor `X₁` of the solution `X = X₁·X₁ᴴ`, a dense matrix. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before a solve.
    #[wraps(LMEGetSolution)]
    #[track_caller]
    pub fn solution_factor(&self) -> Result<Loan<'_, Matrix>> {
        petsc_rs::not_collective!();
        let (mut factor, none) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a matrix of this type and a valid out-pointer.
        unsafe {
            call!(MatLRCGetMats(self.solution()?, none, &raw mut factor, ptr::null_mut(), none))
        }?;
        // SAFETY: a live matrix.
        Ok(Loan::new(unsafe { Matrix::retain(factor) }?))
    }

    fn solution(&self) -> Result<sys::Mat> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(LMEGetSolution(self.as_ptr(), &raw mut raw)) }?;
        if raw.is_null() {
            let text = "the equation has no solution yet: call solve first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        Ok(raw)
    }

    /// The error estimate that the solver compares with its tolerance.
    #[getter(LMEGetErrorEstimate)]
    pub fn error_estimate() -> Real;

    /// Computes the Frobenius norm `‖A·X + X·Aᴴ + C‖` with a dense matrix of the full size, to
    /// check small problems. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before a solve.
    #[wraps(LMEComputeError)]
    pub fn residual_norm(&self) -> Result<Real> {
        ffi::check_no_writer()?;
        self.solution()?;
        let mut norm = 0.0;
        // SAFETY: a solver that has solved, and a valid out-pointer.
        unsafe { call!(LMEComputeError(self.as_ptr(), &raw mut norm)) }?;
        Ok(norm)
    }
}

/// Creates the matrix `U·Uᴴ`.
fn low_rank(factor: &MatrixRef) -> Result<Matrix> {
    let (mut raw, none) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: a live dense matrix, of which PETSc takes a reference, and a valid out-pointer.
    unsafe { call!(MatCreateLRC(none, factor.as_ptr(), ptr::null_mut(), none, &raw mut raw)) }?;
    // SAFETY: just created; the reference is ours.
    Ok(unsafe { Matrix::from_raw(raw) })
}

solver::bases! {
    LmeRef;
    #[wraps(LMEGetBV)]
    fn bv = LMEGetBV;
}
