//! Arithmetic with matrices; the numbers come from NumPy.

use std::rc::Rc;

use petsc_rs::matrix::{NullSpace, OrderingType, Structure};
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, IndexSet};
use petsc_test::{assert_close, assert_code};

use crate::matrix::{AX, assert_vector, example, harmonic, r};

const ATX: [f64; 7] = [
    2.165,
    0.527_777_777_777_777_8,
    1.553_741_496_598_639_4,
    2.0,
    1.700_000_000_000_000_2,
    1.277_777_777_777_777_7,
    1.491_071_428_571_428_4,
];

#[petsc_test::test(ranks = [1, 2, 3])]
fn products_with_vectors_have_known_values(petsc: &Petsc) -> Result<()> {
    let a = example(petsc.world())?;
    let x = harmonic(&a)?;
    let mut y = x.duplicate()?;
    a.mult_transpose(&x, &mut y)?;
    assert_vector(&y, &ATX)?;
    a.mult_hermitian_transpose(&x, &mut y)?;
    assert_vector(&y, &ATX)?;
    let mut ones = x.duplicate()?;
    ones.set(r(1.0))?;
    a.mult_add(&x, &ones, &mut y)?;
    assert_vector(&y, &AX.map(|v| v + 1.0))?;
    a.mult_add_to(&x, &mut y)?;
    assert_vector(&y, &AX.map(|v| 2.0 * v + 1.0))?;
    a.mult_transpose_add(&x, &ones, &mut y)?;
    assert_vector(&y, &ATX.map(|v| v + 1.0))?;
    for view in [
        a.transpose_view()?,
        a.hermitian_transpose_view()?,
        a.transpose()?,
        a.hermitian_transpose()?,
    ] {
        view.mult(&x, &mut y)?;
        assert_vector(&y, &ATX)?;
    }
    let short = Vector::new(petsc.world(), 3)?;
    assert_code(a.mult_add(&x, &short, &mut y), ErrorCode::ARG_SIZ);
    assert_code(a.mult_transpose(&short, &mut y), ErrorCode::ARG_SIZ);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn sums_of_matrices_have_known_traces_and_norms(petsc: &Petsc) -> Result<()> {
    let a = example(petsc.world())?;
    let t = a.transpose()?;
    for structure in [Structure::Unknown, Structure::Different] {
        let mut s = a.duplicate_with_values()?;
        s.axpy(r(1.0), &t, structure)?;
        assert!(s.is_symmetric(0.0)?);
        // Complex builds have no such test for distributed matrices.
        if petsc.world().size() == 1 || !Scalar::IS_COMPLEX {
            assert!(s.is_hermitian(0.0)?);
        }
        assert_close!(s.trace()?.real(), 74.0, 1e-14);
    }
    assert!(!a.is_symmetric(1e-3)?);
    let mut b = a.duplicate()?;
    assert_close!(b.norm(Norm::One)?, 0.0, 0.0);
    b.copy_from(&a)?;
    assert!(a.equal(&b)?);
    b.aypx(r(2.0), &a, Structure::Unknown)?;
    assert_close!(b.norm(Norm::One)?, 30.75, 1e-14);
    b.scale(r(0.5))?;
    b.shift(r(1.0))?;
    assert_close!(b.trace()?.real(), 62.5, 1e-14);
    b.imaginary_part()?;
    assert_close!(b.norm(Norm::One)?, 0.0, 0.0);
    let other = Matrix::constant_diagonal(petsc.world(), 6, r(1.0))?;
    assert_code(b.axpy(r(1.0), &other, Structure::Unknown), ErrorCode::ARG_SIZ);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn matrices_of_different_patterns_are_added(petsc: &Petsc) -> Result<()> {
    // As many entries in both, in other places: what a wrong claim of equal places would confuse.
    let comm = petsc.world();
    let mut a = Matrix::constant_diagonal(comm, 7, r(1.0))?.convert(MatrixType::AIJ)?;
    let full = example(comm)?;
    a.axpy(r(1.0), &full, Structure::Unknown)?;
    assert_close!(a.trace()?.real(), 44.0, 1e-14);
    let mut expected = full.duplicate_with_values()?;
    expected.shift(r(1.0))?;
    assert!(a.mult_equal(&expected, 3)?);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_transpose_is_renewed_after_its_matrix_changed(petsc: &Petsc) -> Result<()> {
    let mut a = example(petsc.world())?;
    let mut t = a.transpose()?;
    a.scale(r(2.0))?;
    // SAFETY: only values have changed since `t` was made.
    unsafe { a.transpose_into(&mut t) }?;
    assert_close!(t.norm(Norm::Infinity)?, 20.5, 1e-14);
    let mut foreign = example(petsc.world())?;
    // SAFETY: PETSc refuses a matrix that is not a transpose.
    let refused = unsafe { a.transpose_into(&mut foreign) };
    assert_code(refused, ErrorCode::ARG_WRONG);
    a.transpose_in_place()?;
    assert!(a.equal(&t)?);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn sums_and_norms_of_rows_and_columns_have_known_values(petsc: &Petsc) -> Result<()> {
    let a = example(petsc.world())?;
    let (_, mut y) = a.vectors()?;
    a.row_sum(&mut y)?;
    let sums =
        [2.0, 3.0, 4.333_333_333_333_333, 5.75, 7.2, 8.666_666_666_666_666, 10.142_857_142_857_142];
    assert_vector(&y, &sums)?;
    let columns = a.row_max(&mut y)?;
    assert_vector(&y, &[2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 10.0])?;
    assert_eq!(columns, a.ownership_range()?.collect::<Vec<Int>>());
    let sums = a.column_sums()?;
    assert_close!(sums[2].real(), 5.142_857_142_857_143, 1e-14);
    let norms = a.column_norms(Norm::Two)?;
    assert_close!(norms[6], 10.003_124_511_871_277, 1e-14);
    a.column(6, &mut y)?;
    assert_vector(&y, &[0.0, 0.0, 0.0, 0.25, 0.0, 0.0, 10.0])?;
    assert_code(a.column(7, &mut y), ErrorCode::ARG_OUTOFRANGE);
    assert_code(a.norm(Norm::Two), ErrorCode::SUP);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn products_of_matrices_follow_their_factors(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut a = example(comm)?;
    let aa = a.mat_mult(&a)?;
    assert_close!(aa.norm(Norm::Frobenius)?, 123.928_394_553_975_7, 1e-13);
    assert_close!(aa.trace()?.real(), 240.0, 1e-13);
    let ata = a.transpose_product(&a, None)?;
    assert_close!(ata.norm(Norm::Frobenius)?, 124.018_539_027_249_45, 1e-13);
    if comm.size() == 1 {
        let aat = a.product_transpose(&a, None)?;
        assert_close!(aat.trace()?.real(), 245.261_797_052_154_18, 1e-13);
    }
    let mut p = Matrix::builder(comm).global_size(7, 4).build()?;
    for i in p.ownership_range()? {
        let value = r((i + 1) as f64);
        p.set_value(i, i / 2, value, InsertMode::Insert)?;
    }
    p.assemble()?;
    let mut c = a.ptap(&p, None)?;
    assert_close!(c.norm(Norm::Frobenius)?, 673.695_777_038_864_9, 1e-13);
    a.scale(r(2.0))?;
    c.update()?;
    assert_close!(c.trace()?.real(), 2130.0, 1e-13);
    // New places: computed from scratch.
    a.set_option(petsc_rs::matrix::MatrixOption::NewNonzeroAllocationErr, false)?;
    if a.ownership_range()?.contains(&0) {
        a.set_value(0, 5, r(1.0), InsertMode::Insert)?;
    }
    a.assemble()?;
    c.update()?;
    assert_close!(c.trace()?.real(), 2130.0, 1e-13);
    assert_code(p.product(&p, None), ErrorCode::ARG_SIZ);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn submatrices_and_conversions_have_the_same_entries(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = example(comm)?;
    let last = comm.rank() + 1 == comm.size();
    let (rows, columns): (&[Int], &[Int]) =
        if last { (&[1, 3, 5], &[0, 2, 3, 6]) } else { (&[], &[]) };
    let (rows_set, columns_set) =
        (IndexSet::general(comm, rows)?, IndexSet::general(comm, columns)?);
    let b = a.submatrix(&rows_set, &columns_set)?;
    assert_eq!(b.size()?, (3, 4));
    assert_close!(b.norm(Norm::Frobenius)?, 5.055_937_104_039_171, 1e-14);
    let mine = IndexSet::general(comm, &[1, 3, 5])?;
    let theirs = IndexSet::general(comm, &[0, 2, 3, 6])?;
    let local = a.local_submatrix(&mine, &theirs)?;
    assert_close!(local.norm(Norm::Frobenius)?, 5.055_937_104_039_171, 1e-14);
    let outside = IndexSet::general(comm, &[7])?;
    assert_code(a.submatrix(&outside, &theirs), ErrorCode::ARG_OUTOFRANGE);
    assert_eq!(a.local_rows()?.size()?.0, a.local_size()?.0);
    assert_eq!(a.diagonal_block()?.size()?, a.local_size()?);
    for kind in [MatrixType::DENSE, MatrixType::BAIJ, MatrixType::AIJ] {
        let b = a.convert(kind)?;
        assert_close!(b.norm(Norm::Frobenius)?, 15.660_836_409_724_551, 1e-14);
        assert!(a.mult_equal(&b, 3)?);
    }
    assert_code(a.convert(MatrixType::new(c"nonsense")), ErrorCode::ARG_UNKNOWN_TYPE);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_matrix_is_permuted_by_its_ordering(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = example(comm)?;
    let (rows, columns) = a.ordering(OrderingType::RCM)?;
    let b = a.permute(&rows, &columns)?;
    assert_close!(b.trace()?.real(), 37.0, 1e-14);
    // Entry (i, j) of the result is entry (rows[i], columns[j]).
    let mut x = harmonic(&a)?;
    let (mut y, mut found) = (x.duplicate()?, x.duplicate()?);
    a.mult(&x, &mut y)?;
    x.permute(&columns, false)?;
    y.permute(&rows, false)?;
    b.mult(&x, &mut found)?;
    assert_close!(found.error_norm(&y, Norm::Infinity)?, 0.0, 0.0, 1e-13);
    let wrong = IndexSet::general(comm, &[0, 0, 1, 2, 3, 4, 5])?;
    assert_code(a.permute(&wrong, &columns), ErrorCode::ARG_WRONG);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_nest_multiplies_by_its_blocks(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = example(comm)?;
    let n = Matrix::nest(comm, &[&[Some(&a), None], &[Some(&a), Some(&a)]])?;
    assert_eq!((n.size()?, n.nest_size()?), ((14, 14), (2, 2)));
    assert!(n.nest_block(0, 1)?.is_none());
    assert_code(n.nest_block(2, 0), ErrorCode::ARG_OUTOFRANGE);
    assert_code(a.nest_size(), ErrorCode::ARG_NOTSAMETYPE);
    let (mut x, mut y) = n.vectors()?;
    x.set(r(1.0))?;
    n.mult(&x, &mut y)?;
    // Row sums add up to 41.0928571…; the block occurs three times.
    assert_close!(y.sum()?.real(), 3.0 * 41.092_857_142_857_14, 1e-13);
    assert_close!(n.convert(MatrixType::AIJ)?.trace()?.real(), 74.0, 1e-14);
    let small = Matrix::constant_diagonal(comm, 6, r(1.0))?;
    assert_code(Matrix::nest(comm, &[&[Some(&a), Some(&small)]]), ErrorCode::ARG_SIZ);
    assert_code(Matrix::nest(comm, &[&[Some(&a), None]]), ErrorCode::ARG_SIZ);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_null_space_is_tested_and_kept_by_its_matrix(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    // A ring: rows sum to zero.
    let mut a = Matrix::builder(comm).global_size(6, 6).build()?;
    for i in a.ownership_range()? {
        let columns = [i, (i + 1) % 6, (i + 5) % 6];
        a.set_values(&[i], &columns, &[r(2.0), r(-1.0), r(-1.0)], InsertMode::Insert)?;
    }
    a.assemble()?;
    let space = NullSpace::new(comm, true, &[])?;
    assert!(space.test(&a)?);
    let other = Matrix::constant_diagonal(comm, 6, r(1.0))?;
    assert!(!space.test(&other)?);
    a.set_null_space(Some(&space))?;
    drop(space);
    assert!(a.null_space()?.is_some_and(|s| s.has_constant().unwrap_or(false)));
    assert!(a.near_null_space()?.is_none());
    a.set_null_space(None)?;
    assert!(a.null_space()?.is_none());
    let (mut x, _) = a.vectors()?;
    x.set(r(1.0))?;
    assert_code(NullSpace::new(comm, false, &[&x]), ErrorCode::ARG_WRONG);
    x.set(r(1.0 / 6f64.sqrt()))?;
    let space = NullSpace::new(comm, false, &[&x])?;
    assert!(space.test(&a)?);
    assert_eq!(space.vectors()?.len(), 1);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_product_that_is_not_supported_releases_its_factors(petsc: &Petsc) -> Result<()> {
    let a = example(petsc.world())?;
    let n = a.local_size()?.0;
    let captured = Rc::new(());
    let inside = Rc::clone(&captured);
    let shell = Matrix::shell(petsc.world(), n, n, move |x, y| {
        let _ = &inside;
        y.copy_from(x)
    })
    .build()?;
    for product in [shell.rart(&a, None), shell.ptap(&a, None), a.ptap(&shell, None)] {
        assert_code(product.map(drop), ErrorCode::SUP);
        petsc.recover()?;
    }
    drop(shell);
    assert_eq!(Rc::strong_count(&captured), 1, "the closure is freed with the last reference");
    Ok(())
}
