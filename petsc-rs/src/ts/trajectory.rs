//! Trajectories: the stored states of an integration, for adjoint integration.

use petsc_macros::{getter, wraps};

use super::{TsAdaptType, TsRef};
use crate::error::{Error, ErrorCode, Result};
use crate::type_names::type_names;
use crate::{Real, call, ffi, sys};

type_names! {
    /// Storage of the states of an integration, for `-ts_trajectory_type` and
    /// [`TsRef::save_trajectory`].
    #[doc(alias = "TSTrajectoryType")]
    TrajectoryType;
    /// In a directory, with one file for each step.
    BASIC = c"basic",
    /// In one file.
    SINGLEFILE = c"singlefile",
    /// In memory, or in memory and files with checkpointing (`-ts_trajectory_max_cps_ram` and
    /// others).
    MEMORY = c"memory",
    /// In files for visualization, which contain states only.
    VISUALIZATION = c"visualization",
}

impl TsRef {
    /// Saves the states of later integrations, as [`adjoint_solve`](Self::adjoint_solve) requires.
    /// Removes the states of earlier integrations. Logically collective. Options:
    /// `-ts_save_trajectory`, `-ts_trajectory_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if the type does not exist.
    #[wraps(TSSetSaveTrajectory, TSTrajectorySetType)]
    pub fn save_trajectory(&mut self, kind: TrajectoryType<'_>) -> Result<()> {
        // A trajectory that is set up cannot change its type: PETSc would continue without its work
        // vectors.
        self.remove_trajectory()?;
        // SAFETY: a live integrator.
        unsafe { call!(TSSetSaveTrajectory(*self.busy()?)) }?;
        let trajectory = self.raw_trajectory()?;
        // SAFETY: live objects; the name is NUL-terminated.
        unsafe { call!(TSTrajectorySetType(trajectory, self.as_ptr(), kind.as_ptr())) }
    }

    /// Stops saving states, and removes the saved ones. Logically collective.
    #[wraps(TSRemoveTrajectory)]
    pub fn remove_trajectory(&mut self) -> Result<()> {
        self.forget_recording()?;
        // SAFETY: a live integrator.
        unsafe { call!(TSRemoveTrajectory(*self.busy()?)) }
    }

    /// Sets whether the trajectory stores only the states of the steps. The adjoint integration
    /// then computes the stages again. Logically collective. Default: yes. Option:
    /// `-ts_trajectory_solution_only`.
    ///
    /// # Errors
    /// The errors of [`trajectory_is_saved`](Self::trajectory_is_saved). Has no effect without a
    /// trajectory.
    #[wraps(TSTrajectorySetSolutionOnly)]
    pub fn set_trajectory_solution_only(&mut self, only: bool) -> Result<()> {
        let trajectory = self.raw_trajectory()?;
        if trajectory.is_null() {
            return Ok(());
        }
        // SAFETY: a live trajectory.
        unsafe { call!(TSTrajectorySetSolutionOnly(trajectory, ffi::raw_bool(only))) }
    }

    /// Returns whether the integrator saves its states.
    #[wraps(TSGetTrajectory, not_collective)]
    pub fn trajectory_is_saved(&self) -> Result<bool> {
        Ok(!self.raw_trajectory()?.is_null())
    }

    /// Removes the saved states. The states of later integrations are saved as before. Logically
    /// collective.
    #[wraps(TSResetTrajectory)]
    pub fn reset_trajectory(&mut self) -> Result<()> {
        self.forget_recording()?;
        // SAFETY: a live integrator.
        unsafe { call!(TSResetTrajectory(*self.busy()?)) }
    }

    /// Sets the step controller [`TsAdaptType::HISTORY`], which repeats the step lengths of the
    /// saved trajectory. Returns the time and the length of the first step. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without a trajectory, or if it has no steps yet.
    #[wraps(TSAdaptHistorySetTrajectory, TSAdaptHistoryGetStep, TSTrajectoryGetNumSteps)]
    pub fn repeat_trajectory(&mut self) -> Result<(Real, Real)> {
        let trajectory = self.raw_trajectory()?;
        if trajectory.is_null() || self.step_number()? == 0 {
            let text = "the integrator has no saved trajectory: call save_trajectory before solve";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        let mut steps = 0;
        // SAFETY: a live trajectory and a valid out-pointer.
        unsafe { call!(TSTrajectoryGetNumSteps(trajectory, &raw mut steps)) }?;
        if steps == 0 {
            let text = "the trajectory has no steps: call solve after save_trajectory";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        let mut adapt = self.adapt()?;
        adapt.set_type(TsAdaptType::HISTORY)?;
        let (mut time, mut step) = (0.0, 0.0);
        // SAFETY: live objects, a controller of this type.
        unsafe {
            call!(TSAdaptHistorySetTrajectory(adapt.as_ptr(), trajectory, ffi::raw_bool(false)))
        }?;
        // SAFETY: a live controller with a history that has a step (above), and valid out-pointers.
        unsafe { call!(TSAdaptHistoryGetStep(adapt.as_ptr(), 0, &raw mut time, &raw mut step)) }?;
        Ok((time, step))
    }

    #[getter(TSGetTrajectory)]
    pub(super) fn raw_trajectory() -> sys::TSTrajectory;
}
