//! Basis vectors.

use petsc_rs::ErrorCode;
use petsc_test::assert_close;
use slepc_rs::bv::{
    Bv, BvType, MatMultMethod, OrthogBlock, OrthogRefine, OrthogType, Orthogonalization,
};
use slepc_rs::prelude::*;

use crate::problems::{code, laplacian, r};

const TYPES: [BvType<'_>; 4] = [BvType::SVEC, BvType::VECS, BvType::CONTIGUOUS, BvType::MAT];

/// Column `j` has the entries `(i + 1)^j`: a Vandermonde matrix.
fn powers(comm: &Comm, n: usize, columns: usize, kind: BvType<'_>) -> Result<Bv> {
    let mut basis = Bv::new(comm, n, columns, kind)?;
    for (j, power) in (0..columns).zip(0..) {
        let mut column = basis.column_mut(j)?;
        let range = column.ownership_range()?;
        for (x, i) in column.array_mut()?.iter_mut().zip(range) {
            *x = r((i as f64 + 1.0).powi(power));
        }
    }
    Ok(basis)
}

fn entry(m: &petsc_rs::matrix::MatrixRef, i: usize, j: usize) -> Result<f64> {
    Ok(m.dense()?.view()[(i, j)].real())
}

/// Whether the active columns are orthonormal.
fn assert_orthonormal(basis: &Bv) -> Result<()> {
    let gram = basis.dot(basis)?;
    let active = basis.active_columns()?;
    for i in active.clone() {
        for j in active.clone() {
            let expected = if i == j { 1.0 } else { 0.0 };
            assert_close!(entry(&gram, i, j)?, expected, 0.0, 1e-12);
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn products_of_powers(petsc: &Petsc) -> Result<()> {
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
        assert_close!(
            basis.norm(Norm::Frobenius)?,
            (5.0f64 + 55.0 + 979.0).sqrt(),
            1e-14
        );
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn combinations_of_columns(petsc: &Petsc) -> Result<()> {
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
fn factors_of_powers(petsc: &Petsc) -> Result<()> {
    use OrthogBlock::{Cholesky, GramSchmidt, Svqb, Tsqr, TsqrCholesky};
    // QR of the columns 1, i, i² for i from 1 to 6: the discrete Legendre polynomials.
    let diagonal = [6.0f64.sqrt(), 17.5f64.sqrt(), (112.0f64 / 3.0).sqrt()];
    for kind in TYPES {
        for block in [GramSchmidt, Cholesky, Tsqr, TsqrCholesky, Svqb] {
            for method in [OrthogType::Classical, OrthogType::Modified] {
                let mut basis = powers(petsc.world(), 6, 3, kind)?;
                let how = Orthogonalization {
                    kind: method,
                    block,
                    refine: OrthogRefine::Always,
                    ..Orthogonalization::default()
                };
                basis.set_orthogonalization(how)?;
                assert_eq!(basis.orthogonalization()?, how);
                let original = powers(petsc.world(), 6, 3, kind)?;
                let factor = basis.orthogonalize_with_factor()?;
                assert_orthonormal(&basis)?;
                if block != Svqb {
                    for (j, expected) in diagonal.iter().enumerate() {
                        assert_close!(entry(&factor, j, j)?.abs(), *expected, 1e-10);
                        for i in j + 1..3 {
                            assert_close!(entry(&factor, i, j)?, 0.0, 0.0, 1e-10);
                        }
                    }
                    // V = Q·R.
                    let mut product = basis.duplicate()?;
                    product.mult(r(1.0), r(0.0), &basis, Some(&factor))?;
                    product.mult(r(-1.0), r(1.0), &original, None)?;
                    assert_close!(product.norm(Norm::Frobenius)?, 0.0, 0.0, 1e-10);
                }
            }
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn one_column_after_another(petsc: &Petsc) -> Result<()> {
    for kind in TYPES {
        let mut basis = powers(petsc.world(), 6, 4, kind)?;
        assert_close!(
            basis.orthonormalize_column(0, false)?.0,
            6.0f64.sqrt(),
            1e-14
        );
        let second = basis.orthogonalize_column(1)?;
        // i against 1/√6: 21/√6 is taken away, √17.5 is left.
        assert_close!(second.coefficients[0].real(), 21.0 / 6.0f64.sqrt(), 1e-13);
        assert_close!(second.norm, 17.5f64.sqrt(), 1e-13);
        assert!(!second.dependent);
        basis.scale_column(1, r(1.0 / second.norm))?;
        // A combination of the first two.
        let mut v = basis.create_vector()?;
        basis.mult_vector(r(1.0), r(0.0), &mut v, &[r(3.0), r(4.0), r(0.0), r(0.0)])?;
        basis.insert_vector(2, &v)?;
        let third = basis.orthogonalize_column(2)?;
        assert!(third.norm < 1e-12);
        assert_close!(third.coefficients[1].real(), 4.0, 1e-13);
        basis.set_active_columns(0..2)?;
        let left = basis.orthogonalize_vector(&mut v)?;
        assert!(left.norm < 1e-12);
        assert_close!(left.coefficients[0].real(), 3.0, 1e-13);
        // Nothing depends on everything.
        basis.column_mut(2)?.set(r(0.0))?;
        assert!(basis.orthogonalize_column(2)?.dependent);
        let (_, dependent) = basis.orthonormalize_column(2, true)?;
        assert!(!dependent, "a random column has taken its place");
        basis.set_active_columns(0..3)?;
        assert_orthonormal(&basis)?;
        // Leading columns stay; the last one becomes orthonormal to them.
        basis.set_active_columns(3..4)?;
        basis.orthogonalize()?;
        basis.set_active_columns(0..4)?;
        assert_orthonormal(&basis)?;
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn another_inner_product(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for kind in TYPES {
        for block in [
            OrthogBlock::GramSchmidt,
            OrthogBlock::Cholesky,
            OrthogBlock::Svqb,
        ] {
            let mut basis = powers(comm, 6, 3, kind)?;
            let b = laplacian(comm, 6)?;
            basis.set_matrix(Some(&b), false)?;
            basis.set_orthogonalization(Orthogonalization {
                block,
                ..Orthogonalization::default()
            })?;
            // A constant has the energy 1² + 1² at the two ends.
            assert_close!(basis.norm_column(0, Norm::Two)?, 2.0f64.sqrt(), 1e-14);
            basis.orthogonalize()?;
            assert_orthonormal(&basis)?;
            // The same by hand, in the standard inner product.
            let Some((matrix, false)) = basis.matrix()? else {
                panic!("no definite matrix");
            };
            assert_eq!(matrix.size()?, (6, 6));
            let mut bx = basis.create_vector()?;
            basis.apply_matrix(&*basis.column(1)?, &mut bx)?;
            assert_close!(bx.dot(&*basis.column(1)?)?.real(), 1.0, 1e-12);
            assert_close!(bx.dot(&*basis.column(0)?)?.real(), 0.0, 0.0, 1e-12);
        }
    }
    // A new matrix, and new values of the same one, are not mixed up with what was kept.
    let mut basis = powers(comm, 6, 1, BvType::SVEC)?;
    let x = Vector::from_fn(comm, 6, |_| Ok(r(1.0)))?;
    let mut b = Matrix::constant_diagonal(comm, 6, r(4.0))?;
    basis.set_matrix(Some(&b), false)?;
    assert_close!(basis.norm_vector(&x, Norm::Two)?, 24.0f64.sqrt(), 1e-14);
    b.scale(r(4.0))?;
    basis.set_matrix(Some(&b), false)?;
    assert_close!(basis.norm_vector(&x, Norm::Two)?, 96.0f64.sqrt(), 1e-14);
    let other = Matrix::constant_diagonal(comm, 6, r(1.0))?;
    basis.set_matrix(Some(&other), false)?;
    assert_close!(basis.norm_vector(&x, Norm::Two)?, 6.0f64.sqrt(), 1e-14);
    // Indefinite: negative norms, if that is said.
    let minus = Matrix::constant_diagonal(comm, 6, r(-1.0))?;
    basis.set_matrix(Some(&minus), false)?;
    assert_eq!(
        code(basis.norm_column(0, Norm::Two)),
        Some(ErrorCode::USER_INPUT)
    );
    basis.set_matrix(Some(&minus), true)?;
    assert_close!(basis.norm_column(0, Norm::Two)?, -6.0f64.sqrt(), 1e-14);
    let mut copy = basis.duplicate()?;
    copy.copy_from(&basis)?;
    basis.set_matrix(None, false)?;
    assert_close!(basis.norm_column(0, Norm::Two)?, 6.0f64.sqrt(), 1e-14);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn products_with_matrices(petsc: &Petsc) -> Result<()> {
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

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_failed_product_leaves_the_basis_whole(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let b = Matrix::constant_diagonal(comm, 6, r(4.0))?;
    let a = laplacian(comm, 6)?;
    for method in [MatMultMethod::Matrix, MatMultMethod::Vectors] {
        let rows = a.local_size()?.0;
        let shell = Matrix::shell(comm, rows, rows, |_, _| {
            Err(Error::new(ErrorCode::USER, "no product"))
        })
        .build()?;
        let mut basis = powers(comm, 6, 3, BvType::SVEC)?;
        basis.set_matrix(Some(&b), false)?;
        basis.set_mat_mult_method(method)?;
        let mut y = basis.duplicate()?;
        assert!(basis.mat_project(Some(&shell), &basis).is_err());
        assert!(basis.mat_mult(&shell, &mut y).is_err());
        assert!(basis.mat_mult_column(&shell, 0).is_err());
        petsc.collect_garbage()?;
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
fn columns_lent_and_taken(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for kind in TYPES {
        let mut basis = powers(comm, 5, 3, kind)?;
        {
            let first = basis.column(0)?;
            assert_eq!(code(basis.column(0)), Some(ErrorCode::SUP));
            let second = basis.column(1)?;
            assert_close!(first.dot(&second)?.real(), 15.0, 1e-14);
            assert_eq!(code(basis.column(2)), Some(ErrorCode::SUP));
            // This needs the vector of a column.
            assert!(basis.dot_column(1).is_err());
        }
        assert_close!(basis.dot_column(1)?[0].real(), 15.0, 1e-14);
        {
            let (mut x, y) = basis.columns_mut(0, 2)?;
            x.axpy(r(-1.0), &y)?;
        }
        // 1 - i²
        assert_close!(basis.norm_column(0, Norm::One)?, 50.0, 1e-14);
        assert_eq!(code(basis.columns_mut(1, 1)), Some(ErrorCode::ARG_IDN));
        assert_eq!(code(basis.column_mut(3)), Some(ErrorCode::ARG_OUTOFRANGE));
        // A guard that is forgotten keeps its column: nothing that would free its memory is done.
        let _never_dropped = std::mem::ManuallyDrop::new(basis.column_mut(1)?);
        assert_eq!(code(basis.resize(5, true)), Some(ErrorCode::ARG_WRONGSTATE));
        assert!(basis.column(1).is_err());
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_matrix_of_the_columns(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for kind in TYPES {
        let mut basis = powers(comm, 5, 3, kind)?;
        let copy = basis.to_matrix()?;
        assert_eq!(copy.size()?, (5, 3));
        assert_close!(copy.norm(Norm::Infinity)?, 31.0, 1e-14);
        basis.set_active_columns(1..3)?;
        let local = basis.sizes()?.local;
        {
            let view = basis.matrix_view()?;
            assert_eq!(view.size()?, (5, 2));
            let entries = view.dense()?;
            let entries = entries.view();
            assert_eq!(entries.dim(), (local, 2));
            for row in entries.rows() {
                assert_eq!(row[1], row[0] * row[0]);
            }
            assert!(basis.matrix_view().is_err(), "lent already");
        }
        basis
            .matrix_view_mut()?
            .dense_mut()?
            .view_mut()
            .column_mut(0)
            .fill(r(2.0));
        basis.set_active_columns(0..3)?;
        assert_close!(basis.norm_column(1, Norm::One)?, 10.0, 1e-14);
        assert_close!(basis.norm_column(2, Norm::One)?, 55.0, 1e-14);
        let again = Bv::from_matrix(&copy, kind)?;
        assert_close!(again.norm_column(2, Norm::One)?, 55.0, 1e-14);
    }
    Ok(())
}

#[petsc_test::test]
fn a_matrix_with_gaps(petsc: &Petsc) -> Result<()> {
    // Two rows and columns of a matrix with room for four.
    let mut ds = Ds::new(petsc.world(), DsType::NHEP, 4)?;
    ds.set_dimensions(2, 0, 0)?;
    let mut a = ds.matrix_mut(DsMatrix::A)?;
    {
        let mut entries = a.dense_mut()?;
        entries.column_mut(0)?.copy_from_slice(&[r(3.0), r(4.0)]);
        entries.column_mut(1)?.copy_from_slice(&[r(5.0), r(12.0)]);
    }
    assert_eq!(a.dense()?.lda(), 4);
    let basis = Bv::from_matrix(&a, BvType::SVEC)?;
    assert_close!(basis.norm_column(0, Norm::Two)?, 5.0, 1e-14);
    assert_close!(basis.norm_column(1, Norm::Two)?, 13.0, 1e-14);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn more_and_fewer_columns(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for kind in TYPES {
        let mut basis = powers(comm, 6, 3, kind)?;
        // What SLEPc keeps of the first size must not be used with the second.
        basis.set_orthogonalization(Orthogonalization {
            block: OrthogBlock::Cholesky,
            ..Orthogonalization::default()
        })?;
        basis.set_active_columns(1..3)?;
        basis.scale_column(0, r(1.0 / 6.0f64.sqrt()))?;
        basis.orthogonalize()?;
        basis.resize(5, true)?;
        assert_eq!(basis.sizes()?.columns, 5);
        assert_eq!(basis.active_columns()?, 1..3);
        basis.set_active_columns(0..3)?;
        assert_orthonormal(&basis)?;
        basis.set_active_columns(3..5)?;
        basis.set_random()?;
        basis.orthogonalize()?;
        basis.set_active_columns(0..5)?;
        assert_orthonormal(&basis)?;
        basis.resize(2, true)?;
        assert_orthonormal(&basis)?;
        assert_eq!(basis.duplicate_resized(4)?.sizes()?.columns, 4);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn vectors_inserted_and_constraints(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let ones = Vector::from_fn(comm, 6, |_| Ok(r(1.0)))?;
    let twos = Vector::from_fn(comm, 6, |_| Ok(r(2.0)))?;
    let ramp = Vector::from_fn(comm, 6, |i| Ok(r(i as f64)))?;
    for kind in TYPES {
        let mut basis = Bv::like(&ones, 3, kind)?;
        assert_eq!(basis.insert_vectors(0, &[&ones, &twos, &ramp], false)?, 3);
        assert_close!(basis.norm_column(1, Norm::One)?, 12.0, 1e-14);
        // Twice the first depends on it.
        assert_eq!(basis.insert_vectors(0, &[&ones, &twos, &ramp], true)?, 2);
        basis.set_active_columns(0..2)?;
        assert_orthonormal(&basis)?;

        let mut basis = Bv::like(&ones, 2, kind)?;
        assert_eq!(basis.insert_constraints(&[&ones, &twos])?, 1);
        assert_eq!((basis.constraints()?, basis.sizes()?.columns), (1, 2));
        basis.insert_vector(0, &ramp)?;
        basis.set_random_column(1)?;
        for j in 0..2 {
            assert!(!basis.orthonormalize_column(j, false)?.1);
            // Orthogonal to a constant: the sum is zero.
            assert_close!(basis.column(j)?.sum()?.real(), 0.0, 0.0, 1e-12);
        }
        assert_orthonormal(&basis)?;
        let mut out = basis.create_vector()?;
        basis.copy_vector(0, &mut out)?;
        // 0..=5 less its mean, over √17.5.
        assert_close!(out.norm(Norm::Infinity)?, 2.5 / 17.5f64.sqrt(), 1e-12);
        let state = Some(ErrorCode::ARG_WRONGSTATE);
        assert_eq!(code(basis.insert_constraints(&[&ramp])), state);
        assert_eq!(code(basis.resize(3, true)), state);
        assert_eq!(code(basis.set_from_options()), state);
        assert_eq!(code(basis.orthogonalize()), Some(ErrorCode::SUP));
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn random_columns(petsc: &Petsc) -> Result<()> {
    let mut basis = Bv::new(petsc.world(), 30, 4, BvType::SVEC)?;
    basis.random_mut()?.seed(7)?;
    basis.set_random()?;
    let largest = basis.norm_column(3, Norm::Infinity)?;
    assert!(largest > 0.0 && largest <= 2.0f64.sqrt());
    basis.set_random_sign()?;
    assert_close!(basis.norm_column(2, Norm::Two)?, 30.0f64.sqrt(), 1e-14);
    basis.set_random_normal()?;
    assert!(basis.norm(Norm::Frobenius)? > 0.0);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn options_of_a_basis(petsc: &Petsc) -> Result<()> {
    let mut basis = Bv::new(petsc.world(), 8, 2, BvType::SVEC)?;
    basis.set_options_prefix("own_")?;
    petsc.options().scope(|options| {
        options.set("own_bv_type", "mat")?;
        options.set("own_bv_orthog_block", "tsqr")?;
        basis.set_from_options()
    })?;
    assert!(basis.is_type("mat")?);
    assert_eq!(basis.orthogonalization()?.block, OrthogBlock::Tsqr);
    basis.set_random()?;
    basis.orthogonalize()?;
    assert_orthonormal(&basis)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn bases_that_do_not_fit(petsc: &Petsc) -> Result<()> {
    let (comm, own) = (petsc.world(), petsc.self_comm());
    let mut basis = powers(comm, 6, 3, BvType::SVEC)?;
    let range = Some(ErrorCode::ARG_OUTOFRANGE);
    let size = Some(ErrorCode::ARG_SIZ);
    assert_eq!(code(Bv::new(comm, 6, 0, BvType::SVEC)), range);
    assert_eq!(code(basis.set_active_columns(1..4)), range);
    #[expect(clippy::reversed_empty_ranges, reason = "that is what is refused")]
    let backwards = 2..1;
    assert_eq!(code(basis.set_active_columns(backwards)), range);
    assert_eq!(code(basis.norm_column(3, Norm::Two)), range);
    assert_eq!(code(basis.scale_column(3, r(2.0))), range);
    assert_eq!(code(basis.orthogonalize_column(3)), range);
    assert_eq!(code(basis.copy_column(0, 3)), range);
    assert_eq!(code(basis.set_random_column(3)), range);
    assert_eq!(code(basis.resize(0, true)), range);
    let eta = Orthogonalization {
        eta: f64::NAN,
        ..Orthogonalization::default()
    };
    assert_eq!(code(basis.set_orthogonalization(eta)), range);
    // Vectors and coefficients.
    let mut long = Vector::from_fn(comm, 7, |_| Ok(r(1.0)))?;
    assert_eq!(code(basis.insert_vector(0, &long)), size);
    assert_eq!(code(basis.copy_vector(0, &mut long)), size);
    assert_eq!(code(basis.dot_vector(&long)), size);
    assert_eq!(code(basis.orthogonalize_vector(&mut long)), size);
    let mut y = basis.create_vector()?;
    assert_eq!(
        code(basis.mult_vector(r(1.0), r(0.0), &mut y, &[r(1.0)])),
        size
    );
    assert_eq!(code(basis.mult_column(r(1.0), r(0.0), 2, &[r(1.0)])), size);
    assert_eq!(code(basis.insert_vectors(2, &[&y, &y], false)), range);
    basis.set_active_columns(1..3)?;
    assert_eq!(code(basis.dot_column(0)), range);
    basis.set_active_columns(0..3)?;
    // Other bases.
    let other = powers(comm, 6, 3, BvType::VECS)?;
    assert_eq!(code(basis.dot(&other)), Some(ErrorCode::ARG_NOTSAMETYPE));
    assert_eq!(
        code(basis.copy_from(&other)),
        Some(ErrorCode::ARG_NOTSAMETYPE)
    );
    let shorter = powers(comm, 5, 3, BvType::SVEC)?;
    assert_eq!(
        code(basis.mat_project(None, &shorter)),
        Some(ErrorCode::ARG_INCOMP)
    );
    let fewer = powers(comm, 6, 2, BvType::SVEC)?;
    assert_eq!(code(basis.mult(r(1.0), r(0.0), &fewer, None)), size);
    // Matrices.
    let small = Matrix::from_dense(own, 2, 2, &[r(1.0); 4])?;
    assert_eq!(code(basis.mult(r(1.0), r(0.0), &fewer, Some(&small))), size);
    assert_eq!(code(basis.mult_in_place(&small, 0..2)), size);
    let sparse = laplacian(own, 3)?;
    assert_eq!(
        code(basis.mult_in_place(&sparse, 0..2)),
        Some(ErrorCode::ARG_WRONG)
    );
    assert_eq!(
        code(Bv::from_matrix(&sparse, BvType::SVEC)),
        Some(ErrorCode::ARG_WRONG)
    );
    let a = laplacian(comm, 7)?;
    assert_eq!(code(basis.set_matrix(Some(&a), false)), size);
    assert_eq!(code(basis.mat_mult_column(&a, 0)), size);
    let mut out = basis.duplicate()?;
    assert_eq!(code(basis.mat_mult(&a, &mut out)), size);
    // Zeros, and columns that depend on each other.
    let mut zeros = Bv::new(comm, 6, 2, BvType::SVEC)?;
    assert_eq!(code(zeros.normalize()), Some(ErrorCode::ARG_WRONG));
    assert_eq!(code(zeros.orthogonalize()), Some(ErrorCode::CONV_FAILED));
    assert_eq!(zeros.active_columns()?, 0..2);
    if comm.size() > 2 {
        // The last rank has no entries.
        let mut two = Bv::new(comm, 2, 1, BvType::SVEC)?;
        two.set_random()?;
        two.set_orthogonalization(Orthogonalization {
            block: OrthogBlock::Tsqr,
            ..Orthogonalization::default()
        })?;
        assert_eq!(code(two.orthogonalize()), Some(ErrorCode::SUP));
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn bases_of_solvers(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = laplacian(comm, 20)?;
    let mut eps = crate::problems::solver(comm, &a, None, EpsProblemType::Hermitian, 2)?;
    assert_eq!(code(eps.bv()), Some(ErrorCode::ARG_WRONGSTATE));
    let _ = eps.solve()?;
    let found = eps.converged()?;
    let basis = eps.bv()?;
    assert_eq!(basis.sizes()?.global, 20);
    // The Ritz vectors come first: A projected on them is diagonal, with the eigenvalues.
    for i in 0..found {
        let v = basis.column(i)?;
        let mut av = v.duplicate()?;
        a.mult(&v, &mut av)?;
        assert_close!(av.dot(&v)?.real(), eps.eigenvalue(i)?.re, 1e-10);
    }
    let mut svd = Svd::new(comm)?;
    svd.set_operators(&a, None)?;
    svd.set_type(SvdType::LANCZOS)?;
    let _ = svd.solve()?;
    let (right, left) = svd.bv()?;
    assert_close!(right.norm_column(0, Norm::Two)?, 1.0, 1e-10);
    assert!(left.is_some());
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn symmetry_by_another_inner_product(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    // D⁻¹·A with D = diag(1, 2, …): not symmetric, but self-adjoint in the inner product of D.
    let (n, a) = (12, laplacian(comm, 12)?);
    let weights = Vector::from_fn(comm, 12, |i| Ok(r(i as f64 + 1.0)))?;
    let mut d = Matrix::builder(comm).global_size(12, 12).build()?;
    for i in d.ownership_range()? {
        d.set_value(i, i, r(i as f64 + 1.0), InsertMode::Insert)?;
    }
    d.assemble()?;
    let mut pair =
        crate::problems::solver(comm, &a, Some(&d), EpsProblemType::GeneralizedHermitian, 3)?;
    crate::problems::solve_directly(pair.st_mut()?)?;
    let _ = pair.solve()?;
    let rows = a.local_size()?.0;
    let shell = Matrix::shell(comm, rows, rows, move |x, y| {
        a.mult(x, y)?;
        let (mut y, weights) = (y.array_mut()?, weights.array()?);
        for (y, weight) in y.iter_mut().zip(weights.iter()) {
            *y /= *weight;
        }
        Ok(())
    })
    .build()?;
    let mut eps = crate::problems::solver(comm, &shell, None, EpsProblemType::Hermitian, 3)?;
    eps.set_inner_product(&d)?;
    let _ = eps.solve()?;
    assert!(eps.bv()?.matrix()?.is_some());
    let mut found = Bv::new(comm, n, 3, BvType::SVEC)?;
    found.set_matrix(Some(&d), false)?;
    for i in 0..3 {
        assert_close!(eps.eigenvalue(i)?.re, pair.eigenvalue(i)?.re, 1e-8);
        let v = eps.bv()?.column(i)?;
        found.insert_vector(i, &v)?;
    }
    assert_orthonormal(&found)
}
