//! Multigrid: `mg`, and what `gamg` and its kin add.

use std::ptr;

use petsc_macros::{setting, wraps};

use super::PcRef;
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::{Int, Real, call, ffi, sys};

c_enum! {
    /// How the levels are visited.
    #[doc(alias = "PCMGType")]
    MgType of PCMGType;
    /// One after another, the default.
    Multiplicative = PC_MG_MULTIPLICATIVE,
    /// All at once.
    Additive = PC_MG_ADDITIVE,
    /// From the coarsest up, a cycle on each.
    Full = PC_MG_FULL,
    /// From the coarsest up, a solve on each.
    Kaskade = PC_MG_KASKADE,
}

c_enum! {
    /// How often a coarser level is visited.
    #[doc(alias = "PCMGCycleType")]
    Cycle of PCMGCycleType;
    /// Once.
    V = PC_MG_CYCLE_V,
    /// Twice.
    W = PC_MG_CYCLE_W,
}

c_enum! {
    /// Which operators of coarse levels are made by projection.
    #[doc(alias = "PCMGGalerkinType")]
    Galerkin of PCMGGalerkinType;
    /// Both.
    Both = PC_MG_GALERKIN_BOTH,
    /// That for the preconditioner.
    Preconditioner = PC_MG_GALERKIN_PMAT,
    /// That of the system.
    Operator = PC_MG_GALERKIN_MAT,
    /// None: the program gives them.
    None = PC_MG_GALERKIN_NONE,
}

/// The types that keep multigrid's data.
const MULTIGRID: [&str; 5] = ["mg", "gamg", "ml", "exotic", "hmg"];

