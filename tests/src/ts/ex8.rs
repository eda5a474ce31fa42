//! Port of PETSc's `src/ts/tutorials/ex8.c`: stiff benchmark problems as implicit functions: Robertson, Curtiss and
//! Hirschfelder, Oregonator.

use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::ts::{ExactFinalTime, ProblemType};
use petsc_rs::{ErrorCode, Ts, TsType};

/// `F(t, x, x')`, its Jacobian by rows, and the solution, which is known at time 0 only for most
/// problems.
struct Problem {
    end: Real,
    n: usize,
    function: fn(Real, Real, &[Scalar], &[Scalar]) -> Vec<Scalar>,
    jacobian: fn(Real, Real, &[Scalar]) -> Vec<Scalar>,
    solution: fn(Real, Real) -> Option<Vec<Real>>,
    lambda: Real,
}

fn r(x: Real) -> Scalar {
    Scalar::from_real(x)
}

fn robertson() -> Problem {
    Problem {
        end: 1e11,
        n: 3,
        lambda: 0.0,
        function: |_, _, x, v| {
            let (slow, fast, third) = (r(0.04) * x[0], r(1e4) * x[1] * x[2], r(3e7) * x[1] * x[1]);
            vec![v[0] + slow - fast, v[1] - slow + fast + third, v[2] - third]
        },
        jacobian: |_, a, x| {
            let third = r(3e7 * 2.0) * x[1];
            vec![
                r(a + 0.04),
                r(-1e4) * x[2],
                r(-1e4) * x[1],
                r(-0.04),
                r(a) + r(1e4) * x[2] + third,
                r(1e4) * x[1],
                r(0.0),
                -third,
                r(a),
            ]
        },
        solution: |_, t| (t == 0.0).then(|| vec![1.0, 0.0, 0.0]),
    }
}

fn curtiss(lambda: Real) -> Problem {
    Problem {
        end: 10.0,
        n: 1,
        lambda,
        function: |l, t, x, v| vec![v[0] + r(l) * (x[0] - r(t.cos()))],
        jacobian: |l, a, _| vec![r(a + l)],
        solution: |l, t| {
            let scale = l / (l * l + 1.0);
            Some(vec![scale * (l * t.cos() + t.sin()) - l * scale * (-l * t).exp()])
        },
    }
}

fn oregonator() -> Problem {
    Problem {
        end: 360.0,
        n: 3,
        lambda: 0.0,
        function: |_, _, x, v| {
            vec![
                v[0] - r(77.27) * (x[1] + x[0] * (r(1.0) - r(8.375e-6) * x[0] - x[1])),
                v[1] - r(1.0 / 77.27) * (x[2] - (r(1.0) + x[0]) * x[1]),
                v[2] - r(0.161) * (x[0] - x[2]),
            ]
        },
        jacobian: |_, a, x| {
            vec![
                r(a) - r(77.27) * (r(1.0) - r(2.0 * 8.375e-6) * x[0] - x[1]),
                r(-77.27) * (r(1.0) - x[0]),
                r(0.0),
                r(1.0 / 77.27) * x[1],
                r(a) + r(1.0 / 77.27) * (r(1.0) + x[0]),
                r(-1.0 / 77.27),
                r(-0.161),
                r(0.0),
                r(a + 0.161),
            ]
        },
        solution: |_, t| (t == 0.0).then(|| vec![1.0, 2.0, 3.0]),
    }
}

/// Runs the port.
///
/// # Errors
/// Errors of the integration; more than one rank; an unknown problem; a solution that is not known.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    if world.size() != 1 {
        let text = "only for sequential runs";
        return Err(Error::new(ErrorCode::WRONG_MPI_SIZE, text));
    }
    let p = Rc::new(match options.string("-problem_type")?.as_deref().unwrap_or("ce") {
        "rober" => robertson(),
        "ce" => curtiss(options.real("-problem_ce_lambda")?.unwrap_or(10.0)),
        "orego" => oregonator(),
        other => {
            let text = format!("no problem '{other}'");
            return Err(Error::new(ErrorCode::ARG_UNKNOWN_TYPE, text));
        }
    });
    let a = Matrix::builder(world).local_size(p.n, p.n).build()?;
    let (mut x, f) = a.vectors()?;
    let exact = |p: &Problem, t: Real, x: &mut Vector| -> Result<()> {
        let values = (p.solution)(p.lambda, t)
            .ok_or_else(|| Error::new(ErrorCode::SUP, "not implemented"))?;
        for (x, value) in x.array_mut()?.iter_mut().zip(values) {
            *x = r(value);
        }
        Ok(())
    };
    let mut ts = Ts::new(world)?;
    ts.set_problem_type(ProblemType::Nonlinear)?;
    ts.set_type(TsType::ROSW)?;
    let own = Rc::clone(&p);
    ts.set_i_function(&f, move |_, t, x, v, f| {
        let values = (own.function)(own.lambda, t, &x.array()?, &v.array()?);
        f.array_mut()?.copy_from_slice(&values);
        Ok(())
    })?;
    let own = Rc::clone(&p);
    ts.set_i_jacobian(&a, &a, move |_, state, a, b| {
        let values = (own.jacobian)(own.lambda, state.shift, &state.u.array()?);
        let all: Vec<Int> = (0..).take(own.n).collect();
        b.set_values(&all, &all, &values, InsertMode::Insert)?;
        b.assemble()?;
        if a.same_object(b) { Ok(()) } else { a.assemble() }
    })?;
    ts.set_max_time(p.end)?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    ts.set_max_step_rejections(Some(10))?;
    ts.set_max_snes_failures(None)?;
    if options.bool("-monitor_error")?.unwrap_or(false) {
        let (own, comm, mut error) = (Rc::clone(&p), world.duplicate()?, x.duplicate()?);
        ts.add_monitor(move |ts, step, t, x| {
            exact(&own, t, &mut error)?;
            let (length, expected) = (x.norm(Norm::Two)?, error.norm(Norm::Two)?);
            error.aypx(r(-1.0), x)?;
            let (h, difference) = (ts.time_step()?, error.norm(Norm::Two)?);
            let step = if ts.is_interpolated() {
                comm.print(format_args!("Interpolated final solution "))?;
                -1
            } else {
                Int::try_from(step)?
            };
            comm.print(format_args!(
                "step {step:4} t={t:12.8e} h={h:8.2e}  |x|={length:9.2e}  |x_e|={expected:9.2e}  \
                 |x-x_e|={difference:9.2e}\n"
            ))
        })?;
    }
    exact(&p, 0.0, &mut x)?;
    ts.set_time_step(0.001)?;
    ts.set_solution(&mut x)?;
    ts.set_from_options()?;
    let end = ts.solve(&mut x)?;
    if options.bool("-monitor_result")?.unwrap_or(false) {
        petsc.print(format_args!(
            "steps {} ({} rejected, {} SNES fails), ftime {}, nonlinits {}, linits {}\n",
            end.steps,
            ts.step_rejections()?,
            ts.snes_failures()?,
            end.time,
            ts.snes_iterations()?,
            ts.ksp_iterations()?
        ))?;
    }
    Ok(())
}
