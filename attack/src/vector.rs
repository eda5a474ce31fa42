//! Vectors, index sets, scatters, local-to-global maps, random numbers.

use petsc_rs::vector::VectorOption;
use petsc_rs::{
    Combine, Direction, IndexSet, Int, LocalToGlobalMap, Object as _, Ordering, Random, Result,
    Scalar, ScalarExt as _, Scatter, Vector, VectorType,
};

use crate::dice::Dice;
use crate::world::{Lease, Operation, World, ask, nothing_fits};

/// The operations of this class.
pub(crate) const TABLE: &[Operation] = &[
    Operation { name: "Vector::new", run: |w, d| create(w, d).map(drop) },
    Operation { name: "Vector::builder", run: builder },
    Operation { name: "Vector::nest", run: nest },
    Operation { name: "Vector::ghosted", run: ghosted },
    Operation { name: "Vector::from_vec", run: from_vec },
    Operation { name: "Vector drop", run: |w, d| w.vectors.discard(d) },
    Operation {
        name: "Vector::share",
        run: |w, d| {
            let x = any(w, d)?.share()?;
            w.vectors.keep(x);
            Ok(())
        },
    },
    Operation { name: "Vector::duplicate", run: duplicate },
    Operation { name: "Vector ask", run: |w, d| ask(&mut *any(w, d)?, d) },
    Operation { name: "Vector::compose", run: compose },
    Operation { name: "Vector::set", run: |w, d| any(w, d)?.set(d.scalar()) },
    Operation {
        name: "Vector::axpy",
        run: |w, d| {
            let (mut x, y) = two(w, d)?;
            x.axpy(d.scalar(), &y)
        },
    },
    Operation {
        name: "Vector::aypx",
        run: |w, d| {
            let (mut x, y) = two(w, d)?;
            x.aypx(d.scalar(), &y)
        },
    },
    Operation {
        name: "Vector::axpby",
        run: |w, d| {
            let (mut x, y) = two(w, d)?;
            x.axpby(d.scalar(), d.scalar(), &y)
        },
    },
    Operation {
        name: "Vector::copy_from",
        run: |w, d| {
            let (mut x, y) = two(w, d)?;
            x.copy_from(&y)
        },
    },
    Operation {
        name: "Vector::swap",
        run: |w, d| {
            let (mut x, mut y) = two(w, d)?;
            x.swap(&mut y)
        },
    },
    Operation {
        name: "Vector::set_waxpy",
        run: |w, d| {
            let (mut x, y, z) = three(w, d)?;
            x.set_waxpy(d.scalar(), &y, &z)
        },
    },
    Operation {
        name: "Vector::set_axpbypcz",
        run: |w, d| {
            let (mut x, y, z) = three(w, d)?;
            x.set_axpbypcz(d.scalar(), d.scalar(), d.scalar(), &y, &z)
        },
    },
    Operation {
        name: "Vector::maxpy",
        run: |w, d| {
            let (mut x, y, z) = three(w, d)?;
            let alphas = d.scalars(2);
            x.maxpy(&alphas, &[&y, &z])
        },
    },
    Operation { name: "Vector simple", run: simple },
    Operation { name: "Vector pointwise", run: pointwise },
    Operation { name: "Vector reduce", run: reduce },
    Operation { name: "Vector reduce two", run: reduce_two },
    Operation { name: "Vector split reductions", run: split },
    Operation {
        name: "Vector::set_value",
        run: |w, d| {
            let mut x = any(w, d)?;
            let i = d.index(x.len()?);
            x.set_value(i, d.scalar(), d.mode())
        },
    },
    Operation { name: "Vector::set_values", run: set_values },
    Operation {
        name: "Vector::set_values_blocked",
        run: |w, d| {
            let mut x = any(w, d)?;
            let size = x.block_size()?;
            let blocks = d.indices(3, x.len()? / size.max(1));
            let values = d.scalars(blocks.len() * size);
            x.set_values_blocked(&blocks, &values, d.mode())
        },
    },
    Operation {
        name: "Vector::set_values_local",
        run: |w, d| {
            let mut x = any(w, d)?;
            let indices = d.indices(3, x.local_len()?);
            let values = d.scalars(indices.len());
            x.set_values_local(&indices, &values, d.mode())
        },
    },
    Operation {
        name: "Vector::values",
        run: |w, d| {
            let x = any(w, d)?;
            let range = x.ownership_range()?;
            let n = x.local_len()?;
            let indices: Vec<Int> = d.indices(4, n).iter().map(|i| i + range.start).collect();
            x.values(&indices).map(drop)
        },
    },
    Operation { name: "Vector::assemble", run: |w, d| any(w, d)?.assemble() },
    Operation { name: "Vector::assemble_begin", run: assemble_begin },
    Operation { name: "Vector::assembler", run: assembler },
    Operation {
        name: "Vector::set_option",
        run: |w, d| {
            let option =
                d.pick(&[VectorOption::IgnoreOffProcEntries, VectorOption::IgnoreNegativeIndices]);
            any(w, d)?.set_option(option, d.coin())
        },
    },
    Operation { name: "Vector::set_block_size", run: |w, d| any(w, d)?.set_block_size(d.below(4)) },
    Operation {
        name: "Vector::set_local_to_global_map",
        run: |w, d| {
            let mut x = any(w, d)?;
            let map = map(w, d)?;
            x.set_local_to_global_map(&map)
        },
    },
    Operation {
        name: "Vector::local_to_global_map",
        run: |w, d| {
            if let Some(map) = any(w, d)?.local_to_global_map()? {
                w.maps.keep(map);
            }
            Ok(())
        },
    },
    Operation {
        name: "Vector layout",
        run: |w, d| {
            let x = any(w, d)?;
            x.ownership_ranges()?;
            x.is_empty().map(drop)
        },
    },
    Operation { name: "Vector::array", run: array },
    Operation { name: "Vector::array_mut", run: array_mut },
    Operation { name: "Vector::array_write", run: array_write },
    Operation { name: "Vector::local_form", run: local_form },
    Operation { name: "Vector::local_form_mut", run: local_form_mut },
    Operation {
        name: "Vector::update_ghosts",
        run: |w, d| {
            let (combine, direction) = (combine(d), direction(d));
            ghost(w, d)?.update_ghosts(combine, direction)
        },
    },
    Operation {
        name: "Vector::update_ghosts_begin",
        run: |w, d| {
            let mut x = ghost(w, d)?;
            let flight = x.update_ghosts_begin(combine(d), direction(d))?;
            w.play(d);
            if d.coin() { flight.finish() } else { Ok(()) }
        },
    },
    Operation {
        name: "Vector::set_ghosts",
        run: |w, d| {
            let mut x = any(w, d)?;
            let ghosts = d.indices(3, x.len()?);
            x.set_ghosts(&ghosts)
        },
    },
    Operation { name: "Vector::sub_vector", run: sub_vector },
    Operation { name: "Vector::sub_vector_mut", run: sub_vector_mut },
    Operation { name: "Vector::subvector", run: subvector },
    Operation { name: "Vector::subvector_mut", run: subvector_mut },
    Operation { name: "Vector by sets", run: by_sets },
    Operation { name: "Vector::which", run: which },
    Operation {
        name: "Vector::permute",
        run: |w, d| {
            let mut x = any(w, d)?;
            let order = permutation(w, d, x.local_len()?)?;
            x.permute(&order, d.coin())
        },
    },
    Operation { name: "Vector stride", run: stride },
    Operation { name: "Vector stride parts", run: stride_parts },
    Operation {
        name: "Vector::set_random",
        run: |w, d| {
            let mut random = random(w, d)?;
            any(w, d)?.set_random(&mut random)
        },
    },
    Operation {
        name: "Vector::gather",
        run: |w, d| {
            let x = any(w, d)?;
            if d.coin() { x.gather_to_all().map(drop) } else { x.gather_to_zero().map(drop) }
        },
    },
    Operation { name: "Scatter", run: scatter },
    Operation { name: "Scatter::to_all", run: scatter_to_all },
    Operation {
        name: "IndexSet create",
        run: |w, d| {
            let set = new_set(w, d)?;
            w.sets.keep(set);
            Ok(())
        },
    },
    Operation { name: "IndexSet ask", run: ask_set },
    Operation { name: "IndexSet change", run: change_set },
    Operation { name: "IndexSet combine", run: combine_sets },
    Operation {
        name: "IndexSet::indices",
        run: |w, d| {
            let set = set(w, d)?.share()?;
            let lent = set.indices()?;
            let before = lent.to_vec();
            w.play(d);
            assert!(*lent == before[..], "lent indices have changed");
            Ok(())
        },
    },
    Operation { name: "IndexSet drop", run: |w, d| w.sets.discard(d) },
    Operation { name: "LocalToGlobalMap ask", run: ask_map },
    Operation { name: "LocalToGlobalMap drop", run: |w, d| w.maps.discard(d) },
    Operation {
        name: "Random",
        run: |w, d| {
            let mut random = random(w, d)?;
            match d.below(4) {
                0 => random.seed(u32::try_from(d.below(1000)).unwrap_or(0)),
                1 => random.set_interval(Scalar::from_real(-1.0), Scalar::from_real(2.0)),
                2 => random.value().map(drop),
                _ => random.set_from_options(),
            }
        },
    },
];

