//! Polynomial problems against closed forms.

use std::cell::Cell;
use std::rc::Rc;

use num_complex::Complex;
use petsc_rs::ErrorCode;
use petsc_test::{assert_close, assert_error};
use slepc_rs::pep::{
    ConvergedReason, Dimensions, ErrorType, Refine, Refinement, Scale, Scaling, Setting, Tolerances,
};
use slepc_rs::prelude::*;

use crate::problems::{code, laplacian, laplacian_eigenvalue, r, solve_directly, tridiagonal};

const TIGHT: Tolerances =
    Tolerances { tolerance: Setting::Value(1e-11), max_iterations: Setting::Keep };

const N: Int = 40;

/// A string with damping: `λ² + c·λ + κ = 0` for each eigenvalue `κ` of the Laplacian.
fn string(comm: &Comm, damping: f64) -> Result<[Matrix; 3]> {
    Ok([
        laplacian(comm, N)?,
        tridiagonal(comm, N, [0.0, damping, 0.0])?,
        tridiagonal(comm, N, [0.0, 1.0, 0.0])?,
    ])
}

/// The root of positive imaginary part, or the larger one, of mode `k`.
fn root(k: Int, damping: f64) -> Complex<f64> {
    let kappa = laplacian_eigenvalue(N, k);
    let half = Complex::new(damping / 2.0, 0.0);
    -half + (half * half - kappa).sqrt()
}

