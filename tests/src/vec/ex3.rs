//! Port of PETSc's `src/vec/vec/tutorials/ex3.c`: entries set by all ranks, and a line graph.

use petsc_rs::prelude::*;
use petsc_rs::{Viewer, ViewerFormat};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and view.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(6);
    let mut x = Vector::new(world, usize::try_from(n)?)?;
    let rank = Real::from(world.rank());
    let mut entries = x.assembler(InsertMode::Add)?;
    for i in 0..n {
        entries.set(i, Scalar::from_real(rank * i as Real))?;
    }
    entries.finish()?;
    let viewer = Viewer::draw(world, "Line graph Plot", 300, 300)?;
    viewer.with_format(ViewerFormat::DrawLineGraph, |viewer| {
        x.view(viewer)?;
        x.array_mut()?.fill(Scalar::from_real(rank + 1.0));
        x.view(viewer)
    })
}
