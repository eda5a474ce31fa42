//! General constraints and complementarity.

use petsc_rs::prelude::*;
use petsc_rs::tao::{AlmmType, Tolerances};
use petsc_rs::{ErrorCode, MatrixRef, Tao, TaoRef, TaoType, VectorRef};
use petsc_test::assert_error;

use super::{bowl_with_hessian, error_of, named};

/// ½‖x‖² with its gradient.
fn half_norm(x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
    // Interior points lend vectors of another type than the solution.
    g.array_mut()?.copy_from_slice(&x.array()?);
    let norm = x.norm(Norm::Two)?;
    Ok(norm * norm / 2.0)
}

/// One row of ones, on the last rank.
fn ones(petsc: &Petsc, x: &VectorRef) -> Result<Matrix> {
    let mine = usize::from(petsc.world().rank() + 1 == petsc.world().size());
    let mut a = Matrix::builder(petsc.world()).local_size(mine, x.local_len()?).build()?;
    for i in a.ownership_range()? {
        for j in 0..Int::try_from(x.len()?)? {
            a.set_value(i, j, 1.0, InsertMode::Insert)?;
        }
    }
    a.assemble()?;
    Ok(a)
}

/// Adds the constraint `Σ xᵢ + level = 0` or `≥ 0`. For `almm`, which changes the sign of the matrix of inequalities, it
/// is filled in each time. A vector for the value.
fn constrain_sum(
    petsc: &Petsc,
    tao: &mut Tao,
    x: &VectorRef,
    (equality, level): (bool, Real),
) -> Result<Vector> {
    let a = ones(petsc, x)?;
    let full = a.duplicate_with_values()?;
    let c = Vector::with_local_len(petsc.world(), a.local_size()?.0)?;
    let values = move |_: &TaoRef, x: &VectorRef, c: &mut VectorRef| {
        let sum = x.sum()?;
        c.set(sum + level)
    };
    let jacobian = move |tao: &TaoRef, _: &VectorRef, j: &mut MatrixRef, _: &mut MatrixRef| {
        if tao.is_type("almm")? {
            j.copy_from(&full)?;
        }
        Ok(())
    };
    if equality {
        tao.set_equality_constraints(&c, values)?;
        tao.set_equality_jacobian(&a, &a, jacobian)?;
    } else {
        tao.set_inequality_constraints(&c, values)?;
        tao.set_inequality_jacobian(&a, &a, jacobian)?;
    }
    Ok(c)
}

