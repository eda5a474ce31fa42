//! Rust version of `c/snes_ex5.c`: the Bratu problem of PETSc's tutorial snes/ex5 on n by n points
//! with `lambda = 6`. Function and Jacobian are computed by grid point. The solver is Newton's
//! method, configured by the options.
//!
//! Run: `snes_ex5 <n>`

use petsc_benches::{Calls, SOLVE, check, count, size};
use petsc_rs::dm::{GridMut, GridRead, StencilAssembler};
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, Snes};

const LAMBDA: Real = 6.0;

fn main() -> std::process::ExitCode {
    petsc_rs::run(|petsc| {
        let n = count(64);
        let stage = petsc.log().stage(SOLVE)?.begin()?;
        let grid = Dmda::builder(petsc.world()).sizes([n, n]).from_options().build()?;
        let mut snes = Snes::new(petsc.world())?;
        snes.set_dm(&grid)?;
        snes.set_function_local(function)?;
        snes.set_jacobian_local(jacobian)?;
        snes.set_from_options()?;
        let mut x = grid.create_global_vector()?;
        guess(&grid, size(64), &mut grid.array_mut(&mut x)?)?;
        let converged = snes.solve(None, &mut x)?;
        drop(stage);
        let top = x.norm(Norm::Infinity)?;
        let (mut f, mut a) = (x.duplicate()?, grid.create_matrix()?);
        let calls = Calls::begin(petsc)?;
        for _ in 0..calls.repeats() {
            snes.compute_function(&x, &mut f)?;
            snes.compute_jacobian_one(&x, &mut a)?;
        }
        calls.print(petsc, &["SNESFunctionEval", "SNESJacobianEval"])?;
        check(converged.reason.is_converged() && top > 0.5 && top < 1.0)
    })
}

/// The weights of the differences along x and y, and of the source.
fn weights(grid: &DmdaRef) -> Result<([Int; 2], Scalar, Scalar, Scalar)> {
    let [nx, ny, _] = grid.info()?.sizes;
    let (hx, hy) = (1.0 / (nx - 1) as Real, 1.0 / (ny - 1) as Real);
    let r = Scalar::from_real;
    let sizes = [Int::try_from(nx)?, Int::try_from(ny)?];
    Ok((sizes, r(hy / hx), r(hx / hy), r(hx * hy * LAMBDA)))
}

fn function(grid: &DmdaRef, u: &GridRead<'_>, f: &mut GridMut<'_>) -> Result<()> {
    let ([mx, my], x, y, scale) = weights(grid)?;
    let two = Scalar::from_real(2.0);
    let corners = grid.corners()?;
    for j in corners.y() {
        for (i, f) in corners.x().zip(f.row_mut(j)) {
            *f = if i == 0 || j == 0 || i == mx - 1 || j == my - 1 {
                two * (x + y) * u[(i, j)]
            } else {
                let v = u[(i, j)];
                let xx = (two * v - u[(i - 1, j)] - u[(i + 1, j)]) * x;
                let yy = (two * v - u[(i, j - 1)] - u[(i, j + 1)]) * y;
                xx + yy - scale * v.exp()
            };
        }
    }
    Ok(())
}

fn jacobian(grid: &DmdaRef, u: &GridRead<'_>, rows: &mut StencilAssembler<'_>) -> Result<()> {
    let ([mx, my], x, y, scale) = weights(grid)?;
    let centre = Scalar::from_real(2.0) * (x + y);
    let corners = grid.corners()?;
    for j in corners.y() {
        for i in corners.x() {
            if i == 0 || j == 0 || i == mx - 1 || j == my - 1 {
                rows.set((i, j), (i, j), centre)?;
            } else {
                rows.row(
                    (i, j),
                    [
                        ((i, j - 1), -y),
                        ((i - 1, j), -x),
                        ((i, j), centre - scale * u[(i, j)].exp()),
                        ((i + 1, j), -x),
                        ((i, j + 1), -y),
                    ],
                )?;
            }
        }
    }
    Ok(())
}

fn guess(grid: &DmdaRef, n: Int, u: &mut GridMut<'_>) -> Result<()> {
    let corners = grid.corners()?;
    let along = |i: Int| i.min(n - 1 - i) as Real / (n - 1) as Real;
    for j in corners.y() {
        for i in corners.x() {
            let height = along(i).min(along(j)).sqrt();
            u[(i, j)] = Scalar::from_real(LAMBDA / (LAMBDA + 1.0) * height);
        }
    }
    Ok(())
}
