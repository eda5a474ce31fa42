//! Linear combinations of columns.

use std::ops::Range;

use petsc_macros::wraps;
use petsc_rs::matrix::MatrixRef;
use petsc_rs::vector::VectorRef;
use petsc_rs::{Error, ErrorCode, Result, Scalar, call, ffi};

use super::state::mending;
use super::{BvRef, check_small};
use crate::sys;
use petsc_rs::ffi::range::out_of_range;

impl BvRef {
    /// Computes `self ← beta·self + alpha·X·Q`, where `X` are the active columns of `x`, and `self`
    /// stands for the active columns of this basis. Without `q`, `Q` is the identity. Logically
    /// collective.
    ///
    /// `q` is a sequential dense matrix, the same on all ranks. It has a row for each column of `X`
    /// up to the last active one, and a column for each column of this basis.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` or `ARG_INCOMP` if the types or sizes of the two bases differ; `ARG_WRONG`
    /// if the matrix is not sequential and dense; `ARG_SIZ` if it is too small or, without a
    /// matrix, if the numbers of active columns differ.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Norm, Scalar, ScalarExt};
    /// use slepc_rs::bv::{Bv, BvType};
    /// let r = Scalar::from_real;
    /// let mut x = Bv::new(comm, 4, 2, BvType::SVEC)?;
    /// x.column_mut(0)?.set(r(1.0))?;
    /// let mut y = x.duplicate()?;
    /// y.mult(r(2.0), r(0.0), &x, None)?; // Y = 2·X
    /// assert_eq!(y.norm_column(0, Norm::Two)?, 4.0);
    /// # Ok(()) })
    /// ```
    #[wraps(BVMult)]
    pub fn mult(
        &mut self,
        alpha: Scalar,
        beta: Scalar,
        x: &Self,
        q: Option<&MatrixRef>,
    ) -> Result<()> {
        self.check_writable()?;
        x.check_readable()?;
        self.check_partner(x)?;
        let raw_q = match q {
            Some(q) => {
                check_small(q)?;
                q.as_ptr()
            }
            None => {
                let (own, other) = (self.active_columns()?, x.active_columns()?);
                if own.len() != other.len() {
                    let text = format!(
                        "the numbers of active columns differ: {} and {}",
                        own.len(),
                        other.len()
                    );
                    return Err(Error::new(ErrorCode::ARG_SIZ, text));
                }
                std::ptr::null_mut()
            }
        };
        let (y, alpha, beta) = (self.as_ptr(), &raw const alpha, &raw const beta);
        // SAFETY: two live bases of one type and the same sizes, and coefficients that are dense or
        // none (above); SLEPc compares the sizes of the matrix.
        unsafe { call!(PetscRsBVMult(y, alpha, beta, x.as_ptr(), raw_q)) }
    }

    /// Computes `y ← beta·y + alpha·X·q` for the active columns `X`. Logically collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the sizes of the vector and the basis differ, or if the length of `q` is not
    /// the number of active columns.
    #[wraps(BVMultVec)]
    pub fn mult_vector(
        &self,
        alpha: Scalar,
        beta: Scalar,
        y: &mut VectorRef,
        q: &[Scalar],
    ) -> Result<()> {
        self.check_readable()?;
        ffi::same_len("number of coefficients", self.active_columns()?.len(), q.len())?;
        self.check_fit(&[y])?;
        y.check_writable()?;
        let (mut q, x) = (q.to_vec(), self.as_ptr());
        let (alpha, beta) = (&raw const alpha, &raw const beta);
        // SAFETY: live objects of matching sizes, a number for each active column (above), valid
        // pointers.
        unsafe { call!(PetscRsBVMultVec(x, alpha, beta, y.as_ptr(), q.as_mut_ptr())) }
    }

