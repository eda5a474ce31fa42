//! Krylov decompositions: Arnoldi and Lanczos.

use std::ops::Range;

use petsc_macros::wraps;
use petsc_rs::matrix::{Matrix, MatrixRef};
use petsc_rs::{Int, Real, Result, Scalar, ScalarExt as _, ffi};

use super::state::mending;
use super::{BvRef, small_matrix};
use crate::sys;
use petsc_rs::ffi::range::out_of_range;

/// Result of [`BvRef::arnoldi`]: the Arnoldi decomposition `A·V = V·H + β·v·eᵀ`. `V` are the first
/// [`columns`](Self::columns) columns of the basis, `v` is the column after them and `e` the last
/// unit vector.
#[derive(Debug)]
#[non_exhaustive]
pub struct Arnoldi {
    /// The upper Hessenberg matrix `H`, sequential and dense, the same on all ranks. Only the
    /// columns of `H` that this call computed are nonzero.
    pub matrix: Matrix,
    /// Number of columns of `V`: smaller than requested after a breakdown.
    pub columns: usize,
    /// `β`, the norm of the column `v` before its normalization.
    pub beta: Real,
    /// Whether the method broke down: the columns span an invariant subspace, and `β` is of the
    /// order of the rounding error.
    pub breakdown: bool,
}

/// Result of [`BvRef::lanczos`]: like [`Arnoldi`], but with a real symmetric tridiagonal matrix
/// `H`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Lanczos {
    /// Diagonal of `H`. The entries of columns before the first column that this call computed are
    /// zero.
    pub diagonal: Vec<Real>,
    /// Subdiagonal of `H`: entry `j` is in row `j + 1` and column `j`, and the last entry is `β`.
    pub beside: Vec<Real>,
    /// Number of columns of `V`: smaller than requested after a breakdown.
    pub columns: usize,
    /// Whether the method broke down.
    pub breakdown: bool,
}

/// A function of SLEPc that extends a Krylov basis.
type Expand = unsafe extern "C" fn(
    sys::BV,
    sys::Mat,
    sys::Mat,
    Int,
    *mut Int,
    *mut Real,
    *mut sys::PetscBool,
) -> sys::PetscErrorCode;

/// Result of a function of type [`Expand`]: the columns computed, `β`, and whether the method broke
/// down.
struct Reached {
    columns: usize,
    beta: Real,
    breakdown: bool,
}

impl BvRef {
    /// Extends a Krylov basis of `A` with the Arnoldi method: for each `j` in `columns`, column `j
    /// + 1` becomes `A` times column `j`, orthonormalized against all columns before it in the
    /// inner product of the basis. Collective.
    ///
    /// The columns up to `columns.start` must be orthonormal. To start a new basis, normalize
    /// column 0.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `columns` is empty, or if there is no column after the last one;
    /// `ARG_SIZ` if the sizes of the matrix and the basis do not match; the errors of the product.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt, Vector};
    /// use slepc_rs::bv::{Bv, BvType};
    /// let d = Vector::from_fn(comm, 9, |i| Ok(Scalar::from_real(if i < 5 { 1.0 } else { 3.0 })))?;
    /// let a = Matrix::diagonal_of(comm, &d)?;
    /// let mut basis = Bv::new(comm, 9, 2, BvType::SVEC)?;
    /// basis.column_mut(0)?.set(Scalar::from_real(1.0 / 3.0))?; // of norm 1
    /// let found = basis.arnoldi(&a, 0..1)?;
    /// let h = found.matrix.dense()?;
    /// assert!((h.view()[(0, 0)].real() - (5.0 + 4.0 * 3.0) / 9.0).abs() < 1e-12);
    /// # Ok(()) })
    /// ```
    #[wraps(BVMatArnoldi)]
    #[track_caller]
    pub fn arnoldi(&mut self, a: &MatrixRef, columns: Range<usize>) -> Result<Arnoldi> {
        self.check_expansion(a, &columns)?;
        let matrix = small_matrix(columns.end, columns.end)?;
        let reached = self.expand(sys::BVMatArnoldi, "BVMatArnoldi", a, &matrix, columns)?;
        Ok(Arnoldi {
            matrix,
            columns: reached.columns,
            beta: reached.beta,
            breakdown: reached.breakdown,
        })
    }

