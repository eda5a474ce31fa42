//! Port of PETSc's `src/tao/unconstrained/tutorials/rosenbrock3.c`: as rosenbrock2, with methods
//! that support `-tao_recycle_history`.

use petsc_rs::TaoType;
use petsc_rs::prelude::*;

use crate::models::{self, rosenbrock::Rosenbrock};

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`; more than one rank; different numbers of iterations with and without
/// recycling.
pub fn main(petsc: &Petsc) -> Result<()> {
    models::one_rank(petsc)?;
    let own = petsc.self_comm();
    let problem = Rosenbrock::from_options(&petsc.options())?;
    let (mut tao, mut x) = problem.optimiser(own, TaoType::BQNLS)?;
    tao.set_from_options()?;
    tao.set_recycle_history(true)?;
    if tao.recycle_history()? {
        own.print(format_args!("Recycle: enabled\n"))?;
    }
    let recycled = models::rosenbrock::in_pieces(own, &mut tao, &mut x)?;
    tao.set_recycle_history(false)?;
    if !tao.recycle_history()? {
        own.print(format_args!("Recycle: disabled\n"))?;
    }
    models::rosenbrock::in_one(own, &mut tao, &mut x, recycled)
}
