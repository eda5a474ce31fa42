//! Objects that became parts of others: solvers by a setter, any object by `compose`. A solver that several solvers share
//! is in use with any of them.

use std::cell::RefCell;
use std::ffi::{CStr, CString};

use super::registry;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object;
use crate::{call, callback, sys};

type Id = sys::PetscObjectId;

#[derive(PartialEq, Eq)]
struct Given {
    part: sys::PetscObject,
    part_id: Id,
    /// NULL when it is gone.
    whole: sys::PetscObject,
    whole_id: Id,
    way: Way,
}

/// How an object became a part of another.
#[derive(Clone, PartialEq, Eq)]
enum Way {
    /// Set into a solver, whose `reset` and end reset it too.
    Set,
    /// Composed under a name.
    Composed(CString),
}

thread_local! {
    /// Parts that live, with all that each of them may be a part of. Numbers of objects are not used again.
    static GIVEN: RefCell<Vec<Given>> = const { RefCell::new(Vec::new()) };
    /// References to give up when no solver runs any more.
    static WAITING: RefCell<Vec<sys::PetscObject>> = const { RefCell::new(Vec::new()) };
}

/// Composed with all that is named in the list: forgets an object at its end.
struct Forget(Id);

impl Drop for Forget {
    fn drop(&mut self) {
        let _ = GIVEN.try_with(|given| {
            let mut given = given.borrow_mut();
            given.retain(|g| g.part_id != self.0);
            for g in given.iter_mut().filter(|g| g.whole_id == self.0) {
                g.whole = std::ptr::null_mut();
            }
        });
    }
}

pub(super) fn start() {
    GIVEN.take();
    WAITING.take();
}

/// Number of an object, which no other object of this process ever has.
pub(crate) fn id(object: sys::PetscObject) -> Result<Id> {
    let mut id = 0;
    // SAFETY: a live object, as its callers promise, and a valid out-pointer.
    unsafe { call!(PetscObjectGetId(object, &raw mut id)) }?;
    Ok(id)
}

/// `whole` gets `part` by a function such as `KSPSetPC`.
///
/// # Errors
/// `ARG_INCOMP` if `whole` is, or was, a part of `part`; what `PetscObjectCompose` returns.
pub fn give<W: Object + ?Sized, P: Object + ?Sized>(whole: &W, part: &P) -> Result<()> {
    let (whole, part) = (whole.object_ptr(), part.object_ptr());
    let mut wholes = registry::wholes_of(whole);
    wholes.push(whole);
    note(&wholes, part, &Way::Set)
}

/// `whole` gets `part`, or nothing, under `name`.
///
/// # Safety
/// Live objects, or NULL for nothing.
///
/// # Errors
/// As [`give`].
pub(crate) unsafe fn compose(
    whole: sys::PetscObject,
    name: &CStr,
    part: sys::PetscObject,
) -> Result<()> {
    let way = Way::Composed(name.to_owned());
    if !part.is_null() {
        check_ring(&[whole], part)?;
    }
    let whole_id = id(whole)?;
    GIVEN.with_borrow_mut(|given| given.retain(|g| g.whole_id != whole_id || g.way != way));
    if part.is_null() {
        return Ok(());
    }
    note(&[whole], part, &way)
}

fn note(wholes: &[sys::PetscObject], part: sys::PetscObject, way: &Way) -> Result<()> {
    check_ring(wholes, part)?;
    watch(part)?;
    for &whole in wholes {
        watch(whole)?;
        let new = Given {
            part,
            part_id: id(part)?,
            whole,
            whole_id: id(whole)?,
            way: way.clone(),
        };
        GIVEN.with_borrow_mut(|given| {
            if !given.contains(&new) {
                given.push(new);
            }
        });
    }
    Ok(())
}

/// Composes what forgets the object, unless it has it already.
fn watch(object: sys::PetscObject) -> Result<()> {
    const NAME: &CStr = c"petsc-rs.given";
    let mut found = std::ptr::null_mut();
    // SAFETY: a live object, as its callers promise, a NUL-terminated name, a valid out-pointer.
    unsafe { call!(PetscObjectQuery(object, NAME.as_ptr(), &raw mut found)) }?;
    if found.is_null() {
        // SAFETY: a live object, as its callers promise.
        unsafe { callback::compose(object, NAME, Forget(id(object)?)) }?;
    }
    Ok(())
}

