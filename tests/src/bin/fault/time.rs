//! Failing closures of `Ts`.

use petsc_rs::prelude::*;
use petsc_rs::ts::{Event, ExactFinalTime, SecondOrderCost, TrajectoryType};
use petsc_rs::{Comm, IndexSet, MatrixRef, Ts, TsType, VectorRef};

use crate::Fault;

/// Decay of each entry, `u' = -u`, with a failure in the closure `kind`.
pub(crate) fn run(petsc: &Petsc, kind: &str, mut fault: Fault) -> Result<()> {
    let world = petsc.world();
    let r = Scalar::from_real;
    let j = Matrix::builder(world).global_size(9, 9).preallocate(1, 0).build()?;
    let (mut u, mut v) = j.vectors()?;
    u.set(r(1.0))?;
    let g = u.duplicate()?;
    let mut ts = Ts::new(world)?;
    ts.set_type(match kind {
        "rhs-jacobian" | "i-function" | "i-jacobian" => TsType::BEULER,
        "i2-function" | "i2-jacobian" => TsType::ALPHA2,
        "i-jacobian-p" | "hessian-product" | "i-hessian-product" => TsType::CN,
        "pseudo-step" | "pseudo-verify" => TsType::PSEUDO,
        "part" => TsType::MPRK,
        _ => TsType::RK,
    })?;
    ts.set_time_step(0.01)?;
    ts.set_max_steps(20)?;
    ts.set_max_time(1.0)?;
    ts.set_exact_final_time(ExactFinalTime::MatchStep)?;

    let mut at = |name: &str| match kind == name {
        true => std::mem::replace(&mut fault, Fault::none()),
        false => Fault::none(),
    };
    let (mut rhs, mut rhs_jacobian) = (at("rhs"), at("rhs-jacobian"));
    let (mut i, mut i_jacobian) = (at("i-function"), at("i-jacobian"));
    let (mut i2, mut i2_jacobian) = (at("i2-function"), at("i2-jacobian"));
    let fill = move |a: &mut MatrixRef, value: Real| {
        for k in a.ownership_range()? {
            a.set_value(k, k, r(value), InsertMode::Insert)?;
        }
        a.assemble()
    };
    if kind.starts_with("i-") {
        ts.set_i_function(&g, move |_, _, u, v, y| {
            i.strike()?;
            y.copy_from(v)?;
            y.axpy(r(1.0), u)
        })?;
        ts.set_i_jacobian(&j, &j, move |_, state, _, p| {
            i_jacobian.strike()?;
            fill(p, state.shift + 1.0)
        })?;
    } else if kind.starts_with("i2-") {
        ts.set_i2_function(&g, move |_, state, y| {
            i2.strike()?;
            y.copy_from(state.a)?;
            y.axpy(r(1.0), state.u)
        })?;
        ts.set_i2_jacobian(&j, &j, move |_, state, _, p| {
            i2_jacobian.strike()?;
            fill(p, state.shift_a + 1.0)
        })?;
        let end = ts.solve_second_order(&mut u, &mut v)?;
        return petsc.print(format_args!("{end}\n"));
    } else {
        ts.set_rhs_function(&g, move |_, _, u, g| {
            rhs.strike()?;
            g.copy_from(u)?;
            g.scale(r(-1.0))
        })?;
        ts.set_rhs_jacobian(&j, &j, move |_, _, _, _, p| {
            rhs_jacobian.strike()?;
            fill(p, -1.0)
        })?;
    }
    match kind {
        "hessian-product" | "i-hessian-product" => {
            let mut product = at(kind);
            if kind == "hessian-product" {
                ts.set_rhs_hessian_product(move |_, _, _| product.strike())?;
            } else {
                ts.set_i_hessian_product(move |_, _, _| product.strike())?;
            }
            return bent(petsc, &mut ts, &mut u);
        }
        "pseudo-step" | "pseudo-verify" => {
            let (mut step, mut verify) = (at("pseudo-step"), at("pseudo-verify"));
            ts.set_pseudo_time_step(move |_, proposed| step.strike().map(|()| proposed))?;
            ts.set_pseudo_verify_time_step(move |_, _, _| verify.strike().map(|()| true))?;
        }
        "part" => parts(world, &mut ts, &u, at("part"))?,
        "scoped-post-step" => {
            let mut scoped = at("scoped-post-step");
            ts.scope(|s| {
                s.set_post_step(|_| scoped.strike())?;
                s.solve(&mut u).map(|_| ())
            })?;
        }
        _ => {}
    }
    let (mut monitor, mut pre_step, mut post_step) =
        (at("monitor"), at("pre-step"), at("post-step"));
    let (mut evaluate, mut domain) = (at("post-evaluate"), at("domain"));
    let (mut pre_stage, mut post_stage) = (at("pre-stage"), at("post-stage"));
    let (mut indicator, mut after) = (at("indicator"), at("after-event"));
    let (mut solution, mut back) = (at("solution"), at("adjoint-monitor"));
    let mut by_parameters = at("rhs-jacobian-p");
    ts.add_monitor(move |_, _, _, _| monitor.strike())?;
    ts.set_pre_step(move |_| pre_step.strike())?;
    ts.set_post_step(move |_| post_step.strike())?;
    ts.set_post_evaluate(move |_| evaluate.strike())?;
    ts.set_pre_stage(move |_, _| pre_stage.strike())?;
    ts.set_post_stage(move |_, _, _, _| post_stage.strike())?;
    ts.set_domain(move |_, _, _| domain.strike().map(|()| true))?;
    if kind == "indicator" || kind == "after-event" {
        // Two events are needed, because a fault strikes at the second call of a closure.
        ts.set_events(
            &[Event::default(), Event::default()],
            move |_, t, _, values| {
                values.copy_from_slice(&[t - 0.035, t - 0.075]);
                indicator.strike()
            },
            move |_, _, _| after.strike(),
        )?;
    }
    ts.set_solution_function(move |_, t, u| {
        solution.strike()?;
        u.set(r((-t).exp()))
    })?;
    ts.compute_solution_function(0.0, &mut v)?;
    ts.compute_solution_function(0.1, &mut v)?;
    let adjoint = ["adjoint-monitor", "rhs-jacobian-p", "i-jacobian-p"].contains(&kind);
    let by_p = Matrix::builder(world).global_size(9, 1).build()?;
    if adjoint {
        let by_u = move |u: &VectorRef, a: &mut MatrixRef| {
            for (k, u) in a.ownership_range()?.zip(u.array()?.iter()) {
                a.set_value(k, 0, -*u, InsertMode::Insert)?;
            }
            a.assemble()
        };
        if kind == "i-jacobian-p" {
            let mut implicit = at("i-jacobian-p");
            ts.set_i_jacobian_p(&by_p, move |_, state, a| {
                implicit.strike()?;
                by_u(state.u, a)
            })?;
        } else {
            ts.set_rhs_jacobian_p(&by_p, move |_, _, u, a| {
                by_parameters.strike()?;
                by_u(u, a)
            })?;
        }
        ts.add_adjoint_monitor(move |_, _, _, _, _, _| back.strike())?;
        ts.save_trajectory(TrajectoryType::MEMORY)?;
    }
    let known = [
        "rhs",
        "rhs-jacobian",
        "i-function",
        "i-jacobian",
        "monitor",
        "pre-step",
        "post-step",
        "post-evaluate",
        "domain",
        "pre-stage",
        "post-stage",
        "indicator",
        "after-event",
        "solution",
        "adjoint-monitor",
        "rhs-jacobian-p",
        "i-jacobian-p",
        "pseudo-step",
        "pseudo-verify",
        "part",
        "scoped-post-step",
        "hessian-product",
        "i-hessian-product",
        "nothing",
    ];
    if !known.contains(&kind) {
        return Err(Error::user(format!("unknown kind time-{kind}")));
    }
    let end = ts.solve(&mut u)?;
    if adjoint {
        let (mut mu, _) = by_p.vectors()?;
        ts.adjoint_solve(&mut [&mut v], &mut [&mut mu])?;
    }
    petsc.print(format_args!("{end}\n"))
}

