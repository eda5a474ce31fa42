//! Port of SLEPc's `src/eps/tutorials/ex4.c`: a matrix from a binary file.

use petsc_rs::prelude::*;
use slepc_rs::prelude::*;

use crate::models::eigen::{loaded, report, requested, stopping};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    petsc.print(format_args!("\nEigenproblem stored in file.\n\n"))?;
    let kind = if Scalar::IS_COMPLEX { "COMPLEX" } else { "REAL" };
    petsc.print(format_args!(" Reading {kind} matrix from a binary file...\n"))?;
    let a = loaded(petsc, "-file")?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, None)?;
    eps.set_from_options()?;
    let _ = eps.solve_unchecked()?;
    let its = eps.iterations()?;
    petsc.print(format_args!(" Number of iterations of the method: {its}\n"))?;
    requested(petsc, &eps)?;
    stopping(petsc, eps.tolerances()?)?;
    report(petsc, &eps)
}
