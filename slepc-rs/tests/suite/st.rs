//! Spectral transformations.

use std::rc::Rc;

use petsc_rs::ErrorCode;
use petsc_test::assert_close;
use slepc_rs::eps::ConvergedReason;
use slepc_rs::prelude::*;
use slepc_rs::st::MatMode;

use crate::problems::{
    code, laplacian, laplacian_eigenvalue, r, rotations, solve_directly, solver,
};

#[petsc_test::test(ranks = [1, 2, 3])]
fn an_iterative_solver_inverts_an_unassembled_shifted_matrix(petsc: &Petsc) -> Result<()> {
    let n = 40;
    let a = laplacian(petsc.world(), n)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 2)?;
    eps.set_which(EpsWhich::TargetMagnitude)?;
    eps.set_target(r(-0.1))?;
    let mut st = eps.st()?;
    st.set_type(StType::SINVERT)?;
    st.set_mat_mode(MatMode::Shell)?;
    assert_eq!(st.mat_mode()?, MatMode::Shell);
    let mut ksp = st.ksp()?;
    ksp.set_type(KspType::GMRES)?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    let _ = eps.solve()?;
    assert!(eps.st()?.ksp()?.total_iterations()? > 0);
    for (value, k) in eps.eigenvalues()?.iter().zip([1, 2]) {
        assert_close!(value.re, laplacian_eigenvalue(n, k), 1e-7);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn cayley_finds_the_values_nearest_to_a_target(petsc: &Petsc) -> Result<()> {
    let n = 40;
    let a = laplacian(petsc.world(), n)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 2)?;
    eps.set_which(EpsWhich::TargetMagnitude)?;
    eps.set_target(r(1.1))?;
    let mut st = eps.st()?;
    st.set_type(StType::CAYLEY)?;
    st.set_cayley_antishift(r(2.0))?;
    assert_eq!(st.cayley_antishift()?, r(2.0));
    solve_directly(&mut st)?;
    let _ = eps.solve()?;
    let mut expected: Vec<f64> = (1..=n).map(|k| laplacian_eigenvalue(n, k)).collect();
    expected.sort_by(|a, b| (a - 1.1).abs().total_cmp(&(b - 1.1).abs()));
    for (value, expected) in eps.eigenvalues()?.iter().zip(&expected).take(2) {
        assert_close!(value.re, *expected, 1e-9);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_transformation_that_is_shared_can_be_moved(petsc: &Petsc) -> Result<()> {
    let n = 30;
    let a = laplacian(petsc.world(), n)?;
    let mut st = St::new(petsc.world())?;
    st.set_type(StType::SINVERT)?;
    solve_directly(&mut st)?;
    let mut eps = Eps::new(petsc.world())?;
    eps.set_st(&st)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    eps.set_which(EpsWhich::TargetMagnitude)?;
    for k in [1, 12] {
        eps.set_target(r(laplacian_eigenvalue(n, k) + 1e-3))?;
        st.set_shift(eps.target()?)?;
        let _ = eps.solve()?;
        assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(n, k), 1e-9);
    }
    drop(eps);
    assert_eq!(st.type_name()?.as_deref(), Some("sinvert"));
    Ok(())
}

/// `exp` by closures, with the logarithm as the way back.
#[petsc_test::test(ranks = [1, 2, 3])]
fn closures_define_a_transformation(petsc: &Petsc) -> Result<()> {
    let n = 30;
    let a = laplacian(petsc.world(), n)?;
    let alive = Rc::new(std::cell::Cell::new(0));
    let (held, mut mfn) = (Rc::clone(&alive), Mfn::new(petsc.world())?);
    mfn.set_operator(&a)?;
    mfn.function()?.set_type(FnType::EXP)?;
    mfn.set_tolerances(slepc_rs::mfn::Tolerances {
        tolerance: 1e-12.into(),
        ..Default::default()
    })?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 2)?;
    let mut st = eps.st()?;
    assert_eq!(code(st.set_shell_apply(|_, _| Ok(()))), Some(ErrorCode::ARG_WRONG));
    st.set_type(StType::SHELL)?;
    st.set_shell_apply(move |x, y| {
        held.set(held.get() + 1);
        mfn.solve(x, y).map(drop)
    })?;
    st.set_shell_back_transform(|theta| Ok(theta.ln()))?;
    let _ = eps.solve()?;
    assert!(alive.get() > 0, "the closure was not called");
    for (pair, k) in eps.eigenpairs()?.zip([n, n - 1]) {
        let pair = pair?;
        assert_close!(pair.value().re, laplacian_eigenvalue(n, k), 1e-7);
        assert!(pair.error(slepc_rs::eps::ErrorType::Relative)? < 1e-6);
    }
    assert_eq!(Rc::strong_count(&alive), 2);
    drop((st, eps));
    // An error was made above: what is dropped since waits for this.
    petsc.recover()?;
    assert_eq!(Rc::strong_count(&alive), 1);
    Ok(())
}

