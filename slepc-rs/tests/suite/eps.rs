//! Eigenvalues against closed forms.

use petsc_test::assert_close;
use slepc_rs::eps::{ConvergedReason, Dimensions, ErrorType, Setting, Tolerances};
use slepc_rs::prelude::*;

use crate::problems::{
    laplacian, laplacian_eigenvalue, r, rotations, solve_directly, solver, tridiagonal,
};

const TIGHT: Tolerances =
    Tolerances { tolerance: Setting::Value(1e-11), max_iterations: Setting::Keep };

#[petsc_test::test(ranks = [1, 2, 3])]
fn laplacian_has_its_closed_form(petsc: &Petsc) -> Result<()> {
    let n = 60;
    let a = laplacian(petsc.world(), n)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 4)?;
    eps.set_tolerances(TIGHT)?;
    let converged = eps.solve()?;
    assert_eq!(converged.reason, ConvergedReason::Tolerance);
    assert!(converged.pairs >= 4 && converged.iterations > 0);
    assert!(eps.is_hermitian()?);
    for (k, pair) in (0..4).zip(eps.eigenpairs()?) {
        let pair = pair?;
        let expected = laplacian_eigenvalue(n, n - k);
        assert_close!(pair.value().re, expected, 1e-10);
        assert_eq!(pair.value().im, 0.0);
        assert!(pair.error_estimate() < 1e-10);
        // By hand: ‖A·x - λ·x‖ for a vector of norm 1.
        let x = pair.vector()?;
        assert_close!(x.main().norm(Norm::Two)?, 1.0, 1e-12);
        let mut y = x.main().duplicate()?;
        a.mult(x.main(), &mut y)?;
        y.axpy(r(-expected), x.main())?;
        let residual = y.norm(Norm::Two)?;
        assert!(residual < 1e-9, "{residual}");
        assert!((pair.error(ErrorType::Absolute)? - residual).abs() < 1e-14);
        assert!(x.imaginary().is_none());
        assert_eq!(x.local_values()?.len(), x.main().local_len()?);
    }
    assert_eq!(eps.eigenvalues()?.len(), converged.pairs);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn shift_and_invert_finds_the_values_nearest_to_a_target(petsc: &Petsc) -> Result<()> {
    let n = 60;
    let a = laplacian(petsc.world(), n)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 3)?;
    eps.set_which(EpsWhich::TargetMagnitude)?;
    // Between number 20 and number 21, closer to the former.
    let (low, high) = (laplacian_eigenvalue(n, 20), laplacian_eigenvalue(n, 21));
    eps.set_target(r(low + 0.3 * (high - low)))?;
    eps.st()?.set_type(StType::SINVERT)?;
    solve_directly(&mut *eps.st()?)?;
    let _ = eps.solve()?;
    assert_eq!(eps.st()?.shift()?, eps.target()?);
    for (pair, k) in eps.eigenpairs()?.zip([20, 21, 19]) {
        assert_close!(pair?.value().re, laplacian_eigenvalue(n, k), 1e-10);
    }
    Ok(())
}

/// Linear finite elements on the unit interval: `λ_k = 6/h²·(1 - cos kπh)/(2 + cos kπh)`.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_mass_matrix_gives_the_values_of_finite_elements(petsc: &Petsc) -> Result<()> {
    let n = 40;
    let h = 1.0 / (n + 1) as f64;
    let k = tridiagonal(petsc.world(), n, [-1.0 / h, 2.0 / h, -1.0 / h])?;
    let m = tridiagonal(petsc.world(), n, [h / 6.0, 4.0 * h / 6.0, h / 6.0])?;
    let mut eps = solver(petsc.world(), &k, Some(&m), EpsProblemType::GeneralizedHermitian, 3)?;
    eps.set_which(EpsWhich::TargetMagnitude)?;
    eps.set_target(r(0.0))?;
    eps.st()?.set_type(StType::SINVERT)?;
    solve_directly(&mut *eps.st()?)?;
    eps.set_tolerances(TIGHT)?;
    let _ = eps.solve()?;
    for (pair, mode) in eps.eigenpairs()?.zip([1.0, 2.0, 3.0]) {
        let pair = pair?;
        let c = (mode * std::f64::consts::PI * h).cos();
        let expected = 6.0 / (h * h) * (1.0 - c) / (2.0 + c);
        assert_close!(pair.value().re / expected, 1.0, 1e-9);
        // Norm 1 in the sense of the mass matrix.
        let x = pair.vector()?;
        let mut mx = x.main().duplicate()?;
        m.mult(x.main(), &mut mx)?;
        assert_close!(x.main().dot(&mx)?.real(), 1.0, 1e-9);
    }
    Ok(())
}

