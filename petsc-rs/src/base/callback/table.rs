//! Closures that C knows by a number.
//!
//! PETSc keeps some contexts where nobody frees them, copies them to coarser grids and inner solvers, and wraps
//! them anew when a nonlinear preconditioner is set up. What C is given there is therefore not a pointer but a
//! number, never used twice, under which the closure is found as long as one of its holders lives. A copy that
//! outlives them gets an error.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::c_void;
use std::marker::PhantomData;
use std::ptr;

use super::Context;
use crate::error::{Error, ErrorCode, Result};

/// A context of [`Context`] and what frees it.
type Entry = (*mut c_void, unsafe fn(*mut c_void));

thread_local! {
    static CLOSURES: RefCell<HashMap<usize, Entry>> = RefCell::default();
    static NEXT: Cell<usize> = const { Cell::new(1) };
}

/// The place of a closure in the table; dropping it removes the closure, which goes on living only while it runs.
#[derive(Debug)]
pub struct Key(usize);

impl Key {
    /// Enters a closure.
    #[must_use]
    pub fn new<F>(f: F) -> Self {
        // SAFETY: just made, and given away here.
        unsafe { Self::from_context::<F>(Context::into_raw(f)) }
    }

    /// Enters a closure that may borrow, of a [`Scope`](super::Scope).
    ///
    /// # Safety
    /// `ctx` is a context of `F`, whose count the table takes over.
    #[must_use]
    pub unsafe fn from_context<F>(ctx: *mut c_void) -> Self {
        let key = NEXT.get();
        NEXT.set(key + 1);
        CLOSURES.with_borrow_mut(|all| all.insert(key, (ctx, Context::<F>::free)));
        Self(key)
    }

    /// What C is given.
    #[must_use]
    pub fn as_ctx(&self) -> *mut c_void {
        ptr::without_provenance_mut(self.0)
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        let entry =
            CLOSURES.try_with(|all| all.try_borrow_mut().map(|mut all| all.remove(&self.0)));
        // Outside of the borrow: the captures of the closure may have closures of their own.
        if let Ok(Ok(Some((ctx, free)))) = entry {
            // SAFETY: `free` belongs to `ctx`, whose count the entry owned.
            unsafe { free(ctx) };
        }
    }
}

/// What [`Context`] is for pointers, for numbers of the table.
#[derive(Debug)]
pub struct Keyed<F>(PhantomData<F>);

impl<F> Keyed<F> {
    /// Runs `body` with the closure.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the closure is gone, is running already, or its scope has ended; else what `body`
    /// returns.
    ///
    /// # Safety
    /// `ctx` is from a [`Key`] for a closure of type `F`; the key need not live any more.
    #[inline]
    pub unsafe fn with<T>(ctx: *mut c_void, body: impl FnOnce(&mut F) -> Result<T>) -> Result<T> {
        let found = CLOSURES.with_borrow(|all| all.get(&ctx.addr()).map(|(ctx, _)| *ctx));
        let Some(found) = found else {
            return Err(Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "PETSc called a closure whose solver and grid are gone, or which was replaced",
            ));
        };
        // SAFETY: a context of `F` by contract, alive as it is in the table.
        unsafe { Context::<F>::with(found, body) }
    }
}
