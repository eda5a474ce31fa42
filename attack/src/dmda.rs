//! Structured grids (`Dmda`): creation, arrays over points, entries of matrices by point.

use petsc_rs::bytemuck::Pod;
use petsc_rs::dm::{
    BoundaryType, Component, Corners, Dmda, ElementType, GridMut, GridRead, InterpolationType,
    StencilAssembler, StencilPoint, StencilType, component,
};
use petsc_rs::{Comm, Int, Result, Scalar, ScalarExt as _, Snes};

use crate::dice::Dice;
use crate::dm;
use crate::matrix;
use crate::vector;
use crate::world::{Away, Operation, World};

/// The operations of this class.
pub(crate) const TABLE: &[Operation] = &[
    Operation {
        name: "Dmda create",
        run: |w, d| {
            let grid = create(w, d)?;
            w.dms.keep(grid.into_dm());
            Ok(())
        },
    },
    Operation { name: "Dmda ask", run: ask },
    Operation { name: "Dmda settings", run: settings },
    Operation {
        name: "Dmda::with_dof",
        run: |w, d| {
            let other = any(w, d)?.with_dof(d.below(4))?;
            w.dms.keep(other.into_dm());
            Ok(())
        },
    },
    Operation { name: "Dmda hierarchy", run: hierarchy },
    Operation {
        name: "Dmda::array",
        run: |w, d| {
            let grid = any(w, d)?;
            match grid.layout()?.dof {
                1 => array::<Scalar>(w, d, &grid),
                2 => array::<[Scalar; 2]>(w, d, &grid),
                _ => array::<[Scalar; 3]>(w, d, &grid),
            }
        },
    },
    Operation {
        name: "Dmda::array_mut",
        run: |w, d| {
            let grid = any(w, d)?;
            match grid.layout()?.dof {
                1 => array_mut::<Scalar>(w, d, &grid),
                2 => array_mut::<[Scalar; 2]>(w, d, &grid),
                _ => array_mut::<[Scalar; 3]>(w, d, &grid),
            }
        },
    },
    Operation { name: "Dmda::array_dof", run: array_dof },
    Operation { name: "Dmda::array_dof_mut", run: array_dof_mut },
    Operation { name: "Dmda::stencil_assembler", run: stencil },
    Operation { name: "Dmda::zero_rows", run: zero_rows },
    Operation {
        name: "Dmda::elements",
        run: |w, d| {
            let mut grid = any(w, d)?;
            let kind = d.pick(&[ElementType::P1, ElementType::Q1]);
            let n = grid.ghost_corners()?.len();
            let elements = grid.elements(kind)?;
            w.play(d);
            let inside = elements.iter().flatten().all(|&node| node < n);
            assert!(inside, "an element has a node outside the local grid");
            Ok(())
        },
    },
    Operation { name: "Dmda natural", run: natural },
    Operation {
        name: "Dmda::ordering",
        run: |w, d| {
            let grid = any(w, d)?;
            let ordering = grid.ordering()?;
            w.play(d);
            let n = grid.create_global_vector()?.len()?;
            let mut indices = d.indices(5, n);
            if d.coin() {
                ordering.application_to_petsc(&mut indices)
            } else {
                ordering.petsc_to_application(&mut indices)
            }
        },
    },
    Operation {
        name: "Dmda coordinates",
        run: |w, d| {
            let mut grid = any(w, d)?;
            let dim = grid.layout()?.dimension;
            if d.chance(70) {
                return grid.set_uniform_coordinates(&ends(d, dim));
            }
            let of = grid.coordinate_dmda()?;
            w.dms.keep(of.into_dm());
            Ok(())
        },
    },
];

