//! Arithmetic on whole vectors.

use petsc_macros::wraps;

use super::VectorRef;
use crate::error::Result;
use crate::random::RandomRef;
use crate::{Real, Scalar, ScalarExt as _, call, ffi, get, sys};

impl VectorRef {
    /// Checks that C may write `self` and read `x`, and that it finds data of one type in both.
    #[inline]
    fn check_update(&self, x: &Self) -> Result<()> {
        self.check_same_kind(x)?;
        self.check_writable()?;
        x.check_readable()
    }

    /// Computes `self ← alpha` in every entry. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut x = Vector::new(comm, 10)?;
    /// x.set(1.5.into())?;
    /// assert_eq!(x.sum()?.real(), 15.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecSet)]
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
    #[wraps(VecZeroEntries)]
    #[inline]
    pub fn set_zero(&mut self) -> Result<()> {
        self.set(Scalar::from_real(0.0))
    }

    /// Computes `self ← self + alpha·x`. Logically collective; `alpha` must be equal on all ranks.
    ///
    /// # Errors
    /// `ARG_SIZ`/`ARG_INCOMP` if the sizes differ; `ARG_NOTSAMETYPE` if the types differ; `ARG_IDN`
    /// if `self` and `x` are the same vector.
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
    #[wraps(VecAXPY)]
    #[inline]
    pub fn axpy(&mut self, alpha: Scalar, x: &Self) -> Result<()> {
        self.check_update(x)?;
        // SAFETY: live vectors of one kind (above); VecAXPY checks sizes in every build.
        unsafe { call!(PetscRsVecAXPY(self.as_ptr(), &raw const alpha, x.as_ptr())) }
    }

    /// Copies the entries of `x` to `self`. Logically collective.
    ///
    /// # Errors
    /// `ARG_SIZ`/`ARG_INCOMP` if the sizes differ.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let x = Vector::from_fn(comm, 4, |i| Ok(Scalar::from_real(i as Real)))?;
    /// let mut y = x.duplicate()?;
    /// y.copy_from(&x)?;
    /// assert_eq!(y.sum()?.real(), 6.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecCopy)]
    #[inline]
    pub fn copy_from(&mut self, x: &Self) -> Result<()> {
        self.check_update(x)?;
        // SAFETY: live vectors of one kind (above); VecCopy checks sizes in every build.
        unsafe { call!(VecCopy(x.as_ptr(), self.as_ptr())) }
    }

