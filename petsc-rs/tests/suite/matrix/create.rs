//! Ways to make a matrix: with and without preallocation, from rows, from coordinates, of every type.

use petsc_rs::ErrorCode;
use petsc_rs::matrix::{MatrixOption, Scope};
use petsc_rs::prelude::*;
use petsc_test::{assert_close, assert_code};

use super::{AX, assert_vector, check_example, example, example_row, example_with, harmonic, r};

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_matrix_without_preallocation_takes_any_entries(petsc: &Petsc) -> Result<()> {
    let a = example(petsc.world())?;
    check_example(&a)?;
    assert_close!(a.info(Scope::GlobalSum)?.used, 19.0, 0.0);
    // Many more entries than any default estimate has room for, in one row, one at a time.
    let n = 60;
    let mut a = Matrix::builder(petsc.world()).global_size(n, n).build()?;
    let mut entries = a.assembler(InsertMode::Insert)?;
    if petsc.world().rank() == 0 {
        for j in 0..n {
            entries.set(0, j, r(1.0))?;
        }
    }
    entries.finish()?;
    assert_close!(a.norm(Norm::Infinity)?, 60.0, 1e-14);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn counts_that_suffice_need_no_allocation(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let uniform = example_with(comm, |b| b.preallocate(3, 3))?;
    check_example(&uniform)?;
    assert_close!(uniform.info(Scope::GlobalSum)?.mallocs, 0.0, 0.0);
    let rows = uniform.local_size()?.0;
    let counts: Vec<Int> = vec![3; rows];
    let exact = example_with(comm, |b| b.preallocate_rows(&counts, &counts))?;
    assert!(exact.equal(&uniform)?);
    let too_many: Vec<Int> = vec![3; rows + 1];
    let wrong =
        Matrix::builder(comm).global_size(7, 7).preallocate_rows(&too_many, &counts).build();
    assert_code(wrong, ErrorCode::ARG_SIZ);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn an_entry_beyond_the_preallocation_is_an_error(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut a = Matrix::builder(comm).global_size(3, 3).preallocate(1, 0).build()?;
    a.set_value(0, 0, r(1.0), InsertMode::Insert)?;
    assert_code(a.set_value(0, 1, r(1.0), InsertMode::Insert), ErrorCode::ARG_OUTOFRANGE);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn rows_and_coordinates_give_the_same_matrix(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = example(comm)?;
    let (m, n) = a.local_size()?;
    let (mut offsets, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
    for i in a.ownership_range()? {
        let row = a.row(i)?;
        columns.extend_from_slice(row.columns());
        values.extend_from_slice(row.values());
        offsets.push(Int::try_from(columns.len()).expect("small"));
    }
    assert_eq!(offsets.len(), m + 1);
    let b = Matrix::from_csr(comm, n, &offsets, &columns, &values)?;
    check_example(&b)?;
    // Coordinates, all from the last rank, with the places that meet given twice.
    let mut c = Matrix::builder(comm).global_size(7, 7).build()?;
    let (mut i_list, mut j_list, mut v_list) = (Vec::new(), Vec::new(), Vec::new());
    if comm.rank() + 1 == comm.size() {
        for i in 0..7 {
            let (columns, values) = example_row(i);
            i_list.extend([i; 3]);
            j_list.extend(columns);
            v_list.extend(values);
        }
    }
    c.set_preallocation_coo(&i_list, &j_list)?;
    c.set_values_coo(&v_list, InsertMode::Insert)?;
    check_example(&c)?;
    c.set_values_coo(&v_list, InsertMode::Add)?;
    assert_close!(c.trace()?.real(), 74.0, 1e-14);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn wrong_rows_and_coordinates_are_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let one = [r(1.0)];
    assert_code(Matrix::from_csr(comm, 2, &[], &[], &[]), ErrorCode::ARG_SIZ);
    assert_code(Matrix::from_csr(comm, 2, &[0, 2], &[0], &one), ErrorCode::ARG_SIZ);
    assert_code(Matrix::from_csr(comm, 2, &[0, 1], &[2], &one), ErrorCode::ARG_OUTOFRANGE);
    assert_code(Matrix::from_csr(comm, 2, &[0, 1], &[-1], &one), ErrorCode::ARG_OUTOFRANGE);
    assert_code(Matrix::from_csr(comm, 2, &[0, 2, 1], &[0], &one), ErrorCode::ARG_OUTOFRANGE);
    let mut a = Matrix::builder(comm).global_size(2, 2).build()?;
    assert_code(a.set_values_coo(&one, InsertMode::Insert), ErrorCode::ORDER);
    assert_code(a.set_preallocation_coo(&[0], &[0, 1]), ErrorCode::ARG_SIZ);
    assert_code(a.set_preallocation_coo(&[2], &[0]), ErrorCode::ARG_OUTOFRANGE);
    a.set_preallocation_coo(&[0, 1], &[0, 1])?;
    assert_code(a.set_values_coo(&one, InsertMode::Insert), ErrorCode::ARG_SIZ);
    a.set_values_coo(&[r(1.0), r(2.0)], InsertMode::Insert)?;
    a.convert_in_place(MatrixType::DENSE)?;
    assert_code(a.set_values_coo(&[r(1.0), r(2.0)], InsertMode::Insert), ErrorCode::ORDER);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn every_type_gives_the_same_products(petsc: &Petsc) -> Result<()> {
    for kind in [MatrixType::BAIJ, MatrixType::DENSE, MatrixType::AIJ_PERM] {
        check_example(&example_with(petsc.world(), |b| b.kind(kind))?)?;
    }
    // Sliced ELLPACK has no norms.
    let a = example_with(petsc.world(), |b| b.kind(MatrixType::SELL))?;
    let (_, mut y) = a.vectors()?;
    let x = harmonic(&a)?;
    a.mult(&x, &mut y)?;
    assert_vector(&y, &AX)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn symmetric_storage_multiplies_by_both_triangles(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut a =
        Matrix::builder(comm).global_size(6, 6).kind(MatrixType::SBAIJ).block_size(2).build()?;
    a.set_option(MatrixOption::IgnoreLowerTriangular, true)?;
    for i in a.ownership_range()? {
        a.set_value(i, i, r(2.0), InsertMode::Insert)?;
        for j in [i - 1, i + 1] {
            if (0..6).contains(&j) {
                a.set_value(i, j, r(-1.0), InsertMode::Insert)?;
            }
        }
    }
    a.assemble()?;
    let (mut x, mut y) = a.vectors()?;
    x.set(r(1.0))?;
    a.mult(&x, &mut y)?;
    assert_vector(&y, &[1.0, 0.0, 0.0, 0.0, 0.0, 1.0])
}
