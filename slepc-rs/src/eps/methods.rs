//! What only some methods have, see also [power](super::PowerShiftType) and `krylovschur`.

use petsc_rs::{Error, ErrorCode, Real, Result, call, ffi};

use super::{EpsRef, EpsType};
use crate::solver::{self, Count, Flag, Kind, Positive, Share, out_of_range};
use crate::sys;

petsc_rs::c_enum! {
    /// How the method `lanczos` keeps its vectors orthogonal, see [`EpsRef::set_lanczos_reorthogonalization`].
    #[doc(alias = "EPSLanczosReorthogType")]
    LanczosReorthogonalization of EPSLanczosReorthogType;
    /// To the last two only, with spurious copies of eigenvalues sorted out afterwards.
    Local = EPS_LANCZOS_REORTHOG_LOCAL,
    /// To all.
    Full = EPS_LANCZOS_REORTHOG_FULL,
    /// To those that have nearly converged.
    Selective = EPS_LANCZOS_REORTHOG_SELECTIVE,
    /// To all, when an estimate says so.
    Periodic = EPS_LANCZOS_REORTHOG_PERIODIC,
    /// To some, when an estimate says so.
    Partial = EPS_LANCZOS_REORTHOG_PARTIAL,
    /// To all, a step later, with fewer messages.
    Delayed = EPS_LANCZOS_REORTHOG_DELAYED,
}

impl Kind for LanczosReorthogonalization {
    type Value = Self;
    type Raw = sys::EPSLanczosReorthogType;

    fn raw(value: Self, _what: &str) -> Result<Self::Raw> {
        Ok(value.to_raw())
    }

    fn value(raw: Self::Raw) -> Result<Self> {
        // -1, what SLEPc has for none.
        if raw == !0 {
            let text = "not set yet: call set_lanczos_reorthogonalization, which the method wants";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        Self::try_from(raw)
    }
}

/// What a restart of a Davidson method keeps, see [`EpsRef::set_davidson_restart`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DavidsonRestart {
    /// Number of approximations, at least 1.
    pub keep: usize,
    /// Number of those of the iteration before.
    pub previous: usize,
}

