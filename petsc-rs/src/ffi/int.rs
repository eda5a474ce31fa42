//! The one place where integers change type, and the index checks that optimized PETSc leaves out.

use std::ops::Range;

use crate::error::{Error, ErrorCode, Result};
use crate::{Int, Real, sys};

/// `PETSC_DECIDE` and `PETSC_DETERMINE`: PETSc chooses.
pub const DECIDE: Int = -1;
/// `PETSC_DEFAULT` where it keeps a value; since 3.22 the same number is called `PETSC_CURRENT`.
pub const DEFAULT: Int = -2;
/// The same among real arguments.
pub const DEFAULT_REAL: Real = -2.0;

/// A count as `PetscInt`.
///
/// # Errors
/// `INT_OVERFLOW` if it does not fit (32-bit indices).
#[inline]
pub fn petsc_int(n: usize) -> Result<Int> {
    Int::try_from(n).map_err(|_| {
        Error::new(
            ErrorCode::INT_OVERFLOW,
            format!(
                "{n} does not fit into the {}-bit PetscInt of this PETSc",
                Int::BITS
            ),
        )
    })
}

/// A count that PETSc returned.
///
/// # Errors
/// `PLIB` if it is negative.
#[inline]
pub fn size(n: Int) -> Result<usize> {
    usize::try_from(n).map_err(|_| {
        Error::new(
            ErrorCode::PLIB,
            format!("PETSc returned the negative size {n}"),
        )
    })
}

/// An index that was range-checked before, for indexing slices; a negative one would panic there.
#[inline]
#[must_use]
pub fn index_to_usize(i: Int) -> usize {
    debug_assert!(i >= 0);
    usize::try_from(i).unwrap_or(usize::MAX)
}

/// Two slices that belong together.
///
/// # Errors
/// `ARG_SIZ` if their lengths differ.
#[inline]
pub fn same_len(what: &str, expected: usize, found: usize) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::ARG_SIZ,
        format!("{what}: expected {expected} entries, got {found}"),
    ))
}

/// One index in a range.
///
/// # Errors
/// `ARG_OUTOFRANGE` otherwise.
#[inline]
pub fn check_index(index: Int, range: &Range<Int>) -> Result<()> {
    if range.contains(&index) {
        Ok(())
    } else {
        Err(out_of_range(index, range))
    }
}

/// All indices in a range.
///
/// # Errors
/// `ARG_OUTOFRANGE` naming the first that is not.
#[inline]
pub fn check_indices(indices: &[Int], range: &Range<Int>) -> Result<()> {
    match indices.iter().find(|i| !range.contains(i)) {
        None => Ok(()),
        Some(&index) => Err(out_of_range(index, range)),
    }
}

#[cold]
fn out_of_range(index: Int, range: &Range<Int>) -> Error {
    Error::new(
        ErrorCode::ARG_OUTOFRANGE,
        format!("index {index} is outside {}..{}", range.start, range.end),
    )
}

/// A Rust bool as `PetscBool`.
#[inline]
#[must_use]
pub fn raw_bool(value: bool) -> sys::PetscBool {
    #[cfg(petsc_ge_3_24)]
    return value;
    #[cfg(not(petsc_ge_3_24))]
    return sys::PetscBool::from(value);
}

/// A `PetscBool` as a Rust bool.
#[inline]
#[must_use]
pub fn to_bool(value: sys::PetscBool) -> bool {
    #[cfg(petsc_ge_3_24)]
    return value;
    #[cfg(not(petsc_ge_3_24))]
    return value != 0;
}
