//! Types of entries that star forests communicate.

use crate::error::{Error, ErrorCode, Result};
use crate::scatter::Combine;
use crate::{Int, Real};

mod sealed {
    pub trait Sealed {}
}

/// Types of array entries that a [`StarForest`](super::StarForest) communicates: indices ([`Int`])
/// and numbers ([`Real`], [`Scalar`](crate::Scalar)).
pub trait Unit: Copy + sealed::Sealed {
    /// The value zero.
    const ZERO: Self;
    /// Number of the type in the shim.
    #[doc(hidden)]
    const KIND: i32;
    #[doc(hidden)]
    const ORDERED: bool;
}

macro_rules! unit {
    ($type:ty, $zero:expr, $kind:literal, $ordered:literal) => {
        impl sealed::Sealed for $type {}
        impl Unit for $type {
            const ZERO: Self = $zero;
            const KIND: i32 = $kind;
            const ORDERED: bool = $ordered;
        }
    };
}

unit!(Int, 0, 0, true);
unit!(Real, 0.0, 1, true);
#[cfg(petsc_scalar = "complex")]
unit!(crate::Scalar, crate::Scalar::new(0.0, 0.0), 2, false);

/// Returns the number of an operation in the shim.
pub(super) fn how<T: Unit>(combine: Combine) -> Result<i32> {
    Ok(match combine {
        Combine::Insert => 0,
        Combine::Add => 1,
        Combine::Max if T::ORDERED => 2,
        Combine::Min if T::ORDERED => 3,
        Combine::Max | Combine::Min => {
            return Err(Error::new(ErrorCode::SUP, "complex numbers have no maximum or minimum"));
        }
    })
}