fn create(world: &World, dice: &mut Dice) -> Result<Lease<Vector>> {
    let n = world.size(dice);
    let comm = world.comm(dice);
    let mut x = match dice.below(5) {
        0 => Vector::with_local_len(&comm, n)?,
        1 => Vector::seq(&world.alone, n)?,
        2 => Vector::mpi(&comm, None, Some(n))?,
        _ => Vector::new(&comm, n)?,
    };
    if dice.chance(80) {
        x.set(dice.scalar())?;
    }
    Ok(world.vectors.lease(x))
}

/// A vector: the object of the pool itself, or a second handle of it.
pub(crate) fn any(world: &World, dice: &mut Dice) -> Result<Lease<Vector>> {
    if dice.chance(5) {
        return create(world, dice);
    }
    match world.vectors.find(dice, |_| true) {
        Some(x) => twin(world, dice, x),
        None => create(world, dice),
    }
}

fn twin(world: &World, dice: &mut Dice, x: Lease<Vector>) -> Result<Lease<Vector>> {
    if dice.chance(25) {
        return Ok(world.vectors.lease(x.share()?));
    }
    Ok(x)
}

/// Mostly one that fits to this one.
pub(crate) fn like(world: &World, dice: &mut Dice, x: &Vector) -> Result<Lease<Vector>> {
    if dice.chance(8) {
        return any(world, dice);
    }
    let shape = |v: &Vector| {
        let sizes = (v.len().ok(), v.local_len().ok());
        (sizes, v.type_name().ok())
    };
    let wanted = shape(x);
    if dice.chance(80) {
        if let Some(found) = world.vectors.find(dice, |v| shape(v) == wanted) {
            return twin(world, dice, found);
        }
    }
    Ok(world.vectors.lease(x.duplicate()?))
}