/// min ½‖x‖² with `Σ xᵢ = 1` or `Σ xᵢ ≥ 1`: each is 1/n.
fn with_sum(petsc: &Petsc, kind: &str, equality: bool) -> Result<()> {
    let comm = petsc.world();
    let mut x = Vector::new(comm, 4)?;
    x.set(1.0)?;
    let mut tao = Tao::new(comm)?;
    named(&mut tao, kind)?;
    tao.set_objective_and_gradient(|_, x, g| half_norm(x, g))?;
    let n = x.local_len()?;
    let h = Matrix::builder(comm).local_size(n, n).build()?;
    tao.set_hessian(&h, &h, |_, x, h, _| {
        for i in x.ownership_range()? {
            h.set_value(i, i, 1.0, InsertMode::Insert)?;
        }
        h.assemble()
    })?;
    constrain_sum(petsc, &mut tao, &x, (equality, -1.0))?;
    tao.set_from_options()?;
    let converged = tao.solve(&mut x)?;
    let error = error_of(&x, |_| 0.25)?;
    assert!(error < 1e-3, "{kind}, {equality}: {error}, {converged}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn the_augmented_lagrangian_finds_the_constrained_minimum(petsc: &Petsc) -> Result<()> {
    with_sum(petsc, "almm", true)
}

/// min ½‖x‖² with `Σ xᵢ ≥ 1` for four unknowns: x = ¼, and x + y = 0.
fn with_multiplier(petsc: &Petsc) -> Result<(Tao, Vector)> {
    let comm = petsc.world();
    let mut x = Vector::new(comm, 4)?;
    x.set(1.0)?;
    let mut tao = Tao::new(comm)?;
    named(&mut tao, "almm")?;
    for formulation in [AlmmType::Phr, AlmmType::Classic] {
        tao.set_almm_type(formulation)?;
        assert_eq!(tao.almm_type()?, formulation);
    }
    assert_error(tao.almm_multipliers(), ErrorCode::ORDER, "no solution yet");
    tao.set_variable_bounds(-2.0, 2.0)?;
    tao.set_objective_and_gradient(|_, x, g| half_norm(x, g))?;
    constrain_sum(petsc, &mut tao, &x, (false, -1.0))?;
    tao.set_tolerances(Tolerances {
        gatol: 1e-5.into(),
        catol: 1e-5.into(),
        max_iterations: 50.into(),
        max_evaluations: 1_000_000.into(),
        ..Tolerances::default()
    })?;
    Ok((tao, x))
}

#[petsc_test::test(ranks = [1])]
fn the_formulation_is_fixed_after_set_up(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = with_multiplier(petsc)?;
    let status = tao.solve_unchecked(&mut x)?;
    let error = error_of(&x, |_| 0.25)?;
    assert!(error < 1e-4, "{error}, {status:?}");
    let y = tao.almm_multipliers()?.sum()?;
    // The constraint is active. Convergence bounds x and the constraint, but y only up to the penalty times the
    // constraint, which depends on the rounding of the processor's BLAS.
    assert!((-1.0..-0.1).contains(&y), "{y}");
    assert_error(
        tao.set_almm_type(AlmmType::Phr),
        ErrorCode::ORDER,
        "must be called before TaoSetUp()",
    );
    Ok(())
}

/// An augmented Lagrangian for min ½‖x‖² of four unknowns.
fn small(petsc: &Petsc) -> Result<(Tao, Vector)> {
    let mut x = Vector::new(petsc.world(), 4)?;
    x.set(1.0)?;
    let mut tao = Tao::new(petsc.world())?;
    named(&mut tao, "almm")?;
    tao.set_almm_type(AlmmType::Phr)?;
    tao.set_objective_and_gradient(|_, x, g| half_norm(x, g))?;
    Ok((tao, x))
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_multiplier_of_one_kind_has_its_closed_form(petsc: &Petsc) -> Result<()> {
    for equality in [true, false] {
        // Σ xᵢ = 1 or ≥ 1: x = ¼ and the multiplier of f + y·c is ±¼.
        let (mut tao, mut x) = small(petsc)?;
        let c = constrain_sum(petsc, &mut tao, &x, (equality, -1.0))?;
        let converged = tao.solve(&mut x)?;
        let error = error_of(&x, |_| 0.25)?;
        assert!(error < 1e-4, "{error}, {converged:?}");
        let y = tao.almm_multipliers()?;
        assert_eq!((y.len()?, y.local_len()?), (1, c.local_len()?));
        let (y, exact) = (y.sum()?, if equality { -0.25 } else { 0.25 });
        assert!((y - exact).abs() < 1e-4, "{equality}: {y}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn multipliers_of_both_kinds_are_not_put_together(petsc: &Petsc) -> Result<()> {
    // Σ xᵢ = 1 and Σ xᵢ ≥ ½: x = ¼, the multipliers are -¼ and 0.
    let (mut tao, mut x) = small(petsc)?;
    for constraint in [(true, -1.0), (false, -0.5)] {
        constrain_sum(petsc, &mut tao, &x, constraint)?;
    }
    let converged = tao.solve(&mut x)?;
    let error = error_of(&x, |_| 0.25)?;
    assert!(error < 1e-4, "{error}, {converged:?}");
    assert_eq!(tao.almm_multipliers().map_err(|e| e.code()).err(), Some(ErrorCode::SUP));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn subsolvers_that_need_more_than_a_gradient_are_refused(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = with_multiplier(petsc)?;
    for (kind, name) in [(TaoType::BNLS, "bnls"), (TaoType::NM, "nm"), (TaoType::BLMVM, "blmvm")] {
        tao.almm_subsolver()?.set_type(kind)?;
        assert_eq!(tao.almm_subsolver()?.type_name()?.as_deref(), Some(name));
        let error =
            tao.solve(&mut x).expect_err("it needs more than a gradient, or is no method for this");
        assert_eq!(error.code(), ErrorCode::SUP, "{error}");
        assert!(error.to_string().contains(name), "{error}");
    }
    Ok(())
}

#[cfg(petsc_have_mumps)]
#[petsc_test::test(ranks = [1])]
fn interior_points_find_the_constrained_minimum(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options.insert_str("-tao_pdipm_kkt_shift_pd -ksp_type preonly -pc_type lu -pc_factor_mat_solver_type mumps")?;
        with_sum(petsc, "pdipm", false)
    })
}

/// Before PETSc 3.26, they leave out what they need when there is a gradient of another method.
#[petsc_test::test(ranks = [1])]
fn interior_points_refuse_the_gradient_of_another_method_before_3_26(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = bowl_with_hessian(petsc, 4)?;
    tao.set_variable_bounds(-1.0, 30.0)?;
    let _ = tao.solve(&mut x)?;
    tao.set_type(TaoType::IPM)?;
    x.set(1.0)?;
    let after = tao.solve_unchecked(&mut x).map(drop).map_err(|e| e.code());
    if cfg!(petsc_ge_3_26) {
        assert_eq!(after, Ok(()));
    } else {
        assert_eq!(after, Err(ErrorCode::SUP));
        (tao, x) = bowl_with_hessian(petsc, 4)?;
        tao.set_variable_bounds(-1.0, 30.0)?;
        tao.set_type(TaoType::IPM)?;
    }
    // And again by the same method.
    for _ in 0..2 {
        x.set(1.0)?;
        let _ = tao.solve_unchecked(&mut x)?;
        let error = error_of(&x, |i| i as Real)?;
        assert!(error < 1e-3, "{error}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn an_upper_bound_alone_is_refused_by_interior_points(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = bowl_with_hessian(petsc, 3)?;
    named(&mut tao, "pdipm")?;
    tao.set_variable_bounds(petsc_rs::tao::Bound::None, 1.0)?;
    let error = tao.solve(&mut x).expect_err("an upper bound alone");
    assert_eq!(error.code(), ErrorCode::SUP, "{error}");
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn each_method_solves_a_complementarity_problem(petsc: &Petsc) -> Result<()> {
    for kind in ["ssils", "ssfls", "asils", "asfls"] {
        let comm = petsc.world();
        let mut x = Vector::new(comm, 6)?;
        x.set(1.0)?;
        let mut tao = Tao::new(comm)?;
        named(&mut tao, kind)?;
        // c(x) = x − (i − 2) with x ≥ 0: x is the positive part.
        tao.set_variable_bounds(0.0, petsc_rs::tao::Bound::None)?;
        let c = x.duplicate()?;
        tao.set_constraints(&c, |_, x, c| {
            let range = x.ownership_range()?;
            for ((c, x), i) in c.array_mut()?.iter_mut().zip(x.array()?.iter()).zip(range) {
                *c = x - (i as Real - 2.0);
            }
            Ok(())
        })?;
        let n = x.local_len()?;
        let j = Matrix::builder(comm).local_size(n, n).build()?;
        tao.set_jacobian(&j, &j, |_, x, j, _| {
            j.zero_entries()?;
            for i in x.ownership_range()? {
                j.set_value(i, i, 1.0, InsertMode::Insert)?;
            }
            j.assemble()
        })?;
        let converged = tao.solve(&mut x)?;
        let error = error_of(&x, |i| (i as Real - 2.0).max(0.0))?;
        assert!(error < 1e-4, "{kind}: {error}, {converged}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn what_is_missing_is_an_error(petsc: &Petsc) -> Result<()> {
    for kind in [
        TaoType::NLS,
        TaoType::TRON,
        TaoType::BRGN,
        TaoType::SSILS,
        TaoType::ASFLS,
        TaoType::PDIPM,
        TaoType::GPCG,
    ] {
        let mut tao = Tao::new(petsc.world())?;
        tao.set_type(kind)?;
        tao.set_objective_and_gradient(|_, x, g| half_norm(x, g))?;
        let mut x = Vector::new(petsc.world(), 3)?;
        let error = tao.solve(&mut x).expect_err("something is missing");
        assert_eq!(error.code(), ErrorCode::ORDER, "{error}");
        assert!(error.to_string().contains("which was not set"), "{error}");
    }
    let mut tao = Tao::new(petsc.world())?;
    tao.set_type(TaoType::ALMM)?;
    tao.set_objective_and_gradient(|_, x, g| half_norm(x, g))?;
    let c = Vector::new(petsc.world(), 1)?;
    tao.set_equality_constraints(&c, |_, _, c| c.set(0.0))?;
    let mut x = Vector::new(petsc.world(), 3)?;
    let error = tao.solve(&mut x).expect_err("no Jacobian");
    assert!(error.to_string().contains("Jacobian"), "{error}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn sizes_that_do_not_fit_are_errors(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut x = Vector::new(comm, 4)?;
    let mut tao = Tao::new(comm)?;
    tao.set_objective_and_gradient(|_, x, g| half_norm(x, g))?;
    let other = Vector::new(comm, 8)?;
    tao.set_variable_bounds(&other, &other)?;
    let error = tao.solve(&mut x).expect_err("bounds of another length");
    assert_eq!(error.code(), ErrorCode::ARG_SIZ, "{error}");
    tao.set_variable_bounds(-1.0, 1.0)?;
    let _ = tao.solve(&mut x)?;
    let mut other = other;
    // Bounds that are numbers wait for a solution that fits.
    tao.set_variable_bounds(-2.0, 2.0)?;
    let error = tao.solve(&mut other).expect_err("a solution of another length");
    assert_eq!(error.code(), ErrorCode::ARG_SIZ, "{error}");
    let _ = tao.solve(&mut x)?;
    let (lower, upper) = tao.variable_bounds()?.ok_or("bounds")?;
    let (least, most) = (lower.min()?.ok_or("entries")?, upper.max()?.ok_or("entries")?);
    assert_eq!((least.1, most.1), (-2.0, 2.0));
    assert_error(
        tao.set_variable_bounds(2.0, 1.0),
        ErrorCode::ARG_OUTOFRANGE,
        "the lower bound 2 exceeds",
    );
    assert_error(
        tao.set_variable_bounds(Real::NAN, 1.0),
        ErrorCode::ARG_OUTOFRANGE,
        "the lower bound NaN exceeds",
    );
    assert_error(tao.lmvm_matrix(), ErrorCode::ARG_WRONG, "lmvm_matrix requires type bqnls");
    assert_error(tao.set_brgn_regularizer_weight(1.0), ErrorCode::ARG_WRONG, "requires type brgn");
    let h = Matrix::builder(comm).global_size(8, 8).build()?;
    tao.set_hessian(&h, &h, |_, _, _, _| Ok(()))?;
    assert_error(tao.solve(&mut x), ErrorCode::ARG_SIZ, "rows of the Hessian");
    Ok(())
}