/// A grid of few points, the sizes by chance: also ones that are smaller than the stencil.
pub(crate) fn create(world: &World, dice: &mut Dice) -> Result<Dmda> {
    let comm = world.comm(dice);
    let dim = dice.pick(&[1, 1, 2, 2, 2, 3]);
    let most = [12, 6, 4][dim - 1];
    let sizes: Vec<usize> = (0..dim).map(|_| dice.below(most) + 1).collect();
    let dof = dice.pick(&[1, 1, 1, 2, 3]);
    let kind = dice.pick(&[StencilType::Star, StencilType::Box]);
    let width = dice.pick(&[1, 1, 1, 1, 0, 2, 3]);
    let mut builder = Dmda::builder(&comm).dof(dof).stencil(kind, width);
    if dice.coin() {
        let kinds = [
            BoundaryType::None,
            BoundaryType::None,
            BoundaryType::Periodic,
            BoundaryType::Periodic,
            BoundaryType::Ghosted,
            BoundaryType::Ghosted,
            BoundaryType::Mirror,
        ];
        builder = builder.boundaries(list(dice, dim, |d| d.pick(&kinds)));
    }
    if dice.chance(20) {
        builder = builder.refinement(list(dice, dim, |d| d.below(3) + 1));
    }
    if dice.chance(20) {
        builder = builder.interpolation(InterpolationType::Q0);
    }
    if dice.chance(30) {
        builder = builder.uniform_coordinates(ends(dice, dim));
    }
    if dice.chance(20) {
        builder = builder.field_names(["a", "b", "c"][..dof].to_vec());
    }
    if dice.chance(15) {
        let fills = [(); 2].map(|()| list(dice, dof * dof, Dice::coin));
        let [point, neighbours] = fills;
        builder = builder.block_fills(point, neighbours);
    }
    if dice.chance(10) {
        builder = builder.options_prefix("attacked_").from_options();
    }
    if dice.chance(15) {
        builder = builder.ownership_ranges(ownership(&comm, dice, &sizes));
    }
    builder.sizes(sizes).build()
}

/// Mostly as many as there should be.
fn list<T>(dice: &mut Dice, n: usize, mut one: impl FnMut(&mut Dice) -> T) -> Vec<T> {
    let n = if dice.chance(4) { dice.below(4) } else { n };
    (0..n).map(|_| one(dice)).collect()
}

/// The ends of a box.
fn ends(dice: &mut Dice, dim: usize) -> Vec<(petsc_rs::Real, petsc_rs::Real)> {
    list(dice, dim, |d| {
        let first = d.real();
        (first, first + if d.chance(90) { 1.5 } else { d.real() })
    })
}

/// All ranks side by side in the first direction.
fn ownership(comm: &Comm, dice: &mut Dice, sizes: &[usize]) -> Vec<Vec<usize>> {
    let ranks = usize::try_from(comm.size()).unwrap_or(1);
    let mut ranges: Vec<Vec<usize>> = sizes.iter().map(|&n| vec![n]).collect();
    let mut first = vec![sizes[0] / ranks; ranks];
    first[0] += sizes[0] % ranks;
    if dice.chance(10) {
        first[0] = dice.below(8);
    }
    ranges[0] = first;
    ranges
}

fn any(world: &World, dice: &mut Dice) -> Result<Dmda> {
    match dm::named(world, dice, "da")? {
        Some(grid) => grid.into_dmda(),
        None => {
            let grid = create(world, dice)?.into_dm();
            world.dms.keep(grid.share()?);
            grid.into_dmda()
        }
    }
}

fn ask(world: &World, dice: &mut Dice) -> Result<()> {
    let grid = any(world, dice)?;
    match dice.below(8) {
        0 => grid.info().map(drop),
        1 => grid.layout().map(drop),
        2 => grid.corners().map(drop),
        3 => grid.ghost_corners().map(drop),
        4 => grid.ownership_ranges().map(drop),
        5 => grid.field_name(dice.below(grid.layout()?.dof + 1)).map(drop),
        6 => grid.interpolation_type().map(drop),
        _ => {
            let at = at(dice, grid.ghost_corners()?);
            let index = dice.index(grid.layout()?.dof);
            grid.global_indices(&[component(index, (at[0], at[1]))]).map(drop)
        }
    }
}

fn settings(world: &World, dice: &mut Dice) -> Result<()> {
    let mut grid = any(world, dice)?;
    match dice.below(3) {
        0 => {
            let dof = grid.layout()?.dof;
            grid.set_field_name(dice.below(dof + 1), "field")
        }
        1 => {
            let kind = dice.pick(&[InterpolationType::Q0, InterpolationType::Q1]);
            grid.set_interpolation_type(kind)
        }
        _ => {
            let factors = [(); 3].map(|()| dice.pick(&[1, 2, 2, 3, 0]));
            grid.set_refinement_factor(factors)
        }
    }
}

fn hierarchy(world: &World, dice: &mut Dice) -> Result<()> {
    let grid = any(world, dice)?;
    let levels = dice.below(2) + 1;
    let grids = if dice.coin() && grid.layout()?.owned.len() < 100 {
        grid.refine_hierarchy(levels)?
    } else {
        grid.coarsen_hierarchy(levels)?
    };
    for grid in grids {
        world.dms.keep(grid.into_dm());
    }
    Ok(())
}

/// A point of the part, or one beside it.
fn at(dice: &mut Dice, corners: Corners) -> [Int; 3] {
    let sizes = corners.sizes();
    let starts = [corners.x().start, corners.y().start, corners.z().start];
    std::array::from_fn(|d| starts[d] + dice.index(sizes[d]))
}

