//! Integrators.

use petsc_rs::ts::{
    ArkimexType, BasicSymplecticType, ConvergedReason, Crossing, EquationType, Event,
    ExactFinalTime, GleeType, MprkType, ProblemType, RkType, RoswType, Running, SecondOrderCost,
    SspType, StepLimits, TrajectoryType, TsAdapt, TsAdaptType,
};
use petsc_rs::{
    IndexSet, Int, Matrix, MatrixRef, Object as _, Real, Result, Scalar, ScalarExt as _, Ts, TsRef,
    TsType, Vector, VectorRef,
};

use crate::dice::Dice;
use crate::snes;
use crate::vector;
use crate::work::{self, Mischief};
use crate::world::{Lease, Operation, World, ask};

/// The operations of this class.
pub(crate) const TABLE: &[Operation] = &[
    Operation { name: "Ts create", run: |w, d| create(w, d).map(drop) },
    Operation { name: "Ts drop", run: |w, d| w.tses.discard(d) },
    Operation {
        name: "Ts::share",
        run: |w, d| {
            let t = any(w, d)?.share()?;
            w.tses.keep(t);
            Ok(())
        },
    },
    Operation { name: "Ts ask", run: |w, d| ask(&mut *any(w, d)?, d) },
    Operation { name: "Ts::set_type", run: |w, d| any(w, d)?.set_type(d.pick(TS)) },
    Operation {
        name: "Ts type after solve",
        run: |w, d| {
            let mut t = any(w, d)?;
            run(w, d, &mut t)?;
            t.set_type(d.pick(TS))?;
            run(w, d, &mut t)
        },
    },
    Operation {
        name: "Ts another size",
        run: |w, d| {
            let mut t = any(w, d)?;
            let n = w.size(d);
            if d.chance(80) {
                t.reset()?;
            }
            equip(w, d, &mut t, n)?;
            run_with(w, d, &mut t, n)
        },
    },
    Operation {
        name: "Ts::set_rhs_function",
        run: |w, d| {
            let mut t = any(w, d)?;
            let n = size(w, d, &t);
            rhs_function(w, d, &mut t, n)
        },
    },
    Operation {
        name: "Ts::set_rhs_jacobian",
        run: |w, d| {
            let mut t = any(w, d)?;
            let n = size(w, d, &t);
            rhs_jacobian(w, d, &mut t, n)
        },
    },
    Operation {
        name: "Ts implicit",
        run: |w, d| {
            let mut t = any(w, d)?;
            let n = size(w, d, &t);
            implicit(w, d, &mut t, n)
        },
    },
    Operation { name: "Ts linear", run: linear },
    Operation { name: "Ts second order", run: second_order },
    Operation { name: "Ts::set_from_options", run: from_options },
    Operation {
        name: "Ts::set_up",
        run: |w, d| {
            let mut t = any(w, d)?;
            if d.chance(80) {
                let n = size(w, d, &t);
                let mut u = work::vector(w, d, &t.comm()?, n)?;
                t.set_solution(&mut u)?;
            }
            t.set_up()
        },
    },
    Operation { name: "Ts::reset", run: |w, d| any(w, d)?.reset() },
    Operation { name: "Ts::solve", run: solve },
    Operation { name: "Ts solve again", run: solve },
    Operation { name: "Ts one step", run: step },
    Operation { name: "Ts::steps", run: steps },
    Operation { name: "Ts callbacks", run: callbacks },
    Operation { name: "Ts::set_events", run: events },
    Operation { name: "Ts::scope", run: scope },
    Operation { name: "Ts::set_dm", run: set_dm },
    Operation { name: "Ts settings", run: settings },
    Operation { name: "Ts method settings", run: method_settings },
    Operation { name: "Ts results", run: results },
    Operation { name: "Ts lent", run: lent },
    Operation { name: "Ts pseudo", run: pseudo },
    Operation { name: "Ts splits", run: splits },
    Operation { name: "Ts time span", run: time_span },
    Operation { name: "Ts trajectory", run: trajectory },
    Operation { name: "Ts adjoint", run: adjoint },
    Operation { name: "Ts quadrature", run: quadrature },
    Operation { name: "Ts sensitivities", run: sensitivities },
    Operation { name: "Ts tangent", run: tangent },
    Operation {
        name: "Ts::snes",
        run: |w, d| {
            let s = any(w, d)?.snes()?;
            w.sneses.keep(s);
            Ok(())
        },
    },
    Operation {
        name: "Ts::dm",
        run: |w, d| {
            let grid = any(w, d)?.dm()?;
            w.dms.keep(grid);
            Ok(())
        },
    },
    Operation { name: "Ts::adapt", run: |w, d| adapt(w, d).map(drop) },
    Operation { name: "Ts adapt settings", run: adapt_settings },
    Operation { name: "Ts adapt drop", run: |w, d| w.adapts.discard(d) },
];

