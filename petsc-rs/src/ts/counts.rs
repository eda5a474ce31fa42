//! How far an integration is, what it has cost, and what stops it.

use super::{ConvergedReason, EquationType, ExactFinalTime, ProblemType, TsRef};
use crate::error::Result;
use crate::{Int, Real, call, ffi};

/// Writes getters of one number each.
macro_rules! getters {
    ($(
        $(#[$meta:meta])*
        $name:ident -> $kind:ident by $function:ident;
    )*) => {
        impl TsRef {$(
            $(#[$meta])*
            #[doc = "Not collective."]
            #[doc = ""]
            #[doc = "# Errors"]
            #[doc = concat!("What `", stringify!($function), "` returns.")]
            pub fn $name(&self) -> Result<getters!(@type $kind)> {
                crate::not_collective!();
                let mut value = Default::default();
                // SAFETY: a live integrator and a valid out-pointer.
                unsafe { call!($function(self.as_ptr(), &raw mut value)) }?;
                getters!(@convert $kind value)
            }
        )*}
    };
    (@type count) => { usize };
    (@type real) => { Real };
    (@convert count $value:ident) => { ffi::size($value) };
    (@convert real $value:ident) => { Ok($value) };
}

getters! {
    /// Number of steps done.
    #[doc(alias = "TSGetStepNumber")]
    step_number -> count by TSGetStepNumber;
    /// Length of the next step, or of the one that runs.
    #[doc(alias = "TSGetTimeStep")]
    time_step -> real by TSGetTimeStep;
    /// Time at the begin of the last step.
    #[doc(alias = "TSGetPrevTime")]
    previous_time -> real by TSGetPrevTime;
    /// Time at which the last [`solve`](Self::solve) left its result, which may differ from
    /// [`time`](Self::time) by interpolation.
    #[doc(alias = "TSGetSolveTime")]
    solve_time -> real by TSGetSolveTime;
    /// Final time.
    #[doc(alias = "TSGetMaxTime")]
    max_time -> real by TSGetMaxTime;
    /// Largest number of steps.
    #[doc(alias = "TSGetMaxSteps")]
    max_steps -> count by TSGetMaxSteps;
    /// Number of nonlinear iterations so far.
    #[doc(alias = "TSGetSNESIterations")]
    snes_iterations -> count by TSGetSNESIterations;
    /// Number of linear iterations so far.
    #[doc(alias = "TSGetKSPIterations")]
    ksp_iterations -> count by TSGetKSPIterations;
    /// Number of steps that were rejected and done again.
    #[doc(alias = "TSGetStepRejections")]
    step_rejections -> count by TSGetStepRejections;
    /// Number of steps whose nonlinear solve failed.
    #[doc(alias = "TSGetSNESFailures")]
    snes_failures -> count by TSGetSNESFailures;
}

impl TsRef {
    /// Why the last integration stopped, or [`ConvergedReason::Iterating`]. Not collective.
    ///
    /// # Errors
    /// What `TSGetConvergedReason` returns.
    #[doc(alias = "TSGetConvergedReason")]
    pub fn converged_reason(&self) -> Result<ConvergedReason> {
        crate::not_collective!();
        let mut raw = 0;
        // SAFETY: a live integrator and a valid out-pointer.
        unsafe { call!(TSGetConvergedReason(self.as_ptr(), &raw mut raw)) }?;
        Ok(ConvergedReason::from_raw(raw))
    }

    /// Sets the number of steps done, to go on from a checkpoint. Logically collective.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if the number does not fit into `PetscInt`.
    #[doc(alias = "TSSetStepNumber")]
    pub fn set_step_number(&mut self, steps: usize) -> Result<()> {
        let steps = ffi::petsc_int(steps)?;
        // SAFETY: a live integrator; the number is not negative.
        unsafe { call!(TSSetStepNumber(*self.busy()?, steps)) }
    }

    /// Sets how many rejections of one step end the integration, `None` for no limit. Logically
    /// collective. Default: 10. Option: `-ts_max_reject`.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if the number does not fit into `PetscInt`.
    #[doc(alias = "TSSetMaxStepRejections")]
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
    #[doc(alias = "TSSetMaxSNESFailures")]
    pub fn set_max_snes_failures(&mut self, failures: Option<usize>) -> Result<()> {
        let limit = unlimited(failures)?;
        // SAFETY: a live integrator.
        unsafe { call!(TSSetMaxSNESFailures(*self.busy()?, limit)) }
    }

    /// Sets whether a step that fails is an error at once; else the reason says it. Logically
    /// collective. Default: yes. Option: `-ts_error_if_step_fails`.
    ///
    /// # Errors
    /// What `TSSetErrorIfStepFails` returns.
    #[doc(alias = "TSSetErrorIfStepFails")]
    pub fn set_error_if_step_fails(&mut self, error: bool) -> Result<()> {
        // SAFETY: a live integrator.
        unsafe { call!(TSSetErrorIfStepFails(*self.busy()?, ffi::raw_bool(error))) }
    }

    /// Says whether the problem is linear, which takes `ksponly` for the nonlinear solver; the methods `alpha` and
    /// `alpha2` refuse that (`SUP`). Logically collective. Default: nonlinear.
    ///
    /// # Errors
    /// What `TSSetProblemType` returns.
    #[doc(alias = "TSSetProblemType")]
    pub fn set_problem_type(&mut self, kind: ProblemType) -> Result<()> {
        // SAFETY: a live integrator.
        unsafe { call!(TSSetProblemType(*self.busy()?, kind.to_raw())) }
    }

    /// Whether the problem is linear. Not collective.
    ///
    /// # Errors
    /// What `TSGetProblemType` returns.
    #[doc(alias = "TSGetProblemType")]
    pub fn problem_type(&self) -> Result<ProblemType> {
        crate::not_collective!();
        let mut raw = ProblemType::Linear.to_raw();
        // SAFETY: a live integrator and a valid out-pointer.
        unsafe { call!(TSGetProblemType(self.as_ptr(), &raw mut raw)) }?;
        raw.try_into()
    }

    /// Says what kind of equation it is; methods check that they can do it. Not collective.
    ///
    /// # Errors
    /// What `TSSetEquationType` returns.
    #[doc(alias = "TSSetEquationType")]
    pub fn set_equation_type(&mut self, kind: EquationType) -> Result<()> {
        crate::not_collective!();
        // SAFETY: a live integrator.
        unsafe { call!(TSSetEquationType(*self.busy()?, kind.to_raw())) }
    }

    /// The kind of equation. Not collective.
    ///
    /// # Errors
    /// What `TSGetEquationType` returns.
    #[doc(alias = "TSGetEquationType")]
    pub fn equation_type(&self) -> Result<EquationType> {
        crate::not_collective!();
        let mut raw = EquationType::Unspecified.to_raw();
        // SAFETY: a live integrator and a valid out-pointer.
        unsafe { call!(TSGetEquationType(self.as_ptr(), &raw mut raw)) }?;
        raw.try_into()
    }

    /// What happens at the final time. Not collective.
    ///
    /// # Errors
    /// What `TSGetExactFinalTime` returns.
    #[doc(alias = "TSGetExactFinalTime")]
    pub fn exact_final_time(&self) -> Result<ExactFinalTime> {
        crate::not_collective!();
        let mut raw = ExactFinalTime::Unspecified.to_raw();
        // SAFETY: a live integrator and a valid out-pointer.
        unsafe { call!(TSGetExactFinalTime(self.as_ptr(), &raw mut raw)) }?;
        raw.try_into()
    }
}

/// A limit in C: -1 is none, in every release.
fn unlimited(limit: Option<usize>) -> Result<Int> {
    limit.map_or(Ok(-1), ffi::petsc_int)
}
