//! Matrices by grid point.

use petsc_rs::dm::{BoundaryType, StencilType, component};
use petsc_rs::matrix::{MatrixOption, Structure};
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, ErrorCode};
use petsc_test::assert_close;

use super::{all, code, float, real, sampled};

/// `-Δ` on the inner points of the unit square or cube, with zero values around: the points of the
/// grid are the inner ones.
fn dirichlet(grid: &DmdaRef) -> Result<Matrix> {
    let mut a = grid.create_matrix()?;
    let info = grid.info()?;
    let mut rows = grid.stencil_assembler(&mut a, InsertMode::Insert)?;
    for (i, j, k) in grid.corners()?.points3() {
        let mut diagonal = 0.0;
        let mut entries = Vec::new();
        for (d, step) in [(1, 0, 0), (0, 1, 0), (0, 0, 1)].into_iter().enumerate() {
            let n = Int::try_from(info.sizes[d])?;
            let h = 1.0 / (float(n) + 1.0);
            diagonal += 2.0 / (h * h);
            for s in [-1, 1] {
                let at = (i + s * step.0, j + s * step.1, k + s * step.2);
                let along = [at.0, at.1, at.2][d];
                if (0..n).contains(&along) {
                    entries.push((at, real(-1.0 / (h * h))));
                }
            }
        }
        entries.push(((i, j, k), real(diagonal)));
        rows.row((i, j, k), entries)?;
    }
    rows.finish()?;
    Ok(a)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn sines_are_eigenvectors_of_the_laplacian(petsc: &Petsc) -> Result<()> {
    let n = [7, 5, 6];
    let grid = Dmda::builder(petsc.world()).sizes(n).build()?;
    let a = dirichlet(&grid)?;
    let pi = std::f64::consts::PI;
    let h = n.map(|n| 1.0 / (f64::from(u32::try_from(n).unwrap_or(0)) + 1.0));
    let wave = |m: f64, i: f64, h: f64| (m * pi * (i + 1.0) * h).sin();
    let x = sampled(&grid, |i, j, k| wave(1.0, i, h[0]) * wave(2.0, j, h[1]) * wave(1.0, k, h[2]))?;
    let part = |m: f64, h: f64| (2.0 - 2.0 * (m * pi * h).cos()) / (h * h);
    let eigenvalue = part(1.0, h[0]) + part(2.0, h[1]) + part(1.0, h[2]);
    let mut y = x.duplicate()?;
    a.mult(&x, &mut y)?;
    y.axpy(real(-eigenvalue), &x)?;
    assert_close!(y.norm(Norm::Infinity)?, 0.0, 0.0, 1e-12);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn rows_at_a_periodic_boundary_wrap_around(petsc: &Petsc) -> Result<()> {
    let grid =
        Dmda::builder(petsc.world()).sizes([9]).boundaries([BoundaryType::Periodic]).build()?;
    let mut a = grid.create_matrix()?;
    let mut rows = grid.stencil_assembler(&mut a, InsertMode::Insert)?;
    for i in grid.corners()?.x() {
        rows.row(i, [(i - 1, -1.0), (i, 2.0), (i + 1, -1.0)])?;
    }
    rows.finish()?;
    let pi = std::f64::consts::PI;
    let x = sampled(&grid, |i, _, _| (2.0 * pi * i / 9.0).cos())?;
    let mut y = x.duplicate()?;
    a.mult(&x, &mut y)?;
    y.axpy(real(-(2.0 - 2.0 * (2.0 * pi / 9.0).cos())), &x)?;
    assert_close!(y.norm(Norm::Infinity)?, 0.0, 0.0, 1e-14);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn rows_of_ghost_points_travel(petsc: &Petsc) -> Result<()> {
    // Each rank adds 1 to the diagonal of all points that it sees.
    let grid = Dmda::builder(petsc.world()).sizes([9]).build()?;
    let mut a = grid.create_matrix()?;
    let mut rows = grid.stencil_assembler(&mut a, InsertMode::Add)?;
    for i in grid.ghost_corners()?.x() {
        rows.set(i, i, 1.0)?;
    }
    rows.finish()?;
    let inner = 2 * (petsc.world().size() - 1);
    assert_close!(a.trace()?.real(), 9.0 + f64::from(inner), 1e-15);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn points_outside_the_grid_are_refused(petsc: &Petsc) -> Result<()> {
    let out = Some(ErrorCode::ARG_OUTOFRANGE);
    let grid = Dmda::builder(petsc.world()).sizes([6, 6]).build()?;
    let mut a = grid.create_matrix()?;
    let ghosted = grid.ghost_corners()?;
    let (i, j) = (grid.corners()?.start[0], grid.corners()?.start[1]);
    let mut rows = grid.stencil_assembler(&mut a, InsertMode::Insert)?;
    let far = ghosted.end[0];
    assert_eq!(code(rows.set((far, j), (i, j), 1.0)), out);
    assert_eq!(code(rows.set((i, j), (far, j), 1.0)), out);
    assert_eq!(code(rows.set((i, j), (Int::MIN, j), 1.0)), out);
    assert_eq!(code(rows.set(i, i, 1.0)), out);
    assert_eq!(code(rows.set(component(1, (i, j)), component(0, (i, j)), 1.0)), out);
    rows.set((i, j), (i, j), 1.0)?;
    rows.finish()?;
    // Ghost points beyond the grid are no unknowns: as columns they are left out, as rows refused.
    let grid =
        Dmda::builder(petsc.world()).sizes([6]).boundaries([BoundaryType::Ghosted]).build()?;
    let mut a = grid.create_matrix()?;
    let mut rows = grid.stencil_assembler(&mut a, InsertMode::Insert)?;
    for i in grid.corners()?.x() {
        rows.row(i, [(i - 1, -1.0), (i, 2.0), (i + 1, -1.0)])?;
    }
    if petsc.world().rank() == 0 {
        assert_eq!(code(rows.set(-1, 0, 1.0)), out);
    }
    rows.finish()?;
    assert_close!(a.norm(Norm::One)?, 4.0, 1e-15);
    assert_close!(a.norm(Norm::Frobenius)?, 34_f64.sqrt(), 1e-15);
    // The matrix of another grid.
    let other = Dmda::builder(petsc.world()).sizes([20]).build()?;
    let wrong = other.stencil_assembler(&mut a, InsertMode::Insert);
    assert_eq!(code(wrong), Some(ErrorCode::ARG_SIZ));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn rows_by_unknown_agree_with_blocks(petsc: &Petsc) -> Result<()> {
    let grid =
        Dmda::builder(petsc.world()).sizes([6, 5]).dof(2).stencil(StencilType::Box, 1).build()?;
    // (u, v) ↦ (2u + v, 3v), once entry by entry, once by blocks.
    let mut a = grid.create_matrix()?;
    let mut b = grid.create_matrix()?;
    let mut rows = grid.stencil_assembler(&mut a, InsertMode::Insert)?;
    for at in grid.corners()?.points() {
        let (u, v) = (component(0, at), component(1, at));
        rows.row(u, [(u, 2.0), (v, 1.0)])?;
        rows.row(v, [(v, 3.0)])?;
    }
    rows.finish()?;
    let block = [[2.0, 1.0], [0.0, 3.0]].map(|row| row.map(real));
    let mut rows = grid.stencil_assembler(&mut b, InsertMode::Insert)?;
    for at in grid.corners()?.points() {
        rows.blocks(at, &[(at, block)])?;
    }
    rows.finish()?;
    for matrix in [&a, &b] {
        let (mut x, mut y) = matrix.vectors()?;
        x.stride_set(0, real(5.0))?;
        x.stride_set(1, real(7.0))?;
        matrix.mult(&x, &mut y)?;
        assert_close!(y.stride_sum(0)?.real(), 17.0 * 30.0, 1e-15);
        assert_close!(y.stride_sum(1)?.real(), 21.0 * 30.0, 1e-15);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn rows_of_known_values_are_eliminated_symmetrically(petsc: &Petsc) -> Result<()> {
    // u'' = 0 with u(0) = 1 and u(1) = 3, symmetrically eliminated: a straight line.
    let grid = Dmda::builder(petsc.world()).sizes([9]).build()?;
    let mut a = grid.create_matrix()?;
    let mut rows = grid.stencil_assembler(&mut a, InsertMode::Insert)?;
    for i in grid.corners()?.x() {
        let around = [i - 1, i + 1].into_iter().filter(|i| (0..9).contains(i));
        rows.row(i, around.map(|at| (at, -1.0)).chain([(i, 2.0)]))?;
    }
    rows.finish()?;
    let known = |i: &Int| *i == 0 || *i == 8;
    let ends: Vec<Int> = grid.corners()?.x().filter(known).collect();
    let mut x = sampled(&grid, |i, _, _| if i == 0.0 { 1.0 } else { 3.0 })?;
    let mut b = grid.create_global_vector()?;
    grid.zero_rows_columns(&mut a, &ends, real(1.0), Some((&x, &mut b)))?;
    assert!(a.is_symmetric(1e-15)?);
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    ksp.set_type(KspType::CG)?;
    let _ = ksp.solve(&b, &mut x)?;
    let line: Vec<f64> = (0..9).map(|i| 1.0 + f64::from(i) / 4.0).collect();
    assert_close!(all(&x)?[..], line[..], 1e-10);
    let beyond = grid.zero_rows(&mut a, &[100], real(1.0), None);
    assert_eq!(code(beyond), Some(ErrorCode::ARG_OUTOFRANGE));
    Ok(())
}

/// A different number for each pair of unknowns and each round.
fn entry(round: Int, row: Int, column: Int) -> Scalar {
    real(float(round) + float(row) / 64.0 - float(column * column) / 512.0)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn entries_are_written_where_c_finds_them(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world())
        .sizes([6, 7])
        .dof(2)
        .stencil(StencilType::Box, 1)
        .boundaries([BoundaryType::Periodic, BoundaryType::None])
        .build()?;
    let (mut a, mut b) = (grid.create_matrix()?, grid.create_matrix()?);
    for m in [&mut a, &mut b] {
        m.set_option(MatrixOption::NewNonzeroAllocationErr, false)?;
        m.set_option(MatrixOption::NewNonzeroLocationErr, false)?;
    }
    let (mut x, mut y) = a.vectors()?;
    x.set(real(1.0))?;
    let modes = [InsertMode::Insert, InsertMode::Add, InsertMode::Insert];
    for (round, mode) in (0..).zip(modes) {
        // The last round has entries outside of the stencil, which no place is kept for.
        let far = if round == 2 { 2 } else { 1 };
        let mut rows = grid.stencil_assembler(&mut a, mode)?;
        let mut reference = b.assembler(mode)?;
        let corners = grid.ghost_corners()?;
        let inside = |j: Int| (0..7).contains(&j) && corners.y().contains(&j);
        for at in grid.corners()?.points() {
            let mut columns = Vec::new();
            for (di, dj) in [(1, 0), (0, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (0, far)] {
                let to = (at.0 + di, at.1 + dj);
                if inside(to.1) && corners.x().contains(&to.0) {
                    columns.extend([component(1, to), component(0, to)]);
                }
            }
            let numbers = grid.global_indices(&columns)?;
            for c in [0, 1] {
                let row = component(c, at);
                let i = grid.global_indices(&[row])?[0];
                let values: Vec<_> = numbers.iter().map(|&j| entry(round, i, j)).collect();
                rows.row(row, columns.iter().copied().zip(values.iter().copied()))?;
                reference.row(i, &numbers, &values)?;
            }
        }
        rows.finish()?;
        reference.finish()?;
        a.mult(&x, &mut y)?;
        let sum = y.sum()?;
        b.mult(&x, &mut y)?;
        assert!(sum.real() != 0.0);
        assert_close!(y.sum()?.real(), sum.real(), 1e-13);
        let mut difference = a.duplicate_with_values()?;
        difference.axpy(real(-1.0), &b, Structure::Different)?;
        assert_close!(difference.norm(Norm::Frobenius)?, 0.0, 0.0, 1e-15);
    }
    Ok(())
}
