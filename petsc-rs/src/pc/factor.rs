//! Factorisations: `lu`, `cholesky`, `ilu`, `icc`, `qr`. Other types ignore these settings.

use std::ptr;

use petsc_macros::{setting, wraps};

use super::PcRef;
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::{Matrix, SolverType};
use crate::object::Loan;
use crate::{Real, call, ffi, sys};

c_enum! {
    /// What a factorisation does about small pivots.
    #[doc(alias = "MatFactorShiftType")]
    ShiftType of MatFactorShiftType;
    /// Nothing: a zero pivot is an error.
    None = MAT_SHIFT_NONE,
    /// Adds a number to a pivot that is too small.
    Nonzero = MAT_SHIFT_NONZERO,
    /// Adds to the diagonal until the factorisation is positive definite.
    PositiveDefinite = MAT_SHIFT_POSITIVE_DEFINITE,
    /// Adds in the dense blocks of a block matrix.
    InBlocks = MAT_SHIFT_INBLOCKS,
}

impl PcRef {
    /// Which library factors. Logically collective. Default: PETSc on one rank, else the first that
    /// the build has. Option: `-pc_factor_mat_solver_type`.
    ///
    /// Whether the build has it for this matrix and factorisation is seen at
    /// [`set_up`](Self::set_up), whose error names it.
    ///
    /// # Errors
    /// What `PCFactorSetMatSolverType` returns.
    #[wraps(PCFactorSetMatSolverType)]
    pub fn set_factor_solver(&mut self, solver: SolverType<'_>) -> Result<()> {
        // SAFETY: a live preconditioner; the name is NUL-terminated.
        unsafe { call!(PCFactorSetMatSolverType(*self.busy()?, solver.as_ptr())) }
    }

    /// Which library factors, `None` if that is not decided. Not collective.
    ///
    /// # Errors
    /// What `PCFactorGetMatSolverType` returns.
    #[wraps(PCFactorGetMatSolverType)]
    pub fn factor_solver(&self) -> Result<Option<String>> {
        crate::not_collective!();
        let mut name = ptr::null();
        // SAFETY: a live preconditioner and a valid out-pointer.
        unsafe { call!(PCFactorGetMatSolverType(self.as_ptr(), &raw mut name)) }?;
        // SAFETY: NULL, or a name that lives as long as the preconditioner's type.
        Ok(unsafe { ffi::str_from_ptr(name) })
    }

    /// The factors. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before [`set_up`](Self::set_up), or for a type that does not factor.
    #[wraps(PCFactorGetMatrix)]
    #[track_caller]
    pub fn factor_matrix(&self) -> Result<Loan<'_, Matrix>> {
        crate::not_collective!();
        self.expect_type(&["lu", "cholesky", "ilu", "icc", "qr"])?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live preconditioner that factors (above) and a valid out-pointer.
        unsafe { call!(PCFactorGetMatrix(self.as_ptr(), &raw mut raw)) }?;
        if raw.is_null() {
            return Err(Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "the factors exist once the preconditioner is set up",
            ));
        }
        // SAFETY: a live matrix.
        Ok(Loan::new(unsafe { Matrix::retain(raw) }?))
    }

    /// The levels of fill of an incomplete factorization.
    #[setting(PCFactorSetLevels, composed, errors = "`ARG_WRONGSTATE` after set-up")]
    #[option("-pc_factor_levels", default = "0")]
    pub fn set_factor_levels(factor_levels: usize);

    /// The expected fill: the ratio of the entries of the factors to those of the matrix, at least 1.
    #[setting(PCFactorSetFill, composed, errors = "`ARG_OUTOFRANGE` below 1")]
    #[option("-pc_factor_fill", default = "5 (complete), 1 (incomplete)")]
    pub fn set_factor_fill(factor_fill: Real);

    /// The shift that is added to small pivots.
    #[setting(PCFactorSetShiftType, composed)]
    #[option("-pc_factor_shift_type", default = "by type")]
    pub fn set_factor_shift(factor_shift: ShiftType);

    /// The amount that is added to small pivots.
    #[setting(PCFactorSetShiftAmount, composed)]
    #[option("-pc_factor_shift_amount", default = "100 times the machine precision")]
    pub fn set_factor_shift_amount(factor_shift_amount: Real);

    /// The absolute value below which a pivot is zero.
    #[setting(PCFactorSetZeroPivot, composed)]
    #[option("-pc_factor_zeropivot", default = "100 times the machine precision")]
    pub fn set_factor_zero_pivot(factor_zero_pivot: Real);

    /// Name of the ordering of rows before factoring: `natural`, `nd`, `rcm`, `qmd`, `amd`, … .
    /// Logically collective. Default: by type. Option: `-pc_factor_mat_ordering_type`.
    ///
    /// # Errors
    /// A name with a NUL; an unknown ordering is an error of [`set_up`](Self::set_up).
    #[wraps(PCFactorSetMatOrderingType)]
    pub fn set_factor_ordering(&mut self, name: &str) -> Result<()> {
        let name = ffi::c_string(name)?;
        // SAFETY: a live preconditioner; PETSc copies the name.
        unsafe { call!(PCFactorSetMatOrderingType(*self.busy()?, name.as_ptr())) }
    }

    /// Whether the factorization overwrites the matrix.
    #[setting(PCFactorSetUseInPlace, composed)]
    #[option("-pc_factor_in_place", default = "false")]
    pub fn set_factor_in_place(factor_in_place: bool);

    /// Whether the ordering is reused when the matrix changes.
    #[setting(PCFactorSetReuseOrdering, composed)]
    #[option("-pc_factor_reuse_ordering", default = "false")]
    pub fn set_factor_reuse_ordering(factor_reuse_ordering: bool);

    /// Whether an incomplete factorization may fill an empty diagonal.
    #[setting(PCFactorSetAllowDiagonalFill, composed)]
    #[option("-pc_factor_diagonal_fill", default = "false")]
    pub fn set_factor_diagonal_fill(factor_diagonal_fill: bool);
}