/// All that an object is a part of, or a part of a part of, and that lives.
pub(crate) fn wholes_of(object: sys::PetscObject) -> Vec<sys::PetscObject> {
    let mut found = vec![object];
    let mut next = 0;
    while let Some(&part) = found.get(next) {
        next += 1;
        let mut wholes = registry::wholes_of(part);
        GIVEN.with_borrow(|given| {
            let set = given.iter().filter(|g| g.part == part && is_set(&g.way));
            wholes.extend(set.map(|g| g.whole).filter(|whole| !whole.is_null()));
        });
        for whole in wholes {
            if !found.contains(&whole) {
                found.push(whole);
            }
        }
    }
    found.split_off(1)
}

/// A solver that is a part of itself calls itself for ever, and nobody would free a ring.
fn check_ring(wholes: &[sys::PetscObject], part: sys::PetscObject) -> Result<()> {
    let wholes = wholes
        .iter()
        .map(|&whole| id(whole))
        .collect::<Result<_>>()?;
    if !upwards(wholes, |_| true).contains(&id(part)?) {
        return Ok(());
    }
    let text = "the object is a part of what it is given, or of what is attached to it";
    Err(Error::new(ErrorCode::ARG_INCOMP, text))
}

/// The objects with these numbers, and all that they were given to in some way, to the outermost.
fn upwards(mut found: Vec<Id>, way: fn(&Way) -> bool) -> Vec<Id> {
    let mut next = 0;
    while let Some(&part) = found.get(next) {
        next += 1;
        GIVEN.with_borrow(|given| {
            for g in given.iter().filter(|g| g.part_id == part && way(&g.way)) {
                if !found.contains(&g.whole_id) {
                    found.push(g.whole_id);
                }
            }
        });
    }
    found
}

/// Whether an object has a part, at any depth, with which a solver runs: inside of a callback, neither may the object
/// be rebuilt nor destroyed.
///
/// # Safety
/// `object` is live.
///
/// # Errors
/// What `PetscObjectGetReference` returns.
pub(crate) unsafe fn reaches_what_runs(object: sys::PetscObject) -> Result<bool> {
    let object = id(object)?;
    Ok(upwards(wholes_of_what_runs()?, is_set).contains(&object))
}

fn is_set(way: &Way) -> bool {
    *way == Way::Set
}

/// What the objects that run are parts of, as far as their handles know, and parts that more than one has.
fn wholes_of_what_runs() -> Result<Vec<Id>> {
    let mut parts = registry::running();
    for part in parts_set() {
        // SAFETY: a part that is in the list lives (`Forget`).
        if unsafe { registry::owners(part) }? > 1 {
            parts.push(part);
        }
    }
    let mut found = Vec::new();
    for part in parts {
        let part_id = id(part)?;
        GIVEN.with_borrow(|given| {
            let direct = given
                .iter()
                .filter(|g| g.part_id == part_id && is_set(&g.way));
            found.extend(direct.map(|g| g.whole_id));
        });
        for whole in registry::wholes_of(part) {
            found.push(id(whole)?);
        }
    }
    Ok(found)
}

/// Parts of solvers that live.
fn parts_set() -> Vec<sys::PetscObject> {
    GIVEN.with_borrow(|given| {
        let set = given.iter().filter(|g| is_set(&g.way));
        set.map(|g| g.part).collect()
    })
}

/// Whether the last reference of an object waits until no solver runs, and if so, takes it over: its end would reset a
/// part that is in use.
///
/// # Safety
/// The reference belongs to the caller, so the object lives; he gives it up if this returns true.
pub unsafe fn put_off(object: sys::PetscObject) -> bool {
    if !callback::is_inside() {
        return false;
    }
    let mut count = 0;
    // SAFETY: a live object (by contract) and a valid out-pointer.
    let code = unsafe { sys::PetscObjectGetReference(object, &raw mut count) };
    // SAFETY: as above.
    let waits = code == 0 && count == 1 && unsafe { reaches_what_runs(object) }.unwrap_or(true);
    waits
        && WAITING
            .try_with(|waiting| waiting.borrow_mut().push(object))
            .is_ok()
}

/// No solver runs any more: gives up what waited.
#[inline]
pub(super) fn give_up() {
    if WAITING.with_borrow(|waiting| !waiting.is_empty()) {
        give_up_waiting();
    }
}

#[cold]
fn give_up_waiting() {
    while let Some(object) =
        WAITING.with_borrow_mut(|waiting| (!waiting.is_empty()).then(|| waiting.remove(0)))
    {
        // SAFETY: the reference that `put_off` took over.
        unsafe { crate::object::release(object) };
    }
}
