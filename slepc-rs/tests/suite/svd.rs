//! Singular values against closed forms.

use std::cell::Cell;
use std::f64::consts::PI;
use std::rc::Rc;

use petsc_rs::ErrorCode;
use petsc_test::{assert_close, assert_error};
use slepc_rs::prelude::*;
use slepc_rs::svd::{ConvergedReason, Dimensions, ErrorType, ProblemType, Setting, Tolerances};

use crate::problems::{code, r};

const TIGHT: Tolerances =
    Tolerances { tolerance: Setting::Value(1e-12), max_iterations: Setting::Keep };

/// Differences of neighbors, `n + 1` rows: `Dᵀ·D` is the Laplacian.
fn differences(comm: &Comm, n: Int) -> Result<Matrix> {
    let mut d = Matrix::builder(comm).global_size(n + 1, n).build()?;
    for i in d.ownership_range()? {
        for (j, x) in [(i - 1, -1.0), (i, 1.0)] {
            if (0..n).contains(&j) {
                d.set_value(i, j, r(x), InsertMode::Insert)?;
            }
        }
    }
    d.assemble()?;
    Ok(d)
}

/// `2·sin(k·π/2(n+1))`, `k` from 1.
fn singular_value(n: Int, k: Int) -> f64 {
    2.0 * (k as f64 * PI / (2 * (n + 1)) as f64).sin()
}

