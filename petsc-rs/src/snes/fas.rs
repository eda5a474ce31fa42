//! Nonlinear multigrid: the full approximation scheme. All methods here are for solvers of type `fas`,
//! and say `ARG_WRONG` to others, whose private data C would take for its own.

use std::ptr;

use petsc_macros::{setting, wraps};

use super::{Snes, SnesRef};
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{Int, call, ffi, sys};

c_enum! {
    /// How the levels follow one another, see [`SnesRef::set_fas_type`].
    #[doc(alias = "SNESFASType")]
    FasType of SNESFASType;
    /// Down and up, smoothing at each level: the default.
    Multiplicative = SNES_FAS_MULTIPLICATIVE,
    /// All levels side by side.
    Additive = SNES_FAS_ADDITIVE,
    /// From the coarsest level, with cycles from each finer one.
    Full = SNES_FAS_FULL,
    /// As full, once.
    Kaskade = SNES_FAS_KASKADE,
}

macro_rules! transfers {
    ($($(#[$doc:meta])* $name:ident: $function:ident($kind:ty), $text:literal;)*) => {
        impl SnesRef {$(
            $(#[$doc])*
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` for level 0, the coarsest, or one that does not exist.
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
    /// Sets what brings corrections from level `level − 1` to `level`. Logically collective. Default:
    /// from the grid.
    set_fas_interpolation: SNESFASSetInterpolation(MatrixRef), "SNESFASSetInterpolation";
    /// Sets what brings residuals from `level` to `level − 1`. Logically collective. Default: the
    /// interpolation, transposed.
    set_fas_restriction: SNESFASSetRestriction(MatrixRef), "SNESFASSetRestriction";
    /// Sets what brings the solution from `level` to `level − 1`. Logically collective. Default: from
    /// the grid, else the restriction scaled.
    set_fas_injection: SNESFASSetInjection(MatrixRef), "SNESFASSetInjection";
    /// Sets the factors that make the restriction keep constants, entry by entry of level `level − 1`.
    /// Logically collective. Default: from the grid.
    set_fas_rscale: SNESFASSetRScale(VectorRef), "SNESFASSetRScale";
}

impl SnesRef {
    /// The number of cycles on each coarser level for one on the next finer level: 1 is a V-cycle, 2 a W-cycle.
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
}

macro_rules! solvers {
    ($($(#[$doc:meta])* $name:ident: $function:ident, $text:literal;)*) => {
        impl SnesRef {$(
            $(#[$doc])*
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` if there is no such level.
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
    /// The smoother of a level, down and up; level 0 is the coarsest. Collective.
    fas_smoother: SNESFASGetSmoother, "SNESFASGetSmoother";
    /// The smoother of a level on the way down, which becomes another one than on the way up.
    /// Collective.
    fas_smoother_down: SNESFASGetSmootherDown, "SNESFASGetSmootherDown";
    /// The smoother of a level on the way up, which becomes another one than on the way down.
    /// Collective.
    fas_smoother_up: SNESFASGetSmootherUp, "SNESFASGetSmootherUp";
}

impl SnesRef {
    /// Sets the number of levels; [`set_dm`](Self::set_dm) gives the grid of the finest. Collective.
    /// Default: as often as the grid was refined. Option: `-snes_fas_levels`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for none.
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
            let text = "nonlinear multigrid needs a level";
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        let levels = ffi::petsc_int(levels)?;
        // SAFETY: a live solver of type FAS (above); NULL puts all levels on its ranks.
        unsafe { call!(SNESFASSetLevels(*self.busy()?, levels, ptr::null_mut())) }
    }

    /// Number of levels. Not collective.
    ///
    /// # Errors
    /// What `SNESFASGetLevels` returns.
    #[wraps(SNESFASGetLevels)]
    pub fn fas_levels(&self) -> Result<usize> {
        crate::not_collective!();
        self.check_fas()?;
        let mut levels = 0;
        // SAFETY: a live solver of type FAS (above) and a valid out-pointer.
        unsafe { call!(SNESFASGetLevels(self.as_ptr(), &raw mut levels)) }?;
        ffi::size(levels)
    }

    /// Sets how the levels follow one another. Logically collective. Option: `-snes_fas_type`.
    ///
    /// # Errors
    /// What `SNESFASSetType` returns.
    #[wraps(SNESFASSetType)]
    pub fn set_fas_type(&mut self, kind: FasType) -> Result<()> {
        self.check_fas()?;
        // SAFETY: a live solver of type FAS (above).
        unsafe { call!(SNESFASSetType(*self.busy()?, kind.to_raw())) }
    }

    /// See [`set_fas_type`](Self::set_fas_type). Not collective.
    ///
    /// # Errors
    /// What `SNESFASGetType` returns.
    #[wraps(SNESFASGetType)]
    pub fn fas_type(&self) -> Result<FasType> {
        crate::not_collective!();
        self.check_fas()?;
        let mut raw = sys::SNES_FAS_MULTIPLICATIVE;
        // SAFETY: a live solver of type FAS (above) and a valid out-pointer.
        unsafe { call!(SNESFASGetType(self.as_ptr(), &raw mut raw)) }?;
        FasType::try_from(raw)
    }

    /// The solver of the coarsest level. Collective.
    ///
    /// # Errors
    /// What `SNESFASGetCoarseSolve` returns.
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

    /// The level in C, if the solver has it.
    fn check_fas_level(&self, level: usize, lowest: usize) -> Result<Int> {
        let levels = self.fas_levels()?;
        if !(lowest..levels).contains(&level) {
            let text = format!("level {level} is outside {lowest}..{levels}");
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        ffi::petsc_int(level)
    }
}
