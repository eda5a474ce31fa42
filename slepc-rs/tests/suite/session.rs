//! SLEPc's life in PETSc's session.

use slepc_rs::prelude::*;

#[petsc_test::test(ranks = [1, 2])]
fn starting_twice_is_starting_once(petsc: &Petsc) -> Result<()> {
    slepc_rs::init(petsc)?;
    slepc_rs::init(petsc)?;
    let (major, minor, _) = slepc_rs::version()?;
    let petsc = petsc.version()?;
    assert_eq!((major, minor), (petsc.0, petsc.1));
    Ok(())
}
