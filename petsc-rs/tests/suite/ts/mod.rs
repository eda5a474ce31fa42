//! Time integrators: orders of accuracy, single steps, hooks, events, adjoints.

mod adjoint;
mod events;
mod forward;
mod hooks;
mod orders;
mod pseudo;
mod scope;
mod splits;
mod state;
mod tangent;
mod time_span;

use petsc_rs::prelude::*;
use petsc_rs::ts::ExactFinalTime;
use petsc_rs::{Ts, TsType};
use petsc_test::assert_code as fails;

fn r(x: f64) -> Scalar {
    Scalar::from_real(x)
}

/// `u' = -u²` from 1, at each of five points: `u = 1/(1+t)`. Right-hand side and Jacobian are set, for steps of fixed
/// length up to 1.
fn rational(petsc: &Petsc, kind: TsType<'_>, step: f64) -> Result<(Ts, Vector)> {
    let j = Matrix::builder(petsc.world()).global_size(5, 5).preallocate(1, 0).build()?;
    let (mut u, _) = j.vectors()?;
    u.set(r(1.0))?;
    let mut ts = Ts::new(petsc.world())?;
    ts.set_type(kind)?;
    set_decay(&mut ts, &j, 1.0)?;
    up_to_one(&mut ts, step)?;
    Ok((ts, u))
}

/// `u' = -p u²` for each entry, by right-hand side and Jacobian.
fn set_decay(ts: &mut Ts, j: &Matrix, p: f64) -> Result<()> {
    let (_, g) = j.vectors()?;
    ts.set_rhs_function(&g, move |_, _, u, g| {
        let (u, mut g) = (u.array()?, g.array_mut()?);
        g.iter_mut().zip(u.iter()).for_each(|(g, u)| *g = r(-p) * *u * *u);
        Ok(())
    })?;
    ts.set_rhs_jacobian(j, j, move |_, _, u, a, _| {
        for (i, u) in a.ownership_range()?.zip(u.array()?.iter()) {
            a.set_value(i, i, r(-2.0 * p) * *u, InsertMode::Insert)?;
        }
        a.assemble()
    })
}

/// The derivative of that right-hand side by `p`.
fn set_decay_by_parameter(ts: &mut Ts, by_p: &Matrix) -> Result<()> {
    ts.set_rhs_jacobian_p(by_p, |_, _, u, a| {
        for (i, u) in a.ownership_range()?.zip(u.array()?.iter()) {
            a.set_value(i, 0, -*u * *u, InsertMode::Insert)?;
        }
        a.assemble()
    })
}

/// Steps of one length, and the last one ends at 1.
fn up_to_one(ts: &mut Ts, step: f64) -> Result<()> {
    ts.set_time_step(step)?;
    ts.set_max_time(1.0)?;
    ts.set_exact_final_time(ExactFinalTime::MatchStep)
}