/// Inside the spectrum without a factorization.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_polynomial_filter_finds_all_values_of_an_interval(petsc: &Petsc) -> Result<()> {
    let n = 60;
    let a = laplacian(petsc.world(), n)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 4)?;
    eps.set_which(EpsWhich::All)?;
    eps.set_interval(0.9, 1.1)?;
    let mut st = eps.st()?;
    assert_eq!(code(st.set_filter_degree(20)), Some(ErrorCode::ARG_WRONG));
    st.set_type(StType::FILTER)?;
    assert_eq!(code(st.set_filter_degree(0)), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(code(st.set_filter_range(1.0, 0.0)), Some(ErrorCode::ARG_OUTOFRANGE));
    st.set_filter_degree(80)?;
    st.set_filter_interval(0.9, 1.1)?;
    st.set_filter_range(0.0, 4.0)?;
    assert_eq!(st.filter_degree()?, 80);
    assert_eq!(st.filter_interval()?, (0.9, 1.1));
    assert_eq!(st.filter_range()?, (0.0, 4.0));
    assert_eq!(code(st.cayley_antishift()), Some(ErrorCode::ARG_WRONG));
    let _ = eps.solve()?;
    assert_eq!(eps.interval()?, (0.9, 1.1));
    let mut found: Vec<f64> = eps.eigenvalues()?.iter().map(|z| z.re).collect();
    found.sort_by(f64::total_cmp);
    let wanted: Vec<f64> =
        (1..=n).map(|k| laplacian_eigenvalue(n, k)).filter(|x| (0.9..=1.1).contains(x)).collect();
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_close!(*found, *wanted, 1e-7);
    }
    // Once more, and set up before.
    let _ = eps.solve()?;
    assert_eq!(eps.eigenvalues()?.len(), wanted.len());
    eps.set_up()?;
    let _ = eps.solve()?;
    assert_eq!(eps.eigenvalues()?.len(), wanted.len());
    // It has a stopping test of its own from SLEPc 3.26 on.
    #[cfg(petsc_ge_3_26)]
    {
        eps.set_stopping_test_function(|test| test.default_test())?;
        assert_eq!(code(eps.solve()), Some(ErrorCode::SUP));
        eps.set_threshold(0.5, false)?;
        assert_eq!(code(eps.solve()), Some(ErrorCode::SUP));
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_preconditioner_is_built_from_another_matrix(petsc: &Petsc) -> Result<()> {
    let n = 30;
    let a = laplacian(petsc.world(), n)?;
    let inner = laplacian(petsc.world(), n)?;
    let (rows, columns) = a.local_size()?;
    let shell =
        Matrix::shell(petsc.world(), rows, columns, move |x, y| inner.mult(x, y)).build()?;
    let mut eps = solver(petsc.world(), &shell, None, EpsProblemType::Hermitian, 1)?;
    eps.set_which(EpsWhich::SmallestReal)?;
    eps.set_type(EpsType::LOBPCG)?;
    let mut st = eps.st()?;
    st.set_type(StType::PRECOND)?;
    st.set_preconditioner_matrix(Some(&a))?;
    assert!(!st.precond_ksp_has_matrix()?);
    st.ksp()?.pc()?.set_type(PcType::JACOBI)?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(n, 1), 1e-6);
    Ok(())
}

