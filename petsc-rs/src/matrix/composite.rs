//! Composite matrices: sums and products that are applied without being computed.

use std::ptr;

use petsc_macros::{getter, wraps};

use super::{Matrix, MatrixRef, Structure};
use crate::c_enum::c_enum;
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Loan;
use crate::{Object as _, Scalar, call, create, ffi, sys};

c_enum! {
    /// Operation of a composite matrix.
    #[doc(alias = "MatCompositeType")]
    CompositeKind of MatCompositeType;
    /// Sum `α₀·A₀ + α₁·A₁ + …`.
    Sum = MAT_COMPOSITE_ADDITIVE,
    /// Product `… α₁·A₁ · α₀·A₀`: the first part is the rightmost factor.
    Product = MAT_COMPOSITE_MULTIPLICATIVE,
}

impl Matrix {
    /// Creates the sum or product of `parts`, each multiplied by its factor. Collective. Options:
    /// `-mat_composite_merge`, `-mat_composite_merge_type`.
    ///
    /// The matrix applies its parts one after the other. It holds references to the parts, not
    /// copies: the handles of the parts remain valid.
    ///
    /// # Errors
    /// `ARG_SIZ` if there are no parts, or if their sizes do not match; `ARG_NOTSAMECOMM` if a part
    /// is on a different communicator; `ARG_WRONGSTATE` if a part is not assembled.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt, matrix::CompositeKind};
    /// # let r = Scalar::from_real;
    /// let a = Matrix::constant_diagonal(comm, 2, r(3.0))?;
    /// let b = Matrix::constant_diagonal(comm, 2, r(5.0))?;
    /// let c = Matrix::composite(comm, CompositeKind::Sum, &[(r(1.0), &a), (r(2.0), &b)])?;
    /// let (mut x, mut y) = c.vectors()?;
    /// x.set(r(1.0))?;
    /// c.mult(&x, &mut y)?;
    /// assert_eq!(y.array()?.first().map(|v| v.real()).unwrap_or(13.0), 13.0);
    /// # Ok(()) })
    /// ```
    #[wraps(MatCreateComposite, MatCompositeSetType, MatCompositeSetScalings)]
    #[track_caller]
    pub fn composite(
        comm: &Comm,
        kind: CompositeKind,
        parts: &[(Scalar, &MatrixRef)],
    ) -> Result<Self> {
        if parts.is_empty() {
            return Err(Error::new(
                ErrorCode::ARG_SIZ,
                "a composite matrix needs at least one part",
            ));
        }
        for (_, part) in parts {
            crate::comm::check_on(part.object_ptr(), comm)?;
            part.check_assembled()?;
        }
        for pair in parts.windows(2) {
            let (first, next) = (pair[0].1, pair[1].1);
            match kind {
                CompositeKind::Sum => first.check_same_layout(next)?,
                CompositeKind::Product => check_chain(first, next)?,
            }
        }
        let list: Vec<sys::Mat> = parts.iter().map(|(_, part)| part.as_ptr()).collect();
        let n = ffi::petsc_int(list.len())?;
        // SAFETY: a live communicator, `n` live assembled matrices; C creates a matrix.
        let mut composite =
            unsafe { create!(MatCreateComposite(comm.as_raw(), n, list.as_ptr(), _)) }
                .and_then(Matrix::complete)?;
        // SAFETY: a live composite matrix whose parts fit together in this way (above).
        unsafe { call!(MatCompositeSetType(composite.as_ptr(), kind.to_raw())) }?;
        let factors: Vec<Scalar> = parts.iter().map(|(factor, _)| *factor).collect();
        // SAFETY: a live composite matrix of as many parts, which copies the factors.
        unsafe { call!(MatCompositeSetScalings(composite.as_ptr(), factors.as_ptr())) }?;
        // SAFETY: a live matrix with a type.
        unsafe { call!(MatSetFromOptions(composite.as_ptr())) }?;
        composite.assemble()?;
        Ok(composite)
    }
}

/// Checks that `next` can multiply the result of `first`.
fn check_chain(first: &MatrixRef, next: &MatrixRef) -> Result<()> {
    let what = "number of columns of the next factor";
    ffi::same_len(what, first.size()?.0, next.size()?.1)?;
    let what = "number of local columns of the next factor";
    ffi::same_len(what, first.local_size()?.0, next.local_size()?.1)
}

impl MatrixRef {
    /// Returns the number of parts of a composite matrix.
    #[getter(
        MatCompositeGetNumberMat,
        get_require = check_composite,
        errors = "`ARG_NOTSAMETYPE` if the matrix is not a composite"
    )]
    pub fn composite_len() -> usize;

    /// Returns part `i` of a composite matrix, counting from 0.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there is no part `i`; `ARG_NOTSAMETYPE` if the matrix is not a
    /// composite.
    #[wraps(MatCompositeGetMat, not_collective)]
    #[track_caller]
    pub fn composite_part(&self, i: usize) -> Result<Loan<'_, Matrix>> {
        let n = ffi::petsc_int(self.composite_len()?)?;
        let i = ffi::petsc_int(i)?;
        ffi::check_index(i, &(0..n))?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live composite matrix, an index in range (above), a valid out-pointer.
        unsafe { call!(MatCompositeGetMat(self.as_ptr(), i, &raw mut raw)) }?;
        // SAFETY: a live matrix.
        Ok(Loan::new(unsafe { Matrix::retain(raw) }?))
    }

    /// Returns the operation of a composite matrix.
    #[getter(
        MatCompositeGetType,
        get_require = check_composite,
        errors = "`ARG_NOTSAMETYPE` if the matrix is not a composite"
    )]
    pub fn composite_kind() -> CompositeKind;

    /// Computes the sum or product. The matrix becomes an ordinary matrix and releases its parts.
    /// Collective.
    ///
    /// `structure` states how the nonzero patterns of the parts of a sum are related.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` if the matrix is not a composite; `SUP` if the parts have types that
    /// cannot be added or multiplied.
    #[wraps(MatCompositeMerge, MatCompositeSetMatStructure)]
    pub fn merge_composite(&mut self, structure: Structure) -> Result<()> {
        self.check_rebuild()?;
        self.check_composite()?;
        self.check_writable()?;
        if self.composite_kind()? == CompositeKind::Sum && self.composite_len()? > 0 {
            let first = self.composite_part(0)?;
            for i in 1..self.composite_len()? {
                first.check_reads_rows(&*self.composite_part(i)?, sys::MATOP_AXPY)?;
            }
        }
        // SAFETY: a live composite matrix (above) whose parts C can add.
        unsafe { call!(MatCompositeSetMatStructure(*self.busy()?, structure.to_raw())) }?;
        // SAFETY: a live composite matrix (above); its address stays.
        unsafe { call!(MatCompositeMerge(*self.busy()?)) }
    }

    fn check_composite(&self) -> Result<()> {
        if self.is_type("composite")? {
            return Ok(());
        }
        Err(Error::new(ErrorCode::ARG_NOTSAMETYPE, "the matrix is not composite"))
    }
}
