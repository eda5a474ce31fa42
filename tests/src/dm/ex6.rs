//! Port of PETSc's `src/dm/tutorials/ex6.c`: user-defined scatters. They copy the values of the
//! left column of a square to the ghost points below the square, and the values of the lowest row
//! to the ghost points on the left of the square.

use petsc_rs::dm::BoundaryType;
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, VectorRef, Viewer};

const M: Int = 6;

/// Runs the port.
///
/// # Errors
/// Errors of the DMDA and the scatters.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let grid = Dmda::builder(world).sizes([6, 6]).boundaries([BoundaryType::Ghosted; 2]).build()?;
    let mut global = grid.create_global_vector()?;
    let mut local = grid.create_local_vector()?;
    let own = grid.corners()?;
    let (x, y) = (own.x(), own.y());
    let width = Int::try_from(own.sizes()[0])?;
    // The first unknown of each row, in natural ordering, is copied to a ghost point below the
    // square; the unknowns of the lowest row are copied to the left.
    let below = places(y.start == 0, x.clone().map(|i| M * i), (1, 1));
    let left = places(x.start == 0, y, (width + 2, width + 2));
    let below = scatter(petsc, &grid, below, &global, &local)?;
    let left = scatter(petsc, &grid, left, &global, &local)?;

    let mut natural = grid.create_natural_vector()?;
    let first = natural.ownership_range()?.start;
    for (i, value) in (first..).zip(natural.array_mut()?.iter_mut()) {
        *value = Scalar::from_real(i as Real);
    }
    grid.natural_to_global(&natural, InsertMode::Insert, &mut global)?;
    below.forward(&global, &mut local)?;
    left.forward(&global, &mut local)?;
    Viewer::stdout(world)?.each_rank(|own| local.view(own))
}

/// Source indices in the natural ordering and target indices in the local vector; empty on interior
/// ranks.
struct Places {
    from: Vec<Int>,
    /// The first index and the step.
    to: (Int, Int),
}

fn places(at_edge: bool, from: impl Iterator<Item = Int>, to: (Int, Int)) -> Places {
    let from = if at_edge { from.collect() } else { Vec::new() };
    Places { from, to }
}

fn scatter(
    petsc: &Petsc,
    grid: &DmdaRef,
    mut places: Places,
    global: &VectorRef,
    local: &VectorRef,
) -> Result<Scatter> {
    grid.ordering()?.application_to_petsc(&mut places.from)?;
    let from = IndexSet::general(petsc.world(), &places.from)?;
    let (first, step) = places.to;
    let to = IndexSet::strided(petsc.self_comm(), places.from.len(), first, step)?;
    Scatter::new(global, Some(&from), local, Some(&to))
}