solver::by_method! {
    EpsRef, EpsType::KRYLOVSCHUR;
    /// Sets whether the method `arnoldi` orthogonalises a step later, with fewer messages and less accurately.
    /// Logically collective. Default: no. Option: `-eps_arnoldi_delayed`.
    #[doc(alias = "EPSArnoldiSetDelayed")]
    set_arnoldi_delayed,
    /// Whether orthogonalisation is delayed.
    #[doc(alias = "EPSArnoldiGetDelayed")]
    arnoldi_delayed: bool as Flag("delay of orthogonalisation") {
        "arnoldi" => EPSArnoldiSetDelayed, EPSArnoldiGetDelayed;
    }
    /// Sets how the method `lanczos` keeps its vectors orthogonal, without which it refuses to solve. Logically
    /// collective. Default: none. Option: `-eps_lanczos_reorthog`.
    #[doc(alias = "EPSLanczosSetReorthog")]
    set_lanczos_reorthogonalization,
    /// How vectors are kept orthogonal; `ARG_WRONGSTATE` before it was set.
    #[doc(alias = "EPSLanczosGetReorthog")]
    lanczos_reorthogonalization: LanczosReorthogonalization as LanczosReorthogonalization("orthogonalisation") {
        "lanczos" => EPSLanczosSetReorthog, EPSLanczosGetReorthog;
    }
    /// Sets whether the Davidson methods `gd` and `jd` begin with a Krylov subspace instead of random vectors.
    /// Logically collective. Default: no. Options: `-eps_gd_krylov_start`, `-eps_jd_krylov_start`.
    #[doc(alias = "EPSGDSetKrylovStart")]
    #[doc(alias = "EPSJDSetKrylovStart")]
    set_davidson_krylov_start,
    /// Whether the start is a Krylov subspace.
    #[doc(alias = "EPSGDGetKrylovStart")]
    #[doc(alias = "EPSJDGetKrylovStart")]
    davidson_krylov_start: bool as Flag("a Krylov start") {
        "gd" => EPSGDSetKrylovStart, EPSGDGetKrylovStart;
        "jd" => EPSJDSetKrylovStart, EPSJDGetKrylovStart;
    }
    /// Sets how many vectors the methods `gd` and `jd` add in an iteration. Logically collective. Default: 1. Options:
    /// `-eps_gd_blocksize`, `-eps_jd_blocksize`.
    #[doc(alias = "EPSGDSetBlockSize")]
    #[doc(alias = "EPSJDSetBlockSize")]
    set_davidson_block_size,
    /// How many vectors an iteration adds.
    #[doc(alias = "EPSGDGetBlockSize")]
    #[doc(alias = "EPSJDGetBlockSize")]
    davidson_block_size: usize as Count("a block size") {
        "gd" => EPSGDSetBlockSize, EPSGDGetBlockSize;
        "jd" => EPSJDSetBlockSize, EPSJDGetBlockSize;
    }
    /// Sets with how many vectors the methods `gd` and `jd` begin. Logically collective. Default: by SLEPc. Options:
    /// `-eps_gd_initial_size`, `-eps_jd_initial_size`.
    #[doc(alias = "EPSGDSetInitialSize")]
    #[doc(alias = "EPSJDSetInitialSize")]
    set_davidson_initial_size,
    /// With how many vectors the method begins.
    #[doc(alias = "EPSGDGetInitialSize")]
    #[doc(alias = "EPSJDGetInitialSize")]
    davidson_initial_size: usize as Count("an initial size") {
        "gd" => EPSGDSetInitialSize, EPSGDGetInitialSize;
        "jd" => EPSJDSetInitialSize, EPSJDGetInitialSize;
    }
    /// Sets whether the methods `gd` and `jd` keep their vectors orthogonal in the inner product of `B`. Logically
    /// collective. Default: yes, where `B` allows. Options: `-eps_gd_borth`, `-eps_jd_borth`.
    #[doc(alias = "EPSGDSetBOrth")]
    #[doc(alias = "EPSJDSetBOrth")]
    set_davidson_b_orthogonal,
    /// Whether vectors are orthogonal in the inner product of `B`.
    #[doc(alias = "EPSGDGetBOrth")]
    #[doc(alias = "EPSJDGetBOrth")]
    davidson_b_orthogonal: bool as Flag("orthogonality by B") {
        "gd" => EPSGDSetBOrth, EPSGDGetBOrth;
        "jd" => EPSJDSetBOrth, EPSJDGetBOrth;
    }
    /// Sets whether the method `gd` adds the preconditioned eigenvector beside the residual (Olsen's variant).
    /// Logically collective. Default: no. Option: `-eps_gd_double_expansion`.
    #[doc(alias = "EPSGDSetDoubleExpansion")]
    set_gd_double_expansion,
    /// Whether two vectors are added.
    #[doc(alias = "EPSGDGetDoubleExpansion")]
    gd_double_expansion: bool as Flag("double expansion") {
        "gd" => EPSGDSetDoubleExpansion, EPSGDGetDoubleExpansion;
    }
    /// Sets the residual, relative to the eigenvalue, below which the correction equation of the method `jd` has the
    /// Ritz value in place of the target. Logically collective. Default: 0.01. Option: `-eps_jd_fix`.
    #[doc(alias = "EPSJDSetFix")]
    set_jd_fix,
    /// When the Ritz value replaces the target.
    #[doc(alias = "EPSJDGetFix")]
    jd_fix: Real as Positive("a threshold") {
        "jd" => EPSJDSetFix, EPSJDGetFix;
    }
    /// Sets whether the correction equation of the method `jd` is solved to one tolerance, instead of one that
    /// becomes smaller with the iterations. Logically collective. Default: yes. Option: `-eps_jd_const_correction_tol`.
    #[doc(alias = "EPSJDSetConstCorrectionTol")]
    set_jd_constant_tolerance,
    /// Whether the tolerance of the correction equation stays.
    #[doc(alias = "EPSJDGetConstCorrectionTol")]
    jd_constant_tolerance: bool as Flag("a constant tolerance") {
        "jd" => EPSJDSetConstCorrectionTol, EPSJDGetConstCorrectionTol;
    }
    /// Sets the number of vectors that the method `lobpcg` works with at a time. Logically collective. Default: the
    /// number of wanted eigenvalues, at most 16. Option: `-eps_lobpcg_blocksize`.
    #[doc(alias = "EPSLOBPCGSetBlockSize")]
    set_lobpcg_block_size,
    /// The number of vectors at a time; 0 before SLEPc has decided.
    #[doc(alias = "EPSLOBPCGGetBlockSize")]
    lobpcg_block_size: usize as Count("a block size") {
        "lobpcg" => EPSLOBPCGSetBlockSize, EPSLOBPCGGetBlockSize;
    }
    /// Sets whether the method `lobpcg` stops to work on vectors of a block that have converged. Logically collective.
    /// Default: no. Option: `-eps_lobpcg_locking`.
    #[doc(alias = "EPSLOBPCGSetLocking")]
    set_lobpcg_locking,
    /// Whether vectors of a block are locked.
    #[doc(alias = "EPSLOBPCGGetLocking")]
    lobpcg_locking: bool as Flag("locking") {
        "lobpcg" => EPSLOBPCGSetLocking, EPSLOBPCGGetLocking;
    }
    /// Sets the share of a block that has to converge before the method `lobpcg` goes on with other vectors, between
    /// 0.1 and 0.9. Logically collective. Default: 0.9. Option: `-eps_lobpcg_restart`.
    #[doc(alias = "EPSLOBPCGSetRestart")]
    set_lobpcg_restart,
    /// The share of a block that has to converge.
    #[doc(alias = "EPSLOBPCGGetRestart")]
    lobpcg_restart: Real as Share("a restart") {
        "lobpcg" => EPSLOBPCGSetRestart, EPSLOBPCGGetRestart;
    }
    /// Sets after how many iterations the method `rqcg` begins its conjugate directions anew. Logically collective.
    /// Default: 20. Option: `-eps_rqcg_reset`.
    #[doc(alias = "EPSRQCGSetReset")]
    set_rqcg_reset,
    /// After how many iterations directions begin anew.
    #[doc(alias = "EPSRQCGGetReset")]
    rqcg_reset: usize as Count("a number of iterations") {
        "rqcg" => EPSRQCGSetReset, EPSRQCGGetReset;
    }
    /// Sets whether a factorisation looks for zero pivots, that is for an end of the interval, or a shift, that is an
    /// eigenvalue. Needs a direct solver that can (MUMPS with `-mat_mumps_icntl_24 1`). Logically collective. Default:
    /// no. Option: `-eps_krylovschur_detect_zeros`.
    #[doc(alias = "EPSKrylovSchurSetDetectZeros")]
    set_krylovschur_detect_zeros,
    /// Whether a factorisation looks for zero pivots.
    #[doc(alias = "EPSKrylovSchurGetDetectZeros")]
    krylovschur_detect_zeros: bool as Flag("detection of zeros") {
        "krylovschur" => EPSKrylovSchurSetDetectZeros, EPSKrylovSchurGetDetectZeros;
    }
    /// Sets the share of the subspace that a restart keeps, between 0.1 and 0.9. Logically collective. Default: 0.5.
    /// Option: `-eps_krylovschur_restart`.
    #[doc(alias = "EPSKrylovSchurSetRestart")]
    set_krylovschur_restart,
    /// The share of the subspace that a restart keeps.
    #[doc(alias = "EPSKrylovSchurGetRestart")]
    krylovschur_restart: Real as Share("a restart") {
        "krylovschur" => EPSKrylovSchurSetRestart, EPSKrylovSchurGetRestart;
    }
    /// Sets whether pairs that have converged are locked. Logically collective. Default: yes. Option:
    /// `-eps_krylovschur_locking`.
    #[doc(alias = "EPSKrylovSchurSetLocking")]
    set_krylovschur_locking,
    /// Whether pairs that have converged are locked.
    #[doc(alias = "EPSKrylovSchurGetLocking")]
    krylovschur_locking: bool as Flag("locking") {
        "krylovschur" => EPSKrylovSchurSetLocking, EPSKrylovSchurGetLocking;
    }
}