const TS: &[TsType<'static>] = &[
    TsType::EULER,
    TsType::BEULER,
    TsType::BASICSYMPLECTIC,
    TsType::PSEUDO,
    TsType::CN,
    TsType::SUNDIALS,
    TsType::RK,
    TsType::THETA,
    TsType::ALPHA,
    TsType::ALPHA2,
    TsType::GLLE,
    TsType::GLEE,
    TsType::SSP,
    TsType::ARKIMEX,
    TsType::ROSW,
    TsType::EIMEX,
    TsType::MIMEX,
    TsType::BDF,
    TsType::RADAU5,
    TsType::MPRK,
    TsType::DISCGRAD,
    TsType::IRK,
];

/// Those that need nothing but a right-hand side and its derivative.
const USUAL: &[TsType<'static>] = &[
    TsType::EULER,
    TsType::BEULER,
    TsType::CN,
    TsType::RK,
    TsType::THETA,
    TsType::SSP,
    TsType::ARKIMEX,
    TsType::ROSW,
    TsType::BDF,
    TsType::ALPHA,
    TsType::GLEE,
];

fn minus(x: Scalar) -> Scalar {
    Scalar::from_real(-1.0) * x
}

/// An integrator of `u' = −u` for a few steps, mostly.
fn create(world: &World, dice: &mut Dice) -> Result<Lease<Ts>> {
    let comm = world.comm(dice);
    let mut t = Ts::new(&comm)?;
    match dice.below(10) {
        0..=6 => t.set_type(dice.pick(USUAL))?,
        7..=8 => t.set_type(dice.pick(TS))?,
        _ => {}
    }
    if dice.chance(20) {
        t.set_options_prefix("attacked_")?;
    }
    if dice.chance(90) {
        let n = world.size(dice);
        equip(world, dice, &mut t, n)?;
    }
    t.set_time_step(0.1)?;
    t.set_max_steps(dice.below(5) + 1)?;
    t.set_max_time(1.0)?;
    if dice.coin() {
        t.set_exact_final_time(dice.pick(&[
            ExactFinalTime::StepOver,
            ExactFinalTime::Interpolate,
            ExactFinalTime::MatchStep,
        ]))?;
    }
    Ok(world.tses.lease(t))
}

fn any(world: &World, dice: &mut Dice) -> Result<Lease<Ts>> {
    if dice.chance(15) {
        return create(world, dice);
    }
    match world.tses.find(dice, |_| true) {
        Some(t) if dice.chance(30) => Ok(world.tses.lease(t.share()?)),
        Some(t) => Ok(t),
        None => create(world, dice),
    }
}

fn equip(world: &World, dice: &mut Dice, t: &mut Ts, n: usize) -> Result<()> {
    if dice.chance(85) {
        rhs_function(world, dice, t, n)?;
        if dice.chance(85) {
            rhs_jacobian(world, dice, t, n)?;
        }
        if dice.chance(85) {
            return Ok(());
        }
    }
    implicit(world, dice, t, n)
}

/// The number of unknowns that it was equipped for, mostly.
fn size(world: &World, dice: &mut Dice, t: &Ts) -> usize {
    if dice.chance(5) {
        return world.size(dice);
    }
    let residual = || t.snes().ok()?.residual().ok()??.len().ok();
    t.solution().and_then(|u| u.len()).ok().or_else(residual).unwrap_or_else(|| world.n.get())
}

fn rhs_function(world: &World, dice: &mut Dice, t: &mut Ts, n: usize) -> Result<()> {
    let g = work::values(world, dice, &t.comm()?, n)?;
    let mischief = Mischief::new(world, dice);
    t.set_rhs_function(&g, move |_, _, u, g| {
        mischief.act()?;
        work::map(u, g, minus)
    })
}

fn rhs_jacobian(world: &World, dice: &mut Dice, t: &mut Ts, n: usize) -> Result<()> {
    let comm = t.comm()?;
    let p = work::square(world, dice, &comm, n)?;
    let mischief = Mischief::new(world, dice);
    let jacobian =
        move |_: &TsRef, _: Real, u: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef| {
            mischief.act()?;
            work::fill_diagonal(u, p, |_| Scalar::from_real(-1.0))?;
            a.assemble()
        };
    if dice.chance(85) {
        t.set_rhs_jacobian(&p, &p, jacobian)
    } else {
        let a = work::square(world, dice, &comm, n)?;
        t.set_rhs_jacobian(&a, &p, jacobian)
    }
}

