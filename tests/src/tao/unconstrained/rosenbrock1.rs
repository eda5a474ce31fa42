//! Port of PETSc's `src/tao/unconstrained/tutorials/rosenbrock1.c`: the extended or chained Rosenbrock function on
//! one rank.

use petsc_rs::TaoType;
use petsc_rs::prelude::*;

use crate::models::{self, rosenbrock::Rosenbrock};

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`; more than one rank.
pub fn main(petsc: &Petsc) -> Result<()> {
    models::one_rank(petsc)?;
    let (options, own) = (petsc.options(), petsc.self_comm());
    let test_lmvm = options.bool("-test_lmvm")?.unwrap_or(false);
    let (mut tao, mut x) = Rosenbrock::from_options(&options)?.optimiser(own, TaoType::LMVM)?;
    if test_lmvm {
        options.set("-tao_type", "bqnktr")?;
    }
    tao.set_from_options()?;
    let _ = tao.solve_unchecked(&mut x)?;
    if test_lmvm {
        let mut ones = x.duplicate()?;
        let (mut there, mut back) = (x.duplicate()?, x.duplicate()?);
        ones.set(Scalar::from_real(1.0))?;
        tao.lmvm_matrix()?.mult(&ones, &mut there)?;
        tao.lmvm_solve(&there, &mut back)?;
        back.axpy(Scalar::from_real(-1.0), &ones)?;
        let distance = back.norm(Norm::Two)?;
        let text = "error between LMVM MatMult and MatSolve:";
        match distance {
            d if d < 1e-11 => own.print(format_args!("{text} < 1.e-11\n"))?,
            d if d < 1e-6 => own.print(format_args!("{text} < 1.e-6\n"))?,
            d => own.print(format_args!("{text} {d:e}\n"))?,
        }
    }
    Ok(())
}
