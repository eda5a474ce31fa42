//! Port of PETSc's `src/ksp/ksp/tutorials/ex46.c`: a Laplacian whose matrix and vectors are created
//! by a DMDA that is not set on the solver.

use petsc_rs::Viewer;
use petsc_rs::prelude::*;

use crate::models;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let grid = Dmda::builder(world).sizes([8, 7]).from_options().build()?;
    let mut a = grid.create_matrix()?;
    petsc.log().stage("Assembly")?.record(|| {
        let sizes = models::sizes(&grid)?;
        let (hx, hy) = (1.0 / sizes[0] as Real, 1.0 / sizes[1] as Real);
        let mut rows = grid.stencil_assembler(&mut a, InsertMode::Insert)?;
        for at in grid.corners()?.points() {
            let around = models::neighbours(at, sizes, (-hy / hx, -hx / hy));
            rows.row(at, around.chain([(at, 2.0 * (hx / hy + hy / hx))]))?;
        }
        rows.finish()
    })?;
    let mut exact = grid.create_global_vector()?;
    let (mut x, mut b) = (exact.duplicate()?, exact.duplicate()?);
    if options.bool("-random_exact_sol")?.unwrap_or(false) {
        let mut random = Random::new(world)?;
        random.set_from_options()?;
        exact.set_random(&mut random)?;
    } else {
        exact.set(Scalar::from_real(1.0))?;
    }
    a.mult(&exact, &mut b)?;
    if options.bool("-view_exact_sol")?.unwrap_or(false) {
        exact.view(&*Viewer::stdout(world)?)?;
    }
    let mut ksp = Ksp::new(world)?;
    ksp.set_operators(&a, &a)?;
    ksp.set_from_options()?;
    let _ = ksp.solve_unchecked(&b, &mut x)?;
    x.axpy(Scalar::from_real(-1.0), &exact)?;
    let (norm, iterations) = (x.norm(Norm::Two)?, ksp.iterations()?);
    petsc.print(format_args!("Norm of error {norm:e} iterations {iterations}\n"))
}
