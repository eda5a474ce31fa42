//! Port of PETSc's `src/tao/unconstrained/tutorials/eptorsion3.c`: torsion of a bar on one rank,
//! with bounds on the stress and one fixed value.

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
    let bound = |limit: Real| {
        let mut bound = x.duplicate()?;
        bound.set(Scalar::from_real(limit))?;
        bound.set_value(3, Scalar::from_real(0.0), InsertMode::Insert)?;
        bound.assemble()?;
        Ok::<_, Error>(bound)
    };
    tao.set_variable_bounds(&bound(-0.1)?, &bound(0.1)?)?;
    Torsion::solve(petsc, &mut tao, &mut x)
}
