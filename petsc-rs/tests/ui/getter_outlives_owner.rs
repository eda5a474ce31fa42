//! I2: a vector that a solver lends cannot outlive the solver.
use petsc_rs::prelude::*;

fn check(comm: &Comm) -> Result<()> {
    let x = {
        let ksp = Ksp::new(comm)?;
        ksp.solution()?
    };
    println!("{x:?}");
    Ok(())
}

fn main() {}
