//! Matrices made of parts: composites, sums that stay with their ranks, memory of the program; and the graph
//! of a matrix in parts.

use petsc_rs::matrix::{Blocks, CompositeKind, NullSpace, Structure, Unassembled};
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, MatrixRef, Partitioning, PartitioningType, VectorRef};
use petsc_test::{assert_close, assert_code};

use crate::matrix::{example, harmonic, r};

/// Entry `(i, j)` is `f(i, j)`.
fn filled(comm: &Comm, m: Int, n: Int, f: impl Fn(Int, Int) -> f64) -> Result<Matrix> {
    let mut a = Matrix::builder(comm).global_size(m, n).build()?;
    for i in a.ownership_range()? {
        for j in 0..n {
            a.set_value(i, j, r(f(i, j)), InsertMode::Insert)?;
        }
    }
    a.assemble()?;
    Ok(a)
}

/// `A·(1, 2, …)`, whole on each rank.
fn times_count(a: &MatrixRef) -> Result<Vec<f64>> {
    let (mut x, mut y) = a.vectors()?;
    for i in x.ownership_range()? {
        x.set_value(i, r(i as f64 + 1.0), InsertMode::Insert)?;
    }
    x.assemble()?;
    a.mult(&x, &mut y)?;
    all(&y)
}

