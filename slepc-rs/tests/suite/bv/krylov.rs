//! Krylov spaces by Arnoldi and Lanczos.

use petsc_rs::ErrorCode;
use petsc_rs::matrix::MatrixRef;
use petsc_test::{assert_close, assert_code};
use slepc_rs::bv::{Bv, BvType};
use slepc_rs::prelude::*;

use super::{TYPES, assert_orthonormal, entry};
use crate::problems::{code, laplacian, r, tridiagonal};

/// Room for `columns` columns; the first one is the first unit vector.
fn from_the_first_unit_vector(
    comm: &Comm,
    n: usize,
    columns: usize,
    kind: BvType<'_>,
) -> Result<Bv> {
    let mut basis = Bv::new(comm, n, columns, kind)?;
    let mut first = basis.column_mut(0)?;
    if first.ownership_range()?.contains(&0) {
        first.array_mut()?[0] = r(1.0);
    }
    drop(first);
    Ok(basis)
}

/// `‖A·V - V·H - β·v·eᵀ‖` for the first `m` columns `V` and the next one `v`.
fn residual(basis: &mut Bv, a: &MatrixRef, h: &MatrixRef, beta: f64, m: usize) -> Result<f64> {
    let mut sum: f64 = 0.0;
    for j in 0..m {
        basis.set_active_columns(0..m + 1)?;
        let mut product = basis.create_vector()?;
        a.mult(&*basis.column(j)?, &mut product)?;
        let mut coefficients: Vec<_> =
            (0..m).map(|i| Ok(h.dense()?.view()[(i, j)])).collect::<Result<_>>()?;
        coefficients.push(r(if j + 1 == m { beta } else { 0.0 }));
        basis.mult_vector(r(-1.0), r(1.0), &mut product, &coefficients)?;
        sum += product.norm(Norm::Two)?.powi(2);
    }
    Ok(sum.sqrt())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn arnoldi_gives_back_a_tridiagonal_matrix(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    // From the first unit vector, the basis is the unit vectors, and H the matrix itself.
    let a = tridiagonal(comm, 9, [3.0, 2.0, -5.0])?;
    for kind in TYPES {
        let mut basis = from_the_first_unit_vector(comm, 9, 6, kind)?;
        let first = basis.arnoldi(&a, 0..2)?;
        assert_eq!((first.columns, first.breakdown), (2, false));
        assert_close!(first.beta, 3.0, 1e-13);
        // On from there.
        let found = basis.arnoldi(&a, 2..5)?;
        for (i, j) in (0..5).flat_map(|i| (0..5).map(move |j| (i, j))) {
            let expected = match j {
                0 | 1 => 0.0,
                _ if i == j + 1 => 3.0,
                _ if i == j => 2.0,
                _ if i + 1 == j => -5.0,
                _ => 0.0,
            };
            assert_close!(entry(&found.matrix, i, j)?, expected, 0.0, 1e-12);
        }
        basis.set_active_columns(0..6)?;
        assert_orthonormal(&basis)?;
        assert_close!(basis.column(5)?.norm(Norm::Infinity)?, 1.0, 1e-12);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn arnoldi_relation_holds_for_any_vector_and_inner_product(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = tridiagonal(comm, 12, [1.0, 4.0, -2.0])?;
    let b = laplacian(comm, 12)?;
    for kind in TYPES {
        for inner in [None, Some(&*b)] {
            let mut basis = Bv::new(comm, 12, 5, kind)?;
            basis.set_matrix(inner, false)?;
            basis.set_random_column(0)?;
            basis.orthonormalize_column(0, false)?;
            let found = basis.arnoldi(&a, 0..4)?;
            let error = residual(&mut basis, &a, &found.matrix, found.beta, 4)?;
            assert_close!(error, 0.0, 0.0, 1e-11);
            basis.set_active_columns(0..5)?;
            assert_orthonormal(&basis)?;
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn lanczos_gives_back_the_second_difference(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = laplacian(comm, 6)?;
    for kind in TYPES {
        let mut basis = from_the_first_unit_vector(comm, 6, 5, kind)?;
        let found = basis.lanczos(&a, 0..4)?;
        assert_eq!((found.columns, found.breakdown), (4, false));
        for j in 0..4 {
            assert_close!(found.diagonal[j], 2.0, 1e-13);
            assert_close!(found.beside[j], 1.0, 1e-13);
        }
        // Two blocks: a vector of the first one never leaves it.
        let mut blocks = Matrix::builder(comm).global_size(6, 6).build()?;
        for i in blocks.ownership_range()? {
            let other = if i % 2 == 0 { i + 1 } else { i - 1 };
            blocks.set_value(i, i, r(3.0), InsertMode::Insert)?;
            blocks.set_value(i, other, r(4.0), InsertMode::Insert)?;
        }
        blocks.assemble()?;
        let mut basis = from_the_first_unit_vector(comm, 6, 5, kind)?;
        let found = basis.lanczos(&blocks, 0..4)?;
        assert_eq!((found.columns, found.breakdown), (2, true));
        assert_eq!((&*found.diagonal, found.beside[0]), (&[3.0, 3.0][..], 4.0));
        assert_close!(found.beside[1], 0.0, 0.0, 1e-12);
        let mut basis = from_the_first_unit_vector(comm, 6, 5, kind)?;
        let found = basis.arnoldi(&blocks, 0..4)?;
        assert_eq!((found.columns, found.breakdown), (2, true));
        assert_close!(entry(&found.matrix, 0, 1)?, 4.0, 1e-14);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn krylov_spaces_that_do_not_fit_are_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = laplacian(comm, 6)?;
    let mut basis = from_the_first_unit_vector(comm, 6, 3, BvType::SVEC)?;
    let range = Some(ErrorCode::ARG_OUTOFRANGE);
    assert_eq!(code(basis.arnoldi(&a, 0..3)), range);
    assert_eq!(code(basis.lanczos(&a, 0..3)), range);
    assert_eq!(code(basis.arnoldi(&a, 1..1)), range);
    // Before room is made for the coefficients, 80 GB and more than there is.
    assert_eq!(code(basis.arnoldi(&a, 0..100_000)), range);
    assert_eq!(code(basis.arnoldi(&a, 0..2_000_000_000)), range);
    assert_eq!(code(basis.lanczos(&a, 0..2_000_000_000)), range);
    assert_eq!(code(basis.arnoldi(&*laplacian(comm, 7)?, 0..2)), Some(ErrorCode::ARG_SIZ));
    let rows = a.local_size()?.0;
    let shell =
        Matrix::shell(comm, rows, rows, |_, _| Err(Error::new(ErrorCode::USER, "no product")))
            .build()?;
    assert_code(basis.arnoldi(&shell, 0..2), ErrorCode::USER);
    // The basis is whole.
    assert_close!(basis.arnoldi(&a, 0..2)?.beta, 1.0, 1e-13);
    Ok(())
}
