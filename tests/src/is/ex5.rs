//! Port of PETSc's `src/vec/is/is/tutorials/ex5.c`: a map from local to global indices in blocks of
//! two.

use petsc_rs::LocalToGlobalMap;
use petsc_rs::prelude::*;

use super::ex4::{masked, print_indices};

/// Runs the port.
///
/// # Errors
/// Errors of the map.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (blocks, input) = ([0, 3, 9, 12], [0, 2]);
    let global: Vec<Int> = (0..13).collect();
    print_indices(petsc, &blocks)?;
    let map = LocalToGlobalMap::new(petsc.world(), 2, &blocks)?;
    print_indices(petsc, &input)?;
    print_indices(petsc, &map.apply(&input)?)?;
    print_indices(petsc, &global)?;
    print_indices(petsc, &masked(&map.global_to_local(&global)?))?;
    print_indices(petsc, &global)?;
    let there: Vec<Int> = map.global_to_local_block(&global)?.into_iter().flatten().collect();
    print_indices(petsc, &there)
}
