//! Combinations, dot products and norms of columns, and products with matrices.

use petsc_rs::ErrorCode;
use petsc_test::{assert_close, assert_code};
use slepc_rs::bv::{BvType, MatMultMethod};
use slepc_rs::prelude::*;

use super::{TYPES, entry, powers};
use crate::problems::{laplacian, r, tridiagonal};

#[petsc_test::test(ranks = [1, 2, 3])]
fn inner_products_of_powers_have_known_sums(petsc: &Petsc) -> Result<()> {
    for kind in TYPES {
        let basis = powers(petsc.world(), 5, 3, kind)?;
        let sizes = basis.sizes()?;
        assert_eq!((sizes.global, sizes.columns), (5, 3));
        // Sums of powers of 1..=5: Σ 1, Σ i, Σ i², Σ i³, Σ i⁴.
        let sums = [5.0, 15.0, 55.0, 225.0, 979.0];
        let gram = basis.dot(&basis)?;
        for i in 0..3 {
            for j in 0..3 {
                assert_close!(entry(&gram, i, j)?, sums[i + j], 1e-14);
            }
            assert_close!(basis.norm_column(i, Norm::Two)?, sums[2 * i].sqrt(), 1e-14);
        }
        let squares = basis.dot_column(2)?;
        assert_close!(squares[1].real(), sums[3], 1e-14);
        let mut y = basis.create_vector()?;
        // 2 + 3·i
        basis.mult_vector(r(1.0), r(0.0), &mut y, &[r(2.0), r(3.0), r(0.0)])?;
        let dots = basis.dot_vector(&y)?;
        assert_close!(dots[0].real(), 2.0 * sums[0] + 3.0 * sums[1], 1e-14);
        assert_close!(dots[2].real(), 2.0 * sums[2] + 3.0 * sums[3], 1e-14);
        assert_close!(basis.norm_vector(&y, Norm::Infinity)?, 17.0, 1e-14);
        // The largest row sum: 1 + 5 + 25.
        match basis.norm(Norm::Infinity) {
            Err(e) if kind == BvType::VECS => assert_eq!(e.code(), ErrorCode::SUP),
            norm => assert_close!(norm?, 31.0, 1e-14),
        }
        assert_close!(basis.norm(Norm::Frobenius)?, (5.0f64 + 55.0 + 979.0).sqrt(), 1e-14);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn combinations_of_columns_have_known_norms(petsc: &Petsc) -> Result<()> {
    let own = petsc.self_comm();
    for kind in TYPES {
        let x = powers(petsc.world(), 5, 2, kind)?;
        // Y ← 1·Y + 2·X·[0 1; 1 0], from Y = X.
        let mut y = x.duplicate()?;
        y.copy_from(&x)?;
        let swap = Matrix::from_dense(own, 2, 2, &[r(0.0), r(1.0), r(1.0), r(0.0)])?;
        y.mult(r(2.0), r(1.0), &x, Some(&swap))?;
        // Columns 1 + 2·i and i + 2: sums over 1..=5 of squares.
        assert_close!(y.norm_column(0, Norm::Two)?, 285.0f64.sqrt(), 1e-14);
        assert_close!(y.norm_column(1, Norm::Two)?, 135.0f64.sqrt(), 1e-14);
        y.mult(r(-2.0), r(1.0), &x, Some(&swap))?;
        y.mult(r(-1.0), r(1.0), &x, None)?;
        assert_close!(y.norm(Norm::Frobenius)?, 0.0, 0.0, 1e-12);
        // In place: X·[1 1; 0 1] has the columns 1 and 1 + i.
        let mut z = x.duplicate()?;
        z.copy_from(&x)?;
        let upper = Matrix::from_dense(own, 2, 2, &[r(1.0), r(0.0), r(1.0), r(1.0)])?;
        z.mult_in_place(&upper, 0..2)?;
        assert_close!(z.norm_column(1, Norm::Two)?, 90.0f64.sqrt(), 1e-14);
        // The transpose, of the second column alone: with the columns (1, 1 + i), 1·0 + 1·(1 + i).
        z.mult_in_place_hermitian_transpose(&upper, 1..2)?;
        assert_close!(z.norm_column(1, Norm::Two)?, 90.0f64.sqrt(), 1e-14);
        assert_close!(z.norm_column(0, Norm::Two)?, 5.0f64.sqrt(), 1e-14);
        // Column 1 ← 3·column 1 - 2·column 0 = 1 + 3·i.
        z.mult_column(r(-2.0), r(3.0), 1, &[r(1.0)])?;
        assert_close!(z.norm_column(1, Norm::One)?, 50.0, 1e-14);
        z.scale_column(1, r(0.5))?;
        z.scale(r(2.0))?;
        assert_close!(z.norm_column(1, Norm::One)?, 50.0, 1e-14);
        z.copy_column(1, 0)?;
        assert_close!(z.norm_column(0, Norm::One)?, 50.0, 1e-14);
        z.normalize()?;
        assert_close!(z.norm_column(0, Norm::Two)?, 1.0, 1e-14);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn products_with_matrices_have_known_norms(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let n = 7;
    let a = laplacian(comm, n)?;
    for kind in TYPES {
        for method in [MatMultMethod::Matrix, MatMultMethod::Vectors] {
            let mut x = powers(comm, 7, 3, kind)?;
            x.set_mat_mult_method(method)?;
            assert_eq!(x.mat_mult_method()?, method);
            let mut y = x.duplicate()?;
            x.mat_mult(&a, &mut y)?;
            // The second difference of i² is 2 inside; 0² and 8² are missing at the ends.
            let expected = (5.0 * 4.0 + 4.0 + (64.0f64 - 2.0).powi(2)).sqrt();
            assert_close!(y.norm_column(2, Norm::Two)?, expected, 1e-13);
            x.mat_mult_transpose(&a, &mut y)?;
            assert_close!(y.norm_column(2, Norm::Two)?, expected, 1e-13);
            x.mat_mult_hermitian_transpose(&a, &mut y)?;
            assert_close!(y.norm_column(2, Norm::Two)?, expected, 1e-13);
            // The energy of a constant is 2, of i: 6 steps of 1, the first from 0, and 7² at the end.
            let m = x.mat_project(Some(&a), &x)?;
            assert_close!(entry(&m, 0, 0)?, 2.0, 1e-13);
            assert_close!(entry(&m, 1, 1)?, 7.0 + 49.0, 1e-13);
            let m = x.mat_project(None, &x)?;
            assert_close!(entry(&m, 0, 1)?, 28.0, 1e-13);
            x.mat_mult_column(&a, 1)?;
            // The second difference of i is 0, but for 8 at the end.
            assert_close!(x.norm_column(2, Norm::One)?, 8.0, 1e-13);
        }
    }
    Ok(())
}

/// A matrix that is not symmetric, with complex entries where there are some.
#[petsc_test::test(ranks = [1, 2, 3])]
fn products_take_the_right_side_of_a_matrix(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    // 2·(1 + 2i) below the diagonal.
    let mut a = tridiagonal(comm, 7, [2.0, 0.0, 0.0])?;
    let factor = Scalar::from_parts(1.0, 2.0);
    a.scale(factor)?;
    for kind in TYPES {
        let (x, other) = (powers(comm, 7, 2, kind)?, powers(comm, 7, 3, kind)?);
        let mut y = x.duplicate()?;
        // Twice the sum of 1..=6, and of 2..=7.
        x.mat_mult(&a, &mut y)?;
        let sum = y.column(1)?.sum()?;
        assert_close!((sum - factor * r(42.0)).modulus(), 0.0, 0.0, 1e-12);
        x.mat_mult_transpose(&a, &mut y)?;
        let sum = y.column(1)?.sum()?;
        assert_close!((sum - factor * r(54.0)).modulus(), 0.0, 0.0, 1e-12);
        x.mat_mult_hermitian_transpose(&a, &mut y)?;
        let sum = y.column(1)?.sum()?;
        assert_close!((sum - factor.conjugate() * r(54.0)).modulus(), 0.0, 0.0, 1e-12);
        // Twice Σ i²·(i - 1), and Σ i², for i from 2.
        let m = x.mat_project(Some(&a), &other)?;
        assert_eq!(m.size()?, (3, 2));
        let found = m.dense()?.view()[(2, 1)];
        assert_close!((found - factor * r(1288.0)).modulus(), 0.0, 0.0, 1e-10);
        let found = m.dense()?.view()[(2, 0)];
        assert_close!((found - factor * r(278.0)).modulus(), 0.0, 0.0, 1e-10);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_failed_product_leaves_the_basis_whole(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let b = Matrix::constant_diagonal(comm, 6, r(4.0))?;
    let a = laplacian(comm, 6)?;
    for method in [MatMultMethod::Matrix, MatMultMethod::Vectors] {
        let rows = a.local_size()?.0;
        let shell =
            Matrix::shell(comm, rows, rows, |_, _| Err(Error::new(ErrorCode::USER, "no product")))
                .build()?;
        let mut basis = powers(comm, 6, 3, BvType::SVEC)?;
        basis.set_matrix(Some(&b), false)?;
        basis.set_mat_mult_method(method)?;
        let mut y = basis.duplicate()?;
        assert_code(basis.mat_project(Some(&shell), &basis), ErrorCode::USER);
        assert_code(basis.mat_mult(&shell, &mut y), ErrorCode::USER);
        assert_code(basis.mat_mult_column(&shell, 0), ErrorCode::USER);
        // The columns of the products that failed are not locked, nor are the products.
        basis.scale_column(1, r(1.0))?;
        basis.mult_column(r(0.0), r(1.0), 1, &[r(0.0)])?;
        basis.column_mut(0)?.scale(r(1.0))?;
        y.column_mut(0)?.scale(r(1.0))?;
        // Inner product, active columns, and both places for columns are as they were.
        assert_close!(basis.norm_column(0, Norm::Two)?, 24.0f64.sqrt(), 1e-14);
        assert_eq!(basis.active_columns()?, 0..3);
        drop((basis.column(0)?, basis.column(1)?));
        drop((basis.matrix_view()?, y.matrix_view()?));
        basis.mat_mult(&a, &mut y)?;
        // A constant has second differences at its ends alone.
        y.set_matrix(None, false)?;
        assert_close!(y.norm_column(0, Norm::One)?, 2.0, 1e-14);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_failed_inner_product_leaves_the_vectors_as_they_are(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut x = Vector::from_fn(comm, 6, |_| Ok(r(1.0)))?;
    let mut basis = powers(comm, 6, 2, BvType::SVEC)?;
    let rows = x.local_len()?;
    let shell =
        Matrix::shell(comm, rows, rows, |_, _| Err(Error::new(ErrorCode::USER, "no product")))
            .build()?;
    basis.set_matrix(Some(&shell), false)?;
    let mut y = x.duplicate()?;
    assert_code(basis.norm_vector(&x, Norm::Two), ErrorCode::USER);
    x.scale(r(2.0))?;
    assert_code(basis.dot_vector(&x), ErrorCode::USER);
    x.scale(r(2.0))?;
    assert_code(basis.apply_matrix(&x, &mut y), ErrorCode::USER);
    x.scale(r(2.0))?;
    y.scale(r(2.0))?;
    assert_code(basis.orthogonalize_vector(&mut x), ErrorCode::USER);
    x.scale(r(2.0))?;
    assert_close!(x.norm(Norm::One)?, 96.0, 1e-14);
    Ok(())
}
