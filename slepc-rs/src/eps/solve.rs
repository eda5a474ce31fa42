//! Solve and convergence.

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::Object as _;
use petsc_rs::matrix::MatrixRef;
use petsc_rs::{ErrorCode, Result, call, ffi, internal};

use super::{ConvergedReason, EpsRef, ErrorType, ProblemType, Which};
use crate::{solver, sys};

/// Result of a solve that converged.
pub type Converged = solver::Converged<ConvergedReason>;

/// A solve that did not converge: the source of the error of [`EpsRef::solve`].
pub type NotConverged = petsc_rs::solver::NotConverged<Converged>;

solver::solving! {
    EpsRef, ConvergedReason, "eigenpairs";
    #[wraps(EPSSolve)]
    EPSSolve,
    #[wraps(EPSSetUp)]
    EPSSetUp,
    #[wraps(EPSReset)]
    EPSReset,
    #[wraps(EPSGetConvergedReason)]
    EPSGetConvergedReason,
    #[wraps(EPSGetIterationNumber)]
    EPSGetIterationNumber,
    #[doc(alias = "EPSGetConverged")]
    EPSGetConverged;
    PetscRsEPSFailed, PetscRsEPSRenew, PetscRsEPSIsSolved, PetscRsEPSCheckBasis, PetscRsEPSIsStale
}

solver::views! {
    EpsRef, ErrorType;
    #[wraps(EPSErrorView)]
    EPSErrorView,
    #[doc(alias = "EPSConvergedReasonView")]
    EPSConvergedReasonView
}

impl EpsRef {
    /// Checks that SLEPc omits, or for which it silently changes a setting.
    fn check_problem(&self) -> Result<()> {
        ffi::check_solver()?;
        self.check_outermost()?;
        solver::check_order(self, self.which()? == Some(Which::User))?;
        let (a, b) = self.operators()?;
        for matrix in [Some(&a), b.as_ref()].into_iter().flatten() {
            matrix.check_readable()?;
        }
        let (n, wanted) = (a.size()?.0, self.dimensions()?.nev);
        if wanted == 0 && !self.slices()? {
            // Before 3.23, slices of an interval set the number to that of its eigenvalues.
            let text =
                "no eigenvalues are requested: the last interval had none. Call set_dimensions";
            return Err(internal::collective(ErrorCode::ARG_OUTOFRANGE, text));
        }
        if wanted > n && (n == 0 || self.which()? != Some(Which::All)) {
            let text =
                format!("{wanted} eigenvalues were requested, but the problem has order {n}");
            return Err(internal::collective(ErrorCode::ARG_OUTOFRANGE, text));
        }
        self.check_structure(&a, b.as_deref())?;
        self.check_back_transform(b.as_deref())?;
        #[cfg(petsc_ge_3_23)]
        self.check_stopping_test()?;
        self.check_selection()?;
        self.check_power()?;
        self.give_closures()
    }

    /// Returns whether all eigenvalues of an interval are computed by Krylov-Schur.
    fn slices(&self) -> Result<bool> {
        let slices = self.type_name()?.is_none_or(|name| name == "krylovschur");
        Ok(slices && self.which()? == Some(Which::All))
    }

    /// Checks that the eigensolver was not created by another solver: its matrices and monitors
    /// belong to that solver, and exist only during its solve.
    pub(super) fn check_outermost(&self) -> Result<()> {
        let mut level = 0;
        // SAFETY: a live object and a valid out-pointer.
        unsafe { call!(PetscObjectGetTabLevel(self.object_ptr(), &raw mut level)) }?;
        if level == 0 {
            return Ok(());
        }
        let text = "this eigensolver is a part of another solver: call solve on that solver";
        Err(internal::collective(ErrorCode::ARG_WRONGSTATE, text))
    }

