//! Fields of grids for ParaView.

use std::path::Path;

use petsc_rs::prelude::*;
use petsc_rs::{VectorRef, Viewer};

/// Writes a field of a grid. PETSc does that for real scalars only: where they are complex, nothing is written, and
/// the answer is `false`. Collective.
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
