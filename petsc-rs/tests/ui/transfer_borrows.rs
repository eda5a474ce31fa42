//! I5: what a transfer writes to cannot be read before it has finished.
use petsc_rs::prelude::*;

fn check(grid: &Dmda, x: &Vector, local: &mut Vector) -> Result<()> {
    let transfer = grid.global_to_local_begin(x, InsertMode::Insert, local)?;
    let _ = local.array()?;
    transfer.finish()
}

fn main() {}
