//! Port of PETSc's `src/vec/is/is/tutorials/ex1.c`: an index set from a list.

use petsc_rs::prelude::*;
use petsc_rs::{IndexSet, Viewer};

/// Runs the port.
///
/// # Errors
/// Errors of creation and view.
pub fn main(petsc: &Petsc) -> Result<()> {
    let own = petsc.self_comm();
    let rank = Int::from(i16::try_from(petsc.world().rank())?);
    let indices: Vec<Int> = (rank + 1..=rank + 5).collect();
    let set = IndexSet::general(own, &indices)?;
    let stdout = Viewer::stdout(own)?;
    set.view(&stdout)?;
    own.print(format_args!("[{rank}] First index {}\n", set.indices()?[0]))
}
