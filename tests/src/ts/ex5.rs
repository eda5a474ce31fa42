//! Port of PETSc's `src/ts/tutorials/ex5.c`: the heat equation on one rank with an initial state
//! that does not vanish at the ends; without figures and debugging output.

use std::f64::consts::PI;

use petsc_rs::prelude::*;
use petsc_rs::ts::ProblemType;
use petsc_rs::{ErrorCode, Ts, VectorRef, Viewer};

use crate::models::rod::{self, Errors};

/// Computes the waves at time `t`.
fn exact(u: &mut VectorRef, m: Int, t: Real) -> Result<()> {
    let (fast, slow) = ((-36.0 * PI * PI * t).exp(), (-4.0 * PI * PI * t).exp());
    let h = 1.0 / (m as Real - 1.0);
    for (i, value) in u.array_mut()?.iter_mut().enumerate() {
        let x = PI * h * i as Real;
        *value = Scalar::from_real((6.0 * x).cos() * fast + 3.0 * (2.0 * x).cos() * slow);
    }
    Ok(())
}

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
    ts.add_monitor(move |_, step, t, u| {
        exact(&mut work, m, t)?;
        work.axpy(Scalar::from_real(-1.0), u)?;
        let visible = |norm: Real| if norm < 1e-14 { 0.0 } else { norm };
        let two = visible(h.sqrt() * work.norm(Norm::Two)?);
        let max = visible(work.norm(Norm::Infinity)?);
        comm.print(format_args!(
            "Timestep {step}: time = {t:e}, 2-norm error = {two:e}, max norm error = {max:e}\n"
        ))?;
        sums.add(two, max);
        Ok(())
    })?;
    let changes = options.has("-time_dependent_rhs")?;
    rod::set_equation(&mut ts, own, m, changes)?;
    ts.set_solution(&mut u)?;
    rod::set_times(&mut ts, m, 100.0)?;
    exact(&mut u, m, 0.0)?;
    let end = ts.solve(&mut u)?;
    let (two, max) = errors.averages(end.steps);
    own.print(format_args!("avg. error (2 norm) = {two:e}, avg. error (max norm) = {max:e}\n"))?;
    ts.view(&*Viewer::stdout(own)?)
}
