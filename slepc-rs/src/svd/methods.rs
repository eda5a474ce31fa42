//! Settings of individual singular value solvers.

use petsc_macros::{getter, setting, wraps};
use petsc_rs::{Real, Result, call};

use super::SvdRef;
use crate::solver::{self, restart_fraction};
use crate::sys;
use petsc_rs::ffi::range::out_of_range;

petsc_rs::c_enum! {
    /// Bidiagonalization of a generalized problem in the method `trlanczos`, see
    /// [`SvdRef::set_trlanczos_form`].
    #[doc(alias = "SVDTRLanczosGBidiag")]
    BidiagonalForm of SVDTRLanczosGBidiag;
    /// Single: one of the two matrices is reduced to upper bidiagonal form.
    Single = SVD_TRLANCZOS_GBIDIAG_SINGLE,
    /// Both matrices are reduced to upper bidiagonal form.
    Upper = SVD_TRLANCZOS_GBIDIAG_UPPER,
    /// The first matrix is reduced to lower, the second to upper bidiagonal form. The default.
    Lower = SVD_TRLANCZOS_GBIDIAG_LOWER,
}

impl SvdRef {
    /// Whether the matrix of the equivalent problem is assembled, for direct solvers. Otherwise the
    /// matrix is applied without assembly.
    ///
    /// The matrix is `AᴴA` for `cross`, `[0 A; Aᴴ 0]` for `cyclic`, and `[A; B]` of a generalized
    /// problem for `trlanczos`.
    #[setting(
        SVDCrossSetExplicitMatrix, SVDCyclicSetExplicitMatrix, SVDTRLanczosSetExplicitMatrix,
        SVDCrossGetExplicitMatrix, SVDCyclicGetExplicitMatrix, SVDTRLanczosGetExplicitMatrix,
        then = give_operators
    )]
    #[types("cross", "cyclic", "trlanczos")]
    #[option(
        "-svd_cross_explicitmatrix",
        "-svd_cyclic_explicitmatrix",
        "-svd_trlanczos_explicitmatrix",
        default = "false"
    )]
    pub fn set_explicit_matrix(explicit_matrix: bool);

    /// Whether only right vectors are orthogonalized. One-sided orthogonalization is faster, but
    /// less accurate for small singular values.
    #[setting(
        SVDLanczosSetOneSide, SVDTRLanczosSetOneSide, SVDLanczosGetOneSide, SVDTRLanczosGetOneSide,
        then = give_operators
    )]
    #[types("lanczos", "trlanczos")]
    #[option("-svd_lanczos_oneside", "-svd_trlanczos_oneside", default = "false")]
    pub fn set_one_side(one_side: bool);

    /// Whether converged singular triplets are locked.
    #[setting(SVDTRLanczosSetLocking, SVDTRLanczosGetLocking, then = give_operators)]
    #[types("trlanczos")]
    #[option("-svd_trlanczos_locking", default = "true")]
    pub fn set_trlanczos_locking(trlanczos_locking: bool);

    /// The fraction of the basis vectors that is kept at a restart.
    #[setting(
        SVDTRLanczosSetRestart, SVDTRLanczosGetRestart,
        check = restart_fraction, then = give_operators
    )]
    #[types("trlanczos")]
    #[option("-svd_trlanczos_restart", default = "0.5")]
    pub fn set_trlanczos_restart(trlanczos_restart: Real);

    /// The bidiagonalization that `trlanczos` uses for a generalized problem.
    #[setting(SVDTRLanczosSetGBidiag, SVDTRLanczosGetGBidiag, then = give_operators)]
    #[types("trlanczos")]
    #[option("-svd_trlanczos_gbidiag")]
    pub fn set_trlanczos_form(trlanczos_form: BidiagonalForm);
}

impl SvdRef {
    /// Sets the scale factor of `B` in a generalized problem of the method `trlanczos`. If `scale`
    /// is negative, SLEPc chooses the factor: when the first singular value (for the smallest
    /// singular values, its inverse) exceeds `|scale|`, SLEPc computes a factor from this singular
    /// value and restarts. Logically collective. Default: 1. Option: `-svd_trlanczos_scale`.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types; `ARG_OUTOFRANGE` if `scale` is 0 or not finite.
    #[wraps(SVDTRLanczosSetScale)]
    pub fn set_trlanczos_scale(&mut self, scale: Real) -> Result<()> {
        crate::base::one_of(self, &["trlanczos"], "a scale")?;
        if scale == 0.0 || !scale.is_finite() {
            return Err(out_of_range(format!("the scale must be finite and not 0, got {scale}")));
        }
        // SAFETY: a live solver of this type.
        unsafe { call!(SVDTRLanczosSetScale(*self.busy()?, scale)) }?;
        self.give_operators()
    }

    /// The scale factor of `B`, see [`set_trlanczos_scale`](Self::set_trlanczos_scale).
    #[getter(SVDTRLanczosGetScale)]
    #[types("trlanczos")]
    pub fn trlanczos_scale() -> Real;
}

solver::threshold! {
    SvdRef, positive, "a number that is not positive";
    SVDSetThreshold, "SVDSetThreshold", SVDGetThreshold, "SVDGetThreshold", SVDSetStoppingTest, SVD_STOP_THRESHOLD;
    "Sets a threshold: computes all singular values above it (below it, for the smallest singular values). With \
     `relative`, the threshold is a multiple of the largest singular value. Logically collective. Options: \
     `-svd_threshold_absolute`, `-svd_threshold_relative`.

If a number of singular values is set too, it is an upper limit. If the solver was set up before, this \
     number is already 1. Since SLEPc 3.23."
}
