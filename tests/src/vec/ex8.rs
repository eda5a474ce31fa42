//! Port of PETSc's `src/vec/vec/tutorials/ex8.c`: adds values with local indices, which include one
//! neighbor on each side.

use petsc_rs::prelude::*;
use petsc_rs::{LocalToGlobalMap, Viewer};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and view.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let one = Scalar::from_real(1.0);
    let mut x = Vector::builder(world)
        .local_len(usize::try_from(world.rank())? + 1)
        .from_options()
        .build()?;
    x.set(one)?;
    let length = Int::try_from(x.len()?)?;
    let owned = x.ownership_range()?;
    let indices: Vec<Int> =
        (owned.start - 1..=owned.end).map(|index| index.rem_euclid(length)).collect();
    let map = LocalToGlobalMap::new(world, 1, &indices)?;
    x.set_local_to_global_map(&map)?;
    let local: Vec<Int> = (0..Int::try_from(indices.len())?).collect();
    x.set_values_local(&local, &vec![one; local.len()], InsertMode::Add)?;
    x.assemble()?;
    let stdout = Viewer::stdout(world)?;
    x.view(&stdout)
}
