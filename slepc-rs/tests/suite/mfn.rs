//! Functions, and functions of matrices, against closed forms.

use std::cell::Cell;
use std::f64::consts::PI;
use std::rc::Rc;

use petsc_rs::ErrorCode;
use petsc_test::{assert_close, assert_code};
use slepc_rs::function::Combination;
use slepc_rs::mfn::{Setting, Tolerances};
use slepc_rs::prelude::*;

use crate::problems::{code, laplacian, laplacian_eigenvalue, r};

const TIGHT: Tolerances =
    Tolerances { tolerance: Setting::Value(1e-12), max_iterations: Setting::Keep };

/// Entry `i` of `f(L)·e₀`, by the sines that are the eigenvectors of the Laplacian.
fn expansion(n: Int, i: Int, f: impl Fn(f64) -> f64) -> f64 {
    let angle = |k: Int, j: Int| (k as f64 * (j + 1) as f64 * PI / (n + 1) as f64).sin();
    (1..=n)
        .map(|k| f(laplacian_eigenvalue(n, k)) * angle(k, 0) * angle(k, i) * 2.0 / (n + 1) as f64)
        .sum()
}

fn first_unit(comm: &Comm, n: Int) -> Result<Vector> {
    Vector::from_fn(comm, usize::try_from(n)?, |i| Ok(r(f64::from(i == 0))))
}

