//! Sections and star forests.

use petsc_rs::section::SectionBuilder;
use petsc_rs::star_forest::Leaf;
use petsc_rs::{Combine, Int, Result, Section, StarForest};

use crate::dice::Dice;
use crate::vector::combine;
use crate::world::{Lease, Operation, World, ask};

/// The operations of this class.
pub(crate) const TABLE: &[Operation] = &[
    Operation { name: "Section create", run: |w, d| create(w, d).map(drop) },
    Operation { name: "Section drop", run: |w, d| w.sections.discard(d) },
    Operation { name: "Section ask", run: |w, d| ask(&mut *any(w, d)?, d) },
    Operation { name: "Section look", run: look },
    Operation { name: "StarForest::new", run: |w, d| new_forest(w, d).map(drop) },
    Operation { name: "StarForest drop", run: |w, d| w.forests.discard(d) },
    Operation { name: "StarForest ask", run: |w, d| ask(&mut *forest(w, d)?, d) },
    Operation {
        name: "StarForest::broadcast",
        run: |w, d| {
            let forest = forest(w, d)?;
            let (roots, mut leaves) = numbers(d, &forest)?;
            let before = leaves.clone();
            forest.broadcast(&roots, &mut leaves, combine(d))?;
            assert!(before.len() == leaves.len(), "the number of leaves has changed");
            Ok(())
        },
    },
    Operation {
        name: "StarForest::reduce",
        run: |w, d| {
            let forest = forest(w, d)?;
            let (mut roots, leaves) = numbers(d, &forest)?;
            forest.reduce(&leaves, &mut roots, combine(d))
        },
    },
    Operation {
        name: "StarForest::fetch_and_add",
        run: |w, d| {
            let forest = forest(w, d)?;
            let (mut roots, leaves) = numbers(d, &forest)?;
            forest.fetch_and_add(&leaves, &mut roots).map(drop)
        },
    },
    Operation {
        name: "StarForest::gather",
        run: |w, d| {
            let forest = forest(w, d)?;
            let (_, leaves) = numbers(d, &forest)?;
            forest.gather(&leaves).map(drop)
        },
    },
    Operation {
        name: "StarForest::degrees",
        run: |w, d| {
            let forest = forest(w, d)?;
            let degrees = forest.degrees()?;
            assert!(
                degrees.len() == forest.roots()?,
                "the number of degrees differs from the number of roots"
            );
            Ok(())
        },
    },
    Operation {
        name: "StarForest real numbers",
        run: |w, d| {
            let forest = forest(w, d)?;
            let roots = vec![d.real(); forest.roots()?];
            let mut leaves = vec![d.real(); forest.leaf_len()? + d.below(2)];
            forest.broadcast(&roots, &mut leaves, Combine::Insert)
        },
    },
];

fn create(world: &World, dice: &mut Dice) -> Result<Lease<Section>> {
    let comm = world.comm(dice);
    let first = Int::try_from(dice.pick(&[0, 0, 3]))?;
    let count = Int::try_from(dice.below(8))?;
    let end = if dice.chance(5) { first - 1 } else { first + count };
    let section = filled(Section::builder(&comm, first..end), dice).build()?;
    Ok(world.sections.lease(section))
}

/// Fields and fixed unknowns by chance, mostly right.
pub(crate) fn filled<'a>(builder: SectionBuilder<'a>, dice: &mut Dice) -> SectionBuilder<'a> {
    let counts = [(); 3].map(|()| dice.pick(&[1, 1, 0, 2, 3]));
    let components = dice.pick(&[1, 1, 2, 3]);
    let each = move |point: Int| counts[usize::try_from(point % 3).unwrap_or(0)] * components;
    let mut builder = builder.field("u", components, each);
    if dice.chance(30) {
        let name = if dice.chance(5) { "u" } else { "v" };
        builder = builder.field(name, 1, |point| usize::from(point % 2 == 0));
    }
    if dice.chance(30) {
        let field = if dice.chance(5) { "w" } else { "u" };
        let beyond = usize::from(dice.chance(5));
        // The first unknown of the points that have one.
        builder = builder.fix(field, move |point| 0..each(point).min(1) + beyond);
    }
    builder
}

fn any(world: &World, dice: &mut Dice) -> Result<Lease<Section>> {
    match world.sections.find(dice, |_| true) {
        Some(section) if dice.chance(80) => Ok(world.sections.lease(section.share()?)),
        _ => create(world, dice),
    }
}

fn look(world: &World, dice: &mut Dice) -> Result<()> {
    let section = any(world, dice)?;
    let points = section.points()?;
    let point = points.start + dice.index(points.clone().count());
    let field = dice.below(section.fields()? + 1);
    match dice.below(8) {
        0 => section.field_name(dice.below(2)).map(drop),
        1 => section.range(point).map(drop),
        2 => section.field_range(point, field).map(drop),
        3 => section.fixed(point).map(drop),
        4 => section.fixed_indices(point).map(drop),
        5 => section.len().map(drop),
        6 => section.is_empty().map(drop),
        _ => section.free_len().map(drop),
    }
}

fn new_forest(world: &World, dice: &mut Dice) -> Result<Lease<StarForest>> {
    let comm = world.comm(dice);
    let ranks = usize::try_from(comm.size()).unwrap_or(1);
    let roots = dice.below(6);
    let count = dice.below(6).min(roots * 3);
    let wild = dice.chance(10);
    let leaves: Vec<Leaf> = (0..count)
        .map(|i| Leaf {
            place: if wild { dice.below(7) } else { 2 * i },
            rank: dice.below(ranks + usize::from(wild)),
            root: dice.below(roots + usize::from(wild)),
        })
        .collect();
    let forest = StarForest::new(&comm, roots, &leaves)?;
    Ok(world.forests.lease(forest))
}

fn forest(world: &World, dice: &mut Dice) -> Result<Lease<StarForest>> {
    match world.forests.find(dice, |_| true) {
        Some(forest) if dice.chance(80) => Ok(world.forests.lease(forest.share()?)),
        _ => new_forest(world, dice),
    }
}

/// Entries for roots and leaves, rarely too few.
fn numbers(dice: &mut Dice, forest: &StarForest) -> Result<(Vec<Int>, Vec<Int>)> {
    let [mut roots, mut leaves] = [forest.roots()?, forest.leaf_len()?];
    if dice.chance(10) {
        (roots, leaves) = (dice.below(roots + 2), dice.below(leaves + 2));
    }
    Ok((dice.fill(roots), dice.fill(leaves)))
}
