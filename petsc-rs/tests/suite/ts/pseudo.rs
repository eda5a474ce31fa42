//! Steps towards a steady state.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::ts::ConvergedReason;
use petsc_rs::{ErrorCode, Ts, TsType};
use petsc_test::assert_close;

use super::{fails, r};

/// `u' = 1 - u` from 0: an implicit step of length `h` divides the distance from 1 by `1 + h`.
fn problem(petsc: &Petsc) -> Result<(Ts, Vector)> {
    let j = Matrix::builder(petsc.world()).global_size(5, 5).preallocate(1, 0).build()?;
    let (u, g) = j.vectors()?;
    let mut ts = Ts::new(petsc.world())?;
    ts.set_type(TsType::PSEUDO)?;
    ts.set_rhs_function(&g, |_, _, u, g| {
        g.copy_from(u)?;
        g.scale(r(-1.0))?;
        g.shift(r(1.0))
    })?;
    ts.set_rhs_jacobian(&j, &j, |_, _, _, a, _| {
        for i in a.ownership_range()? {
            a.set_value(i, i, r(-1.0), InsertMode::Insert)?;
        }
        a.assemble()
    })?;
    ts.snes()?
        .set_tolerances(petsc_rs::snes::Tolerances { rtol: 1e-13.into(), ..Default::default() })?;
    ts.set_time_step(1.0)?;
    ts.set_max_steps(200)?;
    Ok((ts, u))
}

fn distance(u: &Vector) -> Result<f64> {
    let mut rest = u.duplicate_with_values()?;
    rest.shift(r(-1.0))?;
    rest.norm(Norm::Infinity)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn steps_are_as_long_as_the_closure_says(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = problem(petsc)?;
    ts.set_pseudo_time_step(|_, _| Err(Error::user("replaced")))?;
    let proposals = Rc::new(Cell::new(0));
    let seen = Rc::clone(&proposals);
    ts.set_pseudo_time_step(move |_, proposed| {
        assert!(proposed > 0.0);
        seen.set(seen.get() + 1);
        Ok(1.0)
    })?;
    ts.set_max_steps(7)?;
    let end = ts.solve(&mut u)?;
    assert_eq!((end.reason, end.steps), (ConvergedReason::Steps, 7));
    assert_eq!(proposals.get(), 7);
    assert_close!(distance(&u)?, 0.5_f64.powi(7), 1e-9);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn steps_grow_as_the_residual_shrinks(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = problem(petsc)?;
    ts.set_pseudo_increment(1.5)?;
    let steps = Rc::new(RefCell::new(Vec::new()));
    let noted = Rc::clone(&steps);
    ts.add_monitor(move |_, _, t, _| {
        noted.borrow_mut().push(t);
        Ok(())
    })?;
    let end = ts.solve(&mut u)?;
    assert!(end.reason.is_converged() && end.reason != ConvergedReason::Steps, "{end}");
    assert!(distance(&u)? < 1e-8);
    // h' = 1.5 h f/f', and f/f' = 1 + h.
    let times = steps.borrow();
    let lengths: Vec<f64> = times.windows(2).map(|t| t[1] - t[0]).collect();
    for h in lengths.windows(2).skip(1).take(3) {
        assert_close!(h[1], 1.5 * h[0] * (1.0 + h[0]), 1e-6);
    }
    // With a limit, the number of steps follows from it.
    let (mut ts, mut u) = problem(petsc)?;
    ts.set_pseudo_max_time_step(3.0)?;
    ts.set_pseudo_increment_from_first()?;
    let _ = ts.solve(&mut u)?;
    assert!(distance(&u)? < 1e-8);
    assert!(ts.time_step()? <= 3.0);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn one_rank_refuses_a_step_for_all(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = problem(petsc)?;
    ts.set_pseudo_time_step(|_, _| Ok(4.0))?;
    ts.set_time_step(4.0)?;
    let last = petsc.world().rank() == petsc.world().size() - 1;
    let refused = Rc::new(Cell::new(0));
    let count = Rc::clone(&refused);
    ts.set_pseudo_verify_time_step(move |_, update, step| {
        assert_eq!(update.len()?, 5);
        let keep = *step <= 1.0;
        if !keep {
            *step = 1.0;
            count.set(count.get() + 1);
        }
        Ok(keep || !last)
    })?;
    ts.set_max_steps(3)?;
    let end = ts.solve(&mut u)?;
    assert_eq!(end.steps, 3);
    assert!(refused.get() >= 3);
    // Each step was done with the length of 1, or since 3.25 with that times the factor after a failure, 0.25.
    let length = if cfg!(petsc_ge_3_25) { 0.25 } else { 1.0 };
    assert_close!(distance(&u)?, (1.0_f64 + length).powi(-3), 1e-9);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn wrong_settings_of_pseudo_time_are_refused(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = problem(petsc)?;
    for bad in [0.0, -1.0, f64::NAN] {
        fails(ts.set_pseudo_increment(bad), ErrorCode::ARG_OUTOFRANGE);
        fails(ts.set_pseudo_max_time_step(bad), ErrorCode::ARG_OUTOFRANGE);
    }
    ts.set_pseudo_time_step(|_, _| Ok(f64::NAN))?;
    fails(ts.solve(&mut u), ErrorCode::ARG_OUTOFRANGE);
    ts.set_type(TsType::BEULER)?;
    fails(ts.set_pseudo_time_step(|_, h| Ok(h)), ErrorCode::ARG_WRONG);
    fails(ts.set_pseudo_increment(1.0), ErrorCode::ARG_WRONG);
    fails(ts.set_pseudo_verify_time_step(|_, _, _| Ok(true)), ErrorCode::ARG_WRONG);
    Ok(())
}
