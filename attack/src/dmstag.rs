//! Staggered grids (`DmStag`).

use petsc_rs::dm::{BoundaryType, DmStag, Location};
use petsc_rs::{Result, Vector};

use crate::dice::Dice;
use crate::dm;
use crate::vector;
use crate::world::{Operation, World};

/// The operations of this class.
pub(crate) const TABLE: &[Operation] = &[
    Operation {
        name: "DmStag create",
        run: |w, d| {
            let grid = create(w, d)?;
            w.dms.keep(grid.into_dm());
            Ok(())
        },
    },
    Operation {
        name: "DmStag ask",
        run: |w, d| {
            let grid = any(w, d)?;
            match d.below(5) {
                0 => grid.corners().map(drop),
                1 => grid.ghost_corners().map(drop),
                2 => grid.sizes().map(drop),
                3 => grid.entries_per_element().map(drop),
                _ => grid.slot(d.pick(PLACES), d.below(3)).map(drop),
            }
        },
    },
    Operation { name: "DmStag::array", run: array },
    Operation { name: "DmStag::array_mut", run: array_mut },
];

const PLACES: &[Location] = &[
    Location::Element,
    Location::Left,
    Location::Down,
    Location::DownLeft,
    Location::Back,
    Location::BackLeft,
    Location::BackDownLeft,
    Location::Right,
    Location::Up,
    Location::FrontUpRight,
];

/// A small staggered grid.
pub(crate) fn create(world: &World, dice: &mut Dice) -> Result<DmStag> {
    let comm = world.comm(dice);
    let dim = dice.pick(&[1, 2, 2, 3]);
    let most = [8, 5, 3][dim - 1];
    let sizes: Vec<usize> = (0..dim).map(|_| dice.below(most) + 1).collect();
    let n = if dice.chance(4) { dice.below(5) } else { dim + 1 };
    let dof: Vec<usize> = (0..n).map(|_| dice.pick(&[0, 1, 1, 2])).collect();
    let mut builder = DmStag::builder(&comm).dof(dof).stencil_width(dice.pick(&[1, 1, 1, 0, 2, 3]));
    if dice.coin() {
        let kinds = [
            BoundaryType::None,
            BoundaryType::Periodic,
            BoundaryType::Ghosted,
            BoundaryType::Mirror,
        ];
        let kinds = if dice.chance(10) { &kinds[..] } else { &kinds[..3] };
        let boundaries: Vec<_> = (0..dim).map(|_| dice.pick(kinds)).collect();
        builder = builder.boundaries(boundaries);
    }
    if dice.chance(40) {
        builder = builder.uniform_coordinates(vec![(0.0, 1.5); dim]);
    }
    builder.sizes(sizes).build()
}

fn any(world: &World, dice: &mut Dice) -> Result<DmStag> {
    match dm::named(world, dice, "stag")? {
        Some(grid) => grid.into_stag(),
        None => {
            let grid = create(world, dice)?.into_dm();
            world.dms.keep(grid.share()?);
            grid.into_stag()
        }
    }
}

/// A local vector of the grid, or rarely another one.
fn local(world: &World, dice: &mut Dice, grid: &DmStag) -> Result<Vector> {
    if dice.chance(6) {
        return vector::any(world, dice)?.share();
    }
    let mut x = grid.create_local_vector()?;
    x.set(dice.scalar())?;
    world.vectors.keep(x.share()?);
    Ok(x)
}

/// A place that the grid has unknowns in, mostly.
fn slot(dice: &mut Dice, grid: &DmStag) -> Result<usize> {
    let entries = grid.entries_per_element()?;
    for _ in 0..3 {
        if let Ok(slot) = grid.slot(dice.pick(PLACES), 0) {
            assert!(slot < entries, "the slot exceeds the entries of an element");
            return Ok(slot);
        }
    }
    Ok(0)
}

/// The value at an element of this rank, by the dimension.
macro_rules! at {
    ($grid:expr, $lent:ident, $slot:expr) => {{
        let corners = $grid.corners()?;
        let (i, j, k) = (corners.x().start, corners.y().start, corners.z().start);
        match $grid.dimension()? {
            1 => $lent[(i, $slot)],
            2 => $lent[((i, j), $slot)],
            _ => $lent[((i, j, k), $slot)],
        }
    }};
}

fn array(world: &World, dice: &mut Dice) -> Result<()> {
    let grid = any(world, dice)?;
    let x = local(world, dice, &grid)?;
    let lent = grid.array(&x)?;
    if grid.corners()?.is_empty() {
        return Ok(());
    }
    let slot = slot(dice, &grid)?;
    let before = at!(grid, lent, slot);
    world.play(dice);
    let after = at!(grid, lent, slot);
    let same = format!("{before:?}") == format!("{after:?}");
    assert!(same, "a lent array has changed");
    Ok(())
}

fn array_mut(world: &World, dice: &mut Dice) -> Result<()> {
    let grid = any(world, dice)?;
    let mut x = local(world, dice, &grid)?;
    let corners = grid.corners()?;
    let slot = slot(dice, &grid)?;
    let dim = grid.dimension()?;
    let value = dice.scalar();
    let mut lent = grid.array_mut(&mut x)?;
    world.play(dice);
    for (i, j, k) in corners.points3() {
        match dim {
            1 => lent[(i, slot)] = value,
            2 => lent[((i, j), slot)] = value,
            _ => lent[((i, j, k), slot)] = value,
        }
    }
    Ok(())
}
