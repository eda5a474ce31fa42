//! Multigrid: settings of `mg`, and additional settings of `gamg` and `hmg`.

use std::ptr;

use petsc_macros::{setting, wraps};

use super::PcRef;
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::range::{count, out_of_range};
use crate::matrix::{Matrix, MatrixRef};
use crate::object::type_among;
use crate::vector::Vector;
use crate::{Int, Real, call, ffi, get_raw, sys};

c_enum! {
    /// The order in which multigrid visits the levels.
    #[doc(alias = "PCMGType")]
    MgType of PCMGType;
    /// Multiplicative: one level after another. The default.
    Multiplicative = PC_MG_MULTIPLICATIVE,
    /// Additive: all levels at once.
    Additive = PC_MG_ADDITIVE,
    /// Full multigrid: from the coarsest to the finest level, with a cycle on each level.
    Full = PC_MG_FULL,
    /// From the coarsest to the finest level, with only the smoother on each level.
    Kaskade = PC_MG_KASKADE,
}

c_enum! {
    /// How often a cycle visits the next coarser level.
    #[doc(alias = "PCMGCycleType")]
    Cycle of PCMGCycleType;
    /// Once (V-cycle).
    V = PC_MG_CYCLE_V,
    /// Twice (W-cycle).
    W = PC_MG_CYCLE_W,
}

c_enum! {
    /// Which coarse matrices are computed with Galerkin projection.
    #[doc(alias = "PCMGGalerkinType")]
    Galerkin of PCMGGalerkinType;
    /// Both the operator and the matrix from which the preconditioner is built.
    Both = PC_MG_GALERKIN_BOTH,
    /// The matrix from which the preconditioner is built.
    Preconditioner = PC_MG_GALERKIN_PMAT,
    /// The operator of the system.
    Operator = PC_MG_GALERKIN_MAT,
    /// None: the application sets the coarse matrices.
    None = PC_MG_GALERKIN_NONE,
}

c_enum! {
    /// Which ranks `gamg` uses for the coarse levels.
    #[doc(alias = "PCGAMGLayoutType")]
    GamgLayout of PCGAMGLayoutType;
    /// Consecutive ranks.
    Compact = PCGAMG_LAYOUT_COMPACT,
    /// Ranks at equal distances.
    Spread = PCGAMG_LAYOUT_SPREAD,
}

/// Checks a number of levels of `gamg`. C stores them in arrays of `PETSC_MG_MAXLEVELS` entries.
fn up_to_ten(levels: usize, what: &str) -> Result<()> {
    if (1..=10).contains(&levels) {
        return Ok(());
    }
    Err(out_of_range(format!("{what} must lie between 1 and 10, got {levels}")))
}

/// The types that store multigrid data.
const MULTIGRID: [&str; 5] = ["mg", "gamg", "ml", "exotic", "hmg"];

impl PcRef {
    /// Sets the number of levels of `mg`. Level 0 is the coarsest. Logically collective. Option:
    /// `-pc_mg_levels`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for 0; `ARG_WRONG` if the type is not a multigrid type; `ARG_WRONGSTATE`
    /// after the setup.
    #[wraps(PCMGSetLevels)]
    pub fn set_mg_levels(&mut self, levels: usize) -> Result<()> {
        type_among(self, &MULTIGRID, "set_mg_levels")?;
        let n = count(levels, "the number of levels")?;
        // SAFETY: a live multigrid; NULL gives every level the communicator of the preconditioner.
        unsafe { call!(PCMGSetLevels(*self.busy()?, n, ptr::null_mut())) }
    }

    /// Returns the number of levels, or 0 if it is not set or the type is not a multigrid type.
    #[wraps(PCMGGetLevels, not_collective)]
    pub fn mg_levels(&self) -> Result<usize> {
        // SAFETY: a live preconditioner.
        let n = unsafe { get_raw!(PCMGGetLevels(self.as_ptr(), _)) }?;
        // The number is -1 before it is set.
        ffi::size(n.max(0))
    }

    fn check_levels(&self) -> Result<()> {
        self.mg_level(0, 0).map(drop)
    }

    /// Checks that the level exists: PETSc checks neither the type nor the number.
    pub(crate) fn mg_level(&self, level: usize, lowest: usize) -> Result<Int> {
        type_among(self, &MULTIGRID, "a level of multigrid")?;
        let levels = self.mg_levels()?;
        if (lowest..levels).contains(&level) {
            return ffi::petsc_int(level);
        }
        Err(Error::new(
            ErrorCode::ARG_OUTOFRANGE,
            if levels == 0 {
                "the levels of multigrid do not exist yet: call set_mg_levels or set_up first"
                    .to_owned()
            } else {
                format!("level {level} lies outside {lowest}..{levels}")
            },
        ))
    }

