//! Dense problems.

use petsc_rs::Result;
use slepc_rs::ds::{DsMatrix, Parallel, State, Values};
use slepc_rs::{Ds, DsType};

use crate::dice::Dice;
use crate::vector;
use crate::world::{Lease, Operation, World, ask};

const TYPES: &[DsType<'static>] =
    &[DsType::HEP, DsType::NHEP, DsType::GHEP, DsType::GNHEP, DsType::SVD, DsType::GSVD];

const MATRICES: &[DsMatrix] = &[
    DsMatrix::A,
    DsMatrix::A,
    DsMatrix::B,
    DsMatrix::T,
    DsMatrix::D,
    DsMatrix::Q,
    DsMatrix::Z,
    DsMatrix::X,
    DsMatrix::Y,
    DsMatrix::U,
    DsMatrix::V,
    DsMatrix::W,
    DsMatrix::E0,
    DsMatrix::E1,
];

/// The operations of this class.
pub(crate) const TABLE: &[Operation] = &[
    Operation { name: "Ds create", run: |w, d| create(w, d).map(drop) },
    Operation { name: "Ds drop", run: |w, d| w.dense_problems.discard(d) },
    Operation {
        name: "Ds::share",
        run: |w, d| {
            let ds = any(w, d)?.share()?;
            w.dense_problems.keep(ds);
            Ok(())
        },
    },
    Operation { name: "Ds ask", run: |w, d| ask(&mut *any(w, d)?, d) },
    Operation { name: "Ds::set_from_options", run: |w, d| any(w, d)?.set_from_options() },
    Operation {
        name: "Ds::set_dimensions",
        run: |w, d| {
            let mut ds = any(w, d)?;
            let room = ds.leading_dimension()?;
            let n = d.below(room + 1);
            let (l, k) = if d.chance(80) { (0, 0) } else { (d.below(3), d.below(3)) };
            ds.set_dimensions(n, l, k)?;
            ds.dimensions().map(drop)
        },
    },
    Operation { name: "Ds settings", run: settings },
    Operation {
        name: "Ds answers",
        run: |w, d| {
            let ds = any(w, d)?;
            ds.state()?;
            ds.method()?;
            ds.parallel()?;
            ds.compact()?;
            ds.extra_row()?;
            ds.has(d.pick(MATRICES)).map(drop)
        },
    },
    Operation {
        name: "Ds::matrix",
        run: |w, d| {
            let ds = any(w, d)?.share()?;
            let lent = ds.matrix(present(d, &ds)?)?;
            let array = lent.dense()?;
            let before = vector::bits(&array);
            w.play(d);
            assert!(
                vector::bits(&array) == before,
                "the lent matrix of a dense problem has changed"
            );
            Ok(())
        },
    },
    Operation {
        name: "Ds::matrix_mut",
        run: |w, d| {
            let mut ds = any(w, d)?.share()?;
            let which = present(d, &ds)?;
            let mut lent = ds.matrix_mut(which)?;
            w.play(d);
            lent.shift(d.scalar())
        },
    },
    Operation {
        name: "Ds::diagonals",
        run: |w, d| {
            let ds = any(w, d)?.share()?;
            let lent = ds.diagonals()?;
            w.play(d);
            lent.diagonal(d.below(3)).map(drop)
        },
    },
    Operation {
        name: "Ds::diagonals_mut",
        run: |w, d| {
            let mut ds = any(w, d)?.share()?;
            let mut lent = ds.diagonals_mut()?;
            w.play(d);
            lent.diagonal_mut(d.below(2))?.fill(d.real());
            Ok(())
        },
    },
    Operation {
        name: "Ds::set_identity",
        run: |w, d| {
            let mut ds = any(w, d)?;
            let which = present(d, &ds)?;
            ds.set_identity(which)
        },
    },
    Operation { name: "Ds::solve", run: |w, d| ready(w, d)?.solve().map(drop) },
    Operation {
        name: "Ds::sort",
        run: |w, d| {
            let (mut ds, mut values) = solved(w, d)?;
            if d.chance(15) {
                w.play(d);
            }
            let mut calls = 0;
            ds.sort(&mut values, |a, b| {
                calls += 1;
                if calls == 1 {
                    w.play(d);
                }
                Ok(b.re.total_cmp(&a.re))
            })
        },
    },
    Operation { name: "Ds after a solve", run: after },
];

/// A dense problem, mostly with a matrix.
fn create(world: &World, dice: &mut Dice) -> Result<Lease<Ds>> {
    let comm = world.comm(dice);
    let room = dice.below(7) + 2;
    let mut ds = if dice.chance(12) {
        Ds::polynomial(&comm, dice.below(3) + 1, room)?
    } else {
        Ds::new(&comm, dice.pick(TYPES), room)?
    };
    if dice.chance(85) {
        prepare(&mut ds, dice, room)?;
    }
    Ok(world.dense_problems.lease(ds))
}

/// Sizes and matrices: diagonal ones with some entries beside the diagonal.
fn prepare(ds: &mut Ds, dice: &mut Dice, room: usize) -> Result<()> {
    let n = dice.below(room - 1) + 1;
    ds.set_dimensions(n, 0, 0)?;
    if petsc_rs::Object::is_type(&**ds, "svd")? {
        ds.set_svd_columns(n)?;
    }
    if petsc_rs::Object::is_type(&**ds, "gsvd")? {
        ds.set_gsvd_dimensions(n, n)?;
    }
    for which in [DsMatrix::A, DsMatrix::B, DsMatrix::E0, DsMatrix::E1] {
        if ds.has(which)? {
            ds.matrix_mut(which)?.shift(dice.scalar())?;
        }
    }
    ds.set_state(State::Raw)
}

pub(crate) fn any(world: &World, dice: &mut Dice) -> Result<Lease<Ds>> {
    if dice.chance(20) {
        return create(world, dice);
    }
    match world.dense_problems.find(dice, |_| true) {
        Some(ds) => Ok(ds),
        None => create(world, dice),
    }
}

/// Mostly one that can be solved.
fn ready(world: &World, dice: &mut Dice) -> Result<Lease<Ds>> {
    let mut ds = any(world, dice)?;
    if dice.chance(70) {
        let room = ds.leading_dimension()?;
        prepare(&mut ds, dice, room)?;
    }
    Ok(ds)
}

fn solved(world: &World, dice: &mut Dice) -> Result<(Lease<Ds>, Values)> {
    let mut ds = ready(world, dice)?;
    let values = ds.solve()?;
    Ok((ds, values))
}

/// Mostly a matrix that the problem has.
fn present(dice: &mut Dice, ds: &Ds) -> Result<DsMatrix> {
    let which = dice.pick(MATRICES);
    Ok(if ds.has(which)? || dice.chance(10) { which } else { DsMatrix::A })
}

fn settings(world: &World, dice: &mut Dice) -> Result<()> {
    let mut ds = any(world, dice)?;
    match dice.below(8) {
        0 => ds.set_state(dice.pick(&[
            State::Raw,
            State::Intermediate,
            State::Condensed,
            State::Truncated,
        ])),
        1 => ds.set_method(dice.below(4)),
        2 => ds.set_parallel(dice.pick(&[
            Parallel::Redundant,
            Parallel::Synchronized,
            Parallel::Distributed,
        ])),
        3 => ds.set_compact(dice.coin()),
        4 => ds.set_extra_row(dice.coin()),
        5 => ds.set_svd_columns(dice.below(5)),
        6 => ds.set_gsvd_dimensions(dice.below(5), dice.below(5)),
        _ => {
            ds.leading_dimension()?;
            ds.dimensions().map(drop)
        }
    }
}

fn after(world: &World, dice: &mut Dice) -> Result<()> {
    let (mut ds, mut values) = solved(world, dice)?;
    let vectors = dice.pick(&[DsMatrix::X, DsMatrix::X, DsMatrix::Y, DsMatrix::U, DsMatrix::V]);
    match dice.below(6) {
        0 => ds.synchronize(&mut values),
        1 => ds.vectors(vectors),
        2 => {
            let n = ds.dimensions()?.n;
            ds.vector(vectors, dice.below(n)).map(drop)
        }
        3 => {
            let n = ds.dimensions()?.n;
            ds.truncate(dice.below(n + 1), dice.coin())
        }
        4 => ds.update_extra_row(),
        _ => {
            let mut other = any(world, dice)?;
            other.sort(&mut values, |a, b| Ok(a.re.total_cmp(&b.re)))
        }
    }
}
