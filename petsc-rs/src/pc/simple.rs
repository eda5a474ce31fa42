//! Settings of the smaller types. A type that does not have a setting ignores it.

use std::ptr;

use petsc_macros::{setting, wraps};

use super::{CompositeType, Pc, PcRef, PcType};
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::Matrix;
use crate::object::Loan;
use crate::{Real, Scalar, call, ffi, sys};

c_enum! {
    /// What Jacobi divides by.
    #[doc(alias = "PCJacobiType")]
    JacobiType of PCJacobiType;
    /// The diagonal, the default.
    Diagonal = PC_JACOBI_DIAGONAL,
    /// The largest entry of each row, in size.
    RowMax = PC_JACOBI_ROWMAX,
    /// The sum of each row.
    RowSum = PC_JACOBI_ROWSUM,
}

impl PcRef {
    /// `lmvm`: the quasi-Newton matrix whose inverse it applies, which optimisers teach. Not collective.
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

    /// The diagonal that `jacobi` divides by.
    #[setting(PCJacobiSetType, composed)]
    #[option("-pc_jacobi_type", default = "the diagonal")]
    pub fn set_jacobi_type(jacobi_type: JacobiType);

    /// Whether `jacobi` divides by absolute values.
    #[setting(PCJacobiSetUseAbs, composed)]
    #[option("-pc_jacobi_abs", default = "false")]
    pub fn set_jacobi_absolute(jacobi_absolute: bool);

    /// `sor`: relaxation factor ω. Logically collective. Default: 1. Option: `-pc_sor_omega`.
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

    /// `sor`: number of sweeps, and of sweeps on each rank within one. Logically collective.
    /// Default: 1, 1. Options: `-pc_sor_its`, `-pc_sor_lits`.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if a number does not fit.
    #[wraps(PCSORSetIterations)]
    pub fn set_sor_iterations(&mut self, global: usize, local: usize) -> Result<()> {
        let (global, local) = (ffi::petsc_int(global)?, ffi::petsc_int(local)?);
        // SAFETY: a live preconditioner.
        unsafe { call!(PCSORSetIterations(*self.busy()?, global, local)) }
    }

    /// `hypre`: which of its preconditioners: `boomeramg`, `euclid`, `pilut`, `parasails`, `ams`,
    /// `ads`. Collective. Default: `boomeramg`. Option: `-pc_hypre_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` for another name; `ARG_WRONGSTATE` if the type is not `hypre`, or that
    /// was decided already.
    #[wraps(PCHYPRESetType)]
    pub fn set_hypre_type(&mut self, name: &str) -> Result<()> {
        self.expect_type(&["hypre"])?;
        let name = ffi::c_string(name)?;
        #[cfg(petsc_have_hypre)]
        // SAFETY: a live preconditioner of type `hypre`; PETSc copies the name.
        let outcome = unsafe { call!(PCHYPRESetType(*self.busy()?, name.as_ptr())) };
        #[cfg(not(petsc_have_hypre))]
        let outcome = {
            // A build without hypre has no preconditioner of that type, as seen above.
            drop(name);
            Ok(())
        };
        outcome
    }

    /// `composite`: adds a preconditioner, whose options begin with `-sub_N_`. Collective. Option:
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

    /// `composite`: number of preconditioners in it. Not collective.
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

    /// `composite`: one of the preconditioners in it. Not collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there is none of that number.
    #[wraps(PCCompositeGetPC)]
    #[track_caller]
    pub fn composite(&self, i: usize) -> Result<Pc> {
        crate::not_collective!();
        let n = self.composite_len()?;
        if i >= n {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!("preconditioner {i} is outside 0..{n}"),
            ));
        }
        let (i, mut raw) = (ffi::petsc_int(i)?, ptr::null_mut());
        // SAFETY: a live `composite` with that many members and a valid out-pointer.
        unsafe { call!(PCCompositeGetPC(self.as_ptr(), i, &raw mut raw)) }?;
        // SAFETY: a live preconditioner.
        unsafe { Pc::part_of(self, raw) }
    }

    /// `composite`: how they are combined. Logically collective. Default: additive. Option:
    /// `-pc_composite_type`.
    ///
    /// # Errors
    /// `ARG_WRONG` for a type of `fieldsplit` only.
    #[wraps(PCCompositeSetType)]
    pub fn set_composite_type(&mut self, kind: CompositeType) -> Result<()> {
        if matches!(kind, CompositeType::Schur | CompositeType::Gkb) {
            return Err(Error::new(
                ErrorCode::ARG_WRONG,
                "this combination belongs to fieldsplit",
            ));
        }
        // SAFETY: a live preconditioner and a value of the enum.
        unsafe { call!(PCCompositeSetType(*self.busy()?, kind.to_raw())) }
    }

    /// `composite` of type special: the α of `α·I` between the two. Logically collective.
    ///
    /// # Errors
    /// What `PCCompositeSpecialSetAlpha` returns.
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

    /// `redundant`: number of groups of ranks, each of which solves the whole system. Logically
    /// collective. Default: one group a rank. Option: `-pc_redundant_number`.
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