/// `u' + u = 0`, or with a right-hand side beside it.
fn implicit(world: &World, dice: &mut Dice, t: &mut Ts, n: usize) -> Result<()> {
    let comm = t.comm()?;
    let y = work::values(world, dice, &comm, n)?;
    let p = work::square(world, dice, &comm, n)?;
    let (one, other) = (Mischief::new(world, dice), Mischief::new(world, dice));
    t.set_i_function(&y, move |_, _, u, v, y| {
        one.act()?;
        work::map(v, y, |v| v)?;
        let u = u.array()?;
        for (y, &u) in y.array_mut()?.iter_mut().zip(u.iter()) {
            *y += u;
        }
        Ok(())
    })?;
    if dice.chance(10) {
        return Ok(());
    }
    t.set_i_jacobian(&p, &p, move |_, state, a, p| {
        other.act()?;
        let shift = state.shift;
        work::fill_diagonal(state.u, p, |_| Scalar::from_real(1.0 + shift))?;
        a.assemble()
    })
}

fn linear(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    let n = size(world, dice, &t);
    let comm = t.comm()?;
    let mischief = Mischief::new(world, dice);
    match dice.below(4) {
        0 => {
            t.set_solution_function(move |_, time, u| {
                mischief.act()?;
                u.set(Scalar::from_real((-time).exp()))
            })?;
            let mut u = work::vector(world, dice, &comm, n)?;
            t.compute_solution_function(0.5, &mut u)
        }
        1 => {
            let a = work::square(world, dice, &comm, n)?;
            t.set_rhs_linear_with(&a, &a, move |_, _, u, _, p| {
                mischief.act()?;
                work::fill_diagonal(u, p, |_| Scalar::from_real(-1.0))
            })?;
            run_with(world, dice, &mut t, n)
        }
        _ => {
            let a = work::square(world, dice, &comm, n)?;
            t.set_rhs_linear(&a)?;
            run_with(world, dice, &mut t, n)
        }
    }
}

fn second_order(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    if dice.chance(85) {
        t.set_type(TsType::ALPHA2)?;
    }
    let n = size(world, dice, &t);
    let comm = t.comm()?;
    let y = work::values(world, dice, &comm, n)?;
    let p = work::square(world, dice, &comm, n)?;
    let mischief = Mischief::new(world, dice);
    t.set_i2_function(&y, move |_, s, y| {
        mischief.act()?;
        y.copy_from(s.a)?;
        y.axpy(Scalar::from_real(1.0), s.u)
    })?;
    t.set_i2_jacobian(&p, &p, |_, s, _, p| {
        let shift = s.shift_a;
        work::fill_diagonal(s.u, p, |_| Scalar::from_real(1.0 + shift))
    })?;
    let mut u = work::vector(world, dice, &comm, n)?;
    let mut v = work::vector(world, dice, &comm, n)?;
    match dice.below(4) {
        0 => t.set_solution2(&mut u, &mut v),
        1 => {
            let lent = t.velocity()?;
            world.play(dice);
            lent.sum().map(drop)
        }
        _ => t.solve_second_order(&mut u, &mut v).map(drop),
    }
}

fn from_options(world: &World, dice: &mut Dice) -> Result<()> {
    const OPTIONS: &[(&str, &str)] = &[
        ("ts_type", "bdf"),
        ("ts_adapt_type", "basic"),
        ("ts_rk_type", "5dp"),
        ("ts_arkimex_type", "4"),
        ("ts_theta_theta", "0.7"),
        ("ts_theta_endpoint", "true"),
        ("ts_bdf_order", "3"),
        ("ts_fd_color", "true"),
        ("snes_mf", "true"),
        ("snes_mf_operator", "true"),
        ("snes_fd_color", "true"),
        ("snes_fd", "true"),
        ("snes_type", "ksponly"),
        ("snes_lag_jacobian", "-2"),
        ("ts_error_if_step_fails", "false"),
        ("ts_rhs_jacobian_test_mult", "true"),
        ("ts_exact_final_time", "interpolate"),
        ("ts_event_tol", "1e-3"),
        ("pc_type", "none"),
    ];
    let mut t = any(world, dice)?;
    let prefix = t.options_prefix()?.unwrap_or_default();
    world.with_options(dice, &prefix, OPTIONS, || t.set_from_options())
}

fn solve(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    run(world, dice, &mut t)
}

fn run(world: &World, dice: &mut Dice, t: &mut Ts) -> Result<()> {
    let n = size(world, dice, t);
    run_with(world, dice, t, n)
}

fn run_with(world: &World, dice: &mut Dice, t: &mut Ts, n: usize) -> Result<()> {
    let mut u = work::vector(world, dice, &t.comm()?, n)?;
    if dice.chance(80) {
        t.set_time(0.0)?;
        t.set_step_number(0)?;
        t.set_time_step(0.1)?;
    }
    if dice.chance(15) {
        t.set_solution(&mut u)?;
        return t.solve_in_place().map(drop);
    }
    t.solve(&mut u).map(drop)
}

