//! Objects that a rank dropped after an error although other ranks possibly did not drop them, and
//! this error.

use std::cell::{Cell, RefCell};
use std::mem;

use super::registry::{self, Phase};
use crate::error::Result;
use crate::object::Object;
use crate::sys;

thread_local! {
    /// Whether an error was created on this rank that other ranks possibly do not have.
    static FAILED: Cell<bool> = const { Cell::new(false) };
    /// The text of that error.
    static REASON: RefCell<String> = const { RefCell::new(String::new()) };
    /// References to release when all ranks take part.
    static QUEUE: RefCell<Vec<Queued>> = const { RefCell::new(Vec::new()) };
}

struct Queued {
    /// Increases with each object that this process creates.
    number: sys::PetscObjectId,
    object: sys::PetscObject,
}

/// Called for every error that may exist on this rank only.
pub(crate) fn note_failure(text: impl FnOnce() -> String) {
    let first = FAILED.try_with(|failed| !failed.replace(true));
    if first == Ok(true) {
        let _ = REASON.try_with(|reason| reason.replace(text()));
    }
}

/// Returns whether objects of this rank are queued until [`Petsc::recover`](crate::Petsc::recover).
pub(super) fn failed() -> bool {
    FAILED.try_with(Cell::get).unwrap_or(true) || !is_empty()
}

/// Returns the text of the error for which [`failed`] is true.
pub(super) fn reason() -> String {
    REASON.with_borrow(String::clone)
}

/// Called at the start of a session.
pub(super) fn start() {
    FAILED.set(false);
    QUEUE.take();
}

/// While this guard is alive, a new error does not change how objects are destroyed.
#[derive(Debug)]
pub struct NotCollective {
    failed_before: bool,
}

impl NotCollective {
    /// Creates the guard, see [`not_collective`](crate::not_collective).
    #[expect(clippy::new_without_default, reason = "a guard has no default value")]
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        Self { failed_before: FAILED.get() }
    }

    /// Creates a guard for an object of one rank, whose errors do not affect other ranks.
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

/// The first line of a method that is not collective: objects of this rank are still destroyed
/// collectively after its errors. Without this line, handles are queued after an error until
/// [`Petsc::recover`](crate::Petsc::recover).
#[doc(hidden)]
#[macro_export]
macro_rules! not_collective {
    () => {
        let _not_collective = $crate::internal::NotCollective::new();
    };
}

/// Called when a reference is queued for [`empty`]. If no error occurred, the reason is a panic,
/// which the program may catch.
pub(crate) fn note_left() {
    note_failure(|| "a panic dropped objects of several ranks, and was caught".to_owned());
}

/// Queues a reference to an object for [`empty`]. Not collective.
pub(crate) fn leave(object: sys::PetscObject) {
    note_left();
    let mut number = 0;
    // SAFETY: a live object by contract, and a valid out-pointer.
    let code = unsafe { sys::PetscObjectGetId(object, &raw mut number) };
    registry::record_drop("PetscObjectGetId", code);
    // When the thread ends, nothing would empty the queue.
    let _ = QUEUE.try_with(|queue| queue.borrow_mut().push(Queued { number, object }));
}

fn is_empty() -> bool {
    QUEUE.try_with(|queue| queue.try_borrow().is_ok_and(|queue| queue.is_empty())).unwrap_or(true)
}

/// Releases the queued references, and makes destruction collective again. All ranks must take
/// part.
///
/// Objects are destroyed in the order of their creation, which is the same on all ranks that share
/// them. An object that another rank has not queued was already destroyed there, without waiting
/// for this rank.
pub(super) fn empty() {
    FAILED.set(false);
    if registry::phase() != Phase::Running || registry::mpi_finalized() {
        return;
    }
    let mut queue = QUEUE.with_borrow_mut(mem::take);
    queue.sort_by_key(|queued| queued.number);
    for mut queued in queue {
        // SAFETY: releases the reference that was passed to `leave`.
        let code = unsafe { sys::PetscObjectDestroy(&raw mut queued.object) };
        registry::record_drop("PetscObjectDestroy", code);
    }
    crate::comm::free_left();
}
