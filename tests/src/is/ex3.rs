//! Port of PETSc's `src/vec/is/is/tutorials/ex3.c`: an index set of blocks.

use petsc_rs::prelude::*;
use petsc_rs::{IndexSet, Viewer};

/// Runs the port.
///
/// # Errors
/// Errors of creation and view.
pub fn main(petsc: &Petsc) -> Result<()> {
    let own = petsc.self_comm();
    let set = IndexSet::blocks(own, 3, &[0, 1, 3, 4])?;
    let stdout = Viewer::stdout(own)?;
    set.view(&stdout)?;
    own.print(format_args!("Printing indices directly\n"))?;
    for index in set.indices()?.iter() {
        own.print(format_args!("{index}\n"))?;
    }
    own.print(format_args!("Printing block indices directly\n"))?;
    let blocks = set.block_indices()?;
    for index in &blocks {
        own.print(format_args!("{index}\n"))?;
    }
    let found = (set.type_name()?, set.block_size()?, blocks.len());
    if found == (Some("block".into()), 3, 4) {
        return Ok(());
    }
    Err(Error::user(format!("type, block size and number of blocks are {found:?}")))
}
