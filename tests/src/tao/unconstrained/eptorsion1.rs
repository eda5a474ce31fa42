//! Port of PETSc's `src/tao/unconstrained/tutorials/eptorsion1.c`: torsion of a bar on one rank,
//! with any method.

use petsc_rs::prelude::*;

use crate::models::{self, torsion::Torsion};

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`; more than one rank.
pub fn main(petsc: &Petsc) -> Result<()> {
    models::one_rank(petsc)?;
    let torsion = Torsion::from_options(&petsc.options())?;
    torsion.announce(petsc)?;
    let (mut tao, mut x) = torsion.optimiser(petsc)?;
    Torsion::solve(petsc, &mut tao, &mut x)
}
