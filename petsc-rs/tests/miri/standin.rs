//! A stand-in for PETSc: objects with a count, an array, and what is composed with them.
//!
//! As in C, an object is reached through pointers only, and no function holds a reference to one while it calls back.

use std::cell::Cell;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;

use crate::runtime::registry::{self, Phase};
use crate::sys::mpi_sys as mpi;
use crate::{Scalar, sys};

type Destroy = unsafe extern "C" fn(*mut c_void) -> sys::PetscErrorCode;
type DestroyIndirect = unsafe extern "C" fn(*mut *mut c_void) -> sys::PetscErrorCode;

pub(super) struct Fake {
    references: sys::PetscInt,
    array: Vec<Scalar>,
    composed: Vec<(CString, *mut Fake)>,
    /// Of a container.
    pointer: *mut c_void,
    direct: Option<Destroy>,
    indirect: Option<DestroyIndirect>,
    /// Another object that this one owns a reference of, and tells.
    part: *mut Fake,
}

thread_local! {
    /// Number of objects that are alive.
    static ALIVE: Cell<usize> = const { Cell::new(0) };
    /// Number of ranks that own each object.
    static RANKS: Cell<c_int> = const { Cell::new(1) };
}

/// A session of one rank on this thread, at whose end all objects must be gone.
pub(super) struct Session(());

impl Session {
    pub(super) fn start() -> Self {
        registry::start(0);
        registry::acquire();
        Self(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        registry::set_phase(Phase::None);
        registry::release();
        if !std::thread::panicking() {
            assert_eq!(ALIVE.get(), 0, "objects are alive");
            assert_eq!(registry::holders(), 0, "handles are alive");
        }
    }
}

pub(super) fn alive() -> usize {
    ALIVE.get()
}

pub(super) fn set_ranks(ranks: c_int) {
    RANKS.set(ranks);
}

/// A new object with one reference and an array.
pub(super) fn create(array: &[Scalar]) -> *mut Fake {
    ALIVE.set(ALIVE.get() + 1);
    Box::into_raw(Box::new(Fake {
        references: 1,
        array: array.to_vec(),
        composed: Vec::new(),
        pointer: ptr::null_mut(),
        direct: None,
        indirect: None,
        part: ptr::null_mut(),
    }))
}

/// `whole` takes over the caller's reference of `part`.
pub(super) fn set_part(whole: *mut Fake, part: *mut Fake) {
    // SAFETY: a live object.
    unsafe { (*whole).part = part };
}

pub(super) unsafe fn part(whole: sys::PetscObject) -> sys::PetscObject {
    // SAFETY: a live object.
    unsafe { (*whole.cast::<Fake>()).part }.cast()
}

pub(super) unsafe fn references(object: *mut Fake) -> sys::PetscInt {
    // SAFETY: a live object.
    unsafe { (*object).references }
}

unsafe fn reference(object: *mut Fake) {
    // SAFETY: a live object.
    unsafe { (*object).references += 1 };
}

/// As PETSc: the count is 0 while what the object has is destroyed.
unsafe fn dereference(object: *mut Fake) {
    // SAFETY: a live object.
    let left = unsafe {
        (*object).references -= 1;
        (*object).references
    };
    if left > 0 {
        return;
    }
    // SAFETY: the last reference is gone, the object is not.
    unsafe {
        while let Some((_, other)) = (*object).composed.pop() {
            dereference(other);
        }
        if !(*object).part.is_null() {
            dereference((*object).part);
        }
        let mut pointer = (*object).pointer;
        if let Some(destroy) = (*object).direct {
            destroy(pointer);
        }
        if let Some(destroy) = (*object).indirect {
            destroy(&raw mut pointer);
        }
        drop(Box::from_raw(object));
    }
    ALIVE.set(ALIVE.get() - 1);
}

/// Frees an object and its part, whatever their counts are.
pub(super) unsafe fn forget(object: *mut Fake) {
    // SAFETY: by contract, nobody has them any more.
    unsafe {
        if !(*object).part.is_null() {
            forget((*object).part);
        }
        drop(Box::from_raw(object));
    }
    ALIVE.set(ALIVE.get() - 1);
}

unsafe fn destroy(object: *mut *mut Fake) -> sys::PetscErrorCode {
    // SAFETY: a valid pointer to a live object or to NULL.
    unsafe {
        if !(*object).is_null() {
            dereference(*object);
        }
        *object = ptr::null_mut();
    }
    sys::error_code(0)
}

/// Functions of PETSc, which return 0 after their body.
macro_rules! petsc {
    ($(fn $name:ident($($arg:ident: $ty:ty),*) $body:block)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $name($($arg: $ty),*) -> sys::PetscErrorCode {
            // SAFETY: petsc-rs passes live objects and valid pointers, which is what these tests are about.
            unsafe { $body }
            sys::error_code(0)
        }
    )*};
}

