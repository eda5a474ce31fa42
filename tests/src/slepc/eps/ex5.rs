//! Port of SLEPc's `src/eps/tutorials/ex5.c`: a random walk on a triangle.

use petsc_rs::prelude::*;
use slepc_rs::prelude::*;

use crate::models::eigen::{random_walk, report, requested};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let m = petsc.options().int("-m")?.unwrap_or(15);
    let n = m * (m + 1) / 2;
    petsc.print(format_args!("\nMarkov Model, N={n} (m={m})\n\n"))?;
    let a = random_walk(world, m)?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::NonHermitian)?;
    eps.set_from_options()?;
    let (mut v, _) = a.vectors()?;
    if world.rank() == 0 {
        for i in 0..3 {
            v.set_value(i, Scalar::from_real(1.0), InsertMode::Insert)?;
        }
    }
    v.assemble()?;
    eps.set_initial_space(&[&v])?;
    let _ = eps.solve_unchecked()?;
    requested(petsc, &eps)?;
    report(petsc, &eps)
}
