//! Action of a matrix function on a vector, `f(A)·b` (`MFN` in C).

mod types;

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::matrix::{Matrix, MatrixRef};
use petsc_rs::vector::VectorRef;
use petsc_rs::{Error, ErrorCode, Object as _, Result, call, ffi, internal, petsc_object};

use crate::function::{MathFunction, MathFunctionRef};
use crate::{solver, sys};

pub use crate::solver::{CurrentTolerances, Tolerances};
pub use petsc_rs::Setting;
pub use types::{Converged, ConvergedReason, MfnType, NotConverged};

petsc_object! {
    /// A solver that computes the action of a matrix function on a vector.
    ///
    /// A program creates a solver, sets the matrix and the function, reads the options, and solves.
    /// Dropping the handle destroys the solver.
    ///
    /// # Examples
    /// See [`MfnRef::set_operator`].
    ///
    /// # Options
    /// `-mfn_type`, `-mfn_ncv`, `-mfn_tol`, `-mfn_max_it`, `-mfn_monitor`, `-mfn_view`, and those
    /// of the function, such as `-fn_type`.
    ///
    /// # See also
    /// [`MathFunction`], [`MfnRef::solve`], [`MfnRef::function`].
    #[wraps(MFN)]
    Mfn,
    /// A borrowed [`Mfn`].
    MfnRef,
    MFN,
    MFNDestroy,
}

crate::base::basics! {
    Mfn, MfnRef, MfnType, "solver for matrix functions", "`krylov`", "-mfn_type";
    #[wraps(MFNCreate)]
    PetscRsMFNCreate,
    #[wraps(MFNSetType)]
    MFNSetType,
    #[wraps(MFNSetFromOptions)]
    MFNSetFromOptions,
    #[wraps(MFNSetOptionsPrefix)]
    MFNSetOptionsPrefix,
    #[doc(alias = "MFNAppendOptionsPrefix")]
    MFNAppendOptionsPrefix
}

solver::matrices! {
    MfnRef, ConvergedReason, "-mfn", c"MFN monitor";
    #[wraps(MFNSetDimensions)]
    MFNSetDimensions,
    #[wraps(MFNGetDimensions)]
    MFNGetDimensions,
    #[wraps(MFNSetTolerances)]
    MFNSetTolerances,
    #[wraps(MFNGetTolerances)]
    MFNGetTolerances,
    #[wraps(MFNMonitorSet)]
    MFNMonitorSet,
    #[wraps(MFNMonitorCancel)]
    MFNMonitorCancel,
    MFNGetConvergedReason, MFNGetIterationNumber, PetscRsMFNFailed
}

impl MfnRef {
    /// Sets the matrix. The solver keeps a reference; the values may be changed between solves.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the matrix lives on other processes; `ARG_WRONG` if it is not square.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt, Vector};
    /// use slepc_rs::{FnType, Mfn};
    /// let a = Matrix::constant_diagonal(comm, 3, Scalar::from_real(2.0))?;
    /// let mut b = Vector::new(comm, 3)?;
    /// b.set(Scalar::from_real(1.0))?;
    /// let mut x = b.duplicate()?;
    /// let mut mfn = Mfn::new(comm)?;
    /// mfn.set_operator(&a)?;
    /// mfn.function()?.set_type(FnType::EXP)?;
    /// let _ = mfn.solve(&b, &mut x)?;
    /// assert!((x.array()?[0].real() - 2.0_f64.exp()).abs() < 1e-8);
    /// # Ok(()) })
    /// ```
    #[wraps(MFNSetOperator)]
    pub fn set_operator(&mut self, a: &MatrixRef) -> Result<()> {
        internal::check_same_ranks(self.object_ptr(), a.object_ptr())?;
        // SAFETY: live objects on the same processes, of which SLEPc takes a reference; it checks
        // that the matrix is square.
        unsafe { call!(MFNSetOperator(*self.busy()?, a.as_ptr())) }?;
        crate::base::hold(self.object_ptr(), &[Some(a)])
    }

    /// Returns the matrix. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if it was not set.
    #[wraps(MFNGetOperator)]
    #[track_caller]
    pub fn operator(&self) -> Result<Matrix> {
        petsc_rs::not_collective!();
        crate::base::held(self, 0)?.ok_or_else(|| {
            let text = "the solver has no matrix yet: call set_operator first";
            Error::new(ErrorCode::ARG_WRONGSTATE, text)
        })
    }

