//! Port of PETSc's `src/ts/tutorials/ex15.c`: the heat equation with algebraic equations on the
//! boundary, as an implicit function, with an analytic or a finite-difference Jacobian.

use petsc_rs::dm::{GridMut, GridRead, StencilAssembler, StencilType};
use petsc_rs::prelude::*;
use petsc_rs::ts::{ExactFinalTime, ProblemType};
use petsc_rs::{DmdaRef, ErrorCode, Ts, TsType};

use crate::models::square::{self, Square};

/// Returns the interior neighbor of a boundary point with zero flux.
fn inside(square: Square, (i, j): (Int, Int)) -> (Int, Int) {
    let step = |k: Int, m: Int| {
        if k == 0 {
            1
        } else if k == m - 1 {
            m - 2
        } else {
            k
        }
    };
    (step(i, square.mx), step(j, square.my))
}

type In<'a> = GridRead<'a, Scalar>;

/// Computes `F(u, u')` at the points of this rank.
fn function(
    grid: &DmdaRef,
    (fixed, nine): (bool, bool),
    (u, v): (&In<'_>, &In<'_>),
    f: &mut GridMut<'_, Scalar>,
) -> Result<()> {
    let square = Square::of(grid)?;
    let (sx, sy) = square.weights();
    let r = Scalar::from_real;
    for (i, j) in grid.corners()?.points() {
        let c = u[(i, j)];
        if square.edge((i, j)) {
            f[(i, j)] = if fixed { c } else { c - u[inside(square, (i, j))] };
            continue;
        }
        let mut uxx = u[(i - 1, j)] + u[(i + 1, j)] - r(2.0) * c;
        let mut uyy = u[(i, j - 1)] + u[(i, j + 1)] - r(2.0) * c;
        if nine {
            let corners =
                u[(i - 1, j - 1)] + u[(i + 1, j - 1)] + u[(i - 1, j + 1)] + u[(i + 1, j + 1)];
            let diagonal = (r(0.5) * corners - r(2.0) * c) / r(6.0);
            uxx = r(2.0 / 3.0) * uxx + diagonal;
            uyy = r(2.0 / 3.0) * uyy + diagonal;
        }
        f[(i, j)] = v[(i, j)] - (uxx * r(sx) + uyy * r(sy));
    }
    Ok(())
}

/// Computes the rows of `∂F/∂u + shift ∂F/∂u'` of this rank.
fn jacobian(
    grid: &DmdaRef,
    fixed: bool,
    shift: Real,
    rows: &mut StencilAssembler<'_>,
) -> Result<()> {
    let square = Square::of(grid)?;
    let (sx, sy) = square.weights();
    let r = Scalar::from_real;
    for (i, j) in grid.corners()?.points() {
        if square.edge((i, j)) {
            rows.set((i, j), (i, j), r(1.0))?;
            // At a corner, the C program couples along x only, so its Jacobian differs from the
            // derivative of its function there.
            let (a, b) = inside(square, (i, j));
            let beside = if a == i { (i, b) } else { (a, j) };
            if !fixed {
                rows.set((i, j), beside, r(-1.0))?;
            }
            continue;
        }
        let entries = [
            ((i, j - 1), -sy),
            ((i - 1, j), -sx),
            ((i, j), 2.0 * (sx + sy) + shift),
            ((i + 1, j), -sx),
            ((i, j + 1), -sy),
        ];
        rows.row((i, j), entries.map(|(at, value)| (at, r(value))))?;
    }
    Ok(())
}

/// Runs the port.
///
/// # Errors
/// Errors of the integration; `SUP` for an unknown stencil or kind of Jacobian.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let points = options.int("-nstencilpts")?.unwrap_or(5);
    let fixed = options.int("-boundary")?.unwrap_or(0) == 0;
    let stencil = match points {
        5 => StencilType::Star,
        9 => StencilType::Box,
        _ => {
            return Err(Error::new(
                ErrorCode::SUP,
                format!("nstencilpts {points} is not supported"),
            ));
        }
    };
    let grid = Dmda::builder(world).sizes([11, 11]).stencil(stencil, 1).from_options();
    let mut grid = grid.build()?;
    let mut u = grid.create_global_vector()?;
    let mut ts = Ts::new(world)?;
    ts.set_problem_type(ProblemType::Nonlinear)?;
    ts.set_type(TsType::BEULER)?;
    ts.set_dm(&grid)?;
    ts.set_i_function_local(
        move |grid: &DmdaRef, _: Real, u: &In<'_>, v: &In<'_>, f: &mut GridMut<'_, Scalar>| {
            function(grid, (fixed, points == 9), (u, v), f)
        },
    )?;
    ts.set_max_time(1.0)?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    square::hill(&grid, &mut u)?;
    ts.set_solution(&mut u)?;
    ts.set_time_step(0.01)?;
    grid.set_mat_type(MatrixType::AIJ)?;
    match options.int("-Jtype")?.unwrap_or(0) {
        0 if points == 5 => ts.set_i_jacobian_local(
            move |grid: &DmdaRef,
                  _: Real,
                  _: &In<'_>,
                  _: &In<'_>,
                  shift: Real,
                  rows: &mut StencilAssembler<'_>| jacobian(grid, fixed, shift, rows),
        )?,
        // Finite differences approximate the preconditioning matrix, by columns or with a coloring;
        // products with the Jacobian are matrix-free.
        1 => options.insert_str("-snes_fd -snes_mf_operator")?,
        2 => options.insert_str("-snes_fd_color -snes_mf_operator")?,
        _ => return Err(Error::new(ErrorCode::SUP, "Jtype is not supported")),
    }
    ts.set_from_options()?;
    let _ = ts.solve(&mut u)?;
    Ok(())
}
