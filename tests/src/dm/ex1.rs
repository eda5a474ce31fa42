//! Port of PETSc's `src/dm/tutorials/ex1.c`: creates a vector of a two-dimensional DMDA from the
//! local values, prints it in the natural ordering, and draws it.

use petsc_rs::dm::StencilType;
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, VectorRef, Viewer};

/// Runs the port.
///
/// # Errors
/// Errors of scatters and viewers.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let on = |name| Ok::<_, Error>(options.bool(name)?.unwrap_or(false));
    let picture = Viewer::draw(world, "", 300, 300)?;
    let stencil = if on("-star_stencil")? { StencilType::Star } else { StencilType::Box };
    let grid = Dmda::builder(world).sizes([10, 8]).stencil(stencil, 1).from_options().build()?;
    let mut global = grid.create_global_vector()?;
    ranks_added(&grid, world.rank(), -3.0, &mut global)?;
    if on("-view_global")? {
        global.view(&*Viewer::stdout(world)?)?;
    }
    grid.view(&picture)?;
    global.view(&picture)
}

/// Fills a vector with `value`. Each rank then adds its number, counted from one, times the value
/// to its own points and its ghost points.
pub(super) fn ranks_added(
    grid: &DmdaRef,
    rank: i32,
    value: Real,
    global: &mut VectorRef,
) -> Result<()> {
    global.set(Scalar::from_real(value))?;
    let mut local = grid.create_local_vector()?;
    grid.global_to_local(global, InsertMode::Insert, &mut local)?;
    local.scale(Scalar::from_real(Real::from(rank + 1)))?;
    grid.local_to_global(&local, InsertMode::Add, global)
}
