//! Composite, shell and redundant DMs, and DMs that a Rust type implements.

use std::rc::Rc;

use petsc_rs::dm::{CustomGrid, DmComposite, DmRedundant, DmShell, Interpolation};
use petsc_rs::{
    Comm, Dm, InsertMode, Int, Matrix, Object as _, Result, Scalar, ScalarExt as _, Scatter, Vector,
};

use crate::dice::Dice;
use crate::vector;
use crate::world::{Away, Operation, World, nothing_fits};
use crate::{dm, matrix};

/// The operations of this class.
pub(crate) const TABLE: &[Operation] = &[
    Operation { name: "DmComposite create", run: |w, d| keep(w, composite(w, d)?) },
    Operation {
        name: "DmComposite::grids",
        run: |w, d| {
            for grid in any_composite(w, d)?.grids()? {
                w.dms.keep(grid);
            }
            Ok(())
        },
    },
    Operation {
        name: "DmComposite::local_vectors",
        run: |w, d| {
            let whole = any_composite(w, d)?;
            let mut locals = whole.local_vectors()?;
            for local in &mut locals {
                local.set(d.scalar())?;
            }
            w.play(d);
            Ok(())
        },
    },
    Operation {
        name: "DmComposite::ghosted_parts",
        run: |w, d| {
            let whole = any_composite(w, d)?.into_dm();
            let x = dm::global(w, d, &whole)?;
            let whole = whole.into_composite()?;
            let parts = whole.ghosted_parts(&x)?;
            w.play(d);
            drop(parts);
            Ok(())
        },
    },
    Operation { name: "DmComposite::parts", run: parts },
    Operation { name: "DmComposite::parts_mut", run: parts_mut },
    Operation {
        name: "DmComposite::scatter",
        run: |w, d| {
            let whole = any_composite(w, d)?;
            let mut x = whole.create_global_vector()?;
            let mut locals = locals(w, d, &whole)?;
            if d.coin() {
                let mut locals: Vec<_> = locals.iter_mut().map(|x| &mut **x).collect();
                whole.scatter(&x, &mut locals)
            } else {
                let locals: Vec<_> = locals.iter().map(|x| &**x).collect();
                whole.gather(&locals, d.mode(), &mut x)
            }
        },
    },
    Operation {
        name: "DmComposite sets",
        run: |w, d| {
            let whole = any_composite(w, d)?;
            match d.below(3) {
                0 => whole.global_index_sets()?.into_iter().for_each(|set| w.sets.keep(set)),
                1 => whole.local_index_sets()?.into_iter().for_each(|set| w.sets.keep(set)),
                _ => whole.local_to_global_maps()?.into_iter().for_each(|map| w.maps.keep(map)),
            }
            Ok(())
        },
    },
    Operation { name: "DmShell create", run: |w, d| keep(w, shell(w, d)?) },
    Operation {
        name: "DmShell::set_matrix",
        run: |w, d| {
            let mut dm = match dm::named(w, d, "shell")? {
                Some(dm) => dm.into_shell()?,
                None => DmShell::new(&*vector::any(w, d)?)?,
            };
            let a = matrix::any(w, d)?;
            dm.set_matrix(&a)?;
            keep(w, dm.into_dm())
        },
    },
    Operation { name: "DmShell custom", run: |w, d| keep(w, custom(w, d)?) },
    Operation {
        name: "DmShell::custom",
        run: |w, d| {
            let mut dm = match dm::named(w, d, "shell")? {
                Some(dm) => dm.into_shell()?,
                None => custom(w, d)?.into_shell()?,
            };
            if d.chance(30) {
                return dm.set_refine_level(d.below(4));
            }
            let line: Rc<Line> = dm.custom()?;
            w.play(d);
            assert!(line.n > 0, "the value of a custom DM has changed");
            Ok(())
        },
    },
    Operation { name: "DmRedundant create", run: |w, d| keep(w, redundant(w, d)?.into_dm()) },
    Operation {
        name: "DmRedundant::set_size",
        run: |w, d| {
            let mut dm = match dm::named(w, d, "redundant")? {
                // Without its handle in the pool, it may change.
                Some(dm) if d.coin() => dm.into_redundant()?,
                _ => redundant(w, d)?,
            };
            dm.set_size(0, d.below(5))?;
            keep(w, dm.into_dm())
        },
    },
    Operation {
        name: "DmRedundant ask",
        run: |w, d| {
            let dm = match dm::named(w, d, "redundant")? {
                Some(dm) => dm.into_redundant()?,
                None => redundant(w, d)?,
            };
            dm.size()?;
            dm.owner().map(drop)
        },
    },
];

fn keep(world: &World, dm: Dm) -> Result<()> {
    world.dms.keep(dm);
    Ok(())
}

/// One of these types.
pub(crate) fn create(world: &World, dice: &mut Dice) -> Result<Dm> {
    match dice.below(5) {
        0 | 1 => composite(world, dice),
        2 => shell(world, dice),
        3 => custom(world, dice),
        _ => redundant(world, dice).map(DmRedundant::into_dm),
    }
}

/// A composite of DMs of the pool.
fn composite(world: &World, dice: &mut Dice) -> Result<Dm> {
    let comm = world.comm(dice);
    let mut grids = Vec::new();
    for _ in 0..dice.pick(&[1, 2, 2, 3, 0]) {
        let found = world.dms.find(dice, |_| true);
        grids.push(match found {
            Some(dm) if !is_nested(&dm)? => dm.share()?,
            _ => redundant(world, dice)?.into_dm(),
        });
    }
    let lent: Vec<_> = grids.iter().map(|dm| &**dm).collect();
    DmComposite::new(&comm, &lent).map(DmComposite::into_dm)
}

