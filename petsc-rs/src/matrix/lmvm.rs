//! Limited-memory quasi-Newton matrices (LMVM): approximations of a Jacobian or Hessian. They use
//! the most recent differences of points and of function values.

use petsc_macros::wraps;

use super::{Matrix, MatrixRef, MatrixType};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Int, Object as _, Real, call, ffi};

impl Matrix {
    /// Creates a quasi-Newton matrix of a type such as [`LMVM_BFGS`](MatrixType::LMVM_BFGS), for
    /// vectors like `x`. Collective.
    ///
    /// The matrix is a multiple of the identity until [`lmvm_update`](MatrixRef::lmvm_update) adds
    /// information.
    ///
    /// # Errors
    /// `ARG_WRONG` if `kind` is not a quasi-Newton type.
    ///
    /// # Examples
    /// In one dimension, one difference determines the Hessian of a quadratic function:
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, MatrixType, Vector};
    /// let mut x = Vector::new(comm, 1)?;
    /// let mut b = Matrix::lmvm(MatrixType::LMVM_BFGS, &x)?;
    /// for point in [1.0, 2.0] {
    ///     x.set(point)?;
    ///     let mut gradient = x.duplicate()?;
    ///     gradient.set(5.0 * point)?;
    ///     b.lmvm_update(&x, &gradient)?;
    /// }
    /// let mut step = x.duplicate()?;
    /// b.lmvm_solve(&x, &mut step)?;
    /// assert!((step.sum()? - 2.0 / 5.0).abs() < 1e-12);
    /// # Ok(()) })
    /// ```
    #[wraps(
        MatCreateLMVMBFGS,
        MatCreateLMVMDFP,
        MatCreateLMVMSR1,
        MatCreateLMVMBroyden,
        MatCreateLMVMBadBroyden,
        MatCreateLMVMSymBroyden,
        MatCreateLMVMSymBadBroyden,
        MatCreateLMVMDiagBroyden,
        MatLMVMAllocate
    )]
    #[track_caller]
    pub fn lmvm(kind: MatrixType<'_>, x: &VectorRef) -> Result<Self> {
        let name = kind.name().to_string_lossy();
        if !is_lmvm(&name) {
            return Err(Error::new(
                ErrorCode::ARG_WRONG,
                format!("a matrix of type {name} is not a quasi-Newton matrix"),
            ));
        }
        // SAFETY: PETSc is initialized, because there is a vector. These types are registered with the linear solvers only.
        unsafe { call!(KSPInitializePackage()) }?;
        let n = x.local_len()?;
        let comm = x.comm()?;
        let a = Self::builder(&comm).local_size(n, n).kind(kind).unfinished()?;
        // SAFETY: live objects; the matrix has such a type and the size of the vector (above).
        unsafe { call!(MatLMVMAllocate(a.as_ptr(), x.as_ptr(), x.as_ptr())) }?;
        Ok(a)
    }
}

fn is_lmvm(kind: &str) -> bool {
    kind.starts_with("lmvm")
}

