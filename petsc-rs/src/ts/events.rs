//! Events: times at which a function of the state crosses zero.

use std::ffi::c_void;

use petsc_macros::wraps;

use super::{Running, TsRef};
use crate::callback::{self, Context};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Int, Real, call, ffi, sys};

crate::attached! {
    const EVENTS: Handler = c"petsc-rs.ts.events";
}

/// Directions of a zero crossing that count as an event, see [`Event`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Crossing {
    /// From positive to negative.
    Falling,
    /// Both directions.
    #[default]
    Any,
    /// From negative to positive.
    Rising,
}

/// An event to detect, see [`TsRef::set_events`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Directions of the zero crossing that count.
    pub crossing: Crossing,
    /// Whether the event ends the integration.
    pub terminate: bool,
}

/// The events that occurred at one time, passed to the closure `after` of [`TsRef::set_events`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Happened<'a> {
    /// Indices of the events, in the order of [`TsRef::set_events`].
    pub events: &'a [usize],
    /// Time.
    pub time: Real,
    /// Whether the integration runs forward in time: false in an adjoint integration.
    pub forward: bool,
}

type Indicator = Box<dyn FnMut(&TsRef, Real, &VectorRef, &mut [Real]) -> Result<()>>;
type After = Box<dyn FnMut(&mut Running<'_>, &Happened<'_>, &mut VectorRef) -> Result<()>>;

/// Data behind C's context.
struct Handler {
    count: usize,
    indicator: Indicator,
    after: After,
}

