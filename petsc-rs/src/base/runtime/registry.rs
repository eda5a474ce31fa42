//! Live objects of this thread, and how a handle is dropped in the current state.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::mem::ManuallyDrop;
use std::panic::Location;
use std::rc::Rc;

use super::{given, queue};
use crate::error::{Error, Result};
use crate::{ffi, get, sys};

/// State of the session of this thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// No session.
    None,
    /// After `PetscInitialize` and before `PetscFinalize`.
    Running,
    /// [`run`](super::run) ended while handles were alive: PETSc is not finalized, and dropping a
    /// handle has no effect.
    Abandoned,
}

thread_local! {
    static PHASE: Cell<Phase> = const { Cell::new(Phase::None) };
    /// Number of live sessions, communicators and objects.
    static HOLDERS: Cell<usize> = const { Cell::new(0) };
    /// Number of sessions of this thread so far.
    static EPOCH: Cell<u32> = const { Cell::new(0) };
    static RANK: Cell<i32> = const { Cell::new(-1) };
    static DROP_ERROR: RefCell<Option<Error>> = const { RefCell::new(None) };
    /// Keyed by the address of the object.
    static HANDLES: RefCell<Handles> = RefCell::default();
    /// Objects whose C functions are running, the outermost first. Each is referenced during the
    /// call.
    static RUNNING: RefCell<Vec<sys::PetscObject>> = const { RefCell::new(Vec::new()) };
    static HANDLES_MADE: Cell<u64> = const { Cell::new(0) };
}

/// Number of a handle, which identifies its entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry(u64);

/// A live handle.
struct Handle {
    entry: Entry,
    site: LeakedHandle,
    /// The object of which this handle's object is a part, if the handle was obtained from it.
    whole: Option<Rc<Whole>>,
}

/// A function that returns a certain part of an object, such as its preconditioner.
pub type PartOf = unsafe fn(sys::PetscObject) -> sys::PetscObject;

/// Relation of a part to the object that contains it.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// No information.
    Plain,
    /// Function that returns the part from the object.
    Asked(PartOf),
    /// The method (type) of the object created the part, and the part calls functions of the
    /// method.
    OfMethod,
}

/// An object that lives as long as handles to its parts. Parts of solvers point back to the solver,
/// but C does not count these pointers, because this would be a cycle.
struct Whole {
    object: sys::PetscObject,
    part: Part,
    /// The objects that contain this one.
    wholes: Vec<Rc<Whole>>,
}

impl Whole {
    /// # Safety
    /// `object` is live.
    unsafe fn new(object: sys::PetscObject, part: Part, wholes: Vec<Rc<Self>>) -> Result<Rc<Self>> {
        // SAFETY: by contract.
        unsafe { crate::object::reference(object) }?;
        Ok(Rc::new(Self { object, part, wholes }))
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        // SAFETY: releases the reference of `keep`.
        unsafe { crate::object::release(self.object) };
    }
}

type Handles = HashMap<usize, Vec<Handle>, AddressHasher>;
type AddressHasher = BuildHasherDefault<AddressHash>;

/// Hashes addresses: they differ in the bits above their alignment, and are not chosen by an
/// adversary.
#[derive(Default)]
struct AddressHash(u64);

impl Hasher for AddressHash {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_usize(byte.into());
        }
    }

    fn write_usize(&mut self, address: usize) {
        // Fibonacci hashing: multiplies by the odd integer closest to 2^64 divided by the golden
        // ratio.
        self.0 = (self.0 ^ address as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(32);
    }
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

/// How a handle releases its reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropMode {
    /// PETSc is finalized, or stays initialized because of a leaked handle: do nothing.
    Skip,
    /// Destroy the object, which is collective.
    Now,
    /// Queue the object: this rank failed or is unwinding, and other ranks possibly do not drop the
    /// object.
    Later,
}

