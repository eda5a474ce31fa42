//! Port of PETSc's `src/ts/tutorials/ex7.c`: a nonlinear equation in two dimensions, with monitors of the time steps and
//! of the nonlinear solver.

use petsc_rs::prelude::*;
use petsc_rs::ts::{ExactFinalTime, ProblemType};
use petsc_rs::{DmdaRef, Ts, TsType};

use petsc_rs::dm::{GridMut, GridRead};

use crate::models::square::{self, Square};

/// Runs the port.
///
/// # Errors
/// Errors of the integration.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let grid = Dmda::builder(world).sizes([8, 8]).from_options().build()?;
    let mut x = grid.create_global_vector()?;
    let mut ts = Ts::new(world)?;
    ts.set_problem_type(ProblemType::Nonlinear)?;
    ts.set_dm(&grid)?;
    ts.set_rhs_function_local(
        |grid: &DmdaRef, _: Real, x: &GridRead<'_, Scalar>, f: &mut GridMut<'_, Scalar>| {
            let square = Square::of(grid)?;
            let (sx, sy) = square.weights();
            let (sx, sy, two) =
                (Scalar::from_real(sx), Scalar::from_real(sy), Scalar::from_real(2.0));
            for (i, j) in grid.corners()?.points() {
                let u = x[(i, j)];
                if square.edge((i, j)) {
                    f[(i, j)] = u;
                    continue;
                }
                let uxx = (two * u - x[(i - 1, j)] - x[(i + 1, j)]) * sx;
                let uyy = (two * u - x[(i, j - 1)] - x[(i, j + 1)]) * sy;
                let (dx, dy) = (x[(i + 1, j)] - x[(i - 1, j)], x[(i, j + 1)] - x[(i, j - 1)]);
                let slopes = Scalar::from_real(0.25) * (dx * dx * sx + dy * dy * sy);
                f[(i, j)] = -u * (uxx + uyy) - Scalar::from_real(3.0) * slopes;
            }
            Ok(())
        },
    )?;
    ts.set_max_time(1.0)?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    let comm = world.duplicate()?;
    ts.add_monitor(move |ts, step, t, v| {
        if ts.is_interpolated() {
            return Ok(());
        }
        let norm = v.norm(Norm::Two)?;
        comm.print(format_args!("timestep {step} time {t} norm {norm}\n"))
    })?;
    ts.set_type(TsType::BEULER)?;
    let comm = world.duplicate()?;
    ts.snes()?.add_monitor(move |_, iteration, norm| {
        comm.print(format_args!("  {iteration:3} SNES Function norm {norm:e} \n"))
    })?;
    square::hill(&grid, &mut x)?;
    ts.set_time_step(0.0001)?;
    ts.set_solution(&mut x)?;
    ts.set_from_options()?;
    let _ = ts.solve(&mut x)?;
    Ok(())
}
