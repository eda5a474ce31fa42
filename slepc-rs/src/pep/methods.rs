//! What only some methods have.

use petsc_rs::{Real, Result, call};

use super::{PepRef, PepType};
use crate::solver::{self, Count, Flag, Positive, Share, out_of_range};
use crate::sys;

petsc_rs::c_enum! {
    /// How the method `jd` projects the problem, see [`PepRef::set_jd_projection`].
    #[doc(alias = "PEPJDProjection")]
    JdProjection of PEPJDProjection;
    /// Orthogonally.
    Orthogonal = PEP_JD_PROJECTION_ORTHOGONAL,
    /// As suits values inside the spectrum. The default.
    Harmonic = PEP_JD_PROJECTION_HARMONIC,
}

solver::kinds! { JdProjection of PEPJDProjection }

solver::by_method! {
    PepRef, PepType::TOAR;
    /// Sets whether the method `linear` forms the matrices of the linear problem, which it must for a quadratic problem
    /// that is not [general](super::ProblemType::General), instead of applying them. Logically collective. Default: no.
    /// Option: `-pep_linear_explicitmatrix`.
    #[doc(alias = "PEPLinearSetExplicitMatrix")]
    set_linear_explicit_matrix,
    /// Whether the matrices of the linear problem are formed.
    #[doc(alias = "PEPLinearGetExplicitMatrix")]
    linear_explicit_matrix: bool as Flag("an explicit matrix") {
        "linear" => PEPLinearSetExplicitMatrix, PEPLinearGetExplicitMatrix;
    }
    /// Sets whether the methods `toar`, `stoar` and `qarnoldi` lock pairs that have converged. Logically collective.
    /// Default: yes. Options: `-pep_toar_locking`, ….
    #[doc(alias = "PEPTOARSetLocking")]
    #[doc(alias = "PEPSTOARSetLocking")]
    #[doc(alias = "PEPQArnoldiSetLocking")]
    set_locking,
    /// Whether pairs that have converged are locked.
    #[doc(alias = "PEPTOARGetLocking")]
    #[doc(alias = "PEPSTOARGetLocking")]
    #[doc(alias = "PEPQArnoldiGetLocking")]
    locking: bool as Flag("locking") {
        "toar" => PEPTOARSetLocking, PEPTOARGetLocking;
        "stoar" => PEPSTOARSetLocking, PEPSTOARGetLocking;
        "qarnoldi" => PEPQArnoldiSetLocking, PEPQArnoldiGetLocking;
    }
    /// Sets the share of the subspace that a restart of the methods `toar`, `qarnoldi` and `jd` keeps, between 0.1 and
    /// 0.9. Logically collective. Default: 0.5. Options: `-pep_toar_restart`, `-pep_qarnoldi_restart`,
    /// `-pep_jd_restart`.
    #[doc(alias = "PEPTOARSetRestart")]
    #[doc(alias = "PEPQArnoldiSetRestart")]
    #[doc(alias = "PEPJDSetRestart")]
    set_restart,
    /// The share of the subspace that a restart keeps.
    #[doc(alias = "PEPTOARGetRestart")]
    #[doc(alias = "PEPQArnoldiGetRestart")]
    #[doc(alias = "PEPJDGetRestart")]
    restart: Real as Share("a restart") {
        "toar" => PEPTOARSetRestart, PEPTOARGetRestart;
        "qarnoldi" => PEPQArnoldiSetRestart, PEPQArnoldiGetRestart;
        "jd" => PEPJDSetRestart, PEPJDGetRestart;
    }
    /// Sets whether a factorisation of the method `stoar` looks for zero pivots, that is for a shift that is an
    /// eigenvalue. Logically collective. Default: no. Option: `-pep_stoar_detect_zeros`.
    #[doc(alias = "PEPSTOARSetDetectZeros")]
    set_stoar_detect_zeros,
    /// Whether a factorisation looks for zero pivots.
    #[doc(alias = "PEPSTOARGetDetectZeros")]
    stoar_detect_zeros: bool as Flag("detection of zeros") {
        "stoar" => PEPSTOARSetDetectZeros, PEPSTOARGetDetectZeros;
    }
    /// Sets whether the method `stoar` makes sure that all eigenvalues of an interval are of one definite type, without
    /// which the count of them is not valid. Logically collective. Default: yes. Option:
    /// `-pep_stoar_check_eigenvalue_type`.
    #[doc(alias = "PEPSTOARSetCheckEigenvalueType")]
    set_stoar_check_eigenvalue_type,
    /// Whether the type of eigenvalues is checked.
    #[doc(alias = "PEPSTOARGetCheckEigenvalueType")]
    stoar_check_eigenvalue_type: bool as Flag("a check of types") {
        "stoar" => PEPSTOARSetCheckEigenvalueType, PEPSTOARGetCheckEigenvalueType;
    }
    /// Sets the residual below which the preconditioner of the method `jd` is built anew at the Ritz value instead of the
    /// target. Logically collective. Default: 0.01. Option: `-pep_jd_fix`.
    #[doc(alias = "PEPJDSetFix")]
    set_jd_fix,
    /// When the Ritz value replaces the target.
    #[doc(alias = "PEPJDGetFix")]
    jd_fix: Real as Positive("a threshold") {
        "jd" => PEPJDSetFix, PEPJDGetFix;
    }
    /// Sets whether the method `jd` builds its preconditioner once, at the target. Logically collective. Default: no.
    /// Option: `-pep_jd_reuse_preconditioner`.
    #[doc(alias = "PEPJDSetReusePreconditioner")]
    set_jd_reuse_preconditioner,
    /// Whether the preconditioner is built once.
    #[doc(alias = "PEPJDGetReusePreconditioner")]
    jd_reuse_preconditioner: bool as Flag("a lasting preconditioner") {
        "jd" => PEPJDSetReusePreconditioner, PEPJDGetReusePreconditioner;
    }
    /// Sets the largest minimality index with which the method `jd` deflates, that is how many powers of the eigenvalues
    /// tell vectors apart. Logically collective. Default: the degree. Option: `-pep_jd_minimality_index`.
    #[doc(alias = "PEPJDSetMinimalityIndex")]
    set_jd_minimality_index,
    /// The largest minimality index; 0 before SLEPc has decided.
    #[doc(alias = "PEPJDGetMinimalityIndex")]
    jd_minimality_index: usize as Count("a minimality index") {
        "jd" => PEPJDSetMinimalityIndex, PEPJDGetMinimalityIndex;
    }
    /// Sets how the method `jd` projects the problem. Logically collective. Option: `-pep_jd_projection`.
    #[doc(alias = "PEPJDSetProjection")]
    set_jd_projection,
    /// How the problem is projected.
    #[doc(alias = "PEPJDGetProjection")]
    jd_projection: JdProjection as JdProjection("a projection") {
        "jd" => PEPJDSetProjection, PEPJDGetProjection;
    }
}

