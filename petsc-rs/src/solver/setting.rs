//! Numbers that a call may leave as they are.

use crate::error::{Error, ErrorCode, Result};
use crate::{Int, Real, ffi};

/// One of several optional numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Setting<T> {
    /// Leave what is set.
    #[default]
    Keep,
    /// Set this.
    Value(T),
}

impl<T> From<T> for Setting<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl Setting<Real> {
    /// As C takes a tolerance. Some negative numbers have a meaning of their own there.
    pub(crate) fn tolerance(self) -> Result<Real> {
        match self {
            Self::Keep => Ok(ffi::DEFAULT_REAL),
            Self::Value(v) if v < 0.0 || v.is_nan() => Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!("a tolerance must not be negative, got {v}"),
            )),
            Self::Value(v) => Ok(v),
        }
    }
}

impl Setting<usize> {
    /// As C takes a limit.
    pub(crate) fn limit(self) -> Result<Int> {
        match self {
            Self::Keep => Ok(ffi::DEFAULT),
            Self::Value(n) => ffi::petsc_int(n),
        }
    }
}
