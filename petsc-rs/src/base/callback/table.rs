//! Closures that C identifies by a number.
//!
//! PETSc stores some contexts without ever freeing them, copies them to coarser DMs and inner
//! solvers, and wraps them again when a nonlinear preconditioner is set up. For such contexts, C
//! receives a unique number instead of a pointer. A call with this number, or a copy of it, runs
//! the closure while an owner of the closure is alive; afterwards, such a call returns an error.

use std::any::TypeId;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::c_void;
use std::marker::PhantomData;
use std::ptr;

use super::Context;
use crate::error::{Error, ErrorCode, Result};

/// A closure in the table.
struct Entry {
    /// A context of [`Context`].
    ctx: *mut c_void,
    free: unsafe fn(*mut c_void),
    /// The type of the closure, without lifetimes.
    id: TypeId,
}

thread_local! {
    static CLOSURES: RefCell<HashMap<usize, Entry>> = RefCell::default();
    static NEXT: Cell<usize> = const { Cell::new(1) };
}

/// The entry of a closure in the table. Dropping the entry removes the closure; a closure that is
/// running lives until it returns.
#[derive(Debug)]
pub struct Key(usize);

impl Key {
    /// Adds a closure.
    #[must_use]
    pub fn new<F>(f: F) -> Self {
        // SAFETY: just created, and passed on here.
        unsafe { Self::from_context::<F>(Context::into_raw(f)) }
    }

    /// Adds a closure of a [`Scope`](super::Scope), which may borrow local variables.
    ///
    /// # Safety
    /// `ctx` is a context of `F`; the table takes over its reference.
    #[must_use]
    pub unsafe fn from_context<F>(ctx: *mut c_void) -> Self {
        let key = NEXT.get();
        NEXT.set(key + 1);
        let entry = Entry { ctx, free: Context::<F>::free, id: typeid::of::<F>() };
        CLOSURES.with_borrow_mut(|all| all.insert(key, entry));
        Self(key)
    }

    /// Returns the context for C.
    #[must_use]
    pub fn as_ctx(&self) -> *mut c_void {
        ptr::without_provenance_mut(self.0)
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        let entry =
            CLOSURES.try_with(|all| all.try_borrow_mut().map(|mut all| all.remove(&self.0)));
        // After the borrow of the table: captured variables of the closure may own closures.
        if let Ok(Ok(Some(Entry { ctx, free, .. }))) = entry {
            // SAFETY: `free` belongs to `ctx`, whose reference the entry owned.
            unsafe { free(ctx) };
        }
    }
}

/// Like [`Context`], but C receives a number of the table instead of a pointer. The type of the
/// closure is compared: PETSc can combine a function with the context of another one, for example if
/// a callback replaces the functions of a DM.
#[derive(Debug)]
pub struct Keyed<F>(PhantomData<F>);

impl<F> Keyed<F> {
    /// Runs `body` with the closure.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the closure was removed or is already running, has another type, or if
    /// its scope has ended; the errors of `body`.
    ///
    /// # Safety
    /// If `ctx` is the number of a closure of type `F`, its lifetimes are those of `F`.
    #[inline]
    pub unsafe fn with<T>(ctx: *mut c_void, body: impl FnOnce(&mut F) -> Result<T>) -> Result<T> {
        let found = CLOSURES.with_borrow(|all| all.get(&ctx.addr()).map(|e| (e.ctx, e.id)));
        let Some((found, id)) = found else {
            return Err(Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "PETSc called a closure that was replaced, or whose solver and DM were destroyed",
            ));
        };
        if id != typeid::of::<F>() {
            return Err(Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "PETSc called a closure of another type: the functions of the DM were replaced during an evaluation",
            ));
        }
        // SAFETY: a context of `F` (above, and by contract), live because it is in the table.
        unsafe { Context::<F>::with(found, body) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closure_is_not_called_as_one_of_another_type() {
        struct Name(#[allow(dead_code)] String);
        let key = Key::new(1_u8);
        // SAFETY: these types have no lifetimes.
        let other = unsafe { Keyed::<Name>::with(key.as_ctx(), |_| Ok(())) };
        assert_eq!(other.unwrap_err().code(), ErrorCode::ARG_WRONGSTATE);
        // SAFETY: as above.
        let same = unsafe { Keyed::<u8>::with(key.as_ctx(), |one| Ok(*one)) };
        assert_eq!(same.unwrap(), 1);
    }
}
