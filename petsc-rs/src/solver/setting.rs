//! Optional settings of a call.

use crate::error::{Error, ErrorCode, Result};
use crate::{Int, Real, ffi};

/// The new value of an optional setting.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Setting<T> {
    /// Keeps the current value.
    #[default]
    Keep,
    /// Sets this value.
    Value(T),
}

impl<T> From<T> for Setting<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl Setting<Real> {
    /// Converts a tolerance for C, where some negative numbers have a special meaning.
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
    /// Converts a limit for C.
    pub(crate) fn limit(self) -> Result<Int> {
        match self {
            Self::Keep => Ok(ffi::DEFAULT),
            Self::Value(n) => ffi::petsc_int(n),
        }
    }
}
