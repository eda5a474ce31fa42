//! Settings that only some methods of a class have: one name for all methods that have it.

use petsc_rs::{Int, Real, Result, ffi};

use super::settings::{check_restart, out_of_range};
use crate::sys;

/// A number of a setting, checked, in C and back.
pub(crate) trait Kind {
    type Value;
    type Raw: Default;

    /// The value for C; `what` for the message.
    fn raw(value: Self::Value, what: &str) -> Result<Self::Raw>;

    fn value(raw: Self::Raw) -> Result<Self::Value>;
}

/// Yes or no.
pub(crate) struct Flag;

/// A count from 1.
pub(crate) struct Count;

/// A count from 0.
pub(crate) struct Number;

/// A number above 0.
pub(crate) struct Positive;

/// Any number, but a number.
#[cfg(petsc_ge_3_23)]
pub(crate) struct Any;

/// The share of a subspace that a restart keeps.
pub(crate) struct Share;

impl Kind for Flag {
    type Value = bool;
    type Raw = sys::PetscBool;

    fn raw(value: bool, _what: &str) -> Result<sys::PetscBool> {
        Ok(ffi::raw_bool(value))
    }

    fn value(raw: sys::PetscBool) -> Result<bool> {
        Ok(ffi::to_bool(raw))
    }
}

impl Kind for Count {
    type Value = usize;
    type Raw = Int;

    fn raw(value: usize, what: &str) -> Result<Int> {
        if value == 0 {
            return Err(out_of_range(format!("{what} begins at 1")));
        }
        ffi::petsc_int(value)
    }

    fn value(raw: Int) -> Result<usize> {
        ffi::size(raw)
    }
}

impl Kind for Number {
    type Value = usize;
    type Raw = Int;

    fn raw(value: usize, _what: &str) -> Result<Int> {
        ffi::petsc_int(value)
    }

    fn value(raw: Int) -> Result<usize> {
        ffi::size(raw)
    }
}

impl Kind for Positive {
    type Value = Real;
    type Raw = Real;

    fn raw(value: Real, what: &str) -> Result<Real> {
        if value > 0.0 {
            return Ok(value);
        }
        Err(out_of_range(format!("{what} is positive, got {value}")))
    }

    fn value(raw: Real) -> Result<Real> {
        Ok(raw)
    }
}

#[cfg(petsc_ge_3_23)]
impl Kind for Any {
    type Value = Real;
    type Raw = Real;

    fn raw(value: Real, what: &str) -> Result<Real> {
        if value.is_nan() {
            return Err(out_of_range(format!("{what} is a number, got {value}")));
        }
        Ok(value)
    }

    fn value(raw: Real) -> Result<Real> {
        Ok(raw)
    }
}

impl Kind for Share {
    type Value = Real;
    type Raw = Real;

    fn raw(value: Real, _what: &str) -> Result<Real> {
        check_restart(value)?;
        Ok(value)
    }

    fn value(raw: Real) -> Result<Real> {
        Ok(raw)
    }
}

/// Makes enums of C settings.
macro_rules! kinds {
    ($($name:ident of $raw:ident),* $(,)?) => {$(
        impl $crate::solver::Kind for $name {
            type Value = Self;
            type Raw = $crate::sys::$raw;

            fn raw(value: Self, _what: &str) -> petsc_rs::Result<Self::Raw> {
                Ok(value.to_raw())
            }

            fn value(raw: Self::Raw) -> petsc_rs::Result<Self> {
                Self::try_from(raw)
            }
        }
    )*};
}

/// Writes a pair of methods for each setting, whose Kind says what it is:
/// `set, get: type as Kind("what") { "method" => SetInC, GetInC; … }`. A solver without a type gets the one that it would
/// have in the end, if that is meant, and one that was set up is told to do it again, which C forgets for some.
macro_rules! by_method {
    (
        $borrowed:ident, $default:expr;
        $(
            $(#[$set_meta:meta])* $set:ident, $(#[$get_meta:meta])* $get:ident: $ty:ident as $kind:ident($what:literal) {
                $($method:literal => $set_c:ident, $get_c:ident;)+
            }
        )*
    ) => {
        impl $borrowed {$(
            $(#[$set_meta])*
            ///
            /// # Errors
            /// `SUP` for other methods: set the type first. `ARG_OUTOFRANGE` for a number that makes no sense.
            pub fn $set(&mut self, value: $ty) -> petsc_rs::Result<()> {
                let meant = $default.name().to_str().is_ok_and(|name| [$($method),+].contains(&name));
                if meant && petsc_rs::Object::type_name(self)?.is_none() {
                    self.set_type($default)?;
                }
                let method = $crate::solver::one_of(self, &[$($method),+], $what)?;
                let raw = <$kind as $crate::solver::Kind>::raw(value, $what)?;
                match method {
                    $(
                        // SAFETY: a live solver of this type.
                        $method => unsafe { petsc_rs::call!($set_c(*self.busy()?, raw)) },
                    )+
                    _ => Ok(()),
                }?;
                self.give_operators()
            }

            $(#[$get_meta])*
            ///
            #[doc = concat!("See [`", stringify!($set), "`](Self::", stringify!($set), "). Not collective.")]
            ///
            /// # Errors
            /// `SUP` for other methods.
            pub fn $get(&self) -> petsc_rs::Result<$ty> {
                petsc_rs::not_collective!();
                let mut raw = <$kind as $crate::solver::Kind>::Raw::default();
                match $crate::solver::one_of(self, &[$($method),+], $what)? {
                    $(
                        // SAFETY: a live solver of this type and a valid out-pointer.
                        $method => unsafe { petsc_rs::call!($get_c(self.as_ptr(), &raw mut raw)) },
                    )+
                    _ => Ok(()),
                }?;
                <$kind as $crate::solver::Kind>::value(raw)
            }
        )*}
    };
}

pub(crate) use {by_method, kinds};