    /// Computes `self ← alpha·self`. Logically collective; `alpha` must be equal on all ranks.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut x = Vector::from_slice(comm, &[1.0.into(), 2.0.into()])?;
    /// x.scale(3.0.into())?;
    /// assert_eq!(x.array()?[1].real(), 6.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecScale)]
    #[inline]
    pub fn scale(&mut self, alpha: Scalar) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live vector that nobody borrows (above); the scalar lives for the call.
        unsafe { call!(PetscRsVecScale(self.as_ptr(), &raw const alpha)) }
    }

    /// Computes `selfᵢ ← selfᵢ + alpha`. Logically collective; `alpha` must be equal on all ranks.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut x = Vector::from_slice(comm, &[1.0.into(), 2.0.into()])?;
    /// x.shift(10.0.into())?;
    /// assert_eq!(x.array()?[1].real(), 12.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecShift)]
    pub fn shift(&mut self, alpha: Scalar) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live vector that nobody borrows (above); the scalar lives for the call.
        unsafe { call!(PetscRsVecShift(self.as_ptr(), &raw const alpha)) }
    }

    /// Computes `self ← x + beta·self`. Logically collective; `beta` must be equal on all ranks.
    #[wraps(VecAYPX, errors = axpy)]
    #[inline]
    pub fn aypx(&mut self, beta: Scalar, x: &Self) -> Result<()> {
        self.check_update(x)?;
        // SAFETY: live vectors of one kind (above); VecAYPX checks sizes in every build.
        unsafe { call!(PetscRsVecAYPX(self.as_ptr(), &raw const beta, x.as_ptr())) }
    }

    /// Computes `self ← alpha·x + beta·self`. Logically collective; `alpha` and `beta` must be
    /// equal on all ranks.
    #[wraps(VecAXPBY, errors = axpy)]
    pub fn axpby(&mut self, alpha: Scalar, beta: Scalar, x: &Self) -> Result<()> {
        self.check_update(x)?;
        // SAFETY: live vectors of one kind (above); VecAXPBY checks sizes in every build.
        unsafe {
            call!(PetscRsVecAXPBY(self.as_ptr(), &raw const alpha, &raw const beta, x.as_ptr()))
        }
    }

    /// Computes `self ← alpha·x + y`. Logically collective; `alpha` must be equal on all ranks.
    ///
    /// # Errors
    /// See [`axpy`](Self::axpy); `SUP` if `self` is `x` or `y`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt, Vector};
    /// # let r = Scalar::from_real;
    /// let x = Vector::from_slice(comm, &[r(1.0), r(2.0)])?;
    /// let mut w = x.duplicate()?;
    /// w.set_waxpy(r(2.0), &x, &x)?;
    /// assert_eq!(&*w.array()?, &[r(3.0), r(6.0)]);
    /// # Ok(()) })
    /// ```
    #[wraps(VecWAXPY)]
    pub fn set_waxpy(&mut self, alpha: Scalar, x: &Self, y: &Self) -> Result<()> {
        self.check_update(x)?;
        self.check_update(y)?;
        // SAFETY: live vectors of one kind (above); VecWAXPY checks sizes in every build.
        unsafe { call!(PetscRsVecWAXPY(self.as_ptr(), &raw const alpha, x.as_ptr(), y.as_ptr())) }
    }

    /// Computes `self ← alpha·x + beta·y + gamma·self`. Logically collective; the scalars must be
    /// equal on all ranks.
    ///
    /// # Errors
    /// See [`axpy`](Self::axpy); `ARG_IDN` if two of the vectors are the same.
    #[wraps(VecAXPBYPCZ)]
    pub fn set_axpbypcz(
        &mut self,
        alpha: Scalar,
        beta: Scalar,
        gamma: Scalar,
        x: &Self,
        y: &Self,
    ) -> Result<()> {
        self.check_update(x)?;
        self.check_update(y)?;
        // SAFETY: live vectors of one kind (above); VecAXPBYPCZ checks sizes in every build.
        unsafe {
            call!(PetscRsVecAXPBYPCZ(
                self.as_ptr(),
                &raw const alpha,
                &raw const beta,
                &raw const gamma,
                x.as_ptr(),
                y.as_ptr()
            ))
        }
    }

    /// Computes `self ← self + Σ alphasⱼ·xsⱼ`. Logically collective; `alphas` must be equal on all
    /// ranks.
    ///
    /// # Errors
    /// See [`axpy`](Self::axpy); `ARG_SIZ` if the slices differ in length; `ARG_IDN` if `self` is
    /// among `xs`.
    #[wraps(VecMAXPY)]
    pub fn maxpy(&mut self, alphas: &[Scalar], xs: &[&Self]) -> Result<()> {
        ffi::same_len("number of vectors", alphas.len(), xs.len())?;
        for x in xs {
            self.check_distinct(x)?;
        }
        let mut list = self.check_operands(xs)?;
        self.check_writable()?;
        let n = ffi::petsc_int(xs.len())?;
        // SAFETY: `n` numbers and `n` live vectors of one kind and length (above).
        unsafe { call!(VecMAXPY(self.as_ptr(), n, alphas.as_ptr(), list.as_mut_ptr())) }
    }

    /// Exchanges the entries of two vectors. Logically collective.
    #[wraps(VecSwap, errors = axpy)]
    pub fn swap(&mut self, x: &mut Self) -> Result<()> {
        self.check_same_kind(x)?;
        self.check_same_layout(x)?;
        self.check_writable()?;
        x.check_writable()?;
        // SAFETY: live vectors of one kind and length (above) that nobody borrows.
        unsafe { call!(VecSwap(self.as_ptr(), x.as_ptr())) }
    }

    /// Fills the vector with random numbers from `random`. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    #[wraps(VecSetRandom)]
    pub fn set_random(&mut self, random: &mut RandomRef) -> Result<()> {
        self.check_writable()?;
        // SAFETY: live objects; the generator has a type since it was created.
        unsafe { call!(VecSetRandom(self.as_ptr(), random.as_ptr())) }
    }

    /// Divides the vector by its 2-norm and returns the norm. A zero vector is unchanged.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed.
    #[wraps(VecNormalize)]
    pub fn normalize(&mut self) -> Result<Real> {
        self.check_writable()?;
        // SAFETY: a live vector that nobody borrows (above).
        unsafe { get!(VecNormalize(self.as_ptr(), _)) }
    }
}
