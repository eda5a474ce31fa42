//! Factorisations: `lu`, `cholesky`, `ilu`, `icc`, `qr`. Other types ignore these settings.

use std::ptr;

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
    #[doc(alias = "PCFactorSetMatSolverType")]
    pub fn set_factor_solver(&mut self, solver: SolverType<'_>) -> Result<()> {
        // SAFETY: a live preconditioner; the name is NUL-terminated.
        unsafe { call!(PCFactorSetMatSolverType(*self.busy()?, solver.as_ptr())) }
    }

    /// Which library factors, `None` if that is not decided. Not collective.
    ///
    /// # Errors
    /// What `PCFactorGetMatSolverType` returns.
    #[doc(alias = "PCFactorGetMatSolverType")]
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
    #[doc(alias = "PCFactorGetMatrix")]
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

    /// Levels of fill of an incomplete factorisation. Logically collective. Default: 0. Option:
    /// `-pc_factor_levels`.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if the number does not fit; `ARG_WRONGSTATE` after set-up.
    #[doc(alias = "PCFactorSetLevels")]
    pub fn set_factor_levels(&mut self, levels: usize) -> Result<()> {
        let n = ffi::petsc_int(levels)?;
        // SAFETY: a live preconditioner.
        unsafe { call!(PCFactorSetLevels(*self.busy()?, n)) }
    }

    /// Expected fill: entries of the factors over entries of the matrix, at least 1. Logically
    /// collective. Default: 5 (complete), 1 (incomplete). Option: `-pc_factor_fill`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` below 1.
    #[doc(alias = "PCFactorSetFill")]
    pub fn set_factor_fill(&mut self, fill: Real) -> Result<()> {
        // SAFETY: a live preconditioner.
        unsafe { call!(PCFactorSetFill(*self.busy()?, fill)) }
    }

    /// What to do about small pivots. Logically collective. Default: by type. Option:
    /// `-pc_factor_shift_type`.
    ///
    /// # Errors
    /// What `PCFactorSetShiftType` returns.
    #[doc(alias = "PCFactorSetShiftType")]
    pub fn set_factor_shift(&mut self, shift: ShiftType) -> Result<()> {
        // SAFETY: a live preconditioner and a value of the enum.
        unsafe { call!(PCFactorSetShiftType(*self.busy()?, shift.to_raw())) }
    }

    /// How much to add to small pivots. Logically collective. Default: 100 times the machine
    /// precision. Option: `-pc_factor_shift_amount`.
    ///
    /// # Errors
    /// What `PCFactorSetShiftAmount` returns.
    #[doc(alias = "PCFactorSetShiftAmount")]
    pub fn set_factor_shift_amount(&mut self, amount: Real) -> Result<()> {
        // SAFETY: a live preconditioner.
        unsafe { call!(PCFactorSetShiftAmount(*self.busy()?, amount)) }
    }

    /// Size below which a pivot counts as zero. Logically collective. Default: 100 times the machine
    /// precision. Option: `-pc_factor_zeropivot`.
    ///
    /// # Errors
    /// What `PCFactorSetZeroPivot` returns.
    #[doc(alias = "PCFactorSetZeroPivot")]
    pub fn set_factor_zero_pivot(&mut self, size: Real) -> Result<()> {
        // SAFETY: a live preconditioner.
        unsafe { call!(PCFactorSetZeroPivot(*self.busy()?, size)) }
    }

    /// Name of the ordering of rows before factoring: `natural`, `nd`, `rcm`, `qmd`, `amd`, … .
    /// Logically collective. Default: by type. Option: `-pc_factor_mat_ordering_type`.
    ///
    /// # Errors
    /// A name with a NUL; an unknown ordering is an error of [`set_up`](Self::set_up).
    #[doc(alias = "PCFactorSetMatOrderingType")]
    pub fn set_factor_ordering(&mut self, name: &str) -> Result<()> {
        let name = ffi::c_string(name)?;
        // SAFETY: a live preconditioner; PETSc copies the name.
        unsafe { call!(PCFactorSetMatOrderingType(*self.busy()?, name.as_ptr())) }
    }

    /// Whether to factor in the memory of the matrix. Logically collective. Default: no. Option:
    /// `-pc_factor_in_place`.
    ///
    /// # Errors
    /// What `PCFactorSetUseInPlace` returns.
    #[doc(alias = "PCFactorSetUseInPlace")]
    pub fn set_factor_in_place(&mut self, on: bool) -> Result<()> {
        // SAFETY: a live preconditioner.
        unsafe { call!(PCFactorSetUseInPlace(*self.busy()?, ffi::raw_bool(on))) }
    }

    /// Whether to keep the ordering when the matrix changes. Logically collective. Default: no.
    /// Option: `-pc_factor_reuse_ordering`.
    ///
    /// # Errors
    /// What `PCFactorSetReuseOrdering` returns.
    #[doc(alias = "PCFactorSetReuseOrdering")]
    pub fn set_factor_reuse_ordering(&mut self, on: bool) -> Result<()> {
        // SAFETY: a live preconditioner.
        unsafe { call!(PCFactorSetReuseOrdering(*self.busy()?, ffi::raw_bool(on))) }
    }

    /// Whether an incomplete factorisation may fill an empty diagonal. Logically collective.
    /// Default: no. Option: `-pc_factor_diagonal_fill`.
    ///
    /// # Errors
    /// What `PCFactorSetAllowDiagonalFill` returns.
    #[doc(alias = "PCFactorSetAllowDiagonalFill")]
    pub fn set_factor_diagonal_fill(&mut self, on: bool) -> Result<()> {
        // SAFETY: a live preconditioner.
        unsafe {
            call!(PCFactorSetAllowDiagonalFill(
                *self.busy()?,
                ffi::raw_bool(on)
            ))
        }
    }
}
