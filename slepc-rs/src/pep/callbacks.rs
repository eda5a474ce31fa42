//! Callbacks of the polynomial eigensolver: monitors, eigenvalue comparison, convergence and
//! stopping tests.

use petsc_macros::wraps;

use super::{ConvergedReason, ConvergenceTest, PepRef};
use crate::{solver, sys};

/// State of a running solve, see [`PepRef::add_monitor`].
pub type Progress<'a> = solver::Progress<'a, PepRef>;

/// Arguments of a user-defined stopping test, see [`PepRef::set_stopping_test_function`].
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
With a spectral transformation, the function compares eigenvalues of the transformed problem.",
    "
# Errors
The errors of `PEPSetConvergenceTestFunction`."
}

solver::stopping_tests! {
    PepRef, ConvergedReason, c"PEP stopping test";
    #[wraps(PEPSetStoppingTestFunction)]
    PEPSetStoppingTestFunction,
    PEPStoppingBasic;
    ""
}
