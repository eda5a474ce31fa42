//! Port of PETSc's `src/ksp/ksp/tutorials/ex34.c`: the Laplacian on cells of a cube with Neumann
//! conditions and any number of unknowns in each cell, solved with multigrid.

use std::f64::consts::PI;

use petsc_rs::dm::{InterpolationType, component};
use petsc_rs::matrix::NullSpace;
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, KspRef, MatrixRef};

use crate::models;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let dof = usize::try_from(petsc.options().int("-da_dof")?.unwrap_or(1))?;
    // As in the C program, the options refine the grid as a grid of vertices, because the
    // interpolation type for cells is set later.
    let mut grid = Dmda::builder(world).sizes([12, 12, 12]).dof(dof).from_options().build()?;
    grid.set_interpolation_type(InterpolationType::Q0)?;
    let mut ksp = Ksp::new(world)?;
    ksp.set_dm(&grid)?;
    ksp.set_compute_rhs(|ksp, b| {
        let grid = ksp.dm()?.into_dmda()?;
        let (_, [hx, hy, hz]) = spacing(&grid)?;
        let pi = PI as Real;
        let dof = grid.info()?.dof;
        let mut values = grid.array_dof_mut(b)?;
        for at in grid.corners()?.points3() {
            let f = 12.0 * pi * pi * wave(at, [hx, hy, hz]) * hx * hy * hz;
            for d in 0..dof {
                values[(at, d)] = Scalar::from_real(f);
            }
        }
        drop(values);
        models::remove_constants(b)
    })?;
    ksp.set_compute_operators(operators)?;
    ksp.set_from_options()?;
    let _ = ksp.solve_in_place_unchecked()?;
    let norm = models::residual_norm(&ksp, Norm::Two)?;
    petsc.print(format_args!("Residual norm {norm:e}\n"))?;

    let Some(x) = ksp.solution()? else {
        return Ok(());
    };
    let mut error = x.duplicate()?;
    error.copy_from(&x)?;
    let (sizes, h) = spacing(&grid)?;
    let mut values = grid.array_dof_mut(&mut error)?;
    for at in grid.corners()?.points3() {
        for d in 0..dof {
            values[(at, d)] -= Scalar::from_real(wave(at, h));
        }
    }
    drop(values);
    let cells = sizes.map(|n| n as Real).iter().product::<Real>();
    let norms = [(Norm::Infinity, 1.0), (Norm::One, cells), (Norm::Two, cells)];
    for (norm, scale) in norms {
        let norm = error.norm(norm)? / scale;
        petsc.print(format_args!("Error norm {norm:e}\n"))?;
    }
    Ok(())
}

/// Returns `cos(2πx) cos(2πy) cos(2πz)` at the center of a cell.
fn wave((i, j, k): (Int, Int, Int), [hx, hy, hz]: [Real; 3]) -> Real {
    let wave = |i: Int, h: Real| (2.0 * PI as Real * ((i as Real + 0.5) * h)).cos();
    wave(i, hx) * wave(j, hy) * wave(k, hz)
}

fn spacing(grid: &DmdaRef) -> Result<([Int; 3], [Real; 3])> {
    let sizes = models::sizes(grid)?;
    Ok((sizes, sizes.map(|n| 1.0 / n as Real)))
}

fn operators(ksp: &KspRef, a: &mut MatrixRef, p: &mut MatrixRef) -> Result<()> {
    let grid = ksp.dm()?.into_dmda()?;
    let ([nx, ny, nz], [hx, hy, hz]) = spacing(&grid)?;
    let (x, y, z) = (hy * hz / hx, hx * hz / hy, hx * hy / hz);
    let dof = Int::try_from(grid.info()?.dof)?;
    let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
    for at @ (i, j, k) in grid.corners()?.points3() {
        let around = || {
            [
                ((i, j, k - 1), -z),
                ((i, j - 1, k), -y),
                ((i - 1, j, k), -x),
                ((i + 1, j, k), -x),
                ((i, j + 1, k), -y),
                ((i, j, k + 1), -z),
            ]
            .into_iter()
            .filter(|((i, j, k), _)| {
                (0..nx).contains(i) && (0..ny).contains(j) && (0..nz).contains(k)
            })
        };
        let centre = -around().map(|(_, weight)| weight).sum::<Real>();
        for d in 0..dof {
            let row = around().chain([(at, centre)]);
            rows.row(component(d, at), row.map(|(at, value)| (component(d, at), value)))?;
        }
    }
    rows.finish()?;
    p.view_from_options("-view_mat")?;
    a.set_null_space(Some(&*NullSpace::new(&ksp.comm()?, true, &[])?))
}