fn two(world: &World, dice: &mut Dice) -> Result<(Lease<Vector>, Lease<Vector>)> {
    let x = any(world, dice)?;
    let y = if dice.chance(5) { world.vectors.lease(x.share()?) } else { like(world, dice, &x)? };
    Ok((x, y))
}

fn three(world: &World, dice: &mut Dice) -> Result<(Lease<Vector>, Lease<Vector>, Lease<Vector>)> {
    let (x, y) = two(world, dice)?;
    let z = like(world, dice, &x)?;
    Ok((x, y, z))
}

fn builder(world: &World, dice: &mut Dice) -> Result<()> {
    let comm = world.comm(dice);
    let kinds = [VectorType::SEQ, VectorType::MPI, VectorType::STANDARD, VectorType::NEST];
    let size = dice.below(3) + 1;
    let mut builder = Vector::builder(&comm).global_len(world.size(dice) * size);
    if dice.coin() {
        builder = builder.kind(dice.pick(&kinds));
    }
    if dice.coin() {
        builder = builder.block_size(size);
    }
    if dice.coin() {
        builder = builder.from_options();
    }
    world.vectors.keep(builder.build()?);
    Ok(())
}

/// Longer vectors than these become no parts of others.
const LONG: usize = 1000;

fn nest(world: &World, dice: &mut Dice) -> Result<()> {
    let (x, y, z) = three(world, dice)?;
    // A callback nests the nested vectors of its last call.
    if x.len()? > LONG {
        return Ok(());
    }
    let parts = [&*x, &*y, &*z];
    let comm = x.comm()?;
    let nest = Vector::nest(&comm, &parts[..dice.below(3) + 1])?;
    world.vectors.keep(nest);
    Ok(())
}

