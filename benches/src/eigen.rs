//! Common functions of the benchmarks of eigensolvers: they solve, and compare the result with the
//! closed form of the largest eigenvalue.

use petsc_rs::{MatrixRef, Real, Result};
use slepc_rs::eps::{ErrorType, ProblemType};

/// Solves and checks the eigenpairs.
///
/// # Errors
/// Errors of the solve, and an error for a wrong eigenvalue.
pub fn solve(a: &MatrixRef, exact: Real) -> Result<()> {
    use petsc_rs::Object as _;
    let mut eps = slepc_rs::Eps::new(&a.comm()?)?;
    eps.set_operators(a, None)?;
    eps.set_problem_type(ProblemType::Hermitian)?;
    eps.set_from_options()?;
    let _ = eps.solve()?;
    let mut right = false;
    for (i, pair) in eps.eigenpairs()?.enumerate() {
        let pair = pair?;
        let error = pair.error(ErrorType::Relative)?;
        if i == 0 {
            right = error < 1e-6 && (pair.value().re - exact).abs() < 1e-6;
        }
    }
    crate::check(right)
}