/// Second derivatives of the sum of the final state.
fn bent(petsc: &Petsc, ts: &mut Ts, u: &mut VectorRef) -> Result<()> {
    let (mut direction, mut lambda2) = (u.duplicate()?, u.duplicate()?);
    direction.set(Scalar::from_real(1.0))?;
    let mut lambda = direction.duplicate()?;
    lambda.copy_from(&direction)?;
    ts.save_trajectory(TrajectoryType::MEMORY)?;
    let tangent = ts.solve_tangent(u, &direction, None)?;
    let end = tangent.finished()?;
    let cost = SecondOrderCost { lambda: &mut lambda, lambda2: &mut lambda2, mu: None };
    tangent.adjoint_solve(&mut [cost])?;
    petsc.print(format_args!("{end}\n"))
}

/// Every second entry belongs to the fast split.
fn parts(world: &Comm, ts: &mut Ts, u: &VectorRef, mut fault: Fault) -> Result<()> {
    let own = u.ownership_range()?;
    for (name, odd) in [("slow", 0), ("fast", 1)] {
        let indices: Vec<Int> = own.clone().filter(|i| i % 2 == odd).collect();
        ts.add_rhs_split(name, &*IndexSet::general(world, &indices)?)?;
    }
    ts.set_use_split_rhs(true)?;
    ts.set_split_rhs_function("slow", |_, _, _, g| g.set(Scalar::from_real(-1.0)))?;
    ts.set_split_rhs_function("fast", move |_, _, _, g| {
        fault.strike()?;
        g.set(Scalar::from_real(-1.0))
    })
}
