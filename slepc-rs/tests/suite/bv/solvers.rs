//! Bases of solvers, and by options.

use petsc_rs::ErrorCode;
use petsc_test::assert_close;
use slepc_rs::bv::{Bv, BvType, OrthogBlock};
use slepc_rs::prelude::*;

use super::assert_orthonormal;
use crate::problems::{code, laplacian, r};

#[petsc_test::test(ranks = [1, 2, 3])]
fn options_set_the_type_of_a_basis(petsc: &Petsc) -> Result<()> {
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
fn bases_of_solvers_hold_their_vectors(petsc: &Petsc) -> Result<()> {
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
fn an_inner_product_makes_a_matrix_self_adjoint(petsc: &Petsc) -> Result<()> {
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
    crate::problems::solve_directly(&mut *pair.st()?)?;
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
        let basis = eps.bv()?;
        let v = basis.column(i)?;
        found.insert_vector(i, &v)?;
    }
    assert_orthonormal(&found)
}