impl PcRef {
    /// `mg`: number of levels; 0 is the coarsest. Logically collective. Option: `-pc_mg_levels`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for 0; `ARG_WRONGSTATE` if the type is no multigrid or was set up.
    #[wraps(PCMGSetLevels)]
    pub fn set_mg_levels(&mut self, levels: usize) -> Result<()> {
        self.expect_type(&MULTIGRID)?;
        if levels == 0 {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                "multigrid needs at least one level",
            ));
        }
        let n = ffi::petsc_int(levels)?;
        // SAFETY: a live multigrid; NULL gives every level the communicator of the preconditioner.
        unsafe { call!(PCMGSetLevels(*self.busy()?, n, ptr::null_mut())) }
    }

    /// Number of levels, 0 if they are not set or the type is no multigrid. Not collective.
    ///
    /// # Errors
    /// What `PCMGGetLevels` returns.
    #[wraps(PCMGGetLevels)]
    pub fn mg_levels(&self) -> Result<usize> {
        crate::not_collective!();
        let mut n = 0;
        // SAFETY: a live preconditioner and a valid out-pointer.
        unsafe { call!(PCMGGetLevels(self.as_ptr(), &raw mut n)) }?;
        // -1 before they are set.
        ffi::size(n.max(0))
    }

    /// A level that exists: PETSc neither looks at the type nor at the number.
    pub(crate) fn mg_level(&self, level: usize, lowest: usize) -> Result<Int> {
        self.expect_type(&MULTIGRID)?;
        let levels = self.mg_levels()?;
        if (lowest..levels).contains(&level) {
            return ffi::petsc_int(level);
        }
        Err(Error::new(
            ErrorCode::ARG_OUTOFRANGE,
            if levels == 0 {
                "the levels of multigrid exist once set_mg_levels or set_up was called".to_owned()
            } else {
                format!("level {level} is outside {lowest}..{levels}")
            },
        ))
    }

    /// Sets the interpolation from level `level - 1` to `level`; its transpose restricts unless
    /// [`set_mg_restriction`](Self::set_mg_restriction) was called. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `level` is 0 or does not exist.
    #[wraps(PCMGSetInterpolation)]
    pub fn set_mg_interpolation(&mut self, level: usize, matrix: &MatrixRef) -> Result<()> {
        let l = self.mg_level(level, 1)?;
        // SAFETY: a live multigrid with that level (above); PETSc takes a reference.
        unsafe { call!(PCMGSetInterpolation(*self.busy()?, l, matrix.as_ptr())) }
    }

    /// Sets the restriction from level `level` to `level - 1`. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `level` is 0 or does not exist.
    #[wraps(PCMGSetRestriction)]
    pub fn set_mg_restriction(&mut self, level: usize, matrix: &MatrixRef) -> Result<()> {
        let l = self.mg_level(level, 1)?;
        // SAFETY: a live multigrid with that level (above); PETSc takes a reference.
        unsafe { call!(PCMGSetRestriction(*self.busy()?, l, matrix.as_ptr())) }
    }

    /// Sets the matrix with which the residual of a level is computed, by PETSc's own formula.
    /// Logically collective. Default: the operator of the level's smoother.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the level does not exist.
    #[wraps(PCMGSetResidual, PCMGResidualDefault)]
    pub fn set_mg_residual(&mut self, level: usize, matrix: &MatrixRef) -> Result<()> {
        let l = self.mg_level(level, 0)?;
        let formula = Some(sys::PCMGResidualDefault as _);
        // SAFETY: a live multigrid with that level (above); PETSc takes a reference.
        unsafe { call!(PCMGSetResidual(*self.busy()?, l, formula, matrix.as_ptr())) }
    }

    /// How the levels are visited. Logically collective. Default: multiplicative. Option:
    /// `-pc_mg_type`.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the type is no multigrid.
    #[wraps(PCMGSetType)]
    pub fn set_mg_type(&mut self, kind: MgType) -> Result<()> {
        self.expect_type(&MULTIGRID)?;
        // SAFETY: a live multigrid (above: PETSc casts without a look) and a value of the enum.
        unsafe { call!(PCMGSetType(*self.busy()?, kind.to_raw())) }
    }

    /// How often a coarser level is visited. Logically collective. Default: V. Option:
    /// `-pc_mg_cycle_type`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` before there are levels.
    #[wraps(PCMGSetCycleType)]
    pub fn set_mg_cycle(&mut self, cycle: Cycle) -> Result<()> {
        self.mg_level(0, 0)?;
        // SAFETY: a live multigrid with levels (above) and a value of the enum.
        unsafe { call!(PCMGSetCycleType(*self.busy()?, cycle.to_raw())) }
    }

    /// Number of smoothing steps on each level, down and up. Logically collective. Default: 2.
    /// Option: `-mg_levels_ksp_max_it`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` before there are levels.
    #[wraps(PCMGSetNumberSmooth)]
    pub fn set_mg_smoothing_steps(&mut self, steps: usize) -> Result<()> {
        self.mg_level(0, 0)?;
        let n = ffi::petsc_int(steps)?;
        // SAFETY: a live multigrid with levels (above).
        unsafe { call!(PCMGSetNumberSmooth(*self.busy()?, n)) }
    }

    /// Number of cycles in one application. Logically collective. Default: 1. Option:
    /// `-pc_mg_multiplicative_cycles`.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the type is no multigrid.
    #[wraps(PCMGMultiplicativeSetCycles)]
    pub fn set_mg_cycles(&mut self, cycles: usize) -> Result<()> {
        self.expect_type(&MULTIGRID)?;
        let n = ffi::petsc_int(cycles)?;
        // SAFETY: a live multigrid (above).
        unsafe { call!(PCMGMultiplicativeSetCycles(*self.busy()?, n)) }
    }

    /// Which operators of coarse levels are made by projection. Logically collective. Default: none.
    /// Option: `-pc_mg_galerkin`.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the type is no multigrid.
    #[wraps(PCMGSetGalerkin)]
    pub fn set_mg_galerkin(&mut self, which: Galerkin) -> Result<()> {
        self.expect_type(&MULTIGRID)?;
        // SAFETY: a live multigrid (above) and a value of the enum.
        unsafe { call!(PCMGSetGalerkin(*self.busy()?, which.to_raw())) }
    }

    /// Rows of all levels over rows of the finest, and the same of entries. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` before there are levels.
    #[wraps(PCMGGetGridComplexity)]
    pub fn mg_complexity(&self) -> Result<(Real, Real)> {
        self.mg_level(0, 0)?;
        let (mut grid, mut operator) = (0.0, 0.0);
        // SAFETY: a live multigrid with levels (above) and valid out-pointers.
        unsafe {
            call!(PCMGGetGridComplexity(
                self.as_ptr(),
                &raw mut grid,
                &raw mut operator
            ))
        }?;
        Ok((grid, operator))
    }

    /// `gamg`: strength of a connection below which it is dropped, on the finest level and those
    /// after it; a negative number keeps all. Logically collective. Default: -1. Option:
    /// `-pc_gamg_threshold`.
    ///
    /// # Errors
    /// What `PCGAMGSetThreshold` returns.
    #[wraps(PCGAMGSetThreshold)]
    pub fn set_gamg_threshold(&mut self, thresholds: &[Real]) -> Result<()> {
        let mut copy = thresholds.to_vec();
        let n = ffi::petsc_int(copy.len())?;
        // SAFETY: a live preconditioner; PETSc copies as many of the `n` numbers as it has room for.
        unsafe { call!(PCGAMGSetThreshold(*self.busy()?, copy.as_mut_ptr(), n)) }
    }

    /// The factor of the threshold from each level to the next coarser one.
    #[setting(PCGAMGSetThresholdScale, composed)]
    #[option("-pc_gamg_threshold_scale", default = "1")]
    pub fn set_gamg_threshold_scale(gamg_threshold_scale: Real);

    /// The number of smoothing steps of the interpolation: 0 is plain aggregation, 1 is smoothed aggregation.
    #[setting(PCGAMGSetNSmooths, composed)]
    #[option("-pc_gamg_agg_nsmooths", default = "1")]
    pub fn set_gamg_smooths(gamg_smooths: usize);

    /// The number of levels, from the finest, that coarsen aggressively.
    #[setting(PCGAMGSetAggressiveLevels, composed)]
    #[option("-pc_gamg_aggressive_coarsening", default = "1")]
    pub fn set_gamg_aggressive_levels(gamg_aggressive_levels: usize);

    /// The number of rows below which a level is the coarsest.
    #[setting(PCGAMGSetCoarseEqLim, composed)]
    #[option("-pc_gamg_coarse_eq_limit", default = "50")]
    pub fn set_gamg_coarse_limit(gamg_coarse_limit: usize);

    /// The number of rows per rank below which coarse levels move to fewer ranks.
    #[setting(PCGAMGSetProcEqLim, composed)]
    #[option("-pc_gamg_process_eq_limit", default = "50")]
    pub fn set_gamg_rank_limit(gamg_rank_limit: usize);

    /// Whether the interpolation is reused when the operator changes.
    #[setting(PCGAMGSetReuseInterpolation, composed)]
    #[option(
        "-pc_gamg_reuse_interpolation",
        default = "no before PETSc 3.19, then yes"
    )]
    pub fn set_gamg_reuse_interpolation(gamg_reuse_interpolation: bool);

    /// Whether coarse levels are repartitioned.
    #[setting(PCGAMGSetRepartition, composed)]
    #[option("-pc_gamg_repartition", default = "false")]
    pub fn set_gamg_repartition(gamg_repartition: bool);
}
