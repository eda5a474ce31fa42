//! Inner optimizers of `admm`, and access to its data.

use std::ptr;

use petsc_macros::{getter, wraps};

use super::{AdmmRegularizer, AdmmUpdate, TaoRef};
use crate::error::Result;
use crate::object::{Loan, type_among};
use crate::tao::Tao;
use crate::vector::Vector;
use crate::{Real, call, sys};

impl TaoRef {
    /// Returns the penalty.
    #[getter(TaoADMMGetSpectralPenalty)]
    #[types("admm")]
    pub fn admm_spectral_penalty() -> Real;

    /// Returns the multiplier of the constraint, `None` before the solve. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `admm`.
    #[wraps(TaoADMMGetDualVector)]
    #[track_caller]
    pub fn admm_dual(&self) -> Result<Option<Loan<'_, Vector>>> {
        crate::not_collective!();
        type_among(self, &["admm"], "admm_dual")?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live optimizer of this type and a valid out-pointer.
        unsafe { call!(TaoADMMGetDualVector(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: NULL, or a live vector.
        let found = unsafe { Vector::retain_nullable(raw) }?;
        Ok(found.map(Loan::new))
    }

    /// Returns the method of the step over `z`. The solve removes this setting, so call this method
    /// before the solve.
    #[getter(TaoADMMGetRegularizerType)]
    #[types("admm")]
    pub fn admm_regularizer_type() -> AdmmRegularizer;

    /// Returns the update of the penalty. The solve removes this setting, so call this method
    /// before the solve.
    #[getter(TaoADMMGetUpdateType)]
    #[types("admm")]
    pub fn admm_update() -> AdmmUpdate;

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
        type_among(self, &["admm"], "admm_misfit_solver")?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live optimizer of this type and a valid out-pointer.
        unsafe { call!(TaoADMMGetMisfitSubsolver(self.as_ptr(), &raw mut raw)) }?;
        Ok(raw)
    }

    fn raw_admm_regularizer_solver(&self) -> Result<sys::Tao> {
        type_among(self, &["admm"], "admm_regularizer_solver")?;
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
