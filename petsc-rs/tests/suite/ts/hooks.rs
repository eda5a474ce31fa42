//! What runs around steps and stages.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::ts::{ConvergedReason, TsAdaptType};
use petsc_rs::{ErrorCode, Ts, TsType};
use petsc_test::assert_close;

use super::{fails, r, rational};

/// Counts how often it is dropped.
struct Counted(Rc<Cell<usize>>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn hooks_run_in_order(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = rational(petsc, TsType::RK, 0.5)?;
    ts.adapt()?.set_type(TsAdaptType::NONE)?;
    let log = Rc::new(RefCell::new(String::new()));
    let note = |c: char| {
        let log = Rc::clone(&log);
        move || log.borrow_mut().push(c)
    };
    let (a, b, c, d, e) = (note('<'), note('e'), note('>'), note('('), note(')'));
    ts.set_pre_step(move |_| {
        a();
        Ok(())
    })?;
    ts.set_post_evaluate(move |_| {
        b();
        Ok(())
    })?;
    ts.set_post_step(move |_| {
        c();
        Ok(())
    })?;
    ts.set_pre_stage(move |_, _| {
        d();
        Ok(())
    })?;
    ts.set_post_stage(move |_, _, _, _| {
        e();
        Ok(())
    })?;
    let _ = ts.solve(&mut u)?;
    let log = log.borrow();
    // Two steps of four stages.
    assert_eq!(*log, "<()()()()e><()()()()e>");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn hooks_change_the_integration(petsc: &Petsc) -> Result<()> {
    // Every step doubles the state, which the equation leaves alone.
    let mut u = Vector::new(petsc.world(), 3)?;
    u.set(r(1.0))?;
    let mut ts = Ts::new(petsc.world())?;
    ts.set_type(TsType::EULER)?;
    ts.set_rhs_function(&*u.duplicate()?, |_, _, _, g| g.set(r(0.0)))?;
    ts.set_time_step(1.0)?;
    ts.set_max_steps(50)?;
    ts.set_post_step(|ts| {
        ts.solution_mut()?.scale(r(2.0))?;
        if ts.step_number()? == 6 {
            ts.stop()?;
        }
        ts.set_time_step(0.5)
    })?;
    let end = ts.solve(&mut u)?;
    assert_eq!((end.reason, end.steps, end.time), (ConvergedReason::User, 6, 3.5));
    assert_close!(u.norm(Norm::Infinity)?, 64.0, 1e-12);
    // A stage may be limited.
    let (mut ts, mut u) = rational(petsc, TsType::SSP, 0.1)?;
    ts.set_post_stage(|_, _, _, u| u.set(r(0.25)))?;
    let _ = ts.solve(&mut u)?;
    assert_close!(u.norm(Norm::Infinity)?, 0.25, 1e-12);
    Ok(())
}

/// `u' = 0`, for at most ten steps of 1.
fn still(petsc: &Petsc) -> Result<(Ts, Vector)> {
    let mut u = Vector::new(petsc.world(), 4)?;
    u.set(r(1.0))?;
    let mut ts = Ts::new(petsc.world())?;
    ts.set_type(TsType::EULER)?;
    ts.set_rhs_function(&*u.duplicate()?, |_, _, _, g| g.set(r(0.0)))?;
    ts.set_time_step(1.0)?;
    ts.set_max_steps(10)?;
    Ok((ts, u))
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn each_hook_can_end_the_integration(petsc: &Petsc) -> Result<()> {
    // Each gives its reason when two steps are done, or before the second one is.
    type Set = fn(&mut Ts, ConvergedReason) -> Result<()>;
    let sets: [(&str, Set, usize); 5] = [
        (
            "monitor",
            |ts, reason| {
                ts.add_monitor(move |ts, step, _, _| match step {
                    1 => ts.set_converged_reason(reason),
                    _ => Ok(()),
                })
            },
            2,
        ),
        (
            "pre-step",
            |ts, reason| {
                // Beside a hook of the user after the step.
                ts.set_post_step(|_| Ok(()))?;
                ts.set_pre_step(move |ts| match ts.step_number()? {
                    2 => ts.set_converged_reason(reason),
                    _ => Ok(()),
                })
            },
            3,
        ),
        (
            "post-evaluate",
            |ts, reason| {
                ts.set_post_evaluate(move |ts| match ts.step_number()? {
                    2 => ts.set_converged_reason(reason),
                    _ => Ok(()),
                })
            },
            2,
        ),
        (
            "post-step",
            |ts, reason| {
                ts.set_post_step(move |ts| match ts.step_number()? {
                    2 => ts.set_converged_reason(reason),
                    _ => Ok(()),
                })
            },
            2,
        ),
        (
            "last call of a monitor",
            |ts, reason| {
                ts.add_monitor(move |ts, step, _, _| match step {
                    10 => ts.set_converged_reason(reason),
                    _ => Ok(()),
                })
            },
            10,
        ),
    ];
    for (place, set, steps) in sets {
        let (mut ts, mut u) = still(petsc)?;
        set(&mut ts, ConvergedReason::Event)?;
        let end = ts.solve(&mut u)?;
        assert_eq!((end.reason, end.steps), (ConvergedReason::Event, steps), "{place}");
        // The wish was fulfilled once: what follows goes on to the end.
        let end = ts.solve(&mut u)?;
        assert_eq!(end.steps, 10, "{place}");
        let (mut ts, mut u) = still(petsc)?;
        set(&mut ts, ConvergedReason::NonlinearSolve)?;
        fails(ts.solve(&mut u), ErrorCode::NOT_CONVERGED);
        let reason = ts.converged_reason()?;
        assert_eq!(reason, ConvergedReason::NonlinearSolve, "{place}");
        assert_eq!(ts.step_number()?, steps, "{place}");
        // The same step by step.
        if steps < 10 {
            let (mut ts, mut u) = still(petsc)?;
            set(&mut ts, ConvergedReason::Event)?;
            let mut seen = 0;
            let mut all = ts.steps(&mut u)?;
            while all.advance()?.is_some() {
                seen += 1;
            }
            assert_eq!(all.finish()?.reason, ConvergedReason::Event, "{place}");
            assert_eq!(seen, steps, "{place}");
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn wrong_reasons_are_refused_and_failed_ones_forgotten(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = still(petsc)?;
    let mut seen = 0;
    let end = ts.scope(|s| {
        s.set_pre_step(|ts| {
            seen += 1;
            for bad in [ConvergedReason::Iterating, ConvergedReason::Other(77)] {
                fails(ts.set_converged_reason(bad), ErrorCode::ARG_WRONG);
            }
            if seen == 3 { ts.stop() } else { Ok(()) }
        })?;
        s.solve(&mut u)
    })?;
    assert_eq!((end.reason, end.steps), (ConvergedReason::User, 3));
    assert_eq!(seen, 3);
    // A wish whose step failed is not left for the next integration.
    let (mut ts, mut u) = still(petsc)?;
    let broken = Rc::new(Cell::new(true));
    let here = Rc::clone(&broken);
    ts.set_rhs_function(&*u.duplicate()?, move |_, _, _, g| match here.get() {
        true => Err(Error::new(ErrorCode::FP, "no")),
        false => g.set(r(0.0)),
    })?;
    let here = Rc::clone(&broken);
    ts.set_pre_step(move |ts| if here.get() { ts.stop() } else { Ok(()) })?;
    fails(ts.solve(&mut u), ErrorCode::FP);
    broken.set(false);
    assert_eq!(ts.solve(&mut u)?.steps, 10);
    drop(ts);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn leaving_the_domain_shortens_the_step(petsc: &Petsc) -> Result<()> {
    // Only one rank finds it, once; all shorten the step by the factor set.
    let (mut ts, mut u) = rational(petsc, TsType::RK, 0.2)?;
    ts.adapt()?.set_type(TsAdaptType::NONE)?;
    ts.adapt()?.set_scale_solve_failed(0.5)?;
    let last = petsc.world().rank() == petsc.world().size() - 1;
    let asked = Rc::new(Cell::new(0));
    let seen = Rc::clone(&asked);
    ts.set_domain(move |_, _, _| {
        seen.set(seen.get() + 1);
        Ok(!(last && seen.get() == 2))
    })?;
    let end = ts.solve(&mut u)?;
    assert_eq!(end.steps, 10, "steps of 0.1");
    assert_eq!(ts.step_rejections()?, 1);
    assert!(asked.get() > 20);
    assert_close!(u.norm(Norm::Infinity)?, 0.5, 1e-4);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn monitors_may_change_the_step(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = rational(petsc, TsType::EULER, 0.25)?;
    let steps = Rc::new(RefCell::new(Vec::new()));
    let noted = Rc::clone(&steps);
    ts.add_monitor(move |ts, step, t, _| {
        noted.borrow_mut().push(t);
        if step == 2 { ts.set_time_step(0.125) } else { Ok(()) }
    })?;
    let _ = ts.solve(&mut u)?;
    assert_eq!(*steps.borrow(), [0.0, 0.25, 0.5, 0.625, 0.75, 0.875, 1.0]);
    ts.cancel_monitors()?;
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_monitor_sees_the_interpolated_state(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = rational(petsc, TsType::RK, 0.3)?;
    ts.adapt()?.set_type(TsAdaptType::NONE)?;
    ts.set_exact_final_time(petsc_rs::ts::ExactFinalTime::Interpolate)?;
    let seen = Rc::new(RefCell::new(Vec::new()));
    let noted = Rc::clone(&seen);
    ts.add_monitor(move |ts, step, t, u| {
        noted.borrow_mut().push((ts.is_interpolated(), step));
        // A scheme of order 3, whose interpolation is linear.
        assert_close!(u.norm(Norm::Infinity)?, 1.0 / (1.0 + t), 2e-2);
        Ok(())
    })?;
    let end = ts.solve(&mut u)?;
    assert_eq!(end.time, 1.0);
    let seen = seen.borrow();
    assert_eq!(seen[seen.len() - 2..], [(false, 4), (true, 4)]);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn closures_are_dropped_once(petsc: &Petsc) -> Result<()> {
    let drops = Rc::new(Cell::new(0));
    let counted = || Counted(Rc::clone(&drops));
    let (mut ts, mut u) = rational(petsc, TsType::RK, 0.5)?;
    for expected in 0..2 {
        let c = counted();
        ts.set_pre_step(move |_| {
            let _ = &c;
            Ok(())
        })?;
        assert_eq!(drops.get(), expected, "the one before is dropped");
    }
    let (a, b, c) = (counted(), counted(), counted());
    ts.set_domain(move |_, _, _| {
        let _ = &a;
        Ok(true)
    })?;
    ts.set_solution_function(move |_, _, _| {
        let _ = &b;
        Ok(())
    })?;
    ts.set_events(
        &[Default::default()],
        move |_, _, _, values| {
            let _ = &c;
            values[0] = 1.0;
            Ok(())
        },
        |_, _, _| Ok(()),
    )?;
    let _ = ts.solve(&mut u)?;
    assert_eq!(drops.get(), 1);
    // Those that take the places of events are known to PETSc before the ones from before are dropped.
    ts.set_events(&[], |_, _, _, _| Ok(()), |_, _, _| Ok(()))?;
    assert_eq!(drops.get(), 2);
    let _ = ts.solve(&mut u)?;
    drop(ts);
    assert_eq!(drops.get(), 5);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_hook_that_fails_or_starts_over_is_an_error(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = rational(petsc, TsType::RK, 0.5)?;
    ts.set_post_step(|_| Err(Error::user("no further")))?;
    let error = ts.solve(&mut u).err().ok_or("it must fail")?;
    let source = std::error::Error::source(&error).ok_or("no source")?;
    assert!(source.to_string().contains("no further"), "{source}");
    // A known solution belongs to the integrator, not to the grid that PETSc keeps the pointer on.
    let grid = Dmda::builder(petsc.world()).sizes([5]).build()?;
    let mut first = Ts::new(petsc.world())?;
    first.set_dm(&grid)?;
    first.set_solution_function(|_, _, u| u.set(r(3.0)))?;
    drop(first);
    let mut second = Ts::new(petsc.world())?;
    second.set_dm(&grid)?;
    let mut u = grid.create_global_vector()?;
    fails(second.compute_solution_function(0.0, &mut u), ErrorCode::ARG_WRONGSTATE);
    Ok(())
}
