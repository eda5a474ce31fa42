//! Port of PETSc's `src/ts/tutorials/ex40.c`: a bouncing ball with events. By default, the
//! integration is then repeated with the same time steps.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::ts::{
    Crossing, Event, ExactFinalTime, Happened, ProblemType, StepLimits, TrajectoryType,
};
use petsc_rs::{ErrorCode, Ts, TsType, VectorRef};

use crate::snes::ex1::assemble;

/// Runs the port.
///
/// # Errors
/// Errors of the integration; more than one rank.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    if world.size() != 1 {
        let text = "only for sequential runs";
        return Err(Error::new(ErrorCode::WRONG_MPI_SIZE, text));
    }
    let most = options.int("-maxbounces")?.unwrap_or(10);
    let again = options.bool("-test_adapthistory")?.unwrap_or(true);
    let explicit = options.bool("-rhs-form")?.unwrap_or(false);
    let r = Scalar::from_real;
    let mut ts = Ts::new(world)?;
    ts.set_type(TsType::ROSW)?;
    ts.set_problem_type(ProblemType::Nonlinear)?;
    let a = Matrix::builder(world)
        .local_size(2, 2)
        .kind(MatrixType::DENSE)
        .from_options(true)
        .build()?;
    let mut u = Vector::with_local_len(world, 2)?;
    let f = u.duplicate()?;
    if explicit {
        ts.set_rhs_function(&f, move |_, _, u, f| {
            let (u, mut f) = (u.array()?, f.array_mut()?);
            (f[0], f[1]) = (u[1], r(-9.8));
            Ok(())
        })?;
        ts.set_rhs_jacobian(&a, &a, move |_, _, _, a, b| {
            let values = [r(0.0), r(1.0), r(0.0), r(0.0)];
            b.set_values(&[0, 1], &[0, 1], &values, InsertMode::Insert)?;
            assemble(a, b)
        })?;
    } else {
        ts.set_i_function(&f, move |_, _, u, v, f| {
            let (u, v, mut f) = (u.array()?, v.array()?, f.array_mut()?);
            (f[0], f[1]) = (v[0] - u[1], v[1] + r(9.8));
            Ok(())
        })?;
        ts.set_i_jacobian(&a, &a, move |_, state, a, b| {
            let values = [r(state.shift), r(-1.0), r(0.0), r(state.shift)];
            b.set_values(&[0, 1], &[0, 1], &values, InsertMode::Insert)?;
            assemble(a, b)
        })?;
    }
    let throw = |u: &mut Vector| -> Result<()> {
        let mut u = u.array_mut()?;
        (u[0], u[1]) = (r(0.0), r(20.0));
        Ok(())
    };
    throw(&mut u)?;
    ts.set_solution(&mut u)?;
    if again {
        ts.save_trajectory(TrajectoryType::BASIC)?;
    }
    ts.set_max_time(30.0)?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    ts.set_time_step(0.1)?;
    ts.adapt()?.set_step_limits(StepLimits { min: 0.0, max: 0.5 })?;
    let bounces = Rc::new(Cell::new(0));
    let comm = world.duplicate()?;
    if petsc.version()? >= (3, 26, 0) {
        count_after_the_event(&mut ts, most, &bounces, comm)?;
    } else {
        count_by_an_event(&mut ts, most, &bounces, comm)?;
    }
    ts.set_from_options()?;
    let first = ts.solve(&mut u);
    if !again {
        // The C program does not check the converged reason, and in one of its tests a step fails.
        return match first {
            Err(error) if error.code() == ErrorCode::NOT_CONVERGED => Ok(()),
            other => other.map(|_| ()),
        };
    }
    let _ = first?;
    bounces.set(0);
    let end = ts.time()?;
    ts.set_max_time(end)?;
    // This precedes the reset of the step number, because the history has the steps up to this
    // number.
    ts.restart_step()?;
    ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    ts.set_from_options()?;
    let (start, step) = ts.repeat_trajectory()?;
    ts.set_step_number(0)?;
    ts.set_time(start)?;
    ts.set_time_step(step)?;
    ts.reset_trajectory()?;
    throw(&mut u)?;
    let _ = ts.solve(&mut u)?;
    Ok(())
}

/// Returns the height above the ground.
fn height(u: &VectorRef) -> Result<Real> {
    Ok(u.array()?[0].real())
}

/// Prints the time of a bounce, and reverses and reduces the velocity.
fn bounce(comm: &Comm, happened: &Happened<'_>, u: &mut VectorRef) -> Result<()> {
    let t = happened.time;
    comm.print(format_args!("Ball hit the ground at t = {t:5.2} seconds\n"))?;
    let mut u = u.array_mut()?;
    (u[0], u[1]) = (Scalar::from_real(0.0), Scalar::from_real(-0.9) * u[1]);
    Ok(())
}

/// Counts bounces; a second event ends the integration after enough of them.
fn count_by_an_event(ts: &mut Ts, most: Int, bounces: &Rc<Cell<Int>>, comm: Comm) -> Result<()> {
    let (counted, counting) = (Rc::clone(bounces), Rc::clone(bounces));
    let falling = |terminate| Event { crossing: Crossing::Falling, terminate };
    ts.set_events(
        &[falling(false), falling(true)],
        move |_, _, u, values| {
            values[0] = height(u)?;
            values[1] = (most - counted.get()) as Real;
            Ok(())
        },
        move |_, happened, u| {
            if happened.events[0] == 0 {
                bounce(&comm, happened, u)?;
            } else {
                comm.print(format_args!("Ball bounced {} times\n", counting.get()))?;
            }
            counting.set(counting.get() + 1);
            Ok(())
        },
    )
}

/// As in the C program since 3.26, the hook after the event ends the integration.
fn count_after_the_event(
    ts: &mut Ts,
    most: Int,
    bounces: &Rc<Cell<Int>>,
    comm: Comm,
) -> Result<()> {
    let counting = Rc::clone(bounces);
    let ground = Event { crossing: Crossing::Falling, terminate: false };
    ts.set_events(
        &[ground],
        |_, _, u, values| {
            values[0] = height(u)?;
            Ok(())
        },
        move |ts, happened, u| {
            bounce(&comm, happened, u)?;
            counting.set(counting.get() + 1);
            if counting.get() < most {
                return Ok(());
            }
            comm.print(format_args!("Ball bounced {} times\n", counting.get()))?;
            ts.stop()
        },
    )
}
