//! Port of PETSc's `src/ksp/ksp/tutorials/ex1.c`: a tridiagonal system on one rank, solved twice.

use petsc_rs::ksp::Tolerances;
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, Viewer};

use crate::models::tridiagonal;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve; more than one rank.
pub fn main(petsc: &Petsc) -> Result<()> {
    if petsc.world().size() != 1 {
        let text = "this is an example for one rank";
        return Err(Error::new(ErrorCode::WRONG_MPI_SIZE, text));
    }
    let own = petsc.self_comm();
    let mut a = tridiagonal(own, petsc.options().int("-n")?.unwrap_or(10))?;
    let (mut x, mut b) = a.vectors()?;
    x.set_name("Solution")?;
    let mut exact = x.duplicate()?;
    exact.set(Scalar::from_real(1.0))?;
    a.mult(&exact, &mut b)?;
    let mut ksp = Ksp::new(own)?;
    ksp.set_operators(&a, &a)?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    ksp.set_tolerances(Tolerances { rtol: 1e-5.into(), ..Default::default() })?;
    ksp.set_from_options()?;
    let _ = ksp.solve_unchecked(&b, &mut x)?;
    if cfg!(not(petsc_ge_3_19)) {
        // In later releases, the solver is printed only with `-ksp_view`.
        let stdout = Viewer::stdout(own)?;
        ksp.view(&stdout)?;
    }
    x.axpy(Scalar::from_real(-1.0), &exact)?;
    let (norm, iterations) = (x.norm(Norm::Two)?, ksp.iterations()?);
    own.print(format_args!("Norm of error {norm:e}, Iterations {iterations}\n"))?;
    // The operator may be changed after a solve, and the system is solved again.
    a.shift(Scalar::from_real(2.0))?;
    let _ = ksp.solve_unchecked(&b, &mut x)?;
    Ok(())
}