fn compare(x: &Vector, n: Int, f: impl Fn(f64) -> f64) -> Result<()> {
    for (i, value) in x.ownership_range()?.zip(x.array()?.iter()) {
        let expected = expansion(n, i, &f);
        assert!((value.real() - expected).abs() < 1e-9, "{value} instead of {expected}");
        assert!(value.imaginary().abs() < 1e-9);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_exponential_agrees_with_its_eigenvector_expansion(petsc: &Petsc) -> Result<()> {
    let n = 50;
    let a = laplacian(petsc.world(), n)?;
    let b = first_unit(petsc.world(), n)?;
    let mut x = b.duplicate()?;
    for kind in [MfnType::KRYLOV, MfnType::EXPOKIT] {
        let mut mfn = Mfn::new(petsc.world())?;
        mfn.set_operator(&a)?;
        mfn.set_type(kind)?;
        mfn.set_tolerances(TIGHT)?;
        let mut f = mfn.function()?;
        f.set_type(FnType::EXP)?;
        f.set_scale(r(-0.7), r(2.0))?;
        let last = Rc::new(Cell::new((0, Real::INFINITY)));
        let seen = Rc::clone(&last);
        mfn.add_monitor(move |_, iteration, estimate| {
            seen.set((iteration, estimate));
            Ok(())
        })?;
        let converged = mfn.solve(&b, &mut x)?;
        let (iteration, estimate) = last.get();
        assert_eq!(iteration, converged.iterations, "{converged}");
        assert!(iteration > 0 && (0.0..1e-8).contains(&estimate), "{estimate}");
        compare(&x, n, |lambda| 2.0 * (-0.7 * lambda).exp())?;
        // A symmetric matrix.
        let _ = mfn.solve_transpose(&b, &mut x)?;
        compare(&x, n, |lambda| 2.0 * (-0.7 * lambda).exp())?;
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_square_root_applied_twice_is_the_matrix(petsc: &Petsc) -> Result<()> {
    let n = 30;
    let mut a = laplacian(petsc.world(), n)?;
    a.shift(r(1.0))?;
    let b = first_unit(petsc.world(), n)?;
    let (mut half, mut whole) = (b.duplicate()?, b.duplicate()?);
    let mut mfn = Mfn::new(petsc.world())?;
    mfn.set_operator(&a)?;
    mfn.set_dimension(30)?;
    mfn.set_tolerances(TIGHT)?;
    mfn.set_function(&*MathFunction::of_type(petsc.world(), FnType::SQRT)?)?;
    let _ = mfn.solve(&b, &mut half)?;
    compare(&half, n, |lambda| (lambda + 1.0).sqrt())?;
    let _ = mfn.solve(&half, &mut whole)?;
    let mut product = b.duplicate()?;
    a.mult(&b, &mut product)?;
    whole.axpy(r(-1.0), &product)?;
    assert!(whole.norm(Norm::Two)? < 1e-8);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn functions_and_their_derivatives_have_known_values(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let exp = MathFunction::of_type(comm, FnType::EXP)?;
    let x = 0.3_f64;
    assert_close!(exp.evaluate(r(x))?.real(), x.exp(), 1e-14);
    // (x² + 1)/(x - 2)
    let rational = MathFunction::rational(comm, &[r(1.0), r(0.0), r(1.0)], &[r(1.0), r(-2.0)])?;
    let (p, q) = (x * x + 1.0, x - 2.0);
    assert_close!(rational.evaluate(r(x))?.real(), p / q, 1e-14);
    let slope = (2.0 * x * q - p) / (q * q);
    assert_close!(rational.derivative(r(x))?.real(), slope, 1e-14);
    let product = MathFunction::combined(comm, Combination::Multiply, &exp, &rational)?;
    assert_close!(product.evaluate(r(x))?.real(), x.exp() * p / q, 1e-14);
    let inside = MathFunction::combined(comm, Combination::Compose, &rational, &exp)?;
    assert_close!(inside.evaluate(r(x))?.real(), (p / q).exp(), 1e-14);
    assert_close!(inside.derivative(r(x))?.real(), (p / q).exp() * slope, 1e-13);
    let phi = MathFunction::phi(comm, 1)?;
    assert_close!(phi.evaluate(r(x))?.real(), (x.exp() - 1.0) / x, 1e-13);
    assert_code(rational.evaluate(r(2.0)), ErrorCode::ARG_OUTOFRANGE);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn the_exponential_of_a_dense_matrix_has_its_expansion(petsc: &Petsc) -> Result<()> {
    let n = 6;
    let a = laplacian(petsc.world(), n)?;
    let dense = a.convert(MatrixType::DENSE)?;
    let exp = MathFunction::of_type(petsc.world(), FnType::EXP)?;
    let e = exp.evaluate_matrix(&dense)?;
    for i in 0..n {
        assert_close!(e.value(i, 0)?.real(), expansion(n, i, f64::exp), 1e-10);
    }
    assert_eq!(code(exp.evaluate_matrix(&a)), Some(ErrorCode::ARG_WRONG));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn wrong_use_is_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = laplacian(comm, 8)?;
    let mut b = first_unit(comm, 8)?;
    let mut x = b.duplicate()?;
    let mut mfn = Mfn::new(comm)?;
    assert_eq!(code(mfn.solve(&b, &mut x)), Some(ErrorCode::ARG_WRONGSTATE));
    mfn.set_operator(&a)?;
    let mut long = Vector::new(comm, 9)?;
    assert_eq!(code(mfn.solve(&b, &mut long)), Some(ErrorCode::ARG_SIZ));
    let mut f = mfn.function()?;
    assert_eq!(code(f.set_scale(r(0.0), r(1.0))), Some(ErrorCode::ARG_OUTOFRANGE));
    // A combination without parts: C would call through NULL.
    f.set_type(FnType::COMBINE)?;
    assert_eq!(code(f.evaluate(r(1.0))), Some(ErrorCode::ARG_WRONGSTATE));
    assert_eq!(code(mfn.solve(&b, &mut x)), Some(ErrorCode::ARG_WRONGSTATE));
    mfn.function()?.set_type(FnType::EXP)?;
    b.set(r(0.0))?;
    assert_eq!(code(mfn.solve(&b, &mut x)), Some(ErrorCode::ARG_WRONG));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn an_error_of_a_product_comes_out_and_a_second_solve_works(petsc: &Petsc) -> Result<()> {
    let inner = laplacian(petsc.world(), 30)?;
    let (rows, columns) = inner.local_size()?;
    let fails = Rc::new(Cell::new(true));
    let fail = Rc::clone(&fails);
    let shell = Matrix::shell(petsc.world(), rows, columns, move |x, y| {
        if fail.get() {
            return Err(Error::user("on purpose"));
        }
        inner.mult(x, y)
    })
    .build()?;
    let b = first_unit(petsc.world(), 30)?;
    let mut x = b.duplicate()?;
    let mut mfn = Mfn::new(petsc.world())?;
    mfn.set_operator(&shell)?;
    mfn.function()?.set_type(FnType::EXP)?;
    mfn.set_tolerances(TIGHT)?;
    let error = mfn.solve(&b, &mut x).err().ok_or("must fail")?;
    assert!(format!("{error:?}").contains("on purpose"), "{error:?}");
    fails.set(false);
    let _ = mfn.solve(&b, &mut x)?;
    compare(&x, 30, f64::exp)?;
    Ok(())
}
