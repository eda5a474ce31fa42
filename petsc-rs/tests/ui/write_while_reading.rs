//! I5: no writing method while the array is lent.
use petsc_rs::prelude::*;

fn check(x: &mut Vector) -> Result<Scalar> {
    let guard = x.array()?;
    x.set_zero()?;
    Ok(guard[0])
}

fn main() {}
