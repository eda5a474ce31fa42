//! Solving.

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::{Error, ErrorCode, Object as _, Result, call, ffi, internal};

use super::{ConvergedReason, ErrorType, PepRef, ProblemType, Which};
use crate::{solver, sys};

/// Proof that a polynomial eigensolver converged.
pub type Converged = solver::Converged<ConvergedReason>;

/// A solve that did not converge, as the source of the error of [`PepRef::solve`].
pub type NotConverged = solver::NotConverged<ConvergedReason>;

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
    /// What SLEPc would believe, or mend without a word.
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
            let text = format!("{wanted} eigenvalues are wanted of a problem that has {n}");
            return Err(internal::collective(ErrorCode::ARG_OUTOFRANGE, text));
        }
        self.check_scaling()?;
        self.check_structure()
    }

    /// Scaling by diagonals reads the arrays of all coefficients, of which SLEPc asks the first one's type.
    fn check_scaling(&self) -> Result<()> {
        let mut kind = sys::PEP_SCALE_NONE;
        let (pep, out, none) = (self.as_ptr(), &raw mut kind, ptr::null_mut());
        let (alpha, its, lambda) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live solver and a valid out-pointer; NULL for what nobody wants.
        unsafe { call!(PEPGetScale(pep, out, alpha, none, none, its, lambda)) }?;
        if kind != sys::PEP_SCALE_NONE && self.is_type("jd")? {
            // It has no transformed matrices, which SLEPc reads.
            let text = "the method jd does not scale";
            return Err(internal::collective(ErrorCode::SUP, text));
        }
        if !matches!(kind, sys::PEP_SCALE_DIAGONAL | sys::PEP_SCALE_BOTH) {
            return Ok(());
        }
        let operators = self.operators()?;
        for kind in ["seqaij", "mpiaij"] {
            // Not a mixture of both, which there may be on one rank.
            if operators
                .iter()
                .try_fold(true, |all, a| Ok::<_, Error>(all && a.is_type(kind)?))?
            {
                return Ok(());
            }
        }
        let text = "scaling by diagonals is for matrices of one type, seqaij or mpiaij";
        Err(internal::collective(ErrorCode::SUP, text))
    }

    /// Whether the coefficients can be what the problem type says.
    fn check_structure(&self) -> Result<()> {
        let Ok(Some(kind)) = self.problem_type() else {
            // Nothing was said, or a kind of a newer SLEPc.
            return Ok(());
        };
        let terms = self.operators()?;
        if matches!(kind, ProblemType::Hyperbolic | ProblemType::Gyroscopic) && terms.len() != 3 {
            let text = format!(
                "a {} problem is quadratic: it has three coefficients, not {}",
                if kind == ProblemType::Hyperbolic {
                    "hyperbolic"
                } else {
                    "gyroscopic"
                },
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

    /// Slicing reads the basis without asking whether there is one, which `PEPSetFromOptions` would have made.
    fn prepare_basis(&self) -> Result<()> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(PEPGetBV(self.as_ptr(), &raw mut raw)) }
    }

    pub(super) fn give_operators(&mut self) -> Result<()> {
        if solver::held(self, 0)?.is_none() {
            return Ok(());
        }
        let raw: Vec<_> = self.operators()?.iter().map(|m| m.as_ptr()).collect();
        self.give(&raw)?;
        self.prepare_basis()
    }
}
