//! Port of PETSc's `src/ts/tutorials/ex13.c`: the heat equation on a square, with closures over
//! grid points.

use petsc_rs::dm::{GridMut, GridRead};
use petsc_rs::prelude::*;
use petsc_rs::ts::ExactFinalTime;
use petsc_rs::{DmdaRef, Ts, TsType};

use crate::models::square::{self, Square};

/// Runs the port.
///
/// # Errors
/// Errors of the integration.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let mut grid = Dmda::builder(world).sizes([8, 8]).from_options().build()?;
    let mut u = grid.create_global_vector()?;
    let mut ts = Ts::new(world)?;
    ts.set_dm(&grid)?;
    ts.set_type(TsType::BEULER)?;
    ts.set_rhs_function_local(
        |grid: &DmdaRef, _: Real, u: &GridRead<'_, Scalar>, f: &mut GridMut<'_, Scalar>| {
            let square = Square::of(grid)?;
            let (sx, sy) = square.weights();
            let (sx, sy, two) =
                (Scalar::from_real(sx), Scalar::from_real(sy), Scalar::from_real(2.0));
            for (i, j) in grid.corners()?.points() {
                let c = u[(i, j)];
                f[(i, j)] = if square.edge((i, j)) {
                    c
                } else {
                    (u[(i - 1, j)] + u[(i + 1, j)] - two * c) * sx
                        + (u[(i, j - 1)] + u[(i, j + 1)] - two * c) * sy
                };
            }
            Ok(())
        },
    )?;
    grid.set_mat_type(MatrixType::AIJ)?;
    let jacobian = grid.create_matrix()?;
    ts.set_rhs_jacobian(&jacobian, &jacobian, |ts, _, _, a, p| {
        let grid = ts.dm()?.into_dmda()?;
        let square = Square::of(&grid)?;
        let (sx, sy) = square.weights();
        let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
        for (i, j) in grid.corners()?.points() {
            if square.edge((i, j)) {
                rows.set((i, j), (i, j), Scalar::from_real(1.0))?;
                continue;
            }
            let entries = [
                ((i - 1, j), sx),
                ((i + 1, j), sx),
                ((i, j - 1), sy),
                ((i, j + 1), sy),
                ((i, j), -2.0 * sx - 2.0 * sy),
            ];
            rows.row((i, j), entries.map(|(at, value)| (at, Scalar::from_real(value))))?;
        }
        rows.finish()?;
        if a.same_object(p) { Ok(()) } else { a.assemble() }
    })?;
    ts.set_max_time(1.0)?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    square::hill(&grid, &mut u)?;
    ts.set_time_step(0.01)?;
    ts.set_from_options()?;
    let _ = ts.solve(&mut u)?;
    Ok(())
}
