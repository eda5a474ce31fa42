//! The Eisenstat–Walker rule, which chooses tolerances for the linear solves of Newton's method.

use petsc_macros::{getter, wraps};

use super::SnesRef;
use crate::error::{Error, ErrorCode, Result};
use crate::setting::Setting;
use crate::{Int, Real, call, ffi, get_raw};

/// Formula of the next relative tolerance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EisenstatWalkerVersion {
    /// From the difference between the residual norm and its prediction by the last linear model.
    One = 1,
    /// From the ratio of the last two residual norms. The default.
    Two,
    /// Like version 2, with a different safeguard.
    Three,
    /// From the ratio of the actual to the predicted reduction of the residual norm, with different
    /// formulas for different ranges of this ratio (An, Mo and Liu).
    Four,
}

/// Parameters of the Eisenstat–Walker rule, see [`SnesRef::set_eisenstat_walker`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EisenstatWalker {
    /// The formula. Default: version 2. Option: `-snes_ksp_ew_version`.
    pub version: Setting<EisenstatWalkerVersion>,
    /// Initial tolerance, in [0, 1). Default: 0.3. Option: `-snes_ksp_ew_rtol0`.
    pub rtol_0: Setting<Real>,
    /// Largest tolerance, in [0, 1). Default: 0.9. Option: `-snes_ksp_ew_rtolmax`.
    pub rtol_max: Setting<Real>,
    /// Factor of version 2, in [0, 1]. Default: 1. Option: `-snes_ksp_ew_gamma`.
    pub gamma: Setting<Real>,
    /// Power of version 2, in (1, 2]. Default: (1 + √5)/2. Option: `-snes_ksp_ew_alpha`.
    pub alpha: Setting<Real>,
    /// Power of the safeguard. Default: (1 + √5)/2. Option: `-snes_ksp_ew_alpha2`.
    pub alpha2: Setting<Real>,
    /// Threshold of the safeguard, in (0, 1). Default: 0.1. Option: `-snes_ksp_ew_threshold`.
    pub threshold: Setting<Real>,
}

impl SnesRef {
    /// Chooses the relative tolerance of each linear solve with the Eisenstat–Walker rule and these
    /// parameters. Logically collective. Default: off. Option: `-snes_ksp_ew`.
    ///
    /// A solve with [`ksp`](Self::ksp) outside of a solve of this solver uses the tolerances of the
    /// linear solver.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a parameter out of its range.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::snes::EisenstatWalker;
    /// let mut snes = petsc_rs::Snes::new(comm)?;
    /// snes.set_eisenstat_walker(EisenstatWalker { rtol_0: 0.5.into(), ..Default::default() })?;
    /// assert!(snes.uses_eisenstat_walker()?);
    /// # Ok(()) })
    /// ```
    #[doc(alias("SNESKSPSetUseEW", "SNESKSPSetParametersEW"))]
    pub fn set_eisenstat_walker(&mut self, parameters: EisenstatWalker) -> Result<()> {
        let version = match parameters.version {
            Setting::Keep => ffi::DEFAULT,
            Setting::Value(version) => version as Int,
        };
        let rtol_0 = parameters.rtol_0.tolerance()?;
        let rtol_max = parameters.rtol_max.tolerance()?;
        let (gamma, alpha) = (parameters.gamma.tolerance()?, parameters.alpha.tolerance()?);
        let alpha2 = parameters.alpha2.tolerance()?;
        let threshold = parameters.threshold.tolerance()?;
        // SAFETY: a live solver; PETSc checks the ranges in every build.
        unsafe {
            call!(SNESKSPSetParametersEW(
                *self.busy()?,
                version,
                rtol_0,
                rtol_max,
                gamma,
                alpha,
                alpha2,
                threshold
            ))
        }?;
        // SAFETY: a live solver.
        unsafe { call!(SNESKSPSetUseEW(*self.busy()?, ffi::raw_bool(true))) }
    }

    /// Returns the parameters of the Eisenstat–Walker rule.
    ///
    /// # Errors
    /// `SUP` for a formula of a newer release of PETSc.
    #[wraps(SNESKSPGetParametersEW, not_collective)]
    pub fn eisenstat_walker(&self) -> Result<EisenstatWalker> {
        let snes = self.as_ptr();
        // SAFETY: a live solver.
        let (version, rtol_0, rtol_max, gamma, alpha, alpha2, threshold) =
            unsafe { get_raw!(SNESKSPGetParametersEW(snes, _, _, _, _, _, _, _)) }?;
        use EisenstatWalkerVersion::{Four, One, Three, Two};
        let known = [One, Two, Three, Four];
        let version = known.into_iter().find(|&known| known as Int == version);
        let version = version.ok_or_else(|| Error::new(ErrorCode::SUP, "unknown formula"))?;
        Ok(EisenstatWalker {
            version: Setting::Value(version),
            rtol_0: Setting::Value(rtol_0),
            rtol_max: Setting::Value(rtol_max),
            gamma: Setting::Value(gamma),
            alpha: Setting::Value(alpha),
            alpha2: Setting::Value(alpha2),
            threshold: Setting::Value(threshold),
        })
    }

    /// Restores the linear solver's own tolerances. Logically collective.
    #[wraps(SNESKSPSetUseEW)]
    pub fn unset_eisenstat_walker(&mut self) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(SNESKSPSetUseEW(*self.busy()?, ffi::raw_bool(false))) }
    }

    /// Returns whether the Eisenstat–Walker rule chooses the tolerance of the linear solver.
    #[getter(SNESKSPGetUseEW)]
    pub fn uses_eisenstat_walker() -> bool;
}
