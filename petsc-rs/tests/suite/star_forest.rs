//! Star forests: arrays between owners and copies.

use petsc_rs::prelude::*;
use petsc_rs::star_forest::Leaf;
use petsc_rs::{ErrorCode, StarForest};

use super::vector::code;

/// Each rank has two roots, and a leaf of the first root of each rank, at place 2·rank + 1.
fn everybody(comm: &Comm) -> Result<StarForest> {
    let leaves: Vec<Leaf> = (0..usize::try_from(comm.size())?)
        .rev()
        .map(|rank| Leaf { place: 2 * rank + 1, rank, root: 0 })
        .collect();
    StarForest::new(comm, 2, &leaves)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn values_go_to_all_copies_and_come_back_combined(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let forest = everybody(comm)?;
    let (me, ranks) = (comm.rank(), comm.size());
    let len = usize::try_from(2 * ranks)?;
    assert_eq!((forest.roots()?, forest.leaf_len()?), (2, len));
    assert_eq!(forest.degrees()?, [usize::try_from(ranks)?, 0]);

    let mut copies = vec![-1.0; len + 1];
    let roots = [f64::from(10 + me), 99.0];
    forest.broadcast(&roots, &mut copies, Combine::Insert)?;
    let expected: Vec<f64> = (0..ranks).flat_map(|r| [-1.0, f64::from(10 + r)]).collect();
    assert_eq!((&copies[..len], copies[len]), (&expected[..], -1.0));
    forest.broadcast(&roots, &mut copies, Combine::Add)?;
    assert_eq!(copies[1], 20.0);

    let leaves: Vec<Int> = (0..ranks).flat_map(|_| [1000, Int::from(me) + 1]).collect();
    let total = Int::from(ranks * (ranks + 1) / 2);
    for (combine, first) in
        [(Combine::Add, 5 + total), (Combine::Max, Int::from(ranks).max(5)), (Combine::Min, 1)]
    {
        let mut sums = [5, 7];
        forest.reduce(&leaves, &mut sums, combine)?;
        assert_eq!(sums, [first, 7], "{combine:?}");
    }
    let mut all = forest.gather(&leaves)?;
    all.sort_unstable();
    assert_eq!(all, (1..=Int::from(ranks)).collect::<Vec<_>>());

    let scalars = [Scalar::from_real(0.5); 2];
    let mut there = vec![Scalar::from_real(0.0); len];
    forest.broadcast(&scalars, &mut there, Combine::Insert)?;
    assert_eq!(there[1].real(), 0.5);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn fetch_and_add_gives_each_copy_another_number(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let forest = everybody(comm)?;
    let len = forest.leaf_len()?;
    let mut tickets: [Int; 2] = [100, 0];
    let drawn = forest.fetch_and_add(&vec![1; len], &mut tickets)?;
    assert_eq!(tickets, [100 + Int::from(comm.size()), 0]);
    // What all ranks have drawn at root 0 of rank 0 is different.
    let mut all = forest.gather(&drawn)?;
    all.sort_unstable();
    assert_eq!(all, (100..100 + Int::from(comm.size())).collect::<Vec<_>>());
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn wrong_graphs_and_short_arrays_are_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let leaf = |place, rank, root| Leaf { place, rank, root };
    let last = usize::try_from(comm.size() - 1)?;
    // One rank only has the mistake, all are told.
    let wrong = |bad: &[Leaf]| {
        let mine = if comm.rank() == 0 { bad } else { &[] };
        code(StarForest::new(comm, 2, mine))
    };
    let twice = [leaf(3, 0, 0), leaf(3, 0, 1)];
    assert_eq!(wrong(&twice), Some(ErrorCode::ARG_WRONG));
    assert_eq!(wrong(&[leaf(0, last, 2)]), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(wrong(&[leaf(0, last + 1, 0)]), Some(ErrorCode::ARG_OUTOFRANGE));

    let forest = everybody(comm)?;
    let short = vec![0; forest.leaf_len()? - 1];
    let mut roots: [Int; 2] = [0, 0];
    let refused = [
        code(forest.reduce(&short, &mut roots, Combine::Add)),
        code(forest.gather(&short)),
        code(forest.fetch_and_add(&short, &mut roots)),
        code(forest.broadcast(&roots[..1], &mut vec![0; short.len() + 1], Combine::Add)),
    ];
    assert_eq!(refused, [Some(ErrorCode::ARG_SIZ); 4]);
    Ok(())
}

/// Each rank has the roots 0 and 1; its leaves 0 and 3 are the roots 1 and 0 of the next rank.
fn ring(comm: &Comm) -> Result<(StarForest, [Leaf; 2])> {
    let (me, ranks) = (comm.rank(), comm.size());
    let rank = usize::try_from((me + 1) % ranks)?;
    let leaf = |place, root| Leaf { place, rank, root };
    let leaves = [leaf(0, 1), leaf(3, 0)];
    Ok((StarForest::new(comm, 2, &leaves)?, leaves))
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn star_forests_are_inverted_and_composed(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (ring, leaves) = ring(comm)?;
    assert_eq!(ring.leaves()?, leaves);
    let copy = ring.duplicate()?;
    assert_eq!((copy.roots()?, copy.leaves()?), (2, leaves.to_vec()));
    let me = comm.rank();
    let at = |shift| usize::try_from((me + shift) % comm.size());
    let (here, next, before) = (at(0)?, at(2)?, at(comm.size() - 1)?);
    // The roots of a rank are the leaves 3 and 0 of the previous rank.
    let inverse = ring.inverse()?;
    let leaf = |place, rank, root| Leaf { place, rank, root };
    assert_eq!(inverse.roots()?, 4);
    assert_eq!(inverse.leaves()?, [leaf(0, before, 3), leaf(1, before, 0)]);
    // Leaves of the second ring whose root is also a leaf of the first one: position 0 only.
    let twice = ring.compose_with(&copy)?;
    assert_eq!(twice.leaves()?, [leaf(3, next, 1)]);
    // A leaf whose root is leaf 3 of the ring on the same rank: its root is the root of leaf 3.
    let own = StarForest::new(comm, 4, &[leaf(5, here, 3)])?;
    assert_eq!(ring.compose_with(&own)?.leaves()?, [leaf(5, at(1)?, 0)]);
    // Back over the inverse: each root of a rank, from the leaves with the same position.
    let back = ring.compose_inverse(&copy)?;
    assert_eq!(back.leaves()?, [leaf(0, here, 0), leaf(1, here, 1)]);
    let everybody = everybody(comm)?;
    if comm.size() > 1 {
        assert_eq!(code(everybody.inverse()), Some(ErrorCode::ARG_WRONG));
        assert_eq!(code(ring.compose_inverse(&everybody)), Some(ErrorCode::ARG_WRONG));
        let own = StarForest::new(petsc.self_comm(), 1, &[])?;
        assert_eq!(code(ring.compose_with(&own)), Some(ErrorCode::ARG_NOTSAMECOMM));
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn parts_of_a_star_forest_keep_their_positions(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (ring, leaves) = ring(comm)?;
    assert_eq!(ring.embedded_roots(&[1, 1])?.leaves()?, leaves[..1]);
    assert_eq!(ring.embedded_leaves(&[1])?.leaves()?, leaves[1..]);
    assert_eq!(ring.embedded_leaves(&[1, 0, 1])?.leaves()?, leaves);
    assert!(ring.embedded_roots(&[])?.leaves()?.is_empty());
    // One rank only has the mistake, all are told.
    let bad: &[usize] = if comm.rank() == 0 { &[2] } else { &[] };
    assert_eq!(code(ring.embedded_roots(bad)), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(code(ring.embedded_leaves(bad)), Some(ErrorCode::ARG_OUTOFRANGE));
    Ok(())
}