impl TsRef {
    /// Detects events in [`solve`](Self::solve). Replaces earlier events. Call this method before
    /// the first solve. Logically collective. Options: `-ts_event_tol`, `-ts_event_monitor`.
    ///
    /// `indicator(ts, t, u, values)` computes one value for each event. When a value crosses zero,
    /// the integrator locates the time of the crossing and calls `after(ts, happened, u)`, which
    /// may change the state.
    ///
    /// Values may differ between ranks: each rank detects its own events, and all ranks step to the
    /// same time. PETSc before 3.21 can miss an event of one rank if another rank has an event in
    /// the same step. Use short steps with these releases.
    ///
    /// # Examples
    /// A ball that falls from a height of 1 reaches the ground for the first time at √(2/9.8):
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt, Ts, TsType, Vector, ts::{Crossing, Event}};
    /// let mut u = Vector::from_slice(comm, &[1.0, 0.0].map(Scalar::from_real))?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::RK)?;
    /// ts.set_rhs_function(&*u.duplicate()?, |_, _, u, g| {
    ///     let (u, mut g) = (u.array()?, g.array_mut()?);
    ///     (g[0], g[1]) = (u[1], Scalar::from_real(-9.8));
    ///     Ok(())
    /// })?;
    /// ts.set_time_step(0.05)?;
    /// ts.set_max_time(10.0)?;
    /// let ground = Event { crossing: Crossing::Falling, terminate: true };
    /// ts.set_events(
    ///     &[ground],
    ///     |_, _, u, values| {
    ///         values[0] = u.array()?[0].real();
    ///         Ok(())
    ///     },
    ///     |_, _, _| Ok(()),
    /// )?;
    /// let end = ts.solve(&mut u)?;
    /// assert!((end.time - (2.0f64 / 9.8).sqrt()).abs() < 1e-5, "{end}");
    /// # Ok(()) })
    /// ```
    #[wraps(TSSetEventHandler)]
    pub fn set_events<I, A>(&mut self, events: &[Event], indicator: I, after: A) -> Result<()>
    where
        I: FnMut(&TsRef, Real, &VectorRef, &mut [Real]) -> Result<()> + 'static,
        A: FnMut(&mut Running<'_>, &Happened<'_>, &mut VectorRef) -> Result<()> + 'static,
    {
        let count = ffi::petsc_int(events.len())?;
        let mut directions: Vec<Int> = events
            .iter()
            .map(|event| match event.crossing {
                Crossing::Falling => -1,
                Crossing::Any => 0,
                Crossing::Rising => 1,
            })
            .collect();
        let mut terminate: Vec<_> = events.iter().map(|e| ffi::raw_bool(e.terminate)).collect();
        let handler =
            Handler { count: events.len(), indicator: Box::new(indicator), after: Box::new(after) };
        let give = |ctx| {
            // SAFETY: a live integrator; PETSc copies the arrays of `count` entries; `ctx` is what the functions expect.
            unsafe {
                call!(TSSetEventHandler(
                    *self.busy()?,
                    count,
                    directions.as_mut_ptr(),
                    terminate.as_mut_ptr(),
                    Some(indicate),
                    Some(happened),
                    ctx
                ))
            }
        };
        // SAFETY: C has one place for the context.
        unsafe { EVENTS.hand_over(self, handler, give) }
    }

    /// Sets the tolerance of all events: a value whose modulus is below the tolerance counts as
    /// zero. Logically collective. Default: 1e-6. Option: `-ts_event_tol`.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if there are no events, `ARG_OUTOFRANGE` unless the tolerance is positive.
    #[wraps(TSSetEventTolerances)]
    pub fn set_event_tolerance(&mut self, tolerance: Real) -> Result<()> {
        let count = self.event_count()?;
        self.set_event_tolerances(&vec![tolerance; count])
    }

    /// Sets the tolerance of each event. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if there are no events, `ARG_SIZ` if there is not one tolerance for each
    /// event, `ARG_OUTOFRANGE` unless all are positive.
    #[wraps(TSSetEventTolerances)]
    pub fn set_event_tolerances(&mut self, tolerances: &[Real]) -> Result<()> {
        let count = self.event_count()?;
        if count == 0 {
            let text = "the integrator has no events: call set_events first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        ffi::same_len("number of tolerances of events", count, tolerances.len())?;
        if let Some(bad) = tolerances.iter().find(|t| t.is_nan() || **t <= 0.0) {
            let text = format!("the tolerance of an event must be positive, got {bad}");
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        let mut tolerances = tolerances.to_vec();
        // SAFETY: a live integrator with events (above); as many numbers, which PETSc copies.
        unsafe { call!(TSSetEventTolerances(*self.busy()?, 0.0, tolerances.as_mut_ptr())) }
    }

    /// Sets the length of the second step after an event. Logically collective. Options:
    /// `-ts_event_post_event_second_step`, before 3.21 `-ts_event_post_eventinterval_step`.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if there are no events, `ARG_OUTOFRANGE` unless the step is positive.
    #[wraps(TSSetPostEventSecondStep, TSSetPostEventIntervalStep)]
    pub fn set_post_event_second_step(&mut self, step: Real) -> Result<()> {
        if self.event_count()? == 0 {
            let text = "the integrator has no events: call set_events first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        if step.is_nan() || step <= 0.0 {
            let text = format!("the second step after an event must be positive, got {step}");
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        #[cfg(petsc_ge_3_21)]
        // SAFETY: a live integrator with events (above).
        unsafe {
            call!(TSSetPostEventSecondStep(*self.busy()?, step))
        }
        #[cfg(not(petsc_ge_3_21))]
        // SAFETY: as above.
        unsafe {
            call!(TSSetPostEventIntervalStep(*self.busy()?, step))
        }
    }

    /// Returns the number of events.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` inside an indicator.
    #[wraps(TSGetNumEvents, not_collective)]
    pub fn event_count(&self) -> Result<usize> {
        let count = EVENTS.with(self, |handler| Ok(handler.count))?;
        Ok(count.unwrap_or(0))
    }

    pub(super) fn has_events(&self) -> Result<bool> {
        Ok(self.event_count()? > 0)
    }
}

#[cfg(petsc_ge_3_21)]
type Value = Real;
#[cfg(not(petsc_ge_3_21))]
type Value = crate::Scalar;

unsafe extern "C" fn indicate(
    ts: sys::TS,
    time: Real,
    u: sys::Vec,
    values: *mut Value,
    ctx: *mut c_void,
) -> sys::PetscErrorCode {
    callback::guard(c"TS event indicator", || {
        // SAFETY: PETSc passes a live object for this call.
        let ts = unsafe { TsRef::from_ptr(ts) };
        // SAFETY: as above.
        let u = unsafe { VectorRef::from_ptr(u) };
        let run = |handler: &mut Handler| {
            let mut numbers = vec![0.0; handler.count];
            (handler.indicator)(ts, time, u, &mut numbers)?;
            // SAFETY: PETSc has space for the number of values set in `set_events`.
            let values = unsafe { ffi::slice_mut(values, handler.count) };
            for (value, number) in values.iter_mut().zip(numbers) {
                #[cfg(petsc_ge_3_21)]
                let number: Value = number;
                #[cfg(not(petsc_ge_3_21))]
                let number = <Value as crate::ScalarExt>::from_real(number);
                *value = number;
            }
            Ok(())
        };
        // SAFETY: `ctx` is the context that was passed with this function.
        unsafe { Context::<Handler>::with(ctx, run) }
    })
}

unsafe extern "C" fn happened(
    ts: sys::TS,
    count: Int,
    events: *mut Int,
    time: Real,
    u: sys::Vec,
    forward: sys::PetscBool,
    ctx: *mut c_void,
) -> sys::PetscErrorCode {
    callback::guard(c"TS event", || {
        // SAFETY: PETSc passes a live object for this call.
        let ts = unsafe { TsRef::from_ptr(ts) };
        // SAFETY: as above.
        let u = unsafe { VectorRef::from_ptr_mut(u) };
        // SAFETY: PETSc passes as many numbers.
        let events = unsafe { ffi::slice(events.cast_const(), ffi::size(count)?) };
        let events: Vec<usize> = events.iter().map(|&e| ffi::index_to_usize(e)).collect();
        let happened = Happened { events: &events, time, forward: ffi::to_bool(forward) };
        let run =
            |handler: &mut Handler| (handler.after)(&mut Running::after_step(ts), &happened, u);
        // SAFETY: `ctx` is the context given with this function.
        unsafe { Context::<Handler>::with(ctx, run) }
    })
}