fn solver(a: &Matrix, kind: SvdType<'_>, nsv: usize) -> Result<Svd> {
    let mut svd = Svd::new(&a.comm()?)?;
    svd.set_operators(a, None)?;
    svd.set_type(kind)?;
    svd.set_dimensions(Dimensions::nev(nsv))?;
    svd.set_tolerances(TIGHT)?;
    Ok(svd)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn differences_have_their_closed_form_by_every_method(petsc: &Petsc) -> Result<()> {
    let n = 40;
    let d = differences(petsc.world(), n)?;
    for kind in [SvdType::CROSS, SvdType::CYCLIC, SvdType::LANCZOS, SvdType::TRLANCZOS] {
        let mut svd = solver(&d, kind, 3)?;
        let converged = svd.solve()?;
        assert_eq!(converged.reason, ConvergedReason::Tolerance);
        assert_eq!(svd.singular_values()?.len(), converged.pairs);
        assert!(converged.pairs >= 3 && converged.iterations > 0, "{converged}");
        for (k, triplet) in (0..3).zip(svd.singular_triplets()?) {
            let triplet = triplet?;
            assert_close!(triplet.value(), singular_value(n, n - k), 1e-10);
            let (u, v) = triplet.vectors()?;
            assert_eq!((u.len()?, v.len()?), (41, 40));
            assert_close!(u.norm(Norm::Two)?, 1.0, 1e-10);
            // By hand: A·v = σ·u.
            let mut av = u.duplicate()?;
            d.mult(&v, &mut av)?;
            av.axpy(r(-triplet.value()), &u)?;
            assert!(av.norm(Norm::Two)? < 1e-8);
            assert!(triplet.error(ErrorType::Relative)? < 1e-8);
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_smallest_values_of_a_wide_matrix_are_found(petsc: &Petsc) -> Result<()> {
    let n = 20;
    let wide = differences(petsc.world(), n)?.transpose()?;
    let mut svd = solver(&wide, SvdType::TRLANCZOS, 2)?;
    svd.set_which(SvdWhich::Smallest)?;
    let _ = svd.solve()?;
    for (k, triplet) in (1..3).zip(svd.singular_triplets()?) {
        let triplet = triplet?;
        assert_close!(triplet.value(), singular_value(n, k), 1e-9);
        let (u, v) = triplet.vectors()?;
        assert_eq!((u.len()?, v.len()?), (20, 21));
        let mut av = u.duplicate()?;
        wide.mult(&v, &mut av)?;
        av.axpy(r(-triplet.value()), &u)?;
        assert!(av.norm(Norm::Two)? < 1e-7);
    }
    Ok(())
}

/// Quotients of the entries of two diagonal matrices.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_generalized_problem_has_the_ratios_of_diagonals(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let diagonal = |f: fn(f64) -> f64| -> Result<Matrix> {
        let d = Vector::from_fn(comm, 12, |i| Ok(r(f(i as f64))))?;
        let mut a = Matrix::builder(comm).global_size(12, 12).build()?;
        for (i, x) in a.ownership_range()?.zip(d.array()?.iter()) {
            a.set_value(i, i, *x, InsertMode::Insert)?;
        }
        a.assemble()?;
        Ok(a)
    };
    let (a, b) = (diagonal(|i| i + 1.0)?, diagonal(|i| 15.0 - i)?);
    // One of type `diagonal` is taken beside one of type AIJ.
    let (mut svd, ones) = (Svd::new(comm)?, Vector::from_fn(comm, 12, |_| Ok(r(1.0)))?);
    let identity = Matrix::diagonal_of(comm, &ones)?;
    svd.set_operators(&a, Some(&identity))?;
    assert_eq!(svd.operators()?.1.map(|b| b.size()).transpose()?, Some((12, 12)));
    let mut svd = Svd::new(comm)?;
    svd.set_operators(&a, Some(&b))?;
    svd.set_type(SvdType::TRLANCZOS)?;
    svd.set_tolerances(TIGHT)?;
    svd.set_dimensions(Dimensions::nev(2))?;
    let _ = svd.solve()?;
    assert_eq!(svd.problem_type()?, Some(ProblemType::Generalized));
    for (i, triplet) in [11.0, 10.0].into_iter().zip(svd.singular_triplets()?) {
        let triplet = triplet?;
        assert_close!(triplet.value(), (i + 1.0) / (15.0 - i), 1e-8);
        let (u, v) = triplet.vectors()?;
        assert_eq!((u.len()?, v.len()?), (24, 12));
        assert!(triplet.error(ErrorType::Norm)? < 1e-8);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_solver_takes_changed_values_and_another_size(petsc: &Petsc) -> Result<()> {
    let mut d = differences(petsc.world(), 30)?;
    let mut svd = solver(&d, SvdType::CROSS, 1)?;
    let _ = svd.solve()?;
    assert_close!(svd.singular_values()?[0], singular_value(30, 30), 1e-9);
    d.scale(r(3.0))?;
    let _ = svd.solve()?;
    assert_close!(svd.singular_values()?[0], 3.0 * singular_value(30, 30), 1e-9);
    let small = differences(petsc.world(), 9)?;
    svd.set_operators(&small, None)?;
    assert_eq!(code(svd.singular_values()), Some(ErrorCode::ARG_WRONGSTATE));
    let _ = svd.solve()?;
    assert_close!(svd.singular_values()?[0], singular_value(9, 9), 1e-9);
    assert!(svd.eps()?.type_name()?.is_some());
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn monitors_and_tests_are_called(petsc: &Petsc) -> Result<()> {
    let d = differences(petsc.world(), 50)?;
    let mut svd = solver(&d, SvdType::TRLANCZOS, 2)?;
    let calls = Rc::new(Cell::new((0, 0.0)));
    let seen = Rc::clone(&calls);
    svd.add_monitor(move |progress| {
        assert_eq!(progress.values().len(), progress.error_estimates().len());
        assert_error(
            progress.solver().singular_values(),
            ErrorCode::ARG_WRONGSTATE,
            "no solve since",
        );
        seen.set((progress.iteration(), progress.values()[0]));
        Ok(())
    })?;
    svd.set_convergence_test_function(|_, value, residual| Ok(residual / (1e-3 * value)))?;
    let converged = svd.solve()?;
    assert_eq!(calls.get().0, converged.iterations);
    assert_close!(calls.get().1, singular_value(50, 50), 1e-6);
    svd.cancel_monitors()?;
    assert_eq!(Rc::strong_count(&calls), 1);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn wrong_use_is_refused(petsc: &Petsc) -> Result<()> {
    let mut svd = Svd::new(petsc.world())?;
    assert_eq!(code(svd.solve()), Some(ErrorCode::ARG_WRONGSTATE));
    let d = differences(petsc.world(), 6)?;
    svd.set_operators(&d, None)?;
    svd.set_dimensions(Dimensions::nev(7))?;
    assert_eq!(code(svd.solve()), Some(ErrorCode::ARG_OUTOFRANGE));
    let long = Vector::new(petsc.world(), 9)?;
    assert_eq!(code(svd.set_initial_spaces(&[&long], &[])), Some(ErrorCode::ARG_SIZ));
    assert_eq!(code(svd.set_signature(Some(&long))), Some(ErrorCode::ARG_SIZ));
    svd.set_type(SvdType::LAPACK)?;
    assert_eq!(code(svd.eps()), Some(ErrorCode::SUP));
    Ok(())
}

/// A product that fails in the middle leaves a solver that can be used again, and destroyed.
#[petsc_test::test(ranks = [1, 2])]
fn an_error_of_a_product_comes_out_and_a_second_solve_works(petsc: &Petsc) -> Result<()> {
    for kind in [SvdType::CROSS, SvdType::CYCLIC, SvdType::TRLANCZOS] {
        let inner = differences(petsc.world(), 30)?;
        let back = differences(petsc.world(), 30)?;
        let (rows, columns) = inner.local_size()?;
        let left = Rc::new(Cell::new(25));
        let count = Rc::clone(&left);
        let shell = Matrix::shell(petsc.world(), rows, columns, move |x, y| {
            count.set(count.get() - 1);
            if count.get() == 0 {
                return Err(Error::user("on purpose"));
            }
            inner.mult(x, y)
        })
        .mult_transpose(move |x, y| back.mult_transpose(x, y))
        .build()?;
        let mut svd = solver(&shell, kind, 2)?;
        let error = svd.solve().err().ok_or("must fail")?;
        assert!(format!("{error:?}").contains("on purpose"), "{error:?}");
        let _ = svd.solve()?;
        assert_close!(svd.singular_values()?[0], singular_value(30, 30), 1e-8);
    }
    Ok(())
}
