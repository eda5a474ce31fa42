//! Arithmetic.

use super::VectorRef;
use crate::error::Result;
use crate::{Scalar, ScalarExt as _, call, sys};

impl VectorRef {
    /// Computes `self ← alpha` in every entry. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    #[doc(alias = "VecSet")]
    #[inline]
    pub fn set(&mut self, alpha: Scalar) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live vector that nobody borrows (above); the scalar lives for the call.
        unsafe { call!(PetscRsVecSet(self.as_ptr(), &raw const alpha)) }
    }

    /// Computes `self ← 0`. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    #[doc(alias = "VecZeroEntries")]
    #[inline]
    pub fn set_zero(&mut self) -> Result<()> {
        self.set(Scalar::from_real(0.0))
    }

    /// Computes `self ← self + alpha·x`. Logically collective; `alpha` must be equal on all ranks.
    ///
    /// # Errors
    /// `ARG_SIZ`/`ARG_INCOMP` if sizes differ, `ARG_NOTSAMETYPE` if the types do, `ARG_IDN` if both
    /// are one vector.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt, Vector};
    /// # let r = Scalar::from_real;
    /// let mut y = Vector::from_slice(comm, &[r(1.0), r(2.0)])?;
    /// let x = Vector::from_slice(comm, &[r(10.0), r(10.0)])?;
    /// y.axpy(r(0.5), &x)?;
    /// assert_eq!(&*y.array()?, &[r(6.0), r(7.0)]);
    /// # Ok(()) })
    /// ```
    #[doc(alias = "VecAXPY")]
    #[inline]
    pub fn axpy(&mut self, alpha: Scalar, x: &Self) -> Result<()> {
        self.check_same_kind(x)?;
        self.check_writable()?;
        x.check_readable()?;
        // SAFETY: live vectors of one kind (above); VecAXPY checks sizes in every build.
        unsafe { call!(PetscRsVecAXPY(self.as_ptr(), &raw const alpha, x.as_ptr())) }
    }

    /// Copies the entries of `x` to `self`. Logically collective.
    ///
    /// # Errors
    /// `ARG_SIZ`/`ARG_INCOMP` if sizes differ.
    #[doc(alias = "VecCopy")]
    #[inline]
    pub fn copy_from(&mut self, x: &Self) -> Result<()> {
        self.check_same_kind(x)?;
        self.check_writable()?;
        x.check_readable()?;
        // SAFETY: live vectors of one kind (above); VecCopy checks sizes in every build.
        unsafe { call!(VecCopy(x.as_ptr(), self.as_ptr())) }
    }
}
