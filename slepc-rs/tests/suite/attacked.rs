//! Programs that crashed: found by `cargo xtask attack`.

use petsc_rs::ErrorCode;
use petsc_test::assert_close;
use slepc_rs::prelude::*;

use crate::problems::{code, laplacian, laplacian_eigenvalue, r, solver, tridiagonal};

#[petsc_test::test(ranks = [1, 2])]
fn an_interval_that_was_never_sliced(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    eps.set_which(EpsWhich::All)?;
    eps.reset()?;
    eps.set_type(EpsType::LAPACK)?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    // No interval: the set-up ends before it makes the solver within.
    assert_eq!(code(eps.set_up()), Some(ErrorCode::SUP));
    drop(eps);
    let mut eps = Eps::new(petsc.world())?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    eps.set_which(EpsWhich::All)?;
    assert_eq!(code(eps.set_from_options()), Some(ErrorCode::ORDER));
    let text = eps.view_to_string(petsc_rs::ViewerFormat::Default)?;
    assert!(text.contains("krylovschur"), "{text}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn another_method_after_power_iteration(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_type(EpsType::POWER)?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    assert!(eps.solve()?.pairs >= 1);
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(12, 12), 1e-8);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn another_kind_of_problem_after_a_solve(petsc: &Petsc) -> Result<()> {
    let a = tridiagonal(petsc.world(), 6, [-1.0, 3.0, -2.0])?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::NonHermitian, 1)?;
    let _ = eps.solve()?;
    eps.set_two_sided(true)?;
    let _ = eps.solve()?;
    let pair = eps.eigenpairs()?.next().ok_or("a pair")??;
    // Similar to a symmetric matrix with √2 beside the diagonal.
    let expected = 3.0 + 2.0 * 2.0_f64.sqrt() * (std::f64::consts::PI / 7.0).cos();
    assert_close!(pair.value().re, expected, 1e-7);
    let y = pair.left_vector()?;
    let mut aty = y.main().duplicate()?;
    a.mult_transpose(y.main(), &mut aty)?;
    aty.axpy(r(-expected), y.main())?;
    assert!(aty.norm(Norm::Two)? < 1e-6);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn an_order_without_a_closure(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_which(EpsWhich::User)?;
    assert_eq!(code(eps.solve()), Some(ErrorCode::ARG_WRONGSTATE));
    eps.set_eigenvalue_comparison(|x, y| Ok(x.re.total_cmp(&y.re)))?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(12, 1), 1e-7);

    let mut pep = Pep::new(petsc.world())?;
    pep.set_operators(&[&a, &a, &a])?;
    pep.set_which(PepWhich::User)?;
    assert_eq!(code(pep.solve()), Some(ErrorCode::ARG_WRONGSTATE));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn results_that_another_handle_takes_away(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    let _ = eps.solve()?;
    let mut other = eps.share()?;
    let mut pairs = eps.eigenpairs()?;
    let pair = pairs.next().ok_or("a pair")??;
    other.reset()?;
    assert_eq!(code(pair.vector()), Some(ErrorCode::ARG_WRONGSTATE));
    let error = pair.error(slepc_rs::eps::ErrorType::Relative);
    assert_eq!(code(error), Some(ErrorCode::ARG_WRONGSTATE));

    let mut svd = Svd::new(petsc.world())?;
    svd.set_operators(&a, None)?;
    let _ = svd.solve()?;
    let mut other = svd.share()?;
    let triplet = svd.singular_triplets()?.next().ok_or("a triplet")??;
    other.reset()?;
    assert_eq!(code(triplet.vectors()), Some(ErrorCode::ARG_WRONGSTATE));
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_combination_without_parts_is_viewed(petsc: &Petsc) -> Result<()> {
    let f = MathFunction::of_type(petsc.world(), FnType::COMBINE)?;
    let text = f.view_to_string(petsc_rs::ViewerFormat::Default)?;
    assert!(text.contains("combine"), "{text}");
    Ok(())
}
