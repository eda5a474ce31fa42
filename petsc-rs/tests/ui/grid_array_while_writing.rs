//! I5: the values of a vector by grid point and a slice of it to write to cannot live together.
use petsc_rs::prelude::*;

fn check(grid: &Dmda, x: &mut Vector) -> Result<Scalar> {
    let u = grid.array(x)?;
    x.array_mut()?[0] = Scalar::from_real(1.0);
    Ok(u[0])
}

fn main() {}
