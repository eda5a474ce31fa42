//! Port of PETSc's `src/ksp/ksp/tutorials/ex50.c`: the Laplacian with a cosine right-hand side on a
//! square with Neumann conditions, solved with multigrid.

use petsc_rs::KspRef;
use petsc_rs::VectorRef;
use petsc_rs::prelude::*;

use crate::models;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let grid = Dmda::builder(world).sizes([11, 11]).from_options().build()?;
    let mut ksp = Ksp::new(world)?;
    ksp.set_dm(&grid)?;
    ksp.set_compute_rhs(wave)?;
    ksp.set_compute_operators(models::insulated_square)?;
    ksp.set_from_options()?;
    let _ = ksp.solve_in_place_unchecked()?;
    Ok(())
}

/// Computes `b = -cos(πx) cos(πy)` on cells.
pub(super) fn wave(ksp: &KspRef, b: &mut VectorRef) -> Result<()> {
    let grid = ksp.dm()?.into_dmda()?;
    let [nx, ny, _] = models::sizes(&grid)?;
    let (hx, hy) = (1.0 / nx as Real, 1.0 / ny as Real);
    let wave = |x: Real| (std::f64::consts::PI as Real * x).cos();
    let mut values = grid.array_mut(b)?;
    for (i, j) in grid.corners()?.points() {
        let (x, y) = ((i as Real + 0.5) * hx, (j as Real + 0.5) * hy);
        values[(i, j)] = Scalar::from_real(-wave(x) * wave(y) * hx * hy);
    }
    drop(values);
    models::remove_constants(b)
}
