//! Port of PETSc's `src/ksp/ksp/tutorials/ex45.c`: the Laplacian in three dimensions, solved with
//! multigrid.

use petsc_rs::prelude::*;
use petsc_rs::{KspRef, MatrixRef};

use crate::models;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([7, 7, 7]).from_options().build()?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_dm(&grid)?;
    ksp.set_compute_initial_guess(|_, x| x.set_zero())?;
    ksp.set_compute_rhs(|ksp, b| {
        let grid = ksp.dm()?.into_dmda()?;
        let (sizes, [hx, hy, hz]) = spacing(ksp)?;
        let centre = 2.0 * faces([hx, hy, hz]).iter().sum::<Real>();
        let mut b = grid.array_mut(b)?;
        for at in grid.corners()?.points3() {
            let edge = on_edge(at, sizes);
            b[at] = Scalar::from_real(if edge { centre } else { hx * hy * hz });
        }
        Ok(())
    })?;
    ksp.set_compute_operators(|ksp, _, p| operators(ksp, p))?;
    drop(grid);
    ksp.set_from_options()?;
    let _ = ksp.solve_in_place_unchecked()?;
    let norm = models::residual_norm(&ksp, Norm::Two)?;
    petsc.print(format_args!("Residual norm {norm:e}\n"))
}

fn operators(ksp: &KspRef, p: &mut MatrixRef) -> Result<()> {
    let grid = ksp.dm()?.into_dmda()?;
    let (sizes, h) = spacing(ksp)?;
    let [x, y, z] = faces(h);
    let centre = 2.0 * (z + y + x);
    let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
    for at @ (i, j, k) in grid.corners()?.points3() {
        if on_edge(at, sizes) {
            rows.set(at, at, centre)?;
            continue;
        }
        rows.row(
            at,
            [
                ((i, j, k - 1), -z),
                ((i, j - 1, k), -y),
                ((i - 1, j, k), -x),
                (at, centre),
                ((i + 1, j, k), -x),
                ((i, j + 1, k), -y),
                ((i, j, k + 1), -z),
            ],
        )?;
    }
    rows.finish()
}

fn spacing(ksp: &KspRef) -> Result<([Int; 3], [Real; 3])> {
    let sizes = models::sizes(ksp.dm()?.as_dmda()?)?;
    Ok((sizes, sizes.map(|n| 1.0 / (n - 1) as Real)))
}

/// Returns the couplings along `x`, `y` and `z`.
fn faces([hx, hy, hz]: [Real; 3]) -> [Real; 3] {
    [hy * hz / hx, hx * hz / hy, hx * hy / hz]
}

fn on_edge((i, j, k): (Int, Int, Int), [nx, ny, nz]: [Int; 3]) -> bool {
    [(i, nx), (j, ny), (k, nz)].into_iter().any(|(i, n)| i == 0 || i == n - 1)
}
