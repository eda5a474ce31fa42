//! Port of SLEPc's `src/eps/tutorials/ex9.c`: the rightmost eigenvalues of a chemical reaction.

use petsc_rs::prelude::*;
use slepc_rs::prelude::*;

use crate::models::brusselator::Brusselator;
use crate::models::eigen::{report, requested};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(30);
    petsc.print(format_args!("\nBrusselator wave model, n={n}\n\n"))?;
    let a = Brusselator::from_options(petsc, n)?.into_matrix(world)?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::NonHermitian)?;
    eps.set_which(EpsWhich::LargestReal)?;
    eps.set_from_options()?;
    let _ = eps.solve_unchecked()?;
    requested(petsc, &eps)?;
    report(petsc, &eps)
}
