//! Inner products and norms.

use petsc_macros::wraps;
use petsc_rs::matrix::Matrix;
use petsc_rs::vector::VectorRef;
use petsc_rs::{Error, ErrorCode, Norm, Real, Result, Scalar, call, ffi};

use super::state::mending;
use super::{BvRef, small_matrix};
use crate::sys;

impl BvRef {
    /// Computes `YᴴX`, or `YᴴBX` with an [inner product](Self::set_matrix), for the active columns `X` of this and `Y`
    /// of the other, as a sequential dense matrix, the same on all ranks. Rows and columns count from the first of all:
    /// those of leading columns are zero. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` or `ARG_INCOMP` if the two do not fit; `ARG_WRONGSTATE` if they have different inner products.
    #[wraps(BVDot)]
    #[track_caller]
    pub fn dot(&self, y: &Self) -> Result<Matrix> {
        self.check_readable()?;
        y.check_readable()?;
        self.check_partner(y)?;
        ffi::check_no_writer()?;
        let m = small_matrix(y.active_columns()?.end, self.active_columns()?.end)?;
        mending(&[self, y], || {
            // SAFETY: two live bases of one type and the same sizes, and a dense matrix with room (above); SLEPc
            // compares the inner products.
            unsafe { call!(BVDot(self.as_ptr(), y.as_ptr(), m.as_ptr())) }
        })?;
        Ok(m)
    }

    /// Computes `Xᴴy`, or `XᴴBy`, for the active columns `X`. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the vector does not fit.
    #[wraps(BVDotVec)]
    pub fn dot_vector(&self, y: &VectorRef) -> Result<Vec<Scalar>> {
        self.check_readable()?;
        self.check_fit(&[y])?;
        y.check_readable()?;
        let _locks = ffi::Locks::note([y.as_ptr()])?;
        let mut numbers = vec![Scalar::default(); self.active_columns()?.len()];
        let (x, out) = (self.as_ptr(), numbers.as_mut_ptr());
        // SAFETY: live objects that fit, and room for a number for each active column.
        unsafe { call!(BVDotVec(x, y.as_ptr(), out)) }?;
        Ok(numbers)
    }

    /// Computes `Xᴴx`, or `XᴴBx`, for column `j` as `x` and the columns from the first active one to the one before
    /// `j` as `X`. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a column that there is not, or a leading one; `SUP` for one that is lent out.
    #[wraps(BVDotColumn)]
    pub fn dot_column(&self, j: usize) -> Result<Vec<Scalar>> {
        self.check_readable()?;
        let (j, n) = self.column_after_leading(j)?;
        let mut numbers = vec![Scalar::default(); n];
        mending(&[self], || {
            let (x, out) = (self.as_ptr(), numbers.as_mut_ptr());
            // SAFETY: a live basis with this column, and room for a number for each of those before it. An array of no
            // numbers is not NULL.
            unsafe { call!(BVDotColumn(x, j, out)) }
        })?;
        Ok(numbers)
    }

    /// A norm of the active columns as a matrix. Collective.
    ///
    /// # Errors
    /// `SUP` for [`Norm::Two`], with an [inner product](Self::set_matrix), and of [`BvType::VECS`](super::BvType) for all
    /// but [`Norm::Frobenius`].
    #[wraps(BVNorm)]
    pub fn norm(&self, norm: Norm) -> Result<Real> {
        self.check_readable()?;
        let mut value = 0.0;
        // SAFETY: a live basis and a valid out-pointer; every `Norm` writes one number.
        unsafe { call!(BVNorm(self.as_ptr(), norm.to_raw(), &raw mut value)) }?;
        Ok(value)
    }

    /// The norm of a vector: with an [inner product](Self::set_matrix), `√(xᴴBx)` whatever was asked for, and negative
    /// where that is of an indefinite one. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the vector does not fit; `USER_INPUT` for an inner product that is not said to be indefinite and
    /// is.
    #[wraps(BVNormVec)]
    pub fn norm_vector(&self, x: &VectorRef, norm: Norm) -> Result<Real> {
        self.check_fit(&[x])?;
        x.check_readable()?;
        let _locks = ffi::Locks::note([x.as_ptr()])?;
        let (mut value, norm) = (0.0, norm.to_raw());
        // SAFETY: live objects that fit and a valid out-pointer.
        unsafe { call!(BVNormVec(self.as_ptr(), x.as_ptr(), norm, &raw mut value)) }?;
        Ok(value)
    }

    /// The same of column `j`. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a column that there is not; `USER_INPUT` as for [`norm_vector`](Self::norm_vector).
    #[wraps(BVNormColumn)]
    pub fn norm_column(&self, j: usize, norm: Norm) -> Result<Real> {
        self.check_readable()?;
        let (j, mut value, norm) = (self.column_index(j)?, 0.0, norm.to_raw());
        mending(&[self], || {
            // SAFETY: a live basis with this column (above) and a valid out-pointer.
            unsafe { call!(BVNormColumn(self.as_ptr(), j, norm, &raw mut value)) }
        })?;
        Ok(value)
    }

    /// Divides each active column by its norm. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for a column of zeros.
    #[wraps(BVNormalize)]
    pub fn normalize(&mut self) -> Result<()> {
        self.check_writable()?;
        for j in self.active_columns()? {
            if self.norm_column(j, Norm::Two)? == 0.0 {
                let text = format!("column {j} is zero");
                return Err(Error::new(ErrorCode::ARG_WRONG, text));
            }
        }
        mending(&[self], || {
            // SAFETY: a live basis; NULL for no pairs of columns that make one complex vector.
            unsafe { call!(BVNormalize(*self.busy()?, std::ptr::null_mut())) }
        })
    }
}
