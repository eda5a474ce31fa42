//! Port of PETSc's `src/ts/tutorials/ex6.c`: the heat equation on one rank with a monitor that
//! reduces the step; without figures and debugging output.

use petsc_rs::prelude::*;
use petsc_rs::ts::ProblemType;
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
        if dt < limit { ts.set_time_step(dt * 0.999) } else { Ok(()) }
    })?;
    let changes = options.has("-time_dependent_rhs")?;
    rod::set_equation(&mut ts, own, m, changes)?;
    ts.set_solution(&mut u)?;
    rod::set_times(&mut ts, m, 100.0)?;
    rod::exact(&mut u, m, 0.0)?;
    let end = ts.solve(&mut u)?;
    let (two, max) = errors.averages(end.steps);
    own.print(format_args!("avg. error (2 norm) = {two:e}, avg. error (max norm) = {max:e}\n"))?;
    ts.view(&*Viewer::stdout(own)?)
}
