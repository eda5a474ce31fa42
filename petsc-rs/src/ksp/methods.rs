//! Settings of single methods. A method that does not have a setting ignores it.

use super::KspRef;
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::{Real, call, ffi, sys};

c_enum! {
    /// What conjugate gradients may assume of a complex operator.
    #[doc(alias = "KSPCGType")]
    CgType of KSPCGType;
    /// `A = Aᵀ`.
    Symmetric = KSP_CG_SYMMETRIC,
    /// `A = Aᴴ`, the default.
    Hermitian = KSP_CG_HERMITIAN,
}

/// When classical Gram–Schmidt orthogonalises again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[doc(alias = "KSPGMRESCGSRefinementType")]
pub enum Refinement {
    /// Never, the default.
    Never,
    /// When cancellation is seen.
    IfNeeded,
    /// Always.
    Always,
}

impl Refinement {
    /// The value in C, whose type got another name in PETSc 3.26.
    fn to_c_int(self) -> std::ffi::c_int {
        match self {
            Self::Never => 0,
            Self::IfNeeded => 1,
            Self::Always => 2,
        }
    }
}

/// How GMRES orthogonalises, see [`KspRef::set_gmres_orthogonalization`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GramSchmidt {
    /// All projections at once, with one reduction: the default.
    Classical,
    /// One projection after another: a reduction each, and less cancellation.
    Modified,
}

fn at_least_one(what: &str, n: usize) -> Result<sys::PetscInt> {
    if n == 0 {
        let text = format!("{what} must be at least 1");
        return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
    }
    ffi::petsc_int(n)
}

impl KspRef {
    /// GMRES and its kin: number of iterations after which the method restarts, and so of vectors
    /// that it keeps. Logically collective. Default: 30. Option: `-ksp_gmres_restart`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for 0.
    #[doc(alias = "KSPGMRESSetRestart")]
    pub fn set_gmres_restart(&mut self, restart: usize) -> Result<()> {
        let n = at_least_one("the restart", restart)?;
        // SAFETY: a live solver.
        unsafe { call!(KSPGMRESSetRestart(*self.busy()?, n)) }
    }

    /// See [`set_gmres_restart`](Self::set_gmres_restart). Not collective.
    ///
    /// # Errors
    /// An error if the method is no kin of GMRES.
    #[doc(alias = "KSPGMRESGetRestart")]
    pub fn gmres_restart(&self) -> Result<usize> {
        crate::not_collective!();
        let mut n = 0;
        // SAFETY: a live solver and a valid out-pointer; PETSc looks for the method's own function.
        unsafe { call!(KSPGMRESGetRestart(self.as_ptr(), &raw mut n)) }?;
        ffi::size(n)
    }

    /// GMRES: how it orthogonalises. Logically collective. Default: classical. Options:
    /// `-ksp_gmres_classicalgramschmidt`, `-ksp_gmres_modifiedgramschmidt`.
    ///
    /// # Errors
    /// What `KSPGMRESSetOrthogonalization` returns.
    #[doc(alias = "KSPGMRESSetOrthogonalization")]
    pub fn set_gmres_orthogonalization(&mut self, kind: GramSchmidt) -> Result<()> {
        let modified = ffi::raw_bool(kind == GramSchmidt::Modified);
        // SAFETY: a live solver.
        unsafe {
            call!(PetscRsKSPGMRESSetModifiedGramSchmidt(
                *self.busy()?,
                modified
            ))
        }
    }

    /// GMRES: when classical Gram–Schmidt is done twice. Logically collective. Default: never.
    /// Option: `-ksp_gmres_cgs_refinement_type`.
    ///
    /// # Errors
    /// What `KSPGMRESSetCGSRefinementType` returns.
    #[doc(alias = "KSPGMRESSetCGSRefinementType")]
    pub fn set_gmres_refinement(&mut self, when: Refinement) -> Result<()> {
        // SAFETY: a live solver and a value of the enum.
        unsafe {
            call!(PetscRsKSPGMRESSetCGSRefinementType(
                *self.busy()?,
                when.to_c_int()
            ))
        }
    }

