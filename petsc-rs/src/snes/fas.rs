//! Nonlinear multigrid: the full approximation scheme. All methods of this module require a solver
//! of type `fas`. For other types they return `ARG_WRONG`, because C would misinterpret the private
//! data of the solver's method.

use std::ptr;

use petsc_macros::{getter, setting, wraps};

use super::{Snes, SnesRef};
use crate::c_enum::c_enum;
use crate::error::Result;
use crate::ffi::range::{count, out_of_range};
use crate::matrix::{Matrix, MatrixRef};
use crate::vector::VectorRef;
use crate::{Int, call, ffi, get_raw, sys};

c_enum! {
    /// The order in which the levels are visited, see [`SnesRef::set_fas_type`].
    #[doc(alias = "SNESFASType")]
    FasType of SNESFASType;
    /// Multiplicative: down and up, with smoothing on each level. The default.
    Multiplicative = SNES_FAS_MULTIPLICATIVE,
    /// Additive: all levels at once.
    Additive = SNES_FAS_ADDITIVE,
    /// Full: starts on the coarsest level, and runs a cycle from each finer level in turn.
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
    /// Sets the vector on level `level − 1` that scales the restriction so that it preserves
    /// constants. Logically collective. Default: from the DM.
    set_fas_rscale: SNESFASSetRScale(VectorRef), "SNESFASSetRScale";
}

impl SnesRef {
    /// The number of cycles on a level for each cycle on the next finer level: 1 is a V-cycle, 2 a
    /// W-cycle.
    #[setting(SNESFASSetCycles)]
    #[types("fas")]
    #[option("-snes_fas_cycles", default = "1")]
    pub fn set_fas_cycles(fas_cycles: usize);

    /// The number of smoothing steps before coarse corrections.
    #[setting(SNESFASSetNumberSmoothDown)]
    #[types("fas")]
    #[option("-snes_fas_smoothdown", default = "1")]
    pub fn set_fas_smooth_down(fas_smooth_down: usize);

    /// The number of smoothing steps after coarse corrections.
    #[setting(SNESFASSetNumberSmoothUp)]
    #[types("fas")]
    #[option("-snes_fas_smoothup", default = "1")]
    pub fn set_fas_smooth_up(fas_smooth_up: usize);

    /// Whether coarse levels evaluate the function of the finest level at the interpolated
    /// argument, and restrict the result.
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

    /// Whether the log has events for each level.
    #[setting(SNESFASSetLog)]
    #[types("fas")]
    #[option("-snes_fas_log", default = "false")]
    pub fn set_fas_log(fas_log: bool);

    /// Returns whether this is the solver of the finest level.
    #[getter(SNESFASCycleIsFine)]
    #[types("fas")]
    pub fn fas_is_fine() -> bool;
}

macro_rules! matrices {
    ($($(#[$doc:meta])* $name:ident: $function:ident, $text:literal;)*) => {
        impl SnesRef {$(
            $(#[$doc])*
            ///
            /// Not collective.
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` for level 0, which is the coarsest, or for a level that does not
            /// exist.
            #[doc(alias = $text)]
            #[track_caller]
            pub fn $name(&self, level: usize) -> Result<Option<Matrix>> {
                crate::not_collective!();
                let level = self.check_fas_level(level, 1)?;
                // SAFETY: a live solver of type FAS with this level (above).
                let raw = unsafe { get_raw!($function(self.as_ptr(), level, _)) }?;
                // SAFETY: NULL or a live matrix.
                unsafe { Matrix::retain_nullable(raw) }
            }
        )*}
    };
}

matrices! {
    /// Returns the interpolation from level `level − 1` to `level`, `None` before it is set or
    /// created.
    fas_interpolation: SNESFASGetInterpolation, "SNESFASGetInterpolation";
    /// Returns the restriction of residuals from `level` to `level − 1`, if it is set or created.
    fas_restriction: SNESFASGetRestriction, "SNESFASGetRestriction";
    /// Returns the injection of the solution from `level` to `level − 1`, if it is set or created.
    fas_injection: SNESFASGetInjection, "SNESFASGetInjection";
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
                // SAFETY: a live solver of type FAS with this level (above).
                let raw = unsafe { get_raw!($function(self.as_ptr(), level, _)) }?;
                // SAFETY: a live solver.
                unsafe { Snes::part_of(self, raw) }
            }
        )*}
    };
}

solvers! {
    /// Returns the smoother of a level, which is used on the way down and up. Level 0 is the
    /// coarsest. Collective.
    fas_smoother: SNESFASGetSmoother, "SNESFASGetSmoother";
    /// Returns the pre-smoother of a level, used on the way down. After this call, pre-smoother and
    /// post-smoother are different solvers. Collective.
    fas_smoother_down: SNESFASGetSmootherDown, "SNESFASGetSmootherDown";
    /// Returns the post-smoother of a level, used on the way up. After this call, pre-smoother and
    /// post-smoother are different solvers. Collective.
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
        self.check_method("fas")?;
        let levels = count(levels, "the number of levels")?;
        // SAFETY: a live solver of type FAS (above); NULL puts all levels on its ranks.
        unsafe { call!(SNESFASSetLevels(*self.busy()?, levels, ptr::null_mut())) }
    }

    /// Returns the number of levels.
    #[getter(SNESFASGetLevels)]
    #[types("fas")]
    pub fn fas_levels() -> usize;

    /// The order in which the levels are visited.
    #[setting(SNESFASSetType, SNESFASGetType)]
    #[types("fas")]
    #[option("-snes_fas_type", default = "multiplicative")]
    pub fn set_fas_type(fas_type: FasType);

    /// Returns the solver of the coarsest level. Collective.
    #[wraps(SNESFASGetCoarseSolve)]
    #[track_caller]
    pub fn fas_coarse_solver(&self) -> Result<Snes> {
        self.check_fas_level(0, 0)?;
        // SAFETY: a live solver of type FAS with levels (above).
        let raw = unsafe { get_raw!(SNESFASGetCoarseSolve(self.as_ptr(), _)) }?;
        // SAFETY: a live solver.
        unsafe { Snes::part_of(self, raw) }
    }

    /// Returns the level for C, if the solver has it.
    fn check_fas_level(&self, level: usize, lowest: usize) -> Result<Int> {
        let levels = self.fas_levels()?;
        if !(lowest..levels).contains(&level) {
            let text = format!("level {level} lies outside {lowest}..{levels}");
            return Err(out_of_range(text));
        }
        ffi::petsc_int(level)
    }
}
