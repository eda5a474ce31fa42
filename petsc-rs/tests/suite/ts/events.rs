//! Events against the times that mechanics gives.

use std::cell::RefCell;
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::ts::{ConvergedReason, Crossing, Event, ExactFinalTime, StepLimits};
use petsc_rs::{ErrorCode, Ts, TsType};
use petsc_test::assert_close;

use super::{fails, r, rational};

const G: f64 = 9.8;

/// Every rank throws a ball upwards, faster than the rank before.
fn balls(petsc: &Petsc) -> Result<(Ts, Vector, f64)> {
    let speed = 20.0 + f64::from(petsc.world().rank());
    let mut u = Vector::with_local_len(petsc.world(), 2)?;
    u.array_mut()?.copy_from_slice(&[r(0.0), r(speed)]);
    let mut ts = Ts::new(petsc.world())?;
    ts.set_type(TsType::RK)?;
    ts.set_rhs_function(&*u.duplicate()?, |_, _, u, g| {
        let (u, mut g) = (u.array()?, g.array_mut()?);
        (g[0], g[1]) = (u[1], r(-G));
        Ok(())
    })?;
    // PETSc 3.18 can lose an event if another rank has one within the same step.
    ts.adapt()?.set_step_limits(StepLimits { min: 0.0, max: 0.1 })?;
    ts.set_time_step(0.05)?;
    ts.set_max_time(9.0)?;
    ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    Ok((ts, u, speed))
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn balls_bounce_at_their_times(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u, speed) = balls(petsc)?;
    let bounces = Rc::new(RefCell::new(Vec::new()));
    let noted = Rc::clone(&bounces);
    let ground = Event { crossing: Crossing::Falling, terminate: false };
    ts.set_events(
        &[ground],
        |_, _, u, values| {
            values[0] = u.array()?[0].real();
            Ok(())
        },
        move |_, happened, u| {
            // Those of the other ranks come with an empty list.
            if !happened.events.is_empty() {
                assert_eq!((happened.events, happened.forward), (&[0][..], true));
                noted.borrow_mut().push(happened.time);
                let mut u = u.array_mut()?;
                (u[0], u[1]) = (r(0.0), r(-0.9) * u[1]);
            }
            Ok(())
        },
    )?;
    assert_eq!(ts.event_count()?, 1);
    let end = ts.solve(&mut u)?;
    assert_eq!((end.reason, end.time), (ConvergedReason::Time, 9.0));
    let mut expected = Vec::new();
    let (mut time, mut speed) = (2.0 * speed / G, speed);
    while time < 9.0 {
        expected.push(time);
        speed *= 0.9;
        time += 2.0 * speed / G;
    }
    let bounces = bounces.borrow();
    assert!(expected.len() >= 2);
    assert_eq!(bounces.len(), expected.len(), "{bounces:?} {expected:?}");
    for (found, expected) in bounces.iter().zip(expected) {
        assert_close!(*found, expected, 1e-6);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn an_event_of_one_rank_ends_it_for_all(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u, _) = balls(petsc)?;
    let end = Event { crossing: Crossing::Falling, terminate: true };
    ts.set_events(
        &[end],
        |_, _, u, values| {
            values[0] = u.array()?[0].real();
            Ok(())
        },
        |_, _, _| Ok(()),
    )?;
    let end = ts.solve(&mut u)?;
    assert_eq!(end.reason, ConvergedReason::Event);
    // That of rank 0 is the slowest, and the first to come down.
    assert_close!(end.time, 40.0 / G, 1e-6);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn wrong_settings_of_events_are_refused(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = rational(petsc, TsType::RK, 0.1)?;
    fails(ts.set_event_tolerance(1e-3), ErrorCode::ARG_WRONGSTATE);
    fails(ts.set_post_event_second_step(0.1), ErrorCode::ARG_WRONGSTATE);
    assert_eq!(ts.event_count()?, 0);
    let two = [Event::default(); 2];
    ts.set_events(
        &two,
        |_, t, _, values| {
            values.copy_from_slice(&[t - 0.25, t - 0.65]);
            Ok(())
        },
        |_, _, _| Ok(()),
    )?;
    fails(ts.set_event_tolerances(&[1e-3]), ErrorCode::ARG_SIZ);
    fails(ts.set_event_tolerances(&[1e-3, 0.0]), ErrorCode::ARG_OUTOFRANGE);
    ts.set_event_tolerances(&[1e-3, 1e-4])?;
    ts.set_post_event_second_step(0.1)?;
    fails(ts.steps(&mut u).map(|_| ()), ErrorCode::SUP);
    let _ = ts.solve(&mut u)?;
    Ok(())
}
