//! Tolerances and limits.

use petsc_macros::{getter, setting, wraps};

use super::TaoRef;
use crate::error::Result;
use crate::ffi::range::{not_nan, not_negative};
use crate::setting::Setting;
use crate::{Real, call, ffi};

/// Stopping criteria of an optimizer, see [`TaoRef::set_tolerances`].
///
/// Values that are not set keep their current value. A method may have its own defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tolerances {
    /// `‖g(x)‖`. Default: 1e-8. Option: `-tao_gatol`.
    pub gatol: Setting<Real>,
    /// `‖g(x)‖ / |f(x)|`. Default: 1e-8. Option: `-tao_grtol`.
    pub grtol: Setting<Real>,
    /// `‖g(x)‖ / ‖g(x₀)‖`. Default: 0. Option: `-tao_gttol`.
    pub gttol: Setting<Real>,
    /// Norm of the constraint violation. Default: 1e-8. Option: `-tao_catol`.
    pub catol: Setting<Real>,
    /// Relative norm of the constraint violation. Default: 1e-8. Option: `-tao_crtol`.
    pub crtol: Setting<Real>,
    /// Maximum number of iterations. Default: 10000. Option: `-tao_max_it`.
    pub max_iterations: Setting<usize>,
    /// Maximum number of function evaluations. Default: 10000, or unlimited since 3.20. Option:
    /// `-tao_max_funcs`.
    pub max_evaluations: Setting<usize>,
}

/// The current tolerances, see [`TaoRef::tolerances`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CurrentTolerances {
    /// `‖g(x)‖`.
    pub gatol: Real,
    /// `‖g(x)‖ / |f(x)|`.
    pub grtol: Real,
    /// `‖g(x)‖ / ‖g(x₀)‖`.
    pub gttol: Real,
    /// Norm of the constraint violation.
    pub catol: Real,
    /// Relative norm of the constraint violation.
    pub crtol: Real,
    /// Maximum number of iterations.
    pub max_iterations: usize,
    /// Maximum number of function evaluations, `None` if there is no limit.
    pub max_evaluations: Option<usize>,
}

impl TaoRef {
    /// Sets the stopping criteria. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a negative number; `INT_OVERFLOW` if a limit does not fit into
    /// `PetscInt`.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::{Tao, tao::Tolerances};
    /// let mut tao = Tao::new(comm)?;
    /// tao.set_tolerances(Tolerances { gatol: 1e-10.into(), max_iterations: 50.into(), ..Default::default() })?;
    /// assert_eq!(tao.tolerances()?.max_iterations, 50);
    /// # Ok(()) })
    /// ```
    #[wraps(
        TaoSetTolerances,
        TaoSetConstraintTolerances,
        TaoSetMaximumIterations,
        TaoSetMaximumFunctionEvaluations
    )]
    pub fn set_tolerances(&mut self, tolerances: Tolerances) -> Result<()> {
        let new = tolerances;
        let (gatol, grtol) = (new.gatol.tolerance()?, new.grtol.tolerance()?);
        let gttol = new.gttol.tolerance()?;
        let (catol, crtol) = (new.catol.tolerance()?, new.crtol.tolerance()?);
        // SAFETY: a live optimizer.
        unsafe { call!(TaoSetTolerances(self.as_ptr(), gatol, grtol, gttol)) }?;
        // SAFETY: as above.
        unsafe { call!(TaoSetConstraintTolerances(self.as_ptr(), catol, crtol)) }?;
        if let Setting::Value(n) = new.max_iterations {
            let n = ffi::petsc_int(n)?;
            // SAFETY: as above.
            unsafe { call!(TaoSetMaximumIterations(self.as_ptr(), n)) }?;
        }
        if let Setting::Value(n) = new.max_evaluations {
            let n = ffi::petsc_int(n)?;
            // SAFETY: as above.
            unsafe { call!(TaoSetMaximumFunctionEvaluations(self.as_ptr(), n)) }?;
        }
        Ok(())
    }

    /// Returns the current tolerances.
    ///
    /// # Errors
    /// The errors of `TaoGetTolerances`, `TaoGetConstraintTolerances`, `TaoGetMaximumIterations`
    /// and `TaoGetMaximumFunctionEvaluations`.
    #[wraps(
        TaoGetTolerances,
        TaoGetConstraintTolerances,
        TaoGetMaximumIterations,
        TaoGetMaximumFunctionEvaluations,
        not_collective
    )]
    pub fn tolerances(&self) -> Result<CurrentTolerances> {
        let (gatol, grtol, gttol) = self.gradient_tolerances()?;
        let (catol, crtol) = self.constraint_tolerances()?;
        let mut evaluations = 0;
        let out = &raw mut evaluations;
        // SAFETY: a live optimizer and a valid out-pointer.
        unsafe { call!(TaoGetMaximumFunctionEvaluations(self.as_ptr(), out)) }?;
        Ok(CurrentTolerances {
            gatol,
            grtol,
            gttol,
            catol,
            crtol,
            max_iterations: self.max_iterations()?,
            max_evaluations: usize::try_from(evaluations).ok(),
        })
    }

    #[getter(TaoGetTolerances)]
    fn gradient_tolerances() -> (Real, Real, Real);

    #[getter(TaoGetConstraintTolerances)]
    fn constraint_tolerances() -> (Real, Real);

    #[getter(TaoGetMaximumIterations)]
    fn max_iterations() -> usize;

    /// The objective value below which a solve has converged.
    #[setting(TaoSetFunctionLowerBound, TaoGetFunctionLowerBound, check = not_nan)]
    #[option("-tao_fmin", default = "none")]
    pub fn set_function_lower_bound(function_lower_bound: Real);

    /// The initial radius of the trust region.
    #[setting(
        TaoSetInitialTrustRegionRadius,
        TaoGetInitialTrustRegionRadius,
        check = not_negative
    )]
    #[option("-tao_trust0", default = "depends on the method")]
    pub fn set_initial_trust_region_radius(initial_trust_region_radius: Real);

    /// Returns the current radius of the trust region.
    #[getter(TaoGetCurrentTrustRegionRadius)]
    pub fn trust_region_radius() -> Real;
}