fn all(y: &VectorRef) -> Result<Vec<f64>> {
    let (scatter, mut whole) = Scatter::to_all(y)?;
    scatter.forward(y, &mut whole)?;
    let values = whole.array()?;
    Ok(values.iter().map(|v| v.real()).collect())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn composites_are_sums_and_products(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = filled(comm, 3, 3, |i, j| (3 * i + j) as Real)?;
    let b = filled(comm, 3, 3, |i, j| (i - j) as Real)?;
    // By hand: A = (0 1 2; 3 4 5; 6 7 8), B = (0 -1 -2; 1 0 -1; 2 1 0), x = (1, 2, 3).
    // A x = (8, 26, 44), B x = (-8, -2, 4), B A x = (-114, -36, 42).
    let mut sum = Matrix::composite(comm, CompositeKind::Sum, &[(r(1.0), &a), (r(10.0), &b)])?;
    assert_eq!(times_count(&sum)?, [-72.0, 6.0, 84.0]);
    assert_eq!(sum.composite_kind()?, CompositeKind::Sum);
    assert_eq!(sum.composite_len()?, 2);
    assert_eq!(times_count(&*sum.composite_part(1)?)?, [-8.0, -2.0, 4.0]);
    assert_code(sum.composite_part(2), ErrorCode::ARG_OUTOFRANGE);
    sum.merge_composite(Structure::Different)?;
    assert_eq!(times_count(&sum)?, [-72.0, 6.0, 84.0]);
    if sum.ownership_range()?.contains(&1) {
        assert_eq!(sum.value(1, 0)?, r(13.0));
    }
    assert_code(sum.composite_len(), ErrorCode::ARG_NOTSAMETYPE);

    let product = Matrix::composite(comm, CompositeKind::Product, &[(r(1.0), &a), (r(0.5), &b)])?;
    assert_eq!(times_count(&product)?, [-57.0, -18.0, 21.0]);

    let narrow = filled(comm, 2, 3, |_, _| 1.0)?;
    let parts = [(r(1.0), &*a), (r(1.0), &*narrow)];
    assert_code(Matrix::composite(comm, CompositeKind::Sum, &parts), ErrorCode::ARG_SIZ);
    let product = Matrix::composite(comm, CompositeKind::Product, &parts)?;
    assert_eq!(times_count(&product)?, [78.0, 78.0]);
    let parts = [(r(1.0), &*narrow), (r(1.0), &*a)];
    assert_code(Matrix::composite(comm, CompositeKind::Product, &parts), ErrorCode::ARG_SIZ);
    assert_code(Matrix::composite(comm, CompositeKind::Sum, &[]), ErrorCode::ARG_SIZ);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_normal_operator_multiplies_by_both_factors(petsc: &Petsc) -> Result<()> {
    let a = filled(petsc.world(), 4, 2, |i, j| (i + 2 * j) as Real)?;
    // A = (0 2; 1 3; 2 4; 3 5), AᵀA = (14 26; 26 54).
    assert_eq!(times_count(&*a.normal_view()?)?, [66.0, 134.0]);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn elements_stay_with_their_ranks(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let rank = Int::from(i16::try_from(comm.rank())?);
    let size = usize::try_from(comm.size())?;
    let nodes = [rank, rank + 1];
    let map = LocalToGlobalMap::new(comm, 1, &nodes)?;
    let parts = Unassembled {
        size: (size + 1, size + 1),
        rows: &map,
        columns: &map,
        entries_per_row: Some(2),
    };
    let mut a = Matrix::unassembled(comm, &parts)?;
    let element = [1.0, -1.0, -1.0, 1.0].map(r);
    a.set_values(&nodes, &nodes, &element, InsertMode::Add)?;
    a.assemble()?;
    assert_eq!(a.local_part()?.size()?, (2, 2));
    let mut expected = vec![0.0; size + 1];
    expected[0] = -1.0;
    expected[size] = 1.0;
    assert_eq!(times_count(&a)?, expected);
    let assembled = a.convert(MatrixType::AIJ)?;
    assert_eq!(times_count(&assembled)?, expected);
    assert_close!(assembled.trace()?.real(), 2.0 * size as f64, 1e-14);
    assert_code(assembled.local_part(), ErrorCode::ARG_NOTSAMETYPE);

    // More than the stack of PETSc 3.18 takes.
    let many = vec![rank; 2049];
    let values = vec![r(0.0); 2049];
    let refused = a.set_values(&many, &[rank], &values, InsertMode::Add);
    assert_code(refused, ErrorCode::ARG_OUTOFRANGE);
    let locals = vec![0; 2049];
    let refused = a.set_values_local(&[0], &locals, &values, InsertMode::Add);
    assert_code(refused, ErrorCode::ARG_OUTOFRANGE);
    let own = LocalToGlobalMap::new(petsc.self_comm(), 1, &[0, 5])?;
    let outside = Unassembled { size: (5, 5), rows: &own, columns: &own, entries_per_row: None };
    let refused = Matrix::unassembled(petsc.self_comm(), &outside);
    assert_code(refused, ErrorCode::ARG_OUTOFRANGE);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_dense_matrix_uses_the_memory_of_the_program(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let rank = f64::from(comm.rank());
    // Two rows of 3 columns on each rank, with two entries between columns that do not belong to it.
    let values: Vec<Scalar> =
        (0..3).flat_map(|j| [rank + f64::from(j), 2.0, -7.0, -7.0]).map(r).collect();
    let address = values.as_ptr();
    let mut a = Matrix::dense_from_vec(comm, 2, 3, 4, values)?;
    assert_eq!(a.dense()?.as_ptr(), address);
    assert_eq!(a.dense()?.lda(), 4);
    let y = times_count(&a)?;
    assert_eq!(y[0], 8.0);
    assert_eq!(y[1], 12.0);
    assert_eq!(y[y.len() - 2], 8.0 + 6.0 * f64::from(comm.size() - 1));
    a.scale(r(2.0))?;
    let copy = a.duplicate_with_values()?;
    drop(a);
    assert_eq!(times_count(&copy)?[1], 24.0);
    assert_code(Matrix::dense_from_vec(comm, 2, 3, 1, vec![r(0.0); 9]), ErrorCode::ARG_SIZ);
    assert_code(Matrix::dense_from_vec(comm, 2, 3, 4, vec![r(0.0); 9]), ErrorCode::ARG_SIZ);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn reset_preallocation_restores_the_preallocated_entries(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut a = Matrix::builder(comm).local_size(2, 2).preallocate(1, 1).build()?;
    a.assemble()?;
    a.reset_preallocation()?;
    for i in a.ownership_range()? {
        a.set_value(i, i, r(3.0), InsertMode::Insert)?;
    }
    a.assemble()?;
    assert_close!(a.trace()?.real(), 6.0 * f64::from(comm.size()), 1e-14);
    let mut dense = Matrix::builder(comm).global_size(2, 2).kind(MatrixType::DENSE).build()?;
    assert_code(dense.reset_preallocation(), ErrorCode::ARG_NOTSAMETYPE);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_graph_is_divided_into_parts_of_equal_size(petsc: &Petsc) -> Result<()> {
    let graph = example(petsc.world())?;
    let n = graph.size()?.0;
    let mut partitioning = Partitioning::new(&graph)?;
    drop(graph); // The partitioner keeps it.
    partitioning.set_type(PartitioningType::AVERAGE)?;
    partitioning.set_parts(2)?;
    assert!(!partitioning.use_edge_weights()?);
    let parts = partitioning.apply()?;
    let counts = parts.partitioning_count(2)?;
    assert_eq!(counts.iter().sum::<Int>(), Int::try_from(n)?);
    assert!((counts[0] - counts[1]).abs() <= 1, "{counts:?}");
    let numbering = parts.partitioning_to_numbering()?;
    assert!(numbering.is_permutation()?);
    if petsc.world().size() == 1 {
        assert_code(parts.partitioning_count(1), ErrorCode::ARG_OUTOFRANGE);
    }
    assert_code(partitioning.set_parts(0), ErrorCode::ARG_OUTOFRANGE);
    assert_code(partitioning.set_vertex_weights(&[1; 99]), ErrorCode::ARG_SIZ);
    assert_code(
        partitioning.set_type(PartitioningType::new(c"no_such")),
        ErrorCode::ARG_UNKNOWN_TYPE,
    );
    Ok(())
}

/// PT-Scotch of Debian's 64-bit builds has 32-bit indices, and is refused.
#[cfg(petsc_have_ptscotch)]
#[petsc_test::test(ranks = [2, 3])]
fn heavy_vertices_count_more(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut path = Matrix::builder(comm).global_size(40, 40).build()?;
    let n = 40;
    for i in path.ownership_range()? {
        for j in [i - 1, i + 1].into_iter().filter(|j| (0..n).contains(j)) {
            path.set_value(i, j, r(1.0), InsertMode::Insert)?;
        }
    }
    path.assemble()?;
    let mut partitioning = Partitioning::new(&path)?;
    partitioning.set_type(PartitioningType::PTSCOTCH)?;
    partitioning.set_parts(2)?;
    // The first ten weigh as much as the other thirty.
    let weights: Vec<Int> = path.ownership_range()?.map(|i| if i < 10 { 3 } else { 1 }).collect();
    partitioning.set_vertex_weights(&weights)?;
    let parts = partitioning.apply();
    if Int::BITS == 64 && parts.as_ref().is_err_and(|e| e.code() == ErrorCode::SUP) {
        return Ok(());
    }
    let mut counts = parts?.partitioning_count(2)?;
    counts.sort_unstable();
    assert!((8..=12).contains(&counts[0]), "{counts:?}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn block_jacobi_has_blocks_of_the_given_sizes(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    // Three rows a rank, as blocks of one and two, or of three.
    let mut a = Matrix::builder(comm).local_size(3, 3).build()?;
    for i in a.ownership_range()? {
        a.set_value(i, i, r(i as f64 + 2.0), InsertMode::Insert)?;
    }
    a.assemble()?;
    let mut ksp = Ksp::new(comm)?;
    ksp.set_operators(&a, &a)?;
    let size = usize::try_from(comm.size())?;
    let mut pc = ksp.pc()?;
    pc.set_type(PcType::BJACOBI)?;
    assert_code(pc.set_bjacobi_block_sizes(&[2]), ErrorCode::ARG_SIZ);
    pc.set_bjacobi_block_sizes(&[1, 2].repeat(size))?;
    ksp.set_up()?;
    assert_eq!(ksp.pc()?.sub_solvers()?.len(), 2);
    let b = harmonic(&a)?;
    let mut x = b.duplicate()?;
    ksp.solve(&b, &mut x)?;
    let mut product = b.duplicate()?;
    a.mult(&x, &mut product)?;
    assert!(product.error_norm(&b, Norm::Two)? < 1e-5);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_schur_complement_multiplies_by_its_formula(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    // a11 - a10·a00⁻¹·a01 with a00 = diag(2, 4): row i of a10 is (i + 1, 1), a01 its transpose.
    let a00 = filled(comm, 2, 2, |i, j| if i == j { 2.0 * (i + 1) as Real } else { 0.0 })?;
    let a10 = filled(comm, 3, 2, |i, j| if j == 0 { (i + 1) as Real } else { 1.0 })?;
    let a01 = filled(comm, 2, 3, |i, j| if i == 0 { (j + 1) as Real } else { 1.0 })?;
    let a11 = filled(comm, 3, 3, |i, j| if i == j { 10.0 } else { 0.0 })?;
    let blocks = Blocks { a00: &a00, p00: &a00, a01: &a01, a10: &a10, a11: Some(&a11) };
    let s = Matrix::schur_complement(&blocks)?;
    // For x = (1, 2, 3): a01·x = (14, 6), a00⁻¹ of it (7, 1.5), a10 of that (8.5, 15.5, 22.5).
    for (value, expected) in times_count(&s)?.iter().zip([1.5, 4.5, 7.5]) {
        assert_close!(*value, expected, 1e-4, 1e-4);
    }
    let wrong = Blocks { a01: &a10, ..blocks };
    assert_code(Matrix::schur_complement(&wrong), ErrorCode::ARG_SIZ);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_null_space_of_rigid_bodies_removes_rigid_motions(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    // The corners of the unit square.
    let corners = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0];
    let mut points = Vector::builder(comm).global_len(8).block_size(2).build()?;
    for i in points.ownership_range()? {
        points.set_value(i, r(corners[usize::try_from(i)?]), InsertMode::Insert)?;
    }
    points.assemble()?;
    let space = NullSpace::rigid_body(&points)?;
    assert_eq!(space.vectors()?.len(), 3);
    // A translation, a rotation and a stretch: the last stays.
    type Move = fn(f64, f64) -> [f64; 2];
    let moves: [(Move, bool); 3] =
        [(|_, _| [0.3, -1.0], true), (|x, y| [-y, x], true), (|x, _| [x - 0.5, 0.0], false)];
    for (displacement, rigid) in moves {
        let mut u = points.duplicate()?;
        for i in u.ownership_range()? {
            let node = usize::try_from(i / 2)?;
            let both = displacement(corners[2 * node], corners[2 * node + 1]);
            u.set_value(i, r(both[usize::try_from(i % 2)?]), InsertMode::Insert)?;
        }
        u.assemble()?;
        let before = u.norm(Norm::Two)?;
        space.remove(&mut u)?;
        let after = u.norm(Norm::Two)?;
        assert_close!(after, if rigid { 0.0 } else { before }, 1e-12, 1e-12);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_index_sets_of_a_nested_matrix_are_returned(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (a, b) = (
        Matrix::builder(comm).local_size(2, 1).build()?,
        Matrix::builder(comm).local_size(1, 2).build()?,
    );
    let nest = Matrix::nest(comm, &[&[Some(&a), None], &[None, Some(&b)]])?;
    let (rows, columns) = nest.nest_index_sets()?;
    // Each rank owns three rows and three columns: two rows of the first block, then one of the second;
    // one column of the first block, then two of the second.
    let i = 3 * comm.rank() as Int;
    let lists = |sets: Vec<IndexSet>| {
        let list = |set: &IndexSet| Ok(set.indices()?.to_vec());
        sets.iter().map(list).collect::<Result<Vec<_>>>()
    };
    assert_eq!(lists(rows)?, [vec![i, i + 1], vec![i + 2]]);
    assert_eq!(lists(columns)?, [vec![i], vec![i + 1, i + 2]]);
    assert_code(a.nest_index_sets(), ErrorCode::ARG_NOTSAMETYPE);
    Ok(())
}
