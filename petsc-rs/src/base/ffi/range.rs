//! Range checks of settings that optimized builds of PETSc omit. `what` names the setting in the
//! message.

use super::petsc_int;
use crate::error::{Error, ErrorCode, Result};
use crate::{Int, Real};

/// # Errors
/// `ARG_OUTOFRANGE` for 0.
pub fn at_least_one(n: usize, what: &str) -> Result<()> {
    refuse_unless(n > 0, || format!("{what} must be at least 1"))
}

/// Converts a count of at least 1 for C.
///
/// # Errors
/// `ARG_OUTOFRANGE` for 0, `INT_OVERFLOW` if the count exceeds the range of `PetscInt`.
pub fn count(n: usize, what: &str) -> Result<Int> {
    at_least_one(n, what)?;
    petsc_int(n)
}

/// # Errors
/// `ARG_OUTOFRANGE` unless the number is positive.
pub fn positive(x: Real, what: &str) -> Result<()> {
    refuse_unless(x > 0.0, || format!("{what} must be positive, got {x}"))
}

/// # Errors
/// `ARG_OUTOFRANGE` for a negative number, and NaN.
pub fn not_negative(x: Real, what: &str) -> Result<()> {
    refuse_unless(x >= 0.0, || format!("{what} must not be negative, got {x}"))
}

/// # Errors
/// `ARG_OUTOFRANGE` unless the number is positive and finite.
pub fn finite_positive(x: Real, what: &str) -> Result<()> {
    let good = x > 0.0 && x.is_finite();
    refuse_unless(good, || format!("{what} must be positive and finite, got {x}"))
}

/// # Errors
/// `ARG_OUTOFRANGE` for a negative number, infinity, and NaN.
pub fn finite_not_negative(x: Real, what: &str) -> Result<()> {
    let good = x >= 0.0 && x.is_finite();
    refuse_unless(good, || format!("{what} must be finite and not negative, got {x}"))
}

/// # Errors
/// `ARG_OUTOFRANGE` for NaN.
pub fn not_nan(x: Real, what: &str) -> Result<()> {
    refuse_unless(!x.is_nan(), || format!("{what} must be a number, got NaN"))
}

/// # Errors
/// `ARG_OUTOFRANGE` unless the first number is less than the second.
pub fn increasing((start, end): (Real, Real), what: &str) -> Result<()> {
    refuse_unless(start < end, || format!("empty {what} [{start}, {end}]: start must be below end"))
}

/// The error of a setting outside its range.
#[must_use]
pub fn out_of_range(text: impl Into<String>) -> Error {
    Error::new(ErrorCode::ARG_OUTOFRANGE, text)
}

fn refuse_unless(good: bool, text: impl FnOnce() -> String) -> Result<()> {
    if good {
        return Ok(());
    }
    Err(out_of_range(text()))
}

/// Checks that `local_len` is a multiple of the block size `size`. PETSc does not check this for
/// strided access.
///
/// # Errors
/// `ARG_OUTOFRANGE` for 0; `ARG_SIZ` if they do not.
pub(crate) fn check_block_size(size: usize, local_len: usize) -> Result<()> {
    at_least_one(size, "the block size")?;
    if local_len % size != 0 {
        return Err(Error::new(
            ErrorCode::ARG_SIZ,
            format!(
                "the number of local entries, {local_len}, is not a multiple of the block size {size}"
            ),
        ));
    }
    Ok(())
}