fn step(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    let n = size(world, dice, &t);
    let mut u = work::vector(world, dice, &t.comm()?, n)?;
    if dice.chance(80) {
        t.set_solution(&mut u)?;
        t.set_time_step(0.1)?;
        t.step()?;
    }
    let mut v = u.duplicate()?;
    match dice.below(6) {
        0 => t.step(),
        1 => {
            let at = t.time()? - 0.05;
            t.interpolate(at, &mut v)
        }
        2 => t.evaluate_step(dice.below(4), &mut v).map(drop),
        3 => t.rollback(),
        4 => t.restart_step(),
        _ => t.time_error(&mut v),
    }
}

fn steps(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?.share()?;
    let n = size(world, dice, &t);
    let mut u = work::vector(world, dice, &t.comm()?, n)?.share()?;
    t.set_time(0.0)?;
    t.set_step_number(0)?;
    t.set_time_step(0.1)?;
    let mut steps = t.steps(&mut u)?;
    for _ in 0..dice.below(4) {
        let Some(step) = steps.advance()? else { break };
        let lent = step.state.array()?;
        let before = vector::bits(&lent);
        world.play(dice);
        assert!(vector::bits(&lent) == before, "the lent state has changed");
    }
    if dice.coin() { steps.finish().map(drop) } else { Ok(()) }
}

/// What a closure does with the integration that runs.
fn change(running: &mut Running<'_>, which: usize) -> Result<()> {
    match which {
        0 => running.stop(),
        1 => running.set_time_step(0.05),
        2 => running.set_max_time(0.35),
        3 => running.restart_step(),
        4 => running.set_converged_reason(ConvergedReason::User),
        5 => running.solution_mut()?.scale(Scalar::from_real(0.5)),
        6 => {
            let at = running.time()? - 0.01;
            let mut u = running.solution()?.duplicate()?;
            running.interpolate(at, &mut u)
        }
        _ => running.solution()?.sum().map(drop),
    }
}

/// Closures that do other things while the integrator runs, to it as well.
fn callbacks(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    let mischief = Mischief::new(world, dice);
    let which = dice.below(20);
    match dice.below(10) {
        0 => t.cancel_monitors(),
        1 => t.set_pre_step(move |t| {
            mischief.act()?;
            change(t, which)
        }),
        2 => t.set_post_step(move |t| {
            mischief.act()?;
            change(t, which)
        }),
        3 => t.set_post_evaluate(move |t| {
            mischief.act()?;
            change(t, which)
        }),
        4 => t.set_pre_stage(move |_, _| mischief.act()),
        5 => t.set_post_stage(move |_, _, _, u| {
            mischief.act()?;
            u.scale(Scalar::from_real(1.0))
        }),
        6 => t.set_domain(move |_, _, _| {
            mischief.act()?;
            Ok(true)
        }),
        7 => t.add_adjoint_monitor(move |_, _, _, _, lambda, _| {
            mischief.act()?;
            lambda.iter().try_for_each(|l| l.sum().map(drop))
        }),
        _ => {
            let (away, seed, plays) = (world.away(), dice.seed(), dice.chance(30));
            t.add_monitor(move |t, k, _, u| {
                mischief.act()?;
                if plays && k == 1 {
                    let lent = u.array()?;
                    let before = vector::bits(&lent);
                    away.play(seed);
                    assert!(vector::bits(&lent) == before, "the lent state has changed");
                }
                change(t, which)
            })
        }
    }
}

fn events(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    if dice.chance(15) {
        return match dice.below(4) {
            0 => t.set_event_tolerance(1e-4),
            1 => t.set_event_tolerances(&vec![1e-4; dice.below(3)]),
            2 => t.set_post_event_second_step(0.01),
            _ => t.event_count().map(drop),
        };
    }
    let crossings = [Crossing::Falling, Crossing::Any, Crossing::Rising];
    let events: Vec<Event> = (0..dice.below(3))
        .map(|_| Event { crossing: dice.pick(&crossings), terminate: dice.coin() })
        .collect();
    let (one, other) = (Mischief::new(world, dice), Mischief::new(world, dice));
    let (at, which) = (0.1 * dice.below(5) as Real + 0.03, dice.below(20));
    t.set_events(
        &events,
        move |_, time, _, values| {
            one.act()?;
            values.fill(time - at);
            Ok(())
        },
        move |t, _, u| {
            other.act()?;
            u.scale(Scalar::from_real(0.9))?;
            change(t, which)
        },
    )?;
    if dice.chance(30) {
        t.set_event_tolerance(1e-4)?;
    }
    run(world, dice, &mut t)
}

