//! `petsc_object!`: defines the two handles of a class.

/// Defines the owned handle, the borrowed handle, and the conversions between them. Methods are
/// implemented on the borrowed handle.
#[doc(hidden)]
#[macro_export]
macro_rules! petsc_object {
    (
        $(#[$owned_meta:meta])* $owned:ident,
        $(#[$ref_meta:meta])* $borrowed:ident,
        $raw:ident, $destroy:ident $(, $check:ident)? $(,)?
    ) => {
        $(#[$owned_meta])*
        ///
        /// # Ownership
        /// The handle owns one reference to the C object. Destroying the object is collective. On a
        /// rank that failed, the object is queued until the program calls `Petsc::recover`. The
        /// handle is neither `Send` nor `Sync`, because PETSc belongs to one thread.
        pub struct $owned {
            raw: sys::$raw,
            entry: $crate::internal::Entry,
        }

        $(#[$ref_meta])*
        ///
        /// This type has size zero and owns no reference. Getters return references to this type,
        /// callbacks receive references to it, and the owned handle dereferences to it.
        #[repr(C)]
        pub struct $borrowed {
            // C writes to the object through pointers that come from shared references: without the
            // cell, the compiler would assume that such references are read-only.
            _nothing: ::std::cell::UnsafeCell<[u8; 0]>,
            _not_send: ::std::marker::PhantomData<(*mut u8, ::std::marker::PhantomPinned)>,
        }

        impl $owned {
            /// Creates a handle that takes ownership of one reference of a C object.
            ///
            /// # Safety
            /// `raw` is a live object of this class, created in this session, and the caller loses
            /// one reference to it.
            #[must_use]
            #[track_caller]
            pub unsafe fn from_raw(raw: sys::$raw) -> Self {
                let created = ::std::panic::Location::caller();
                let entry = $crate::internal::register(raw.addr(), stringify!($owned), created);
                Self { raw, entry }
            }

            /// Creates a handle with an additional reference to an object.
            ///
            /// # Safety
            /// `raw` is a live object of this class, created in this session.
            ///
            /// # Errors
            /// The errors of `PetscObjectReference`.
            #[track_caller]
            pub unsafe fn retain(raw: sys::$raw) -> $crate::Result<Self> {
                // SAFETY: a live object (by contract).
                unsafe { $crate::internal::reference(raw.cast()) }?;
                // SAFETY: by contract; the reference is the one just taken.
                Ok(unsafe { Self::from_raw(raw) })
            }

            /// Creates a handle with an additional reference to an object. Returns `None` for NULL.
            ///
            /// # Safety
            /// `raw` is NULL, or meets the conditions of [`retain`](Self::retain).
            ///
            /// # Errors
            /// The errors of `PetscObjectReference`.
            #[doc(hidden)]
            #[track_caller]
            pub unsafe fn retain_nullable(raw: sys::$raw) -> $crate::Result<Option<Self>> {
                if raw.is_null() {
                    return Ok(None);
                }
                // SAFETY: by contract; not NULL.
                unsafe { Self::retain(raw) }.map(Some)
            }

            /// Creates a handle to a part of `whole`. The handle keeps `whole` alive, because parts
            /// of solvers point back to their solver.
            ///
            /// # Safety
            /// The conditions of [`retain`](Self::retain).
            ///
            /// # Errors
            /// The errors of `PetscObjectReference`.
            #[doc(hidden)]
            #[track_caller]
            pub unsafe fn part_of<W: $crate::Object>(whole: &W, raw: sys::$raw) -> $crate::Result<Self> {
                // SAFETY: by contract.
                unsafe { Self::part(whole, raw, $crate::internal::Part::Plain) }
            }

            /// Creates a handle to a part that the method (type) of `whole` created. The method
            /// cannot be replaced while such a handle exists.
            ///
            /// # Safety
            /// The conditions of [`retain`](Self::retain).
            ///
            /// # Errors
            /// The errors of `PetscObjectReference`.
            #[doc(hidden)]
            #[track_caller]
            pub unsafe fn part_of_method<W: $crate::Object>(whole: &W, raw: sys::$raw) -> $crate::Result<Self> {
                // SAFETY: by contract.
                unsafe { Self::part(whole, raw, $crate::internal::Part::OfMethod) }
            }

            /// # Safety
            /// The conditions of [`retain`](Self::retain); a function in `part` accepts objects of
            /// the class of `whole`.
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

            /// Creates a handle to the part of `whole` that the function `ask` returns. Inside
            /// callbacks, this part counts as idle if `whole` is idle.
            ///
            /// # Safety
            /// The conditions of [`retain`](Self::retain); `ask` accepts objects of the class of
            /// `whole`.
            ///
            /// # Errors
            /// The errors of `PetscObjectReference`.
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

            /// Creates a handle to a part of `whole`. Returns `None` for NULL.
            ///
            /// # Safety
            /// `raw` is NULL, or meets the conditions of [`part_of`](Self::part_of).
            ///
            /// # Errors
            /// The errors of `PetscObjectReference`.
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

            /// Creates another handle to the same object. Dropping the last reference destroys the
            /// object. Not collective.
            ///
            /// # Errors
            /// The errors of `PetscObjectReference`.
            #[doc(alias = "PetscObjectReference")]
            #[track_caller]
            pub fn share(&self) -> $crate::Result<Self> {
                $crate::not_collective!();
                // SAFETY: this handle's reference keeps the object alive.
                let other = unsafe { Self::retain(self.raw) }?;
                $crate::internal::keep_like(self.raw.addr(), self.entry, other.entry);
                Ok(other)
            }

            /// Returns the C object, and passes the reference of this handle to the caller. The
            /// caller must release the reference before the session ends.
            #[must_use]
            pub fn into_raw(self) -> sys::$raw {
                let this = ::std::mem::ManuallyDrop::new(self);
                $crate::internal::unregister(this.raw.addr(), this.entry);
                this.raw
            }
        }

        impl $borrowed {
            /// Creates a borrowed handle with lifetime `'a`.
            ///
            /// # Safety
            /// `raw` is a live object of this class during `'a`.
            #[must_use]
            #[inline]
            pub unsafe fn from_ptr<'a>(raw: sys::$raw) -> &'a Self {
                // SAFETY: the type has no size, so the reference claims no memory.
                unsafe { &*raw.cast_const().cast::<Self>() }
            }

            /// Creates a mutable borrowed handle with lifetime `'a`.
            ///
            /// # Safety
            /// The conditions of [`from_ptr`](Self::from_ptr).
            #[must_use]
            #[inline]
            pub unsafe fn from_ptr_mut<'a>(raw: sys::$raw) -> &'a mut Self {
                // SAFETY: the type has no size, so the reference claims no memory.
                unsafe { &mut *raw.cast::<Self>() }
            }

            /// Returns the C object, for functions that are not wrapped.
            #[must_use]
            #[inline]
            pub fn as_ptr(&self) -> sys::$raw {
                ::std::ptr::from_ref(self).cast_mut().cast()
            }

            /// Returns the C object for a call that changes no parts of it, and during which
            /// callbacks can run.
            ///
            /// # Errors
            /// The errors of `PetscObjectReference`.
            #[doc(hidden)]
            #[inline]
            pub fn held(&self) -> $crate::Result<$crate::object::Busy<sys::$raw>> {
                // SAFETY: a live object, as its handle is borrowed.
                unsafe { $crate::object::Busy::hold(self.as_ptr(), self.as_ptr().cast()) }
            }

            /// Returns the C object for a call that changes parts of it, or that uses its parts
            /// while callbacks can run.
            ///
            /// # Errors
            /// `ARG_WRONGSTATE` inside a callback, if a running solver may be using the object.
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

            $(
                fn check_lent(&self) -> $crate::Result<()> {
                    self.$check()
                }
            )?
        }

        // SAFETY: this handle's reference keeps the object alive.
        unsafe impl $crate::object::Object for $owned {
            #[inline]
            fn object_ptr(&self) -> sys::PetscObject {
                self.raw.cast()
            }

            $(
                fn check_lent(&self) -> $crate::Result<()> {
                    self.$check()
                }
            )?
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
            type Raw = sys::$raw;

            const CLASS: &'static str = stringify!($raw);

            #[track_caller]
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
                        // SAFETY: releases the reference of this handle.
                        unsafe { $crate::internal::destroy_alone(self.raw.cast()) };
                    }
                }
                $crate::internal::unregister(address, self.entry);
            }
        }
    };
}

/// `part_by!(self.raw_pc => Pc)` creates a handle to the part to which a method of this class returns
/// a pointer. See `part_by` of the handle.
#[doc(hidden)]
#[macro_export]
macro_rules! part_by {
    ($whole:ident.$raw:ident => $part:ident) => {{
        let ask = |whole: sys::PetscObject| {
            // SAFETY: a live object of this class, as it is kept.
            let found = unsafe { Self::from_ptr(whole.cast()) }.$raw();
            found.map_or(::std::ptr::null_mut(), |part| part.cast())
        };
        // SAFETY: a live object; the closure is called for objects of this class.
        unsafe { $part::part_by($whole, $whole.$raw()?, ask) }
    }};
}

pub(crate) use crate::petsc_object;
