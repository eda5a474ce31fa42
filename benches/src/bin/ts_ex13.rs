//! Rust version of `c/ts_ex13.c`: the heat equation on n by n points as in PETSc's tutorial
//! ts/ex13, with twenty backward Euler steps. Right-hand side and Jacobian are computed by grid
//! point.
//!
//! Run: `ts_ex13 <n>`

use petsc_benches::{Calls, check, count};
use petsc_rs::dm::{GridMut, GridRead};
use petsc_rs::prelude::*;
use petsc_rs::ts::ExactFinalTime;
use petsc_rs::{DmdaRef, MatrixRef, Ts, TsType};

fn main() -> std::process::ExitCode {
    petsc_rs::run(|petsc| {
        let n = count(64);
        let calls = Calls::begin(petsc)?;
        let grid = Dmda::builder(petsc.world()).sizes([n, n]).from_options().build()?;
        let mut x = grid.create_global_vector()?;
        let a = grid.create_matrix()?;
        let mut ts = Ts::new(petsc.world())?;
        ts.set_dm(&grid)?;
        ts.set_type(TsType::BEULER)?;
        ts.set_rhs_function_local(function)?;
        ts.set_rhs_jacobian(&a, &a, |ts, _, _, _, p| jacobian(ts.dm()?.as_dmda()?, p))?;
        ts.set_time_step(1e-4)?;
        ts.set_max_steps(20)?;
        ts.set_max_time(1.0)?;
        ts.set_exact_final_time(ExactFinalTime::StepOver)?;
        ts.set_from_options()?;
        start(&grid, n, &mut grid.array_mut(&mut x)?)?;
        let _ = ts.solve(&mut x)?;
        let (steps, top) = (ts.step_number()?, x.norm(Norm::Infinity)?);
        calls.print(petsc, &["TSFunctionEval", "TSJacobianEval"])?;
        check(steps == 20 && top > 0.3 && top < 0.99)
    })
}

/// The numbers of points, and the inverse squares of the distances.
fn weights(grid: &DmdaRef) -> Result<([Int; 2], Scalar, Scalar)> {
    let [nx, ny, _] = grid.info()?.sizes;
    let square = |n: usize| Scalar::from_real(((n - 1) * (n - 1)) as Real);
    let sizes = [Int::try_from(nx)?, Int::try_from(ny)?];
    Ok((sizes, square(nx), square(ny)))
}

fn function(grid: &DmdaRef, _: Real, u: &GridRead<'_>, g: &mut GridMut<'_>) -> Result<()> {
    let ([mx, my], x, y) = weights(grid)?;
    let (zero, two) = (Scalar::from_real(0.0), Scalar::from_real(2.0));
    let corners = grid.corners()?;
    for j in corners.y() {
        for i in corners.x() {
            g[(i, j)] = if i == 0 || j == 0 || i == mx - 1 || j == my - 1 {
                zero
            } else {
                let v = u[(i, j)];
                (u[(i - 1, j)] - two * v + u[(i + 1, j)]) * x
                    + (u[(i, j - 1)] - two * v + u[(i, j + 1)]) * y
            };
        }
    }
    Ok(())
}

fn jacobian(grid: &DmdaRef, p: &mut MatrixRef) -> Result<()> {
    let ([mx, my], x, y) = weights(grid)?;
    let centre = Scalar::from_real(-2.0) * (x + y);
    let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
    let corners = grid.corners()?;
    for j in corners.y() {
        for i in corners.x() {
            if i == 0 || j == 0 || i == mx - 1 || j == my - 1 {
                rows.set((i, j), (i, j), 0.0)?;
            } else {
                rows.row(
                    (i, j),
                    [
                        ((i, j - 1), y),
                        ((i - 1, j), x),
                        ((i, j), centre),
                        ((i + 1, j), x),
                        ((i, j + 1), y),
                    ],
                )?;
            }
        }
    }
    rows.finish()
}

fn start(grid: &DmdaRef, n: usize, u: &mut GridMut<'_>) -> Result<()> {
    let corners = grid.corners()?;
    let along = |i: Int| i as Real / (n - 1) as Real - 0.5;
    for j in corners.y() {
        for i in corners.x() {
            let (a, b) = (along(i), along(j));
            let r = (a * a + b * b).sqrt();
            let warm = if r < 0.125 { (-30.0 * r * r * r).exp() } else { 0.0 };
            u[(i, j)] = Scalar::from_real(warm);
        }
    }
    Ok(())
}
