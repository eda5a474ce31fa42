//! Progress, counters and limits of an integration.

use petsc_macros::{getter, setting, wraps};

use super::{ConvergedReason, EquationType, ExactFinalTime, ProblemType, TsRef};
use crate::error::Result;
use crate::{Int, Real, call, ffi};

impl TsRef {
    /// Returns the number of completed steps.
    #[getter(TSGetStepNumber)]
    pub fn step_number() -> usize;

    /// Returns the length of the next step, or of the current one.
    #[getter(TSGetTimeStep)]
    pub fn time_step() -> Real;

    /// Returns the time at the start of the last step.
    #[getter(TSGetPrevTime)]
    pub fn previous_time() -> Real;

    /// Returns the time of the result of the last [`solve`](Self::solve). It differs from
    /// [`time`](Self::time) if the result was interpolated.
    #[getter(TSGetSolveTime)]
    pub fn solve_time() -> Real;

    /// Returns the final time.
    #[getter(TSGetMaxTime)]
    pub fn max_time() -> Real;

    /// Returns the maximum number of steps.
    #[getter(TSGetMaxSteps)]
    pub fn max_steps() -> usize;

    /// Returns the number of nonlinear iterations so far.
    #[getter(TSGetSNESIterations)]
    pub fn snes_iterations() -> usize;

    /// Returns the number of linear iterations so far.
    #[getter(TSGetKSPIterations)]
    pub fn ksp_iterations() -> usize;

    /// Returns the number of rejected steps.
    #[getter(TSGetStepRejections)]
    pub fn step_rejections() -> usize;

    /// Returns the number of steps whose nonlinear solve failed.
    #[getter(TSGetSNESFailures)]
    pub fn snes_failures() -> usize;
}

impl TsRef {
    /// Returns the reason why the last integration stopped, or [`ConvergedReason::Iterating`].
    #[getter(TSGetConvergedReason)]
    pub fn converged_reason() -> ConvergedReason;

    /// The number of completed steps, for an integration that continues from a checkpoint.
    #[setting(TSSetStepNumber)]
    pub fn set_step_number(step_number: usize);

    /// Sets the number of rejections of one step after which the integration stops, `None` for no
    /// limit. Logically collective. Default: 10. Option: `-ts_max_reject`.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if the number does not fit into `PetscInt`.
    #[wraps(TSSetMaxStepRejections)]
    pub fn set_max_step_rejections(&mut self, rejections: Option<usize>) -> Result<()> {
        let limit = unlimited(rejections)?;
        // SAFETY: a live integrator.
        unsafe { call!(TSSetMaxStepRejections(*self.busy()?, limit)) }
    }

    /// Sets the number of failed nonlinear solves after which the integration stops, `None` for no
    /// limit. Logically collective. Default: 1. Option: `-ts_max_snes_failures`.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if the number does not fit into `PetscInt`.
    #[wraps(TSSetMaxSNESFailures)]
    pub fn set_max_snes_failures(&mut self, failures: Option<usize>) -> Result<()> {
        let limit = unlimited(failures)?;
        // SAFETY: a live integrator.
        unsafe { call!(TSSetMaxSNESFailures(*self.busy()?, limit)) }
    }

    /// Whether a failed step is an error inside PETSc. If false, the integration ends, and
    /// [`converged_reason`](Self::converged_reason) returns the failure.
    #[setting(TSSetErrorIfStepFails)]
    #[option("-ts_error_if_step_fails", default = "true")]
    pub fn set_error_if_step_fails(error_if_step_fails: bool);

    /// Whether the problem is linear.
    ///
    /// For a linear problem, PETSc sets the nonlinear solver to `ksponly`. The methods `alpha` and
    /// `alpha2` do not support this solver (`SUP`).
    ///
    /// # Examples
    /// One step of backward Euler for `u' = -u`: `u₁ = u₀ / (1 + 1)`.
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::{Ts, TsType, ts::ProblemType};
    /// # let mut a = Matrix::builder(comm).global_size(3, 3).build()?;
    /// # for i in a.ownership_range()? {
    /// #     a.set_value(i, i, (-1.0).into(), InsertMode::Insert)?;
    /// # }
    /// # a.assemble()?; // -I
    /// # let (mut u, _) = a.vectors()?;
    /// # u.set(1.0.into())?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::BEULER)?;
    /// ts.set_problem_type(ProblemType::Linear)?;
    /// ts.set_rhs_linear(&a)?;
    /// ts.set_time_step(1.0)?;
    /// ts.set_max_steps(1)?;
    /// let _ = ts.solve(&mut u)?;
    /// assert!((u.norm(Norm::Infinity)? - 0.5).abs() < 1e-9);
    /// # Ok(()) })
    /// ```
    #[setting(TSSetProblemType, TSGetProblemType)]
    #[option(default = "nonlinear")]
    pub fn set_problem_type(problem_type: ProblemType);

    /// The type of the equation. Each method checks that it supports the type.
    #[setting(TSSetEquationType, TSGetEquationType, not_collective)]
    pub fn set_equation_type(equation_type: EquationType);

    /// Returns the treatment of the final time.
    #[getter(TSGetExactFinalTime)]
    pub fn exact_final_time() -> ExactFinalTime;
}

/// Returns the limit for C: -1 means no limit in every release.
fn unlimited(limit: Option<usize>) -> Result<Int> {
    limit.map_or(Ok(-1), ffi::petsc_int)
}
