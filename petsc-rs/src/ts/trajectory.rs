//! The states of an integration, kept for going back.

use std::ptr;

use petsc_macros::wraps;

use super::{TsAdaptType, TsRef};
use crate::error::{Error, ErrorCode, Result};
use crate::type_names::type_names;
use crate::{Real, call, ffi, sys};

type_names! {
    /// Where the states of an integration are kept, for `-ts_trajectory_type` and [`TsRef::save_trajectory`].
    #[doc(alias = "TSTrajectoryType")]
    TrajectoryType;
    /// In one file a step, in a folder.
    BASIC = c"basic",
    /// In one file.
    SINGLEFILE = c"singlefile",
    /// In memory, or in memory and files by checkpoints (`-ts_trajectory_max_cps_ram` and others).
    MEMORY = c"memory",
    /// In files for pictures: states only.
    VISUALIZATION = c"visualization",
}

impl TsRef {
    /// Keeps the states of the integrations to come, which an [`adjoint_solve`](Self::adjoint_solve) needs; forgets
    /// those of the past. Logically collective. Options: `-ts_save_trajectory`, `-ts_trajectory_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if there is no such type.
    #[wraps(TSSetSaveTrajectory, TSTrajectorySetType)]
    pub fn save_trajectory(&mut self, kind: TrajectoryType<'_>) -> Result<()> {
        // A trajectory that was set up cannot change its type: PETSc would go on without its work space.
        self.remove_trajectory()?;
        // SAFETY: a live integrator.
        unsafe { call!(TSSetSaveTrajectory(*self.busy()?)) }?;
        let trajectory = self.raw_trajectory()?;
        // SAFETY: live objects; the name is NUL-terminated.
        unsafe {
            call!(TSTrajectorySetType(
                trajectory,
                self.as_ptr(),
                kind.as_ptr()
            ))
        }
    }

    /// Keeps states no longer, and forgets those of the past. Logically collective.
    ///
    /// # Errors
    /// What `TSRemoveTrajectory` returns.
    #[wraps(TSRemoveTrajectory)]
    pub fn remove_trajectory(&mut self) -> Result<()> {
        self.forget_recording()?;
        // SAFETY: a live integrator.
        unsafe { call!(TSRemoveTrajectory(*self.busy()?)) }
    }

    /// Sets whether the stages of a step are left out of the trajectory, and computed again on the way back.
    /// Logically collective. Default: yes. Option: `-ts_trajectory_solution_only`.
    ///
    /// # Errors
    /// As [`trajectory_is_saved`](Self::trajectory_is_saved); nothing happens without a trajectory.
    #[wraps(TSTrajectorySetSolutionOnly)]
    pub fn set_trajectory_solution_only(&mut self, only: bool) -> Result<()> {
        let trajectory = self.raw_trajectory()?;
        if trajectory.is_null() {
            return Ok(());
        }
        // SAFETY: a live trajectory.
        unsafe { call!(TSTrajectorySetSolutionOnly(trajectory, ffi::raw_bool(only))) }
    }

    /// Whether states are kept. Not collective.
    ///
    /// # Errors
    /// What `TSGetTrajectory` returns.
    #[wraps(TSGetTrajectory)]
    pub fn trajectory_is_saved(&self) -> Result<bool> {
        crate::not_collective!();
        Ok(!self.raw_trajectory()?.is_null())
    }

    /// Forgets the states of the past and goes on keeping. Logically collective.
    ///
    /// # Errors
    /// What `TSResetTrajectory` returns.
    #[wraps(TSResetTrajectory)]
    pub fn reset_trajectory(&mut self) -> Result<()> {
        self.forget_recording()?;
        // SAFETY: a live integrator.
        unsafe { call!(TSResetTrajectory(*self.busy()?)) }
    }

    /// Takes the steps of the saved trajectory again: the controller becomes [`TsAdaptType::HISTORY`]. Returns time and
    /// length of the first step. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without a trajectory, or before it has steps.
    #[wraps(
        TSAdaptHistorySetTrajectory,
        TSAdaptHistoryGetStep,
        TSTrajectoryGetNumSteps
    )]
    pub fn repeat_trajectory(&mut self) -> Result<(Real, Real)> {
        let trajectory = self.raw_trajectory()?;
        if trajectory.is_null() || self.step_number()? == 0 {
            let text = "no steps were saved: save_trajectory before solve";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        let mut steps = 0;
        // SAFETY: a live trajectory and a valid out-pointer.
        unsafe { call!(TSTrajectoryGetNumSteps(trajectory, &raw mut steps)) }?;
        if steps == 0 {
            let text = "the trajectory has no steps: solve after save_trajectory";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        let mut adapt = self.adapt()?;
        adapt.set_type(TsAdaptType::HISTORY)?;
        let (mut time, mut step) = (0.0, 0.0);
        // SAFETY: live objects, a controller of this type.
        unsafe {
            call!(TSAdaptHistorySetTrajectory(
                adapt.as_ptr(),
                trajectory,
                ffi::raw_bool(false)
            ))
        }?;
        // SAFETY: a live controller with a history that has a step (above), and valid out-pointers.
        unsafe {
            call!(TSAdaptHistoryGetStep(
                adapt.as_ptr(),
                0,
                &raw mut time,
                &raw mut step
            ))
        }?;
        Ok((time, step))
    }

    pub(super) fn raw_trajectory(&self) -> Result<sys::TSTrajectory> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live integrator and a valid out-pointer.
        unsafe { call!(TSGetTrajectory(self.as_ptr(), &raw mut raw)) }?;
        Ok(raw)
    }
}
