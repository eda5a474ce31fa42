//! Closures that C stores as `void *`: their owners, their destructors, and their state after the
//! end of a scope.
//!
//! | API | owner | destructor |
//! |---|---|---|
//! | `KSPMonitorSet`, `SNESMonitorSet`, `TSMonitorSet`, … | the solver | `void **` ([`Context::drop_indirect`]) |
//! | `KSPSetConvergenceTest` | the solver | `void *` before 3.24, then `void **` ([`Context::convergence_drop`]) |
//! | `KSPSetComputeOperators`, `KSPSetComputeRHS`, `MatShell`, `PCShell`, `Tao…` | a `PetscContainer` composed with the object | [`compose`] |
//! | `DMSNESSetFunctionContextDestroy`, `DMTSSetRHSFunctionContextDestroy`, … | the DM | `void *` before 3.23, then `void **` (`context_drop!`) |
//! | `PetscContainerSetUserDestroy` / `PetscContainerSetCtxDestroy` | the container | as for a DM |

use std::cell::RefCell;
use std::ffi::{CStr, c_void};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::rc::Rc;

use super::guard::{Inside, discard};
use crate::error::{Error, ErrorCode, Result};
use crate::{call, get, sys};

/// The destructor of a context with the signature required by containers, and by the
/// `…ContextDestroy` functions of a DM (which store contexts in containers): `f(void *)` before
/// 3.23, then `f(void **)`.
#[cfg(petsc_ge_3_23)]
macro_rules! context_drop {
    ($closure:ty) => {
        Some($crate::callback::Context::<$closure>::drop_indirect as _)
    };
}
#[cfg(not(petsc_ge_3_23))]
macro_rules! context_drop {
    ($closure:ty) => {
        Some($crate::callback::Context::<$closure>::drop_direct as _)
    };
}

pub(crate) use context_drop;

/// A reference-counted slot for a closure. C stores the pointer to the slot as `void *`.
///
/// A call first takes a reference, so that a closure that replaces itself lives until it returns.
/// PETSc cannot unset a function. Therefore, a scope that ends empties the slots of its closures,
/// so that a later call returns an error instead of using a dangling reference.
#[derive(Debug)]
pub struct Context<F>(PhantomData<F>);

type Slot<F> = RefCell<Option<F>>;

impl<F> Context<F> {
    /// Passes ownership of the closure to C. Afterwards, only a destructor of this type frees it.
    #[must_use]
    pub fn into_raw(closure: F) -> *mut c_void {
        Rc::into_raw(Rc::new(RefCell::new(Some(closure)))).cast_mut().cast()
    }

    fn slot_into_raw(slot: &Rc<Slot<F>>) -> *mut c_void {
        Rc::into_raw(Rc::clone(slot)).cast_mut().cast()
    }

    /// Runs `body` with the closure.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the closure is already running or its scope has ended; the errors of
    /// `body`.
    ///
    /// # Safety
    /// `ctx` comes from [`into_raw`](Self::into_raw) with the same `F`, or from a scope, and has
    /// not been freed.
    #[inline]
    pub unsafe fn with<T>(ctx: *mut c_void, body: impl FnOnce(&mut F) -> Result<T>) -> Result<T> {
        let slot: *const Slot<F> = ctx.cast_const().cast();
        // SAFETY: `slot` is a live `Rc` by contract; the reference taken here is released by
        // `slot`.
        unsafe { Rc::increment_strong_count(slot) };
        // SAFETY: the reference of the previous line.
        let slot = unsafe { Rc::from_raw(slot) };
        let mut closure = slot.try_borrow_mut().map_err(running)?;
        match closure.as_mut() {
            Some(closure) => body(closure),
            None => Err(Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "PETSc called a closure whose scope has ended",
            )),
        }
    }

    /// Releases the reference of C.
    ///
    /// # Safety
    /// `ctx` comes from [`into_raw`](Self::into_raw) with the same `F`, and C no longer uses it.
    pub unsafe fn free(ctx: *mut c_void) {
        if ctx.is_null() {
            return;
        }
        let slot: *const Slot<F> = ctx.cast_const().cast();
        // SAFETY: by contract this is the reference that `into_raw` created.
        let slot = unsafe { Rc::from_raw(slot) };
        let _inside = Inside::enter();
        // The destructor of a captured variable may panic; the panic must not propagate through C.
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(slot))) {
            discard(payload);
        }
    }

    /// A destructor with the signature `f(void **)`. Since 3.26 the header declares the argument as
    /// `void *`, with the same meaning; the pointer type of the argument is therefore generic.
    ///
    /// # Safety
    /// `ctx` points to a pointer that comes from [`into_raw`](Self::into_raw).
    pub unsafe extern "C" fn drop_indirect<P>(ctx: *mut P) -> sys::PetscErrorCode {
        let ctx: *mut *mut c_void = ctx.cast();
        // SAFETY: a valid pointer by contract.
        let inner = unsafe { ptr::replace(ctx, ptr::null_mut()) };
        // SAFETY: by contract; PETSc calls a destructor once.
        unsafe { Self::free(inner) };
        sys::error_code(0)
    }

    /// A destructor with the signature `f(void *)`.
    ///
    /// # Safety
    /// `ctx` is from [`into_raw`](Self::into_raw).
    pub unsafe extern "C" fn drop_direct(ctx: *mut c_void) -> sys::PetscErrorCode {
        // SAFETY: by contract; PETSc calls a destructor once.
        unsafe { Self::free(ctx) };
        sys::error_code(0)
    }
}

