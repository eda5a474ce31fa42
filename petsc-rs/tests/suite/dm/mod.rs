//! Grids.

mod coupled;
mod custom;
mod damaged_meshes;
mod details;
mod grid;
mod hierarchy;
mod others;
mod plex;
mod queries;
mod redundant;
mod solvers;
mod stencil;
mod views;

use petsc_rs::DmdaRef;
use petsc_rs::prelude::*;

pub(crate) use super::vector::{all, code, real};

/// An index as a real number; through text, because `Int` has 32 or 64 bits.
pub(crate) fn float(i: Int) -> f64 {
    i.to_string().parse().unwrap_or(f64::NAN)
}

/// A global vector with `f(i, j, k)` at each point.
pub(crate) fn sampled(grid: &DmdaRef, f: impl Fn(f64, f64, f64) -> f64) -> Result<Vector> {
    let mut x = grid.create_global_vector()?;
    let own = grid.corners()?;
    let mut values = grid.array_mut(&mut x)?;
    for (value, (i, j, k)) in values.as_mut_slice().iter_mut().zip(own.points3()) {
        *value = real(f(float(i), float(j), float(k)));
    }
    drop(values);
    Ok(x)
}

/// A local vector of the same values, ghost points included.
pub(crate) fn spread(grid: &DmdaRef, x: &petsc_rs::VectorRef) -> Result<Vector> {
    let mut local = grid.create_local_vector()?;
    grid.global_to_local(x, InsertMode::Insert, &mut local)?;
    Ok(local)
}
