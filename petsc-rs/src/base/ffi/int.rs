//! Conversions of integers, and the index checks that optimized PETSc omits.

use std::ops::Range;

use crate::error::{Error, ErrorCode, Result};
use crate::{Int, Real, sys};

/// `PETSC_DECIDE` and `PETSC_DETERMINE`: PETSc chooses the value.
pub const DECIDE: Int = -1;
/// The value that leaves a setting unchanged: `PETSC_CURRENT` since 3.22, `PETSC_DEFAULT` before.
pub const DEFAULT: Int = -2;
/// [`DEFAULT`] for real arguments.
pub const DEFAULT_REAL: Real = -2.0;

/// Converts a count to `PetscInt`.
///
/// # Errors
/// `INT_OVERFLOW` if the count exceeds the range (32-bit indices).
#[inline]
pub fn petsc_int(n: usize) -> Result<Int> {
    Int::try_from(n).map_err(|_| {
        Error::new(
            ErrorCode::INT_OVERFLOW,
            format!("{n} exceeds the range of the {}-bit PetscInt of this PETSc", Int::BITS),
        )
    })
}

/// Converts a count that PETSc returned.
///
/// # Errors
/// `PLIB` if it is negative.
#[inline]
pub fn size(n: Int) -> Result<usize> {
    usize::try_from(n)
        .map_err(|_| Error::new(ErrorCode::PLIB, format!("PETSc returned the negative size {n}")))
}

/// Converts an index, whose range the caller has checked, to `usize` for a slice. A negative index
/// would make the slice panic.
#[inline]
#[must_use]
pub fn index_to_usize(i: Int) -> usize {
    debug_assert!(i >= 0);
    usize::try_from(i).unwrap_or(usize::MAX)
}

/// Checks that two slices have the same length.
///
/// # Errors
/// `ARG_SIZ` if their lengths differ.
#[inline]
pub fn same_len(what: &str, expected: usize, found: usize) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(Error::new(ErrorCode::ARG_SIZ, format!("{what}: expected {expected}, got {found}")))
}

/// Returns the message for a distributed object whose local and global lengths are not the expected
/// ones.
#[must_use]
pub fn lengths_differ(what: &str, expected: (usize, usize), found: (usize, usize)) -> String {
    let ((here, n), (found, len)) = (expected, found);
    format!("{what}: expected {n} ({here} on this rank), got {len} ({found} on this rank)")
}

/// Checks that an index lies in a range.
///
/// # Errors
/// `ARG_OUTOFRANGE` if the index lies outside the range.
#[inline]
pub fn check_index(index: Int, range: &Range<Int>) -> Result<()> {
    if range.contains(&index) { Ok(()) } else { Err(out_of_range(index, range)) }
}

/// Checks that all indices lie in a range.
///
/// # Errors
/// `ARG_OUTOFRANGE` with the first index outside the range.
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

/// Converts a Boolean to `PetscBool`.
#[inline]
#[must_use]
pub fn raw_bool(value: bool) -> sys::PetscBool {
    #[cfg(petsc_ge_3_24)]
    return value;
    #[cfg(not(petsc_ge_3_24))]
    return sys::PetscBool::from(value);
}

/// Converts a `PetscBool` to a Boolean.
#[inline]
#[must_use]
pub fn to_bool(value: sys::PetscBool) -> bool {
    #[cfg(petsc_ge_3_24)]
    return value;
    #[cfg(not(petsc_ge_3_24))]
    return value != 0;
}
