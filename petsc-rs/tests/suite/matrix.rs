//! Creation, entries and reading of matrices. The numbers of the common example come from NumPy.

use petsc_rs::matrix::{Builder, MatrixOption, Scope};
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, LocalToGlobalMap, VectorRef};
use petsc_test::assert_close;

pub(crate) fn r(value: f64) -> Scalar {
    Scalar::from_real(value)
}

/// The entries of row `i` of the 7 by 7 example, three places that never meet on one row.
pub(crate) fn example_row(i: Int) -> ([Int; 3], [Scalar; 3]) {
    let x = i as f64;
    (
        [i, (2 * i + 1) % 7, (i + 3) % 7],
        [r(x + 2.0), r(0.5 * x - 1.0), r(1.0 / (x + 1.0))],
    )
}

/// The example, assembled on `comm` by `settings`. Places that meet are added.
pub(crate) fn example_with<'a>(
    comm: &'a Comm,
    settings: impl FnOnce(Builder<'a>) -> Builder<'a>,
) -> Result<Matrix> {
    let mut a = settings(Matrix::builder(comm).global_size(7, 7)).build()?;
    for i in a.ownership_range()? {
        let (columns, values) = example_row(i);
        a.set_values(&[i], &columns, &values, InsertMode::Add)?;
    }
    a.assemble()?;
    Ok(a)
}

pub(crate) fn example(comm: &Comm) -> Result<Matrix> {
    example_with(comm, |b| b)
}

/// `x[i] = 1 / (i + 1)`, distributed like the columns of `a`.
pub(crate) fn harmonic(a: &Matrix) -> Result<Vector> {
    let (mut x, _) = a.vectors()?;
    let start = x.ownership_range()?.start;
    for (i, value) in (start..).zip(x.array_mut()?.iter_mut()) {
        *value = r(1.0 / (i + 1) as f64);
    }
    Ok(x)
}

/// Compares the local part of `x` with the global `expected`.
pub(crate) fn assert_vector(x: &VectorRef, expected: &[f64]) -> Result<()> {
    let range = x.ownership_range()?;
    assert_eq!(x.len()?, expected.len());
    let array = x.array()?;
    for (i, value) in range.zip(array.iter()) {
        let expected = expected[usize::try_from(i).expect("not negative")];
        assert_close!(value.real(), expected, 1e-12, 1e-14);
        assert_close!(value.imaginary(), 0.0, 0.0, 1e-14);
    }
    Ok(())
}

pub(crate) const AX: [f64; 7] = [
    1.75,
    1.475,
    1.388_888_888_888_888_8,
    1.785_714_285_714_285_8,
    1.733_333_333_333_333_4,
    1.549_999_999_999_999_8,
    1.476_190_476_190_476_2,
];

fn assert_code<T>(result: Result<T>, code: ErrorCode) {
    let error = result.err().expect("an error");
    assert_eq!(error.code(), code, "{error}");
}

