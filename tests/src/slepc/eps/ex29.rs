//! Port of SLEPc's `src/eps/tutorials/ex29.c`: a solve that stops at a time limit.

use std::time::{Duration, Instant};

use petsc_rs::prelude::*;
use slepc_rs::eps::ConvergedReason;
use slepc_rs::prelude::*;

use crate::models::eigen::{random_walk, report};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let m = petsc.options().int("-m")?.unwrap_or(15);
    let n = m * (m + 1) / 2;
    petsc.print(format_args!("\nMarkov Model, N={n} (m={m})\n"))?;
    let seconds = petsc.options().real("-seconds")?.unwrap_or(2.5);
    petsc.print(format_args!("Maximum time for computation is set to {seconds} seconds.\n\n"))?;
    let deadline = Instant::now() + Duration::from_secs_f64(seconds);
    let a = random_walk(world, m)?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::NonHermitian)?;
    eps.set_stopping_test_function(move |test| {
        Ok(match test.default_test()? {
            ConvergedReason::Iterating if Instant::now() > deadline => ConvergedReason::User,
            reason => reason,
        })
    })?;
    eps.set_from_options()?;
    let reason = eps.solve_unchecked()?;
    if petsc.options().has("-terse")? || reason != ConvergedReason::User {
        return report(petsc, &eps);
    }
    petsc.print(format_args!(
        "Eigensolve finished with {} converged eigenpairs; reason=CONVERGED_USER\n",
        eps.converged()?
    ))
}
