//! Settings of single methods: read back, and seen in what is found.

use petsc_rs::ErrorCode;
use petsc_rs::matrix::Structure;
use petsc_test::assert_close;
use slepc_rs::eps::{
    ContourExtraction, ContourQuadrature, ContourSizes, DavidsonRestart, Dimensions,
    LanczosReorthogonalization, Setting, Tolerances,
};
use slepc_rs::pep::JdProjection;
use slepc_rs::prelude::*;
use slepc_rs::svd::BidiagonalForm;

use crate::problems::{
    code, laplacian, laplacian_eigenvalue, r, solve_directly, solver, tridiagonal,
};

const N: Int = 60;

const LONG: Tolerances =
    Tolerances { tolerance: Setting::Value(1e-8), max_iterations: Setting::Value(5000) };

const WRONG: Option<ErrorCode> = Some(ErrorCode::ARG_WRONG);
const RANGE: Option<ErrorCode> = Some(ErrorCode::ARG_OUTOFRANGE);

/// Sets, and reads back.
macro_rules! both {
    ($solver:ident: $($set:ident, $get:ident = $value:expr;)*) => {
        $($solver.$set($value)?; assert_eq!($solver.$get()?, $value, stringify!($get));)*
    };
}

fn linear(comm: &Comm, kind: EpsType<'_>, nev: usize) -> Result<Eps> {
    let mut eps = solver(comm, &laplacian(comm, N)?, None, EpsProblemType::Hermitian, nev)?;
    eps.set_type(kind)?;
    eps.set_tolerances(LONG)?;
    Ok(eps)
}

