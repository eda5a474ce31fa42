//! Programs that crashed: found by `cargo xtask attack`.

use petsc_rs::ErrorCode;
use petsc_test::{assert_close, assert_code, assert_error};
use slepc_rs::prelude::*;

use crate::problems::{code, laplacian, laplacian_eigenvalue, r, solver, tridiagonal};

/// The Laplacian of order 8 and the identity: coefficients of polynomials.
fn coefficients(petsc: &Petsc) -> Result<(Matrix, Matrix)> {
    let one = Matrix::constant_diagonal(petsc.world(), 8, r(1.0))?.convert(MatrixType::AIJ)?;
    Ok((laplacian(petsc.world(), 8)?, one))
}

/// `-a`, and zeros in the pattern of `one`.
fn negative_and_zero(a: &Matrix, one: &Matrix) -> Result<(Matrix, Matrix)> {
    let mut minus = a.duplicate_with_values()?;
    minus.scale(r(-1.0))?;
    let mut zero = one.duplicate()?;
    zero.assemble()?;
    Ok((minus, zero))
}

#[petsc_test::test(ranks = [1, 2])]
fn an_interval_that_was_never_sliced(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    eps.set_which(EpsWhich::All)?;
    eps.reset()?;
    eps.set_type(EpsType::LAPACK)?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    // No interval: the setup ends before it makes the solver within.
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
fn a_contour_that_was_never_made(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_type(EpsType::CISS)?;
    eps.reset()?;
    drop(eps);
    let mut eps = Eps::new(petsc.world())?;
    eps.set_type(EpsType::CISS)?;
    // Since SLEPc 3.26, a reset uses the contour by default.
    #[cfg(not(petsc_ge_3_26))]
    eps.set_ciss_use_st(false)?;
    eps.reset()?;
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

#[petsc_test::test(ranks = [1])]
fn a_function_loses_its_parts_after_a_solve(petsc: &Petsc) -> Result<()> {
    let (a, one) = coefficients(petsc)?;
    let comm = petsc.world();
    let mut constant = MathFunction::rational(comm, &[r(1.0)], &[])?;
    let linear = MathFunction::rational(comm, &[r(-1.0), r(0.0)], &[])?;
    let mut nep = Nep::new(comm)?;
    nep.set_split_operator(
        &[(&a, &constant), (&one, &linear)],
        petsc_rs::matrix::Structure::Subset,
    )?;
    nep.set_type(NepType::RII)?;
    let _ = nep.solve_unchecked()?;
    constant.set_type(FnType::COMBINE)?;
    let pair = nep.eigenpairs()?.next().ok_or("a pair")??;
    let error = pair.error(slepc_rs::nep::ErrorType::Absolute);
    assert_eq!(code(error), Some(ErrorCode::SUP));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn davidson_for_polynomials_without_a_set_up(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 8)?;
    let one = Matrix::constant_diagonal(petsc.world(), 8, r(1.0))?;
    let mut pep = Pep::new(petsc.world())?;
    pep.set_operators(&[&a, &one, &one])?;
    pep.set_type(PepType::JD)?;
    pep.reset()?;
    drop(pep);
    let mut pep = Pep::new(petsc.world())?;
    pep.set_type(PepType::JD)?;
    pep.set_operators(&[&a, &one, &one])?;
    pep.set_dimensions(slepc_rs::pep::Dimensions {
        nev: 1.into(),
        ncv: 1.into(),
        ..Default::default()
    })?;
    assert_eq!(code(pep.set_up()), Some(ErrorCode::ARG_OUTOFRANGE));
    pep.set_dimensions(slepc_rs::pep::Dimensions {
        nev: 2.into(),
        ncv: 2.into(),
        ..Default::default()
    })?;
    assert_eq!(code(pep.set_up()), Some(ErrorCode::ARG_OUTOFRANGE));
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_slice_that_fails_after_another_solve(petsc: &Petsc) -> Result<()> {
    use slepc_rs::pep::ProblemType;
    let a = laplacian(petsc.world(), 8)?;
    let one = Matrix::constant_diagonal(petsc.world(), 8, r(1.0))?;
    let one = one.convert(MatrixType::AIJ)?;
    let mut pep = Pep::new(petsc.world())?;
    pep.set_operators(&[&a, &one, &one])?;
    pep.set_type(PepType::STOAR)?;
    pep.set_problem_type(ProblemType::Hermitian)?;
    assert!(pep.solve()?.pairs > 0);
    pep.set_problem_type(ProblemType::Hyperbolic)?;
    pep.set_which(PepWhich::All)?;
    pep.set_interval(-2.0, -1.0)?;
    let mut st = pep.st()?;
    st.set_type(StType::SINVERT)?;
    // A factor without an inertia.
    st.ksp()?.pc()?.set_type(PcType::LU)?;
    assert_error(pep.solve(), ErrorCode::SUP, "getinertia");
    pep.reset()?;
    Ok(())
}

/// λ² + λ/1000 = L, where L is the Laplacian: two eigenvalues lie in the interval.
#[cfg(petsc_scalar = "real")]
fn two_in_an_interval(petsc: &Petsc) -> Result<Pep> {
    let (a, one) = coefficients(petsc)?;
    let (minus, _) = negative_and_zero(&a, &one)?;
    let mut damping = one.duplicate_with_values()?;
    damping.scale(r(1e-3))?;
    let mut pep = Pep::new(petsc.world())?;
    pep.set_operators(&[&minus, &damping, &one])?;
    pep.set_type(PepType::STOAR)?;
    pep.set_problem_type(slepc_rs::pep::ProblemType::Hyperbolic)?;
    pep.set_which(PepWhich::All)?;
    pep.set_interval(0.3, 0.8)?;
    let mut st = pep.st()?;
    st.set_type(StType::SINVERT)?;
    let mut ksp = st.ksp()?;
    ksp.set_type(KspType::PREONLY)?;
    ksp.pc()?.set_type(PcType::CHOLESKY)?;
    Ok(pep)
}

#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1])]
fn slices_with_a_monitor_that_fails(petsc: &Petsc) -> Result<()> {
    let mut pep = two_in_an_interval(petsc)?;
    // More eigenvalues have converged at that time than lie in the interval.
    pep.add_monitor(|_| Err(Error::new(ErrorCode::FP, "the monitor fails")))?;
    assert_code(pep.solve(), ErrorCode::FP);
    pep.reset()
}

#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1])]
fn slices_before_and_after_another_solve(petsc: &Petsc) -> Result<()> {
    let mut pep = two_in_an_interval(petsc)?;
    assert_eq!(pep.solve()?.pairs, 2);
    pep.set_which(PepWhich::TargetMagnitude)?;
    pep.set_target(r(0.5))?;
    pep.st()?.set_transform(true)?;
    pep.set_dimensions(slepc_rs::pep::Dimensions {
        nev: 6.into(),
        ncv: 16.into(),
        ..Default::default()
    })?;
    assert!(pep.solve()?.pairs > 2);
    pep.set_which(PepWhich::All)?;
    assert_eq!(pep.solve()?.pairs, 2);
    Ok(())
}

#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1])]
fn slices_without_the_eigenvalues_of_the_inertia(petsc: &Petsc) -> Result<()> {
    // The eigenvalues are complex: the problem is not hyperbolic.
    let a = laplacian(petsc.world(), 4)?;
    let one = Matrix::constant_diagonal(petsc.world(), 4, r(1.0))?.convert(MatrixType::AIJ)?;
    let mut pep = two_in_an_interval(petsc)?;
    pep.set_operators(&[&a, &one, &one])?;
    pep.set_interval(-1.875, 0.125)?;
    assert_error(pep.solve(), ErrorCode::CONV_FAILED, "were not found");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn scaling_by_diagonals_of_other_types(petsc: &Petsc) -> Result<()> {
    use slepc_rs::pep::{Scale, Scaling};
    let a = laplacian(petsc.world(), 8)?;
    let one = Matrix::constant_diagonal(petsc.world(), 8, r(1.0))?;
    let mut pep = Pep::new(petsc.world())?;
    pep.set_operators(&[&a, &a, &one])?;
    pep.set_scaling(Scale::Diagonal, Scaling::default())?;
    assert_eq!(code(pep.set_up()), Some(ErrorCode::SUP));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_refinement_is_viewed_before_a_solve(petsc: &Petsc) -> Result<()> {
    use slepc_rs::nep::{Refine, Refinement};
    let mut nep = Nep::new(petsc.world())?;
    nep.set_refinement(Refine::Simple, Refinement::default())?;
    let text = nep.view_to_string(petsc_rs::ViewerFormat::Default)?;
    assert!(text.contains("refinement"), "{text}");
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn terms_that_cannot_be_added(petsc: &Petsc) -> Result<()> {
    use petsc_rs::matrix::Structure;
    let a = laplacian(petsc.world(), 8)?;
    let shell = Matrix::shell(petsc.world(), 8, 8, |x, y| y.copy_from(x)).build()?;
    let one = MathFunction::rational(petsc.world(), &[r(1.0)], &[])?;
    let mut nep = Nep::new(petsc.world())?;
    let terms = [(&*a, &*one), (&*shell, &*one)];
    let refused = nep.set_split_operator(&terms, Structure::Different);
    assert_eq!(code(refused), Some(ErrorCode::SUP));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn active_columns_of_a_basis_that_is_lent_as_a_matrix(petsc: &Petsc) -> Result<()> {
    let mut basis = Bv::new(petsc.world(), 20, 5, BvType::VECS)?;
    basis.set_random()?;
    let norm = basis.norm(Norm::Frobenius)?;
    let mut other = basis.share()?;
    let view = basis.matrix_view()?;
    assert_eq!(code(other.set_active_columns(1..2)), Some(ErrorCode::ARG_WRONGSTATE));
    assert_close!(view.norm(Norm::Frobenius)?, norm, 1e-12);
    drop(view);
    other.set_active_columns(1..2)
}

#[petsc_test::test(ranks = [1])]
fn a_basis_from_a_parallel_matrix_on_one_rank(petsc: &Petsc) -> Result<()> {
    let a = Matrix::builder(petsc.world()).kind(MatrixType::MPI_DENSE).global_size(6, 2).build()?;
    let refused = Bv::from_matrix(&a, BvType::MAT);
    assert_eq!(code(refused), Some(ErrorCode::SUP));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn more_left_initial_vectors_than_right_ones(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 8)?;
    let (x, y) = a.vectors()?;
    for (right, left) in [(vec![&*x], vec![]), (vec![], vec![&*y])] {
        let mut svd = Svd::new(petsc.world())?;
        svd.set_operators(&a, None)?;
        svd.set_type(SvdType::CYCLIC)?;
        svd.set_initial_spaces(&right, &left)?;
        assert_eq!(code(svd.set_up()), Some(ErrorCode::SUP));
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_product_that_fails_in_a_solver_of_singular_values(petsc: &Petsc) -> Result<()> {
    use std::cell::Cell;
    use std::rc::Rc;
    let a = laplacian(petsc.world(), 8)?;
    let (rows, columns) = a.local_size()?;
    let fails = Rc::new(Cell::new(true));
    let fail = Rc::clone(&fails);
    let transposed = a.duplicate_with_values()?;
    let shell = Matrix::shell(petsc.world(), rows, columns, move |x, y| {
        if fail.get() {
            return Err("not now".into());
        }
        a.mult(x, y)
    })
    .mult_transpose(move |x, y| transposed.mult(x, y))
    .build()?;
    let mut svd = Svd::new(petsc.world())?;
    svd.set_operators(&shell, None)?;
    svd.set_type(SvdType::RANDOMIZED)?;
    for _ in 0..2 {
        assert_code(svd.solve_unchecked(), ErrorCode::USER);
    }
    fails.set(false);
    let _ = svd.solve_unchecked()?;
    fails.set(true);
    svd.reset()?;
    assert_code(svd.solve_unchecked(), ErrorCode::USER);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn an_arbitrary_selection_of_values_that_were_not_set(petsc: &Petsc) -> Result<()> {
    let a = tridiagonal(petsc.world(), 12, [-1.0, 3.0, -2.0])?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::NonHermitian, 2)?;
    // A second part of a value that is none of a pair.
    eps.set_arbitrary_selection(|value, _, _| Ok(num_complex::Complex::new(value.re, 1.0)))?;
    let _ = eps.solve()?;
    eps.set_type(EpsType::GD)?;
    assert_eq!(code(eps.solve()), Some(ErrorCode::SUP));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_column_of_a_solver_that_is_lent(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_type(EpsType::RQCG)?;
    eps.set_which(EpsWhich::SmallestReal)?;
    let _ = eps.solve()?;
    let mut other = eps.share()?;
    {
        let basis = eps.bv()?;
        let _column = basis.column(0)?;
        let pair = eps.eigenpairs()?.next().ok_or("a pair")??;
        assert_eq!(code(pair.vector()), Some(ErrorCode::ARG_WRONGSTATE));
        assert_eq!(code(other.solve()), Some(ErrorCode::ARG_WRONGSTATE));
    }
    let _ = other.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(12, 1), 1e-6);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn another_order_after_a_set_up(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_which(EpsWhich::User)?;
    eps.set_eigenvalue_comparison(|x, y| Ok(x.re.total_cmp(&y.re)))?;
    eps.set_up()?;
    eps.set_eigenvalue_comparison(|x, y| Ok(y.re.total_cmp(&x.re)))?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(12, 12), 1e-7);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn another_coefficient_after_an_equation_is_solved(petsc: &Petsc) -> Result<()> {
    let n = 6;
    let a = tridiagonal(petsc.world(), n, [1.0, -3.0, 1.0])?;
    let b = tridiagonal(petsc.world(), n, [0.0, -1.0, 0.0])?;
    let mut c = Matrix::from_dense(petsc.world(), 6, 1, &[r(0.0); 6])?;
    c.set_value(0, 0, r(1.0), InsertMode::Insert)?;
    c.assemble()?;
    let mut lme = Lme::new(petsc.world())?;
    lme.set_coefficient(&a)?;
    lme.set_rhs_factor(&c)?;
    let _ = lme.solve()?;
    lme.set_coefficient(&b)?;
    let _ = lme.solve()?;
    // -X - X + c cᵀ = 0: X has the one entry 1/2.
    let factor = lme.solution_factor()?;
    let norm = factor.norm(Norm::Frobenius)?;
    assert_close!(norm * norm, 0.5, 1e-10);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn more_coefficients_than_columns(petsc: &Petsc) -> Result<()> {
    let mut basis = Bv::new(petsc.world(), 20, 2, BvType::VECS)?;
    basis.set_random()?;
    let q = Matrix::from_dense(petsc.self_comm(), 2, 9, &[r(1.0); 18])?;
    let refused = basis.mult_in_place_hermitian_transpose(&q, 0..2);
    assert_eq!(code(refused), Some(ErrorCode::ARG_OUTOFRANGE));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn results_of_a_solver_inside_that_was_reset(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut svd = Svd::new(petsc.world())?;
    svd.set_operators(&a, None)?;
    svd.set_type(SvdType::CROSS)?;
    let _ = svd.solve()?;
    svd.eps()?.reset()?;
    let triplet = svd.singular_triplets()?.next().ok_or("a triplet")??;
    assert_eq!(code(triplet.vectors()), Some(ErrorCode::ARG_WRONGSTATE));
    let _ = svd.solve()?;
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_shift_of_a_cross_product(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut svd = Svd::new(petsc.world())?;
    svd.set_operators(&a, None)?;
    svd.set_type(SvdType::CROSS)?;
    svd.set_up()?;
    let mut st = svd.eps()?.st()?;
    // Duplicates the operator.
    st.set_type(StType::SINVERT)?;
    st.set_shift(r(-0.5))?;
    let mut ksp = st.ksp()?;
    ksp.set_type(KspType::GMRES)?;
    ksp.pc()?.set_type(PcType::NONE)?;
    let _ = svd.solve_unchecked();
    svd.reset()?;
    drop(svd);
    petsc.recover()
}

#[petsc_test::test(ranks = [1, 2])]
fn more_eigenvalues_of_the_cross_product(petsc: &Petsc) -> Result<()> {
    use slepc_rs::svd::Dimensions;
    let a = laplacian(petsc.world(), 12)?;
    for method in [SvdType::CROSS, SvdType::CYCLIC] {
        let mut svd = Svd::new(petsc.world())?;
        svd.set_operators(&a, None)?;
        svd.set_type(method)?;
        svd.set_dimensions(Dimensions { nev: 1.into(), ncv: 3.into(), mpd: 3.into() })?;
        svd.set_up()?;
        let all = Dimensions { nev: 10.into(), ncv: 12.into(), mpd: 12.into() };
        svd.eps()?.set_dimensions(all)?;
        svd.eps()?.set_which(EpsWhich::LargestReal)?;
        let _ = svd.solve_unchecked()?;
        assert!(svd.converged()? <= 12);
        assert_close!(svd.singular_values()?[0], laplacian_eigenvalue(12, 12), 1e-6);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_polynomial_with_an_empty_rank(petsc: &Petsc) -> Result<()> {
    // (x - 1) (x - 2)
    let diagonal =
        |value| Matrix::constant_diagonal(petsc.world(), 1, r(value))?.convert(MatrixType::AIJ);
    let (a, b, c) = (diagonal(2.0)?, diagonal(-3.0)?, diagonal(1.0)?);
    let mut pep = Pep::new(petsc.world())?;
    pep.set_operators(&[&a, &b, &c])?;
    pep.set_type(PepType::TOAR)?;
    let _ = pep.solve_unchecked()?;
    if pep.converged()? > 0 {
        assert_close!(pep.eigenvalue(0)?.re, 2.0, 1e-7);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn results_without_the_transformation(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let two = Matrix::constant_diagonal(petsc.world(), 12, r(2.0))?.convert(MatrixType::AIJ)?;
    let kind = EpsProblemType::GeneralizedHermitian;
    let mut eps = solver(petsc.world(), &a, Some(&two), kind, 1)?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    let mut other = Eps::new(petsc.world())?;
    other.set_st(&*eps.st()?)?;
    let _ = eps.solve()?;
    let pair = eps.eigenpairs()?.next().ok_or("a pair")??;
    drop(other);
    assert_error(pair.vector(), ErrorCode::ARG_WRONGSTATE, "solve again");
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(12, 12) / 2.0, 1e-7);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn another_method_after_lyapunov_iteration_that_failed(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 2)?;
    eps.set_type(EpsType::LYAPII)?;
    let mut st = eps.st()?;
    st.set_type(StType::SINVERT)?;
    st.set_shift(r(4.0))?;
    // The method is for matrices with eigenvalues on the left.
    if eps.solve_unchecked().is_err() {
        petsc.recover()?;
    }
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    st.set_type(StType::SHIFT)?;
    st.set_shift(r(0.0))?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(12, 12), 1e-7);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn other_shifts_of_a_solver_that_has_solved(petsc: &Petsc) -> Result<()> {
    use petsc_rs::matrix::Structure;
    let comm = petsc.world();
    let one = Matrix::constant_diagonal(comm, 4, r(1.0))?;
    let one = one.convert(MatrixType::AIJ)?;
    let exp = MathFunction::of_type(comm, FnType::EXP)?;
    let minus_two = MathFunction::rational(comm, &[r(-2.0)], &[])?;
    let mut nep = Nep::new(comm)?;
    nep.set_split_operator(&[(&one, &exp), (&one, &minus_two)], Structure::Subset)?;
    nep.set_type(NepType::NLEIGS)?;
    nep.set_region(&*Region::interval(comm, [0.0, 2.0], [0.0, 0.0])?)?;
    nep.set_target(r(0.5))?;
    let _ = nep.solve()?;
    nep.set_nleigs_rk_shifts(&[r(0.4), r(0.8)])?;
    nep.set_nleigs_rk_shifts(&[r(0.4)])?;
    nep.reset()
}

#[petsc_test::test(ranks = [1])]
fn another_transformation_after_a_set_up(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::NonHermitian, 1)?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    eps.set_up()?;
    eps.st()?.set_type(StType::PRECOND)?;
    // The method wants another transformation.
    assert_error(eps.solve(), ErrorCode::SUP, "preconditioned eigensolvers only");
    eps.st()?.set_type(StType::SHIFT)?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(12, 12), 1e-7);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn singularities_of_functions_without_poles(petsc: &Petsc) -> Result<()> {
    use petsc_rs::matrix::Structure;
    use slepc_rs::function::Combination;
    let comm = petsc.world();
    let (a, one) = coefficients(petsc)?;
    let exp = MathFunction::of_type(comm, FnType::EXP)?;
    let x = MathFunction::rational(comm, &[r(-1.0), r(0.0)], &[])?;
    let half = MathFunction::rational(comm, &[r(0.5)], &[])?;
    let constant = MathFunction::combined(comm, Combination::Add, &half, &half)?;
    let pole = MathFunction::rational(comm, &[r(1e-3)], &[r(0.0), r(1.0), r(-9.0)])?;
    let mut nep = Nep::new(comm)?;
    nep.set_type(NepType::NLEIGS)?;
    nep.set_problem_type(slepc_rs::nep::ProblemType::Rational)?;
    nep.set_region(&*Region::interval(comm, [0.1, 0.5], [0.0, 0.0])?)?;
    nep.set_target(r(0.15))?;
    nep.set_split_operator(&[(&a, &constant), (&one, &exp)], Structure::Subset)?;
    assert_error(nep.set_up(), ErrorCode::CONV_FAILED, "not rational");
    nep.set_split_operator(&[(&a, &constant), (&one, &x), (&one, &pole)], Structure::Subset)?;
    nep.set_up()?;
    // With complex scalars, the method does not converge in a region without an interior.
    if cfg!(petsc_scalar = "real") {
        let _ = nep.solve()?;
        assert_close!(nep.eigenvalue(0)?.re, laplacian_eigenvalue(8, 1) - 1e-3 / 8.88, 1e-5);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn another_extraction_after_a_set_up(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    eps.set_extraction(slepc_rs::eps::Extraction::Harmonic)?;
    eps.set_up()?;
    eps.set_extraction(slepc_rs::eps::Extraction::Ritz)?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(12, 12), 1e-7);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn solvers_that_share_a_transformation(petsc: &Petsc) -> Result<()> {
    let (a, c) = (laplacian(petsc.world(), 12)?, laplacian(petsc.world(), 30)?);
    let two = Matrix::constant_diagonal(petsc.world(), 30, r(2.0))?.convert(MatrixType::AIJ)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::NonHermitian, 1)?;
    let mut other = Eps::new(petsc.world())?;
    other.set_st(&*eps.st()?)?;
    other.set_operators(&c, Some(&two))?;
    other.set_dimensions(slepc_rs::eps::Dimensions::nev(1))?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(12, 12), 1e-7);
    eps.set_operators(&a, None)?;
    eps.set_up()?;
    let _ = other.solve()?;
    assert_close!(other.eigenvalue(0)?.re, laplacian_eigenvalue(30, 30) / 2.0, 1e-7);
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(12, 12), 1e-7);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_matrix_view_of_columns_that_are_lent(petsc: &Petsc) -> Result<()> {
    let basis = Bv::new(petsc.world(), 20, 3, BvType::VECS)?;
    let mut other = basis.share()?;
    let column = basis.column(0)?;
    let values = column.array()?;
    assert_error(
        other.matrix_view_mut(),
        ErrorCode::ARG_WRONGSTATE,
        "borrowed through another handle",
    );
    assert_eq!(values.len(), column.local_len()?);
    drop(values);
    drop(column);
    let view = basis.matrix_view()?;
    assert_eq!(code(other.column(0)), Some(ErrorCode::ARG_WRONGSTATE));
    drop(view);
    assert!(other.column(0).is_ok());
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn the_logarithm_of_a_small_matrix(petsc: &Petsc) -> Result<()> {
    let log = MathFunction::of_type(petsc.self_comm(), FnType::LOG)?;
    // Eigenvalues 5/2 (twice) and 4, the last one with the vector of ones.
    let entries: Vec<_> = (0..9).map(|i| r(if i % 4 == 0 { 3.0 } else { 0.5 })).collect();
    let a = Matrix::from_dense(petsc.self_comm(), 3, 3, &entries)?;
    let value = log.evaluate_matrix(&a)?;
    let (low, high) = (2.5_f64.ln(), 4.0_f64.ln());
    for i in 0..3 {
        for j in 0..3 {
            let diagonal = if i == j { low } else { 0.0 };
            assert_close!(value.value(i, j)?.real(), diagonal + (high - low) / 3.0, 1e-12);
        }
    }
    let singular = Matrix::from_dense(petsc.self_comm(), 2, 2, &[r(1.0); 4])?;
    assert_eq!(code(log.evaluate_matrix(&singular)), Some(ErrorCode::FP));
    let infinite = Matrix::from_dense(petsc.self_comm(), 1, 1, &[r(f64::INFINITY)])?;
    assert_eq!(code(log.evaluate_matrix(&infinite)), Some(ErrorCode::FP));
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn more_eigenvalues_of_the_cyclic_matrix_than_singular_values(petsc: &Petsc) -> Result<()> {
    // A Laplacian above two rows of zeros, and its transpose.
    let mut entries = vec![r(0.0); 48];
    for i in 0..6 {
        entries[9 * i] = r(2.0);
        if i > 0 {
            entries[9 * i - 1] = r(-1.0);
            entries[9 * i - 8] = r(-1.0);
        }
    }
    let a = Matrix::from_dense(petsc.world(), 8, 6, &entries)?;
    for which in [slepc_rs::svd::Which::Largest, slepc_rs::svd::Which::Smallest] {
        let mut svd = Svd::new(petsc.world())?;
        svd.set_operators(&a, None)?;
        svd.set_type(SvdType::CYCLIC)?;
        svd.set_which(which)?;
        svd.eps()?.set_dimensions(slepc_rs::eps::Dimensions {
            nev: 14.into(),
            ncv: 14.into(),
            ..Default::default()
        })?;
        match svd.solve() {
            Ok(_) => {}
            // Zeros come before the others.
            Err(error) => {
                assert_eq!(which, slepc_rs::svd::Which::Smallest);
                assert_eq!(error.code(), ErrorCode::CONV_FAILED);
                continue;
            }
        }
        let values = svd.singular_values()?;
        assert!(values.len() <= 6, "{values:?}");
        if which == slepc_rs::svd::Which::Largest {
            for (k, value) in (1..=6).rev().zip(values) {
                assert_close!(value, laplacian_eigenvalue(6, k), 1e-7);
            }
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn signs_of_a_problem_that_became_hyperbolic(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 8)?;
    let mut svd = Svd::new(petsc.world())?;
    svd.set_operators(&a, None)?;
    svd.set_type(SvdType::CROSS)?;
    let _ = svd.solve()?;
    let (_, mut omega) = a.vectors()?;
    omega.set(r(1.0))?;
    svd.set_signature(Some(&omega))?;
    svd.set_problem_type(slepc_rs::svd::ProblemType::Hyperbolic)?;
    let _ = svd.solve()?;
    let triplet = svd.singular_triplets()?.next().ok_or("a triplet")??;
    assert_close!(triplet.value(), laplacian_eigenvalue(8, 8), 1e-7);
    assert!(triplet.error(slepc_rs::svd::ErrorType::Relative)? < 1e-6);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn davidson_for_polynomials_of_a_higher_degree(petsc: &Petsc) -> Result<()> {
    let (a, one) = coefficients(petsc)?;
    let (minus, zero) = negative_and_zero(&a, &one)?;
    let mut pep = Pep::new(petsc.world())?;
    pep.set_type(PepType::JD)?;
    pep.set_target(r(1.9))?;
    pep.set_operators(&[&minus, &zero, &one])?;
    let _ = pep.solve_unchecked()?;
    // λ³ = 2 - 2·cos(k·π/9)
    pep.set_operators(&[&minus, &zero, &zero, &one])?;
    let _ = pep.solve()?;
    let expected = laplacian_eigenvalue(8, 8).cbrt();
    let error = (pep.eigenvalue(0)?.powu(3).re - expected.powi(3)).abs();
    assert!(error < 1e-6, "{error}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn an_eigensolver_within_another_solver(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 8)?;
    let mut svd = Svd::new(petsc.world())?;
    svd.set_operators(&a, None)?;
    svd.set_type(SvdType::CROSS)?;
    svd.add_monitor(|_| Ok(()))?;
    let _ = svd.solve()?;
    let mut inner = svd.eps()?;
    assert_eq!(code(inner.solve()), Some(ErrorCode::ARG_WRONGSTATE));
    assert_close!(svd.singular_values()?[0], laplacian_eigenvalue(8, 8), 1e-7);
    drop(svd);
    assert_eq!(code(inner.solve()), Some(ErrorCode::ARG_WRONGSTATE));
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn another_handle_changes_the_solver_while_an_error_is_computed(petsc: &Petsc) -> Result<()> {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;
    let a = laplacian(petsc.world(), 6)?;
    let other: Rc<RefCell<Option<Nep>>> = Rc::default();
    let outcome = Rc::new(Cell::new(None));
    let (twin, seen) = (Rc::clone(&other), Rc::clone(&outcome));
    let mut nep = Nep::new(petsc.world())?;
    nep.set_type(NepType::RII)?;
    let (t, j) = (a.duplicate()?, a.duplicate()?);
    nep.set_function(&t, &t, move |_, lambda, t, _| {
        t.copy_from(&a)?;
        if let Some(nep) = twin.borrow_mut().as_mut() {
            seen.set(code(nep.set_two_sided(true)));
        }
        t.shift(-lambda)
    })?;
    nep.set_jacobian(&j, |_, _, j| {
        j.zero_entries()?;
        j.shift(r(-1.0))
    })?;
    nep.set_target(r(laplacian_eigenvalue(6, 3) + 0.01))?;
    let _ = nep.solve()?;
    *other.borrow_mut() = Some(nep.share()?);
    let pair = nep.eigenpairs()?.next().ok_or("a pair")??;
    assert!(pair.error(slepc_rs::nep::ErrorType::Absolute)? < 1e-6);
    assert_eq!(outcome.get(), Some(ErrorCode::ARG_WRONGSTATE));
    *other.borrow_mut() = None;
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_generalized_problem_without_a_back_transformation(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 8)?;
    let b = tridiagonal(petsc.world(), 8, [0.0, 2.0, 0.0])?;
    let kind = EpsProblemType::GeneralizedNonHermitian;
    let mut eps = solver(petsc.world(), &a, Some(&b), kind, 1)?;
    let mut st = eps.st()?;
    st.set_type(StType::SHELL)?;
    st.set_shell_apply(move |x, y| {
        a.mult(x, y)?;
        y.scale(r(0.5))
    })?;
    assert_eq!(code(eps.solve()), Some(ErrorCode::SUP));
    st.set_shell_back_transform(Ok)?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(8, 8) / 2.0, 1e-7);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_scaling_by_diagonals_of_two_types(petsc: &Petsc) -> Result<()> {
    let (a, one) = coefficients(petsc)?;
    // One rank may have both.
    let mut mpi =
        Matrix::builder(petsc.world()).global_size(8, 8).kind(MatrixType::MPI_AIJ).build()?;
    mpi.assemble()?;
    let mut pep = Pep::new(petsc.world())?;
    pep.set_operators(&[&a, &mpi, &one])?;
    let scaling = slepc_rs::pep::Scaling::default();
    pep.set_scaling(slepc_rs::pep::Scale::Diagonal, scaling)?;
    assert_eq!(code(pep.set_up()), Some(ErrorCode::SUP));
    pep.set_operators(&[&a, &one, &one])?;
    pep.set_up()
}

#[petsc_test::test(ranks = [1])]
fn a_refinement_that_begins_while_the_solver_runs(petsc: &Petsc) -> Result<()> {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;
    let (a, one) = coefficients(petsc)?;
    let other: Rc<RefCell<Option<Pep>>> = Rc::default();
    let outcome = Rc::new(Cell::new(None));
    let (twin, seen) = (Rc::clone(&other), Rc::clone(&outcome));
    let mut pep = Pep::new(petsc.world())?;
    pep.set_operators(&[&a, &one, &one])?;
    pep.add_monitor(move |_| {
        if let Some(pep) = twin.borrow_mut().as_mut() {
            let kind = slepc_rs::pep::Refine::Multiple;
            seen.set(code(pep.set_refinement(kind, Default::default())));
        }
        Ok(())
    })?;
    *other.borrow_mut() = Some(pep.share()?);
    let _ = pep.solve_unchecked()?;
    assert_eq!(outcome.get(), Some(ErrorCode::ARG_WRONGSTATE));
    *other.borrow_mut() = None;
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn more_coefficients_after_a_set_up_that_failed(petsc: &Petsc) -> Result<()> {
    let (a, one) = coefficients(petsc)?;
    let (minus, zero) = negative_and_zero(&a, &one)?;
    let mut pep = Pep::new(petsc.world())?;
    let mut st = pep.st()?;
    // No pivot: the transformation has matrices for two operators, and is not set up.
    let mut eps = Eps::new(petsc.world())?;
    eps.set_st(&st)?;
    eps.set_operators(&zero, Some(&one))?;
    st.set_type(StType::SINVERT)?;
    assert_code(eps.set_up(), ErrorCode::MAT_LU_ZRPVT);
    petsc.recover()?;
    st.set_type(StType::SHIFT)?;
    let z = &zero;
    pep.set_operators(&[&minus, z, z, z, z, z, z, z, &one])?;
    let _ = pep.solve()?;
    // λ⁸ = 2 - 2·cos(k·π/9)
    let expected = laplacian_eigenvalue(8, 8).powf(0.125);
    assert_close!(pep.eigenvalue(0)?.norm(), expected, 1e-6);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn active_columns_of_a_basis_that_scalapack_fills(petsc: &Petsc) -> Result<()> {
    let n = 60;
    let a = laplacian(petsc.world(), n)?;
    let mut svd = Svd::new(petsc.world())?;
    svd.set_operators(&a, None)?;
    // It leaves those columns active that had not converged before its last iteration.
    svd.set_type(SvdType::TRLANCZOS)?;
    svd.set_dimensions(slepc_rs::svd::Dimensions::nev(4))?;
    assert!(svd.solve()?.iterations > 1);
    if let Err(error) = svd.set_type(SvdType::SCALAPACK) {
        // A build without it.
        assert_eq!(error.code(), ErrorCode::ARG_UNKNOWN_TYPE);
        return Ok(());
    }
    let _ = svd.solve()?;
    for (k, triplet) in (1..=n).rev().zip(svd.singular_triplets()?) {
        let triplet = triplet?;
        assert_close!(triplet.value(), laplacian_eigenvalue(n, k), 1e-10);
        assert!(triplet.error(slepc_rs::svd::ErrorType::Absolute)? < 1e-10);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn the_eigensolver_inside_gets_no_other_operators(petsc: &Petsc) -> Result<()> {
    let (a, one) = coefficients(petsc)?;
    let mut pep = Pep::new(petsc.world())?;
    pep.set_type(PepType::LINEAR)?;
    pep.set_operators(&[&a, &one, &one])?;
    let mut inner = pep.eps()?;
    assert_eq!(code(inner.set_operators(&a, None)), Some(ErrorCode::ARG_WRONGSTATE));
    pep.solve_unchecked().map(drop)
}

#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1])]
fn a_method_that_needs_a_number_of_eigenvalues(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    eps.set_which(EpsWhich::All)?;
    eps.set_interval(5.0, 6.0)?;
    eps.st()?.set_type(StType::SINVERT)?;
    let mut ksp = eps.krylovschur_ksp()?;
    ksp.set_type(KspType::PREONLY)?;
    ksp.pc()?.set_type(PcType::CHOLESKY)?;
    assert_eq!(eps.solve()?.pairs, 0);
    assert_eq!(eps.solve()?.pairs, 0);
    eps.set_type(EpsType::LOBPCG)?;
    eps.set_which(EpsWhich::SmallestReal)?;
    eps.st()?.set_type(StType::PRECOND)?;
    if cfg!(not(petsc_ge_3_23)) {
        assert_error(eps.solve(), ErrorCode::ARG_OUTOFRANGE, "no eigenvalues are requested");
    }
    eps.set_dimensions(slepc_rs::eps::Dimensions::nev(1))?;
    let _ = eps.solve_unchecked()?;
    let nothing = Matrix::constant_diagonal(petsc.world(), 0, r(1.0))?.convert(MatrixType::AIJ)?;
    let mut eps = solver(petsc.world(), &nothing, None, EpsProblemType::Hermitian, 1)?;
    eps.set_type(EpsType::LOBPCG)?;
    eps.set_which(EpsWhich::All)?;
    assert_error(eps.solve(), ErrorCode::ARG_OUTOFRANGE, "has order 0");
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn slices_after_a_reset_of_the_transformation_by_another_solver(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 8)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    eps.set_which(EpsWhich::All)?;
    eps.set_interval(0.5, 2.0)?;
    let mut other = Eps::new(petsc.world())?;
    other.set_st(&*eps.st()?)?;
    other.reset()?;
    eps.krylovschur_ksp().map(drop)
}

#[petsc_test::test(ranks = [1, 2])]
fn a_function_of_a_matrix_is_shown_before_there_is_one(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 4)?;
    let mut mfn = Mfn::new(petsc.world())?;
    mfn.set_operator(&a)?;
    assert_error(mfn.bv(), ErrorCode::ARG_WRONGSTATE, "no basis yet");
    let text = mfn.view_to_string(petsc_rs::ViewerFormat::Default)?;
    assert!(text.contains("MFN Object"), "{text}");
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_nonlinear_problem_of_a_matrix_that_was_not_assembled(petsc: &Petsc) -> Result<()> {
    let one = Matrix::constant_diagonal(petsc.world(), 4, r(1.0))?.convert(MatrixType::AIJ)?;
    let perm =
        Matrix::builder(petsc.world()).global_size(4, 4).kind(MatrixType::AIJ_PERM).build()?;
    let f = MathFunction::rational(petsc.world(), &[r(1.0)], &[])?;
    let mut nep = Nep::new(petsc.world())?;
    nep.set_type(NepType::SLP)?;
    nep.set_split_operator(&[(&perm, &f), (&one, &f)], petsc_rs::matrix::Structure::Different)?;
    assert_eq!(code(nep.set_up()), Some(ErrorCode::ARG_WRONGSTATE));
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_solve_within_a_solve_is_no_failure_of_the_solver(petsc: &Petsc) -> Result<()> {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;
    let a = laplacian(petsc.world(), 12)?;
    let other: Rc<RefCell<Option<Eps>>> = Rc::default();
    let outcome = Rc::new(Cell::new(None));
    let (twin, seen) = (Rc::clone(&other), Rc::clone(&outcome));
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.add_monitor(move |_| {
        if let Some(eps) = twin.borrow_mut().as_mut() {
            seen.set(code(eps.solve()));
        }
        Ok(())
    })?;
    *other.borrow_mut() = Some(eps.share()?);
    let _ = eps.solve()?;
    assert_eq!(outcome.get(), Some(ErrorCode::ARG_WRONGSTATE));
    *other.borrow_mut() = None;
    // One that has failed is reset, and gets another basis.
    let basis = eps.bv()?.as_ptr();
    let _ = eps.solve()?;
    assert_eq!(eps.bv()?.as_ptr(), basis);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_convergence_test_of_davidson_methods_that_fails(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    for kind in [EpsType::GD, EpsType::JD] {
        let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
        eps.set_type(kind)?;
        eps.set_convergence_test_function(|_, _, _| {
            Err(Error::new(ErrorCode::FP, "the test fails"))
        })?;
        assert_eq!(code(eps.solve()), Some(ErrorCode::FP));
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn differences_of_a_function_that_fails(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 8)?;
    let mut nep = Nep::new(petsc.world())?;
    nep.region()?.set_interval([0.1, 3.9], [0.0, 0.0])?;
    nep.set_type(NepType::NLEIGS)?;
    nep.set_target(r(1.4))?;
    let (t, mut calls) = (a.duplicate()?, 0);
    let values = a.share()?;
    nep.set_function(&t, &t, move |_, lambda, t, _| {
        calls += 1;
        if calls == 2 {
            return Err(Error::new(ErrorCode::FP, "the function fails"));
        }
        t.copy_from(&values)?;
        t.shift(-lambda)
    })?;
    assert_eq!(code(nep.set_up()), Some(ErrorCode::FP));
    nep.reset()?;
    // In complex builds, no iteration converges within a region without an interior.
    let reason = nep.solve_unchecked()?;
    assert_eq!(reason.is_converged(), !Scalar::IS_COMPLEX, "{reason}");
    if reason.is_converged() {
        let value = nep.eigenvalue(0)?.re;
        let distance = (1..=8).map(|k| (value - laplacian_eigenvalue(8, k)).abs());
        assert!(distance.fold(1.0, f64::min) < 1e-7, "{value}");
    }
    // They are gone after the first one.
    nep.reset()?;
    nep.reset()
}

#[petsc_test::test(ranks = [1])]
fn a_delayed_orthogonalization_of_one_step(petsc: &Petsc) -> Result<()> {
    use slepc_rs::eps::LanczosReorthogonalization;
    let a = laplacian(petsc.world(), 12)?;
    for kind in [EpsType::LANCZOS, EpsType::ARNOLDI] {
        let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
        eps.set_type(kind)?;
        if kind == EpsType::LANCZOS {
            eps.set_lanczos_reorthogonalization(LanczosReorthogonalization::Delayed)?;
        } else {
            eps.set_arnoldi_delayed(true)?;
        }
        let mut dimensions = slepc_rs::eps::Dimensions::nev(1);
        dimensions.mpd = 1.into();
        eps.set_dimensions(dimensions)?;
        assert_eq!(code(eps.set_up()), Some(ErrorCode::ARG_OUTOFRANGE));
        dimensions.mpd = 12.into();
        dimensions.ncv = 12.into();
        eps.set_dimensions(dimensions)?;
        let _ = eps.solve()?;
        assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(12, 12), 1e-7);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn work_vectors_that_could_not_be_made(petsc: &Petsc) -> Result<()> {
    let (a, one) = coefficients(petsc)?;
    let mut pep = Pep::new(petsc.world())?;
    pep.set_operators(&[&a, &one, &one])?;
    let _ = pep.solve()?;
    let pair = pep.eigenpairs()?.next().ok_or("a pair")??;
    // Its vector: the basis is that of the eigenvectors from here on, and may be lent out.
    let _ = pair.vector()?;
    let error = {
        let basis = pep.bv()?;
        let _column = basis.column(0)?;
        pair.error(slepc_rs::pep::ErrorType::Absolute)
    };
    assert_eq!(code(error), Some(ErrorCode::SUP));
    assert!(pair.error(slepc_rs::pep::ErrorType::Absolute)? < 1e-6);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_method_without_a_dense_problem_and_no_way_back(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 8)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    if let Err(error) = eps.set_type(EpsType::ARPACK) {
        // A build without it.
        assert_eq!(error.code(), ErrorCode::ARG_UNKNOWN_TYPE);
        return Ok(());
    }
    let mut st = eps.st()?;
    st.set_type(StType::SHELL)?;
    st.set_shell_apply(move |x, y| a.mult(x, y))?;
    assert_eq!(code(eps.solve()), Some(ErrorCode::SUP));
    st.set_shell_back_transform(Ok)?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(8, 8), 1e-7);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn products_of_a_basis_with_matrices_of_two_types(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 20)?;
    let dense = a.convert(MatrixType::DENSE)?;
    let mut basis = Bv::new(petsc.world(), 20, 4, BvType::SVEC)?;
    basis.set_random()?;
    let mut product = basis.duplicate()?;
    basis.mat_mult(&a, &mut product)?;
    let norm = product.norm(Norm::Frobenius)?;
    product.scale(r(0.0))?;
    basis.mat_mult(&dense, &mut product)?;
    assert_close!(product.norm(Norm::Frobenius)?, norm, 1e-12);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn results_of_a_solver_inside_that_has_another_transformation(petsc: &Petsc) -> Result<()> {
    let (a, one) = coefficients(petsc)?;
    let mut pep = Pep::new(petsc.world())?;
    pep.set_type(PepType::LINEAR)?;
    pep.set_operators(&[&a, &one, &one])?;
    let _ = pep.solve_unchecked()?;
    pep.eps()?.set_st(&*St::new(petsc.world())?)?;
    let pair = pep.eigenpairs()?.next().ok_or("a pair")?;
    assert_eq!(code(pair.map(drop)), Some(ErrorCode::ARG_WRONGSTATE));
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn an_operator_that_lapack_cannot_copy(petsc: &Petsc) -> Result<()> {
    let graph = laplacian(petsc.world(), 8)?.convert(MatrixType::new(c"mpiadj"))?;
    let mut eps = Eps::new(petsc.world())?;
    eps.set_operators(&graph, None)?;
    eps.set_type(EpsType::LAPACK)?;
    assert_code(eps.set_up(), ErrorCode::SUP);
    let mut empty = Matrix::builder(petsc.world()).global_size(8, 8).build()?;
    empty.set_value(0, 0, r(1.0), InsertMode::Insert)?;
    let a = laplacian(petsc.world(), 8)?;
    let mut eps = Eps::new(petsc.world())?;
    eps.set_operators(&a, None)?;
    let _ = eps.solve()?;
    eps.set_operators(&empty, None)?;
    eps.set_type(EpsType::LAPACK)?;
    assert_code(eps.set_up(), ErrorCode::ARG_WRONGSTATE);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_stopping_test_before_power_iteration(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_stopping_test_function(|test| test.default_test())?;
    eps.set_type(EpsType::POWER)?;
    eps.set_type(EpsType::SUBSPACE)?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(12, 12), 1e-8);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn another_transformation_inside_after_a_set_up(petsc: &Petsc) -> Result<()> {
    let (a, one) = coefficients(petsc)?;
    let mut pep = Pep::new(petsc.world())?;
    pep.set_type(PepType::LINEAR)?;
    pep.set_operators(&[&a, &one, &one])?;
    pep.set_up()?;
    pep.eps()?.set_st(&*St::new(petsc.world())?)?;
    let _ = pep.solve()?;
    let pair = pep.eigenpairs()?.next().ok_or("a pair")??;
    assert!(pair.error(slepc_rs::pep::ErrorType::Absolute)? < 1e-6);
    let mut svd = Svd::new(petsc.world())?;
    svd.set_operators(&a, None)?;
    svd.set_type(SvdType::CROSS)?;
    svd.set_up()?;
    svd.eps()?.set_st(&*St::new(petsc.world())?)?;
    let _ = svd.solve()?;
    assert_close!(svd.singular_values()?[0], laplacian_eigenvalue(8, 8), 1e-7);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn one_transformation_inside_and_outside(petsc: &Petsc) -> Result<()> {
    let (a, one) = coefficients(petsc)?;
    for set_up in [false, true] {
        let mut pep = Pep::new(petsc.world())?;
        pep.set_type(PepType::LINEAR)?;
        pep.set_operators(&[&a, &one, &one])?;
        if set_up {
            pep.set_up()?;
        }
        pep.eps()?.set_st(&*pep.st()?)?;
        assert_eq!(code(pep.solve_unchecked()), Some(ErrorCode::ARG_INCOMP));
        pep.eps()?.set_st(&*St::new(petsc.world())?)?;
        let _ = pep.solve()?;
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn an_eigensolver_inside_with_vectors_of_another_size(petsc: &Petsc) -> Result<()> {
    let mut pep = Pep::new(petsc.world())?;
    pep.set_type(PepType::LINEAR)?;
    let mut inner = pep.eps()?;
    inner.set_balance(slepc_rs::eps::Balance::OneSided, 2, 1e-8)?;
    for n in [60, 8, 40] {
        let a = laplacian(petsc.world(), n)?;
        let n = usize::try_from(n)?;
        let one = Matrix::constant_diagonal(petsc.world(), n, r(1.0))?.convert(MatrixType::AIJ)?;
        pep.set_operators(&[&a, &one, &one])?;
        let _ = pep.solve_unchecked()?;
        let pair = pep.eigenpairs()?.next().ok_or("a pair")??;
        assert!(pair.error(slepc_rs::pep::ErrorType::Absolute)? < 1e-6);
        // The inner solver has to be set up again, with vectors of this size.
        let mut x = inner.operators()?.0.vectors()?.0;
        x.set(r(1.0))?;
        inner.set_initial_space(&[&x])?;
        inner.set_deflation_space(&[&x])?;
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_setting_inside_keeps_the_matrix_of_the_signs(petsc: &Petsc) -> Result<()> {
    let a =
        Matrix::from_dense(petsc.world(), 2, 4, &[4, 1, 0, 1, 0, 3, 1, 0].map(|v| r(v.into())))?
            .convert(MatrixType::AIJ)?;
    let mut svd = Svd::new(petsc.world())?;
    svd.set_operators(&a, None)?;
    svd.set_type(SvdType::CROSS)?;
    let (_, mut omega) = a.vectors()?;
    omega.set(r(1.0))?;
    svd.set_signature(Some(&omega))?;
    svd.set_problem_type(slepc_rs::svd::ProblemType::Hyperbolic)?;
    svd.set_convergence_test_function(|_, _, residual| Ok(residual))?;
    assert_code(svd.set_up(), ErrorCode::SUP);
    let mut inner = svd.eps()?;
    inner.set_type(EpsType::LOBPCG)?;
    inner.set_lobpcg_restart(0.5)?;
    // Only the transformation has a reference to the second operator. Others would get its memory.
    let _others = [coefficients(petsc)?, coefficients(petsc)?];
    let (_, signs) = inner.operators()?;
    assert_eq!(signs.ok_or("signs")?.size()?, (2, 2));
    Ok(())
}

#[cfg(petsc_scalar = "complex")]
#[petsc_test::test(ranks = [1, 2])]
fn contours_of_nonlinear_problems_that_were_never_made(petsc: &Petsc) -> Result<()> {
    let mut pep = Pep::new(petsc.world())?;
    pep.set_type(PepType::CISS)?;
    pep.reset()?;
    drop(pep);
    let mut nep = Nep::new(petsc.world())?;
    nep.set_type(NepType::CISS)?;
    nep.reset()?;
    nep.set_type(NepType::SLP)?;
    assert!(nep.is_type("slp")?);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn full_storage_after_lanczos(petsc: &Petsc) -> Result<()> {
    let a = tridiagonal(petsc.world(), 6, [-1.0, 2.0, -1.0])?;
    for kind in [SvdType::LAPACK, SvdType::RANDOMIZED] {
        let mut svd = Svd::new(petsc.world())?;
        svd.set_operators(&a, None)?;
        svd.set_type(SvdType::TRLANCZOS)?;
        let _ = svd.solve()?;
        svd.set_type(kind)?;
        let _ = svd.solve()?;
        let largest = 2.0 + 2.0 * (std::f64::consts::PI / 7.0).cos();
        let value = *svd.singular_values()?.first().ok_or("a value")?;
        assert_close!(value, largest, 1e-6);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn the_matrix_view_of_a_basis_without_rows(petsc: &Petsc) -> Result<()> {
    let basis = Bv::new(petsc.world(), 0, 3, BvType::SVEC)?;
    let mut other = basis.share()?;
    let view = basis.matrix_view()?;
    assert_eq!(code(other.matrix_view().map(drop)), Some(ErrorCode::ARG_WRONGSTATE));
    assert_eq!(code(other.resize(5, true)), Some(ErrorCode::ARG_WRONGSTATE));
    assert_eq!(view.size()?, (0, 3));
    drop(view);
    other.resize(5, true)
}

/// Jacobi-Davidson with GMRES and without a preconditioner.
fn jacobi_davidson(petsc: &Petsc, a: &Matrix, kind: EpsProblemType) -> Result<Eps> {
    let mut eps = solver(petsc.world(), a, None, kind, 1)?;
    eps.set_type(EpsType::JD)?;
    eps.set_which(EpsWhich::LargestReal)?;
    let mut st = eps.st()?;
    st.set_type(StType::PRECOND)?;
    let mut ksp = st.ksp()?;
    ksp.set_type(KspType::GMRES)?;
    ksp.pc()?.set_type(PcType::NONE)?;
    Ok(eps)
}

#[petsc_test::test(ranks = [1, 2])]
fn a_linear_solver_that_jacobi_davidson_has_used_is_used_again(petsc: &Petsc) -> Result<()> {
    if !Scalar::IS_COMPLEX {
        // Complex pairs and real eigenvalues.
        let a = tridiagonal(petsc.world(), 12, [-1.0, 3.0, 2.0])?;
        let mut eps = jacobi_davidson(petsc, &a, EpsProblemType::NonHermitian)?;
        let _ = eps.solve_unchecked()?;
        let b = tridiagonal(petsc.world(), 12, [-1.0, 3.0, -2.0])?;
        eps.set_operators(&b, None)?;
        let _ = eps.solve_unchecked()?;
        let _ = eps.solve_unchecked()?;
    }

    let a = laplacian(petsc.world(), 12)?;
    let mut eps = jacobi_davidson(petsc, &a, EpsProblemType::Hermitian)?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(12, 12), 1e-7);
    // The vectors of its linear solver are those of another type.
    let ksp = eps.st()?.ksp()?;
    let mut inverse = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    let mut st = inverse.st()?;
    st.set_type(StType::SINVERT)?;
    st.set_ksp(&ksp)?;
    inverse.set_target(r(4.0))?;
    inverse.set_which(EpsWhich::TargetMagnitude)?;
    let _ = inverse.solve()?;
    assert_close!(inverse.eigenvalue(0)?.re, laplacian_eigenvalue(12, 12), 1e-7);
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(12, 12), 1e-7);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn another_linear_solver_after_a_set_up(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut eps = jacobi_davidson(petsc, &a, EpsProblemType::Hermitian)?;
    eps.set_up()?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_type(KspType::BCGSL)?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    eps.st()?.set_ksp(&ksp)?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(12, 12), 1e-7);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_davidson_method_after_a_method_with_an_extra_row(petsc: &Petsc) -> Result<()> {
    let a = tridiagonal(petsc.world(), 12, [-1.0, 3.0, -2.0])?;
    // Similar to a symmetric matrix with √2 beside the diagonal.
    let expected = 3.0 + 2.0 * 2.0_f64.sqrt() * (std::f64::consts::PI / 13.0).cos();
    for kind in [EpsType::GD, EpsType::JD] {
        let mut eps = solver(petsc.world(), &a, None, EpsProblemType::NonHermitian, 1)?;
        eps.set_type(EpsType::ARNOLDI)?;
        let _ = eps.solve()?;
        eps.set_type(kind)?;
        eps.st()?.set_type(StType::PRECOND)?;
        let _ = eps.solve()?;
        assert_close!(eps.eigenvalue(0)?.re, expected, 1e-7);
        eps.reset()?;
    }
    Ok(())
}

#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1])]
fn an_indefinite_problem_that_breaks_down(petsc: &Petsc) -> Result<()> {
    // Both eigenvalues are zero, and the one eigenvector has the pseudo-norm zero.
    // Rounding decides whether the pseudo-norm of the initial vector is zero (`PLIB`).
    let codes = [ErrorCode::FP, ErrorCode::CONV_FAILED, ErrorCode::PLIB];
    let breaks_down = codes.map(Some);
    let a = Matrix::from_dense(petsc.world(), 2, 2, &[r(1.0); 4])?;
    let b = Matrix::from_dense(petsc.world(), 2, 2, &[r(1.0), r(0.0), r(0.0), r(-1.0)])?;
    let kind = EpsProblemType::GeneralizedHermitianIndefinite;
    let mut eps = solver(petsc.world(), &a, Some(&b), kind, 1)?;
    assert!(breaks_down.contains(&code(eps.solve())));
    for n in [1, 8] {
        let one = Matrix::constant_diagonal(petsc.world(), n, r(1.0))?;
        let one = one.convert(MatrixType::AIJ)?;
        let mut zero = one.duplicate_with_values()?;
        zero.scale(r(0.0))?;
        let mut pep = Pep::new(petsc.world())?;
        pep.set_operators(&[&zero, &zero, &one])?;
        pep.set_type(PepType::STOAR)?;
        pep.set_problem_type(slepc_rs::pep::ProblemType::Hermitian)?;
        assert!(breaks_down.contains(&code(pep.solve())), "{n}");
        pep.reset()?;
    }
    Ok(())
}

#[cfg(petsc_scalar = "complex")]
#[petsc_test::test(ranks = [1])]
fn a_contour_of_a_dense_problem_is_viewed_before_a_solve(petsc: &Petsc) -> Result<()> {
    let t = laplacian(petsc.world(), 8)?;
    let mut nep = Nep::new(petsc.world())?;
    nep.set_type(NepType::CISS)?;
    nep.set_region(&*Region::ellipse(petsc.world(), r(1.0), 2.0, 1.0)?)?;
    nep.set_function(&t, &t, |_, _, _, _| Err(Error::new(ErrorCode::FP, "the function fails")))?;
    assert_eq!(code(nep.solve()), Some(ErrorCode::FP));
    // The next dense problem is like the former one, without its region.
    nep.reset()?;
    let text = nep.view_to_string(petsc_rs::ViewerFormat::Default)?;
    assert!(text.contains("ciss"), "{text}");
    Ok(())
}

/// A quadratic problem with its Krylov method, whose pairs are refined twice by a scheme.
fn refined(
    petsc: &Petsc,
    list: &[&petsc_rs::matrix::MatrixRef],
    scheme: slepc_rs::pep::RefineScheme,
) -> Result<Pep> {
    use slepc_rs::pep::{Refine, Refinement};
    let mut pep = Pep::new(petsc.world())?;
    pep.set_operators(list)?;
    pep.set_type(PepType::TOAR)?;
    pep.st()?.set_type(StType::SINVERT)?;
    pep.set_target(r(1.0))?;
    pep.set_which(PepWhich::TargetMagnitude)?;
    pep.set_refinement(
        Refine::Multiple,
        Refinement { iterations: 2.into(), scheme: Some(scheme), ..Refinement::default() },
    )?;
    let mut ksp = pep.refinement_ksp()?;
    ksp.set_type(KspType::PREONLY)?;
    ksp.pc()?.set_type(PcType::LU)?;
    Ok(pep)
}

#[petsc_test::test(ranks = [1])]
fn a_refinement_of_invariant_pairs_is_repeated(petsc: &Petsc) -> Result<()> {
    use slepc_rs::pep::{Basis, RefineScheme};
    let (a, one) = coefficients(petsc)?;
    let (minus, _) = negative_and_zero(&a, &one)?;
    for scheme in [RefineScheme::Schur, RefineScheme::MixedBlockElimination] {
        for basis in [Basis::Monomial, Basis::Chebyshev1] {
            let mut pep = refined(petsc, &[&minus, &one, &one], scheme)?;
            pep.set_basis(basis)?;
            for _ in 0..3 {
                // Whether the pair is refined depends on the values; nothing else may be freed or written.
                let _ = pep.solve_unchecked();
            }
            pep.reset()?;
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_refinement_of_one_pair_in_explicit_form(petsc: &Petsc) -> Result<()> {
    use slepc_rs::pep::RefineScheme;
    let (a, one) = coefficients(petsc)?;
    let (minus, zero) = negative_and_zero(&a, &one)?;
    for list in [vec![&minus, &one, &one], vec![&minus, &one, &zero, &zero, &zero, &one]] {
        let list: Vec<&petsc_rs::matrix::MatrixRef> = list.iter().map(|m| &***m).collect();
        for nev in [1, 2] {
            let mut pep = refined(petsc, &list, RefineScheme::Explicit)?;
            pep.set_dimensions(slepc_rs::pep::Dimensions::nev(nev))?;
            let _ = pep.solve_unchecked();
            pep.reset()?;
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_slice_that_fails_before_and_after_another_solve(petsc: &Petsc) -> Result<()> {
    use slepc_rs::pep::ProblemType;
    let (a, one) = coefficients(petsc)?;
    let mut pep = Pep::new(petsc.world())?;
    pep.set_operators(&[&a, &one, &one])?;
    pep.set_type(PepType::STOAR)?;
    pep.set_problem_type(ProblemType::Hyperbolic)?;
    let mut st = pep.st()?;
    // A factor without an inertia.
    st.ksp()?.pc()?.set_type(PcType::LU)?;
    for _ in 0..2 {
        st.set_type(StType::SINVERT)?;
        pep.set_interval(-2.0, -1.0)?;
        pep.set_which(PepWhich::All)?;
        assert_error(pep.solve(), ErrorCode::SUP, "getinertia");
        st.set_type(StType::SHIFT)?;
        pep.set_which(PepWhich::LargestMagnitude)?;
        pep.set_problem_type(ProblemType::Hermitian)?;
        let _ = pep.solve_unchecked()?;
        pep.set_problem_type(ProblemType::Hyperbolic)?;
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn slp_starts_with_an_eigenvector_after_a_reset_of_its_eigensolver(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let diagonal = Vector::from_fn(comm, 6, |i| Ok(r(1.0 + i as f64)))?;
    let a = Matrix::diagonal_of(comm, &diagonal)?.convert(MatrixType::AIJ)?;
    let one = Matrix::constant_diagonal(comm, 6, r(1.0))?.convert(MatrixType::AIJ)?;
    let constant = MathFunction::rational(comm, &[r(1.0)], &[])?;
    let minus_lambda = MathFunction::rational(comm, &[r(-1.0), r(0.0)], &[])?;
    let mut nep = Nep::new(comm)?;
    let terms: [(&petsc_rs::MatrixRef, _); 2] = [(&a, &*constant), (&one, &*minus_lambda)];
    nep.set_split_operator(&terms, petsc_rs::matrix::Structure::Subset)?;
    nep.set_type(NepType::SLP)?;
    nep.set_dimensions(slepc_rs::nep::Dimensions::nev(2))?;
    nep.set_target(r(2.3))?;
    let _ = nep.solve()?;
    assert!(nep.eps()?.eigenpairs()?.count() >= 2);
    nep.eps()?.reset()?;
    // The first residual is zero: the inner eigensolver has not solved when its second pair is asked for.
    nep.set_target(r(1.0))?;
    let first = Vector::from_fn(comm, 6, |i| Ok(r(f64::from(u8::from(i == 0)))))?;
    nep.set_initial_space(&[&first])?;
    // `T(1)` is singular: the factorization fails, or later the inner solver.
    assert!(matches!(
        code(nep.solve().map(drop)),
        Some(ErrorCode::MAT_LU_ZRPVT | ErrorCode::NOT_CONVERGED)
    ));
    Ok(())
}
