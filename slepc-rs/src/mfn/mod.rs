//! The product of a function of a matrix and a vector, `f(A)·b` (`MFN` in C).

mod kind;

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::matrix::{Matrix, MatrixRef};
use petsc_rs::vector::VectorRef;
use petsc_rs::{Error, ErrorCode, Object as _, Result, call, ffi, internal, petsc_object};

use crate::function::{MathFunction, MathFunctionRef};
use crate::{solver, sys};

pub use crate::solver::{CurrentTolerances, Tolerances};
pub use kind::{Converged, ConvergedReason, MfnType, NotConverged};
pub use petsc_rs::Setting;

petsc_object! {
    /// A solver for products of a function of a matrix and a vector.
    #[wraps(MFN)]
    Mfn,
    /// A borrowed [`Mfn`].
    MfnRef,
    MFN,
    MFNDestroy,
}

solver::basics! {
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
    /// Sets the matrix. The solver counts a reference and does not lock it. Collective.
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
        // SAFETY: live objects on the same processes, of which SLEPc takes a reference; it asks whether it is square.
        unsafe { call!(MFNSetOperator(*self.busy()?, a.as_ptr())) }?;
        solver::hold(self.object_ptr(), &[Some(a)])
    }

    /// The matrix. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if it was not set.
    #[wraps(MFNGetOperator)]
    #[track_caller]
    pub fn operator(&self) -> Result<Matrix> {
        petsc_rs::not_collective!();
        solver::held(self, 0)?.ok_or_else(|| {
            let text = "the solver has no matrix yet: call set_operator first";
            Error::new(ErrorCode::ARG_WRONGSTATE, text)
        })
    }

    /// The function. Default: none; options `-fn_type`, `-fn_scale`.
    ///
    /// # Errors
    /// What `MFNGetFN` returns.
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

    /// Replaces the function; the solver counts a reference. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if it lives on other processes.
    #[wraps(MFNSetFN)]
    pub fn set_function(&mut self, f: &MathFunctionRef) -> Result<()> {
        internal::check_same_ranks(self.object_ptr(), f.object_ptr())?;
        // SAFETY: live objects, of which SLEPc takes a reference.
        unsafe { call!(MFNSetFN(*self.busy()?, f.as_ptr())) }
    }

    /// Computes `x = f(A)·b`. Collective.
    ///
    /// # Errors
    /// `NOT_CONVERGED`, on all ranks alike, with a hint; `ARG_SIZ` if a vector does not fit the matrix; `ARG_IDN` for
    /// one vector given twice; `ARG_WRONG` for `b = 0`; `ARG_WRONGSTATE` without matrix or function; any error of the
    /// matrix or a callback.
    #[wraps(MFNSolve, MFNGetConvergedReason, MFNGetIterationNumber)]
    pub fn solve(&mut self, b: &VectorRef, x: &mut VectorRef) -> Result<Converged> {
        self.check_problem(b, x)?;
        let solver = self.busy()?;
        let failed = self.unless_ended();
        // SAFETY: a live solver with a matrix, a function, and vectors that fit; no slice is lent mutably (above).
        unsafe { call!(MFNSolve(*solver, b.as_ptr(), x.as_ptr())) }?;
        failed.not();
        self.outcome()
    }

    /// Computes `x = f(A)ᵀ·b`, not conjugated. Collective.
    ///
    /// # Errors
    /// As [`solve`](Self::solve).
    #[wraps(MFNSolveTranspose)]
    pub fn solve_transpose(&mut self, b: &VectorRef, x: &mut VectorRef) -> Result<Converged> {
        self.check_problem(b, x)?;
        let solver = self.busy()?;
        let failed = self.unless_ended();
        // SAFETY: as for `solve`.
        unsafe { call!(MFNSolveTranspose(*solver, b.as_ptr(), x.as_ptr())) }?;
        failed.not();
        self.outcome()
    }

    /// Forgets subspaces, and keeps matrix, function, type, tolerances and callbacks. Collective.
    ///
    /// # Errors
    /// What `MFNReset` returns.
    #[wraps(MFNReset)]
    pub fn reset(&mut self) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(MFNReset(*self.busy()?)) }?;
        // SAFETY: as above.
        unsafe { call!(PetscRsMFNRenew(*self.busy()?)) }?;
        match solver::held(self, 0)? {
            // SAFETY: the matrix that the solver has, of which C has forgotten it.
            Some(a) => unsafe { call!(MFNSetOperator(*self.busy()?, a.as_ptr())) },
            None => Ok(()),
        }
    }

    fn check_problem(&mut self, b: &VectorRef, x: &VectorRef) -> Result<()> {
        ffi::check_solver()?;
        let a = self.operator()?;
        solver::check_fit(self, &[b, x], (a.local_size()?.0, a.size()?.0))?;
        a.check_readable()?;
        b.check_readable()?;
        x.check_writable()?;
        if b.same_object(x) {
            let text = "the result would overwrite the vector that it is computed from";
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