fn scope(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    let n = size(world, dice, &t);
    let comm = t.comm()?;
    let mut u = work::vector(world, dice, &comm, n)?;
    let g = work::values(world, dice, &comm, n)?;
    let p = work::square(world, dice, &comm, n)?;
    let mischief = Mischief::new(world, dice);
    let (functions, implicit) = (dice.coin(), dice.chance(20));
    let (mut times, mut calls) = (Vec::new(), 0);
    t.set_time(0.0)?;
    t.set_time_step(0.1)?;
    t.scope(|t| {
        if functions {
            t.set_rhs_function(&g, |_, _, u, g| {
                calls += 1;
                mischief.act()?;
                work::map(u, g, minus)
            })?;
            t.set_rhs_jacobian(&p, &p, |_, _, u, _, p| {
                work::fill_diagonal(u, p, |_| Scalar::from_real(-1.0))
            })?;
        }
        if implicit {
            t.set_i_function(&g, |_, _, _, v, y| work::map(v, y, |v| v))?;
            t.set_i_jacobian(&p, &p, |_, s, _, p| {
                let shift = s.shift;
                work::fill_diagonal(s.u, p, |_| Scalar::from_real(shift))
            })?;
        }
        t.set_pre_step(|_| mischief.act())?;
        t.add_monitor(|_, _, time, _| {
            times.push(time);
            Ok(())
        })?;
        t.solve(&mut u).map(drop)
    })
}

fn set_dm(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    let grid = snes::grid(world, dice, &t.comm()?)?;
    t.set_dm(&grid)?;
    let mut u = grid.create_global_vector()?;
    if dice.chance(85) {
        let mischief = Mischief::new(world, dice);
        t.set_rhs_function(&*u.duplicate()?, move |_, _, u, g| {
            mischief.act()?;
            work::map(u, g, minus)
        })?;
    }
    t.set_time(0.0)?;
    t.set_time_step(0.1)?;
    t.solve(&mut u).map(drop)
}

fn settings(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    match dice.below(18) {
        0 => t.set_time(dice.real()),
        1 => t.set_time_step(dice.real().abs() + 0.01),
        2 => t.set_max_time(dice.real()),
        3 => t.set_max_steps(dice.below(6)),
        4 => t.set_exact_final_time(dice.pick(&[
            ExactFinalTime::Unspecified,
            ExactFinalTime::StepOver,
            ExactFinalTime::Interpolate,
            ExactFinalTime::MatchStep,
        ])),
        5 => t.set_step_number(dice.below(3)),
        6 => t.set_max_step_rejections(dice.coin().then_some(3)),
        7 => t.set_max_snes_failures(dice.coin().then_some(3)),
        8 => t.set_error_if_step_fails(dice.coin()),
        9 => t.set_problem_type(dice.pick(&[ProblemType::Linear, ProblemType::Nonlinear])),
        10 => t.set_equation_type(dice.pick(&[
            EquationType::Unspecified,
            EquationType::OdeExplicit,
            EquationType::OdeImplicit,
            EquationType::DaeImplicitIndex1,
        ])),
        11 => t.set_tolerances(1e-3, 1e-3),
        12 => {
            let n = size(world, dice, &t);
            let tolerance = work::vector(world, dice, &t.comm()?, n)?;
            t.set_vector_tolerances(Some(&tolerance), dice.coin().then_some(&**tolerance))
        }
        13 => t.set_vector_tolerances(None, None),
        14 => t.set_converged_reason(ConvergedReason::Iterating),
        15 => t.append_options_prefix("a_"),
        16 => t.set_use_split_rhs(dice.coin()),
        _ => t.restart_step(),
    }
}

