//! Guards of borrowed parts of C objects: a column of a basis, a matrix of a dense problem.

use std::fmt;

use petsc_rs::ffi::Borrow;
use petsc_rs::internal::{DropMode, drop_mode, record_drop};

use crate::sys;

/// Ends a borrow. Arguments: the owner, the number of the part, and its handle.
type Restore<O, R> = fn(&O, sys::PetscInt, &mut *mut R) -> sys::PetscErrorCode;

/// A borrowed part of `owner`, whose borrow ends on drop.
pub(crate) struct Lent<'a, O, R> {
    owner: &'a O,
    which: sys::PetscInt,
    raw: *mut R,
    name: &'static str,
    restore: Restore<O, R>,
    borrow: Option<Borrow>,
}

impl<'a, O, R> Lent<'a, O, R> {
    /// Guards `raw`; `name` is the C function that `restore` calls, which is not collective.
    pub(crate) fn new(
        owner: &'a O,
        which: sys::PetscInt,
        raw: *mut R,
        name: &'static str,
        restore: Restore<O, R>,
    ) -> Self {
        Self { owner, which, raw, name, restore, borrow: None }
    }

    /// Adds an entry of the borrow table.
    pub(crate) fn noted(mut self, borrow: Borrow) -> Self {
        self.borrow = Some(borrow);
        self
    }

    pub(crate) fn raw(&self) -> *mut R {
        self.raw
    }
}

impl<O, R> Drop for Lent<'_, O, R> {
    fn drop(&mut self) {
        if matches!(drop_mode(), DropMode::Skip) {
            return;
        }
        record_drop(self.name, (self.restore)(self.owner, self.which, &mut self.raw));
    }
}

impl<O, R> fmt::Debug for Lent<'_, O, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lent").field(&self.which).finish()
    }
}

/// Defines a guard for reading and one for writing, which dereference to the borrowed handle of a
/// class.
macro_rules! guards {
    (
        $(#[$read_meta:meta])* $read:ident, $(#[$write_meta:meta])* $write:ident;
        $owner:ident lends $target:ident ($raw:ty)
    ) => {
        $(#[$read_meta])*
        pub struct $read<'a> {
            lent: $crate::base::lent::Lent<'a, $owner, $raw>,
        }

        $(#[$write_meta])*
        pub struct $write<'a> {
            lent: $crate::base::lent::Lent<'a, $owner, $raw>,
            _exclusive: ::std::marker::PhantomData<&'a mut $owner>,
        }

        $crate::base::lent::guards! { @reads $read $target }
        $crate::base::lent::guards! { @reads $write $target }

        impl ::std::ops::DerefMut for $write<'_> {
            fn deref_mut(&mut self) -> &mut $target {
                // SAFETY: live until the guard gives it back; the owner is borrowed mutably, and lends it once.
                unsafe { $target::from_ptr_mut(self.lent.raw()) }
            }
        }
    };
    (@reads $guard:ident $target:ident) => {
        impl ::std::ops::Deref for $guard<'_> {
            type Target = $target;

            fn deref(&self) -> &$target {
                // SAFETY: live until the guard gives it back.
                unsafe { $target::from_ptr(self.lent.raw()) }
            }
        }

        impl ::std::fmt::Debug for $guard<'_> {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_tuple(stringify!($guard)).field(&**self).finish()
            }
        }
    };
}

pub(crate) use guards;
