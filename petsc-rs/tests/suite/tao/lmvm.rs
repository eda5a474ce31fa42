//! What quasi-Newton methods learn, and keep.

use petsc_rs::prelude::*;
use petsc_rs::tao::{ConvergedReason, Tolerances};
use petsc_rs::{ErrorCode, Tao, TaoType};

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

/// An optimiser of the bowl that stops after some iterations.
fn quasi_newton(petsc: &Petsc, kind: TaoType<'_>, iterations: usize) -> Result<Tao> {
    let mut tao = Tao::new(petsc.world())?;
    tao.set_type(kind)?;
    tao.set_objective_and_gradient(|_, x, g| bowl(x, g))?;
    tao.set_tolerances(Tolerances {
        max_iterations: iterations.into(),
        ..Default::default()
    })?;
    Ok(tao)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn pieces_that_recycle_add_up_to_the_whole(petsc: &Petsc) -> Result<()> {
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
