//! Settings of the factorizations `lu`, `cholesky`, `ilu`, `icc` and `qr`. Preconditioners of other
//! types ignore these settings.

use petsc_macros::{setting, wraps};

use super::PcRef;
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::range::not_negative;
use crate::matrix::{Matrix, SolverType};
use crate::object::{Loan, type_among};
use crate::{Real, call, ffi, get_raw, sys};

c_enum! {
    /// Treatment of small pivots in a factorization.
    #[doc(alias = "MatFactorShiftType")]
    ShiftType of MatFactorShiftType;
    /// No shift: a zero pivot is an error.
    None = MAT_SHIFT_NONE,
    /// Adds a number to each pivot that is too small.
    Nonzero = MAT_SHIFT_NONZERO,
    /// Adds a number to the diagonal and increases it until the factorization is positive definite.
    PositiveDefinite = MAT_SHIFT_POSITIVE_DEFINITE,
    /// Adds a number to each pivot that is too small, inside the dense diagonal blocks of a block
    /// matrix.
    InBlocks = MAT_SHIFT_INBLOCKS,
}

impl PcRef {
    /// Sets the library that computes the factorization. Logically collective. Default: PETSc on
    /// one rank; on more ranks, the first suitable library of the build. Option:
    /// `-pc_factor_mat_solver_type`.
    ///
    /// If the build does not have the library, or the library does not support this matrix and
    /// factorization, [`set_up`](Self::set_up) returns an error that names the library.
    #[wraps(PCFactorSetMatSolverType)]
    pub fn set_factor_solver(&mut self, solver: SolverType<'_>) -> Result<()> {
        // SAFETY: a live preconditioner; the name is NUL-terminated.
        unsafe { call!(PCFactorSetMatSolverType(*self.busy()?, solver.as_ptr())) }
    }

    /// Returns the library that computes the factorization, or `None` if no library is selected
    /// yet.
    #[wraps(PCFactorGetMatSolverType, not_collective)]
    pub fn factor_solver(&self) -> Result<Option<String>> {
        // SAFETY: a live preconditioner.
        let name = unsafe { get_raw!(PCFactorGetMatSolverType(self.as_ptr(), _)) }?;
        // SAFETY: NULL, or a name that lives as long as the preconditioner's type.
        Ok(unsafe { ffi::str_from_ptr(name) })
    }

    /// Returns the matrix that stores the factors.
    ///
    /// # Errors
    /// `ARG_WRONG` for a type that computes no factorization; `ARG_WRONGSTATE` before
    /// [`set_up`](Self::set_up).
    #[wraps(PCFactorGetMatrix, not_collective)]
    #[track_caller]
    pub fn factor_matrix(&self) -> Result<Loan<'_, Matrix>> {
        type_among(self, &["lu", "cholesky", "ilu", "icc", "qr"], "factor_matrix")?;
        // SAFETY: a live preconditioner that factors (above).
        let raw = unsafe { get_raw!(PCFactorGetMatrix(self.as_ptr(), _)) }?;
        if raw.is_null() {
            let text = "the factors do not exist before the setup: call set_up first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        // SAFETY: a live matrix.
        Ok(Loan::new(unsafe { Matrix::retain(raw) }?))
    }

    /// The levels of fill of an incomplete factorization.
    #[setting(
        PCFactorSetLevels,
        PCFactorGetLevels,
        composed,
        errors = "`ARG_WRONGSTATE` after the setup"
    )]
    #[option("-pc_factor_levels", default = "0")]
    pub fn set_factor_levels(factor_levels: usize);

    /// The expected fill: the ratio of the number of entries in the factors to the number in the
    /// matrix, at least 1.
    #[setting(PCFactorSetFill, composed, errors = "`ARG_OUTOFRANGE` below 1")]
    #[option("-pc_factor_fill", default = "5 (complete), 1 (incomplete)")]
    pub fn set_factor_fill(factor_fill: Real);

    /// The treatment of small pivots.
    #[setting(PCFactorSetShiftType, PCFactorGetShiftType, composed)]
    #[option("-pc_factor_shift_type", default = "depends on the type")]
    pub fn set_factor_shift(factor_shift: ShiftType);

    /// The number that the shift adds to pivots or to the diagonal.
    #[setting(PCFactorSetShiftAmount, PCFactorGetShiftAmount, composed)]
    #[option("-pc_factor_shift_amount", default = "100 times the machine precision")]
    pub fn set_factor_shift_amount(factor_shift_amount: Real);

    /// The absolute value below which a pivot counts as zero.
    #[setting(PCFactorSetZeroPivot, PCFactorGetZeroPivot, composed)]
    #[option("-pc_factor_zeropivot", default = "100 times the machine precision")]
    pub fn set_factor_zero_pivot(factor_zero_pivot: Real);

    /// Sets the ordering of the rows before the factorization: `natural`, `nd`, `rcm`, `qmd`, `amd`
    /// or another name. Logically collective. Default: depends on the type. Option:
    /// `-pc_factor_mat_ordering_type`.
    ///
    /// # Errors
    /// An error if `name` contains a NUL byte. For an unknown ordering, [`set_up`](Self::set_up)
    /// returns an error.
    #[wraps(PCFactorSetMatOrderingType)]
    pub fn set_factor_ordering(&mut self, name: &str) -> Result<()> {
        let name = ffi::c_string(name)?;
        // SAFETY: a live preconditioner; PETSc copies the name.
        unsafe { call!(PCFactorSetMatOrderingType(*self.busy()?, name.as_ptr())) }
    }

    /// The absolute value up to which a diagonal entry counts as zero. With this setting, `lu` and
    /// `ilu` permute the rows to remove such entries from the diagonal. Without it, they do not
    /// permute the rows for this purpose.
    #[setting(PCFactorReorderForNonzeroDiagonal, composed, check = not_negative)]
    #[option("-pc_factor_nonzeros_along_diagonal")]
    pub fn factor_reorder_for_nonzero_diagonal(tolerance: Real);

    /// Whether the factorization overwrites the matrix.
    #[setting(PCFactorSetUseInPlace, PCFactorGetUseInPlace, composed)]
    #[option("-pc_factor_in_place", default = "false")]
    pub fn set_factor_in_place(factor_in_place: bool);

    /// Whether the factorization uses the ordering of the first factorization again when the matrix
    /// changes.
    #[setting(PCFactorSetReuseOrdering, composed)]
    #[option("-pc_factor_reuse_ordering", default = "false")]
    pub fn set_factor_reuse_ordering(factor_reuse_ordering: bool);

    /// Whether an incomplete factorization adds missing diagonal entries, as fill of level 0.
    #[setting(PCFactorSetAllowDiagonalFill, PCFactorGetAllowDiagonalFill, composed)]
    #[option("-pc_factor_diagonal_fill", default = "false")]
    pub fn set_factor_diagonal_fill(factor_diagonal_fill: bool);

    /// Whether an incomplete factorization uses the fill of the first factorization as the expected
    /// fill when the matrix changes.
    #[setting(PCFactorSetReuseFill, composed)]
    #[option("-pc_factor_reuse_fill", default = "false")]
    pub fn set_factor_reuse_fill(factor_reuse_fill: bool);

    /// Whether the factorization pivots (exchanges rows) within the blocks of a block matrix.
    #[setting(PCFactorSetPivotInBlocks, composed)]
    #[option("-pc_factor_pivot_in_blocks", default = "true")]
    pub fn set_factor_pivot_in_blocks(factor_pivot_in_blocks: bool);
}