/// Returns the error of a closure that is called while it is running.
pub(super) fn running<E>(_: E) -> Error {
    let text = "a callback was called again while it is running";
    Error::new(ErrorCode::ARG_WRONGSTATE, text)
}

/// Like [`Context`], for a reference-counted struct that contains all closures of an object. The
/// struct is not borrowed during a call: a closure may call the solver, which may then call another
/// closure of the struct.
#[derive(Debug)]
pub struct Shared<T>(PhantomData<T>);

impl<T> Shared<Rc<T>> {
    /// Runs `body` with the struct, which is not borrowed during the call.
    ///
    /// # Errors
    /// The errors of [`Context::with`].
    ///
    /// # Safety
    /// `ctx` comes from [`Context::into_raw`] with an `Rc<T>`, and has not been freed.
    #[inline]
    pub unsafe fn with<R>(
        ctx: *mut c_void,
        body: impl FnOnce(&mut Rc<T>) -> Result<R>,
    ) -> Result<R> {
        // SAFETY: by contract.
        let mut all = unsafe { Context::<Rc<T>>::with(ctx, |all| Ok(Rc::clone(all))) }?;
        body(&mut all)
    }
}

/// Composes a closure with an object under a name. The closure lives as long as the object, or
/// until another closure is composed under the same name. For functions of PETSc that take no
/// destructor.
///
/// Returns the pointer for C. If the function fails, the closure is leaked, because PETSc may have
/// stored the pointer.
///
/// # Errors
/// The errors of `PetscContainerCreate` and `PetscObjectCompose`.
///
/// # Safety
/// `object` is a live object.
pub unsafe fn compose<F>(object: sys::PetscObject, name: &CStr, closure: F) -> Result<*mut c_void> {
    let ctx = Context::into_raw(closure);
    // SAFETY: a live object by contract; the context was just created.
    unsafe { hold::<F>(object, name, ctx) }?;
    Ok(ctx)
}

/// Passes a closure to C with `give`, and composes it with an object under a name. The previous
/// closure is freed only after C has replaced it. If `give` fails, the closure is leaked, because
/// PETSc may have stored the pointer.
///
/// # Errors
/// The errors of `give` and of [`compose`].
///
/// # Safety
/// `object` is a live object; if `give` succeeds, C has replaced the previous context with the new
/// one.
pub unsafe fn hand_over<F>(
    object: sys::PetscObject,
    name: &CStr,
    closure: F,
    give: impl FnOnce(*mut c_void) -> Result<()>,
) -> Result<()> {
    let ctx = Context::into_raw(closure);
    give(ctx)?;
    // SAFETY: a live object by contract; the context was just created.
    unsafe { hold::<F>(object, name, ctx) }
}

/// Like [`compose`], for a context that was already passed to C.
///
/// # Errors
/// The errors of [`compose`].
///
/// # Safety
/// `object` is a live object. `ctx` is a context of `F`; the object takes over its reference.
pub(crate) unsafe fn hold<F>(
    object: sys::PetscObject,
    name: &CStr,
    ctx: *mut c_void,
) -> Result<()> {
    // SAFETY: by contract.
    let mut container = unsafe { counted::<F>(ctx) }?;
    // SAFETY: live objects; PETSc copies the name and references the container.
    unsafe { call!(PetscObjectCompose(object, name.as_ptr(), container.cast())) }?;
    // SAFETY: releases the reference of the line that created it; `object` holds another one.
    unsafe { call!(PetscContainerDestroy(&raw mut container)) }
}

