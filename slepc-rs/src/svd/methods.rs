//! What only some methods have.

use petsc_rs::{Real, Result, call};

use super::{SvdRef, SvdType};
use crate::solver::{self, Flag, Share, out_of_range};
use crate::sys;

petsc_rs::c_enum! {
    /// The form to which the method `trlanczos` brings a generalised problem, see [`SvdRef::set_trlanczos_form`].
    #[doc(alias = "SVDTRLanczosGBidiag")]
    BidiagonalForm of SVDTRLanczosGBidiag;
    /// One of the two matrices upper bidiagonal.
    Single = SVD_TRLANCZOS_GBIDIAG_SINGLE,
    /// Both upper bidiagonal.
    Upper = SVD_TRLANCZOS_GBIDIAG_UPPER,
    /// The first lower, the second upper bidiagonal. The default.
    Lower = SVD_TRLANCZOS_GBIDIAG_LOWER,
}

solver::kinds! { BidiagonalForm of SVDTRLanczosGBidiag }

solver::by_method! {
    SvdRef, SvdType::CROSS;
    /// Sets whether the method `cross` forms `AᴴA`, `cyclic` the matrix `[0 A; Aᴴ 0]`, and `trlanczos`, for a generalised
    /// problem, `[A; B]`, instead of applying it: for direct inner solvers. Logically collective. Default: no. Options:
    /// `-svd_cross_explicitmatrix`, `-svd_cyclic_explicitmatrix`, `-svd_trlanczos_explicitmatrix`.
    #[doc(alias = "SVDCrossSetExplicitMatrix")]
    #[doc(alias = "SVDCyclicSetExplicitMatrix")]
    #[doc(alias = "SVDTRLanczosSetExplicitMatrix")]
    set_explicit_matrix,
    /// Whether the matrix of the method is formed.
    #[doc(alias = "SVDCrossGetExplicitMatrix")]
    #[doc(alias = "SVDCyclicGetExplicitMatrix")]
    #[doc(alias = "SVDTRLanczosGetExplicitMatrix")]
    explicit_matrix: bool as Flag("an explicit matrix") {
        "cross" => SVDCrossSetExplicitMatrix, SVDCrossGetExplicitMatrix;
        "cyclic" => SVDCyclicSetExplicitMatrix, SVDCyclicGetExplicitMatrix;
        "trlanczos" => SVDTRLanczosSetExplicitMatrix, SVDTRLanczosGetExplicitMatrix;
    }
    /// Sets whether the methods `lanczos` and `trlanczos` orthogonalise right vectors only: faster, and less accurate for
    /// small singular values. Logically collective. Default: no. Options: `-svd_lanczos_oneside`,
    /// `-svd_trlanczos_oneside`.
    #[doc(alias = "SVDLanczosSetOneSide")]
    #[doc(alias = "SVDTRLanczosSetOneSide")]
    set_one_side,
    /// Whether right vectors only are orthogonalised.
    #[doc(alias = "SVDLanczosGetOneSide")]
    #[doc(alias = "SVDTRLanczosGetOneSide")]
    one_side: bool as Flag("one side") {
        "lanczos" => SVDLanczosSetOneSide, SVDLanczosGetOneSide;
        "trlanczos" => SVDTRLanczosSetOneSide, SVDTRLanczosGetOneSide;
    }
    /// Sets whether the method `trlanczos` locks triplets that have converged. Logically collective. Default: yes.
    /// Option: `-svd_trlanczos_locking`.
    #[doc(alias = "SVDTRLanczosSetLocking")]
    set_trlanczos_locking,
    /// Whether triplets that have converged are locked.
    #[doc(alias = "SVDTRLanczosGetLocking")]
    trlanczos_locking: bool as Flag("locking") {
        "trlanczos" => SVDTRLanczosSetLocking, SVDTRLanczosGetLocking;
    }
    /// Sets the share of the subspace that a restart of the method `trlanczos` keeps, between 0.1 and 0.9. Logically
    /// collective. Default: 0.5. Option: `-svd_trlanczos_restart`.
    #[doc(alias = "SVDTRLanczosSetRestart")]
    set_trlanczos_restart,
    /// The share of the subspace that a restart keeps.
    #[doc(alias = "SVDTRLanczosGetRestart")]
    trlanczos_restart: Real as Share("a restart") {
        "trlanczos" => SVDTRLanczosSetRestart, SVDTRLanczosGetRestart;
    }
    /// Sets the form to which the method `trlanczos` brings a generalised problem. Logically collective. Option:
    /// `-svd_trlanczos_gbidiag`.
    #[doc(alias = "SVDTRLanczosSetGBidiag")]
    set_trlanczos_form,
    /// The form of a generalised problem.
    #[doc(alias = "SVDTRLanczosGetGBidiag")]
    trlanczos_form: BidiagonalForm as BidiagonalForm("a bidiagonal form") {
        "trlanczos" => SVDTRLanczosSetGBidiag, SVDTRLanczosGetGBidiag;
    }
}

impl SvdRef {
    /// Sets the factor of `B` in the generalised problem of the method `trlanczos`; of a negative number, the modulus is
    /// the threshold above which singular values make SLEPc choose a factor and begin anew. Logically collective.
    /// Default: 1. Option: `-svd_trlanczos_scale`.
    ///
    /// # Errors
    /// `SUP` for other methods; `ARG_OUTOFRANGE` for 0 and numbers that are not finite.
    #[doc(alias = "SVDTRLanczosSetScale")]
    pub fn set_trlanczos_scale(&mut self, scale: Real) -> Result<()> {
        solver::one_of(self, &["trlanczos"], "a scale")?;
        if scale == 0.0 || !scale.is_finite() {
            return Err(out_of_range(format!(
                "a scale is not 0 and finite, got {scale}"
            )));
        }
        // SAFETY: a live solver of this type.
        unsafe { call!(SVDTRLanczosSetScale(*self.busy()?, scale)) }?;
        self.give_operators()
    }

    /// The factor of `B`, see [`set_trlanczos_scale`](Self::set_trlanczos_scale). Not collective.
    ///
    /// # Errors
    /// `SUP` for other methods.
    #[doc(alias = "SVDTRLanczosGetScale")]
    pub fn trlanczos_scale(&self) -> Result<Real> {
        petsc_rs::not_collective!();
        solver::one_of(self, &["trlanczos"], "a scale")?;
        let mut scale = 0.0;
        // SAFETY: a live solver of this type and a valid out-pointer.
        unsafe { call!(SVDTRLanczosGetScale(self.as_ptr(), &raw mut scale)) }?;
        Ok(scale)
    }
}

solver::threshold! {
    SvdRef, Positive, "a number that is not positive";
    SVDSetThreshold, "SVDSetThreshold", SVDGetThreshold, "SVDGetThreshold", SVDSetStoppingTest, SVD_STOP_THRESHOLD;
    "Asks for all singular values above a threshold (below it, if the smallest are wanted), however many these are, \
     unless a number of them was set too, which then is a limit (a set-up before this sets 1); relative to the largest, if `relative`. From SLEPc 3.23 on. Logically collective. \
     Options: `-svd_threshold_absolute`, `-svd_threshold_relative`."
}
