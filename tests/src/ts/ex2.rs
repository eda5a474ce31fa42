//! Port of PETSc's `src/ts/tutorials/ex2.c`: `u_t = u u_xx / (2 (t+1)²)` in one dimension, with an
//! implicit method, in parallel; without figures and debugging output.

use std::rc::Rc;

use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;
use petsc_rs::ts::{ExactFinalTime, ProblemType};
use petsc_rs::{Ts, TsType};

/// Runs the port.
///
/// # Errors
/// Errors of the integration.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let m = options.int("-M")?.unwrap_or(60);
    let h = 1.0 / (m as Real - 1.0);
    let grid = Dmda::builder(world).sizes([usize::try_from(m)?]).from_options().build()?;
    let grid = Rc::new(grid);
    let mut u = grid.create_global_vector()?;
    let mut ts = Ts::new(world)?;
    ts.set_problem_type(ProblemType::Nonlinear)?;
    let r = Scalar::from_real;
    // The scheme is exact, so the boundary moves as the solution does.
    let factor = move |t: Real| 1.0 / (h * h * 2.0 * (1.0 + t) * (1.0 + t));
    let own = Rc::clone(&grid);
    ts.set_rhs_function(&*u.duplicate()?, move |_, t, u, f| {
        let local = own.ghosted(u)?;
        let (u, mut f) = (own.array(&local)?, own.array_mut(f)?);
        for i in own.corners()?.x() {
            f[i] = if i == 0 {
                r(1.0)
            } else if i == m - 1 {
                r(2.0)
            } else {
                u[i] * r(factor(t)) * (u[i + 1] + u[i - 1] - r(2.0) * u[i])
            };
        }
        Ok(())
    })?;
    if options.has("-mymonitor")? {
        let comm = world.duplicate()?;
        let own = Rc::clone(&grid);
        let mut error = u.duplicate()?;
        ts.add_monitor(move |_, step, t, u| {
            for i in own.corners()?.x() {
                let x = h * i as Real;
                own.array_mut(&mut error)?[i] = r((t + 1.0) * (1.0 + x * x));
            }
            error.axpy(r(-1.0), u)?;
            let (two, max) = (h.sqrt() * error.norm(Norm::Two)?, error.norm(Norm::Infinity)?);
            comm.print(format_args!(
                "Timestep {step}: time = {t} 2-norm error = {two:e}  max norm error = {max:e}\n"
            ))
        })?;
    }
    let a = Matrix::builder(world).global_size(m, m).build()?;
    let own = Rc::clone(&grid);
    ts.set_rhs_jacobian(&a, &a, move |_, t, u, a, b| {
        let local = own.ghosted(u)?;
        let u = own.array(&local)?;
        for i in b.ownership_range()? {
            if i == 0 || i == m - 1 {
                b.set_value(i, i, r(0.0), InsertMode::Insert)?;
                continue;
            }
            let s = r(factor(t));
            let values = [s * u[i], s * (u[i + 1] + u[i - 1] - r(4.0) * u[i]), s * u[i]];
            b.set_values(&[i], &[i - 1, i, i + 1], &values, InsertMode::Insert)?;
        }
        b.assemble()?;
        if !a.same_object(b) {
            a.assemble()?;
        }
        b.set_option(MatrixOption::NewNonzeroLocationErr, true)
    })?;
    ts.set_time_step(h / 2.0)?;
    ts.set_type(TsType::BEULER)?;
    ts.set_max_steps(100)?;
    ts.set_max_time(100.0)?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    ts.set_from_options()?;
    for i in grid.corners()?.x() {
        let x = h * i as Real;
        grid.array_mut(&mut u)?[i] = r(1.0 + x * x);
    }
    let _ = ts.solve(&mut u)?;
    Ok(())
}