fn solver(terms: &[Matrix; 3], nev: usize) -> Result<Pep> {
    let mut pep = Pep::new(&terms[0].comm()?)?;
    pep.set_operators(&[&terms[0], &terms[1], &terms[2]])?;
    pep.set_dimensions(Dimensions::nev(nev))?;
    pep.set_tolerances(TIGHT)?;
    pep.set_which(PepWhich::TargetMagnitude)?;
    pep.set_target(r(0.0))?;
    pep.st()?.set_type(StType::SINVERT)?;
    solve_directly(&mut *pep.st()?)?;
    Ok(pep)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn each_method_solves_the_damped_string(petsc: &Petsc) -> Result<()> {
    let damping = 0.02;
    let terms = string(petsc.world(), damping)?;
    for kind in [PepType::TOAR, PepType::QARNOLDI, PepType::LINEAR] {
        let mut pep = solver(&terms, 4)?;
        pep.set_type(kind)?;
        let converged = pep.solve()?;
        assert_eq!(converged.reason, ConvergedReason::Tolerance);
        let values = pep.eigenvalues()?;
        assert!(values.len() >= 4 && values.len() == converged.pairs);
        // Conjugate pairs of the two lowest modes.
        for (i, value) in values.iter().take(4).enumerate() {
            let k = Int::try_from(i / 2)? + 1;
            let expected = root(k, damping);
            assert_close!(value.re, expected.re, 1e-9);
            assert_close!(value.im.abs(), expected.im, 1e-9);
        }
        let pair = pep.eigenpairs()?.next().ok_or("a pair")??;
        assert_eq!(pair.is_conjugate_pair(), !Scalar::IS_COMPLEX);
        assert!(pair.error(ErrorType::Backward)? < 1e-9);
        // The shape is the sine of the undamped string: x_{i-1} + x_{i+1} = 2·cos(θ)·x_i.
        let x = pair.vector()?.local_values()?;
        let factor = 2.0 - laplacian_eigenvalue(N, 1);
        for w in x.windows(3) {
            assert!((w[0] + w[2] - w[1] * factor).norm() < 1e-8);
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn overdamped_string_has_real_values(petsc: &Petsc) -> Result<()> {
    let damping = 10.0;
    let terms = string(petsc.world(), damping)?;
    let mut pep = solver(&terms, 3)?;
    pep.set_problem_type(PepProblemType::Hyperbolic)?;
    pep.set_type(PepType::STOAR)?;
    let _ = pep.solve()?;
    for (pair, k) in pep.eigenpairs()?.zip([1, 2, 3]) {
        let pair = pair?;
        assert_close!(pair.value().re, root(k, damping).re, 1e-10);
        assert_eq!(pair.value().im, 0.0);
        assert!(pair.vector()?.imaginary().is_none());
    }
    Ok(())
}

/// MUMPS counts negative pivots for real numbers only.
#[cfg(all(petsc_have_mumps, petsc_scalar = "real"))]
#[petsc_test::test(ranks = [1, 2], args = ["-st_mat_mumps_icntl_13", "1"])]
fn all_values_of_an_interval_are_found(petsc: &Petsc) -> Result<()> {
    let damping = 10.0;
    let terms = string(petsc.world(), damping)?;
    let mut pep = solver(&terms, 1)?;
    pep.set_type(PepType::STOAR)?;
    pep.set_problem_type(PepProblemType::Hyperbolic)?;
    pep.set_which(PepWhich::All)?;
    assert_eq!(pep.interval()?, (0.0, 0.0));
    pep.set_interval(-0.2, -0.05)?;
    assert_eq!(pep.interval()?, (-0.2, -0.05));
    let mut ksp = pep.st()?.ksp()?;
    ksp.set_type(KspType::PREONLY)?;
    ksp.pc()?.set_type(PcType::CHOLESKY)?;
    ksp.pc()?.set_factor_solver(petsc_rs::matrix::SolverType::MUMPS)?;
    let converged = pep.solve()?;
    let inside = |x: &f64| (-0.2..=-0.05).contains(x);
    let mut expected: Vec<f64> = (1..=N).map(|k| root(k, damping).re).filter(inside).collect();
    expected.sort_by(f64::total_cmp);
    assert_eq!(converged.pairs, expected.len());
    for (value, expected) in pep.eigenvalues()?.iter().zip(&expected) {
        assert_close!(value.re, *expected, 1e-9);
    }
    let cuts = pep.stoar_inertias()?;
    let (first, last) = (cuts.first().ok_or("a cut")?, cuts.last().ok_or("a cut")?);
    assert_eq!(last.below.abs_diff(first.below), expected.len());
    Ok(())
}

/// Norms of different orders, as a structure in SI units has: scaling brings them together.
#[petsc_test::test(ranks = [1, 2])]
fn scaling_and_refinement_keep_the_values(petsc: &Petsc) -> Result<()> {
    let mut terms = string(petsc.world(), 10.0)?;
    // λ in units of 1000: the eigenvalues grow by it.
    terms[0].scale(r(1e6))?;
    terms[1].scale(r(1e3))?;
    let mut pep = solver(&terms, 2)?;
    pep.set_scaling(Scale::Scalar, Scaling::default())?;
    if petsc.world().size() == 1 {
        let refinement = Refinement { iterations: 2.into(), ..Refinement::default() };
        pep.set_refinement(Refine::Simple, refinement)?;
    }
    let _ = pep.solve()?;
    assert_close!(pep.eigenvalue(0)?.re / 1e3, root(1, 10.0).re, 1e-9);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn solving_again_sees_changed_values(petsc: &Petsc) -> Result<()> {
    let mut terms = string(petsc.world(), 10.0)?;
    let mut pep = solver(&terms, 1)?;
    let _ = pep.solve()?;
    assert_close!(pep.eigenvalue(0)?.re, root(1, 10.0).re, 1e-9);
    terms[1].scale(r(2.0))?;
    let _ = pep.solve()?;
    assert_close!(pep.eigenvalue(0)?.re, root(1, 20.0).re, 1e-9);
    assert_eq!(pep.operators()?.len(), 3);
    let k = laplacian(petsc.world(), 5)?;
    let c = Matrix::constant_diagonal(petsc.world(), 5, r(10.0))?;
    let m = Matrix::constant_diagonal(petsc.world(), 5, r(1.0))?;
    pep.set_operators(&[&k, &c, &m])?;
    let _ = pep.solve()?;
    let expected = -5.0 + (25.0 - laplacian_eigenvalue(5, 1)).sqrt();
    assert_close!(pep.eigenvalue(0)?.re, expected, 1e-9);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_stopping_test_ends_the_solve_that_a_monitor_watches(petsc: &Petsc) -> Result<()> {
    let terms = string(petsc.world(), 10.0)?;
    let mut pep = solver(&terms, 6)?;
    let last = Rc::new(Cell::new(0.0));
    let seen = Rc::clone(&last);
    pep.add_monitor(move |progress| {
        assert_error(progress.solver().eigenpairs(), ErrorCode::ARG_WRONGSTATE, "no solve since");
        seen.set(progress.values()?[0].re);
        Ok(())
    })?;
    pep.set_stopping_test_function(|test| {
        if test.converged() > 0 {
            return Ok(ConvergedReason::User);
        }
        test.default_test()
    })?;
    let converged = pep.solve()?;
    assert_eq!(converged.reason, ConvergedReason::User);
    assert_close!(last.get(), root(1, 10.0).re, 1e-7);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn wrong_use_is_refused(petsc: &Petsc) -> Result<()> {
    let [k, c, m] = string(petsc.world(), 1.0)?;
    let mut pep = Pep::new(petsc.world())?;
    assert_eq!(code(pep.solve()), Some(ErrorCode::ARG_WRONGSTATE));
    assert_eq!(code(pep.set_operators(&[&k, &c])), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(code(pep.set_interval(1.0, 0.0)), Some(ErrorCode::ARG_OUTOFRANGE));
    pep.set_operators(&[&k, &c, &m])?;
    pep.set_dimensions(Dimensions::nev(81))?;
    assert_eq!(code(pep.solve()), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(code(pep.eps()), Some(ErrorCode::SUP));
    assert_eq!(code(pep.stoar_inertias()), Some(ErrorCode::SUP));
    Ok(())
}

/// A product that fails in the middle leaves a solver that can be used again, and destroyed.
#[petsc_test::test(ranks = [1, 2])]
fn an_error_of_a_product_comes_out_and_a_second_solve_works(petsc: &Petsc) -> Result<()> {
    for kind in [PepType::TOAR, PepType::QARNOLDI, PepType::LINEAR] {
        let [k, c, m] = string(petsc.world(), 10.0)?;
        let (rows, columns) = k.local_size()?;
        let left = Rc::new(Cell::new(12));
        let count = Rc::clone(&left);
        let shell = Matrix::shell(petsc.world(), rows, columns, move |x, y| {
            count.set(count.get() - 1);
            if count.get() == 0 {
                return Err(Error::user("on purpose"));
            }
            k.mult(x, y)
        })
        .build()?;
        let mut pep = Pep::new(petsc.world())?;
        pep.set_operators(&[&shell, &c, &m])?;
        pep.set_type(kind)?;
        let error = pep.solve().err().ok_or("must fail")?;
        assert!(format!("{error:?}").contains("on purpose"), "{error:?}");
        let _ = pep.solve()?;
        // The largest: the other root of the lowest mode.
        assert_close!(pep.eigenvalue(0)?.re, -10.0 - root(1, 10.0).re, 1e-6);
    }
    Ok(())
}

/// The eigensolver within points to what the method has.
#[petsc_test::test(ranks = [1, 2])]
fn a_method_stays_while_a_solver_within_has_a_handle(petsc: &Petsc) -> Result<()> {
    let mut pep = solver(&string(petsc.world(), 0.02)?, 4)?;
    pep.set_type(PepType::LINEAR)?;
    let _ = pep.solve()?;
    let st = pep.eps()?.st()?;
    assert_eq!(code(pep.set_type(PepType::TOAR)), Some(ErrorCode::ARG_WRONGSTATE));
    petsc.recover()?;
    pep.set_type(PepType::LINEAR)?;
    let (mut operator, _) = pep.eps()?.operators()?;
    drop(st);
    assert_eq!(
        code(pep.set_type(PepType::TOAR)),
        Some(ErrorCode::ARG_WRONGSTATE),
        "the operator leads to the solver within"
    );
    petsc.recover()?;
    let mut keeper = Ksp::new(petsc.world())?;
    keeper.set_operators(&operator, &operator)?;
    let (x, mut y) = operator.vectors()?;
    operator.mult(&x, &mut y)?;
    operator = Matrix::constant_diagonal(petsc.world(), 3, r(1.0))?;
    pep.set_type(PepType::TOAR)?;
    let kept = keeper.operators()?.0;
    assert_eq!(code(kept.mult(&x, &mut y)), Some(ErrorCode::ARG_WRONGSTATE));
    petsc.recover()?;
    drop(operator);
    let _ = pep.solve()?;
    Ok(())
}
