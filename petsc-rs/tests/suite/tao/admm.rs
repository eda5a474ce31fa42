//! Alternating directions against optima in closed form.

use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::tao::{AdmmRegularizer, AdmmUpdate, Bound};
use petsc_rs::{ErrorCode, MatrixRef, Tao, TaoRef, TaoType, VectorRef};
use petsc_test::assert_error;

use super::error_of;

/// What each entry is wanted to be.
fn wanted(i: Int) -> Real {
    i as Real - 2.0
}

/// `½‖x − a‖²` with its gradient.
fn distance(x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
    let range = x.ownership_range()?;
    for ((g, x), i) in g.array_mut()?.iter_mut().zip(x.array()?.iter()).zip(range) {
        *g = x - wanted(i);
    }
    Ok(g.dot(g)? / 2.0)
}

fn multiple(like: &VectorRef, value: Real) -> Result<Matrix> {
    let n = like.local_len()?;
    let mut a = Matrix::builder(&like.comm()?).local_size(n, n).build()?;
    for i in like.ownership_range()? {
        a.set_value(i, i, value, InsertMode::Insert)?;
    }
    a.assemble()?;
    Ok(a)
}

fn constant(_: &TaoRef, _: &VectorRef, _: &mut MatrixRef, _: &mut MatrixRef) -> Result<()> {
    Ok(())
}

/// The distance as the misfit, with its Hessian.
fn admm(petsc: &Petsc) -> Result<(Tao, Vector)> {
    let x = Vector::new(petsc.world(), 5)?;
    let mut tao = Tao::new(petsc.world())?;
    tao.set_type(TaoType::ADMM)?;
    tao.set_admm_misfit(|_, x, g| distance(x, g))?;
    let h = multiple(&x, 1.0)?;
    tao.set_admm_misfit_hessian(&h, &h, constant)?;
    tao.set_admm_misfit_hessian_changes(false)?;
    Ok((tao, x))
}

