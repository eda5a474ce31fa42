//! Performance data of the log.

use std::mem::MaybeUninit;

use petsc_macros::wraps;

use super::{Log, check_active};
use crate::error::{Error, ErrorCode, Result};
use crate::{call, get, get_text, sys};

/// Performance data of an event or a stage on this rank.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
#[wraps(PetscEventPerfInfo)]
pub struct Figures {
    /// Number of calls.
    pub count: usize,
    /// Time in seconds.
    pub time: f64,
    /// Number of floating-point operations.
    pub flops: f64,
    /// Number of messages, sent and received.
    pub messages: f64,
    /// Size of all messages in bytes.
    pub message_length: f64,
    /// Number of global reductions.
    pub reductions: f64,
}

impl Figures {
    fn of(raw: &sys::PetscEventPerfInfo) -> Result<Self> {
        Ok(Self {
            count: usize::try_from(raw.count)?,
            time: raw.time,
            flops: raw.flops,
            messages: raw.numMessages,
            message_length: raw.messageLength,
            reductions: raw.numReductions,
        })
    }
}

/// Memory of this process, in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Memory {
    /// Resident set size.
    pub resident: f64,
    /// Memory allocated by PETSc; 0 unless `-malloc_debug` or `-malloc_view` is set.
    pub malloc: f64,
    /// Maximum of the memory allocated by PETSc so far; 0 unless one of these options is set.
    pub malloc_maximum: f64,
}

impl Log {
    /// Returns the name and the performance data of every event that occurred, in the order in
    /// which the events were registered. The data are sums over all stages.
    ///
    /// # Errors
    /// `ORDER` if logging is not active: see [`begin`](Self::begin).
    #[wraps(PetscLogEventGetPerfInfo)]
    pub fn events(&self) -> Result<Vec<(String, Figures)>> {
        check_active()?;
        let stages = i32::try_from(stage_names()?.len())?;
        let mut events = Vec::new();
        for (id, name) in (0..).zip(event_names()?) {
            let mut sum = Figures::default();
            for stage in 0..stages {
                let one = event(stage, id)?;
                sum.count += one.count;
                sum.time += one.time;
                sum.flops += one.flops;
                sum.messages += one.messages;
                sum.message_length += one.message_length;
                sum.reductions += one.reductions;
            }
            if sum.count > 0 {
                events.push((name, sum));
            }
        }
        Ok(events)
    }

    /// Returns the current memory usage of this process.
    ///
    /// # Errors
    /// The errors of `PetscMemoryGetCurrentUsage` and `PetscMallocGetCurrentUsage`.
    #[wraps(
        PetscMemoryGetCurrentUsage,
        PetscMallocGetCurrentUsage,
        PetscMallocGetMaximumUsage,
        not_collective
    )]
    pub fn memory(&self) -> Result<Memory> {
        Ok(Memory {
            // SAFETY: PETSc is initialized.
            resident: unsafe { get!(PetscMemoryGetCurrentUsage(_)) }?,
            // SAFETY: PETSc is initialized.
            malloc: unsafe { get!(PetscMallocGetCurrentUsage(_)) }?,
            // SAFETY: PETSc is initialized.
            malloc_maximum: unsafe { get!(PetscMallocGetMaximumUsage(_)) }?,
        })
    }

    /// Returns the time of PETSc's clock in seconds since an unspecified start.
    #[wraps(PetscTime, not_collective)]
    pub fn time(&self) -> Result<f64> {
        // SAFETY: PETSc is initialized.
        unsafe { get!(PetscRsTime(_)) }
    }

    /// Returns the CPU time of this process in seconds.
    #[wraps(PetscGetCPUTime, not_collective)]
    pub fn cpu_time(&self) -> Result<f64> {
        // SAFETY: PETSc is initialized.
        unsafe { get!(PetscGetCPUTime(_)) }
    }

    /// Returns the number of floating-point operations of this process so far.
    #[wraps(PetscGetFlops, not_collective)]
    pub fn total_flops(&self) -> Result<f64> {
        // SAFETY: PETSc is initialized.
        unsafe { get!(PetscGetFlops(_)) }
    }
}

/// Returns the performance data of an event, in the current stage if `stage` is -1.
pub(super) fn event(stage: i32, event: sys::PetscLogEvent) -> Result<Figures> {
    check_number("event", event, event_count()?)?;
    if stage >= 0 {
        check_number("stage", stage, stage_count()?)?;
    }
    let mut info = MaybeUninit::<sys::PetscEventPerfInfo>::zeroed();
    // SAFETY: a registered event and stage (above; PETSc does not check), a valid out-pointer.
    unsafe { call!(PetscLogEventGetPerfInfo(stage, event, info.as_mut_ptr())) }?;
    // SAFETY: plain numbers, all of them written or zero.
    Figures::of(unsafe { &*info.as_ptr() })
}

/// Returns the performance data of a stage.
pub(super) fn stage(stage: sys::PetscLogStage) -> Result<Figures> {
    check_number("stage", stage, stage_count()?)?;
    let mut info = MaybeUninit::<sys::PetscEventPerfInfo>::zeroed();
    // SAFETY: a registered stage (above), a valid out-pointer.
    unsafe { call!(PetscRsLogStagePerfInfo(stage, info.as_mut_ptr())) }?;
    // SAFETY: plain numbers, all of them written or zero.
    Figures::of(unsafe { &*info.as_ptr() })
}

fn check_number(what: &str, number: i32, count: i32) -> Result<()> {
    if (0..count).contains(&number) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::ARG_OUTOFRANGE, format!("the {what} belongs to an earlier session")))
}

fn event_count() -> Result<i32> {
    // SAFETY: PETSc is initialized.
    unsafe { get!(PetscRsLogEventCount(_)) }
}

fn stage_count() -> Result<i32> {
    // SAFETY: PETSc is initialized.
    unsafe { get!(PetscRsLogStageCount(_)) }
}

fn event_names() -> Result<Vec<String>> {
    (0..event_count()?)
        // SAFETY: one of the registered events, whose name lives as long as the log.
        .map(|event| unsafe { get_text!(PetscRsLogEventName(event, _)) })
        .collect()
}

pub(super) fn stage_names() -> Result<Vec<String>> {
    (0..stage_count()?)
        // SAFETY: one of the registered stages, whose name lives as long as the log.
        .map(|stage| unsafe { get_text!(PetscRsLogStageName(stage, _)) })
        .collect()
}