impl MatrixRef {
    /// PETSc does nothing for a matrix of another type, or reads uninitialized data.
    fn check_lmvm(&self) -> Result<()> {
        let kind = self.type_name()?.unwrap_or_default();
        if is_lmvm(&kind) {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_WRONG,
            format!("a matrix of type {kind} is not a quasi-Newton matrix"),
        ))
    }

    /// Updates a quasi-Newton matrix with the value `f` of the function at `x`. Collective.
    ///
    /// The first call only records the point. Each later call updates the approximation with the
    /// difference from the previous point.
    ///
    /// # Errors
    /// `ARG_WRONG` if this is not a quasi-Newton matrix; `ARG_SIZ` if the length of a vector does
    /// not match.
    #[wraps(MatLMVMUpdate)]
    pub fn lmvm_update(&mut self, x: &VectorRef, f: &VectorRef) -> Result<()> {
        self.check_lmvm()?;
        self.check_right(x)?;
        self.check_left(f)?;
        x.check_readable()?;
        f.check_readable()?;
        // SAFETY: a live matrix of such a type, and vectors that fit (above).
        unsafe { call!(MatLMVMUpdate(self.as_ptr(), x.as_ptr(), f.as_ptr())) }
    }

    /// Computes `x ← B⁻¹·b` with a quasi-Newton matrix. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if this is not a quasi-Newton matrix; `ARG_SIZ` if the length of a vector does
    /// not match.
    #[wraps(MatSolve)]
    pub fn lmvm_solve(&self, b: &VectorRef, x: &mut VectorRef) -> Result<()> {
        self.check_lmvm()?;
        self.check_left(b)?;
        self.check_right(x)?;
        b.check_readable()?;
        x.check_writable()?;
        b.check_distinct(x)?;
        // SAFETY: a live matrix of such a type, and vectors that fit (above).
        unsafe { call!(MatSolve(self.as_ptr(), b.as_ptr(), x.as_ptr())) }
    }

    /// Removes the history of a quasi-Newton matrix. Collective.
    ///
    /// For `lmvmbfgs` and related types, the updates replace the initial matrix by a diagonal
    /// matrix. Since PETSc 3.23, a reset keeps this diagonal matrix.
    ///
    /// # Errors
    /// `ARG_WRONG` if this is not a quasi-Newton matrix.
    #[wraps(MatLMVMReset)]
    pub fn lmvm_reset(&mut self) -> Result<()> {
        self.check_lmvm()?;
        // SAFETY: a live matrix of such a type; its vectors are kept.
        unsafe { call!(MatLMVMReset(*self.busy()?, ffi::raw_bool(false))) }
    }

    /// Returns the numbers of accepted and rejected updates of a quasi-Newton matrix. Not
    /// collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if this is not a quasi-Newton matrix.
    #[wraps(MatLMVMGetUpdateCount, MatLMVMGetRejectCount)]
    pub fn lmvm_counts(&self) -> Result<(usize, usize)> {
        crate::not_collective!();
        self.check_lmvm()?;
        let (mut updates, mut rejects): (Int, Int) = (0, 0);
        // SAFETY: a live matrix of such a type and a valid out-pointer.
        unsafe { call!(MatLMVMGetUpdateCount(self.as_ptr(), &raw mut updates)) }?;
        // SAFETY: as above.
        unsafe { call!(MatLMVMGetRejectCount(self.as_ptr(), &raw mut rejects)) }?;
        Ok((ffi::size(updates)?, ffi::size(rejects)?))
    }

    /// Sets the initial matrix of a quasi-Newton matrix to `scale` times the identity. Logically
    /// collective. Default: 1.
    ///
    /// # Errors
    /// `ARG_WRONG` if this is not a quasi-Newton matrix; `ARG_OUTOFRANGE` unless `scale` is
    /// positive.
    #[wraps(MatLMVMSetJ0Scale)]
    pub fn set_lmvm_j0_scale(&mut self, scale: Real) -> Result<()> {
        self.check_lmvm()?;
        if !(scale > 0.0 && scale.is_finite()) {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!("the scale must be positive, got {scale}"),
            ));
        }
        // SAFETY: a live matrix of such a type.
        unsafe { call!(MatLMVMSetJ0Scale(*self.busy()?, scale)) }
    }

    /// Sets the initial matrix of a quasi-Newton matrix. Logically collective. Default: the
    /// identity.
    ///
    /// An internal linear solver applies the inverse of `j0`. The quasi-Newton matrix holds a
    /// reference to `j0`.
    ///
    /// # Errors
    /// `ARG_WRONG` if this is not a quasi-Newton matrix; `ARG_SIZ` if the size does not match;
    /// `ARG_IDN` if `j0` is the quasi-Newton matrix itself.
    #[wraps(MatLMVMSetJ0)]
    pub fn set_lmvm_j0(&mut self, j0: &Self) -> Result<()> {
        self.check_lmvm()?;
        self.check_same_layout(j0)?;
        if self.same_object(j0) {
            let text = "a quasi-Newton matrix cannot be its own initial matrix";
            return Err(Error::collective(ErrorCode::ARG_IDN, text));
        }
        j0.check_plain("the initial matrix of a quasi-Newton matrix")?;
        // SAFETY: live objects of one layout, the matrix of such a type (above).
        unsafe { call!(MatLMVMSetJ0(*self.busy()?, j0.as_ptr())) }
    }

    /// Sets the number of updates that a quasi-Newton matrix keeps, and removes its history.
    /// Collective. Default: 5. Option: `-mat_lmvm_hist_size`.
    ///
    /// # Errors
    /// `ARG_WRONG` if this is not a quasi-Newton matrix; `INT_OVERFLOW` if `count` does not fit
    /// into `PetscInt`; `ORDER` after the first update since PETSc 3.23, because C would free part
    /// of the history twice.
    #[wraps(MatLMVMSetHistorySize)]
    pub fn set_lmvm_history_size(&mut self, count: usize) -> Result<()> {
        self.check_lmvm()?;
        let count = ffi::petsc_int(count)?;
        if cfg!(petsc_ge_3_23) && self.lmvm_counts()? != (0, 0) {
            let text = "since PETSc 3.23, the history size can only be set before the first update";
            return Err(Error::new(ErrorCode::ORDER, text));
        }
        self.lmvm_reset()?;
        // Before 3.23, C frees the new number of vectors, not the number of allocated ones.
        if cfg!(petsc_ge_3_23) || count == 0 || !self.is_assembled()? {
            return self.set_history_size(count);
        }
        let (x, f) = self.vectors()?;
        // SAFETY: a live matrix of such a type.
        unsafe { call!(MatLMVMReset(*self.busy()?, ffi::raw_bool(true))) }?;
        self.set_history_size(count)?;
        // SAFETY: live objects, vectors of the size that the matrix had.
        unsafe { call!(MatLMVMAllocate(*self.busy()?, x.as_ptr(), f.as_ptr())) }
    }

    fn set_history_size(&mut self, count: Int) -> Result<()> {
        // SAFETY: a live matrix of such a type, by the caller.
        unsafe { call!(MatLMVMSetHistorySize(*self.busy()?, count)) }
    }
}
