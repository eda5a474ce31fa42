//! Port of PETSc's `src/ts/tutorials/ex3.c`: the heat equation on one rank, with a constant matrix,
//! a time-dependent matrix, or an implicit function; without figures and debugging output.

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
    let as_string = options.bool("-test_string_viewer")?.unwrap_or(false);
    own.print(format_args!("Solving a linear TS problem on 1 processor\n"))?;
    let mut u = Vector::seq(own, usize::try_from(m)?)?;
    let mut ts = Ts::new(own)?;
    ts.set_problem_type(ProblemType::Linear)?;
    let errors = Errors::default();
    if !as_string {
        let (mut work, errors, comm) = (u.duplicate()?, errors.clone(), own.duplicate()?);
        let limit = options.real("-dttol")?.unwrap_or(0.0001);
        ts.add_monitor(move |ts, step, t, u| {
            let (two, max) = rod::error_norms(&mut work, u, m, t)?;
            let dt = ts.time_step()?;
            comm.print(format_args!(
                "Timestep {step:3}: step size = {dt:e}, time = {t:e}, 2-norm error = {two:e}, \
                 max norm error = {max:e}\n"
            ))?;
            errors.add(two, max);
            if dt < limit { ts.set_time_step(dt * 0.999) } else { Ok(()) }
        })?;
    }
    if options.bool("-use_ifunc")?.unwrap_or(false) {
        let mut a = Matrix::builder(own).global_size(m, m).build()?;
        rod::matrix(&mut a, m)?;
        let j = a.duplicate()?;
        let a = std::rc::Rc::new(a);
        let own = std::rc::Rc::clone(&a);
        ts.set_i_function(&*u.duplicate()?, move |_, _, u, v, y| {
            own.mult(u, y)?;
            y.aypx(Scalar::from_real(-1.0), v)
        })?;
        let mut before = None;
        ts.set_i_jacobian(&j, &j, move |_, state, j, p| {
            if before.replace(state.shift) == Some(state.shift) {
                return Ok(());
            }
            j.copy_from(&a)?;
            j.scale(Scalar::from_real(-1.0))?;
            j.shift(Scalar::from_real(state.shift))?;
            if j.same_object(p) { Ok(()) } else { p.copy_from(j) }
        })?;
    } else {
        let changes = options.bool("-time_dependent_rhs")?.unwrap_or(false);
        rod::set_equation(&mut ts, own, m, changes)?;
    }
    rod::set_times(&mut ts, m, 100.0)?;
    rod::exact(&mut u, m, 0.0)?;
    let end = ts.solve(&mut u)?;
    let (two, max) = errors.averages(end.steps);
    own.print(format_args!("avg. error (2 norm) = {two:e}, avg. error (max norm) = {max:e}\n"))?;
    if as_string {
        let text = Viewer::summary(&ts)?;
        return own.print(format_args!("Output from string viewer:{text}\n"));
    }
    ts.view(&*Viewer::stdout(own)?)
}
