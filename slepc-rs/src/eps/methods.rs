//! Settings of individual eigensolvers. The settings of `power` and `ciss` are in separate modules.

use petsc_macros::{setting, wraps};
use petsc_rs::ffi::range::{at_least_one, count, positive};
use petsc_rs::internal::type_among;
use petsc_rs::{Real, Result, call, ffi};

use super::EpsRef;
use crate::solver::{self, restart_fraction};
use crate::sys;
use petsc_rs::ffi::range::out_of_range;

petsc_rs::c_enum! {
    /// The reorthogonalization of the type `lanczos`, see
    /// [`EpsRef::set_lanczos_reorthogonalization`].
    #[doc(alias = "EPSLanczosReorthogType")]
    LanczosReorthogonalization of EPSLanczosReorthogType;
    /// Local: against the last two vectors. Spurious copies of eigenvalues are removed at the end.
    Local = EPS_LANCZOS_REORTHOG_LOCAL,
    /// Full: against all vectors.
    Full = EPS_LANCZOS_REORTHOG_FULL,
    /// Selective: against Ritz vectors that have nearly converged.
    Selective = EPS_LANCZOS_REORTHOG_SELECTIVE,
    /// Periodic: against all vectors, when the estimated loss of orthogonality is large.
    Periodic = EPS_LANCZOS_REORTHOG_PERIODIC,
    /// Partial: against some vectors, when the estimated loss of orthogonality is large.
    Partial = EPS_LANCZOS_REORTHOG_PARTIAL,
    /// Delayed: like full, but one step later, which saves global reductions.
    Delayed = EPS_LANCZOS_REORTHOG_DELAYED,
}

/// Number of vectors kept at a restart of a Davidson method, see [`EpsRef::set_davidson_restart`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DavidsonRestart {
    /// Number of approximate eigenvectors; at least 1.
    pub keep: usize,
    /// Number of approximate eigenvectors from the previous iteration.
    pub previous: usize,
}

impl EpsRef {
    /// Whether the type `arnoldi` uses delayed reorthogonalization, which needs fewer global
    /// reductions and is less accurate.
    #[setting(EPSArnoldiSetDelayed, EPSArnoldiGetDelayed, then = give_operators)]
    #[types("arnoldi")]
    #[option("-eps_arnoldi_delayed", default = "false")]
    pub fn set_arnoldi_delayed(arnoldi_delayed: bool);

    /// The reorthogonalization of the type `lanczos`. It must be set before a solve.
    #[setting(EPSLanczosSetReorthog, then = give_operators)]
    #[types("lanczos")]
    #[option("-eps_lanczos_reorthog", default = "none")]
    pub fn set_lanczos_reorthogonalization(lanczos_reorthogonalization: LanczosReorthogonalization);

    /// Returns the reorthogonalization of the type `lanczos`, `None` before it is set. Not
    /// collective.
    ///
    /// # Errors
    /// `ARG_WRONG` unless the type is `lanczos`.
    #[wraps(EPSLanczosGetReorthog)]
    pub fn lanczos_reorthogonalization(&self) -> Result<Option<LanczosReorthogonalization>> {
        petsc_rs::not_collective!();
        type_among(self, &["lanczos"], "lanczos_reorthogonalization")?;
        let mut raw = 0;
        // SAFETY: a live solver of this type and a valid out-pointer.
        unsafe { call!(EPSLanczosGetReorthog(self.as_ptr(), &raw mut raw)) }?;
        // SLEPc returns -1 for none.
        (raw != !0).then(|| raw.try_into()).transpose()
    }

