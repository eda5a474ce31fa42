//! Reductions: norms, dot products, sums and extrema.

use petsc_macros::wraps;

use super::VectorRef;
use crate::comm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::{Int, Real, Scalar, ScalarExt as _, call, ffi, get, sys};

/// Type of a norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Norm {
    /// Sum of absolute values. For a matrix, the largest sum of absolute values of a column.
    One,
    /// Euclidean norm of a vector.
    Two,
    /// Frobenius norm of a matrix; for a vector, the same as [`Two`](Self::Two).
    Frobenius,
    /// Largest absolute value. For a matrix, the largest sum of absolute values of a row.
    Infinity,
}

impl Norm {
    /// Returns the value in C.
    #[must_use]
    pub fn to_raw(self) -> sys::NormType {
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
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut x = Vector::new(comm, 16)?;
    /// x.set((-0.5).into())?;
    /// assert_eq!(x.norm(Norm::One)?, 8.0);
    /// assert!((x.norm(Norm::Two)? - 2.0).abs() < 1e-12);
    /// assert_eq!(x.norm(Norm::Infinity)?, 0.5);
    /// # Ok(()) })
    /// ```
    #[wraps(VecNorm)]
    #[inline]
    pub fn norm(&self, norm: Norm) -> Result<Real> {
        self.check_readable()?;
        // SAFETY: a live vector; every `Norm` writes exactly one real.
        unsafe { get!(VecNorm(self.as_ptr(), norm.to_raw(), _)) }
    }

    /// Computes `Σ selfᵢ · conj(otherᵢ)`. Collective.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let x = Vector::from_fn(comm, 4, |i| Ok(Scalar::from_real(i as Real)))?;
    /// let mut y = x.duplicate()?;
    /// y.set(2.0.into())?;
    /// assert_eq!(x.dot(&y)?.real(), 12.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecDot, errors = axpy)]
    #[inline]
    pub fn dot(&self, other: &Self) -> Result<Scalar> {
        self.check_same_kind(other)?;
        self.check_readable()?;
        other.check_readable()?;
        // SAFETY: live vectors of one kind (above); VecDot checks sizes in every build.
        unsafe { get!(VecDot(self.as_ptr(), other.as_ptr(), _)) }
    }

    /// Computes `Σ selfᵢ · otherᵢ`, without conjugation. Collective.
    #[wraps(VecTDot, errors = dot)]
    pub fn tdot(&self, other: &Self) -> Result<Scalar> {
        self.check_same_kind(other)?;
        self.check_readable()?;
        other.check_readable()?;
        // SAFETY: live vectors of one kind (above); VecTDot checks sizes in every build.
        unsafe { get!(VecTDot(self.as_ptr(), other.as_ptr(), _)) }
    }

    /// Computes the real part of [`dot`](Self::dot). Collective.
    #[wraps(VecDotRealPart, errors = dot)]
    pub fn dot_real_part(&self, other: &Self) -> Result<Real> {
        self.check_operand(other)?;
        // SAFETY: live vectors of one kind and length (above).
        unsafe { get!(VecDotRealPart(self.as_ptr(), other.as_ptr(), _)) }
    }

    /// Computes the largest `s` with `selfᵢ + s·directionᵢ ≥ 0` for all `i`. Returns
    /// `PETSC_INFINITY` if this holds for all `s ≥ 0`. Collective.
    ///
    /// # Errors
    /// See [`dot`](Self::dot); `ARG_OUTOFRANGE` on all ranks if an entry of `self` is negative or
    /// NaN.
    #[wraps(VecStepMax)]
    pub fn step_max(&self, direction: &Self) -> Result<Real> {
        self.check_operand(direction)?;
        let bad = |x: &Scalar| x.real().is_nan() || x.real() < 0.0;
        let bad = self.array()?.iter().any(bad);
        if comm::any_rank(self.object_ptr(), bad)? {
            let text = "a step to the boundary needs nonnegative entries";
            return Err(Error::collective(ErrorCode::ARG_OUTOFRANGE, text));
        }
        // SAFETY: live vectors of one kind and length (above).
        unsafe { get!(VecStepMax(self.as_ptr(), direction.as_ptr(), _)) }
    }

    /// Computes the smallest `s` for which every entry of `self + s·direction` with a nonzero
    /// direction has reached its bound: `highᵢ` for a positive direction, `lowᵢ` for a negative
    /// one. Collective.
    #[wraps(VecStepMaxBounded, errors = dot)]
    pub fn step_max_bounded(&self, direction: &Self, low: &Self, high: &Self) -> Result<Real> {
        for operand in [direction, low, high] {
            self.check_operand(operand)?;
        }
        let (x, direction, low) = (self.as_ptr(), direction.as_ptr(), low.as_ptr());
        // SAFETY: live vectors of one kind and length (above).
        unsafe { get!(VecStepMaxBounded(x, direction, low, high.as_ptr(), _)) }
    }

    /// Computes the dot product with each of `others`, in one reduction. Collective.
    #[wraps(VecMDot, errors = dot)]
    pub fn dot_many(&self, others: &[&Self]) -> Result<Vec<Scalar>> {
        self.reduce_many(others, |x, n, list, values| {
            // SAFETY: `n` live vectors of one kind and length, room for `n` values (`reduce_many`).
            unsafe { call!(VecMDot(x, n, list, values)) }
        })
    }

    /// Computes the dot product with each of `others` without conjugation, in one reduction.
    /// Collective.
    #[wraps(VecMTDot, errors = dot)]
    pub fn tdot_many(&self, others: &[&Self]) -> Result<Vec<Scalar>> {
        self.reduce_many(others, |x, n, list, values| {
            // SAFETY: `n` live vectors of one kind and length, room for `n` values (`reduce_many`).
            unsafe { call!(VecMTDot(x, n, list, values)) }
        })
    }

    fn reduce_many(
        &self,
        others: &[&Self],
        reduce: impl FnOnce(sys::Vec, Int, *const sys::Vec, *mut Scalar) -> Result<()>,
    ) -> Result<Vec<Scalar>> {
        let list = self.check_operands(others)?;
        let mut values = vec![Scalar::from_real(0.0); others.len()];
        let n = ffi::petsc_int(others.len())?;
        reduce(self.as_ptr(), n, list.as_ptr(), values.as_mut_ptr())?;
        Ok(values)
    }

    /// Returns the raw handles of vectors that are read together with `self`. Not all releases of
    /// PETSc check each of them.
    pub(super) fn check_operands(&self, others: &[&Self]) -> Result<Vec<sys::Vec>> {
        self.check_readable()?;
        for other in others {
            self.check_operand(other)?;
        }
        Ok(others.iter().map(|v| v.as_ptr()).collect())
    }

    /// Computes `Σ selfᵢ · conj(otherᵢ)` and the squared 2-norm of `other`, in one reduction.
    /// Collective.
    #[wraps(VecDotNorm2, errors = dot)]
    pub fn dot_norm2(&self, other: &Self) -> Result<(Scalar, Real)> {
        self.check_operand(other)?;
        // SAFETY: live vectors of one kind and length (above).
        unsafe { get!(VecDotNorm2(self.as_ptr(), other.as_ptr(), _, _)) }
    }

    /// Computes the 1-norm and the 2-norm in one reduction. Collective.
    #[wraps(NORM_1_AND_2, errors = norm)]
    pub fn norm_1_and_2(&self) -> Result<(Real, Real)> {
        self.check_readable()?;
        let (mut values, both) = ([0.0; 2], sys::NORM_1_AND_2);
        // SAFETY: a live vector; this kind of norm writes two reals.
        unsafe { call!(VecNorm(self.as_ptr(), both, values.as_mut_ptr())) }?;
        Ok(values.into())
    }

    /// Computes `Σ selfᵢ`. Collective.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let x = Vector::from_fn(comm, 5, |i| Ok(Scalar::from_real(i as Real)))?;
    /// assert_eq!(x.sum()?.real(), 10.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecSum, errors = norm)]
    pub fn sum(&self) -> Result<Scalar> {
        self.check_readable()?;
        // SAFETY: a live vector.
        unsafe { get!(VecSum(self.as_ptr(), _)) }
    }

    /// Computes the arithmetic mean of the entries, or NaN if there are none. Collective.
    #[wraps(VecMean, errors = norm)]
    pub fn mean(&self) -> Result<Scalar> {
        self.check_readable()?;
        // SAFETY: a live vector.
        unsafe { get!(VecMean(self.as_ptr(), _)) }
    }

    /// Returns the largest real part and the smallest index of an entry with this real part.
    /// Returns `None` if the vector is empty. Collective.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let x = Vector::from_fn(comm, 5, |i| Ok(Scalar::from_real(4.0 - (i as Real - 3.0).abs())))?;
    /// assert_eq!(x.max()?, Some((3, 4.0)));
    /// assert_eq!(x.min()?, Some((0, 1.0)));
    /// # Ok(()) })
    /// ```
    #[wraps(VecMax, errors = norm)]
    pub fn max(&self) -> Result<Option<(Int, Real)>> {
        self.check_readable()?;
        if self.is_empty()? {
            return Ok(None);
        }
        // SAFETY: a live vector.
        unsafe { get!(VecMax(self.as_ptr(), _, _)) }.map(Some)
    }

    /// Returns the smallest real part and the smallest index of an entry with this real part.
    /// Returns `None` if the vector is empty. Collective.
    ///
    /// # Examples
    /// See [`max`](Self::max).
    #[wraps(VecMin, errors = norm)]
    pub fn min(&self) -> Result<Option<(Int, Real)>> {
        self.check_readable()?;
        if self.is_empty()? {
            return Ok(None);
        }
        // SAFETY: a live vector.
        unsafe { get!(VecMin(self.as_ptr(), _, _)) }.map(Some)
    }

    /// Computes `max |selfᵢ / otherᵢ|`. Zero denominators are replaced with 1. Collective.
    #[wraps(VecMaxPointwiseDivide, errors = dot)]
    pub fn max_pointwise_divide(&self, other: &Self) -> Result<Real> {
        self.check_operand(other)?;
        // SAFETY: live vectors of one kind and length (above).
        unsafe { get!(VecMaxPointwiseDivide(self.as_ptr(), other.as_ptr(), _)) }
    }

    /// Computes `‖self - other‖`. Allocates a vector for the difference. Collective.
    ///
    /// # Errors
    /// See [`dot`](Self::dot).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Norm, Scalar, ScalarExt, Vector};
    /// let x = Vector::from_slice(comm, &[1.0, 5.0].map(Scalar::from_real))?;
    /// let y = Vector::from_slice(comm, &[1.0, 2.0].map(Scalar::from_real))?;
    /// assert_eq!(x.error_norm(&y, Norm::Infinity)?, 3.0);
    /// # Ok(()) })
    /// ```
    pub fn error_norm(&self, other: &Self, norm: Norm) -> Result<Real> {
        let mut difference = self.duplicate()?;
        difference.set_waxpy(Scalar::from_real(-1.0), other, self)?;
        difference.norm(norm)
    }

    /// Returns whether both vectors have the same layout and bitwise equal entries. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the vectors are on different communicators; `ARG_WRONGSTATE` if an
    /// array is borrowed mutably.
    #[wraps(VecEqual)]
    pub fn equal(&self, other: &Self) -> Result<bool> {
        comm::check_same_ranks(self.object_ptr(), other.object_ptr())?;
        self.check_readable()?;
        other.check_readable()?;
        // SAFETY: live vectors; VecEqual compares sizes first.
        unsafe { get!(VecEqual(self.as_ptr(), other.as_ptr(), _)) }
    }

    /// Returns whether any entry on any rank is NaN. Collective.
    ///
    /// # Errors
    /// See [`array`](Self::array).
    pub fn has_nan(&self) -> Result<bool> {
        let nan = self.array()?.iter().any(|&z| is_nan(z));
        comm::any_rank(self.object_ptr(), nan)
    }
}

fn is_nan(z: Scalar) -> bool {
    z.real().is_nan() || z.imaginary().is_nan()
}
