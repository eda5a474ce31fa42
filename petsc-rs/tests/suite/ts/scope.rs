//! Closures that borrow.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, Ts, TsType};
use petsc_test::assert_close;

use super::{fails, r};

#[petsc_test::test(ranks = [1, 2, 3])]
fn closures_borrow_for_a_scope(petsc: &Petsc) -> Result<()> {
    let j = Matrix::builder(petsc.world()).global_size(4, 4).preallocate(1, 0).build()?;
    let (mut u, y) = j.vectors()?;
    let mut ts = Ts::new(petsc.world())?;
    ts.set_type(TsType::BEULER)?;
    ts.set_time_step(0.1)?;
    ts.set_max_steps(10)?;
    let (rate, mut times, mut calls) = (2.0, Vec::new(), 0);
    for pass in 0..2 {
        u.set(r(1.0))?;
        ts.set_time(0.0)?;
        ts.set_step_number(0)?;
        times.clear();
        ts.scope(|s| {
            s.set_i_function(&y, |_, _, u, v, y| {
                calls += 1;
                y.copy_from(v)?;
                y.axpy(r(rate), u)
            })?;
            s.set_i_jacobian(&j, &j, |_, state, _, p| {
                for i in p.ownership_range()? {
                    p.set_value(i, i, r(state.shift + rate), InsertMode::Insert)?;
                }
                p.assemble()
            })?;
            s.add_monitor(|_, _, t, _| {
                times.push(t);
                Ok(())
            })?;
            s.solve(&mut u)
        })?;
        assert_eq!(times.len(), 11, "pass {pass}");
        assert_close!(u.norm(Norm::Infinity)?, 1.2f64.powi(-10), 1e-6);
    }
    assert!(calls > 20);
    // The functions are empty now, and say so.
    ts.set_step_number(0)?;
    let error = ts.solve(&mut u).err().ok_or("it must fail")?;
    let text = format!("{error} {:?}", std::error::Error::source(&error).map(ToString::to_string));
    assert!(text.contains("scope has ended"), "{text}");
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_scope_that_fails_ends_too(petsc: &Petsc) -> Result<()> {
    let mut ts = Ts::new(petsc.world())?;
    let mut seen = 0;
    let failed: Result<()> = ts.scope(|s| {
        s.add_monitor(|_, _, _, _| {
            seen += 1;
            Ok(())
        })?;
        Err(Error::new(ErrorCode::USER, "enough"))
    });
    fails(failed, ErrorCode::USER);
    let mut u = Vector::new(petsc.world(), 2)?;
    ts.set_type(TsType::EULER)?;
    ts.set_rhs_function(&*u.duplicate()?, |_, _, u, g| g.copy_from(u))?;
    ts.set_max_steps(2)?;
    let _ = ts.solve(&mut u)?;
    assert_eq!(seen, 0);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn closures_around_steps_give_way_for_a_scope(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = super::rational(petsc, TsType::RK, 0.5)?;
    ts.adapt()?.set_type(petsc_rs::ts::TsAdaptType::NONE)?;
    let always = Rc::new(Cell::new(0));
    let seen = Rc::clone(&always);
    ts.set_post_step(move |_| {
        seen.set(seen.get() + 1);
        Ok(())
    })?;
    let mut again = |ts: &mut petsc_rs::TsRef| {
        u.set(r(1.0))?;
        ts.set_time(0.0)?;
        ts.set_step_number(0)?;
        ts.set_time_step(0.5)?;
        ts.solve(&mut u).map(|_| ())
    };
    let (mut steps, mut last, mut stages, mut ends, mut evaluations) = (0, 0.0, 0, 0, 0);
    ts.scope(|s| {
        s.set_pre_step(|_| {
            steps += 1;
            Ok(())
        })?;
        // The first of these two gives way to the second.
        s.set_post_step(|_| Err(Error::user("replaced")))?;
        s.set_post_step(|ts| {
            last = ts.time()?;
            Ok(())
        })?;
        s.set_post_evaluate(|_| {
            evaluations += 1;
            Ok(())
        })?;
        s.set_pre_stage(|_, _| {
            stages += 1;
            Ok(())
        })?;
        s.set_post_stage(|_, _, _, _| {
            ends += 1;
            Ok(())
        })?;
        again(s)
    })?;
    assert_eq!((steps, last, evaluations, stages), (2, 1.0, 2, ends));
    assert!(stages >= 6);
    assert_eq!(always.get(), 0, "the one from before has given way");
    again(&mut ts)?;
    assert_eq!((always.get(), steps), (2, 2), "and is back");
    // Also if the scope fails.
    let failed = ts.scope(|s| {
        s.set_post_step(|_| Err(Error::user("no further")))?;
        again(s)
    });
    fails(failed, ErrorCode::USER);
    ts.reset()?;
    again(&mut ts)?;
    assert_eq!(always.get(), 4);
    Ok(())
}
