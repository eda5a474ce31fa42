//! Port of PETSc's `src/ts/tutorials/ex6.c`: the heat equation on one rank with a monitor that
//! reduces the step; without figures and debugging output.

use petsc_rs::prelude::*;
use petsc_rs::ts::{ExactFinalTime, ProblemType};
use petsc_rs::{ErrorCode, Ts, Viewer};

use crate::models::rod::{self, Errors};

/// Runs the port.
///
/// # Errors
/// Errors of the integration; more than one rank.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (own, options) = (petsc.self_comm(), petsc.options());
    if petsc.world().size() != 1 {
        let text = "this is a uniprocessor example only";
        return Err(Error::new(ErrorCode::WRONG_MPI_SIZE, text));
    }
    let m = options.int("-m")?.unwrap_or(60);
    let h = 1.0 / (m as Real - 1.0);
    own.print(format_args!("Solving a linear TS problem on 1 processor\n"))?;
    let mut u = Vector::seq(own, usize::try_from(m)?)?;
    let mut ts = Ts::new(own)?;
    ts.set_problem_type(ProblemType::Linear)?;
    let errors = Errors::default();
    let (mut work, sums, comm) = (u.duplicate()?, errors.clone(), own.duplicate()?);
    let limit = options.real("-dttol")?.unwrap_or(0.0001);
    ts.add_monitor(move |ts, step, t, u| {
        let (two, max) = rod::error_norms(&mut work, u, m, t)?;
        let dt = ts.time_step()?;
        if two > 1e-2 {
            comm.print(format_args!(
                "Timestep {step}: step size = {dt:e}, time = {t:e}, 2-norm error = {two:e}, \
                 max norm error = {max:e}\n"
            ))?;
        }
        sums.add(two, max);
        if dt < limit {
            ts.set_time_step(dt * 0.999)
        } else {
            Ok(())
        }
    })?;
    let mut a = Matrix::builder(own).global_size(m, m).build()?;
    if options.has("-time_dependent_rhs")? {
        ts.set_rhs_linear_with(&a, &a, move |_, _, _, a, _| rod::matrix(a, m))?;
    } else {
        rod::matrix(&mut a, m)?;
        ts.set_rhs_linear(&a)?;
    }
    ts.set_time_step(h * h / 2.0)?;
    ts.set_solution(&mut u)?;
    ts.set_max_steps(100)?;
    ts.set_max_time(100.0)?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    ts.set_from_options()?;
    rod::exact(&mut u, m, 0.0)?;
    let end = ts.solve(&mut u)?;
    let (two, max) = errors.averages(end.steps);
    own.print(format_args!(
        "avg. error (2 norm) = {two:e}, avg. error (max norm) = {max:e}\n"
    ))?;
    ts.view(&*Viewer::stdout(own)?)
}
