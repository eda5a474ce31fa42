//! Entries are written, by global, local and block numbers, until the matrix is assembled.

use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, LocalToGlobalMap};
use petsc_test::{assert_close, assert_code};

use super::{check_example, example, r};

#[petsc_test::test(ranks = [1, 2, 3])]
fn indices_are_checked(petsc: &Petsc) -> Result<()> {
    for kind in [MatrixType::AIJ, MatrixType::BAIJ, MatrixType::DENSE] {
        let mut a = Matrix::builder(petsc.world()).global_size(4, 3).kind(kind).build()?;
        assert_code(a.set_value(4, 0, r(1.0), InsertMode::Insert), ErrorCode::ARG_OUTOFRANGE);
        assert_code(a.set_value(0, 3, r(1.0), InsertMode::Insert), ErrorCode::ARG_OUTOFRANGE);
        assert_code(a.set_values(&[0], &[0, 1], &[r(1.0)], InsertMode::Insert), ErrorCode::ARG_SIZ);
        let mut fast = a.assembler(InsertMode::Insert)?;
        assert_code(fast.set(Int::MAX, 0, r(1.0)), ErrorCode::ARG_OUTOFRANGE);
        assert_code(fast.row(0, &[0, 3], &[r(1.0); 2]), ErrorCode::ARG_OUTOFRANGE);
        // Negative indices are left out.
        fast.row(-1, &[0], &[r(100.0)])?;
        if petsc.world().rank() == 0 {
            fast.row(0, &[-1, 1], &[r(100.0), r(2.0)])?;
        }
        fast.finish()?;
        assert_close!(a.norm(Norm::Frobenius)?, 2.0, 1e-15);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn insert_modes_do_not_mix(petsc: &Petsc) -> Result<()> {
    let mut a = Matrix::builder(petsc.world()).global_size(2, 2).build()?;
    a.set_value(0, 0, r(1.0), InsertMode::Insert)?;
    assert_code(a.set_value(0, 0, r(1.0), InsertMode::Add), ErrorCode::ARG_WRONGSTATE);
    a.flush_assembly()?;
    a.set_value(0, 0, r(2.0), InsertMode::Add)?;
    a.assemble()?;
    assert_close!(a.value(0, 0)?.real(), 3.0, 1e-15);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_matrix_that_is_not_assembled_is_refused(petsc: &Petsc) -> Result<()> {
    let mut a = Matrix::builder(petsc.world()).global_size(3, 3).build()?;
    let (x, mut y) = a.vectors()?;
    a.set_value(0, 0, r(1.0), InsertMode::Insert)?;
    assert!(!a.is_assembled()?);
    for result in [
        a.mult(&x, &mut y),
        a.mult_transpose(&x, &mut y),
        a.diagonal(&mut y),
        a.row(0).map(drop),
        a.values(&[0], &[0]).map(drop),
        a.norm(Norm::One).map(drop),
        a.transpose().map(drop),
        a.duplicate().map(drop),
        a.lu().map(drop),
        a.mat_mult(&a).map(drop),
        a.zero_rows(&[0], r(1.0), None),
    ] {
        assert_code(result, ErrorCode::ARG_WRONGSTATE);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn local_indices_go_through_the_map(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut a = Matrix::builder(comm).global_size(6, 6).build()?;
    // Local numbers run backwards.
    let range = a.ownership_range()?;
    let backwards: Vec<Int> = range.clone().rev().collect();
    let map = LocalToGlobalMap::new(comm, 1, &backwards)?;
    assert_code(
        a.set_values_local(&[0], &[0], &[r(1.0)], InsertMode::Insert),
        ErrorCode::ARG_WRONGSTATE,
    );
    a.set_local_to_global_map(&map, &map)?;
    let n = range.end - range.start;
    assert_code(
        a.set_values_local(&[n], &[0], &[r(1.0)], InsertMode::Insert),
        ErrorCode::ARG_OUTOFRANGE,
    );
    a.set_values_local(&[0], &[0], &[r(2.0)], InsertMode::Insert)?;
    a.assemble()?;
    assert_close!(a.value(range.end - 1, range.end - 1)?.real(), 2.0, 0.0);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn blocked_values_fill_whole_blocks(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for kind in [MatrixType::AIJ, MatrixType::BAIJ] {
        let mut a = Matrix::builder(comm).global_size(8, 8).kind(kind).block_size(2).build()?;
        if comm.rank() == 0 {
            let values = [r(1.0), r(2.0), r(3.0), r(4.0)];
            a.set_values_blocked(&[3], &[1], &values, InsertMode::Insert)?;
        }
        assert_code(
            a.set_values_blocked(&[4], &[0], &[r(0.0); 4], InsertMode::Insert),
            ErrorCode::ARG_OUTOFRANGE,
        );
        a.assemble()?;
        let range = a.ownership_range()?;
        if range.contains(&7) {
            assert_eq!(a.values(&[6, 7], &[2, 3])?, [r(1.0), r(2.0), r(3.0), r(4.0)]);
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn stored_values_are_restored(petsc: &Petsc) -> Result<()> {
    let mut a = example(petsc.world())?;
    a.set_option(MatrixOption::NewNonzeroLocations, false)?;
    a.store_values()?;
    a.scale(r(3.0))?;
    a.retrieve_values()?;
    check_example(&a)
}

#[petsc_test::test(ranks = [1, 2])]
fn a_split_assembly_ends_when_finished_or_dropped(petsc: &Petsc) -> Result<()> {
    let mut a = Matrix::builder(petsc.world()).global_size(4, 4).build()?;
    a.set_value(3, 3, r(1.0), InsertMode::Add)?;
    let flight = a.assemble_begin()?;
    flight.finish()?;
    assert_close!(a.trace()?.real(), f64::from(petsc.world().size()), 0.0);
    a.set_value(0, 0, r(1.0), InsertMode::Add)?;
    drop(a.assemble_begin()?);
    assert!(a.is_assembled()?);
    Ok(())
}
