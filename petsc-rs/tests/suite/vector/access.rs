//! Single entries and assembly.

use petsc_rs::prelude::*;
use petsc_rs::vector::VectorOption;
use petsc_test::assert_code;

use super::{ErrorCode, all, code, counting, index, real};

#[petsc_test::test(ranks = [1, 2, 3])]
fn own_values_are_read(petsc: &Petsc) -> Result<()> {
    let x = counting(petsc, 6)?;
    for i in x.ownership_range()? {
        assert_eq!(x.value(i)?, index(i));
    }
    let own: Vec<Int> = x.ownership_range()?.rev().collect();
    assert_eq!(x.values(&own)?, own.iter().map(|&i| index(i)).collect::<Vec<_>>());
    let end = x.ownership_range()?.end;
    assert_eq!(code(x.value(end)), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(code(x.value(-1)), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(code(x.values_into(&[], &mut [real(0.0)])), Some(ErrorCode::ARG_SIZ));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn additions_of_all_ranks_are_summed(petsc: &Petsc) -> Result<()> {
    let size = petsc.world().size();
    let mut x = Vector::new(petsc.world(), 4)?;
    x.set_values(&[0, 3], &[real(1.0), real(2.0)], InsertMode::Add)?;
    let assembly = x.assemble_begin()?;
    assembly.finish()?;
    assert_eq!(all(&x)?, [f64::from(size), 0.0, 0.0, f64::from(2 * size)]);
    assert_eq!(code(x.set_value(4, real(1.0), InsertMode::Add)), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(code(x.set_values(&[1], &[], InsertMode::Add)), Some(ErrorCode::ARG_SIZ));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn an_assembly_forgotten_locks_its_vector(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::new(petsc.self_comm(), 4)?;
    let assembly = x.assemble_begin()?;
    #[expect(clippy::mem_forget, reason = "what this test is about")]
    std::mem::forget(assembly);
    assert_eq!(code(x.set(real(1.0))), Some(ErrorCode::ARG_WRONGSTATE));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn values_are_set_by_blocks(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::builder(petsc.world()).global_len(6).block_size(2).build()?;
    if petsc.world().rank() == 0 {
        x.set_values_blocked(&[2, 0], &[5.0, 6.0, 1.0, 2.0].map(real), InsertMode::Insert)?;
    }
    x.assemble()?;
    assert_eq!(all(&x)?, [1.0, 2.0, 0.0, 0.0, 5.0, 6.0]);
    let two = [real(0.0); 2];
    assert_eq!(
        code(x.set_values_blocked(&[3], &two, InsertMode::Insert)),
        Some(ErrorCode::ARG_OUTOFRANGE)
    );
    assert_eq!(
        code(x.set_values_blocked(&[0, 1], &two, InsertMode::Insert)),
        Some(ErrorCode::ARG_SIZ)
    );
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn values_are_set_by_local_indices(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::new(petsc.world(), 4)?;
    assert_eq!(
        code(x.set_values_local(&[0], &[real(1.0)], InsertMode::Add)),
        Some(ErrorCode::ARG_WRONGSTATE)
    );
    let map = LocalToGlobalMap::new(petsc.world(), 1, &[3, 1, -1])?;
    x.set_local_to_global_map(&map)?;
    x.set_values_local(&[0, 1], &[real(1.0), real(2.0)], InsertMode::Insert)?;
    x.assemble()?;
    assert_eq!(all(&x)?, [0.0, 2.0, 0.0, 1.0]);
    for outside in [2, 3, -1] {
        let result = x.set_values_local(&[outside], &[real(1.0)], InsertMode::Insert);
        assert_eq!(code(result), Some(ErrorCode::ARG_OUTOFRANGE), "{outside}");
    }
    let far = LocalToGlobalMap::new(petsc.world(), 1, &[4])?;
    assert_eq!(code(x.set_local_to_global_map(&far)), Some(ErrorCode::ARG_OUTOFRANGE));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn options_ignore_negative_and_foreign_indices(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::new(petsc.world(), 3)?;
    let two = [real(1.0), real(2.0)];
    assert_eq!(
        code(x.set_values(&[-1, 0], &two, InsertMode::Insert)),
        Some(ErrorCode::ARG_OUTOFRANGE)
    );
    x.set_option(VectorOption::IgnoreNegativeIndices, true)?;
    x.set_values(&[-1, 0], &two, InsertMode::Insert)?;
    x.assemble()?;
    assert_eq!(all(&x)?, [2.0, 0.0, 0.0]);
    // Whether a duplicate inherits the option depends on its type; safe it is in either case.
    let mut y = x.duplicate()?;
    y.set_values(&[-7, 2], &two, InsertMode::Insert)?;
    y.assemble()?;
    assert_eq!(all(&y)?, [0.0, 0.0, 2.0]);
    assert_eq!(
        code(x.set_values(&[3, 0], &two, InsertMode::Insert)),
        Some(ErrorCode::ARG_OUTOFRANGE)
    );
    x.set_option(VectorOption::IgnoreNegativeIndices, false)?;
    assert_eq!(
        code(x.set_values(&[-1, 0], &two, InsertMode::Insert)),
        Some(ErrorCode::ARG_OUTOFRANGE)
    );
    x.set_option(VectorOption::IgnoreOffProcEntries, true)?;
    x.set_zero()?;
    let last = petsc.world().rank() + 1 == petsc.world().size();
    if last {
        x.set_values(&[0, 2], &two, InsertMode::Insert)?;
    }
    x.assemble()?;
    let first = if petsc.world().size() == 1 { 1.0 } else { 0.0 };
    assert_eq!(all(&x)?, [first, 0.0, 2.0]);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_assembler_checks_what_c_does_not(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::new(petsc.world(), 7)?;
    let one = Scalar::from_real(1.0);
    let mut entries = x.assembler(InsertMode::Add)?;
    for index in [-1, 7] {
        let error = entries.set(index, one).expect_err("outside of the vector");
        assert_eq!(error.code(), ErrorCode::ARG_OUTOFRANGE);
    }
    assert_code(entries.values(&[0, 1], &[one]), ErrorCode::ARG_SIZ); // lengths differ
    assert_code(entries.values(&[0, 6, 9], &[one; 3]), ErrorCode::ARG_OUTOFRANGE); // all or none
    for index in 0..7 {
        entries.set(index, one)?;
    }
    entries.finish()?;
    let ranks = Real::from(petsc.world().size());
    petsc_test::assert_close!(x.sum()?.real(), 7.0 * ranks, 1e-14);
    Ok(())
}
