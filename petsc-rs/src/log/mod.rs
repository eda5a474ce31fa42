//! PETSc's log: stages, events, floating-point operations, and what they cost.
//!
//! Recording begins with [`Log::begin`] or `-log_view`; before that, stages and events cost next to
//! nothing.

mod figures;

use std::marker::PhantomData;

use petsc_macros::wraps;

pub use figures::{Figures, Memory};

use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object;
use crate::viewer::ViewerRef;
use crate::{Petsc, call, ffi, runtime, sys};

/// How many operations PETSc counts for each one logged: a complex one takes four real ones.
#[doc(alias = "PETSC_FLOPS_PER_OP")]
pub const FLOPS_PER_OPERATION: f64 = if <crate::Scalar as crate::ScalarExt>::IS_COMPLEX {
    4.0
} else {
    1.0
};

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
    /// The log of this session.
    #[must_use]
    #[wraps(PetscLogView)]
    pub fn log(&self) -> Log {
        Log {
            _hold: runtime::Hold::new(),
            _not_send: PhantomData,
        }
    }
}

impl Log {
    /// Begins to record, unless that has begun already (`-log_view`). Logically collective. There is
    /// no way back.
    ///
    /// # Errors
    /// The errors of `PetscLogDefaultBegin`.
    #[wraps(PetscLogDefaultBegin)]
    pub fn begin(&self) -> Result<()> {
        if self.is_active()? {
            return Ok(());
        }
        // SAFETY: PETSc is initialized.
        unsafe { call!(PetscLogDefaultBegin()) }
    }

    /// Whether something is recorded. Not collective.
    ///
    /// # Errors
    /// The errors of `PetscLogIsActive`.
    #[wraps(PetscLogIsActive)]
    pub fn is_active(&self) -> Result<bool> {
        crate::not_collective!();
        is_active()
    }

    /// The event of this name, new or known. Not collective, but do the same on all ranks in the
    /// same order.
    ///
    /// # Errors
    /// A name with a NUL.
    #[wraps(PetscLogEventRegister, PetscLogEventGetId)]
    pub fn event(&self, name: &str) -> Result<Event> {
        crate::not_collective!();
        self.event_of(name, None)
    }

    /// The event of this name, new or known; if new, it belongs to a class of objects, and is
    /// switched on and off with it. Not collective.
    ///
    /// # Errors
    /// A name with a NUL.
    #[wraps(PetscLogEventRegister)]
    pub fn event_of(&self, name: &str, class: Option<LogClass>) -> Result<Event> {
        crate::not_collective!();
        let name = ffi::c_string(name)?;
        let mut id = -1;
        // SAFETY: a NUL-terminated name and a valid out-pointer.
        unsafe { call!(PetscLogEventGetId(name.as_c_str().as_ptr(), &raw mut id)) }?;
        if id < 0 {
            // SAFETY: a number that PETSc gave out at start.
            let class = class.map_or(unsafe { sys::PETSC_OBJECT_CLASSID }, |c| c.0);
            // SAFETY: a NUL-terminated name, which PETSc copies, and a valid out-pointer.
            unsafe {
                call!(PetscLogEventRegister(
                    name.as_c_str().as_ptr(),
                    class,
                    &raw mut id
                ))
            }?;
        }
        Ok(Event {
            id,
            epoch: runtime::epoch(),
            _not_send: PhantomData,
        })
    }

    /// A new class of objects, for events. Not collective, but do the same on all ranks.
    ///
    /// # Errors
    /// A name with a NUL.
    #[wraps(PetscClassIdRegister)]
    pub fn class(&self, name: &str) -> Result<LogClass> {
        crate::not_collective!();
        let name = ffi::c_string(name)?;
        let mut id = 0;
        // SAFETY: a NUL-terminated name, which PETSc copies, and a valid out-pointer.
        unsafe { call!(PetscClassIdRegister(name.as_c_str().as_ptr(), &raw mut id)) }?;
        Ok(LogClass(id))
    }

