//! The state vector, and single steps.

use petsc_macros::{getter, setting, wraps};

use super::{ConvergedReason, ExactFinalTime, TsRef};
use crate::error::{Error, ErrorCode, Result};
use crate::object::Loan;
use crate::object::LoanMut;
use crate::snes::Snes;
use crate::vector::{Vector, VectorRef};
use crate::{Int, Object, Real, call, ffi, sys};

impl TsRef {
    /// Sets the vector of the state, which [`step`](Self::step) advances. Logically collective.
    #[wraps(TSSetSolution)]
    pub fn set_solution(&mut self, u: &mut VectorRef) -> Result<()> {
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(TSSetSolution(*self.busy()?, u.as_ptr())) }
    }

    /// Returns the state at the time [`time`](Self::time).
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if no state is set.
    #[wraps(TSGetSolution, not_collective)]
    #[track_caller]
    pub fn solution(&self) -> Result<Loan<'_, Vector>> {
        // SAFETY: a live vector.
        let state = unsafe { Vector::retain(self.raw_solution()?) }?;
        Ok(Loan::new(state))
    }

    /// Returns the state for modification. Not collective.
    ///
    /// Call [`restart_step`](Self::restart_step) afterwards, because multistep methods store
    /// earlier states.
    ///
    /// # Errors
    /// The errors of [`solution`](Self::solution).
    #[track_caller]
    pub fn solution_mut(&mut self) -> Result<LoanMut<'_, Vector>> {
        crate::not_collective!();
        // SAFETY: as for `solution`.
        let state = unsafe { Vector::retain(self.raw_solution()?) }?;
        Ok(LoanMut::new(state))
    }

    #[getter(TSGetSolution)]
    fn state_or_null() -> sys::Vec;

    pub(super) fn raw_solution(&self) -> Result<sys::Vec> {
        let raw = self.state_or_null()?;
        if raw.is_null() {
            let text = "the integrator has no state yet: call set_solution or solve first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        Ok(raw)
    }

    /// Sets up the integrator. [`solve`](Self::solve) and [`step`](Self::step) call this when
    /// necessary. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if there is neither a state nor a DM that can create one.
    #[wraps(TSSetUp)]
    pub fn set_up(&mut self) -> Result<()> {
        ffi::check_solver()?;
        self.check_missing()?;
        self.check_state_of_set_up()?;
        self.claim_grid()?;
        // SAFETY: a live integrator; no entries of any vector are mutably borrowed (above).
        unsafe { call!(TSSetUp(*self.busy()?)) }
    }

    fn check_state_of_set_up(&self) -> Result<()> {
        let u = self.state_or_null()?;
        // SAFETY: a live vector, which the integrator keeps.
        self.check_nested((!u.is_null()).then(|| unsafe { VectorRef::from_ptr(u) }))
    }

    /// Advances the state by one step, which can be shorter than [`time_step`](Self::time_step).
    /// Collective.
    ///
    /// Monitors and hooks are called only by [`solve`](Self::solve) and [`steps`](Self::steps).
    ///
    /// # Errors
    /// `NOT_CONVERGED` on all ranks if the step failed; any error of a callback.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt, Ts, TsType, Vector};
    /// let mut u = Vector::new(comm, 3)?;
    /// u.set(Scalar::from_real(1.0))?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::EULER)?;
    /// ts.set_rhs_function(&*u.duplicate()?, |_, _, u, g| g.copy_from(u))?;
    /// ts.set_time_step(0.5)?;
    /// ts.set_max_steps(10)?;
    /// ts.set_solution(&mut u)?;
    /// ts.step()?;
    /// ts.step()?;
    /// assert_eq!((ts.time()?, ts.step_number()?), (1.0, 2));
    /// assert_eq!(u.norm(petsc_rs::Norm::Infinity)?, 2.25);
    /// # Ok(()) })
    /// ```
    #[wraps(TSStep)]
    pub fn step(&mut self) -> Result<()> {
        self.refuse_time_span()?;
        self.set_up()?;
        let u = self.raw_solution()?;
        self.check_writable_state(u)?;
        self.begin_recording()?;
        let _locks = ffi::Locks::note([u])?;
        // SAFETY: a live integrator; no entries of its state or residual, and no entries of any
        // vector mutably, are borrowed; vectors of tolerances have the length of the state
        // (`check_writable_state`).
        unsafe { call!(TSStep(*self.busy()?)) }
    }

    /// Makes the checks of all functions in which the integrator writes to `u`.
    pub(super) fn check_writable_state(&self, u: sys::Vec) -> Result<()> {
        // SAFETY: a live vector, by the caller.
        let state = unsafe { VectorRef::from_ptr(u) };
        state.check_writable()?;
        self.check_nested(Some(state))?;
        self.check_residual(state)?;
        ffi::check_solver()?;
        self.check_velocity(u)?;
        self.check_alpha()?;
        self.check_controller()?;
        // SAFETY: a live integrator.
        unsafe { call!(PetscRsTSCheckTests(self.as_ptr())) }?;
        self.check_splits(state)?;
        self.check_tolerances(u)
    }

    /// Computes the state at `time`, which lies within the last step, with the interpolation of the
    /// method. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a time outside the last step, `ARG_WRONGSTATE` before the first step,
    /// `SUP` if the method cannot interpolate.
    #[wraps(TSInterpolate)]
    pub fn interpolate(&mut self, time: Real, u: &mut VectorRef) -> Result<()> {
        self.check_stepped("interpolate")?;
        self.check_result(u)?;
        // SAFETY: live objects; the work vectors exist (`set_up` in `check_stepped`), and no
        // entries of `u` are borrowed; its type and sizes are those of the state.
        unsafe { call!(TSInterpolate(*self.busy()?, time, u.as_ptr())) }
    }

    /// Computes the result of the last step with another order of accuracy. Returns `false` if the
    /// method has no result of that order. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before the first step, `SUP` if the method does not support it.
    #[wraps(TSEvaluateStep)]
    pub fn evaluate_step(&mut self, order: usize, u: &mut VectorRef) -> Result<bool> {
        self.check_stepped("evaluate")?;
        self.check_result(u)?;
        let order: Int = ffi::petsc_int(order)?;
        let mut done = ffi::raw_bool(false);
        // SAFETY: as in `interpolate`, and a valid out-pointer.
        unsafe { call!(TSEvaluateStep(*self.busy()?, order, u.as_ptr(), &raw mut done)) }?;
        Ok(ffi::to_bool(done))
    }

    /// Reverts the last step. Only one step can be reverted. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before the first step, or if the last step was reverted already; `SUP` if
    /// the method cannot revert a step, or with [sensitivities](Self::set_sensitivities), whose
    /// values before the step are stored only during a running integration.
    #[wraps(TSRollBack)]
    pub fn rollback(&mut self) -> Result<()> {
        self.check_stepped("revert")?;
        self.check_writable_state(self.raw_solution()?)?;
        if !self.raw_sensitivities()?.is_null() {
            let text =
                "a step with sensitivities cannot be reverted: call remove_sensitivities first";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        // SAFETY: a live integrator with work vectors and a step to revert (`check_stepped`), whose
        // vectors exist and fit (`check_writable_state`), and without sensitivities.
        unsafe { call!(PetscRsTSRollBack(*self.busy()?)) }
    }

    /// Informs multistep methods that the state was changed. Logically collective.
    #[wraps(TSRestartStep)]
    pub fn restart_step(&mut self) -> Result<()> {
        // SAFETY: a live integrator.
        unsafe { call!(TSRestartStep(self.as_ptr())) }
    }

    /// Frees the work vectors and releases the state. The type, the functions and the matrices
    /// remain. Collective.
    #[wraps(TSReset)]
    pub fn reset(&mut self) -> Result<()> {
        // SAFETY: a live integrator, which no callback resets while it runs (`busy`).
        unsafe { call!(PetscRsTSReset(*self.busy()?)) }?;
        self.forget_nested()
    }

    /// The reason why the integration stops.
    ///
    /// Any reason but `Iterating` ends [`solve`](Self::solve) after the current step.
    #[setting(TSSetConvergedReason, running)]
    pub fn set_converged_reason(converged_reason: ConvergedReason);

    /// Returns the nonlinear solver of the implicit stages.
    #[wraps(TSGetSNES, not_collective)]
    #[track_caller]
    pub fn snes(&self) -> Result<Snes> {
        // SAFETY: a live object.
        unsafe { Snes::part_of(self, self.raw_snes()?) }
    }

    #[getter(TSGetSNES)]
    fn raw_snes() -> sys::SNES;

    pub(super) fn check_stepped(&mut self, what: &str) -> Result<()> {
        if self.step_number()? == 0 {
            let text = format!("there is no step to {what} yet: call step or solve first");
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        self.set_up()
    }

    pub(super) fn check_result(&self, u: &mut VectorRef) -> Result<()> {
        u.check_writable()?;
        let state = self.solution()?;
        if state.same_object(u) {
            let text = "the vector of the result is the state itself: pass a different vector";
            return Err(Error::new(ErrorCode::ARG_IDN, text));
        }
        state.check_same_kind(u)?;
        ffi::same_len("length of the vector of the result", state.local_len()?, u.local_len()?)
    }

    /// Sets the time at which a first step that is too long must end.
    pub(super) fn shorten_first_step(&mut self) -> Result<()> {
        if self.exact_final_time()? != ExactFinalTime::MatchStep {
            return Ok(());
        }
        let rest = self.max_time()? - self.time()?;
        if rest > 0.0 && self.time_step()? > rest {
            return self.set_time_step(rest);
        }
        Ok(())
    }

    /// Moves the residual of the implicit stages to this integrator. PETSc stores it on the DM,
    /// with a pointer to the first integrator of this DM, also after that integrator is destroyed.
    pub(super) fn claim_grid(&self) -> Result<()> {
        // SAFETY: a live integrator.
        unsafe { call!(PetscRsTSClaimDM(*self.busy()?)) }
    }
}
