//! Reductions: collective calls that give one number.

use super::VectorRef;
use crate::error::Result;
use crate::{Real, Scalar, ScalarExt as _, call, sys};

/// Which norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Norm {
    /// Sum of absolute values (columns of a matrix).
    One,
    /// Euclidean norm of a vector.
    Two,
    /// Frobenius norm of a matrix; of a vector, the same as [`Two`](Self::Two).
    Frobenius,
    /// Largest absolute value (rows of a matrix).
    Infinity,
}

impl Norm {
    pub(crate) fn to_raw(self) -> sys::NormType {
        match self {
            Self::One => sys::NORM_1,
            Self::Two => sys::NORM_2,
            Self::Frobenius => sys::NORM_FROBENIUS,
            Self::Infinity => sys::NORM_INFINITY,
        }
    }
}

impl VectorRef {
    /// Computes a norm. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed mutably.
    #[doc(alias = "VecNorm")]
    #[inline]
    pub fn norm(&self, norm: Norm) -> Result<Real> {
        self.check_readable()?;
        let mut value = 0.0;
        // SAFETY: a live vector; every `Norm` writes exactly one real.
        unsafe { call!(VecNorm(self.as_ptr(), norm.to_raw(), &raw mut value)) }?;
        Ok(value)
    }

    /// Computes `Σ selfᵢ · conj(otherᵢ)`. Collective.
    ///
    /// # Errors
    /// As [`axpy`](Self::axpy).
    #[doc(alias = "VecDot")]
    #[inline]
    pub fn dot(&self, other: &Self) -> Result<Scalar> {
        self.check_same_kind(other)?;
        self.check_readable()?;
        other.check_readable()?;
        let mut value = Scalar::from_real(0.0);
        // SAFETY: live vectors of one kind (above); VecDot checks sizes in every build.
        unsafe { call!(VecDot(self.as_ptr(), other.as_ptr(), &raw mut value)) }?;
        Ok(value)
    }
}
