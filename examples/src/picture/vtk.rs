//! VTK files of fields on a DMDA.

use std::path::Path;

use petsc_rs::prelude::*;
use petsc_rs::{VectorRef, Viewer};

/// Writes a field. PETSc supports VTK for real scalars only: in complex builds, nothing is written
/// and the result is `false`. Collective.
///
/// # Errors
/// A file that cannot be written.
pub fn write_vtk(comm: &Comm, path: &Path, field: &VectorRef) -> Result<bool> {
    if Scalar::IS_COMPLEX {
        return Ok(false);
    }
    let file = Viewer::vtk(comm, path)?;
    field.view(&file)?;
    file.close()?;
    Ok(true)
}
