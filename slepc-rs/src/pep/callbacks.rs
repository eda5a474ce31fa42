//! Closures that the solver calls.

use petsc_macros::wraps;

use super::{ConvergedReason, ConvergenceTest, PepRef};
use crate::{solver, sys};

/// How far a solve has come, see [`PepRef::add_monitor`].
pub type Progress<'a> = solver::Progress<'a, PepRef>;

/// One question to a stopping test, see [`PepRef::set_stopping_test_function`].
pub type StoppingTest<'a> = solver::StoppingTest<'a, PepRef>;

solver::eigen_callbacks! {
    PepRef, ConvergenceTest,
    [c"PEP monitor", c"PEP eigenvalue comparison", c"PEP convergence test"],
    "-pep_monitor", "-pep_conv";
    #[wraps(PEPMonitorSet)]
    PEPMonitorSet,
    #[wraps(PEPMonitorCancel)]
    PEPMonitorCancel,
    #[wraps(PEPSetEigenvalueComparison)]
    PetscRsPEPSetEigenvalueComparison,
    #[wraps(PEPSetConvergenceTest)]
    PEPSetConvergenceTest,
    #[doc(alias = "PEPSetConvergenceTestFunction")]
    PetscRsPEPSetConvergenceTestFunction;
    "",
    "
With a transformation, the values compared are the transformed ones.",
    "
# Errors
What `PEPSetConvergenceTestFunction` returns."
}

solver::stopping_tests! {
    PepRef, ConvergedReason, c"PEP stopping test";
    #[wraps(PEPSetStoppingTestFunction)]
    PEPSetStoppingTestFunction,
    PEPStoppingBasic;
    ""
}
