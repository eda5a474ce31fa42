//! Unstructured meshes: points, places, labels, unknowns, and a solve.

use petsc_rs::dm::{BoundaryType, CellType, DmPlex};
use petsc_rs::ksp::Tolerances;
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, Section};

use super::code;
use crate::options::shared_dir;
use mpi::collective::{CommunicatorCollectives as _, SystemOperation};

fn sum(comm: &Comm, mine: usize) -> usize {
    let mut all = 0_u64;
    comm.mpi().all_reduce_into(&(mine as u64), &mut all, SystemOperation::sum());
    usize::try_from(all).expect("a count")
}

fn sum_real(comm: &Comm, mine: f64) -> f64 {
    let mut all = 0.0;
    comm.mpi().all_reduce_into(&mine, &mut all, SystemOperation::sum());
    all
}

#[petsc_test::test(ranks = [1, 2])]
fn a_box_of_cubes_has_the_points_that_one_counts(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mesh = DmPlex::box_mesh(comm, [2, 3, 4]).simplex(false).build()?;
    let count = |points: std::ops::Range<Int>| sum(comm, points.count());
    assert_eq!(count(mesh.cells()?), 2 * 3 * 4);
    assert_eq!(count(mesh.faces()?), 3 * 3 * 4 + 2 * 4 * 4 + 2 * 3 * 5);
    assert_eq!(count(mesh.points_of_depth(1)?), 2 * 4 * 5 + 3 * 3 * 5 + 3 * 4 * 4);
    assert_eq!(count(mesh.vertices()?), 3 * 4 * 5);
    assert_eq!(count(mesh.points_of_depth(7)?), 0);
    for cell in mesh.cells()? {
        assert_eq!(mesh.cell_type(cell)?, CellType::Hexahedron);
        assert_eq!(mesh.cone(cell)?.len(), 6);
        assert_eq!(mesh.closure(cell)?.len(), 1 + 6 + 12 + 8);
        assert_eq!(mesh.cell_coordinates(cell)?.len(), 8);
    }
    for face in mesh.faces()? {
        let beside = mesh.support(face)?;
        assert!(beside.iter().all(|&c| mesh.cone(c).is_ok_and(|cone| cone.contains(&face))));
        assert_eq!(mesh.star(face)?.len(), 1 + beside.len());
    }
    mesh.check()
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn cells_fill_the_box_on_all_ranks_and_their_faces_close(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for simplex in [true, false] {
        let mesh = DmPlex::box_mesh(comm, [5, 4])
            .lower([-1.0, 0.5])
            .upper([2.0, 2.5])
            .simplex(simplex)
            .build()?
            .distribute(0)?
            .refine_uniformly()?;
        let cells = 4 * if simplex { 40 } else { 20 };
        assert_eq!(sum(comm, mesh.cells()?.count()), cells);
        let mut area = 0.0;
        for cell in mesh.cells()? {
            let here = mesh.geometry(cell)?;
            area += here.volume;
            // What leaves a closed cell: the sum of its outer normals is zero.
            let mut out = [0.0; 2];
            for (&face, &turn) in mesh.cone(cell)?.iter().zip(mesh.cone_orientation(cell)?) {
                let side = mesh.geometry(face)?;
                let sign = if turn < 0 { -1.0 } else { 1.0 };
                let mut away = 0.0;
                for (d, out) in out.iter_mut().enumerate() {
                    *out += sign * side.volume * side.normal[d];
                    away += sign * side.normal[d] * (side.centroid[d] - here.centroid[d]);
                }
                assert!(away > 0.0, "the normal points outwards");
            }
            assert!(out.iter().all(|o| o.abs() < 1e-12), "{out:?}");
        }
        assert!((sum_real(comm, area) - 6.0).abs() < 1e-12);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn tetrahedra_fill_the_box_and_point_outwards(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mesh = DmPlex::box_mesh(comm, [2, 3, 2]).upper([1.0, 3.0, 2.0]).build()?.distribute(0)?;
    mesh.check()?;
    assert_eq!(sum(comm, mesh.cells()?.count()), 6 * 12);
    let mut volume = 0.0;
    for cell in mesh.cells()? {
        let map = mesh.affine_map(cell)?;
        assert!(map.determinant > 0.0);
        // The reference tetrahedron has the volume 8/6.
        assert!((map.determinant * 8.0 / 6.0 - mesh.geometry(cell)?.volume).abs() < 1e-13);
        let here = mesh.geometry(cell)?;
        volume += here.volume;
        for (&face, &turn) in mesh.cone(cell)?.iter().zip(mesh.cone_orientation(cell)?) {
            let side = mesh.geometry(face)?;
            let away: f64 =
                (0..3).map(|d| side.normal[d] * (side.centroid[d] - here.centroid[d])).sum();
            assert_eq!(away > 0.0, turn >= 0);
        }
        for i in 0..3 {
            for j in 0..3 {
                let product: f64 = (0..3).map(|k| map.jacobian[i][k] * map.inverse[k][j]).sum();
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-13);
            }
        }
    }
    assert!((sum_real(comm, volume) - 6.0).abs() < 1e-12);
    Ok(())
}

#[petsc_test::test(ranks = [2, 3])]
fn an_overlap_has_cells_of_the_neighbors(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let whole = || DmPlex::box_mesh(comm, [6, 6]).simplex(false).build();
    let parts = whole()?.distribute(0)?;
    assert_eq!((sum(comm, parts.cells()?.count()), parts.overlap()?), (36, 0));
    let more = whole()?.distribute(1)?;
    assert_eq!(more.overlap()?, 1);
    assert!(sum(comm, more.cells()?.count()) > 36 + 6);
    Ok(())
}

/// `K` of a triangle for `-Δu`, by the lengths and angles of its sides.
fn stiffness(corners: &[[f64; 3]]) -> [[f64; 3]; 3] {
    let edge = |i: usize| {
        let (a, b) = (corners[(i + 1) % 3], corners[(i + 2) % 3]);
        [b[0] - a[0], b[1] - a[1]]
    };
    let (e0, e1) = (edge(0), edge(1));
    let area = (e0[0] * e1[1] - e0[1] * e1[0]).abs() / 2.0;
    std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            let (a, b) = (edge(i), edge(j));
            (a[0] * b[0] + a[1] * b[1]) / (4.0 * area)
        })
    })
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn linear_elements_solve_laplace_exactly_for_linear_values(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut mesh = DmPlex::box_mesh(comm, [7, 5]).build()?.distribute(0)?;
    mesh.mark_boundary("edge", 1)?;
    let vertices = mesh.vertices()?;
    let edge = mesh.points_with_label("edge", 1)?;
    let layout = mesh
        .section(comm)?
        .field("u", 1, |p| usize::from(vertices.contains(&p)))
        .fix("u", |p| 0..usize::from(vertices.contains(&p) && edge.contains(&p)))
        .build()?;
    let grid = mesh.with_section(&layout)?;
    let exact = |x: &[f64; 3]| 1.0 + 2.0 * x[0] + 3.0 * x[1];

    let mut a = grid.create_matrix()?;
    assert_eq!(a.size()?.0, 6 * 4, "only the inner vertices are unknowns");
    let mut known = grid.create_local_vector()?;
    let mut values = known.array_mut()?;
    for &vertex in edge.iter().filter(|p| vertices.contains(p)) {
        values[layout.range(vertex)?.start] =
            Scalar::from_real(exact(&grid.cell_coordinates(vertex)?[0]));
    }
    drop(values);
    let mut flux = grid.create_local_vector()?;
    let (given, mut right) = (known.array()?, flux.array_mut()?);
    for cell in grid.cells()? {
        let k = stiffness(&grid.cell_coordinates(cell)?);
        let at = grid.closure_indices(cell)?;
        for (i, &row) in at.iter().enumerate() {
            let entries = k[i].map(Scalar::from_real);
            a.set_values_local(&[row], &at, &entries, InsertMode::Add)?;
            let row = usize::try_from(row)?;
            for (&column, k) in at.iter().zip(entries) {
                right[row] -= k * given[usize::try_from(column)?];
            }
        }
    }
    drop((given, right));
    a.assemble()?;
    let (mut x, mut b) = a.vectors()?;
    grid.local_to_global(&flux, InsertMode::Add, &mut b)?;
    let mut ksp = Ksp::new(comm)?;
    ksp.set_operators(&a, &a)?;
    ksp.set_type(KspType::CG)?;
    ksp.set_tolerances(Tolerances { rtol: 1e-14.into(), ..Tolerances::default() })?;
    ksp.solve(&b, &mut x)?;
    grid.global_to_local(&x, InsertMode::Insert, &mut known)?;
    let u = known.array()?;
    for vertex in grid.vertices()? {
        let there = exact(&grid.cell_coordinates(vertex)?[0]);
        let here = u[layout.range(vertex)?.start].real();
        assert!((here - there).abs() < 1e-11, "{here} {there}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn fields_lie_side_by_side_and_travel(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mesh = DmPlex::box_mesh(comm, [4, 4])
        .simplex(false)
        .boundaries([BoundaryType::Periodic, BoundaryType::None])
        .build()?
        .distribute(0)?;
    let (vertices, cells) = (mesh.vertices()?, mesh.cells()?);
    let layout = mesh
        .section(comm)?
        .field("velocity", 2, |p| 2 * usize::from(vertices.contains(&p)))
        .field("pressure", 1, |p| usize::from(cells.contains(&p)))
        .build()?;
    assert_eq!((layout.fields()?, layout.field_name(1)?.as_str()), (2, "pressure"));
    let grid = mesh.with_section(&layout)?;
    let mut x = grid.create_global_vector()?;
    // Periodic in one direction: 4 columns of 5 vertices.
    assert_eq!(x.len()?, 4 * 5 * 2 + 16);
    // Each cell adds 1 to its corners, which then have the number of their cells.
    let mut local = grid.create_local_vector()?;
    let mut values = local.array_mut()?;
    for cell in grid.cells()? {
        let at = grid.closure_indices(cell)?;
        assert_eq!(at.len(), 1 + 4 * 2);
        for i in at {
            values[usize::try_from(i)?] += Scalar::from_real(1.0);
        }
    }
    drop(values);
    grid.local_to_global(&local, InsertMode::Add, &mut x)?;
    assert!((x.sum()?.real() - 16.0 * 9.0).abs() < 1e-12);
    assert_eq!(x.norm(Norm::Infinity)?, 4.0);
    assert!(mesh.layout()?.is_none_or(|layout| layout.is_empty().unwrap_or(false)));
    Ok(())
}

const SQUARE: &str = "$MeshFormat
2.2 0 8
$EndMeshFormat
$Nodes
4
1 0 0 0
2 2 0 0
3 2 1 0
4 0 1 0
$EndNodes
$Elements
3
1 1 2 5 1 1 2
2 2 2 9 1 1 2 3
3 2 2 8 1 1 3 4
$EndElements
";

#[petsc_test::test(ranks = [1, 2])]
fn a_file_of_gmsh_has_its_physical_groups(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let folder = shared_dir(petsc)?;
    let path = folder.join("square.msh");
    if comm.rank() == 0 {
        std::fs::write(&path, SQUARE)?;
    }
    comm.barrier()?;
    let mesh = DmPlex::from_file(comm, &path)?;
    comm.barrier()?;
    if comm.rank() == 0 {
        assert_eq!((mesh.cells()?.count(), mesh.faces()?.count()), (2, 5));
        let lower = mesh.points_with_label("Face Sets", 5)?;
        assert_eq!(lower.len(), 1);
        assert_eq!(mesh.geometry(lower[0])?.centroid, [1.0, 0.0, 0.0]);
        let mut materials = mesh.label_values("Cell Sets")?;
        materials.sort_unstable();
        assert_eq!(materials, [8, 9]);
        let cell = mesh.points_with_label("Cell Sets", 9)?[0];
        assert_eq!(mesh.label_value("Cell Sets", cell)?, Some(9));
        assert_eq!(mesh.label_value("Face Sets", cell)?, None);
    }
    let missing = DmPlex::from_file(comm, folder.join("none.msh"));
    assert_eq!(code(missing), Some(ErrorCode::FILE_OPEN));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn what_is_not_there_is_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut mesh = DmPlex::box_mesh(comm, [2, 2]).build()?.distribute(0)?;
    let beyond = mesh.points()?.end;
    for point in [-1, beyond] {
        let codes: [Option<ErrorCode>; 7] = [
            code(mesh.cone(point)),
            code(mesh.support(point)),
            code(mesh.closure(point)),
            code(mesh.geometry(point)),
            code(mesh.cell_type(point)),
            code(mesh.label_value("marker", point)),
            code(mesh.set_label("mine", &[point], 1)),
        ];
        assert_eq!(codes, [Some(ErrorCode::ARG_OUTOFRANGE); 7]);
    }
    assert_eq!(code(mesh.set_label("depth", &[], 1)), Some(ErrorCode::ARG_WRONG));
    assert_eq!(code(mesh.label_values("none")), Some(ErrorCode::ARG_WRONG));
    assert_eq!(code(mesh.closure_indices(mesh.points()?.start)), Some(ErrorCode::ARG_WRONGSTATE));
    let short = Section::builder(comm, 0..beyond - 1).field("u", 1, |_| 1).build()?;
    assert_eq!(code(mesh.with_section(&short)), Some(ErrorCode::ARG_OUTOFRANGE));
    let twice = mesh.section(comm)?.field("u", 1, |_| 1).field("u", 1, |_| 1).build();
    assert_eq!(code(twice), Some(ErrorCode::ARG_WRONG));
    let fixed = mesh.section(comm)?.field("u", 1, |_| 1).fix("u", |_| 0..2).build();
    assert_eq!(code(fixed), Some(ErrorCode::ARG_OUTOFRANGE));

    let vertices = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]];
    let cells = DmPlex::from_cells(comm, 2, &[[0, 1, 3]], &vertices);
    assert_eq!(code(cells), Some(ErrorCode::ARG_OUTOFRANGE));
    let cells = DmPlex::from_cells(comm, 3, &[[0, 1, 2]], &vertices);
    assert_eq!(code(cells), Some(ErrorCode::ARG_WRONG));
    let flat = DmPlex::box_mesh(comm, [2, 2]).upper([1.0, 0.0]).build();
    assert_eq!(code(flat), Some(ErrorCode::ARG_OUTOFRANGE));

    let layout = mesh.section(comm)?.field("u", 1, |_| 1).build()?;
    let grid = mesh.with_section(&layout)?;
    assert_eq!(code(grid.distribute(0)), Some(ErrorCode::ARG_WRONGSTATE));
    Ok(())
}

