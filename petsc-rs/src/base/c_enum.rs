//! Closed enumerations of C.

/// Defines a Rust enumeration. Its variants refer to the constants of a C enumeration by name,
/// because the numbers of the constants change between releases. A getter returns an error for a
/// number without a name.
#[doc(hidden)]
#[macro_export]
macro_rules! c_enum {
    (
        $(#[$meta:meta])* $name:ident of $raw:ident;
        $($(#[$doc:meta])* $([$cfg:meta])? $variant:ident = $constant:ident),* $(,)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $(#[cfg($cfg)])? $variant,)*
        }

        impl $name {
            /// Converts to the value in C.
            #[must_use]
            pub fn to_raw(self) -> sys::$raw {
                match self {
                    $($(#[cfg($cfg)])? Self::$variant => sys::$constant,)*
                }
            }

            /// Converts from the value in C; `None` for a value of a newer PETSc.
            #[must_use]
            pub fn from_raw(raw: sys::$raw) -> Option<Self> {
                $($(#[cfg($cfg)])? if raw == sys::$constant {
                    return Some(Self::$variant);
                })*
                None
            }
        }

        $crate::enum_value!($name of $raw, |raw| raw.try_into());

        impl TryFrom<sys::$raw> for $name {
            type Error = $crate::Error;

            fn try_from(raw: sys::$raw) -> $crate::Result<Self> {
                Self::from_raw(raw).ok_or_else(|| {
                    $crate::Error::new(
                        $crate::ErrorCode::SUP,
                        format!(
                            concat!("PETSc returned the unknown ", stringify!($raw), " {}"),
                            raw
                        ),
                    )
                })
            }
        }
    };
}

/// Implements the conversion of settings for an enumeration of C with the method `to_raw`.
#[doc(hidden)]
#[macro_export]
macro_rules! enum_value {
    ($name:ident of $raw:ident, |$value:ident| $from:expr) => {
        impl $crate::internal::Value for $name {
            type Raw = sys::$raw;
            const ZERO: sys::$raw = 0;

            fn into_c(self) -> $crate::Result<sys::$raw> {
                Ok(self.to_raw())
            }

            fn from_c($value: sys::$raw) -> $crate::Result<Self> {
                $from
            }
        }
    };
}

pub(crate) use crate::c_enum;
