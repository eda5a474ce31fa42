//! Port of PETSc's `src/vec/vec/tutorials/ex16.c`: a vector with four components from two vectors
//! with two components.

use petsc_rs::Viewer;
use petsc_rs::prelude::*;

/// Runs the port.
///
/// # Errors
/// Errors of gather and scatter.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = usize::try_from(petsc.options().int("-n")?.unwrap_or(20))?;
    let mut v = Vector::builder(world).global_len(n).block_size(4).from_options().build()?;
    let mut s = Vector::builder(world).global_len(n / 2).block_size(2).from_options().build()?;
    let mut r = s.duplicate()?;
    for i in v.ownership_range()? {
        v.set_value(i, Scalar::from_real(i as Real), InsertMode::Insert)?;
    }
    v.assemble()?;
    v.stride_gather_all(&mut [&mut s, &mut r], InsertMode::Insert)?;
    let stdout = Viewer::stdout(world)?;
    s.view(&stdout)?;
    r.view(&stdout)?;
    v.stride_scatter_all(&[&s, &r], InsertMode::Add)?;
    v.view(&stdout)
}
