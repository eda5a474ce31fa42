//! Closures that borrow.

use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, Ts, TsType};
use petsc_test::assert_close;

use super::{fails, r};

#[petsc_test::test(ranks = [1, 2, 3])]
fn closures_borrow_for_a_scope(petsc: &Petsc) -> Result<()> {
    let j = Matrix::builder(petsc.world())
        .global_size(4, 4)
        .preallocate(1, 0)
        .build()?;
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
    let text = format!(
        "{error} {:?}",
        std::error::Error::source(&error).map(ToString::to_string)
    );
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
