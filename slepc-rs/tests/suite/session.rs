//! SLEPc's life in PETSc's session.

use slepc_rs::prelude::*;

#[petsc_test::test(ranks = [1, 2])]
fn a_second_start_changes_nothing(petsc: &Petsc) -> Result<()> {
    slepc_rs::init(petsc)?;
    slepc_rs::init(petsc)?;
    let (major, minor, _) = slepc_rs::version()?;
    let petsc = petsc.version()?;
    assert_eq!((major, minor), (petsc.0, petsc.1));
    Ok(())
}
