//! Solve and convergence.

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::{Error, ErrorCode, Object as _, Result, call, ffi, internal};

use super::{ConvergedReason, ErrorType, PepRef, ProblemType, Which};
use crate::{solver, sys};

/// Result of a solve that converged.
pub type Converged = solver::Converged<ConvergedReason>;

/// A solve that did not converge: the source of the error of [`PepRef::solve`].
pub type NotConverged = petsc_rs::solver::NotConverged<Converged>;

solver::solving! {
    PepRef, ConvergedReason, "eigenpairs";
    #[wraps(PEPSolve)]
    PEPSolve,
    #[wraps(PEPSetUp)]
    PEPSetUp,
    #[wraps(PEPReset)]
    PEPReset,
    #[wraps(PEPGetConvergedReason)]
    PEPGetConvergedReason,
    #[wraps(PEPGetIterationNumber)]
    PEPGetIterationNumber,
    #[doc(alias = "PEPGetConverged")]
    PEPGetConverged;
    PetscRsPEPFailed, PetscRsPEPRenew, PetscRsPEPIsSolved, PetscRsPEPCheckBasis, PetscRsPEPIsStale
}

solver::views! {
    PepRef, ErrorType;
    #[wraps(PEPErrorView)]
    PEPErrorView,
    #[doc(alias = "PEPConvergedReasonView")]
    PEPConvergedReasonView
}

impl PepRef {
    /// Checks that SLEPc omits, or for which it silently changes a setting.
    fn check_problem(&self) -> Result<()> {
        ffi::check_solver()?;
        solver::check_order(self, self.which()? == Some(Which::User))?;
        for matrix in self.operators()? {
            matrix.check_readable()?;
        }
        self.prepare_refinement()?;
        self.prepare_basis()?;
        let (n, wanted) = (ffi::size(self.problem_size()?)?, self.dimensions()?.nev);
        if wanted > n && self.which()? != Some(Which::All) {
            let text =
                format!("{wanted} eigenvalues were requested, but the problem has order {n}");
            return Err(internal::collective(ErrorCode::ARG_OUTOFRANGE, text));
        }
        self.check_scaling()?;
        self.check_structure()
    }

    /// Checks diagonal scaling: it reads the arrays of all coefficients, but SLEPc only checks the
    /// type of the first one.
    fn check_scaling(&self) -> Result<()> {
        let mut kind = sys::PEP_SCALE_NONE;
        let (pep, out, none) = (self.as_ptr(), &raw mut kind, ptr::null_mut());
        let (alpha, its, lambda) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live solver and a valid out-pointer; NULL for values that are not needed.
        unsafe { call!(PEPGetScale(pep, out, alpha, none, none, its, lambda)) }?;
        if kind != sys::PEP_SCALE_NONE && self.is_type("jd")? {
            // The method has no transformed matrices, which the scaling of SLEPc reads.
            let text = "the method jd does not support scaling";
            return Err(internal::collective(ErrorCode::SUP, text));
        }
        if !matches!(kind, sys::PEP_SCALE_DIAGONAL | sys::PEP_SCALE_BOTH) {
            return Ok(());
        }
        let operators = self.operators()?;
        for kind in ["seqaij", "mpiaij"] {
            // On one rank there can be both types, which the scaling does not support.
            if operators.iter().try_fold(true, |all, a| Ok::<_, Error>(all && a.is_type(kind)?))? {
                return Ok(());
            }
        }
        let text = "diagonal scaling requires matrices of one type, seqaij or mpiaij: convert them";
        Err(internal::collective(ErrorCode::SUP, text))
    }

    /// Checks that the coefficients have the structure of the problem type.
    fn check_structure(&self) -> Result<()> {
        let Ok(Some(kind)) = self.problem_type() else {
            // No problem type, or one of a newer SLEPc.
            return Ok(());
        };
        let terms = self.operators()?;
        if matches!(kind, ProblemType::Hyperbolic | ProblemType::Gyroscopic) && terms.len() != 3 {
            let text = format!(
                "a {} problem must be quadratic: it has 3 coefficients, got {}",
                if kind == ProblemType::Hyperbolic { "hyperbolic" } else { "gyroscopic" },
                terms.len()
            );
            return Err(internal::collective(ErrorCode::ARG_INCOMP, text));
        }
        for (i, a) in terms.into_iter().enumerate() {
            let name = format!("coefficient {i}");
            match kind {
                ProblemType::Gyroscopic if i == 1 => solver::check_skew_hermitian(&a, &name)?,
                ProblemType::Hermitian | ProblemType::Hyperbolic | ProblemType::Gyroscopic => {
                    solver::check_hermitian(&a, &name)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Creates the basis: spectrum slicing reads it without a check, and only `PEPSetFromOptions`
    /// creates it.
    fn prepare_basis(&self) -> Result<()> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(PEPGetBV(self.as_ptr(), &raw mut raw)) }
    }

    pub(super) fn give_operators(&mut self) -> Result<()> {
        if crate::base::held(self, 0)?.is_none() {
            return Ok(());
        }
        let operators = self.operators()?;
        let raw: Vec<_> = operators.iter().map(|m| m.as_ptr()).collect();
        self.give(&raw)?;
        self.prepare_basis()
    }
}