petsc! {
    fn PetscObjectReference(object: sys::PetscObject) {
        reference(object.cast());
    }
    fn PetscObjectDereference(object: sys::PetscObject) {
        dereference(object.cast());
    }
    fn PetscObjectGetReference(object: sys::PetscObject, count: *mut sys::PetscInt) {
        *count = references(object.cast());
    }
    fn PetscObjectDestroy(object: *mut sys::PetscObject) {
        destroy(object.cast());
    }
    fn VecDestroy(object: *mut sys::Vec) {
        destroy(object.cast());
    }
    fn PetscContainerDestroy(object: *mut sys::PetscContainer) {
        destroy(object.cast());
    }
    fn PetscObjectGetId(object: sys::PetscObject, id: *mut sys::PetscObjectId) {
        *id = object.addr() as sys::PetscObjectId;
    }
    fn PetscObjectCompose(object: sys::PetscObject, name: *const c_char, other: sys::PetscObject) {
        let (object, other) = (object.cast::<Fake>(), other.cast::<Fake>());
        let name = CStr::from_ptr(name);
        if !other.is_null() {
            reference(other);
        }
        let composed = &mut (*object).composed;
        let before = composed.iter().position(|(known, _)| &**known == name);
        let before = before.map(|i| composed.swap_remove(i).1);
        if !other.is_null() {
            composed.push((name.to_owned(), other));
        }
        if let Some(before) = before {
            dereference(before);
        }
    }
    fn PetscObjectQuery(object: sys::PetscObject, name: *const c_char, found: *mut sys::PetscObject) {
        let name = CStr::from_ptr(name);
        let composed = &(*object.cast::<Fake>()).composed;
        let other = composed.iter().find(|(known, _)| &**known == name);
        *found = other.map_or(ptr::null_mut(), |(_, other)| other.cast());
    }
    fn PetscContainerCreate(_comm: mpi::MPI_Comm, container: *mut sys::PetscContainer) {
        *container = create(&[]).cast();
    }
    fn PetscContainerSetPointer(container: sys::PetscContainer, pointer: *mut c_void) {
        (*container.cast::<Fake>()).pointer = pointer;
    }
    fn PetscRsContainerGetPointer(container: sys::PetscObject, pointer: *mut *mut c_void) {
        *pointer = (*container.cast::<Fake>()).pointer;
    }
    fn PetscContainerSetUserDestroy(container: sys::PetscContainer, destroy: Option<Destroy>) {
        (*container.cast::<Fake>()).direct = destroy;
    }
    fn PetscContainerSetCtxDestroy(container: sys::PetscContainer, destroy: Option<DestroyIndirect>) {
        (*container.cast::<Fake>()).indirect = destroy;
    }
    fn VecGetType(_vector: sys::Vec, name: *mut *const c_char) {
        *name = c"seq".as_ptr();
    }
    fn VecGetLocalSize(vector: sys::Vec, size: *mut sys::PetscInt) {
        *size = (*vector.cast::<Fake>()).array.len() as sys::PetscInt;
    }
    fn VecGetArrayRead(vector: sys::Vec, data: *mut *const Scalar) {
        *data = array(vector);
    }
    fn VecGetArray(vector: sys::Vec, data: *mut *mut Scalar) {
        *data = array(vector);
    }
    fn VecRestoreArrayRead(_vector: sys::Vec, data: *mut *const Scalar) {
        *data = ptr::null();
    }
    fn VecRestoreArray(_vector: sys::Vec, data: *mut *mut Scalar) {
        *data = ptr::null_mut();
    }
    fn PetscRsVecSet(vector: sys::Vec, value: *const Scalar) {
        let (data, len) = (array(vector), (*vector.cast::<Fake>()).array.len());
        for i in 0..len {
            data.add(i).write(*value);
        }
    }
}

/// Functions of the shim, which return 1 where they did it.
macro_rules! shim {
    ($(fn $name:ident($($arg:ident: $ty:ty),*) $body:block)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $name($($arg: $ty),*) -> c_int {
            // SAFETY: as for those of PETSc.
            let done: bool = unsafe { $body };
            c_int::from(done)
        }
    )*};
}

shim! {
    fn PetscRsReference(object: sys::PetscObject) {
        let alive = references(object.cast()) > 0;
        if alive {
            reference(object.cast());
        }
        alive
    }
    fn PetscRsRelease(object: sys::PetscObject) {
        let others = references(object.cast()) > 1;
        if others {
            dereference(object.cast());
        }
        others
    }
    fn PetscRsVecLend(vector: sys::Vec, _write: c_int, size: *mut sys::PetscInt, data: *mut *mut Scalar) {
        reference(vector.cast());
        *size = (*vector.cast::<Fake>()).array.len() as sys::PetscInt;
        *data = array(vector);
        true
    }
    fn PetscRsVecTakeBack(vector: sys::Vec, _write: c_int) {
        let others = references(vector.cast()) > 1;
        if others {
            dereference(vector.cast());
        }
        others
    }
}

#[unsafe(no_mangle)]
extern "C" fn PetscRsTypeLetter(_object: sys::PetscObject) -> c_int {
    c_int::from(b's')
}

/// NULL where there are no entries, as in PETSc.
unsafe fn array(vector: sys::Vec) -> *mut Scalar {
    // SAFETY: a live vector. No reference to its entries is made: others may have pointers to them.
    let array = unsafe { &raw mut (*vector.cast::<Fake>()).array };
    // SAFETY: as above; the pointer of a `Vec` claims no entry.
    unsafe { if (*array).is_empty() { ptr::null_mut() } else { (*array).as_mut_ptr() } }
}

#[unsafe(no_mangle)]
extern "C" fn PetscRsCommSelf() -> mpi::MPI_Comm {
    // SAFETY: an integer or a pointer.
    unsafe { std::mem::zeroed() }
}

#[unsafe(no_mangle)]
extern "C" fn PetscObjectComm(_object: sys::PetscObject) -> mpi::MPI_Comm {
    PetscRsCommSelf()
}

#[unsafe(no_mangle)]
extern "C" fn PetscRsError(
    _function: *const c_char,
    _file: *const c_char,
    code: c_int,
    _text: *const c_char,
) -> sys::PetscErrorCode {
    sys::error_code(code)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn MPI_Finalized(flag: *mut c_int) -> c_int {
    // SAFETY: a valid out-pointer.
    unsafe { *flag = 0 };
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn MPI_Comm_size(_comm: mpi::MPI_Comm, size: *mut c_int) -> c_int {
    // SAFETY: a valid out-pointer.
    unsafe { *size = RANKS.get() };
    0
}