/// A mass matrix of type `diagonal` beside a stiffness matrix of type AIJ, and the other way round.
#[petsc_test::test(ranks = [1, 2, 3])]
fn diagonal_and_sparse_matrices_form_one_problem(petsc: &Petsc) -> Result<()> {
    let (comm, n) = (petsc.world(), 6);
    let a = laplacian(comm, n)?;
    let masses = Vector::from_fn(comm, 6, |i| Ok(r(i as f64 + 1.0)))?;
    let b = Matrix::diagonal_of(comm, &masses)?;
    for (a, b, sum, product) in [
        // The sum of 2/m for the masses m, and det A = n + 1 over their product.
        (&a, &b, 4.9, 7.0 / 720.0),
        // The sum of m times the diagonal of A⁻¹, i·(n + 1 - i)/(n + 1).
        (&b, &a, 28.0, 720.0 / 7.0),
    ] {
        let kind = EpsProblemType::GeneralizedHermitian;
        let mut eps = solver(comm, a, Some(b), kind, 6)?;
        let mut ksp = eps.st()?.ksp()?;
        ksp.set_type(KspType::CG)?;
        ksp.pc()?.set_type(PcType::JACOBI)?;
        ksp.set_tolerances(petsc_rs::ksp::Tolerances { rtol: 1e-14.into(), ..Default::default() })?;
        let _ = eps.solve()?;
        let values = eps.eigenvalues()?;
        assert_eq!(values.len(), 6);
        assert_close!(values.iter().map(|v| v.re).sum::<f64>(), sum, 1e-9);
        assert_close!(values.iter().map(|v| v.re).product::<f64>(), product, 1e-9);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn conjugate_pairs_are_merged_where_numbers_are_real(petsc: &Petsc) -> Result<()> {
    let blocks = 15;
    let a = rotations(petsc.world(), blocks)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::NonHermitian, 4)?;
    eps.set_tolerances(TIGHT)?;
    let _ = eps.solve()?;
    let values = eps.eigenvalues()?;
    assert!(values.len() >= 4);
    for (i, value) in values.iter().take(4).enumerate() {
        let k = blocks as f64 - (i / 2) as f64;
        assert_close!(value.re, k, 1e-8);
        assert_close!(value.im.abs(), k / 2.0, 1e-8);
    }
    let pairs = eps.eigenpairs()?.collect::<Result<Vec<_>>>()?;
    let items: usize = pairs.iter().map(|p| if p.is_conjugate_pair() { 2 } else { 1 }).sum();
    assert_eq!(items, values.len());
    assert_eq!(pairs.len() < values.len(), !Scalar::IS_COMPLEX);
    for pair in pairs.iter().take(2) {
        assert!(Scalar::IS_COMPLEX || pair.value().im > 0.0);
        let vector = pair.vector()?;
        assert_eq!(vector.imaginary().is_some(), !Scalar::IS_COMPLEX);
        let (re, im) = (vector.main(), vector.imaginary());
        // A·x = λ·x by hand, entry by entry, in complex numbers.
        let mut ax = re.duplicate()?;
        a.mult(re, &mut ax)?;
        let ax = ax.array()?;
        let mut ay = re.duplicate()?;
        if let Some(im) = im {
            a.mult(im, &mut ay)?;
        }
        let ay = ay.array()?;
        for ((x, ax), ay) in vector.local_values()?.iter().zip(ax.iter()).zip(ay.iter()) {
            let product =
                num_complex::Complex::new(ax.real() - ay.imaginary(), ax.imaginary() + ay.real());
            assert!((product - pair.value() * x).norm() < 1e-8);
        }
        assert!(pair.error(ErrorType::Relative)? < 1e-9);
    }
    Ok(())
}

/// MUMPS counts negative pivots for real numbers only.
#[cfg(all(petsc_have_mumps, petsc_scalar = "real"))]
#[petsc_test::test(ranks = [1, 2, 3], args = ["-st_mat_mumps_icntl_13", "1"])]
fn all_eigenvalues_of_an_interval_are_found(petsc: &Petsc) -> Result<()> {
    let n = 50;
    let a = laplacian(petsc.world(), n)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_which(EpsWhich::All)?;
    eps.set_interval(0.4, 1.1)?;
    eps.st()?.set_type(StType::SINVERT)?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    let mut ksp = eps.krylovschur_ksp()?;
    ksp.set_type(KspType::PREONLY)?;
    ksp.pc()?.set_type(PcType::CHOLESKY)?;
    ksp.pc()?.set_factor_solver(petsc_rs::matrix::SolverType::MUMPS)?;
    let expected: Vec<f64> =
        (1..=n).map(|k| laplacian_eigenvalue(n, k)).filter(|x| (0.4..=1.1).contains(x)).collect();
    let converged = eps.solve()?;
    assert_eq!(converged.pairs, expected.len());
    for (value, expected) in eps.eigenvalues()?.iter().zip(&expected) {
        assert_close!(value.re, *expected, 1e-9);
    }
    let cuts = eps.krylovschur_inertias()?;
    let (first, last) = (cuts.first().ok_or("a cut")?, cuts.last().ok_or("a cut")?);
    assert_eq!((first.shift, last.shift), (0.4, 1.1));
    assert_eq!(last.below - first.below, expected.len());
    let below = (1..=n).filter(|&k| laplacian_eigenvalue(n, k) < 0.4).count();
    assert_eq!(first.below, below);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_closure_multiplies_for_the_solver(petsc: &Petsc) -> Result<()> {
    let n = 40;
    let inner = laplacian(petsc.world(), n)?;
    let (rows, columns) = inner.local_size()?;
    let products = std::rc::Rc::new(std::cell::Cell::new(0));
    let count = std::rc::Rc::clone(&products);
    let shell = Matrix::shell(petsc.world(), rows, columns, move |x, y| {
        count.set(count.get() + 1);
        inner.mult(x, y)
    })
    .build()?;
    let mut eps = solver(petsc.world(), &shell, None, EpsProblemType::Hermitian, 2)?;
    eps.set_tolerances(TIGHT)?;
    let _ = eps.solve()?;
    assert!(products.get() > 10);
    for (pair, k) in eps.eigenpairs()?.zip([n, n - 1]) {
        let pair = pair?;
        assert_close!(pair.value().re, laplacian_eigenvalue(n, k), 1e-9);
        assert!(pair.error(ErrorType::Relative)? < 1e-9);
    }
    Ok(())
}

/// The constants are the null space of a graph's Laplacian: with them deflated, the Fiedler value of a path
/// of `n` nodes, `2 - 2·cos(π/n)`, comes first.
#[petsc_test::test(ranks = [1, 2, 3])]
fn deflated_constants_give_the_fiedler_value(petsc: &Petsc) -> Result<()> {
    let n = 30;
    let mut a = laplacian(petsc.world(), n)?;
    for i in a.ownership_range()?.filter(|i| [0, n - 1].contains(i)) {
        a.set_value(i, i, r(1.0), InsertMode::Insert)?;
    }
    a.assemble()?;
    let (mut ones, _) = a.vectors()?;
    ones.set(r(1.0))?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_which(EpsWhich::SmallestReal)?;
    eps.set_deflation_space(&[&ones])?;
    eps.set_tolerances(TIGHT)?;
    let _ = eps.solve()?;
    let pair = eps.eigenpairs()?.next().ok_or("a pair")??;
    let expected = 2.0 - 2.0 * (std::f64::consts::PI / n as f64).cos();
    assert_close!(pair.value().re, expected, 1e-9);
    assert!(pair.vector()?.main().dot(&ones)?.modulus() < 1e-9);
    // Without it, zero does.
    let _ = eps.solve()?;
    assert!(eps.eigenvalue(0)?.re.abs() < 1e-9);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_good_initial_vector_saves_iterations(petsc: &Petsc) -> Result<()> {
    let n = 200;
    let a = laplacian(petsc.world(), n)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    let cold = eps.solve()?;
    let x = eps.eigenpairs()?.next().ok_or("a pair")??.vector()?;
    eps.set_initial_space(&[x.main()])?;
    let warm = eps.solve()?;
    assert!(warm.iterations < cold.iterations, "{warm} after {cold}");
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(n, n), 1e-7);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn solving_again_sees_changed_values(petsc: &Petsc) -> Result<()> {
    let n = 30;
    let mut a = laplacian(petsc.world(), n)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_tolerances(TIGHT)?;
    let _ = eps.solve()?;
    let first = eps.eigenvalue(0)?.re;
    a.scale(r(3.0))?;
    // SLEPc itself would refuse to give back an operator that was changed.
    assert!(eps.operators()?.0.same_object(&*a));
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, 3.0 * first, 1e-9);
    // Another size.
    let b = laplacian(petsc.world(), 12)?;
    eps.set_operators(&b, None)?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(12, 12), 1e-9);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn left_eigenvectors_satisfy_the_transposed_equation(petsc: &Petsc) -> Result<()> {
    let n = 20;
    let a = tridiagonal(petsc.world(), n, [-1.0, 3.0, -2.0])?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::NonHermitian, 1)?;
    eps.set_two_sided(true)?;
    eps.set_tolerances(TIGHT)?;
    let _ = eps.solve()?;
    let pair = eps.eigenpairs()?.next().ok_or("a pair")??;
    // Similar to a symmetric matrix with √2 beside the diagonal.
    let expected = 3.0 + 2.0 * 2.0_f64.sqrt() * (std::f64::consts::PI / 21.0).cos();
    assert_close!(pair.value().re, expected, 1e-9);
    let y = pair.left_vector()?;
    let mut aty = y.main().duplicate()?;
    a.mult_transpose(y.main(), &mut aty)?;
    aty.axpy(r(-expected), y.main())?;
    assert!(aty.norm(Norm::Two)? < 1e-7);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3], args = ["-mine_eps_nev", "5", "-mine_eps_type", "arnoldi"])]
