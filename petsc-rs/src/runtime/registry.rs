//! What lives on this thread, and how a handle may be dropped right now.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::panic::Location;

use super::queue;
use crate::error::{Error, Result};
use crate::{ffi, sys};

/// Where this thread's session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// No session.
    None,
    /// Between initialise and finalise.
    Running,
    /// [`run`](super::run) ended while handles were alive: PETSc stays up, drops do nothing.
    Abandoned,
}

thread_local! {
    static PHASE: Cell<Phase> = const { Cell::new(Phase::None) };
    /// Sessions, communicators and objects that are alive.
    static HOLDERS: Cell<usize> = const { Cell::new(0) };
    /// Number of this thread's sessions until now.
    static EPOCH: Cell<u32> = const { Cell::new(0) };
    static RANK: Cell<i32> = const { Cell::new(-1) };
    static DROP_ERROR: RefCell<Option<Error>> = const { RefCell::new(None) };
    /// By address of the object; several handles may hold references to one object.
    static SITES: RefCell<HashMap<usize, Vec<LeakedHandle>>> = RefCell::default();
}

/// A handle that was still alive when the session ended.
#[derive(Clone, Debug)]
pub struct LeakedHandle {
    /// Rust type of the handle.
    pub class: &'static str,
    /// Source line that created it.
    pub created: &'static Location<'static>,
}

impl fmt::Display for LeakedHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} created at {}", self.class, self.created)
    }
}

/// How a handle may give up its reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropMode {
    /// PETSc is gone, or stays up for a leaked handle: do nothing.
    Skip,
    /// Destroy, which is collective.
    Now,
    /// Queue: this rank failed or unwinds, and the others may not come along.
    Later,
}

pub(super) fn start(rank: i32) {
    PHASE.set(Phase::Running);
    EPOCH.set(EPOCH.get() + 1);
    RANK.set(rank);
    queue::start();
    SITES.with_borrow_mut(HashMap::clear);
    DROP_ERROR.set(None);
}

pub(super) fn phase() -> Phase {
    PHASE.try_with(Cell::get).unwrap_or(Phase::Abandoned)
}

pub(super) fn set_phase(phase: Phase) {
    PHASE.set(phase);
}

pub(crate) fn rank() -> Option<i32> {
    RANK.try_with(Cell::get).ok().filter(|&r| r >= 0)
}

/// Which session this is, for numbers that mean something in one session only.
pub(crate) fn epoch() -> u32 {
    EPOCH.get()
}

/// One more holder of the session.
pub(crate) fn acquire() {
    HOLDERS.set(HOLDERS.get() + 1);
}

/// One holder less; the last one finalises.
pub(crate) fn release() {
    let left = HOLDERS.try_with(|h| {
        let left = h.get().saturating_sub(1);
        h.set(left);
        left
    });
    if left == Ok(0) && phase() == Phase::Running {
        super::session::finalize_last();
    }
}

/// One of the holders of the session.
#[derive(Debug)]
pub(crate) struct Hold(());

impl Hold {
    pub(crate) fn new() -> Self {
        acquire();
        Self(())
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        release();
    }
}

pub(super) fn holders() -> usize {
    HOLDERS.get()
}

/// Notes an owned handle with the line that created it.
pub fn register(address: usize, class: &'static str, created: &'static Location<'static>) {
    acquire();
    SITES.with_borrow_mut(|sites| {
        sites
            .entry(address)
            .or_default()
            .push(LeakedHandle { class, created });
    });
}

/// A handle to the object at `address` is gone.
pub fn unregister(address: usize) {
    let _ = SITES.try_with(|sites| {
        let Ok(mut sites) = sites.try_borrow_mut() else {
            return;
        };
        if let Some(handles) = sites.get_mut(&address) {
            handles.pop();
            if handles.is_empty() {
                sites.remove(&address);
            }
        }
    });
    release();
}

/// The handles that are alive, in the order of their source lines.
pub(super) fn alive() -> Vec<LeakedHandle> {
    let mut list: Vec<_> = SITES.with_borrow(|sites| sites.values().flatten().cloned().collect());
    list.sort_by_key(|h| (h.created.file(), h.created.line(), h.created.column()));
    list
}

/// How a handle may be dropped now.
#[must_use]
pub fn drop_mode() -> DropMode {
    if phase() != Phase::Running || mpi_finalized() {
        DropMode::Skip
    } else if std::thread::panicking() || queue::failed() {
        DropMode::Later
    } else {
        DropMode::Now
    }
}

/// Keeps the first error of a destructor for the end of the session.
pub fn record_drop(call: &'static str, code: sys::PetscErrorCode) {
    if code == 0 {
        return;
    }
    let outcome = std::panic::catch_unwind(|| ffi::check(call, code));
    match outcome {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            let _ = DROP_ERROR.try_with(|slot| {
                if let Ok(mut slot) = slot.try_borrow_mut() {
                    slot.get_or_insert(error);
                }
            });
        }
        Err(payload) => crate::callback::discard(payload),
    }
}

pub(super) fn take_drop_error() -> Result<()> {
    DROP_ERROR.take().map_or(Ok(()), Err)
}

pub(super) fn mpi_finalized() -> bool {
    let mut flag = 0;
    // SAFETY: may be called at any time; a valid out-pointer.
    unsafe { sys::mpi_sys::MPI_Finalized(&raw mut flag) };
    flag != 0
}
