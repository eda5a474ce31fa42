//! `dm_kind!`: handles of a DM whose type is known.

/// Defines the owned handle, the borrowed handle, and the checked conversions from
/// [`Dm`](super::Dm) and [`DmRef`](super::DmRef), to which they dereference. Methods are
/// implemented on the borrowed handle.
macro_rules! dm_kind {
    (
        $(#[$owned_meta:meta])* $owned:ident,
        $(#[$ref_meta:meta])* $borrowed:ident,
        $kind:literal, $borrow:ident, $take:ident $(,)?
    ) => {
        $(#[$owned_meta])*
        ///
        /// # Ownership
        /// Owns one reference to the C object. Destroying it is collective; after an error on this
        /// rank, the destruction is queued. The type is neither `Send` nor `Sync`, because PETSc
        /// runs on one thread.
        #[repr(transparent)]
        pub struct $owned($crate::dm::Dm);

        $(#[$ref_meta])*
        ///
        /// Owns no reference. Getters return references to it, callbacks receive references to it,
        /// and the owned handle dereferences to it.
        #[repr(transparent)]
        pub struct $borrowed($crate::dm::DmRef);

        impl $crate::dm::Dm {
            /// Converts to the handle for this type of DM.
            ///
            /// # Errors
            /// `ARG_WRONG` if the DM is of another type.
            pub fn $take(self) -> $crate::error::Result<$owned> {
                self.check_kind($kind)?;
                Ok($owned(self))
            }
        }

        impl $crate::dm::DmRef {
            /// Converts to the borrowed handle for this type of DM.
            ///
            /// # Errors
            /// `ARG_WRONG` if the DM is of another type.
            pub fn $borrow(&self) -> $crate::error::Result<&$borrowed> {
                self.check_kind($kind)?;
                // SAFETY: a live DM of the type (above), which no method changes.
                Ok(unsafe { $borrowed::from_ptr(self.as_ptr()) })
            }
        }

        impl $owned {
            /// Takes ownership of one reference to a C object.
            ///
            /// # Safety
            /// `raw` is a live DM of this type that is set up and was created since PETSc was
            /// initialized. The caller gives up one reference to it.
            #[must_use]
            #[track_caller]
            pub unsafe fn from_raw(raw: $crate::sys::DM) -> Self {
                // SAFETY: by contract.
                Self(unsafe { $crate::dm::Dm::from_raw(raw) })
            }

            /// Gives the reference to the caller, who must destroy it before PETSc is finalized.
            #[must_use]
            pub fn into_raw(self) -> $crate::sys::DM {
                self.0.into_raw()
            }

            /// Converts to the handle for any type of DM.
            #[must_use]
            pub fn into_dm(self) -> $crate::dm::Dm {
                self.0
            }
        }

        impl $borrowed {
            /// Borrows a C object for `'a`.
            ///
            /// # Safety
            /// `raw` is a DM of this type that is set up and live during `'a`.
            #[must_use]
            #[inline]
            pub unsafe fn from_ptr<'a>(raw: $crate::sys::DM) -> &'a Self {
                // SAFETY: the type has no size, so the reference claims no memory.
                unsafe { &*raw.cast_const().cast::<Self>() }
            }

            /// Borrows a C object for `'a`, for methods that change it.
            ///
            /// # Safety
            /// See [`from_ptr`](Self::from_ptr).
            #[must_use]
            #[inline]
            pub unsafe fn from_ptr_mut<'a>(raw: $crate::sys::DM) -> &'a mut Self {
                // SAFETY: the type has no size, so the reference claims no memory.
                unsafe { &mut *raw.cast::<Self>() }
            }
        }

        impl ::std::ops::Deref for $owned {
            type Target = $borrowed;

            #[inline]
            fn deref(&self) -> &$borrowed {
                // SAFETY: this handle's reference keeps the object alive; its type was checked.
                unsafe { $borrowed::from_ptr(self.0.as_ptr()) }
            }
        }

        impl ::std::ops::DerefMut for $owned {
            #[inline]
            fn deref_mut(&mut self) -> &mut $borrowed {
                // SAFETY: this handle's reference keeps the object alive; its type was checked.
                unsafe { $borrowed::from_ptr_mut(self.0.as_ptr()) }
            }
        }

        impl ::std::ops::Deref for $borrowed {
            type Target = $crate::dm::DmRef;

            #[inline]
            fn deref(&self) -> &$crate::dm::DmRef {
                &self.0
            }
        }

        impl ::std::ops::DerefMut for $borrowed {
            #[inline]
            fn deref_mut(&mut self) -> &mut $crate::dm::DmRef {
                &mut self.0
            }
        }

        // SAFETY: this handle's reference keeps the object alive.
        unsafe impl $crate::object::Object for $owned {
            #[inline]
            fn object_ptr(&self) -> $crate::sys::PetscObject {
                self.0.object_ptr()
            }
        }

        // SAFETY: a borrowed handle exists only while its object lives.
        unsafe impl $crate::object::Object for $borrowed {
            #[inline]
            fn object_ptr(&self) -> $crate::sys::PetscObject {
                self.0.object_ptr()
            }
        }

        impl ::std::fmt::Debug for $owned {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::object::debug(stringify!($owned), self, f)
            }
        }

        impl ::std::fmt::Debug for $borrowed {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::object::debug(stringify!($borrowed), self, f)
            }
        }
    };
}

pub(super) use dm_kind;
