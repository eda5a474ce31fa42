//! What is in a matrix is read and replaced: rows, dense arrays, diagonals, known unknowns.

use petsc_rs::ErrorCode;
use petsc_rs::matrix::Scope;
use petsc_rs::prelude::*;
use petsc_test::{assert_close, assert_code};

use super::{assert_vector, example, example_row, r};

#[petsc_test::test(ranks = [1, 2, 3])]
fn rows_and_single_values_are_read(petsc: &Petsc) -> Result<()> {
    let mut a = example(petsc.world())?;
    let range = a.ownership_range()?;
    assert_code(a.row(7), ErrorCode::ARG_OUTOFRANGE);
    assert_code(a.values(&[range.end], &[0]), ErrorCode::ARG_OUTOFRANGE);
    if !range.is_empty() {
        let i = range.start;
        let row = a.row(i)?;
        let sum: f64 = row.values().iter().map(|v| v.real()).sum();
        let expected = [2.0, 3.0, 4.333_333_333_333_333, 5.75, 7.2, 8.666_666_666_666_666];
        assert_close!(sum, expected[usize::try_from(i).expect("small")], 1e-14);
        drop(row);
        assert_close!(a.value(i, i)?.real(), example_row(i).1[0].real(), 1e-14);
    }
    a.zero_entries()?;
    assert_close!(a.norm(Norm::One)?, 0.0, 0.0);
    assert_close!(a.info(Scope::GlobalSum)?.used, 19.0, 0.0);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn rectangles_with_empty_ranks_are_assembled(petsc: &Petsc) -> Result<()> {
    let mut a = Matrix::builder(petsc.world()).global_size(1, 5).build()?;
    if !a.ownership_range()?.is_empty() {
        a.set_values(&[0], &[0, 4], &[r(3.0), r(4.0)], InsertMode::Insert)?;
    }
    a.assemble()?;
    assert_close!(a.norm(Norm::Frobenius)?, 5.0, 1e-15);
    let t = a.transpose()?;
    assert_eq!(t.size()?, (5, 1));
    let (_, mut left) = a.vectors()?;
    assert_code(a.diagonal(&mut left), ErrorCode::ARG_SIZ);
    assert_code(a.trace(), ErrorCode::ARG_SIZ);
    assert_code(a.shift(r(1.0)), ErrorCode::ARG_SIZ);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_entries_of_a_dense_matrix_are_lent_as_an_array(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let rank = f64::from(comm.rank());
    // Local rows 2, global columns 3, column by column.
    let values: Vec<Scalar> = (0..6).map(|k| r(f64::from(k) + 10.0 * rank)).collect();
    let mut a = Matrix::from_dense(comm, 2, 3, &values)?;
    {
        let entries = a.dense()?;
        assert_eq!(entries.view().dim(), (2, 3));
        assert_close!(entries.view()[(1, 2)].real(), 5.0 + 10.0 * rank, 0.0);
        assert_eq!(entries.column(1)?, &values[2..4]);
        assert_code(entries.column(3).map(<[Scalar]>::len), ErrorCode::ARG_OUTOFRANGE);
        // Readers may meet.
        assert_eq!(a.dense()?.len(), entries.len());
    }
    a.dense_mut()?.view_mut()[(0, 0)] = r(-7.0);
    let first = a.ownership_range()?.start;
    assert_close!(a.value(first, 0)?.real(), -7.0, 0.0);
    assert_code(example(comm)?.dense().map(drop), ErrorCode::ARG_NOTSAMETYPE);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn guards_exclude_writers(petsc: &Petsc) -> Result<()> {
    let a = example(petsc.world())?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    let range = a.ownership_range()?;
    // SAFETY: the matrix lives as long as `a`.
    let other = unsafe { petsc_rs::MatrixRef::from_ptr_mut(a.as_ptr()) };
    let row = a.row(range.start)?;
    assert_code(
        other.set_value(range.start, 0, r(1.0), InsertMode::Insert),
        ErrorCode::ARG_WRONGSTATE,
    );
    assert_code(other.assemble(), ErrorCode::ARG_WRONGSTATE);
    assert_code(other.transpose_in_place(), ErrorCode::ARG_WRONGSTATE);
    drop(row);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn zero_rows_columns_moves_known_values_to_the_right_hand_side(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut a = example(comm)?;
    let (mut x, mut b) = a.vectors()?;
    x.set(r(3.0))?;
    b.set(r(1.0))?;
    let rows: &[Int] = if comm.rank() == 0 { &[6] } else { &[] };
    a.zero_rows_columns(rows, r(5.0), Some((&x, &mut b)))?;
    // Column 6 held 1/4 in row 3 and 10 in row 6.
    assert_vector(&b, &[1.0, 1.0, 1.0, 0.25, 1.0, 1.0, 15.0])?;
    assert_close!(a.trace()?.real(), 32.0, 1e-14);
    assert_code(a.zero_rows(&[7], r(1.0), None), ErrorCode::ARG_OUTOFRANGE);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_diagonal_is_read_replaced_and_scaled(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut a = example(comm)?;
    let (mut x, mut d) = a.vectors()?;
    a.diagonal(&mut d)?;
    assert_vector(&d, &[2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 10.0])?;
    let diagonal = Matrix::diagonal_of(comm, &d)?;
    x.set(r(2.0))?;
    let mut y = x.duplicate()?;
    diagonal.mult(&x, &mut y)?;
    assert_vector(&y, &[4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 20.0])?;
    a.set_diagonal(&x, InsertMode::Add)?;
    assert_close!(a.trace()?.real(), 51.0, 1e-14);
    a.set_diagonal(&x, InsertMode::Insert)?;
    assert_close!(a.trace()?.real(), 14.0, 1e-14);
    a.diagonal_scale(Some(&x), Some(&x))?;
    assert_close!(a.trace()?.real(), 56.0, 1e-14);
    let c = Matrix::constant_diagonal(comm, 7, r(3.0))?;
    c.mult(&x, &mut y)?;
    assert_vector(&y, &[6.0; 7])
}

#[petsc_test::test(ranks = [1, 2])]
fn a_matrix_without_its_diagonal_still_multiplies(petsc: &Petsc) -> Result<()> {
    let mut a = Matrix::builder(petsc.world()).global_size(4, 4).build()?;
    for i in a.ownership_range()? {
        a.set_value(i, i, Scalar::from_real(3.0), InsertMode::Insert)?;
    }
    a.assemble()?;
    let (mut x, mut y) = a.vectors()?;
    a.diagonal(&mut y)?;
    a.forget_diagonal()?;
    let refused = a.diagonal(&mut y).map_err(|e| e.code());
    assert_eq!(refused, Err(ErrorCode::SUP));
    x.set(Scalar::from_real(1.0))?;
    a.mult(&x, &mut y)?;
    assert_eq!(y.norm(Norm::Infinity)?, 3.0);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_ranges_of_all_ranks_are_returned(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let rank = usize::try_from(comm.rank())?;
    // Rank i owns i + 1 rows and 2 columns.
    let a = Matrix::builder(comm).local_size(rank + 1, 2).build()?;
    let ranks = comm.size() as Int;
    let rows: Vec<Int> = (0..=ranks).map(|i| i * (i + 1) / 2).collect();
    let columns: Vec<Int> = (0..=ranks).map(|i| 2 * i).collect();
    assert_eq!(a.ownership_ranges()?, rows);
    assert_eq!(a.ownership_ranges_column()?, columns);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn properties_are_known_after_they_are_set(petsc: &Petsc) -> Result<()> {
    use petsc_rs::matrix::MatrixOption;
    let mut a = example(petsc.world())?;
    assert_eq!(a.spd_known()?, None);
    assert_eq!(a.hermitian_known()?, None);
    a.set_option(MatrixOption::Hermitian, true)?;
    assert_eq!(a.hermitian_known()?, Some(true));
    assert_eq!(a.structurally_symmetric_known()?, Some(true));
    a.set_option(MatrixOption::Spd, false)?;
    assert_eq!(a.spd_known()?, Some(false));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn products_of_two_matrices_are_compared(petsc: &Petsc) -> Result<()> {
    type Compare = fn(&petsc_rs::MatrixRef, &petsc_rs::MatrixRef, usize) -> Result<bool>;
    let comparisons: [Compare; 6] = [
        |a, b, n| a.mult_equal(b, n),
        |a, b, n| a.mult_add_equal(b, n),
        |a, b, n| a.mult_transpose_equal(b, n),
        |a, b, n| a.mult_transpose_add_equal(b, n),
        |a, b, n| a.mult_hermitian_transpose_equal(b, n),
        |a, b, n| a.mult_hermitian_transpose_add_equal(b, n),
    ];
    let comm = petsc.world();
    let (a, same, other) = (example(comm)?, example(comm)?, example(comm)?.transpose()?);
    let narrow = Matrix::builder(comm).global_size(7, 6).build()?;
    for compare in comparisons {
        assert!(compare(&a, &same, 3)?);
        assert!(!compare(&a, &other, 3)?);
        assert_code(compare(&a, &narrow, 3), ErrorCode::ARG_SIZ);
    }
    Ok(())
}