fn ghosted(world: &World, dice: &mut Dice) -> Result<()> {
    new_ghosted(world, dice).map(drop)
}

fn new_ghosted(world: &World, dice: &mut Dice) -> Result<Lease<Vector>> {
    let comm = world.comm(dice);
    let n = world.size(dice);
    let ghosts = dice.indices(3, n);
    let x = match dice.below(3) {
        0 => Vector::ghosted_from_vec(&comm, &ghosts, dice.scalars(n + ghosts.len()))?,
        1 => {
            let size = dice.below(3) + 1;
            Vector::ghosted_blocks(&comm, size, n * size, &ghosts)?
        }
        _ => Vector::ghosted(&comm, n, &ghosts)?,
    };
    Ok(world.vectors.lease(x))
}

fn ghost(world: &World, dice: &mut Dice) -> Result<Lease<Vector>> {
    if dice.chance(20) {
        return new_ghosted(world, dice);
    }
    let found = world.vectors.find(dice, |x| x.local_form().is_ok());
    found.map_or_else(|| new_ghosted(world, dice), Ok)
}

fn from_vec(world: &World, dice: &mut Dice) -> Result<()> {
    let comm = world.comm(dice);
    let n = world.size(dice);
    let values = dice.scalars(n);
    let x = if dice.coin() {
        Vector::from_vec(&comm, values)?
    } else {
        Vector::from_slice(&comm, &values)?
    };
    world.vectors.keep(x);
    Ok(())
}

fn duplicate(world: &World, dice: &mut Dice) -> Result<()> {
    let x = any(world, dice)?;
    match dice.below(3) {
        0 => world.vectors.keep(x.duplicate()?),
        1 => world.vectors.keep(x.duplicate_with_values()?),
        _ => {
            for y in x.duplicate_many(dice.below(3))? {
                world.vectors.keep(y);
            }
        }
    }
    Ok(())
}

fn compose(world: &World, dice: &mut Dice) -> Result<()> {
    let mut x = any(world, dice)?;
    let name = dice.pick(&["one", "two"]);
    match dice.below(3) {
        0 => {
            let y = any(world, dice)?;
            // Rings are refused or reported, and the end of a case has none.
            if x.query::<Vector>(name)?.is_none() && y.query::<Vector>(name)?.is_none() {
                x.compose::<Vector>(name, &y)?;
                world.play(dice);
                x.uncompose(name)?;
            }
            Ok(())
        }
        1 => x.uncompose(name),
        _ => {
            if let Some(y) = x.query::<Vector>(name)? {
                world.vectors.keep(y);
            }
            Ok(())
        }
    }
}

fn simple(world: &World, dice: &mut Dice) -> Result<()> {
    let mut x = any(world, dice)?;
    match dice.below(12) {
        0 => x.set_zero(),
        1 => x.scale(dice.scalar()),
        2 => x.shift(dice.scalar()),
        3 => x.normalize().map(drop),
        4 => x.abs(),
        5 => x.sqrt_abs(),
        6 => x.reciprocal(),
        7 => x.exp(),
        8 => x.log(),
        9 => x.conjugate(),
        10 => x.pow(dice.scalar()),
        _ => x.filter(dice.real()),
    }
}

fn pointwise(world: &World, dice: &mut Dice) -> Result<()> {
    let (mut x, y, z) = three(world, dice)?;
    match dice.below(5) {
        0 => x.pointwise_mult(&y, &z),
        1 => x.pointwise_divide(&y, &z),
        2 => x.pointwise_max(&y, &z),
        3 => x.pointwise_min(&y, &z),
        _ => x.pointwise_max_abs(&y, &z),
    }
}

fn reduce(world: &World, dice: &mut Dice) -> Result<()> {
    let x = any(world, dice)?;
    match dice.below(7) {
        0 => x.norm(dice.norm()).map(drop),
        1 => x.norm_1_and_2().map(drop),
        2 => x.sum().map(drop),
        3 => x.mean().map(drop),
        4 => x.max().map(drop),
        5 => x.min().map(drop),
        _ => x.has_nan().map(drop),
    }
}

