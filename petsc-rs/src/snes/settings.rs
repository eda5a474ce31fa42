//! Switches and limits of nonlinear solvers.

use petsc_macros::{getter, setting};

use super::SnesRef;
use crate::c_enum::c_enum;
use crate::{Real, sys};

c_enum! {
    /// Iterates at which a method computes `‖F‖`, see [`SnesRef::set_norm_schedule`].
    #[doc(alias = "SNESNormSchedule")]
    NormSchedule of SNESNormSchedule;
    /// The default of the method.
    Default = SNES_NORM_DEFAULT,
    /// Never: the method runs to its maximum number of iterations.
    Never = SNES_NORM_NONE,
    /// At every iterate.
    Always = SNES_NORM_ALWAYS,
    /// At the first iterate.
    InitialOnly = SNES_NORM_INITIAL_ONLY,
    /// At the last iterate.
    FinalOnly = SNES_NORM_FINAL_ONLY,
    /// At the first and the last iterate.
    InitialAndFinal = SNES_NORM_INITIAL_FINAL_ONLY,
}

impl SnesRef {
    /// Whether the solver takes at least one step, even if the initial guess satisfies the
    /// convergence test.
    #[setting(SNESSetForceIteration, SNESGetForceIteration)]
    #[option("-snes_force_iteration", default = "false")]
    pub fn set_force_iteration(force_iteration: bool);

    /// Whether each solve resets the counts of function evaluations and linear iterations.
    #[setting(SNESSetCountersReset)]
    #[option(default = "true")]
    pub fn set_counters_reset(counters_reset: bool);

    /// Whether a [`domain`](crate::Error::domain) error in the closure of the Jacobian ends the
    /// solve with [`JacobianDomain`](super::ConvergedReason::JacobianDomain) on all ranks. If
    /// false, only the rank on which the error occurred returns an error.
    ///
    /// The check requires an additional reduction for each Jacobian.
    #[setting(SNESSetCheckJacobianDomainError, SNESGetCheckJacobianDomainError)]
    #[option("-snes_check_jacobian_domain_error", default = "false")]
    pub fn set_check_jacobian_domain_error(check_jacobian_domain_error: bool);

    /// The maximum number of failed steps (line search, trust region) before the solver stops.
    #[setting(SNESSetMaxNonlinearStepFailures, SNESGetMaxNonlinearStepFailures)]
    #[option("-snes_max_fail", default = "1")]
    pub fn set_max_step_failures(max_step_failures: usize);

    /// The maximum number of failed linear solves before the solver stops.
    #[setting(SNESSetMaxLinearSolveFailures, SNESGetMaxLinearSolveFailures)]
    #[option("-snes_max_linear_solve_fail", default = "1")]
    pub fn set_max_linear_failures(max_linear_failures: usize);

    /// The number of refinements of the DM (grid sequencing). After each refinement, the problem is
    /// solved on the finer mesh, with the interpolated solution as the initial guess.
    ///
    /// The vector passed to [`solve`](Self::solve) keeps the solution of the coarsest mesh;
    /// [`solution`](Self::solution) returns the solution of the finest mesh.
    #[setting(SNESSetGridSequence, SNESGetGridSequence)]
    #[option("-snes_grid_sequence", default = "0")]
    pub fn set_grid_sequence(grid_sequence: usize);

    /// The iterations in which `‖F‖` is computed.
    #[setting(SNESSetNormSchedule, SNESGetNormSchedule)]
    #[option("-snes_norm_schedule")]
    pub fn set_norm_schedule(norm_schedule: NormSchedule);

    /// Whether a solve that does not converge is an error inside PETSc, also for an inner solver.
    #[setting(SNESSetErrorIfNotConverged, SNESGetErrorIfNotConverged)]
    #[option("-snes_error_if_not_converged", default = "false")]
    pub fn set_error_if_not_converged(error_if_not_converged: bool);

    /// Whether the method computes the residual at the solution. Nonlinear preconditioners skip
    /// this computation.
    #[setting(SNESSetAlwaysComputesFinalResidual, SNESGetAlwaysComputesFinalResidual)]
    #[option(default = "true")]
    pub fn set_computes_final_residual(computes_final_residual: bool);

    /// Returns the number of failed steps in the last solve.
    #[getter(SNESGetNonlinearStepFailures)]
    pub fn step_failures() -> usize;

    /// Returns the number of failed linear solves in the last solve.
    #[getter(SNESGetLinearSolveFailures)]
    pub fn linear_failures() -> usize;

    /// Returns the number of function evaluations in the last solve.
    #[getter(SNESGetNumberFunctionEvals)]
    pub fn function_evaluations() -> usize;

    /// Returns `‖x‖` at the last iterate.
    #[getter(SNESGetSolutionNorm)]
    pub fn solution_norm() -> Real;

    /// Returns the norm of the last step.
    #[getter(SNESGetUpdateNorm)]
    pub fn update_norm() -> Real;
}
