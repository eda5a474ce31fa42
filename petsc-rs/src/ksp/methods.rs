//! Settings of individual Krylov methods. A setter returns an error if the solver has another type.

use petsc_macros::{getter, setting, wraps};

use super::KspRef;
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::range::{at_least_one, not_negative};
use crate::object::{Loan, Value, check_composed, type_among};
use crate::vector::Vector;
use crate::{Real, Scalar, call, ffi, get_raw, sys};

c_enum! {
    /// The symmetry that conjugate gradients assume for a complex operator.
    #[doc(alias = "KSPCGType")]
    CgType of KSPCGType;
    /// `A = Aᵀ`.
    Symmetric = KSP_CG_SYMMETRIC,
    /// `A = Aᴴ`, the default.
    Hermitian = KSP_CG_HERMITIAN,
}

/// When classical Gram–Schmidt orthogonalizes a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[wraps(KSPGMRESCGSRefinementType)]
pub enum Refinement {
    /// Never, the default.
    Never,
    /// When the method detects cancellation.
    IfNeeded,
    /// Always.
    Always,
}

// PETSc 3.26 renames the C type.
impl Value for Refinement {
    type Raw = std::ffi::c_int;
    const ZERO: Self::Raw = 0;

    fn into_c(self) -> Result<Self::Raw> {
        Ok(match self {
            Self::Never => 0,
            Self::IfNeeded => 1,
            Self::Always => 2,
        })
    }

    fn from_c(raw: Self::Raw) -> Result<Self> {
        match raw {
            0 => Ok(Self::Never),
            1 => Ok(Self::IfNeeded),
            2 => Ok(Self::Always),
            _ => Err(Error::new(ErrorCode::SUP, format!("unknown refinement {raw}"))),
        }
    }
}

/// Orthogonalization of GMRES, see [`KspRef::set_gmres_orthogonalization`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GramSchmidt {
    /// Computes all projections with one reduction. The default.
    Classical,
    /// Computes one projection after another, each with its own reduction. Suffers less from
    /// cancellation.
    Modified,
}

impl KspRef {
    /// The number of iterations after which GMRES and its variants restart. Each iteration between
    /// two restarts stores one vector.
    #[setting(KSPGMRESSetRestart, KSPGMRESGetRestart, composed, check = at_least_one)]
    #[option("-ksp_gmres_restart", default = "30")]
    pub fn set_gmres_restart(gmres_restart: usize);

    /// Sets the orthogonalization of GMRES and its variants. Logically collective. Default:
    /// classical. Options: `-ksp_gmres_classicalgramschmidt`, `-ksp_gmres_modifiedgramschmidt`.
    ///
    /// # Errors
    /// `ARG_WRONG` if the type has no such setting.
    #[wraps(KSPGMRESSetOrthogonalization)]
    pub fn set_gmres_orthogonalization(&mut self, orthogonalization: GramSchmidt) -> Result<()> {
        self.check_gmres()?;
        let modified = ffi::raw_bool(orthogonalization == GramSchmidt::Modified);
        let ksp = self.busy()?;
        // SAFETY: a live solver, whose type C checks.
        unsafe { call!(PetscRsKSPGMRESSetModifiedGramSchmidt(*ksp, modified)) }
    }

