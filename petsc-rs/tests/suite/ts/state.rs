//! Single steps, the state, and what is checked before PETSc gets to it.

use petsc_rs::prelude::*;
use petsc_rs::ts::{ConvergedReason, ExactFinalTime, RkType, StepLimits, TsAdaptType};
use petsc_rs::{ErrorCode, Ts, TsType};
use petsc_test::assert_close;

use super::{fails, r, rational};

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_step_can_be_undone_and_interpolated(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = rational(petsc, TsType::RK, 0.05)?;
    ts.adapt()?.set_type(TsAdaptType::NONE)?;
    let mut at = u.duplicate()?;
    fails(ts.solution().map(|_| ()), ErrorCode::ARG_WRONGSTATE);
    ts.set_solution(&mut u)?;
    fails(ts.interpolate(0.0, &mut at), ErrorCode::ARG_WRONGSTATE);
    fails(ts.rollback(), ErrorCode::ARG_WRONGSTATE);
    ts.step()?;
    ts.step()?;
    assert_eq!((ts.step_number()?, ts.time()?, ts.previous_time()?), (2, 0.1, 0.05));
    ts.interpolate(0.08, &mut at)?;
    // The scheme has the linear interpolation only.
    let linear = 0.4 / 1.05 + 0.6 / 1.1;
    assert_close!(at.norm(Norm::Infinity)?, linear, 1e-5);
    fails(ts.interpolate(0.2, &mut at), ErrorCode::ARG_OUTOFRANGE);
    fails(ts.interpolate(0.08, &mut u), ErrorCode::ARG_IDN);
    let mut long = Vector::new(petsc.world(), 50)?;
    fails(ts.interpolate(0.08, &mut long), ErrorCode::ARG_SIZ);
    // The embedded method of order 2 gives another result, near by.
    assert!(ts.evaluate_step(2, &mut at)?);
    at.axpy(r(-1.0), &u)?;
    let difference = at.norm(Norm::Infinity)?;
    assert!(difference > 1e-9 && difference < 1e-4, "{difference}");
    ts.rollback()?;
    assert_eq!((ts.step_number()?, ts.time()?), (1, 0.05));
    assert_close!(u.norm(Norm::Infinity)?, 1.0 / 1.05, 1e-5);
    fails(ts.rollback(), ErrorCode::ARG_WRONGSTATE);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn steps_one_by_one_are_those_of_solve(petsc: &Petsc) -> Result<()> {
    for last in [ExactFinalTime::StepOver, ExactFinalTime::Interpolate, ExactFinalTime::MatchStep] {
        let (mut ts, mut u) = rational(petsc, TsType::RK, 0.3)?;
        ts.set_exact_final_time(last)?;
        let end = ts.solve(&mut u)?;
        let (mut ts, mut v) = rational(petsc, TsType::RK, 0.3)?;
        ts.set_exact_final_time(last)?;
        let mut times = vec![0.0];
        let mut steps = ts.steps(&mut v)?;
        while let Some(step) = steps.advance()? {
            assert!(step.time > times[times.len() - 1]);
            assert_eq!(step.number, times.len());
            assert_close!(step.state.norm(Norm::Infinity)?, 1.0 / (1.0 + step.time), 1e-3);
            times.push(step.time);
        }
        assert!(steps.advance()?.is_none());
        let finished = steps.finish()?;
        assert_eq!((finished, times.len() - 1), (end, end.steps), "{last:?}");
        v.axpy(r(-1.0), &u)?;
        assert_eq!(v.norm(Norm::Infinity)?, 0.0, "{last:?}");
    }
    let (mut ts, mut u) = rational(petsc, TsType::EULER, 0.25)?;
    ts.set_max_steps(3)?;
    let end = ts.steps(&mut u)?.finish()?;
    assert_eq!((end.reason, end.steps, end.time), (ConvergedReason::Steps, 3, 0.75));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn arrays_in_use_are_respected(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = rational(petsc, TsType::RK, 0.1)?;
    ts.set_solution(&mut u)?;
    let guard = u.array()?;
    fails(ts.step(), ErrorCode::ARG_WRONGSTATE);
    fails(ts.solve_in_place(), ErrorCode::ARG_WRONGSTATE);
    drop(guard);
    let mut other = Vector::new(petsc.world(), 3)?;
    let guard = other.array_mut()?;
    fails(ts.step(), ErrorCode::ARG_WRONGSTATE);
    drop(guard);
    ts.step()
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn tolerances_by_entry_choose_the_steps(petsc: &Petsc) -> Result<()> {
    let count = |tolerance: f64| -> Result<usize> {
        let (mut ts, mut u) = rational(petsc, TsType::RK, 0.01)?;
        let mut atol = u.duplicate()?;
        atol.set(r(tolerance))?;
        ts.set_tolerances(1.0, 0.0)?;
        assert_eq!(ts.tolerances()?, (1.0, 0.0));
        ts.set_vector_tolerances(Some(&atol), None)?;
        Ok(ts.solve(&mut u)?.steps)
    };
    let (coarse, fine) = (count(1e-4)?, count(1e-9)?);
    // Of order 3: steps shrink with the cubic root of the tolerance, 46 times.
    assert!(fine > 10 * coarse, "{coarse} {fine}");
    let (mut ts, mut u) = rational(petsc, TsType::RK, 0.01)?;
    let short = Vector::new(petsc.world(), 2)?;
    ts.set_vector_tolerances(None, Some(&short))?;
    fails(ts.set_tolerances(-1.0, 0.0), ErrorCode::ARG_OUTOFRANGE);
    if petsc.world().size() == 1 {
        fails(ts.solve(&mut u), ErrorCode::ARG_SIZ);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn the_controller_does_what_was_set(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = rational(petsc, TsType::RK, 0.5)?;
    ts.set_rk_type(RkType::RK3BS)?;
    let mut adapt = ts.adapt()?;
    adapt.set_type(TsAdaptType::BASIC)?;
    assert!(adapt.is_type("basic")?);
    fails(adapt.set_clip(1.5, 2.0), ErrorCode::ARG_OUTOFRANGE);
    fails(adapt.set_clip(-2.0, 2.0), ErrorCode::ARG_OUTOFRANGE);
    adapt.set_safety(0.8, 0.4)?;
    assert_eq!(adapt.safety()?, (0.8, 0.4));
    fails(adapt.set_scale_solve_failed(1.0), ErrorCode::ARG_OUTOFRANGE);
    adapt.set_step_increase_delay(2)?;
    adapt.set_max_ignore(1e-30)?;
    let limits = StepLimits { min: 0.001, max: 0.02 };
    adapt.set_step_limits(limits)?;
    assert_eq!(adapt.step_limits()?, limits);
    fails(adapt.set_step_limits(StepLimits { min: 1.0, max: 0.5 }), ErrorCode::ARG_OUTOFRANGE);
    adapt.set_step_limits(limits)?;
    // The first step is too long, and may not grow after that.
    ts.set_tolerances(1e-6, 1e-6)?;
    let end = ts.solve(&mut u)?;
    assert!(ts.step_rejections()? > 0);
    assert!(end.steps >= 50, "{end}");
    let (mut ts, mut u) = rational(petsc, TsType::RK, 0.5)?;
    ts.adapt()?.set_always_accept(true)?;
    ts.set_tolerances(1e-6, 1e-6)?;
    let _ = ts.solve(&mut u)?;
    assert_eq!(ts.step_rejections()?, 0);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn reset_keeps_what_was_set(petsc: &Petsc) -> Result<()> {
    // By its own matrix, and by the one of the linear problem, which PETSc's own reset forgets.
    let (mut ts, mut u) = rational(petsc, TsType::CN, 0.02)?;
    let first = ts.solve(&mut u)?;
    ts.reset()?;
    ts.set_time(0.0)?;
    ts.set_step_number(0)?;
    ts.set_time_step(0.02)?;
    u.set(r(1.0))?;
    assert_eq!(ts.solve(&mut u)?, first);
    assert_close!(u.norm(Norm::Infinity)?, 0.5, 1e-4);
    let a = Matrix::constant_diagonal(petsc.world(), 4, r(-1.0))?.convert(MatrixType::AIJ)?;
    let (mut u, _) = a.vectors()?;
    for kind in [TsType::CN, TsType::EULER] {
        let mut ts = Ts::new(petsc.world())?;
        ts.set_type(kind)?;
        ts.set_rhs_linear(&a)?;
        for _ in 0..2 {
            ts.reset()?;
            ts.set_time(0.0)?;
            ts.set_step_number(0)?;
            ts.set_time_step(0.001)?;
            ts.set_max_time(1.0)?;
            ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
            u.set(r(1.0))?;
            let _ = ts.solve(&mut u)?;
            assert_close!(u.norm(Norm::Infinity)?, (-1f64).exp(), 1e-3);
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_grid_outlives_its_integrator(petsc: &Petsc) -> Result<()> {
    // PETSc leaves a pointer to the first integrator on the grid.
    let grid = Dmda::builder(petsc.world()).sizes([9]).build()?;
    for rate in [1.0, 2.0] {
        let mut ts = Ts::new(petsc.world())?;
        ts.set_dm(&grid)?;
        ts.set_type(TsType::BEULER)?;
        let j = grid.create_matrix()?;
        let mut u = grid.create_global_vector()?;
        u.set(r(1.0))?;
        ts.set_i_function(&*u.duplicate()?, move |_, _, u, v, y| {
            y.copy_from(v)?;
            y.axpy(r(rate), u)
        })?;
        ts.set_i_jacobian(&j, &j, move |_, s, _, p| {
            for i in p.ownership_range()? {
                p.set_value(i, i, r(s.shift + rate), InsertMode::Insert)?;
            }
            p.assemble()
        })?;
        ts.set_time_step(0.1)?;
        ts.set_max_time(1.0)?;
        ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
        let _ = ts.solve(&mut u)?;
        assert_close!(u.norm(Norm::Infinity)?, (1.0 + 0.1 * rate).powi(-10), 1e-5);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn counts_and_a_known_solution_are_returned(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u) = rational(petsc, TsType::BEULER, 0.1)?;
    ts.set_solution_function(|_, t, u| u.set(r(1.0 / (1.0 + t))))?;
    let end = ts.solve(&mut u)?;
    assert_eq!((ts.step_number()?, ts.solve_time()?, ts.max_time()?), (10, end.time, 1.0));
    assert!(ts.snes_iterations()? >= 10);
    assert!(ts.ksp_iterations()? >= ts.snes_iterations()?);
    assert_eq!((ts.step_rejections()?, ts.snes_failures()?), (0, 0));
    assert_eq!(ts.exact_final_time()?, ExactFinalTime::MatchStep);
    assert_eq!(ts.converged_reason()?, ConvergedReason::Time);
    let mut exact = u.duplicate()?;
    ts.compute_solution_function(1.0, &mut exact)?;
    exact.axpy(r(-1.0), &u)?;
    let error = exact.norm(Norm::Infinity)?;
    assert!(error > 1e-3 && error < 2e-2, "{error}");
    Ok(())
}

/// Backward Euler for `u' = -u` on a grid, to time 1 in ten steps.
fn decay(grid: &Dmda) -> Result<f64> {
    let mut ts = Ts::new(&grid.comm()?)?;
    ts.set_dm(grid)?;
    ts.set_type(TsType::BEULER)?;
    let mut u = grid.create_global_vector()?;
    let j = grid.create_matrix()?;
    u.set(r(1.0))?;
    let g = u.duplicate()?;
    ts.set_rhs_function(&g, |_, _, u, g| {
        g.copy_from(u)?;
        g.scale(r(-1.0))
    })?;
    ts.set_rhs_jacobian(&j, &j, |_, _, _, a, _| {
        for i in a.ownership_range()? {
            a.set_value(i, i, r(-1.0), InsertMode::Insert)?;
        }
        a.assemble()
    })?;
    ts.set_time_step(0.1)?;
    ts.set_max_steps(10)?;
    let _ = ts.solve(&mut u)?;
    u.norm(Norm::Infinity)
}

#[petsc_test::test(ranks = [1, 2])]
fn a_grid_outlives_the_integrators_that_used_it(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([9]).build()?;
    let exact = 1.1_f64.powi(-10);
    assert_close!(decay(&grid)?, exact, 1e-12);
    // The second one finds the functions of the first, which is gone.
    assert_close!(decay(&grid)?, exact, 1e-12);
    // So does a nonlinear solver; it must not call them.
    let mut snes = petsc_rs::Snes::new(petsc.world())?;
    snes.set_dm(&grid)?;
    let mut x = grid.create_global_vector()?;
    let mut y = x.duplicate()?;
    fails(snes.solve(None, &mut x), ErrorCode::ARG_WRONGSTATE);
    fails(snes.compute_function(&x, &mut y), ErrorCode::ARG_WRONGSTATE);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn integrators_use_the_functions_of_a_grid_in_turn(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([9]).build()?;
    let integrator = || -> Result<Ts> {
        let mut ts = Ts::new(petsc.world())?;
        ts.set_dm(&grid)?;
        ts.set_type(TsType::BEULER)?;
        ts.set_max_time(1.0)?;
        ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
        Ok(ts)
    };
    let run = |ts: &mut Ts, steps: i32| -> Result<()> {
        let step = f64::from(steps).recip();
        let mut u = grid.create_global_vector()?;
        u.set(r(1.0))?;
        ts.set_time(0.0)?;
        ts.set_step_number(0)?;
        ts.set_time_step(step)?;
        let _ = ts.solve(&mut u)?;
        assert_close!(u.norm(Norm::Infinity)?, (1.0 + step).powi(-steps), 1e-5);
        Ok(())
    };
    let (mut first, mut second) = (integrator()?, integrator()?);
    let j = grid.create_matrix()?;
    first.set_i_function(&*grid.create_global_vector()?, |_, _, u, v, y| {
        y.copy_from(v)?;
        y.axpy(r(1.0), u)
    })?;
    first.set_i_jacobian(&j, &j, |_, s, _, p| {
        for i in p.ownership_range()? {
            p.set_value(i, i, r(s.shift + 1.0), InsertMode::Insert)?;
        }
        p.assemble()
    })?;
    run(&mut first, 10)?;
    // The second one has the functions of the grid only.
    run(&mut second, 5)?;
    run(&mut first, 10)?;
    drop(first);
    run(&mut second, 5)
}
