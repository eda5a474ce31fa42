//! Closures: what they see, when they are freed, and what becomes of their failures.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use petsc_rs::ErrorCode;
use petsc_test::{assert_close, assert_code, assert_error};
use slepc_rs::eps::{ConvergedReason, ConvergenceTest};
use slepc_rs::prelude::*;

use crate::problems::{laplacian, laplacian_eigenvalue, r, solve_directly, solver};

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_monitor_sees_the_progress(petsc: &Petsc) -> Result<()> {
    let n = 60;
    let a = laplacian(petsc.world(), n)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 3)?;
    eps.set_which(EpsWhich::TargetMagnitude)?;
    eps.set_target(r(0.0))?;
    eps.st()?.set_type(StType::SINVERT)?;
    solve_directly(&mut *eps.st()?)?;
    let seen = Rc::new(RefCell::new(Vec::new()));
    let list = Rc::clone(&seen);
    eps.add_monitor(move |progress| {
        assert_error(progress.solver().eigenpairs(), ErrorCode::ARG_WRONGSTATE, "no solve since"); // the solve is not over
        let (values, estimates) = (progress.values()?, progress.error_estimates());
        assert_eq!(values.len(), estimates.len());
        // Values of the problem itself, not of its inverse.
        let first = values.first().ok_or("a value")?.re;
        list.borrow_mut().push((progress.iteration(), progress.converged(), first));
        Ok(())
    })?;
    let converged = eps.solve()?;
    let seen = seen.borrow();
    assert_eq!(seen.len(), converged.iterations);
    let (iteration, pairs, first) = *seen.last().ok_or("a call")?;
    assert_eq!((iteration, pairs), (converged.iterations, converged.pairs));
    assert_close!(first, laplacian_eigenvalue(n, 1), 1e-7);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn closures_are_freed_with_the_solver_or_when_replaced(petsc: &Petsc) -> Result<()> {
    let guard = Rc::new(());
    let a = laplacian(petsc.world(), 20)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    let hold = || Rc::clone(&guard);
    for _ in 0..2 {
        let g = hold();
        eps.set_stopping_test_function(move |test| {
            let _ = &g;
            test.default_test()
        })?;
        let g = hold();
        eps.set_convergence_test_function(move |_, value, residual| {
            let _ = &g;
            Ok(residual / value.norm())
        })?;
        let g = hold();
        eps.set_eigenvalue_comparison(move |a, b| {
            let _ = &g;
            Ok(b.re.total_cmp(&a.re))
        })?;
        let g = hold();
        eps.set_arbitrary_selection(move |value, _, _| {
            let _ = &g;
            Ok(value)
        })?;
    }
    assert_eq!(Rc::strong_count(&guard), 5);
    let g = hold();
    eps.add_monitor(move |_| {
        let _ = &g;
        Ok(())
    })?;
    assert_eq!(Rc::strong_count(&guard), 6);
    let _ = eps.solve()?;
    eps.cancel_monitors()?;
    assert_eq!(Rc::strong_count(&guard), 5);
    drop(eps);
    assert_eq!(Rc::strong_count(&guard), 1);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_stopping_test_of_the_program_ends_the_solve(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 100)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 10)?;
    eps.set_stopping_test_function(|test| {
        assert_eq!(test.wanted(), 10);
        assert!(test.iteration() <= test.max_iterations());
        if test.converged() >= 2 {
            return Ok(ConvergedReason::User);
        }
        test.default_test()
    })?;
    let converged = eps.solve()?;
    assert_eq!(converged.reason, ConvergedReason::User);
    assert!((2..10).contains(&converged.pairs), "{converged}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_convergence_test_of_the_program_is_called(petsc: &Petsc) -> Result<()> {
    let n = 100;
    let a = laplacian(petsc.world(), n)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 2)?;
    let calls = Rc::new(Cell::new(0));
    let count = Rc::clone(&calls);
    eps.set_convergence_test_function(move |_, value, residual| {
        count.set(count.get() + 1);
        assert!(value.re > 0.0 && value.re < 4.0 && value.im == 0.0);
        Ok(residual * 1e3)
    })?;
    let strict = eps.solve()?;
    assert!(calls.get() >= 2);
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(n, n), 1e-9);
    eps.set_convergence_test(ConvergenceTest::Absolute)?;
    let lax = eps.solve()?;
    assert!(lax.iterations <= strict.iterations);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_comparison_of_the_program_orders_the_values(petsc: &Petsc) -> Result<()> {
    let n = 40;
    let a = laplacian(petsc.world(), n)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 2)?;
    eps.set_which(EpsWhich::User)?;
    // Smallest first.
    eps.set_eigenvalue_comparison(|a, b| Ok(a.re.total_cmp(&b.re)))?;
    let _ = eps.solve()?;
    for (value, k) in eps.eigenvalues()?.iter().zip([1, 2]) {
        assert_close!(value.re, laplacian_eigenvalue(n, k), 1e-7);
    }
    Ok(())
}

/// Blocks `[k k/2; k/2 k]`, `k` from `blocks` down to 1: eigenvalues `k ± k/2`.
fn falling_blocks(comm: &Comm, blocks: Int) -> Result<Matrix> {
    let n = 2 * blocks;
    let mut a = Matrix::builder(comm).global_size(n, n).build()?;
    for i in a.ownership_range()? {
        let k = (blocks - i / 2) as f64;
        a.set_value(i, i, r(k), InsertMode::Insert)?;
        let j = if i % 2 == 0 { i + 1 } else { i - 1 };
        a.set_value(i, j, r(k / 2.0), InsertMode::Insert)?;
    }
    a.assemble()?;
    Ok(a)
}

