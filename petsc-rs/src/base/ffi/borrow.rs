//! The borrow table of array guards.
//!
//! Two handles may refer to one C object (`ksp.solution()` and the caller's `x`), and two objects
//! may share memory (a matrix and its diagonal block). The borrow checker cannot detect that slices
//! of these handles or objects alias, and PETSc's locks are compiled out of optimized builds before
//! 3.22. Every array guard is therefore registered here, with its object and the addresses of its
//! array. Every method that reads or writes through C checks the table first. In the usual case, no
//! guard exists, and the check is one load from memory.
//!
//! An entry holds a reference to its object. A leaked guard therefore keeps its object alive: C
//! does not reuse the memory, and only access to that object is refused.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::mem::ManuallyDrop;

use super::region::{Access, Guard, Region, Table};
use crate::error::{Error, ErrorCode, Result};
use crate::object::{Held, Object};
use crate::{get, sys};

thread_local! {
    /// Number of entries in `TABLE`.
    static ALIVE: Cell<usize> = const { Cell::new(0) };
    /// The table is never dropped, so an access need not check whether it still exists.
    static TABLE: RefCell<ManuallyDrop<Table>> =
        const { RefCell::new(ManuallyDrop::new(Table::new())) };
}

/// An entry in the table; dropping it removes the entry.
#[derive(Debug)]
pub struct Borrow {
    slot: usize,
    // The table is per thread.
    _not_send: PhantomData<*mut ()>,
    _object: Held,
}

impl Borrow {
    /// Registers a guard that reads the object.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` while a guard for writing the object exists.
    pub fn shared<O: Object>(object: &O) -> Result<Self> {
        Self::enter(object, Access::Read)
    }

    /// Registers a guard that writes the object.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` while any other guard of the object exists.
    pub fn exclusive<O: Object>(object: &O) -> Result<Self> {
        Self::enter(object, Access::Write)
    }

    /// Registers a guard of the object, without the addresses of the object's memory;
    /// [`cover`](Self::cover) adds these addresses.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` while a conflicting guard exists.
    #[inline]
    pub fn enter<O: Object>(object: &O, access: Access) -> Result<Self> {
        Self::enter_region(object, Region::object(object.object_ptr()), access)
    }

    /// Registers a guard of a memory region. The region lives as long as `object`.
    ///
    /// # Errors
    /// The errors of [`enter`](Self::enter).
    #[inline]
    pub fn enter_region<O: Object>(object: &O, region: Region, access: Access) -> Result<Self> {
        let held = Held::new(object)?;
        let slot = if any_borrow() {
            enter_beside(held.object(), region, access)?
        } else {
            enter_first(held.object(), region, access);
            Table::FIRST
        };
        Ok(Self { slot, _not_send: PhantomData, _object: held })
    }

    /// Adds an array to the memory of the guard.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` while a conflicting guard of overlapping memory exists, or if the object
    /// has entries but no array, for example a work vector after a solve.
    #[inline]
    pub fn cover<T>(&self, data: *const T, len: usize) -> Result<()> {
        if data.is_null() && len != 0 {
            return Err(no_array());
        }
        let nobody = std::ptr::null_mut::<T>();
        self.cover_memory(Region::object(nobody).with_array(data, len))
    }

    /// Adds a region to the memory of the guard.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` while a conflicting guard of overlapping memory exists.
    pub fn cover_memory(&self, memory: Region) -> Result<()> {
        TABLE.with_borrow_mut(|table| table.cover(self.slot, memory).map_err(conflict))
    }

    /// Marks this guard as a guard of the storage of a matrix. See [`check_solver`].
    #[must_use]
    pub fn of_matrix(self) -> Self {
        self.mark(|guard| guard.matrix = true)
    }

    /// Marks this guard as the guard of a part of an object. The whole object has another guard, so
    /// checks that search all guards can ignore this one. See [`check_no_writer`].
    #[must_use]
    pub fn as_part(self) -> Self {
        self.mark(|guard| guard.part = true)
    }

