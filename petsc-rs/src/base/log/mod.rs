//! PETSc's log: stages, events, floating-point operations, and their performance data.
//!
//! Logging starts with [`Log::begin`] or `-log_view`. Before that, stages and events have almost no
//! cost.

mod figures;

use std::marker::PhantomData;

use petsc_macros::wraps;

pub use figures::{Figures, Memory};

use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object;
use crate::viewer::ViewerRef;
use crate::{Petsc, call, ffi, get, runtime, sys};

/// Number of real operations that PETSc counts for each logged scalar operation: 4 in complex
/// builds, 1 in real builds.
#[doc(alias = "PETSC_FLOPS_PER_OP")]
pub const FLOPS_PER_OPERATION: f64 =
    if <crate::Scalar as crate::ScalarExt>::IS_COMPLEX { 4.0 } else { 1.0 };

/// The log of the session.
///
/// # Examples
/// ```
/// # petsc_rs::doctest_session(|petsc| {
/// use petsc_rs::log::FLOPS_PER_OPERATION;
///
/// let log = petsc.log();
/// log.begin()?;
/// let assembly = log.event("my assembly")?;
/// for _ in 0..3 {
///     assembly.record(|| log.flops(100.0))?;
/// }
/// let figures = assembly.figures(None)?;
/// assert_eq!((figures.count, figures.flops), (3, 300.0 * FLOPS_PER_OPERATION));
/// # Ok(()) })
/// ```
#[derive(Debug)]
pub struct Log {
    _hold: runtime::Hold,
    _not_send: PhantomData<*mut ()>,
}

impl Petsc {
    /// Returns the log of this session.
    #[must_use]
    #[wraps(PetscLogView)]
    pub fn log(&self) -> Log {
        Log { _hold: runtime::Hold::new(), _not_send: PhantomData }
    }
}

impl Log {
    /// Starts logging, unless `-log_view` has started it. Logging cannot be stopped. Logically
    /// collective.
    #[wraps(PetscLogDefaultBegin)]
    pub fn begin(&self) -> Result<()> {
        if self.is_active()? {
            return Ok(());
        }
        // SAFETY: PETSc is initialized.
        unsafe { call!(PetscLogDefaultBegin()) }
    }

    /// Returns whether logging is active.
    #[wraps(PetscLogIsActive, not_collective)]
    pub fn is_active(&self) -> Result<bool> {
        is_active()
    }

    /// Returns the event with this name, and registers it if necessary. Not collective; all ranks
    /// must register the same events in the same order.
    ///
    /// # Errors
    /// `ARG_WRONG` if the name contains a NUL character.
    #[wraps(PetscLogEventRegister, PetscLogEventGetId)]
    pub fn event(&self, name: &str) -> Result<Event> {
        crate::not_collective!();
        self.event_of(name, None)
    }

    /// Returns the event with this name, and registers it if necessary. A new event belongs to
    /// `class`, and is activated and deactivated together with the class.
    ///
    /// # Errors
    /// `ARG_WRONG` if the name contains a NUL character.
    #[wraps(PetscLogEventRegister, not_collective)]
    pub fn event_of(&self, name: &str, class: Option<LogClass>) -> Result<Event> {
        let name = ffi::c_string(name)?;
        // SAFETY: a NUL-terminated name.
        let mut id = unsafe { get!(PetscLogEventGetId(name.as_c_str().as_ptr(), _)) }?;
        if id < 0 {
            // SAFETY: a number that PETSc assigned at initialization.
            let class = class.map_or(unsafe { sys::PETSC_OBJECT_CLASSID }, |c| c.0);
            // SAFETY: a NUL-terminated name, which PETSc copies.
            id = unsafe { get!(PetscLogEventRegister(name.as_c_str().as_ptr(), class, _)) }?;
        }
        Ok(Event { id, epoch: runtime::epoch(), _not_send: PhantomData })
    }

