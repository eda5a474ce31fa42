//! Solve and convergence.

use petsc_macros::wraps;
use petsc_rs::Object as _;
use petsc_rs::{ErrorCode, Result, ffi, internal};

use super::{ConvergedReason, ErrorType, NepRef, Which};
use crate::{solver, sys};

/// Result of a solve that converged.
pub type Converged = solver::Converged<ConvergedReason>;

/// A solve that did not converge: the source of the error of [`NepRef::solve`].
pub type NotConverged = petsc_rs::solver::NotConverged<Converged>;

solver::solving! {
    NepRef, ConvergedReason, "eigenpairs";
    #[wraps(NEPSolve)]
    PetscRsNEPSolve,
    #[wraps(NEPSetUp)]
    NEPSetUp,
    #[wraps(NEPReset)]
    NEPReset,
    #[wraps(NEPGetConvergedReason)]
    NEPGetConvergedReason,
    #[wraps(NEPGetIterationNumber)]
    NEPGetIterationNumber,
    #[doc(alias = "NEPGetConverged")]
    NEPGetConverged;
    PetscRsNEPFailed, PetscRsNEPRenew, PetscRsNEPIsSolved, PetscRsNEPCheckBasis, PetscRsNEPIsStale
}

solver::views! {
    NepRef, ErrorType;
    #[wraps(NEPErrorView)]
    NEPErrorView,
    #[doc(alias = "NEPConvergedReasonView")]
    NEPConvergedReasonView
}

impl NepRef {
    /// Checks that SLEPc omits, or for which it silently changes a setting.
    fn check_problem(&mut self) -> Result<()> {
        ffi::check_solver()?;
        solver::check_order(self, self.which()? == Some(Which::User))?;
        for matrix in self.operators()? {
            matrix.check_readable()?;
            // The setup copies the first matrix. Only AIJ matrices can be copied before they are assembled.
            let copies = matrix.is_type("seqaij")? || matrix.is_type("mpiaij")?;
            if !copies && !matrix.is_assembled()? {
                let text = "a matrix of the problem is not assembled";
                return Err(internal::collective(ErrorCode::ARG_WRONGSTATE, text));
            }
        }
        let functions = self.functions()?;
        for function in &functions {
            function.check_complete()?;
        }
        if !functions.is_empty() {
            // A setup duplicates the first matrix, and leaks the duplicates of an earlier setup,
            // which the change of a setting does not free.
            self.give_operators()?;
        }
        self.prepare_refinement()
    }
}
