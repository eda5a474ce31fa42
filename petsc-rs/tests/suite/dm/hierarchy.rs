//! Finer and coarser grids, colorings.

use petsc_rs::ErrorCode;
use petsc_rs::dm::{BoundaryType, ColoringKind, InterpolationType, StencilType};
use petsc_rs::prelude::*;
use petsc_test::{assert_close, assert_error};

use super::{code, real, sampled};

#[petsc_test::test(ranks = [1, 2, 3])]
fn interpolation_reproduces_linear_functions(petsc: &Petsc) -> Result<()> {
    let coarse = Dmda::builder(petsc.world()).sizes([9, 7, 5]).refinement([2, 3, 2]).build()?;
    let fine = coarse.refine()?;
    assert_eq!(fine.info()?.sizes, [17, 19, 9]);
    assert_eq!((fine.refine_level()?, coarse.refine_level()?), (1, 0));
    let p = coarse.create_interpolation(&fine)?;
    let x = sampled(&coarse, |i, j, k| 2.0 * i - 3.0 * j + k + 1.0)?;
    let mut y = fine.create_global_vector()?;
    p.matrix.mult(&x, &mut y)?;
    let expected = sampled(&fine, |i, j, k| i - j + 0.5 * k + 1.0)?;
    y.axpy(real(-1.0), &expected)?;
    assert_close!(y.norm(Norm::Infinity)?, 0.0, 0.0, 1e-13);
    // Injection takes the points that both have.
    let mut back = coarse.create_global_vector()?;
    let injection = coarse.create_injection(&fine)?;
    injection.mult(&expected, &mut back)?;
    back.axpy(real(-1.0), &x)?;
    assert_close!(back.norm(Norm::Infinity)?, 0.0, 0.0, 1e-13);
    // Restriction, scaled, keeps constants.
    let mut ones = fine.create_global_vector()?;
    ones.set(real(1.0))?;
    p.matrix.mult_transpose(&ones, &mut back)?;
    let scale = p.scale.ok_or("no scale")?;
    let restricted = back.duplicate()?;
    let mut product = restricted;
    product.pointwise_mult(&back, &scale)?;
    assert_close!(product.sum()?.real(), 9.0 * 7.0 * 5.0, 1e-13);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn refined_and_coarsened_grids_have_their_sizes_and_names(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world())
        .sizes([17, 17])
        .uniform_coordinates([(0.0, 1.0), (0.0, 2.0)])
        .field_names(["temperature"])
        .build()?;
    let coarser = grid.coarsen_hierarchy(2)?;
    let sizes: Vec<usize> =
        coarser.iter().map(|g| Ok(g.info()?.sizes[0])).collect::<Result<_>>()?;
    assert_eq!(sizes, [9, 5]);
    assert_eq!(coarser[1].coarsen_level()?, 2);
    assert_close!(coarser[1].bounding_box()?.1[1], 2.0, 1e-15);
    assert_eq!(coarser[1].field_name(0)?.as_deref(), Some("temperature"));
    let finer = coarser[1].refine_hierarchy(2)?;
    assert_eq!(finer[1].info()?.sizes, [17, 17, 1]);
    let mut periodic = Dmda::builder(petsc.world())
        .sizes([8])
        .boundaries([BoundaryType::Periodic])
        .interpolation(InterpolationType::Q0)
        .build()?;
    assert_eq!(periodic.interpolation_type()?, InterpolationType::Q0);
    periodic.set_refinement_factor([3, 1, 1])?;
    assert_eq!(periodic.refinement_factor()?, [3, 1, 1]);
    assert_eq!(periodic.refine()?.info()?.sizes[0], 24);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn interpolation_between_grids_that_do_not_fit_is_refused(petsc: &Petsc) -> Result<()> {
    let grid = |n| Dmda::builder(petsc.world()).sizes([n]).build();
    assert_error(
        grid(6)?.create_interpolation(&grid(13)?.into_dm()),
        ErrorCode::ARG_INCOMP,
        "outside the range of its coarse points",
    );
    let two = Dmda::builder(petsc.world()).sizes([9, 9]).build()?;
    let wrong = grid(5)?.create_interpolation(&two);
    assert_eq!(code(wrong), Some(ErrorCode::ARG_INCOMP));
    let mut one = grid(5)?;
    let zero = one.set_refinement_factor([0, 1, 1]);
    assert_eq!(code(zero), Some(ErrorCode::ARG_OUTOFRANGE));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_stencil_needs_as_many_colors_as_it_has_unknowns(petsc: &Petsc) -> Result<()> {
    for (stencil, dof, colors) in
        [(StencilType::Star, 1, 5), (StencilType::Box, 1, 9), (StencilType::Box, 2, 18)]
    {
        let grid =
            Dmda::builder(petsc.world()).sizes([12, 12]).dof(dof).stencil(stencil, 1).build()?;
        let coloring = grid.create_coloring(ColoringKind::Global)?;
        let (count, each) = coloring.colors()?;
        assert_eq!(count, colors);
        assert_eq!(each.len(), grid.corners()?.len() * dof);
        let sets = coloring.index_sets()?;
        assert_eq!(sets.len(), colors);
        let unknowns: usize = sets.iter().map(|s| s.len()).sum::<Result<usize>>()?;
        assert_eq!(unknowns, 144 * dof);
    }
    Ok(())
}
