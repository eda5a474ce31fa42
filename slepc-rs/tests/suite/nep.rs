//! Nonlinear problems against roots of scalar equations: every matrix is a function of the Laplacian.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::ErrorCode;
use petsc_rs::matrix::Structure;
use petsc_rs::{MatrixRef, VectorRef};
use petsc_test::assert_close;
use slepc_rs::FnType;
use slepc_rs::nep::{ConvergedReason, Dimensions, ErrorType, NotConverged, Refine, Refinement};
use slepc_rs::nep::{Setting, Tolerances};
use slepc_rs::prelude::*;

use crate::problems::{code, laplacian, laplacian_eigenvalue, r, tridiagonal};

const N: Int = 30;
const DELAY: f64 = 0.2;

/// Of `-λ - κ + 2·exp(-τ·λ) = 0`, by bisection: the left side falls.
fn delayed(kappa: f64) -> f64 {
    let (mut low, mut high) = (-10.0_f64, 10.0_f64);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if -middle - kappa + 2.0 * (-DELAY * middle).exp() > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// A solver that solves linear systems directly, also where PETSc alone cannot in parallel.
fn direct(nep: &mut Nep) -> Result<()> {
    let parallel = cfg!(any(petsc_have_mumps, petsc_have_superlu_dist));
    let kind = nep.type_name()?.unwrap_or_default();
    if ["rii", "slp", "narnoldi"].contains(&kind.as_str()) {
        let mut ksp = nep.ksp()?;
        ksp.set_type(KspType::PREONLY)?;
        let pc = if parallel || ksp.comm()?.size() == 1 { PcType::LU } else { PcType::REDUNDANT };
        ksp.pc()?.set_type(pc)?;
    }
    Ok(())
}

/// `-λ·I - L + 2·exp(-τ·λ)·I`.
fn with_delay(comm: &Comm, kind: NepType<'_>) -> Result<Nep> {
    let l = laplacian(comm, N)?;
    let one = Matrix::constant_diagonal(comm, usize::try_from(N)?, r(1.0))?;
    let minus_one = MathFunction::rational(comm, &[r(-1.0)], &[])?;
    let minus_lambda = MathFunction::rational(comm, &[r(-1.0), r(0.0)], &[])?;
    let mut delay = MathFunction::of_type(comm, FnType::EXP)?;
    delay.set_scale(r(-DELAY), r(2.0))?;
    let mut nep = Nep::new(comm)?;
    let terms: [(&MatrixRef, _); 3] = [(&l, &*minus_one), (&one, &*minus_lambda), (&one, &*delay)];
    nep.set_split_operator(&terms, Structure::Subset)?;
    nep.set_type(kind)?;
    nep.set_target(r(1.5))?;
    nep.set_tolerances(Tolerances { tolerance: Setting::Value(1e-10), ..Tolerances::default() })?;
    direct(&mut nep)?;
    Ok(nep)
}

/// Whether this build has a factorization for as many ranks.
fn factorises(comm: &Comm) -> bool {
    comm.size() == 1 || cfg!(any(petsc_have_mumps, petsc_have_superlu_dist))
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn each_method_solves_the_delay_problem(petsc: &Petsc) -> Result<()> {
    for kind in [NepType::RII, NepType::SLP, NepType::NARNOLDI] {
        let mut nep = with_delay(petsc.world(), kind)?;
        nep.set_dimensions(Dimensions::nev(2))?;
        let converged = nep.solve()?;
        assert_eq!(converged.reason, ConvergedReason::Tolerance);
        assert!(converged.pairs >= 2);
        let mut seen = Vec::new();
        for pair in nep.eigenpairs()? {
            let pair = pair?;
            // These methods find eigenvalues near the target, and pass by some.
            let off = |k: &Int| (delayed(laplacian_eigenvalue(N, *k)) - pair.value().re).abs();
            let k = (1..=N).min_by(|a, b| off(a).total_cmp(&off(b))).ok_or("a mode")?;
            assert!(!seen.contains(&k));
            seen.push(k);
            assert_close!(pair.value().re, delayed(laplacian_eigenvalue(N, k)), 1e-8);
            assert_close!(pair.value().im, 0.0, 0.0, 1e-9);
            assert!(pair.error(ErrorType::Relative)? < 1e-9);
            assert!(pair.error(ErrorType::Backward)? < 1e-9);
            // Neighbors of an eigenvector of the Laplacian: x_{i-1} + x_{i+1} = (2 - κ)·x_i.
            let x = pair.vector()?.local_values()?;
            let factor = 2.0 - laplacian_eigenvalue(N, k);
            for w in x.windows(3) {
                assert!((w[0] + w[2] - w[1] * factor).norm() < 1e-6);
            }
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn approximations_in_a_region_solve_the_delay_problem(petsc: &Petsc) -> Result<()> {
    if !factorises(petsc.world()) {
        return Ok(());
    }
    for kind in [NepType::INTERPOL, NepType::NLEIGS] {
        let mut nep = with_delay(petsc.world(), kind)?;
        let high = if Scalar::IS_COMPLEX { 0.1 } else { 0.0 };
        nep.region()?.set_interval([0.5, 2.0], [-high, high])?;
        nep.set_interpolation(1e-12, 20)?;
        if kind == NepType::INTERPOL {
            crate::problems::solve_directly(&mut *nep.pep()?.st()?)?;
        }
        nep.set_dimensions(Dimensions::nev(3))?;
        let converged = nep.solve()?;
        assert!(converged.pairs >= 3, "{converged}");
        let mut values: Vec<f64> = nep.eigenvalues()?.iter().take(3).map(|z| z.re).collect();
        let mut wanted: Vec<f64> = (1..=N).map(|k| delayed(laplacian_eigenvalue(N, k))).collect();
        wanted.sort_by(|a, b| (a - 1.5).abs().total_cmp(&(b - 1.5).abs()));
        values.sort_by(|a, b| (a - 1.5).abs().total_cmp(&(b - 1.5).abs()));
        for (value, wanted) in values.iter().zip(wanted) {
            assert_close!(*value, wanted, 1e-7);
        }
        // What was found is not that of the new tolerance.
        nep.set_interpolation(1e-9, 20)?;
        let changed = Some(ErrorCode::ARG_WRONGSTATE);
        assert_eq!(code(nep.eigenvalue(0)), changed);
        let _ = nep.solve()?;
    }
    Ok(())
}

/// `√λ·I - L`: eigenvalues `κ²`, with a branch cut along the negative axis.
#[petsc_test::test(ranks = [1, 2, 3])]
fn closures_define_a_problem_with_a_square_root(petsc: &Petsc) -> Result<()> {
    if !factorises(petsc.world()) {
        return Ok(());
    }
    let comm = petsc.world();
    let asked = Rc::new(Cell::new(0));
    let count = Rc::clone(&asked);
    let mut nep = Nep::new(comm)?;
    nep.set_type(NepType::NLEIGS)?;
    nep.set_nleigs_singularities(move |_, n| {
        count.set(n);
        let step = 11.0 / (n - 1) as f64;
        Ok((0..n).map(|i| r(-10.0_f64.powf(-5.0 + step * i as f64))).collect())
    })?;
    let high = if Scalar::IS_COMPLEX { 0.001 } else { 0.0 };
    nep.region()?.set_interval([0.01, 16.0], [-high, high])?;
    let l = laplacian(comm, N)?;
    let t = l.duplicate()?;
    nep.set_function(&t, &t, move |_, lambda, t, _| {
        t.copy_from(&l)?;
        t.scale(r(-1.0))?;
        t.shift(lambda.sqrt())
    })?;
    nep.set_target(r(1.1))?;
    nep.set_dimensions(Dimensions::nev(2))?;
    let _ = nep.solve()?;
    assert!(asked.get() > 1);
    let mut wanted: Vec<f64> = (1..=N).map(|k| laplacian_eigenvalue(N, k).powi(2)).collect();
    wanted.sort_by(|a, b| (a - 1.1).abs().total_cmp(&(b - 1.1).abs()));
    for (value, wanted) in nep.eigenvalues()?.iter().zip(wanted).take(2) {
        assert_close!(value.re, wanted, 1e-7);
    }
    Ok(())
}

/// `λ²·I - A` by closures, `A` not symmetric: `λ = √(2 + 2·√(1/2)·cos θ)`, left and right vectors.
fn squared(comm: &Comm, a: &Matrix, calls: &Rc<Cell<usize>>) -> Result<Nep> {
    let mut nep = Nep::new(comm)?;
    nep.set_type(NepType::SLP)?;
    let (t, j) = (a.duplicate()?, a.duplicate()?);
    let (a, count) = (a.duplicate_with_values()?, Rc::clone(calls));
    nep.set_function(&t, &t, move |_, lambda, t, _| {
        count.set(count.get() + 1);
        t.copy_from(&a)?;
        t.scale(r(-1.0))?;
        t.shift(lambda * lambda)
    })?;
    nep.set_jacobian(&j, |_, lambda, j| {
        j.zero_entries()?;
        j.shift(lambda * 2.0)
    })?;
    nep.set_target(r(1.8))?;
    direct(&mut nep)?;
    Ok(nep)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn closures_are_called_and_freed(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = tridiagonal(comm, N, [-1.0, 2.0, -0.5])?;
    let calls = Rc::new(Cell::new(0));
    let mut nep = squared(comm, &a, &calls)?;
    assert_eq!(Rc::strong_count(&calls), 2);
    let exact = |k: Int| {
        let theta = std::f64::consts::PI * k as f64 / (N + 1) as f64;
        (2.0 + 2.0 * 0.5_f64.sqrt() * theta.cos()).sqrt()
    };
    // Closest to 1.8.
    let wanted = (1..=N).map(exact).min_by(|a, b| (a - 1.8).abs().total_cmp(&(b - 1.8).abs()));
    let wanted = wanted.ok_or("a value")?;
    for round in 0..3 {
        let before = calls.get();
        let _ = nep.solve()?;
        assert!(calls.get() > before, "round {round} solved nothing");
        assert_close!(nep.eigenvalue(0)?.re, wanted, 1e-7);
        if round == 1 {
            nep.reset()?;
        }
    }
    // Another function on the same matrix; the old closure goes, the derivative stays.
    let (t, other) = (a.duplicate()?, a.duplicate_with_values()?);
    nep.set_function(&t, &t, move |_, lambda, t, _| {
        t.copy_from(&other)?;
        t.scale(r(-4.0))?;
        t.shift(lambda * lambda)
    })?;
    assert_eq!(Rc::strong_count(&calls), 1);
    nep.set_target(r(2.0 * wanted - 0.01))?;
    let _ = nep.solve()?;
    assert_close!(nep.eigenvalue(0)?.re, 2.0 * wanted, 1e-7);
    Ok(())
}

fn product(a: &Matrix, x: &VectorRef, transpose: bool) -> Result<Vector> {
    let mut y = x.duplicate()?;
    if transpose {
        a.mult_transpose(x, &mut y)?;
    } else {
        a.mult(x, &mut y)?;
    }
    Ok(y)
}

#[petsc_test::test(ranks = [1, 2])]
fn left_vectors_of_slp_satisfy_the_transposed_equation(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    if !factorises(comm) {
        return Ok(());
    }
    let a = tridiagonal(comm, N, [-1.0, 2.0, -0.5])?;
    let mut nep = squared(comm, &a, &Rc::default())?;
    nep.set_two_sided(true)?;
    let _ = nep.solve()?;
    let pair = nep.eigenpairs()?.next().ok_or("a pair")??;
    let square = r(-pair.value().re.powi(2));
    for (x, transpose) in [(pair.vector()?, false), (pair.left_vector()?, true)] {
        let mut residual = product(&a, x.main(), transpose)?;
        residual.axpy(square, x.main())?;
        assert!(residual.norm(Norm::Two)? < 1e-6);
    }
    nep.set_two_sided(false)?;
    let _ = nep.solve()?;
    let pair = nep.eigenpairs()?.next().ok_or("a pair")??;
    assert_eq!(code(pair.left_vector()), Some(ErrorCode::ARG_WRONGSTATE));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn refinement_improves_an_eigenvalue(petsc: &Petsc) -> Result<()> {
    let mut errors = Vec::new();
    for kind in [Refine::None, Refine::Simple] {
        let mut nep = with_delay(petsc.world(), NepType::RII)?;
        nep.set_tolerances(Tolerances {
            tolerance: Setting::Value(1e-3),
            ..Tolerances::default()
        })?;
        let refinement = Refinement { tolerance: Setting::Value(1e-13), ..Refinement::default() };
        nep.set_refinement(kind, refinement)?;
        let _ = nep.solve()?;
        let pair = nep.eigenpairs()?.next().ok_or("a pair")??;
        errors.push((pair.value().re - delayed(laplacian_eigenvalue(N, 1))).abs());
    }
    assert!(errors[1] < 1e-11, "{errors:?}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn monitors_and_tests_are_called(petsc: &Petsc) -> Result<()> {
    let mut nep = with_delay(petsc.world(), NepType::SLP)?;
    let seen = Rc::new(Cell::new(0));
    let count = Rc::clone(&seen);
    nep.add_monitor(move |progress| {
        count.set(progress.iteration());
        Ok(())
    })?;
    nep.set_convergence_test_function(|_, _, residual| Ok(residual * 1e-3))?;
    let converged = nep.solve()?;
    assert_eq!(seen.get(), converged.iterations);
    // Content after one iteration, with nothing found.
    nep.set_stopping_test_function(|test| {
        Ok(if test.iteration() > 0 { ConvergedReason::User } else { ConvergedReason::Iterating })
    })?;
    let content = nep.solve()?;
    assert_eq!((content.reason, content.pairs), (ConvergedReason::User, 0));
    assert!(nep.eigenvalues().map_or(true, |list| list.is_empty()));
    let _ = nep.solve()?;
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_solver_takes_another_problem(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut nep = with_delay(comm, NepType::RII)?;
    let _ = nep.solve()?;
    nep.ksp()?.pc()?.set_type(PcType::NONE)?;
    nep.ksp()?.set_type(KspType::GMRES)?;
    // exp(λ) = 3, of another size.
    let one = Matrix::constant_diagonal(comm, 7, r(1.0))?;
    let exp = MathFunction::of_type(comm, FnType::EXP)?;
    let three = MathFunction::rational(comm, &[r(-3.0)], &[])?;
    nep.set_split_operator(&[(&one, &exp), (&one, &three)], Structure::Subset)?;
    assert_eq!(nep.functions()?.len(), 2);
    let _ = nep.solve()?;
    assert_close!(nep.eigenvalue(0)?.re, 3.0_f64.ln(), 1e-9);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn misuse_says_what_is_wrong(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut nep = Nep::new(comm)?;
    assert_eq!(code(nep.solve()), Some(ErrorCode::ARG_WRONGSTATE));
    assert_eq!(code(nep.set_nleigs_rk_shifts(&[r(1.0)])), Some(ErrorCode::ARG_WRONG));
    assert_eq!(code(nep.eps()), Some(ErrorCode::ARG_WRONG));
    // A refusal chooses no type.
    assert_eq!(nep.type_name()?, None);
    let a = laplacian(comm, 5)?;
    let bare = MathFunction::new(comm)?;
    nep.set_split_operator(&[(&a, &bare)], Structure::Subset)?;
    assert_eq!(code(nep.solve()), Some(ErrorCode::ARG_WRONGSTATE));
    assert_eq!(
        code(nep.set_split_operator(&[], Structure::Subset)),
        Some(ErrorCode::ARG_OUTOFRANGE)
    );
    let wide = Matrix::builder(comm).global_size(5, 6).build()?;
    let wrong = code(nep.set_function(&wide, &wide, |_, _, _, _| Ok(())));
    assert_eq!(wrong, Some(ErrorCode::ARG_WRONG));
    let long = Vector::new(comm, 6)?;
    assert_eq!(code(nep.set_initial_space(&[&long])), Some(ErrorCode::ARG_SIZ));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn failures_are_reported_and_a_second_solve_works(petsc: &Petsc) -> Result<()> {
    let mut nep = with_delay(petsc.world(), NepType::RII)?;
    nep.set_tolerances(Tolerances { max_iterations: 1.into(), tolerance: 1e-15.into() })?;
    let error = nep.solve().err().ok_or("must not converge")?;
    assert!(error.is_collective());
    let failure: &NotConverged = error.downcast_ref().ok_or("a source")?;
    assert_eq!((failure.wanted, failure.pairs), (1, 0));
    assert!(error.to_string().contains("-nep_max_it"), "{error}");
    // A closure that fails on all ranks, and works again.
    let fails = Rc::new(Cell::new(true));
    let fail = Rc::clone(&fails);
    let comm = petsc.world();
    let a = laplacian(comm, 6)?;
    let mut nep = Nep::new(comm)?;
    nep.set_type(NepType::SLP)?;
    let (t, j) = (a.duplicate()?, a.duplicate()?);
    nep.set_function(&t, &t, move |_, lambda, t, _| {
        if fail.get() {
            return Err("no function today".into());
        }
        t.copy_from(&a)?;
        t.shift(-lambda)
    })?;
    nep.set_jacobian(&j, |_, _, j| {
        j.zero_entries()?;
        j.shift(r(-1.0))
    })?;
    direct(&mut nep)?;
    let error = nep.solve().err().ok_or("must fail")?;
    let cause = std::error::Error::source(&error).ok_or("a source")?;
    assert!(cause.to_string().contains("no function today"), "{cause}");
    fails.set(false);
    let _ = nep.solve()?;
    assert_close!(nep.eigenvalue(0)?.re, laplacian_eigenvalue(6, 1), 1e-7);
    Ok(())
}
