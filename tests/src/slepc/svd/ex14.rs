//! Port of SLEPc's `src/svd/tutorials/ex14.c`: singular values of a matrix from a binary file.

use petsc_rs::prelude::*;
use slepc_rs::prelude::*;
use slepc_rs::svd::ErrorType;

use crate::models::eigen::{loaded, results, stopping};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    petsc.print(format_args!("\nSingular value problem stored in file.\n\n"))?;
    let kind = if Scalar::IS_COMPLEX { "COMPLEX" } else { "REAL" };
    petsc.print(format_args!(" Reading {kind} matrix from a binary file...\n"))?;
    let a = loaded(petsc, "-file")?;
    let mut svd = Svd::new(petsc.world())?;
    svd.set_operators(&a, None)?;
    svd.set_from_options()?;
    let _ = svd.solve_unchecked()?;
    let (its, kind) = (svd.iterations()?, svd.type_name()?.unwrap_or_default());
    petsc.print(format_args!(" Number of iterations of the method: {its}\n"))?;
    petsc.print(format_args!(" Solution method: {kind}\n\n"))?;
    let nsv = svd.dimensions()?.nev;
    petsc.print(format_args!(" Number of requested singular values: {nsv}\n"))?;
    stopping(petsc, svd.tolerances()?)?;
    results(
        petsc,
        |viewer| svd.error_view(ErrorType::Relative, viewer),
        |viewer| svd.converged_reason_view(viewer),
    )
}
