//! Inner optimizers of `admm`, and access to its data.

use petsc_macros::{getter, setting, wraps};

use super::{AdmmRegularizer, AdmmUpdate, TaoRef};
use crate::error::Result;
use crate::ffi::range::{finite_not_negative, finite_positive};
use crate::object::Loan;
use crate::tao::Tao;
use crate::vector::Vector;
use crate::{Real, sys};

impl TaoRef {
    /// The penalty `μ` of `½μ‖A·x + B·z − c‖²` in `admm`.
    #[setting(TaoADMMSetSpectralPenalty, TaoADMMGetSpectralPenalty, get = admm_spectral_penalty, check = finite_positive)]
    #[types("admm")]
    #[option("-tao_admm_spectral_penalty", default = "1")]
    pub fn set_admm_spectral_penalty(admm_spectral_penalty: Real);

    /// The lower bound of the penalty of `admm`.
    #[setting(TaoADMMSetMinimumSpectralPenalty, check = finite_not_negative)]
    #[types("admm")]
    #[option("-tao_admm_minimum_spectral_penalty", default = "0")]
    pub fn set_admm_minimum_spectral_penalty(minimum_penalty: Real);

    /// The coefficient `λ` of `λ‖z‖₁` in `admm`.
    #[setting(TaoADMMSetRegularizerCoefficient, check = finite_not_negative)]
    #[types("admm")]
    #[option("-tao_admm_regularizer_coefficient", default = "1e-4")]
    pub fn set_admm_regularizer_coefficient(regularizer_coefficient: Real);

    /// Returns the multiplier of the constraint, `None` before the solve.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `admm`.
    #[wraps(TaoADMMGetDualVector, not_collective)]
    #[track_caller]
    pub fn admm_dual(&self) -> Result<Option<Loan<'_, Vector>>> {
        // SAFETY: NULL, or a live vector.
        Ok(unsafe { Vector::retain_nullable(self.raw_admm_dual()?) }?.map(Loan::new))
    }

    /// The method for the minimization over `z` in `admm`. PETSc removes the access to this setting
    /// at the end of a solve: set and read it before the solve.
    #[setting(TaoADMMSetRegularizerType, TaoADMMGetRegularizerType)]
    #[types("admm")]
    #[option("-tao_admm_regularizer_type", default = "`SoftThreshold`")]
    pub fn set_admm_regularizer_type(admm_regularizer_type: AdmmRegularizer);

    /// The update of the penalty in `admm`. PETSc removes the access to this setting at the end of
    /// a solve: set and read it before the solve.
    #[setting(TaoADMMSetUpdateType, TaoADMMGetUpdateType)]
    #[types("admm")]
    #[option("-tao_admm_dual_update", default = "`Basic`")]
    pub fn set_admm_update(admm_update: AdmmUpdate);

    /// Returns the inner optimizer that minimizes over `x`. Its options have the prefix `misfit_`.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `admm`.
    #[wraps(TaoADMMGetMisfitSubsolver, not_collective)]
    #[track_caller]
    pub fn admm_misfit_solver(&self) -> Result<Tao> {
        // SAFETY: a live object.
        unsafe { Tao::part_of_method(self, self.raw_admm_misfit_solver()?) }
    }

    /// Returns the inner optimizer that minimizes over `z`. Its options have the prefix `reg_`.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `admm`.
    #[wraps(TaoADMMGetRegularizationSubsolver, not_collective)]
    #[track_caller]
    pub fn admm_regularizer_solver(&self) -> Result<Tao> {
        // SAFETY: a live object.
        unsafe { Tao::part_of_method(self, self.raw_admm_regularizer_solver()?) }
    }

    /// Returns the `admm` optimizer to which this inner optimizer belongs, for use in closures of
    /// the inner optimizer. Returns `None` for other optimizers and after the solve.
    #[wraps(TaoGetADMMParentTao, not_collective)]
    #[track_caller]
    pub fn admm_parent(&self) -> Result<Option<Tao>> {
        // SAFETY: NULL, or a live optimizer.
        unsafe { Tao::retain_nullable(self.raw_admm_parent()?) }
    }

    #[getter(TaoADMMGetMisfitSubsolver)]
    #[types("admm")]
    pub(super) fn raw_admm_misfit_solver() -> sys::Tao;

    #[getter(TaoADMMGetRegularizationSubsolver)]
    #[types("admm")]
    fn raw_admm_regularizer_solver() -> sys::Tao;

    #[getter(TaoADMMGetDualVector)]
    #[types("admm")]
    fn raw_admm_dual() -> sys::Vec;

    #[getter(TaoGetADMMParentTao)]
    fn raw_admm_parent() -> sys::Tao;
}
