//! Bases, vectors and matrices that do not fit.

use petsc_rs::ErrorCode;
use slepc_rs::bv::{Bv, BvType, OrthogBlock, Orthogonalization};
use slepc_rs::prelude::*;

use super::powers;
use crate::problems::{code, laplacian, r};

#[petsc_test::test(ranks = [1, 2, 3])]
fn bases_that_do_not_fit_are_refused(petsc: &Petsc) -> Result<()> {
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
    let eta = Orthogonalization { eta: f64::NAN, ..Orthogonalization::default() };
    assert_eq!(code(basis.set_orthogonalization(eta)), range);
    // Vectors and coefficients.
    let mut long = Vector::from_fn(comm, 7, |_| Ok(r(1.0)))?;
    assert_eq!(code(basis.insert_vector(0, &long)), size);
    assert_eq!(code(basis.copy_vector(0, &mut long)), size);
    assert_eq!(code(basis.dot_vector(&long)), size);
    assert_eq!(code(basis.orthogonalize_vector(&mut long)), size);
    let mut y = basis.create_vector()?;
    assert_eq!(code(basis.mult_vector(r(1.0), r(0.0), &mut y, &[r(1.0)])), size);
    assert_eq!(code(basis.mult_column(r(1.0), r(0.0), 2, &[r(1.0)])), size);
    assert_eq!(code(basis.insert_vectors(2, &[&y, &y], false)), range);
    basis.set_active_columns(1..3)?;
    assert_eq!(code(basis.dot_column(0)), range);
    basis.set_active_columns(0..3)?;
    // Other bases.
    let other = powers(comm, 6, 3, BvType::VECS)?;
    assert_eq!(code(basis.dot(&other)), Some(ErrorCode::ARG_NOTSAMETYPE));
    assert_eq!(code(basis.copy_from(&other)), Some(ErrorCode::ARG_NOTSAMETYPE));
    let shorter = powers(comm, 5, 3, BvType::SVEC)?;
    assert_eq!(code(basis.mat_project(None, &shorter)), Some(ErrorCode::ARG_INCOMP));
    let fewer = powers(comm, 6, 2, BvType::SVEC)?;
    assert_eq!(code(basis.mult(r(1.0), r(0.0), &fewer, None)), size);
    // Matrices.
    let small = Matrix::from_dense(own, 2, 2, &[r(1.0); 4])?;
    assert_eq!(code(basis.mult(r(1.0), r(0.0), &fewer, Some(&small))), size);
    assert_eq!(code(basis.mult_in_place(&small, 0..2)), size);
    let sparse = laplacian(own, 3)?;
    assert_eq!(code(basis.mult_in_place(&sparse, 0..2)), Some(ErrorCode::ARG_WRONG));
    assert_eq!(code(Bv::from_matrix(&sparse, BvType::SVEC)), Some(ErrorCode::ARG_WRONG));
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