impl EpsRef {
    /// Sets what a restart of the methods `gd` and `jd` keeps. Logically collective. Default: by SLEPc. Options:
    /// `-eps_gd_minv`, `-eps_gd_plusk`, `-eps_jd_minv`, `-eps_jd_plusk`.
    ///
    /// # Errors
    /// `SUP` for other methods; `ARG_OUTOFRANGE` if nothing is kept.
    #[doc(alias = "EPSGDSetRestart")]
    #[doc(alias = "EPSJDSetRestart")]
    pub fn set_davidson_restart(&mut self, restart: DavidsonRestart) -> Result<()> {
        let method = self.davidson()?;
        let keep = Count::raw(restart.keep, "what a restart keeps")?;
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

    /// What a restart keeps, `None` before SLEPc has decided. Not collective.
    ///
    /// # Errors
    /// `SUP` for other methods.
    #[doc(alias = "EPSGDGetRestart")]
    #[doc(alias = "EPSJDGetRestart")]
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
        solver::one_of(self, &["gd", "jd"], "a Davidson restart")
    }

    /// Sets the ranks of the method `lyapii`: of the compressed solution of Lyapunov's equation, from 2, and of the
    /// solution itself, at least as large. Logically collective. Default: 10 and three times as much. Option:
    /// `-eps_lyapii_ranks`.
    ///
    /// # Errors
    /// `SUP` for other methods; `ARG_OUTOFRANGE` for other numbers.
    #[doc(alias = "EPSLyapIISetRanks")]
    pub fn set_lyapii_ranks(&mut self, compressed: usize, solution: usize) -> Result<()> {
        solver::one_of(self, &["lyapii"], "ranks")?;
        if compressed < 2 || solution < compressed {
            let text = format!(
                "ranks {compressed} and {solution}: the first is from 2, and not above the second"
            );
            return Err(out_of_range(text));
        }
        let (compressed, solution) = (ffi::petsc_int(compressed)?, ffi::petsc_int(solution)?);
        // SAFETY: a live solver of this type.
        unsafe { call!(EPSLyapIISetRanks(*self.busy()?, compressed, solution)) }?;
        self.give_operators()
    }

