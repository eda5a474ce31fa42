//! Settings of small preconditioner types. Types without a setting ignore it.

use std::ptr;

use petsc_macros::{setting, wraps};

use super::{CompositeType, Pc, PcRef, PcType};
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::Matrix;
use crate::object::Loan;
use crate::{Real, Scalar, call, ffi, sys};

c_enum! {
    /// The values by which Jacobi divides.
    #[doc(alias = "PCJacobiType")]
    JacobiType of PCJacobiType;
    /// The diagonal, the default.
    Diagonal = PC_JACOBI_DIAGONAL,
    /// The largest absolute value in each row.
    RowMax = PC_JACOBI_ROWMAX,
    /// The sum of each row.
    RowSum = PC_JACOBI_ROWSUM,
}

impl PcRef {
    /// Returns the quasi-Newton matrix of `lmvm`, whose inverse the preconditioner applies. TAO
    /// solvers update this matrix. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(PCLMVMGetMatLMVM)]
    #[track_caller]
    pub fn lmvm_matrix(&self) -> Result<Loan<'_, Matrix>> {
        crate::not_collective!();
        self.expect_type(&["lmvm"])?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live preconditioner of such a type and a valid out-pointer.
        unsafe { call!(PCLMVMGetMatLMVM(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: a live matrix.
        Ok(Loan::new(unsafe { Matrix::retain(raw) }?))
    }

    /// The values by which `jacobi` divides.
    #[setting(PCJacobiSetType, composed)]
    #[option("-pc_jacobi_type", default = "the diagonal")]
    pub fn set_jacobi_type(jacobi_type: JacobiType);

    /// Whether `jacobi` divides by absolute values.
    #[setting(PCJacobiSetUseAbs, composed)]
    #[option("-pc_jacobi_abs", default = "false")]
    pub fn set_jacobi_absolute(jacobi_absolute: bool);

    /// Sets the relaxation factor ω of `sor`. Logically collective. Default: 1. Option:
    /// `-pc_sor_omega`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` unless `0 < ω < 2`.
    #[wraps(PCSORSetOmega)]
    pub fn set_sor_omega(&mut self, omega: Real) -> Result<()> {
        if !(omega > 0.0 && omega < 2.0) {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!("the relaxation factor must lie between 0 and 2, got {omega}"),
            ));
        }
        // SAFETY: a live preconditioner.
        unsafe { call!(PCSORSetOmega(*self.busy()?, omega)) }
    }

    /// Sets the number of sweeps of `sor`, and the number of local sweeps on each rank in one of
    /// them. Logically collective. Default: 1, 1. Options: `-pc_sor_its`, `-pc_sor_lits`.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if a number does not fit.
    #[wraps(PCSORSetIterations)]
    pub fn set_sor_iterations(&mut self, global: usize, local: usize) -> Result<()> {
        let (global, local) = (ffi::petsc_int(global)?, ffi::petsc_int(local)?);
        // SAFETY: a live preconditioner.
        unsafe { call!(PCSORSetIterations(*self.busy()?, global, local)) }
    }

    /// Sets the preconditioner of hypre: `boomeramg`, `euclid`, `pilut`, `parasails`, `ams` or
    /// `ads`. Collective. Default: `boomeramg`. Option: `-pc_hypre_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` for another name; `ARG_WRONGSTATE` if the type is not `hypre`, or if its
    /// preconditioner is chosen already.
    #[wraps(PCHYPRESetType)]
    pub fn set_hypre_type(&mut self, name: &str) -> Result<()> {
        self.expect_type(&["hypre"])?;
        let name = ffi::c_string(name)?;
        #[cfg(petsc_have_hypre)]
        // SAFETY: a live preconditioner of type `hypre`; PETSc copies the name.
        let outcome = unsafe { call!(PCHYPRESetType(*self.busy()?, name.as_ptr())) };
        #[cfg(not(petsc_have_hypre))]
        let outcome = {
            // A build without hypre has no preconditioner of that type (checked above).
            drop(name);
            Ok(())
        };
        outcome
    }

