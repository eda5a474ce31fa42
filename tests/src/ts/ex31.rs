//! Port of PETSc's `src/ts/tutorials/ex31.c`: test problems with a known solution, and the error
//! estimates of general linear methods. Only the problems of Hull's class A and some others are
//! ported.

use petsc_rs::prelude::*;
use petsc_rs::ts::ExactFinalTime;
use petsc_rs::{ErrorCode, Ts, TsType};

/// `y' = f(t, y)`, its derivative with respect to `y`, and the solution.
#[derive(Clone, Copy)]
struct Problem {
    function: fn(Real, Scalar) -> Scalar,
    slope: fn(Real, Scalar) -> Scalar,
    solution: fn(Real) -> Real,
}

fn r(x: Real) -> Scalar {
    Scalar::from_real(x)
}

fn problem(name: &str) -> Result<Problem> {
    Ok(match name {
        "hull1972a1" => {
            Problem { function: |_, y| -y, slope: |_, _| r(-1.0), solution: |t| (-t).exp() }
        }
        "hull1972a2" => Problem {
            function: |_, y| r(-0.5) * y * y * y,
            slope: |_, y| r(-1.5) * y * y,
            solution: |t| 1.0 / (t + 1.0).sqrt(),
        },
        "hull1972a3" => Problem {
            function: |t, y| y * r(t.cos()),
            slope: |t, _| r(t.cos()),
            solution: |t| t.sin().exp(),
        },
        "hull1972a4" => Problem {
            function: |_, y| r(0.25) * y * (r(1.0) - r(0.05) * y),
            slope: |_, y| r(0.25) * (r(1.0) - r(0.1) * y),
            solution: |t| 20.0 / (1.0 + 19.0 * (-t / 4.0).exp()),
        },
        _ => {
            let text = format!("the problem {name} is not ported");
            return Err(Error::new(ErrorCode::ARG_UNKNOWN_TYPE, text));
        }
    })
}

/// Prints the final error.
fn solve(petsc: &Petsc, p: Problem, dt: Real, end: Real) -> Result<Real> {
    let world = petsc.world();
    let mut y = Vector::with_local_len(world, 1)?;
    y.set(r(1.0))?;
    let mut ts = Ts::new(world)?;
    ts.set_type(TsType::RK)?;
    ts.set_max_steps(100_000)?;
    ts.set_max_time(end)?;
    ts.set_time_step(dt)?;
    ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    ts.set_from_options()?;
    ts.set_solution(&mut y)?;
    let f = y.duplicate()?;
    let a = Matrix::builder(world).global_size(1, 1).build()?;
    let kind = ts.type_name()?.unwrap_or_default();
    if ["euler", "rk", "ssp", "glee"].contains(&kind.as_str()) {
        ts.set_rhs_function(&f, move |_, t, y, f| {
            f.array_mut()?[0] = (p.function)(t, y.array()?[0]);
            Ok(())
        })?;
        ts.set_rhs_jacobian(&a, &a, move |_, t, y, _, b| {
            b.set_value(0, 0, (p.slope)(t, y.array()?[0]), InsertMode::Insert)?;
            b.assemble()
        })?;
    } else {
        ts.set_i_function(&f, move |_, t, y, v, f| {
            f.array_mut()?[0] = v.array()?[0] - (p.function)(t, y.array()?[0]);
            Ok(())
        })?;
        ts.set_i_jacobian(&a, &a, move |_, state, _, b| {
            let slope = (p.slope)(state.time, state.u.array()?[0]);
            b.set_value(0, 0, r(state.shift) - slope, InsertMode::Insert)?;
            b.assemble()
        })?;
    }
    let _ = ts.solve(&mut y)?;
    let reached = ts.time()?;
    let mut estimate = y.duplicate()?;
    if kind == "glee" {
        ts.time_error(&mut estimate)?;
    }
    petsc.print(format_args!("Estimated Error = {:e}.\n", estimate.norm(Norm::Two)?))?;
    if (reached - end).abs() > 2.0 * Real::EPSILON {
        petsc.print(format_args!(
            "Note: There is a difference between the prescribed final time {end} and the actual final \
             time, {reached}.\n"
        ))?;
    }
    y.shift(r(-(p.solution)(reached)))?;
    y.norm(Norm::Two)
}

/// Runs the port.
///
/// # Errors
/// Errors of the integration; more than one rank; a problem that is not ported.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    if world.size() != 1 {
        let text = "only for sequential runs";
        return Err(Error::new(ErrorCode::WRONG_MPI_SIZE, text));
    }
    let name = options.string("-problem")?.unwrap_or_else(|| "hull1972a1".to_owned());
    let p = problem(&name)?;
    let levels = options.int("-refinement_levels")?.unwrap_or(1);
    let factor = options.real("-refinement_factor")?.unwrap_or(2.0);
    let mut dt = options.real("-dt")?.unwrap_or(0.01);
    let end = options.real("-final_time")?.unwrap_or(20.0);
    let mut before: Option<Real> = None;
    for _ in 0..levels {
        if before.is_some() {
            dt /= factor;
        }
        petsc.print(format_args!(
            "Solving ODE \"{name}\" with dt {dt:.6}, final time {end:.6} and system size 1.\n"
        ))?;
        let error = solve(petsc, p, dt, end)?;
        match before {
            Some(before) => {
                let rate = (before / error).ln() / factor.ln();
                petsc.print(format_args!(
                    "Error           = {error:E},\tConvergence rate = {rate:.6}.\n"
                ))?;
            }
            None => petsc.print(format_args!("Error           = {error:E}.\n"))?,
        }
        before = Some(error);
    }
    Ok(())
}
