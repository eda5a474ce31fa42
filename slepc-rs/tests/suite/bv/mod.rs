//! Basis vectors.

mod columns;
mod krylov;
mod orthogonal;
mod products;
mod refusals;
mod solvers;
mod split;

use petsc_test::assert_close;
use slepc_rs::bv::{Bv, BvRef, BvType};
use slepc_rs::prelude::*;

use crate::problems::r;

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
fn assert_orthonormal(basis: &BvRef) -> Result<()> {
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
