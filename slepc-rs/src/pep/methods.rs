//! Settings of individual polynomial eigensolvers.

use petsc_macros::{setting, wraps};
use petsc_rs::ffi::range::{at_least_one, positive};
use petsc_rs::{Real, Result, call};

use super::PepRef;
use crate::solver::restart_fraction;
use crate::sys;
use petsc_rs::ffi::range::out_of_range;

petsc_rs::c_enum! {
    /// Projection of the method `jd`, see [`PepRef::set_jd_projection`].
    #[doc(alias = "PEPJDProjection")]
    JdProjection of PEPJDProjection;
    /// Orthogonal projection.
    Orthogonal = PEP_JD_PROJECTION_ORTHOGONAL,
    /// Harmonic projection, for interior eigenvalues. The default.
    Harmonic = PEP_JD_PROJECTION_HARMONIC,
}

impl PepRef {
    /// Whether the type `linear` assembles the matrices of the linearization. Otherwise the
    /// matrices are applied without assembly.
    ///
    /// Quadratic problems that are not [general](super::ProblemType::General) require assembled
    /// matrices.
    #[setting(PEPLinearSetExplicitMatrix, PEPLinearGetExplicitMatrix, then = give_operators)]
    #[types("linear")]
    #[option("-pep_linear_explicitmatrix", default = "false")]
    pub fn set_linear_explicit_matrix(linear_explicit_matrix: bool);

    /// Whether converged eigenpairs are locked.
    #[setting(
        PEPTOARSetLocking, PEPSTOARSetLocking, PEPQArnoldiSetLocking, PEPTOARGetLocking,
        PEPSTOARGetLocking, PEPQArnoldiGetLocking,
        then = give_operators
    )]
    #[types("toar", "stoar", "qarnoldi")]
    #[option("-pep_toar_locking", "-pep_stoar_locking", "-pep_qarnoldi_locking", default = "true")]
    pub fn set_locking(locking: bool);

    /// The fraction of the basis vectors that is kept at a restart.
    #[setting(
        PEPTOARSetRestart, PEPQArnoldiSetRestart, PEPJDSetRestart, PEPTOARGetRestart,
        PEPQArnoldiGetRestart, PEPJDGetRestart,
        check = restart_fraction, then = give_operators
    )]
    #[types("toar", "qarnoldi", "jd")]
    #[option("-pep_toar_restart", "-pep_qarnoldi_restart", "-pep_jd_restart", default = "0.5")]
    pub fn set_restart(restart: Real);

    /// Whether spectrum slicing by `stoar` detects zero pivots in factorizations. A zero pivot
    /// means that the shift is an eigenvalue.
    #[setting(PEPSTOARSetDetectZeros, PEPSTOARGetDetectZeros, then = give_operators)]
    #[types("stoar")]
    #[option("-pep_stoar_detect_zeros", default = "false")]
    pub fn set_stoar_detect_zeros(stoar_detect_zeros: bool);

    /// Whether `stoar` checks that all eigenvalues in an interval have the same definite type. Only
    /// then can spectrum slicing count the eigenvalues.
    #[setting(
        PEPSTOARSetCheckEigenvalueType, PEPSTOARGetCheckEigenvalueType,
        then = give_operators
    )]
    #[types("stoar")]
    #[option("-pep_stoar_check_eigenvalue_type", default = "true")]
    pub fn set_stoar_check_eigenvalue_type(stoar_check_eigenvalue_type: bool);

    /// The threshold of the residual below which Jacobi-Davidson builds the preconditioner at the
    /// Ritz value instead of at the target.
    #[setting(PEPJDSetFix, PEPJDGetFix, check = positive, then = give_operators)]
    #[types("jd")]
    #[option("-pep_jd_fix", default = "0.01")]
    pub fn set_jd_fix(jd_fix: Real);

    /// Whether Jacobi-Davidson builds the preconditioner only once, at the target.
    #[setting(PEPJDSetReusePreconditioner, PEPJDGetReusePreconditioner, then = give_operators)]
    #[types("jd")]
    #[option("-pep_jd_reuse_preconditioner", default = "false")]
    pub fn set_jd_reuse_preconditioner(jd_reuse_preconditioner: bool);

    /// The maximum minimality index of the deflated invariant pair in Jacobi-Davidson.
    #[setting(
        PEPJDSetMinimalityIndex, PEPJDGetMinimalityIndex,
        check = at_least_one, then = give_operators
    )]
    #[types("jd")]
    #[option("-pep_jd_minimality_index", default = "the degree")]
    pub fn set_jd_minimality_index(jd_minimality_index: usize);

    /// The projection of Jacobi-Davidson.
    #[setting(PEPJDSetProjection, PEPJDGetProjection, then = give_operators)]
    #[types("jd")]
    #[option("-pep_jd_projection")]
    pub fn set_jd_projection(jd_projection: JdProjection);
}

impl PepRef {
    /// Sets the numbers `alpha` and `beta` that define the linearization of a quadratic problem in
    /// the methods `linear` and `stoar`. Logically collective. Default: 1 and 0. Options:
    /// `-pep_linear_linearization α,β`, `-pep_stoar_linearization α,β`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if both are 0; `ARG_WRONG` for other types.
    #[wraps(PEPLinearSetLinearization, PEPSTOARSetLinearization)]
    pub fn set_linearization(&mut self, alpha: Real, beta: Real) -> Result<()> {
        if alpha.is_nan() || beta.is_nan() || (alpha == 0.0 && beta == 0.0) {
            let text = "at least one of alpha and beta must not be 0";
            return Err(out_of_range(text));
        }
        let pep = self.as_ptr();
        if crate::base::one_of(self, &["linear", "stoar"], "a linearization")? == "linear" {
            // SAFETY: a live solver of this type.
            unsafe { call!(PEPLinearSetLinearization(pep, alpha, beta)) }
        } else {
            // SAFETY: as above.
            unsafe { call!(PEPSTOARSetLinearization(pep, alpha, beta)) }
        }?;
        self.give_operators()
    }

    /// Returns the two numbers of [`set_linearization`](Self::set_linearization). Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(PEPLinearGetLinearization, PEPSTOARGetLinearization)]
    pub fn linearization(&self) -> Result<(Real, Real)> {
        petsc_rs::not_collective!();
        let (pep, mut alpha, mut beta) = (self.as_ptr(), 0.0, 0.0);
        let (a, b) = (&raw mut alpha, &raw mut beta);
        if crate::base::one_of(self, &["linear", "stoar"], "a linearization")? == "linear" {
            // SAFETY: a live solver of this type and valid out-pointers.
            unsafe { call!(PEPLinearGetLinearization(pep, a, b)) }
        } else {
            // SAFETY: as above.
            unsafe { call!(PEPSTOARGetLinearization(pep, a, b)) }
        }?;
        Ok((alpha, beta))
    }
}