    /// GMRES: residual below which a new vector counts as zero, which ends the method with the exact
    /// solution. Logically collective. Default: 1e-30. Option: `-ksp_gmres_haptol`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a negative number.
    #[doc(alias = "KSPGMRESSetHapTol")]
    pub fn set_gmres_happy_tolerance(&mut self, tolerance: Real) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(KSPGMRESSetHapTol(*self.busy()?, tolerance)) }
    }

    /// LGMRES: number of vectors from earlier cycles that augment the space. Logically collective.
    /// Default: 2. Option: `-ksp_lgmres_augment`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if it is not below the restart; `ARG_WRONGSTATE` after a set-up of this method.
    #[doc(alias = "KSPLGMRESSetAugDim")]
    pub fn set_lgmres_augment(&mut self, vectors: usize) -> Result<()> {
        let n = ffi::petsc_int(vectors)?;
        self.check_room("lgmres")?;
        // SAFETY: a live solver, whose arrays are not there yet (above).
        unsafe { call!(KSPLGMRESSetAugDim(*self.busy()?, n)) }
    }

    /// GCR: number of iterations after which the method restarts. Logically collective. Default: 30.
    /// Option: `-ksp_gcr_restart`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for 0; `ARG_WRONGSTATE` after a set-up of this method.
    #[doc(alias = "KSPGCRSetRestart")]
    pub fn set_gcr_restart(&mut self, restart: usize) -> Result<()> {
        let n = at_least_one("the restart", restart)?;
        self.check_room("gcr")?;
        // SAFETY: a live solver, whose arrays are not there yet (above).
        unsafe { call!(KSPGCRSetRestart(*self.busy()?, n)) }
    }

    /// FCG: largest number of directions to keep. Logically collective. Default: 30. Option:
    /// `-ksp_fcg_mmax`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for 0; `ARG_WRONGSTATE` if the type is not `fcg`, and after a set-up.
    #[doc(alias = "KSPFCGSetMmax")]
    pub fn set_fcg_directions(&mut self, directions: usize) -> Result<()> {
        let n = at_least_one("the number of directions", directions)?;
        self.expect_type(c"fcg")?;
        self.check_room("fcg")?;
        // SAFETY: a live solver of type `fcg`, whose arrays are not there yet (above): PETSc casts its data without a look.
        unsafe { call!(KSPFCGSetMmax(*self.busy()?, n)) }
    }

    /// C changes the number of vectors of these methods, and keeps the arrays that a set-up made.
    fn check_room(&self, kind: &str) -> Result<()> {
        if self.is_type(kind)? && self.is_set_up()? {
            let text = "the number of vectors cannot change after the set-up: reset first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        Ok(())
    }

    /// BiCGStab(ℓ): the number ℓ of search directions. Logically collective. Default: 2. Option:
    /// `-ksp_bcgsl_ell`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for 0; `ARG_WRONGSTATE` if the type is not `bcgsl`.
    #[doc(alias = "KSPBCGSLSetEll")]
    pub fn set_bcgsl_ell(&mut self, ell: usize) -> Result<()> {
        let n = at_least_one("ell", ell)?;
        self.expect_type(c"bcgsl")?;
        // SAFETY: a live solver of type `bcgsl` (above): PETSc casts its data without a look.
        unsafe { call!(KSPBCGSLSetEll(*self.busy()?, n)) }
    }

    /// Chebyshev: bounds of the spectrum of the preconditioned operator. Logically collective.
    /// Default: estimated. Option: `-ksp_chebyshev_eigenvalues`.
    ///
    /// # Errors
    /// `ARG_INCOMP` unless both have one sign and `largest > smallest` in size.
    #[doc(alias = "KSPChebyshevSetEigenvalues")]
    pub fn set_chebyshev_eigenvalues(&mut self, largest: Real, smallest: Real) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(KSPChebyshevSetEigenvalues(*self.busy()?, largest, smallest)) }
    }

    /// Chebyshev: how bounds are made of estimates `e` of the spectrum's ends: from `a·e_min +
    /// b·e_max` to `c·e_min + d·e_max`. Logically collective. Default: 0, 0.1, 0, 1.1. Option:
    /// `-ksp_chebyshev_esteig`.
    ///
    /// # Errors
    /// What `KSPChebyshevEstEigSet` returns.
    #[doc(alias = "KSPChebyshevEstEigSet")]
    pub fn set_chebyshev_estimate(&mut self, [a, b, c, d]: [Real; 4]) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(KSPChebyshevEstEigSet(*self.busy()?, a, b, c, d)) }
    }

    /// Richardson: the damping factor. Logically collective. Default: 1. Option:
    /// `-ksp_richardson_scale`.
    ///
    /// # Errors
    /// What `KSPRichardsonSetScale` returns.
    #[doc(alias = "KSPRichardsonSetScale")]
    pub fn set_richardson_scale(&mut self, scale: Real) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(KSPRichardsonSetScale(*self.busy()?, scale)) }
    }

    /// Richardson: whether it chooses the damping factor itself, at every iteration. Logically
    /// collective. Default: no. Option: `-ksp_richardson_self_scale`.
    ///
    /// # Errors
    /// What `KSPRichardsonSetSelfScale` returns.
    #[doc(alias = "KSPRichardsonSetSelfScale")]
    pub fn set_richardson_self_scale(&mut self, on: bool) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(KSPRichardsonSetSelfScale(*self.busy()?, ffi::raw_bool(on))) }
    }

    /// Conjugate gradients: symmetric or Hermitian operator, for complex scalars. Logically
    /// collective. Default: Hermitian. Option: `-ksp_cg_type`.
    ///
    /// # Errors
    /// What `KSPCGSetType` returns.
    #[doc(alias = "KSPCGSetType")]
    pub fn set_cg_type(&mut self, kind: CgType) -> Result<()> {
        // SAFETY: a live solver and a value of the enum.
        unsafe { call!(KSPCGSetType(*self.busy()?, kind.to_raw())) }
    }

    /// Conjugate gradients: whether both inner products share one reduction. Logically collective.
    /// Default: no. Option: `-ksp_cg_single_reduction`.
    ///
    /// # Errors
    /// What `KSPCGUseSingleReduction` returns.
    #[doc(alias = "KSPCGUseSingleReduction")]
    pub fn set_cg_single_reduction(&mut self, on: bool) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(KSPCGUseSingleReduction(*self.busy()?, ffi::raw_bool(on))) }
    }

    /// Conjugate gradients in a trust region (`nash`, `stcg`, `gltr`): its radius. Logically
    /// collective. Default: none. Option: `-ksp_cg_radius`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a negative number.
    #[doc(alias = "KSPCGSetRadius")]
    pub fn set_cg_radius(&mut self, radius: Real) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(KSPCGSetRadius(*self.busy()?, radius)) }
    }

    /// LSQR: residual norm of the normal equations of the last solve, and the norm of the operator.
    /// Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the type is not `lsqr`.
    #[doc(alias = "KSPLSQRGetNorms")]
    pub fn lsqr_norms(&self) -> Result<(Real, Real)> {
        crate::not_collective!();
        self.expect_type(c"lsqr")?;
        let (mut residual, mut operator) = (0.0, 0.0);
        // SAFETY: a live solver of type `lsqr` (above): PETSc casts its data without a look.
        unsafe {
            call!(KSPLSQRGetNorms(
                self.as_ptr(),
                &raw mut residual,
                &raw mut operator
            ))
        }?;
        Ok((residual, operator))
    }

    /// LSQR: whether to compute the Frobenius norm of the operator exactly, for its convergence
    /// test. Logically collective. Default: no. Option: `-ksp_lsqr_exact_mat_norm`.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the type is not `lsqr`.
    #[doc(alias = "KSPLSQRSetExactMatNorm")]
    pub fn set_lsqr_exact_norm(&mut self, on: bool) -> Result<()> {
        self.expect_type(c"lsqr")?;
        // SAFETY: a live solver of type `lsqr` (above).
        unsafe { call!(KSPLSQRSetExactMatNorm(*self.busy()?, ffi::raw_bool(on))) }
    }

    fn expect_type(&self, kind: &std::ffi::CStr) -> Result<()> {
        let (kind, found) = (kind.to_string_lossy(), crate::Object::type_name(self)?);
        if found.as_deref() == Some(&*kind) {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_WRONGSTATE,
            format!(
                "this setting belongs to the method {kind}, but the solver's is {}",
                found.as_deref().unwrap_or("not set")
            ),
        ))
    }
}