/// All eigenvalues but those near the real axis.
#[petsc_test::test(ranks = [1, 2])]
fn only_eigenvalues_in_a_region_are_returned(petsc: &Petsc) -> Result<()> {
    let a = rotations(petsc.world(), 10)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::NonHermitian, 4)?;
    eps.region()?.set_interval([1.5, 4.5], [-10.0, 10.0])?;
    let mut limit = 0;
    eps.set_stopping_test_function(move |test| {
        limit += 1;
        assert!(limit < 1000);
        let reason = test.default_test_of_iterations()?;
        let enough = test.converged() >= 6 && reason == ConvergedReason::Iterating;
        Ok(if enough { ConvergedReason::User } else { reason })
    })?;
    let _ = eps.solve()?;
    let mut found: Vec<f64> =
        eps.eigenpairs()?.map(|p| p.map(|p| p.value().re)).collect::<Result<_>>()?;
    found.sort_by(f64::total_cmp);
    found.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
    for (found, wanted) in found.iter().zip([2.0, 3.0, 4.0]) {
        assert_close!(*found, wanted, 1e-7);
    }
    assert_eq!(found.len(), 3);
    Ok(())
}

/// Folded at 2.2: without a way back, the eigenvalues are Rayleigh quotients of the problem.
#[petsc_test::test(ranks = [1, 2])]
fn a_folded_spectrum_gives_inner_values(petsc: &Petsc) -> Result<()> {
    let diagonal = Vector::from_fn(petsc.world(), 40, |i| Ok(r(i as f64)))?;
    let a = Matrix::diagonal_of(petsc.world(), &diagonal)?;
    let inner = Matrix::diagonal_of(petsc.world(), &diagonal)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_which(EpsWhich::SmallestReal)?;
    eps.st()?.set_type(StType::SHELL)?;
    eps.st()?.set_shell_apply(move |x, y| {
        let mut w = x.duplicate()?;
        inner.mult(x, &mut w)?;
        w.axpy(r(-2.2), x)?;
        inner.mult(&w, y)?;
        y.axpy(r(-2.2), &w)
    })?;
    let _ = eps.solve()?;
    let found = eps.eigenvalues()?;
    assert!(found.iter().any(|z| (z.re - 2.0).abs() < 1e-7), "{found:?}");
    // At the ends of the spectrum, which were folded away, nothing was looked for.
    assert!(found.iter().all(|z| z.re < 10.0), "{found:?}");
    Ok(())
}

/// The operator of the inner solver calls the transformation, which C does not count.
#[petsc_test::test(ranks = [1, 2])]
fn parts_of_an_eigensolver_outlive_it(petsc: &Petsc) -> Result<()> {
    let n = 20;
    let a = laplacian(petsc.world(), n)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_which(EpsWhich::TargetMagnitude)?;
    eps.set_target(r(-1.0))?;
    let mut st = eps.st()?;
    st.set_type(StType::SINVERT)?;
    st.set_mat_mode(MatMode::Shell)?;
    let mut ksp = st.ksp()?;
    ksp.set_type(KspType::GMRES)?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    let _ = eps.solve()?;
    // Another solver takes its place; handles to the first one are as good as before.
    let replacement = Ksp::new(petsc.world())?;
    let (operator, _) = ksp.operators()?;
    eps.st()?.set_ksp(&replacement)?;
    assert!(ksp.is_type("gmres")?);
    drop((eps, st, ksp));
    let (mut x, mut y) = a.vectors()?;
    x.set(r(1.0))?;
    operator.mult(&x, &mut y)?;
    // (A - σ·I)·1 = 1 inside, as the rows of A add up to 0 there, and 2 at the ends.
    assert_close!(y.norm(Norm::Infinity)?, 2.0, 1e-14);
    assert_close!(y.norm(Norm::One)?, n as f64 + 2.0, 1e-13);
    Ok(())
}