/// A setting for the method that it gets, mostly, and a solve.
fn method_settings(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    match dice.below(12) {
        0 => {
            t.set_type(TsType::RK)?;
            t.set_rk_type(dice.pick(&[
                RkType::RK1FE,
                RkType::RK2A,
                RkType::RK2B,
                RkType::RK3,
                RkType::RK3BS,
                RkType::RK4,
                RkType::RK5F,
                RkType::RK5DP,
                RkType::RK5BS,
                RkType::RK6VR,
                RkType::RK7VR,
                RkType::RK8VR,
            ]))?;
            t.rk_order()?;
        }
        1 | 2 => {
            t.set_type(TsType::ARKIMEX)?;
            t.set_arkimex_type(dice.pick(&[
                ArkimexType::BEE1,
                ArkimexType::A2,
                ArkimexType::L2,
                ArkimexType::ARS122,
                ArkimexType::C2,
                ArkimexType::D2,
                ArkimexType::E2,
                ArkimexType::PRSSP2,
                ArkimexType::ARK3,
                ArkimexType::BPR3,
                ArkimexType::ARS443,
                ArkimexType::ARK4,
                ArkimexType::ARK5,
            ]))?;
            t.set_arkimex_fully_implicit(dice.chance(20))?;
        }
        3 | 4 => {
            t.set_type(TsType::ROSW)?;
            t.set_rosw_type(dice.pick(&[
                RoswType::M2,
                RoswType::P2,
                RoswType::RA3PW,
                RoswType::RA34PW2,
                RoswType::RODAS3,
                RoswType::SANDU3,
                RoswType::ASSP3P3S1C,
                RoswType::LASSP3P4S2C,
                RoswType::LLSSP3P4S2C,
                RoswType::ARK3,
                RoswType::THETA1,
                RoswType::THETA2,
                RoswType::GRK4T,
                RoswType::SHAMP4,
                RoswType::VELDD4,
                RoswType::L4,
            ]))?;
        }
        5 => {
            t.set_type(TsType::SSP)?;
            t.set_ssp_type(dice.pick(&[SspType::RKS2, SspType::RKS3, SspType::RK104]))?;
        }
        6 => {
            t.set_type(TsType::GLEE)?;
            let _ = t.set_glee_type(dice.pick(&[
                GleeType::BE1,
                GleeType::GLEE23,
                GleeType::GLEE24,
                GleeType::GLEE25I,
                GleeType::GLEE35,
                GleeType::EXRK2A,
                GleeType::RK32G1,
                GleeType::RK285EX,
            ]));
        }
        7 => {
            t.set_type(TsType::BASICSYMPLECTIC)?;
            t.set_basic_symplectic_type(dice.pick(&[
                BasicSymplecticType::SIEULER,
                BasicSymplecticType::VELVERLET,
                BasicSymplecticType::ORDER3,
                BasicSymplecticType::ORDER4,
            ]))?;
        }
        8 => {
            t.set_type(TsType::THETA)?;
            let _ = t.set_theta(dice.pick(&[0.5, 0.7, 1.0]));
            let _ = t.set_theta_endpoint(dice.coin());
            t.theta()?;
            t.theta_endpoint()?;
        }
        9 => {
            t.set_type(TsType::BDF)?;
            t.set_bdf_order(dice.below(6) + 1)?;
            t.bdf_order()?;
        }
        10 => {
            t.set_type(TsType::ALPHA)?;
            t.set_alpha_radius(0.5)?;
            t.alpha_parameters()?;
        }
        _ => {
            t.set_type(TsType::MPRK)?;
            t.set_mprk_type(dice.pick(&[
                MprkType::A22,
                MprkType::A23,
                MprkType::A32,
                MprkType::A33,
                MprkType::P2,
                MprkType::P3,
            ]))?;
        }
    }
    run(world, dice, &mut t)
}

fn results(world: &World, dice: &mut Dice) -> Result<()> {
    let t = any(world, dice)?;
    match dice.below(22) {
        0 => t.time().map(drop),
        1 => t.step_number().map(drop),
        2 => t.time_step().map(drop),
        3 => t.previous_time().map(drop),
        4 => t.solve_time().map(drop),
        5 => t.max_time().map(drop),
        6 => t.max_steps().map(drop),
        7 => t.snes_iterations().map(drop),
        8 => t.ksp_iterations().map(drop),
        9 => t.step_rejections().map(drop),
        10 => t.snes_failures().map(drop),
        11 => t.converged_reason().map(drop),
        12 => t.problem_type().map(drop),
        13 => t.equation_type().map(drop),
        14 => t.exact_final_time().map(drop),
        15 => t.tolerances().map(drop),
        16 => t.rhs_splits().map(drop),
        17 => t.uses_split_rhs().map(drop),
        18 => t.trajectory_is_saved().map(drop),
        19 => t.time_span().map(drop),
        20 => t.event_count().map(drop),
        _ => t.arkimex_type().or_else(|_| t.rk_type()).map(drop),
    }
}

/// What the integrator lends, while other things happen.
fn lent(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?.share()?;
    if dice.chance(30) {
        let mut u = t.solution_mut()?;
        let mut lent = u.array_mut()?;
        let value = dice.scalar();
        lent.fill(value);
        world.play(dice);
        assert!(lent.iter().all(|&v| v == value), "a solution lent for writing has changed");
        return Ok(());
    }
    let u = t.solution()?;
    let lent = u.array()?;
    let before = vector::bits(&lent);
    world.play(dice);
    assert!(vector::bits(&lent) == before, "the lent solution has changed");
    Ok(())
}