fn reduce_two(world: &World, dice: &mut Dice) -> Result<()> {
    let (x, y) = two(world, dice)?;
    match dice.below(8) {
        0 => x.dot(&y).map(drop),
        1 => x.tdot(&y).map(drop),
        2 => x.dot_many(&[&y, &y]).map(drop),
        3 => x.tdot_many(&[&y]).map(drop),
        4 => x.dot_norm2(&y).map(drop),
        5 => x.max_pointwise_divide(&y).map(drop),
        6 => x.error_norm(&y, dice.norm()).map(drop),
        _ => x.equal(&y).map(drop),
    }
}

fn split(world: &World, dice: &mut Dice) -> Result<()> {
    let (x, y) = two(world, dice)?;
    let (x, y) = (x.share()?, y.share()?);
    let norm = x.norm_begin(dice.norm())?;
    let dot = if dice.coin() { x.dot_begin(&y)? } else { x.tdot_begin(&y)? };
    if dice.coin() {
        x.send_reductions()?;
    }
    if dice.chance(20) {
        world.play(dice);
    }
    norm.finish()?;
    dot.finish().map(drop)
}

fn set_values(world: &World, dice: &mut Dice) -> Result<()> {
    let mut x = any(world, dice)?;
    let indices = dice.indices(4, x.len()?);
    let values = dice.scalars(indices.len());
    x.set_values(&indices, &values, dice.mode())
}

fn assemble_begin(world: &World, dice: &mut Dice) -> Result<()> {
    let mut x = any(world, dice)?.share()?;
    let assembly = x.assemble_begin()?;
    world.play(dice);
    if dice.coin() { assembly.finish() } else { Ok(()) }
}

fn assembler(world: &World, dice: &mut Dice) -> Result<()> {
    let mut x = any(world, dice)?.share()?;
    let n = x.len()?;
    let mut assembler = x.assembler(dice.mode())?;
    assembler.set(dice.index(n), dice.scalar())?;
    world.play(dice);
    assembler.values(&[dice.index(n)], &dice.scalars(1))?;
    if dice.chance(80) { assembler.finish() } else { Ok(()) }
}

fn array(world: &World, dice: &mut Dice) -> Result<()> {
    let x = any(world, dice)?.share()?;
    let lent = x.array()?;
    let before = bits(&lent);
    world.play(dice);
    assert!(bits(&lent) == before, "a lent array has changed");
    Ok(())
}

/// For a comparison that holds for NaN too.
pub(crate) fn bits(values: &[Scalar]) -> Vec<String> {
    values.iter().map(|v| format!("{v:?}")).collect()
}

fn array_mut(world: &World, dice: &mut Dice) -> Result<()> {
    let mut x = any(world, dice)?.share()?;
    let mut lent = x.array_mut()?;
    let value = dice.scalar();
    lent.fill(value);
    world.play(dice);
    assert!(lent.iter().all(|&v| v == value), "an array lent for writing has changed");
    Ok(())
}

fn array_write(world: &World, dice: &mut Dice) -> Result<()> {
    let mut x = any(world, dice)?.share()?;
    x.array_write()?.fill(dice.scalar());
    Ok(())
}

fn local_form(world: &World, dice: &mut Dice) -> Result<()> {
    let x = ghost(world, dice)?.share()?;
    let form = x.local_form()?;
    if dice.coin() {
        world.play(dice);
        return form.norm(dice.norm()).map(drop);
    }
    let lent = form.array()?;
    let before = bits(&lent);
    world.play(dice);
    assert!(bits(&lent) == before, "a lent local form has changed");
    Ok(())
}

fn local_form_mut(world: &World, dice: &mut Dice) -> Result<()> {
    let mut x = ghost(world, dice)?.share()?;
    let mut form = x.local_form_mut()?;
    world.play(dice);
    form.set(dice.scalar())
}

pub(crate) fn combine(dice: &mut Dice) -> Combine {
    dice.pick(&[Combine::Insert, Combine::Add, Combine::Max, Combine::Min])
}

