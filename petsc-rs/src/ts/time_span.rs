//! Time spans: times at which the states are stored.

use std::ptr;

use petsc_macros::wraps;

use super::TsRef;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Loan;
use crate::vector::Vector;
use crate::{Int, Object, Real, call, ffi, sys};

impl TsRef {
    /// Sets the times at which [`solve`](Self::solve) stores the state. Logically collective.
    /// Option: `-ts_time_span`.
    ///
    /// The integration runs from the first to the last time, and a step ends at each time of the
    /// span: [`ExactFinalTime::MatchStep`](super::ExactFinalTime::MatchStep) must be set. The span
    /// applies to one call of `solve`; set it again before the next call. Replaces an earlier span.
    ///
    /// # Errors
    /// `ARG_WRONG` unless there are two or more increasing times. `solve` returns `SUP` with
    /// another [`ExactFinalTime`](super::ExactFinalTime).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Norm, Scalar, ScalarExt, Ts, TsType, Vector, ts::ExactFinalTime};
    /// let mut u = Vector::new(comm, 3)?;
    /// u.set(Scalar::from_real(1.0))?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::RK)?;
    /// ts.set_rhs_function(&*u.duplicate()?, |_, _, u, g| {
    ///     g.copy_from(u)?;
    ///     g.scale(Scalar::from_real(-1.0))
    /// })?;
    /// ts.set_time_step(0.01)?;
    /// ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    /// ts.set_time_span(&[0.0, 0.5, 0.7, 1.0])?;
    /// let _ = ts.solve(&mut u)?;
    /// for (time, state) in ts.time_span_solutions()? {
    ///     assert!((state.norm(Norm::Infinity)? - (-time).exp()).abs() < 1e-3);
    /// }
    /// # Ok(()) })
    /// ```
    #[wraps(TSSetTimeSpan, TSSetEvaluationTimes)]
    pub fn set_time_span(&mut self, times: &[Real]) -> Result<()> {
        if times.len() < 2 || !increases(times) {
            let text = "a time span needs two or more times in increasing order";
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        let count = ffi::petsc_int(times.len())?;
        self.remove_time_span()?;
        let mut times = times.to_vec();
        // SAFETY: a live integrator without times; PETSc copies `count` numbers.
        unsafe { call!(TSSetTimeSpan(*self.busy()?, count, times.as_mut_ptr())) }
    }

    /// Removes the time span and frees its states. The final time remains. Logically collective.
    ///
    /// # Errors
    /// The errors of `VecDestroyVecs`.
    pub fn remove_time_span(&mut self) -> Result<()> {
        // SAFETY: a live integrator, which no callback changes during an integration (`busy`); the
        // vectors returned by `time_span_solutions` have their own references.
        unsafe { call!(PetscRsTSForgetTimeSpan(*self.busy()?)) }
    }

    /// Returns the times of the span, empty if there is none.
    ///
    /// # Errors
    /// The errors of `TSGetTimeSpan`.
    #[wraps(TSGetTimeSpan, TSGetEvaluationTimes, not_collective)]
    pub fn time_span(&self) -> Result<Vec<Real>> {
        let (mut count, mut times) = (0, ptr::null());
        #[cfg(petsc_ge_3_23)]
        // SAFETY: a live integrator and valid out-pointers.
        unsafe { call!(TSGetEvaluationTimes(self.as_ptr(), &raw mut count, &raw mut times)) }?;
        #[cfg(not(petsc_ge_3_23))]
        // SAFETY: as above.
        unsafe { call!(TSGetTimeSpan(self.as_ptr(), &raw mut count, &raw mut times)) }?;
        let count = if times.is_null() { 0 } else { ffi::size(count)? };
        // SAFETY: PETSc stores that many numbers.
        Ok(unsafe { ffi::slice(times, count) }.to_vec())
    }

    /// Returns the states that the last [`solve`](Self::solve) stored, with their times. Not
    /// collective.
    ///
    /// # Errors
    /// The errors of `TSGetTimeSpanSolutions`.
    #[wraps(TSGetTimeSpanSolutions, TSGetEvaluationSolutions)]
    #[track_caller]
    pub fn time_span_solutions(&self) -> Result<Vec<(Real, Loan<'_, Vector>)>> {
        crate::not_collective!();
        let (count, times, states) = self.raw_time_span_solutions()?;
        let count = if states.is_null() { 0 } else { ffi::size(count)? };
        // SAFETY: PETSc keeps that many numbers.
        let times = unsafe { ffi::slice(times, count) };
        // SAFETY: PETSc stores that many vectors while the integrator is borrowed.
        let states = unsafe { ffi::slice(states.cast_const(), count) };
        let lend = |(&time, &state)| {
            // SAFETY: a live vector (above).
            let state = unsafe { Vector::retain(state) }?;
            Ok((time, Loan::new(state)))
        };
        times.iter().zip(states).map(lend).collect()
    }

    fn raw_time_span_solutions(&self) -> Result<(Int, *const Real, *mut sys::Vec)> {
        let (mut count, mut times, mut states) = (0, ptr::null(), ptr::null_mut());
        // SAFETY: a live integrator and valid out-pointers.
        unsafe {
            call!(PetscRsTSGetTimeSpanSolutions(
                self.as_ptr(),
                &raw mut count,
                &raw mut times,
                &raw mut states
            ))
        }?;
        Ok((count, times, states))
    }

    /// Called before options are read, which may set a time span.
    pub(super) fn make_room_for_time_span(&mut self) -> Result<()> {
        if self.time_span()?.is_empty() {
            return Ok(());
        }
        for name in [c"-ts_time_span", c"-ts_eval_times"] {
            let (mut prefix, mut there) = (ptr::null(), ffi::raw_bool(false));
            // SAFETY: a live object and a valid out-pointer.
            unsafe { call!(PetscObjectGetOptionsPrefix(self.object_ptr(), &raw mut prefix)) }?;
            // SAFETY: the default database, NUL-terminated names and a valid out-pointer.
            unsafe {
                call!(PetscOptionsHasName(ptr::null_mut(), prefix, name.as_ptr(), &raw mut there))
            }?;
            if ffi::to_bool(there) {
                return self.remove_time_span();
            }
        }
        Ok(())
    }

    /// Checks the time span: PETSc indexes times and states without bounds, except for a first
    /// integration from the first to the last time.
    pub(super) fn check_time_span(&mut self) -> Result<()> {
        let times = self.time_span()?;
        let (Some(&first), Some(&last)) = (times.first(), times.last()) else {
            return Ok(());
        };
        let wrong = if !increases(&times) {
            "the times of the time span do not increase: set it again"
        } else if self.raw_time_span_solutions()?.0 > 0 {
            "the time span was used already: set it again"
        } else if self.time()? != first || self.max_time()? > last {
            "the integration does not start at the first and end at the last time of the span: call set_time_span after set_time and set_max_time"
        } else if cfg!(not(petsc_ge_3_23)) && self.has_events()? {
            "PETSc before 3.23 does not support a time span together with events"
        } else {
            // SAFETY: a live integrator.
            return unsafe { call!(PetscRsTSPrepareTimeSpan(*self.busy()?)) };
        };
        Err(Error::new(ErrorCode::ARG_WRONGSTATE, wrong))
    }

    /// Refuses a time span for single steps, which do not store states. Before 3.23, they also read
    /// the times out of bounds.
    pub(super) fn refuse_time_span(&self) -> Result<()> {
        if self.time_span()?.is_empty() {
            return Ok(());
        }
        let text = "single steps do not support a time span: call solve instead, or remove_time_span first";
        Err(Error::new(ErrorCode::SUP, text))
    }
}

fn increases(times: &[Real]) -> bool {
    times.iter().all(|t| t.is_finite()) && times.windows(2).all(|w| w[0] < w[1])
}
