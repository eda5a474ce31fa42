//! Questions to DMs: neighbors and numbers of points, labels, named vectors, sizes.

use petsc_rs::dm::{BoundaryType, DmPlex, DmStag, ElementType, Interpolated, StencilType};
use petsc_rs::{ErrorCode, prelude::*};
use petsc_test::{assert_close, assert_code};

use super::real;

#[petsc_test::test(ranks = [1, 2, 3])]
fn points_in_common_are_found_in_both_directions(petsc: &Petsc) -> Result<()> {
    let mesh = DmPlex::box_mesh(petsc.world(), [3, 2]).simplex(false).build()?;
    for face in mesh.faces()? {
        let cells = mesh.support(face)?;
        assert!(mesh.meet(cells)?.contains(&face));
        if cells.len() == 2 {
            assert_eq!(mesh.meet(cells)?, [face]);
        }
        assert_eq!(mesh.join(mesh.cone(face)?)?, [face]);
    }
    for cell in mesh.cells()? {
        let corners: Vec<Int> = mesh.closure(cell)?[5..].to_vec();
        assert_eq!(mesh.full_join(&corners)?, [cell]);
        assert!(mesh.join(&corners)?.is_empty());
        assert_eq!(mesh.point_height(cell)?, 0);
        assert_eq!(mesh.point_depth(cell)?, 2);
        assert_eq!(mesh.point_depth(corners[0])?, 0);
        assert_eq!(mesh.point_height(corners[0])?, 2);
    }
    let beyond = mesh.points()?.end;
    for outcome in [
        mesh.join(&[]),
        mesh.meet(&[beyond]),
        mesh.full_join(&[-1]),
        mesh.meet(&[]),
        mesh.point_depth(beyond).map(|_| Vec::new()),
        mesh.point_height(-1).map(|_| Vec::new()),
    ] {
        assert_code(outcome, ErrorCode::ARG_OUTOFRANGE);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn each_point_has_one_global_number(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mesh = DmPlex::box_mesh(comm, [4, 3]).build()?;
    assert!(!mesh.is_distributed()?);
    let mesh = mesh.distribute(0)?;
    assert_eq!(mesh.is_distributed()?, comm.size() > 1);
    // 24 triangles, 20 vertices and 43 edges.
    for (numbers, n) in
        [(mesh.cell_numbers()?, 24), (mesh.vertex_numbers()?, 20), (mesh.point_numbers()?, 87)]
    {
        let mut owned = vec![0; n];
        for number in numbers.into_iter().filter(|&number| number >= 0) {
            owned[usize::try_from(number)?] += 1;
        }
        let mut counts = Vector::new(comm, n)?;
        for (i, &count) in (0..).zip(&owned) {
            counts.set_value(i, real(f64::from(count)), InsertMode::Add)?;
        }
        counts.assemble()?;
        for count in counts.array()?.iter() {
            assert_close!(count.real(), 1.0, 1e-14);
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn meshes_describe_themselves(petsc: &Petsc) -> Result<()> {
    let mut mesh = DmPlex::box_mesh(petsc.world(), [2, 2]).build()?;
    assert_eq!(mesh.interpolated()?, Interpolated::Full);
    assert!(mesh.has_same_topology(&mesh)?);
    let fine = mesh.refine_uniformly()?;
    assert_eq!(mesh.has_same_topology(&fine)?, petsc.world().rank() > 0,);
    assert!(mesh.coarse_dm()?.is_none() && mesh.fine_dm()?.is_none());
    assert_eq!(mesh.basic_adjacency()?, (false, true));
    mesh.set_basic_adjacency(true, false)?;
    assert_eq!(mesh.basic_adjacency()?, (true, false));
    mesh.set_refinement_limit(0.25)?;
    assert_close!(mesh.refinement_limit()?, 0.25, 1e-15);
    mesh.set_min_radius(0.5)?;
    assert_close!(mesh.min_radius()?, 0.5, 1e-15);
    assert_eq!(mesh.mat_type()?, "aij");
    assert_eq!(mesh.vec_type()?, "standard");
    let (low, high) = mesh.local_bounding_box()?;
    if petsc.world().rank() == 0 {
        assert_eq!((low, high), ([0.0; 3], [1.0, 1.0, 0.0]));
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_hierarchy_of_meshes_has_coarse_meshes(petsc: &Petsc) -> Result<()> {
    let options = "-dm_plex_simplex 0 -dm_plex_box_faces 2,2 -dm_refine_hierarchy 1";
    petsc.options().insert_str(options)?;
    let fine = DmPlex::from_options(petsc.world())?;
    let coarse = fine.coarse_dm()?.expect("a coarse mesh").into_plex()?;
    assert_eq!(fine.cells()?.count(), 4 * coarse.cells()?.count());
    assert!(coarse.coarse_dm()?.is_none() && fine.fine_dm()?.is_none());
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn labels_are_counted_and_removed(petsc: &Petsc) -> Result<()> {
    let mut mesh = DmPlex::box_mesh(petsc.world(), [2, 2]).build()?;
    // Cells are points 0 to 7.
    mesh.set_label("part", &[1, 2, 5], 3)?;
    assert!(mesh.has_label_value("part", 3)? && !mesh.has_label_value("part", 4)?);
    assert_eq!(mesh.label_value_count("part", 3)?, 3);
    assert_eq!(mesh.label_value_count("part", 4)?, 0);
    assert_eq!(mesh.label_value_bounds("part", 3)?, Some(1..6));
    assert_eq!(mesh.label_value_bounds("part", 4)?, None);
    assert!(mesh.label_output("part")?);
    mesh.set_label_output("part", false)?;
    assert!(!mesh.label_output("part")?);
    mesh.clear_label_value("part", 3)?;
    assert_eq!(mesh.label_value_count("part", 3)?, 0);
    assert_eq!(mesh.label_value("part", 5)?, None);
    mesh.remove_label("part")?;
    assert!(!mesh.has_label("part")?);
    for outcome in [
        mesh.remove_label("part"),
        mesh.remove_label("depth"),
        mesh.clear_label_value("celltype", 1),
        mesh.clear_label_value("part", 3),
        mesh.set_label_output("part", true),
        mesh.label_output("part").map(drop),
        mesh.has_label_value("part", 3).map(drop),
        mesh.label_value_count("part", 3).map(drop),
        mesh.label_value_bounds("part", 3).map(drop),
    ] {
        assert_code(outcome, ErrorCode::ARG_WRONG);
    }
    assert_eq!(mesh.depth()?, 2);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn named_vectors_keep_their_values(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([6]).build()?;
    assert!(!grid.has_named_global_vector("load")?);
    grid.named_global_vector("load")?.set(real(2.0))?;
    assert!(grid.has_named_global_vector("load")?);
    assert!(!grid.has_named_local_vector("load")?);
    let load = grid.named_global_vector("load")?;
    assert_close!(load.sum()?.real(), 12.0, 1e-14);
    let again = grid.named_global_vector("load");
    assert_code(again, ErrorCode::ARG_WRONGSTATE);
    drop(load);
    grid.named_local_vector("ghosted")?.set(real(1.0))?;
    assert!(grid.has_named_local_vector("ghosted")?);
    let ghosted = grid.named_local_vector("ghosted")?;
    let known = grid.ghost_corners()?.len();
    assert_close!(ghosted.sum()?.real(), known as f64, 1e-14);
    let again = grid.named_local_vector("ghosted");
    assert_code(again, ErrorCode::ARG_WRONGSTATE);
    assert!(grid.named_global_vector("a\0b").is_err());
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn grids_name_their_coordinates_and_count_their_cells(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut grid = Dmda::builder(comm).sizes([7, 5]).stencil(StencilType::Box, 1).build()?;
    assert_code(grid.local_bounding_box(), ErrorCode::ARG_WRONGSTATE);
    grid.set_uniform_coordinates(&[(0.0, 6.0), (0.0, 4.0)])?;
    let (low, high) = grid.local_bounding_box()?;
    let (own, known) = (grid.corners()?, grid.ghost_corners()?);
    let last = if cfg!(petsc_ge_3_21) { own } else { known };
    for d in 0..2 {
        assert_close!(low[d], super::float(known.start[d]), 1e-12, 1e-12);
        assert_close!(high[d], super::float(last.end[d] - 1), 1e-12);
    }
    assert_eq!(grid.coordinate_name(1)?, None);
    grid.set_coordinate_name(1, "height")?;
    assert_eq!(grid.coordinate_name(1)?.as_deref(), Some("height"));
    assert_code(grid.coordinate_name(2), ErrorCode::ARG_OUTOFRANGE);
    let beyond = grid.set_coordinate_name(2, "depth");
    assert_code(beyond, ErrorCode::ARG_OUTOFRANGE);
    let _ = grid.elements(ElementType::P1)?;
    assert_eq!(grid.element_type()?, ElementType::P1);
    let (x, y, z) = grid.element_sizes()?;
    assert_eq!(z, 0);
    // Two triangles in each of the cells of this rank.
    assert_eq!(grid.elements(ElementType::P1)?.len(), 2 * x * y);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn staggered_grids_return_their_sizes(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let grid = DmStag::builder(comm)
        .sizes([9])
        .dof([1, 2])
        .boundaries([BoundaryType::Periodic])
        .build()?;
    let ranks = usize::try_from(comm.size())?;
    let rank = usize::try_from(comm.rank())?;
    assert_eq!(grid.rank_counts()?, [ranks, 1, 1]);
    let own = grid.corners()?.len();
    assert_eq!(grid.local_sizes()?, [own, 1, 1]);
    let [x, y, z] = grid.ownership_ranges()?;
    assert_eq!((x.len(), x.iter().sum::<usize>(), x[rank]), (ranks, 9, own));
    assert!(y.is_empty() && z.is_empty());
    let (vertex, element, ..) = grid.dofs()?;
    assert_eq!((vertex, element), (1, 2));
    assert_eq!(grid.boundaries()?.0, BoundaryType::Periodic);
    assert_eq!(grid.is_first_rank()?.0, rank == 0);
    assert_eq!(grid.is_last_rank()?.0, rank + 1 == ranks);
    Ok(())
}
