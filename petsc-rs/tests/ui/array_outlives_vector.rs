//! I5: the slice of a guard cannot outlive the vector.
use petsc_rs::prelude::*;

fn check(comm: &Comm) -> Result<()> {
    let guard = {
        let x = Vector::new(comm, 3)?;
        x.array()?
    };
    let _ = guard.len();
    Ok(())
}

fn main() {}