fn pseudo(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    if dice.chance(90) {
        t.set_type(TsType::PSEUDO)?;
    }
    let mischief = Mischief::new(world, dice);
    match dice.below(5) {
        0 => t.set_pseudo_time_step(move |_, step| {
            mischief.act()?;
            Ok(step.min(10.0))
        }),
        1 => t.set_pseudo_verify_time_step(move |_, _, step| {
            mischief.act()?;
            *step *= 0.9;
            Ok(true)
        }),
        2 => t.set_pseudo_increment(1.2),
        3 => t.set_pseudo_max_time_step(1.0),
        _ => t.set_pseudo_increment_from_first(),
    }?;
    run(world, dice, &mut t)
}

fn splits(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    let kinds = [TsType::MPRK, TsType::BASICSYMPLECTIC, TsType::ARKIMEX, TsType::RK];
    if dice.chance(80) {
        t.set_type(dice.pick(&kinds))?;
    }
    let names = if dice.coin() { ["slow", "fast"] } else { ["position", "momentum"] };
    if dice.chance(15) {
        let part = t.rhs_split(names[0])?;
        world.sets.keep(part);
        return Ok(());
    }
    let n = size(world, dice, &t);
    let comm = t.comm()?;
    let (local, _) = comm.split_ownership(None, Some(n))?;
    let mut u = Vector::new(&comm, n)?;
    let begin = u.ownership_range()?.start;
    let half = local / 2;
    for (k, name) in names.iter().enumerate() {
        let (count, first) =
            if k == 0 { (half, begin) } else { (local - half, begin + Int::try_from(half)?) };
        let part = if dice.chance(90) {
            IndexSet::strided(&comm, count, first, 1)?
        } else {
            vector::set(world, dice)?.share()?
        };
        t.add_rhs_split(name, &part)?;
        let mischief = Mischief::new(world, dice);
        t.set_split_rhs_function(name, move |_, _, u, g| {
            mischief.act()?;
            work::map(u, g, minus)
        })?;
    }
    if dice.coin() {
        t.set_use_split_rhs(true)?;
    }
    t.set_time(0.0)?;
    t.set_time_step(0.1)?;
    t.solve(&mut u).map(drop)
}

fn time_span(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    match dice.below(5) {
        0 => t.remove_time_span(),
        _ => {
            let times: Vec<Real> = (0..dice.below(4) + 2).map(|k| 0.1 * k as Real).collect();
            t.set_time_span(&times)?;
            if dice.chance(80) {
                t.set_exact_final_time(ExactFinalTime::MatchStep)?;
            }
            t.set_max_steps(20)?;
            let outcome = run(world, dice, &mut t);
            for (_, u) in t.time_span_solutions()? {
                let lent = u.array()?;
                let before = vector::bits(&lent);
                world.play(dice);
                assert!(vector::bits(&lent) == before, "a lent solution has changed");
            }
            outcome
        }
    }
}

fn trajectory(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    match dice.below(8) {
        0 => t.remove_trajectory(),
        1 => t.set_trajectory_solution_only(dice.coin()),
        2 => t.reset_trajectory(),
        3 => t.repeat_trajectory().map(drop),
        _ => {
            t.save_trajectory(TrajectoryType::MEMORY)?;
            if dice.coin() {
                t.set_trajectory_solution_only(dice.coin())?;
            }
            run(world, dice, &mut t)
        }
    }
}

/// A dense matrix of derivatives, mostly of the right shape.
fn derivatives(world: &World, dice: &mut Dice, t: &Ts, m: usize, n: usize) -> Result<Matrix> {
    let (m, n) = if dice.chance(95) { (m, n) } else { (world.size(dice), world.size(dice)) };
    Matrix::from_dense(&t.comm()?, m, n, &vec![Scalar::from_real(1.0); m * n])
}

fn adjoint(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    if dice.chance(90) {
        t.set_type(dice.pick(&[
            TsType::RK,
            TsType::CN,
            TsType::BEULER,
            TsType::THETA,
            TsType::EULER,
            TsType::ARKIMEX,
        ]))?;
    }
    let n = size(world, dice, &t);
    let comm = t.comm()?;
    let parameters = dice.coin();
    let mischief = Mischief::new(world, dice);
    if parameters {
        let a = derivatives(world, dice, &t, n, 2)?;
        if dice.chance(80) {
            t.set_rhs_jacobian_p(&a, move |_, _, _, _| mischief.act())?;
        } else {
            t.set_i_jacobian_p(&a, move |_, _, _| mischief.act())?;
        }
    }
    if dice.chance(90) {
        t.save_trajectory(TrajectoryType::MEMORY)?;
    }
    if dice.chance(90) {
        run_with(world, dice, &mut t, n)?;
    }
    let costs = dice.below(2) + 1;
    let mut lambda = Vec::new();
    let mut mu = Vec::new();
    for _ in 0..costs {
        lambda.push(work::vector(world, dice, &comm, n)?.duplicate()?);
        mu.push(Vector::new(&comm, 2)?);
    }
    let mut lambda: Vec<&mut VectorRef> = lambda.iter_mut().map(|x| &mut **x).collect();
    let mut mu: Vec<&mut VectorRef> = mu.iter_mut().map(|x| &mut **x).collect();
    if dice.chance(90) {
        let given = if parameters { &mut mu[..] } else { &mut [] };
        t.adjoint_solve(&mut lambda, given)
    } else {
        t.adjoint_solve(&mut lambda, &mut mu)
    }
}