#[petsc_test::test(ranks = [2, 3])]
fn ranks_that_disagree_on_a_shared_point_are_told(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mesh = DmPlex::box_mesh(comm, [4, 4]).build()?.distribute(0)?;
    let vertices = mesh.vertices()?;
    let mine = usize::try_from(comm.rank())?;
    let layout = mesh
        .section(comm)?
        .field("u", 1, |p| if vertices.contains(&p) { 1 + mine } else { 0 })
        .build()?;
    let refused = mesh.with_section(&layout).map(drop);
    assert_eq!(code(refused), Some(ErrorCode::ARG_INCOMP));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn what_needs_unknowns_or_a_finer_mesh_is_refused_without_harm(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mesh = DmPlex::box_mesh(comm, [4, 4]).build()?.distribute(0)?;
    let vertices = mesh.vertices()?;
    let layout =
        mesh.section(comm)?.field("u", 1, |p| usize::from(vertices.contains(&p))).build()?;
    let grid = mesh.with_section(&layout)?;
    let finer = mesh.refine_uniformly()?;
    assert_eq!(mesh.create_global_vector()?.len()?, 0);
    assert_eq!(mesh.create_matrix()?.size()?, (0, 0));
    // PETSc would need finite elements of its own.
    let to = grid.create_interpolation(&finer).map(drop);
    assert_eq!(code(to), Some(ErrorCode::SUP));
    let back = grid.create_injection(&finer).map(drop);
    assert_eq!(code(back), Some(ErrorCode::SUP));
    mesh.distribute(0).map(drop)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn labels_have_one_value_and_stay_with_their_mesh(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut mesh = DmPlex::box_mesh(comm, [3, 3]).build()?.distribute(1)?;
    mesh.mark_boundary("edge", 4)?;
    // Each vertex of the boundary once, however many ranks have it.
    let (me, owners) = (usize::try_from(comm.rank())?, mesh.owners()?);
    let vertices = mesh.vertices()?;
    let edge = mesh.points_with_label("edge", 4)?;
    let mine =
        |p: &&Int| vertices.contains(p) && usize::try_from(**p).is_ok_and(|p| owners[p] == me);
    assert_eq!(sum(comm, edge.iter().filter(mine).count()), 12);

    let layout = mesh.section(comm)?.field("u", 1, |_| 1).build()?;
    let grid = mesh.with_section(&layout)?;
    mesh.set_label("edge", &edge, 6)?;
    assert!(mesh.points_with_label("edge", 4)?.is_empty());
    assert_eq!(mesh.points_with_label("edge", 6)?, edge);
    assert_eq!(grid.points_with_label("edge", 4)?, edge);
    let none = code(mesh.set_label("edge", &edge, -1));
    assert_eq!(none, Some(ErrorCode::ARG_OUTOFRANGE));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn lines_and_options_make_meshes_too(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let line = DmPlex::box_mesh(comm, [4]).build()?;
    for vertex in line.vertices()? {
        let there = line.geometry(vertex)?;
        assert_eq!(there.normal[0].abs(), 1.0);
        assert!((there.centroid[0] * 4.0).fract() == 0.0);
    }
    // A vertex without a cell has no normal.
    let lonely = DmPlex::from_cells(comm, 1, &[[0, 1]], &[[0.0], [1.0], [2.0]])?;
    for vertex in lonely.vertices()? {
        let alone = lonely.support(vertex)?.is_empty();
        assert_eq!(lonely.geometry(vertex)?.normal == [0.0; 3], alone);
    }
    let set = "-dm_plex_dim 2 -dm_plex_simplex 0 -dm_plex_box_faces 3,2 -dm_refine 1";
    let mesh = petsc.options().scope(|options| {
        options.insert_str(set)?;
        DmPlex::from_options(comm)
    })?;
    // Distributed by itself.
    assert_eq!(sum(comm, mesh.cells()?.count()), 4 * 6);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn cells_across_the_seam_are_as_large_as_the_others(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let ring = |n| {
        DmPlex::box_mesh(comm, [n, 2])
            .simplex(false)
            .boundaries([BoundaryType::Periodic, BoundaryType::None])
            .build()
    };
    assert_eq!(code(ring(2)), Some(ErrorCode::ARG_OUTOFRANGE));
    let mut mesh = ring(5)?.distribute(0)?;
    assert!(mesh.is_periodic()?);
    for cell in mesh.cells()? {
        assert!((mesh.geometry(cell)?.volume - 0.1).abs() < 1e-13);
    }
    for face in mesh.faces()? {
        assert_eq!(code(mesh.geometry(face)), Some(ErrorCode::SUP));
    }
    if let Some(at) = mesh.coordinates()? {
        assert_eq!(code(mesh.set_coordinates(&at)), Some(ErrorCode::SUP));
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn coordinates_move_and_are_not_read_while_written(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut mesh = DmPlex::box_mesh(comm, [4, 4]).build()?.distribute(0)?;
    let mut at = mesh.coordinates()?.expect("a box has them").duplicate()?;
    at.copy_from(&mesh.coordinates()?.expect("as above"))?;
    at.scale(Scalar::from_real(3.0))?;
    mesh.set_coordinates(&at)?;
    for cell in mesh.cells()? {
        assert!((mesh.geometry(cell)?.volume - 9.0 / 32.0).abs() < 1e-12);
    }
    let mut local = mesh.local_coordinates()?.expect("as above");
    let array = local.array_mut()?;
    for cell in mesh.cells()? {
        assert_eq!(code(mesh.geometry(cell)), Some(ErrorCode::ARG_WRONGSTATE));
    }
    drop(array);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn refinement_does_not_change_the_mesh(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mesh = DmPlex::box_mesh(comm, [4, 4]).build()?.distribute(0)?;
    let before = mesh.local_to_global_map()?;
    let finer = mesh.refine_uniformly()?;
    assert_eq!(before.local_len()?, mesh.local_to_global_map()?.local_len()?);
    assert_eq!(sum(comm, finer.cells()?.count()), 4 * 32);
    // The grid of the coordinates is a mesh as well, and its unknowns stay.
    let of_places = mesh.coordinate_dm()?.into_plex()?;
    // Without places of its own, it may not be refined.
    drop(of_places.refine_uniformly());
    for cell in mesh.cells()? {
        assert!((mesh.geometry(cell)?.volume - 1.0 / 32.0).abs() < 1e-13);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn mistakes_on_one_rank_are_told_on_all(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let twice = DmPlex::from_cells(comm, 2, &[[0, 1, 1]], &[[0.0, 0.0], [1.0, 0.0]]);
    assert_eq!(code(twice), Some(ErrorCode::ARG_OUTOFRANGE));
    let last = comm.rank() + 1 == comm.size();
    let wrong = Section::builder(comm, 0..3)
        .field("u", 1, |_| 1)
        .fix("u", |_| 0..if last { 2 } else { 0 })
        .build();
    let here = if last { ErrorCode::ARG_OUTOFRANGE } else { ErrorCode::ARG_WRONG };
    assert_eq!(code(wrong), Some(here));
    let many = Section::builder(comm, 0..1 << 10).field("u", 1, |_| usize::MAX / 4).build();
    assert_eq!(code(many), Some(ErrorCode::INT_OVERFLOW));
    // A fan around one vertex, with more triangles than PETSc can count neighbors of, where indices are short.
    let n: Int = 2000;
    let cells: Vec<[Int; 3]> = (1..=n).map(|i| [0, i, i % n + 1]).collect();
    let turn = std::f64::consts::TAU / 2000.0;
    let rim = (0..2000).map(|i| (f64::from(i) * turn).sin_cos());
    let mut vertices = vec![[0.0, 0.0]];
    vertices.extend(rim.map(|(y, x)| [x, y]));
    let fan = DmPlex::from_cells(comm, 2, &cells, &vertices);
    let short = Int::BITS == 32;
    assert_eq!(code(fan), short.then_some(ErrorCode::INT_OVERFLOW));
    Ok(())
}

#[petsc_test::test(ranks = [2, 3])]
fn ranks_that_fix_other_unknowns_of_a_shared_point_are_told(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mesh = DmPlex::box_mesh(comm, [4, 4]).build()?.distribute(0)?;
    let vertices = mesh.vertices()?;
    let mine = usize::try_from(comm.rank().min(1))?;
    let section = || {
        let count = |p| if vertices.contains(&p) { 2 } else { 0 };
        Ok::<_, Error>(mesh.section(comm)?.field("u", 2, count))
    };
    let which = |p| {
        if vertices.contains(&p) { mine..mine + 1 } else { 0..0 }
    };
    let layout = section()?.fix("u", which).build()?;
    let refused = code(mesh.with_section(&layout));
    assert_eq!(refused, Some(ErrorCode::ARG_INCOMP));
    assert_eq!(layout.fixed_indices(vertices.start)?, [mine]);
    let free = section()?.build()?;
    assert!(mesh.with_section(&free).is_ok());
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn paraview_is_not_given_uneven_unknowns(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mesh = DmPlex::box_mesh(comm, [4, 4]).build()?;
    let vertices = mesh.vertices()?;
    let first = |p: Int| {
        if p == vertices.start && !vertices.is_empty() { 9 } else { 0 }
    };
    let layout = mesh.section(comm)?.field("u", 1, first).build()?;
    let grid = mesh.with_section(&layout)?;
    let x = grid.create_global_vector()?;
    let path = shared_dir(petsc)?.join("uneven.vtu");
    let viewer = petsc_rs::Viewer::vtk(comm, &path)?;
    assert_eq!(code(x.view(&viewer)), Some(ErrorCode::SUP));
    let see = format!("-see vtk:{}", path.display());
    let refused = petsc.options().scope(|options| {
        options.insert_str(&see)?;
        Ok(code(x.view_from_options("see")))
    })?;
    assert_eq!(refused, Some(ErrorCode::SUP));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_mesh_without_coordinates_is_not_drawn(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mesh = DmPlex::box_mesh(comm, [4, 4]).build()?;
    // The mesh of the coordinates has none of its own.
    let bare = mesh.coordinate_dm()?.into_plex()?;
    assert!(bare.coordinates()?.is_none());
    let path = shared_dir(petsc)?.join("bare.vtu");
    let viewer = petsc_rs::Viewer::vtk(comm, &path)?;
    let refused = Some(ErrorCode::ARG_WRONGSTATE);
    assert_eq!(code(bare.view(&viewer)), refused);
    assert_eq!(code(bare.create_global_vector()?.view(&viewer)), refused);
    viewer.close()?;
    mesh.check()?;
    let without = if cfg!(petsc_ge_3_19) { None } else { refused };
    assert_eq!(code(bare.check()), without);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn paraview_gets_the_cells_and_the_values(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mesh = DmPlex::box_mesh(comm, [6, 2]).simplex(false).build()?.distribute(0)?;
    let vertices = mesh.vertices()?;
    let layout =
        mesh.section(comm)?.field("height", 1, |p| usize::from(vertices.contains(&p))).build()?;
    let grid = mesh.with_section(&layout)?;
    let mut x = grid.create_global_vector()?;
    x.set(Scalar::from_real(4.25))?;
    let path = shared_dir(petsc)?.join("mesh.vtu");
    let viewer = petsc_rs::Viewer::vtk(comm, &path)?;
    x.view(&viewer)?;
    viewer.close()?;
    comm.barrier()?;
    let bytes = std::fs::read(&path)?;
    comm.barrier()?;
    let text = String::from_utf8_lossy(&bytes);
    let cells = text.matches("NumberOfCells=\"").count();
    assert!(cells > 0 && text.contains("height"), "{}", &text[..400.min(text.len())]);
    Ok(())
}
