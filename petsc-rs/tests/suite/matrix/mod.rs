//! Creation, entries and reading of matrices. The numbers of the common example come from NumPy.

mod assembly;
mod create;
mod entries;

use petsc_rs::VectorRef;
use petsc_rs::matrix::Builder;
use petsc_rs::prelude::*;
use petsc_test::assert_close;

pub(crate) fn r(value: f64) -> Scalar {
    Scalar::from_real(value)
}

/// The entries of row `i` of the 7 by 7 example, three places that never meet on one row.
pub(crate) fn example_row(i: Int) -> ([Int; 3], [Scalar; 3]) {
    let x = i as f64;
    ([i, (2 * i + 1) % 7, (i + 3) % 7], [r(x + 2.0), r(0.5 * x - 1.0), r(1.0 / (x + 1.0))])
}

/// The example, assembled on `comm` by `settings`. Places that meet are added.
pub(crate) fn example_with<'a>(
    comm: &'a Comm,
    settings: impl FnOnce(Builder<'a>) -> Builder<'a>,
) -> Result<Matrix> {
    let mut a = settings(Matrix::builder(comm).global_size(7, 7)).build()?;
    for i in a.ownership_range()? {
        let (columns, values) = example_row(i);
        a.set_values(&[i], &columns, &values, InsertMode::Add)?;
    }
    a.assemble()?;
    Ok(a)
}

pub(crate) fn example(comm: &Comm) -> Result<Matrix> {
    example_with(comm, |b| b)
}

/// `x[i] = 1 / (i + 1)`, distributed like the columns of `a`.
pub(crate) fn harmonic(a: &Matrix) -> Result<Vector> {
    let (mut x, _) = a.vectors()?;
    let start = x.ownership_range()?.start;
    for (i, value) in (start..).zip(x.array_mut()?.iter_mut()) {
        *value = r(1.0 / (i + 1) as f64);
    }
    Ok(x)
}

/// Compares the local part of `x` with the global `expected`.
pub(crate) fn assert_vector(x: &VectorRef, expected: &[f64]) -> Result<()> {
    let range = x.ownership_range()?;
    assert_eq!(x.len()?, expected.len());
    let array = x.array()?;
    for (i, value) in range.zip(array.iter()) {
        let expected = expected[usize::try_from(i).expect("not negative")];
        assert_close!(value.real(), expected, 1e-12, 1e-14);
        assert_close!(value.imaginary(), 0.0, 0.0, 1e-14);
    }
    Ok(())
}

pub(crate) const AX: [f64; 7] = [
    1.75,
    1.475,
    1.388_888_888_888_888_8,
    1.785_714_285_714_285_8,
    1.733_333_333_333_333_4,
    1.549_999_999_999_999_8,
    1.476_190_476_190_476_2,
];

fn check_example(a: &Matrix) -> Result<()> {
    assert_close!(a.norm(Norm::One)?, 10.25, 1e-14);
    assert_close!(a.norm(Norm::Infinity)?, 10.142_857_142_857_142, 1e-14);
    assert_close!(a.norm(Norm::Frobenius)?, 15.660_836_409_724_551, 1e-14);
    let x = harmonic(a)?;
    let (_, mut y) = a.vectors()?;
    a.mult(&x, &mut y)?;
    assert_vector(&y, &AX)
}
