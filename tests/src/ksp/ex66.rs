//! Port of PETSc's `src/ksp/ksp/tutorials/ex66.c`: the problem of ex50, periodic along `x`, and
//! with Neumann conditions along `y` from mirror boundaries.

use petsc_rs::dm::BoundaryType;
use petsc_rs::matrix::NullSpace;
use petsc_rs::prelude::*;

use super::ex50::wave;
use crate::models;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let grid = Dmda::builder(world)
        .sizes([11, 11])
        .boundaries([BoundaryType::Periodic, BoundaryType::Mirror])
        .from_options()
        .build()?;
    let mut ksp = Ksp::new(world)?;
    ksp.set_dm(&grid)?;
    ksp.set_compute_rhs(wave)?;
    ksp.set_compute_operators(|ksp, a, p| {
        let grid = ksp.dm()?.into_dmda()?;
        let [nx, ny, _] = models::sizes(&grid)?;
        let (hx, hy) = (1.0 / nx as Real, 1.0 / ny as Real);
        let (x, y) = (hy / hx, hx / hy);
        let mut rows = grid.stencil_assembler(p, InsertMode::Add)?;
        for at @ (i, j) in grid.corners()?.points() {
            let beside = [((i - 1, j), -x), ((i + 1, j), -x)];
            let above = [((i, j - 1), -y), ((i, j + 1), -y)];
            let centre = [(at, 2.0 * (y + x))];
            rows.row(at, beside.into_iter().chain(above).chain(centre))?;
        }
        rows.finish()?;
        a.set_null_space(Some(&*NullSpace::new(&ksp.comm()?, true, &[])?))
    })?;
    ksp.set_from_options()?;
    let _ = ksp.solve_in_place_unchecked()?;
    Ok(())
}
