//! What quasi-Newton methods learn, and keep.

use petsc_rs::prelude::*;
use petsc_rs::tao::{ConvergedReason, Tolerances};
use petsc_rs::{ErrorCode, Pc, Tao, TaoType};
use petsc_test::{assert_code, assert_error};

use super::bowl;

/// How many iterations pieces of three take together.
fn in_pieces(tao: &mut Tao, x: &mut Vector) -> Result<usize> {
    let mut iterations = 0;
    for _ in 0..20 {
        let status = tao.solve_unchecked(x)?;
        iterations += status.iterations;
        if status.reason != ConvergedReason::IterationLimit {
            break;
        }
    }
    Ok(iterations)
}

/// An optimizer of the bowl that stops after some iterations.
fn quasi_newton(petsc: &Petsc, kind: TaoType<'_>, iterations: usize) -> Result<Tao> {
    let mut tao = Tao::new(petsc.world())?;
    tao.set_type(kind)?;
    tao.set_objective_and_gradient(|_, x, g| bowl(x, g))?;
    tao.set_tolerances(Tolerances { max_iterations: iterations.into(), ..Default::default() })?;
    Ok(tao)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn solves_with_recycled_history_need_no_more_iterations(petsc: &Petsc) -> Result<()> {
    for kind in [TaoType::LMVM, TaoType::BQNLS] {
        let mut x = Vector::new(petsc.world(), 8)?;
        let mut count = |tao: &mut Tao| {
            x.set(0.1)?;
            in_pieces(tao, &mut x)
        };
        let whole = count(&mut quasi_newton(petsc, kind, 100)?)?;
        let mut tao = quasi_newton(petsc, kind, 3)?;
        assert!(!tao.recycle_history()?);
        assert_ne!(count(&mut tao)?, whole, "{kind:?} learns something");

        let mut tao = quasi_newton(petsc, kind, 3)?;
        if kind == TaoType::LMVM {
            tao.set_lmvm_recycle(true)?;
        } else {
            tao.set_recycle_history(true)?;
            assert!(tao.recycle_history()?);
            let refused = tao.set_lmvm_recycle(true).map_err(|e| e.code());
            assert_eq!(refused, Err(ErrorCode::ARG_WRONG));
        }
        assert_eq!(count(&mut tao)?, whole, "{kind:?}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_matrix_of_the_program_is_updated(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::new(petsc.world(), 6)?;
    let b = Matrix::lmvm(MatrixType::LMVM_BFGS, &x)?;
    let mut whole = |tao: &mut Tao| {
        x.set(0.1)?;
        Ok::<_, Error>(tao.solve(&mut x)?.iterations)
    };
    let mut usual = quasi_newton(petsc, TaoType::BQNLS, 100)?;
    usual.set_from_options()?;
    let usual = whole(&mut usual)?;
    let mut tao = quasi_newton(petsc, TaoType::BQNLS, 100)?;
    tao.set_lmvm_matrix(&b)?;
    assert_eq!(whole(&mut tao)?, usual);
    assert_eq!(tao.lmvm_matrix()?.as_ptr(), b.as_ptr());
    assert!(b.lmvm_counts()?.0 > 5);
    let refused = tao.set_lmvm_matrix(&b).map_err(|e| e.code());
    assert_eq!(refused, Err(ErrorCode::ORDER));

    let mut tao = quasi_newton(petsc, TaoType::BQNLS, 100)?;
    let n = x.local_len()?;
    let plain = Matrix::builder(petsc.world()).local_size(n, n).build()?;
    let lopsided = Matrix::lmvm(MatrixType::LMVM_BROYDEN, &x)?;
    for other in [&plain, &lopsided] {
        let refused = tao.set_lmvm_matrix(other).map_err(|e| e.code());
        assert_eq!(refused, Err(ErrorCode::ARG_WRONG));
    }
    let short = Vector::new(petsc.world(), 5)?;
    let small = Matrix::lmvm(MatrixType::LMVM_SR1, &short)?;
    tao.set_lmvm_matrix(&small)?;
    let refused = tao.solve(&mut x).map_err(|e| e.code());
    assert_eq!(refused.err(), Some(ErrorCode::ARG_SIZ));
    Ok(())
}

/// After as many differences along the axes as there are variables, the inverse is that of the Hessian.
#[petsc_test::test(ranks = [1, 2, 3])]
fn differences_along_the_axes_give_the_hessian(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::new(petsc.world(), 4)?;
    for kind in [MatrixType::LMVM_BFGS, MatrixType::LMVM_DFP, MatrixType::LMVM_SR1] {
        let mut b = Matrix::lmvm(kind, &x)?;
        b.set_lmvm_j0_scale(3.0)?;
        let mut g = x.duplicate()?;
        x.set_zero()?;
        bowl(&x, &mut g)?;
        b.lmvm_update(&x, &g)?;
        for i in 0..4 {
            x.set_value(i, 1.0, InsertMode::Insert)?;
            x.assemble()?;
            bowl(&x, &mut g)?;
            b.lmvm_update(&x, &g)?;
        }
        assert_eq!(b.lmvm_counts()?, (4, 0), "{kind:?}");
        // Newton's step leads from here to the minimum, which is i.
        let mut step = x.duplicate()?;
        b.lmvm_solve(&g, &mut step)?;
        let first = x.ownership_range()?.start;
        let end = x.array()?.to_vec();
        for (k, i) in (first..).take(end.len()).enumerate() {
            let found = end[k] - step.array()?[k];
            assert!((found - i as Real).abs() < 1e-10, "{kind:?}: {found} {i}");
        }
        b.lmvm_reset()?;
        b.lmvm_solve(&g, &mut step)?;
        step.scale(3.0)?;
        step.axpy(-1.0, &g)?;
        // Since 3.23 some types keep the diagonal that they learnt.
        assert!(cfg!(petsc_ge_3_23) || step.norm(Norm::Infinity)? < 1e-12, "{kind:?}");
        let mut j0 = Matrix::builder(petsc.world()).global_size(4, 4).build()?;
        for i in j0.ownership_range()? {
            j0.set_value(i, i, 2.5, InsertMode::Insert)?;
        }
        j0.assemble()?;
        b.set_lmvm_j0(&j0)?;
        g.set(2.5)?;
        b.lmvm_solve(&g, &mut step)?;
        step.shift(-1.0)?;
        assert!(step.norm(Norm::Infinity)? < 1e-12, "{kind:?}");
        // C forgets that it freed what it kept of differences.
        let resized = b.set_lmvm_history_size(2);
        let expected = cfg!(petsc_ge_3_23).then_some(ErrorCode::ORDER);
        assert_eq!(resized.err().map(|e| e.code()), expected);
        assert_error(
            b.set_lmvm_j0_scale(0.0),
            ErrorCode::ARG_OUTOFRANGE,
            "the scale must be positive",
        );
    }
    let refused = Matrix::lmvm(MatrixType::AIJ, &x).map(drop);
    assert_eq!(refused.map_err(|e| e.code()), Err(ErrorCode::ARG_WRONG));
    let mut long = Vector::new(petsc.world(), 9)?;
    let b = Matrix::lmvm(MatrixType::LMVM_BFGS, &x)?;
    let refused = b.lmvm_solve(&x, &mut long).map_err(|e| e.code());
    assert_eq!(refused, Err(ErrorCode::ARG_SIZ));
    let mut plain = Matrix::builder(petsc.world()).global_size(4, 4).build()?;
    assert_error(plain.lmvm_reset(), ErrorCode::ARG_WRONG, "is not a quasi-Newton matrix");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn newton_methods_precondition_by_a_quasi_newton_matrix(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = super::bowl_with_hessian(petsc, 6)?;
    tao.set_type(TaoType::BNTR)?;
    let options = petsc.options();
    options.scope(|options| {
        options.set("-tao_bnk_pc_type", "lmvm")?;
        tao.set_from_options()
    })?;
    let _ = tao.solve(&mut x)?;
    let pc = tao.ksp()?.expect("it has one").pc()?;
    assert!(pc.lmvm_matrix()?.type_name()?.expect("a type").starts_with("lmvm"));
    let other = Pc::new(petsc.world())?;
    assert_code(other.lmvm_matrix().map(drop), ErrorCode::ARG_WRONG);
    Ok(())
}
