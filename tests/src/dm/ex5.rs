//! Port of PETSc's `src/dm/tutorials/ex5.c`: prints the triangles of a two-dimensional DMDA, and
//! draws the DMDA and a vector.

use petsc_rs::Viewer;
use petsc_rs::dm::{ElementType, StencilType};
use petsc_rs::prelude::*;

/// Runs the port.
///
/// # Errors
/// Errors of the DMDA and the viewers.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let picture = Viewer::draw(world, "", 300, 300)?;
    let size = |name, default| {
        let n = options.int(name)?.unwrap_or(default);
        Ok::<_, Error>(usize::try_from(n)?)
    };
    let stencil = if options.bool("-star_stencil")?.unwrap_or(false) {
        StencilType::Star
    } else {
        StencilType::Box
    };
    let mut grid = Dmda::builder(world)
        .sizes([size("-M", 10)?, size("-N", 8)?])
        .stencil(stencil, 1)
        .from_options()
        .build()?;
    let mut global = grid.create_global_vector()?;
    let mut local = grid.create_local_vector()?;
    global.set(Scalar::from_real(-3.0))?;
    grid.global_to_local(&global, InsertMode::Insert, &mut local)?;
    let elements = grid.elements(ElementType::P1)?;
    let mut text = String::new();
    let mut values = local.array_mut()?;
    for (i, triangle) in elements.iter().enumerate() {
        let [a, b, c] = [triangle[0], triangle[1], triangle[2]];
        text += &format!("i {i} e[3*i] {a} {b} {c}\n");
        values[a] = Scalar::from_real(i as Real);
    }
    drop(values);
    world.print_synchronized(format_args!("{text}"))?;
    grid.local_to_global(&local, InsertMode::Add, &mut global)?;
    grid.view(&picture)?;
    global.view(&picture)
}
