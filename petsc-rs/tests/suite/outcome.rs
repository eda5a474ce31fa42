//! The outcome of a solve is the source of the error of a solve that did not converge, for every class of solver.

use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, Snes, Ts, TsType, snes, ts};
#[cfg(petsc_scalar = "real")]
use petsc_rs::{Tao, TaoType, tao};
use petsc_test::assert_close;

fn r(x: f64) -> Scalar {
    Scalar::from_real(x as Real)
}

#[petsc_test::test(ranks = [1, 2])]
fn a_nonlinear_solve_that_stops_early_says_where_it_stopped(petsc: &Petsc) -> Result<()> {
    // Newton's method for x² = 2 from 2: the first iterate is 1.5, with the residual 0.25 in each of 4 entries.
    let comm = petsc.world();
    let mut x = Vector::new(comm, 4)?;
    let mut jacobian = Matrix::builder(comm).global_size(4, 4).build()?;
    let residual = x.duplicate()?;
    let mut snes = Snes::new(comm)?;
    snes.set_function(&residual, |_, x, y| {
        y.pointwise_mult(x, x)?;
        y.shift(r(-2.0))
    })?;
    for i in jacobian.ownership_range()? {
        jacobian.set_value(i, i, r(1.0), InsertMode::Insert)?;
    }
    jacobian.assemble()?;
    snes.set_jacobian(&jacobian, &jacobian, |_, x, _, p| {
        let mut diagonal = x.duplicate()?;
        diagonal.copy_from(x)?;
        diagonal.scale(r(2.0))?;
        p.set_diagonal(&diagonal, InsertMode::Insert)
    })?;
    snes.set_tolerances(snes::Tolerances { max_iterations: 1.into(), ..Default::default() })?;
    snes.ksp()?.pc()?.set_type(PcType::JACOBI)?;
    x.set(r(2.0))?;
    let error = snes.solve(None, &mut x).expect_err("it stops early");
    assert_eq!(error.code(), ErrorCode::NOT_CONVERGED);
    let failure = error.downcast_ref::<snes::NotConverged>().expect("the outcome");
    assert_eq!(failure.reason, snes::ConvergedReason::IterationLimit);
    assert_eq!((failure.iterations, failure.linear_iterations), (1, 1));
    assert_close!(failure.residual, 0.5, 1e-10);
    let text = "the nonlinear solver did not converge: iteration limit reached after 1 nonlinear and 1 linear";
    assert!(error.to_string().contains(text), "{error}");
    assert!(error.to_string().contains("-snes_max_it"), "{error}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn an_integration_that_fails_says_when(petsc: &Petsc) -> Result<()> {
    let mut u = Vector::new(petsc.world(), 3)?;
    u.set(r(1.0))?;
    let rate = u.duplicate()?;
    let mut ts = Ts::new(petsc.world())?;
    ts.set_type(TsType::EULER)?;
    ts.set_rhs_function(&rate, |_, _, u, g| g.copy_from(u))?;
    ts.set_time_step(0.25)?;
    ts.set_max_time(1.0)?;
    ts.set_post_step(|ts| match ts.step_number()? {
        1 => ts.set_converged_reason(ts::ConvergedReason::StepRejected),
        _ => Ok(()),
    })?;
    let error = ts.solve(&mut u).expect_err("it stops early");
    assert_eq!(error.code(), ErrorCode::NOT_CONVERGED);
    let failure = error.downcast_ref::<ts::NotConverged>().expect("the outcome");
    assert_eq!(failure.reason, ts::ConvergedReason::StepRejected);
    assert_eq!((failure.steps, failure.time), (ts.step_number()?, ts.time()?));
    assert!((1..4).contains(&failure.steps), "{failure}");
    assert!(error.to_string().contains("-ts_adapt_monitor"), "{error}");
    Ok(())
}

#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1, 2])]
fn an_optimization_that_stops_early_says_where_it_stopped(petsc: &Petsc) -> Result<()> {
    // Conjugate gradients do not reach the minimum of the sum of x⁴/4 in one iteration.
    let mut x = Vector::new(petsc.world(), 4)?;
    x.set(r(3.0))?;
    let mut tao = Tao::new(petsc.world())?;
    tao.set_type(TaoType::CG)?;
    tao.set_objective_and_gradient(|_, x, g| {
        g.pointwise_mult(x, x)?;
        let squares = g.duplicate_with_values()?;
        g.pointwise_mult(&squares, x)?;
        Ok(0.25 * squares.dot(&squares)?.real())
    })?;
    tao.set_tolerances(tao::Tolerances { max_iterations: 1.into(), ..Default::default() })?;
    let error = tao.solve(&mut x).expect_err("it stops early");
    assert_eq!(error.code(), ErrorCode::NOT_CONVERGED);
    let failure = error.downcast_ref::<tao::NotConverged>().expect("the outcome");
    assert_eq!(failure.reason, tao::ConvergedReason::IterationLimit);
    assert_eq!(failure.iterations, 1);
    let (_, end) = x.max()?.expect("entries");
    assert!(end > 0.1 && end < 3.0, "{end}");
    assert_close!(failure.objective, end.powi(4), 1e-10);
    assert_close!(failure.gradient_norm, 2.0 * end.powi(3), 1e-10);
    Ok(())
}
