//! Vectors.

mod access;
mod arithmetic;
mod create;
mod reductions;
mod views;

use petsc_rs::prelude::*;

pub(crate) fn real(x: f64) -> Scalar {
    Scalar::from_real(x)
}

/// `0, 1, 2, …` over all ranks.
pub(crate) fn counting(petsc: &Petsc, n: usize) -> Result<Vector> {
    Vector::from_fn(petsc.world(), n, |i| Ok(index(i)))
}

pub(crate) fn index(i: Int) -> Scalar {
    // Through text, because `Int` has 32 or 64 bits.
    real(i.to_string().parse().unwrap_or(f64::NAN))
}

/// Real parts of all entries, on every rank.
pub(crate) fn all(x: &VectorRef) -> Result<Vec<f64>> {
    Ok(x.gather_to_all()?.into_iter().map(|z| z.real()).collect())
}

/// The code of an error that must arise.
pub(crate) fn code<T>(result: Result<T>) -> Option<ErrorCode> {
    result.err().map(|e| e.code())
}

pub(crate) use petsc_rs::{ErrorCode, VectorRef};