    /// Checks the level of a transfer that a method returns. Transfers of `ml` use memory that ML
    /// frees with the preconditioner.
    fn transfer_level(&self, level: usize) -> Result<Int> {
        type_among(self, &["mg", "gamg", "exotic", "hmg"], "a transfer between levels")?;
        self.mg_level(level, 1)
    }

    /// Sets the interpolation from level `level - 1` to `level`. Logically collective.
    ///
    /// The restriction is the transpose of the interpolation, unless
    /// [`set_mg_restriction`](Self::set_mg_restriction) sets another matrix.
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

    /// Returns the interpolation from level `level - 1` to `level`, or `None` before it is set or
    /// created. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for `ml`; `ARG_OUTOFRANGE` if `level` is 0 or does not exist.
    #[wraps(PCMGGetInterpolation)]
    #[track_caller]
    pub fn mg_interpolation(&self, level: usize) -> Result<Option<Matrix>> {
        let l = self.transfer_level(level)?;
        // SAFETY: a live multigrid with that level (above).
        let raw = unsafe { get_raw!(PCMGGetInterpolation(self.as_ptr(), l, _)) }?;
        // SAFETY: NULL or a live matrix.
        unsafe { Matrix::retain_nullable(raw) }
    }

    /// Returns the restriction from level `level` to `level - 1`, or `None` before it is set or
    /// created. The result may be the interpolation; in this case, multigrid applies its transpose.
    /// Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for `ml`; `ARG_OUTOFRANGE` if `level` is 0 or does not exist.
    #[wraps(PCMGGetRestriction)]
    #[track_caller]
    pub fn mg_restriction(&self, level: usize) -> Result<Option<Matrix>> {
        let l = self.transfer_level(level)?;
        // SAFETY: a live multigrid with that level (above).
        let raw = unsafe { get_raw!(PCMGGetRestriction(self.as_ptr(), l, _)) }?;
        // SAFETY: NULL or a live matrix.
        unsafe { Matrix::retain_nullable(raw) }
    }

    /// Returns the injection from level `level` to `level - 1`, or `None`.
    ///
    /// # Errors
    /// `ARG_WRONG` for `ml`; `ARG_OUTOFRANGE` if `level` is 0 or does not exist.
    #[wraps(PCMGGetInjection, not_collective)]
    #[track_caller]
    pub fn mg_injection(&self, level: usize) -> Result<Option<Matrix>> {
        let l = self.transfer_level(level)?;
        // SAFETY: a live multigrid with that level (above).
        let raw = unsafe { get_raw!(PCMGGetInjection(self.as_ptr(), l, _)) }?;
        // SAFETY: NULL or a live matrix.
        unsafe { Matrix::retain_nullable(raw) }
    }