    /// Checks the back-transformation: without one, SLEPc projects the operators onto a dense
    /// problem, which some methods do not have, and ignores `B`.
    fn check_back_transform(&self, b: Option<&MatrixRef>) -> Result<()> {
        let st = self.st()?;
        if !st.is_type("shell")? {
            return Ok(());
        }
        let mut dense = ffi::raw_bool(false);
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(PetscRsEPSHasDense(self.as_ptr(), &raw mut dense)) }?;
        if b.is_none() && ffi::to_bool(dense) {
            return Ok(());
        }
        let mut injective = ffi::raw_bool(false);
        // SAFETY: a live transformation with a type, and a valid out-pointer.
        unsafe { call!(STIsInjective(st.as_ptr(), &raw mut injective)) }?;
        if ffi::to_bool(injective) {
            return Ok(());
        }
        let text = match b {
            Some(_) => {
                "a generalized problem requires a back-transformation of the shell transformation"
            }
            None => "this method requires a back-transformation of the shell transformation",
        };
        Err(internal::collective(ErrorCode::SUP, text))
    }

    /// Refuses a threshold together with a filter and, since SLEPc 3.26, a user-defined stopping
    /// test, which the filter replaces.
    #[cfg(petsc_ge_3_23)]
    fn check_stopping_test(&self) -> Result<()> {
        if !self.st()?.is_type("filter")? {
            return Ok(());
        }
        let mut test = sys::EPS_STOP_BASIC;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSGetStoppingTest(self.as_ptr(), &raw mut test)) }?;
        let what = match test {
            // Otherwise the test was set by the filter in an earlier setup.
            sys::EPS_STOP_THRESHOLD if solver::has_asked_threshold(self.object_ptr())? => {
                "a threshold"
            }
            #[cfg(petsc_ge_3_26)]
            sys::EPS_STOP_USER => "a stopping test",
            _ => return Ok(()),
        };
        let text = format!(
            "{what} cannot be combined with a filter, which computes all eigenvalues of an interval"
        );
        Err(internal::collective(ErrorCode::SUP, text))
    }

    /// Checks an arbitrary selection: Davidson methods pass uninitialized values to the function
    /// unless the extraction is harmonic.
    fn check_selection(&self) -> Result<()> {
        // SAFETY: a live object.
        let closure =
            unsafe { petsc_rs::callback::composed(self.object_ptr(), c"petsc-rs.selection") }?;
        if closure.is_null() || !(self.is_type("gd")? || self.is_type("jd")?) {
            return Ok(());
        }
        let mut extraction = sys::EPS_RITZ;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSGetExtraction(self.as_ptr(), &raw mut extraction)) }?;
        if extraction != sys::EPS_RITZ {
            return Ok(());
        }
        let text = "with gd and jd, an arbitrary selection requires a harmonic extraction";
        Err(internal::collective(ErrorCode::SUP, text))
    }

    fn check_structure(&self, a: &MatrixRef, b: Option<&MatrixRef>) -> Result<()> {
        use ProblemType as Kind;
        let (first, second) = match self.problem_type() {
            Ok(Some(Kind::Hermitian)) => (true, false),
            Ok(Some(Kind::GeneralizedHermitian | Kind::GeneralizedHermitianIndefinite)) => {
                (true, true)
            }
            Ok(Some(Kind::PositiveGeneralizedNonHermitian)) => (false, true),
            // Also a problem type of a newer SLEPc.
            _ => (false, false),
        };
        if first {
            solver::check_hermitian(a, "A")?;
        }
        match b {
            Some(b) if second => solver::check_hermitian(b, "B"),
            _ => Ok(()),
        }
    }

    /// Sets the operators again: SLEPc drops them, or would not check whether they have changed.
    pub(super) fn give_operators(&mut self) -> Result<()> {
        let (Some(a), b) = self.held_operators()? else {
            return Ok(());
        };
        let second = b.as_ref().map_or(ptr::null_mut(), |b| b.as_ptr());
        // SAFETY: the operators of the solver, which `a` and `b` keep alive: SLEPc releases its
        // references first.
        unsafe { call!(EPSSetOperators(*self.busy()?, a.as_ptr(), second)) }
    }
}