/// A vector of the grid, global or local, or rarely another one.
fn vector(world: &World, dice: &mut Dice, grid: &Dmda) -> Result<petsc_rs::Vector> {
    if dice.chance(6) {
        return vector::any(world, dice)?.share();
    }
    let mut x =
        if dice.coin() { grid.create_global_vector()? } else { grid.create_local_vector()? };
    x.set(dice.scalar())?;
    world.vectors.keep(x.share()?);
    Ok(x)
}

fn array<T: Pod + std::fmt::Debug>(world: &World, dice: &mut Dice, grid: &Dmda) -> Result<()> {
    let x = vector(world, dice, grid)?;
    let lent: GridRead<'_, T> = grid.array_as(&x)?;
    let before = format!("{:?}", lent.as_slice());
    let [i, j, k] = at(dice, lent.corners());
    let points = lent.get(i).or(lent.get((i, j))).or(lent.get((i, j, k)));
    let _ = format!("{points:?}");
    let corners = lent.corners();
    let whole = match grid.layout()?.dimension {
        1 => lent.span(corners.x(), ()),
        2 => lent.row(corners.y().start),
        _ => lent.row((corners.y().start, corners.z().start)),
    };
    assert!(whole.len() == corners.sizes()[0], "a row has the wrong length");
    world.play(dice);
    let after = format!("{:?}", lent.as_slice());
    assert!(after == before, "a lent array has changed");
    Ok(())
}

fn array_mut<T: Pod + std::fmt::Debug>(world: &World, dice: &mut Dice, grid: &Dmda) -> Result<()> {
    let mut x = vector(world, dice, grid)?;
    let mut lent: GridMut<'_, T> = grid.array_as_mut(&mut x)?;
    let first = lent.as_slice().first().copied();
    let [i, j, k] = at(dice, lent.corners());
    for point in [lent.get_mut(i).map(|to| *to), lent.get_mut((i, j)).map(|to| *to)] {
        let _ = format!("{point:?}");
    }
    if let (Some(to), Some(value)) = (lent.get_mut((i, j, k)), first) {
        *to = value;
    }
    let before = format!("{:?}", lent.as_slice());
    world.play(dice);
    let after = format!("{:?}", lent.as_slice());
    assert!(after == before, "an array lent for writing has changed");
    if let Some(value) = first {
        lent.as_mut_slice().fill(value);
    }
    Ok(())
}

fn array_dof(world: &World, dice: &mut Dice) -> Result<()> {
    let grid = any(world, dice)?;
    let x = vector(world, dice, &grid)?;
    let lent = grid.array_dof(&x)?;
    let layout = grid.layout()?;
    let (corners, dim) = (layout.owned, layout.dimension);
    let last = layout.dof - 1;
    let read = || {
        let point = [corners.x().start, corners.y().start, corners.z().start];
        match (corners.is_empty(), dim) {
            (true, _) => Scalar::from_real(0.0),
            (_, 1) => lent[(point[0], last)],
            (_, 2) => lent[((point[0], point[1]), last)],
            _ => lent[((point[0], point[1], point[2]), last)],
        }
    };
    let before = format!("{:?}", read());
    world.play(dice);
    assert!(format!("{:?}", read()) == before, "a lent array has changed");
    Ok(())
}

fn array_dof_mut(world: &World, dice: &mut Dice) -> Result<()> {
    let grid = any(world, dice)?;
    let mut x = vector(world, dice, &grid)?;
    let layout = grid.layout()?;
    let mut lent = grid.array_dof_mut(&mut x)?;
    let value = dice.scalar();
    world.play(dice);
    for (i, j, k) in layout.owned.points3() {
        for c in 0..layout.dof {
            match layout.dimension {
                1 => lent[(i, c)] = value,
                2 => lent[((i, j), c)] = value,
                _ => lent[((i, j, k), c)] = value,
            }
        }
    }
    Ok(())
}

/// Rows of a matrix of the grid, and other things meanwhile.
fn stencil(world: &World, dice: &mut Dice) -> Result<()> {
    let grid = any(world, dice)?;
    let mut a =
        if dice.chance(90) { grid.create_matrix()? } else { matrix::any(world, dice)?.share()? };
    world.matrices.keep(a.share()?);
    let layout = grid.layout()?;
    let mut rows = grid.stencil_assembler(&mut a, dice.mode())?;
    let writer = Writer {
        world,
        owned: layout.owned,
        known: layout.ghosted,
        dof: layout.dof,
        wild: dice.chance(10),
    };
    match layout.dimension {
        1 => writer.fill(dice, &mut rows, |p| p[0]),
        2 => writer.fill(dice, &mut rows, |p| (p[0], p[1])),
        _ => writer.fill(dice, &mut rows, |p| (p[0], p[1], p[2])),
    }?;
    if dice.chance(80) { rows.finish() } else { Ok(()) }
}