    /// Adds a preconditioner to `composite`. Its options begin with `-sub_N_`. Collective. Option:
    /// `-pc_composite_pcs`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` for an unknown type.
    #[wraps(PCCompositeAddPCType)]
    pub fn add_composite(&mut self, kind: PcType<'_>) -> Result<()> {
        self.expect_type(&["composite"])?;
        // SAFETY: a live preconditioner of type `composite`; the name is NUL-terminated.
        unsafe {
            call!(PetscRsPCCompositeAddType(
                *self.busy()?,
                kind.name().as_ptr()
            ))
        }
    }

    /// Returns the number of preconditioners in `composite`. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the type is not `composite`.
    #[wraps(PCCompositeGetNumberPC)]
    pub fn composite_len(&self) -> Result<usize> {
        crate::not_collective!();
        self.expect_type(&["composite"])?;
        let mut n = 0;
        // SAFETY: a live preconditioner of type `composite` and a valid out-pointer.
        unsafe { call!(PCCompositeGetNumberPC(self.as_ptr(), &raw mut n)) }?;
        ffi::size(n)
    }

    /// Returns the preconditioner of this number in `composite`. Not collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `composite` has no preconditioner with this number.
    #[wraps(PCCompositeGetPC)]
    #[track_caller]
    pub fn composite(&self, i: usize) -> Result<Pc> {
        crate::not_collective!();
        let n = self.composite_len()?;
        if i >= n {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!("preconditioner {i} lies outside 0..{n}"),
            ));
        }
        let (i, mut raw) = (ffi::petsc_int(i)?, ptr::null_mut());
        // SAFETY: a live `composite` with that many members and a valid out-pointer.
        unsafe { call!(PCCompositeGetPC(self.as_ptr(), i, &raw mut raw)) }?;
        // SAFETY: a live preconditioner.
        unsafe { Pc::part_of(self, raw) }
    }

    /// Sets how `composite` combines its preconditioners. Logically collective. Default: additive.
    /// Option: `-pc_composite_type`.
    ///
    /// # Errors
    /// `ARG_WRONG` for a combination that only `fieldsplit` has.
    #[wraps(PCCompositeSetType)]
    pub fn set_composite_type(&mut self, kind: CompositeType) -> Result<()> {
        if matches!(kind, CompositeType::Schur | CompositeType::Gkb) {
            return Err(Error::new(
                ErrorCode::ARG_WRONG,
                "only fieldsplit has this combination",
            ));
        }
        // SAFETY: a live preconditioner and a value of the enum.
        unsafe { call!(PCCompositeSetType(*self.busy()?, kind.to_raw())) }
    }

    /// Sets the α of the term `α·I` in a `composite` of type special. Logically collective.
    ///
    /// # Errors
    /// The errors of `PCCompositeSpecialSetAlpha`.
    #[wraps(PCCompositeSpecialSetAlpha)]
    pub fn set_composite_alpha(&mut self, alpha: Scalar) -> Result<()> {
        // SAFETY: a live preconditioner; the scalar is read during the call.
        unsafe {
            call!(PetscRsPCCompositeSpecialSetAlpha(
                *self.busy()?,
                &raw const alpha
            ))
        }
    }

    /// Sets the number of groups of ranks in `redundant`. Each group solves the whole system.
    /// Logically collective. Default: each rank is a group. Option: `-pc_redundant_number`.
    ///
    /// # Errors
    /// `ARG_WRONG` for 0; `ARG_WRONGSTATE` if the type is not `redundant`.
    #[wraps(PCRedundantSetNumber)]
    pub fn set_redundant_groups(&mut self, groups: usize) -> Result<()> {
        self.expect_type(&["redundant"])?;
        let n = ffi::petsc_int(groups)?;
        // SAFETY: a live preconditioner of type `redundant`; PETSc checks the number.
        unsafe { call!(PCRedundantSetNumber(*self.busy()?, n)) }
    }
}
