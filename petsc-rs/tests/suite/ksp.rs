//! Linear solvers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use petsc_rs::ksp::{
    CgType, ConvergedReason, GramSchmidt, GuessModel, NormType, NotConverged, Refinement, Side,
    Tolerances,
};
use petsc_rs::{ErrorCode, prelude::*};
use petsc_test::{assert_close, assert_code, assert_error};

pub(super) fn r(x: Real) -> Scalar {
    Scalar::from_real(x)
}

/// The one-dimensional Laplacian of `n` inner points, without the factor `1/h²`.
pub(super) fn laplacian(comm: &Comm, n: Int) -> Result<Matrix> {
    let mut a = Matrix::builder(comm).global_size(n, n).build()?;
    for i in a.ownership_range()? {
        a.set_value(i, i, r(2.0), InsertMode::Insert)?;
        for j in [i - 1, i + 1].into_iter().filter(|j| (0..n).contains(j)) {
            a.set_value(i, j, r(-1.0), InsertMode::Insert)?;
        }
    }
    a.assemble()?;
    Ok(a)
}

/// The solution for a right-hand side of ones: `(i + 1)·(n - i) / 2`.
fn exact(i: Int, n: Int) -> Real {
    let (i, n) = (i as Real, n as Real);
    (i + 1.0) * (n - i) / 2.0
}

pub(super) fn tight() -> Tolerances {
    Tolerances { rtol: 1e-12.into(), ..Tolerances::default() }
}