/// Creates an object of PETSc that frees a context when its last reference is released. The caller
/// holds one reference.
///
/// # Errors
/// The errors of `PetscContainerCreate`.
///
/// # Safety
/// `ctx` is a context of `F`; the container takes over its reference.
pub(crate) unsafe fn counted<F>(ctx: *mut c_void) -> Result<sys::PetscContainer> {
    // SAFETY: a constant of the MPI library: a container on one process, so that its destruction
    // never communicates.
    let comm = unsafe { sys::PetscRsCommSelf() };
    // SAFETY: a live communicator.
    let container = unsafe { get!(PetscContainerCreate(comm, _)) }?;
    // SAFETY: the container was just created.
    unsafe { call!(PetscContainerSetPointer(container, ctx)) }?;
    #[cfg(petsc_ge_3_23)]
    // SAFETY: `ctx` has the type that this destructor expects, with the signature of this release.
    unsafe { call!(PetscContainerSetCtxDestroy(container, context_drop!(F))) }?;
    #[cfg(not(petsc_ge_3_23))]
    // SAFETY: as above.
    unsafe { call!(PetscContainerSetUserDestroy(container, context_drop!(F))) }?;
    Ok(container)
}

/// The closures of one scope. They are removed when the scope is dropped.
///
/// Used by the `scope` methods of solvers. The closures may borrow local variables (`'env`).
/// Dropping the scope empties the slots of the closures, even if PETSc still stores pointers to the
/// slots.
#[derive(Debug, Default)]
pub struct Scope<'env> {
    slots: RefCell<Vec<Rc<dyn Empty + 'env>>>,
    // Invariant, so that `'env` cannot be shortened to accept a shorter borrow.
    _env: PhantomData<*mut &'env ()>,
}

trait Empty: std::fmt::Debug {
    fn empty(&self);
}

struct ScopedSlot<F>(Rc<Slot<F>>);

impl<F> std::fmt::Debug for ScopedSlot<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ScopedSlot")
    }
}

impl<F> Empty for ScopedSlot<F> {
    fn empty(&self) {
        match self.0.try_borrow_mut() {
            Ok(mut slot) => drop(slot.take()),
            // A scope ends after the solve inside it has returned, so no closure is running. If one
            // were, it would continue with dangling references.
            Err(_) => std::process::abort(),
        }
    }
}

impl<'env> Scope<'env> {
    /// Registers a closure and returns the pointer for C, with the reference that C owns.
    #[must_use]
    pub fn add<F: 'env>(&self, closure: F) -> *mut c_void {
        let slot = Rc::new(RefCell::new(Some(closure)));
        let raw = Context::slot_into_raw(&slot);
        self.slots.borrow_mut().push(Rc::new(ScopedSlot(slot)));
        raw
    }
}

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        // Every slot is emptied, even if the destructor of a captured variable panics: C must find
        // no closure of this scope.
        let mut panicked = None;
        for slot in self.slots.get_mut().drain(..) {
            let empty = AssertUnwindSafe(|| slot.empty());
            if let Some(earlier) = catch_unwind(empty).err().and_then(|p| panicked.replace(p)) {
                discard(earlier);
            }
        }
        match panicked {
            Some(payload) if !std::thread::panicking() => std::panic::resume_unwind(payload),
            Some(payload) => discard(payload),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Context, Scope};
    use std::panic::{AssertUnwindSafe, catch_unwind};

    struct Loud;

    /// A panic payload whose destructor panics as well.
    struct Louder;

    impl Drop for Louder {
        fn drop(&mut self) {
            std::panic::resume_unwind(Box::new(Loud));
        }
    }

    #[test]
    fn the_payload_of_a_panicking_capture_may_panic() {
        let ctx = Context::into_raw(Louder);
        // SAFETY: releases the reference of C. A panic must not propagate through this C function.
        let code = unsafe { Context::<Louder>::drop_direct(ctx) };
        assert_eq!(code, sys::error_code(0));
        for closures in [1, 3] {
            let scope = Scope::default();
            let of_c: Vec<_> = (0..closures).map(|_| scope.add(Louder)).collect();
            let payload = catch_unwind(AssertUnwindSafe(|| drop(scope))).unwrap_err();
            assert!(payload.is::<Loud>());
            super::discard(payload);
            for ctx in of_c {
                // SAFETY: releases the reference of C.
                unsafe { Context::<Louder>::free(ctx) };
            }
        }
    }

    impl Drop for Loud {
        fn drop(&mut self) {
            std::panic::resume_unwind(Box::new("the destructor of a capture"));
        }
    }

    #[test]
    fn a_scope_empties_all_its_closures_where_one_panics() {
        let scope = Scope::default();
        let (loud, other) = (scope.add(Loud), scope.add(5));
        // SAFETY: the context of the line above, which C would hold.
        assert!(unsafe { Context::<i32>::with(other, |n| Ok(*n == 5)) }.unwrap());
        assert!(catch_unwind(AssertUnwindSafe(|| drop(scope))).is_err());
        // SAFETY: as above; the count of C is not given back yet.
        assert!(unsafe { Context::<i32>::with(other, |_| Ok(())) }.is_err());
        // SAFETY: releases the references of C.
        unsafe { Context::<Loud>::free(loud) };
        // SAFETY: as above.
        unsafe { Context::<i32>::free(other) };
    }
}
