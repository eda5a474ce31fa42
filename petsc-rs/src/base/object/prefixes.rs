//! `prefixes!`: what goes before the names of an object's options.

/// Writes `set_options_prefix` and `append_options_prefix` of a class.
#[doc(hidden)]
#[macro_export]
macro_rules! prefixes {
    ($borrowed:ident, $what:literal; $(#[$set_meta:meta])* $set:ident, $(#[$append_meta:meta])* $append:ident) => {
        impl $borrowed {
            #[doc = concat!("Sets the prefix of the options of the ", $what, " (`", stringify!($set), "`): with `own_`, `-type` becomes `-own_type`.")]
            /// Use the same on all ranks. Logically collective. Default: none.
            ///
            /// # Errors
            /// A prefix with a NUL or a leading `-`.
            $(#[$set_meta])*
            pub fn set_options_prefix(&mut self, prefix: &str) -> $crate::Result<()> {
                let prefix = $crate::ffi::c_string(prefix)?;
                // SAFETY: a live object; PETSc copies the prefix.
                unsafe { $crate::call!($set(self.as_ptr(), prefix.as_ptr())) }
            }

            #[doc = concat!("Adds to the end of the prefix of the options of the ", $what, " (`", stringify!($append), "`).")]
            /// Use the same on all ranks. Logically collective.
            ///
            /// # Errors
            /// A prefix with a NUL or a leading `-`.
            $(#[$append_meta])*
            pub fn append_options_prefix(&mut self, prefix: &str) -> $crate::Result<()> {
                let prefix = $crate::ffi::c_string(prefix)?;
                // SAFETY: a live object; PETSc copies the prefix.
                unsafe { $crate::call!($append(self.as_ptr(), prefix.as_ptr())) }
            }
        }
    };
}
