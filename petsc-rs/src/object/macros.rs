//! `petsc_object!`: the two handles of a class.

/// Writes the owned handle, the borrowed handle, and the conversions between them. Methods are plain
/// code on the borrowed handle.
#[doc(hidden)]
#[macro_export]
macro_rules! petsc_object {
    (
        $(#[$owned_meta:meta])* $owned:ident,
        $(#[$ref_meta:meta])* $borrowed:ident,
        $raw:ident, $destroy:ident $(,)?
    ) => {
        $(#[$owned_meta])*
        ///
        /// Owns one reference of the C object. Destroying it is collective; on a rank that failed it
        /// is queued instead. Neither `Send` nor `Sync`: PETSc belongs to one thread.
        pub struct $owned {
            raw: sys::$raw,
            entry: $crate::internal::Entry,
        }

        $(#[$ref_meta])*
        ///
        /// Has no size and owns nothing: getters and callbacks lend it, and the owned handle
        /// dereferences to it.
        #[repr(C)]
        pub struct $borrowed {
            // C writes to the object through pointers that come from shared references: without the cell, the compiler
            // would take such references for read-only.
            _nothing: ::std::cell::UnsafeCell<[u8; 0]>,
            _not_send: ::std::marker::PhantomData<(*mut u8, ::std::marker::PhantomPinned)>,
        }

        impl $owned {
            /// Takes over one reference of a C object.
            ///
            /// # Safety
            /// `raw` is a live object of this class, created in this session, and the caller gives
            /// up one reference to it.
            #[must_use]
            #[track_caller]
            pub unsafe fn from_raw(raw: sys::$raw) -> Self {
                let created = ::std::panic::Location::caller();
                let entry = $crate::internal::register(raw.addr(), stringify!($owned), created);
                Self { raw, entry }
            }

            /// A handle with a reference of its own to an object that others keep as well.
            ///
            /// # Safety
            /// `raw` is a live object of this class, created in this session.
            ///
            /// # Errors
            /// What `PetscObjectReference` returns.
            #[track_caller]
            pub unsafe fn retain(raw: sys::$raw) -> $crate::Result<Self> {
                // SAFETY: a live object (by contract).
                unsafe { $crate::internal::reference(raw.cast()) }?;
                // SAFETY: by contract; the reference is the one just taken.
                Ok(unsafe { Self::from_raw(raw) })
            }

            /// The same for what may be missing, which is NULL.
            ///
            /// # Safety
            /// NULL, or as [`retain`](Self::retain).
            ///
            /// # Errors
            /// What `PetscObjectReference` returns.
            #[doc(hidden)]
            #[track_caller]
            pub unsafe fn retain_nullable(raw: sys::$raw) -> $crate::Result<Option<Self>> {
                if raw.is_null() {
                    return Ok(None);
                }
                // SAFETY: by contract; not NULL.
                unsafe { Self::retain(raw) }.map(Some)
            }

            /// A handle to a part of `whole`, which lives as long as the handle: parts of solvers point back to
            /// them.
            ///
            /// # Safety
            /// As [`retain`](Self::retain).
            ///
            /// # Errors
            /// What `PetscObjectReference` returns.
            #[doc(hidden)]
            #[track_caller]
            pub unsafe fn part_of<W: $crate::Object>(whole: &W, raw: sys::$raw) -> $crate::Result<Self> {
                // SAFETY: by contract.
                unsafe { Self::part(whole, raw, $crate::internal::Part::Plain) }
            }

            /// The same for what the method of `whole` made: as long as there is such a handle, the method stays.
            ///
            /// # Safety
            /// As [`retain`](Self::retain).
            ///
            /// # Errors
            /// What `PetscObjectReference` returns.
            #[doc(hidden)]
            #[track_caller]
            pub unsafe fn part_of_method<W: $crate::Object>(whole: &W, raw: sys::$raw) -> $crate::Result<Self> {
                // SAFETY: by contract.
                unsafe { Self::part(whole, raw, $crate::internal::Part::OfMethod) }
            }

            /// # Safety
            /// As [`retain`](Self::retain); a function to ask is for objects of the class of `whole`.
            #[track_caller]
            unsafe fn part<W: $crate::Object>(
                whole: &W,
                raw: sys::$raw,
                part: $crate::internal::Part,
            ) -> $crate::Result<Self> {
                // SAFETY: by contract.
                let handle = unsafe { Self::retain(raw) }?;
                let whole = whole.object_ptr();
                // SAFETY: a live object, as its handle is borrowed.
                unsafe { $crate::internal::keep(raw.addr(), handle.entry, whole, part) }?;
                Ok(handle)
            }

            /// The same for what `whole` tells by a function: inside of callbacks, the part of an idle object is idle.
            ///
            /// # Safety
            /// As [`retain`](Self::retain); `ask` is for objects of the class of `whole`.
            ///
            /// # Errors
            /// What `PetscObjectReference` returns.
            #[doc(hidden)]
            #[track_caller]
            pub unsafe fn part_by<W: $crate::Object>(
                whole: &W,
                raw: sys::$raw,
                ask: $crate::internal::PartOf,
            ) -> $crate::Result<Self> {
                // SAFETY: by contract.
                unsafe { Self::part(whole, raw, $crate::internal::Part::Asked(ask)) }
            }

            /// The same for what may be missing, which is NULL.
            ///
            /// # Safety
            /// NULL, or as [`part_of`](Self::part_of).
            ///
            /// # Errors
            /// What `PetscObjectReference` returns.
            #[doc(hidden)]
            #[track_caller]
            pub unsafe fn maybe_part_of<W: $crate::Object>(
                whole: &W,
                raw: sys::$raw,
            ) -> $crate::Result<Option<Self>> {
                if raw.is_null() {
                    return Ok(None);
                }
                // SAFETY: by contract; not NULL.
                unsafe { Self::part_of(whole, raw) }.map(Some)
            }

            /// Another handle to the same object. The object is destroyed with the last reference. Not
            /// collective.
            ///
            /// # Errors
            /// What `PetscObjectReference` returns.
            #[doc(alias = "PetscObjectReference")]
            #[track_caller]
            pub fn share(&self) -> $crate::Result<Self> {
                $crate::not_collective!();
                // SAFETY: this handle's reference keeps the object alive.
                let other = unsafe { Self::retain(self.raw) }?;
                $crate::internal::keep_like(self.raw.addr(), self.entry, other.entry);
                Ok(other)
            }

            /// Gives the reference to the caller, who destroys it before the session ends.
            #[must_use]
            pub fn into_raw(self) -> sys::$raw {
                let this = ::std::mem::ManuallyDrop::new(self);
                $crate::internal::unregister(this.raw.addr(), this.entry);
                this.raw
            }
        }

        impl $borrowed {
            /// A handle borrowed for `'a`.
            ///
            /// # Safety
            /// `raw` is a live object of this class during `'a`.
            #[must_use]
            #[inline]
            pub unsafe fn from_ptr<'a>(raw: sys::$raw) -> &'a Self {
                // SAFETY: the type has no size, so the reference claims no memory.
                unsafe { &*raw.cast_const().cast::<Self>() }
            }

            /// The same for methods that change the object.
            ///
            /// # Safety
            /// As [`from_ptr`](Self::from_ptr).
            #[must_use]
            #[inline]
            pub unsafe fn from_ptr_mut<'a>(raw: sys::$raw) -> &'a mut Self {
                // SAFETY: the type has no size, so the reference claims no memory.
                unsafe { &mut *raw.cast::<Self>() }
            }

            /// The C object, for calls that are not wrapped.
            #[must_use]
            #[inline]
            pub fn as_ptr(&self) -> sys::$raw {
                ::std::ptr::from_ref(self).cast_mut().cast()
            }

            /// The C object, for a call that leads to callbacks and changes no parts.
            ///
            /// # Errors
            /// What `PetscObjectReference` returns.
            #[doc(hidden)]
            #[inline]
            pub fn held(&self) -> $crate::Result<$crate::object::Busy<sys::$raw>> {
                // SAFETY: a live object, as its handle is borrowed.
                unsafe { $crate::object::Busy::hold(self.as_ptr(), self.as_ptr().cast()) }
            }

            /// The C object, for a call that changes its parts, or uses them while it leads to callbacks.
            ///
            /// # Errors
            /// `ARG_WRONGSTATE` inside of a callback, if a solver that runs may be using it.
            #[doc(hidden)]
            #[inline]
            pub fn busy(&self) -> $crate::Result<$crate::object::Busy<sys::$raw>> {
                // SAFETY: a live object, as its handle is borrowed.
                unsafe { $crate::object::Busy::new(self.as_ptr(), self.as_ptr().cast()) }
            }
        }

        impl ::std::ops::Deref for $owned {
            type Target = $borrowed;

            #[inline]
            fn deref(&self) -> &$borrowed {
                // SAFETY: this handle's reference keeps the object alive.
                unsafe { $borrowed::from_ptr(self.raw) }
            }
        }

        impl ::std::ops::DerefMut for $owned {
            #[inline]
            fn deref_mut(&mut self) -> &mut $borrowed {
                // SAFETY: this handle's reference keeps the object alive.
                unsafe { $borrowed::from_ptr_mut(self.raw) }
            }
        }

        // The cell has no content that a panic could leave half-written.
        impl ::std::panic::RefUnwindSafe for $borrowed {}

        // SAFETY: a borrowed handle exists only while its object lives.
        unsafe impl $crate::object::Object for $borrowed {
            #[inline]
            fn object_ptr(&self) -> sys::PetscObject {
                self.as_ptr().cast()
            }
        }

        // SAFETY: this handle's reference keeps the object alive.
        unsafe impl $crate::object::Object for $owned {
            #[inline]
            fn object_ptr(&self) -> sys::PetscObject {
                self.raw.cast()
            }
        }

        // SAFETY: a borrowed handle is the C handle.
        unsafe impl $crate::callback::Lent for &$borrowed {
            type Raw = sys::$raw;

            #[inline]
            unsafe fn lend(raw: sys::$raw) -> $crate::Result<Self> {
                $crate::callback::check_lent(raw)?;
                // SAFETY: by contract, and not NULL (above).
                Ok(unsafe { $borrowed::from_ptr(raw) })
            }
        }

        // SAFETY: as above. Should C pass one object twice, the handles claim no memory.
        unsafe impl $crate::callback::Lent for &mut $borrowed {
            type Raw = sys::$raw;

            #[inline]
            unsafe fn lend(raw: sys::$raw) -> $crate::Result<Self> {
                $crate::callback::check_lent(raw)?;
                // SAFETY: by contract, and not NULL (above).
                Ok(unsafe { $borrowed::from_ptr_mut(raw) })
            }
        }

        // SAFETY: PETSc names its classes like their types; a name that differs finds nothing.
        unsafe impl $crate::object::Class for $owned {
            const CLASS: &'static str = stringify!($raw);

            unsafe fn adopt(raw: sys::PetscObject) -> Self {
                // SAFETY: by contract.
                unsafe { Self::from_raw(raw.cast()) }
            }
        }

        impl ::std::fmt::Debug for $owned {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::internal::debug(stringify!($owned), self, f)
            }
        }

        impl ::std::fmt::Debug for $borrowed {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::internal::debug(stringify!($borrowed), self, f)
            }
        }

        impl Drop for $owned {
            fn drop(&mut self) {
                let address = self.raw.addr();
                match $crate::internal::drop_mode() {
                    $crate::internal::DropMode::Skip => {}
                    // SAFETY: this handle owns one reference and gives it up here.
                    _ if unsafe { $crate::internal::put_off(self.raw.cast()) } => {}
                    $crate::internal::DropMode::Now => {
                        // SAFETY: this handle owns one reference and gives it up here.
                        let code = unsafe { sys::$destroy(&raw mut self.raw) };
                        $crate::internal::record_drop(stringify!($destroy), code);
                    }
                    $crate::internal::DropMode::Later => {
                        // SAFETY: gives up the reference of this handle.
                        unsafe { $crate::internal::destroy_alone(self.raw.cast()) };
                    }
                }
                $crate::internal::unregister(address, self.entry);
            }
        }
    };
}

/// `part_by!(self.raw_pc => Pc)`: a handle to the part that a method of this class gives as a pointer. See `part_by` of
/// the handle.
#[doc(hidden)]
#[macro_export]
macro_rules! part_by {
    ($whole:ident.$raw:ident => $part:ident) => {{
        let ask = |whole: sys::PetscObject| {
            // SAFETY: a live object of this class, as it is kept.
            let found = unsafe { Self::from_ptr(whole.cast()) }.$raw();
            found.map_or(::std::ptr::null_mut(), |part| part.cast())
        };
        // SAFETY: a live object; asked are those of this class.
        unsafe { $part::part_by($whole, $whole.$raw()?, ask) }
    }};
}

pub(crate) use crate::petsc_object;