    /// The stage of this name, new or known. Not collective, but do the same on all ranks in the
    /// same order.
    ///
    /// # Errors
    /// A name with a NUL.
    #[wraps(PetscLogStageRegister, PetscLogStageGetId)]
    pub fn stage(&self, name: &str) -> Result<Stage> {
        crate::not_collective!();
        let c_name = ffi::c_string(name)?;
        for (i, known) in figures::stage_names()?.iter().enumerate() {
            if known == name {
                return Ok(Stage::new(i32::try_from(i)?));
            }
        }
        let mut id = -1;
        // SAFETY: a NUL-terminated name, which PETSc copies, and a valid out-pointer.
        unsafe {
            call!(PetscLogStageRegister(
                c_name.as_c_str().as_ptr(),
                &raw mut id
            ))
        }?;
        Ok(Stage::new(id))
    }

    /// Adds operations on scalars to the current stage and to the events that run, each of them as
    /// [`FLOPS_PER_OPERATION`]. Not collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `flops` is negative or not a number.
    #[wraps(PetscLogFlops)]
    pub fn flops(&self, flops: f64) -> Result<()> {
        crate::not_collective!();
        if flops.is_nan() || flops < 0.0 {
            let text = format!("{flops} is no number of operations");
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        // SAFETY: no pointers.
        unsafe { call!(PetscRsLogFlops(flops)) }
    }

    /// Prints the table that `-log_view` prints. Collective.
    ///
    /// # Errors
    /// `ORDER` if nothing was recorded: see [`begin`](Self::begin).
    #[wraps(PetscLogView)]
    pub fn view(&self, viewer: &ViewerRef) -> Result<()> {
        check_active()?;
        // SAFETY: a live viewer.
        unsafe { call!(PetscLogView(viewer.as_ptr())) }
    }
}

fn is_active() -> Result<bool> {
    let mut active = ffi::raw_bool(false);
    // SAFETY: PETSc is initialized; a valid out-pointer.
    unsafe { call!(PetscLogIsActive(&raw mut active)) }?;
    Ok(ffi::to_bool(active))
}

fn check_active() -> Result<()> {
    if is_active()? {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::ORDER,
        "nothing is recorded: call Log::begin first, or run with -log_view",
    ))
}

/// A class of objects that events belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LogClass(sys::PetscClassId);

/// Something that is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[wraps(PetscLogEvent)]
pub struct Event {
    id: sys::PetscLogEvent,
    epoch: u32,
    _not_send: PhantomData<*mut ()>,
}

impl Event {
    /// Begins the event; it ends when the guard goes. Not collective.
    ///
    /// # Errors
    /// What `PetscLogEventBegin` returns; `ORDER` without a session.
    #[wraps(PetscLogEventBegin, PetscLogEventEnd)]
    pub fn begin(self) -> Result<EventGuard> {
        crate::not_collective!();
        let hold = session(self.epoch)?;
        // SAFETY: a registered event; no object.
        unsafe { call!(PetscRsLogEventBegin(self.id, std::ptr::null_mut())) }?;
        Ok(EventGuard {
            event: self,
            _hold: hold,
        })
    }

    /// Runs `body` as one occurrence of the event.
    ///
    /// # Errors
    /// The errors of `body`.
    pub fn record<T>(self, body: impl FnOnce() -> Result<T>) -> Result<T> {
        let _guard = self.begin()?;
        body()
    }

    /// Records the event again. Not collective.
    ///
    /// # Errors
    /// The errors of `PetscLogEventActivate`.
    #[wraps(PetscLogEventActivate)]
    pub fn activate(self) -> Result<()> {
        crate::not_collective!();
        let _hold = session(self.epoch)?;
        // SAFETY: a registered event.
        unsafe { call!(PetscLogEventActivate(self.id)) }
    }

    /// Stops recording the event. Not collective.
    ///
    /// # Errors
    /// The errors of `PetscLogEventDeactivate`.
    #[wraps(PetscLogEventDeactivate)]
    pub fn deactivate(self) -> Result<()> {
        crate::not_collective!();
        let _hold = session(self.epoch)?;
        // SAFETY: a registered event.
        unsafe { call!(PetscLogEventDeactivate(self.id)) }
    }

