//! Names of types: open sets of strings, which plugins can extend.

/// Defines the newtype over a C string that a class uses for its types, with constants for the
/// names that PETSc provides.
#[doc(hidden)]
#[macro_export]
macro_rules! type_names {
    (
        $(#[$meta:meta])* $name:ident;
        $($(#[$constant_meta:meta])* $constant:ident = $text:literal),* $(,)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name<'a>(&'a ::std::ffi::CStr);

        impl<'a> $name<'a> {
            /// Creates a type from its name.
            #[must_use]
            pub const fn new(name: &'a ::std::ffi::CStr) -> Self {
                Self(name)
            }

            /// Returns the name.
            #[must_use]
            pub const fn name(self) -> &'a ::std::ffi::CStr {
                self.0
            }

            #[inline]
            pub(crate) fn as_ptr(self) -> *const ::std::ffi::c_char {
                self.0.as_ptr()
            }
        }

        impl $name<'static> {
            $($(#[$constant_meta])* pub const $constant: Self = Self($text);)*

            /// The names that have a constant; a build may lack some of the types.
            pub const ALL: &'static [Self] = &[$(Self::$constant),*];
        }
    };
}

pub(crate) use crate::type_names;
