//! Orthogonalisation, in the standard inner product and in others.

use petsc_rs::ErrorCode;
use petsc_test::assert_close;
use slepc_rs::bv::{BvType, OrthogBlock, OrthogRefine, OrthogType, Orthogonalization};
use slepc_rs::prelude::*;

use super::{TYPES, assert_orthonormal, entry, powers};
use crate::problems::{code, laplacian, r};

#[petsc_test::test(ranks = [1, 2, 3])]
fn orthogonal_factors_multiply_to_the_original_basis(petsc: &Petsc) -> Result<()> {
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
fn columns_are_orthogonalized_one_after_another(petsc: &Petsc) -> Result<()> {
    for kind in TYPES {
        let mut basis = powers(petsc.world(), 6, 4, kind)?;
        assert_close!(basis.orthonormalize_column(0, false)?.0, 6.0f64.sqrt(), 1e-14);
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
fn another_inner_product_changes_norms_and_orthogonality(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for kind in TYPES {
        for block in [OrthogBlock::GramSchmidt, OrthogBlock::Cholesky, OrthogBlock::Svqb] {
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
    assert_eq!(code(basis.norm_column(0, Norm::Two)), Some(ErrorCode::USER_INPUT));
    basis.set_matrix(Some(&minus), true)?;
    assert_close!(basis.norm_column(0, Norm::Two)?, -6.0f64.sqrt(), 1e-14);
    let mut copy = basis.duplicate()?;
    copy.copy_from(&basis)?;
    basis.set_matrix(None, false)?;
    assert_close!(basis.norm_column(0, Norm::Two)?, 6.0f64.sqrt(), 1e-14);
    Ok(())
}
