//! I5: a vector cannot be swapped away under its guard.
use petsc_rs::prelude::*;

fn check(x: &mut Vector, y: &mut Vector) -> Result<()> {
    let mut guard = x.array_mut()?;
    std::mem::swap(x, y);
    guard[0] = guard[1];
    Ok(())
}

fn main() {}
