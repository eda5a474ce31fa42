//! States at given times.

use petsc_rs::prelude::*;
use petsc_rs::ts::{Event, ExactFinalTime, TsAdaptType};
use petsc_rs::{ErrorCode, TsType};
use petsc_test::assert_close;

use super::{fails, r, rational};

#[petsc_test::test(ranks = [1, 2, 3])]
fn states_are_kept_at_the_times_of_a_span(petsc: &Petsc) -> Result<()> {
    for controller in [TsAdaptType::NONE, TsAdaptType::BASIC] {
        let (mut ts, mut u) = rational(petsc, TsType::RK, 0.02)?;
        ts.adapt()?.set_type(controller)?;
        ts.set_tolerances(1e-8, 1e-8)?;
        assert!(ts.time_span()?.is_empty() && ts.time_span_solutions()?.is_empty());
        let times = [0.0, 0.1, 0.37, 0.5, 1.0];
        ts.set_time_span(&times)?;
        assert_eq!(ts.time_span()?, times);
        let end = ts.solve(&mut u)?;
        assert_close!(end.time, 1.0, 1e-12);
        let kept = ts.time_span_solutions()?;
        assert_eq!(kept.len(), 5);
        for ((time, state), expected) in kept.into_iter().zip(times) {
            assert_close!(time, expected, 1e-9, 1e-9);
            assert_close!(state.norm(Norm::Infinity)?, 1.0 / (1.0 + expected), 1e-5);
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn spans_follow_each_other(petsc: &Petsc) -> Result<()> {
    // More and fewer times, before the first solve and after it.
    let (mut ts, mut u) = rational(petsc, TsType::RK, 0.02)?;
    ts.set_time_span(&[0.0, 0.5])?;
    ts.set_time_span(&[0.0, 0.25, 0.5, 1.0])?;
    ts.set_time_span(&[0.0, 0.2, 0.5, 1.0])?;
    let mut run = |ts: &mut petsc_rs::Ts| {
        u.set(r(1.0))?;
        ts.set_step_number(0)?;
        ts.solve(&mut u).map(|_| ())
    };
    run(&mut ts)?;
    assert_eq!(ts.time_span_solutions()?.len(), 4);
    fails(run(&mut ts), ErrorCode::ARG_WRONGSTATE);
    for times in [&[0.0, 0.4][..], &[0.0, 0.1, 0.2, 0.3, 0.8]] {
        ts.set_time_span(times)?;
        run(&mut ts)?;
        assert_eq!(ts.time_span_solutions()?.len(), times.len());
        let (time, last) = ts.time_span_solutions()?.swap_remove(times.len() - 1);
        assert_close!(last.norm(Norm::Infinity)?, 1.0 / (1.0 + time), 1e-3);
    }
    ts.remove_time_span()?;
    ts.set_time(0.0)?;
    ts.set_max_time(1.0)?;
    run(&mut ts)?;
    assert!(ts.time_span_solutions()?.is_empty());
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn options_override_the_span(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = rational(petsc, TsType::RK, 0.02)?;
    ts.set_options_prefix("spanned_")?;
    let options = petsc.options();
    options.set("-spanned_ts_time_span", "0,0.3,0.6,1")?;
    ts.set_time_span(&[0.0, 0.5])?;
    ts.set_from_options()?;
    ts.set_from_options()?;
    options.clear("-spanned_ts_time_span")?;
    assert_eq!(ts.time_span()?, [0.0, 0.3, 0.6, 1.0]);
    let _ = ts.solve(&mut u)?;
    assert_eq!(ts.time_span_solutions()?.len(), 4);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn wrong_spans_are_refused(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = rational(petsc, TsType::RK, 0.1)?;
    for times in [&[][..], &[1.0], &[0.0, 0.5, 0.5], &[1.0, 0.0], &[0.0, f64::NAN]] {
        fails(ts.set_time_span(times), ErrorCode::ARG_WRONG);
    }
    ts.set_time_span(&[0.0, 0.5, 1.0])?;
    fails(ts.steps(&mut u).map(|_| ()), ErrorCode::SUP);
    fails(ts.step(), ErrorCode::SUP);
    ts.set_time(0.1)?;
    fails(ts.solve(&mut u), ErrorCode::ARG_WRONGSTATE);
    ts.set_time(0.0)?;
    ts.set_max_time(2.0)?;
    fails(ts.solve(&mut u), ErrorCode::ARG_WRONGSTATE);
    ts.set_max_time(1.0)?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    fails(ts.solve(&mut u), ErrorCode::SUP);
    ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    ts.set_pre_step(|ts| ts.set_max_time(3.0))?;
    fails(ts.solve(&mut u), ErrorCode::ARG_OUTOFRANGE);
    if cfg!(not(petsc_ge_3_23)) {
        let (mut ts, mut u) = rational(petsc, TsType::RK, 0.1)?;
        ts.set_events(
            &[Event::default()],
            |_, t, _, values| {
                values[0] = t - 0.3;
                Ok(())
            },
            |_, _, _| Ok(()),
        )?;
        ts.set_time_span(&[0.0, 1.0])?;
        fails(ts.solve(&mut u), ErrorCode::ARG_WRONGSTATE);
    }
    Ok(())
}
