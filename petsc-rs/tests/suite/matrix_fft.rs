//! Transforms by FFTW against the sums they stand for.

use std::f64::consts::TAU;

use petsc_rs::matrix::FftMatrix;
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, VectorRef};
use petsc_test::assert_close;

/// Shapes of even and odd lengths, of fewer rows than ranks, and, but on more than one rank, of one dimension.
fn shapes(comm: &Comm) -> Vec<Vec<usize>> {
    let mut shapes = vec![vec![6, 5], vec![2, 4], vec![4, 3, 6], vec![2, 1, 7]];
    if comm.size() == 1 {
        shapes.extend([vec![9], vec![5, 1], vec![1, 2, 7]]);
    }
    if Scalar::IS_COMPLEX || !cfg!(petsc_int = "i64") {
        shapes.push(vec![2, 3, 2, 5]);
    }
    shapes
}

fn value(index: usize) -> f64 {
    ((index * 7919 + 13) % 1009) as f64 / 1009.0 - 0.5
}

fn digits(mut index: usize, shape: &[usize]) -> Vec<usize> {
    let mut digits = vec![0; shape.len()];
    for (digit, n) in digits.iter_mut().zip(shape).rev() {
        *digit = index % n;
        index /= n;
    }
    digits
}

/// Real and imaginary part of a coefficient.
fn direct(shape: &[usize], k: &[usize]) -> [f64; 2] {
    let total: usize = shape.iter().product();
    (0..total).fold([0.0; 2], |sum, j| {
        let j_digits = digits(j, shape);
        let turns = j_digits.iter().zip(k).zip(shape);
        let turns: f64 = turns.map(|((j, k), n)| (j * k % n) as f64 / *n as f64).sum();
        let angle = -TAU * turns.fract();
        [sum[0] + value(j) * angle.cos(), sum[1] + value(j) * angle.sin()]
    })
}

/// Whether PETSc transforms here: with real scalars on one rank only.
fn has_fftw(comm: &Comm) -> bool {
    cfg!(petsc_have_fftw) && (Scalar::IS_COMPLEX || comm.size() == 1)
}

/// Puts the array into the input, which with real scalars is longer.
fn fill(fft: &mut FftMatrix) -> Result<()> {
    let total: usize = fft.shape().iter().product();
    let first = usize::try_from(fft.input().ownership_range()?.start)?;
    let mut input = fft.input_mut().array_mut()?;
    for (i, entry) in input.iter_mut().take(total).enumerate() {
        *entry = Scalar::from_real(value(first + i));
    }
    Ok(())
}

