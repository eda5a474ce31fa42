//! Second derivatives by adjoints against closed forms.

use petsc_rs::prelude::*;
use petsc_rs::ts::{
    EquationType, ExactFinalTime, HessianBlock, RkType, SecondOrderCost, TrajectoryType,
    TsAdaptType,
};
use petsc_rs::{ErrorCode, Ts, TsType, VectorRef};
use petsc_test::{assert_close, assert_error};

use super::{fails, r, set_decay, set_decay_by_parameter, up_to_one};

const P: f64 = 0.7;

/// The first states are 1, 2, …, 5, the directions 1, 1/2, …
fn first(i: usize) -> f64 {
    i as Real + 1.0
}

/// `u' = -p u²`, whose end at time 1 is `u₀ / (1 + p u₀)`.
struct Problem {
    ts: Ts,
    u: Vector,
    direction: Vector,
    /// As long as the parameters.
    parameter: Vector,
}

/// Where the derivatives of the equation come from.
#[derive(Clone, Copy, PartialEq)]
enum By {
    /// The right-hand side.
    Rhs,
    /// An implicit function.
    Implicit,
    /// The right-hand side, also by the parameter.
    Parameter,
}

fn map(x: &VectorRef, y: &mut VectorRef, f: impl Fn(Scalar) -> Scalar) -> Result<()> {
    let (x, mut y) = (x.array()?, y.array_mut()?);
    y.iter_mut().zip(x.iter()).for_each(|(y, x)| *y = f(*x));
    Ok(())
}

fn problem(petsc: &Petsc, kind: TsType<'_>, by: By, steps: usize) -> Result<Problem> {
    let world = petsc.world();
    let j = Matrix::builder(world).global_size(5, 5).preallocate(1, 0).build()?;
    let by_p = Matrix::builder(world).global_size(5, 1).build()?;
    let (mut u, g) = j.vectors()?;
    let mut direction = u.duplicate()?;
    let (parameter, _) = by_p.vectors()?;
    let rows = u.ownership_range()?;
    for (i, (u, d)) in rows.zip(u.array_mut()?.iter_mut().zip(direction.array_mut()?.iter_mut())) {
        let value = first(usize::try_from(i)?);
        (*u, *d) = (r(value), r(1.0 / value));
    }
    let mut ts = Ts::new(world)?;
    ts.set_type(kind)?;
    if by == By::Implicit {
        ts.set_i_function(&g, |_, _, u, v, y| {
            map(u, y, |u| r(P) * u * u)?;
            y.axpy(r(1.0), v)
        })?;
        ts.set_i_jacobian(&j, &j, |_, state, a, _| {
            for (i, u) in a.ownership_range()?.zip(state.u.array()?.iter()) {
                let value = r(2.0 * P) * *u + r(state.shift);
                a.set_value(i, i, value, InsertMode::Insert)?;
            }
            a.assemble()
        })?;
        ts.set_i_hessian_product(|_, product, y| {
            y.pointwise_mult(product.left, product.right)?;
            y.scale(r(2.0 * P))
        })?;
    } else {
        set_decay(&mut ts, &j, P)?;
        ts.set_rhs_hessian_product(|_, product, y| match product.block {
            HessianBlock::StateState => {
                // Into zeros, also where a product was before.
                let mut term = y.duplicate()?;
                term.pointwise_mult(product.left, product.right)?;
                y.axpy(r(-2.0 * P), &term)
            }
            HessianBlock::StateParameter => {
                y.pointwise_mult(product.left, product.u)?;
                let along = product.right.sum()?;
                y.scale(r(-2.0) * along)
            }
            HessianBlock::ParameterState => {
                let mut all = product.u.duplicate()?;
                all.pointwise_mult(product.left, product.u)?;
                let mut weighed = all.duplicate()?;
                weighed.pointwise_mult(&all, product.right)?;
                let sum = weighed.sum()?;
                y.set(r(-2.0) * sum)
            }
            HessianBlock::ParameterParameter => Ok(()),
        })?;
    }
    if by == By::Parameter {
        set_decay_by_parameter(&mut ts, &by_p)?;
    }
    ts.set_equation_type(EquationType::OdeExplicit)?;
    ts.adapt()?.set_type(TsAdaptType::NONE)?;
    ts.set_max_steps(steps)?;
    up_to_one(&mut ts, 1.0 / steps as Real)?;
    Ok(Problem { ts, u, direction, parameter })
}

