//! The solver of a scope stays in it.
use petsc_rs::Snes;
use petsc_rs::prelude::*;

fn check(snes: &mut Snes) -> Result<()> {
    let mut kept = None;
    snes.scope(|s| {
        kept = Some(s);
        Ok(())
    })?;
    drop(kept);
    Ok(())
}

fn main() {}
