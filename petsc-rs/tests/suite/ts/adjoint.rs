//! Gradients by adjoints against closed forms.

use std::cell::RefCell;
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::ts::{TrajectoryType, TsAdaptType};
use petsc_rs::{ErrorCode, Ts, TsType};
use petsc_test::assert_close;

use super::{fails, r, set_decay, set_decay_by_parameter, up_to_one};

const P: f64 = 0.7;

/// `u' = -p u²` from `1, 2, …`: `u(t) = u₀ / (1 + p u₀ t)`.
struct Problem {
    ts: Ts,
    u: Vector,
    start: Vector,
    parameter: Vector,
}

fn problem(petsc: &Petsc, kind: TsType<'_>) -> Result<Problem> {
    let world = petsc.world();
    let j = Matrix::builder(world).global_size(5, 5).preallocate(1, 0).build()?;
    let by_p = Matrix::builder(world).global_size(5, 1).build()?;
    let (mut u, _) = j.vectors()?;
    let (parameter, _) = by_p.vectors()?;
    for (i, u) in u.ownership_range()?.zip(u.array_mut()?.iter_mut()) {
        *u = r(i as Real + 1.0);
    }
    let start = {
        let mut start = u.duplicate()?;
        start.copy_from(&u)?;
        start
    };
    let mut ts = Ts::new(world)?;
    ts.set_type(kind)?;
    set_decay(&mut ts, &j, P)?;
    set_decay_by_parameter(&mut ts, &by_p)?;
    ts.adapt()?.set_type(TsAdaptType::NONE)?;
    ts.set_max_steps(100)?;
    up_to_one(&mut ts, 0.01)?;
    Ok(Problem { ts, u, start, parameter })
}

