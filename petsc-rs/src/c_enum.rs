//! Closed enums of C.

/// Writes a Rust enum whose variants are the constants of a C enum by name, because their numbers
/// change between releases. Getters that meet a number without a name report it.
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
            /// The value in C.
            #[must_use]
            pub fn to_raw(self) -> $crate::sys::$raw {
                match self {
                    $($(#[cfg($cfg)])? Self::$variant => $crate::sys::$constant,)*
                }
            }

            /// From the value in C, `None` for one of a newer PETSc.
            #[must_use]
            pub fn from_raw(raw: $crate::sys::$raw) -> Option<Self> {
                $($(#[cfg($cfg)])? if raw == $crate::sys::$constant {
                    return Some(Self::$variant);
                })*
                None
            }
        }

        impl TryFrom<$crate::sys::$raw> for $name {
            type Error = $crate::error::Error;

            fn try_from(raw: $crate::sys::$raw) -> $crate::error::Result<Self> {
                Self::from_raw(raw).ok_or_else(|| {
                    $crate::error::Error::new(
                        $crate::error::ErrorCode::SUP,
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

pub(crate) use c_enum;
