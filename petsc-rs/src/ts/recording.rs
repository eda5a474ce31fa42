//! Records which steps a trajectory in memory contains, and which method stored them. C does not
//! check this: it would return states that were not stored, and assume the number of stages of the
//! first method for all steps.

use std::ptr;

use super::{TrajectoryType, TsRef};
use crate::error::{Error, ErrorCode, Result};
use crate::{Int, Object, call, ffi};

crate::attached! {
    const RECORDING: Recording = c"petsc-rs.ts.recording";
    /// Whether the trajectory was configured from the options.
    const FROM_OPTIONS: bool = c"petsc-rs.ts.trajectory-from-options";
}

/// What one element of a trajectory contains, which depends on the method and the settings.
#[derive(Clone, PartialEq, Eq)]
struct Scheme {
    method: Option<String>,
    /// Number of stages, -1 before the setup.
    stages: Int,
    solution_only: bool,
}

#[derive(Clone)]
struct Recording {
    scheme: Scheme,
    /// Number of the first step.
    first: usize,
    /// Number of the last step; `None` unless an integration has stored all steps up to this number
    /// and the stored states were not used yet.
    steps: Option<usize>,
}

impl TsRef {
    /// Called before an integration: replaces a trajectory in memory of another method, or one that
    /// an adjoint integration has reset. The next setup of the latter changes the size of its stack,
    /// but not the allocated memory (`StackInit`).
    pub(super) fn begin_recording(&mut self) -> Result<()> {
        if !self.records_in_memory()? {
            return Ok(());
        }
        let (scheme, now) = (self.scheme()?, self.step_number()?);
        let before = RECORDING.get(self)?;
        let reset = before.is_some() && !self.trajectory_is_set_up()?;
        if reset || before.as_ref().is_some_and(|r| r.scheme != scheme) {
            self.renew_trajectory(scheme.solution_only)?;
        }
        let continued = before.filter(|r| r.scheme == scheme && r.steps == Some(now));
        let first = continued.map_or(now, |r| r.first);
        self.note_recording(scheme, first, None)
    }

    /// Creates an empty trajectory in memory with the settings of the present one.
    fn renew_trajectory(&mut self, solution_only: bool) -> Result<()> {
        self.save_trajectory(TrajectoryType::MEMORY)?;
        self.set_trajectory_solution_only(solution_only)?;
        if FROM_OPTIONS.get(self)? != Some(true) {
            return Ok(());
        }
        let trajectory = self.raw_trajectory()?;
        // SAFETY: live objects.
        unsafe { call!(TSTrajectorySetFromOptions(trajectory, *self.busy()?)) }
    }

    /// Called after the integrator was configured from the options.
    pub(super) fn note_options_of_trajectory(&mut self) -> Result<()> {
        FROM_OPTIONS.set(self, true).map(drop)
    }

    fn trajectory_is_set_up(&self) -> Result<bool> {
        let mut flag = ffi::raw_bool(false);
        // SAFETY: a live trajectory, by the caller, and a valid out-pointer.
        unsafe { call!(PetscRsTSTrajectoryIsSetUp(self.raw_trajectory()?, &raw mut flag)) }?;
        Ok(ffi::to_bool(flag))
    }

    /// Called after an integration whose states were stored.
    pub(super) fn end_recording(&mut self) -> Result<()> {
        if !self.records_in_memory()? {
            return Ok(());
        }
        let (scheme, steps) = (self.scheme()?, self.step_number()?);
        let first = RECORDING.get(self)?.map_or(steps, |r| r.first);
        self.note_recording(scheme, first, Some(steps))
    }

    /// Called before the states are used. They can be used once.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` unless a trajectory in memory has the states of all steps.
    pub(super) fn use_recording(&mut self) -> Result<()> {
        if !self.records_in_memory()? {
            return Ok(());
        }
        let (scheme, steps) = (self.scheme()?, self.step_number()?);
        let recorded = RECORDING.get(self)?;
        let all = |r: Recording| r.scheme == scheme && r.first == 0 && r.steps == Some(steps);
        if !recorded.is_some_and(all) {
            let text = "the trajectory does not contain the states of all steps: call solve first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        self.note_recording(scheme, 0, None)
    }

    fn note_recording(&mut self, scheme: Scheme, first: usize, steps: Option<usize>) -> Result<()> {
        let recording = Recording { scheme, first, steps };
        RECORDING.set(self, recording).map(drop)
    }

    /// Called when the trajectory is removed.
    pub(super) fn forget_recording(&mut self) -> Result<()> {
        RECORDING.clear(self)
    }

    fn records_in_memory(&self) -> Result<bool> {
        let trajectory = self.raw_trajectory()?;
        if trajectory.is_null() {
            return Ok(false);
        }
        let mut kind = ptr::null();
        // SAFETY: a live trajectory and a valid out-pointer.
        unsafe { call!(PetscObjectGetType(trajectory.cast(), &raw mut kind)) }?;
        // SAFETY: NULL, or the name that the trajectory has here.
        Ok(unsafe { ffi::str_from_ptr(kind) }.is_some_and(|kind| kind == "memory"))
    }

    fn scheme(&self) -> Result<Scheme> {
        let (mut stages, mut only) = (-1, ffi::raw_bool(false));
        // Some methods choose their scheme in the setup.
        if self.is_set_up()? {
            // SAFETY: a live integrator with a scheme and a valid out-pointer; NULL for values that
            // are not needed.
            unsafe { call!(TSGetStages(self.as_ptr(), &raw mut stages, ptr::null_mut())) }?;
        }
        let trajectory = self.raw_trajectory()?;
        // SAFETY: a live trajectory, by the callers, and a valid out-pointer.
        unsafe { call!(TSTrajectoryGetSolutionOnly(trajectory, &raw mut only)) }?;
        Ok(Scheme { method: self.type_name()?, stages, solution_only: ffi::to_bool(only) })
    }
}