fn quadrature(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    if dice.chance(80) {
        t.set_type(dice.pick(&[TsType::RK, TsType::CN, TsType::BEULER, TsType::THETA]))?;
    }
    let n = size(world, dice, &t);
    let costs = dice.below(2) + 1;
    let a = derivatives(world, dice, &t, n, costs)?;
    let mischief = Mischief::new(world, dice);
    {
        let forward = dice.chance(70);
        let mut integral = t.create_quadrature(forward, costs)?;
        integral.set_integrand(move |_, _, u, r| {
            mischief.act()?;
            let sum = u.sum()?;
            r.set(sum)
        })?;
        if dice.chance(90) {
            integral.set_gradient(&a, |_, _, _, _| Ok(()))?;
        }
    }
    run_with(world, dice, &mut t, n)?;
    t.cost_integral()?.sum().map(drop)
}

fn sensitivities(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    if dice.chance(15) {
        return t.remove_sensitivities();
    }
    if dice.chance(80) {
        t.set_type(dice.pick(&[TsType::RK, TsType::CN, TsType::BEULER, TsType::THETA]))?;
    }
    let n = size(world, dice, &t);
    let s = derivatives(world, dice, &t, n, 2)?;
    if dice.chance(80) {
        let a = derivatives(world, dice, &t, n, 2)?;
        t.set_rhs_jacobian_p(&a, |_, _, _, _| Ok(()))?;
    }
    t.set_sensitivities(&s)?;
    run_with(world, dice, &mut t, n)?;
    let lent = t.sensitivities()?;
    world.play(dice);
    lent.norm(petsc_rs::Norm::Frobenius).map(drop)
}

fn tangent(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?.share()?;
    if dice.chance(85) {
        t.set_type(dice.pick(&[TsType::RK, TsType::CN, TsType::THETA]))?;
    }
    let n = size(world, dice, &t);
    let comm = t.comm()?;
    t.adapt()?.set_type(TsAdaptType::NONE)?;
    if dice.chance(90) {
        t.save_trajectory(TrajectoryType::MEMORY)?;
    }
    let mischief = Mischief::new(world, dice);
    t.set_rhs_hessian_product(move |_, _, y| {
        mischief.act()?;
        y.set(Scalar::from_real(0.0))
    })?;
    let mut u = work::vector(world, dice, &comm, n)?;
    let mut direction = u.duplicate()?;
    direction.set(Scalar::from_real(1.0))?;
    let tangent = t.solve_tangent(&mut u, &direction, None)?;
    tangent.finished()?;
    world.play(dice);
    tangent.derivative(&mut direction)?;
    let (mut lambda, mut lambda2) = (direction.duplicate()?, direction.duplicate()?);
    let cost = SecondOrderCost { lambda: &mut lambda, lambda2: &mut lambda2, mu: None };
    tangent.adjoint_solve(&mut [cost])
}

fn adapt(world: &World, dice: &mut Dice) -> Result<Lease<TsAdapt>> {
    if dice.coin() {
        if let Some(adapt) = world.adapts.find(dice, |_| true) {
            return Ok(adapt);
        }
    }
    Ok(world.adapts.lease(any(world, dice)?.adapt()?))
}

fn adapt_settings(world: &World, dice: &mut Dice) -> Result<()> {
    let mut a = adapt(world, dice)?;
    match dice.below(14) {
        0..=3 => a.set_type(dice.pick(&[
            TsAdaptType::NONE,
            TsAdaptType::BASIC,
            TsAdaptType::DSP,
            TsAdaptType::CFL,
            TsAdaptType::GLEE,
            TsAdaptType::HISTORY,
        ])),
        4 => a.set_step_limits(StepLimits { min: 1e-3, max: 0.5 }),
        5 => a.step_limits().map(drop),
        6 => a.set_always_accept(dice.coin()),
        7 => a.set_scale_solve_failed(0.3),
        8 => a.set_max_ignore(1e-3),
        9 => a.set_step_increase_delay(dice.below(3)),
        10 => a.set_clip(0.2, 5.0),
        11 => a.set_safety(0.8, 0.5),
        12 => a.clip().and(a.safety()).map(drop),
        _ => ask(&mut *a, dice),
    }
}
