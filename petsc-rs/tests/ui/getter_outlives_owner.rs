//! I2: a borrowed preconditioner cannot outlive its solver.
use petsc_rs::{PcRef, prelude::*};

fn check(comm: &Comm) -> Result<()> {
    let pc: &PcRef = {
        let ksp = Ksp::new(comm)?;
        ksp.pc()?
    };
    println!("{pc:?}");
    Ok(())
}

fn main() {}
