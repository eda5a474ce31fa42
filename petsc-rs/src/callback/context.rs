//! The closure behind a `void *`: who owns it, who frees it, and what remains after a scope.
//!
//! | API | who frees | destructor |
//! |---|---|---|
//! | `KSPMonitorSet`, `SNESMonitorSet`, `TSMonitorSet`, … | the solver | `void **` ([`Context::drop_indirect`]) |
//! | `KSPSetConvergenceTest` | the solver | `void *` before 3.24, then `void **` ([`Context::convergence_drop`]) |
//! | `KSPSetComputeOperators`, `KSPSetComputeRHS`, `MatShell`, `PCShell`, `Tao…` | a `PetscContainer` composed with the object | [`compose`] |
//! | `DMSNESSetFunctionContextDestroy`, `DMTSSetRHSFunctionContextDestroy`, … | the DM | `void *` before 3.23, then `void **` (`context_drop!`) |
//! | `PetscContainerSetUserDestroy` / `PetscContainerSetCtxDestroy` | the container | the same |

use std::cell::RefCell;
use std::ffi::{CStr, c_void};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::rc::Rc;

use super::guard::{Inside, discard};
use crate::error::{Error, ErrorCode, Result};
use crate::{call, sys};

/// The destructor of a context in the form that containers, and the `…ContextDestroy` functions of a DM
/// (which keep contexts in containers), want: `f(void *)` before 3.23, then `f(void **)`.
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

/// A counted slot for a closure, which C knows as `void *`.
///
/// A call takes a count of its own first, so a closure that replaces itself stays alive until it
/// returns. The slot of a scoped closure is emptied when the scope ends, because PETSc cannot unset
/// a function: a late call gets an error instead of a dangling borrow.
#[derive(Debug)]
pub struct Context<F>(PhantomData<F>);

type Slot<F> = RefCell<Option<F>>;

impl<F> Context<F> {
    /// Gives the closure to C. From here, only a destructor of this type frees it.
    #[must_use]
    pub fn into_raw(closure: F) -> *mut c_void {
        Rc::into_raw(Rc::new(RefCell::new(Some(closure))))
            .cast_mut()
            .cast()
    }

    fn slot_into_raw(slot: &Rc<Slot<F>>) -> *mut c_void {
        Rc::into_raw(Rc::clone(slot)).cast_mut().cast()
    }

    /// Runs `body` with the closure.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the closure is running already or its scope has ended; else what `body`
    /// returns.
    ///
    /// # Safety
    /// `ctx` is from [`into_raw`](Self::into_raw) of the same `F`, or of a scope, and not freed.
    #[inline]
    pub unsafe fn with<T>(ctx: *mut c_void, body: impl FnOnce(&mut F) -> Result<T>) -> Result<T> {
        let slot: *const Slot<F> = ctx.cast_const().cast();
        // SAFETY: `slot` is a live `Rc` by contract; the count taken here is given back by `slot`.
        unsafe { Rc::increment_strong_count(slot) };
        // SAFETY: the count of the line above.
        let slot = unsafe { Rc::from_raw(slot) };
        let mut closure = slot.try_borrow_mut().map_err(|_| {
            Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "a callback was entered again while it runs",
            )
        })?;
        match closure.as_mut() {
            Some(closure) => body(closure),
            None => Err(Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "PETSc called a closure whose scope has ended",
            )),
        }
    }

    /// Gives back C's count.
    ///
    /// # Safety
    /// `ctx` is from [`into_raw`](Self::into_raw) of the same `F`; C does not use it any more.
    pub unsafe fn free(ctx: *mut c_void) {
        if ctx.is_null() {
            return;
        }
        let slot: *const Slot<F> = ctx.cast_const().cast();
        // SAFETY: by contract this is the count that `into_raw` gave away.
        let slot = unsafe { Rc::from_raw(slot) };
        let _inside = Inside::enter();
        // The destructor of a capture may panic, and must not do so through C.
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(slot))) {
            discard(payload);
        }
    }

    /// A destructor of the form `f(void **)`. From 3.26 on the header declares the argument as
    /// `void *`, with the same meaning: hence the free type of what it points to.
    ///
    /// # Safety
    /// `ctx` points to a pointer from [`into_raw`](Self::into_raw).
    pub unsafe extern "C" fn drop_indirect<P>(ctx: *mut P) -> sys::PetscErrorCode {
        let ctx: *mut *mut c_void = ctx.cast();
        // SAFETY: a valid pointer by contract.
        let inner = unsafe { ptr::replace(ctx, ptr::null_mut()) };
        // SAFETY: by contract; PETSc calls a destructor once.
        unsafe { Self::free(inner) };
        sys::error_code(0)
    }

    /// A destructor of the form `f(void *)`.
    ///
    /// # Safety
    /// `ctx` is from [`into_raw`](Self::into_raw).
    pub unsafe extern "C" fn drop_direct(ctx: *mut c_void) -> sys::PetscErrorCode {
        // SAFETY: by contract; PETSc calls a destructor once.
        unsafe { Self::free(ctx) };
        sys::error_code(0)
    }
}

/// What [`Context`] is for one closure, for a counted struct with all closures of an object, of which one may call
/// the solver and with it another.
#[derive(Debug)]
pub struct Shared<T>(PhantomData<T>);

