//! Solvers that became parts of others by a setter. One that several solvers share is in use with any of them.

use std::cell::RefCell;

use super::registry;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object;
use crate::{call, callback, sys};

type Id = sys::PetscObjectId;

#[derive(PartialEq, Eq)]
struct Given {
    part: sys::PetscObject,
    part_id: Id,
    whole_id: Id,
}

thread_local! {
    /// Parts that live, with all that each of them may be a part of. Numbers of objects are not used again.
    static GIVEN: RefCell<Vec<Given>> = const { RefCell::new(Vec::new()) };
    /// References to give up when no solver runs any more.
    static WAITING: RefCell<Vec<sys::PetscObject>> = const { RefCell::new(Vec::new()) };
}

/// Forgets what was given, at the end of the part.
struct Forget(Id);

impl Drop for Forget {
    fn drop(&mut self) {
        let _ = GIVEN.try_with(|given| given.borrow_mut().retain(|g| g.part_id != self.0));
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
    let part_id = id(part)?;
    let mut wholes = vec![id(whole)?];
    for outer in registry::wholes_of(whole) {
        wholes.push(id(outer)?);
    }
    if upwards(wholes.clone()).contains(&part_id) {
        return Err(ring());
    }
    let known = GIVEN.with_borrow(|given| given.iter().any(|g| g.part_id == part_id));
    if !known {
        // SAFETY: a live object, as its handle is borrowed.
        unsafe { callback::compose(part, c"petsc-rs.given", Forget(part_id)) }?;
    }
    GIVEN.with_borrow_mut(|given| {
        for whole_id in wholes {
            let new = Given {
                part,
                part_id,
                whole_id,
            };
            if !given.contains(&new) {
                given.push(new);
            }
        }
    });
    Ok(())
}

#[cold]
fn ring() -> Error {
    let text = "the solver is a part of what it is given, and would call itself for ever";
    Error::new(ErrorCode::ARG_INCOMP, text)
}

/// The objects with these numbers, and all that they were given to, to the outermost.
fn upwards(mut found: Vec<Id>) -> Vec<Id> {
    let mut next = 0;
    while let Some(&part) = found.get(next) {
        next += 1;
        GIVEN.with_borrow(|given| {
            for g in given.iter().filter(|g| g.part_id == part) {
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
    Ok(upwards(wholes_of_what_runs()?).contains(&object))
}

/// What the objects that run are parts of, as far as their handles know, and parts that more than one has.
fn wholes_of_what_runs() -> Result<Vec<Id>> {
    let mut parts = registry::running();
    for part in GIVEN.with_borrow(|given| given.iter().map(|g| g.part).collect::<Vec<_>>()) {
        // SAFETY: a part that is in the list lives (`Forget`).
        if unsafe { registry::owners(part) }? > 1 {
            parts.push(part);
        }
    }
    let mut found = Vec::new();
    for part in parts {
        let part_id = id(part)?;
        GIVEN.with_borrow(|given| {
            let direct = given.iter().filter(|g| g.part_id == part_id);
            found.extend(direct.map(|g| g.whole_id));
        });
        for whole in registry::wholes_of(part) {
            found.push(id(whole)?);
        }
    }
    Ok(found)
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
pub(super) fn give_up() {
    while let Some(object) =
        WAITING.with_borrow_mut(|waiting| (!waiting.is_empty()).then(|| waiting.remove(0)))
    {
        // SAFETY: the reference that `put_off` took over.
        unsafe { crate::object::release(object) };
    }
}