fn check_solution(x: &petsc_rs::VectorRef, n: Int) -> Result<()> {
    let start = x.ownership_range()?.start;
    for (i, value) in (start..).zip(x.array()?.iter()) {
        assert_close!(value.real(), exact(i, n), 1e-8);
        assert_close!(value.imaginary(), 0.0, 1e-8, 1e-8);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn methods_find_the_analytic_solution(petsc: &Petsc) -> Result<()> {
    let n = 30;
    let a = laplacian(petsc.world(), n)?;
    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    for kind in [
        KspType::CG,
        KspType::GMRES,
        KspType::FGMRES,
        KspType::BCGS,
        KspType::MINRES,
        KspType::CR,
        KspType::GCR,
        KspType::PIPECG,
        KspType::SYMMLQ,
        KspType::CGNE,
    ] {
        let mut ksp = Ksp::new(petsc.world())?;
        ksp.set_operators(&a, &a)?;
        ksp.set_type(kind)?;
        ksp.pc()?.set_type(PcType::JACOBI)?;
        ksp.set_tolerances(tight())?;
        x.set_zero()?;
        let converged = ksp.solve(&b, &mut x)?;
        assert!(converged.reason.is_converged());
        check_solution(&x, n)?;
        assert!(ksp.true_residual_norm(&b, &x)? < 1e-8);
        assert_eq!(ksp.type_name()?.as_deref(), kind.name().to_str().ok());
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 3])]
fn every_named_type_of_this_build_can_be_set(petsc: &Petsc) -> Result<()> {
    let mut ksp = Ksp::new(petsc.world())?;
    for kind in [
        KspType::RICHARDSON,
        KspType::CHEBYSHEV,
        KspType::GROPPCG,
        KspType::PIPECGRR,
        KspType::PIPEPRCG,
        KspType::PIPECG2,
        KspType::PIPELCG,
        KspType::NASH,
        KspType::STCG,
        KspType::GLTR,
        KspType::FCG,
        KspType::PIPEFCG,
        KspType::PIPEFGMRES,
        KspType::LGMRES,
        KspType::DGMRES,
        KspType::PGMRES,
        KspType::TCQMR,
        KspType::IBCGS,
        KspType::QMRCGS,
        KspType::FBCGS,
        KspType::FBCGSR,
        KspType::BCGSL,
        KspType::PIPEBCGS,
        KspType::CGS,
        KspType::TFQMR,
        KspType::PIPECR,
        KspType::LSQR,
        KspType::CGLS,
        KspType::PREONLY,
        KspType::BICG,
        KspType::LCD,
        KspType::PIPEGCR,
        KspType::TSIRM,
        KspType::FETIDP,
        KspType::QCG,
    ] {
        match ksp.set_type(kind) {
            // Some methods are for real scalars only, and say so or are not there.
            Err(error) if Scalar::IS_COMPLEX => {
                let code = error.code();
                assert!([ErrorCode::SUP, ErrorCode::ARG_UNKNOWN_TYPE].contains(&code));
                assert!(kind != KspType::GMRES && kind != KspType::CG, "{error}");
                continue;
            }
            outcome => outcome?,
        }
        assert_eq!(ksp.type_name()?.as_deref(), kind.name().to_str().ok());
    }
    let error = ksp.set_type(KspType::new(c"no such method")).unwrap_err();
    assert_eq!(error.code(), ErrorCode::ARG_UNKNOWN_TYPE);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn divergence_is_an_error_with_reason_and_history(petsc: &Petsc) -> Result<()> {
    let n = 100;
    let a = laplacian(petsc.world(), n)?;
    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    ksp.set_type(KspType::CG)?;
    ksp.pc()?.set_type(PcType::NONE)?;
    ksp.set_tolerances(Tolerances { max_iterations: 3.into(), ..tight() })?;
    ksp.set_residual_history(50, true)?;
    let error = ksp.solve(&b, &mut x).unwrap_err();
    assert_eq!(error.code(), ErrorCode::NOT_CONVERGED);
    assert!(error.is_collective());
    let source = error.downcast_ref::<NotConverged>().unwrap();
    assert_eq!(source.reason, ConvergedReason::IterationLimit);
    assert_eq!(ksp.converged_reason_word()?, "DIVERGED_ITS");
    assert_eq!(source.iterations, 3);
    assert!(error.to_string().contains("-ksp_max_it"), "{error}");
    let history = ksp.residual_history()?;
    assert_eq!(history.len(), 4);
    assert_close!(history[0], 10.0, 1e-12);
    assert_close!(history[3], source.residual, 1e-12);
    // The same solver, with more iterations: in exact arithmetic half as many as unknowns.
    ksp.set_tolerances(Tolerances { max_iterations: 1000.into(), ..Tolerances::default() })?;
    assert!(ksp.solve(&b, &mut x)?.iterations <= 50);
    check_solution(&x, n)?;
    assert_eq!(ksp.residual_history()?.len(), 50.min(ksp.iterations()? + 1));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn wrong_sizes_and_missing_operators_are_errors(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 20)?;
    let (mut x, b) = a.vectors()?;
    let mut ksp = Ksp::new(petsc.world())?;
    assert_eq!(ksp.operators_set()?, (false, false));
    assert_eq!(ksp.operators().unwrap_err().code(), ErrorCode::ARG_WRONGSTATE);
    assert_error(ksp.solve(&b, &mut x), ErrorCode::ARG_WRONGSTATE, "no operators yet");
    assert_error(ksp.set_up_on_blocks(), ErrorCode::ARG_WRONGSTATE, "no operators yet");
    assert_eq!(ksp.type_name()?, None, "no method was chosen by a failed call");
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    assert!(ksp.operators()?.0.same_object(&a));
    let small = Vector::new(petsc.world(), 6)?;
    let mut large = Vector::new(petsc.world(), 60)?;
    for kind in [PcType::BJACOBI, PcType::JACOBI, PcType::NONE] {
        ksp.pc()?.set_type(kind)?;
        assert_eq!(ksp.solve(&small, &mut x).unwrap_err().code(), ErrorCode::ARG_SIZ);
        assert_eq!(ksp.solve(&b, &mut large).unwrap_err().code(), ErrorCode::ARG_SIZ);
        let error = ksp.solve_transpose(&small, &mut x).unwrap_err();
        assert_eq!(error.code(), ErrorCode::ARG_SIZ);
    }
    assert_error(ksp.build_solution(), ErrorCode::ORDER, "no solution yet");
    assert_error(ksp.build_residual(), ErrorCode::ORDER, "no solution yet");
    assert!(ksp.solution()?.is_none() && ksp.rhs()?.is_none());
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn settings_are_read_back(petsc: &Petsc) -> Result<()> {
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_type(KspType::GMRES)?;
    ksp.set_tolerances(Tolerances {
        rtol: 1e-3.into(),
        atol: 1e-9.into(),
        dtol: 1e7.into(),
        max_iterations: 77.into(),
    })?;
    ksp.set_tolerances(Tolerances { rtol: 1e-4.into(), ..Tolerances::default() })?;
    let now = ksp.tolerances()?;
    assert_eq!((now.rtol, now.atol, now.dtol), (1e-4, 1e-9, 1e7));
    assert_eq!(now.max_iterations, 77);
    for bad in [-1.0, -2.0, 1.0, Real::NAN] {
        let tolerances = Tolerances { rtol: bad.into(), ..Tolerances::default() };
        let error = ksp.set_tolerances(tolerances).unwrap_err();
        assert_eq!(error.code(), ErrorCode::ARG_OUTOFRANGE);
    }
    ksp.set_norm_type(NormType::Unpreconditioned)?;
    ksp.set_side(Side::Right)?;
    assert_eq!(ksp.norm_type()?, NormType::Unpreconditioned);
    assert_eq!(ksp.side()?, Side::Right);
    ksp.set_gmres_restart(7)?;
    assert_eq!(ksp.gmres_restart()?, 7);
    assert_error(ksp.set_gmres_restart(0), ErrorCode::ARG_OUTOFRANGE, "restart must be at least 1");
    ksp.set_gmres_orthogonalization(GramSchmidt::Modified)?;
    ksp.set_gmres_refinement(Refinement::Always)?;
    let error = ksp.set_cg_type(CgType::Symmetric).unwrap_err();
    assert_eq!(error.code(), ErrorCode::ARG_WRONG);
    let expected = "set_cg_type does not apply; this object has type gmres";
    assert!(error.to_string().contains(expected), "{error}");
    ksp.set_initial_guess_nonzero(true)?;
    assert!(ksp.initial_guess_nonzero()?);
    ksp.set_reuse_preconditioner(true)?;
    assert!(ksp.reuse_preconditioner()?);
    assert_error(ksp.set_bcgsl_ell(4), ErrorCode::ARG_WRONG, "this object has type gmres");
    ksp.set_type(KspType::BCGSL)?;
    ksp.set_bcgsl_ell(4)?;
    let error = ksp.gmres_restart().unwrap_err();
    assert_eq!(error.code(), ErrorCode::ARG_WRONG);
    ksp.set_type(KspType::CG)?;
    ksp.set_cg_type(CgType::Symmetric)?;
    assert_error(ksp.lsqr_norms(), ErrorCode::ARG_WRONG, "this object has type cg");
    ksp.set_options_prefix("a_")?;
    ksp.append_options_prefix("b_")?;
    assert_eq!(ksp.options_prefix()?.as_deref(), Some("a_b_"));
    assert_eq!(ksp.pc()?.options_prefix()?.as_deref(), Some("a_b_"));
    Ok(())
}

/// Eigenvalues of the Laplacian are `2 - 2·cos(kπ/(n+1))`.
#[petsc_test::test(ranks = [1, 2])]
fn cg_estimates_the_spectrum_of_the_laplacian(petsc: &Petsc) -> Result<()> {
    let n = 12;
    let a = laplacian(petsc.world(), n)?;
    let (mut x, mut b) = a.vectors()?;
    let start = b.ownership_range()?.start;
    for (i, value) in (start..).zip(b.array_mut()?.iter_mut()) {
        *value = r(1.0 + (i * i % 7) as Real);
    }
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_type(KspType::CG)?;
    ksp.pc()?.set_type(PcType::NONE)?;
    ksp.set_operators(&a, &a)?;
    ksp.set_tolerances(tight())?;
    assert_eq!(ksp.eigenvalues().unwrap_err().code(), ErrorCode::ORDER);
    ksp.set_compute_eigenvalues(true)?;
    assert_eq!(ksp.extreme_singular_values().unwrap_err().code(), ErrorCode::ORDER);
    let _ = ksp.solve(&b, &mut x)?;
    let pi = std::f64::consts::PI;
    let lambda = |k: i32| 2.0 - 2.0 * (Real::from(k) * pi / 13.0).cos();
    let mut found = ksp.eigenvalues()?;
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert_eq!(found.len(), ksp.iterations()?);
    assert_close!(found[0].0, lambda(1), 1e-8);
    assert_close!(found[found.len() - 1].0, lambda(12), 1e-8);
    let (largest, smallest) = ksp.extreme_singular_values()?;
    assert_close!(largest, lambda(12), 1e-8);
    assert_close!(smallest, lambda(1), 1e-8);
    let mut all = ksp.eigenvalues_explicitly()?;
    if petsc.world().rank() == 0 {
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (k, value) in (1..).zip(&all) {
            assert_close!(value.0, lambda(k), 1e-8);
        }
    }
    // Asked for after setup there is no room.
    let mut late = Ksp::new(petsc.world())?;
    late.set_type(KspType::GMRES)?;
    late.set_operators(&a, &a)?;
    late.set_up()?;
    let error = late.set_compute_singular_values(true).unwrap_err();
    assert_eq!(error.code(), ErrorCode::ORDER);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn transposed_systems_and_many_right_hand_sides_are_solved(petsc: &Petsc) -> Result<()> {
    let n = 10;
    let mut a = Matrix::builder(petsc.world()).global_size(n, n).build()?;
    for i in a.ownership_range()? {
        a.set_value(i, i, r(2.0), InsertMode::Insert)?;
        if i + 1 < n {
            a.set_value(i, i + 1, r(1.0), InsertMode::Insert)?;
        }
    }
    a.assemble()?;
    let (mut x, mut b) = a.vectors()?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    ksp.set_tolerances(tight())?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    // Aᵀ·(1, …, 1) is 2 in the first row and 3 in the others.
    b.set(r(3.0))?;
    if b.ownership_range()?.contains(&0) {
        b.set_value(0, r(2.0), InsertMode::Insert)?;
    }
    b.assemble()?;
    let _ = ksp.solve_transpose(&b, &mut x)?;
    for value in x.array()?.iter() {
        assert_close!(value.real(), 1.0, 1e-10);
    }
    let dense = || Matrix::builder(petsc.world()).global_size(n, 3).kind(MatrixType::DENSE).build();
    let (mut rhs, mut solutions) = (dense()?, dense()?);
    for i in rhs.ownership_range()? {
        for j in 0..3 {
            // The solution of column j is j + 1 everywhere.
            let sum = if i + 1 < n { 3.0 } else { 2.0 };
            let value = r(sum * (j + 1) as Real);
            rhs.set_value(i, j, value, InsertMode::Insert)?;
        }
    }
    rhs.assemble()?;
    solutions.assemble()?;
    let _ = ksp.mat_solve(&rhs, &mut solutions)?;
    let residual = {
        let mut ones = Vector::new(petsc.world(), 3)?;
        ones.set(r(1.0))?;
        let (e, mut sum) = solutions.vectors()?;
        drop(ones);
        let mut e = e;
        e.set(r(1.0))?;
        solutions.mult(&e, &mut sum)?;
        sum
    };
    for value in residual.array()?.iter() {
        assert_close!(value.real(), 6.0, 1e-9);
    }
    assert_code(ksp.mat_solve(&a, &mut solutions), ErrorCode::ARG_SIZ);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn guesses_save_iterations(petsc: &Petsc) -> Result<()> {
    let n = 40;
    let a = laplacian(petsc.world(), n)?;
    let (mut x, mut b) = a.vectors()?;
    for model in [GuessModel::Fischer { model: 1, size: 5 }, GuessModel::Pod { tolerance: None }] {
        let mut ksp = Ksp::new(petsc.world())?;
        ksp.set_type(KspType::CG)?;
        ksp.pc()?.set_type(PcType::NONE)?;
        ksp.set_operators(&a, &a)?;
        ksp.set_tolerances(Tolerances { rtol: 1e-8.into(), atol: 1e-10.into(), ..tight() })?;
        ksp.set_guess(model)?;
        b.set(r(1.0))?;
        let first = ksp.solve(&b, &mut x)?.iterations;
        b.set(r(2.0))?;
        let second = ksp.solve(&b, &mut x)?.iterations;
        assert!(second < first, "{model:?}: {second} after {first}");
        assert_eq!(ksp.total_iterations()?, first + second);
    }
    let mut ksp = Ksp::new(petsc.world())?;
    assert_error(
        ksp.set_guess(GuessModel::Fischer { model: 4, size: 5 }),
        ErrorCode::ARG_OUTOFRANGE,
        "got 4 and 5",
    );
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn lsqr_fits_a_constant_by_its_mean(petsc: &Petsc) -> Result<()> {
    // Fit a constant: the mean of 0, 1, …, 8.
    let mut a = Matrix::builder(petsc.world()).global_size(9, 1).build()?;
    for i in a.ownership_range()? {
        a.set_value(i, 0, r(1.0), InsertMode::Insert)?;
    }
    a.assemble()?;
    let (mut x, mut b) = a.vectors()?;
    let start = b.ownership_range()?.start;
    for (i, value) in (start..).zip(b.array_mut()?.iter_mut()) {
        *value = r(i as Real);
    }
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_type(KspType::LSQR)?;
    ksp.pc()?.set_type(PcType::NONE)?;
    ksp.set_operators(&a, &a)?;
    let _ = ksp.solve(&b, &mut x)?;
    for value in x.array()?.iter() {
        assert_close!(value.real(), 4.0, 1e-10);
    }
    let (normal, _) = ksp.lsqr_norms()?;
    assert!(normal < 1e-6);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn reset_takes_another_size(petsc: &Petsc) -> Result<()> {
    let mut ksp = Ksp::new(petsc.world())?;
    for n in [20, 8] {
        let a = laplacian(petsc.world(), n)?;
        let (mut x, mut b) = a.vectors()?;
        b.set(r(1.0))?;
        ksp.set_operators(&a, &a)?;
        ksp.set_tolerances(tight())?;
        let _ = ksp.solve(&b, &mut x)?;
        check_solution(&x, n)?;
        let built = ksp.build_solution()?;
        check_solution(&built, n)?;
        assert!(ksp.build_residual()?.norm(Norm::Two)? < 1e-8);
        assert!(ksp.solution()?.is_some_and(|s| s.same_object(&x)));
        ksp.reset()?;
    }
    Ok(())
}

/// Richardson iterations on `2·x = b`, in which each step halves the residual.
fn halving(petsc: &Petsc) -> Result<(Ksp, Vector, Vector)> {
    let mut a = Matrix::builder(petsc.world()).global_size(6, 6).build()?;
    for i in a.ownership_range()? {
        a.set_value(i, i, r(2.0), InsertMode::Insert)?;
    }
    a.assemble()?;
    let (x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    ksp.set_type(KspType::RICHARDSON)?;
    ksp.set_richardson_scale(0.25)?;
    ksp.pc()?.set_type(PcType::NONE)?;
    ksp.set_tolerances(Tolerances { rtol: 1e-2.into(), ..Tolerances::default() })?;
    Ok((ksp, x, b))
}

#[petsc_test::test(ranks = [1, 2])]
fn the_convergence_rate_is_that_of_the_method(petsc: &Petsc) -> Result<()> {
    let (mut ksp, mut x, b) = halving(petsc)?;
    assert!(ksp.convergence_rate()?.is_none());
    ksp.set_residual_history(20, true)?;
    let _ = ksp.solve(&b, &mut x)?;
    let (rate, determination) = ksp.convergence_rate()?.unwrap();
    assert_close!(rate, 0.5, 1e-12);
    assert_close!(determination, 1.0, 1e-12);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn the_relative_tolerance_refers_to_the_chosen_norm(petsc: &Petsc) -> Result<()> {
    // The initial residual is 199 times the right-hand side.
    for (choice, iterations) in [(0, 15), (1, 7), (2, 15)] {
        let (mut ksp, mut x, b) = halving(petsc)?;
        ksp.set_initial_guess_nonzero(true)?;
        x.set(r(100.0))?;
        match choice {
            1 => ksp.use_initial_residual_norm()?,
            2 => ksp.use_smaller_initial_norm()?,
            _ => {}
        }
        assert_eq!(ksp.solve(&b, &mut x)?.iterations, iterations);
        if choice == 1 {
            assert_code(ksp.use_smaller_initial_norm(), ErrorCode::ARG_WRONGSTATE);
        } else if choice == 2 {
            assert_code(ksp.use_initial_residual_norm(), ErrorCode::ARG_WRONGSTATE);
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_solver_assembles_its_preconditioned_operator(petsc: &Petsc) -> Result<()> {
    let n = 7;
    let mut ksp = Ksp::new(petsc.world())?;
    let early = ksp.compute_operator(MatrixType::DENSE);
    assert_code(early, ErrorCode::ARG_WRONGSTATE);
    let mut a = laplacian(petsc.world(), n)?;
    for i in a.ownership_range()?.filter(|&i| i > 0) {
        a.set_value(i, i - 1, r(-0.5), InsertMode::Insert)?;
    }
    a.assemble()?;
    ksp.set_operators(&a, &a)?;
    ksp.set_type(KspType::GMRES)?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    for kind in [MatrixType::DENSE, MatrixType::AIJ] {
        // Half of the matrix.
        let half = ksp.compute_operator(kind)?;
        for i in half.ownership_range()? {
            for j in 0..n {
                let expected = match j - i {
                    -1 => -0.25,
                    0 => 1.0,
                    1 => -0.5,
                    _ => 0.0,
                };
                assert_close!(half.value(i, j)?.real(), expected, 1e-14, 1e-14);
            }
        }
    }
    assert_code(ksp.compute_operator(MatrixType::BAIJ), ErrorCode::SUP);
    let mut tall = Matrix::builder(petsc.world()).global_size(4, 2).build()?;
    tall.assemble()?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&tall, &tall)?;
    ksp.set_type(KspType::LSQR)?;
    let tall = ksp.compute_operator(MatrixType::DENSE);
    assert_code(tall, ErrorCode::ARG_SIZ);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn blocks_of_columns_are_solved_in_batches(petsc: &Petsc) -> Result<()> {
    let n = 8;
    let a = laplacian(petsc.world(), n)?;
    let dense = || {
        let b = Matrix::builder(petsc.world()).global_size(n, 3);
        b.kind(MatrixType::DENSE).build()
    };
    let (mut b, mut x) = (dense()?, dense()?);
    for (i, j) in (0..n).flat_map(|i| (0..3).map(move |j| (i, j))) {
        b.set_value(i, j, r(1.0), InsertMode::Insert)?;
    }
    b.assemble()?;
    x.assemble()?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    ksp.set_type(KspType::PREONLY)?;
    ksp.pc()?.set_type(PcType::LU)?;
    assert_code(ksp.set_mat_solve_batch_size(0), ErrorCode::ARG_OUTOFRANGE);
    ksp.set_mat_solve_batch_size(2)?;
    let _ = ksp.mat_solve(&b, &mut x)?;
    for j in 0..3 {
        for i in 0..n {
            assert_close!(x.value(i, j)?.real(), exact(i, n), 1e-12);
        }
    }
    #[cfg(petsc_ge_3_19)]
    {
        let _ = ksp.mat_solve_transpose(&b, &mut x)?;
        assert_close!(x.value(2, 1)?.real(), exact(2, n), 1e-12);
        let mut tall =
            Matrix::builder(petsc.world()).global_size(n + 1, 3).kind(MatrixType::DENSE).build()?;
        let wrong = ksp.mat_solve_transpose(&b, &mut tall);
        assert_code(wrong, ErrorCode::ARG_SIZ);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn the_preconditioner_may_ignore_options(petsc: &Petsc) -> Result<()> {
    petsc.options().insert_str("-ignore_pc_type jacobi")?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_options_prefix("ignore_")?;
    ksp.set_skip_pc_from_options(true)?;
    ksp.set_from_options()?;
    assert_eq!(ksp.pc()?.type_name()?, None);
    ksp.set_skip_pc_from_options(false)?;
    ksp.set_from_options()?;
    assert_eq!(ksp.pc()?.type_name()?.as_deref(), Some("jacobi"));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn lsqr_estimates_the_standard_error(petsc: &Petsc) -> Result<()> {
    // The mean of 1 and 3 has the residual ±1, and the standard error √(2 / 1 / 2).
    let mut a = Matrix::builder(petsc.world()).global_size(2, 1).build()?;
    for i in a.ownership_range()? {
        a.set_value(i, 0, r(1.0), InsertMode::Insert)?;
    }
    a.assemble()?;
    let (mut x, mut b) = a.vectors()?;
    for i in b.ownership_range()? {
        b.set_value(i, r(1.0 + 2.0 * i as Real), InsertMode::Insert)?;
    }
    b.assemble()?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    ksp.set_type(KspType::CG)?;
    assert_code(ksp.lsqr_standard_error(), ErrorCode::ARG_WRONG);
    assert_code(ksp.set_lsqr_standard_error(true), ErrorCode::ARG_WRONG);
    ksp.set_type(KspType::LSQR)?;
    ksp.pc()?.set_type(PcType::NONE)?;
    assert!(ksp.lsqr_standard_error()?.is_none());
    ksp.set_lsqr_standard_error(true)?;
    let _ = ksp.solve(&b, &mut x)?;
    assert_close!(x.norm(Norm::Infinity)?, 2.0, 1e-12);
    let error = ksp.lsqr_standard_error()?.unwrap();
    assert_close!(error.norm(Norm::Infinity)?, 1.0, 1e-12);
    Ok(())
}

#[cfg(petsc_ge_3_20)]
#[petsc_test::test(ranks = [1, 2])]
fn solves_take_the_minimum_of_iterations(petsc: &Petsc) -> Result<()> {
    let (mut ksp, mut x, b) = halving(petsc)?;
    assert_eq!(ksp.minimum_iterations()?, 0);
    ksp.set_minimum_iterations(12)?;
    assert_eq!(ksp.solve(&b, &mut x)?.iterations, 12);
    assert_code(ksp.set_minres_qlp(true), ErrorCode::ARG_WRONG);
    assert_code(ksp.set_minres_radius(1.0), ErrorCode::ARG_WRONG);
    ksp.set_type(KspType::MINRES)?;
    assert!(!ksp.minres_qlp()?);
    ksp.set_minres_qlp(true)?;
    assert!(ksp.minres_qlp()?);
    assert_code(ksp.set_minres_radius(-1.0), ErrorCode::ARG_OUTOFRANGE);
    ksp.set_minres_radius(10.0)?;
    let _ = ksp.solve(&b, &mut x)?;
    assert_close!(x.norm(Norm::Infinity)?, 0.5, 1e-6);
    Ok(())
}