/// The end of the other solver would reset the transformation under the one that runs.
#[petsc_test::test(ranks = [1, 2])]
fn the_end_of_a_solver_waits_while_another_uses_its_transformation(petsc: &Petsc) -> Result<()> {
    let n = 60;
    let a = laplacian(petsc.world(), n)?;
    let mut st = St::new(petsc.world())?;
    st.set_type(StType::SINVERT)?;
    let mut other = Eps::new(petsc.world())?;
    other.set_st(&st)?;
    let mut eps = Eps::new(petsc.world())?;
    eps.set_st(&st)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    eps.set_which(EpsWhich::TargetMagnitude)?;
    eps.set_target(r(-0.1))?;
    let mut ksp = st.ksp()?;
    ksp.set_type(KspType::CG)?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    ksp.set_tolerances(petsc_rs::ksp::Tolerances { rtol: 1e-12.into(), ..Default::default() })?;
    let mut other = Some(other);
    ksp.add_monitor(move |_, iteration, _| {
        if iteration == 1 {
            drop(other.take());
        }
        Ok(())
    })?;
    drop((ksp, st));
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalues()?[0].re, laplacian_eigenvalue(n, 1), 1e-8);
    Ok(())
}

/// Looks for the values next to -1 by an operator that is not formed, which points to the transformation.
fn shell_of(eps: &mut Eps) -> Result<St> {
    eps.set_which(EpsWhich::TargetMagnitude)?;
    eps.set_target(r(-1.0))?;
    let mut st = eps.st()?;
    st.set_type(StType::SINVERT)?;
    st.set_mat_mode(MatMode::Shell)?;
    st.ksp()?.set_type(KspType::GMRES)?;
    st.ksp()?.pc()?.set_type(PcType::NONE)?;
    Ok(st)
}

/// The operator in the mode `shell` points to the transformation, which C does not count.
#[petsc_test::test(ranks = [1, 2])]
fn an_operator_that_is_kept_ends_with_its_transformation(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 20)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    let st = shell_of(&mut eps)?;
    let _ = eps.solve()?;
    let (operator, _) = st.ksp()?.operators()?;
    assert_eq!(
        code(operator.duplicate_with_values()),
        Some(ErrorCode::SUP),
        "the context has one owner"
    );
    petsc.recover()?;
    let mut other = Ksp::new(petsc.world())?;
    other.set_operators(&operator, &operator)?;
    other.pc()?.set_type(PcType::NONE)?;
    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    // Shares the operator with the solver that made it.
    let _ = other.solve(&b, &mut x)?;
    assert!(other.true_residual_norm(&b, &x)? < 1e-3);
    drop((st, operator));
    // With the operators, the transformation would lose what the operator multiplies.
    let _ = eps.solve()?;
    let _ = other.solve(&b, &mut x)?;
    drop(eps);
    assert_eq!(code(other.solve(&b, &mut x)), Some(ErrorCode::ARG_WRONGSTATE));
    petsc.recover()?;
    Ok(())
}

/// The same, where the operators are replaced: `STReset` takes away what the old one multiplies.
#[petsc_test::test(ranks = [1, 2])]
fn an_operator_that_is_kept_ends_with_the_matrices(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 20)?;
    let b = Matrix::constant_diagonal(petsc.world(), 20, r(2.0))?;
    let mut eps = solver(petsc.world(), &a, Some(&b), EpsProblemType::GeneralizedNonHermitian, 1)?;
    let st = shell_of(&mut eps)?;
    let _ = eps.solve()?;
    let (operator, _) = st.ksp()?.operators()?;
    let (x, mut y) = a.vectors()?;
    operator.mult(&x, &mut y)?;
    eps.set_operators(&a, None)?;
    assert_eq!(code(operator.mult(&x, &mut y)), Some(ErrorCode::ARG_WRONGSTATE));
    petsc.recover()?;
    drop(operator);
    eps.set_problem_type(EpsProblemType::NonHermitian)?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalues()?[0].re, laplacian_eigenvalue(20, 1), 1e-7);
    Ok(())
}

/// The same for a linear solver that was set, and then replaced.
#[petsc_test::test(ranks = [1, 2])]
fn an_operator_of_a_solver_that_was_set_ends_with_the_transformation(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 20)?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_type(KspType::GMRES)?;
    ksp.pc()?.set_type(PcType::NONE)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    let mut st = shell_of(&mut eps)?;
    st.set_ksp(&ksp)?;
    let _ = eps.solve()?;
    let replacement = Ksp::new(petsc.world())?;
    st.set_ksp(&replacement)?;
    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    let _ = ksp.solve(&b, &mut x)?;
    drop((st, eps));
    assert_eq!(code(ksp.solve(&b, &mut x)), Some(ErrorCode::ARG_WRONGSTATE));
    petsc.recover()?;
    Ok(())
}
