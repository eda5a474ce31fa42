//! Products of matrices and bases.

use std::ptr;

use petsc_macros::{setting, wraps};
use petsc_rs::matrix::{Matrix, MatrixRef};
use petsc_rs::{Error, ErrorCode, Object as _, Result, call, ffi, internal};

use super::state::mending;
use super::{BvRef, MatMultMethod, small_matrix};
use crate::sys;

/// The product: determines on which side of the matrix each basis is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Product {
    Plain,
    Transpose,
    HermitianTranspose,
}

impl BvRef {
    /// Method for products of a matrix and a basis.
    #[setting(BVSetMatMultMethod, BVGetMatMultMethod)]
    #[option("-bv_matmult", default = "[`MatMultMethod::Matrix`]")]
    pub fn set_mat_mult_method(mat_mult_method: MatMultMethod);

    /// Computes `Y ← A·V`, where `V` are the active columns of this basis and `Y` those of `y`.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the sizes of the matrix and the basis do not match, or if the numbers of active
    /// columns differ; `ARG_NOTSAMETYPE` if the bases are of different types; the errors of the
    /// product.
    #[wraps(BVMatMult)]
    pub fn mat_mult(&self, a: &MatrixRef, y: &mut Self) -> Result<()> {
        self.product(Product::Plain, a, y)
    }

    /// Computes `Y ← Aᵀ·V`. Collective.
    #[wraps(BVMatMultTranspose, errors = mat_mult)]
    pub fn mat_mult_transpose(&self, a: &MatrixRef, y: &mut Self) -> Result<()> {
        self.product(Product::Transpose, a, y)
    }

    /// Computes `Y ← Aᴴ·V`. Collective.
    #[wraps(BVMatMultHermitianTranspose, errors = mat_mult)]
    pub fn mat_mult_hermitian_transpose(&self, a: &MatrixRef, y: &mut Self) -> Result<()> {
        self.product(Product::HermitianTranspose, a, y)
    }

    fn product(&self, which: Product, a: &MatrixRef, y: &mut Self) -> Result<()> {
        self.check_readable()?;
        y.check_writable()?;
        let (local, global) = (a.local_size()?, a.size()?);
        let (rows, columns) = ((local.0, global.0), (local.1, global.1));
        let (wanted, gives) = match which {
            Product::Plain => (columns, rows),
            Product::Transpose | Product::HermitianTranspose => (rows, columns),
        };
        self.check_operator(a, wanted)?;
        y.check_operator(a, gives)?;
        let (own, other) = (self.type_name()?, y.type_name()?);
        if own != other {
            let text = "the two bases have different types";
            return Err(Error::new(ErrorCode::ARG_NOTSAMETYPE, text));
        }
        let y = &*y;
        mending(&[self, y], || {
            let (v, a, y) = (self.as_ptr(), a.as_ptr(), y.as_ptr());
            match which {
                // SAFETY: live objects on the same processes with matching sizes (above); SLEPc
                // compares the columns.
                Product::Plain => unsafe { call!(BVMatMult(v, a, y)) },
                // SAFETY: as above.
                Product::Transpose => unsafe { call!(BVMatMultTranspose(v, a, y)) },
                // SAFETY: as above.
                Product::HermitianTranspose => unsafe {
                    call!(BVMatMultHermitianTranspose(v, a, y))
                },
            }
        })
    }

    /// Checks that a matrix lives on the same processes, which optimized SLEPc does not check, and
    /// that one side of it has the sizes `wanted`.
    fn check_operator(&self, a: &MatrixRef, wanted: (usize, usize)) -> Result<()> {
        ffi::check_no_writer()?;
        a.check_readable()?;
        internal::check_same_ranks(self.object_ptr(), a.object_ptr())?;
        let sizes = self.sizes()?;
        if (sizes.local, sizes.global) == wanted {
            return Ok(());
        }
        let text = format!(
            "the sizes of matrix and basis do not match: {} rows or columns ({} on this rank), but vectors of {} entries ({})",
            wanted.1, wanted.0, sizes.global, sizes.local
        );
        Err(Error::new(ErrorCode::ARG_SIZ, text))
    }

    /// Checks a matrix for products within a basis.
    pub(super) fn check_square(&self, a: &MatrixRef) -> Result<()> {
        let (local, global) = (a.local_size()?, a.size()?);
        self.check_operator(a, (local.0, global.0))?;
        self.check_operator(a, (local.1, global.1))
    }

    /// Computes column `j + 1` as `A` times column `j`, one step of a Krylov method. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if a column does not exist; `ARG_SIZ` if the sizes of the matrix do not
    /// match; the errors of the product.
    #[wraps(BVMatMultColumn)]
    pub fn mat_mult_column(&mut self, a: &MatrixRef, j: usize) -> Result<()> {
        self.check_writable()?;
        self.column_index(j.saturating_add(1))?;
        self.check_square(a)?;
        let j = ffi::petsc_int(j)?;
        mending(&[self], || {
            // SAFETY: a live basis with both columns, and a matrix that fits (above).
            unsafe { call!(BVMatMultColumn(*self.busy()?, a.as_ptr(), j)) }
        })
    }

    /// Computes `YᴴAX`, or `YᴴX` if `a` is `None`, where `X` are the active columns of this basis
    /// and `Y` those of `y`. The inner product of the bases is not used. Collective.
    ///
    /// The result is a sequential dense matrix, the same on all ranks. Its rows are numbered like
    /// the columns of `y`, and its columns like the columns of this basis, up to the last active
    /// column; entries in the row of a leading column and the column of a leading column are zero.
    ///
    /// # Errors
    /// `ARG_SIZ` if the sizes of the matrix and the basis do not match; `ARG_NOTSAMETYPE` or
    /// `ARG_INCOMP` if the types or sizes of the two bases differ; the errors of the product.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt};
    /// use slepc_rs::bv::{Bv, BvType};
    /// let mut basis = Bv::new(comm, 4, 1, BvType::SVEC)?;
    /// basis.column_mut(0)?.set(Scalar::from_real(0.5))?;
    /// let a = Matrix::constant_diagonal(comm, 4, Scalar::from_real(7.0))?;
    /// let m = basis.mat_project(Some(&a), &basis)?;
    /// assert_eq!(m.dense()?.view()[(0, 0)].real(), 7.0);
    /// # Ok(()) })
    /// ```
    #[wraps(BVMatProject)]
    #[track_caller]
    pub fn mat_project(&self, a: Option<&MatrixRef>, y: &Self) -> Result<Matrix> {
        self.check_readable()?;
        y.check_readable()?;
        self.check_partner(y)?;
        ffi::check_no_writer()?;
        if let Some(a) = a {
            self.check_square(a)?;
        }
        let m = small_matrix(y.active_columns()?.end, self.active_columns()?.end)?;
        mending(&[self, y], || {
            let a = a.map_or(ptr::null_mut(), MatrixRef::as_ptr);
            // SAFETY: two live bases of one type and the same sizes, a matrix of matching sizes or
            // none, and a dense matrix with room (above).
            unsafe { call!(BVMatProject(self.as_ptr(), a, y.as_ptr(), m.as_ptr())) }
        })?;
        Ok(m)
    }
}