/// Rows for the points of this rank, with entries for some points around them.
struct Writer<'a> {
    world: &'a World,
    owned: Corners,
    known: Corners,
    dof: usize,
    /// Whether operations also use points and components that do not exist.
    wild: bool,
}

impl Writer<'_> {
    fn fill<P>(
        &self,
        dice: &mut Dice,
        rows: &mut StencilAssembler<'_>,
        point: impl Fn([Int; 3]) -> P,
    ) -> Result<()>
    where
        Component<P>: StencilPoint,
        P: StencilPoint,
    {
        // Ranks own different numbers of points.
        let (mut apart, alone) = (dice.apart(), self.world.is_alone());
        let playing = dice.below(10);
        if !alone {
            self.world.play(dice);
        }
        for (n, (i, j, k)) in self.owned.points3().enumerate() {
            if alone && n == playing {
                self.world.play(dice);
            }
            let dice = &mut apart;
            let row = component(self.component(dice), point([i, j, k]));
            let near = [[i, j, k], [i - 1, j, k], [i, j + 1, k], [i, j, k - 1]];
            let entries: Vec<_> = near
                .into_iter()
                .filter(|&[i, j, k]| self.wild || self.known.contains((i, j, k)))
                .map(|at| (component(self.component(dice), point(at)), dice.scalar()))
                .collect();
            rows.row(row, entries)?;
            if self.dof == 2 && dice.chance(30) {
                let block = [[dice.scalar(); 2]; 2];
                rows.blocks(point([i, j, k]), &[(point([i, j, k]), block)])?;
            }
        }
        Ok(())
    }

    fn component(&self, dice: &mut Dice) -> Int {
        let inside = dice.below(self.dof);
        if self.wild {
            return dice.index(self.dof);
        }
        Int::try_from(inside).unwrap_or(0)
    }
}

fn zero_rows(world: &World, dice: &mut Dice) -> Result<()> {
    let grid = any(world, dice)?;
    let mut a = grid.create_matrix()?;
    if dice.chance(80) {
        a.assemble()?;
    }
    world.matrices.keep(a.share()?);
    let layout = grid.layout()?;
    let [i, j, k] = at(dice, layout.owned);
    let c = dice.index(layout.dof);
    let diagonal = dice.scalar();
    let columns = dice.coin();
    macro_rules! zero {
        ($at:expr) => {
            if columns {
                grid.zero_rows_columns(&mut a, &[component(c, $at)], diagonal, None)
            } else {
                grid.zero_rows(&mut a, &[component(c, $at)], diagonal, None)
            }
        };
    }
    match layout.dimension {
        1 => zero!(i),
        2 => zero!((i, j)),
        _ => zero!((i, j, k)),
    }
}

fn natural(world: &World, dice: &mut Dice) -> Result<()> {
    let grid = any(world, dice)?;
    let x = vector(world, dice, &grid)?;
    if dice.chance(30) {
        return grid.gather_natural(&x).map(drop);
    }
    let mut natural = grid.create_natural_vector()?;
    world.vectors.keep(natural.share()?);
    if dice.coin() {
        grid.global_to_natural(&x, dice.mode(), &mut natural)
    } else {
        let mut y = grid.create_global_vector()?;
        grid.natural_to_global(&natural, dice.mode(), &mut y)
    }
}

/// The residual `u - 1` by closures over points.
pub(crate) fn residual(snes: &mut Snes, dof: usize, away: Away, seed: u64) -> Result<()> {
    match dof {
        1 => local_residual::<1>(snes, away, seed),
        2 => local_residual::<2>(snes, away, seed),
        _ => local_residual::<3>(snes, away, seed),
    }
}

fn local_residual<const N: usize>(snes: &mut Snes, away: Away, seed: u64) -> Result<()>
where
    [Scalar; N]: Pod,
{
    snes.set_function_local::<[Scalar; N], _>(move |_, x, y| {
        away.play(seed);
        for (i, j, k) in y.corners().points3() {
            let from = x.get(i).or(x.get((i, j))).or(x.get((i, j, k))).copied();
            let Some(value) = from else { continue };
            let value = value.map(|v| v - Scalar::from_real(1.0));
            if let Some(to) = y.get_mut(i) {
                *to = value;
            } else if let Some(to) = y.get_mut((i, j)) {
                *to = value;
            } else if let Some(to) = y.get_mut((i, j, k)) {
                *to = value;
            }
        }
        Ok(())
    })
}