/// The wanted eigenvalues, the first from number `from`, in steps of `step`; returns the iterations.
fn solve(eps: &mut Eps, from: Int, step: Int) -> Result<usize> {
    let steps = eps.solve()?.iterations;
    let wanted = eps.dimensions()?.nev;
    for (i, value) in (0..).zip(eps.eigenvalues()?).take(wanted) {
        assert_close!(value.re, laplacian_eigenvalue(N, from + i * step), 1e-6);
    }
    Ok(steps)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn krylov_methods_keep_their_settings_and_solve(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut eps = linear(comm, EpsType::ARNOLDI, 2)?;
    both! { eps:
        set_arnoldi_delayed, arnoldi_delayed = true;
        set_track_all, track_all = true;
        set_track_all, track_all = false;
    }
    solve(&mut eps, N, -1)?;
    assert_eq!(code(eps.lanczos_reorthogonalization()), WRONG);
    let mut eps = linear(comm, EpsType::LANCZOS, 2)?;
    assert_eq!(eps.lanczos_reorthogonalization()?, None);
    use LanczosReorthogonalization as How;
    for how in [How::Full, How::Selective, How::Periodic, How::Partial, How::Delayed, How::Local] {
        eps.set_lanczos_reorthogonalization(how)?;
        assert_eq!(eps.lanczos_reorthogonalization()?, Some(how));
        solve(&mut eps, N, -1)?;
    }
    let a = laplacian(comm, N)?;
    let mut eps = solver(comm, &a, None, EpsProblemType::Hermitian, 2)?;
    eps.set_tolerances(LONG)?;
    assert_eq!(code(eps.krylovschur_restart()), WRONG);
    // A solver without a type does not choose one.
    assert_eq!(code(eps.set_krylovschur_restart(0.25)), WRONG);
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    both! { eps:
        set_krylovschur_restart, krylovschur_restart = 0.25;
        set_krylovschur_locking, krylovschur_locking = false;
        set_krylovschur_detect_zeros, krylovschur_detect_zeros = true;
    }
    assert_eq!(code(eps.set_krylovschur_restart(0.95)), RANGE);
    let few = solve(&mut eps, N, -1)?;
    // A subspace as small as can be, of which a restart throws away most.
    eps.set_dimensions(Dimensions { nev: 2.into(), ncv: 6.into(), mpd: Setting::Keep })?;
    assert!(solve(&mut eps, N, -1)? > few);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn davidson_methods_keep_their_settings_and_solve(petsc: &Petsc) -> Result<()> {
    for kind in [EpsType::GD, EpsType::JD] {
        let mut eps = linear(petsc.world(), kind, 2)?;
        assert_eq!(code(eps.set_davidson_block_size(0)), RANGE);
        let few = solve(&mut eps, N, -1)?;
        // Nearly all is thrown away.
        eps.set_davidson_restart(DavidsonRestart { keep: 1, previous: 0 })?;
        let many = solve(&mut eps, N, -1)?;
        // The number of steps of `jd` depends on its inner solver.
        assert!(many > few || kind == EpsType::JD, "{many} and {few}");
        let text = eps.view_to_string(petsc_rs::ViewerFormat::Default)?;
        assert!(text.contains("after restarting: 1"), "{text}");
        let restart = DavidsonRestart { keep: 6, previous: 1 };
        both! { eps:
            set_davidson_krylov_start, davidson_krylov_start = true;
            set_davidson_block_size, davidson_block_size = 5;
            set_davidson_initial_size, davidson_initial_size = 7;
            set_davidson_b_orthogonal, davidson_b_orthogonal = true;
        }
        eps.set_davidson_restart(restart)?;
        assert_eq!(eps.davidson_restart()?, Some(restart));
        assert_eq!(code(eps.set_davidson_restart(DavidsonRestart { keep: 0, ..restart })), RANGE);
        if eps.is_type("gd")? {
            both! { eps: set_gd_double_expansion, gd_double_expansion = true; }
            assert_eq!(code(eps.set_jd_fix(0.1)), WRONG);
        } else {
            both! { eps:
                set_jd_fix, jd_fix = 0.05;
                set_jd_constant_tolerance, jd_constant_tolerance = false;
            }
            assert_eq!(code(eps.set_jd_fix(-1.0)), RANGE);
            assert_eq!(code(eps.set_gd_double_expansion(true)), WRONG);
        }
        solve(&mut eps, N, -1)?;
    }
    let mut eps = linear(petsc.world(), EpsType::KRYLOVSCHUR, 2)?;
    assert_eq!(code(eps.set_davidson_krylov_start(true)), WRONG);
    assert_eq!(code(eps.davidson_restart()), WRONG);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn settings_of_gradient_methods_save_steps(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut steps = Vec::new();
    for size in [2, 8] {
        let mut eps = linear(comm, EpsType::LOBPCG, 2)?;
        eps.set_which(EpsWhich::SmallestReal)?;
        assert_eq!(code(eps.set_lobpcg_restart(0.0)), RANGE);
        both! { eps:
            set_lobpcg_block_size, lobpcg_block_size = size;
            set_lobpcg_locking, lobpcg_locking = true;
            set_lobpcg_restart, lobpcg_restart = 0.5;
        }
        steps.push(solve(&mut eps, 1, 1)?);
    }
    assert!(steps[1] < steps[0], "{steps:?}");
    let mut eps = linear(comm, EpsType::RQCG, 1)?;
    eps.set_which(EpsWhich::SmallestReal)?;
    let mut steps = Vec::new();
    for reset in [2, 20] {
        both! { eps: set_rqcg_reset, rqcg_reset = reset; }
        steps.push(solve(&mut eps, 1, 1)?);
    }
    assert!(steps[1] < steps[0], "{steps:?}");
    assert_eq!(code(eps.set_rqcg_reset(0)), RANGE);
    assert_eq!(code(eps.set_lyapii_ranks(4, 8)), WRONG);
    eps.set_type(EpsType::LYAPII)?;
    eps.set_lyapii_ranks(4, 8)?;
    assert_eq!(eps.lyapii_ranks()?, (4, 8));
    assert_eq!(code(eps.set_lyapii_ranks(1, 8)), RANGE);
    assert_eq!(code(eps.set_lyapii_ranks(4, 3)), RANGE);
    Ok(())
}

/// As many as there are, without a number.
#[cfg(petsc_ge_3_23)]
#[petsc_test::test(ranks = [1, 2, 3])]
fn all_values_above_a_threshold_are_found(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let above = |low: f64| (1..=N).filter(|k| laplacian_eigenvalue(N, *k) > low).count();
    let mut eps = Eps::new(comm)?;
    eps.set_operators(&*laplacian(comm, N)?, None)?;
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    // Replaced by the threshold, context and all.
    eps.set_stopping_test_function(|_| Ok(slepc_rs::eps::ConvergedReason::User))?;
    assert_eq!(code(eps.set_threshold(f64::NAN, false)), RANGE);
    eps.set_threshold(3.9, false)?;
    assert_eq!(eps.threshold()?, (3.9, false));
    let found = eps.solve()?.pairs;
    assert!(found >= above(3.9) && found < 40, "{found}");
    eps.set_dimensions(Dimensions::nev(2))?;
    assert!(eps.solve()?.pairs < above(3.9));
    eps.st()?.set_type(StType::FILTER)?;
    assert_eq!(code(eps.solve()), Some(ErrorCode::SUP));
    let mut svd = Svd::new(comm)?;
    svd.set_operators(&*laplacian(comm, N)?, None)?;
    assert_eq!(code(svd.set_threshold(0.0, true)), RANGE);
    svd.set_threshold(0.95, true)?;
    assert_eq!(svd.threshold()?, (0.95, true));
    let found = svd.solve()?.pairs;
    assert!(found >= above(3.8) && found < 40, "{found}");
    Ok(())
}

/// Of powers of 0.8, twenty are wanted, and no more than those above 0.3, which are six. Few are found in an iteration.
#[cfg(petsc_ge_3_23)]
fn six_or_twenty(comm: &Comm) -> Result<(Eps, Svd)> {
    let mut a = Matrix::builder(comm).global_size(N, N).build()?;
    for i in a.ownership_range()? {
        a.set_value(i, i, r(0.8_f64.powf(i as f64)), InsertMode::Insert)?;
    }
    a.assemble()?;
    let dimensions = Dimensions { nev: 20.into(), mpd: 8.into(), ncv: Setting::Keep };
    let mut eps = solver(comm, &a, None, EpsProblemType::Hermitian, 20)?;
    eps.set_dimensions(dimensions)?;
    eps.set_threshold(0.3, false)?;
    let mut svd = Svd::new(comm)?;
    svd.set_operators(&a, None)?;
    svd.set_type(SvdType::TRLANCZOS)?;
    svd.set_dimensions(dimensions)?;
    svd.set_threshold(0.3, false)?;
    Ok((eps, svd))
}

#[cfg(petsc_ge_3_23)]
fn assert_six(eps: &mut Eps, svd: &mut Svd) -> Result<()> {
    let (eps, svd) = (eps.solve()?.pairs, svd.solve()?.pairs);
    assert!((6..20).contains(&eps), "{eps}");
    assert!((6..20).contains(&svd), "{svd}");
    Ok(())
}

#[cfg(petsc_ge_3_23)]
fn test_by_closures(eps: &mut Eps, svd: &mut Svd) -> Result<()> {
    // Something to hold.
    let seen = [0_u8; 3];
    eps.set_stopping_test_function(move |test| {
        assert_eq!(seen, [0; 3]);
        test.default_test()
    })?;
    svd.set_stopping_test_function(move |test| {
        assert_eq!(seen, [0; 3]);
        test.default_test()
    })
}

/// The same numbers again, after another test: that of the threshold, with a context of its own.
#[cfg(petsc_ge_3_23)]
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_threshold_works_again_after_another_test(petsc: &Petsc) -> Result<()> {
    let (mut eps, mut svd) = six_or_twenty(petsc.world())?;
    assert_six(&mut eps, &mut svd)?;
    test_by_closures(&mut eps, &mut svd)?;
    assert!(eps.solve()?.pairs >= 20 && svd.solve()?.pairs >= 20);
    eps.set_threshold(0.3, false)?;
    svd.set_threshold(0.3, false)?;
    assert_six(&mut eps, &mut svd)
}

/// Options that ask for the test of the threshold after a setup, which made no context for it, or where a closure has put
/// its own.
#[cfg(petsc_ge_3_23)]
#[petsc_test::test(ranks = [1, 2, 3])]
fn options_select_a_threshold_after_a_set_up(petsc: &Petsc) -> Result<()> {
    let take = |eps: &mut Eps, svd: &mut Svd, test: &str| {
        let options = [format!("-eps_stop_{test}"), format!("-svd_stop_{test}")];
        for option in &options {
            petsc.options().set(option, "")?;
        }
        eps.set_from_options()?;
        svd.set_from_options()?;
        options.iter().try_for_each(|o| petsc.options().clear(o))
    };
    for closure in [false, true] {
        let (mut eps, mut svd) = six_or_twenty(petsc.world())?;
        if closure {
            test_by_closures(&mut eps, &mut svd)?;
        } else {
            take(&mut eps, &mut svd, "basic")?;
        }
        eps.set_up()?;
        svd.set_up()?;
        take(&mut eps, &mut svd, "threshold")?;
        assert_six(&mut eps, &mut svd)?;
    }
    Ok(())
}

/// `A = K`, `B = 2·I`: singular values `λ/2`.
#[petsc_test::test(ranks = [1, 2])]
fn three_forms_give_the_same_generalized_singular_values(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (a, b) = (laplacian(comm, N)?, tridiagonal(comm, N, [0.0, 2.0, 0.0])?);
    for form in [BidiagonalForm::Single, BidiagonalForm::Upper, BidiagonalForm::Lower] {
        let mut svd = Svd::new(comm)?;
        assert_eq!(code(svd.set_trlanczos_form(form)), WRONG);
        svd.set_type(SvdType::TRLANCZOS)?;
        svd.set_operators(&a, Some(&b))?;
        svd.set_problem_type(slepc_rs::svd::ProblemType::Generalized)?;
        svd.set_dimensions(Dimensions::nev(2))?;
        assert_eq!(svd.trlanczos_form()?, BidiagonalForm::Lower);
        assert_eq!(svd.trlanczos_scale()?, 1.0);
        both! { svd:
            set_trlanczos_form, trlanczos_form = form;
            set_trlanczos_locking, trlanczos_locking = false;
            set_trlanczos_restart, trlanczos_restart = 0.4;
            set_trlanczos_scale, trlanczos_scale = 3.0;
            set_explicit_matrix, explicit_matrix = true;
        }
        assert_eq!(code(svd.set_trlanczos_scale(0.0)), RANGE);
        assert_eq!(code(svd.set_trlanczos_restart(0.0)), RANGE);
        assert!(!svd.one_side()?);
        let _ = svd.solve()?;
        for (sigma, k) in svd.singular_values()?.iter().zip([N, N - 1]) {
            assert_close!(*sigma, laplacian_eigenvalue(N, k) / 2.0, 1e-6);
        }
    }
    Ok(())
}

/// `λ² + c·λ + κ`, real roots.
#[petsc_test::test(ranks = [1, 2, 3])]
fn the_method_of_davidson_solves_a_polynomial_problem(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let k = laplacian(comm, N)?;
    let c = tridiagonal(comm, N, [0.0, 5.0, 0.0])?;
    let m = tridiagonal(comm, N, [0.0, 1.0, 0.0])?;
    let root = |kappa: f64| -2.5 + (6.25 - kappa).sqrt();
    for projection in [JdProjection::Harmonic, JdProjection::Orthogonal] {
        let mut pep = Pep::new(comm)?;
        pep.set_operators(&[&k, &c, &m])?;
        pep.set_type(PepType::JD)?;
        pep.set_which(PepWhich::TargetMagnitude)?;
        pep.set_target(r(0.0))?;
        both! { pep:
            set_jd_projection, jd_projection = projection;
            set_jd_fix, jd_fix = 0.02;
            set_jd_reuse_preconditioner, jd_reuse_preconditioner = true;
            set_jd_minimality_index, jd_minimality_index = 1;
            set_restart, restart = 0.6;
        }
        assert_eq!(code(pep.set_locking(true)), WRONG);
        assert_eq!(code(pep.set_jd_minimality_index(0)), RANGE);
        pep.st()?.ksp()?.pc()?.set_type(PcType::JACOBI)?;
        let _ = pep.solve()?;
        assert_close!(pep.eigenvalue(0)?.re, root(laplacian_eigenvalue(N, 1)), 1e-6);
    }
    // The transformation on the matrices themselves.
    for transform in [false, true] {
        let mut pep = Pep::new(comm)?;
        pep.set_operators(&[&k, &c, &m])?;
        pep.set_type(PepType::TOAR)?;
        both! { pep: set_locking, locking = false; }
        pep.set_which(PepWhich::TargetMagnitude)?;
        pep.set_target(r(0.0))?;
        let mut st = pep.st()?;
        st.set_type(StType::SINVERT)?;
        both! { st: set_transform, transform = transform; }
        solve_directly(&mut st)?;
        let _ = pep.solve()?;
        assert_eq!(pep.st()?.transform()?, transform);
        assert_close!(pep.eigenvalue(0)?.re, root(laplacian_eigenvalue(N, 1)), 1e-6);
    }
    let mut pep = Pep::new(comm)?;
    pep.set_type(PepType::STOAR)?;
    both! { pep:
        set_stoar_detect_zeros, stoar_detect_zeros = true;
        set_stoar_check_eigenvalue_type, stoar_check_eigenvalue_type = false;
    }
    pep.set_linearization(2.0, 1.0)?;
    assert_eq!(pep.linearization()?, (2.0, 1.0));
    assert_eq!(code(pep.jd_fix()), WRONG);
    Ok(())
}

/// `exp(λ) = κ`.
#[petsc_test::test(ranks = [1, 2, 3])]
fn methods_for_nonlinear_problems_keep_their_settings(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (a, b) = (laplacian(comm, N)?, tridiagonal(comm, N, [0.0, -1.0, 0.0])?);
    let one = MathFunction::rational(comm, &[r(1.0)], &[])?;
    let exp = MathFunction::of_type(comm, FnType::EXP)?;
    let expected = laplacian_eigenvalue(N, 40).ln();
    for kind in [NepType::RII, NepType::SLP, NepType::NLEIGS] {
        let mut nep = Nep::new(comm)?;
        nep.set_split_operator(&[(&a, &one), (&b, &exp)], Structure::Subset)?;
        nep.set_target(r(expected + 0.005))?;
        nep.set_type(kind)?;
        if nep.is_type("nleigs")? {
            both! { nep:
                set_nleigs_locking, nleigs_locking = false;
                set_nleigs_restart, nleigs_restart = 0.3;
                set_nleigs_full_basis, nleigs_full_basis = true;
            }
            nep.set_nleigs_full_basis(false)?;
            assert_eq!(nep.nleigs_rk_shifts()?, []);
            nep.set_nleigs_rk_shifts(&[r(1.0), r(0.5)])?;
            assert_eq!(nep.nleigs_rk_shifts()?, [r(1.0), r(0.5)]);
            assert_eq!(code(nep.set_nleigs_restart(2.0)), RANGE);
            continue;
        }
        both! { nep: set_deflation_threshold, deflation_threshold = 1e-9; }
        nep.ksp()?.set_type(KspType::GMRES)?;
        nep.ksp()?.pc()?.set_type(PcType::REDUNDANT)?;
        if nep.is_type("rii")? {
            both! { nep:
                set_lag_preconditioner, lag_preconditioner = 0;
                set_lag_preconditioner, lag_preconditioner = 2;
                set_rii_hermitian, rii_hermitian = true;
                set_rii_constant_tolerance, rii_constant_tolerance = true;
                set_rii_inner_iterations, rii_inner_iterations = 5;
            }
            assert_eq!(code(nep.set_rii_inner_iterations(0)), RANGE);
        } else {
            assert_eq!(code(nep.lag_preconditioner()), WRONG);
        }
        let _ = nep.solve()?;
        assert_close!(nep.eigenvalue(0)?.re, expected, 1e-6);
    }
    Ok(())
}

/// All of an interval, by integrals.
#[petsc_test::test(ranks = [1, 2])]
fn contour_integrals_find_all_values_inside(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let inside = |k: &Int| (0.5..=1.0).contains(&laplacian_eigenvalue(N, *k));
    let expected: Vec<f64> = (1..=N).filter(inside).map(|k| laplacian_eigenvalue(N, k)).collect();
    for extraction in [ContourExtraction::Ritz, ContourExtraction::Hankel] {
        let mut eps = linear(comm, EpsType::KRYLOVSCHUR, 1)?;
        assert_eq!(code(eps.ciss_sizes()), WRONG);
        assert_eq!(code(eps.set_ciss_extraction(extraction)), WRONG);
        eps.set_type(EpsType::CISS)?;
        eps.set_which(EpsWhich::All)?;
        eps.region()?.set_interval([0.5, 1.0], [0.0, 0.0])?;
        let sizes =
            ContourSizes { points: 32, block: 12, moments: 4, max_block: 24, ..eps.ciss_sizes()? };
        eps.set_ciss_sizes(sizes)?;
        assert_eq!(eps.ciss_sizes()?, sizes);
        assert_eq!(code(eps.set_ciss_sizes(ContourSizes { points: 7, ..sizes })), RANGE);
        // Refused as a whole: SLEPc would keep the points, and write beyond what it has for them.
        eps.set_ciss_extraction(extraction)?;
        solve_directly(&mut *eps.st()?)?;
        eps.set_up()?;
        let sizes = eps.ciss_sizes()?;
        for wrong in [
            ContourSizes { points: 1000, moments: 2000, ..sizes },
            ContourSizes { points: 1000, partitions: 9, ..sizes },
            ContourSizes { block: 0, ..sizes },
            ContourSizes { moments: 0, ..sizes },
            ContourSizes { max_block: 0, ..sizes },
        ] {
            assert_eq!(code(eps.set_ciss_sizes(wrong)), RANGE);
            assert_eq!(eps.ciss_sizes()?, sizes);
        }
        let _ = eps.solve()?;
        assert_eq!(eps.eigenvalues()?.len(), expected.len(), "{extraction:?}");
        eps.set_ciss_threshold(1e-11, 1e-3)?;
        assert_eq!(eps.ciss_threshold()?, (1e-11, 1e-3));
        assert_eq!(code(eps.set_ciss_threshold(0.0, 1e-3)), RANGE);
        eps.set_ciss_refinement(1, 1)?;
        assert_eq!(eps.ciss_refinement()?, (1, 1));
        let rule = ContourQuadrature::Chebyshev;
        both! { eps:
            set_ciss_extraction, ciss_extraction = extraction;
            set_ciss_quadrature, ciss_quadrature = rule;
        }
        #[cfg(not(petsc_ge_3_26))]
        {
            both! { eps: set_ciss_use_st, ciss_use_st = true; }
        }
        solve_directly(&mut *eps.st()?)?;
        let _ = eps.solve()?;
        let mut found: Vec<f64> = eps.eigenvalues()?.iter().map(|z| z.re).collect();
        found.sort_by(f64::total_cmp);
        assert_eq!(found.len(), expected.len(), "{extraction:?}");
        for (found, expected) in found.iter().zip(&expected) {
            assert_close!(*found, *expected, 1e-6);
        }
    }
    Ok(())
}