    /// Registers a new class of objects for events. Not collective; all ranks must make the same
    /// call.
    ///
    /// # Errors
    /// `ARG_WRONG` if the name contains a NUL character.
    #[wraps(PetscClassIdRegister)]
    pub fn class(&self, name: &str) -> Result<LogClass> {
        crate::not_collective!();
        let name = ffi::c_string(name)?;
        // SAFETY: a NUL-terminated name, which PETSc copies.
        let id = unsafe { get!(PetscClassIdRegister(name.as_c_str().as_ptr(), _)) }?;
        Ok(LogClass(id))
    }

    /// Returns the stage with this name, and registers it if necessary. Not collective; all ranks
    /// must register the same stages in the same order.
    ///
    /// # Errors
    /// `ARG_WRONG` if the name contains a NUL character.
    #[wraps(PetscLogStageRegister, PetscLogStageGetId)]
    pub fn stage(&self, name: &str) -> Result<Stage> {
        crate::not_collective!();
        let c_name = ffi::c_string(name)?;
        for (i, known) in figures::stage_names()?.iter().enumerate() {
            if known == name {
                return Ok(Stage::new(i32::try_from(i)?));
            }
        }
        // SAFETY: a NUL-terminated name, which PETSc copies.
        let id = unsafe { get!(PetscLogStageRegister(c_name.as_c_str().as_ptr(), _)) }?;
        Ok(Stage::new(id))
    }

    /// Adds scalar operations to the current stage and to the running events. Each scalar operation
    /// counts as [`FLOPS_PER_OPERATION`] real operations.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `flops` is negative or NaN.
    #[wraps(PetscLogFlops, not_collective)]
    pub fn flops(&self, flops: f64) -> Result<()> {
        if flops.is_nan() || flops < 0.0 {
            let text = format!("the number of operations must not be negative, got {flops}");
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        // SAFETY: no pointers.
        unsafe { call!(PetscRsLogFlops(flops)) }
    }

    /// Prints the table of `-log_view`. Collective.
    ///
    /// # Errors
    /// `ORDER` if logging is not active: see [`begin`](Self::begin).
    #[wraps(PetscLogView)]
    pub fn view(&self, viewer: &ViewerRef) -> Result<()> {
        check_active()?;
        // SAFETY: a live viewer.
        unsafe { call!(PetscLogView(viewer.as_ptr())) }
    }
}

fn is_active() -> Result<bool> {
    // SAFETY: PETSc is initialized.
    unsafe { get!(PetscLogIsActive(_)) }
}

fn check_active() -> Result<()> {
    if is_active()? {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::ORDER,
        "logging is not active: call Log::begin first, or run with -log_view",
    ))
}

/// A class of objects, to which events belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LogClass(sys::PetscClassId);

/// An event, whose time is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[wraps(PetscLogEvent)]
pub struct Event {
    id: sys::PetscLogEvent,
    epoch: u32,
    _not_send: PhantomData<*mut ()>,
}

impl Event {
    /// Starts the event, which ends when the guard is dropped.
    ///
    /// # Errors
    /// The errors of `PetscLogEventBegin`; `ORDER` without a session.
    #[wraps(PetscLogEventBegin, PetscLogEventEnd, not_collective)]
    pub fn begin(self) -> Result<EventGuard> {
        let hold = session(self.epoch)?;
        // SAFETY: a registered event; no object.
        unsafe { call!(PetscRsLogEventBegin(self.id, std::ptr::null_mut())) }?;
        Ok(EventGuard { event: self, _hold: hold })
    }

    /// Runs `body` as one call of the event.
    ///
    /// # Errors
    /// The errors of `body`.
    pub fn record<T>(self, body: impl FnOnce() -> Result<T>) -> Result<T> {
        let _guard = self.begin()?;
        body()
    }

