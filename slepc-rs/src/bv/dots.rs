//! Inner products and norms.

use petsc_macros::wraps;
use petsc_rs::matrix::Matrix;
use petsc_rs::vector::VectorRef;
use petsc_rs::{Error, ErrorCode, Norm, Real, Result, Scalar, call, ffi};

use super::state::mending;
use super::{BvRef, small_matrix};
use crate::sys;

impl BvRef {
    /// Computes `YᴴX`, or `YᴴBX` with an [inner product](Self::set_matrix), where `X` are the
    /// active columns of this basis and `Y` those of `y`. Collective.
    ///
    /// The result is a sequential dense matrix, the same on all ranks. Its rows are numbered like
    /// the columns of `y`, and its columns like the columns of this basis; entries that belong to
    /// leading columns are zero.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` or `ARG_INCOMP` if the types or sizes of the two bases differ;
    /// `ARG_WRONGSTATE` if they have different inner products.
    ///
    /// # Examples
    /// See [`Bv::new`](super::Bv::new).
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
    /// `ARG_SIZ` if the sizes of the vector and the basis differ.
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

    /// Computes `Xᴴx`, or `XᴴBx`, where `x` is column `j` and `X` are the columns from the first
    /// active one to column `j - 1`. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the column does not exist or is a leading one; `SUP` if it is borrowed.
    #[wraps(BVDotColumn)]
    pub fn dot_column(&self, j: usize) -> Result<Vec<Scalar>> {
        self.check_readable()?;
        let (j, n) = self.column_after_leading(j)?;
        let mut numbers = vec![Scalar::default(); n];
        mending(&[self], || {
            let (x, out) = (self.as_ptr(), numbers.as_mut_ptr());
            // SAFETY: a live basis with this column, and room for a number for each column before
            // it. The pointer of an empty array is not NULL.
            unsafe { call!(BVDotColumn(x, j, out)) }
        })?;
        Ok(numbers)
    }

    /// Returns a norm of the active columns, taken as a matrix. Collective.
    ///
    /// # Errors
    /// `SUP` for [`Norm::Two`]; with an [inner product](Self::set_matrix); and with type
    /// [`BvType::VECS`](super::BvType) for all norms but [`Norm::Frobenius`].
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use slepc_rs::prelude::*;
    /// let mut basis = Bv::new(comm, 4, 2, BvType::SVEC)?;
    /// basis.column_mut(0)?.set(1.0.into())?;
    /// basis.column_mut(1)?.set(3.0.into())?;
    /// assert_eq!(basis.norm(Norm::One)?, 12.0); // the largest column sum
    /// # Ok(()) })
    /// ```
    #[wraps(BVNorm)]
    pub fn norm(&self, norm: Norm) -> Result<Real> {
        self.check_readable()?;
        let mut value = 0.0;
        // SAFETY: a live basis and a valid out-pointer; every `Norm` writes one number.
        unsafe { call!(BVNorm(self.as_ptr(), norm.to_raw(), &raw mut value)) }?;
        Ok(value)
    }

    /// Returns a norm of a vector. Collective.
    ///
    /// With an [inner product](Self::set_matrix), the result is `√(xᴴBx)` for every `norm`, and can
    /// be negative if the inner product is indefinite.
    ///
    /// # Errors
    /// `ARG_SIZ` if the sizes of the vector and the basis differ; `USER_INPUT` if `xᴴBx` is
    /// negative and the inner product was not set as indefinite.
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

    /// Returns a norm of column `j`. See [`norm_vector`](Self::norm_vector). Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the column does not exist; `USER_INPUT` as for
    /// [`norm_vector`](Self::norm_vector).
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
            // SAFETY: a live basis; NULL because no pairs of columns hold real and imaginary parts.
            unsafe { call!(BVNormalize(*self.busy()?, std::ptr::null_mut())) }
        })
    }
}
