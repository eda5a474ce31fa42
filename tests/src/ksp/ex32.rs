//! Port of PETSc's `src/ksp/ksp/tutorials/ex32.c`: the Laplacian on cells of a square with Neumann
//! conditions, solved with multigrid and piecewise constant interpolation.

use petsc_rs::ErrorCode;
use petsc_rs::dm::InterpolationType;
use petsc_rs::prelude::*;

use crate::models;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve; `-bc_type dirichlet`, which the C program does not support either.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    // As in the C program, the options refine the grid as a grid of vertices, because the
    // interpolation type for cells is set later.
    let mut grid = Dmda::builder(world).sizes([12, 12]).from_options().build()?;
    grid.set_interpolation_type(InterpolationType::Q0)?;
    let nu = options.real("-nu")?.unwrap_or(0.1);
    if options.elist("-bc_type", &["dirichlet", "neumann"])? == Some(0) {
        let text = "Dirichlet boundary conditions not supported !";
        return Err(Error::collective(ErrorCode::SUP, text));
    }
    let mut ksp = Ksp::new(world)?;
    ksp.set_dm(&grid)?;
    ksp.set_compute_rhs(move |ksp, b| {
        let grid = ksp.dm()?.into_dmda()?;
        let [nx, ny, _] = models::sizes(&grid)?;
        let (hx, hy) = (1.0 / nx as Real, 1.0 / ny as Real);
        let bell = |x: Real| (-x * x / nu).exp();
        let mut values = grid.array_mut(b)?;
        for (i, j) in grid.corners()?.points() {
            let (x, y) = ((i as Real + 0.5) * hx, (j as Real + 0.5) * hy);
            values[(i, j)] = Scalar::from_real(bell(x) * bell(y) * hx * hy);
        }
        drop(values);
        models::remove_constants(b)
    })?;
    ksp.set_compute_operators(models::insulated_square)?;
    ksp.set_from_options()?;
    let _ = ksp.solve_in_place_unchecked()?;
    Ok(())
}
