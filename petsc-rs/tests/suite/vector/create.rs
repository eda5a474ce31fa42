//! Creation: storage, layout, ghosts, parts.

use petsc_rs::prelude::*;
use petsc_rs::vector::VectorType;
use petsc_test::{assert_close, assert_error};

use super::{ErrorCode, all, code, counting, index, real};

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_vector_has_the_layout_that_was_asked_for(petsc: &Petsc) -> Result<()> {
    let rank = usize::try_from(petsc.world().rank())?;
    let x = Vector::with_local_len(petsc.world(), rank + 1)?;
    let ranges = x.ownership_ranges()?;
    assert_eq!(ranges[rank], x.ownership_range()?);
    let lengths: Vec<usize> = ranges.iter().map(|r| r.clone().count()).collect();
    assert_eq!(lengths, (1..=lengths.len()).collect::<Vec<_>>());
    let mpi = Vector::mpi(petsc.world(), None, Some(5))?;
    assert_eq!(mpi.type_name()?.as_deref(), Some("mpi"));
    assert_eq!(mpi.len()?, 5);
    let seq = Vector::seq(petsc.self_comm(), rank)?;
    assert_eq!((seq.len()?, seq.type_name()?.as_deref()), (rank, Some("seq")));
    assert_eq!(code(Vector::mpi(petsc.world(), None, None)), Some(ErrorCode::ARG_WRONG));
    if petsc.world().size() > 1 {
        assert_eq!(code(Vector::seq(petsc.world(), 3)), Some(ErrorCode::WRONG_MPI_SIZE));
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_builder_sets_type_block_size_and_prefix(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::builder(petsc.world())
        .global_len(12)
        .block_size(2)
        .kind(VectorType::MPI)
        .options_prefix("builttest_")
        .from_options()
        .build()?;
    assert_eq!((x.block_size()?, x.local_len()? % 2), (2, 0));
    assert_eq!(x.options_prefix()?.as_deref(), Some("builttest_"));
    x.set_options_prefix("other_")?;
    assert_eq!(x.options_prefix()?.as_deref(), Some("other_"));
    let builder = || Vector::builder(petsc.world());
    assert_eq!(code(builder().build()), Some(ErrorCode::ARG_WRONG));
    assert_eq!(code(builder().local_len(3).block_size(2).build()), Some(ErrorCode::ARG_SIZ));
    assert_eq!(code(builder().local_len(3).block_size(0).build()), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(
        code(builder().local_len(3).kind(VectorType::NEST).build()),
        Some(ErrorCode::ARG_WRONG)
    );
    assert_eq!(
        code(builder().local_len(3).kind(VectorType::new(c"no such type")).build()),
        Some(ErrorCode::ARG_UNKNOWN_TYPE)
    );
    let mut plain = Vector::with_local_len(petsc.world(), 4)?;
    plain.set_block_size(4)?;
    assert_eq!(plain.block_size()?, 4);
    let mut odd = Vector::with_local_len(petsc.world(), 3)?;
    assert_eq!(code(odd.set_block_size(2)), Some(ErrorCode::ARG_SIZ));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_vector_uses_the_memory_of_rust(petsc: &Petsc) -> Result<()> {
    let values: Vec<Scalar> = (0..4).map(index).collect();
    let address = values.as_ptr();
    let mut x = Vector::from_vec(petsc.world(), values)?;
    assert_eq!(x.array()?.as_ptr(), address);
    x.scale(real(2.0))?;
    assert_close!(x.norm(Norm::Infinity)?, 6.0, 1e-15);
    // A duplicate owns memory of its own and may go last.
    let mut y = x.duplicate()?;
    y.copy_from(&x)?;
    drop(x);
    assert_close!(y.norm(Norm::Infinity)?, 6.0, 1e-15);
    let empty = Vector::from_vec(petsc.world(), Vec::new())?;
    assert_eq!(empty.len()?, 0);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn duplicates_have_the_same_layout_and_zeros(petsc: &Petsc) -> Result<()> {
    let x = counting(petsc, 5)?;
    let many = x.duplicate_many(3)?;
    assert_eq!(many.len(), 3);
    for v in &many {
        assert_eq!(v.ownership_range()?, x.ownership_range()?);
        assert_close!(v.norm(Norm::One)?, 0.0, 0.0);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn ghosts_are_updated_in_both_directions(petsc: &Petsc) -> Result<()> {
    let (rank, size) = (petsc.world().rank(), petsc.world().size());
    // Two entries a rank; the ghosts are the neighbors in a ring.
    let n = Int::from(2 * size);
    let own = Int::from(2 * rank);
    let ring = [(own + n - 1) % n, (own + 2) % n];
    let mut x = Vector::ghosted(petsc.world(), 2, &ring)?;
    for i in x.ownership_range()? {
        x.set_value(i, index(i), InsertMode::Insert)?;
    }
    x.assemble()?;
    x.update_ghosts(Combine::Insert, Direction::Forward)?;
    let expected = [index(own), index(own + 1), index(ring[0]), index(ring[1])];
    assert_eq!(&*x.local_form()?.array()?, &expected);
    // Backwards, each entry gets itself plus the copy that one neighbor holds.
    x.update_ghosts_begin(Combine::Add, Direction::Reverse)?.finish()?;
    assert_eq!(&*x.array()?, &[index(2 * own), index(2 * (own + 1))]);
    x.local_form_mut()?.set(real(7.0))?;
    assert_close!(x.norm(Norm::Infinity)?, 7.0, 1e-15);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn ghosts_are_updated_by_blocks(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::ghosted_blocks(petsc.world(), 2, 4, &[1])?;
    for i in x.ownership_range()? {
        x.set_value(i, index(i), InsertMode::Insert)?;
    }
    x.assemble()?;
    x.update_ghosts(Combine::Insert, Direction::Forward)?;
    assert_eq!(x.local_form()?.array()?[4..], [real(2.0), real(3.0)]);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn ghosts_are_added_to_memory_and_vectors_of_the_program(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let values = [1.0, 2.0, 0.0].map(real).to_vec();
    let address = values.as_ptr();
    let mut x = Vector::ghosted_from_vec(comm, &[0], values)?;
    assert_eq!(x.array()?.as_ptr(), address);
    x.update_ghosts(Combine::Insert, Direction::Forward)?;
    assert_eq!(&*x.local_form()?.array()?, &[1.0, 2.0, 1.0].map(real));
    let copy = x.duplicate()?;
    drop(x);
    assert_eq!(copy.local_form()?.len()?, 3);
    let mut x = Vector::mpi(comm, Some(2), None)?;
    x.set_ghosts(&[1])?;
    x.set(real(4.0))?;
    x.update_ghosts(Combine::Insert, Direction::Forward)?;
    assert_eq!(&*x.local_form()?.array()?, &[real(4.0); 3]);
    assert_eq!(code(x.set_ghosts(&[99])), Some(ErrorCode::ARG_OUTOFRANGE));
    let mut serial = Vector::seq(petsc.self_comm(), 2)?;
    assert_eq!(code(serial.set_ghosts(&[0])), Some(ErrorCode::ARG_NOTSAMETYPE));
    let few = Vector::ghosted_from_vec(comm, &[0], Vec::new());
    assert_eq!(code(few), Some(ErrorCode::ARG_SIZ));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn wrong_ghost_points_are_refused(petsc: &Petsc) -> Result<()> {
    let n = Int::from(2 * petsc.world().size());
    assert_eq!(code(Vector::ghosted(petsc.world(), 2, &[n])), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(code(Vector::ghosted(petsc.world(), 2, &[-1])), Some(ErrorCode::ARG_OUTOFRANGE));
    let mut plain = counting(petsc, 4)?;
    assert_eq!(code(plain.local_form()), Some(ErrorCode::ARG_WRONG));
    assert_eq!(
        code(plain.update_ghosts(Combine::Insert, Direction::Forward)),
        Some(ErrorCode::ARG_WRONG)
    );
    let x = Vector::ghosted(petsc.world(), 2, &[0])?;
    let form = x.local_form()?;
    // SAFETY: `x` lives to the end of this function.
    let alias = unsafe { super::VectorRef::from_ptr_mut(x.as_ptr()) };
    assert_eq!(code(alias.set(real(1.0))), Some(ErrorCode::ARG_WRONGSTATE));
    drop(form);
    alias.set(real(1.0))
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_nest_shares_the_entries_of_its_parts(petsc: &Petsc) -> Result<()> {
    let mut u = counting(petsc, 4)?;
    let p = counting(petsc, 3)?;
    let mut x = Vector::nest(petsc.world(), &[&u, &p])?;
    assert_eq!((x.len()?, x.nest_len()?), (7, 2));
    assert_close!(x.sum()?.real(), 9.0, 1e-15);
    u.set(real(1.0))?;
    assert_close!(x.sum()?.real(), 7.0, 1e-15);
    x.sub_vector_mut(1)?.set(real(2.0))?;
    assert_eq!(all(&p)?, [2.0, 2.0, 2.0]);
    x.array_write()?.fill(real(3.0));
    assert_eq!(all(&u)?, [3.0; 4]);
    assert_eq!(code(x.sub_vector(2)), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_error(u.nest_len(), ErrorCode::SUP, "VecNestGetSize");
    assert_eq!(code(Vector::nest(petsc.world(), &[])), Some(ErrorCode::ARG_WRONG));
    assert_eq!(code(Vector::nest(petsc.world(), &[&u, &u])), Some(ErrorCode::ARG_IDN));
    // As many entries, other parts: C would walk over the end of the list.
    let seven = counting(petsc, 7)?;
    let whole = Vector::nest(petsc.world(), &[&seven])?;
    assert_error(x.axpy(real(1.0), &whole), ErrorCode::ARG_SIZ, "parts of the nested vector");
    assert_error(x.dot(&whole), ErrorCode::ARG_SIZ, "parts of the nested vector");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn guards_reach_the_parts_of_nests(petsc: &Petsc) -> Result<()> {
    let mut u = counting(petsc, 4)?;
    let mut x = Vector::nest(petsc.world(), &[&u])?;
    let part = u.array()?;
    assert_eq!(code(x.set(real(1.0))), Some(ErrorCode::ARG_WRONGSTATE));
    assert_eq!(code(x.array_mut()), Some(ErrorCode::ARG_WRONGSTATE));
    drop(part);
    let whole = x.array_mut()?;
    assert_eq!(code(u.array()), Some(ErrorCode::ARG_WRONGSTATE));
    assert_eq!(code(u.set(real(1.0))), Some(ErrorCode::ARG_WRONGSTATE));
    drop(whole);
    u.set(real(1.0))
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn vectors_are_concatenated_in_global_order(petsc: &Petsc) -> Result<()> {
    let (x, y) = (counting(petsc, 4)?, counting(petsc, 3)?);
    let (all_entries, sets) = Vector::concatenate(&[&x, &y, &x])?;
    let expected = [0.0, 1.0, 2.0, 3.0, 0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 3.0];
    assert_eq!(all(&all_entries)?, expected);
    assert_eq!(sets.len(), 3);
    let own = y.ownership_range()?;
    let moved: Vec<Int> = own.map(|i| i + 4).collect();
    assert_eq!(&*sets[1].indices()?, moved);
    assert_eq!(code(Vector::concatenate(&[])), Some(ErrorCode::ARG_WRONG));
    let nest = Vector::nest(petsc.world(), &[&x, &y])?;
    assert_eq!(code(Vector::concatenate(&[&x, &nest])), Some(ErrorCode::SUP));
    let mpi = Vector::mpi(petsc.world(), None, Some(2))?;
    assert_eq!(all(&Vector::concatenate(&[&mpi, &mpi])?.0)?, [0.0; 4]);
    Ok(())
}
