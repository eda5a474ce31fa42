//! How far an integration is, what it has cost, and what stops it.

use petsc_macros::{getter, setting, wraps};

use super::{ConvergedReason, EquationType, ExactFinalTime, ProblemType, TsRef};
use crate::error::Result;
use crate::{Int, Real, call, ffi};

impl TsRef {
    /// Number of completed steps.
    #[getter(TSGetStepNumber)]
    pub fn step_number() -> usize;

    /// Length of the next step, or of the current one.
    #[getter(TSGetTimeStep)]
    pub fn time_step() -> Real;

    /// Time at the start of the last step.
    #[getter(TSGetPrevTime)]
    pub fn previous_time() -> Real;

    /// Time of the result of the last [`solve`](Self::solve), which may differ from [`time`](Self::time) by
    /// interpolation.
    #[getter(TSGetSolveTime)]
    pub fn solve_time() -> Real;

    /// Final time.
    #[getter(TSGetMaxTime)]
    pub fn max_time() -> Real;

    /// Maximum number of steps.
    #[getter(TSGetMaxSteps)]
    pub fn max_steps() -> usize;

    /// Number of nonlinear iterations so far.
    #[getter(TSGetSNESIterations)]
    pub fn snes_iterations() -> usize;

    /// Number of linear iterations so far.
    #[getter(TSGetKSPIterations)]
    pub fn ksp_iterations() -> usize;

    /// Number of rejected steps.
    #[getter(TSGetStepRejections)]
    pub fn step_rejections() -> usize;

    /// Number of steps whose nonlinear solve failed.
    #[getter(TSGetSNESFailures)]
    pub fn snes_failures() -> usize;
}

impl TsRef {
    /// Why the last integration stopped, or [`ConvergedReason::Iterating`]. Not collective.
    ///
    /// # Errors
    /// What `TSGetConvergedReason` returns.
    #[wraps(TSGetConvergedReason)]
    pub fn converged_reason(&self) -> Result<ConvergedReason> {
        crate::not_collective!();
        let mut raw = 0;
        // SAFETY: a live integrator and a valid out-pointer.
        unsafe { call!(TSGetConvergedReason(self.as_ptr(), &raw mut raw)) }?;
        Ok(ConvergedReason::from_raw(raw))
    }

    /// The number of completed steps, to restart from a checkpoint.
    #[setting(TSSetStepNumber)]
    pub fn set_step_number(step_number: usize);

    /// Sets how many rejections of one step end the integration, `None` for no limit. Logically
    /// collective. Default: 10. Option: `-ts_max_reject`.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if the number does not fit into `PetscInt`.
    #[wraps(TSSetMaxStepRejections)]
    pub fn set_max_step_rejections(&mut self, rejections: Option<usize>) -> Result<()> {
        let limit = unlimited(rejections)?;
        // SAFETY: a live integrator.
        unsafe { call!(TSSetMaxStepRejections(*self.busy()?, limit)) }
    }

    /// Sets how many failed nonlinear solves end the integration, `None` for no limit. Logically
    /// collective. Default: 1. Option: `-ts_max_snes_failures`.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if the number does not fit into `PetscInt`.
    #[wraps(TSSetMaxSNESFailures)]
    pub fn set_max_snes_failures(&mut self, failures: Option<usize>) -> Result<()> {
        let limit = unlimited(failures)?;
        // SAFETY: a live integrator.
        unsafe { call!(TSSetMaxSNESFailures(*self.busy()?, limit)) }
    }

    /// Whether a failed step is an error. Otherwise it is a converged reason.
    #[setting(TSSetErrorIfStepFails)]
    #[option("-ts_error_if_step_fails", default = "true")]
    pub fn set_error_if_step_fails(error_if_step_fails: bool);

    /// Says whether the problem is linear, which takes `ksponly` for the nonlinear solver; the methods `alpha` and
    /// `alpha2` refuse that (`SUP`). Logically collective. Default: nonlinear.
    ///
    /// # Errors
    /// What `TSSetProblemType` returns.
    #[wraps(TSSetProblemType)]
    pub fn set_problem_type(&mut self, kind: ProblemType) -> Result<()> {
        // SAFETY: a live integrator.
        unsafe { call!(TSSetProblemType(*self.busy()?, kind.to_raw())) }
    }

    /// Whether the problem is linear.
    #[getter(TSGetProblemType)]
    pub fn problem_type() -> ProblemType;

    /// Says what kind of equation it is; methods check that they can do it. Not collective.
    ///
    /// # Errors
    /// What `TSSetEquationType` returns.
    #[wraps(TSSetEquationType)]
    pub fn set_equation_type(&mut self, kind: EquationType) -> Result<()> {
        crate::not_collective!();
        // SAFETY: a live integrator.
        unsafe { call!(TSSetEquationType(*self.busy()?, kind.to_raw())) }
    }

    /// The kind of equation.
    #[getter(TSGetEquationType)]
    pub fn equation_type() -> EquationType;

    /// The treatment of the final time.
    #[getter(TSGetExactFinalTime)]
    pub fn exact_final_time() -> ExactFinalTime;
}

/// A limit in C: -1 is none, in every release.
fn unlimited(limit: Option<usize>) -> Result<Int> {
    limit.map_or(Ok(-1), ffi::petsc_int)
}