    /// Whether the Davidson methods start with a Krylov subspace instead of random vectors.
    #[setting(
        EPSGDSetKrylovStart, EPSJDSetKrylovStart, EPSGDGetKrylovStart, EPSJDGetKrylovStart,
        then = give_operators
    )]
    #[types("gd", "jd")]
    #[option("-eps_gd_krylov_start", "-eps_jd_krylov_start", default = "false")]
    pub fn set_davidson_krylov_start(davidson_krylov_start: bool);

    /// The number of vectors that the Davidson methods add to the subspace in each iteration.
    #[setting(
        EPSGDSetBlockSize, EPSJDSetBlockSize, EPSGDGetBlockSize, EPSJDGetBlockSize,
        check = at_least_one, then = give_operators
    )]
    #[types("gd", "jd")]
    #[option("-eps_gd_blocksize", "-eps_jd_blocksize", default = "1")]
    pub fn set_davidson_block_size(davidson_block_size: usize);

    /// The dimension of the initial subspace of the Davidson methods.
    #[setting(
        EPSGDSetInitialSize, EPSJDSetInitialSize, EPSGDGetInitialSize, EPSJDGetInitialSize,
        check = at_least_one, then = give_operators
    )]
    #[types("gd", "jd")]
    #[option("-eps_gd_initial_size", "-eps_jd_initial_size", default = "chosen by SLEPc")]
    pub fn set_davidson_initial_size(davidson_initial_size: usize);

    /// Whether the Davidson methods orthogonalize the basis in the inner product of `B`.
    #[setting(EPSGDSetBOrth, EPSJDSetBOrth, EPSGDGetBOrth, EPSJDGetBOrth, then = give_operators)]
    #[types("gd", "jd")]
    #[option("-eps_gd_borth", "-eps_jd_borth", default = "true if `B` is positive definite")]
    pub fn set_davidson_b_orthogonal(davidson_b_orthogonal: bool);

    /// Whether generalized Davidson expands the subspace with two vectors per iteration (double
    /// expansion, Olsen's variant).
    #[setting(EPSGDSetDoubleExpansion, EPSGDGetDoubleExpansion, then = give_operators)]
    #[types("gd")]
    #[option("-eps_gd_double_expansion", default = "false")]
    pub fn set_gd_double_expansion(gd_double_expansion: bool);

    /// The threshold of the relative residual below which Jacobi-Davidson replaces the target in
    /// the correction equation with the Ritz value.
    #[setting(EPSJDSetFix, EPSJDGetFix, check = positive, then = give_operators)]
    #[types("jd")]
    #[option("-eps_jd_fix", default = "0.01")]
    pub fn set_jd_fix(jd_fix: Real);

    /// Whether Jacobi-Davidson solves the correction equation to a fixed tolerance. Otherwise the
    /// tolerance decreases with the iterations.
    #[setting(EPSJDSetConstCorrectionTol, EPSJDGetConstCorrectionTol, then = give_operators)]
    #[types("jd")]
    #[option("-eps_jd_const_correction_tol", default = "true")]
    pub fn set_jd_constant_tolerance(jd_constant_tolerance: bool);

    /// The block size of LOBPCG.
    #[setting(
        EPSLOBPCGSetBlockSize, EPSLOBPCGGetBlockSize,
        check = at_least_one, then = give_operators
    )]
    #[types("lobpcg")]
    #[option("-eps_lobpcg_blocksize", default = "the number of wanted eigenvalues, at most 16")]
    pub fn set_lobpcg_block_size(lobpcg_block_size: usize);

    /// Whether LOBPCG locks converged eigenvectors of a block.
    #[setting(EPSLOBPCGSetLocking, EPSLOBPCGGetLocking, then = give_operators)]
    #[types("lobpcg")]
    #[option("-eps_lobpcg_locking", default = "false")]
    pub fn set_lobpcg_locking(lobpcg_locking: bool);

    /// The fraction of a block that must converge before LOBPCG forces a restart.
    #[setting(
        EPSLOBPCGSetRestart, EPSLOBPCGGetRestart,
        check = restart_fraction, then = give_operators
    )]
    #[types("lobpcg")]
    #[option("-eps_lobpcg_restart", default = "0.9")]
    pub fn set_lobpcg_restart(lobpcg_restart: Real);

    /// The number of iterations after which `rqcg` resets its conjugate directions.
    #[setting(EPSRQCGSetReset, EPSRQCGGetReset, check = at_least_one, then = give_operators)]
    #[types("rqcg")]
    #[option("-eps_rqcg_reset", default = "20")]
    pub fn set_rqcg_reset(rqcg_reset: usize);

    /// Whether spectrum slicing detects zero pivots in factorizations. A zero pivot means that the
    /// shift is an eigenvalue.
    ///
    /// Requires a direct solver that supports it (MUMPS with `-mat_mumps_icntl_24 1`).
    #[setting(EPSKrylovSchurSetDetectZeros, EPSKrylovSchurGetDetectZeros, then = give_operators)]
    #[types("krylovschur")]
    #[option("-eps_krylovschur_detect_zeros", default = "false")]
    pub fn set_krylovschur_detect_zeros(krylovschur_detect_zeros: bool);

    /// The fraction of the basis vectors that Krylov-Schur keeps at a restart.
    #[setting(
        EPSKrylovSchurSetRestart, EPSKrylovSchurGetRestart,
        check = restart_fraction, then = give_operators
    )]
    #[types("krylovschur")]
    #[option("-eps_krylovschur_restart", default = "0.5")]
    pub fn set_krylovschur_restart(krylovschur_restart: Real);

    /// Whether Krylov-Schur locks converged eigenpairs.
    #[setting(EPSKrylovSchurSetLocking, EPSKrylovSchurGetLocking, then = give_operators)]
    #[types("krylovschur")]
    #[option("-eps_krylovschur_locking", default = "true")]
    pub fn set_krylovschur_locking(krylovschur_locking: bool);
}