fn direction(dice: &mut Dice) -> Direction {
    dice.pick(&[Direction::Forward, Direction::Reverse])
}

/// A nested vector, or any.
fn nested(world: &World, dice: &mut Dice) -> Result<Lease<Vector>> {
    if dice.chance(10) {
        return any(world, dice);
    }
    if let Some(x) = world.vectors.find(dice, |x| x.is_type("nest").unwrap_or(false)) {
        return Ok(x);
    }
    nest(world, dice)?;
    let found = world.vectors.find(dice, |x| x.is_type("nest").unwrap_or(false));
    found.ok_or_else(|| nothing_fits("nested vector"))
}

fn sub_vector(world: &World, dice: &mut Dice) -> Result<()> {
    let x = nested(world, dice)?.share()?;
    let part = x.sub_vector(dice.below(3))?;
    world.play(dice);
    part.norm(dice.norm()).map(drop)
}

fn sub_vector_mut(world: &World, dice: &mut Dice) -> Result<()> {
    let mut x = nested(world, dice)?.share()?;
    let mut part = x.sub_vector_mut(dice.below(3))?;
    world.play(dice);
    part.set(dice.scalar())
}

fn subvector(world: &World, dice: &mut Dice) -> Result<()> {
    let x = any(world, dice)?.share()?;
    let set = owned_set(world, dice, &x)?;
    let part = x.subvector(&set)?;
    world.play(dice);
    part.sum().map(drop)
}

fn subvector_mut(world: &World, dice: &mut Dice) -> Result<()> {
    let mut x = any(world, dice)?.share()?;
    let set = owned_set(world, dice, &x)?;
    let mut part = x.subvector_mut(&set)?;
    world.play(dice);
    part.set(dice.scalar())?;
    if dice.coin() { part.restore() } else { Ok(()) }
}

fn by_sets(world: &World, dice: &mut Dice) -> Result<()> {
    let mut x = any(world, dice)?.share()?;
    let set = owned_set(world, dice, &x)?;
    match dice.below(3) {
        0 => x.set_indices(&set, dice.scalar()),
        n => {
            let reduced = match Vector::mpi(&x.comm()?, Some(set.local_len()?), None) {
                Ok(reduced) if dice.chance(80) => world.vectors.lease(reduced),
                _ => any(world, dice)?,
            };
            if n == 1 {
                x.axpy_indices(&set, dice.scalar(), &reduced)
            } else {
                let mut reduced = reduced;
                let mode = direction(dice);
                x.copy_indices(&set, mode, &mut reduced)
            }
        }
    }
}

fn which(world: &World, dice: &mut Dice) -> Result<()> {
    let (x, y) = two(world, dice)?;
    let set = match dice.below(3) {
        0 => x.which_equal(&y)?,
        1 => x.which_less_than(&y)?,
        _ => x.which_greater_than(&y)?,
    };
    world.sets.keep(set);
    Ok(())
}

fn stride(world: &World, dice: &mut Dice) -> Result<()> {
    let mut x = any(world, dice)?;
    let component = dice.below(x.block_size()? + 1);
    match dice.below(6) {
        0 => x.stride_norm(component, dice.norm()).map(drop),
        1 => x.stride_max(component).map(drop),
        2 => x.stride_min(component).map(drop),
        3 => x.stride_sum(component).map(drop),
        4 => x.stride_scale(component, dice.scalar()),
        _ => x.stride_set(component, dice.scalar()),
    }
}

fn stride_parts(world: &World, dice: &mut Dice) -> Result<()> {
    let mut x = any(world, dice)?;
    let size = x.block_size()?.max(1);
    let n = x.local_len()? / size;
    let comm = x.comm()?;
    let part = || Vector::mpi(&comm, Some(n), None);
    let mode = dice.mode();
    match dice.below(4) {
        0 => part()?.stride_gather(&x, dice.below(size + 1), mode),
        1 => {
            let part = if dice.coin() { world.vectors.lease(part()?) } else { any(world, dice)? };
            x.stride_scatter(&part, dice.below(size + 1), mode)
        }
        2 => {
            let mut parts: Vec<Vector> = (0..size).map(|_| part()).collect::<Result<_>>()?;
            let mut parts: Vec<_> = parts.iter_mut().map(|p| &mut **p).collect();
            x.stride_gather_all(&mut parts, mode)
        }
        _ => {
            let parts: Vec<Vector> = (0..size).map(|_| part()).collect::<Result<_>>()?;
            let parts: Vec<_> = parts.iter().map(|p| &**p).collect();
            x.stride_scatter_all(&parts, mode)
        }
    }
}

