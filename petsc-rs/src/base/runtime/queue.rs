//! What a rank dropped while the other ranks may not have come along, and the error behind it.

use std::cell::{Cell, RefCell};
use std::mem;

use super::registry::{self, Phase};
use crate::error::Result;
use crate::object::Object;
use crate::sys;

thread_local! {
    /// An error was made here that the other ranks may not have.
    static FAILED: Cell<bool> = const { Cell::new(false) };
    /// The text of that error.
    static REASON: RefCell<String> = const { RefCell::new(String::new()) };
    /// References to give up as soon as all ranks are here.
    static QUEUE: RefCell<Vec<Queued>> = const { RefCell::new(Vec::new()) };
}

struct Queued {
    /// Grows with each object that this process creates.
    number: sys::PetscObjectId,
    object: sys::PetscObject,
}

/// Called for every error that this rank may have alone.
pub(crate) fn note_failure(text: impl FnOnce() -> String) {
    let first = FAILED.try_with(|failed| !failed.replace(true));
    if first == Ok(true) {
        let _ = REASON.try_with(|reason| reason.replace(text()));
    }
}

/// Whether destruction on this rank waits for [`Petsc::recover`](crate::Petsc::recover).
pub(super) fn failed() -> bool {
    FAILED.try_with(Cell::get).unwrap_or(true) || !is_empty()
}

/// The text of the error behind [`failed`].
pub(super) fn reason() -> String {
    REASON.with_borrow(String::clone)
}

/// A session begins.
pub(super) fn start() {
    FAILED.set(false);
    QUEUE.take();
}

/// While this lives, an error that is made changes nothing about destruction.
#[derive(Debug)]
pub struct NotCollective {
    failed_before: bool,
}

impl NotCollective {
    /// See [`not_collective`](crate::not_collective).
    #[expect(clippy::new_without_default, reason = "a guard is no value")]
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        Self {
            failed_before: FAILED.get(),
        }
    }

    /// Where the object is of one rank, so that its errors concern no other.
    pub(crate) fn on(object: &impl Object) -> Result<Option<Self>> {
        let alone = crate::comm::size_of_object(object.object_ptr())? == 1;
        Ok(alone.then(Self::new))
    }
}

impl Drop for NotCollective {
    #[inline]
    fn drop(&mut self) {
        FAILED.set(self.failed_before);
    }
}

/// The first line of a method that is not collective: its errors leave destruction on this rank collective. Without the
/// line, handles are queued after an error, until [`Petsc::recover`](crate::Petsc::recover).
#[doc(hidden)]
#[macro_export]
macro_rules! not_collective {
    () => {
        let _not_collective = $crate::internal::NotCollective::new();
    };
}

/// Called where something is left for [`empty`]: without an error, a panic that may be caught unwinds.
pub(crate) fn note_left() {
    note_failure(|| "a panic dropped objects of several ranks, and was caught".to_owned());
}

/// Leaves a reference to an object for [`empty`]. Not collective.
pub(crate) fn leave(object: sys::PetscObject) {
    note_left();
    let mut number = 0;
    // SAFETY: a live object by the caller's contract, and a valid out-pointer.
    let code = unsafe { sys::PetscObjectGetId(object, &raw mut number) };
    registry::record_drop("PetscObjectGetId", code);
    // At the end of the thread there is nobody who would empty the queue.
    let _ = QUEUE.try_with(|queue| queue.borrow_mut().push(Queued { number, object }));
}

fn is_empty() -> bool {
    QUEUE
        .try_with(|queue| queue.try_borrow().is_ok_and(|queue| queue.is_empty()))
        .unwrap_or(true)
}

/// Gives up what was left, and makes destruction collective again. All ranks must be here.
///
/// Objects go in the order of their creation, which is the same on all ranks that share them. What another rank did not
/// leave behind, that rank has destroyed already, without waiting for this one.
pub(super) fn empty() {
    FAILED.set(false);
    if registry::phase() != Phase::Running || registry::mpi_finalized() {
        return;
    }
    let mut queue = QUEUE.with_borrow_mut(mem::take);
    queue.sort_by_key(|queued| queued.number);
    for mut queued in queue {
        // SAFETY: gives up the reference that `leave` was given.
        let code = unsafe { sys::PetscObjectDestroy(&raw mut queued.object) };
        registry::record_drop("PetscObjectDestroy", code);
    }
    crate::comm::free_left();
}