/// The largest error of products with the Hessian of `∑ u(1)²/2` by the first state.
fn error(
    petsc: &Petsc,
    (kind, by): (TsType<'_>, By),
    keep: TrajectoryType<'_>,
    steps: usize,
) -> Result<f64> {
    let Problem { mut ts, mut u, direction, .. } = problem(petsc, kind, by, steps)?;
    ts.save_trajectory(keep)?;
    let (mut lambda, mut lambda2) = (u.duplicate()?, u.duplicate()?);
    let tangent = ts.solve_tangent(&mut u, &direction, None)?;
    assert_eq!(tangent.finished()?.steps, steps);
    // The gradient is the last state, and its derivative that of the state.
    lambda.copy_from(&u)?;
    tangent.derivative(&mut lambda2)?;
    let cost = SecondOrderCost { lambda: &mut lambda, lambda2: &mut lambda2, mu: None };
    tangent.adjoint_solve(&mut [cost])?;
    assert_error(ts.sensitivities(), ErrorCode::ARG_WRONGSTATE, "no sensitivities"); // nothing is carried any more
    let rows = lambda.ownership_range()?;
    for (i, (l, l2)) in
        rows.zip(lambda.array_mut()?.iter_mut().zip(lambda2.array_mut()?.iter_mut()))
    {
        let u0 = first(usize::try_from(i)?);
        let k = 1.0 / (1.0 + P * u0);
        let (end, slope, bend) = (u0 * k, k * k, -2.0 * P * k.powi(3));
        *l -= r(end * slope);
        *l2 -= r((slope * slope + end * bend) / u0);
    }
    Ok(lambda.norm(Norm::Infinity)?.max(lambda2.norm(Norm::Infinity)?))
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn hessians_converge_with_the_order_of_the_method(petsc: &Petsc) -> Result<()> {
    for (kind, by, order) in [
        (TsType::RK, By::Rhs, 3),
        (TsType::CN, By::Rhs, 2),
        (TsType::CN, By::Implicit, 2),
        (TsType::BEULER, By::Implicit, 1),
        (TsType::BEULER, By::Rhs, 1),
    ] {
        let coarse = error(petsc, (kind, by), TrajectoryType::MEMORY, 40)?;
        let fine = error(petsc, (kind, by), TrajectoryType::MEMORY, 80)?;
        let ratio = (coarse / fine).log2();
        assert_close!(ratio, f64::from(order), 0.2);
        assert!(fine < 0.05, "{fine}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn hessians_by_the_parameter_have_their_closed_form(petsc: &Petsc) -> Result<()> {
    let Problem { mut ts, mut u, direction, mut parameter } =
        problem(petsc, TsType::RK, By::Parameter, 100)?;
    ts.save_trajectory(TrajectoryType::MEMORY)?;
    // The function is the sum of the last state; the direction one of state and parameter.
    let (mut lambda, mut lambda2) = (u.duplicate()?, u.duplicate()?);
    let (mut mu, mut mu2) = (parameter.duplicate()?, parameter.duplicate()?);
    parameter.set(r(0.3))?;
    let tangent = ts.solve_tangent(&mut u, &direction, Some(&parameter))?;
    lambda.set(r(1.0))?;
    lambda2.set(r(0.0))?;
    mu.set(r(0.0))?;
    mu2.set(r(0.0))?;
    let cost = SecondOrderCost {
        lambda: &mut lambda,
        lambda2: &mut lambda2,
        mu: Some((&mut mu, &mut mu2)),
    };
    tangent.adjoint_solve(&mut [cost])?;
    let (mut by_p, mut by_p2) = (0.0, 0.0);
    for i in 0..5 {
        let u0 = first(i);
        let k = 1.0 / (1.0 + P * u0);
        let cross = -2.0 * u0 * k.powi(3);
        by_p -= (u0 * k).powi(2);
        by_p2 += 0.3 * 2.0 * (u0 * k).powi(3) + cross / u0;
    }
    assert_close!(mu.sum()?.real(), by_p, 1e-4);
    assert_close!(mu2.sum()?.real(), by_p2, 1e-4);
    let rows = lambda.ownership_range()?;
    for (i, (l, l2)) in rows.zip(lambda.array()?.iter().zip(lambda2.array()?.iter())) {
        let u0 = first(usize::try_from(i)?);
        let k = 1.0 / (1.0 + P * u0);
        assert_close!(l.real(), k * k, 1e-4);
        let exact = -2.0 * P * k.powi(3) / u0 - 0.3 * 2.0 * u0 * k.powi(3);
        assert_close!(l2.real(), exact, 1e-4, 1e-5);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn trajectories_and_what_came_before_make_no_difference(petsc: &Petsc) -> Result<()> {
    let memory = error(petsc, (TsType::CN, By::Rhs), TrajectoryType::MEMORY, 20)?;
    let files = error(petsc, (TsType::CN, By::Rhs), TrajectoryType::BASIC, 20)?;
    assert_close!(memory, files, 1e-10);
    // Two products by one integrator, with first derivatives alone between them.
    let Problem { mut ts, mut u, mut direction, .. } = problem(petsc, TsType::CN, By::Rhs, 20)?;
    ts.save_trajectory(TrajectoryType::MEMORY)?;
    let mut start = u.duplicate()?;
    start.copy_from(&u)?;
    let mut product = |scale: f64| {
        direction.scale(r(scale))?;
        u.copy_from(&start)?;
        ts.set_time(0.0)?;
        ts.set_step_number(0)?;
        ts.set_time_step(0.05)?;
        let (mut lambda, mut lambda2) = (u.duplicate()?, u.duplicate()?);
        lambda.set(r(1.0))?;
        lambda2.set(r(0.0))?;
        let tangent = ts.solve_tangent(&mut u, &direction, None)?;
        let cost = SecondOrderCost { lambda: &mut lambda, lambda2: &mut lambda2, mu: None };
        tangent.adjoint_solve(&mut [cost])?;
        u.copy_from(&start)?;
        ts.set_time(0.0)?;
        ts.set_step_number(0)?;
        ts.set_time_step(0.05)?;
        let _ = ts.solve(&mut u)?;
        let mut alone = u.duplicate()?;
        alone.set(r(1.0))?;
        ts.adjoint_solve(&mut [&mut alone], &mut [])?;
        alone.axpy(r(-1.0), &lambda)?;
        assert!(alone.norm(Norm::Infinity)? < 1e-12);
        lambda2.norm(Norm::Infinity)
    };
    let once = product(1.0)?;
    assert_close!(product(3.0)?, 3.0 * once, 1e-10);
    assert!(once > 0.01);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_scheme_with_sensitivities_is_kept(petsc: &Petsc) -> Result<()> {
    let Problem { mut ts, mut u, direction, .. } = problem(petsc, TsType::RK, By::Rhs, 4)?;
    ts.save_trajectory(TrajectoryType::MEMORY)?;
    let mut other = ts.share()?;
    let tangent = ts.solve_tangent(&mut u, &direction, None)?;
    fails(other.set_rk_type(RkType::RK8VR), ErrorCode::ARG_WRONGSTATE);
    petsc.recover()?;
    drop(tangent);
    other.set_rk_type(RkType::RK8VR)
}

#[petsc_test::test(ranks = [1, 2])]
fn second_derivatives_without_what_they_need_are_refused(petsc: &Petsc) -> Result<()> {
    let wrong = |change: fn(&mut Ts) -> Result<()>, kind, by, code| -> Result<()> {
        let Problem { mut ts, mut u, direction, .. } = problem(petsc, kind, by, 4)?;
        ts.save_trajectory(TrajectoryType::MEMORY)?;
        change(&mut ts)?;
        fails(ts.solve_tangent(&mut u, &direction, None), code);
        Ok(())
    };
    let none = |_: &mut Ts| Ok(());
    let (state, sup) = (ErrorCode::ARG_WRONGSTATE, ErrorCode::SUP);
    wrong(|ts| ts.remove_trajectory(), TsType::RK, By::Rhs, state)?;
    wrong(|ts| ts.set_rk_type(RkType::RK5DP), TsType::RK, By::Rhs, sup)?;
    wrong(|ts| ts.set_equation_type(EquationType::Unspecified), TsType::BEULER, By::Implicit, sup)?;
    wrong(none, TsType::THETA, By::Rhs, sup)?;
    wrong(none, TsType::ARKIMEX, By::Rhs, sup)?;
    wrong(none, TsType::RK, By::Parameter, ErrorCode::ARG_INCOMP)?;
    // What comes after.
    let Problem { mut ts, mut u, direction, parameter } = problem(petsc, TsType::CN, By::Rhs, 4)?;
    ts.save_trajectory(TrajectoryType::MEMORY)?;
    let long = Vector::new(petsc.world(), 40)?;
    fails(ts.solve_tangent(&mut u, &long, None), ErrorCode::ARG_SIZ);
    fails(ts.solve_tangent(&mut u, &direction, Some(&parameter)), ErrorCode::ARG_INCOMP);
    let tangent = ts.solve_tangent(&mut u, &direction, None)?;
    fails(tangent.adjoint_solve(&mut []), ErrorCode::ARG_SIZ);
    let mut mute = Ts::new(petsc.world())?;
    mute.set_type(TsType::BEULER)?;
    mute.set_equation_type(EquationType::OdeExplicit)?;
    let a = Matrix::constant_diagonal(petsc.world(), 3, r(-1.0))?.convert(MatrixType::AIJ)?;
    let (mut u, mut w) = a.vectors()?;
    w.set(r(1.0))?;
    mute.set_rhs_linear(&a)?;
    mute.set_time_step(0.5)?;
    mute.set_max_steps(2)?;
    mute.set_exact_final_time(ExactFinalTime::MatchStep)?;
    mute.save_trajectory(TrajectoryType::MEMORY)?;
    let tangent = mute.solve_tangent(&mut u, &w, None)?;
    let (mut l, mut l2) = (w.duplicate()?, w.duplicate()?);
    let cost = SecondOrderCost { lambda: &mut l, lambda2: &mut l2, mu: None };
    fails(tangent.adjoint_solve(&mut [cost]), state);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_product_that_fails_can_be_replaced(petsc: &Petsc) -> Result<()> {
    let Problem { mut ts, mut u, direction, .. } = problem(petsc, TsType::RK, By::Rhs, 4)?;
    ts.save_trajectory(TrajectoryType::MEMORY)?;
    let alive = std::rc::Rc::new(());
    let held = std::rc::Rc::clone(&alive);
    ts.set_rhs_hessian_product(move |_, _, _| {
        let _ = &held;
        Err(Error::new(ErrorCode::FP, "no"))
    })?;
    let (mut l, mut l2) = (u.duplicate()?, u.duplicate()?);
    let tangent = ts.solve_tangent(&mut u, &direction, None)?;
    let cost = SecondOrderCost { lambda: &mut l, lambda2: &mut l2, mu: None };
    fails(tangent.adjoint_solve(&mut [cost]), ErrorCode::FP);
    assert_eq!(std::rc::Rc::strong_count(&alive), 2);
    ts.set_rhs_hessian_product(|_, _, _| Ok(()))?;
    assert_eq!(std::rc::Rc::strong_count(&alive), 1);
    drop(ts);
    Ok(())
}
