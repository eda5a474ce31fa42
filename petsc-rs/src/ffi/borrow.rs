//! The borrow table of array guards.
//!
//! Two handles may lead to one C object (`ksp.solution()` and the caller's `x`), and two objects may
//! share memory (a matrix and its diagonal block), so the borrow checker cannot see that their slices
//! alias; PETSc's own locks are compiled out of optimized builds before 3.22. Every array guard is
//! entered here with its object and the addresses that it lends, and every method that reads or writes
//! through C asks first. With no guard alive, which is nearly always, asking is one load.
//!
//! An entry holds a reference of its object. A guard that is forgotten therefore keeps its own object,
//! whose memory C never hands out again, and refuses access to that object only.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::mem::ManuallyDrop;

use super::region::{Access, Guard, Region, Table};
use crate::error::{Error, ErrorCode, Result};
use crate::object::{Held, Object};
use crate::{call, sys};

thread_local! {
    /// Number of entries in `TABLE`.
    static ALIVE: Cell<usize> = const { Cell::new(0) };
    /// Never dropped, so that no access has to look whether it was.
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
    /// Enters a guard that reads the object.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if a guard that writes it is alive.
    pub fn shared<O: Object>(object: &O) -> Result<Self> {
        Self::enter(object, Access::Read)
    }

    /// Enters a guard that writes the object.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if any other guard of it is alive.
    pub fn exclusive<O: Object>(object: &O) -> Result<Self> {
        Self::enter(object, Access::Write)
    }

    /// Enters a guard of the object. The memory that it lends follows, see [`cover`](Self::cover).
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if another guard is in the way.
    #[inline]
    pub fn enter<O: Object>(object: &O, access: Access) -> Result<Self> {
        Self::enter_region(object, Region::object(object.object_ptr()), access)
    }

    /// Enters a guard of a region of memory that lives as long as the object.
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
        Ok(Self {
            slot,
            _not_send: PhantomData,
            _object: held,
        })
    }

    /// Enters the array that the guard lends.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if a guard of overlapping memory is in the way, or if there are entries but
    /// no array: C takes the arrays of its work vectors away after use.
    #[inline]
    pub fn cover<T>(&self, data: *const T, len: usize) -> Result<()> {
        if data.is_null() && len != 0 {
            return Err(no_array());
        }
        let nobody = std::ptr::null_mut::<T>();
        self.cover_memory(Region::object(nobody).with_array(data, len))
    }

    /// Enters the memory of a region.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if a guard of overlapping memory is in the way.
    pub fn cover_memory(&self, memory: Region) -> Result<()> {
        TABLE.with_borrow_mut(|table| table.cover(self.slot, memory).map_err(conflict))
    }

    /// Marks a guard that lends the storage of a matrix, see [`check_solver`].
    #[must_use]
    pub fn of_matrix(self) -> Self {
        self.mark(|guard| guard.matrix = true)
    }

    /// Marks a guard that goes with the guard of a whole, for [`check_no_writer`].
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
    // A guard in a thread-local may outlive the table; then nobody is left to ask.
    let _ = TABLE.try_with(|table| {
        let Ok(mut table) = table.try_borrow_mut() else {
            return;
        };
        table.leave(slot);
        let _ = ALIVE.try_with(|alive| alive.set(table.alive()));
    });
}

/// An entry that was the only one when it was made. The reference of its object belongs to the caller. Dropping it
/// removes the entry.
#[derive(Debug)]
pub(crate) struct Alone {
    // As for `Borrow`.
    _not_send: PhantomData<*mut ()>,
}

impl Alone {
    /// Enters a guard of an object with its array.
    ///
    /// # Safety
    /// No guard is alive on this thread. The caller has a reference of the object, and keeps it until this is dropped.
    #[inline]
    pub(crate) unsafe fn enter<T>(
        object: sys::PetscObject,
        data: *const T,
        len: usize,
        access: Access,
    ) -> Self {
        enter_first(object, Region::object(object).with_array(data, len), access);
        Self {
            _not_send: PhantomData,
        }
    }
}

impl Drop for Alone {
    #[inline]
    fn drop(&mut self) {
        leave(Table::FIRST);
    }
}

/// The entries of one guard: that of its object, and those of the parts that share its memory.
#[derive(Debug)]
pub struct Borrows {
    pub(crate) own: Borrow,
    parts: Parts,
}

/// Most guards have none, and then cost no heap, and no call when they are dropped.
#[derive(Debug, Default)]
struct Parts(ManuallyDrop<Option<Box<List>>>);

