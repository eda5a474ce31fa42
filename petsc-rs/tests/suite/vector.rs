//! Vectors.

use petsc_rs::prelude::*;
use petsc_test::assert_close;

fn real(x: f64) -> Scalar {
    Scalar::from_real(x)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn axpy_and_norm(petsc: &Petsc) -> Result<()> {
    let mut y = Vector::new(petsc.world(), 10)?;
    y.set(real(2.0))?;
    let mut x = y.duplicate()?;
    x.set(real(3.0))?;
    y.axpy(real(0.5), &x)?;
    assert_close!(y.norm(Norm::One)?, 35.0, 1e-15);
    assert_close!(y.norm(Norm::Infinity)?, 3.5, 1e-15);
    Ok(())
}
