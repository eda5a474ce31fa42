//! `prefixes!`: methods for the options prefix of a class.

/// Defines `set_options_prefix` and `append_options_prefix` of a class.
#[doc(hidden)]
#[macro_export]
macro_rules! prefixes {
    ($borrowed:ident, $what:literal; $(#[$set_meta:meta])* $set:ident, $(#[$append_meta:meta])* $append:ident) => {
        impl $borrowed {
            #[doc = concat!("Sets the options prefix of the ", $what, " (`", stringify!($set), "`): with the prefix `my_`, `-type` becomes `-my_type`.")]
            /// All ranks must set the same prefix. Logically collective. Default: none.
            ///
            /// # Errors
            /// `ARG_WRONG` if the prefix contains a NUL character; an error of PETSc if it begins
            /// with `-`.
            $(#[$set_meta])*
            pub fn set_options_prefix(&mut self, prefix: &str) -> $crate::Result<()> {
                let prefix = $crate::ffi::c_string(prefix)?;
                // SAFETY: a live object; PETSc copies the prefix.
                unsafe { $crate::call!($set(self.as_ptr(), prefix.as_ptr())) }
            }

            #[doc = concat!("Appends to the options prefix of the ", $what, " (`", stringify!($append), "`).")]
            /// All ranks must append the same string. Logically collective.
            ///
            /// # Errors
            /// `ARG_WRONG` if the prefix contains a NUL character; an error of PETSc if it begins
            /// with `-`.
            $(#[$append_meta])*
            pub fn append_options_prefix(&mut self, prefix: &str) -> $crate::Result<()> {
                let prefix = $crate::ffi::c_string(prefix)?;
                // SAFETY: a live object; PETSc copies the prefix.
                unsafe { $crate::call!($append(self.as_ptr(), prefix.as_ptr())) }
            }
        }
    };
}