    /// When GMRES and its variants refine classical Gram–Schmidt with a second pass.
    #[setting(
        PetscRsKSPGMRESSetCGSRefinementType,
        c = ["KSPGMRESSetCGSRefinementType"], require = check_gmres,
        errors = "`ARG_WRONG` unless the type is GMRES or one of its variants"
    )]
    #[option("-ksp_gmres_cgs_refinement_type", default = "never")]
    pub fn set_gmres_refinement(gmres_refinement: Refinement);

    /// Since 3.26, C accepts these settings for all types and uses them for GMRES only.
    fn check_gmres(&self) -> Result<()> {
        check_composed(self, "KSPGMRESSetRestart", "a setting of GMRES")
    }

    /// The norm of a new basis vector below which GMRES and its variants regard the solution as
    /// exact (happy breakdown).
    #[setting(KSPGMRESSetHapTol, composed, check = not_negative)]
    #[option("-ksp_gmres_haptol", default = "1e-30")]
    pub fn set_gmres_happy_tolerance(gmres_happy_tolerance: Real);

    /// The largest difference between the residual norm in the recurrence of GMRES and the computed
    /// residual norm at a restart, relative to the norm at the start of the cycle. If the
    /// difference is larger, GMRES stops with a breakdown.
    #[setting(KSPGMRESSetBreakdownTolerance, composed, check = not_negative)]
    #[option("-ksp_gmres_breakdown_tolerance", default = "0.1")]
    pub fn set_gmres_breakdown_tolerance(gmres_breakdown_tolerance: Real);

    /// The number of vectors from earlier cycles that augment the subspace of LGMRES.
    ///
    /// It must be smaller than the restart.
    #[setting(
        KSPLGMRESSetAugDim,
        composed, require = check_room,
        errors = "`ARG_OUTOFRANGE` unless it is smaller than the restart; `ARG_WRONGSTATE` after the setup"
    )]
    #[option("-ksp_lgmres_augment", default = "2")]
    pub fn set_lgmres_augment(lgmres_augment: usize);

    /// The number of iterations after which GCR restarts.
    #[setting(
        KSPGCRSetRestart,
        KSPGCRGetRestart,
        composed, check = at_least_one, require = check_room,
        errors = "`ARG_OUTOFRANGE` for 0; `ARG_WRONGSTATE` after the setup"
    )]
    #[option("-ksp_gcr_restart", default = "30")]
    pub fn set_gcr_restart(gcr_restart: usize);

    /// The maximum number of directions that flexible CG stores.
    #[setting(
        KSPFCGSetMmax,
        KSPFCGGetMmax,
        check = at_least_one, require = check_room,
        errors = "`ARG_OUTOFRANGE` for 0; `ARG_WRONGSTATE` after the setup"
    )]
    #[types("fcg")]
    #[option("-ksp_fcg_mmax", default = "30")]
    pub fn set_fcg_directions(fcg_directions: usize);

    /// C changes the number of vectors of these methods but keeps the arrays allocated in the
    /// setup.
    fn check_room(&self) -> Result<()> {
        if self.is_set_up()? {
            let text = "the number of vectors cannot change after the setup: call reset first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        Ok(())
    }

    /// The number ℓ of search directions of BiCGStab(ℓ).
    #[setting(KSPBCGSLSetEll, check = at_least_one)]
    #[types("bcgsl")]
    #[option("-ksp_bcgsl_ell", default = "2")]
    pub fn set_bcgsl_ell(bcgsl_ell: usize);

    /// The factor by which the residual may decrease before BiCGStab(ℓ) recomputes it from the
    /// solution; with 0, it is never recomputed.
    #[setting(KSPBCGSLSetXRes, check = not_negative)]
    #[types("bcgsl")]
    #[option("-ksp_bcgsl_xres", default = "0")]
    pub fn set_bcgsl_replacement(bcgsl_replacement: Real);

    /// Whether BiCGStab(ℓ) uses a convex combination of the minimum-residual and orthogonal
    /// polynomials. Otherwise, it uses only the minimum-residual polynomial.
    #[setting(KSPBCGSLSetPol)]
    #[types("bcgsl")]
    #[option("-ksp_bcgsl_cxpoly", default = "false")]
    pub fn set_bcgsl_convex(bcgsl_convex: bool);

    /// The shift of pipelined flexible GMRES. A good choice is the largest eigenvalue of the
    /// preconditioned operator.
    #[setting(PetscRsKSPPIPEFGMRESSetShift, by_pointer, c = ["KSPPIPEFGMRESSetShift"])]
    #[types("pipefgmres")]
    #[option("-ksp_pipefgmres_shift", default = "1")]
    pub fn set_pipefgmres_shift(pipefgmres_shift: Scalar);

    /// Whether BiCGStab(ℓ) uses a pseudoinverse in the minimization.
    #[setting(KSPBCGSLSetUsePseudoinverse)]
    #[types("bcgsl")]
    #[option("-ksp_bcgsl_pinv", default = "true")]
    pub fn set_bcgsl_pseudoinverse(bcgsl_pseudoinverse: bool);

    /// Sets the bounds of the spectrum of the preconditioned operator, used by Chebyshev iteration.
    /// Logically collective. Default: estimated. Option: `-ksp_chebyshev_eigenvalues`.
    ///
    /// # Errors
    /// `ARG_WRONG` unless the type is `chebyshev`; `ARG_INCOMP` unless both bounds have the same
    /// sign and `largest` has the larger modulus.
    #[wraps(KSPChebyshevSetEigenvalues)]
    pub fn set_chebyshev_eigenvalues(&mut self, largest: Real, smallest: Real) -> Result<()> {
        type_among(self, &["chebyshev"], "set_chebyshev_eigenvalues")?;
        // SAFETY: a live solver of this type.
        unsafe { call!(KSPChebyshevSetEigenvalues(*self.busy()?, largest, smallest)) }
    }

    /// Sets the coefficients from which Chebyshev iteration computes its bounds. Logically
    /// collective. Default: 0, 0.1, 0, 1.1. Option: `-ksp_chebyshev_esteig`.
    ///
    /// With estimates `e_min` and `e_max` of the extreme eigenvalues, the interval is
    /// `a·e_min + b·e_max` to `c·e_min + d·e_max`.
    ///
    /// # Errors
    /// `ARG_WRONG` unless the type is `chebyshev`.
    #[wraps(KSPChebyshevEstEigSet)]
    pub fn set_chebyshev_estimate(&mut self, [a, b, c, d]: [Real; 4]) -> Result<()> {
        type_among(self, &["chebyshev"], "set_chebyshev_estimate")?;
        // SAFETY: a live solver of this type.
        unsafe { call!(KSPChebyshevEstEigSet(*self.busy()?, a, b, c, d)) }
    }

    /// Whether Chebyshev iteration estimates eigenvalues with a random right-hand side instead of
    /// the right-hand side of the solve.
    #[setting(KSPChebyshevEstEigSetUseNoisy, composed)]
    #[option("-ksp_chebyshev_esteig_noisy", default = "true")]
    pub fn set_chebyshev_noisy(chebyshev_noisy: bool);

    /// The damping factor of Richardson iteration.
    #[setting(KSPRichardsonSetScale, composed)]
    #[option("-ksp_richardson_scale", default = "1")]
    pub fn set_richardson_scale(richardson_scale: Real);

    /// Whether Richardson iteration computes a new damping factor in each iteration.
    #[setting(KSPRichardsonSetSelfScale, composed)]
    #[option("-ksp_richardson_self_scale", default = "false")]
    pub fn set_richardson_self_scale(richardson_self_scale: bool);

    /// Whether conjugate gradients use the symmetric or the Hermitian form with complex scalars.
    #[setting(KSPCGSetType, composed)]
    #[option("-ksp_cg_type", default = "Hermitian")]
    pub fn set_cg_type(cg_type: CgType);

    /// Whether conjugate gradients compute both inner products in one reduction.
    #[setting(KSPCGUseSingleReduction, composed)]
    #[option("-ksp_cg_single_reduction", default = "false")]
    pub fn set_cg_single_reduction(cg_single_reduction: bool);

    /// The radius of the trust region of `nash`, `stcg` and `gltr`.
    #[setting(KSPCGSetRadius, composed, check = not_negative)]
    #[option("-ksp_cg_radius", default = "none")]
    pub fn set_cg_radius(cg_radius: Real);

    /// Returns the norm of the step of the last solve with `nash`, `stcg` or `gltr`.
    #[getter(KSPCGGetNormD, composed)]
    pub fn cg_step_norm() -> Real;

    /// Returns the value of the quadratic model after the last solve with `nash`, `stcg` or `gltr`.
    #[getter(KSPCGGetObjFcn, composed)]
    pub fn cg_objective() -> Real;

    /// Returns the estimate of the smallest eigenvalue from the last solve with `gltr`.
    #[getter(KSPGLTRGetMinEig, composed)]
    pub fn gltr_smallest_eigenvalue() -> Real;

    /// Returns the Lagrange multiplier of the trust region from the last solve with `gltr`.
    #[getter(KSPGLTRGetLambda, composed)]
    pub fn gltr_multiplier() -> Real;

    /// The radius of the trust region of `qcg`.
    #[setting(KSPQCGSetTrustRegionRadius, composed, check = not_negative)]
    #[option("-ksp_qcg_trustregionradius", default = "1")]
    pub fn set_qcg_radius(qcg_radius: Real);

    /// Returns the value of the quadratic function after the last solve with `qcg`.
    #[getter(KSPQCGGetQuadratic, composed)]
    pub fn qcg_objective() -> Real;

    /// Returns the norm of the trial step of the last solve with `qcg`.
    #[getter(KSPQCGGetTrialStepNorm, composed)]
    pub fn qcg_step_norm() -> Real;

    /// Whether the convergence test of LSQR uses the exact Frobenius norm of the operator instead
    /// of an estimate.
    #[setting(KSPLSQRSetExactMatNorm)]
    #[types("lsqr")]
    #[option("-ksp_lsqr_exact_mat_norm", default = "false")]
    pub fn set_lsqr_exact_norm(lsqr_exact_norm: bool);

    /// Whether LSQR computes estimates of the standard error of the solution.
    #[setting(KSPLSQRSetComputeStandardErrorVec)]
    #[types("lsqr")]
    #[option("-ksp_lsqr_compute_standard_error", default = "false")]
    pub fn set_lsqr_standard_error(lsqr_standard_error: bool);

    /// Returns the standard error of each entry of the solution in the last solve of LSQR, or
    /// `None` if these are not computed.
    ///
    /// # Errors
    /// `ARG_WRONG` unless the type is `lsqr`.
    #[wraps(KSPLSQRGetStandardErrorVec, not_collective)]
    #[track_caller]
    pub fn lsqr_standard_error(&self) -> Result<Option<Loan<'_, Vector>>> {
        type_among(self, &["lsqr"], "lsqr_standard_error")?;
        // SAFETY: a live solver of type `lsqr` (above).
        let raw = unsafe { get_raw!(KSPLSQRGetStandardErrorVec(self.as_ptr(), _)) }?;
        // SAFETY: NULL or a live vector.
        Ok(unsafe { Vector::retain_nullable(raw) }?.map(Loan::new))
    }

    /// Whether MINRES handles singular systems (MINRES-QLP). Available since PETSc 3.19.
    #[cfg(petsc_ge_3_19)]
    #[setting(KSPMINRESSetUseQLP, KSPMINRESGetUseQLP, composed)]
    #[option("-ksp_minres_qlp", default = "false")]
    pub fn set_minres_qlp(minres_qlp: bool);

    /// The largest norm of the solution that MINRES-QLP allows. Available since PETSc 3.19.
    #[cfg(petsc_ge_3_19)]
    #[setting(KSPMINRESSetRadius, composed, check = not_negative)]
    #[option("-ksp_minres_radius", default = "0")]
    pub fn set_minres_radius(minres_radius: Real);

    /// Returns the residual norm of the normal equations in the last solve of LSQR, and the norm of
    /// the operator.
    #[getter(KSPLSQRGetNorms)]
    #[types("lsqr")]
    pub fn lsqr_norms() -> (Real, Real);
}
