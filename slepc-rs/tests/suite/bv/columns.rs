//! Columns lent, copied, added and made up; the matrix of all.

use petsc_rs::ErrorCode;
use petsc_test::{assert_close, assert_code, assert_error};
use slepc_rs::bv::{Bv, BvType, OrthogBlock, Orthogonalization};
use slepc_rs::prelude::*;

use super::{TYPES, assert_orthonormal, powers};
use crate::problems::{code, r};

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_column_that_is_lent_is_not_lent_again(petsc: &Petsc) -> Result<()> {
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
            assert_error(basis.dot_column(1), ErrorCode::SUP, "Column 1 already fetched");
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
        assert_error(basis.column(1), ErrorCode::SUP, "Column 1 already fetched");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_lent_column_is_memory_of_the_basis(petsc: &Petsc) -> Result<()> {
    for kind in TYPES {
        let mut basis = powers(petsc.world(), 5, 3, kind)?;
        let mut other = basis.create_vector()?;
        other.compose("basis", &basis)?;
        let mut twin: Bv = other.query("basis")?.expect("just composed");
        let refused = Some(ErrorCode::ARG_WRONGSTATE);
        {
            let column = basis.column(1)?;
            let lent = column.array()?;
            let before = lent.to_vec();
            assert_eq!(code(twin.scale(r(2.0))), refused, "{kind:?}");
            assert_eq!(code(twin.set_random_column(1)), refused, "{kind:?}");
            assert_eq!(code(twin.insert_vector(1, &other)), refused, "{kind:?}");
            assert_eq!(*lent, *before);
            // Readers share.
            twin.norm(Norm::Frobenius)?;
        }
        {
            let mut column = basis.column_mut(1)?;
            let lent = column.array_mut()?;
            assert_eq!(code(twin.norm(Norm::Frobenius)), refused, "{kind:?}");
            assert_eq!(code(twin.to_matrix()), refused, "{kind:?}");
            drop(lent);
        }
        let unrelated = other.array()?;
        let scaled = twin.scale(r(2.0));
        assert_eq!(scaled.is_ok(), kind != BvType::VECS, "{kind:?}");
        drop(unrelated);
        twin.scale(r(2.0))?;
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_matrix_view_shares_the_active_columns(petsc: &Petsc) -> Result<()> {
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
            assert_code(basis.matrix_view(), ErrorCode::ARG_WRONGSTATE);
        }
        basis.matrix_view_mut()?.dense_mut()?.view_mut().column_mut(0).fill(r(2.0));
        basis.set_active_columns(0..3)?;
        assert_close!(basis.norm_column(1, Norm::One)?, 10.0, 1e-14);
        assert_close!(basis.norm_column(2, Norm::One)?, 55.0, 1e-14);
        let again = Bv::from_matrix(&copy, kind)?;
        assert_close!(again.norm_column(2, Norm::One)?, 55.0, 1e-14);
    }
    Ok(())
}

#[petsc_test::test]
fn a_basis_is_copied_from_a_matrix_with_gaps(petsc: &Petsc) -> Result<()> {
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
fn a_resized_basis_stays_orthonormal(petsc: &Petsc) -> Result<()> {
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
fn inserted_vectors_are_orthogonal_to_the_constraints(petsc: &Petsc) -> Result<()> {
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
fn random_columns_are_in_their_range(petsc: &Petsc) -> Result<()> {
    let mut basis = Bv::new(petsc.world(), 30, 4, BvType::SVEC)?;
    basis.random()?.seed(7)?;
    basis.set_random()?;
    let largest = basis.norm_column(3, Norm::Infinity)?;
    assert!(largest > 0.0 && largest <= 2.0f64.sqrt());
    basis.set_random_sign()?;
    assert_close!(basis.norm_column(2, Norm::Two)?, 30.0f64.sqrt(), 1e-14);
    basis.set_random_normal()?;
    // 120 numbers, whose parts have variance 1; of uniform real numbers, the norm would be 6.3.
    let parts: f64 = if cfg!(petsc_scalar = "complex") { 2.0 } else { 1.0 };
    let norm = basis.norm(Norm::Frobenius)?;
    assert_close!(norm, (120.0 * parts).sqrt(), 0.2);
    Ok(())
}
