//! Creation, type, options and options prefix of a class.

use petsc_rs::{Object, Result, internal};

/// Returns the type of the solver, one of `types`. With other types, SLEPc ignores the setting, or
/// calls functions that they do not have.
pub(crate) fn one_of<S>(solver: &S, types: &[&'static str], what: &str) -> Result<&'static str>
where
    S: Object,
{
    internal::type_among(solver, types, what).map(|number| types[number])
}

/// Defines the methods that every class has: `new`, `set_type`, `set_from_options` and the
/// prefixes.
macro_rules! basics {
    (
        $owned:ident, $borrowed:ident, $type:ident, $what:literal, $default:literal, $option:literal;
        $(#[$create_meta:meta])* $create:ident,
        $(#[$set_type_meta:meta])* $set_type:ident,
        $(#[$set_from_options_meta:meta])* $set_from_options:ident,
        $(#[$set_prefix_meta:meta])* $set_prefix:ident,
        $(#[$append_prefix_meta:meta])* $append_prefix:ident
        $(; then $again:ident)?
    ) => {
        impl $owned {
            #[doc = concat!("Creates a new ", $what, ". Collective. Default type: ", $default, ".")]
            ///
            /// # Errors
            #[doc = concat!("The errors of `", stringify!($create), "`.")]
            $(#[$create_meta])*
            #[track_caller]
            pub fn new(comm: &petsc_rs::Comm) -> petsc_rs::Result<Self> {
                $crate::base::session::ensure()?;
                let mut raw = ::std::ptr::null_mut();
                // SAFETY: a live communicator and a valid out-pointer.
                unsafe { petsc_rs::call!($create(comm.as_raw(), &raw mut raw)) }?;
                // SAFETY: just created; the reference is ours.
                Ok(unsafe { Self::from_raw(raw) })
            }
        }

        impl $borrowed {
            #[doc = concat!("Sets the type (`", stringify!($set_type), "`). Collective. Default: ", $default,
                ". Option: `", $option, "`.")]
            ///
            /// # Errors
            /// `ARG_UNKNOWN_TYPE` if this build does not have the type; `ARG_WRONGSTATE` while a
            /// handle of an inner solver of the previous type exists.
            $(#[$set_type_meta])*
            pub fn set_type(&mut self, kind: $type<'_>) -> petsc_rs::Result<()> {
                let solver = self.busy()?;
                petsc_rs::internal::leave_method(self, &kind.name().to_string_lossy())?;
                // SAFETY: a live object; the name is NUL-terminated.
                unsafe { petsc_rs::call!($set_type(*solver, kind.as_ptr())) }
            }

            #[doc = concat!("Sets type and parameters from the options database, also for the objects that belong to the ", $what,
                " (`", stringify!($set_from_options), "`). Collective.")]
            ///
            /// # Errors
            /// An error of PETSc for an invalid value of an option; the errors of
            /// [`set_type`](Self::set_type).
            $(#[$set_from_options_meta])*
            pub fn set_from_options(&mut self) -> petsc_rs::Result<()> {
                let solver = self.busy()?;
                petsc_rs::internal::leave_method_by(self, $option)?;
                // SAFETY: a live object.
                unsafe { petsc_rs::call!($set_from_options(*solver)) }?;
                drop(solver);
                $(
                    // In some cases SLEPc does not set up again: with a threshold as the stopping
                    // test, the test would have no context, or that of a closure. A solver that has
                    // solved gets its operators in the next solve.
                    if !self.is_solved()? {
                        self.$again()?;
                    }
                )?
                Ok(())
            }
        }

        $crate::base::prefixed! {
            $owned, $borrowed, $what;
            $(#[$set_prefix_meta])* $set_prefix, $(#[$append_prefix_meta])* $append_prefix
        }
    };
}

/// Defines the methods for the options prefix, on both handles.
macro_rules! prefixed {
    (
        $owned:ident, $borrowed:ident, $what:literal;
        $(#[$set_prefix_meta:meta])* $set_prefix:ident,
        $(#[$append_prefix_meta:meta])* $append_prefix:ident
    ) => {
        impl $owned {
            #[doc = concat!("Appends to the options prefix. See [`", stringify!($borrowed), "::append_options_prefix`].")]
            ///
            /// # Errors
            #[doc = concat!("The errors of [`", stringify!($borrowed), "::append_options_prefix`].")]
            pub fn append_options_prefix(&mut self, prefix: &str) -> petsc_rs::Result<()> {
                $borrowed::append_options_prefix(self, prefix)
            }
        }

        petsc_rs::prefixes! {
            $borrowed, $what;
            $(#[$set_prefix_meta])* $set_prefix, $(#[$append_prefix_meta])* $append_prefix
        }
    };
}

pub(crate) use {basics, prefixed};
