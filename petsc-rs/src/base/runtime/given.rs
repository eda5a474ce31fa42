//! Objects that are parts of other objects: solvers that a setter passed to another solver, and
//! objects composed with any object. A solver that is part of several solvers is in use while any
//! of these solvers is in use.

use std::cell::RefCell;
use std::ffi::{CStr, CString};

use super::registry;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object;
use crate::{callback, ffi, get, sys};

type Id = sys::PetscObjectId;
/// An object that contains a part: its number, and the object or NULL.
type Above = (Id, sys::PetscObject);

#[derive(PartialEq, Eq)]
struct Given {
    part: sys::PetscObject,
    part_id: Id,
    /// The object that contains the part; NULL if it has been destroyed, or if the part is composed
    /// with it.
    whole: sys::PetscObject,
    whole_id: Id,
    way: Way,
}

/// How an object became a part of another one.
#[derive(Clone, PartialEq, Eq)]
enum Way {
    /// Set in a solver. A reset or the destruction of the solver also resets the part.
    Set,
    /// Composed under a name.
    Composed(CString),
}

thread_local! {
    /// Live parts, with all objects to which each of them may belong. Object numbers are not
    /// reused.
    static GIVEN: RefCell<Vec<Given>> = const { RefCell::new(Vec::new()) };
    /// References to release when no solver runs.
    static WAITING: RefCell<Vec<sys::PetscObject>> = const { RefCell::new(Vec::new()) };
}

/// Composed with every object in the list: removes the object from the list when the object is
/// destroyed.
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

/// Returns the number of an object, which is unique in this process.
pub(crate) fn id(object: sys::PetscObject) -> Result<Id> {
    // SAFETY: a live object, as its callers promise.
    unsafe { get!(PetscObjectGetId(object, _)) }
}

/// Records that `whole` receives `part` through a function such as `KSPSetPC`.
///
/// # Errors
/// `ARG_INCOMP` if `whole` is, or was, a part of `part`; the errors of `PetscObjectCompose`.
pub fn give<W: Object + ?Sized, P: Object + ?Sized>(whole: &W, part: &P) -> Result<()> {
    let (whole, part) = (whole.object_ptr(), part.object_ptr());
    let mut wholes = registry::wholes_of(whole);
    wholes.push(whole);
    note(&wholes, part, &Way::Set)
}

/// Composes `part`, or nothing, with `whole` under `name`.
///
/// # Safety
/// Live objects; `part` may be NULL.
///
/// # Errors
/// The errors of [`give`].
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

/// Composes the object that removes `object` from the list, unless this was done before.
fn watch(object: sys::PetscObject) -> Result<()> {
    let id = id(object)?;
    // The name contains the number of the object, because vectors that C duplicates also have the
    // mark of the original.
    let name = ffi::c_string(&format!("petsc-rs.given.{id}"))?;
    // SAFETY: a live object, as its callers promise.
    if unsafe { callback::composed(object, &name) }?.is_null() {
        // SAFETY: a live object, as its callers promise.
        unsafe { callback::compose(object, &name, Forget(id)) }?;
    }
    Ok(())
}

/// Returns all live objects to which an object belongs, directly or indirectly.
///
/// # Errors
/// The errors of `PetscObjectGetId`.
pub(crate) fn wholes_of(object: sys::PetscObject) -> Result<Vec<sys::PetscObject>> {
    let wholes = upwards(&[object], is_set)?.into_iter();
    let live = wholes.map(|(_, whole)| whole).filter(|w| !w.is_null());
    Ok(live.collect())
}

/// Checks for a cycle: a solver that is a part of itself would call itself without end, and would
/// never be freed.
fn check_ring(wholes: &[sys::PetscObject], part: sys::PetscObject) -> Result<()> {
    let part_id = id(part)?;
    let above = upwards(wholes, |_| true)?;
    if !wholes.contains(&part) && above.iter().all(|(id, _)| *id != part_id) {
        return Ok(());
    }
    let text =
        "the object is itself a part of the object that is set or composed: this would be a cycle";
    Err(Error::new(ErrorCode::ARG_INCOMP, text))
}

/// Returns all objects to which these objects belong, as far as handles and the list record it:
/// numbers and objects. A destroyed object is NULL, and so is the owner of a composed object.
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

/// Adds the objects that contain an object.
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

/// Returns whether an object contains a part, at any depth, that a running solver uses: inside a
/// callback, such an object must not be rebuilt or destroyed. A part of several solvers is in use
/// during a solve of any of them.
///
/// # Safety
/// `object` is live.
///
/// # Errors
/// The errors of `PetscObjectGetReference`.
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

/// Live parts of solvers.
fn parts_set() -> Vec<sys::PetscObject> {
    GIVEN.with_borrow(|given| {
        let set = given.iter().filter(|g| is_set(&g.way));
        set.map(|g| g.part).collect()
    })
}

/// Takes over the last reference to an object, if releasing the reference would reset a part that
/// is in use. The reference is released later, when no solver is running.
///
/// # Safety
/// The reference belongs to the caller, so the object is live; the caller loses the reference if
/// the function returns true.
pub unsafe fn put_off(object: sys::PetscObject) -> bool {
    if !callback::is_inside() {
        return false;
    }
    let mut count = 0;
    // SAFETY: a live object (by contract) and a valid out-pointer.
    let code = unsafe { sys::PetscObjectGetReference(object, &raw mut count) };
    // SAFETY: as above.
    let waits = code == 0 && count == 1 && unsafe { reaches_what_runs(object) }.unwrap_or(true);
    waits && WAITING.try_with(|waiting| waiting.borrow_mut().push(object)).is_ok()
}

/// Releases the deferred references: no solver runs.
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

/// Checks that no other running integrator uses the DM of this one. A DM stores the functions of
/// one problem only; the functions of implicit stages contain a pointer to their integrator.
/// `object` is an integrator, or a DM that will be set in one. If a nonlinear solver with this DM
/// is running, it may call these functions; the integrator is then kept until no solver is running.
///
/// # Safety
/// `object` is live.
///
/// # Errors
/// `ARG_WRONGSTATE` if a running integrator uses the DM.
pub(crate) unsafe fn check_dm(object: sys::PetscObject) -> Result<()> {
    for other in registry::running() {
        // SAFETY: live objects, of which one runs.
        let shared: bool = unsafe { get!(PetscRsTSSharesDM(other, object, _)) }?;
        if other != object && shared {
            let text = "the DM belongs to another integrator, which is running: give this integrator a DM of its own";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        // SAFETY: live objects, of which one runs.
        let calls: bool = unsafe { get!(PetscRsSNESHasDMOf(other, object, _)) }?;
        if calls {
            // SAFETY: a live object (by contract).
            unsafe { keep_while_running(object) }?;
        }
    }
    Ok(())
}

/// Returns the number of references of an object that wait until no solver runs.
pub(super) fn waiting(object: sys::PetscObject) -> usize {
    WAITING.with_borrow(|waiting| waiting.iter().filter(|&&other| other == object).count())
}

/// Inside a callback, keeps an object until no solver runs, because a solver may use it without a reference.
///
/// # Safety
/// The object is live.
///
/// # Errors
/// The errors of `PetscObjectReference`.
pub(crate) unsafe fn keep_while_running(object: sys::PetscObject) -> Result<()> {
    if callback::is_inside() {
        // SAFETY: a live object (by contract).
        unsafe { crate::object::reference(object) }?;
        WAITING.with_borrow_mut(|waiting| waiting.push(object));
    }
    Ok(())
}
