//! PETSc's FFTW against the transforms of this crate.

use petsc_fft::{Complex64, Fft, Kernel, Output, PencilFft, Scaling};
use petsc_rs::ErrorCode;
use petsc_rs::prelude::*;

use crate::{SHAPES, error, fill, fill_block, value};

/// Whether PETSc has FFTW for these numbers.
fn has_fftw(complex: bool) -> bool {
    cfg!(petsc_have_fftw) && Scalar::IS_COMPLEX == complex
}

fn assert_unsupported<T>(result: Result<T>, word: &str) {
    let error = result.map(drop).expect_err("a refusal");
    assert_eq!(error.code(), ErrorCode::SUP);
    assert!(error.message().contains(word), "{error}");
}

/// Shapes for which FFTW has plans on so many ranks.
fn shapes(comm: &Comm) -> impl Iterator<Item = &'static [usize]> {
    let alone = comm.size() == 1;
    let thin = |shape: &[usize]| shape[0] == 1 || shape[1..].iter().all(|&n| n == 1);
    SHAPES.iter().copied().filter(move |shape| alone || !thin(shape))
}

/// The word by which the refusal can be told.
fn why_not() -> &'static str {
    if cfg!(petsc_have_fftw) { "scalars" } else { "FFTW" }
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn fftw_agrees_on_complex_arrays(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let kernel = Kernel::Fftw;
    if !has_fftw(true) {
        assert_unsupported(Fft::builder(comm, &[4, 3]).kernel(kernel).build(), why_not());
        return Ok(());
    }
    for shape in shapes(comm) {
        for output in [Output::SecondAxis, Output::FirstAxis] {
            let builder = || Fft::builder(comm, shape).output(output).scaling(Scaling::Orthonormal);
            let (mut fft, mut fftw) = (builder().build()?, builder().kernel(kernel).build()?);
            assert_eq!(fft.output(), fftw.output());
            let data = fill(fft.input());
            let mut expected = vec![Complex64::default(); fft.output().len()];
            let mut found = expected.clone();
            fft.forward(&data, &mut expected)?;
            fftw.forward(&data, &mut found)?;
            let there = error(comm, found.iter().copied().zip(expected));
            let mut back = vec![Complex64::default(); data.len()];
            fftw.backward(&found, &mut back)?;
            let trip = error(comm, back.into_iter().zip(data));
            assert!(there < 1e-12 && trip < 1e-12, "{shape:?} {output:?}: {there:e} {trip:e}");
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn fftw_agrees_on_slabs_of_the_grid(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let ranks = usize::try_from(comm.size())?;
    if !has_fftw(true) {
        return Ok(());
    }
    for shape in shapes(comm) {
        let builder = || PencilFft::builder(comm, shape).in_order(true);
        let mut fft = builder().grid(&[ranks]).build()?;
        let mut fftw = builder().kernel(Kernel::Fftw).build()?;
        assert_eq!(fft.output(), fftw.output());
        let data = fill_block(fft.input());
        let mut expected = vec![Complex64::default(); fft.output().len()];
        let mut found = expected.clone();
        fft.forward(&data, &mut expected)?;
        fftw.forward(&data, &mut found)?;
        let there = error(comm, found.into_iter().zip(expected));
        assert!(there < 1e-12, "{shape:?}: {there:e}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn fftw_agrees_on_real_arrays(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let ranks = usize::try_from(comm.size())?;
    let kernel = Kernel::Fftw;
    let builder = |shape| PencilFft::builder(comm, shape).scaling(Scaling::Orthonormal);
    if !has_fftw(false) {
        assert_unsupported(builder(&[4, 3]).kernel(kernel).build_real(), why_not());
        return Ok(());
    }
    if ranks > 1 {
        // PETSc's are not safe there.
        assert_unsupported(
            builder(&[4, 3]).kernel(kernel).build_real(),
            "real transforms need one rank",
        );
        return Ok(());
    }
    for shape in shapes(comm) {
        if shape.len() > 3 && cfg!(petsc_int = "i64") {
            // PETSc hands FFTW the sizes as numbers of another width.
            assert_unsupported(builder(shape).kernel(kernel).build_real(), "64-bit");
            continue;
        }
        let mut fft = builder(shape).grid(&[ranks]).in_order(true).build_real()?;
        let mut fftw = builder(shape).kernel(kernel).build_real()?;
        assert_eq!(fft.output(), fftw.output());
        let data: Vec<f64> =
            (0..fft.input().len()).map(|i| value(fft.input().global_index(i)).re).collect();
        let mut expected = vec![Complex64::default(); fft.output().len()];
        let mut found = expected.clone();
        fft.forward(&data, &mut expected)?;
        fftw.forward(&data, &mut found)?;
        let there = error(comm, found.iter().copied().zip(expected));
        let mut back = vec![0.0; data.len()];
        fftw.backward(&found, &mut back)?;
        let complex = |values: Vec<f64>| values.into_iter().map(Complex64::from);
        let trip = error(comm, complex(back).zip(complex(data)));
        assert!(there < 1e-12 && trip < 1e-12, "{shape:?}: {there:e} {trip:e}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [2, 4])]
fn fftw_has_slabs_only(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let ranks = usize::try_from(comm.size())?;
    let builder = PencilFft::builder(comm, &[4, 4, 4]).kernel(Kernel::Fftw);
    assert_unsupported(builder.grid(&[1, ranks]).build(), "only the first axis");
    Ok(())
}

/// The plans refuse these before FFTW sees them.
#[petsc_test::test(ranks = [1, 2])]
fn fftw_needs_two_axes_and_entries(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for shape in [&[][..], &[6], &[0, 3]] {
        let builder = || PencilFft::builder(comm, shape).kernel(Kernel::Fftw);
        let slabs = Fft::builder(comm, shape).kernel(Kernel::Fftw).build();
        for refused in
            [slabs.map(drop), builder().build().map(drop), builder().build_real().map(drop)]
        {
            let error = refused.expect_err("a refusal");
            assert_eq!(error.code(), ErrorCode::ARG_OUTOFRANGE, "{shape:?}: {error}");
        }
    }
    Ok(())
}