fn options_of_a_prefix_are_used(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 30)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_options_prefix("mine_")?;
    eps.set_from_options()?;
    assert_eq!(eps.dimensions()?.nev, 5);
    assert_eq!(eps.type_name()?.as_deref(), Some("arnoldi"));
    assert!(eps.solve()?.pairs >= 5);
    let text = eps.view_to_string(petsc_rs::ViewerFormat::Default)?;
    assert!(text.contains("arnoldi") && text.contains("mine_"), "{text}");
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn settings_are_kept_and_given_back(petsc: &Petsc) -> Result<()> {
    let mut eps = Eps::new(petsc.world())?;
    assert_eq!(eps.problem_type()?, None);
    assert_eq!(eps.which()?, None);
    assert_eq!(eps.dimensions()?.ncv, None);
    eps.set_dimensions(Dimensions { ncv: 20.into(), ..Dimensions::nev(6) })?;
    eps.set_dimensions(Dimensions::nev(7))?;
    let now = eps.dimensions()?;
    assert_eq!((now.nev, now.ncv, now.mpd), (7, Some(20), None));
    eps.set_tolerances(Tolerances { tolerance: 1e-6.into(), ..Tolerances::default() })?;
    eps.set_tolerances(Tolerances { max_iterations: 50.into(), ..Tolerances::default() })?;
    let now = eps.tolerances()?;
    assert_eq!((now.tolerance, now.max_iterations), (Some(1e-6), Some(50)));
    eps.set_which(EpsWhich::SmallestReal)?;
    assert_eq!(eps.which()?, Some(EpsWhich::SmallestReal));
    eps.set_target(r(2.5))?;
    assert_eq!(eps.target()?, r(2.5));
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    assert_eq!(eps.problem_type()?, Some(EpsProblemType::Hermitian));
    Ok(())
}
