//! What the other modules do not touch: one value and one error for each method.

use petsc_rs::dm::{BoundaryType, ElementType, InterpolationType, StencilType, component};
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, VectorType};
use petsc_test::assert_close;

use super::{all, code, float, real, sampled, spread};

#[petsc_test::test(ranks = [1, 2, 3])]
fn local_to_local_fills_ghost_points(petsc: &Petsc) -> Result<()> {
    let grid =
        Dmda::builder(petsc.world()).sizes([8]).boundaries([BoundaryType::Periodic]).build()?;
    let mut from = grid.create_local_vector()?;
    from.set(real(-1.0))?;
    let own = grid.corners()?;
    let mut u = grid.array_mut(&mut from)?;
    for i in own.x() {
        u[i] = real(float(i));
    }
    drop(u);
    let mut to = grid.create_local_vector()?;
    grid.local_to_local(&from, InsertMode::Insert, &mut to)?;
    let u = grid.array(&to)?;
    for i in grid.ghost_corners()?.x() {
        assert_close!(u[i].real(), float((i + 8) % 8), 1e-15);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn box_stencils_fill_the_corners_of_ghost_points(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world())
        .sizes([5, 6, 7])
        .boundaries([BoundaryType::Periodic; 3])
        .stencil(StencilType::Box, 1)
        .build()?;
    let x = sampled(&grid, |i, j, k| i + 10.0 * j + 100.0 * k)?;
    let local = spread(&grid, &x)?;
    let u = grid.array(&local)?;
    for (i, j, k) in grid.ghost_corners()?.points3() {
        let expected = float((i + 5) % 5) + 10.0 * float((j + 6) % 6) + 100.0 * float((k + 7) % 7);
        assert_close!(u[(i, j, k)].real(), expected, 1e-15);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_transfer_leaves_ghost_points_beyond_the_grid_alone(petsc: &Petsc) -> Result<()> {
    let grid =
        Dmda::builder(petsc.world()).sizes([6]).boundaries([BoundaryType::Ghosted]).build()?;
    let mut local = grid.create_local_vector()?;
    local.set(real(7.0))?;
    let x = sampled(&grid, |i, _, _| i)?;
    grid.global_to_local(&x, InsertMode::Insert, &mut local)?;
    let u = grid.array(&local)?;
    for i in grid.ghost_corners()?.x() {
        let expected = if (0..6).contains(&i) { float(i) } else { 7.0 };
        assert_close!(u[i].real(), expected, 1e-15);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn coordinates_that_are_set_are_returned(petsc: &Petsc) -> Result<()> {
    let mut grid = Dmda::builder(petsc.world()).sizes([6]).build()?;
    let axis = grid.coordinate_dmda()?;
    assert_eq!(axis.info()?.dof, 1);
    let squares = sampled(&axis, |i, _, _| i * i)?;
    grid.set_coordinates(&squares)?;
    let found = grid.coordinates()?.ok_or("just set")?;
    assert_eq!(all(&found)?, [0.0, 1.0, 4.0, 9.0, 16.0, 25.0]);
    assert_close!(grid.bounding_box()?.1[0], 25.0, 1e-15);
    let short = Vector::with_local_len(petsc.world(), 1)?;
    let size = Some(ErrorCode::ARG_SIZ);
    if petsc.world().size() < 3 {
        assert_eq!(code(grid.set_coordinates(&short)), size);
    }
    assert_eq!(code(grid.set_uniform_coordinates(&[])), size);
    let turned = grid.set_uniform_coordinates(&[(1.0, 0.0)]);
    assert_eq!(code(turned), Some(ErrorCode::ARG_OUTOFRANGE));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_grid_makes_matrices_of_the_type_that_was_set(petsc: &Petsc) -> Result<()> {
    let mut grid =
        Dmda::builder(petsc.world()).sizes([4, 4]).dof(2).stencil(StencilType::Box, 1).build()?;
    grid.set_mat_type(MatrixType::BAIJ)?;
    let a = grid.create_matrix()?;
    assert!(a.type_name()?.is_some_and(|t| t.ends_with("baij")));
    assert_eq!(a.block_sizes()?, (2, 2));
    // Unassembled: each rank has the rows of its ghost points too.
    grid.set_mat_type(MatrixType::IS)?;
    let mut a = grid.create_matrix()?;
    let mut rows = grid.stencil_assembler(&mut a, InsertMode::Add)?;
    let one = [[1.0, 0.0], [0.0, 1.0]].map(|row| row.map(real));
    for at in grid.corners()?.points() {
        rows.blocks(at, &[(at, one)])?;
    }
    rows.finish()?;
    let (mut x, mut y) = a.vectors()?;
    x.set(real(3.0))?;
    a.mult(&x, &mut y)?;
    assert_close!(y.sum()?.real(), 96.0, 1e-14);
    let nest = grid.set_vec_type(VectorType::NEST);
    assert_eq!(code(nest), Some(ErrorCode::ARG_WRONG));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn zero_rows_keeps_the_columns_of_known_values(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([5]).build()?;
    let mut a = grid.create_matrix()?;
    let mut rows = grid.stencil_assembler(&mut a, InsertMode::Insert)?;
    for i in grid.corners()?.x() {
        let around = [i - 1, i + 1].into_iter().filter(|i| (0..5).contains(i));
        rows.row(i, around.map(|at| (at, -1.0)).chain([(i, 2.0)]))?;
    }
    rows.finish()?;
    let x = sampled(&grid, |i, _, _| 10.0 + i)?;
    let mut b = grid.create_global_vector()?;
    let first: Vec<Int> = grid.corners()?.x().filter(|&i| i == 0).collect();
    grid.zero_rows(&mut a, &first, real(4.0), Some((&x, &mut b)))?;
    assert_eq!(all(&b)?, [40.0, 0.0, 0.0, 0.0, 0.0]);
    // The row is gone, the column is still there.
    let mut y = x.duplicate()?;
    a.mult(&x, &mut y)?;
    assert_eq!(all(&y)?, [40.0, 0.0, 0.0, 0.0, 15.0]);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn cells_keep_their_mean(petsc: &Petsc) -> Result<()> {
    // Values of cells are constant in them: each coarse cell becomes four fine ones.
    let coarse =
        Dmda::builder(petsc.world()).sizes([6, 4]).interpolation(InterpolationType::Q0).build()?;
    let fine = coarse.refine()?;
    assert_eq!(fine.info()?.sizes, [12, 8, 1]);
    let x = sampled(&coarse, |i, j, _| i * i + 100.0 * j)?;
    let mut y = fine.create_global_vector()?;
    coarse.create_interpolation(&fine)?.matrix.mult(&x, &mut y)?;
    let expected = sampled(&fine, |i, j, _| (i / 2.0).floor().powi(2) + 100.0 * (j / 2.0).floor())?;
    y.axpy(real(-1.0), &expected)?;
    assert_eq!(y.norm(Norm::Infinity)?, 0.0);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn with_dof_keeps_the_points(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([6, 5]).build()?;
    let three = grid.with_dof(3)?;
    assert_eq!(three.corners()?, grid.corners()?);
    assert_eq!(code(grid.with_dof(0)), Some(ErrorCode::ARG_OUTOFRANGE));
    let mut x = three.create_global_vector()?;
    let mut u = three.array_dof_mut(&mut x)?;
    for (i, j) in grid.corners()?.points() {
        u[((i, j), 2)] = real(float(i + j));
    }
    drop(u);
    assert_close!(x.stride_sum(2)?.real(), 5.0 * 15.0 + 6.0 * 10.0, 1e-14);
    assert_eq!(x.stride_sum(1)?.real(), 0.0);
    let wrong = Dmda::builder(petsc.world()).sizes([6]).dof(2).block_fills([true], [true]).build();
    assert_eq!(code(wrong), Some(ErrorCode::ARG_SIZ));
    Ok(())
}

/// Triangles and cells of a grid cover it once: areas by the shoelace formula over all ranks.
#[petsc_test::test(ranks = [1, 2, 3])]
fn elements_cover_the_grid_once(petsc: &Petsc) -> Result<()> {
    let mut grid =
        Dmda::builder(petsc.world()).sizes([6, 4]).dof(2).stencil(StencilType::Box, 1).build()?;
    let ghosted = grid.ghost_corners()?;
    let width = ghosted.sizes()[0];
    for (kind, corners, each) in [(ElementType::P1, 3, 0.5), (ElementType::Q1, 4, 1.0)] {
        let elements = grid.elements(kind)?;
        assert_eq!(elements.nodes_per_element(), corners);
        let mut area = 0.0;
        for nodes in &elements {
            let xy = |n: usize| ((n % width) as Real, (n / width) as Real);
            let mut twice = 0.0;
            for (a, b) in nodes.iter().zip(nodes.iter().cycle().skip(1)) {
                let ((ax, ay), (bx, by)) = (xy(*a), xy(*b));
                twice += ax * by - ay * bx;
            }
            assert!((twice / 2.0 - each).abs() < 1e-12, "{nodes:?}");
            area += twice / 2.0;
        }
        let mut sum = Vector::with_local_len(petsc.world(), 1)?;
        sum.set_zero()?;
        sum.array_mut()?[0] = Scalar::from_real(area);
        assert!((sum.sum()?.real() - 15.0).abs() < 1e-12);
        assert_eq!(elements.len(), elements.iter().count());
    }
    let mut star = Dmda::builder(petsc.world()).sizes([6, 4]).build()?;
    assert_eq!(code(star.elements(ElementType::P1)), Some(ErrorCode::SUP));
    Ok(())
}

/// A solver that stops at its limit says so without an error, or with one.
#[petsc_test::test(ranks = [1, 2])]
fn an_unchecked_solve_returns_divergence_without_an_error(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([20]).build()?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_dm(&grid)?;
    ksp.set_compute_operators(|ksp, _, p| {
        let grid = ksp.dm()?.into_dmda()?;
        let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
        for i in grid.corners()?.x() {
            let beside = [(i - 1, -1.0), (i + 1, -1.0)];
            let inside = beside.into_iter().filter(|(j, _)| (0..20).contains(j));
            rows.row(i, inside.chain([(i, 2.0)]))?;
        }
        rows.finish()
    })?;
    ksp.set_compute_rhs(|_, b| b.set(Scalar::from_real(1.0)))?;
    ksp.set_type(KspType::CG)?;
    ksp.pc()?.set_type(PcType::NONE)?;
    ksp.set_tolerances(petsc_rs::ksp::Tolerances {
        max_iterations: 2.into(),
        ..Default::default()
    })?;
    assert!(!ksp.solve_in_place_unchecked()?.is_converged());
    assert_eq!(code(ksp.solve_in_place()), Some(ErrorCode::NOT_CONVERGED));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn twisted_boundaries_are_refused(petsc: &Petsc) -> Result<()> {
    let sup = Some(ErrorCode::SUP);
    let twisted = Dmda::builder(petsc.world()).sizes([6]);
    assert_eq!(code(twisted.boundaries([BoundaryType::Twist]).build()), sup);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn unknowns_are_accessed_by_their_number(petsc: &Petsc) -> Result<()> {
    let mut grid = Dmda::builder(petsc.world()).sizes([5, 4]).dof(3).build()?;
    grid.set_field_name(1, "pressure")?;
    assert_eq!(grid.field_name(1)?.as_deref(), Some("pressure"));
    let mut x = grid.create_global_vector()?;
    let mut u = grid.array_dof_mut(&mut x)?;
    for at in grid.corners()?.points() {
        u[(at, 2)] = real(float(at.0) + 10.0 * float(at.1));
    }
    drop(u);
    let u = grid.array_dof(&x)?;
    for at in grid.corners()?.points() {
        assert_eq!(u[(at, 2)].real(), float(at.0) + 10.0 * float(at.1));
        assert_eq!(u[(at, 0)].real(), 0.0);
    }
    drop(u);
    // The same entries by their numbers in the global vector.
    let points: Vec<_> = grid.corners()?.points().collect();
    let thirds: Vec<_> = points.iter().map(|&at| component(2, at)).collect();
    let numbers = grid.global_indices(&thirds)?;
    let values = all(&x)?;
    for ((i, j), number) in points.into_iter().zip(numbers) {
        let at = usize::try_from(number)?;
        assert_eq!(values[at], float(i) + 10.0 * float(j));
    }
    let far = grid.global_indices(&[component(0, (5, 0))]);
    assert_eq!(code(far), Some(ErrorCode::ARG_OUTOFRANGE));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_split_local_to_global_adds_ghost_points_to_their_owners(petsc: &Petsc) -> Result<()> {
    let grid =
        Dmda::builder(petsc.world()).sizes([6]).boundaries([BoundaryType::Periodic]).build()?;
    let (mut local, mut x) = (grid.create_local_vector()?, grid.create_global_vector()?);
    local.set(real(1.0))?;
    let on_its_way = grid.local_to_global_begin(&local, InsertMode::Add, &mut x)?;
    // No second transfer through the same grid meanwhile.
    let (other, mut y) = (grid.create_local_vector()?, grid.create_global_vector()?);
    let second = grid.local_to_global_begin(&other, InsertMode::Add, &mut y);
    assert_eq!(code(second), Some(ErrorCode::ARG_WRONGSTATE));
    on_its_way.finish()?;
    // Each rank has two ghost points, whose ones come to their owners.
    let ranks = f64::from(petsc.world().size());
    let ghosts = if ranks > 1.0 { 2.0 * ranks } else { 2.0 };
    assert_close!(x.sum()?.real(), 6.0 + ghosts, 1e-14);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_dm_of_coordinates_has_one_unknown_per_dimension(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world())
        .sizes([5, 3])
        .uniform_coordinates([(0.0, 2.0), (0.0, 1.0)])
        .build()?;
    let axes = grid.coordinate_dm()?;
    assert_eq!(axes.as_dmda()?.info()?.dof, 2);
    let x = grid.coordinates()?.ok_or("they were given")?;
    assert_eq!(axes.global_vector()?.local_len()?, x.local_len()?);
    let at = axes.as_dmda()?.array_dof(&x)?;
    for (i, j) in grid.corners()?.points() {
        assert_close!(at[((i, j), 0)].real(), 0.5 * float(i), 1e-14);
        assert_close!(at[((i, j), 1)].real(), 0.5 * float(j), 1e-14);
    }
    Ok(())
}
