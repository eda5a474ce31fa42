//! Port of SLEPc's `src/eps/tutorials/ex2.c`: the Laplacian in two dimensions.

use petsc_rs::prelude::*;
use slepc_rs::prelude::*;

use crate::models::{
    eigen::{report, requested},
    laplacian,
};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(10);
    let m = petsc.options().int("-m")?.unwrap_or(n);
    let size = n * m;
    petsc.print(format_args!("\n2-D Laplacian Eigenproblem, N={size} ({n}x{m} grid)\n\n"))?;
    let a = laplacian(world, m, n, None)?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    eps.set_from_options()?;
    let _ = eps.solve_unchecked()?;
    requested(petsc, &eps)?;
    report(petsc, &eps)
}
