//! Rust version of `c/ksp_ex45.c`: the Laplacian on n by n by n points of PETSc's tutorial
//! ksp/ex45. The solver calls functions that compute the operator and the right-hand side.
//!
//! Run: `ksp_ex45 <n>`

use petsc_benches::{SOLVE, check, count};
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, ErrorCode, KspRef, MatrixRef, VectorRef};

fn main() -> std::process::ExitCode {
    petsc_rs::run(|petsc| {
        let n = count(17);
        let stage = petsc.log().stage(SOLVE)?.begin()?;
        let grid = Dmda::builder(petsc.world()).sizes([n, n, n]).from_options().build()?;
        let mut ksp = Ksp::new(petsc.world())?;
        ksp.set_dm(&grid)?;
        ksp.set_compute_rhs(rhs)?;
        ksp.set_compute_operators(|ksp, _, p| operators(ksp, p))?;
        ksp.set_from_options()?;
        let converged = ksp.solve_in_place()?;
        drop(stage);
        let x = ksp.solution()?;
        let x = x.ok_or_else(|| Error::new(ErrorCode::PLIB, "no solution"))?;
        let top = x.norm(Norm::Infinity)?;
        check(converged.reason.is_converged() && top > 1.0 && top < 1.1)
    })
}

/// The numbers of points, and the distances.
fn spacing(grid: &DmdaRef) -> Result<([Int; 3], [Real; 3])> {
    let [nx, ny, nz] = grid.info()?.sizes;
    let sizes = [Int::try_from(nx)?, Int::try_from(ny)?, Int::try_from(nz)?];
    Ok((sizes, [nx, ny, nz].map(|n| 1.0 / (n - 1) as Real)))
}

fn rhs(ksp: &KspRef, b: &mut VectorRef) -> Result<()> {
    let grid = ksp.dm()?.into_dmda()?;
    let ([nx, ny, nz], [hx, hy, hz]) = spacing(&grid)?;
    let edge = Scalar::from_real(2.0 * (hx * hy / hz + hx * hz / hy + hy * hz / hx));
    let inside = Scalar::from_real(hx * hy * hz);
    let mut b = grid.array_mut(b)?;
    let own = grid.corners()?;
    for k in own.z() {
        for j in own.y() {
            for i in own.x() {
                let out = i == 0 || j == 0 || k == 0 || i == nx - 1 || j == ny - 1 || k == nz - 1;
                b[(i, j, k)] = if out { edge } else { inside };
            }
        }
    }
    Ok(())
}

fn operators(ksp: &KspRef, p: &mut MatrixRef) -> Result<()> {
    let grid = ksp.dm()?.into_dmda()?;
    let ([nx, ny, nz], [hx, hy, hz]) = spacing(&grid)?;
    let (x, y, z) = (hy * hz / hx, hx * hz / hy, hx * hy / hz);
    let centre = 2.0 * (x + y + z);
    let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
    let own = grid.corners()?;
    for k in own.z() {
        for j in own.y() {
            for i in own.x() {
                if i == 0 || j == 0 || k == 0 || i == nx - 1 || j == ny - 1 || k == nz - 1 {
                    rows.set((i, j, k), (i, j, k), centre)?;
                } else {
                    rows.row(
                        (i, j, k),
                        [
                            ((i, j, k - 1), -z),
                            ((i, j - 1, k), -y),
                            ((i - 1, j, k), -x),
                            ((i, j, k), centre),
                            ((i + 1, j, k), -x),
                            ((i, j + 1, k), -y),
                            ((i, j, k + 1), -z),
                        ],
                    )?;
                }
            }
        }
    }
    rows.finish()
}
