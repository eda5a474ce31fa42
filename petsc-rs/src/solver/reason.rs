//! Converged reasons: one enumeration for each solver class, defined by one macro.

/// Defines the enumeration of a class. Values are numbers if they are the same in C from 3.18 to
/// 3.26, and names of the header if the numbers changed; `[also …]` adds a second number. A number
/// without a name is kept as it is.
#[doc(hidden)]
#[macro_export]
macro_rules! converged_reasons {
    (
        $(#[$meta:meta])* $name:ident of $raw:ident;
        $(
            $(#[$variant_meta:meta])*
            $variant:ident $([also $alias:expr])? = $value:expr, $text:literal, $hint:literal;
        )*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// The number of a reason that only a newer PETSc has. Positive numbers mean
            /// convergence.
            Other(i32),
        }

        impl $name {
            /// Converts from the value in C.
            #[must_use]
            pub fn from_raw(raw: sys::$raw) -> Self {
                $(if raw == $value $(|| raw == $alias)? { return Self::$variant; })*
                Self::Other(raw)
            }

            /// Converts to the value in C.
            #[must_use]
            pub fn to_raw(self) -> sys::$raw {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Other(other) => other,
                }
            }

            /// Returns whether the solver converged.
            #[must_use]
            pub fn is_converged(self) -> bool {
                self.to_raw() > 0
            }

            /// Returns advice to the user, or an empty string.
            #[must_use]
            pub fn hint(self) -> &'static str {
                match self {
                    $(Self::$variant => $hint,)*
                    Self::Other(_) => "",
                }
            }
        }

        impl $crate::solver::Reason for $name {
            fn is_converged(self) -> bool {
                self.is_converged()
            }

            fn hint(self) -> &'static str {
                self.hint()
            }
        }

        $crate::enum_value!($name of $raw, |raw| Ok(Self::from_raw(raw)));

        impl $crate::callback::Given for $name {
            type Raw = sys::$raw;

            fn give(self) -> sys::$raw {
                self.to_raw()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    $(Self::$variant => f.write_str($text),)*
                    Self::Other(number) => write!(f, "reason {number} of a newer PETSc"),
                }
            }
        }
    };
}

pub(crate) use crate::converged_reasons;