/// Whether composites are within this one: any deeper, and sizes would double with each level.
fn is_nested(dm: &Dm) -> Result<bool> {
    if !dm.is_type("composite")? {
        return Ok(false);
    }
    let grids = dm.share()?.into_composite()?.grids()?;
    grids.iter().try_fold(false, |any, grid| Ok(any || grid.is_type("composite")?))
}

fn any_composite(world: &World, dice: &mut Dice) -> Result<DmComposite> {
    match dm::named(world, dice, "composite")? {
        Some(dm) => dm.into_composite(),
        None => {
            let dm = composite(world, dice)?;
            world.dms.keep(dm.share()?);
            dm.into_composite()
        }
    }
}

/// The parts of a vector, and other things meanwhile.
fn parts(world: &World, dice: &mut Dice) -> Result<()> {
    let whole = any_composite(world, dice)?.into_dm();
    let x = dm::global(world, dice, &whole)?.share()?;
    let whole = whole.into_composite()?;
    let parts = whole.parts(&x)?;
    let part = parts.part(dice.below(whole.count()? + 1))?;
    let before = part.array().map(|lent| vector::bits(&lent))?;
    world.play(dice);
    let after = part.array().map(|lent| vector::bits(&lent))?;
    assert!(before == after, "a lent part has changed");
    Ok(())
}

fn parts_mut(world: &World, dice: &mut Dice) -> Result<()> {
    let whole = any_composite(world, dice)?.into_dm();
    let mut x = dm::global(world, dice, &whole)?.share()?;
    let whole = whole.into_composite()?;
    let mut parts = whole.parts_mut(&mut x)?;
    let part = parts.part_mut(dice.below(whole.count()? + 1))?;
    world.play(dice);
    part.set(dice.scalar())
}

/// A local vector for each DM of the composite, rarely one too few.
fn locals(world: &World, dice: &mut Dice, whole: &DmComposite) -> Result<Vec<Vector>> {
    let mut locals = Vec::new();
    for grid in whole.grids()? {
        let x = match dice.below(20) {
            0 => vector::any(world, dice)?.share()?,
            _ => grid.create_local_vector()?,
        };
        locals.push(x);
    }
    if dice.chance(5) {
        locals.pop();
    }
    Ok(locals)
}

fn shell(world: &World, dice: &mut Dice) -> Result<Dm> {
    let x = vector::any(world, dice)?;
    if dice.coin() {
        return DmShell::new(&x).map(DmShell::into_dm);
    }
    let local = vector::like(world, dice, &x)?;
    let (there, back) =
        (Scatter::new(&x, None, &local, None)?, Scatter::new(&local, None, &x, None)?);
    DmShell::with_local(&x, &local, &there, &back).map(DmShell::into_dm)
}

fn redundant(world: &World, dice: &mut Dice) -> Result<DmRedundant> {
    let comm = world.comm(dice);
    let owner = if dice.chance(3) { 9 } else { 0 };
    DmRedundant::new(&comm, owner, dice.below(5))
}

/// Points on a line, whose methods do other things as well. It holds no handle: an error within PETSc leaks the vectors
/// that it worked with, and with them their DM and its value.
struct Line {
    shared: bool,
    n: usize,
    away: Away,
    seed: u64,
}

fn custom(world: &World, dice: &mut Dice) -> Result<Dm> {
    let comm = world.comm(dice);
    let line = Line {
        shared: Rc::ptr_eq(&comm, &world.shared),
        n: dice.below(8) + 1,
        away: world.away(),
        seed: dice.seed(),
    };
    DmShell::custom(&comm, line).map(DmShell::into_dm)
}

impl Line {
    fn other(&self, n: usize) -> Self {
        Self { shared: self.shared, n: n.clamp(1, 100), away: self.away.clone(), seed: self.seed }
    }
}

impl Line {
    fn comm(&self) -> Result<Rc<Comm>> {
        let comm = self.away.comm(self.shared);
        comm.ok_or_else(|| nothing_fits("communicator"))
    }
}

impl CustomGrid for Line {
    fn create_matrix(&self) -> Result<Matrix> {
        self.away.play(self.seed);
        let mut a = Matrix::builder(&*self.comm()?).global_size(self.n, self.n).build()?;
        for i in a.ownership_range()? {
            a.set_value(i, i, Scalar::from_real(2.0), InsertMode::Insert)?;
        }
        a.assemble()?;
        Ok(a)
    }

    fn create_global_vector(&self) -> Result<Vector> {
        self.away.play(self.seed);
        Vector::builder(&*self.comm()?).global_len(self.n).build()
    }

    fn create_local_vector(&self) -> Result<Vector> {
        self.create_global_vector()
    }

    fn refine(&self) -> Result<Self> {
        self.away.play(self.seed);
        Ok(self.other(2 * self.n))
    }

    fn coarsen(&self) -> Result<Self> {
        Ok(self.other(self.n / 2))
    }

    fn create_interpolation(&self, fine: &Self) -> Result<Interpolation> {
        self.away.play(self.seed);
        let mut matrix = Matrix::builder(&*self.comm()?).global_size(fine.n, self.n).build()?;
        let last = Int::try_from(self.n)? - 1;
        for i in matrix.ownership_range()? {
            let one = Scalar::from_real(1.0);
            matrix.set_value(i, (i / 2).min(last), one, InsertMode::Insert)?;
        }
        matrix.assemble()?;
        Ok(Interpolation { matrix, scale: None })
    }
}
