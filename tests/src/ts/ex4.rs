//! Port of PETSc's `src/ts/tutorials/ex4.c`: the heat equation of ex3 in parallel; without figures
//! and debugging output.

use petsc_rs::Ts;
use petsc_rs::prelude::*;
use petsc_rs::ts::ProblemType;

use crate::models::rod::{self, Errors};

/// Runs the port.
///
/// # Errors
/// Errors of the integration.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let m = options.int("-m")?.unwrap_or(60);
    petsc.print(format_args!(
        "Solving a linear TS problem, number of processors = {}\n",
        world.size()
    ))?;
    let grid = Dmda::builder(world).sizes([usize::try_from(m)?]).from_options().build()?;
    let mut u = grid.create_global_vector()?;
    let mut ts = Ts::new(world)?;
    let nonlinear = options.bool("-nonlinear")?.unwrap_or(false);
    ts.set_problem_type(if nonlinear { ProblemType::Nonlinear } else { ProblemType::Linear })?;
    let errors = Errors::default();
    let (mut work, sums, comm) = (u.duplicate()?, errors.clone(), world.duplicate()?);
    ts.add_monitor(move |_, step, t, u| {
        let (two, max) = rod::error_norms(&mut work, u, m, t)?;
        let (two, max) = (if two < 1e-14 { 0.0 } else { two }, if max < 1e-14 { 0.0 } else { max });
        comm.print(format_args!(
            "Timestep {step}: time = {t:e} 2-norm error = {two:e} max norm error = {max:e}\n"
        ))?;
        sums.add(two, max);
        Ok(())
    })?;
    let changes = options.bool("-time_dependent_rhs")?.unwrap_or(false);
    rod::set_equation(&mut ts, world, m, changes)?;
    ts.set_solution(&mut u)?;
    rod::set_times(&mut ts, m, 1.0)?;
    rod::exact(&mut u, m, 0.0)?;
    let end = ts.solve(&mut u)?;
    petsc.print(format_args!("Total timesteps {}, Final time {:e}\n", end.steps, end.time))?;
    let (two, max) = errors.averages(end.steps);
    petsc.print(format_args!("Avg. error (2 norm) = {two:e} Avg. error (max norm) = {max:e}\n"))
}
