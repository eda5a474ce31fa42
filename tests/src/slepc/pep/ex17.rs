//! Port of SLEPc's `src/pep/tutorials/ex17.c`: a polynomial problem from binary files.

use petsc_rs::prelude::*;
use slepc_rs::pep::ErrorType;
use slepc_rs::prelude::*;

use crate::models::eigen::{load, results, stopping};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    petsc.print(format_args!("\nPolynomial eigenproblem stored in file.\n\n"))?;
    let kind = if Scalar::IS_COMPLEX { "COMPLEX" } else { "REAL" };
    petsc.print(format_args!(" Reading {kind} matrices from binary files...\n"))?;
    let Some(files) = petsc.options().strings("-A")? else {
        let text = "Must indicate a comma-separated list of file names with the -A option";
        return Err(text.into());
    };
    let terms = files.iter().map(|file| load(petsc, file));
    let terms = terms.collect::<Result<Vec<_>>>()?;
    let mut pep = Pep::new(petsc.world())?;
    pep.set_operators(&terms.iter().map(|a| &**a).collect::<Vec<_>>())?;
    pep.set_from_options()?;
    let _ = pep.solve_unchecked()?;
    let (its, nev) = (pep.iterations()?, pep.dimensions()?.nev);
    petsc.print(format_args!(" Number of iterations of the method: {its}\n"))?;
    petsc.print(format_args!(" Number of requested eigenvalues: {nev}\n"))?;
    stopping(petsc, pep.tolerances()?)?;
    results(
        petsc,
        |viewer| pep.error_view(ErrorType::Backward, viewer),
        |viewer| pep.converged_reason_view(viewer),
    )
}
