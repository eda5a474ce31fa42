//! Split-phase reductions: begin several reductions, compute, then complete all of them with one
//! message.

use petsc_macros::wraps;

use super::{Norm, VectorRef};
use crate::error::Result;
use crate::{Real, Scalar, call, get, sys};

impl VectorRef {
    /// Starts [`norm`](Self::norm). Collective.
    ///
    /// A single message completes all reductions that were begun on a communicator. It is sent when
    /// the program finishes the first of these reductions. Finish the reductions in the order in
    /// which they were begun, and begin no other reduction before all are finished.
    ///
    /// # Errors
    /// `ORDER` while earlier reductions are being finished.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Norm, Scalar, ScalarExt, Vector};
    /// let x = Vector::from_slice(comm, &[3.0, 4.0].map(Scalar::from_real))?;
    /// let (norm, dot) = (x.norm_begin(Norm::Two)?, x.dot_begin(&x)?);
    /// assert_eq!((norm.finish()?, dot.finish()?.real()), (5.0, 25.0));
    /// # Ok(()) })
    /// ```
    #[wraps(VecNormBegin)]
    pub fn norm_begin(&self, norm: Norm) -> Result<NormToken<'_>> {
        self.check_readable()?;
        // SAFETY: a live vector; every `Norm` has one value, and the pointer is used at most now.
        let _: Real = unsafe { get!(VecNormBegin(self.as_ptr(), norm.to_raw(), _)) }?;
        Ok(NormToken { vector: self, norm })
    }

    /// Starts [`dot`](Self::dot). Collective; see [`norm_begin`](Self::norm_begin).
    ///
    /// # Errors
    /// See [`norm_begin`](Self::norm_begin); `ARG_NOTSAMETYPE` or `ARG_SIZ` if types or sizes of
    /// the vectors differ.
    #[wraps(VecDotBegin)]
    pub fn dot_begin<'a>(&'a self, other: &'a Self) -> Result<DotToken<'a>> {
        self.check_operand(other)?;
        // SAFETY: live vectors of one kind and length (above); the pointer is used at most now.
        let _: Scalar = unsafe { get!(VecDotBegin(self.as_ptr(), other.as_ptr(), _)) }?;
        Ok(DotToken { x: self, y: other, conjugate: true })
    }

    /// Starts [`tdot`](Self::tdot). Collective; see [`norm_begin`](Self::norm_begin).
    #[wraps(VecTDotBegin, errors = dot_begin)]
    pub fn tdot_begin<'a>(&'a self, other: &'a Self) -> Result<DotToken<'a>> {
        self.check_operand(other)?;
        // SAFETY: live vectors of one kind and length (above); the pointer is used at most now.
        let _: Scalar = unsafe { get!(VecTDotBegin(self.as_ptr(), other.as_ptr(), _)) }?;
        Ok(DotToken { x: self, y: other, conjugate: false })
    }

    /// Checks for operations that read two vectors and do not compare their lengths.
    pub(super) fn check_operand(&self, other: &Self) -> Result<()> {
        self.check_same_kind(other)?;
        self.check_same_layout(other)?;
        self.check_readable()?;
        other.check_readable()
    }

    /// Starts the communication for all reductions that were begun on this vector's communicator,
    /// so that communication and computation overlap. Collective.
    #[wraps(PetscCommSplitReductionBegin)]
    pub fn send_reductions(&self) -> Result<()> {
        let comm = crate::comm::of_object(self.as_ptr().cast());
        // SAFETY: a live communicator of PETSc.
        unsafe { call!(PetscCommSplitReductionBegin(comm)) }
    }
}

/// A norm in progress. See [`VectorRef::norm_begin`].
#[must_use = "a reduction that is begun must be finished, on all ranks"]
#[derive(Debug)]
pub struct NormToken<'a> {
    vector: &'a VectorRef,
    norm: Norm,
}

impl NormToken<'_> {
    /// Completes the reduction and returns the norm. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if an earlier reduction is not finished.
    #[wraps(VecNormEnd)]
    pub fn finish(self) -> Result<Real> {
        let (raw, norm) = (self.vector.as_ptr(), self.norm.to_raw());
        // SAFETY: a live vector; every `Norm` writes exactly one real.
        unsafe { get!(VecNormEnd(raw, norm, _)) }
    }
}

/// A dot product in progress. See [`VectorRef::dot_begin`].
#[must_use = "a reduction that is begun must be finished, on all ranks"]
#[derive(Debug)]
pub struct DotToken<'a> {
    x: &'a VectorRef,
    y: &'a VectorRef,
    conjugate: bool,
}

impl DotToken<'_> {
    /// Completes the reduction and returns the dot product. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if an earlier reduction is not finished.
    #[wraps(VecDotEnd, VecTDotEnd)]
    pub fn finish(self) -> Result<Scalar> {
        let (x, y) = (self.x.as_ptr(), self.y.as_ptr());
        if self.conjugate {
            // SAFETY: live vectors.
            unsafe { get!(VecDotEnd(x, y, _)) }
        } else {
            // SAFETY: live vectors.
            unsafe { get!(VecTDotEnd(x, y, _)) }
        }
    }
}
