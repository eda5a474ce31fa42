//! Port of SLEPc's `src/eps/tutorials/ex4.c`: a matrix from a binary file.

use petsc_rs::prelude::*;
use petsc_rs::{FileMode, Viewer};
use slepc_rs::prelude::*;

use crate::models::eigen::{report, requested};

/// Runs the port.
///
/// # Errors
/// What assembly and solve return.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    petsc.print(format_args!("\nEigenproblem stored in file.\n\n"))?;
    let Some(file) = petsc.options().string("-file")? else {
        return Err("Must indicate a file name with the -file option".into());
    };
    let kind = if Scalar::IS_COMPLEX { "COMPLEX" } else { "REAL" };
    petsc.print(format_args!(" Reading {kind} matrix from a binary file...\n"))?;
    let a = Matrix::builder(world).load(&*Viewer::binary(world, &file, FileMode::Read)?)?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, None)?;
    eps.set_from_options()?;
    let _ = eps.solve_unchecked()?;
    let its = eps.iterations()?;
    petsc.print(format_args!(" Number of iterations of the method: {its}\n"))?;
    requested(petsc, &eps)?;
    let now = eps.tolerances()?;
    let (tol, max) = (now.tolerance.unwrap_or(0.0), now.max_iterations.unwrap_or(0));
    petsc.print(format_args!(" Stopping condition: tol={tol:e}, maxit={max}\n"))?;
    report(petsc, &eps)
}
