//! Norm types, preconditioner sides, initial guesses and scaling.

use petsc_macros::{setting, wraps};

use super::KspRef;
use crate::c_enum::c_enum;
use crate::call;
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::range::at_least_one;

c_enum! {
    /// The norm in the convergence test, see [`KspRef::set_norm_type`].
    #[doc(alias = "KSPNormType")]
    NormType of KSPNormType;
    /// No norm: the method runs to its maximum number of iterations.
    None = KSP_NORM_NONE,
    /// The preconditioned residual norm, `‖M⁻¹(b − A·x)‖`.
    Preconditioned = KSP_NORM_PRECONDITIONED,
    /// The true residual norm, `‖b − A·x‖`.
    Unpreconditioned = KSP_NORM_UNPRECONDITIONED,
    /// The natural norm of the method, `√(rᵀM⁻¹r)` for conjugate gradients.
    Natural = KSP_NORM_NATURAL,
}

c_enum! {
    /// The side on which the preconditioner is applied, see [`KspRef::set_side`].
    #[doc(alias = "PCSide")]
    Side of PCSide;
    /// `M⁻¹·A·x = M⁻¹·b`.
    Left = PC_LEFT,
    /// `A·M⁻¹·y = b`.
    Right = PC_RIGHT,
    /// One factor of the preconditioner on each side.
    Symmetric = PC_SYMMETRIC,
}

impl KspRef {
    /// Whether the solution vector holds the initial guess. Otherwise the initial guess is zero.
    #[setting(KSPSetInitialGuessNonzero, KSPGetInitialGuessNonzero)]
    #[option("-ksp_initial_guess_nonzero", default = "false")]
    pub fn set_initial_guess_nonzero(initial_guess_nonzero: bool);

    /// Whether the initial guess is the preconditioner applied to the right-hand side.
    #[setting(KSPSetInitialGuessKnoll, KSPGetInitialGuessKnoll)]
    #[option("-ksp_knoll", default = "false")]
    pub fn set_initial_guess_knoll(initial_guess_knoll: bool);

    /// Whether the solver keeps the current preconditioner when the operators change.
    #[setting(KSPSetReusePreconditioner, KSPGetReusePreconditioner)]
    #[option("-ksp_reuse_preconditioner", default = "false")]
    pub fn set_reuse_preconditioner(reuse_preconditioner: bool);

    /// Whether PETSc raises an error if a solve does not converge.
    ///
    /// This applies also to the solvers inside the preconditioner.
    #[setting(KSPSetErrorIfNotConverged, KSPGetErrorIfNotConverged)]
    #[option("-ksp_error_if_not_converged", default = "false")]
    pub fn set_error_if_not_converged(error_if_not_converged: bool);

    /// Whether the system is scaled symmetrically: its rows and columns are divided by the square
    /// roots of the diagonal entries.
    ///
    /// **Changes the matrix**. With [`set_diagonal_scale_fix`](Self::set_diagonal_scale_fix), the
    /// solve scales the matrix back. Available up to PETSc 3.25.
    #[cfg(not(petsc_ge_3_26))]
    #[setting(KSPSetDiagonalScale, KSPGetDiagonalScale)]
    #[option("-ksp_diagonal_scale", default = "false")]
    pub fn set_diagonal_scale(diagonal_scale: bool);

    /// Whether the matrix is scaled back after the solve, see
    /// [`set_diagonal_scale`](Self::set_diagonal_scale). Available up to PETSc 3.25.
    #[cfg(not(petsc_ge_3_26))]
    #[setting(KSPSetDiagonalScaleFix, KSPGetDiagonalScaleFix)]
    #[option("-ksp_diagonal_scale_fix", default = "false")]
    pub fn set_diagonal_scale_fix(diagonal_scale_fix: bool);

    /// The norm that the convergence test uses.
    ///
    /// If the type does not support the norm, [`set_up`](Self::set_up) returns an error. If no norm
    /// is set, reading the norm selects the default.
    #[setting(KSPSetNormType, KSPGetNormType, get_require = check_type_set)]
    #[option("-ksp_norm_type", default = "depends on type and side")]
    pub fn set_norm_type(norm_type: NormType);

