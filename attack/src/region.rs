//! Regions of the complex plane.

use petsc_rs::Result;
use slepc_rs::region::Ring;
use slepc_rs::{Region, RegionType};

use crate::dice::Dice;
use crate::solvers;
use crate::world::{Lease, Operation, World, ask};

const TYPES: &[RegionType<'static>] =
    &[RegionType::INTERVAL, RegionType::POLYGON, RegionType::ELLIPSE, RegionType::RING];

/// The operations of this class.
pub(crate) const TABLE: &[Operation] = &[
    Operation { name: "Region create", run: |w, d| create(w, d).map(drop) },
    Operation { name: "Region drop", run: |w, d| w.regions.discard(d) },
    Operation {
        name: "Region::share",
        run: |w, d| {
            let region = any(w, d)?.share()?;
            w.regions.keep(region);
            Ok(())
        },
    },
    Operation { name: "Region ask", run: |w, d| ask(&mut *any(w, d)?, d) },
    Operation { name: "Region::set_type", run: |w, d| any(w, d)?.set_type(d.pick(TYPES)) },
    Operation { name: "Region::set_from_options", run: |w, d| any(w, d)?.set_from_options() },
    Operation { name: "Region shapes", run: |w, d| shape(&mut *any(w, d)?, d) },
    Operation { name: "Region questions", run: questions },
];

fn create(world: &World, dice: &mut Dice) -> Result<Lease<Region>> {
    let mut region = Region::new(&world.comm(dice))?;
    if dice.chance(85) {
        shape(&mut region, dice)?;
    }
    Ok(world.regions.lease(region))
}

pub(crate) fn any(world: &World, dice: &mut Dice) -> Result<Lease<Region>> {
    if dice.chance(20) {
        return create(world, dice);
    }
    match world.regions.find(dice, |_| true) {
        Some(region) => Ok(region),
        None => create(world, dice),
    }
}

fn shape(region: &mut Region, dice: &mut Dice) -> Result<()> {
    let (a, b) = (dice.real(), dice.real());
    match dice.below(6) {
        0 => {
            let corners: Vec<_> = (0..dice.below(7)).map(|_| solvers::complex(dice)).collect();
            region.set_polygon(&corners)
        }
        1 => region.set_ring(
            dice.scalar(),
            Ring {
                radius: 2.0,
                scale: 1.0,
                start: 0.0,
                end: dice.pick(&[0.5, 1.0, 2.0]),
                width: dice.real(),
            },
        ),
        2 => region.set_complement(dice.coin()),
        3 => region.set_interval([a, a + 2.0], [-b.abs(), b.abs()]),
        _ => region.set_ellipse(dice.scalar(), b.abs(), 1.0),
    }
}

fn questions(world: &World, dice: &mut Dice) -> Result<()> {
    let region = any(world, dice)?;
    match dice.below(4) {
        0 => region.is_trivial().map(drop),
        1 => {
            let numbers: Vec<_> = (0..dice.below(5)).map(|_| solvers::complex(dice)).collect();
            region.check(&numbers).map(drop)
        }
        2 => region.contour(dice.below(9)).map(drop),
        _ => region.bounding_box().map(drop),
    }
}