fn check_example(a: &Matrix) -> Result<()> {
    assert_close!(a.norm(Norm::One)?, 10.25, 1e-14);
    assert_close!(a.norm(Norm::Infinity)?, 10.142_857_142_857_142, 1e-14);
    assert_close!(a.norm(Norm::Frobenius)?, 15.660_836_409_724_551, 1e-14);
    let x = harmonic(a)?;
    let (_, mut y) = a.vectors()?;
    a.mult(&x, &mut y)?;
    assert_vector(&y, &AX)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn without_preallocation(petsc: &Petsc) -> Result<()> {
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
fn with_counts(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let uniform = example_with(comm, |b| b.preallocate(3, 3))?;
    check_example(&uniform)?;
    assert_close!(uniform.info(Scope::GlobalSum)?.mallocs, 0.0, 0.0);
    let rows = uniform.local_size()?.0;
    let counts: Vec<Int> = vec![3; rows];
    let exact = example_with(comm, |b| b.preallocate_rows(&counts, &counts))?;
    assert!(exact.equal(&uniform)?);
    let too_many: Vec<Int> = vec![3; rows + 1];
    let wrong = Matrix::builder(comm)
        .global_size(7, 7)
        .preallocate_rows(&too_many, &counts)
        .build();
    assert_code(wrong, ErrorCode::ARG_SIZ);
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1])]
fn beyond_the_room_is_an_error(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut a = Matrix::builder(comm)
        .global_size(3, 3)
        .preallocate(1, 0)
        .build()?;
    a.set_value(0, 0, r(1.0), InsertMode::Insert)?;
    assert_code(
        a.set_value(0, 1, r(1.0), InsertMode::Insert),
        ErrorCode::ARG_OUTOFRANGE,
    );
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn csr_and_coordinates(petsc: &Petsc) -> Result<()> {
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
fn bad_csr_and_coordinates(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let one = [r(1.0)];
    assert_code(Matrix::from_csr(comm, 2, &[], &[], &[]), ErrorCode::ARG_SIZ);
    assert_code(
        Matrix::from_csr(comm, 2, &[0, 2], &[0], &one),
        ErrorCode::ARG_SIZ,
    );
    assert_code(
        Matrix::from_csr(comm, 2, &[0, 1], &[2], &one),
        ErrorCode::ARG_OUTOFRANGE,
    );
    assert_code(
        Matrix::from_csr(comm, 2, &[0, 1], &[-1], &one),
        ErrorCode::ARG_OUTOFRANGE,
    );
    assert_code(
        Matrix::from_csr(comm, 2, &[0, 2, 1], &[0], &one),
        ErrorCode::ARG_OUTOFRANGE,
    );
    let mut a = Matrix::builder(comm).global_size(2, 2).build()?;
    assert_code(a.set_values_coo(&one, InsertMode::Insert), ErrorCode::ORDER);
    assert_code(a.set_preallocation_coo(&[0], &[0, 1]), ErrorCode::ARG_SIZ);
    assert_code(
        a.set_preallocation_coo(&[2], &[0]),
        ErrorCode::ARG_OUTOFRANGE,
    );
    a.set_preallocation_coo(&[0, 1], &[0, 1])?;
    assert_code(
        a.set_values_coo(&one, InsertMode::Insert),
        ErrorCode::ARG_SIZ,
    );
    a.set_values_coo(&[r(1.0), r(2.0)], InsertMode::Insert)?;
    a.convert_in_place(MatrixType::DENSE)?;
    assert_code(
        a.set_values_coo(&[r(1.0), r(2.0)], InsertMode::Insert),
        ErrorCode::ORDER,
    );
    petsc.collect_garbage()
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
fn symmetric_storage(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut a = Matrix::builder(comm)
        .global_size(6, 6)
        .kind(MatrixType::SBAIJ)
        .block_size(2)
        .build()?;
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

#[petsc_test::test(ranks = [1, 2, 3])]
fn indices_are_checked(petsc: &Petsc) -> Result<()> {
    for kind in [MatrixType::AIJ, MatrixType::BAIJ, MatrixType::DENSE] {
        let mut a = Matrix::builder(petsc.world())
            .global_size(4, 3)
            .kind(kind)
            .build()?;
        assert_code(
            a.set_value(4, 0, r(1.0), InsertMode::Insert),
            ErrorCode::ARG_OUTOFRANGE,
        );
        assert_code(
            a.set_value(0, 3, r(1.0), InsertMode::Insert),
            ErrorCode::ARG_OUTOFRANGE,
        );
        assert_code(
            a.set_values(&[0], &[0, 1], &[r(1.0)], InsertMode::Insert),
            ErrorCode::ARG_SIZ,
        );
        let mut fast = a.assembler(InsertMode::Insert)?;
        assert_code(fast.set(Int::MAX, 0, r(1.0)), ErrorCode::ARG_OUTOFRANGE);
        assert_code(
            fast.row(0, &[0, 3], &[r(1.0); 2]),
            ErrorCode::ARG_OUTOFRANGE,
        );
        // Negative indices are left out.
        fast.row(-1, &[0], &[r(100.0)])?;
        if petsc.world().rank() == 0 {
            fast.row(0, &[-1, 1], &[r(100.0), r(2.0)])?;
        }
        fast.finish()?;
        assert_close!(a.norm(Norm::Frobenius)?, 2.0, 1e-15);
    }
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1])]
fn modes_do_not_mix(petsc: &Petsc) -> Result<()> {
    let mut a = Matrix::builder(petsc.world()).global_size(2, 2).build()?;
    a.set_value(0, 0, r(1.0), InsertMode::Insert)?;
    assert_code(
        a.set_value(0, 0, r(1.0), InsertMode::Add),
        ErrorCode::ARG_WRONGSTATE,
    );
    a.flush_assembly()?;
    a.set_value(0, 0, r(2.0), InsertMode::Add)?;
    a.assemble()?;
    assert_close!(a.value(0, 0)?.real(), 3.0, 1e-15);
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1])]
fn unassembled_is_an_error(petsc: &Petsc) -> Result<()> {
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
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn rows_and_values(petsc: &Petsc) -> Result<()> {
    let mut a = example(petsc.world())?;
    let range = a.ownership_range()?;
    assert_code(a.row(7), ErrorCode::ARG_OUTOFRANGE);
    assert_code(a.values(&[range.end], &[0]), ErrorCode::ARG_OUTOFRANGE);
    if !range.is_empty() {
        let i = range.start;
        let row = a.row(i)?;
        let sum: f64 = row.values().iter().map(|v| v.real()).sum();
        let expected = [
            2.0,
            3.0,
            4.333_333_333_333_333,
            5.75,
            7.2,
            8.666_666_666_666_666,
        ];
        assert_close!(sum, expected[usize::try_from(i).expect("small")], 1e-14);
        drop(row);
        assert_close!(a.value(i, i)?.real(), example_row(i).1[0].real(), 1e-14);
    }
    a.zero_entries()?;
    assert_close!(a.norm(Norm::One)?, 0.0, 0.0);
    assert_close!(a.info(Scope::GlobalSum)?.used, 19.0, 0.0);
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn empty_ranks_and_rectangles(petsc: &Petsc) -> Result<()> {
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
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn dense_arrays(petsc: &Petsc) -> Result<()> {
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
        assert_code(
            entries.column(3).map(<[Scalar]>::len),
            ErrorCode::ARG_OUTOFRANGE,
        );
        // Readers may meet.
        assert_eq!(a.dense()?.len(), entries.len());
    }
    a.dense_mut()?.view_mut()[(0, 0)] = r(-7.0);
    let first = a.ownership_range()?.start;
    assert_close!(a.value(first, 0)?.real(), -7.0, 0.0);
    assert_code(example(comm)?.dense().map(drop), ErrorCode::ARG_NOTSAMETYPE);
    petsc.collect_garbage()
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
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn local_indices(petsc: &Petsc) -> Result<()> {
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
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn blocked_values(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for kind in [MatrixType::AIJ, MatrixType::BAIJ] {
        let mut a = Matrix::builder(comm)
            .global_size(8, 8)
            .kind(kind)
            .block_size(2)
            .build()?;
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
            assert_eq!(
                a.values(&[6, 7], &[2, 3])?,
                [r(1.0), r(2.0), r(3.0), r(4.0)]
            );
        }
    }
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn known_unknowns(petsc: &Petsc) -> Result<()> {
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
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1, 2])]
fn stored_values_come_back(petsc: &Petsc) -> Result<()> {
    let mut a = example(petsc.world())?;
    a.set_option(MatrixOption::NewNonzeroLocations, false)?;
    a.store_values()?;
    a.scale(r(3.0))?;
    a.retrieve_values()?;
    check_example(&a)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn diagonals(petsc: &Petsc) -> Result<()> {
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
fn a_diagonal_that_is_forgotten(petsc: &Petsc) -> Result<()> {
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

#[petsc_test::test(ranks = [1, 2])]
fn split_assembly(petsc: &Petsc) -> Result<()> {
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