    /// Activates logging of the event.
    #[wraps(PetscLogEventActivate, not_collective)]
    pub fn activate(self) -> Result<()> {
        let _hold = session(self.epoch)?;
        // SAFETY: a registered event.
        unsafe { call!(PetscLogEventActivate(self.id)) }
    }

    /// Deactivates logging of the event.
    #[wraps(PetscLogEventDeactivate, not_collective)]
    pub fn deactivate(self) -> Result<()> {
        let _hold = session(self.epoch)?;
        // SAFETY: a registered event.
        unsafe { call!(PetscLogEventDeactivate(self.id)) }
    }

    /// Synchronizes the ranks, if the event is logged. The waiting time is then counted as load
    /// imbalance and not as part of the event. Collective.
    #[wraps(PetscLogEventSync)]
    pub fn sync(self, comm: &Comm) -> Result<()> {
        let _hold = session(self.epoch)?;
        // SAFETY: a registered event and a live communicator.
        unsafe { call!(PetscRsLogEventSync(self.id, comm.as_raw())) }
    }

    /// Returns the performance data of the event on this rank, in one stage or in the current one.
    ///
    /// # Errors
    /// `ORDER` if logging is not active: see [`Log::begin`].
    #[wraps(PetscLogEventGetPerfInfo, not_collective)]
    pub fn figures(self, stage: Option<Stage>) -> Result<Figures> {
        let _hold = session(self.epoch)?;
        check_active()?;
        if let Some(stage) = stage {
            session(stage.epoch)?;
        }
        figures::event(stage.map_or(-1, |s| s.id), self.id)
    }
}

/// A running event, which ends when the guard is dropped.
#[derive(Debug)]
#[must_use = "the event ends when the guard is dropped"]
pub struct EventGuard {
    event: Event,
    _hold: runtime::Hold,
}

impl Drop for EventGuard {
    fn drop(&mut self) {
        if runtime::drop_mode() != runtime::DropMode::Skip {
            // SAFETY: the event that was begun; no object.
            let code = unsafe { sys::PetscRsLogEventEnd(self.event.id, std::ptr::null_mut()) };
            runtime::record_drop("PetscLogEventEnd", code);
        }
    }
}

/// A stage: a part of the program with separate performance data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[wraps(PetscLogStage)]
pub struct Stage {
    id: sys::PetscLogStage,
    /// Number of the session in which the stage was registered; 0 for the main stage, which exists
    /// in every session.
    epoch: u32,
    _not_send: PhantomData<*mut ()>,
}

impl Stage {
    /// The main stage, in which every program starts.
    pub const MAIN: Self = Self { id: 0, epoch: 0, _not_send: PhantomData };

    fn new(id: sys::PetscLogStage) -> Self {
        Self { id, epoch: runtime::epoch(), _not_send: PhantomData }
    }

    /// Runs `body` with this stage as the current stage. Stages nest.
    ///
    /// # Errors
    /// The errors of `body`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// let log = petsc.log();
    /// log.begin()?;
    /// let setup = log.stage("setup")?;
    /// setup.record(|| log.flops(7.0))?;
    /// assert_eq!(setup.figures()?.flops, 7.0 * petsc_rs::log::FLOPS_PER_OPERATION);
    /// # Ok(()) })
    /// ```
    #[wraps(PetscLogStagePush, PetscLogStagePop)]
    pub fn record<T>(self, body: impl FnOnce() -> Result<T>) -> Result<T> {
        let _guard = self.begin()?;
        body()
    }

    /// Makes this stage the current one until the guard is dropped. Guards must be dropped in
    /// reverse order; otherwise time is added to the wrong stage.
    #[wraps(PetscLogStagePush, not_collective)]
    pub fn begin(self) -> Result<StageGuard> {
        let hold = session(self.epoch)?;
        // SAFETY: a registered stage.
        unsafe { call!(PetscLogStagePush(self.id)) }?;
        Ok(StageGuard { _hold: hold, _not_send: PhantomData })
    }

