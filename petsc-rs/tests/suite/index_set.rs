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
    assert_eq!((blocks.block_size()?, blocks.block_indices()?), (2, vec![3, 0]));
    let empty = IndexSet::general(comm, &[])?;
    assert!(empty.is_empty()? && empty.indices()?.is_empty());
    assert_eq!(empty.min_max()?, None);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn index_sets_with_wrong_arguments_are_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    assert_eq!(code(IndexSet::strided(comm, 3, Int::MAX - 1, 1)), Some(ErrorCode::INT_OVERFLOW));
    assert_eq!(code(IndexSet::blocks(comm, 0, &[])), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(code(IndexSet::blocks(comm, 4, &[Int::MAX / 2])), Some(ErrorCode::ARG_OUTOFRANGE));
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
    assert_eq!(&*reversed.invert_permutation()?.indices()?, &*reversed.indices()?);
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
    assert_eq!(&*IndexSet::concatenate(comm, &[&a, &b])?.indices()?, &[1, 2, 3, 4, 2, 4, 6]);
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
        assert_eq!(code(IndexSet::concatenate(comm, &[&a1])), Some(ErrorCode::ARG_NOTSAMECOMM));
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
    assert_eq!(code(LocalToGlobalMap::new(comm, 0, &[])), Some(ErrorCode::ARG_OUTOFRANGE));
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
    assert_eq!(code(Ordering::basic(comm, &[0, n], None)), Some(ErrorCode::ARG_WRONG));
    assert_eq!(code(Ordering::basic(comm, &[rank], Some(&[]))), Some(ErrorCode::ARG_SIZ));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn indices_are_located_and_filtered(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut general = IndexSet::general(comm, &[5, 6, 7])?;
    let stride = IndexSet::strided(comm, 3, 4, 0)?;
    let blocks = IndexSet::blocks(comm, 2, &[3, 0])?;
    assert_eq!(general.locate(7)?, Some(2));
    assert_eq!(general.locate(8)?, None);
    assert_eq!((stride.locate(4)?, stride.locate(0)?), (Some(0), None));
    assert_eq!((blocks.locate(1)?, blocks.locate(8)?), (Some(3), None));
    assert_eq!(general.contiguous_local(3..8)?, Some(2));
    assert_eq!(general.contiguous_local(3..7)?, None);
    assert_eq!(stride.contiguous_local(0..9)?, None);
    let one = IndexSet::blocks(comm, 2, &[3])?;
    assert_eq!(one.contiguous_local(6..8)?, Some(0));
    assert_eq!(IndexSet::general(comm, &[])?.contiguous_local(0..0)?, Some(0));
    let same = IndexSet::strided(comm, 3, 5, 1)?;
    let turned = IndexSet::general(comm, &[7, 6, 5])?;
    assert!(general.equal_unsorted(&same)? && !general.equal_unsorted(&turned)?);
    assert!(general.equal(&turned)?);
    let ranks = usize::try_from(comm.size())?;
    assert_eq!(blocks.block_count()?, 2 * ranks);
    assert_eq!(code(general.block_count()), Some(ErrorCode::ARG_WRONG));

    general.filter(6..100)?;
    assert_eq!((general.len()?, &*general.indices()?), (2 * ranks, &[6, 7][..]));
    let mut second = general.share()?;
    let lent = general.indices()?;
    assert_eq!(code(second.filter(0..1)), Some(ErrorCode::ARG_WRONGSTATE));
    drop(lent);
    let mut stride = stride;
    assert_eq!(code(stride.filter(0..1)), Some(ErrorCode::SUP));
    if comm.size() > 1 {
        let own = IndexSet::general(petsc.self_comm(), &[6, 7])?;
        assert_eq!(code(general.equal_unsorted(&own)), Some(ErrorCode::ARG_NOTSAMECOMM));
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn indices_are_embedded_and_renumbered(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = IndexSet::general(comm, &[30, 7, 10])?;
    let b = IndexSet::general(comm, &[10, 20, 30])?;
    assert_eq!(&*a.embed(&b, true)?.indices()?, &[2, 0]);
    assert_eq!(&*a.embed(&b, false)?.indices()?, &[2, -1, 0]);
    let (count, numbers) = IndexSet::general(comm, &[40, -3, 10, 40])?.renumber()?;
    assert_eq!((count, &*numbers.indices()?), (2, &[1, -1, 0, 1][..]));
    // Each rank has two of the even numbers.
    let rank = Int::from(comm.rank());
    let own = IndexSet::general(comm, &[100 + 4 * rank, 102 + 4 * rank])?;
    let (count, numbers) = own.renumber()?;
    assert_eq!(count, usize::try_from(2 * comm.size())?);
    assert_eq!(&*numbers.indices()?, &[2 * rank, 2 * rank + 1]);
    let last = if comm.rank() == 0 { Int::MAX } else { 5 };
    let large = IndexSet::general(comm, &[0, last])?;
    assert_eq!(code(large.renumber()), Some(ErrorCode::ARG_OUTOFRANGE));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn maps_are_concatenated_and_inverted(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let first = LocalToGlobalMap::new(comm, 1, &[7, 5])?;
    let second = LocalToGlobalMap::new(comm, 2, &[4])?;
    let both = LocalToGlobalMap::concatenate(comm, &[&first, &second])?;
    assert_eq!(&*both.indices()?, &[7, 5, 8, 9]);
    assert_eq!(LocalToGlobalMap::concatenate(comm, &[])?.local_len()?, 0);
    let global = IndexSet::general(comm, &[9, 6, 5])?;
    assert_eq!(&*both.global_to_local_is(&global)?.indices()?, &[3, 1]);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn an_ordering_translates_index_sets(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (rank, n) = (Int::from(comm.rank()), 3 * Int::from(comm.size()));
    // The index i + 1 of the application is the index i of PETSc.
    let application: Vec<Int> = (3 * rank..3 * rank + 3).map(|i| (i + 1) % n).collect();
    let basic = Ordering::basic(comm, &application, None)?;
    let mut is = IndexSet::strided(comm, 2, 0, 1)?;
    basic.application_to_petsc_is(&mut is)?;
    assert_eq!(&*is.indices()?, &[n - 1, 0]);
    assert!(!is.is_sorted()?);
    basic.petsc_to_application_is(&mut is)?;
    assert_eq!(&*is.indices()?, &[0, 1]);
    let mut second = is.share()?;
    let lent = is.indices()?;
    let refused = [
        code(basic.application_to_petsc_is(&mut second)),
        code(basic.petsc_to_application_is(&mut second)),
    ];
    assert_eq!(refused, [Some(ErrorCode::ARG_WRONGSTATE); 2]);
    drop(lent);

    let mapping = Ordering::mapping(comm, &[100 + rank], Some(&[10 + rank]))?;
    let last = Int::from(comm.size()) - 1;
    assert!(mapping.has_application_index(100 + last)? && mapping.has_petsc_index(10 + last)?);
    assert!(!mapping.has_application_index(10)? && !mapping.has_petsc_index(100)?);
    let refused = [code(basic.has_application_index(0)), code(basic.has_petsc_index(0))];
    assert_eq!(refused, [Some(ErrorCode::ARG_WRONG); 2]);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn sections_describe_components_and_constraints(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let section = petsc_rs::Section::builder(comm, 0..3)
        .field("u", 2, |_| 2)
        .field("p", 1, |point| usize::from(point == 1))
        .fix("u", |point| if point == 1 { 1..2 } else { 0..0 })
        .build()?;
    assert_eq!((section.field_components(0)?, section.field_components(1)?), (2, 1));
    assert!(section.component_name(0, 1)?.ends_with('1'));
    assert_eq!(section.offset_range()?, 0..7);
    assert_eq!(section.field_fixed_indices(1, 0)?, [1]);
    assert!(section.field_fixed_indices(0, 0)?.is_empty());
    assert!(section.field_fixed_indices(1, 1)?.is_empty());
    let copy = section.duplicate()?;
    drop(section);
    assert_eq!((copy.fields()?, copy.field_name(1)?), (2, "p".to_owned()));
    assert_eq!((copy.range(1)?, copy.field_range(1, 1)?), (2..5, 4..5));
    assert_eq!((copy.free_len()?, copy.fixed_indices(1)?), (6, vec![1]));
    let refused = [
        code(copy.field_components(2)),
        code(copy.component_name(0, 2)),
        code(copy.component_name(2, 0)),
        code(copy.field_fixed_indices(3, 0)),
        code(copy.field_fixed_indices(0, 2)),
    ];
    assert_eq!(refused, [Some(ErrorCode::ARG_OUTOFRANGE); 5]);
    Ok(())
}
