//! Solving.

use petsc_rs::{ErrorCode, Object as _, Result, call, ffi, internal};

use super::{ConvergedReason, ErrorType, PepRef, Which};
use crate::{solver, sys};

/// Proof that a polynomial eigensolver converged.
pub type Converged = solver::Converged<ConvergedReason>;

/// A solve that did not converge, as the source of the error of [`PepRef::solve`].
pub type NotConverged = solver::NotConverged<ConvergedReason>;

solver::solving! {
    PepRef, ConvergedReason, "eigenpairs";
    PEPSolve, PEPSetUp, PEPReset, PEPGetConvergedReason, PEPGetIterationNumber, PEPGetConverged;
    PetscRsPEPFailed, PetscRsPEPRenew, PetscRsPEPIsSolved
}

solver::views! {
    PepRef, ErrorType;
    PEPErrorView, PEPConvergedReasonView
}

impl PepRef {
    /// What SLEPc would believe, or mend without a word.
    fn check_problem(&self) -> Result<()> {
        ffi::check_no_writer()?;
        for matrix in self.operators()? {
            ffi::check_readable(matrix.object_ptr())?;
        }
        self.prepare_refinement()?;
        self.prepare_basis()?;
        let (n, wanted) = (ffi::size(self.problem_size()?)?, self.dimensions()?.nev);
        if wanted > n && self.which()? != Some(Which::All) {
            let text = format!("{wanted} eigenvalues are wanted of a problem that has {n}");
            return Err(internal::collective(ErrorCode::ARG_OUTOFRANGE, text));
        }
        Ok(())
    }

    /// Slicing reads the basis without asking whether there is one, which `PEPSetFromOptions` would have made.
    fn prepare_basis(&self) -> Result<()> {
        let mut raw = std::ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(PEPGetBV(self.as_ptr(), &raw mut raw)) }
    }

    fn give_operators(&mut self) -> Result<()> {
        if solver::held(self, 0)?.is_none() {
            return Ok(());
        }
        let raw: Vec<_> = self.operators()?.iter().map(|m| m.as_ptr()).collect();
        self.give(&raw)?;
        self.prepare_basis()
    }
}
