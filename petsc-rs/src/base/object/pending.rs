//! Communication in C that has begun and is not complete yet.

use std::fmt;

use super::Held;
use crate::error::Result;
use crate::runtime::{self, DropMode};
use crate::{ffi, sys};

/// The C function that completes communication on some objects, with its other arguments.
type End<const N: usize, A> = unsafe fn([sys::PetscObject; N], A) -> sys::PetscErrorCode;

/// Communication in progress. It keeps its objects alive even if it is forgotten, because MPI may
/// still use their memory. Dropping it completes the communication.
pub(crate) struct Pending<const N: usize, A: Copy> {
    held: Option<[Held; N]>,
    arguments: A,
    name: &'static str,
    end: End<N, A>,
}

impl<const N: usize, A: Copy> Pending<N, A> {
    /// # Safety
    /// C has begun communication on these objects, which `end`, a call of the C function `name`,
    /// completes.
    pub(crate) unsafe fn new(
        held: [Held; N],
        arguments: A,
        name: &'static str,
        end: End<N, A>,
    ) -> Self {
        Self { held: Some(held), arguments, name, end }
    }

    /// Completes the communication. Collective.
    pub(crate) fn finish(mut self) -> Result<()> {
        match self.held.take() {
            // SAFETY: live objects on which communication has begun (`new`).
            Some(held) => ffi::check(self.name, unsafe { self.end(&held) }),
            None => Ok(()),
        }
    }

    /// # Safety
    /// Called once, with the objects of `new`.
    unsafe fn end(&self, held: &[Held; N]) -> sys::PetscErrorCode {
        let objects = held.each_ref().map(Held::object);
        // SAFETY: by contract.
        unsafe { (self.end)(objects, self.arguments) }
    }
}

impl<const N: usize, A: Copy> Drop for Pending<N, A> {
    fn drop(&mut self) {
        let Some(held) = self.held.take() else {
            return;
        };
        if runtime::drop_mode() == DropMode::Now {
            // SAFETY: live objects on which communication has begun (`new`).
            runtime::record_drop(self.name, unsafe { self.end(&held) });
        } else {
            // The other ranks may not take part, so MPI keeps the memory.
            held.into_iter().for_each(Held::leak);
        }
    }
}

impl<const N: usize, A: Copy> fmt::Debug for Pending<N, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pending").field(&self.name).finish()
    }
}
