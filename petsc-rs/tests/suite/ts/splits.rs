//! Parts of the state with right-hand sides of their own.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::ts::{BasicSymplecticType, ExactFinalTime, MprkType, TsAdaptType};
use petsc_rs::{ErrorCode, IndexSet, Ts, TsType};
use petsc_test::assert_close;

use super::{fails, r};

/// On each rank a slow and a fast unknown, `s' = -s/2`, `f' = -8 (f - s)`, from 1 each.
fn slow_and_fast(petsc: &Petsc, steps: u8) -> Result<(Ts, Vector)> {
    let world = petsc.world();
    let mut u = Vector::with_local_len(world, 2)?;
    u.set(r(1.0))?;
    let first = u.ownership_range()?.start;
    let mut ts = Ts::new(world)?;
    ts.set_type(TsType::MPRK)?;
    ts.set_rhs_function(&*u.duplicate()?, |_, _, u, g| {
        let (u, mut g) = (u.array()?, g.array_mut()?);
        (g[0], g[1]) = (r(-0.5) * u[0], r(-8.0) * (u[1] - u[0]));
        Ok(())
    })?;
    ts.add_rhs_split("slow", &*IndexSet::general(world, &[first])?)?;
    ts.add_rhs_split("fast", &*IndexSet::general(world, &[first + 1])?)?;
    ts.adapt()?.set_type(TsAdaptType::NONE)?;
    ts.set_time_step(1.0 / f64::from(steps))?;
    // The method does not shorten its last step.
    ts.set_max_steps(usize::from(steps))?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    Ok((ts, u))
}

/// The largest error at the time 1.
fn error(u: &Vector) -> Result<f64> {
    let slow = (-0.5_f64).exp();
    // f = a exp(-t/2) + (1 - a) exp(-8 t), -a/2 = -8 (a - 1).
    let a = 8.0 / 7.5;
    let fast = a * slow + (1.0 - a) * (-8.0_f64).exp();
    let u = u.array()?;
    Ok((u[0].real() - slow).abs().max((u[1].real() - fast).abs()))
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn multirate_methods_have_their_order(petsc: &Petsc) -> Result<()> {
    for (scheme, parts) in [
        (MprkType::A22, false),
        (MprkType::A22, true),
        (MprkType::A32, false),
        (MprkType::P2, true),
    ] {
        let mut errors = [0.0; 2];
        let calls = Rc::new(Cell::new((0, 0)));
        for (found, steps) in errors.iter_mut().zip([40, 80]) {
            let (mut ts, mut u) = slow_and_fast(petsc, steps)?;
            ts.set_mprk_type(scheme)?;
            assert_eq!(ts.mprk_type()?, scheme.name().to_string_lossy());
            let (slow, fast) = (Rc::clone(&calls), Rc::clone(&calls));
            ts.set_split_rhs_function("slow", move |_, _, u, g| {
                slow.set((slow.get().0 + 1, slow.get().1));
                assert_eq!((u.local_len()?, g.local_len()?), (2, 1));
                g.array_mut()?[0] = r(-0.5) * u.array()?[0];
                Ok(())
            })?;
            ts.set_split_rhs_function("fast", |_, _, _, _| Err(Error::user("replaced")))?;
            ts.set_split_rhs_function("fast", move |_, _, u, g| {
                fast.set((fast.get().0, fast.get().1 + 1));
                let u = u.array()?;
                g.array_mut()?[0] = r(-8.0) * (u[1] - u[0]);
                Ok(())
            })?;
            ts.set_use_split_rhs(parts)?;
            assert_eq!(ts.uses_split_rhs()?, parts);
            let _ = ts.solve(&mut u)?;
            *found = error(&u)?;
            fails(ts.set_use_split_rhs(!parts), ErrorCode::ARG_WRONGSTATE);
            fails(ts.set_mprk_type(MprkType::A23), ErrorCode::ARG_WRONGSTATE);
        }
        let order = (errors[0] / errors[1]).log2();
        assert!((1.8..2.6).contains(&order), "{scheme:?} {parts} {errors:?}");
        let (slow, fast) = calls.get();
        assert_eq!(slow > 0, parts);
        assert!(slow <= fast, "{slow} {fast}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn symplectic_methods_have_their_order(petsc: &Petsc) -> Result<()> {
    for (scheme, expected) in [
        (BasicSymplecticType::SIEULER, 1.0),
        (BasicSymplecticType::VELVERLET, 2.0),
        (BasicSymplecticType::ORDER3, 3.0),
        (BasicSymplecticType::ORDER4, 4.0),
    ] {
        let mut errors = [0.0; 2];
        for (error, steps) in errors.iter_mut().zip([20_u8, 40]) {
            let mut u = Vector::with_local_len(petsc.world(), 2)?;
            u.array_mut()?[0] = r(1.0);
            let first = u.ownership_range()?.start;
            let mut ts = Ts::new(petsc.world())?;
            ts.set_type(TsType::BASICSYMPLECTIC)?;
            ts.set_basic_symplectic_type(scheme)?;
            for (name, at) in [("position", first), ("momentum", first + 1)] {
                ts.add_rhs_split(name, &*IndexSet::general(petsc.world(), &[at])?)?;
            }
            ts.set_split_rhs_function("position", |_, _, p, dq| dq.copy_from(p))?;
            ts.set_split_rhs_function("momentum", |_, _, q, dp| {
                dp.copy_from(q)?;
                dp.scale(r(-1.0))
            })?;
            ts.set_time_step(1.0 / f64::from(steps))?;
            ts.set_max_steps(usize::from(steps))?;
            let _ = ts.solve(&mut u)?;
            let u = u.array()?;
            let (c, s) = (1.0_f64.cos(), 1.0_f64.sin());
            *error = (u[0].real() - c).abs().max((u[1].real() + s).abs());
        }
        let order = (errors[0] / errors[1]).log2();
        assert_close!(order, expected, 0.15);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn wrong_parts_are_refused(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let (mut ts, mut u) = slow_and_fast(petsc, 10)?;
    assert_eq!(ts.rhs_splits()?, ["slow", "fast"]);
    assert_eq!(ts.rhs_split("fast")?.local_len()?, 1);
    fails(ts.rhs_split("medium").map(|_| ()), ErrorCode::ARG_WRONG);
    let one = IndexSet::general(world, &[0])?;
    fails(ts.add_rhs_split("slow", &one), ErrorCode::ARG_WRONG);
    fails(ts.add_rhs_split("", &one), ErrorCode::ARG_WRONG);
    fails(ts.set_split_rhs_function("medium", |_, _, _, _| Ok(())), ErrorCode::ARG_WRONG);
    fails(ts.set_rk_type(petsc_rs::ts::RkType::RK4), ErrorCode::ARG_WRONG);
    // Only one rank is wrong, all find it.
    let last = world.rank() == world.size() - 1;
    let bad = IndexSet::general(world, &[if last { -1 } else { 0 }])?;
    fails(ts.add_rhs_split("medium", &bad), ErrorCode::ARG_OUTOFRANGE);
    let beyond = IndexSet::general(world, &[if last { 1000 } else { 0 }])?;
    ts.add_rhs_split("medium", &beyond)?;
    fails(ts.solve(&mut u), ErrorCode::ARG_OUTOFRANGE);
    // A method that wants parts, without any.
    let mut bare = Ts::new(world)?;
    bare.set_type(TsType::MPRK)?;
    bare.set_rhs_function(&*u.duplicate()?, |_, _, u, g| g.copy_from(u))?;
    bare.set_max_steps(1)?;
    fails(bare.solve(&mut u), ErrorCode::USER);
    Ok(())
}