    fn mark(self, how: impl FnOnce(&mut Guard)) -> Self {
        TABLE.with_borrow_mut(|table| table.guard(self.slot).map(how));
        self
    }
}

#[cold]
fn enter_beside(owner: sys::PetscObject, region: Region, access: Access) -> Result<usize> {
    TABLE.with_borrow_mut(|table| {
        let slot = table.enter(owner, region, access).map_err(conflict)?;
        ALIVE.set(table.alive());
        Ok(slot)
    })
}

#[inline]
fn enter_first(owner: sys::PetscObject, region: Region, access: Access) {
    TABLE.with(|table| table.borrow_mut().enter_first(owner, region, access));
    ALIVE.set(1);
}

impl Drop for Borrow {
    #[inline]
    fn drop(&mut self) {
        leave(self.slot);
    }
}

#[inline]
fn leave(slot: usize) {
    // A guard in a thread-local variable may outlive the table; then no check follows.
    let _ = TABLE.try_with(|table| {
        let Ok(mut table) = table.try_borrow_mut() else {
            return;
        };
        table.leave(slot);
        let _ = ALIVE.try_with(|alive| alive.set(table.alive()));
    });
}

/// An entry that was the only one when it was created. The caller owns the reference to its object.
/// Dropping this value removes the entry.
#[derive(Debug)]
pub(crate) struct Alone {
    // As for `Borrow`.
    _not_send: PhantomData<*mut ()>,
}

impl Alone {
    /// Registers a guard of an object with its array.
    ///
    /// # Safety
    /// No guard exists on this thread. The caller holds a reference to the object until this value
    /// is dropped.
    #[inline]
    pub(crate) unsafe fn enter<T>(
        object: sys::PetscObject,
        data: *const T,
        len: usize,
        access: Access,
    ) -> Self {
        enter_first(object, Region::object(object).with_array(data, len), access);
        Self { _not_send: PhantomData }
    }
}

impl Drop for Alone {
    #[inline]
    fn drop(&mut self) {
        leave(Table::FIRST);
    }
}

/// The entries of one guard: the entry of its object, and the entries of the parts that share
/// memory with the object.
#[derive(Debug)]
pub struct Borrows {
    pub(crate) own: Borrow,
    parts: PartBorrows,
}

/// Most guards have no parts, and then need neither heap memory nor a call on drop.
#[derive(Debug, Default)]
struct PartBorrows(ManuallyDrop<Option<Box<List>>>);

#[derive(Debug, Default)]
struct List(Vec<Borrow>);

impl Drop for PartBorrows {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_some() {
            self.leave();
        }
    }
}

impl PartBorrows {
    #[cold]
    fn leave(&mut self) {
        *self.0 = None;
    }
}

impl Borrows {
    pub(crate) fn push(&mut self, part: Borrow) {
        self.parts.0.get_or_insert_default().0.push(part);
    }

    /// Takes ownership of the entries of a part.
    pub(crate) fn extend(&mut self, part: Self) {
        let Self { own, mut parts } = part;
        self.push(own);
        for own in parts.0.take().into_iter().flat_map(|list| list.0) {
            self.push(own);
        }
    }
}

impl From<Borrow> for Borrows {
    #[inline]
    fn from(own: Borrow) -> Self {
        let parts = PartBorrows::default();
        Self { own, parts }
    }
}

/// Returns whether any guard exists on this thread.
#[inline]
#[must_use]
pub fn any_borrow() -> bool {
    ALIVE.get() != 0
}

/// Calls `ask` only if a guard exists. Without a guard, the only cost is one load from memory.
///
/// # Errors
/// The errors of `ask`.
#[inline]
pub fn ask_guards(ask: impl FnOnce() -> Result<()>) -> Result<()> {
    if any_borrow() { ask() } else { Ok(()) }
}

/// Checks the guards before a method that reads `object` through C, if its memory is not shared
/// with other objects.
///
/// # Errors
/// `ARG_WRONGSTATE` while a guard for writing the object exists.
#[inline]
pub fn check_readable<T>(object: *mut T) -> Result<()> {
    ask_guards(|| check_region(Region::object(object), Access::Read))
}