    /// Returns the scaling vector with which the restriction from level `level` to `level - 1`
    /// preserves constants. If the vector does not exist, PETSc computes it as the reciprocals of
    /// the restriction of a vector of ones. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for `ml`; `ARG_OUTOFRANGE` if `level` is 0 or does not exist; `ARG_WRONGSTATE` without a restriction.
    #[wraps(PCMGGetRScale)]
    #[track_caller]
    pub fn mg_rscale(&self, level: usize) -> Result<Vector> {
        let l = self.transfer_level(level)?;
        if self.mg_restriction(level)?.is_none() {
            let text = "multigrid has no restriction from this level yet: set it, or call set_up";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        // SAFETY: a live multigrid with that level and a restriction from it (above).
        let raw = unsafe { get_raw!(PCMGGetRScale(self.as_ptr(), l, _)) }?;
        // SAFETY: a live vector.
        unsafe { Vector::retain(raw) }
    }

    /// Sets how often a cycle visits the next coarser level for each visit of `level`. Logically
    /// collective. See [`set_mg_cycle`](Self::set_mg_cycle).
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the level does not exist.
    #[wraps(PCMGSetCycleTypeOnLevel)]
    pub fn set_mg_cycle_on_level(&mut self, level: usize, cycle: Cycle) -> Result<()> {
        let l = self.mg_level(level, 0)?;
        // SAFETY: a live multigrid with that level (above).
        unsafe { call!(PCMGSetCycleTypeOnLevel(*self.busy()?, l, cycle.to_raw())) }
    }

    /// Gives every level a separate post-smoother. The options prefix of the post-smoother is the
    /// prefix of the level followed by `up_`. Collective. Option: `-pc_mg_distinct_smoothup`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` before the levels exist.
    #[wraps(PCMGSetDistinctSmoothUp)]
    pub fn set_mg_distinct_smooth_up(&mut self) -> Result<()> {
        self.check_levels()?;
        // SAFETY: a live multigrid with levels (above).
        unsafe { call!(PCMGSetDistinctSmoothUp(*self.busy()?)) }
    }

    /// Sets the matrix with which PETSc computes the residual of a level. Logically collective.
    /// Default: the operator of the smoother of the level.
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

    /// The order in which multigrid visits the levels.
    #[setting(PCMGSetType, PCMGGetType)]
    #[types("mg", "gamg", "ml", "exotic", "hmg")]
    #[option("-pc_mg_type", default = "multiplicative")]
    pub fn set_mg_type(mg_type: MgType);

    /// How often a cycle visits the next coarser level.
    #[setting(
        PCMGSetCycleType,
        require = check_levels,
        errors = "`ARG_OUTOFRANGE` before the levels exist"
    )]
    #[types("mg", "gamg", "ml", "exotic", "hmg")]
    #[option("-pc_mg_cycle_type", default = "V")]
    pub fn set_mg_cycle(mg_cycle: Cycle);

    /// The number of smoothing steps on each level before the coarse correction. The same number of
    /// steps is performed after it.
    #[setting(
        PCMGSetNumberSmooth,
        require = check_levels,
        errors = "`ARG_OUTOFRANGE` before the levels exist"
    )]
    #[types("mg", "gamg", "ml", "exotic", "hmg")]
    #[option("-mg_levels_ksp_max_it", default = "2")]
    pub fn set_mg_smoothing_steps(mg_smoothing_steps: usize);

    /// The number of cycles in one application of the preconditioner.
    #[setting(PCMGMultiplicativeSetCycles)]
    #[types("mg", "gamg", "ml", "exotic", "hmg")]
    #[option("-pc_mg_multiplicative_cycles", default = "1")]
    pub fn set_mg_cycles(mg_cycles: usize);

    /// Which coarse matrices are computed with Galerkin projection.
    #[setting(PCMGSetGalerkin, PCMGGetGalerkin)]
    #[types("mg", "gamg", "ml", "exotic", "hmg")]
    #[option("-pc_mg_galerkin", default = "none")]
    pub fn set_mg_galerkin(mg_galerkin: Galerkin);

    /// Returns the grid complexity and the operator complexity: the number of rows and the number
    /// of entries of all levels, each divided by the number on the finest level. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` before the levels exist.
    #[wraps(PCMGGetGridComplexity)]
    pub fn mg_complexity(&self) -> Result<(Real, Real)> {
        self.mg_level(0, 0)?;
        // SAFETY: a live multigrid with levels (above).
        let (grid, operator) = unsafe { get_raw!(PCMGGetGridComplexity(self.as_ptr(), _, _)) }?;
        Ok((grid, operator))
    }

    /// Sets the thresholds of `gamg`, one for each level, beginning with the finest. On a level,
    /// connections weaker than the threshold are dropped; a negative threshold keeps all
    /// connections. Logically collective. Default: -1. Option: `-pc_gamg_threshold`.
    #[wraps(PCGAMGSetThreshold)]
    pub fn set_gamg_threshold(&mut self, thresholds: &[Real]) -> Result<()> {
        let mut copy = thresholds.to_vec();
        let n = ffi::petsc_int(copy.len())?;
        // SAFETY: a live preconditioner; PETSc copies as many of the `n` numbers as it has room for.
        unsafe { call!(PCGAMGSetThreshold(*self.busy()?, copy.as_mut_ptr(), n)) }
    }

    /// The factor for levels without a threshold of their own: their threshold is this factor times
    /// the threshold of the next finer level.
    #[setting(PCGAMGSetThresholdScale, composed)]
    #[option("-pc_gamg_threshold_scale", default = "1")]
    pub fn set_gamg_threshold_scale(gamg_threshold_scale: Real);

    /// The maximum number of levels of `gamg`.
    #[setting(
        PCGAMGSetNlevels,
        composed,
        check = up_to_ten,
        require = check_no_levels,
        errors = "`ARG_OUTOFRANGE` unless the number is 1 to 10; `ARG_WRONGSTATE` after the setup"
    )]
    #[option("-pc_mg_levels", default = "10")]
    pub fn set_gamg_levels(gamg_levels: usize);

    /// Optimized PETSc replaces the number of levels that exist, and then reads beyond them.
    fn check_no_levels(&self) -> Result<()> {
        if self.mg_levels()? == 0 {
            return Ok(());
        }
        let text =
            "the levels of multigrid already exist: set the maximum number of levels before set_up";
        Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
    }

    /// How `gamg` chooses the ranks of coarse levels.
    #[setting(PCGAMGSetCoarseGridLayoutType, composed)]
    #[option("-pc_gamg_coarse_grid_layout_type", default = "spread")]
    pub fn set_gamg_coarse_layout(gamg_coarse_layout: GamgLayout);

    /// Whether `gamg` solves on the coarsest level in parallel, on all ranks that have rows of this
    /// level, instead of on one rank.
    #[cfg_attr(petsc_ge_3_20, setting(PCGAMGSetParallelCoarseGridSolve, composed))]
    #[cfg_attr(not(petsc_ge_3_20), setting(PCGAMGSetUseParallelCoarseGridSolve, composed))]
    #[option("-pc_gamg_parallel_coarse_grid_solver", default = "false")]
    pub fn set_gamg_parallel_coarse_solver(gamg_parallel_coarse_solver: bool);

    /// Whether `hmg` keeps the interpolations when the operator changes.
    #[setting(PCHMGSetReuseInterpolation, composed)]
    #[option("-pc_hmg_reuse_interpolation", default = "false")]
    pub fn set_hmg_reuse_interpolation(hmg_reuse_interpolation: bool);

    /// Whether `hmg` coarsens the matrix of one component, and uses the interpolations of this
    /// component for all components.
    #[setting(PCHMGSetUseSubspaceCoarsening, composed)]
    #[option("-pc_hmg_use_subspace_coarsening", default = "false")]
    pub fn set_hmg_subspace_coarsening(hmg_subspace_coarsening: bool);

    /// Whether `hmg` stores the interpolations of all components as one `maij` matrix.
    #[setting(PCHMGUseMatMAIJ, composed)]
    #[option("-pc_hmg_use_matmaij", default = "true")]
    pub fn set_hmg_use_maij(hmg_use_maij: bool);

    /// The number of smoothing steps of the interpolation: 0 is plain aggregation, 1 is smoothed
    /// aggregation.
    #[setting(PCGAMGSetNSmooths, composed)]
    #[option("-pc_gamg_agg_nsmooths", default = "1")]
    pub fn set_gamg_smooths(gamg_smooths: usize);

    /// The number of levels, counted from the finest, with aggressive coarsening.
    #[setting(PCGAMGSetAggressiveLevels, composed)]
    #[option("-pc_gamg_aggressive_coarsening", default = "1")]
    pub fn set_gamg_aggressive_levels(gamg_aggressive_levels: usize);

    /// The number of rows below which a level is the coarsest level.
    #[setting(PCGAMGSetCoarseEqLim, composed)]
    #[option("-pc_gamg_coarse_eq_limit", default = "50")]
    pub fn set_gamg_coarse_limit(gamg_coarse_limit: usize);

    /// The number of rows per rank below which coarse levels are moved to fewer ranks.
    #[setting(PCGAMGSetProcEqLim, composed)]
    #[option("-pc_gamg_process_eq_limit", default = "50")]
    pub fn set_gamg_rank_limit(gamg_rank_limit: usize);

    /// Whether the interpolation is reused when the operator changes.
    #[setting(PCGAMGSetReuseInterpolation, composed)]
    #[option("-pc_gamg_reuse_interpolation", default = "yes; no before PETSc 3.19")]
    pub fn set_gamg_reuse_interpolation(gamg_reuse_interpolation: bool);

    /// Whether coarse levels are repartitioned.
    #[setting(PCGAMGSetRepartition, composed)]
    #[option("-pc_gamg_repartition", default = "false")]
    pub fn set_gamg_repartition(gamg_repartition: bool);

    /// Whether Chebyshev smoothers of `gamg` use the eigenvalue estimates of smoothed aggregation.
    #[setting(PCGAMGSetUseSAEstEig, composed)]
    #[option("-pc_gamg_use_sa_esteig", default = "true")]
    pub fn set_gamg_reuse_estimates(gamg_reuse_estimates: bool);

    /// Whether `gamg` keeps coarse levels on CPUs if the finest level is on GPUs.
    #[setting(PCGAMGSetCpuPinCoarseGrids, composed)]
    #[option("-pc_gamg_cpu_pin_coarse_grids", default = "false")]
    pub fn set_gamg_coarse_on_cpu(gamg_coarse_on_cpu: bool);

    /// The largest and the smallest eigenvalue of the preconditioned operator, which the Chebyshev
    /// smoothers of `gamg` use.
    #[setting(
        PCGAMGSetEigenvalues,
        composed,
        errors = "`ARG_INCOMP` unless `largest` exceeds `smallest` and both have the same sign"
    )]
    #[option("-pc_gamg_eigenvalues", default = "estimates")]
    pub fn set_gamg_eigenvalues(largest: Real, smallest: Real);
}
