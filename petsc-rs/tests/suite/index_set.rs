//! Index sets, maps and orderings.

use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, Ordering};

use crate::vector::code;

#[petsc_test::test(ranks = [1, 2, 3])]
fn each_kind_of_index_set_lists_its_indices(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let size = usize::try_from(comm.size())?;
    let general = IndexSet::general(comm, &[5, 2, 9])?;
    assert_eq!((general.len()?, general.local_len()?), (3 * size, 3));
    assert_eq!(&*general.indices()?, &[5, 2, 9]);
    assert_eq!(general.min_max()?, Some((2, 9)));
    assert_eq!(general.stride()?, None);
    let mut stride = IndexSet::strided(comm, 4, 3, 2)?;
    assert_eq!(&*stride.indices()?, &[3, 5, 7, 9]);
    assert_eq!(stride.stride()?, Some((3, 2)));
    stride.to_general()?;
    assert_eq!(stride.stride()?, None);
    assert_eq!(&*stride.indices()?, &[3, 5, 7, 9]);
    let blocks = IndexSet::blocks(comm, 2, &[3, 0])?;
    assert_eq!(&*blocks.indices()?, &[6, 7, 0, 1]);
    assert_eq!(
        (blocks.block_size()?, blocks.block_indices()?),
        (2, vec![3, 0])
    );
    let empty = IndexSet::general(comm, &[])?;
    assert!(empty.is_empty()? && empty.indices()?.is_empty());
    assert_eq!(empty.min_max()?, None);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn index_sets_with_wrong_arguments_are_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    assert_eq!(
        code(IndexSet::strided(comm, 3, Int::MAX - 1, 1)),
        Some(ErrorCode::INT_OVERFLOW)
    );
    assert_eq!(
        code(IndexSet::blocks(comm, 0, &[])),
        Some(ErrorCode::ARG_OUTOFRANGE)
    );
    assert_eq!(
        code(IndexSet::blocks(comm, 4, &[Int::MAX / 2])),
        Some(ErrorCode::ARG_OUTOFRANGE)
    );
    let mut general = IndexSet::general(comm, &[1, 2, 3])?;
    assert_eq!(code(general.block_indices()), Some(ErrorCode::SUP));
    assert_eq!(code(general.set_block_size(2)), Some(ErrorCode::ARG_SIZ));
    general.set_block_size(3)?;
    assert_eq!(general.block_size()?, 3);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn sorting_orders_indices_and_removes_duplicates(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut is = IndexSet::general(comm, &[4, 1, 4, 0])?;
    assert!(!is.is_sorted()?);
    let copy = is.duplicate()?;
    is.sort()?;
    assert_eq!(&*is.indices()?, &[0, 1, 4, 4]);
    assert!(is.is_sorted()? && is.equal(&copy)?);
    is.sort_remove_duplicates()?;
    assert_eq!(&*is.indices()?, &[0, 1, 4]);
    assert!(!is.equal(&copy)?);
    assert_eq!(&*copy.indices()?, &[4, 1, 4, 0]);
    let indices = copy.indices()?;
    // SAFETY: `copy` lives to the end of this function.
    let alias = unsafe { petsc_rs::IndexSetRef::from_ptr_mut(copy.as_ptr()) };
    assert_eq!(code(alias.sort()), Some(ErrorCode::ARG_WRONGSTATE));
    drop(indices);
    alias.sort()
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_permutation_across_ranks_is_recognized_and_inverted(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (rank, size) = (Int::from(comm.rank()), Int::from(comm.size()));
    let n = 2 * size;
    // Reversed over all ranks: its own inverse.
    let reversed = IndexSet::general(comm, &[n - 1 - 2 * rank, n - 2 - 2 * rank])?;
    assert!(reversed.is_permutation()? && !reversed.is_identity()?);
    assert_eq!(
        &*reversed.invert_permutation()?.indices()?,
        &*reversed.indices()?
    );
    let identity = IndexSet::strided(comm, 2, 2 * rank, 1)?;
    assert!(identity.is_identity()?);
    let twice = IndexSet::general(comm, &[0, 0])?;
    assert!(!twice.is_permutation()?);
    assert_eq!(code(twice.invert_permutation()), Some(ErrorCode::ARG_WRONG));
    let everywhere = reversed.all_gather()?;
    assert!(everywhere.indices()?.iter().copied().eq((0..n).rev()));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn index_sets_are_combined_as_sets(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = IndexSet::general(comm, &[1, 2, 3, 4])?;
    let b = IndexSet::general(comm, &[2, 4, 6])?;
    assert_eq!(&*a.difference(&b)?.indices()?, &[1, 3]);
    let mut both = a.expand(&b)?;
    both.sort()?;
    assert_eq!(&*both.indices()?, &[1, 2, 3, 4, 6]);
    assert_eq!(&*a.intersect(&b)?.indices()?, &[2, 4]);
    assert_eq!(&*a.complement(0..7)?.indices()?, &[0, 5, 6]);
    assert_eq!(
        &*IndexSet::concatenate(comm, &[&a, &b])?.indices()?,
        &[1, 2, 3, 4, 2, 4, 6]
    );
    let (a1, b1) = (
        IndexSet::general(petsc.self_comm(), &[1, 2])?,
        IndexSet::general(petsc.self_comm(), &[2, 5])?,
    );
    assert_eq!(&*a1.sum(&b1)?.indices()?, &[1, 2, 5]);
    let mixed = IndexSet::general(comm, &[3, 1])?;
    assert_eq!(code(mixed.sum(&a)), Some(ErrorCode::ARG_WRONG));
    assert_eq!(code(mixed.complement(0..4)), Some(ErrorCode::ARG_WRONG));
    assert_eq!(code(a.complement(0..4)), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(code(a.complement(2..7)), Some(ErrorCode::ARG_OUTOFRANGE));
    if comm.size() > 1 {
        assert_eq!(code(a.difference(&a1)), Some(ErrorCode::ARG_NOTSAMECOMM));
        assert_eq!(
            code(IndexSet::concatenate(comm, &[&a1])),
            Some(ErrorCode::ARG_NOTSAMECOMM)
        );
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_map_translates_indices_in_both_directions(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let map = LocalToGlobalMap::new(comm, 2, &[4, 0])?;
    assert_eq!((map.local_len()?, map.block_size()?), (4, 2));
    assert_eq!(&*map.indices()?, &[8, 9, 0, 1]);
    assert_eq!(map.apply(&[3, -1, 0])?, [1, -1, 8]);
    assert_eq!(map.apply_block(&[1, 0])?, [0, 4]);
    assert_eq!(map.global_to_local(&[9, 5, 0])?, [Some(1), None, Some(2)]);
    let local = IndexSet::general(comm, &[2, 1])?;
    assert_eq!(&*map.apply_is(&local)?.indices()?, &[0, 9]);
    let pair = IndexSet::general(comm, &[7, 3])?;
    let from = LocalToGlobalMap::from_index_set(&pair)?;
    assert_eq!(from.apply(&[1])?, [3]);
    assert_eq!(code(map.apply(&[4])), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(code(map.apply_block(&[2])), Some(ErrorCode::ARG_OUTOFRANGE));
    let far = IndexSet::general(comm, &[4])?;
    assert_eq!(code(map.apply_is(&far)), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(
        code(LocalToGlobalMap::new(comm, 0, &[])),
        Some(ErrorCode::ARG_OUTOFRANGE)
    );
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn an_ordering_translates_indices_in_both_directions(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (rank, size) = (Int::from(comm.rank()), Int::from(comm.size()));
    let n = 2 * size;
    let application = [n - 1 - 2 * rank, n - 2 - 2 * rank];
    let basic = Ordering::basic(comm, &application, None)?;
    let mut indices = [0, n - 1, n];
    basic.application_to_petsc(&mut indices)?;
    assert_eq!(indices, [n - 1, 0, -1]);
    basic.petsc_to_application(&mut indices[..2])?;
    assert_eq!(indices[..2], [0, n - 1]);
    let mapping = Ordering::mapping(comm, &[100 + rank], Some(&[rank]))?;
    let mut indices = [100, 7];
    mapping.application_to_petsc(&mut indices)?;
    assert_eq!(indices, [0, -1]);
    assert_eq!(
        code(Ordering::basic(comm, &[0, n], None)),
        Some(ErrorCode::ARG_WRONG)
    );
    assert_eq!(
        code(Ordering::basic(comm, &[rank], Some(&[]))),
        Some(ErrorCode::ARG_SIZ)
    );
    Ok(())
}
