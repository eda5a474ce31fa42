//! Nonlinear multigrid: the full approximation scheme. All methods of this module require a solver
//! of type `fas`. For others they return `ARG_WRONG`, since C would misinterpret the private data
//! of the method.

use std::ptr;

use petsc_macros::{getter, setting, wraps};

use super::{Snes, SnesRef};
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{Int, call, ffi, sys};

c_enum! {
    /// The order in which the levels are visited, see [`SnesRef::set_fas_type`].
    #[doc(alias = "SNESFASType")]
    FasType of SNESFASType;
    /// Multiplicative: down and up, with smoothing on each level. The default.
    Multiplicative = SNES_FAS_MULTIPLICATIVE,
    /// Additive: all levels at once.
    Additive = SNES_FAS_ADDITIVE,
    /// Full: from the coarsest level up, with a cycle from each finer level.
    Full = SNES_FAS_FULL,
    /// Cascadic: from the coarsest level up, with smoothing on each level.
    Kaskade = SNES_FAS_KASKADE,
}

macro_rules! transfers {
    ($($(#[$doc:meta])* $name:ident: $function:ident($kind:ty), $text:literal;)*) => {
        impl SnesRef {$(
            $(#[$doc])*
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` for level 0, which is the coarsest, or for a level that does not
            /// exist.
            #[doc(alias = $text)]
            pub fn $name(&mut self, level: usize, transfer: &$kind) -> Result<()> {
                let level = self.check_fas_level(level, 1)?;
                // SAFETY: a live solver of type FAS with this level (above); PETSc takes a reference.
                unsafe { call!($function(*self.busy()?, level, transfer.as_ptr())) }
            }
        )*}
    };
}

transfers! {
    /// Sets the interpolation of corrections from level `level − 1` to `level`. Logically
    /// collective. Default: from the DM.
    set_fas_interpolation: SNESFASSetInterpolation(MatrixRef), "SNESFASSetInterpolation";
    /// Sets the restriction of residuals from `level` to `level − 1`. Logically collective.
    /// Default: the transpose of the interpolation.
    set_fas_restriction: SNESFASSetRestriction(MatrixRef), "SNESFASSetRestriction";
    /// Sets the injection, which transfers the solution from `level` to `level − 1`. Logically
    /// collective. Default: from the DM, otherwise the scaled restriction.
    set_fas_injection: SNESFASSetInjection(MatrixRef), "SNESFASSetInjection";
    /// Sets the scaling of the restriction with which it preserves constants, as a vector on level
    /// `level − 1`. Logically collective. Default: from the DM.
    set_fas_rscale: SNESFASSetRScale(VectorRef), "SNESFASSetRScale";
}

impl SnesRef {
    /// The number of cycles on each coarser level for one on the next finer level: 1 is a V-cycle,
    /// 2 a W-cycle.
    #[setting(SNESFASSetCycles, require = check_fas)]
    #[option("-snes_fas_cycles", default = "1")]
    pub fn set_fas_cycles(fas_cycles: usize);

    /// The number of smoothing steps before coarse corrections.
    #[setting(SNESFASSetNumberSmoothDown, require = check_fas)]
    #[option("-snes_fas_smoothdown", default = "1")]
    pub fn set_fas_smooth_down(fas_smooth_down: usize);

    /// The number of smoothing steps after coarse corrections.
    #[setting(SNESFASSetNumberSmoothUp, require = check_fas)]
    #[option("-snes_fas_smoothup", default = "1")]
    pub fn set_fas_smooth_up(fas_smooth_up: usize);

    /// Whether coarse levels use the function of the finest level, between interpolation and
    /// restriction.
    #[setting(SNESFASSetGalerkin, SNESFASGetGalerkin)]
    #[types("fas")]
    #[option("-snes_fas_galerkin", default = "false")]
    pub fn set_fas_galerkin(fas_galerkin: bool);

    /// Whether the full cycle smooths on the way to the coarsest level.
    #[setting(SNESFASFullSetDownSweep)]
    #[types("fas")]
    #[option("-snes_fas_full_downsweep", default = "false")]
    pub fn set_fas_full_down(fas_full_down: bool);

    /// Whether the full cycle interpolates solutions instead of corrections.
    #[setting(SNESFASFullSetTotal, SNESFASFullGetTotal)]
    #[types("fas")]
    #[option("-snes_fas_full_total", default = "false")]
    pub fn set_fas_full_total(fas_full_total: bool);

    /// Returns whether this is the solver of the finest level.
    #[getter(SNESFASCycleIsFine)]
    #[types("fas")]
    pub fn fas_is_fine() -> bool;
}

macro_rules! solvers {
    ($($(#[$doc:meta])* $name:ident: $function:ident, $text:literal;)*) => {
        impl SnesRef {$(
            $(#[$doc])*
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` if the level does not exist.
            #[doc(alias = $text)]
            #[track_caller]
            pub fn $name(&self, level: usize) -> Result<Snes> {
                let level = self.check_fas_level(level, 0)?;
                let mut raw = ptr::null_mut();
                // SAFETY: a live solver of type FAS with this level (above), and a valid out-pointer.
                unsafe { call!($function(self.as_ptr(), level, &raw mut raw)) }?;
                // SAFETY: a live solver.
                unsafe { Snes::part_of(self, raw) }
            }
        )*}
    };
}

solvers! {
    /// Returns the smoother of a level, for both directions. Level 0 is the coarsest. Collective.
    fas_smoother: SNESFASGetSmoother, "SNESFASGetSmoother";
    /// Returns the pre-smoother of a level, used on the way down. From this call on, it differs
    /// from the post-smoother. Collective.
    fas_smoother_down: SNESFASGetSmootherDown, "SNESFASGetSmootherDown";
    /// Returns the post-smoother of a level, used on the way up. From this call on, it differs from
    /// the pre-smoother. Collective.
    fas_smoother_up: SNESFASGetSmootherUp, "SNESFASGetSmootherUp";
}

impl SnesRef {
    /// Sets the number of levels. [`set_dm`](Self::set_dm) sets the DM of the finest level.
    /// Collective. Default: the number of refinements of the DM plus one. Option:
    /// `-snes_fas_levels`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for 0.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::SnesType;
    /// use petsc_rs::snes::FasType;
    /// let mut snes = petsc_rs::Snes::new(comm)?;
    /// snes.set_type(SnesType::FAS)?;
    /// snes.set_fas_levels(3)?;
    /// snes.set_fas_type(FasType::Full)?;
    /// snes.fas_coarse_solver()?.set_type(SnesType::NEWTONLS)?;
    /// assert_eq!(snes.fas_levels()?, 3);
    /// # Ok(()) })
    /// ```
    #[wraps(SNESFASSetLevels)]
    pub fn set_fas_levels(&mut self, levels: usize) -> Result<()> {
        self.check_fas()?;
        if levels == 0 {
            let text = "nonlinear multigrid needs at least one level, got 0";
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        let levels = ffi::petsc_int(levels)?;
        // SAFETY: a live solver of type FAS (above); NULL puts all levels on its ranks.
        unsafe { call!(SNESFASSetLevels(*self.busy()?, levels, ptr::null_mut())) }
    }

    /// Returns the number of levels. Not collective.
    ///
    /// # Errors
    /// The errors of `SNESFASGetLevels`.
    #[wraps(SNESFASGetLevels)]
    pub fn fas_levels(&self) -> Result<usize> {
        crate::not_collective!();
        self.check_fas()?;
        let mut levels = 0;
        // SAFETY: a live solver of type FAS (above) and a valid out-pointer.
        unsafe { call!(SNESFASGetLevels(self.as_ptr(), &raw mut levels)) }?;
        ffi::size(levels)
    }

    /// Sets the order in which the levels are visited. Logically collective. Option:
    /// `-snes_fas_type`.
    ///
    /// # Errors
    /// The errors of `SNESFASSetType`.
    #[wraps(SNESFASSetType)]
    pub fn set_fas_type(&mut self, kind: FasType) -> Result<()> {
        self.check_fas()?;
        // SAFETY: a live solver of type FAS (above).
        unsafe { call!(SNESFASSetType(*self.busy()?, kind.to_raw())) }
    }

    /// Returns the order in which the levels are visited, see [`set_fas_type`](Self::set_fas_type).
    /// Not collective.
    ///
    /// # Errors
    /// The errors of `SNESFASGetType`.
    #[wraps(SNESFASGetType)]
    pub fn fas_type(&self) -> Result<FasType> {
        crate::not_collective!();
        self.check_fas()?;
        let mut raw = sys::SNES_FAS_MULTIPLICATIVE;
        // SAFETY: a live solver of type FAS (above) and a valid out-pointer.
        unsafe { call!(SNESFASGetType(self.as_ptr(), &raw mut raw)) }?;
        FasType::try_from(raw)
    }

    /// Returns the solver of the coarsest level. Collective.
    ///
    /// # Errors
    /// The errors of `SNESFASGetCoarseSolve`.
    #[wraps(SNESFASGetCoarseSolve)]
    #[track_caller]
    pub fn fas_coarse_solver(&self) -> Result<Snes> {
        self.check_fas_level(0, 0)?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver of type FAS with levels (above), and a valid out-pointer.
        unsafe { call!(SNESFASGetCoarseSolve(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: a live solver.
        unsafe { Snes::part_of(self, raw) }
    }

    fn check_fas(&self) -> Result<()> {
        self.check_method("fas")
    }

    /// Returns the level for C, if the solver has it.
    fn check_fas_level(&self, level: usize, lowest: usize) -> Result<Int> {
        let levels = self.fas_levels()?;
        if !(lowest..levels).contains(&level) {
            let text = format!("level {level} lies outside {lowest}..{levels}");
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        ffi::petsc_int(level)
    }
}
