//! Port of PETSc's `src/ksp/ksp/tutorials/ex23.c`: a tridiagonal system on any number of ranks.

use petsc_rs::Viewer;
use petsc_rs::ksp::Tolerances;
use petsc_rs::prelude::*;

use crate::models::tridiagonal;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let a = tridiagonal(world, petsc.options().int("-n")?.unwrap_or(10))?;
    let (mut x, mut b) = a.vectors()?;
    let mut exact = x.duplicate()?;
    exact.set(Scalar::from_real(1.0))?;
    a.mult(&exact, &mut b)?;
    let mut ksp = Ksp::new(world)?;
    ksp.set_operators(&a, &a)?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    ksp.set_tolerances(Tolerances { rtol: 1e-7.into(), ..Default::default() })?;
    ksp.set_from_options()?;
    let _ = ksp.solve_unchecked(&b, &mut x)?;
    let stdout = Viewer::stdout(world)?;
    ksp.view(&stdout)?;
    x.axpy(Scalar::from_real(-1.0), &exact)?;
    let (norm, iterations) = (x.norm(Norm::Two)?, ksp.iterations()?);
    if norm > 1000.0 * Real::EPSILON {
        petsc.print(format_args!("Norm of error {norm:e}, Iterations {iterations}\n"))?;
    }
    Ok(())
}
