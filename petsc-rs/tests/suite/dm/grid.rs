//! Creation, sizes, vectors, and transfers between them.

use petsc_rs::dm::{BoundaryType, StencilType};
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, FileMode, Viewer};
use petsc_test::assert_close;

use super::{all, code, float, real, sampled, spread};

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_grid_has_the_sizes_and_corners_that_were_asked_for(petsc: &Petsc) -> Result<()> {
    let size = usize::try_from(petsc.world().size())?;
    let grid = Dmda::builder(petsc.world())
        .sizes([12, 7])
        .processes([1, size])
        .boundaries([BoundaryType::Periodic, BoundaryType::None])
        .dof(2)
        .stencil(StencilType::Box, 2)
        .field_names(["velocity", "pressure"])
        .build()?;
    let info = grid.info()?;
    assert_eq!((info.dimension, info.dof, info.stencil_width), (2, 2, 2));
    assert_eq!((info.sizes, info.processes), ([12, 7, 1], [1, size, 1]));
    assert_eq!(info.stencil, StencilType::Box);
    assert_eq!(info.boundaries[0], BoundaryType::Periodic);
    let ranges = grid.ownership_ranges()?;
    assert_eq!(ranges[0], [12]);
    assert_eq!(ranges[1], [vec![7], vec![4, 3], vec![3, 2, 2]][size - 1]);
    let rank = usize::try_from(petsc.world().rank())?;
    let (own, ghosted) = (grid.corners()?, grid.ghost_corners()?);
    let first: usize = ranges[1][..rank].iter().sum();
    assert_eq!(own.sizes(), [12, ranges[1][rank], 1]);
    assert_eq!(float(own.y().start), f64::from(u32::try_from(first)?));
    // Ghost points wrap around along x, and end with the grid along y.
    assert_eq!(ghosted.x(), -2..14);
    assert_eq!(ghosted.y().start, (own.y().start - 2).max(0));
    assert_eq!(ghosted.y().end, (own.y().end + 2).min(7));
    assert_eq!(own.points().count(), own.len());
    assert_eq!(grid.field_name(1)?.as_deref(), Some("pressure"));
    assert_eq!(code(grid.field_name(2)), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(grid.create_global_vector()?.len()?, 12 * 7 * 2);
    assert_eq!(grid.create_local_vector()?.local_len()?, ghosted.len() * 2);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_grid_has_the_ownership_ranges_that_were_given(petsc: &Petsc) -> Result<()> {
    let size = usize::try_from(petsc.world().size())?;
    let mut x = vec![2; size];
    x[0] = 5;
    let points = x.iter().sum::<usize>();
    let grid = Dmda::builder(petsc.world())
        .sizes([points, 4, 3])
        .ownership_ranges([x.clone(), vec![4], vec![3]])
        .build()?;
    assert_eq!(grid.ownership_ranges()?, [x.clone(), vec![4], vec![3]]);
    // What does not add up, or is not for these processes, is refused before C reads it.
    let wrong = |sizes: [usize; 1], ranges: Vec<usize>| {
        Dmda::builder(petsc.world())
            .sizes(sizes)
            .processes([size])
            .ownership_ranges([ranges])
            .build()
    };
    assert_eq!(code(wrong([points + 1], x.clone())), Some(ErrorCode::ARG_INCOMP));
    x.push(1);
    assert_eq!(code(wrong([points + 1], x)), Some(ErrorCode::ARG_INCOMP));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn wrong_sizes_and_processes_are_refused(petsc: &Petsc) -> Result<()> {
    let build = |sizes: &[usize]| Dmda::builder(petsc.world()).sizes(sizes.to_vec()).build();
    assert_eq!(code(build(&[])), Some(ErrorCode::ARG_SIZ));
    assert_eq!(code(build(&[2, 2, 2, 2])), Some(ErrorCode::ARG_SIZ));
    assert_eq!(code(build(&[4, 0])), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(code(build(&[usize::MAX, 2])), Some(ErrorCode::INT_OVERFLOW));
    let two = Dmda::builder(petsc.world()).sizes([8]).processes([1, 1]);
    assert_eq!(code(two.build()), Some(ErrorCode::ARG_SIZ));
    let none = Dmda::builder(petsc.world()).sizes([8]).dof(0);
    assert_eq!(code(none.build()), Some(ErrorCode::ARG_OUTOFRANGE));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3], isolated, args = ["-da_grid_x", "9", "-da_refine", "2", "-small_da_grid_x", "6"])]
fn options_override_the_sizes_of_a_builder(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([4, 5]).from_options().build()?;
    assert_eq!(grid.info()?.sizes, [33, 17, 1]);
    let small =
        Dmda::builder(petsc.world()).sizes([4]).options_prefix("small_").from_options().build()?;
    assert_eq!(small.info()?.sizes[0], 6);
    let plain = Dmda::builder(petsc.world()).sizes([4]).build()?;
    assert_eq!(plain.info()?.sizes[0], 4);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn ghost_points_follow_the_boundary_type(petsc: &Petsc) -> Result<()> {
    for (boundary, before, after) in
        [(BoundaryType::Periodic, 9.0, 0.0), (BoundaryType::Mirror, 1.0, 8.0)]
    {
        let grid = Dmda::builder(petsc.world()).sizes([10]).boundaries([boundary]).build()?;
        let x = sampled(&grid, |i, _, _| i)?;
        let local = spread(&grid, &x)?;
        let u = grid.array(&local)?;
        for i in grid.ghost_corners()?.x() {
            let expected = match i {
                -1 => before,
                10 => after,
                i => float(i),
            };
            assert_close!(u[i].real(), expected, 1e-15);
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn adding_sums_the_values_of_all_ghost_copies(petsc: &Petsc) -> Result<()> {
    // Each local point gives 1 to its owner: a point gets one from each rank that sees it.
    let grid = Dmda::builder(petsc.world()).sizes([9]).build()?;
    let mut local = grid.create_local_vector()?;
    local.set(real(1.0))?;
    let mut sum = grid.create_global_vector()?;
    grid.local_to_global(&local, InsertMode::Add, &mut sum)?;
    let mut expected = vec![1.0; 9];
    let ranges = grid.ownership_ranges()?;
    let mut first = 0;
    for n in &ranges[0][..ranges[0].len() - 1] {
        first += n;
        expected[first] += 1.0;
        expected[first - 1] += 1.0;
    }
    assert_eq!(all(&sum)?, expected);
    grid.local_to_global(&local, InsertMode::Insert, &mut sum)?;
    assert_eq!(all(&sum)?, [1.0; 9]);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn natural_order_is_grid_order(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([4, 3, 5]).build()?;
    let x = sampled(&grid, |i, j, k| i + 4.0 * (j + 3.0 * k))?;
    let natural: Vec<f64> = grid.gather_natural(&x)?.iter().map(|z| z.real()).collect();
    let counted: Vec<f64> = (0..60).map(f64::from).collect();
    assert_eq!(natural, counted);
    let mut n = grid.create_natural_vector()?;
    grid.global_to_natural(&x, InsertMode::Insert, &mut n)?;
    let mut back = grid.create_global_vector()?;
    grid.natural_to_global(&n, InsertMode::Insert, &mut back)?;
    back.axpy(real(-1.0), &x)?;
    assert_eq!(back.norm(Norm::Infinity)?, 0.0);
    // The ordering says the same.
    let own = grid.corners()?;
    let mut indices: Vec<Int> = own.points3().map(|(i, j, k)| i + 4 * (j + 3 * k)).collect();
    grid.ordering()?.application_to_petsc(&mut indices)?;
    assert_eq!(indices, x.ownership_range()?.collect::<Vec<_>>());
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn files_are_in_grid_order(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let path = crate::options::shared_dir(petsc)?.join("grid");
    let grid = Dmda::builder(comm).sizes([4, 6]).build()?;
    let x = sampled(&grid, |i, j, _| i + 4.0 * j)?;
    let viewer = Viewer::binary(comm, &path, FileMode::Write)?;
    x.view(&viewer)?;
    viewer.close()?;
    comm.barrier()?;
    // A vector without a grid reads what stands there.
    let plain = Vector::load(comm, &*Viewer::binary(comm, &path, FileMode::Read)?)?;
    let counted: Vec<f64> = (0..24).map(f64::from).collect();
    assert_eq!(all(&plain)?, counted);
    // One of the grid gets each point's value back.
    let mut y = grid.create_global_vector()?;
    y.read(&*Viewer::binary(comm, &path, FileMode::Read)?)?;
    y.axpy(real(-1.0), &x)?;
    assert_eq!(y.norm(Norm::Infinity)?, 0.0);
    comm.barrier()
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_grid_has_one_transfer_in_flight(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([6, 6]).build()?;
    let x = sampled(&grid, |i, j, _| i + 10.0 * j)?;
    let (mut a, mut b) = (grid.create_local_vector()?, grid.create_local_vector()?);
    // A transfer that is dropped is finished too.
    drop(grid.global_to_local_begin(&x, InsertMode::Insert, &mut b)?);
    let flight = grid.global_to_local_begin(&x, InsertMode::Insert, &mut a)?;
    // The source can be read meanwhile, but the grid has one scatter.
    assert_close!(x.norm(Norm::Infinity)?, 55.0, 1e-15);
    let mut c = grid.create_local_vector()?;
    let second = grid.global_to_local(&x, InsertMode::Insert, &mut c);
    assert_eq!(code(second), Some(ErrorCode::ARG_WRONGSTATE));
    flight.finish()?;
    a.axpy(real(-1.0), &b)?;
    assert_eq!(a.norm(Norm::Infinity)?, 0.0);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn wrong_vectors_are_refused(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world())
        .sizes([6, 6])
        .boundaries([BoundaryType::Periodic, BoundaryType::Periodic])
        .build()?;
    let mut x = grid.create_global_vector()?;
    let mut local = grid.create_local_vector()?;
    let mut short = Vector::with_local_len(petsc.world(), 3)?;
    let insert = InsertMode::Insert;
    let size = Some(ErrorCode::ARG_SIZ);
    assert_eq!(code(grid.global_to_local(&x, insert, &mut short)), size);
    assert_eq!(code(grid.global_to_local(&short, insert, &mut local)), size);
    assert_eq!(code(grid.local_to_global(&x, insert, &mut short)), size);
    assert_eq!(code(grid.local_to_local(&local, insert, &mut x)), size);
    assert_eq!(code(grid.global_to_natural(&x, insert, &mut short)), size);
    assert_eq!(code(grid.natural_to_global(&local, insert, &mut x)), size);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn work_vectors_return_to_the_pool(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([8]).build()?;
    let address = grid.global_vector()?.as_ptr();
    let (first, second) = (grid.global_vector()?, grid.global_vector()?);
    assert_eq!(first.as_ptr(), address);
    assert_ne!(second.as_ptr(), address);
    drop(first);
    let mut third = grid.global_vector()?;
    assert_eq!(third.as_ptr(), address);
    third.set(real(2.0))?;
    assert_close!(third.sum()?.real(), 16.0, 1e-15);
    // On a rank that failed, they go back too.
    let error = Error::user("no reason");
    drop((third, second, error));
    assert_eq!(grid.global_vector()?.as_ptr(), address);
    // More of them than PETSc keeps.
    let many: Vec<_> = (0..120).map(|_| grid.local_vector()).collect::<Result<_>>()?;
    drop(many);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn uniform_coordinates_are_evenly_spaced(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world())
        .sizes([5, 3, 4])
        .uniform_coordinates([(0.0, 2.0), (-1.0, 1.0), (3.0, 6.0)])
        .build()?;
    let (low, high) = grid.bounding_box()?;
    assert_close!(low[..], [0.0, -1.0, 3.0][..], 1e-15);
    assert_close!(high[..], [2.0, 1.0, 6.0][..], 1e-15);
    let xyz = grid.coordinate_dmda()?;
    let at = grid.local_coordinates()?.ok_or("no coordinates")?;
    let points = xyz.array_as::<[Scalar; 3]>(&at)?;
    for (i, j, k) in grid.ghost_corners()?.points3() {
        let expected = [0.5 * float(i), float(j) - 1.0, 3.0 + float(k)];
        let found = points[(i, j, k)].map(|z| z.real());
        // Corners of a star stencil are not filled.
        if grid.corners()?.contains((i, j, k)) {
            assert_close!(found[..], expected[..], 1e-14);
        }
    }
    let plain = Dmda::builder(petsc.world()).sizes([5]).build()?;
    assert!(plain.coordinates()?.is_none());
    assert_eq!(code(plain.bounding_box()), Some(ErrorCode::ARG_WRONGSTATE));
    Ok(())
}
