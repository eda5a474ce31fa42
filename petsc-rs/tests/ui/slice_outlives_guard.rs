//! I5: the slice cannot outlive the guard, which gives the array back.
use petsc_rs::prelude::*;

fn check(x: &Vector) -> Result<Scalar> {
    let slice: &[Scalar] = {
        let guard = x.array()?;
        &guard
    };
    Ok(slice[0])
}

fn main() {}
