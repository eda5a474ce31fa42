//! Port of PETSc's `src/tao/unconstrained/tutorials/rosenbrock2.c`: repeated solves of five
//! iterations, each of which continues with the LMVM matrix of the previous solve, give the same
//! iterates as a single solve.

use petsc_rs::TaoType;
use petsc_rs::prelude::*;

use crate::models::{self, rosenbrock::Rosenbrock};

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`; more than one rank; a different number of iterations.
pub fn main(petsc: &Petsc) -> Result<()> {
    models::one_rank(petsc)?;
    let own = petsc.self_comm();
    let problem = Rosenbrock::from_options(&petsc.options())?;
    let (mut tao, mut x) = problem.optimiser(own, TaoType::LMVM)?;
    tao.set_from_options()?;
    tao.set_lmvm_recycle(true)?;
    let recycled = models::rosenbrock::in_pieces(own, &mut tao, &mut x)?;
    tao.set_lmvm_recycle(false)?;
    models::rosenbrock::in_one(own, &mut tao, &mut x, recycled)
}