    /// Returns the function. Default: none. Options: `-fn_type`, `-fn_scale`.
    #[wraps(MFNGetFN)]
    #[track_caller]
    pub fn function(&self) -> Result<MathFunction> {
        // SAFETY: a live object.
        unsafe { MathFunction::retain(self.raw_function()?) }
    }

    fn raw_function(&self) -> Result<sys::FN> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(MFNGetFN(self.as_ptr(), &raw mut raw)) }?;
        Ok(raw)
    }

    /// Replaces the function. The solver holds a reference to it. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the function lives on other processes.
    #[wraps(MFNSetFN)]
    pub fn set_function(&mut self, f: &MathFunctionRef) -> Result<()> {
        internal::check_same_ranks(self.object_ptr(), f.object_ptr())?;
        // SAFETY: live objects, of which SLEPc takes a reference.
        unsafe { call!(MFNSetFN(*self.busy()?, f.as_ptr())) }
    }

    /// Computes `x = f(A)·b`. Collective.
    ///
    /// # Errors
    /// `NOT_CONVERGED`, the same on all ranks, with advice; `ARG_SIZ` if the sizes of a vector do
    /// not match the matrix; `ARG_IDN` if `b` and `x` are the same vector; `ARG_WRONG` if `b` is
    /// zero; `ARG_WRONGSTATE` without a matrix or a function; any error of the matrix or a
    /// callback.
    #[wraps(MFNSolve, MFNGetConvergedReason, MFNGetIterationNumber)]
    pub fn solve(&mut self, b: &VectorRef, x: &mut VectorRef) -> Result<Converged> {
        self.check_problem(b, x)?;
        let solver = self.busy()?;
        let failed = self.unless_ended();
        // SAFETY: a live solver with a matrix, a function, and vectors of matching sizes; no slice
        // is borrowed mutably (above).
        unsafe { call!(MFNSolve(*solver, b.as_ptr(), x.as_ptr())) }?;
        failed.not();
        self.outcome()
    }

    /// Computes `x = f(A)ᵀ·b`, with the transpose without conjugation. Collective.
    #[wraps(MFNSolveTranspose, errors = solve)]
    pub fn solve_transpose(&mut self, b: &VectorRef, x: &mut VectorRef) -> Result<Converged> {
        self.check_problem(b, x)?;
        let solver = self.busy()?;
        let failed = self.unless_ended();
        // SAFETY: as for `solve`.
        unsafe { call!(MFNSolveTranspose(*solver, b.as_ptr(), x.as_ptr())) }?;
        failed.not();
        self.outcome()
    }

    /// Discards subspaces; keeps matrix, function, type, tolerances and callbacks. Collective.
    #[wraps(MFNReset)]
    pub fn reset(&mut self) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(MFNReset(*self.busy()?)) }?;
        // SAFETY: as above.
        unsafe { call!(PetscRsMFNRenew(*self.busy()?)) }?;
        match crate::base::held(self, 0)? {
            // SAFETY: the matrix of the solver, whose reference SLEPc has dropped.
            Some(a) => unsafe { call!(MFNSetOperator(*self.busy()?, a.as_ptr())) },
            None => Ok(()),
        }
    }

    fn check_problem(&mut self, b: &VectorRef, x: &VectorRef) -> Result<()> {
        ffi::check_solver()?;
        let a = self.operator()?;
        crate::base::check_fit(self, &[b, x], (a.local_size()?.0, a.size()?.0))?;
        a.check_readable()?;
        b.check_readable()?;
        x.check_writable()?;
        if b.same_object(x) {
            let text = "the solution must not be the same vector as b";
            return Err(Error::new(ErrorCode::ARG_IDN, text));
        }
        if solver::has_failed(self)? {
            self.reset()?;
        }
        let mut f = self.function()?;
        if f.type_name()?.is_none() {
            f.set_from_options()?;
        }
        f.check_complete()
    }
}

solver::bases! {
    MfnRef;
    #[wraps(MFNGetBV)]
    fn bv = MFNGetBV;
}
