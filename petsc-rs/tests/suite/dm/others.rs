//! Composites, shells, and staggered grids.

use petsc_rs::dm::{BoundaryType, DmComposite, DmShell, DmStag, Location};
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, VectorRef};
use petsc_test::assert_close;

use super::{all, code, float, real, sampled};

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_composite_holds_its_parts_one_after_the_other(petsc: &Petsc) -> Result<()> {
    let a = Dmda::builder(petsc.world()).sizes([6]).build()?;
    let b = Dmda::builder(petsc.world()).sizes([5, 4]).build()?;
    let both = DmComposite::new(petsc.world(), &[&a, &b])?;
    assert_eq!(both.count()?, 2);
    assert_eq!(both.grids()?[1].as_dmda()?.info()?.sizes, [5, 4, 1]);
    assert_eq!(code(both.as_dmda()), Some(ErrorCode::ARG_WRONG));
    let mut x = both.create_global_vector()?;
    assert_eq!(x.len()?, 26);
    let mut parts = both.parts_mut(&mut x)?;
    let counting = sampled(&a, |i, _, _| i)?;
    parts.part_mut(0)?.copy_from(&counting)?;
    parts.part_mut(1)?.set(real(2.0))?;
    assert_eq!(code(parts.part(2)), Some(ErrorCode::ARG_OUTOFRANGE));
    drop(parts);
    assert_close!(x.sum()?.real(), 15.0 + 40.0, 1e-14);
    // The index sets lead to the same entries.
    let sets = both.global_index_sets()?;
    let ends = [15.0, 40.0];
    for (set, sum) in sets.iter().zip(ends) {
        assert_close!(x.subvector(set)?.sum()?.real(), sum, 1e-14);
    }
    // Local vectors have ghost points.
    let (mut la, mut lb) = (a.create_local_vector()?, b.create_local_vector()?);
    both.scatter(&x, &mut [&mut la, &mut lb])?;
    let u = a.array(&la)?;
    for i in a.ghost_corners()?.x() {
        assert_close!(u[i].real(), float(i), 1e-15);
    }
    drop(u);
    let mut y = both.create_global_vector()?;
    let locals: [&VectorRef; 2] = [&la, &lb];
    both.gather(&locals, InsertMode::Insert, &mut y)?;
    y.axpy(real(-1.0), &x)?;
    assert_eq!(y.norm(Norm::Infinity)?, 0.0);
    // The matrix holds both, one after the other.
    assert_eq!(both.create_matrix()?.size()?, (26, 26));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn parts_borrow_the_whole(petsc: &Petsc) -> Result<()> {
    let a = Dmda::builder(petsc.world()).sizes([6]).build()?;
    let both = DmComposite::new(petsc.world(), &[&a, &a])?;
    let x = both.create_global_vector()?;
    let mut holder = Vector::new(petsc.world(), 1)?;
    holder.compose("x", &x)?;
    let mut other: Vector = holder.query("x")?.ok_or("just composed")?;
    let state = Some(ErrorCode::ARG_WRONGSTATE);
    let parts = both.parts(&x)?;
    assert!(other.array().is_ok());
    assert_eq!(code(other.array_mut()), state);
    assert_eq!(code(both.parts_mut(&mut other)), state);
    assert_eq!(parts.part(1)?.len()?, 6);
    drop(parts);
    assert!(other.array_mut().is_ok());
    let short = Vector::with_local_len(petsc.world(), 1)?;
    assert_eq!(code(both.parts(&short)), Some(ErrorCode::ARG_SIZ));
    let none = DmComposite::new(petsc.world(), &[]);
    assert_eq!(code(none), Some(ErrorCode::ARG_SIZ));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn composites_refine_part_by_part(petsc: &Petsc) -> Result<()> {
    let a = Dmda::builder(petsc.world()).sizes([5]).build()?;
    let b = Dmda::builder(petsc.world()).sizes([4, 4]).build()?;
    let coarse = DmComposite::new(petsc.world(), &[&a, &b])?;
    let fine = coarse.refine()?.into_composite()?;
    let mut x = coarse.create_global_vector()?;
    x.set(real(1.0))?;
    let mut y = fine.create_global_vector()?;
    assert_eq!(y.len()?, 9 + 49);
    let p = coarse.create_interpolation(&fine)?;
    p.matrix.mult(&x, &mut y)?;
    assert_close!(y.sum()?.real(), 58.0, 1e-13);
    // C would walk off the end of the shorter list, or read a cube as a line.
    let one = DmComposite::new(petsc.world(), &[&a])?;
    let wrong = coarse.create_interpolation(&one);
    assert_eq!(code(wrong), Some(ErrorCode::ARG_SIZ));
    let wrong = coarse.create_interpolation(&a);
    assert_eq!(code(wrong), Some(ErrorCode::ARG_NOTSAMETYPE));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_shell_transfers_by_its_scatters(petsc: &Petsc) -> Result<()> {
    // Local vectors are the whole on every rank.
    let x = Vector::from_fn(petsc.world(), 7, |i| Ok(real(float(i))))?;
    let (to_all, whole) = Scatter::to_all(&x)?;
    let own = IndexSet::strided(petsc.self_comm(), x.local_len()?, x.ownership_range()?.start, 1)?;
    let back = Scatter::new(&whole, Some(&own), &x, Some(&own))?;
    let mut grid = DmShell::with_local(&x, &whole, &to_all, &back)?;
    let mut local = grid.create_local_vector()?;
    grid.global_to_local(&x, InsertMode::Insert, &mut local)?;
    let seen: Vec<f64> = local.array()?.iter().map(|z| z.real()).collect();
    assert_eq!(seen, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    local.scale(real(2.0))?;
    let mut y = grid.create_global_vector()?;
    grid.local_to_global(&local, InsertMode::Insert, &mut y)?;
    assert_eq!(all(&y)?, [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0]);
    let mut a = Matrix::builder(petsc.world()).global_size(7, 7).build()?;
    a.assemble()?;
    grid.set_matrix(&a)?;
    assert_eq!(grid.create_matrix()?.size()?, (7, 7));
    // Scatters of other vectors are refused.
    let wrong = DmShell::with_local(&x, &whole, &back, &to_all);
    if petsc.world().size() > 1 {
        assert_eq!(code(wrong), Some(ErrorCode::ARG_SIZ));
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_staggered_grid_numbers_vertices_edges_and_elements(petsc: &Petsc) -> Result<()> {
    let grid = DmStag::builder(petsc.world()).sizes([6, 5]).dof([1, 1, 2]).build()?;
    assert_eq!(grid.sizes()?, [6, 5, 1]);
    // A vertex, a left and a lower edge, and two unknowns inside.
    assert_eq!(grid.entries_per_element()?, 5);
    let mut x = grid.create_global_vector()?;
    assert_eq!(x.len()?, 7 * 6 + (7 * 5 + 6 * 6) + 2 * 6 * 5);
    let (left, inside) = (grid.slot(Location::Left, 0)?, grid.slot(Location::Element, 1)?);
    let out = Some(ErrorCode::ARG_OUTOFRANGE);
    assert_eq!(code(grid.slot(Location::Left, 1)), out);
    assert_eq!(code(grid.slot(Location::Right, 0)), out);
    let mut local = grid.create_local_vector()?;
    let mut u = grid.array_mut(&mut local)?;
    for (i, j) in grid.corners()?.points() {
        u[((i, j), left)] = real(float(i));
        u[((i, j), inside)] = real(100.0 * float(j));
    }
    drop(u);
    grid.local_to_global(&local, InsertMode::Insert, &mut x)?;
    assert_close!(x.sum()?.real(), 5.0 * 15.0 + 600.0 * 10.0, 1e-13);
    // Each rank sees the left edges of its neighbors' elements.
    grid.global_to_local(&x, InsertMode::Insert, &mut local)?;
    let u = grid.array(&local)?;
    let seen = grid.ghost_corners()?;
    for (i, j) in seen.points() {
        if (0..6).contains(&i) && (0..5).contains(&j) {
            assert_close!(u[((i, j), left)].real(), float(i), 1e-15);
        }
    }
    let (global, global_x) = (grid.create_global_vector()?, grid.array(&x));
    if global.local_len()? != local.local_len()? {
        assert_eq!(code(global_x), Some(ErrorCode::ARG_SIZ));
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn staggered_grids_count_their_entries_in_one_and_three_dimensions(petsc: &Petsc) -> Result<()> {
    let line = DmStag::builder(petsc.world())
        .sizes([6])
        .dof([1, 2])
        .boundaries([BoundaryType::Periodic])
        .uniform_coordinates([(0.0, 3.0)])
        .build()?;
    assert_eq!(line.create_global_vector()?.len()?, 6 + 12);
    let cube = DmStag::builder(petsc.world()).sizes([4, 3, 5]).dof([0, 0, 1, 1]).build()?;
    let faces = 5 * 3 * 5 + 4 * 4 * 5 + 4 * 3 * 6;
    assert_eq!(cube.create_global_vector()?.len()?, faces + 60);
    let size = Some(ErrorCode::ARG_SIZ);
    let wrong = DmStag::builder(petsc.world()).sizes([4]).dof([1]);
    assert_eq!(code(wrong.build()), size);
    let mirror =
        DmStag::builder(petsc.world()).sizes([4]).dof([1, 1]).boundaries([BoundaryType::Mirror]);
    assert_eq!(code(mirror.build()), Some(ErrorCode::SUP));
    Ok(())
}