pub(super) fn start(rank: i32) {
    PHASE.set(Phase::Running);
    EPOCH.set(EPOCH.get() + 1);
    RANK.set(rank);
    queue::start();
    given::start();
    RUNNING.take();
    // Objects of an earlier session are not touched.
    for handle in HANDLES.take().into_values().flatten() {
        let _ = handle.whole.map(ManuallyDrop::new);
    }
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

/// Returns the number of this session, for data that are valid in one session only.
pub(crate) fn epoch() -> u32 {
    EPOCH.get()
}

/// Adds a holder of the session.
pub(crate) fn acquire() {
    HOLDERS.set(HOLDERS.get() + 1);
}

/// Removes a holder; the last one finalizes PETSc.
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

/// A holder of the session.
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

/// Registers an owned handle with the line that created it.
pub fn register(address: usize, class: &'static str, created: &'static Location<'static>) -> Entry {
    acquire();
    let entry = Entry(HANDLES_MADE.get());
    HANDLES_MADE.set(entry.0 + 1);
    HANDLES.with_borrow_mut(|handles| {
        handles.entry(address).or_default().push(Handle {
            entry,
            site: LeakedHandle { class, created },
            whole: None,
        });
    });
    entry
}

/// Keeps `whole` alive until `entry` is removed. `entry` is a handle to the part of `whole` at
/// `address`.
///
/// # Safety
/// `whole` is a live object, and `part` is for objects of its class.
///
/// # Errors
/// The errors of `PetscObjectReference`.
pub unsafe fn keep(
    address: usize,
    entry: Entry,
    whole: sys::PetscObject,
    part: Part,
) -> Result<()> {
    // SAFETY: a live object (by contract).
    let new = |object, part, wholes| unsafe { Whole::new(object, part, wholes) };
    // Inside a callback, the object to which the solver belongs is not known; it may belong to any
    // running object.
    let running = RUNNING.with_borrow(Vec::clone).into_iter();
    let outer = running.filter(|&object| crate::callback::is_inside() && object != whole);
    let mut behind =
        outer.map(|object| new(object, Part::Plain, Vec::new())).collect::<Result<Vec<_>>>()?;
    HANDLES.with_borrow_mut(|handles| {
        behind.extend(wholes(handles, whole).cloned());
        let whole = new(whole, part, behind)?;
        let mut parts = handles.get_mut(&address).into_iter().flatten();
        if let Some(handle) = parts.find(|h| h.entry == entry) {
            handle.whole = Some(whole);
        }
        Ok(())
    })
}

/// Makes the handle `other` keep alive the same objects as the handle `entry`. Both are handles to
/// the object at `address`.
pub fn keep_like(address: usize, entry: Entry, other: Entry) {
    HANDLES.with_borrow_mut(|handles| {
        let Some(here) = handles.get_mut(&address) else {
            return;
        };
        let kept = here.iter().find(|h| h.entry == entry);
        let whole = kept.and_then(|h| h.whole.clone());
        if let Some(handle) = here.iter_mut().find(|h| h.entry == other) {
            handle.whole = whole;
        }
    });
}

/// Returns whether a handle to the object keeps alive an object to which it belongs.
pub(crate) fn is_part(object: sys::PetscObject) -> bool {
    HANDLES.with_borrow(|handles| wholes(handles, object).next().is_some())
}

/// Records that C functions of an object are running. The caller holds a reference until [`end`].
#[inline]
pub(crate) fn begin(object: sys::PetscObject) {
    RUNNING.with_borrow_mut(|running| running.push(object));
}

/// Records that C functions of an object have returned: the one that was begun last.
#[inline]
pub(crate) fn end(object: sys::PetscObject) {
    let last = RUNNING.with_borrow_mut(|running| {
        if let Some(i) = running.iter().rposition(|&other| other == object) {
            running.remove(i);
        }
        running.is_empty()
    });
    if last {
        given::give_up();
    }
}

/// Returns the objects whose C functions are running.
pub(super) fn running() -> Vec<sys::PetscObject> {
    RUNNING.with_borrow(Vec::clone)
}

/// Returns the objects to which an object belongs, as far as its handles record it.
fn wholes(handles: &Handles, object: sys::PetscObject) -> impl Iterator<Item = &Rc<Whole>> {
    let own = handles.get(&object.addr()).into_iter().flatten();
    own.filter_map(|handle| handle.whole.as_ref())
}

/// Returns whether all references of an object belong to handles, or to an idle object that
/// contains it.
///
/// # Safety
/// `object` is live.
///
/// # Errors
/// The errors of `PetscObjectGetReference`.
pub(crate) unsafe fn is_idle(object: sys::PetscObject) -> Result<bool> {
    HANDLES.with_borrow(|handles| {
        let wholes: Vec<_> = wholes(handles, object).collect();
        // SAFETY: by contract.
        unsafe { accounted_for(handles, object, &wholes) }
    })
}

/// Like [`is_idle`], for an object that may belong to `wholes`.
///
/// # Safety
/// `object` is live.
unsafe fn accounted_for(
    handles: &Handles,
    object: sys::PetscObject,
    wholes: &[&Rc<Whole>],
) -> Result<bool> {
    // SAFETY: by contract.
    let mut owners = unsafe { others(handles, object) }?;
    for whole in wholes {
        let behind: Vec<_> = whole.wholes.iter().collect();
        // SAFETY: `whole` is kept alive, and its class is that of the function (`keep`).
        let has = |part: PartOf| unsafe { part(whole.object) } == object;
        let asked = matches!(whole.part, Part::Asked(part) if has(part));
        // SAFETY: as above.
        if asked && unsafe { accounted_for(handles, whole.object, &behind) }? {
            owners -= 1;
            break;
        }
    }
    Ok(owners <= 0)
}

/// Returns the number of references of an object that do not belong to its handles.
///
/// # Safety
/// `object` is live.
unsafe fn others(handles: &Handles, object: sys::PetscObject) -> Result<i64> {
    // SAFETY: a live object (by contract).
    let references: usize = unsafe { get!(PetscObjectGetReference(object, _)) }?;
    let own = handles.get(&object.addr()).map_or(0, Vec::len);
    let known = own + kept(handles, object) + given::waiting(object);
    Ok(i64::try_from(references)? - i64::try_from(known)?)
}

/// Returns the number of objects that contain this one, and of running calls that use it.
///
/// # Safety
/// `object` is live.
///
/// # Errors
/// The errors of `PetscObjectGetReference`.
pub(crate) unsafe fn owners(object: sys::PetscObject) -> Result<i64> {
    // SAFETY: by contract.
    HANDLES.with_borrow(|handles| unsafe { others(handles, object) })
}

/// Returns all objects to which an object belongs, directly or indirectly, as far as its handles
/// record it.
pub(super) fn wholes_of(object: sys::PetscObject) -> Vec<sys::PetscObject> {
    let mut found = Vec::new();
    HANDLES.with_borrow(|handles| {
        for whole in upwards(wholes(handles, object)) {
            if !found.contains(&whole.object) {
                found.push(whole.object);
            }
        }
    });
    found
}

/// Returns whether a handle exists to a part that the type of `object` created, or to a part of
/// such a part.
pub(crate) fn has_parts_of_method(object: sys::PetscObject) -> bool {
    HANDLES.with_borrow(|handles| {
        let wholes = handles.values().flatten().filter_map(|h| h.whole.as_ref());
        let mut found = upwards(wholes).into_iter();
        found.any(|whole| whole.object == object && matches!(whole.part, Part::OfMethod))
    })
}

/// Returns the number of references that handles to parts of `object` keep.
fn kept(handles: &Handles, object: sys::PetscObject) -> usize {
    let wholes = handles.values().flatten().filter_map(|h| h.whole.as_ref());
    let found = upwards(wholes).into_iter();
    found.filter(|whole| whole.object == object).count()
}

/// Returns these objects and all to which they belong, each once. Several parts may belong to one
/// object in several ways, so the number of paths may be exponential.
fn upwards<'a>(wholes: impl Iterator<Item = &'a Rc<Whole>>) -> Vec<&'a Whole> {
    let mut seen = HashSet::<usize, AddressHasher>::default();
    let mut found: Vec<&Whole> = Vec::new();
    let mut add = |whole: &'a Rc<Whole>, found: &mut Vec<&'a Whole>| {
        if seen.insert(Rc::as_ptr(whole).addr()) {
            found.push(whole);
        }
    };
    for whole in wholes {
        add(whole, &mut found);
    }
    let mut next = 0;
    while let Some(&whole) = found.get(next) {
        next += 1;
        for behind in &whole.wholes {
            add(behind, &mut found);
        }
    }
    found
}