#[derive(Debug, Default)]
struct List(Vec<Borrow>);

impl Drop for Parts {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_some() {
            self.leave();
        }
    }
}

impl Parts {
    #[cold]
    fn leave(&mut self) {
        *self.0 = None;
    }
}

impl Borrows {
    pub(crate) fn push(&mut self, part: Borrow) {
        self.parts.0.get_or_insert_default().0.push(part);
    }

    /// Takes over the entries of a part.
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
        let parts = Parts::default();
        Self { own, parts }
    }
}

/// Whether any guard is alive on this thread.
#[inline]
#[must_use]
pub fn any_borrow() -> bool {
    ALIVE.get() != 0
}

/// Asks only while a guard is alive: otherwise this is one load.
///
/// # Errors
/// Those of `ask`.
#[inline]
pub fn ask_guards(ask: impl FnOnce() -> Result<()>) -> Result<()> {
    if any_borrow() { ask() } else { Ok(()) }
}

/// For methods that read `object` through C, which has no memory that other objects share.
///
/// # Errors
/// `ARG_WRONGSTATE` if a guard that writes it is alive.
#[inline]
pub fn check_readable<T>(object: *mut T) -> Result<()> {
    ask_guards(|| check_region(Region::object(object), Access::Read))
}

/// For methods that write `object` through C, which has no memory that other objects share.
///
/// # Errors
/// `ARG_WRONGSTATE` if any guard of it is alive.
#[inline]
pub fn check_writable<T>(object: *mut T) -> Result<()> {
    ask_guards(|| check_region(Region::object(object), Access::Write))
}

/// For methods that touch a region through C.
///
/// # Errors
/// `ARG_WRONGSTATE` if a guard is in the way.
#[cold]
pub fn check_region(region: Region, access: Access) -> Result<()> {
    TABLE.with_borrow(|table| table.ask(region, access).map_err(conflict))
}

/// For solvers, which write to work vectors of their own and call the user back.
///
/// # Errors
/// `ARG_WRONGSTATE` if a guard that writes is alive on this thread. Guards that were forgotten, and whose
/// objects have no other owner, do not count: nobody can reach those.
#[inline]
pub fn check_no_writer() -> Result<()> {
    if any_borrow() && reachable(|guard| guard.writes() && !guard.part, 0)? {
        return Err(conflict(Access::Write));
    }
    Ok(())
}

/// For methods that touch memory of which nobody knows where it is.
///
/// # Errors
/// `ARG_WRONGSTATE` if any guard is in the way.
#[cold]
pub fn check_no_guard(access: Access) -> Result<()> {
    check_no_writer()?;
    if access == Access::Write && reachable(|guard| !guard.part, 0)? {
        return Err(conflict(Access::Read));
    }
    Ok(())
}

/// For methods that touch matrices of which nobody knows where they store their entries.
///
/// # Errors
/// `ARG_WRONGSTATE` if a guard of any matrix is in the way.
#[cold]
pub fn check_no_matrix(access: Access) -> Result<()> {
    let which =
        |guard: &Guard| guard.matrix && !guard.part && (access == Access::Write || guard.writes());
    if reachable(which, 0)? {
        return Err(matrix_lent());
    }
    Ok(())
}

/// For solvers that build what they need from matrices. They write to storage of which only C knows
/// (factors in place, blocks, products), so no guard may lend a matrix that C has a reference of. A matrix
/// with one reference apart from those of its guards is known to its one handle only.
///
/// # Errors
/// `ARG_WRONGSTATE` if a guard that writes is alive, or a guard of such a matrix.
#[inline]
pub fn check_solver() -> Result<()> {
    check_no_writer()?;
    if any_borrow() && reachable(|guard| guard.matrix, 1)? {
        return Err(matrix_lent());
    }
    Ok(())
}

/// Whether one of these guards lends an object with more than so many references beside those of guards.
#[cold]
fn reachable(which: impl Fn(&Guard) -> bool, handles: usize) -> Result<bool> {
    for (owner, guards) in TABLE.with_borrow(|table| table.owners(which)) {
        let mut references = 0;
        // SAFETY: the guards hold the object; a valid out-pointer.
        unsafe { call!(PetscObjectGetReference(owner, &raw mut references)) }?;
        if usize::try_from(references)? > guards + handles {
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
        "the entries of a matrix that this call may change are borrowed; drop that guard first",
    )
}

#[cold]
#[must_use]
pub fn no_array() -> Error {
    Error::new(
        ErrorCode::ARG_WRONGSTATE,
        "the vector has entries but no array now: its solver places one for the time of a solve only",
    )
}