    /// The ranks of the method `lyapii`, see [`set_lyapii_ranks`](Self::set_lyapii_ranks); 0 before SLEPc has decided.
    /// Not collective.
    ///
    /// # Errors
    /// `SUP` for other methods.
    #[doc(alias = "EPSLyapIIGetRanks")]
    pub fn lyapii_ranks(&self) -> Result<(usize, usize)> {
        petsc_rs::not_collective!();
        solver::one_of(self, &["lyapii"], "ranks")?;
        let (mut compressed, mut solution) = (0, 0);
        let (eps, a, b) = (self.as_ptr(), &raw mut compressed, &raw mut solution);
        // SAFETY: a live solver of this type and valid out-pointers.
        unsafe { call!(EPSLyapIIGetRanks(eps, a, b)) }?;
        let undecided = |n| if n < 0 { 0 } else { n };
        Ok((
            ffi::size(undecided(compressed))?,
            ffi::size(undecided(solution))?,
        ))
    }
}

solver::threshold! {
    EpsRef, Any, "a NaN";
    EPSSetThreshold, "EPSSetThreshold", EPSGetThreshold, "EPSGetThreshold", EPSSetStoppingTest, EPS_STOP_THRESHOLD;
    "Asks for all eigenvalues above a threshold (below it, if the smallest are wanted), however many these are, \
     unless a number of them was set too, which then is a limit (a set-up before this sets 1); relative to the first one, if `relative`. By real part or by modulus, as they are \
     wanted. Not with a filter, which has a threshold of its own. From SLEPc 3.23 on. Logically collective. Options: `-eps_threshold_absolute`, `-eps_threshold_relative`."
}
