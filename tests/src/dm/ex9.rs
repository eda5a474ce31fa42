//! Port of PETSc's `src/dm/tutorials/ex9.c`: writes a vector of a DMDA with one degree of freedom
//! to an HDF5 file and reads it back, with and without an extra dataset dimension for the degree of
//! freedom.

use petsc_rs::prelude::*;

/// Runs the port.
///
/// # Errors
/// Errors of the DMDA and the files; a PETSc without HDF5.
#[cfg(petsc_have_hdf5)]
pub fn main(petsc: &Petsc) -> Result<()> {
    use super::ex1::ranks_added;
    use petsc_rs::Viewer;
    use petsc_rs::dm::StencilType;
    use petsc_rs::viewer::FileMode;

    const NAMES: [(&str, bool); 2] = [("noBsDim", false), ("bsDim", true)];
    let world = petsc.world();
    let dof = usize::try_from(petsc.options().int("-ndof")?.unwrap_or(1))?;
    let grid = Dmda::builder(world)
        .sizes([100, 90])
        .dof(dof)
        .stencil(StencilType::Box, 1)
        .from_options()
        .build()?;
    let mut global = grid.create_global_vector()?;
    ranks_added(&grid, world.rank(), -1.0, &mut global)?;
    let file = Viewer::hdf5(world, "hdf5output.h5", FileMode::Write)?;
    for (name, on) in NAMES {
        file.set_base_dimension2(on)?;
        global.set_name(name)?;
        global.view(&file)?;
    }
    file.close()?;
    world.barrier()?;
    let mut read = global.duplicate()?;
    let file = Viewer::hdf5(world, "hdf5output.h5", FileMode::Read)?;
    for (name, _) in NAMES {
        read.set_name(name)?;
        read.read(&file)?;
        if !global.equal(&read)? {
            petsc.print(format_args!("Error: Vectors are not equal\n"))?;
        }
    }
    Ok(())
}

/// Runs the port.
///
/// # Errors
/// Returns the error for a PETSc without HDF5.
#[cfg(not(petsc_have_hdf5))]
pub fn main(_: &Petsc) -> Result<()> {
    let text = "this PETSc has no HDF5";
    Err(Error::collective(petsc_rs::ErrorCode::SUP, text))
}