    /// Sets whether events of the stage are logged. Default: true.
    ///
    /// # Errors
    /// `ORDER` without a session, or if the stage belongs to an earlier session.
    #[wraps(PetscLogStageSetActive, not_collective)]
    pub fn set_active(self, active: bool) -> Result<()> {
        let _hold = session(self.epoch)?;
        // SAFETY: a registered stage.
        unsafe { call!(PetscLogStageSetActive(self.id, ffi::raw_bool(active))) }
    }

    /// Returns whether events of the stage are logged.
    #[wraps(PetscLogStageGetActive, not_collective, errors = set_active)]
    pub fn is_active(self) -> Result<bool> {
        let _hold = session(self.epoch)?;
        // SAFETY: a registered stage.
        unsafe { get!(PetscLogStageGetActive(self.id, _)) }
    }

    /// Sets whether the stage appears in the table of `-log_view`. Default: true.
    #[wraps(PetscLogStageSetVisible, not_collective, errors = set_active)]
    pub fn set_visible(self, visible: bool) -> Result<()> {
        let _hold = session(self.epoch)?;
        // SAFETY: a registered stage.
        unsafe { call!(PetscLogStageSetVisible(self.id, ffi::raw_bool(visible))) }
    }

    /// Returns whether the stage appears in the table of `-log_view`.
    #[wraps(PetscLogStageGetVisible, not_collective, errors = set_active)]
    pub fn is_visible(self) -> Result<bool> {
        let _hold = session(self.epoch)?;
        // SAFETY: a registered stage.
        unsafe { get!(PetscLogStageGetVisible(self.id, _)) }
    }

    /// Returns the performance data of the stage on this rank.
    ///
    /// # Errors
    /// `ORDER` if logging is not active: see [`Log::begin`].
    #[wraps(PetscLogStageGetPerfInfo, not_collective)]
    pub fn figures(self) -> Result<Figures> {
        let _hold = session(self.epoch)?;
        check_active()?;
        figures::stage(self.id)
    }
}

/// The current stage; dropping the guard makes the previous stage current again.
#[derive(Debug)]
#[must_use = "the stage ends when the guard is dropped"]
pub struct StageGuard {
    _hold: runtime::Hold,
    _not_send: PhantomData<*mut ()>,
}

impl Drop for StageGuard {
    fn drop(&mut self) {
        if runtime::drop_mode() != runtime::DropMode::Skip {
            // SAFETY: a stage was pushed for this guard, so the stack is not empty.
            let code = unsafe { sys::PetscLogStagePop() };
            runtime::record_drop("PetscLogStagePop", code);
        }
    }
}

/// Checks the session: events and stages are numbers, which may outlive their session.
fn session(epoch: u32) -> Result<runtime::Hold> {
    if runtime::drop_mode() == runtime::DropMode::Skip {
        return Err(Error::new(ErrorCode::ORDER, "no PETSc session is alive"));
    }
    if epoch != 0 && epoch != runtime::epoch() {
        return Err(Error::new(
            ErrorCode::ORDER,
            "the event or stage belongs to an earlier session",
        ));
    }
    Ok(runtime::Hold::new())
}

impl LogClass {
    /// Returns the class of an object. Not collective.
    ///
    /// # Errors
    /// The errors of `PetscObjectGetClassId`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::log::LogClass;
    /// let (x, y) = (Vector::new(comm, 2)?, Vector::new(comm, 3)?);
    /// assert_eq!(LogClass::of(&x)?, LogClass::of(&y)?);
    /// assert_ne!(LogClass::of(&x)?, LogClass::of(&Ksp::new(comm)?)?);
    /// # Ok(()) })
    /// ```
    pub fn of<O: Object + ?Sized>(object: &O) -> Result<Self> {
        crate::not_collective!();
        Ok(Self(object.class_id()?))
    }
}
