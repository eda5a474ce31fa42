//! Pointwise arithmetic.

use petsc_macros::wraps;

use super::VectorRef;
use crate::error::Result;
use crate::index_set::IndexSetRef;
use crate::{Real, Scalar, call, ffi, sys};

impl VectorRef {
    /// Computes `selfᵢ ← |selfᵢ|`. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut x = Vector::from_slice(comm, &[1.0.into(), (-2.0).into()])?;
    /// x.abs()?;
    /// assert_eq!(x.array()?[1].real(), 2.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecAbs)]
    pub fn abs(&mut self) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live vector that nobody borrows (above).
        unsafe { call!(VecAbs(self.as_ptr())) }
    }

    /// Computes `selfᵢ ← √|selfᵢ|`. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    #[wraps(VecSqrtAbs)]
    pub fn sqrt_abs(&mut self) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live vector that nobody borrows (above).
        unsafe { call!(VecSqrtAbs(self.as_ptr())) }
    }

    /// Computes `selfᵢ ← 1 / selfᵢ` where `selfᵢ ≠ 0`. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    #[wraps(VecReciprocal)]
    pub fn reciprocal(&mut self) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live vector that nobody borrows (above).
        unsafe { call!(VecReciprocal(self.as_ptr())) }
    }

    /// Computes `selfᵢ ← exp(selfᵢ)`. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut x = Vector::new(comm, 3)?;
    /// x.exp()?;
    /// assert_eq!(x.sum()?.real(), 3.0); // exp(0) = 1
    /// # Ok(()) })
    /// ```
    #[wraps(VecExp)]
    pub fn exp(&mut self) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live vector that nobody borrows (above).
        unsafe { call!(VecExp(self.as_ptr())) }
    }

    /// Computes `selfᵢ ← ln(selfᵢ)`. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    #[wraps(VecLog)]
    pub fn log(&mut self) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live vector that nobody borrows (above).
        unsafe { call!(VecLog(self.as_ptr())) }
    }

    /// Computes `selfᵢ ← conj(selfᵢ)`. Does nothing with real scalars. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    #[wraps(VecConjugate)]
    pub fn conjugate(&mut self) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live vector that nobody borrows (above).
        unsafe { call!(VecConjugate(self.as_ptr())) }
    }

    /// Replaces each entry with its real part. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    #[wraps(VecRealPart)]
    pub fn real_part(&mut self) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live vector that nobody borrows (above).
        unsafe { call!(VecRealPart(self.as_ptr())) }
    }

    /// Replaces each entry with its imaginary part. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    #[wraps(VecImaginaryPart)]
    pub fn imaginary_part(&mut self) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live vector that nobody borrows (above).
        unsafe { call!(VecImaginaryPart(self.as_ptr())) }
    }

    /// Sets each entry to the median of the real parts of `xᵢ`, `yᵢ` and `zᵢ`. Logically collective.
    #[wraps(VecMedian, errors = axpy)]
    pub fn set_median(&mut self, x: &Self, y: &Self, z: &Self) -> Result<()> {
        self.check_pointwise(x, y)?;
        self.check_operand(z)?;
        // SAFETY: live vectors of one kind and length (above); nobody borrows `self`.
        unsafe { call!(VecMedian(x.as_ptr(), y.as_ptr(), z.as_ptr(), self.as_ptr())) }
    }

    /// Computes `selfᵢ ← selfᵢ^p`. Logically collective; `p` must be equal on all ranks.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    #[wraps(VecPow)]
    pub fn pow(&mut self, p: Scalar) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live vector that nobody borrows (above); the scalar lives for the call.
        unsafe { call!(PetscRsVecPow(self.as_ptr(), &raw const p)) }
    }

    /// Sets entries with `|selfᵢ| < tolerance` to 0. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut x = Vector::from_slice(comm, &[1.0.into(), 1e-20.into()])?;
    /// x.filter(1e-12)?;
    /// assert_eq!(x.array()?[1].real(), 0.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecFilter, VecChop)]
    pub fn filter(&mut self, tolerance: Real) -> Result<()> {
        self.check_writable()?;
        #[cfg(petsc_ge_3_20)]
        // SAFETY: a live vector that nobody borrows (above).
        return unsafe { call!(VecFilter(self.as_ptr(), tolerance)) };
        #[cfg(not(petsc_ge_3_20))]
        // SAFETY: a live vector that nobody borrows (above).
        return unsafe { call!(VecChop(self.as_ptr(), tolerance)) };
    }

    /// Computes `selfᵢ ← xᵢ · yᵢ`. Logically collective; `x` and `y` may be the same vector.
    #[wraps(VecPointwiseMult, errors = axpy)]
    pub fn pointwise_mult(&mut self, x: &Self, y: &Self) -> Result<()> {
        self.check_pointwise(x, y)?;
        // SAFETY: live vectors of one kind and length (above) that nobody borrows.
        unsafe { call!(VecPointwiseMult(self.as_ptr(), x.as_ptr(), y.as_ptr())) }
    }

    /// Computes `selfᵢ ← xᵢ / yᵢ`. Logically collective; `x` and `y` may be the same vector.
    #[wraps(VecPointwiseDivide, errors = axpy)]
    pub fn pointwise_divide(&mut self, x: &Self, y: &Self) -> Result<()> {
        self.check_pointwise(x, y)?;
        // SAFETY: live vectors of one kind and length (above) that nobody borrows.
        unsafe { call!(VecPointwiseDivide(self.as_ptr(), x.as_ptr(), y.as_ptr())) }
    }

    /// Computes `selfᵢ ← max(xᵢ, yᵢ)`, comparing real parts. Logically collective; `x` and `y` may
    /// be the same vector.
    ///
    /// # Errors
    /// See [`axpy`](Self::axpy); `SUP` for nested vectors.
    #[wraps(VecPointwiseMax)]
    pub fn pointwise_max(&mut self, x: &Self, y: &Self) -> Result<()> {
        self.refuse_nest("VecPointwiseMax")?;
        self.check_pointwise(x, y)?;
        // SAFETY: live vectors of one kind and length that nobody borrows; not nested (above).
        unsafe { call!(VecPointwiseMax(self.as_ptr(), x.as_ptr(), y.as_ptr())) }
    }

    /// Computes `selfᵢ ← min(xᵢ, yᵢ)`, comparing real parts. Logically collective; `x` and `y` may
    /// be the same vector.
    ///
    /// # Errors
    /// See [`axpy`](Self::axpy); `SUP` for nested vectors.
    #[wraps(VecPointwiseMin)]
    pub fn pointwise_min(&mut self, x: &Self, y: &Self) -> Result<()> {
        self.refuse_nest("VecPointwiseMin")?;
        self.check_pointwise(x, y)?;
        // SAFETY: live vectors of one kind and length that nobody borrows; not nested (above).
        unsafe { call!(VecPointwiseMin(self.as_ptr(), x.as_ptr(), y.as_ptr())) }
    }

    /// Computes `selfᵢ ← max(|xᵢ|, |yᵢ|)`. Logically collective; `x` and `y` may be the same
    /// vector.
    ///
    /// # Errors
    /// See [`axpy`](Self::axpy); `SUP` for nested vectors.
    #[wraps(VecPointwiseMaxAbs)]
    pub fn pointwise_max_abs(&mut self, x: &Self, y: &Self) -> Result<()> {
        self.refuse_nest("VecPointwiseMaxAbs")?;
        self.check_pointwise(x, y)?;
        // SAFETY: live vectors of one kind and length that nobody borrows; not nested (above).
        unsafe { call!(VecPointwiseMaxAbs(self.as_ptr(), x.as_ptr(), y.as_ptr())) }
    }

    fn check_pointwise(&self, x: &Self, y: &Self) -> Result<()> {
        for operand in [x, y] {
            self.check_operand(operand)?;
        }
        self.check_writable()
    }

    /// Permutes the entries of this rank: `selfᵢ ← self[pᵢ]`, or `self[pᵢ] ← selfᵢ` if `inverse` is
    /// true. Not collective; `permutation` holds global indices that this rank owns.
    ///
    /// # Errors
    /// `ARG_SIZ` unless there is one index for each entry, `ARG_OUTOFRANGE` for an index that this
    /// rank does not own, `ARG_WRONGSTATE` if the array is borrowed.
    #[wraps(VecPermute)]
    pub fn permute(&mut self, permutation: &IndexSetRef, inverse: bool) -> Result<()> {
        crate::not_collective!();
        let indices = permutation.indices()?;
        ffi::same_len("length of the permutation on this rank", self.local_len()?, indices.len())?;
        let own = self.ownership_range()?;
        ffi::check_indices(&indices, &own)?;
        // PETSc gives the vector another array (`VecReplaceArray`), which neither the local form of
        // a ghosted vector nor the owner of its memory would use.
        let before = self.array()?.to_vec();
        let mut values = self.array_mut()?;
        for (i, index) in indices.iter().enumerate() {
            let place = ffi::index_to_usize(index - own.start);
            let (to, from) = if inverse { (place, i) } else { (i, place) };
            values[to] = before[from];
        }
        Ok(())
    }
}
