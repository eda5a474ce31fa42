//! Port of PETSc's `src/vec/vec/tutorials/ex2.c`: every rank adds to entries of all ranks.

use petsc_rs::Viewer;
use petsc_rs::prelude::*;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and view.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let rank = usize::try_from(world.rank())?;
    let one = Scalar::from_real(1.0);
    let mut x = Vector::builder(world).local_len(rank + 1).from_options().build()?;
    x.set(one)?;
    // Entries that were set are added to only after they have been assembled.
    for index in 0..Int::try_from(x.len()? - rank)? {
        x.set_value(index, one, InsertMode::Add)?;
    }
    x.assemble()?;
    let stdout = Viewer::stdout(world)?;
    x.view(&stdout)
}