#[petsc_test::test(ranks = [1, 2])]
fn methods_without_an_adjoint_are_refused(petsc: &Petsc) -> Result<()> {
    // The first one stores no states.
    for kind in [TsType::GLLE, TsType::EULER] {
        let Problem { mut ts, mut u, .. } = problem(petsc, kind)?;
        ts.save_trajectory(TrajectoryType::MEMORY)?;
        let _ = ts.solve(&mut u)?;
        let mut lambda = u.duplicate()?;
        fails(ts.adjoint_solve(&mut [&mut lambda], &mut []), ErrorCode::SUP);
        petsc.recover()?;
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn gradients_are_those_in_closed_form(petsc: &Petsc) -> Result<()> {
    for (kind, tolerance) in [(TsType::RK, 1e-4), (TsType::CN, 1e-3)] {
        let Problem { mut ts, mut u, start, parameter } = problem(petsc, kind)?;
        let (mut lambda, mut mu) = (u.duplicate()?, parameter);
        lambda.set(r(1.0))?;
        fails(ts.adjoint_solve(&mut [&mut lambda], &mut []), ErrorCode::ARG_WRONGSTATE);
        ts.save_trajectory(TrajectoryType::MEMORY)?;
        let steps = Rc::new(RefCell::new(Vec::new()));
        let noted = Rc::clone(&steps);
        ts.add_adjoint_monitor(move |_, step, _, _, lambda, mu| {
            assert_eq!((lambda.len(), mu.len()), (1, 1));
            noted.borrow_mut().push(step);
            Ok(())
        })?;
        let _ = ts.solve(&mut u)?;
        mu.set(r(0.0))?;
        ts.adjoint_solve(&mut [&mut lambda], &mut [&mut mu])?;
        let mut by_p = 0.0;
        for i in 1..=5 {
            let u0 = f64::from(i);
            by_p -= u0 * u0 / (1.0 + P * u0).powi(2);
        }
        for (lambda, u0) in lambda.array()?.iter().zip(start.array()?.iter()) {
            let exact = (1.0 + P * u0.real()).powi(-2);
            assert_close!(lambda.real(), exact, tolerance);
        }
        assert_close!(mu.sum()?.real(), by_p, tolerance);
        let steps = steps.borrow();
        assert_eq!(steps.len(), 101);
        assert!(steps.is_sorted_by(|a, b| a > b), "back through the steps");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn wrong_gradients_are_refused(petsc: &Petsc) -> Result<()> {
    let Problem { mut ts, mut u, parameter, .. } = problem(petsc, TsType::RK)?;
    ts.save_trajectory(TrajectoryType::MEMORY)?;
    assert!(ts.trajectory_is_saved()?);
    fails(ts.steps(&mut u).map(|_| ()), ErrorCode::SUP);
    let _ = ts.solve(&mut u)?;
    let (mut a, mut b) = (u.duplicate()?, u.duplicate()?);
    let (mut mu, mut long) = (parameter, Vector::new(petsc.world(), 40)?);
    fails(ts.adjoint_solve(&mut [], &mut []), ErrorCode::ARG_SIZ);
    fails(ts.adjoint_solve(&mut [&mut long], &mut []), ErrorCode::ARG_SIZ);
    let two: &mut [&mut petsc_rs::VectorRef] = &mut [&mut a, &mut b];
    fails(ts.adjoint_solve(two, &mut [&mut mu]), ErrorCode::ARG_SIZ);
    // C adds a duplicate of the first one to each.
    let mut nested = Vector::nest(petsc.world(), &[&mu.duplicate()?])?;
    fails(ts.adjoint_solve(two, &mut [&mut mu, &mut nested]), ErrorCode::ARG_NOTSAMETYPE);
    ts.remove_trajectory()?;
    assert!(!ts.trajectory_is_saved()?);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn integrals_and_their_gradients_have_their_closed_form(petsc: &Petsc) -> Result<()> {
    // ∫ u dt = ln(1 + p u₀)/p, whose derivative by u₀ is 1/(1 + p u₀).
    let Problem { mut ts, mut u, start, mut parameter } = problem(petsc, TsType::RK)?;
    fails(ts.cost_integral().map(|_| ()), ErrorCode::ARG_WRONGSTATE);
    let local = u.local_len()?;
    let by_u = Matrix::builder(petsc.world())
        .kind(MatrixType::DENSE)
        .local_size(local, usize::from(petsc.world().rank() == 0))
        .build()?;
    let mut integral = ts.create_quadrature(true, 1)?;
    integral.set_integrand(|_, _, u, value| {
        let sum = u.sum()?;
        value.set(sum)
    })?;
    integral.set_gradient(&by_u, |_, _, _, a| {
        for i in a.ownership_range()? {
            a.set_value(i, 0, r(1.0), InsertMode::Insert)?;
        }
        a.assemble()
    })?;
    ts.save_trajectory(TrajectoryType::MEMORY)?;
    let _ = ts.solve(&mut u)?;
    let mut expected = 0.0;
    for i in 1..=5 {
        expected += (1.0 + P * f64::from(i)).ln() / P;
    }
    assert_close!(ts.cost_integral()?.array()?[0].real(), expected, 1e-5);
    let mut lambda = u.duplicate()?;
    lambda.set(r(0.0))?;
    // What is integrated has no derivative by parameters.
    fails(ts.adjoint_solve(&mut [&mut lambda], &mut [&mut parameter]), ErrorCode::ARG_WRONGSTATE);
    ts.adjoint_solve(&mut [&mut lambda], &mut [])?;
    for (lambda, u0) in lambda.array()?.iter().zip(start.array()?.iter()) {
        assert_close!(lambda.real(), 1.0 / (1.0 + P * u0.real()), 1e-4);
    }
    // Columns that are too short for the state, and no column.
    let column = usize::from(petsc.world().rank() == 0);
    for (rows, columns) in [(local - local.min(1), column), (local, 0)] {
        let wrong = Matrix::builder(petsc.world())
            .kind(MatrixType::DENSE)
            .local_size(rows, columns)
            .build()?;
        let mut integral = ts.create_quadrature(true, 1)?;
        integral.set_gradient(&wrong, |_, _, _, _| Ok(()))?;
        fails(ts.adjoint_solve(&mut [&mut lambda], &mut []), ErrorCode::ARG_SIZ);
    }
    Ok(())
}

/// The problem in the implicit form `u' + p u² = 0`.
fn implicit(petsc: &Petsc) -> Result<Problem> {
    let Problem { u, start, parameter, .. } = problem(petsc, TsType::CN)?;
    let world = petsc.world();
    let j = Matrix::builder(world).global_size(5, 5).preallocate(1, 0).build()?;
    let by_p = Matrix::builder(world).global_size(5, 1).build()?;
    let mut ts = Ts::new(world)?;
    ts.set_type(TsType::CN)?;
    ts.set_i_function(&*u.duplicate()?, |_, _, u, v, y| {
        let (u, v, mut y) = (u.array()?, v.array()?, y.array_mut()?);
        for (y, (u, v)) in y.iter_mut().zip(u.iter().zip(v.iter())) {
            *y = *v + r(P) * *u * *u;
        }
        Ok(())
    })?;
    ts.set_i_jacobian(&j, &j, |_, state, _, p| {
        for (i, u) in p.ownership_range()?.zip(state.u.array()?.iter()) {
            let value = r(state.shift) + r(2.0 * P) * *u;
            p.set_value(i, i, value, InsertMode::Insert)?;
        }
        p.assemble()
    })?;
    // One that is replaced, and must not be called.
    ts.set_i_jacobian_p(&by_p, |_, _, _| Err(Error::user("replaced")))?;
    ts.set_i_jacobian_p(&by_p, |_, state, a| {
        for (i, u) in a.ownership_range()?.zip(state.u.array()?.iter()) {
            a.set_value(i, 0, *u * *u, InsertMode::Insert)?;
        }
        a.assemble()
    })?;
    ts.adapt()?.set_type(TsAdaptType::NONE)?;
    up_to_one(&mut ts, 0.01)?;
    Ok(Problem { ts, u, start, parameter })
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn gradients_of_an_implicit_problem_have_their_closed_form(petsc: &Petsc) -> Result<()> {
    let Problem { mut ts, mut u, start, parameter } = implicit(petsc)?;
    ts.save_trajectory(TrajectoryType::MEMORY)?;
    let _ = ts.solve(&mut u)?;
    let (mut lambda, mut mu) = (u.duplicate()?, parameter);
    lambda.set(r(1.0))?;
    mu.set(r(0.0))?;
    ts.adjoint_solve(&mut [&mut lambda], &mut [&mut mu])?;
    let mut by_p = 0.0;
    for i in 1..=5 {
        let u0 = f64::from(i);
        by_p -= u0 * u0 / (1.0 + P * u0).powi(2);
    }
    assert_close!(mu.sum()?.real(), by_p, 1e-3);
    for (lambda, u0) in lambda.array()?.iter().zip(start.array()?.iter()) {
        assert_close!(lambda.real(), (1.0 + P * u0.real()).powi(-2), 1e-3);
    }
    Ok(())
}