/// Checks the guards before a method that writes `object` through C, if its memory is not shared
/// with other objects.
///
/// # Errors
/// `ARG_WRONGSTATE` while any guard of the object exists.
#[inline]
pub fn check_writable<T>(object: *mut T) -> Result<()> {
    ask_guards(|| check_region(Region::object(object), Access::Write))
}

/// Checks the guards before a method that accesses a memory region through C.
///
/// # Errors
/// `ARG_WRONGSTATE` while a conflicting guard exists.
#[cold]
pub fn check_region(region: Region, access: Access) -> Result<()> {
    TABLE.with_borrow(|table| table.ask(region, access).map_err(conflict))
}

/// Checks the guards before a solve, which writes to work vectors and calls user-defined functions.
///
/// # Errors
/// `ARG_WRONGSTATE` while a guard for writing exists on this thread. A leaked guard is ignored if
/// its object has no other owner, because the object can no longer be reached.
#[inline]
pub fn check_no_writer() -> Result<()> {
    if any_borrow() && reachable(|guard| guard.writes() && !guard.part, 0)? {
        return Err(conflict(Access::Write));
    }
    Ok(())
}

/// Checks the guards before a method that accesses memory at an unknown location.
///
/// # Errors
/// `ARG_WRONGSTATE` while any conflicting guard exists.
#[cold]
pub fn check_no_guard(access: Access) -> Result<()> {
    check_no_writer()?;
    if access == Access::Write && reachable(|guard| !guard.part, 0)? {
        return Err(conflict(Access::Read));
    }
    Ok(())
}

/// Checks the guards before a method that accesses matrices whose storage is at an unknown
/// location.
///
/// # Errors
/// `ARG_WRONGSTATE` while a conflicting guard of any matrix exists.
#[cold]
pub fn check_no_matrix(access: Access) -> Result<()> {
    let which =
        |guard: &Guard| guard.matrix && !guard.part && (access == Access::Write || guard.writes());
    if reachable(which, 0)? {
        return Err(matrix_lent());
    }
    Ok(())
}

/// Checks the guards before a solver computes factors, blocks or products of matrices. Such solvers
/// write to storage that only C can locate, so no guard may exist for a matrix to which C holds a
/// reference. If a matrix has only one reference besides those of its guards, the reference belongs
/// to a handle, and the guard is allowed.
///
/// # Errors
/// `ARG_WRONGSTATE` while a guard for writing exists, or a guard of a matrix to which C holds a
/// reference.
#[inline]
pub fn check_solver() -> Result<()> {
    check_no_writer()?;
    if any_borrow() && reachable(|guard| guard.matrix, 1)? {
        return Err(matrix_lent());
    }
    Ok(())
}

/// Returns whether one of these guards belongs to an object with more than `handles` references,
/// apart from those of guards.
#[cold]
fn reachable(which: impl Fn(&Guard) -> bool, handles: usize) -> Result<bool> {
    for (owner, guards) in TABLE.with_borrow(|table| table.owners(which)) {
        // SAFETY: the guards keep the object alive.
        let references: usize = unsafe { get!(PetscObjectGetReference(owner, _)) }?;
        if references > guards + handles {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cold]
fn conflict(found: Access) -> Error {
    Error::new(
        ErrorCode::ARG_WRONGSTATE,
        match found {
            Access::Write => {
                "the array is borrowed mutably through another handle; drop that guard first"
            }
            Access::Read => "the array is borrowed through another handle; drop that guard first",
        },
    )
}

#[cold]
fn matrix_lent() -> Error {
    Error::new(
        ErrorCode::ARG_WRONGSTATE,
        "the entries of a matrix that this call may change are borrowed; drop the guard first",
    )
}

#[cold]
#[must_use]
pub fn no_array() -> Error {
    Error::new(
        ErrorCode::ARG_WRONGSTATE,
        "the vector has entries but no array at present: its solver sets one only during a solve",
    )
}
