//! Why a solver stopped: one enum for each class, by one macro.

/// Writes the enum of a class whose numbers in C are the same from 3.18 to 3.26, while some names changed. A
/// number without a name here is kept, never transmuted. (The linear solvers' numbers did change: `ksp::reason`
/// goes by their names.)
macro_rules! converged_reasons {
    (
        $(#[$meta:meta])* $name:ident of $raw:ident, solver $solver:literal;
        $($(#[$variant_meta:meta])* $variant:ident = $value:literal, $text:literal, $hint:literal;)*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A reason of a newer PETSc, by its number: positive is convergence.
            Other(i32),
        }

        impl $name {
            /// From the value in C.
            #[must_use]
            pub fn from_raw(raw: $crate::sys::$raw) -> Self {
                match raw {
                    $($value => Self::$variant,)*
                    other => Self::Other(other),
                }
            }

            /// The value in C.
            #[must_use]
            pub fn to_raw(self) -> $crate::sys::$raw {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Other(other) => other,
                }
            }

            /// Whether the solver converged.
            #[must_use]
            pub fn is_converged(self) -> bool {
                self.to_raw() > 0
            }

            /// What a user can try, empty if there is nothing to say.
            #[must_use]
            pub fn hint(self) -> &'static str {
                match self {
                    $(Self::$variant => $hint,)*
                    Self::Other(_) => "",
                }
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

        impl $name {
            /// The error of a solve that stopped for this reason, equal on all ranks.
            pub(crate) fn not_converged(self, details: &str) -> $crate::error::Error {
                let hint = self.hint();
                let text = format!(
                    "the {} did not converge: {self}{details}{}{hint}",
                    $solver,
                    if hint.is_empty() { "" } else { "; " }
                );
                $crate::error::Error::collective($crate::error::ErrorCode::NOT_CONVERGED, text)
            }
        }
    };
}

pub(crate) use converged_reasons;
