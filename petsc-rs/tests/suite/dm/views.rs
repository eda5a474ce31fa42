//! Vectors as arrays over grid points.

use petsc_rs::ErrorCode;
use petsc_rs::bytemuck::{Pod, Zeroable};
use petsc_rs::dm::{BoundaryType, StencilType};
use petsc_rs::prelude::*;
use petsc_test::assert_close;

use super::{code, float, real, sampled, spread};

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_five_point_formula_is_exact_for_a_cubic_polynomial(petsc: &Petsc) -> Result<()> {
    // The five-point formula is exact for polynomials of degree three.
    let grid = Dmda::builder(petsc.world()).sizes([9, 8]).build()?;
    let x = sampled(&grid, |x, y, _| x * x * x - 2.0 * x * y + 3.0 * y * y)?;
    let local = spread(&grid, &x)?;
    let u = grid.array(&local)?;
    let mut result = grid.create_global_vector()?;
    let mut f = grid.array_mut(&mut result)?;
    for (i, j) in grid.corners()?.points() {
        if i == 0 || i == 8 || j == 0 || j == 7 {
            continue;
        }
        let four = real(4.0);
        f[(i, j)] =
            u[(i - 1, j)] + u[(i + 1, j)] + u[(i, j - 1)] + u[(i, j + 1)] - four * u[(i, j)];
        assert_close!(f[(i, j)].real(), 6.0 * float(i) + 6.0, 1e-13);
    }
    drop(f);
    // Σ over the inner points: 6 rows of Σ (6i + 6), i = 1..7.
    assert_close!(result.sum()?.real(), 6.0 * (6.0 * 28.0 + 42.0), 1e-12);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn rows_and_spans_lend_the_entries_of_their_points(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([6, 5, 4]).build()?;
    let mut x = sampled(&grid, |i, j, k| i + 10.0 * j + 100.0 * k)?;
    let own = grid.corners()?;
    let mut u = grid.array_mut(&mut x)?;
    for k in own.z() {
        for j in own.y() {
            let base = 10.0 * float(j) + 100.0 * float(k);
            for (i, value) in own.x().zip(u.row((j, k))) {
                assert_close!(value.real(), base + float(i), 1e-15);
            }
            let tail = own.x().start + 1..own.x().end;
            assert_eq!(u.span(tail.clone(), (j, k)).len(), tail.count());
            u.row_mut((j, k)).fill(real(base));
            u.span_mut(own.x().start..own.x().start + 1, (j, k))[0] = real(-1.0);
            assert_eq!(u[(own.x().start, j, k)], real(-1.0));
            assert_eq!(u.get((own.x().end - 1, j, k)), Some(&real(base)));
        }
    }
    assert_eq!(u.as_slice().len(), own.len());
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn points_outside_are_not_there(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([6, 5]).build()?;
    let x = grid.create_global_vector()?;
    let u = grid.array(&x)?;
    let own = grid.corners()?;
    let (i, j) = (own.start[0], own.start[1]);
    assert!(u.get((i, j)).is_some());
    for at in
        [(i - 1, j), (i, j - 1), (own.end[0], j), (i, own.end[1]), (Int::MIN, j), (i, Int::MAX)]
    {
        assert!(u.get(at).is_none(), "{at:?}");
    }
    // Indices of another number of dimensions are of no grid point.
    assert!(u.get(i).is_none() && u.get((i, j, 0)).is_none());
    let outside = |what: &dyn std::fmt::Debug| format!("{what:?} is outside the points");
    let (end, row, span) = ((own.end[0], j), own.end[1], i..own.end[0] + 1);
    petsc_test::assert_panics(|| u[end], &outside(&end));
    petsc_test::assert_panics(|| u.row(row).len(), &outside(&row));
    petsc_test::assert_panics(|| u.span(span.clone(), j).len(), &outside(&(span.clone(), j)));
    petsc_test::assert_panics(|| u.row(()).len(), &outside(&()));
    Ok(())
}

#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[bytemuck(crate = "petsc_rs::bytemuck")]
#[repr(C)]
struct Flow {
    speed: [Scalar; 2],
    pressure: Scalar,
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn structs_hold_the_unknowns_of_a_point(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world())
        .sizes([7, 4])
        .dof(3)
        .boundaries([BoundaryType::Periodic, BoundaryType::None])
        .stencil(StencilType::Box, 1)
        .build()?;
    let mut x = grid.create_global_vector()?;
    let mut flow = grid.array_as_mut::<Flow>(&mut x)?;
    for (i, j) in grid.corners()?.points() {
        flow[(i, j)].speed = [real(float(i)), real(float(j))];
        flow[(i, j)].pressure = real(1.0);
    }
    drop(flow);
    assert_close!(x.stride_sum(0)?.real(), 21.0 * 4.0, 1e-14);
    assert_close!(x.stride_sum(1)?.real(), 6.0 * 7.0, 1e-14);
    assert_close!(x.stride_sum(2)?.real(), 28.0, 1e-14);
    let local = spread(&grid, &x)?;
    let flow = grid.array_as::<Flow>(&local)?;
    for (i, j) in grid.ghost_corners()?.points() {
        let expected = [float((i + 7) % 7), float(j)];
        assert_close!(flow[(i, j)].speed.map(|z| z.real())[..], expected[..], 1e-15);
    }
    let wrong = Some(ErrorCode::ARG_SIZ);
    assert_eq!(code(grid.array(&x)), wrong);
    assert_eq!(code(grid.array_as::<[Scalar; 2]>(&x)), wrong);
    assert_eq!(code(grid.array_as::<()>(&x)), wrong);
    assert!(grid.array_as::<[Scalar; 3]>(&x).is_ok());
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn views_go_through_the_borrow_table(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([8]).build()?;
    let mut holder = Vector::new(petsc.world(), 1)?;
    let mut x = grid.create_global_vector()?;
    holder.compose("x", &x)?;
    let mut other: Vector = holder.query("x")?.ok_or("just composed")?;
    let mut local = grid.create_local_vector()?;
    let state = Some(ErrorCode::ARG_WRONGSTATE);
    let u = grid.array_mut(&mut x)?;
    assert_eq!(code(grid.array(&other)), state);
    assert_eq!(code(grid.array_mut(&mut other)), state);
    assert_eq!(code(other.norm(Norm::Two)), state);
    let transfer = grid.global_to_local(&other, InsertMode::Insert, &mut local);
    assert_eq!(code(transfer), state);
    drop(u);
    let u = grid.array(&x)?;
    assert!(grid.array(&other).is_ok());
    assert_eq!(code(grid.array_mut(&mut other)), state);
    let transfer = grid.local_to_global(&local, InsertMode::Insert, &mut other);
    assert_eq!(code(transfer), state);
    drop(u);
    assert!(grid.array_mut(&mut other).is_ok());
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_vector_of_another_size_is_refused(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([12]).build()?;
    let x = Vector::with_local_len(petsc.world(), 1)?;
    assert_eq!(code(grid.array(&x)), Some(ErrorCode::ARG_SIZ));
    Ok(())
}