    /// Extends a Krylov basis with the Lanczos method with full orthogonalization. The matrix must
    /// be Hermitian, or self-adjoint in the inner product of the basis. Collective. See
    /// [`arnoldi`](Self::arnoldi).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt, Vector};
    /// use slepc_rs::bv::{Bv, BvType};
    /// let d = Vector::from_fn(comm, 4, |i| Ok(Scalar::from_real(i as f64)))?;
    /// let a = Matrix::diagonal_of(comm, &d)?;
    /// let mut basis = Bv::new(comm, 4, 2, BvType::SVEC)?;
    /// basis.column_mut(0)?.set(Scalar::from_real(0.5))?; // of norm 1
    /// let found = basis.lanczos(&a, 0..1)?;
    /// assert!((found.diagonal[0] - 1.5).abs() < 1e-12); // the mean of 0, 1, 2 and 3
    /// assert!((found.beside[0] - 1.25f64.sqrt()).abs() < 1e-12); // their standard deviation
    /// # Ok(()) })
    /// ```
    #[wraps(BVMatLanczos, errors = arnoldi)]
    pub fn lanczos(&mut self, a: &MatrixRef, columns: Range<usize>) -> Result<Lanczos> {
        self.check_expansion(a, &columns)?;
        // SLEPc writes two columns of real numbers, also in builds with complex scalars.
        let (m, matrix) = (columns.end, small_matrix(columns.end, 2)?);
        let reached = self.expand(sys::BVMatLanczos, "BVMatLanczos", a, &matrix, columns)?;
        let entries = matrix.dense()?;
        let parts = if Scalar::IS_COMPLEX { 2 } else { 1 };
        let numbers =
            entries.iter().flat_map(|x| [x.real(), x.imaginary()].into_iter().take(parts));
        let numbers: Vec<Real> = numbers.take(2 * m).collect();
        let (diagonal, beside) = numbers.split_at(m);
        Ok(Lanczos {
            diagonal: diagonal[..reached.columns].to_vec(),
            beside: beside[..reached.columns].to_vec(),
            columns: reached.columns,
            breakdown: reached.breakdown,
        })
    }

    fn check_expansion(&self, a: &MatrixRef, columns: &Range<usize>) -> Result<()> {
        self.check_writable()?;
        if columns.is_empty() {
            return Err(out_of_range(format!(
                "empty range of columns {columns:?}: start must be below end"
            )));
        }
        self.column_index(columns.end)?;
        self.check_square(a)
    }

    /// Extends the basis. Call [`check_expansion`](Self::check_expansion) first.
    fn expand(
        &mut self,
        expand: Expand,
        name: &'static str,
        a: &MatrixRef,
        into: &MatrixRef,
        columns: Range<usize>,
    ) -> Result<Reached> {
        let (first, mut end) = (ffi::petsc_int(columns.start)?, ffi::petsc_int(columns.end)?);
        let (mut beta, mut breakdown) = (0.0, ffi::raw_bool(false));
        mending(&[self], || {
            let (basis, a, into) = (self.as_ptr(), a.as_ptr(), into.as_ptr());
            let (end, beta, breakdown) = (&raw mut end, &raw mut beta, &raw mut breakdown);
            // SAFETY: a live basis with all these columns and the one after them, a matrix of
            // matching sizes (`check_expansion`), a dense matrix with room for the coefficients,
            // and valid pointers.
            let code = unsafe { expand(basis, a, into, first, end, beta, breakdown) };
            ffi::check(name, code)
        })?;
        Ok(Reached { columns: ffi::size(end)?, beta, breakdown: ffi::to_bool(breakdown) })
    }
}
