//! Port of SLEPc's `src/eps/tutorials/ex1.c`: the Laplacian in one dimension, with a table of errors.

use petsc_rs::prelude::*;
use slepc_rs::eps::ErrorType;
use slepc_rs::prelude::*;

use crate::models::{eigen::requested, tridiagonal};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(30);
    petsc.print(format_args!("\n1-D Laplacian Eigenproblem, n={n}\n\n"))?;
    let a = tridiagonal(world, n)?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    eps.set_from_options()?;
    let _ = eps.solve_unchecked()?;
    let its = eps.iterations()?;
    petsc.print(format_args!(" Number of iterations of the method: {its}\n"))?;
    requested(petsc, &eps)?;
    let now = eps.tolerances()?;
    let (tol, max) = (now.tolerance.unwrap_or(0.0), now.max_iterations.unwrap_or(0));
    petsc.print(format_args!(" Stopping condition: tol={tol:e}, maxit={max}\n"))?;
    let n = eps.converged()?;
    petsc.print(format_args!(" Number of converged eigenpairs: {n}\n\n"))?;
    petsc.print(format_args!(
        "           k          ||Ax-kx||/||kx||\n   ----------------- ------------------\n"
    ))?;
    for pair in eps.eigenpairs()? {
        let pair = pair?;
        let (value, error) = (pair.value(), pair.error(ErrorType::Relative)?);
        if value.im == 0.0 {
            petsc.print(format_args!("   {:12.6}       {error:12.5e}\n", value.re))?;
        } else {
            petsc.print(format_args!(" {:9.6}{:+9.6}i {error:12.5e}\n", value.re, value.im))?;
        }
    }
    petsc.print(format_args!("\n"))
}
