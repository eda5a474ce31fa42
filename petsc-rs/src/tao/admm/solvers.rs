//! Inner optimizers of `admm`, and access to its data.

use std::ptr;

use petsc_macros::wraps;

use super::{AdmmRegularizer, AdmmUpdate, TaoRef};
use crate::error::Result;
use crate::object::Loan;
use crate::tao::Tao;
use crate::vector::Vector;
use crate::{Real, call, sys};

impl TaoRef {
    /// Returns the penalty. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `admm`.
    #[wraps(TaoADMMGetSpectralPenalty)]
    pub fn admm_spectral_penalty(&self) -> Result<Real> {
        crate::not_collective!();
        self.expect_type("admm")?;
        let mut mu = 0.0;
        // SAFETY: a live optimizer of this type and a valid out-pointer.
        unsafe { call!(TaoADMMGetSpectralPenalty(self.as_ptr(), &raw mut mu)) }?;
        Ok(mu)
    }

    /// Returns the multiplier of the constraint, `None` before the solve. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `admm`.
    #[wraps(TaoADMMGetDualVector)]
    #[track_caller]
    pub fn admm_dual(&self) -> Result<Option<Loan<'_, Vector>>> {
        crate::not_collective!();
        self.expect_type("admm")?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live optimizer of this type and a valid out-pointer.
        unsafe { call!(TaoADMMGetDualVector(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: NULL, or a live vector.
        let found = unsafe { Vector::retain_nullable(raw) }?;
        Ok(found.map(Loan::new))
    }

    /// Returns the method of the step over `z`. Call it before the solve. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `admm`; PETSc's error after the solve, which removes this
    /// setting.
    #[wraps(TaoADMMGetRegularizerType)]
    pub fn admm_regularizer_type(&self) -> Result<AdmmRegularizer> {
        crate::not_collective!();
        self.expect_type("admm")?;
        let mut raw = AdmmRegularizer::User.to_raw();
        // SAFETY: a live optimizer of this type and a valid out-pointer.
        unsafe { call!(TaoADMMGetRegularizerType(self.as_ptr(), &raw mut raw)) }?;
        raw.try_into()
    }

    /// Returns the update of the penalty. Call it before the solve. Not collective.
    ///
    /// # Errors
    /// The errors of [`admm_regularizer_type`](Self::admm_regularizer_type).
    #[wraps(TaoADMMGetUpdateType)]
    pub fn admm_update(&self) -> Result<AdmmUpdate> {
        crate::not_collective!();
        self.expect_type("admm")?;
        let mut raw = AdmmUpdate::Basic.to_raw();
        // SAFETY: a live optimizer of this type and a valid out-pointer.
        unsafe { call!(TaoADMMGetUpdateType(self.as_ptr(), &raw mut raw)) }?;
        raw.try_into()
    }

    /// Returns the inner optimizer over `x`. Its options have the prefix `misfit_`. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `admm`.
    #[wraps(TaoADMMGetMisfitSubsolver)]
    #[track_caller]
    pub fn admm_misfit_solver(&self) -> Result<Tao> {
        crate::not_collective!();
        // SAFETY: a live object.
        unsafe { Tao::part_of_method(self, self.raw_admm_misfit_solver()?) }
    }

    /// Returns the inner optimizer over `z`. Its options have the prefix `reg_`. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `admm`.
    #[wraps(TaoADMMGetRegularizationSubsolver)]
    #[track_caller]
    pub fn admm_regularizer_solver(&self) -> Result<Tao> {
        crate::not_collective!();
        // SAFETY: a live object.
        unsafe { Tao::part_of_method(self, self.raw_admm_regularizer_solver()?) }
    }

    /// Returns the outer optimizer in a closure of an inner optimizer of `admm`, `None` for other
    /// optimizers and after the solve. Not collective.
    ///
    /// # Errors
    /// The errors of `TaoGetADMMParentTao`.
    #[wraps(TaoGetADMMParentTao)]
    #[track_caller]
    pub fn admm_parent(&self) -> Result<Option<Tao>> {
        crate::not_collective!();
        let mut raw = ptr::null_mut();
        // SAFETY: a live optimizer and a valid out-pointer.
        unsafe { call!(TaoGetADMMParentTao(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: NULL, or a live optimizer.
        unsafe { Tao::retain_nullable(raw) }
    }

    pub(super) fn raw_admm_misfit_solver(&self) -> Result<sys::Tao> {
        self.expect_type("admm")?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live optimizer of this type and a valid out-pointer.
        unsafe { call!(TaoADMMGetMisfitSubsolver(self.as_ptr(), &raw mut raw)) }?;
        Ok(raw)
    }

    fn raw_admm_regularizer_solver(&self) -> Result<sys::Tao> {
        self.expect_type("admm")?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live optimizer of this type and a valid out-pointer.
        unsafe {
            call!(TaoADMMGetRegularizationSubsolver(
                self.as_ptr(),
                &raw mut raw
            ))
        }?;
        Ok(raw)
    }
}
