//! Methods, and Jacobians made of differences.

use petsc_rs::ErrorCode;
use petsc_rs::prelude::*;
use petsc_rs::snes::{
    LineSearchType, MatrixFree, NcgType, NgmresRestartType, NgmresSelectType, QnRestartType,
    QnScaleType, QnType, Tolerances,
};
use petsc_rs::{Snes, SnesType};

use super::{check_root, cubic, laplacian, r};

fn long(snes: &mut Snes) -> Result<()> {
    snes.set_tolerances(Tolerances {
        rtol: 1e-10.into(),
        max_iterations: 2000.into(),
        ..Default::default()
    })
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn methods_with_a_jacobian_find_the_root(petsc: &Petsc) -> Result<()> {
    for kind in [SnesType::NEWTONLS, SnesType::NEWTONTR, SnesType::NEWTONTRDC] {
        let (mut snes, mut x) = cubic(petsc.world(), true)?;
        snes.set_type(kind)?;
        long(&mut snes)?;
        let converged = snes.solve(None, &mut x)?;
        check_root(&x, 1e-7)?;
        // Newton's method converges in a few steps.
        assert!(converged.iterations < 15, "{converged}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn methods_without_a_jacobian_find_the_root(petsc: &Petsc) -> Result<()> {
    for kind in [SnesType::QN, SnesType::NGMRES, SnesType::ANDERSON, SnesType::NCG] {
        let (mut snes, mut x) = cubic(petsc.world(), false)?;
        snes.set_type(kind)?;
        if kind == SnesType::QN {
            snes.set_qn_type(QnType::Lbfgs)?;
            snes.set_qn_scale_type(QnScaleType::Scalar)?;
            snes.set_qn_restart_type(QnRestartType::Periodic)?;
        } else {
            let error = snes.set_qn_type(QnType::Lbfgs).unwrap_err();
            assert_eq!(error.code(), ErrorCode::ARG_WRONG);
        }
        if kind == SnesType::NGMRES {
            snes.set_ngmres_restart_type(NgmresRestartType::Difference)?;
            snes.set_ngmres_select_type(NgmresSelectType::Difference)?;
            snes.set_ngmres_restart_on_rise(false)?;
        }
        if kind == SnesType::NCG {
            snes.set_ncg_type(NcgType::PolakRibierePolyak)?;
        }
        if kind == SnesType::NGMRES {
            // Steps of the size of the function are too long for this operator.
            snes.npc()?.set_type(SnesType::NRICHARDSON)?;
        }
        if kind == SnesType::ANDERSON {
            snes.line_search()?.set_damping(0.25)?;
        }
        if kind == SnesType::NCG || kind == SnesType::QN {
            snes.line_search()?.set_type(LineSearchType::CP)?;
        }
        long(&mut snes)?;
        let _ = snes.solve(None, &mut x)?;
        check_root(&x, 1e-6)?;
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn jacobians_by_differences_are_as_good(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let (mut exact, mut x) = cubic(world, true)?;
    let iterations = exact.solve(None, &mut x)?.iterations;
    let mut calls = 0;
    for colors in [false, true] {
        let (mut snes, mut x) = cubic(world, false)?;
        let a = laplacian(world, super::N)?;
        if colors {
            snes.set_jacobian_fd_coloring(&a, &a)?;
        } else {
            snes.set_jacobian_fd(&a, &a)?;
        }
        assert_eq!(snes.solve(None, &mut x)?.iterations, iterations);
        check_root(&x, 1e-6)?;
        calls = snes.function_evaluations()?;
    }
    // Three colors instead of twenty columns.
    assert!(calls < 8 * iterations, "{calls} in {iterations}");
    for which in [MatrixFree::All, MatrixFree::Operator] {
        let (mut snes, mut x) = cubic(world, which == MatrixFree::Operator)?;
        snes.set_matrix_free(which)?;
        assert_eq!(snes.matrix_free()?, which);
        snes.ksp()?.set_tolerances(petsc_rs::ksp::Tolerances {
            rtol: 1e-6.into(),
            ..Default::default()
        })?;
        let _ = snes.solve(None, &mut x)?;
        check_root(&x, 1e-6)?;
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn picard_solves_with_the_operator_of_the_last_iterate(petsc: &Petsc) -> Result<()> {
    // (4 + x)·x = 12, whose root is 2; the error shrinks by a third.
    let a = Matrix::builder(petsc.world()).global_size(6, 6).build()?;
    let (mut x, f) = a.vectors()?;
    let mut snes = Snes::new(petsc.world())?;
    snes.set_picard(
        &f,
        |_, _, b| b.set(r(12.0)),
        &a,
        &a,
        |_, x, a, _| {
            let start = x.ownership_range()?.start;
            for (i, x) in (start..).zip(x.array()?.iter()) {
                a.set_value(i, i, r(4.0) + *x, InsertMode::Insert)?;
            }
            a.assemble()
        },
    )?;
    snes.set_tolerances(Tolerances { rtol: 1e-10.into(), ..Default::default() })?;
    x.set(r(1.0))?;
    let converged = snes.solve(None, &mut x)?;
    super::check_all(&x, 2.0)?;
    assert!((10..40).contains(&converged.iterations), "{converged}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_function_and_the_jacobian_are_computed_at_a_point(petsc: &Petsc) -> Result<()> {
    let (snes, mut x) = super::squares(petsc.world(), 7)?;
    x.set(r(3.0))?;
    let mut f = x.duplicate()?;
    snes.compute_function(&x, &mut f)?;
    super::check_all(&f, 5.0)?;
    let mut a = Matrix::builder(petsc.world()).global_size(7, 7).build()?;
    snes.compute_jacobian_one(&x, &mut a)?;
    assert_eq!(a.trace()?, r(42.0));
    let bare = Snes::new(petsc.world())?;
    assert_eq!(super::code(bare.compute_jacobian_one(&x, &mut a)), ErrorCode::ARG_WRONGSTATE);
    assert_eq!(super::code(bare.compute_objective(&x)), ErrorCode::ARG_WRONGSTATE);
    Ok(())
}