impl EpsRef {
    /// Sets the number of vectors that the methods `gd` and `jd` keep at a restart. Logically
    /// collective. Default: chosen by SLEPc. Options: `-eps_gd_minv`, `-eps_gd_plusk`,
    /// `-eps_jd_minv`, `-eps_jd_plusk`.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types; `ARG_OUTOFRANGE` if `keep` is 0.
    #[wraps(EPSGDSetRestart, EPSJDSetRestart)]
    pub fn set_davidson_restart(&mut self, restart: DavidsonRestart) -> Result<()> {
        let method = self.davidson()?;
        let keep = count(restart.keep, "the number of vectors that a restart keeps")?;
        let (eps, previous) = (self.as_ptr(), ffi::petsc_int(restart.previous)?);
        if method == "gd" {
            // SAFETY: a live solver of this type.
            unsafe { call!(EPSGDSetRestart(eps, keep, previous)) }
        } else {
            // SAFETY: as above.
            unsafe { call!(EPSJDSetRestart(eps, keep, previous)) }
        }?;
        self.give_operators()
    }

    /// Returns the number of vectors kept at a restart, `None` before SLEPc has chosen it. Not
    /// collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(EPSGDGetRestart, EPSJDGetRestart)]
    pub fn davidson_restart(&self) -> Result<Option<DavidsonRestart>> {
        petsc_rs::not_collective!();
        let (eps, mut keep, mut previous) = (self.as_ptr(), 0, 0);
        if self.davidson()? == "gd" {
            // SAFETY: a live solver of this type and valid out-pointers.
            unsafe { call!(EPSGDGetRestart(eps, &raw mut keep, &raw mut previous)) }
        } else {
            // SAFETY: as above.
            unsafe { call!(EPSJDGetRestart(eps, &raw mut keep, &raw mut previous)) }
        }?;
        if keep <= 0 {
            return Ok(None);
        }
        let (keep, previous) = (ffi::size(keep)?, ffi::size(previous)?);
        Ok(Some(DavidsonRestart { keep, previous }))
    }

    fn davidson(&self) -> Result<&'static str> {
        crate::base::one_of(self, &["gd", "jd"], "a Davidson restart")
    }

    /// Sets two ranks of the method `lyapii`: the rank of the compressed solution of the Lyapunov
    /// equation (at least 2), and the rank of the solution before compression (at least as large).
    /// Logically collective. Default: 10 and three times that number. Option: `-eps_lyapii_ranks`.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types; `ARG_OUTOFRANGE` for ranks outside these limits.
    #[wraps(EPSLyapIISetRanks)]
    pub fn set_lyapii_ranks(&mut self, compressed: usize, solution: usize) -> Result<()> {
        crate::base::one_of(self, &["lyapii"], "ranks")?;
        if compressed < 2 || solution < compressed {
            let text = format!(
                "invalid ranks {compressed} and {solution}: the first must be at least 2, and at most the second"
            );
            return Err(out_of_range(text));
        }
        let (compressed, solution) = (ffi::petsc_int(compressed)?, ffi::petsc_int(solution)?);
        // SAFETY: a live solver of this type.
        unsafe { call!(EPSLyapIISetRanks(*self.busy()?, compressed, solution)) }?;
        self.give_operators()
    }

    /// Returns the ranks of the method `lyapii`, see [`set_lyapii_ranks`](Self::set_lyapii_ranks);
    /// 0 before SLEPc has chosen them. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(EPSLyapIIGetRanks)]
    pub fn lyapii_ranks(&self) -> Result<(usize, usize)> {
        petsc_rs::not_collective!();
        crate::base::one_of(self, &["lyapii"], "ranks")?;
        let (mut compressed, mut solution) = (0, 0);
        let (eps, a, b) = (self.as_ptr(), &raw mut compressed, &raw mut solution);
        // SAFETY: a live solver of this type and valid out-pointers.
        unsafe { call!(EPSLyapIIGetRanks(eps, a, b)) }?;
        let undecided = |n| if n < 0 { 0 } else { n };
        Ok((ffi::size(undecided(compressed))?, ffi::size(undecided(solution))?))
    }
}

solver::threshold! {
    EpsRef, not_nan, "NaN";
    EPSSetThreshold, "EPSSetThreshold", EPSGetThreshold, "EPSGetThreshold", EPSSetStoppingTest, EPS_STOP_THRESHOLD;
    "Sets a threshold: computes all eigenvalues above it (below it, for the smallest eigenvalues). With `relative`, the \
     threshold is a multiple of the first eigenvalue. Logically collective. Options: `-eps_threshold_absolute`, \
     `-eps_threshold_relative`.

[`set_which`](Self::set_which) determines whether real parts or moduli are compared. If a number of eigenvalues is set \
     too, it is an upper limit. If the solver was set up before, this number is already 1. A filter sets its own \
     threshold and does not support this one. Since SLEPc 3.23."
}