/// `½λ‖z‖²` as the regulariser, with its Hessian.
fn add_square(tao: &mut TaoRef, like: &VectorRef, lambda: Real) -> Result<()> {
    tao.set_admm_regularizer_type(AdmmRegularizer::User)?;
    assert_eq!(tao.admm_regularizer_type()?, AdmmRegularizer::User);
    tao.set_admm_regularizer(move |_, z, g| {
        g.copy_from(z)?;
        g.scale(lambda)?;
        Ok(z.dot(g)? / 2.0)
    })?;
    let h = multiple(like, lambda)?;
    tao.set_admm_regularizer_hessian(&h, &h, constant)?;
    tao.set_admm_regularizer_hessian_changes(false)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_l1_norm_gives_soft_thresholding(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = admm(petsc)?;
    tao.set_admm_regularizer_coefficient(0.5)?;
    tao.set_admm_spectral_penalty(2.0)?;
    assert_eq!(tao.admm_spectral_penalty()?, 2.0);
    assert!(tao.admm_dual()?.is_none());
    let status = tao.solve_unchecked(&mut x)?;
    let shrunk = |i| wanted(i).signum() * (wanted(i).abs() - 0.5).max(0.0);
    assert!(error_of(&x, shrunk)? < 1e-6, "{status:?}");
    // The multiplier is minus the gradient of the misfit.
    let dual = tao.admm_dual()?.expect("solved");
    assert!(error_of(&dual, |i| wanted(i) - shrunk(i))? < 1e-5);
    assert!(tao.admm_parent()?.is_none());
    assert!(tao.admm_misfit_solver()?.admm_parent()?.is_none());
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn two_optimizers_alternate(petsc: &Petsc) -> Result<()> {
    for update in [AdmmUpdate::Basic, AdmmUpdate::Adaptive] {
        let (mut tao, mut x) = admm(petsc)?;
        add_square(&mut tao, &x, 0.5)?;
        tao.set_admm_update(update)?;
        tao.set_admm_minimum_spectral_penalty(0.1)?;
        assert_eq!(tao.admm_update()?, update);
        let status = tao.solve_unchecked(&mut x)?;
        let error = error_of(&x, |i| wanted(i) / 1.5)?;
        assert!(error < 1e-5, "{update:?}: {error}, {status:?}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_constraint_of_the_program_couples_both_parts(petsc: &Petsc) -> Result<()> {
    // 2x − z = 1, so that the sum is ½(x − a)² + ¼(2x − 1)².
    let (mut tao, mut x) = admm(petsc)?;
    add_square(&mut tao, &x, 0.5)?;
    let a = multiple(&x, 2.0)?;
    tao.set_admm_misfit_constraint(&a, &a, constant)?;
    let mut c = x.duplicate()?;
    c.set(1.0)?;
    tao.set_admm_rhs(&c)?;
    drop(c);
    let status = tao.solve_unchecked(&mut x)?;
    let error = error_of(&x, |i| (wanted(i) + 1.0) / 3.0)?;
    assert!(error < 1e-5, "{error}, {status:?}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn the_inner_optimizers_take_bounds_and_steps_of_the_program(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = admm(petsc)?;
    tao.set_admm_regularizer_type(AdmmRegularizer::User)?;
    let mut inner = tao.admm_misfit_solver()?;
    inner.set_type(TaoType::BNLS)?;
    inner.set_variable_bounds(0.0, Bound::None)?;
    let mut steps = tao.admm_regularizer_solver()?;
    steps.set_type(TaoType::SHELL)?;
    steps.set_shell_solve(|tao| {
        let mut at = {
            let admm = tao.admm_parent()?.expect("within");
            let misfit = admm.admm_misfit_solver()?;
            let x = misfit.solution()?.expect("solved");
            let y = admm.admm_dual()?.expect("set up");
            let mut at = y.duplicate_with_values()?;
            at.aypx(1.0 / admm.admm_spectral_penalty()?, &x)?;
            at
        };
        // The projection onto z ≤ 1.
        for z in at.array_mut()?.iter_mut() {
            *z = z.min(1.0);
        }
        tao.solution_mut()?.expect("set up").copy_from(&at)
    })?;
    let status = tao.solve_unchecked(&mut x)?;
    let error = error_of(&x, |i| wanted(i).clamp(0.0, 1.0))?;
    assert!(error < 1e-5, "{error}, {status:?}");
    Ok(())
}

/// Asserts that a solve fails with this code and a message with this text.
fn fails(tao: &mut TaoRef, x: &mut VectorRef, code: ErrorCode, text: &str) {
    assert_error(tao.solve(x), code, text);
}

#[petsc_test::test(ranks = [1, 2])]
fn what_is_missing_is_an_error(petsc: &Petsc) -> Result<()> {
    let fresh = |like: &VectorRef| {
        let mut tao = Tao::new(&like.comm()?)?;
        tao.set_type(TaoType::ADMM)?;
        Ok::<_, Error>(tao)
    };
    let mut x = Vector::new(petsc.world(), 5)?;
    let order = ErrorCode::ORDER;
    fails(&mut *fresh(&x)?, &mut x, order, "a misfit");
    let mut tao = fresh(&x)?;
    tao.set_admm_misfit(|_, x, g| distance(x, g))?;
    fails(&mut tao, &mut x, order, "a Hessian for the inner optimizer");
    let (mut tao, _) = admm(petsc)?;
    tao.set_admm_regularizer_type(AdmmRegularizer::User)?;
    fails(&mut tao, &mut x, order, "a regularizer");
    let (mut tao, _) = admm(petsc)?;
    tao.admm_misfit_solver()?.set_type(TaoType::NM)?;
    fails(&mut tao, &mut x, ErrorCode::SUP, "within admm");

    let (mut tao, _) = admm(petsc)?;
    let other = Vector::new(petsc.world(), 8)?;
    tao.set_admm_rhs(&other)?;
    fails(&mut tao, &mut x, ErrorCode::ARG_SIZ, "right-hand side");
    let (mut tao, _) = admm(petsc)?;
    let a = multiple(&other, 1.0)?;
    tao.set_admm_misfit_constraint(&a, &a, constant)?;
    fails(&mut tao, &mut x, ErrorCode::ARG_SIZ, "rows of the matrix");

    let (mut tao, _) = admm(petsc)?;
    let _ = tao.solve_unchecked(&mut x)?;
    fails(&mut tao, &mut x, order, "can solve only once");
    // Another instance of the method knows nothing of what was said to the first.
    tao.set_type(TaoType::LMVM)?;
    tao.set_type(TaoType::ADMM)?;
    fails(&mut tao, &mut x, order, "a misfit");
    assert_error(
        tao.set_admm_spectral_penalty(0.0),
        ErrorCode::ARG_OUTOFRANGE,
        "penalty must be positive",
    );
    assert_error(
        tao.set_admm_regularizer_coefficient(-1.0),
        ErrorCode::ARG_OUTOFRANGE,
        "regularizer coefficient",
    );
    assert_error(
        tao.set_admm_minimum_spectral_penalty(Real::NAN),
        ErrorCode::ARG_OUTOFRANGE,
        "minimum penalty",
    );
    tao.set_type(TaoType::LMVM)?;
    assert_error(tao.set_admm_spectral_penalty(1.0), ErrorCode::ARG_WRONG, "requires type admm");
    assert_error(tao.admm_misfit_solver(), ErrorCode::ARG_WRONG, "requires type admm");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn closures_are_freed_with_the_optimizer(petsc: &Petsc) -> Result<()> {
    let token = Rc::new(());
    for solved in [false, true] {
        let (mut tao, mut x) = admm(petsc)?;
        let held = Rc::clone(&token);
        tao.set_admm_misfit(move |_, x, g| {
            let _ = &held;
            distance(x, g)
        })?;
        if solved {
            let _ = tao.solve_unchecked(&mut x)?;
        }
        assert_eq!(Rc::strong_count(&token), 2);
        drop(tao);
        assert_eq!(Rc::strong_count(&token), 1, "solved: {solved}");
    }
    Ok(())
}
