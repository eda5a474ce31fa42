//! Solve and convergence.

use petsc_macros::wraps;
use petsc_rs::{ErrorCode, Result, call, ffi, internal};

use super::{ConvergedReason, ErrorType, SvdRef};
use crate::{solver, sys};

/// Result of a solve that converged.
pub type Converged = solver::Converged<ConvergedReason>;

/// A solve that did not converge: the source of the error of [`SvdRef::solve`].
pub type NotConverged = petsc_rs::solver::NotConverged<Converged>;

solver::solving! {
    SvdRef, ConvergedReason, "singular triplets";
    #[wraps(SVDSolve)]
    SVDSolve,
    #[wraps(SVDSetUp)]
    SVDSetUp,
    #[wraps(SVDReset)]
    SVDReset,
    #[wraps(SVDGetConvergedReason)]
    SVDGetConvergedReason,
    #[wraps(SVDGetIterationNumber)]
    SVDGetIterationNumber,
    #[doc(alias = "SVDGetConverged")]
    SVDGetConverged;
    PetscRsSVDFailed, PetscRsSVDRenew, PetscRsSVDIsSolved, PetscRsSVDCheckBasis, PetscRsSVDIsStale
}

solver::views! {
    SvdRef, ErrorType;
    #[wraps(SVDErrorView)]
    SVDErrorView,
    #[doc(alias = "SVDConvergedReasonView")]
    SVDConvergedReasonView
}

impl SvdRef {
    /// Checks that SLEPc omits, or for which it silently changes a setting.
    fn check_problem(&self) -> Result<()> {
        ffi::check_solver()?;
        let (a, b) = self.operators()?;
        for matrix in [Some(&a), b.as_ref()].into_iter().flatten() {
            matrix.check_readable()?;
        }
        let (rows, columns) = a.size()?;
        let mut n = rows.min(columns);
        if let Some(b) = b {
            n = n.min(b.size()?.0);
        }
        let wanted = self.dimensions()?.nev;
        if wanted > n {
            let text = format!("{wanted} singular values were requested, but the problem has {n}");
            return Err(internal::collective(ErrorCode::ARG_OUTOFRANGE, text));
        }
        // SAFETY: a live solver.
        unsafe { call!(PetscRsSVDMakeSigns(*self.busy()?)) }
    }

    pub(super) fn give_operators(&mut self) -> Result<()> {
        let (Some(a), b) = (crate::base::held(self, 0)?, crate::base::held(self, 1)?) else {
            return Ok(());
        };
        let second = b.as_ref().map_or(std::ptr::null_mut(), |b| b.as_ptr());
        // SAFETY: the operators of the solver, which `a` and `b` keep alive.
        unsafe { call!(SVDSetOperators(*self.busy()?, a.as_ptr(), second)) }?;
        match self.signature()? {
            // SAFETY: a live vector of the size of the operators.
            Some(omega) => unsafe { call!(SVDSetSignature(*self.busy()?, omega.as_ptr())) },
            None => Ok(()),
        }
    }
}
