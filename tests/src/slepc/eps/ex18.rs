//! Port of SLEPc's `src/eps/tutorials/ex18.c`: eigenvalues with a user-defined order.

use std::cmp::Ordering;

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
    petsc.print(format_args!("\nMarkov Model, N={n} (m={m})\n"))?;
    let target = petsc.options().scalar("-target")?.unwrap_or(Scalar::from_real(0.5));
    petsc.print(format_args!(
        "Searching closest eigenvalues to the right of {}.\n\n",
        target.real()
    ))?;
    let a = random_walk(world, m)?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::NonHermitian)?;
    // Eigenvalues to the right of the target come first, in the order of their distance.
    let target = num_complex::Complex::new(target.real(), target.imaginary());
    eps.set_eigenvalue_comparison(move |a, b| {
        Ok(match (a.re > target.re, b.re > target.re) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            _ => (a - target).norm().total_cmp(&(b - target).norm()),
        })
    })?;
    eps.set_from_options()?;
    let _ = eps.solve_unchecked()?;
    requested(petsc, &eps)?;
    report(petsc, &eps)
}