    /// Computes `x ← beta·x + alpha·X·q`, where `x` is column `j` and `X` are the columns from the
    /// first active one to column `j - 1`. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the column does not exist or is a leading one; `ARG_SIZ` if the length
    /// of `q` is not the number of columns of `X`.
    #[wraps(BVMultColumn)]
    pub fn mult_column(
        &mut self,
        alpha: Scalar,
        beta: Scalar,
        j: usize,
        q: &[Scalar],
    ) -> Result<()> {
        self.check_writable()?;
        let (j, n) = self.column_after_leading(j)?;
        ffi::same_len("number of coefficients", n, q.len())?;
        let (mut q, x) = (q.to_vec(), self.as_ptr());
        let (alpha, beta) = (&raw const alpha, &raw const beta);
        mending(&[self], || {
            // SAFETY: a live basis with this column, a number for each column before it (above),
            // valid pointers.
            unsafe { call!(PetscRsBVMultColumn(x, alpha, beta, j, q.as_mut_ptr())) }
        })
    }

    /// Computes `V·Q`, where `V` are the active columns, and replaces the columns in the range
    /// `columns` with the corresponding columns of the product. The rows and columns of `q` are
    /// numbered like the columns of the basis. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the matrix is not sequential and dense; `ARG_SIZ` if it is too small;
    /// `ARG_OUTOFRANGE` if the columns do not exist or are leading columns.
    #[wraps(BVMultInPlace)]
    pub fn mult_in_place(&mut self, q: &MatrixRef, columns: Range<usize>) -> Result<()> {
        self.check_writable()?;
        let (q, s, e) = self.place(q, columns)?;
        // SAFETY: a live basis and a dense matrix on this rank (above), whose sizes SLEPc compares.
        unsafe { call!(BVMultInPlace(*self.busy()?, q, s, e)) }
    }

    /// Replaces columns like [`mult_in_place`](Self::mult_in_place), but with `V·Qᴴ`. Logically
    /// collective.
    #[wraps(BVMultInPlaceHermitianTranspose, errors = mult_in_place)]
    pub fn mult_in_place_hermitian_transpose(
        &mut self,
        q: &MatrixRef,
        columns: Range<usize>,
    ) -> Result<()> {
        self.check_writable()?;
        let (wide, room) = (q.size()?.1, self.sizes()?.columns);
        if wide > room {
            let text = format!(
                "the matrix of coefficients has {wide} columns, more than the {room} of the basis"
            );
            return Err(out_of_range(text));
        }
        let (q, s, e) = self.place(q, columns)?;
        // SAFETY: as for `mult_in_place`.
        unsafe { call!(BVMultInPlaceHermitianTranspose(*self.busy()?, q, s, e)) }
    }

    fn place(
        &self,
        q: &MatrixRef,
        columns: Range<usize>,
    ) -> Result<(sys::Mat, petsc_rs::Int, petsc_rs::Int)> {
        check_small(q)?;
        let (first, end) = (self.active_columns()?.start, self.sizes()?.columns);
        if columns.start < first || columns.end > end {
            let text = format!(
                "columns {columns:?} lie outside {first}..{end}, the columns after the leading ones"
            );
            return Err(out_of_range(text));
        }
        let (s, e) = (ffi::petsc_int(columns.start)?, ffi::petsc_int(columns.end)?);
        Ok((q.as_ptr(), s, e))
    }

    /// Multiplies the active columns by a scalar. Logically collective.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use slepc_rs::prelude::*;
    /// let mut basis = Bv::new(comm, 4, 2, BvType::SVEC)?;
    /// basis.column_mut(0)?.set(1.0.into())?;
    /// basis.scale(3.0.into())?;
    /// assert_eq!(basis.norm_column(0, Norm::One)?, 12.0);
    /// # Ok(()) })
    /// ```
    #[wraps(BVScale)]
    pub fn scale(&mut self, alpha: Scalar) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live basis and a valid pointer.
        unsafe { call!(PetscRsBVScale(*self.busy()?, &raw const alpha)) }
    }

    /// Multiplies column `j` by a scalar. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the column does not exist.
    #[wraps(BVScaleColumn)]
    pub fn scale_column(&mut self, j: usize, alpha: Scalar) -> Result<()> {
        self.check_writable()?;
        let j = self.column_index(j)?;
        // SAFETY: a live basis with this column (above) and a valid pointer.
        unsafe { call!(PetscRsBVScaleColumn(*self.busy()?, j, &raw const alpha)) }
    }
}
