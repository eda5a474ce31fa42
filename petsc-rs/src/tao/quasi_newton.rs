//! Approximations of the Hessian in quasi-Newton methods.

use petsc_macros::{getter, setting, wraps};

use super::{TaoRef, sizes};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::{Matrix, MatrixRef};
use crate::object::{Loan, type_among};
use crate::vector::VectorRef;
use crate::{Object as _, call, sys};

impl TaoRef {
    /// Returns the approximation of the Hessian in the methods `bqnls`, `bqnkls`, `bqnktr`,
    /// `bqnktl`.
    ///
    /// # Errors
    /// `ARG_WRONG` for other methods.
    #[wraps(TaoGetLMVMMatrix, not_collective)]
    #[track_caller]
    pub fn lmvm_matrix(&self) -> Result<Loan<'_, Matrix>> {
        // SAFETY: a live matrix.
        Ok(Loan::new(unsafe { Matrix::retain(self.raw_lmvm_matrix()?) }?))
    }

    // PETSc reads private data of these methods before it checks the type.
    #[getter(TaoGetLMVMMatrix)]
    #[types("bqnls", "bqnkls", "bqnktr", "bqnktl")]
    fn raw_lmvm_matrix() -> sys::Mat;

    /// Computes `x ← B⁻¹·b` with the [approximation](Self::lmvm_matrix) of the Hessian, after a
    /// solve. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other methods; `ORDER` before a solve; `ARG_SIZ` if a vector does not have
    /// the layout of the solution.
    pub fn lmvm_solve(&self, b: &VectorRef, x: &mut VectorRef) -> Result<()> {
        let matrix = self.lmvm_matrix()?;
        let Some(solution) = self.solution()? else {
            let text = "the optimizer has no solution yet: call solve first";
            return Err(Error::new(ErrorCode::ORDER, text));
        };
        solution.check_same_layout(b)?;
        matrix.lmvm_solve(b, x)
    }

    /// Sets the matrix that approximates the Hessian in the methods `bqnls`, `bqnkls`, `bqnktr`,
    /// `bqnktl`. Logically collective. Default: BFGS. Option: `-tao_bqnk_mat_type`.
    ///
    /// The matrix must be created with [`Matrix::lmvm`](crate::Matrix::lmvm) and have a symmetric
    /// type. Call this method before the first solve. If the matrix may be indefinite (SR1), call
    /// this method also before [`set_from_options`](Self::set_from_options).
    ///
    /// # Errors
    /// `ARG_WRONG` for other methods and for other types of matrices; `ORDER` after the first
    /// solve. [`solve`](Self::solve) checks that the matrix fits.
    #[wraps(TaoSetLMVMMatrix)]
    pub fn set_lmvm_matrix(&mut self, matrix: &MatrixRef) -> Result<()> {
        self.lmvm_matrix()?;
        self.before_first_solve()?;
        let kind = matrix.type_name()?.unwrap_or_default();
        if !kind.starts_with("lmvm") || matrix.symmetric_known()? != Some(true) {
            let text = format!(
                "a matrix of type {kind} is not a symmetric quasi-Newton matrix: create one with Matrix::lmvm"
            );
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        let shape = sizes::shape(matrix, matrix)?;
        // SAFETY: live objects, of which the optimizer takes a reference; it has such a type (above).
        unsafe { call!(TaoSetLMVMMatrix(*self.busy()?, matrix.as_ptr())) }?;
        self.note(|sizes| sizes.start = Some(shape))
    }

    fn before_first_solve(&self) -> Result<()> {
        if self.solution()?.is_none() {
            return Ok(());
        }
        let text = "the approximation of the Hessian cannot change after the first solve";
        Err(Error::new(ErrorCode::ORDER, text))
    }

    /// Sets the initial approximation of the Hessian for `lmvm` and `blmvm`. Call this method
    /// before the first solve. Logically collective. Default: a multiple of the identity.
    ///
    /// # Errors
    /// `ARG_WRONG` for other methods; `ORDER` after the first solve. [`solve`](Self::solve) checks
    /// that the matrix fits.
    #[wraps(TaoLMVMSetH0)]
    pub fn set_lmvm_h0(&mut self, h0: &MatrixRef) -> Result<()> {
        type_among(self, &["lmvm", "blmvm"], "set_lmvm_h0")?;
        self.before_first_solve()?;
        h0.check_square()?;
        let shape = sizes::shape(h0, h0)?;
        // SAFETY: live objects, of which the optimizer takes a reference.
        unsafe { call!(TaoLMVMSetH0(*self.busy()?, h0.as_ptr())) }?;
        self.note(|sizes| sizes.start = Some(shape))
    }

    /// Whether a solve starts with the quasi-Newton history of the previous solve.
    #[setting(TaoSetRecycleHistory, TaoGetRecycleHistory)]
    #[option("-tao_recycle_history", default = "false")]
    pub fn set_recycle_history(recycle_history: bool);

    /// Whether a solve with `lmvm` or `blmvm` starts with the quasi-Newton history of the previous
    /// solve.
    ///
    /// These methods have their own setting, separate from
    /// [`set_recycle_history`](Self::set_recycle_history).
    #[setting(TaoLMVMRecycle)]
    #[types("lmvm", "blmvm")]
    #[option("-tao_lmvm_recycle", "-tao_blmvm_recycle", default = "no")]
    pub fn set_lmvm_recycle(lmvm_recycle: bool);
}