/// Selects by the vector: eigenvectors of a block diagonal matrix live on one block. The third largest
/// eigenvalue is found, and only it.
#[petsc_test::test(ranks = [1, 2, 3])]
fn values_are_selected_by_their_vectors(petsc: &Petsc) -> Result<()> {
    let a = falling_blocks(petsc.world(), 40)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_which(EpsWhich::LargestMagnitude)?;
    eps.set_arbitrary_selection(|value, x, y| {
        assert!(y.is_none() && value.im == 0.0);
        let mut mine = 0.0;
        for (i, value) in x.ownership_range()?.zip(x.array()?.iter()) {
            if i / 2 == 2 {
                mine += value.modulus().powi(2);
            }
        }
        let weight = sum_over_ranks(x, mine)?;
        Ok(num_complex::Complex::new(weight, 0.0))
    })?;
    let _ = eps.solve()?;
    let values = eps.eigenvalues()?;
    assert_eq!(values.len(), 1, "{values:?}");
    assert_close!(values[0].re, 57.0, 1e-7);
    Ok(())
}

fn sum_over_ranks(x: &petsc_rs::VectorRef, mine: f64) -> Result<f64> {
    let one = Vector::with_local_len(&x.comm()?, 1);
    let mut one = one?;
    one.set(r(0.0))?;
    one.array_mut()?[0] = r(mine);
    Ok(one.sum()?.real())
}

fn failing(petsc: &Petsc, kind: &str, strike: fn() -> Result<()>) -> Result<()> {
    let n = 60;
    let a = laplacian(petsc.world(), n)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 3)?;
    match kind {
        "monitor" => eps.add_monitor(move |_| strike())?,
        "stopping" => eps.set_stopping_test_function(move |test| {
            strike()?;
            test.default_test()
        })?,
        "convergence" => eps.set_convergence_test_function(move |_, _, residual| {
            strike()?;
            Ok(residual)
        })?,
        "comparison" => {
            eps.set_which(EpsWhich::User)?;
            eps.set_eigenvalue_comparison(move |a, b| {
                strike()?;
                Ok(a.re.total_cmp(&b.re))
            })?;
        }
        "selection" => eps.set_arbitrary_selection(move |value, _, _| {
            strike()?;
            Ok(value)
        })?,
        _ => {
            let (rows, columns) = a.local_size()?;
            let shell =
                Matrix::shell(petsc.world(), rows, columns, move |_, _| strike()).build()?;
            eps.set_operators(&shell, None)?;
        }
    }
    let _ = eps.solve()?;
    Err("the closure was never called".into())
}

const KINDS: [&str; 6] = ["monitor", "stopping", "convergence", "comparison", "selection", "mult"];

#[petsc_test::test(ranks = [1, 2, 3])]
fn an_error_comes_out_of_the_solve(petsc: &Petsc) -> Result<()> {
    for kind in KINDS {
        let error = failing(petsc, kind, || Err("the dog ate it".into()));
        let error = error.err().ok_or("must fail")?;
        assert_eq!(error.call(), Some("EPSSolve"), "{kind}: {error:?}");
        assert!(format!("{error:?}").contains("the dog ate it"), "{kind}: {error:?}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_panic_comes_out_of_the_solve(petsc: &Petsc) -> Result<()> {
    for kind in KINDS {
        let run = || failing(petsc, kind, || panic!("the cat did it"));
        petsc_test::assert_panics(run, "the cat did it");
    }
    Ok(())
}

/// What a failed solve leaves behind does not come in the way of the next.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_solver_that_failed_solves_again(petsc: &Petsc) -> Result<()> {
    let n = 40;
    let inner = laplacian(petsc.world(), n)?;
    let (rows, columns) = inner.local_size()?;
    let fails = Rc::new(Cell::new(true));
    let fail = Rc::clone(&fails);
    let shell = Matrix::shell(petsc.world(), rows, columns, move |x, y| {
        if fail.get() {
            return Err("not now".into());
        }
        inner.mult(x, y)
    })
    .build()?;
    let mut eps = solver(petsc.world(), &shell, None, EpsProblemType::Hermitian, 1)?;
    for _ in 0..2 {
        assert_code(eps.solve(), ErrorCode::USER);
    }
    fails.set(false);
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(n, n), 1e-7);
    Ok(())
}

/// On one rank only: the job ends, with the text.
#[petsc_test::test(ranks = [3], expect = "the rank lost its way")]
fn a_monitor_that_fails_on_one_rank_ends_the_job(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 60)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 3)?;
    let here = petsc.world().rank() == 1;
    eps.add_monitor(move |_| {
        if here {
            return Err("the rank lost its way".into());
        }
        Ok(())
    })?;
    eps.solve().map(drop)
}

#[petsc_test::test(ranks = [3], expect = "the product panics")]
fn a_product_that_panics_on_one_rank_ends_the_job(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 60)?;
    let here = petsc.world().rank() == 2;
    let (rows, columns) = a.local_size()?;
    let shell = Matrix::shell(petsc.world(), rows, columns, move |x, y| {
        assert!(!here, "the product panics");
        a.mult(x, y)
    })
    .build()?;
    let mut eps = solver(petsc.world(), &shell, None, EpsProblemType::Hermitian, 3)?;
    eps.solve().map(drop)
}
