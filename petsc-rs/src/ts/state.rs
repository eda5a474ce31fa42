//! The state, and single steps.

use std::ptr;

use petsc_macros::{setting, wraps};

use super::{ConvergedReason, ExactFinalTime, TsRef};
use crate::error::{Error, ErrorCode, Result};
use crate::object::Loan;
use crate::object::LoanMut;
use crate::snes::Snes;
use crate::vector::{Vector, VectorRef};
use crate::{Int, Object, Real, call, ffi, sys};

impl TsRef {
    /// Sets the vector that holds the state, which [`step`](Self::step) advances. Logically collective.
    ///
    /// # Errors
    /// What `TSSetSolution` returns.
    #[wraps(TSSetSolution)]
    pub fn set_solution(&mut self, u: &mut VectorRef) -> Result<()> {
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(TSSetSolution(*self.busy()?, u.as_ptr())) }
    }

    /// The state: that of the time [`time`](Self::time). Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if none was set yet.
    #[wraps(TSGetSolution)]
    #[track_caller]
    pub fn solution(&self) -> Result<Loan<'_, Vector>> {
        crate::not_collective!();
        // SAFETY: a live vector.
        let state = unsafe { Vector::retain(self.raw_solution()?) }?;
        Ok(Loan::new(state))
    }

    /// The state, to change it. After that, call [`restart_step`](Self::restart_step), because some
    /// methods remember. Not collective.
    ///
    /// # Errors
    /// As [`solution`](Self::solution).
    #[track_caller]
    pub fn solution_mut(&mut self) -> Result<LoanMut<'_, Vector>> {
        crate::not_collective!();
        // SAFETY: as for `solution`.
        let state = unsafe { Vector::retain(self.raw_solution()?) }?;
        Ok(LoanMut::new(state))
    }

    fn state_or_null(&self) -> Result<sys::Vec> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live integrator and a valid out-pointer.
        unsafe { call!(TSGetSolution(self.as_ptr(), &raw mut raw)) }?;
        Ok(raw)
    }

    pub(super) fn raw_solution(&self) -> Result<sys::Vec> {
        let raw = self.state_or_null()?;
        if raw.is_null() {
            return Err(Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "the integrator has no state yet: set_solution, or solve first",
            ));
        }
        Ok(raw)
    }

    /// Makes work space. [`solve`](Self::solve) and [`step`](Self::step) do it when needed. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if there is no state and no grid to make one.
    #[wraps(TSSetUp)]
    pub fn set_up(&mut self) -> Result<()> {
        ffi::check_solver()?;
        self.check_missing()?;
        self.check_state_of_set_up()?;
        self.claim_grid()?;
        // SAFETY: a live integrator; nobody holds a mutable slice of any vector (above).
        unsafe { call!(TSSetUp(*self.busy()?)) }
    }

    fn check_state_of_set_up(&self) -> Result<()> {
        let u = self.state_or_null()?;
        // SAFETY: a live vector, which the integrator keeps.
        self.check_nested((!u.is_null()).then(|| unsafe { VectorRef::from_ptr(u) }))
    }

    /// Advances the state by one step, shorter than [`time_step`](Self::time_step) if the method says
    /// so. Monitors and hooks are for [`solve`](Self::solve) and [`steps`](Self::steps). Collective.
    ///
    /// # Errors
    /// `NOT_CONVERGED`, on all ranks alike, if the step failed; any error of a callback.
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
        // SAFETY: a live integrator; nobody holds a slice of its state or residual, nor a mutable one
        // of any vector; vectors of tolerances are as long as the state (`check_writable_state`).
        unsafe { call!(TSStep(*self.busy()?)) }
    }

    /// What every function checks that lets the integrator work on `u`.
    pub(super) fn check_writable_state(&self, u: sys::Vec) -> Result<()> {
        // SAFETY: a live vector, by the caller.
        let state = unsafe { VectorRef::from_ptr(u) };
        state.check_writable()?;
        self.check_nested(Some(state))?;
        self.check_residual_writable()?;
        ffi::check_solver()?;
        self.check_velocity(u)?;
        self.check_alpha()?;
        self.check_controller()?;
        // SAFETY: a live integrator.
        unsafe { call!(PetscRsTSCheckTests(self.as_ptr())) }?;
        self.check_splits(state)?;
        self.check_tolerances(u)
    }

    /// The state at `time`, within the last step, from the method's interpolation. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for another time, `ARG_WRONGSTATE` before the first step, `SUP` if the method
    /// cannot interpolate.
    #[wraps(TSInterpolate)]
    pub fn interpolate(&mut self, time: Real, u: &mut VectorRef) -> Result<()> {
        self.check_stepped("interpolate")?;
        self.check_result(u)?;
        // SAFETY: live objects; work space exists (`set_up` in `check_stepped`), nobody holds a slice
        // of `u`; kind and sizes are those of the state.
        unsafe { call!(TSInterpolate(*self.busy()?, time, u.as_ptr())) }
    }

    /// The result of the last step at another order of accuracy: `false` if the method has none of that
    /// order. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before the first step, `SUP` if the method cannot do that.
    #[wraps(TSEvaluateStep)]
    pub fn evaluate_step(&mut self, order: usize, u: &mut VectorRef) -> Result<bool> {
        self.check_stepped("evaluate")?;
        self.check_result(u)?;
        let order: Int = ffi::petsc_int(order)?;
        let mut done = ffi::raw_bool(false);
        // SAFETY: as in `interpolate`, and a valid out-pointer.
        unsafe {
            call!(TSEvaluateStep(
                *self.busy()?,
                order,
                u.as_ptr(),
                &raw mut done
            ))
        }?;
        Ok(ffi::to_bool(done))
    }

    /// Undoes the last step, once. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before the first step or if it was undone already, `SUP` if the method cannot, and with
    /// [sensitivities](Self::set_sensitivities), of which only a running integration keeps the earlier values.
    #[wraps(TSRollBack)]
    pub fn rollback(&mut self) -> Result<()> {
        self.check_stepped("roll back")?;
        self.check_writable_state(self.raw_solution()?)?;
        if !self.raw_sensitivities()?.is_null() {
            let text = "a step with sensitivities is not undone: remove_sensitivities first";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        // SAFETY: a live integrator with work space and a step to undo (`check_stepped`), whose vectors are there and
        // fit (`check_writable_state`), and without sensitivities.
        unsafe { call!(TSRollBack(*self.busy()?)) }
    }

    /// Tells methods with a memory that the state was changed. Logically collective.
    ///
    /// # Errors
    /// What `TSRestartStep` returns.
    #[wraps(TSRestartStep)]
    pub fn restart_step(&mut self) -> Result<()> {
        // SAFETY: a live integrator.
        unsafe { call!(TSRestartStep(self.as_ptr())) }
    }

    /// Frees work space and lets go of the state. Type, functions and matrices stay. Collective.
    ///
    /// # Errors
    /// What `TSReset` returns.
    #[wraps(TSReset)]
    pub fn reset(&mut self) -> Result<()> {
        // SAFETY: a live integrator, which no callback resets while it runs (`busy`).
        unsafe { call!(PetscRsTSReset(*self.busy()?)) }?;
        self.forget_nested()
    }

    /// The reason for which the integration stops.
    ///
    /// Any reason but `Iterating` ends [`solve`](Self::solve) after the current step.
    #[setting(TSSetConvergedReason, running)]
    pub fn set_converged_reason(converged_reason: ConvergedReason);

    /// The nonlinear solver of implicit stages. Not collective.
    ///
    /// # Errors
    /// What `TSGetSNES` returns.
    #[wraps(TSGetSNES)]
    #[track_caller]
    pub fn snes(&self) -> Result<Snes> {
        crate::not_collective!();
        // SAFETY: a live object.
        unsafe { Snes::part_of(self, self.raw_snes()?) }
    }

    fn raw_snes(&self) -> Result<sys::SNES> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live integrator and a valid out-pointer.
        unsafe { call!(TSGetSNES(self.as_ptr(), &raw mut raw)) }?;
        Ok(raw)
    }

    pub(super) fn check_stepped(&mut self, what: &str) -> Result<()> {
        if self.step_number()? == 0 {
            let text = format!("there is no step to {what} yet");
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        self.set_up()
    }

    pub(super) fn check_result(&self, u: &mut VectorRef) -> Result<()> {
        u.check_writable()?;
        let state = self.solution()?;
        if state.same_object(u) {
            let text = "the result cannot go into the state itself";
            return Err(Error::new(ErrorCode::ARG_IDN, text));
        }
        state.check_same_kind(u)?;
        ffi::same_len(
            "the vector of the result",
            state.local_len()?,
            u.local_len()?,
        )
    }

    /// The time at which a first step that is too long has to end.
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

    /// PETSc keeps the residual of the implicit stages on the grid with a pointer to the integrator
    /// that came first, also after its end. The one that works now takes it over.
    pub(super) fn claim_grid(&self) -> Result<()> {
        // SAFETY: a live integrator.
        unsafe { call!(PetscRsTSClaimDM(*self.busy()?)) }
    }
}
