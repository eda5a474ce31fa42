//! Unknowns that every rank needs.

use petsc_rs::ErrorCode;
use petsc_rs::dm::{DmComposite, DmRedundant};
use petsc_rs::prelude::*;
use petsc_test::assert_close;

use super::{all, code, real};

#[petsc_test::test(ranks = [1, 2, 3])]
fn one_rank_owns_what_all_see(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let last = usize::try_from(world.size() - 1)?;
    let grid = DmRedundant::new(world, last, 4)?;
    assert_eq!((grid.owner()?, grid.size()?), (last, 4));
    let mut x = grid.create_global_vector()?;
    let mine = if world.rank() == world.size() - 1 { 4 } else { 0 };
    assert_eq!((x.len()?, x.local_len()?), (4, mine));
    for (value, i) in x.array_mut()?.iter_mut().zip([1.0, 2.0, 3.0, 4.0]) {
        *value = real(i);
    }
    let mut local = grid.create_local_vector()?;
    grid.global_to_local(&x, InsertMode::Insert, &mut local)?;
    let seen: Vec<f64> = local.array()?.iter().map(|z| z.real()).collect();
    assert_eq!(seen, [1.0, 2.0, 3.0, 4.0]);
    // Each rank adds what it has; the owner's copy alone is inserted.
    local.set(real(f64::from(world.rank() + 1)))?;
    x.set_zero()?;
    grid.local_to_global(&local, InsertMode::Add, &mut x)?;
    let sum = f64::from(world.size() * (world.size() + 1) / 2);
    assert_eq!(all(&x)?, [sum; 4]);
    grid.local_to_global(&local, InsertMode::Insert, &mut x)?;
    assert_eq!(all(&x)?, [f64::from(world.size()); 4]);
    // Everything is coupled with everything.
    let a = grid.create_matrix()?;
    assert_eq!(a.size()?, (4, 4));
    let n = a.info(petsc_rs::matrix::Scope::GlobalSum)?.used;
    assert_close!(n, 16.0, 0.0);
    // Finer and coarser is the same.
    let fine = grid.refine()?.into_redundant()?;
    assert_eq!((fine.owner()?, fine.size()?), (last, 4));
    let p = grid.create_interpolation(&fine)?;
    let mut y = fine.create_global_vector()?;
    p.matrix.mult(&x, &mut y)?;
    assert_eq!(all(&y)?, all(&x)?);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn wrong_sizes_and_transfers_are_refused(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let beyond = usize::try_from(world.size())?;
    let out = Some(ErrorCode::ARG_OUTOFRANGE);
    assert_eq!(code(DmRedundant::new(world, beyond, 1)), out);
    let mut grid = DmRedundant::new(world, 0, 2)?;
    assert_eq!(code(grid.set_size(beyond, 1)), out);
    let (mut x, mut local) = (grid.create_global_vector()?, grid.create_local_vector()?);
    let short = Vector::new(petsc.self_comm(), 1)?;
    let size = Some(ErrorCode::ARG_SIZ);
    assert_eq!(code(grid.local_to_global(&short, InsertMode::Add, &mut x)), size);
    let sup = Some(ErrorCode::SUP);
    assert_eq!(code(grid.global_to_local(&x, InsertMode::Add, &mut local)), sup);
    let mut other = grid.create_local_vector()?;
    assert_eq!(code(grid.local_to_local(&local, InsertMode::Insert, &mut other)), sup);
    // Nor has a composite of it.
    let both = DmComposite::new(world, &[&grid])?;
    let (from, mut to) = (both.create_local_vector()?, both.create_local_vector()?);
    assert_eq!(code(both.local_to_local(&from, InsertMode::Insert, &mut to)), sup);
    assert_eq!(code(grid.as_dmda()), Some(ErrorCode::ARG_WRONG));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_size_changes_only_while_nobody_uses_the_first(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let last = usize::try_from(world.size() - 1)?;
    let mut grid = DmRedundant::new(world, 0, 2)?;
    // Pooled vectors do not count: they are forgotten.
    drop((grid.global_vector()?, grid.local_vector()?));
    grid.set_size(last, 5)?;
    assert_eq!((grid.owner()?, grid.size()?), (last, 5));
    assert_eq!(grid.global_vector()?.len()?, 5);
    let x = grid.create_global_vector()?;
    assert_eq!(grid.ghosted(&x)?.len()?, 5);
    drop(x);
    assert_eq!(grid.local_to_global_map()?.local_len()?, 5);
    let state = Some(ErrorCode::ARG_WRONGSTATE);
    let x = grid.create_global_vector()?;
    assert_eq!(code(grid.set_size(0, 1)), state);
    drop(x);
    let composite = DmComposite::new(world, &[&grid])?;
    assert_eq!(code(grid.set_size(0, 1)), state);
    drop(composite);
    grid.set_size(0, 0)?;
    assert_eq!(grid.create_global_vector()?.len()?, 0);
    Ok(())
}
