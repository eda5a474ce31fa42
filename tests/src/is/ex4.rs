//! Port of PETSc's `src/vec/is/is/tutorials/ex4.c`: a map from local to global indices and back.

use petsc_rs::prelude::*;
use petsc_rs::{LocalToGlobalMap, Viewer};

/// Prints indices in the format of `PetscIntView`: lines of up to 20 indices, each with the position of
/// its first index.
pub(super) fn print_indices(petsc: &Petsc, indices: &[Int]) -> Result<()> {
    for (line, part) in indices.chunks(20).enumerate() {
        let part: Vec<String> = part.iter().map(ToString::to_string).collect();
        petsc.print(format_args!("{}: {}\n", 20 * line, part.join(" ")))?;
    }
    Ok(())
}

/// Returns the mapped indices that exist, as with `IS_GTOLM_MASK`.
pub(super) fn masked(local: &[Option<Int>]) -> Vec<Int> {
    local.iter().map(|i| i.unwrap_or(-1)).collect()
}

/// Runs the port.
///
/// # Errors
/// Errors of the map.
pub fn main(petsc: &Petsc) -> Result<()> {
    let mut map = LocalToGlobalMap::new(petsc.world(), 1, &[0, 3, 9, 12])?;
    map.set_from_options()?;
    print_indices(petsc, &map.apply(&[0, 2])?)?;
    let local = map.global_to_local(&(0..13).collect::<Vec<Int>>())?;
    print_indices(petsc, &masked(&local))?;
    print_indices(petsc, &local.into_iter().flatten().collect::<Vec<Int>>())?;
    let stdout = Viewer::stdout(petsc.world())?;
    map.view(&stdout)
}
