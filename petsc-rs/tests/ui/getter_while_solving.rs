//! I2: what the solver lent is given back before the solver works.
use petsc_rs::prelude::*;

fn check(ksp: &mut Ksp, b: &Vector, x: &mut Vector) -> Result<()> {
    let pc = ksp.pc()?;
    let _ = ksp.solve(b, x)?;
    println!("{pc:?}");
    Ok(())
}

fn main() {}
