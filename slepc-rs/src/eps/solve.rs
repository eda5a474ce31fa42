//! Solving.

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::Object as _;
use petsc_rs::matrix::MatrixRef;
use petsc_rs::{ErrorCode, Result, call, ffi, internal};

use super::{ConvergedReason, EpsRef, ErrorType, ProblemType, Which};
use crate::{solver, sys};

/// Proof that an eigensolver converged.
pub type Converged = solver::Converged<ConvergedReason>;

/// A solve that did not converge, as the source of the error of [`EpsRef::solve`].
pub type NotConverged = solver::NotConverged<ConvergedReason>;

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
    /// What SLEPc would believe, or mend without a word.
    fn check_problem(&self) -> Result<()> {
        ffi::check_solver()?;
        self.check_outermost()?;
        solver::check_order(self, self.which()? == Some(Which::User))?;
        let (a, b) = self.operators()?;
        for matrix in [Some(&a), b.as_ref()].into_iter().flatten() {
            matrix.check_readable()?;
        }
        let (n, wanted) = (a.size()?.0, self.dimensions()?.nev);
        if wanted > n && self.which()? != Some(Which::All) {
            let text = format!("{wanted} eigenvalues are wanted of a problem that has {n}");
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

    /// An eigensolver that SLEPc made for another solver has matrices and monitors of that one, which exist while that one
    /// solves.
    pub(super) fn check_outermost(&self) -> Result<()> {
        let mut level = 0;
        // SAFETY: a live object and a valid out-pointer.
        unsafe { call!(PetscObjectGetTabLevel(self.object_ptr(), &raw mut level)) }?;
        if level == 0 {
            return Ok(());
        }
        let text = "this eigensolver is a part of another solver: solve that one";
        Err(internal::collective(ErrorCode::ARG_WRONGSTATE, text))
    }

    /// Without a way back, SLEPc projects the operators on a dense problem, which some methods do not have, and which
    /// has no place for `B`.
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
                "a generalized problem wants a shell transformation with a back-transformation"
            }
            None => "this method wants a shell transformation with a back-transformation",
        };
        Err(internal::collective(ErrorCode::SUP, text))
    }

    /// From SLEPc 3.26 on, a filter puts a stopping test of its own in place of any other.
    #[cfg(petsc_ge_3_23)]
    fn check_stopping_test(&self) -> Result<()> {
        if !self.st()?.is_type("filter")? {
            return Ok(());
        }
        let mut test = sys::EPS_STOP_BASIC;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSGetStoppingTest(self.as_ptr(), &raw mut test)) }?;
        let what = match test {
            // Otherwise it is that of the filter, from a set-up before.
            sys::EPS_STOP_THRESHOLD if solver::has_asked_threshold(self.object_ptr())? => {
                "a threshold"
            }
            #[cfg(petsc_ge_3_26)]
            sys::EPS_STOP_USER => "a stopping test",
            _ => return Ok(()),
        };
        let text = format!("{what} does not go with a filter, which finds all of an interval");
        Err(internal::collective(ErrorCode::SUP, text))
    }

    /// Whether the matrices can be what the problem type says.
    /// Davidson methods give the closure of a selection values that they have not set, unless they extract by harmonic
    /// projections.
    fn check_selection(&self) -> Result<()> {
        let mut closure = ptr::null_mut();
        let (object, name) = (self.object_ptr(), c"petsc-rs.selection".as_ptr());
        // SAFETY: a live object, a NUL-terminated name and a valid out-pointer.
        unsafe { call!(PetscObjectQuery(object, name, &raw mut closure)) }?;
        if closure.is_null() || !(self.is_type("gd")? || self.is_type("jd")?) {
            return Ok(());
        }
        let mut extraction = sys::EPS_RITZ;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSGetExtraction(self.as_ptr(), &raw mut extraction)) }?;
        if extraction != sys::EPS_RITZ {
            return Ok(());
        }
        let text = "an arbitrary selection goes with gd and jd by a harmonic extraction only";
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
            // Also a kind of a newer SLEPc.
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

    /// Gives SLEPc the operators again: it forgets them, or would not look whether they have changed.
    pub(super) fn give_operators(&mut self) -> Result<()> {
        let (Some(a), b) = self.held_operators()? else {
            return Ok(());
        };
        let b = b.map_or(ptr::null_mut(), |b| b.as_ptr());
        // SAFETY: the operators that the solver has; SLEPc looks whether they have changed.
        unsafe { call!(EPSSetOperators(*self.busy()?, a.as_ptr(), b)) }
    }
}
