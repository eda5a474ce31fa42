//! Port of PETSc's `src/vec/is/is/tutorials/ex2.c`: an index set with a stride.

use petsc_rs::prelude::*;
use petsc_rs::{IndexSet, Viewer};

/// Runs the port.
///
/// # Errors
/// Errors of creation and view.
pub fn main(petsc: &Petsc) -> Result<()> {
    let own = petsc.self_comm();
    let set = IndexSet::strided(own, 10, 3, 2)?;
    let stdout = Viewer::stdout(own)?;
    set.view(&stdout)?;
    petsc.print(format_args!("Printing indices directly\n"))?;
    for index in set.indices()?.iter() {
        petsc.print(format_args!("{index}\n"))?;
    }
    match set.stride()? {
        Some((3, 2)) => Ok(()),
        other => Err(Error::user(format!("first index and step are {other:?}"))),
    }
}