    /// The side on which the preconditioner is applied.
    ///
    /// If the type does not support the side, [`set_up`](Self::set_up) returns an error. If no side
    /// is set, reading the side selects the default.
    #[setting(KSPSetPCSide, KSPGetPCSide, get_require = check_type_set)]
    #[option("-ksp_pc_side", default = "left for most types")]
    pub fn set_side(side: Side);

    /// The type determines the supported norms and sides.
    fn check_type_set(&self) -> Result<()> {
        if crate::Object::type_name(self)?.is_some() {
            return Ok(());
        }
        let text = "the solver has no type yet: call set_type or set_from_options first";
        Err(Error::new(ErrorCode::ARG_TYPENOTSET, text))
    }

    /// The first iteration in which the norm is computed.
    #[setting(KSPSetCheckNormIteration)]
    #[option("-ksp_check_norm_iteration", default = "0")]
    pub fn set_check_norm_iteration(check_norm_iteration: usize);

    /// Whether the convergence test uses the norm of the previous iteration, which saves a
    /// reduction.
    #[setting(KSPSetLagNorm)]
    #[option("-ksp_lag_norm", default = "false")]
    pub fn set_lag_norm(lag_norm: bool);

    /// The minimum number of iterations of a solve. Available since PETSc 3.20.
    #[cfg(petsc_ge_3_20)]
    #[setting(KSPSetMinimumIterations, KSPGetMinimumIterations)]
    #[option("-ksp_min_it", default = "0")]
    pub fn set_minimum_iterations(minimum_iterations: usize);

    /// Whether [`set_from_options`](Self::set_from_options) leaves the preconditioner unchanged.
    #[setting(KSPSetSkipPCSetFromOptions)]
    #[option(default = "false")]
    pub fn set_skip_pc_from_options(skip_pc_from_options: bool);

    /// The number of right-hand sides that [`mat_solve`](Self::mat_solve) passes to the method at a
    /// time.
    #[setting(KSPSetMatSolveBatchSize, check = at_least_one)]
    #[option("-ksp_matsolve_batch_size", default = "all columns")]
    pub fn set_mat_solve_batch_size(mat_solve_batch_size: usize);

    /// Makes the relative tolerance of the default convergence test refer to the initial residual
    /// norm, even with a nonzero initial guess. Logically collective. Default: the norm of the
    /// right-hand side. Option: `-ksp_converged_use_initial_residual_norm`.
    ///
    /// Has no effect unless the convergence test is the default one.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` after [`use_smaller_initial_norm`](Self::use_smaller_initial_norm).
    #[wraps(KSPConvergedDefaultSetUIRNorm)]
    pub fn use_initial_residual_norm(&mut self) -> Result<()> {
        // SAFETY: a live solver; C reads the data of the default test only if it is installed.
        unsafe { call!(KSPConvergedDefaultSetUIRNorm(*self.busy()?)) }
    }

    /// Makes the relative tolerance of the default convergence test refer to the smaller of two
    /// norms: the initial residual norm and the norm of the right-hand side. Logically collective.
    /// Option: `-ksp_converged_use_min_initial_residual_norm`.
    ///
    /// Has no effect unless the convergence test is the default one.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` after [`use_initial_residual_norm`](Self::use_initial_residual_norm).
    #[wraps(KSPConvergedDefaultSetUMIRNorm)]
    pub fn use_smaller_initial_norm(&mut self) -> Result<()> {
        // SAFETY: as above.
        unsafe { call!(KSPConvergedDefaultSetUMIRNorm(*self.busy()?)) }
    }

    /// Whether reaching the maximum number of iterations counts as convergence.
    ///
    /// Has no effect unless the convergence test is the default one.
    #[setting(KSPConvergedDefaultSetConvergedMaxits)]
    #[option("-ksp_converged_maxits", default = "false")]
    pub fn set_converged_at_limit(converged_at_limit: bool);
}