/// Removes the entry of a dropped handle to the object at `address`.
pub fn unregister(address: usize, entry: Entry) {
    let gone = HANDLES.try_with(|handles| {
        let mut handles = handles.try_borrow_mut().ok()?;
        let here = handles.get_mut(&address)?;
        let gone = here.swap_remove(here.iter().position(|h| h.entry == entry)?);
        if here.is_empty() {
            handles.remove(&address);
        }
        Some(gone)
    });
    // Values freed here may own handles, so the borrow of the table has ended before.
    drop(gone);
    release();
}

/// Returns the live handles, in the order of their source lines.
pub(super) fn alive() -> Vec<LeakedHandle> {
    let mut list: Vec<_> =
        HANDLES.with_borrow(|handles| handles.values().flatten().map(|h| h.site.clone()).collect());
    list.sort_by_key(|h| (h.created.file(), h.created.line(), h.created.column()));
    list
}

/// Returns how a handle is dropped in the current state.
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

/// Stores the first error of a destructor for the end of the session.
#[inline]
pub fn record_drop(call: &'static str, code: sys::PetscErrorCode) {
    if code != 0 {
        keep_drop_error(call, code);
    }
}

#[cold]
fn keep_drop_error(call: &'static str, code: sys::PetscErrorCode) {
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
