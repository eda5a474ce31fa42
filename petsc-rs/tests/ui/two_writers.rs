//! I5: one handle lends its array for writing once.
use petsc_rs::prelude::*;

fn check(x: &mut Vector) -> Result<()> {
    let mut first = x.array_mut()?;
    let mut second = x.array_mut()?;
    first[0] = second[0];
    second[0] = first[0];
    Ok(())
}

fn main() {}