/// The coefficients that this rank has, with the numbers of the place of each.
fn coefficients(fft: &FftMatrix) -> Result<Vec<(Vec<usize>, [f64; 2])>> {
    let mut shape = fft.shape().to_vec();
    let spectrum = fft.spectrum();
    let mut start = usize::try_from(spectrum.ownership_range()?.start)?;
    let values = spectrum.array()?;
    let pairs: Vec<[f64; 2]> = if Scalar::IS_COMPLEX {
        values.iter().map(|v| [v.real(), v.imaginary()]).collect()
    } else {
        if let Some(last) = shape.last_mut() {
            *last = *last / 2 + 1;
        }
        start /= 2;
        let pairs = values.chunks_exact(2);
        pairs.map(|p| [p[0].real(), p[1].real()]).collect()
    };
    let total: usize = shape.iter().product();
    let pairs = pairs.into_iter().enumerate().take(total);
    Ok(pairs.map(|(i, pair)| (digits(start + i, &shape), pair)).collect())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn fftw_sums_and_comes_back(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    if !cfg!(petsc_have_fftw) {
        let error = Matrix::fft(comm, &[4, 4]).expect_err("a refusal");
        assert_eq!(error.code(), ErrorCode::SUP);
        assert!(error.message().contains("without FFTW"), "{error}");
        return Ok(());
    }
    if !has_fftw(comm) {
        let error = Matrix::fft(comm, &[4, 4]).expect_err("a refusal");
        assert_eq!(error.code(), ErrorCode::SUP);
        assert!(error.message().contains("real transforms need one rank"), "{error}");
        return Ok(());
    }
    for shape in shapes(comm) {
        let total: usize = shape.iter().product();
        let mut fft = Matrix::fft(comm, &shape)?;
        assert_eq!(fft.shape(), shape);
        fill(&mut fft)?;
        fft.forward()?;
        for (k, found) in coefficients(&fft)? {
            let expected = direct(&shape, &k);
            let far = (found[0] - expected[0]).hypot(found[1] - expected[1]);
            assert!(far < 1e-12 * total as f64, "{shape:?} {k:?}: {far:e}");
        }
        fft.backward()?;
        let (input, back) = (fft.input().array()?, fft.result().array()?);
        for (x, y) in input.iter().zip(back.iter()).take(total) {
            assert_close!(y.real(), x.real() * total as f64, 1e-12, 1e-12);
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn vectors_of_any_layout_are_scattered(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    if !has_fftw(comm) {
        return Ok(());
    }
    let mut fft = Matrix::fft(comm, &[5, 3])?;
    let mut x = Vector::new(comm, 15)?;
    let of_index = |x: &mut VectorRef| -> Result<()> {
        let first = usize::try_from(x.ownership_range()?.start)?;
        for (i, entry) in x.array_mut()?.iter_mut().enumerate() {
            *entry = Scalar::from_real(value(first + i));
        }
        Ok(())
    };
    of_index(&mut x)?;
    fft.scatter_from(&x)?;
    fft.forward()?;
    for (k, found) in coefficients(&fft)? {
        let expected = direct(&[5, 3], &k);
        assert!((found[0] - expected[0]).hypot(found[1] - expected[1]) < 1e-12);
    }
    fft.backward()?;
    let mut back = x.duplicate()?;
    fft.scatter_to(&mut back)?;
    back.axpy(Scalar::from_real(-15.0), &x)?;
    assert!(back.norm(Norm::Infinity)? < 1e-13);
    let short = Vector::new(comm, 14)?;
    assert_eq!(fft.scatter_from(&short).expect_err("a refusal").code(), ErrorCode::ARG_SIZ);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn shapes_that_fftw_has_not_are_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    if !has_fftw(comm) {
        return Ok(());
    }
    let code = |shape: &[usize]| Matrix::fft(comm, shape).map(drop).expect_err("a refusal").code();
    assert_eq!(code(&[]), ErrorCode::ARG_OUTOFRANGE);
    assert_eq!(code(&[3, 0]), ErrorCode::ARG_OUTOFRANGE);
    assert_eq!(code(&[usize::MAX, 2]), ErrorCode::ARG_OUTOFRANGE);
    if comm.size() > 1 {
        for shape in [&[8][..], &[1, 5], &[5, 1], &[1, 2, 7]] {
            assert_eq!(code(shape), ErrorCode::SUP, "{shape:?}");
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn plans_by_measuring_give_the_same(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    if !has_fftw(comm) {
        return Ok(());
    }
    let options = petsc.options();
    options.set("-mat_fftw_plannerflags", "FFTW_MEASURE")?;
    let made = Matrix::fft(comm, &[6, 4]);
    options.clear("-mat_fftw_plannerflags")?;
    if cfg!(petsc_ge_3_22) && comm.size() > 1 {
        assert_eq!(made.expect_err("a refusal").code(), ErrorCode::SUP);
        return Ok(());
    }
    let mut fft = made?;
    fill(&mut fft)?;
    fft.forward()?;
    for (k, found) in coefficients(&fft)? {
        let expected = direct(&[6, 4], &k);
        assert!((found[0] - expected[0]).hypot(found[1] - expected[1]) < 1e-12);
    }
    Ok(())
}
