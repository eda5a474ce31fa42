//! Objects that became parts of others: solvers by a setter, any object by `compose`. A solver that several solvers share
//! is in use with any of them.

use std::cell::RefCell;
use std::ffi::{CStr, CString};

use super::registry;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object;
use crate::{call, callback, ffi, sys};

type Id = sys::PetscObjectId;
/// What has something as a part: its number, and the object or NULL.
type Above = (Id, sys::PetscObject);

#[derive(PartialEq, Eq)]
struct Given {
    part: sys::PetscObject,
    part_id: Id,
    /// NULL when it is gone, and for what is composed.
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
        let mut known = std::ptr::null_mut();
        if is_set(way) {
            watch(whole)?;
            known = whole;
        }
        let new = Given {
            part,
            part_id: id(part)?,
            whole: known,
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
    let id = id(object)?;
    // With its number: vectors that C duplicates have the note of the original too.
    let name = ffi::c_string(&format!("petsc-rs.given.{id}"))?;
    let mut found = std::ptr::null_mut();
    // SAFETY: a live object, as its callers promise, a NUL-terminated name, a valid out-pointer.
    unsafe { call!(PetscObjectQuery(object, name.as_ptr(), &raw mut found)) }?;
    if found.is_null() {
        // SAFETY: a live object, as its callers promise.
        unsafe { callback::compose(object, &name, Forget(id)) }?;
    }
    Ok(())
}

/// All that an object is a part of, or a part of a part of, and that lives.
///
/// # Errors
/// What `PetscObjectGetId` returns.
pub(crate) fn wholes_of(object: sys::PetscObject) -> Result<Vec<sys::PetscObject>> {
    let wholes = upwards(&[object], is_set)?.into_iter();
    let live = wholes.map(|(_, whole)| whole).filter(|w| !w.is_null());
    Ok(live.collect())
}

/// A solver that is a part of itself calls itself for ever, and nobody would free a ring.
fn check_ring(wholes: &[sys::PetscObject], part: sys::PetscObject) -> Result<()> {
    let part_id = id(part)?;
    let above = upwards(wholes, |_| true)?;
    if !wholes.contains(&part) && above.iter().all(|(id, _)| *id != part_id) {
        return Ok(());
    }
    let text = "the object is a part of what it is given, or of what is attached to it";
    Err(Error::new(ErrorCode::ARG_INCOMP, text))
}

/// What these objects are parts of, as far as handles and the list know, to the outermost: numbers and objects. What is
/// gone is NULL, and so is what has it composed.
fn upwards(parts: &[sys::PetscObject], way: fn(&Way) -> bool) -> Result<Vec<Above>> {
    let mut found = Vec::new();
    for &part in parts {
        step_up((id(part)?, part), way, &mut found)?;
    }
    let mut next = 0;
    while let Some(&part) = found.get(next) {
        next += 1;
        step_up(part, way, &mut found)?;
    }
    Ok(found)
}

/// Adds what has an object as a part.
fn step_up((part_id, part): Above, way: fn(&Way) -> bool, found: &mut Vec<Above>) -> Result<()> {
    let mut wholes = Vec::new();
    if !part.is_null() {
        for whole in registry::wholes_of(part) {
            wholes.push((id(whole)?, whole));
        }
    }
    GIVEN.with_borrow(|given| {
        let own = given.iter().filter(|g| g.part_id == part_id && way(&g.way));
        wholes.extend(own.map(|g| (g.whole_id, g.whole)));
    });
    for whole in wholes {
        if !found.contains(&whole) {
            found.push(whole);
        }
    }
    Ok(())
}

fn is_set(way: &Way) -> bool {
    *way == Way::Set
}

/// Whether an object has a part, at any depth, with which a solver runs: inside of a callback, neither may the object
/// be rebuilt nor destroyed. A part that several solvers have may be in use with any of them.
///
/// # Safety
/// `object` is live.
///
/// # Errors
/// What `PetscObjectGetReference` returns.
pub(crate) unsafe fn reaches_what_runs(object: sys::PetscObject) -> Result<bool> {
    let mut parts = registry::running();
    if parts.is_empty() {
        return Ok(false);
    }
    for part in parts_set() {
        // SAFETY: a part that is in the list lives (`Forget`).
        if unsafe { registry::owners(part) }? > 1 {
            parts.push(part);
        }
    }
    let object = id(object)?;
    Ok(upwards(&parts, is_set)?.iter().any(|(id, _)| *id == object))
}

/// A DM holds the functions of one problem, and those of implicit stages with a pointer to their integrator: while it
/// runs, no other integrator may have that DM. The object is another integrator, or the DM that one is to get.
///
/// # Safety
/// `object` is live.
///
/// # Errors
/// `ARG_WRONGSTATE` for a DM of an integrator that runs.
pub(crate) unsafe fn check_dm(object: sys::PetscObject) -> Result<()> {
    for other in registry::running() {
        let mut shared = ffi::raw_bool(false);
        // SAFETY: live objects, of which one runs, and a valid out-pointer.
        unsafe { call!(PetscRsTSSharesDM(other, object, &raw mut shared)) }?;
        if other != object && ffi::to_bool(shared) {
            let text = "the DM is that of another integrator, which runs: give this integrator a DM of its own";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
    }
    Ok(())
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

/// Inside of a callback, keeps an object until no solver runs: one may be using it without a reference.
///
/// # Safety
/// The object is live.
///
/// # Errors
/// What `PetscObjectReference` returns.
pub(crate) unsafe fn keep_while_running(object: sys::PetscObject) -> Result<()> {
    if callback::is_inside() {
        // SAFETY: a live object (by contract).
        unsafe { crate::object::reference(object) }?;
        WAITING.with_borrow_mut(|waiting| waiting.push(object));
    }
    Ok(())
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
