//! A basis in two.

use petsc_rs::ErrorCode;
use petsc_test::assert_close;
use slepc_rs::bv::BvType;
use slepc_rs::prelude::*;

use super::{TYPES, assert_orthonormal, powers};
use crate::problems::{code, laplacian, r};

#[petsc_test::test(ranks = [1, 2, 3])]
fn both_parts_are_the_basis(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for kind in TYPES {
        // Columns 1, i, i², i³.
        let mut basis = powers(comm, 5, 4, kind)?;
        basis.set_active_columns(1..4)?;
        {
            let mut parts = basis.split()?;
            assert_eq!(parts.left().sizes()?.columns, 1);
            assert_eq!(parts.right().sizes()?.columns, 3);
            assert_close!(parts.right().norm_column(0, Norm::One)?, 15.0, 1e-14);
            let (left, right) = parts.parts_mut();
            // One part beside the other: 1 + i.
            left.column_mut(0)?.axpy(r(1.0), &*right.column(0)?)?;
            right.scale_column(2, r(2.0))?;
        }
        assert_close!(basis.norm_column(0, Norm::One)?, 20.0, 1e-14);
        assert_close!(basis.norm_column(3, Norm::One)?, 450.0, 1e-14);
        // At another column; the parts of before are not used again.
        basis.set_active_columns(2..4)?;
        {
            let mut parts = basis.split()?;
            parts.left_mut().orthogonalize()?;
            assert_orthonormal(parts.left())?;
            assert_close!(parts.right().norm_column(0, Norm::One)?, 55.0, 1e-14);
            assert_eq!(parts.right().active_columns()?, 0..2);
        }
        basis.set_active_columns(0..2)?;
        assert_orthonormal(&basis)?;
        // Other sizes, with other memory.
        basis.resize(3, true)?;
        basis.set_active_columns(2..3)?;
        assert_close!(basis.split()?.right().norm_column(0, Norm::One)?, 55.0, 1e-14);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn parts_refuse_what_changes_the_basis(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let state = Some(ErrorCode::ARG_WRONGSTATE);
    for kind in TYPES {
        let mut basis = powers(comm, 5, 3, kind)?;
        assert_eq!(code(basis.split()), state);
        basis.set_active_columns(3..3)?;
        assert_eq!(code(basis.split()), state);
        basis.set_active_columns(1..3)?;
        let ones = Vector::from_fn(comm, 5, |_| Ok(r(1.0)))?;
        let b = laplacian(comm, 5)?;
        let mut parts = basis.split()?;
        let (left, right) = parts.parts_mut();
        for part in [left, right] {
            assert_eq!(code(part.resize(7, true)), state);
            assert_eq!(code(part.set_from_options()), state);
            assert_eq!(code(part.set_matrix(Some(&b), false)), state);
            assert_eq!(code(part.insert_constraints(&[&ones])), state);
        }
        // Copies are free.
        let mut copy = parts.right().duplicate_resized(5)?;
        copy.set_active_columns(1..3)?;
        copy.copy_from(parts.right())?;
        copy.resize(4, true)?;
        assert_close!(copy.norm_column(1, Norm::One)?, 15.0, 1e-14);
        assert_close!(parts.right().norm_column(1, Norm::One)?, 55.0, 1e-14);
    }
    // With constraints, which belong to the leading columns.
    let ones = Vector::from_fn(comm, 6, |_| Ok(r(1.0)))?;
    let mut basis = Bv::like(&ones, 2, BvType::SVEC)?;
    basis.insert_constraints(&[&ones])?;
    basis.set_random()?;
    basis.set_active_columns(1..2)?;
    let parts = basis.split()?;
    assert_eq!((parts.left().constraints()?, parts.right().constraints()?), (1, 0));
    Ok(())
}
