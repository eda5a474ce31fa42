//! Quasi-Newton matrices: approximations of a Jacobian that learn from pairs of points and function values, and keep
//! the last few.

use petsc_macros::wraps;

use super::{Matrix, MatrixRef, MatrixType};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Int, Object as _, Real, call, ffi};

impl Matrix {
    /// A quasi-Newton matrix of type [`LMVM_BFGS`](MatrixType::LMVM_BFGS), … for vectors like `x`; a multiple of the
    /// identity, until [`lmvm_update`](MatrixRef::lmvm_update) teaches it. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for a type of another family.
    ///
    /// # Examples
    /// In one dimension, one difference says all of a quadratic function:
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
                format!("a matrix of type {name} is no quasi-Newton matrix"),
            ));
        }
        // SAFETY: PETSc is initialised, there is a vector. It knows these types with its linear solvers only.
        unsafe { call!(KSPInitializePackage()) }?;
        let n = x.local_len()?;
        let comm = x.comm()?;
        let a = Self::builder(&comm)
            .local_size(n, n)
            .kind(kind)
            .unfinished()?;
        // SAFETY: live objects; the matrix has such a type and the size of the vector (above).
        unsafe { call!(MatLMVMAllocate(a.as_ptr(), x.as_ptr(), x.as_ptr())) }?;
        Ok(a)
    }
}

fn is_lmvm(kind: &str) -> bool {
    kind.starts_with("lmvm")
}

impl MatrixRef {
    /// PETSc does nothing where the type is another, or reads data that are not there.
    fn check_lmvm(&self) -> Result<()> {
        let kind = self.type_name()?.unwrap_or_default();
        if is_lmvm(&kind) {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_WRONG,
            format!("a matrix of type {kind} is no quasi-Newton matrix"),
        ))
    }

    /// Teaches a quasi-Newton matrix the value `f` of the function at `x`: with those of the call before, it has a
    /// difference to learn from. The first call says where to begin. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types; `ARG_SIZ` if a vector does not fit.
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
    /// `ARG_WRONG` for other types; `ARG_SIZ` if a vector does not fit.
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

    /// Makes a quasi-Newton matrix forget what it learnt; since PETSc 3.23, `lmvmbfgs` and its relatives keep the diagonal
    /// that took the place of the matrix to begin with. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(MatLMVMReset)]
    pub fn lmvm_reset(&mut self) -> Result<()> {
        self.check_lmvm()?;
        // SAFETY: a live matrix of such a type; its vectors are kept.
        unsafe { call!(MatLMVMReset(*self.busy()?, ffi::raw_bool(false))) }
    }

    /// How many differences a quasi-Newton matrix took, and how many it refused. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
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

    /// Sets the quasi-Newton matrix to begin with to `scale` times the identity. Logically collective. Default: 1.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types; `ARG_OUTOFRANGE` unless `scale` is positive.
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

    /// Sets what a quasi-Newton matrix begins with; a linear solver of its own applies the inverse. The matrix counts a
    /// reference to it. Logically collective. Default: the identity.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types; `ARG_SIZ` if it does not fit; `ARG_IDN` for the matrix itself.
    #[wraps(MatLMVMSetJ0)]
    pub fn set_lmvm_j0(&mut self, j0: &Self) -> Result<()> {
        self.check_lmvm()?;
        self.check_same_layout(j0)?;
        if self.same_object(j0) {
            let text = "a quasi-Newton matrix cannot begin with itself";
            return Err(Error::collective(ErrorCode::ARG_IDN, text));
        }
        j0.check_plain("what a quasi-Newton matrix begins with")?;
        // SAFETY: live objects of one layout, the matrix of such a type (above).
        unsafe { call!(MatLMVMSetJ0(*self.busy()?, j0.as_ptr())) }
    }

    /// Sets how many differences a quasi-Newton matrix keeps, and forgets those it has. Collective. Default: 5.
    /// Option: `-mat_lmvm_hist_size`.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types; `INT_OVERFLOW` if the number does not fit; `ORDER` with PETSc 3.23 and newer after the
    /// first difference, because C would free twice what it kept of it.
    #[wraps(MatLMVMSetHistorySize)]
    pub fn set_lmvm_history_size(&mut self, count: usize) -> Result<()> {
        self.check_lmvm()?;
        let count = ffi::petsc_int(count)?;
        if cfg!(petsc_ge_3_23) && self.lmvm_counts()? != (0, 0) {
            let text = "this PETSc sets the size of a quasi-Newton matrix's history before its first difference only";
            return Err(Error::new(ErrorCode::ORDER, text));
        }
        self.lmvm_reset()?;
        // Before 3.23, C frees as many vectors as it will keep, not as many as there are.
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