fn scatter(world: &World, dice: &mut Dice) -> Result<()> {
    let (x, mut y) = two(world, dice)?;
    let from = if dice.coin() { Some(owned_set(world, dice, &x)?) } else { None };
    let to = if dice.chance(70) { from.as_deref().map(|s| s.share()).transpose()? } else { None };
    let scatter = Scatter::new(&x, from.as_deref().map(|s| &**s), &y, to.as_deref())?;
    let (combine, direction) = (combine(dice), direction(dice));
    match dice.below(3) {
        0 => scatter.forward(&x, &mut y),
        1 => {
            let flight = scatter.begin(&x, &mut y, combine, direction)?;
            if dice.coin() { flight.finish() } else { Ok(()) }
        }
        _ => {
            let scatter = scatter.copy()?;
            let mut z = like(world, dice, &y)?;
            scatter.scatter(&x, &mut z, combine, direction)
        }
    }
}

fn scatter_to_all(world: &World, dice: &mut Dice) -> Result<()> {
    let mut x = any(world, dice)?;
    let (scatter, mut y) = if dice.coin() { Scatter::to_all(&x)? } else { Scatter::to_zero(&x)? };
    scatter.forward(&x, &mut y)?;
    if dice.coin() {
        scatter.reverse(&y, &mut x)?;
    }
    world.vectors.keep(y);
    Ok(())
}

// ---- index sets

fn new_set(world: &World, dice: &mut Dice) -> Result<IndexSet> {
    let comm = world.comm(dice);
    let n = world.size(dice);
    match dice.below(4) {
        0 => {
            let first = Int::try_from(dice.below(3)).unwrap_or(0);
            let step = Int::try_from(dice.below(3)).unwrap_or(1) + 1;
            IndexSet::strided(&comm, dice.below(n + 1), first, step)
        }
        1 => {
            let size = dice.below(3) + 1;
            let blocks = dice.indices(3, n / size);
            IndexSet::blocks(&comm, size, &blocks)
        }
        2 => IndexSet::strided(&comm, n, 0, 1),
        _ => {
            let indices = dice.indices(4, n);
            IndexSet::general(&comm, &indices)
        }
    }
}

pub(crate) fn set(world: &World, dice: &mut Dice) -> Result<Lease<IndexSet>> {
    if dice.coin() {
        if let Some(set) = world.sets.find(dice, |_| true) {
            return Ok(set);
        }
    }
    Ok(world.sets.lease(new_set(world, dice)?))
}

/// Mostly indices that this rank owns, different and in order.
fn owned_set(world: &World, dice: &mut Dice, x: &Vector) -> Result<Lease<IndexSet>> {
    if dice.chance(15) {
        return set(world, dice);
    }
    let range = x.ownership_range()?;
    let mut apart = dice.apart();
    let set = if dice.coin() {
        let chosen: Vec<Int> = range.filter(|_| apart.coin()).collect();
        IndexSet::general(&x.comm()?, &chosen)?
    } else {
        let n = usize::try_from(range.end - range.start).unwrap_or(0);
        IndexSet::strided(&x.comm()?, n, range.start, 1)?
    };
    Ok(world.sets.lease(set))
}

/// Mostly a permutation of `0..n` on this process.
pub(crate) fn permutation(world: &World, dice: &mut Dice, n: usize) -> Result<Lease<IndexSet>> {
    if dice.chance(10) {
        return set(world, dice);
    }
    let mut order: Vec<Int> = (0..Int::try_from(n)?).collect();
    let mut apart = dice.apart();
    for i in (1..n).rev() {
        order.swap(i, apart.below(i + 1));
    }
    let set = IndexSet::general(&world.alone, &order)?;
    Ok(world.sets.lease(set))
}