impl<T> Shared<Rc<T>> {
    /// Runs `body` with the struct, which is not borrowed meanwhile.
    ///
    /// # Errors
    /// The errors of [`Context::with`].
    ///
    /// # Safety
    /// `ctx` is from [`Context::into_raw`] of an `Rc<T>`, and not freed.
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

/// Composes a closure with an object under a name: the closure lives as long as the object, or until
/// another one is composed under the same name. For the APIs of PETSc that have no destructor.
///
/// Returns the pointer for C. If this fails, the closure is leaked, because PETSc may hold it.
///
/// # Errors
/// The errors of `PetscContainerCreate` and `PetscObjectCompose`.
///
/// # Safety
/// `object` is a live object.
pub unsafe fn compose<F>(object: sys::PetscObject, name: &CStr, closure: F) -> Result<*mut c_void> {
    let ctx = Context::into_raw(closure);
    // SAFETY: a live object by contract; the context was just made.
    unsafe { hold::<F>(object, name, ctx) }?;
    Ok(ctx)
}

/// Hands a closure over to C by `give`, and composes it with an object under a name: a closure which this replaces is
/// freed only when C does not have it any more. If `give` fails, the closure is leaked: PETSc may have stored the pointer.
///
/// # Errors
/// Those of `give`; the errors of [`compose`].
///
/// # Safety
/// `object` is a live object; where `give` succeeds, C has the new context in the place of the one before.
pub unsafe fn hand_over<F>(
    object: sys::PetscObject,
    name: &CStr,
    closure: F,
    give: impl FnOnce(*mut c_void) -> Result<()>,
) -> Result<()> {
    let ctx = Context::into_raw(closure);
    give(ctx)?;
    // SAFETY: a live object by contract; the context was just made.
    unsafe { hold::<F>(object, name, ctx) }
}

/// As [`compose`] for a context that C was given already.
///
/// # Errors
/// The errors of [`compose`].
///
/// # Safety
/// `object` is a live object, `ctx` a context of `F`, whose count the object takes over.
pub(crate) unsafe fn hold<F>(
    object: sys::PetscObject,
    name: &CStr,
    ctx: *mut c_void,
) -> Result<()> {
    // SAFETY: by contract.
    let mut container = unsafe { counted::<F>(ctx) }?;
    // SAFETY: live objects; PETSc copies the name and counts the container.
    unsafe { call!(PetscObjectCompose(object, name.as_ptr(), container.cast())) }?;
    // SAFETY: gives up the reference of the line that created it; `object` holds its own.
    unsafe { call!(PetscContainerDestroy(&raw mut container)) }
}

/// An object of PETSc that frees a context when its last reference goes, the caller's among them.
///
/// # Errors
/// The errors of `PetscContainerCreate`.
///
/// # Safety
/// `ctx` is a context of `F`, whose count the container takes over.
pub(crate) unsafe fn counted<F>(ctx: *mut c_void) -> Result<sys::PetscContainer> {
    let mut container = ptr::null_mut();
    // SAFETY: a constant of the MPI library: a local container, so that its end never communicates.
    let comm = unsafe { sys::PetscRsCommSelf() };
    // SAFETY: a live communicator and a valid out-pointer.
    unsafe { call!(PetscContainerCreate(comm, &raw mut container)) }?;
    // SAFETY: the container was just created.
    unsafe { call!(PetscContainerSetPointer(container, ctx)) }?;
    #[cfg(petsc_ge_3_23)]
    // SAFETY: `ctx` is what this destructor expects, in the form that this release calls.
    unsafe { call!(PetscContainerSetCtxDestroy(container, context_drop!(F))) }?;
    #[cfg(not(petsc_ge_3_23))]
    // SAFETY: as above.
    unsafe { call!(PetscContainerSetUserDestroy(container, context_drop!(F))) }?;
    Ok(container)
}

/// The closures of one scope: emptied on every way out.
///
/// Used by the `scope` methods of solvers. The closures may borrow from outside (`'env`); when this
/// is dropped, their slots are empty, whatever PETSc still points to.
#[derive(Debug, Default)]
pub struct Scope<'env> {
    slots: RefCell<Vec<Rc<dyn Empty + 'env>>>,
    // Invariant, so that nobody can shorten `'env` and slip in a shorter borrow.
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
            // A scope ends after the solve it surrounds has returned, so no closure can be running.
            // If one were, going on would leave it with dangling borrows.
            Err(_) => std::process::abort(),
        }
    }
}

impl<'env> Scope<'env> {
    /// Registers a closure and returns the pointer for C, with the count that C owns.
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
        // Each is emptied, also where the destructor of a capture panics: C must find no closure of this scope.
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

    /// What its panic carries panics as well when it goes.
    struct Louder;

    impl Drop for Louder {
        fn drop(&mut self) {
            std::panic::resume_unwind(Box::new(Loud));
        }
    }

    #[test]
    fn the_payload_of_a_panicking_capture_may_panic() {
        let ctx = Context::into_raw(Louder);
        // SAFETY: gives back the count of C. The function is of C's kind, through which no panic may go.
        let code = unsafe { Context::<Louder>::drop_direct(ctx) };
        assert_eq!(code, sys::error_code(0));
        for closures in [1, 3] {
            let scope = Scope::default();
            let of_c: Vec<_> = (0..closures).map(|_| scope.add(Louder)).collect();
            let payload = catch_unwind(AssertUnwindSafe(|| drop(scope))).unwrap_err();
            assert!(payload.is::<Loud>());
            super::discard(payload);
            for ctx in of_c {
                // SAFETY: gives back the count of C.
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
        // SAFETY: gives back the counts of C.
        unsafe { Context::<Loud>::free(loud) };
        // SAFETY: as above.
        unsafe { Context::<i32>::free(other) };
    }
}