impl PepRef {
    /// Sets which of the linear problems that a quadratic one is equivalent to the methods `linear` and `stoar` solve,
    /// by two numbers. Logically collective. Default: 1 and 0. Options: `-pep_linear_linearization α,β`,
    /// `-pep_stoar_linearization α,β`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if both are 0; `SUP` for other methods.
    #[doc(alias = "PEPLinearSetLinearization")]
    #[doc(alias = "PEPSTOARSetLinearization")]
    pub fn set_linearization(&mut self, alpha: Real, beta: Real) -> Result<()> {
        if alpha.is_nan() || beta.is_nan() || (alpha == 0.0 && beta == 0.0) {
            let text = "one of the two numbers of a linearization must not be 0";
            return Err(out_of_range(text));
        }
        let pep = self.as_ptr();
        if solver::one_of(self, &["linear", "stoar"], "a linearization")? == "linear" {
            // SAFETY: a live solver of this type.
            unsafe { call!(PEPLinearSetLinearization(pep, alpha, beta)) }
        } else {
            // SAFETY: as above.
            unsafe { call!(PEPSTOARSetLinearization(pep, alpha, beta)) }
        }?;
        self.give_operators()
    }

    /// The two numbers of [`set_linearization`](Self::set_linearization). Not collective.
    ///
    /// # Errors
    /// `SUP` for other methods.
    #[doc(alias = "PEPLinearGetLinearization")]
    #[doc(alias = "PEPSTOARGetLinearization")]
    pub fn linearization(&self) -> Result<(Real, Real)> {
        petsc_rs::not_collective!();
        let (pep, mut alpha, mut beta) = (self.as_ptr(), 0.0, 0.0);
        let (a, b) = (&raw mut alpha, &raw mut beta);
        if solver::one_of(self, &["linear", "stoar"], "a linearization")? == "linear" {
            // SAFETY: a live solver of this type and valid out-pointers.
            unsafe { call!(PEPLinearGetLinearization(pep, a, b)) }
        } else {
            // SAFETY: as above.
            unsafe { call!(PEPSTOARGetLinearization(pep, a, b)) }
        }?;
        Ok((alpha, beta))
    }
}