fn ask_set(world: &World, dice: &mut Dice) -> Result<()> {
    let mut x = set(world, dice)?;
    match dice.below(10) {
        0 => x.is_sorted().map(drop),
        1 => x.is_permutation().map(drop),
        2 => x.is_identity().map(drop),
        3 => x.min_max().map(drop),
        4 => x.equal(&*set(world, dice)?).map(drop),
        5 => x.stride().map(drop),
        6 => x.block_size().map(drop),
        7 => x.block_indices().map(drop),
        8 => x.len().map(drop),
        _ => ask(&mut *x, dice),
    }
}

fn change_set(world: &World, dice: &mut Dice) -> Result<()> {
    let mut x = set(world, dice)?;
    match dice.below(7) {
        0 => x.sort(),
        1 => x.sort_remove_duplicates(),
        2 => x.to_general(),
        3 => x.filter(0..Int::try_from(world.size(dice))?),
        4 => numbering(world, dice)?.application_to_petsc_is(&mut x),
        5 => numbering(world, dice)?.petsc_to_application_is(&mut x),
        _ => x.set_block_size(dice.below(4)),
    }
}

/// A numbering of a few indices, by the application in reverse.
fn numbering(world: &World, dice: &mut Dice) -> Result<Ordering> {
    let comm = world.comm(dice);
    let n = Int::try_from(world.size(dice))?;
    let first = n * Int::from(comm.rank());
    let reversed: Vec<Int> = (first..first + n).rev().collect();
    Ordering::basic(&comm, &reversed, None)
}

fn combine_sets(world: &World, dice: &mut Dice) -> Result<()> {
    let x = set(world, dice)?;
    let y = set(world, dice)?;
    let made = match dice.below(12) {
        9 => x.embed(&y, dice.coin())?,
        10 => x.renumber()?.1,
        11 => {
            x.locate(dice.index(5))?;
            return x.contiguous_local(0..dice.index(5)).map(drop);
        }
        0 => x.difference(&y)?,
        1 => x.sum(&y)?,
        2 => x.expand(&y)?,
        3 => x.intersect(&y)?,
        4 => x.complement(0..Int::try_from(world.size(dice))?)?,
        5 => x.invert_permutation()?,
        6 => x.duplicate()?,
        7 => x.all_gather()?,
        _ => IndexSet::concatenate(&x.comm()?, &[&x, &y])?,
    };
    world.sets.keep(made);
    Ok(())
}

// ---- local to global maps, random numbers

pub(crate) fn map(world: &World, dice: &mut Dice) -> Result<Lease<LocalToGlobalMap>> {
    if dice.coin() {
        if let Some(map) = world.maps.find(dice, |_| true) {
            return Ok(map);
        }
    }
    let comm = world.comm(dice);
    let n = world.size(dice);
    let map = match dice.below(3) {
        0 => LocalToGlobalMap::from_index_set(&*set(world, dice)?)?,
        1 => {
            let size = dice.below(3) + 1;
            LocalToGlobalMap::new(&comm, size, &dice.indices(3, n / size))?
        }
        _ => LocalToGlobalMap::new(&comm, 1, &(0..Int::try_from(n)?).collect::<Vec<_>>())?,
    };
    Ok(world.maps.lease(map))
}

fn ask_map(world: &World, dice: &mut Dice) -> Result<()> {
    let mut map = map(world, dice)?;
    let n = map.local_len()?;
    match dice.below(7) {
        0 => map.apply(&dice.indices(3, n)).map(drop),
        1 => map.apply_block(&dice.indices(3, n)).map(drop),
        2 => {
            let set = map.apply_is(&*set(world, dice)?)?;
            world.sets.keep(set);
            Ok(())
        }
        3 => map.set_from_options(),
        4 => map.global_to_local(&dice.indices(3, n)).map(drop),
        5 => map.global_to_local_block(&dice.indices(3, n)).map(drop),
        _ => {
            let map = map.share()?;
            let lent = map.indices()?;
            let before = lent.to_vec();
            world.play(dice);
            assert!(*lent == before[..], "lent indices of a map have changed");
            Ok(())
        }
    }
}

pub(crate) fn random(world: &World, dice: &mut Dice) -> Result<Lease<Random>> {
    if let Some(random) = world.randoms.find(dice, |_| true) {
        return Ok(random);
    }
    Ok(world.randoms.lease(Random::new(&world.shared)?))
}
