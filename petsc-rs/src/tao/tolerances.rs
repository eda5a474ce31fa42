//! Tolerances and limits.

use petsc_macros::{getter, wraps};

use super::TaoRef;
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::range::not_negative;
use crate::setting::Setting;
use crate::{Real, call, ffi};

/// Stopping criteria of an optimizer, see [`TaoRef::set_tolerances`].
///
/// Values that are not set remain. A method may have its own defaults.
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
    /// `ARG_OUTOFRANGE` for a negative number; `INT_OVERFLOW` if a number of iterations does not
    /// fit.
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
        let (gatol, grtol, gttol) = (
            tolerances.gatol.tolerance()?,
            tolerances.grtol.tolerance()?,
            tolerances.gttol.tolerance()?,
        );
        let (catol, crtol) = (tolerances.catol.tolerance()?, tolerances.crtol.tolerance()?);
        // SAFETY: a live optimizer.
        unsafe { call!(TaoSetTolerances(self.as_ptr(), gatol, grtol, gttol)) }?;
        // SAFETY: as above.
        unsafe { call!(TaoSetConstraintTolerances(self.as_ptr(), catol, crtol)) }?;
        if let Setting::Value(n) = tolerances.max_iterations {
            let n = ffi::petsc_int(n)?;
            // SAFETY: as above.
            unsafe { call!(TaoSetMaximumIterations(self.as_ptr(), n)) }?;
        }
        if let Setting::Value(n) = tolerances.max_evaluations {
            let n = ffi::petsc_int(n)?;
            // SAFETY: as above.
            unsafe { call!(TaoSetMaximumFunctionEvaluations(self.as_ptr(), n)) }?;
        }
        Ok(())
    }

    /// Returns the current tolerances. Not collective.
    ///
    /// # Errors
    /// The errors of `TaoGetTolerances`, `TaoGetConstraintTolerances`, `TaoGetMaximumIterations`
    /// and `TaoGetMaximumFunctionEvaluations`.
    #[wraps(
        TaoGetTolerances,
        TaoGetConstraintTolerances,
        TaoGetMaximumIterations,
        TaoGetMaximumFunctionEvaluations
    )]
    pub fn tolerances(&self) -> Result<CurrentTolerances> {
        crate::not_collective!();
        let (mut gatol, mut grtol, mut gttol) = (0.0, 0.0, 0.0);
        // SAFETY: a live optimizer and valid out-pointers.
        unsafe {
            call!(TaoGetTolerances(
                self.as_ptr(),
                &raw mut gatol,
                &raw mut grtol,
                &raw mut gttol
            ))
        }?;
        let (mut catol, mut crtol) = (0.0, 0.0);
        // SAFETY: as above.
        unsafe {
            call!(TaoGetConstraintTolerances(
                self.as_ptr(),
                &raw mut catol,
                &raw mut crtol
            ))
        }?;
        let (mut iterations, mut evaluations) = (0, 0);
        // SAFETY: as above.
        unsafe { call!(TaoGetMaximumIterations(self.as_ptr(), &raw mut iterations)) }?;
        // SAFETY: as above.
        unsafe {
            call!(TaoGetMaximumFunctionEvaluations(
                self.as_ptr(),
                &raw mut evaluations
            ))
        }?;
        Ok(CurrentTolerances {
            gatol,
            grtol,
            gttol,
            catol,
            crtol,
            max_iterations: ffi::size(iterations)?,
            max_evaluations: usize::try_from(evaluations).ok(),
        })
    }

    /// Sets the objective value below which a solve has converged. Logically collective. Default:
    /// none. Option: `-tao_fmin`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a NaN.
    #[wraps(TaoSetFunctionLowerBound)]
    pub fn set_function_lower_bound(&mut self, bound: Real) -> Result<()> {
        if bound.is_nan() {
            let text = "the lower bound of the function must not be NaN";
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        // SAFETY: a live optimizer.
        unsafe { call!(TaoSetFunctionLowerBound(*self.busy()?, bound)) }
    }

    /// Returns the objective value below which a solve has converged.
    #[getter(TaoGetFunctionLowerBound)]
    pub fn function_lower_bound() -> Real;

    /// Sets the initial radius of the trust region. Logically collective. Default: depends on the
    /// method. Option: `-tao_trust0`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a negative number.
    #[wraps(TaoSetInitialTrustRegionRadius)]
    pub fn set_initial_trust_region_radius(&mut self, radius: Real) -> Result<()> {
        not_negative(radius, "the radius of the trust region")?;
        // SAFETY: a live optimizer.
        unsafe { call!(TaoSetInitialTrustRegionRadius(*self.busy()?, radius)) }
    }

    /// Returns the initial radius of the trust region.
    #[getter(TaoGetInitialTrustRegionRadius)]
    pub fn initial_trust_region_radius() -> Real;

    /// Returns the current radius of the trust region.
    #[getter(TaoGetCurrentTrustRegionRadius)]
    pub fn trust_region_radius() -> Real;
}