    /// Waits for the other ranks, if the event is recorded, so that the time they take to arrive is
    /// counted as imbalance and not as the event's own. Collective.
    ///
    /// # Errors
    /// The errors of `PetscLogEventSync`.
    #[wraps(PetscLogEventSync)]
    pub fn sync(self, comm: &Comm) -> Result<()> {
        let _hold = session(self.epoch)?;
        // SAFETY: a registered event and a live communicator.
        unsafe { call!(PetscRsLogEventSync(self.id, comm.as_raw())) }
    }

    /// What the event has cost on this rank, in one stage or in the current one. Not collective.
    ///
    /// # Errors
    /// `ORDER` if nothing was recorded: see [`Log::begin`].
    #[wraps(PetscLogEventGetPerfInfo)]
    pub fn figures(self, stage: Option<Stage>) -> Result<Figures> {
        crate::not_collective!();
        let _hold = session(self.epoch)?;
        check_active()?;
        if let Some(stage) = stage {
            session(stage.epoch)?;
        }
        figures::event(stage.map_or(-1, |s| s.id), self.id)
    }
}

/// An event that runs; dropping it ends the event.
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

/// A part of the program with figures of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[wraps(PetscLogStage)]
pub struct Stage {
    id: sys::PetscLogStage,
    /// 0 for the main stage, which every session has.
    epoch: u32,
    _not_send: PhantomData<*mut ()>,
}

impl Stage {
    /// The stage that every program begins in.
    pub const MAIN: Self = Self {
        id: 0,
        epoch: 0,
        _not_send: PhantomData,
    };

    fn new(id: sys::PetscLogStage) -> Self {
        Self {
            id,
            epoch: runtime::epoch(),
            _not_send: PhantomData,
        }
    }

    /// Makes this the current stage until `body` returns. Stages nest.
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

    /// Makes this the current stage until the guard goes. The last stage begun must end first: with
    /// guards that are dropped in another order, time is booked on the wrong stage. Not collective.
    ///
    /// # Errors
    /// The errors of `PetscLogStagePush`.
    #[wraps(PetscLogStagePush)]
    pub fn begin(self) -> Result<StageGuard> {
        crate::not_collective!();
        let hold = session(self.epoch)?;
        // SAFETY: a registered stage.
        unsafe { call!(PetscLogStagePush(self.id)) }?;
        Ok(StageGuard {
            _hold: hold,
            _not_send: PhantomData,
        })
    }

    /// What happened in the stage on this rank. Not collective.
    ///
    /// # Errors
    /// `ORDER` if nothing was recorded: see [`Log::begin`].
    #[wraps(PetscLogStageGetPerfInfo)]
    pub fn figures(self) -> Result<Figures> {
        crate::not_collective!();
        let _hold = session(self.epoch)?;
        check_active()?;
        figures::stage(self.id)
    }
}

/// A stage that is current; dropping it makes the one before current again.
#[derive(Debug)]
#[must_use = "the stage ends when the guard is dropped"]
pub struct StageGuard {
    _hold: runtime::Hold,
    _not_send: PhantomData<*mut ()>,
}

impl Drop for StageGuard {
    fn drop(&mut self) {
        if runtime::drop_mode() != runtime::DropMode::Skip {
            // SAFETY: a stage was pushed for this guard, so the stack never runs empty.
            let code = unsafe { sys::PetscLogStagePop() };
            runtime::record_drop("PetscLogStagePop", code);
        }
    }
}

/// Events and stages are plain numbers, which may outlive their session.
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
    /// The class of an object. Not collective.
    ///
    /// # Errors
    /// The errors of `PetscObjectGetClassId`.
    pub fn of<O: Object + ?Sized>(object: &O) -> Result<Self> {
        crate::not_collective!();
        Ok(Self(object.class_id()?))
    }
}
