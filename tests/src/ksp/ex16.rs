//! Port of PETSc's `src/ksp/ksp/tutorials/ex16.c`: one matrix, several right-hand sides.

use petsc_rs::Viewer;
use petsc_rs::prelude::*;

use crate::models::laplacian;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let m = options.int("-m")?.unwrap_or(8);
    let n = options.int("-n")?.unwrap_or(7);
    let a = laplacian(world, m, n, None)?;
    let (mut x, mut b) = a.vectors()?;
    let mut exact = x.duplicate()?;
    let mut ksp = Ksp::new(world)?;
    ksp.set_operators(&a, &a)?;
    ksp.set_from_options()?;
    for system in 1..=options.int("-ntimes")?.unwrap_or(2) {
        exact.set(Scalar::from_real(system as Real))?;
        a.mult(&exact, &mut b)?;
        if options.bool("-view_exact_sol")?.unwrap_or(false) {
            let stdout = Viewer::stdout(world)?;
            exact.view(&stdout)?;
        }
        let _ = ksp.solve_unchecked(&b, &mut x)?;
        x.axpy(Scalar::from_real(-1.0), &exact)?;
        let (norm, iterations) = (x.norm(Norm::Two)?, ksp.iterations()?);
        petsc.print(format_args!(
            "Norm of error {norm:e} System {system}: iterations {iterations}\n"
        ))?;
    }
    Ok(())
}
